//! Automations: what starts them, and whether their effects fit what they are done to.

use super::super::report::Report;
use super::latency;
use super::names::{Kind, Names};
use super::response;
use crate::problem::Code;
use firedrill_model::Span;
use firedrill_model::scenario::{Automation, Effect, Scenario, Stage, TargetKind};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, automation) in scenario.automations.iter().enumerate() {
        let path = format!("automation/{at}");
        for (nth, detector) in automation.on.iter().enumerate() {
            names.need(Kind::Detector, detector.as_str(), &format!("{path}/on/{nth}"), report);
        }
        latency(&automation.takes, &format!("{path}/takes"), "this is never done", scenario, report);
        starts(scenario, automation, &path, report);
        let sure = !["detector", "stage", "resource", "fault"].iter().any(|section| report.is_spoiled_within(section));
        let places = places(scenario, automation);
        for (nth, effect) in automation.effects.iter().enumerate() {
            let here = format!("{path}/effects/{nth}");
            response::effect_names(names, effect, &here, report);
            response::scan(scenario, effect, &here, report);
            if sure && !places.is_empty() && !fits(effect, &places) {
                let (message, advice) = match &automation.at {
                    Some(at) => {
                        (format!("`{}` can't be done to `{at}`", effect.word()), "choose another one, or another `at`")
                    }
                    None => (
                        format!("`{}` can be done to nothing that these findings are about", effect.word()),
                        "choose an effect that fits, or other detectors",
                    ),
                };
                report.object(&here, Code::Never, message, advice);
            }
        }
    }
}

/// Findings start an automation, or it runs at even intervals; what belongs to the one way means nothing with the other.
fn starts(scenario: &Scenario, automation: &Automation, path: &str, report: &mut Report<'_>) {
    let Some(every) = automation.every else {
        if automation.on.is_empty() && !report.is_spoiled_within(&format!("{path}/on")) {
            let message = "nothing starts this automation";
            report.object(path, Code::MissingKey, message, "say on = [\"...\"], or every = \"10m\" and at = \"...\"");
        }
        for key in ["at", "wrong"] {
            let here = format!("{path}/{key}");
            if report.is_said(&here) {
                let message = format!("`{key}` belongs to an automation that runs `every` so often");
                report.object(&here, Code::Contradiction, message, "take it out, or say how often it runs");
            }
        }
        return;
    };
    for key in ["on", "broken"] {
        let here = format!("{path}/{key}");
        if report.is_said(&here) {
            let message =
                format!("`{key}` belongs to an automation that findings start, and this one runs every {every}");
            report.object(&here, Code::Contradiction, message, "take one of the two out");
        }
    }
    match &automation.at {
        None if !report.is_spoiled(&format!("{path}/at")) => {
            let message = "it isn't said at what this automation works";
            report.object(path, Code::MissingKey, message, "add at = \"...\"");
        }
        Some(at) if kind_of(scenario, at).is_none() && !report.is_spoiled_within("resource") => {
            let message = format!("`{at}` is no resource, group or instance");
            report.object(&format!("{path}/at"), Code::UnknownName, message, "name one of this scenario's");
        }
        _ => {}
    }
    let left = Span(scenario.length.0.saturating_sub(scenario.fault.after.0));
    if every >= left && !report.is_spoiled("length") && !report.is_spoiled("fault") {
        let message = format!("{every} after the fault, the experiment is over: this never runs");
        report.object(&format!("{path}/every"), Code::Never, message, "let it run more often");
    }
}

fn fits(effect: &Effect, places: &[TargetKind]) -> bool {
    let kinds = effect.targets();
    kinds.is_empty() || kinds.iter().any(|kind| places.contains(kind))
}

/// What kind of thing has this name.
fn kind_of(scenario: &Scenario, id: &firedrill_model::id::TargetId) -> Option<TargetKind> {
    let resource = scenario.resource(id).map(|resource| TargetKind::of_resource(resource.kind));
    let group = || scenario.services.iter().any(|service| service.group.id == *id).then_some(TargetKind::Group);
    let mut instances = scenario.services.iter().flat_map(|service| &service.instances);
    resource.or_else(group).or_else(|| instances.any(|one| one.id == *id).then_some(TargetKind::Instance))
}

/// The kinds of things that an automation can work at.
fn places(scenario: &Scenario, automation: &Automation) -> Vec<TargetKind> {
    if let Some(at) = &automation.at {
        return kind_of(scenario, at).into_iter().collect();
    }
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
