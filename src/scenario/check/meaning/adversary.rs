//! The fault and the stages of what the adversary does: can they begin, and where?

use super::super::report::Report;
use super::names::{Kind, Names, TargetSort};
use super::{after_fault_at_most, in_a_row};
use crate::domain::id::StageId;
use crate::scenario::model::{Effect, Foothold, InstanceChange, Scenario, Stage};
use crate::scenario::problem::Code;

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    fault(scenario, names, report);
    for (at, stage) in scenario.stages.iter().enumerate() {
        let path = format!("stage/{at}");
        if let Some(technique) = &stage.technique {
            names.need(Kind::Technique, technique.as_str(), &format!("{path}/technique"), report);
        }
        begins(scenario, names, stage, &path, report);
        place(names, stage, &path, report);
        for (nth, foothold) in stage.needs.iter().enumerate() {
            needs(scenario, names, stage, foothold, &format!("{path}/needs/{nth}"), report);
        }
    }
    circles(scenario, report);
}

fn fault(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    let fault = &scenario.fault;
    if fault.after >= scenario.length && !report.is_spoiled("length") {
        let message = format!("after {} the experiment, which lasts {}, is over", fault.after, scenario.length);
        report.object("fault/after", Code::Never, message, "let the fault come early: \"30s\"");
    }
    if let Some(open) = &fault.opens_port {
        names.need(Kind::SECURITY_GROUP, open.group.as_str(), "fault/opens-port/group", report);
    }
    for (key, ids) in [("exposes", &fault.exposes), ("exposes-one-of", &fault.exposes_one_of)] {
        for (nth, id) in ids.iter().enumerate() {
            names.need(Kind::Target(TargetSort::Opening), id.as_str(), &format!("fault/{key}/{nth}"), report);
        }
    }
}

fn begins(scenario: &Scenario, names: &Names, stage: &Stage, path: &str, report: &mut Report<'_>) {
    let begins = &stage.begins;
    let here = format!("{path}/begins");
    match (&begins.after_fault, &begins.after_loss_of) {
        (Some(after), None) => {
            if *after >= after_fault_at_most(scenario) && !report.is_spoiled("length") && !report.is_spoiled("fault") {
                let message = format!("{after} after the fault, the experiment is over");
                report.object(
                    &format!("{here}/after-fault"),
                    Code::Never,
                    message,
                    "let it begin earlier, or the experiment last longer",
                );
            }
            if report.is_said(&format!("{here}/delay")) {
                report.object(
                    &format!("{here}/delay"),
                    Code::Contradiction,
                    "`delay` belongs to `after-loss-of`",
                    "add it to `after-fault` instead",
                );
            }
        }
        (None, Some(other)) => {
            let place = format!("{here}/after-loss-of");
            if names.need(Kind::Stage, other.as_str(), &place, report)
                && let Some(other) = stage_of(scenario, other)
                && other.id != stage.id
                && !can_be_ended(scenario, other)
                && !report.is_spoiled_within("action")
                && !report.is_spoiled_within("stage")
            {
                let message = format!("no response on offer ends the stage `{}`, so this one never begins", other.id);
                report.object(
                    &place,
                    Code::Never,
                    message,
                    "offer an [[action]] that takes away what that stage needs",
                );
            }
        }
        _ => {
            let message = "exactly one of `after-fault` and `after-loss-of` says when a stage begins";
            report.object(&here, Code::BadValue, message, "for example { after-fault = \"2m\" }");
        }
    }
}

fn stage_of<'s>(scenario: &'s Scenario, id: &StageId) -> Option<&'s Stage> {
    scenario.stages.iter().find(|stage| stage.id == *id)
}

/// Says whether a response takes away something that the stage needs.
fn can_be_ended(scenario: &Scenario, stage: &Stage) -> bool {
    let effects = || scenario.actions.iter().flat_map(|action| &action.effects);
    stage.needs.iter().any(|foothold| {
        effects().any(|effect| match (foothold, effect) {
            (Foothold::Instance, Effect::Instance { change }) => *change != InstanceChange::Standby,
            (Foothold::Instance, Effect::ChangeCapacity { by }) => *by < 0,
            (Foothold::Connection, Effect::Instance { .. } | Effect::ChangeCapacity { .. })
            | (Foothold::Sessions(_), Effect::RevokeSessions)
            | (Foothold::OpenPort, Effect::ClosePort) => true,
            _ => false,
        })
    })
}

