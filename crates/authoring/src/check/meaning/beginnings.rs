//! When stages begin: can that happen, and who makes it happen?

use super::super::report::Report;
use super::names::{Kind, Names};
use super::{after_fault_at_most, in_a_row};
use crate::problem::Code;
use firedrill_model::id::StageId;
use firedrill_model::scenario::{Break, Effect, Foothold, HarmKind, InstanceChange, Scenario, Stage};

/// The beginning of a stage, by exactly one of the four.
pub fn check(scenario: &Scenario, names: &Names, stage: &Stage, path: &str, report: &mut Report<'_>) {
    let begins = &stage.begins;
    let here = format!("{path}/begins");
    let ways = [
        begins.after_fault.is_some(),
        begins.after_loss_of.is_some(),
        begins.after_start_of.is_some(),
        begins.at.is_some(),
    ];
    if ways.into_iter().filter(|way| *way).count() != 1 {
        if !report.is_spoiled_within(&here) {
            let message =
                "exactly one of `after-fault`, `after-loss-of`, `after-start-of` and `at` says when a stage begins";
            report.object(&here, Code::BadValue, message, "for example { after-fault = \"2m\" }");
        }
        return;
    }
    after_fault(scenario, stage, &here, report);
    after_loss(scenario, names, stage, &here, report);
    after_start(scenario, names, stage, &here, report);
    if begins.at.is_some() && stage.benign.is_none() {
        let message = "a moment of the drill is for benign stages; what the adversary does follows the fault";
        report.object(
            &format!("{here}/at"),
            Code::Contradiction,
            message,
            "use `after-fault`, or say why it is `benign`",
        );
    }
}

fn after_fault(scenario: &Scenario, stage: &Stage, here: &str, report: &mut Report<'_>) {
    let begins = &stage.begins;
    if let Some(after) = begins.after_fault
        && after >= after_fault_at_most(scenario)
        && !report.is_spoiled("length")
        && !report.is_spoiled("fault")
    {
        let message = format!("{after} after the fault, the experiment is over");
        let advice = "let it begin earlier, or the experiment last longer";
        report.object(&format!("{here}/after-fault"), Code::Never, message, advice);
    }
    let (own, of) = if begins.at.is_some() { ("at", true) } else { ("after-fault", begins.after_fault.is_some()) };
    if of && report.is_said(&format!("{here}/delay")) {
        let message = "`delay` belongs to `after-loss-of` and `after-start-of`";
        report.object(&format!("{here}/delay"), Code::Contradiction, message, format!("add it to `{own}` instead"));
    }
}

fn after_loss(scenario: &Scenario, names: &Names, stage: &Stage, here: &str, report: &mut Report<'_>) {
    let Some(other) = &stage.begins.after_loss_of else { return };
    let place = format!("{here}/after-loss-of");
    if names.need(Kind::Stage, other.as_str(), &place, report)
        && let Some(other) = stage_of(scenario, other)
        && other.id != stage.id
        && !can_be_ended(scenario, other)
        && !["action", "automation", "stage"].iter().any(|section| report.is_spoiled_within(section))
    {
        let message = format!("no response on offer ends the stage `{}`, so this one never begins", other.id);
        let advice = "offer an [[action]] that takes away what that stage needs";
        report.object(&place, Code::Never, message, advice);
    }
}

fn after_start(scenario: &Scenario, names: &Names, stage: &Stage, here: &str, report: &mut Report<'_>) {
    let Some(other) = &stage.begins.after_start_of else { return };
    let place = format!("{here}/after-start-of");
    if names.need(Kind::Stage, other.as_str(), &place, report)
        && let Some(other) = stage_of(scenario, other)
        && let Some(lasts) = other.lasts
        && lasts <= stage.begins.delay
    {
        let message = format!("the stage `{}` is over after {lasts}, before this one would begin", other.id);
        report.object(&place, Code::Never, message, "let that one last longer, or this one begin earlier");
    }
}

fn stage_of<'s>(scenario: &'s Scenario, id: &StageId) -> Option<&'s Stage> {
    scenario.stages.iter().find(|stage| stage.id == *id)
}

/// Says whether a response or an automation takes away something that the stage needs.
fn can_be_ended(scenario: &Scenario, stage: &Stage) -> bool {
    let automations = scenario.automations.iter().flat_map(|automation| &automation.effects);
    let effects: Vec<&Effect> = scenario.actions.iter().flat_map(|action| &action.effects).chain(automations).collect();
    let mended = |what: &Break| effects.iter().any(|effect| mends(what, stage, effect));
    let by_breaks = stage.breaks.iter().any(mended);
    by_breaks
        || stage.needs.iter().any(|foothold| {
            let destroyed = |wanted: &Foothold| {
                let harms = scenario.stages.iter().flat_map(|stage| &stage.harms);
                let mut lost =
                    harms.filter(|harm| harm.kind == HarmKind::Destroyed).filter_map(|harm| harm.resource.as_ref());
                matches!(wanted, Foothold::Exists(id) | Foothold::Open(id) if lost.any(|other| other == id))
            };
            effects.iter().any(|effect| takes_away(foothold, effect)) || destroyed(foothold)
        })
}

