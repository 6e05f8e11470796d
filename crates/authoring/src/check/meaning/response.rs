//! Responses on offer: what they are aimed at, and their orders.

use super::super::report::Report;
use super::names::{Kind, Names, TargetSort};
use super::traces::is_name;
use super::{aims, latency};
use crate::problem::Code;
use firedrill_model::scenario::{
    Action, Aim, Aimed, Effect, FindingFormat, Harm, HarmKind, Order, Scenario, TargetKind,
};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, action) in scenario.actions.iter().enumerate() {
        let path = format!("action/{at}");
        aim(scenario, names, action, &path, report);
        latency(&action.takes, &format!("{path}/takes"), "this is never done", scenario, report);
        for (nth, effect) in action.effects.iter().enumerate() {
            let here = format!("{path}/effects/{nth}");
            needs_target(action, effect, &path, &here, report);
            effect_names(names, effect, &here, report);
            scan(scenario, effect, &here, report);
            has_cause(scenario, effect, &here, report);
        }
        if let Some(group) = &action.needs_open {
            names.need(Kind::SECURITY_GROUP, group.as_str(), &format!("{path}/needs-open"), report);
        }
    }
    let orders_agree = orders(scenario, names, report);
    ideal_path(scenario, names, orders_agree, report);
}

/// What an effect names besides its target.
pub fn effect_names(names: &Names, effect: &Effect, here: &str, report: &mut Report<'_>) {
    match effect {
        Effect::LookAtFindings { detector } | Effect::Scan { detector } => {
            names.need(Kind::Detector, detector.as_str(), &format!("{here}/detector"), report);
        }
        Effect::RestoreDatabase { from } => {
            names.need(Kind::Target(TargetSort::Snapshot), from.as_str(), &format!("{here}/from"), report);
        }
        Effect::BlockNames { domains } => {
            for (nth, name) in domains.iter().enumerate().filter(|(_, name)| !is_name(name.as_str())) {
                let message = format!("`{name}` is no name that can be blocked");
                let advice = "write it without `*.` and slashes; what is below it is blocked, too";
                report.object(&format!("{here}/domains/{nth}"), Code::BadValue, message, advice);
            }
        }
        Effect::ChangeCapacity { by: 0 } => {
            let advice = "for example by = 1, or by = -1";
            report.object(&format!("{here}/by"), Code::Never, "0 changes nothing", advice);
        }
        _ => {}
    }
}

/// Only a detector that scans can be asked for a scan.
pub fn scan(scenario: &Scenario, effect: &Effect, here: &str, report: &mut Report<'_>) {
    let Effect::Scan { detector: asked } = effect else { return };
    let Some(at) = scenario.detectors.iter().position(|detector| detector.id == *asked) else { return };
    let scans = scenario.detectors.get(at).is_some_and(|other| other.format == FindingFormat::GuarddutyMalware);
    if !scans && !report.is_spoiled(&format!("detector/{at}/format")) {
        let message = format!("`{asked}` doesn't scan volumes");
        let advice = "name a detector of format `guardduty-malware`; others look by themselves";
        report.object(&format!("{here}/detector"), Code::Contradiction, message, advice);
    }
}

/// What is ended must be launched by somebody, and what is copied taken.
fn has_cause(scenario: &Scenario, effect: &Effect, here: &str, report: &mut Report<'_>) {
    let mut effects = scenario.actions.iter().flat_map(|action| &action.effects);
    let (never, message, advice) = match effect {
        Effect::EndLaunched => (
            scenario.stages.iter().all(|stage| stage.takes_vcpus == 0) && !report.is_spoiled_within("stage"),
            "no stage launches instances",
            "let one do so: takes-vcpus = 32",
        ),
        Effect::CopyEvidence => (
            !effects.any(|effect| *effect == Effect::SnapshotVolume),
            "no response takes a snapshot that could be copied",
            "offer an [[action]] with `snapshot-volume`",
        ),
        _ => return,
    };
    if never {
        report.object(here, Code::Never, message, advice);
    }
}

/// There must be something that the action can be aimed at.
fn aim(scenario: &Scenario, names: &Names, action: &Action, path: &str, report: &mut Report<'_>) {
    let Some(kind) = Kind::of_target(action.target) else { return };
    if !names.has_none(kind) {
        return;
    }
    let only_this = |step: &&firedrill_model::scenario::Step| {
        step.done_when.action_done.iter().map(|aimed| &aimed.act).eq([&action.id])
    };
    let follows = match scenario.playbook.steps.iter().find(only_this) {
        Some(step) => format!(", and so nothing completes the step `{}`", step.id),
        None => String::new(),
    };
    let message = format!("`{}` can be aimed at nothing: there is no {}{follows}", action.id, kind.noun().1);
    report.object(
        &format!("{path}/target"),
        Code::Never,
        message,
        format!("{} is defined in {}", kind.with_article(), kind.section()),
    );
}

/// The effect must be one that can be done to what the action is aimed at.
fn needs_target(action: &Action, effect: &Effect, path: &str, here: &str, report: &mut Report<'_>) {
    let fitting = effect.targets();
    if fitting.is_empty() || fitting.contains(&action.target) || report.is_spoiled(&format!("{path}/target")) {
        return;
    }
    // A role or a user is both, which are named already.
    let named = fitting.iter().filter(|kind| **kind != TargetKind::Principal);
    let kinds: Vec<String> = named.filter_map(|kind| Kind::of_target(*kind)).map(Kind::with_article).collect();
    let message = format!(
        "`{}` is done to {}, and `{}` is aimed at something else",
        effect.word(),
        kinds.join(" or "),
        action.id
    );
    let words: Vec<String> = fitting.iter().map(|kind| format!("target = \"{}\"", kind.word())).collect();
    report.object(here, Code::Contradiction, message, format!("write {}", words.join(" or ")));
}

