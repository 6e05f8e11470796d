//! Conditions of steps and injects: can they come true?

use super::super::report::Report;
use super::names::{Kind, Names, TargetSort};
use super::range;
use super::{after_fault_at_most, aims};
use crate::problem::Code;
use firedrill_model::scenario::{Channel, Effect, HarmKind, Resource, ResourceKind, Scenario, When};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, step) in scenario.playbook.steps.iter().enumerate() {
        let path = format!("playbook/step/{at}");
        if step.goal > scenario.length && !report.is_spoiled("length") {
            let message =
                format!("{} for one step is longer than the experiment, which lasts {}", step.goal, scenario.length);
            report.object(&format!("{path}/goal"), Code::OutOfRange, message, "make it shorter");
        }
        let subject = Subject {
            never: format!("nothing can complete the step `{}`", step.id),
            other_messages: scenario.injects.len(),
        };
        when(scenario, names, &step.done_when, &subject, &format!("{path}/done-when"), report);
        for key in ["signal-out", "unavailable"] {
            let here = format!("{path}/done-when/{key}");
            if report.is_said(&here) {
                let message = format!("`{key}` belongs to messages; a step is done by people");
                report.object(&here, Code::Contradiction, message, "use `action-done` or another condition");
            }
        }
        if step.done_when.said == Some(false) {
            let message = "`said` is true or left out";
            report.object(
                &format!("{path}/done-when/said"),
                Code::Never,
                message,
                "a person can always say that a step is done",
            );
        }
    }
    for (at, inject) in scenario.injects.iter().enumerate() {
        let path = format!("inject/{at}/when");
        let subject = Subject {
            never: format!("the message `{}` never comes", inject.id),
            other_messages: scenario.injects.len().saturating_sub(1),
        };
        when(scenario, names, &inject.when, &subject, &path, report);
        if inject.when.said.is_some() {
            let message = "`said` belongs to steps; nobody says when a message comes";
            report.object(
                &format!("{path}/said"),
                Code::Never,
                message,
                "use `after-fault`, `action-done` or another condition",
            );
        }
    }
}

/// Whose condition it is.
struct Subject {
    /// What to say when the condition can't come true.
    never: String,
    /// Scripted messages that people can take on, besides this one.
    other_messages: usize,
}

fn when(scenario: &Scenario, names: &Names, when: &When, subject: &Subject, path: &str, report: &mut Report<'_>) {
    if *when == When::default() {
        let message = format!("{}: it has no condition", subject.never);
        if !report.is_spoiled_within(path) {
            report.object(
                path,
                Code::MissingKey,
                message,
                "for example { after-fault = \"5m\" } or { action-done = [\"...\"] }",
            );
        }
        return;
    }
    for (nth, aimed) in when.action_done.iter().enumerate() {
        aims::aimed(scenario, names, aimed, &format!("{path}/action-done/{nth}"), report);
    }
    counted(names, when, path, report);
    if let Some(after) = when.after_fault
        && after >= after_fault_at_most(scenario)
        && !report.is_spoiled("length")
        && !report.is_spoiled("fault")
    {
        let message = format!("{}: {after} after the fault, the experiment is over", subject.never);
        let advice = format!("the experiment lasts {}", scenario.length);
        report.object(&format!("{path}/after-fault"), Code::Never, message, advice);
    }
    workload(scenario, names, when, subject, path, report);
    if when.notified == Some(true) && when.finding_seen == Some(false) {
        let message = "whoever is notified has seen a finding";
        report.object(&format!("{path}/finding-seen"), Code::Contradiction, message, "take one of the two out");
    }
    notice(scenario, when, subject, path, report);
}

/// What is counted from, and how long after it.
fn counted(names: &Names, when: &When, path: &str, report: &mut Report<'_>) {
    match &when.after {
        Some(trigger) => {
            aims::trigger(names, trigger, &format!("{path}/after"), report);
        }
        None if !when.plus.is_zero() => {
            let advice = "add after = { done = \"...\" }, or use `after-fault` alone";
            report.object(
                &format!("{path}/plus"),
                Code::Contradiction,
                "nothing says after what `plus` counts",
                advice,
            );
        }
        None => {}
    }
}

