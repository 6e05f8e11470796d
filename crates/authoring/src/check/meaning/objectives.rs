//! Objectives: their steps and the parts of the hypothesis that they name exist, and something tells of each.

use super::super::report::Report;
use super::names::{Kind, Names};
use crate::problem::Code;
use firedrill_model::scenario::{Hypothesis, HypothesisPart, Objective, Scenario};

pub(super) fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, objective) in scenario.objectives.iter().enumerate() {
        let path = format!("objective/{at}");
        for (nth, step) in objective.steps.iter().enumerate() {
            names.need(Kind::Step, step.as_str(), &format!("{path}/steps/{nth}"), report);
        }
        for (nth, part) in objective.parts.iter().enumerate() {
            has_part(&scenario.hypothesis, *part, &format!("{path}/parts/{nth}"), report);
        }
        told_of(objective, &path, report);
    }
}

/// What the hypothesis doesn't say is judged in no drill, and tells of no objective.
fn has_part(hypothesis: &Hypothesis, part: HypothesisPart, path: &str, report: &mut Report<'_>) {
    let (is_there, key) = match part {
        HypothesisPart::Detected | HypothesisPart::Notified | HypothesisPart::Signal => return,
        HypothesisPart::Contained => (hypothesis.contained_within.is_some(), "contained-within = \"20m\""),
        HypothesisPart::NoDataTaken => (hypothesis.no_data_taken, "no-data-taken = true"),
        HypothesisPart::EvidenceKept => (hypothesis.evidence_kept, "evidence-kept = true"),
    };
    if !is_there && !report.is_spoiled_within("hypothesis") {
        let message = format!("the hypothesis has no part `{}`", part.name());
        let advice = format!("add {key} to [hypothesis], or leave the part out here");
        report.object(path, Code::UnknownName, message, advice);
    }
}

fn told_of(objective: &Objective, path: &str, report: &mut Report<'_>) {
    if objective.parts.is_empty() && objective.steps.is_empty() && !report.is_spoiled_within(path) {
        let message = "nothing in the record tells of this objective";
        let advice = "add parts = [\"notified\"], or the steps of the playbook that belong to it";
        report.object(path, Code::MissingKey, message, advice);
    }
}
