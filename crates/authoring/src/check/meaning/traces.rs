//! Log records that stages and the background leave, how late they arrive, and how many there are.

mod calls;
mod fields;

pub use fields::{NAME_ADVICE, is_name};

use super::super::report::Report;
use super::latency;
use super::names::{Kind, Names};
use super::sight::can_stop;
use crate::problem::Code;
use firedrill_model::Span;
use firedrill_model::scenario::{Effect, Emission, MOST_BACKGROUND, MOST_TELLING, Scenario, Sight};

/// Sources of log records in one scenario.
const MOST_EMISSIONS: usize = 500;

/// Where an emission stands: what its records can be about.
#[derive(Debug, Clone, Copy)]
struct Setting {
    /// At a stage, which is somewhere.
    stage: bool,
    /// On instances.
    instances: bool,
}

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, emission) in scenario.background.iter().enumerate() {
        let path = format!("background/{at}");
        if let Some(service) = &emission.service {
            names.need(Kind::Service, service.as_str(), &format!("{path}/service"), report);
        }
        if emission.every.is_none() {
            let message = "`every` is missing in `background`";
            report.object(&path, Code::MissingKey, message, "say how far apart the records are: every = \"30s\"");
        }
        fields::check(emission, Setting { stage: false, instances: emission.service.is_some() }, &path, report);
    }
    for (at, stage) in scenario.stages.iter().enumerate() {
        for (nth, emission) in stage.leaves.iter().enumerate() {
            let path = format!("stage/{at}/leaves/{nth}");
            if emission.service.is_some() {
                let message = "`service` belongs to [[background]]; a stage leaves its records where it is";
                report.object(&format!("{path}/service"), Code::Contradiction, message, "take it out");
            }
            fields::check(emission, Setting { stage: true, instances: true }, &path, report);
        }
    }
    deliveries(scenario, report);
    turned_on(scenario, report);
    how_many(scenario, report);
}

fn deliveries(scenario: &Scenario, report: &mut Report<'_>) {
    for (at, log) in scenario.logs.iter().enumerate() {
        let path = format!("log/{at}");
        if scenario.logs.iter().take(at).any(|before| before.source == log.source) {
            let message = format!("{} stands here for the second time", log.source.label());
            report.object(&format!("{path}/source"), Code::Duplicate, message, "keep one of the two");
        }
        latency(&log.delay, &format!("{path}/delay"), "no record arrives", scenario, report);
    }
}

/// What is turned on must have been off.
fn turned_on(scenario: &Scenario, report: &mut Report<'_>) {
    for (at, action) in scenario.actions.iter().enumerate() {
        for (nth, effect) in action.effects.iter().enumerate() {
            let Effect::TurnOnLog { log } = effect else { continue };
            let off = scenario.logs.iter().any(|other| other.source == *log && other.off.is_some());
            if !off && !can_stop(scenario, &Sight::Log(*log)) && !report.is_spoiled_within("log") {
                let message = format!("{} is on from the start", log.label());
                let advice = "give its [[log]] an `off = \"why\"`, let a stage stop it, or take this effect out";
                report.object(&format!("action/{at}/effects/{nth}/log"), Code::Never, message, advice);
            }
        }
    }
}

/// A drill's record is bounded, and so is what a scenario writes into it.
fn how_many(scenario: &Scenario, report: &mut Report<'_>) {
    let stages = || scenario.stages.iter().flat_map(|stage| stage.leaves.iter().map(move |leaf| (stage, leaf)));
    let count = scenario.background.len() + stages().count();
    if count > MOST_EMISSIONS {
        let message = format!("the scenario has {count} sources of log records");
        let advice = format!("{MOST_EMISSIONS} is the most that the program takes, stages and background together");
        report.object("background", Code::OutOfRange, message, advice);
    }
    let whole = scenario.length + scenario.steady_state.hold;
    let ordinary: f64 = scenario.background.iter().map(|emission| records(emission, whole)).sum();
    let lasting = |stage: &firedrill_model::scenario::Stage| stage.lasts.unwrap_or(whole).min(whole);
    let telling: f64 = stages().map(|(stage, leaf)| records(leaf, lasting(stage))).sum();
    for (path, sum, most) in [("background", ordinary, MOST_BACKGROUND), ("stage", telling, MOST_TELLING)] {
        #[expect(clippy::cast_precision_loss, reason = "some ten thousands")]
        let most_of_it = most as f64;
        if sum > most_of_it && !report.is_spoiled("length") {
            let message = format!("about {sum:.0} log records would be written in one drill by `{path}`");
            let advice = format!("{most} is the most; let them be fewer or further apart, or the drill shorter");
            report.object(path, Code::OutOfRange, message, advice);
        }
    }
}

/// Records of an emission that goes on for so long.
fn records(emission: &Emission, lasts: Span) -> f64 {
    let moments = emission.every.map_or(1.0, |every| lasts.as_secs_f64() / every.as_secs_f64().max(1.0));
    moments * f64::from(emission.count)
}
