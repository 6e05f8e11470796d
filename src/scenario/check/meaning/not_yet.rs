//! Words of the vocabulary that the world has no rule for yet: refused, so that nothing is silently left out.

use super::super::report::Report;
use crate::domain::LogSource;
use crate::scenario::model::{Effect, FindingFormat, Foothold, ResourceKind, Scenario};
use crate::scenario::problem::{Code, shorten};

pub fn check(scenario: &Scenario, report: &mut Report<'_>) {
    world(scenario, report);
    evidence(scenario, report);
}

/// Rules of the world.
fn world(scenario: &Scenario, report: &mut Report<'_>) {
    for (at, resource) in scenario.resources.iter().enumerate() {
        let path = format!("resource/{at}");
        keys(&path, &["fails", "public", "zone", "owner"], report);
        if !matches!(resource.kind, ResourceKind::Role | ResourceKind::SecurityGroup) {
            refuse(&format!("{path}/kind"), report);
        }
    }
    keys("fault", &["exposes", "exposes-one-of"], report);
    for (at, stage) in scenario.stages.iter().enumerate() {
        let path = format!("stage/{at}");
        keys(&path, &["needs-at-start", "chance", "lasts", "benign", "harm"], report);
        keys(&format!("{path}/begins"), &["after-start-of", "at"], report);
        keys(&format!("{path}/on"), &["resource", "exposed"], report);
        for (nth, foothold) in stage.needs.iter().enumerate() {
            let known = [Foothold::Instance, Foothold::Connection, Foothold::OpenPort].contains(foothold);
            if !known && !matches!(foothold, Foothold::Sessions(_)) {
                refuse(&format!("{path}/needs/{nth}"), report);
            }
        }
    }
    keys("", &["automation"], report);
    for (at, action) in scenario.actions.iter().enumerate() {
        keys(&format!("action/{at}"), &["needs-open"], report);
        for (nth, effect) in action.effects.iter().enumerate() {
            if !is_known(effect) {
                refuse(&format!("action/{at}/effects/{nth}"), report);
            }
        }
    }
    for at in 0..scenario.orders.len() {
        keys(&format!("order/{at}"), &["unless-destroying", "only-destroying"], report);
    }
    for at in 0..scenario.injects.len() {
        keys(&format!("inject/{at}"), &["misleads"], report);
        keys(&format!("inject/{at}/when"), &["signal-out", "unavailable"], report);
    }
    for at in 0..scenario.playbook.steps.len() {
        keys(&format!("playbook/step/{at}/done-when"), &["signal-out", "unavailable"], report);
    }
}

fn is_known(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::LookAtFindings { .. }
            | Effect::LookAtLog { .. }
            | Effect::SnapshotVolume
            | Effect::CaptureMemory
            | Effect::Instance { .. }
            | Effect::ChangeCapacity { .. }
            | Effect::RevokeSessions
            | Effect::ClosePort
            | Effect::TestChannel
            | Effect::RepairChannel
            | Effect::Tell { .. }
            | Effect::ConfirmSteadyState
    )
}

/// Records, detectors and channels.
fn evidence(scenario: &Scenario, report: &mut Report<'_>) {
    let background = (0..scenario.background.len()).map(|at| format!("background/{at}"));
    let stages = scenario.stages.iter().enumerate();
    let leaves =
        stages.flat_map(|(at, stage)| (0..stage.leaves.len()).map(move |nth| format!("stage/{at}/leaves/{nth}")));
    for path in background.chain(leaves) {
        keys(&path, &["count", "query-type", "rcode", "label-length", "bytes", "packets", "request", "answer"], report);
        keys(&path, &["error", "agent", "identity", "key", "from-account"], report);
    }
    let emissions = scenario.background.iter().chain(scenario.stages.iter().flat_map(|stage| &stage.leaves));
    if emissions.map(|emission| emission.source).any(|source| source == LogSource::CloudtrailData) {
        let message = "records of `cloudtrail-data` are not supported yet";
        report.object("", Code::Contradiction, message, "take them out for now");
    }
    for (at, log) in scenario.logs.iter().enumerate() {
        keys(&format!("log/{at}"), &["off"], report);
        if log.source == LogSource::CloudtrailData {
            refuse(&format!("log/{at}/source"), report);
        }
    }
    for (at, detector) in scenario.detectors.iter().enumerate() {
        let path = format!("detector/{at}");
        keys(&path, &["role", "watches", "after-finding-of", "on-demand", "needs-log", "repeats", "threats"], report);
        if !matches!(detector.format, FindingFormat::GuarddutyDns | FindingFormat::Config) {
            refuse(&format!("{path}/format"), report);
        }
    }
    for at in 0..scenario.channels.len() {
        keys(&format!("channel/{at}"), &["at-least"], report);
    }
}

fn keys(path: &str, keys: &[&str], report: &mut Report<'_>) {
    for key in keys {
        let here = if path.is_empty() { (*key).to_owned() } else { format!("{path}/{key}") };
        if report.is_said(&here) {
            refuse(&here, report);
        }
    }
}

fn refuse(path: &str, report: &mut Report<'_>) {
    let written = report.slice(report.span(path)).lines().next().unwrap_or_default();
    let message = format!("not supported yet: {}", shorten(written, 60));
    report.object(path, Code::Contradiction, message, "take it out for now: the world has no rule for it yet");
}