/// Says whether all orders name actions, and a path can keep them.
fn orders(scenario: &Scenario, names: &Names, report: &mut Report<'_>) -> bool {
    let mut agree = true;
    for (at, order) in scenario.orders.iter().enumerate() {
        destroying(scenario, order, &format!("order/{at}"), report);
        for (side, ids) in [("first", &order.first), ("then", &order.then)] {
            for (nth, id) in ids.iter().enumerate() {
                agree &= aims::aimed(scenario, names, id, &format!("order/{at}/{side}/{nth}"), report);
            }
        }
        for (nth, id) in order.then.iter().enumerate() {
            let here = format!("order/{at}/then/{nth}");
            if order.first.contains(id) {
                agree = false;
                let message = format!("`{id}` can't come before itself");
                report.object(&here, Code::Contradiction, message, "name it on one side only");
            } else if let Some((other, line)) = opposite(scenario, at, id, report) {
                agree = false;
                let message =
                    format!("this order wants `{other}` before `{id}`, and the one in line {line} the other way round");
                report.object(&here, Code::Contradiction, message, "no path can keep both; take one out");
            }
        }
    }
    agree
}

/// Orders that count only while something is being destroyed, or only while nothing is.
fn destroying(scenario: &Scenario, order: &Order, path: &str, report: &mut Report<'_>) {
    let (unless, only) = (order.unless_destroying, order.only_destroying);
    if unless && only {
        let message = "an order that counts neither while destruction is under way nor otherwise never counts";
        report.object(&format!("{path}/only-destroying"), Code::Contradiction, message, "keep one of the two");
        return;
    }
    let destroys = |harm: &Harm| harm.kind == HarmKind::Destroyed;
    let any = scenario.stages.iter().flat_map(|stage| &stage.harms).any(destroys);
    if (unless || only) && !any && !report.is_spoiled_within("stage") {
        let key = if unless { "unless-destroying" } else { "only-destroying" };
        let message = "no stage destroys anything";
        let advice = "add a [[stage.harm]] of kind `destroyed`, or take this out";
        report.object(&format!("{path}/{key}"), Code::Never, message, advice);
    }
}

/// Says whether two orders can count at the same time.
fn together(one: &Order, other: &Order) -> bool {
    let apart = |one: &Order, other: &Order| one.unless_destroying && other.only_destroying;
    !apart(one, other) && !apart(other, one)
}

/// An earlier order that wants `id` before something that comes first here.
fn opposite<'s>(scenario: &'s Scenario, at: usize, id: &Aimed, report: &Report<'_>) -> Option<(&'s Aimed, usize)> {
    let order = scenario.orders.get(at)?;
    let earlier = scenario.orders.iter().take(at).enumerate();
    let earlier = earlier.filter(|(_, other)| other.first.contains(id) && together(order, other));
    let mut clashes = earlier.filter_map(|(nth, other)| {
        let clash = order.first.iter().find(|first| other.then.contains(first))?;
        Some((clash, report.line(&format!("order/{nth}"))))
    });
    clashes.next()
}

/// The path that the debrief shows must be possible, and keep the scenario's own orders.
fn ideal_path(scenario: &Scenario, names: &Names, orders_agree: bool, report: &mut Report<'_>) {
    let path = &scenario.debrief.ideal_path;
    let known =
        |(at, aimed): (usize, &Aimed)| aims::aimed(scenario, names, aimed, &format!("debrief/ideal-path/{at}"), report);
    // A name that nothing has may stand for the one that seems to be missing.
    let unknown = path.iter().enumerate().map(known).filter(|known| !known).count();
    if unknown > 0 || !orders_agree {
        return;
    }
    for (at, id) in path.iter().enumerate() {
        let before = path.get(..at).unwrap_or_default();
        let missing =
            |order: &Order| order.first.iter().find(|first| !before.iter().any(|one| meets(one, first))).cloned();
        // Which of the others count depends on what is going on.
        let always = |order: &Order| !order.unless_destroying && !order.only_destroying;
        let concerns = |order: &Order| order.then.iter().any(|then| meets(id, then)) && always(order);
        let mut orders = scenario.orders.iter().enumerate().filter(|(_, order)| concerns(order));
        if let Some((nth, first)) = orders.find_map(|(nth, order)| Some((nth, missing(order)?))) {
            let line = report.line(&format!("order/{nth}"));
            let message = format!("the ideal path goes against an order: `{first}` must come before `{id}`");
            let here = format!("debrief/ideal-path/{at}");
            report.object(&here, Code::Contradiction, message, format!("the order is in line {line}"));
        }
    }
}

/// Says whether a response of the path is the one that an order names: where both say at what, at the same.
fn meets(one: &Aimed, other: &Aimed) -> bool {
    let either_way = one.at == Aim::Anything || other.at == Aim::Anything;
    one.act == other.act
        && (either_way || one.at == other.at || one.targets().iter().any(|id| other.targets().contains(id)))
}