/// Says whether an effect ends what a stage breaks.
fn mends(what: &Break, stage: &Stage, effect: &Effect) -> bool {
    let on_instance = stage.on.instance.is_some() || stage.on.other_instance_of.is_some();
    let gone = match effect {
        Effect::Instance { change } => matches!(change, InstanceChange::Stop | InstanceChange::Terminate),
        Effect::ChangeCapacity { by } => *by < 0,
        Effect::ReplaceFleet => true,
        _ => false,
    };
    let by_change =
        |wanted: &[InstanceChange]| matches!(effect, Effect::Instance { change } if wanted.contains(change));
    match what {
        Break::ExhaustCpu(_) | Break::ExhaustMemory(_) | Break::ExhaustConnections(_) => {
            by_change(&[InstanceChange::RestartProcesses, InstanceChange::Start]) || (on_instance && gone)
        }
        Break::Fill(_) => by_change(&[InstanceChange::FreeDisk]) || gone,
        Break::Slow(_) | Break::Lose(_) => on_instance && gone,
        Break::Release(_) => matches!(effect, Effect::RollBack),
        Break::Terminate | Break::FailOver => false,
    }
}

fn takes_away(foothold: &Foothold, effect: &Effect) -> bool {
    match foothold {
        Foothold::Instance | Foothold::Implant if matches!(effect, Effect::RemoveImplant) => {
            *foothold == Foothold::Implant
        }
        Foothold::Instance | Foothold::Implant => match effect {
            Effect::Instance { change } => ends(*change),
            Effect::ChangeCapacity { by } => *by < 0,
            Effect::DenySubnet | Effect::ReplaceFleet => true,
            _ => false,
        },
        Foothold::Connection => {
            matches!(effect, Effect::Instance { change } if ends(*change))
                || matches!(effect, Effect::ChangeCapacity { .. } | Effect::DenySubnet | Effect::ReplaceFleet)
        }
        Foothold::ThroughBalancer => {
            matches!(effect, Effect::Instance { change } if lets_go(*change))
                || matches!(effect, Effect::ChangeCapacity { .. } | Effect::DenySubnet | Effect::ReplaceFleet)
        }
        Foothold::Sessions(_) => matches!(effect, Effect::RevokeSessions | Effect::DenyOutside),
        Foothold::OpenPort => matches!(effect, Effect::ClosePort | Effect::RestrictPort),
        Foothold::Exposed | Foothold::Open(_) => matches!(
            effect,
            Effect::ClosePort
                | Effect::RestrictPort
                | Effect::BlockPublicAccess
                | Effect::RemoveShare
                | Effect::MakePrivate
                | Effect::IsolateDatabase
        ),
        Foothold::Key(_) => matches!(effect, Effect::DeactivateKey | Effect::DeleteKey),
        Foothold::Name(_) => matches!(effect, Effect::BlockNames { .. }),
        Foothold::Exists(_) | Foothold::Trust(_) => false,
    }
}

/// Says whether a change of an instance can take it, or its connections, away from whoever is on it.
fn ends(change: InstanceChange) -> bool {
    match change {
        InstanceChange::Isolate
        | InstanceChange::IsolateAndCut
        | InstanceChange::Detach
        | InstanceChange::Stop
        | InstanceChange::Terminate => true,
        InstanceChange::Standby
        | InstanceChange::ExitStandby
        | InstanceChange::Deregister
        | InstanceChange::Register
        | InstanceChange::Start
        | InstanceChange::ProtectTermination
        | InstanceChange::KeepVolume
        | InstanceChange::RenewProfile
        | InstanceChange::RestartProcesses
        | InstanceChange::FreeDisk => false,
    }
}

/// Says whether a change of an instance ends sessions through its load balancer, at once or when the deregistration delay is over.
fn lets_go(change: InstanceChange) -> bool {
    match change {
        InstanceChange::IsolateAndCut
        | InstanceChange::Standby
        | InstanceChange::Deregister
        | InstanceChange::Detach
        | InstanceChange::Stop
        | InstanceChange::Terminate => true,
        InstanceChange::Isolate
        | InstanceChange::ExitStandby
        | InstanceChange::Register
        | InstanceChange::Start
        | InstanceChange::ProtectTermination
        | InstanceChange::KeepVolume
        | InstanceChange::RenewProfile
        | InstanceChange::RestartProcesses
        | InstanceChange::FreeDisk => false,
    }
}

/// Stages that wait for each other never begin.
pub fn circles(scenario: &Scenario, report: &mut Report<'_>) {
    let mut told: Vec<&StageId> = Vec::new();
    for (at, stage) in scenario.stages.iter().enumerate() {
        let mut trail = vec![&stage.id];
        let mut next = waits_for(stage);
        while let Some(id) = next {
            if *id == stage.id {
                if !trail.iter().any(|id| told.contains(id)) {
                    let circle = trail.iter().map(|id| id.as_str()).chain([stage.id.as_str()]);
                    let message = format!("these stages wait for one another: {}", in_a_row(circle));
                    let key = if stage.begins.after_loss_of.is_some() { "after-loss-of" } else { "after-start-of" };
                    let here = format!("stage/{at}/begins/{key}");
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

/// The stage whose end or beginning this one waits for, and for nothing else.
fn waits_for(stage: &Stage) -> Option<&StageId> {
    let begins = &stage.begins;
    let other = begins.after_loss_of.as_ref().or(begins.after_start_of.as_ref());
    other.filter(|_| begins.after_fault.is_none() && begins.at.is_none())
}