/// Conditions that the workload fulfils.
fn workload(scenario: &Scenario, names: &Names, when: &When, subject: &Subject, path: &str, report: &mut Report<'_>) {
    let never = &subject.never;
    if let Some(id) = &when.signal_out {
        let here = format!("{path}/signal-out");
        let signal = scenario.signals.iter().find(|signal| signal.id == *id);
        if names.need(Kind::Signal, id.as_str(), &here, report)
            && let Some((why, advice)) = signal.and_then(|signal| range::never_out(scenario, signal))
            && !["signal", "service"].iter().any(|section| report.is_spoiled_within(section))
        {
            report.object(&here, Code::Never, format!("{never}: the signal `{id}` {why}"), advice);
        }
    }
    if let Some(id) = &when.unavailable {
        let here = format!("{path}/unavailable");
        if names.need(Kind::Target(TargetSort::Resource), id.as_str(), &here, report)
            && let Some(resource) = scenario.resource(id)
            && let Some((why, advice)) = never_unavailable(scenario, resource)
            && !["resource", "service", "action", "automation", "stage"]
                .iter()
                .any(|part| report.is_spoiled_within(part))
        {
            report.object(&here, Code::Never, format!("{never}: {why}"), advice);
        }
    }
}

/// Why the users of a resource can always use it, if so, and what could be done about it.
fn never_unavailable(scenario: &Scenario, resource: &Resource) -> Option<(String, String)> {
    let id = &resource.id;
    let has_role = scenario.services.iter().any(|service| service.role.as_ref() == Some(id));
    if resource.used_by.is_empty() && !has_role {
        return Some((format!("nobody uses `{id}`"), "say who uses it: used-by = [\"...\"]".to_owned()));
    }
    let of_actions = scenario.actions.iter().flat_map(|action| &action.effects);
    let mut effects = of_actions.chain(scenario.automations.iter().flat_map(|automation| &automation.effects));
    let harms = || scenario.stages.iter().flat_map(|stage| &stage.harms);
    let mut destroyed = harms().filter(|harm| harm.kind == HarmKind::Destroyed);
    let is_destroyed = destroyed.any(|harm| harm.resource.as_ref() == Some(id) || harm.exposed);
    let ways: &[&str] = match resource.kind {
        ResourceKind::AccessKey => &["deactivate-key", "delete-key"],
        ResourceKind::Bucket if resource.public => &["block-public-access"],
        ResourceKind::Bucket => &[],
        ResourceKind::Database => &["isolate-database"],
        ResourceKind::Role | ResourceKind::User => &["revoke-sessions"],
        ResourceKind::SecurityGroup | ResourceKind::NetworkAcl | ResourceKind::Snapshot => {
            let why = format!("`{id}` is always there for those who use it");
            return Some((why, "name a bucket, a database, an access key, a role or a user".to_owned()));
        }
    };
    let can_be_lost = is_destroyed || effects.any(|effect| ways.contains(&effect.word()));
    let offer = ways.first().map(|way| format!("an [[action]] with the effect `{way}`"));
    let holds_data = matches!(resource.kind, ResourceKind::Bucket | ResourceKind::Database);
    let harm = holds_data.then(|| "a [[stage.harm]] of kind `destroyed`".to_owned());
    let advice = format!("add {}", offer.into_iter().chain(harm).collect::<Vec<_>>().join(", or "));
    (!can_be_lost).then(|| (format!("nothing takes `{id}` from those who use it"), advice))
}

/// Conditions that need somebody to be told, or to look.
fn notice(scenario: &Scenario, when: &When, subject: &Subject, path: &str, report: &mut Report<'_>) {
    if ["channel", "detector", "action"].iter().any(|section| report.is_spoiled_within(section)) {
        return;
    }
    let told = can_be_told(scenario);
    let look = scenario
        .actions
        .iter()
        .flat_map(|action| &action.effects)
        .any(|effect| matches!(effect, Effect::LookAtFindings { .. }));
    let never = &subject.never;
    if when.notified == Some(true) && !told {
        let message = format!("{never}: no channel tells anybody anything");
        let advice = "add a [[channel]] that works, or an action with the effect `repair-channel`";
        report.object(&format!("{path}/notified"), Code::Never, message, advice);
    }
    if when.finding_seen == Some(true) && !told && !look {
        let message = format!("{never}: nobody is told of a finding, and nobody can look");
        let advice = "add a [[channel]], or an action with the effect `look-at-findings`";
        report.object(&format!("{path}/finding-seen"), Code::Never, message, advice);
    }
    if when.acknowledged == Some(true) && !told && !look && subject.other_messages == 0 {
        let message = format!("{never}: nobody is told of anything that could be acknowledged, and nobody can look");
        let advice = "add a [[channel]], an [[inject]], or an action with the effect `look-at-findings`";
        report.object(&format!("{path}/acknowledged"), Code::Never, message, advice);
    }
}

/// Says whether some channel works, or can be made to work.
fn can_be_told(scenario: &Scenario) -> bool {
    let repair =
        scenario.actions.iter().flat_map(|action| &action.effects).any(|effect| *effect == Effect::RepairChannel);
    let works = |channel: &Channel| (channel.broken.is_none() || repair) && !channel.carries.is_empty();
    scenario.channels.iter().any(works)
}
