//! The logs of a drill as files, each in its own format, for a team's own rules and queries.
//!
//! CloudTrail as it delivers to a bucket: an object with `Records`. Flow logs with the line of names above them. What else is JSON
//! has a record in each line.

use firedrill_model::event::{Entry, Event, WorldEvent};
use firedrill_model::{LogRecord, LogSource};

/// The names of the fields of a flow log of version 2, as they stand above its records.
const FLOW_FIELDS: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

/// A log as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// What it is called.
    pub name: &'static str,
    /// Records in it.
    pub records: usize,
    /// What stands in it.
    pub text: String,
}

/// The logs in which something stands, with the records that had arrived by the end of these entries, in the order of what they tell of.
#[must_use]
pub fn files(entries: &[Entry]) -> Vec<LogFile> {
    let arrived = entries.iter().filter_map(|entry| match &entry.event {
        Event::World(WorldEvent::Logged { record }) => Some(record),
        _ => None,
    });
    let mut arrived: Vec<&LogRecord> = arrived.collect();
    arrived.sort_by_key(|record| record.happened);
    let all = [
        LogSource::Cloudtrail,
        LogSource::CloudtrailData,
        LogSource::VpcFlow,
        LogSource::ResolverQuery,
        LogSource::ConfigCompliance,
    ];
    let files = all.map(|source| {
        let raw: Vec<&str> =
            arrived.iter().filter(|record| record.source == source).map(|record| record.raw().as_str()).collect();
        file(source, &raw)
    });
    files.into_iter().filter(|file| file.records > 0).collect()
}

fn file(source: LogSource, raw: &[&str]) -> LogFile {
    let lines = |above: &[&str]| {
        let all: Vec<&str> = above.iter().chain(raw).copied().collect();
        format!("{}\n", all.join("\n"))
    };
    let (name, text) = match source {
        LogSource::Cloudtrail => ("cloudtrail.json", trail(raw)),
        LogSource::CloudtrailData => ("cloudtrail-data.json", trail(raw)),
        LogSource::VpcFlow => ("vpc-flow.log", lines(&[FLOW_FIELDS])),
        LogSource::ResolverQuery => ("resolver-query.ndjson", lines(&[])),
        LogSource::ConfigCompliance => ("config-compliance.ndjson", lines(&[])),
    };
    LogFile { name, records: raw.len(), text }
}

fn trail(raw: &[&str]) -> String {
    format!("{{\"Records\":[\n{}\n]}}\n", raw.join(",\n"))
}
