//! The fault and the stages of what the adversary does: where they are, and what harm they do.

use super::super::report::Report;
use super::after_fault_at_most;
use super::names::{Kind, Names, TargetSort};
use super::{beginnings, breaks, footholds};
use crate::problem::Code;
use firedrill_model::id::{ServiceId, TargetId};
use firedrill_model::scenario::{Effect, Foothold, Harm, HarmKind, ResourceKind, Scenario, Stage};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    fault(scenario, names, report);
    for (at, stage) in scenario.stages.iter().enumerate() {
        let path = format!("stage/{at}");
        if let Some(technique) = &stage.technique {
            names.need(Kind::Technique, technique.as_str(), &format!("{path}/technique"), report);
        }
        beginnings::check(scenario, names, stage, &path, report);
        place(scenario, names, stage, &path, report);
        footholds::check(scenario, names, stage, &path, report);
        happens(stage, &path, report);
        breaks::check(scenario, stage, &path, report);
        launches(scenario, stage, &path, report);
        for (nth, harm) in stage.harms.iter().enumerate() {
            harms(scenario, names, (stage, harm), &format!("{path}/harm/{nth}"), report);
        }
    }
    beginnings::circles(scenario, report);
}

fn fault(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    let fault = &scenario.fault;
    if fault.after >= scenario.length && !report.is_spoiled("length") {
        let message = format!("after {} the experiment, which lasts {}, is over", fault.after, scenario.length);
        report.object("fault/after", Code::Never, message, "let the fault come early: \"30s\"");
        // Everything that is counted from it would be too late, too.
        report.spoil("fault");
    }
    if let Some(open) = &fault.opens_port {
        names.need(Kind::SECURITY_GROUP, open.group.as_str(), "fault/opens-port/group", report);
    }
    for (key, ids) in [("exposes", &fault.exposes), ("exposes-one-of", &fault.exposes_one_of)] {
        for (nth, id) in ids.iter().enumerate() {
            let here = format!("fault/{key}/{nth}");
            names.need(Kind::Target(TargetSort::Opening), id.as_str(), &here, report);
            if ids.iter().take(nth).any(|before| before == id) {
                let message = format!("`{id}` stands here for the second time");
                report.object(&here, Code::Duplicate, message, "name each once");
            }
        }
    }
}

fn happens(stage: &Stage, path: &str, report: &mut Report<'_>) {
    if stage.chance <= 0.0 {
        let message = "with a chance of 0 this stage never happens";
        report.object(&format!("{path}/chance"), Code::Never, message, "a chance above 0, or take the stage out");
    }
}

fn place(scenario: &Scenario, names: &Names, stage: &Stage, path: &str, report: &mut Report<'_>) {
    let here = format!("{path}/on");
    let on = &stage.on;
    let ways = [
        on.instance.is_some(),
        on.other_instance_of.is_some(),
        on.group.is_some(),
        on.security_group.is_some(),
        on.resource.is_some(),
        on.exposed,
    ];
    if ways.into_iter().filter(|way| *way).count() != 1 {
        if !report.is_spoiled_within(&here) {
            let message = "exactly one of `instance`, `other-instance-of`, `group`, `security-group`, `resource` and `exposed` says where a stage is";
            report.object(&here, Code::BadValue, message, "for example { instance = \"i-0a1b2c3d\" }");
        }
        return;
    }
    let ids = [
        ("instance", Kind::INSTANCE, on.instance.as_ref().map(TargetId::as_str)),
        ("other-instance-of", Kind::Service, on.other_instance_of.as_ref().map(ServiceId::as_str)),
        ("group", Kind::Target(TargetSort::Group), on.group.as_ref().map(TargetId::as_str)),
        ("security-group", Kind::SECURITY_GROUP, on.security_group.as_ref().map(TargetId::as_str)),
        ("resource", Kind::Target(TargetSort::Resource), on.resource.as_ref().map(TargetId::as_str)),
    ];
    for (key, kind, id) in ids {
        if let Some(id) = id {
            names.need(kind, id, &format!("{here}/{key}"), report);
        }
    }
    if on.exposed {
        footholds::exposed(&scenario.fault, &format!("{here}/exposed"), report);
    }
    if stage.takes_cpu > 0.0 && on.instance.is_none() && on.other_instance_of.is_none() && on.group.is_none() {
        let what = if on.security_group.is_some() { "a security group" } else { "a resource" };
        let message = format!("{what} has no CPU that a stage could take");
        let advice = "take it out, or let the stage be on an instance";
        report.object(&format!("{path}/takes-cpu"), Code::Contradiction, message, advice);
    }
}

