//! What responses are to be aimed at, and what is counted from: every name must belong to something that fits.

use super::super::report::Report;
use super::names::{Kind, Names};
use crate::problem::Code;
use firedrill_model::scenario::{Aim, Aimed, Scenario, TargetKind, Trigger};

/// Says whether the response and what it is aimed at are there.
pub fn aimed(scenario: &Scenario, names: &Names, aimed: &Aimed, path: &str, report: &mut Report<'_>) -> bool {
    let at = |key: &str| format!("{path}/{key}");
    let act = at("act");
    let here = if report.is_said(&act) { &act } else { path };
    if !names.need(Kind::Action, aimed.act.as_str(), here, report) {
        return false;
    }
    let Some(action) = scenario.actions.iter().find(|action| action.id == aimed.act) else { return false };
    if aimed.at == Aim::Anything {
        return true;
    }
    let Some(kind) = Kind::of_target(action.target).filter(|_| action.target != TargetKind::None) else {
        let message = format!("`{}` is aimed at nothing, and here it is to be aimed at something", action.id);
        report.object(path, Code::Contradiction, message, "leave the target out, or give the action a `target`");
        return false;
    };
    match &aimed.at {
        Aim::Anything | Aim::FromFinding => true,
        Aim::WhereStage(stage) => names.need(Kind::Stage, stage.as_str(), &at("where-stage"), report),
        Aim::AnyOf(ids) | Aim::AllOf(ids) => {
            let mut all = true;
            for (nth, id) in ids.iter().enumerate() {
                let key = if matches!(aimed.at, Aim::AllOf(_)) { "all-of" } else { "any-of" };
                let here = if report.is_said(&at("target")) { at("target") } else { at(&format!("{key}/{nth}")) };
                all &= names.need(kind, id.as_str(), &here, report);
            }
            all
        }
    }
}

/// Says whether what is counted from is there.
pub fn trigger(names: &Names, trigger: &Trigger, path: &str, report: &mut Report<'_>) -> bool {
    let (kind, id, key) = match trigger {
        Trigger::Acknowledged => return true,
        Trigger::StageBegun(id) => (Kind::Stage, id.as_str(), "stage-begun"),
        Trigger::FindingOf(id) => (Kind::Detector, id.as_str(), "finding-of"),
        Trigger::FindingOfStage(id) => (Kind::Stage, id.as_str(), "finding-of-stage"),
        Trigger::PagedBy(id) => (Kind::CHANNEL, id.as_str(), "paged-by"),
        Trigger::Given(id) => (Kind::Action, id.as_str(), "given"),
        Trigger::Done(id) => (Kind::Action, id.as_str(), "done"),
        Trigger::Refused(id) => (Kind::Action, id.as_str(), "refused"),
        Trigger::Message(id) => (Kind::Inject, id.as_str(), "message"),
        Trigger::SignalOut(id) => (Kind::Signal, id.as_str(), "signal-out"),
        Trigger::SignalBack(id) => (Kind::Signal, id.as_str(), "signal-back"),
    };
    names.need(kind, id, &format!("{path}/{key}"), report)
}
