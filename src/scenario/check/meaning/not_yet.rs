//! Words of the vocabulary that the world has no rule for yet: refused, so that nothing is silently left out.

use super::super::report::Report;
use crate::scenario::model::{Effect, Foothold, ResourceKind, Scenario};
use crate::scenario::problem::{Code, shorten};

pub fn check(scenario: &Scenario, report: &mut Report<'_>) {
    world(scenario, report);
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
            | Effect::Scan { .. }
            | Effect::TurnOnLog { .. }
            | Effect::TestChannel
            | Effect::RepairChannel
            | Effect::Tell { .. }
            | Effect::ConfirmSteadyState
    )
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
