//! Objectives: their steps exist, and something tells of each.

use super::super::report::Report;
use super::names::{Kind, Names};
use crate::problem::Code;
use firedrill_model::scenario::{Objective, Scenario};

pub(super) fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, objective) in scenario.objectives.iter().enumerate() {
        let path = format!("objective/{at}");
        for (nth, step) in objective.steps.iter().enumerate() {
            names.need(Kind::Step, step.as_str(), &format!("{path}/steps/{nth}"), report);
        }
        told_of(objective, &path, report);
    }
}

fn told_of(objective: &Objective, path: &str, report: &mut Report<'_>) {
    if objective.parts.is_empty() && objective.steps.is_empty() && !report.is_spoiled_within(path) {
        let message = "nothing in the record tells of this objective";
        let advice = "add parts = [\"notified\"], or the steps of the playbook that belong to it";
        report.object(path, Code::MissingKey, message, advice);
    }
}
