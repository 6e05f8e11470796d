//! What was done to the workload, by whom, and for how long it had its effect: what the cause of an alarm is told from.

use alloc::collections::BTreeSet;

use super::View;
use super::view::Stamp;
use firedrill_model::event::{
    AutomationOutcome, EffectResult, InstanceCause, InstanceEvent, InstanceState, ResourceCause,
};
use firedrill_model::id::{ServiceId, StageId, TargetId};
use firedrill_model::scenario::{InstanceChange, Service};
use firedrill_model::{DrillTime, Span};

/// A stage that takes less of an instance's CPU is not noticed in its figures.
const NOTICED: f64 = 0.05;
/// A change of an instance that takes nothing out of service by itself has its effect for so long: until checks have found out.
const UNTIL_CHECKED: Span = Span::from_secs(5 * 60);

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The incident.
    Incident,
    /// A stage that is harmless.
    Benign(StageId),
    /// What this response did to the workload.
    Response(u32),
    /// What an automation did to it.
    Automation(Option<TargetId>),
    /// Several things did something to it, and the record doesn't tell which of them it was.
    Unknown,
}

impl Cause {
    /// Something that the team did, by itself or by an automation.
    pub fn is_of_team(&self) -> bool {
        match self {
            Self::Response(..) | Self::Automation(..) => true,
            Self::Incident | Self::Benign(..) | Self::Unknown => false,
        }
    }
}

/// Something that was done to the workload.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Move {
    /// Whose it is.
    pub cause: Cause,
    /// Since when.
    pub from: DrillTime,
    /// Until when it had its effect, if it was over.
    pub until: Option<DrillTime>,
    /// At which services; at any where it isn't known.
    pub services: Vec<ServiceId>,
}

impl View {
    /// All that was done to the workload, as far as the record tells it.
    pub(super) fn moves(&self) -> Vec<Move> {
        let all: [Vec<Move>; 5] =
            [self.by_stages(), self.by_turns(), self.by_changes(), self.by_roles(), self.by_resources()];
        all.concat()
    }

    /// Stages that take an instance's time, or break something.
    fn by_stages(&self) -> Vec<Move> {
        let turns = &self.truth.stages;
        let begun = turns.iter().enumerate().filter(|(_, (_, _, _, active))| *active);
        let moves = begun.filter_map(|(index, (stamp, id, on, _))| {
            let stage = self.stage(id).filter(|stage| stage.takes_cpu >= NOTICED || !stage.breaks.is_empty())?;
            let mut later = turns.iter().skip(index + 1);
            let ended = later.find(|(_, other, place, active)| other == id && place == on && !active);
            let cause = if stage.benign.is_some() { Cause::Benign(id.clone()) } else { Cause::Incident };
            let of_group = self.scenario.services.iter().find(|service| service.group.id == *on);
            let services = of_group.map(|service| &service.id);
            let services = services.or_else(|| self.board.instances.get(on).map(|row| &row.service));
            let services = services.cloned().into_iter().collect();
            Some(Move { cause, from: stamp.at, until: ended.map(|(stamp, ..)| stamp.at), services })
        });
        moves.collect()
    }

    /// Instances that went out of service, until as many as before are in it again: those that came back, or replacements.
    fn by_turns(&self) -> Vec<Move> {
        self.scenario.services.iter().flat_map(|service| self.by_turns_of(service)).collect()
    }

