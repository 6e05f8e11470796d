//! What comes too late: stages that follow others, the harm that they do, and findings about them, when the experiment is over.

use super::super::report::Report;
use super::after_fault_at_most;
use crate::problem::Code;
use firedrill_model::Span;
use firedrill_model::id::StageId;
use firedrill_model::scenario::{Detector, Scenario, Stage};

pub fn check(scenario: &Scenario, report: &mut Report<'_>) {
    let is_spoiled = report.is_spoiled("length") || report.is_spoiled("fault");
    if is_spoiled || ["stage", "detector"].iter().any(|section| report.is_spoiled_within(section)) {
        return;
    }
    for (at, stage) in scenario.stages.iter().enumerate() {
        follows(scenario, stage, &format!("stage/{at}"), report);
    }
    for (at, detector) in scenario.detectors.iter().enumerate() {
        finds(scenario, detector, &format!("detector/{at}"), report);
    }
    if !report.is_spoiled_within("channel") {
        tells(scenario, report);
    }
}

/// A hypothesis that wants the team told before the fastest way from the fault to it has been gone.
fn tells(scenario: &Scenario, report: &mut Report<'_>) {
    let hypothesis = &scenario.hypothesis;
    if scenario.is_wrong_on_purpose() {
        return;
    }
    let Some(detector) = scenario.detectors.iter().find(|other| other.id == hypothesis.detector) else { return };
    let seen = scenario.stages.iter().filter(|stage| stage.benign.is_none() && detector.sees.contains(&stage.id));
    let seen: Option<Vec<Span>> = seen.map(|stage| earliest(scenario, stage)).collect();
    let first = seen.and_then(|all| all.into_iter().min());
    let carrying = scenario.channels.iter().filter(|channel| channel.carries.contains(&detector.id));
    let carried = carrying.map(|channel| channel.latency.typical - channel.latency.spread).min();
    let (Some(first), Some(carried)) = (first, carried) else { return };
    let soonest = first + (detector.latency.typical - detector.latency.spread) + carried;
    // What comes when the experiment is over is told of where it stands.
    if soonest > hypothesis.within && soonest <= after_fault_at_most(scenario) {
        let message = format!("this can't hold: `{}` and its channels take {soonest} at the least", detector.id);
        let advice = "give them more time, or let them be faster";
        report.object("hypothesis/within", Code::Never, message, advice);
    }
}

/// A stage that begins in the experiment's time by its own words, but not after those that it waits for; and its harm.
fn follows(scenario: &Scenario, stage: &Stage, path: &str, report: &mut Report<'_>) {
    let (Some(earliest), over) = (earliest(scenario, stage), after_fault_at_most(scenario)) else { return };
    let key = if stage.begins.after_loss_of.is_some() { "after-loss-of" } else { "after-start-of" };
    if earliest >= over {
        // Where the one that it waits for begins too late, that one is told of.
        let other = stage
            .begins
            .after_start_of
            .as_ref()
            .or(stage.begins.after_loss_of.as_ref())
            .and_then(|id| scenario.stages.iter().find(|other| other.id == *id));
        if other.is_some_and(|other| self::earliest(scenario, other).is_some_and(|earliest| earliest < over)) {
            let message =
                format!("this begins {earliest} after the fault at the soonest, and the experiment is over by then");
            let advice = "let it, or what it waits for, begin earlier, or the experiment last longer";
            report.object(&format!("{path}/begins/{key}"), Code::Never, message, advice);
        }
        return;
    }
    for (nth, harm) in stage.harms.iter().enumerate().filter(|(_, harm)| harm.after < over) {
        if earliest + harm.after >= over {
            let when = earliest + harm.after;
            let message =
                format!("this comes {when} after the fault at the soonest, and the experiment is over by then");
            report.object(&format!("{path}/harm/{nth}/after"), Code::Never, message, "let it come earlier");
        }
    }
}

/// A detector whose first finding comes when the experiment is over.
fn finds(scenario: &Scenario, detector: &Detector, path: &str, report: &mut Report<'_>) {
    let seen = scenario.stages.iter().filter(|stage| detector.sees.contains(&stage.id));
    let seen: Option<Vec<Span>> = seen.map(|stage| earliest(scenario, stage)).collect();
    let (Some(first), over) = (seen.and_then(|all| all.into_iter().min()), after_fault_at_most(scenario)) else {
        return;
    };
    let soonest = detector.latency.typical - detector.latency.spread;
    // Each of the two that is too late by itself is told of where it stands.
    if first < over && soonest <= scenario.length && first + soonest >= over {
        let message = format!(
            "the detector `{}` finds nothing: what it sees begins {first} after the fault at the soonest, and {soonest} later the experiment is over",
            detector.id
        );
        let advice = "let it see something that begins earlier, or the experiment last longer";
        report.object(&format!("{path}/sees"), Code::Never, message, advice);
    }
}

/// When a stage can begin at the soonest, after the fault. None where stages wait for one another; what begins at a moment of the
/// drill may do so before the fault.
fn earliest(scenario: &Scenario, stage: &Stage) -> Option<Span> {
    let mut sum = Span::ZERO;
    let mut stage = stage;
    for _ in 0..=scenario.stages.len() {
        let begins = &stage.begins;
        if let Some(after) = begins.after_fault {
            return Some(sum + after);
        }
        let other: Option<&StageId> = begins.after_start_of.as_ref().or(begins.after_loss_of.as_ref());
        let Some(other) = other else { return Some(Span::ZERO) };
        sum = sum + begins.delay;
        stage = scenario.stages.iter().find(|stage| stage.id == *other)?;
    }
    None
}
