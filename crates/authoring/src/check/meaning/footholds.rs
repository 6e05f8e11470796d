//! What stages need: is there such a thing, and can it ever be there?

use super::super::report::Report;
use super::names::{Kind, Names, TargetSort};
use super::traces::{NAME_ADVICE, is_name};
use crate::problem::Code;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Effect, Fault, Foothold, Scenario, Stage};

pub fn check(scenario: &Scenario, names: &Names, stage: &Stage, path: &str, report: &mut Report<'_>) {
    for (key, needs) in [("needs", &stage.needs), ("needs-at-start", &stage.needs_at_start)] {
        for (nth, foothold) in needs.iter().enumerate() {
            let here = format!("{path}/{key}/{nth}");
            named(names, foothold, &here, report);
            fits(scenario, stage, foothold, &here, report);
            if key == "needs" && matches!(foothold, Foothold::Trust(_)) {
                let message = "`trust` is asked when a stage begins: sessions go on without it";
                report.object(&here, Code::Contradiction, message, "put it into `needs-at-start`");
            }
        }
    }
}

/// Footholds that name something.
fn named(names: &Names, foothold: &Foothold, path: &str, report: &mut Report<'_>) {
    let (sort, id, key) = match foothold {
        Foothold::Sessions(id) => (TargetSort::Principal, id, "sessions"),
        Foothold::Open(id) => (TargetSort::Opening, id, "open"),
        Foothold::Key(id) => (TargetSort::AccessKey, id, "key"),
        Foothold::Exists(id) => (TargetSort::Store, id, "exists"),
        Foothold::Trust(id) => (TargetSort::Role, id, "trust"),
        Foothold::Name(name) if !is_name(name.as_str()) => {
            let message = format!("`{name}` is no name that can be looked up");
            report.object(&format!("{path}/name"), Code::BadValue, message, NAME_ADVICE);
            return;
        }
        Foothold::Name(_)
        | Foothold::Instance
        | Foothold::Connection
        | Foothold::ThroughBalancer
        | Foothold::Implant
        | Foothold::OpenPort
        | Foothold::Exposed => return,
    };
    names.need(Kind::Target(sort), id.as_str(), &format!("{path}/{key}"), report);
}

/// Footholds that must fit the place of the stage and the fault.
fn fits(scenario: &Scenario, stage: &Stage, foothold: &Foothold, path: &str, report: &mut Report<'_>) {
    let on = &stage.on;
    let fault = &scenario.fault;
    let group = on.security_group.as_ref();
    match foothold {
        Foothold::Instance | Foothold::Connection | Foothold::ThroughBalancer | Foothold::Implant
            if group.is_some() || on.group.is_some() || on.resource.is_some() || on.exposed =>
        {
            let what = match (group, &on.group) {
                (Some(_), _) => "a security group",
                (None, Some(_)) => "a whole group",
                (None, None) => "a resource",
            };
            let message = format!("a stage on {what} has no instance");
            report.object(path, Code::Contradiction, message, "take this out, or let the stage be on an instance");
        }
        Foothold::OpenPort => match &fault.opens_port {
            None if !report.is_spoiled_within("fault") => {
                let message = "the fault opens no port, so this is never there";
                let advice = "say in [fault] which port is opened: opens-port = { group = ..., port = 22 }";
                report.object(path, Code::Never, message, advice);
            }
            // A group that there is not is told of where the fault names it.
            Some(open)
                if group.is_some_and(|group| *group != open.group) && scenario.resource(&open.group).is_some() =>
            {
                let message = format!("the fault opens a port of `{}`, not of this stage's security group", open.group);
                report.object(path, Code::Never, message, "let both name the same security group");
            }
            _ => {}
        },
        Foothold::Exposed => exposed(fault, path, report),
        Foothold::Open(id) if !can_be_open(scenario, id) && !report.is_spoiled_within("fault") => {
            let message = format!("nothing lets the world into `{id}`, so this is never there");
            report.object(path, Code::Never, message, "let the fault expose it: exposes = [\"...\"]");
        }
        _ => {}
    }
}

/// `exposed` stands for one thing: the drawn one, or the only one.
pub fn exposed(fault: &Fault, path: &str, report: &mut Report<'_>) {
    if report.is_spoiled_within("fault") {
        return;
    }
    if fault.exposes.is_empty() && fault.exposes_one_of.is_empty() {
        let message = "the fault exposes nothing";
        report.object(path, Code::Never, message, "say in [fault] what it exposes: exposes = [\"...\"]");
    } else if fault.exposes.len() > 1 && fault.exposes_one_of.is_empty() {
        let message = "the fault exposes several resources: which one is meant?";
        report.object(
            path,
            Code::Contradiction,
            message,
            "name it: { open = \"...\" }, or on = { resource = \"...\" }",
        );
    }
}

fn can_be_open(scenario: &Scenario, id: &TargetId) -> bool {
    let fault = &scenario.fault;
    let opened = fault.opens_port.as_ref().is_some_and(|open| open.group == *id);
    let exposed = fault.exposes.contains(id) || fault.exposes_one_of.contains(id);
    let public = scenario.resource(id).is_none_or(|resource| resource.public);
    let by_automations = scenario.automations.iter().flat_map(|automation| &automation.effects);
    let mut effects = scenario.actions.iter().flat_map(|action| &action.effects).chain(by_automations);
    let allowed = effects.any(|effect| matches!(effect, Effect::AllowPublicAccess | Effect::OpenPort));
    opened || exposed || public || allowed
}
