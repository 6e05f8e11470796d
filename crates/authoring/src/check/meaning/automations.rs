//! Automations: what starts them, and whether their effects fit what the findings are about.

use super::super::report::Report;
use super::latency;
use super::names::{Kind, Names};
use super::response;
use crate::problem::Code;
use firedrill_model::scenario::{Automation, Effect, Scenario, Stage, TargetKind};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, automation) in scenario.automations.iter().enumerate() {
        let path = format!("automation/{at}");
        for (nth, detector) in automation.on.iter().enumerate() {
            names.need(Kind::Detector, detector.as_str(), &format!("{path}/on/{nth}"), report);
        }
        latency(&automation.takes, &format!("{path}/takes"), "this is never done", scenario, report);
        let sure = !["detector", "stage", "resource", "fault"].iter().any(|section| report.is_spoiled_within(section));
        let places = places(scenario, automation);
        for (nth, effect) in automation.effects.iter().enumerate() {
            let here = format!("{path}/effects/{nth}");
            response::effect_names(names, effect, &here, report);
            response::scan(scenario, effect, &here, report);
            if sure && !places.is_empty() && !fits(effect, &places) {
                let message = format!("`{}` can be done to nothing that these findings are about", effect.word());
                report.object(&here, Code::Never, message, "choose an effect that fits, or other detectors");
            }
        }
    }
}

fn fits(effect: &Effect, places: &[TargetKind]) -> bool {
    let kinds = effect.targets();
    kinds.is_empty() || kinds.iter().any(|kind| places.contains(kind))
}

/// The kinds of things that the findings can be about.
fn places(scenario: &Scenario, automation: &Automation) -> Vec<TargetKind> {
    let detectors = scenario.detectors.iter().filter(|detector| automation.on.contains(&detector.id));
    let seen: Vec<_> = detectors.flat_map(|detector| &detector.sees).collect();
    let stages = scenario.stages.iter().filter(|stage| seen.contains(&&stage.id));
    stages.flat_map(|stage| place(scenario, stage)).collect()
}

fn place(scenario: &Scenario, stage: &Stage) -> Vec<TargetKind> {
    let on = &stage.on;
    if on.instance.is_some() || on.other_instance_of.is_some() {
        return vec![TargetKind::Instance];
    }
    if on.group.is_some() {
        return vec![TargetKind::Group];
    }
    let fault = &scenario.fault;
    let exposed = fault.exposes.iter().chain(&fault.exposes_one_of).filter(|_| on.exposed);
    let named = on.security_group.iter().chain(&on.resource).chain(exposed);
    named.filter_map(|id| scenario.resource(id)).map(|resource| TargetKind::of_resource(resource.kind)).collect()
}