fn place(names: &Names, stage: &Stage, path: &str, report: &mut Report<'_>) {
    let here = format!("{path}/on");
    if let Some(resource) = &stage.on.resource {
        names.need(Kind::Target(TargetSort::Resource), resource.as_str(), &format!("{here}/resource"), report);
    }
    match (&stage.on.instance, &stage.on.other_instance_of, &stage.on.security_group) {
        (Some(instance), None, None) => {
            names.need(Kind::INSTANCE, instance.as_str(), &format!("{here}/instance"), report);
        }
        (None, Some(service), None) => {
            names.need(Kind::Service, service.as_str(), &format!("{here}/other-instance-of"), report);
        }
        (None, None, Some(group)) => {
            names.need(Kind::SECURITY_GROUP, group.as_str(), &format!("{here}/security-group"), report);
            if stage.takes_cpu > 0.0 {
                let message = "a security group has no CPU that a stage could take";
                report.object(
                    &format!("{path}/takes-cpu"),
                    Code::Contradiction,
                    message,
                    "take it out, or let the stage be on an instance",
                );
            }
        }
        _ => {
            let message = "exactly one of `instance`, `other-instance-of` and `security-group` says where a stage is";
            report.object(&here, Code::BadValue, message, "for example { instance = \"i-0a1b2c3d\" }");
        }
    }
}

fn needs(scenario: &Scenario, names: &Names, stage: &Stage, foothold: &Foothold, path: &str, report: &mut Report<'_>) {
    let group = stage.on.security_group.as_ref();
    match foothold {
        Foothold::Sessions(role) => {
            names.need(Kind::Target(TargetSort::Principal), role.as_str(), &format!("{path}/sessions"), report);
        }
        Foothold::Open(resource) => {
            names.need(Kind::Target(TargetSort::Opening), resource.as_str(), &format!("{path}/open"), report);
        }
        Foothold::Key(key) => {
            names.need(Kind::Target(TargetSort::AccessKey), key.as_str(), &format!("{path}/key"), report);
        }
        Foothold::Exists(resource) => {
            names.need(Kind::Target(TargetSort::Store), resource.as_str(), &format!("{path}/exists"), report);
        }
        Foothold::Trust(role) => {
            names.need(Kind::ROLE, role.as_str(), &format!("{path}/trust"), report);
        }
        Foothold::Exposed | Foothold::Name(_) | Foothold::Implant => {}
        Foothold::Instance | Foothold::Connection => {
            if group.is_some() {
                let message = "a stage on a security group has no instance";
                report.object(path, Code::Contradiction, message, "take this out, or let the stage be on an instance");
            }
        }
        Foothold::OpenPort => match &scenario.fault.opens_port {
            None if !report.is_spoiled_within("fault") => {
                let message = "the fault opens no port, so this is never there";
                report.object(
                    path,
                    Code::Never,
                    message,
                    "say in [fault] which port is opened: opens-port = { group = ..., port = 22 }",
                );
            }
            Some(open) if group.is_some_and(|group| *group != open.group) => {
                let message = format!("the fault opens a port of `{}`, not of this stage's security group", open.group);
                report.object(path, Code::Never, message, "let both name the same security group");
            }
            _ => {}
        },
    }
}

/// Stages that wait for each other's end never begin.
fn circles(scenario: &Scenario, report: &mut Report<'_>) {
    let mut told: Vec<&StageId> = Vec::new();
    for (at, stage) in scenario.stages.iter().enumerate() {
        let mut trail = vec![&stage.id];
        let mut next = waits_for(stage);
        while let Some(id) = next {
            if *id == stage.id {
                if !trail.iter().any(|id| told.contains(id)) {
                    let circle = trail.iter().map(|id| id.as_str()).chain([stage.id.as_str()]);
                    let message = format!("these stages wait for one another: {}", in_a_row(circle));
                    let here = format!("stage/{at}/begins/after-loss-of");
                    report.object(&here, Code::Never, message, "let one of them begin after the fault");
                }
                told.append(&mut trail);
                break;
            }
            if trail.contains(&id) {
                break;
            }
            trail.push(id);
            next = stage_of(scenario, id).and_then(waits_for);
        }
    }
}

/// The stage whose end this one waits for, and for nothing else.
fn waits_for(stage: &Stage) -> Option<&StageId> {
    stage.begins.after_loss_of.as_ref().filter(|_| stage.begins.after_fault.is_none())
}
