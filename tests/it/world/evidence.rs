//! Findings, who looks when, logs and their records: each rule once where it shows and once where it doesn't.

mod detectors;
mod logs;
mod one_account;
mod sight;
mod validated;

use std::sync::Arc;

use firedrill_model::event::{ActionState, EffectResult, WorldEvent};
use firedrill_model::scenario::Scenario;
use firedrill_model::{Finding, LogSource};
use serde_json::Value;

use super::Play;

const MINED: &str = "i-0a1b2c3d4e5f60001";
const OTHER: &str = "i-0a1b2c3d4e5f60002";
const LATENCY: &str = r#"{ typical = "60s", basis = "assumed", source = "test" }"#;

/// The mining scenario with more in it. The fault comes at 320 s.
fn more(extra: &str) -> Arc<Scenario> {
    let path = format!("{}/scenarios/crypto-mining/scenario.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the scenario is there");
    Arc::new(toml::from_str(&format!("{text}\n{extra}")).unwrap_or_else(|why| panic!("{why}")))
}

/// Played until so many seconds; the fault is asked for at 300 s and comes 20 s later.
fn played(extra: &str, until: u64) -> Play {
    let mut play = Play::of(more(extra), 3);
    play.until(300).fire().until(until);
    play
}

/// A detector of the format, with further keys.
fn detector(id: &str, format: &str, sees: &str, more: &str) -> String {
    let kind = if format == "guardduty-malware" { "Execution:EC2/MaliciousFile" } else { "Recon:EC2/Portscan" };
    format!(
        r#"
[[detector]]
id = "{id}"
title = "{id}"
format = "{format}"
sees = [{sees}]
finding = "{kind}"
severity = 5.0
title-of-finding = "Something at a resource"
description = "Something at {{resource}}."
latency = {LATENCY}
{more}
"#
    )
}

/// A stage on the mined instance, `after` the fault, with these records.
fn stage(id: &str, after: &str, leaves: &str) -> String {
    format!(
        r#"
[[stage]]
id = "{id}"
title = "Something goes on"
begins = {{ after-fault = "{after}" }}
on = {{ instance = "{MINED}" }}
needs = ["instance"]
leaves = [{leaves}]
"#
    )
}

fn action(id: &str, target: &str, effects: &str) -> String {
    format!(
        r#"
[[action]]
id = "{id}"
title = "{id}"
detail = "Test."
category = "investigate"
target = "{target}"
takes = {{ typical = "10s", basis = "assumed", source = "test" }}
effects = [{effects}]
"#
    )
}

impl Play {
    /// Findings of a detector when they were made or counted up, in seconds.
    fn found(&self, detector: &str) -> Vec<(u64, &Finding)> {
        let made = self.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::FindingCreated { finding } if finding.detector.as_str() == detector => {
                Some((seen.at.0 / 1_000_000, finding))
            }
            _ => None,
        });
        made.collect()
    }

    /// When a detector's findings were told to people, in seconds.
    fn told(&self, detector: &str) -> Vec<u64> {
        let told = self.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::Notified { finding, .. } if finding.detector.as_str() == detector => {
                Some(seen.at.0 / 1_000_000)
            }
            _ => None,
        });
        told.collect()
    }

    /// Records of a log as they stand in it.
    fn raw(&self, log: LogSource) -> Vec<&str> {
        let logged = self.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::Logged { record } if record.source == log => Some(record.raw().as_str()),
            _ => None,
        });
        logged.collect()
    }

    /// The same for records that are JSON and hold this word.
    pub(super) fn json(&self, log: LogSource, word: &str) -> Vec<Value> {
        let holding = self.raw(log).into_iter().filter(|raw| raw.contains(word));
        holding.map(|raw| serde_json::from_str(raw).expect("JSON")).collect()
    }

    fn last_results(&self) -> Vec<EffectResult> {
        let done = self.seen.iter().rev().find_map(|seen| match &seen.event {
            WorldEvent::Action(event) => match &event.state {
                ActionState::Done { results } => Some(results.clone()),
                ActionState::Started { .. } | ActionState::Unknown { .. } => None,
            },
            _ => None,
        });
        done.expect("a response is done")
    }
}

fn document(finding: &Finding) -> Value {
    serde_json::from_str(finding.document.as_str()).expect("JSON")
}
