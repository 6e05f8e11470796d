//! What is left in logs, in the format of each source, and findings as detectors write them.
//!
//! Formats: AWS CloudTrail record, VPC Flow Log version 2, Route 53 Resolver query log, AWS Config compliance change; and as
//! `EventBridge` carries them: GuardDuty finding, AWS Health event, `CloudWatch` alarm. Fields as in the providers' documentation.

#![expect(clippy::struct_field_names, reason = "the fields are named by the provider")]

mod alarm;
mod cloudtrail;
mod config;
mod flow;
mod guardduty;
mod health;
mod office;
mod resolver;
mod responder;
mod unwritten;

use serde::Serialize;

use super::machine::Machine;
use firedrill_model::scenario::{Emission, Scenario};
use firedrill_model::{DrillTime, LogSource, SafeText, WrittenLog};

pub(super) use alarm::{Crossing, finding as alarm_finding};
pub(super) use cloudtrail::{Call, Caller, Made, complete, launched_id, launches, text as cloudtrail_text};
pub(super) use config::{Compliance, finding as config_finding, record as config_record};
pub(super) use flow::Flow;
pub(super) use guardduty::{Bucket, Holder, Saw, Scan, Sight, finding as guardduty_finding};
pub(super) use health::finding as health_finding;
pub(super) use office::Office;
pub(super) use resolver::telling_name;
pub(super) use responder::{
    ApiCall, Known, calls as responder_calls, deleted_snapshot, issue, launch as group_launch, refused_launch,
    termination as group_termination,
};
pub(super) use unwritten::Unwritten;

/// How `EventBridge` carries what a service says.
#[derive(Serialize)]
struct Envelope<'a, T> {
    version: &'a str,
    id: String,
    #[serde(rename = "detail-type")]
    detail_type: &'a str,
    source: &'a str,
    account: &'a str,
    time: String,
    region: &'a str,
    resources: Vec<String>,
    detail: T,
}

/// What a record is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    /// When it happens.
    pub at: DrillTime,
    /// Name of the source of records, and number of the record in it: the key of its chance.
    pub key: (&'a str, u64),
    /// The instance concerned.
    pub machine: Option<&'a Machine>,
    /// The resource concerned.
    pub resource: Option<&'a str>,
    /// The security group and port that lets the world in, if the fault opened one.
    pub opening: Option<(&'a str, u16)>,
    /// Names that the resolver refuses.
    pub blocked: &'a [SafeText],
    /// To where whatever asks for a name connects then: what the name is answered with.
    pub connects: &'a [SafeText],
    /// The caller's credentials are denied.
    pub denied: bool,
}

impl<'a> About<'a> {
    /// A moment, and nothing in particular.
    pub(super) fn plain(at: DrillTime, key: (&'a str, u64)) -> Self {
        Self { at, key, machine: None, resource: None, opening: None, blocked: &[], connects: &[], denied: false }
    }
}

/// Says whether an emission leaves a record: some need an instance, and there may be none.
pub(super) fn leaves_record(emission: &Emission, machine: Option<&Machine>) -> bool {
    match emission.source {
        LogSource::Cloudtrail | LogSource::CloudtrailData => true,
        LogSource::VpcFlow => machine.is_some(),
        LogSource::ResolverQuery => machine.is_some() && !emission.domains.is_empty(),
        LogSource::ConfigCompliance => false,
    }
}

/// The security group and port that lets the world in, if the fault opened one.
pub(super) fn opening(scenario: &Scenario) -> Option<(&str, u16)> {
    scenario.fault.opens_port.as_ref().map(|open| (open.group.as_str(), open.port))
}

/// A line for a list, and the record.
fn lines(summary: &str, raw: &str) -> WrittenLog {
    WrittenLog { summary: SafeText::one_line(summary), raw: SafeText::one_line(raw) }
}

/// A document as one line of JSON.
fn to_json<T: Serialize>(document: &T) -> String {
    // These documents hold text and numbers only, which always have a JSON form.
    serde_json::to_string(document).unwrap_or_default()
}
