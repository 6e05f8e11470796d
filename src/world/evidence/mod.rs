//! What is left in logs, in the format of each source, and findings as detectors write them.
//!
//! Formats: AWS CloudTrail record, VPC Flow Log version 2, Route 53 Resolver query log, AWS Config compliance change, GuardDuty
//! finding as `EventBridge` carries it; fields as in the providers' documentation.

#![expect(clippy::struct_field_names, reason = "the fields are named by the provider")]

mod cloudtrail;
mod config;
mod flow;
mod guardduty;
mod resolver;

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde::Serialize;

use super::chance::{Chance, Purpose};
use super::fleet::Machine;
use crate::domain::{DrillTime, LogRecord, LogSource, SafeText};
use crate::scenario::model::{Account, Emission};

pub(super) use config::{Compliance, finding as config_finding, record as config_record};
pub(super) use guardduty::{Sight, finding as guardduty_finding};

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

/// Where and when documents are written.
#[derive(Debug, Clone)]
pub(super) struct Office {
    pub account: Account,
    pub epoch: DateTime<Utc>,
    pub chance: Chance,
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
    /// The security group and port that lets the world in, if the fault opened one.
    pub opening: Option<(&'a str, u16)>,
}

impl Office {
    /// The record of an emission, or none where it needs an instance and there is none.
    pub(super) fn record(&self, emission: &Emission, about: &About<'_>) -> Option<LogRecord> {
        let (summary, raw) = match emission.source {
            LogSource::Cloudtrail => cloudtrail::write(self, emission, about),
            LogSource::VpcFlow => flow::write(self, emission, about)?,
            LogSource::ResolverQuery => resolver::write(self, emission, about)?,
            LogSource::ConfigCompliance | LogSource::CloudtrailData => return None,
        };
        Some(LogRecord {
            source: emission.source,
            happened: about.at,
            summary: SafeText::one_line(&summary),
            raw: SafeText::one_line(&raw),
        })
    }

    /// A moment in UTC.
    fn utc(&self, at: DrillTime) -> DateTime<Utc> {
        let micros = i64::try_from(at.0).unwrap_or(i64::MAX);
        self.epoch.checked_add_signed(Duration::microseconds(micros)).unwrap_or(self.epoch)
    }

    /// `2026-11-24T10:00:00Z`
    fn stamp(&self, at: DrillTime) -> String {
        self.utc(at).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// `2026-11-24T10:00:00.123Z`
    fn fine_stamp(&self, at: DrillTime) -> String {
        self.utc(at).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// So many hexadecimal digits that belong to a name and number.
    fn hex(&self, name: &str, count: u64, digits: usize) -> String {
        let halves = [0, 1].map(|half| {
            let bits = self.chance.bits(Purpose::DocumentId, name, count.wrapping_mul(2).wrapping_add(half));
            format!("{bits:016x}")
        });
        halves.concat().chars().take(digits).collect()
    }

    /// An identifier of the form of a UUID.
    fn uuid(&self, name: &str, count: u64) -> String {
        let hex = self.hex(name, count, 32);
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    /// The network interface of an instance.
    fn interface(&self, machine: &Machine) -> String {
        format!("eni-0{}", self.hex(machine.id.as_str(), 1, 16))
    }

    /// The network of the workload.
    fn vpc(&self) -> String {
        format!("vpc-0{}", self.hex("vpc", 0, 16))
    }

    /// One of the names or addresses of an emission.
    fn draw<'a>(&self, choices: &'a [SafeText], about: &About<'_>, part: u64) -> Option<&'a str> {
        let at = self.chance.index(Purpose::Record, about.key.0, part_of(about, part), choices.len())?;
        choices.get(at).map(SafeText::as_str)
    }

    /// A number of a record between `from` and `from + count - 1`.
    fn number(&self, about: &About<'_>, part: u64, from: u32, count: u32) -> u32 {
        let count = usize::try_from(count).unwrap_or(1);
        let at = self.chance.index(Purpose::Record, about.key.0, part_of(about, part), count).unwrap_or(0);
        from.saturating_add(u32::try_from(at).unwrap_or(0))
    }

    /// The remote address of a record: one that the scenario names, or one of the ranges that are kept for documentation (RFC 5737).
    fn address(&self, emission: &Emission, about: &About<'_>) -> String {
        if let Some(named) = self.draw(&emission.addresses, about, 0) {
            return named.to_owned();
        }
        let net = ["192.0.2", "198.51.100", "203.0.113"];
        let at = self.chance.index(Purpose::Record, about.key.0, part_of(about, 1), net.len()).unwrap_or(0);
        format!("{}.{}", net.get(at).unwrap_or(&"192.0.2"), self.number(about, 2, 1, 254))
    }
}

/// Each record draws from eight numbers of its own.
fn part_of(about: &About<'_>, part: u64) -> u64 {
    about.key.1.wrapping_mul(8).wrapping_add(part)
}

/// A document as one line of JSON.
fn json<T: Serialize>(document: &T) -> String {
    // These documents hold text and numbers only, which always have a JSON form.
    serde_json::to_string(document).unwrap_or_default()
}