/// A harm is done to one thing that holds data, while its stage goes on, by an adversary.
fn harms(scenario: &Scenario, names: &Names, (stage, harm): (&Stage, &Harm), path: &str, report: &mut Report<'_>) {
    if harm.kind == HarmKind::EvidenceDeleted {
        return snapshots(scenario, (stage, harm), path, report);
    }
    match (&harm.resource, harm.exposed) {
        (Some(resource), false) => {
            names.need(Kind::Target(TargetSort::Store), resource.as_str(), &format!("{path}/resource"), report);
        }
        (None, true) => {
            footholds::exposed(&scenario.fault, &format!("{path}/exposed"), report);
            let fault = &scenario.fault;
            let is_group =
                |resource: &firedrill_model::scenario::Resource| resource.kind == ResourceKind::SecurityGroup;
            let mut all = fault.exposes_one_of.iter().chain(&fault.exposes);
            if let Some(group) = all.find(|id| scenario.resource(id).is_some_and(is_group)) {
                let message = format!("the fault may expose `{group}`, and a security group holds no data");
                let advice = "name a bucket, database or snapshot: resource = \"...\"";
                report.object(&format!("{path}/exposed"), Code::Contradiction, message, advice);
            }
        }
        _ if !report.is_spoiled_within(path) => {
            let message = "exactly one of `resource` and `exposed` says what is harmed";
            report.object(path, Code::BadValue, message, "for example resource = \"...\"");
        }
        _ => {}
    }
    while_it_goes_on(scenario, (stage, harm), path, report);
}

/// Snapshots are deleted that a response takes, whichever they are.
fn snapshots(scenario: &Scenario, (stage, harm): (&Stage, &Harm), path: &str, report: &mut Report<'_>) {
    if harm.resource.is_some() || harm.exposed {
        let message = "`evidence-deleted` is done to every snapshot that was taken of an instance";
        report.object(path, Code::Contradiction, message, "take `resource` or `exposed` out");
    }
    let mut effects = scenario.actions.iter().flat_map(|action| &action.effects);
    if !effects.any(|effect| *effect == Effect::SnapshotVolume) && !report.is_spoiled_within("action") {
        let message = "no response takes a snapshot that could be deleted";
        report.object(path, Code::Never, message, "offer an [[action]] with `snapshot-volume`, or take this out");
    }
    while_it_goes_on(scenario, (stage, harm), path, report);
}

/// A stage that launches instances does so with somebody's sessions, and eats a quota that is said.
fn launches(scenario: &Scenario, stage: &Stage, path: &str, report: &mut Report<'_>) {
    let here = format!("{path}/takes-vcpus");
    if stage.takes_vcpus == 0 {
        return;
    }
    if scenario.account.standard_vcpus.is_none() && !report.is_spoiled_within("account") {
        let message = "the account has no quota that this could use up";
        report.object(&here, Code::Never, message, "say it in [account]: standard-vcpus = 64");
    }
    let mut needs = stage.needs.iter().chain(&stage.needs_at_start);
    if !needs.any(|need| matches!(need, Foothold::Sessions(_))) && !report.is_spoiled_within(path) {
        let message = "nobody launches instances without a role or user";
        report.object(&here, Code::Contradiction, message, "add { sessions = \"...\" } to `needs` or `needs-at-start`");
    }
}

/// A harm is done as long as its stage goes on, by an adversary.
fn while_it_goes_on(scenario: &Scenario, (stage, harm): (&Stage, &Harm), path: &str, report: &mut Report<'_>) {
    if stage.benign.is_some() {
        let message = "a stage that is benign does no harm";
        report.object(path, Code::Contradiction, message, "take the harm or `benign` out");
    }
    let over = stage.lasts.filter(|lasts| harm.after >= *lasts);
    if let Some(lasts) = over {
        let message = format!("{} after it began, this stage, which lasts {lasts}, is over", harm.after);
        report.object(&format!("{path}/after"), Code::Never, message, "let it come earlier, or the stage last longer");
    } else if harm.after >= after_fault_at_most(scenario) && !report.is_spoiled("length") && !report.is_spoiled("fault")
    {
        let message = format!("{} after the stage began, the experiment is over", harm.after);
        report.object(&format!("{path}/after"), Code::Never, message, "let it come earlier");
    }
}
