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

use serde::Serialize;

use super::machine::Machine;
use firedrill_model::scenario::Emission;
use firedrill_model::{DrillTime, LogRecord, LogSource, RecordId, SafeText};

pub(super) use alarm::{Crossing, finding as alarm_finding};
pub(super) use cloudtrail::{Call, Caller, Made, complete, record as cloudtrail_record};
pub(super) use config::{Compliance, finding as config_finding, record as config_record};
pub(super) use flow::Flow;
pub(super) use guardduty::{Bucket, Holder, Saw, Scan, Sight, finding as guardduty_finding};
pub(super) use health::finding as health_finding;
pub(super) use office::Office;
pub(super) use resolver::telling_name;
pub(super) use responder::{
    ApiCall, Known, calls as responder_calls, issue, launch as group_launch, termination as group_termination,
};

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
    /// The caller's credentials are denied.
    pub denied: bool,
}

impl<'a> About<'a> {
    /// A moment, and nothing in particular.
    pub(super) fn plain(at: DrillTime, key: (&'a str, u64)) -> Self {
        Self { at, key, machine: None, resource: None, opening: None, blocked: &[], denied: false }
    }
}

impl Office {
    /// The record that an emission leaves. None where it needs an instance and there is none.
    pub(super) fn record(&self, emission: &Emission, about: &About<'_>, id: RecordId) -> Option<LogRecord> {
        let (summary, raw) = match emission.source {
            LogSource::Cloudtrail | LogSource::CloudtrailData => cloudtrail::write(self, emission, about),
            LogSource::VpcFlow => flow::write(self, emission, about)?,
            LogSource::ResolverQuery => resolver::write(self, emission, about)?,
            LogSource::ConfigCompliance => return None,
        };
        Some(LogRecord {
            id,
            source: emission.source,
            happened: about.at,
            summary: SafeText::one_line(&summary),
            raw: SafeText::one_line(&raw),
        })
    }
}

/// A document as one line of JSON.
fn to_json<T: Serialize>(document: &T) -> String {
    // These documents hold text and numbers only, which always have a JSON form.
    serde_json::to_string(document).unwrap_or_default()
}