    fn by_turns_of(&self, service: &Service) -> Vec<Move> {
        let mut serving: BTreeSet<&TargetId> = service.instances.iter().map(|instance| &instance.id).collect();
        let mut moves: Vec<Move> = Vec::new();
        // How many served before each of them that still has its effect.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for (stamp, turn) in self.board.instance_turns.iter().filter(|(_, turn)| turn.service == service.id) {
            let before = serving.len();
            if turn.state == InstanceState::InService {
                serving.insert(&turn.instance);
            } else {
                serving.remove(&turn.instance);
            }
            // One that never served takes nothing away.
            if let (true, Some(cause)) = (serving.len() < before, self.cause_of_turn(*stamp, turn)) {
                open.push((before, moves.len()));
                moves.push(Move { cause, from: stamp.at, until: None, services: vec![service.id.clone()] });
            }
            open.retain(|(needed, place)| {
                let is_restored = serving.len() >= *needed;
                if let (true, Some(over)) = (is_restored, moves.get_mut(*place)) {
                    over.until = Some(stamp.at);
                }
                !is_restored
            });
        }
        moves
    }

    /// Whose a turn of an instance is. What a group does follows from what was done to the instance or to the group before.
    fn cause_of_turn(&self, stamp: Stamp, turn: &InstanceEvent) -> Option<Cause> {
        match turn.because {
            InstanceCause::Response(run) => Some(Cause::Response(run)),
            InstanceCause::Automation => Some(self.automation_at(stamp.at, &turn.instance)),
            InstanceCause::Fault => Some(Cause::Incident),
            InstanceCause::Group | InstanceCause::HealthCheck => {
                let changed = |result: &EffectResult| match result {
                    EffectResult::Changed { instance, .. } => *instance == turn.instance,
                    EffectResult::Capacity { .. } | EffectResult::GroupChanged { .. } => true,
                    _ => false,
                };
                let done = self.responses.iter().filter_map(|(run, row)| Some((*run, row, row.done.as_ref()?)));
                let of_group = |target: Option<&TargetId>| {
                    let group = self.scenario.services.iter().find(|service| service.id == turn.service);
                    group.is_some_and(|service| target == Some(&service.group.id) || target == Some(&turn.instance))
                };
                let fitting = done.filter(|(_, row, (at, results))| {
                    at.seq < stamp.seq && of_group(row.target.as_ref()) && results.iter().any(changed)
                });
                fitting.max_by_key(|(_, _, (at, _))| at.seq).map(|(run, ..)| Cause::Response(run))
            }
            InstanceCause::Initial | InstanceCause::ModelChanged => None,
        }
    }

    /// Changes of instances that work before any of them is out of service: one that was isolated still gets requests until checks fail.
    fn by_changes(&self) -> Vec<Move> {
        let done = self.responses.iter().filter_map(|(run, row)| Some((*run, row.done.as_ref()?)));
        let results = done.flat_map(|(run, (stamp, results))| results.iter().map(move |result| (run, *stamp, result)));
        let moves = results.filter_map(|(run, stamp, result)| {
            let EffectResult::Changed { change, instance, .. } = result else { return None };
            takes_away(*change).then_some(())?;
            let services = self.board.instances.get(instance).map(|row| row.service.clone()).into_iter().collect();
            Some(Move { cause: Cause::Response(run), from: stamp.at, until: Some(stamp.at + UNTIL_CHECKED), services })
        });
        moves.collect()
    }

    /// Roles whose users had no credentials.
    fn by_roles(&self) -> Vec<Move> {
        let turns = &self.board.role_turns;
        let out = turns.iter().enumerate().filter(|(_, (_, _, usable))| !usable);
        let moves = out.map(|(index, (stamp, role, _))| {
            let back = turns.iter().skip(index + 1).find(|(_, other, usable)| other == role && *usable);
            let until = back.map(|(stamp, ..)| stamp.at);
            Move { cause: self.revoked_at(stamp.at, role), from: stamp.at, until, services: self.users_of(role) }
        });
        moves.collect()
    }

    /// Who ended sessions at a moment.
    fn revoked_at(&self, at: DrillTime, role: &TargetId) -> Cause {
        let revokes = |result: &EffectResult| matches!(result, EffectResult::SessionsRevoked { .. });
        let done = self.responses.iter().filter_map(|(run, row)| row.done.as_ref().map(|done| (*run, done)));
        let mut fitting = done.filter(|(_, (stamp, results))| stamp.at == at && results.iter().any(revokes));
        fitting.next().map_or_else(|| self.automation_at(at, role), |(run, _)| Cause::Response(run))
    }

    /// The automation that worked last before a moment: the one that ran at this target, if one did.
    fn automation_at(&self, at: DrillTime, target: &TargetId) -> Cause {
        let ran = self.board.automations.iter().rev().filter(|(stamp, run)| {
            stamp.at <= at
                && match run.outcome {
                    AutomationOutcome::Ran { .. } => true,
                    AutomationOutcome::Failed => false,
                }
        });
        let ran: Vec<_> = ran.map(|(_, run)| run).collect();
        let there = ran.iter().find(|run| run.resource == *target).or(ran.first());
        Cause::Automation(there.map(|run| run.automation.clone()))
    }

    /// Resources that their users could not use.
    fn by_resources(&self) -> Vec<Move> {
        let turns = &self.board.resource_turns;
        let out = turns.iter().enumerate().filter(|(_, (_, turn))| !turn.usable);
        let moves = out.filter_map(|(index, (stamp, turn))| {
            let cause = match &turn.because {
                ResourceCause::Response(run) => Cause::Response(*run),
                ResourceCause::Automation(id) => Cause::Automation(Some(id.clone())),
                ResourceCause::Destroyed | ResourceCause::Fault => Cause::Incident,
                ResourceCause::ModelChanged => return None,
            };
            let back = turns.iter().skip(index + 1).find(|(_, other)| other.resource == turn.resource && other.usable);
            let until = back.map(|(stamp, _)| stamp.at);
            Some(Move { cause, from: stamp.at, until, services: self.users_of(&turn.resource) })
        });
        moves.collect()
    }

    /// The services that use a role or another resource.
    fn users_of(&self, id: &TargetId) -> Vec<ServiceId> {
        let used_by = self.scenario.resource(id).map(|resource| resource.used_by.as_slice()).unwrap_or_default();
        let services = self.scenario.services.iter();
        let users = services.filter(|service| service.role.as_ref() == Some(id) || used_by.contains(&service.id));
        users.map(|service| service.id.clone()).collect()
    }
}

/// Says whether a change of an instance takes something away from the workload, for however long.
fn takes_away(change: InstanceChange) -> bool {
    match change {
        InstanceChange::Isolate
        | InstanceChange::IsolateAndCut
        | InstanceChange::Standby
        | InstanceChange::Deregister
        | InstanceChange::Detach
        | InstanceChange::Stop
        | InstanceChange::Terminate
        | InstanceChange::RestartProcesses => true,
        InstanceChange::ExitStandby
        | InstanceChange::Register
        | InstanceChange::Start
        | InstanceChange::ProtectTermination
        | InstanceChange::KeepVolume
        | InstanceChange::RenewProfile
        | InstanceChange::FreeDisk => false,
    }
}
