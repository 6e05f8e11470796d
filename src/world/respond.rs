//! Responses: what they do to the world, one effect after the other, and what follows from it by the world's own rules.
//!
//! A response takes its time. Whether it can be done is looked at when it begins and again when it ends: the instance may be
//! gone by then.

use super::SimWorld;
use super::agenda::{Due, InstanceDue, Response};
use super::chance::Purpose;
use super::fleet::{Changes, Impossible};
use super::responders::Actor;
use crate::domain::id::{ActionId, ChannelId, TargetId};
use crate::domain::{DrillTime, Span};
use crate::drill::event::{ActionEvent, ActionState, EffectResult, EvidenceKind, InstanceState, WorldEvent};
use crate::scenario::model::{Action, Effect, InstanceChange, ResourceKind};

/// From the end of a role's sessions until its users have new credentials. Assumed: an SDK asks the metadata service again when a
/// call is refused, or within a few tens of seconds.
pub(super) const NEW_CREDENTIALS: Span = Span::from_secs(20);

/// For effects that the checker refuses.
const NOT_YET: Impossible = "the world doesn't know this effect yet";

type Effected = Result<EffectResult, Impossible>;

impl SimWorld {
    /// A response begins. One that can't be done at all ends at once and says why.
    pub(super) fn begin_response(&mut self, run: u32, action: &ActionId, target: Option<&TargetId>, at: DrillTime) {
        let response = Response { run, action: action.clone(), target: target.cloned() };
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.actions.iter().find(|other| other.id == *action) else {
            self.say_started(run, at, at);
            self.say_done(run, vec![impossible("the scenario offers no such response")], at);
            return;
        };
        let reasons: Vec<_> = plan.effects.iter().map(|effect| self.obstacle(effect, target)).collect();
        if !reasons.is_empty() && reasons.iter().all(Option::is_some) {
            self.say_started(run, at, at);
            self.say_done(run, reasons.into_iter().flatten().map(impossible).collect(), at);
            return;
        }
        let given = self.given.entry(action.clone()).or_default();
        let count = *given;
        *given += 1;
        let takes = self.chance.latency(&plan.takes, Purpose::Takes, action.as_str(), count);
        self.say_started(run, at + takes, at);
        self.agenda.plan_in(at, takes, Due::Response(response));
    }

    /// A response is at its end: its effects happen.
    pub(super) fn end_response(&mut self, response: &Response, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.actions.iter().find(|other| other.id == response.action) else { return };
        let results = self.effects(plan, response, at);
        self.say_done(response.run, results, at);
        self.review_adversary(at);
    }

    fn effects(&mut self, plan: &Action, response: &Response, at: DrillTime) -> Vec<EffectResult> {
        let mut results = Vec::new();
        for effect in &plan.effects {
            let target = response.target.as_ref();
            let result = match self.obstacle(effect, target) {
                Some(reason) => Err(reason),
                None => self.effect(effect, target, response.run, at),
            };
            if let Ok(result) = &result {
                self.log_calls((effect, target, result), Actor::Response(response.run), at);
            }
            results.push(result.unwrap_or_else(impossible));
        }
        results
    }

    /// Why an effect can't happen now, if so.
    fn obstacle(&self, effect: &Effect, target: Option<&TargetId>) -> Option<Impossible> {
        let aimed = || target.ok_or("it needs a target");
        let checked = match effect {
            Effect::SnapshotVolume => aimed().and_then(|id| self.can_snapshot(id)),
            Effect::CaptureMemory => aimed().and_then(|id| self.can_capture(id)),
            Effect::Instance { change } => aimed().and_then(|id| self.fleet.can_change(id, *change)),
            Effect::ChangeCapacity { by } => aimed().and_then(|id| {
                let service = self.fleet.group(id).ok_or("there is no such group")?;
                self.fleet.capacity_after(service, *by).map(|_| ())
            }),
            Effect::RevokeSessions => aimed().and_then(|id| self.known(id, ResourceKind::Role)),
            Effect::ClosePort => aimed().and_then(|id| self.can_close(id)),
            Effect::TestChannel | Effect::RepairChannel => aimed().and_then(|id| self.channel(id).map(|_| ())),
            Effect::LookAtFindings { .. }
            | Effect::LookAtLog { .. }
            | Effect::Tell { .. }
            | Effect::ConfirmSteadyState => Ok(()),
            Effect::Scan { .. } => aimed().and_then(|id| self.can_scan(id, self.now)),
            Effect::TurnOnLog { log } => {
                if self.evidence.records(*log) {
                    Err("this log is on already")
                } else {
                    Ok(())
                }
            }
            _ => Err(NOT_YET),
        };
        checked.err()
    }

    fn effect(&mut self, effect: &Effect, target: Option<&TargetId>, run: u32, at: DrillTime) -> Effected {
        match effect {
            Effect::LookAtFindings { detector } => {
                Ok(EffectResult::Findings { findings: self.detection.findings(detector) })
            }
            Effect::LookAtLog { log } => Ok(EffectResult::Log { records: self.evidence.delivered(*log) }),
            Effect::SnapshotVolume => self.take(EvidenceKind::Disk, target),
            Effect::CaptureMemory => self.take(EvidenceKind::Memory, target),
            Effect::Instance { change } => self.change_instance(*change, target, run, at),
            Effect::ChangeCapacity { by } => self.change_capacity(*by, target, run, at),
            Effect::RevokeSessions => self.revoke(target, at),
            Effect::ClosePort => {
                self.adversary.port_open = false;
                Ok(EffectResult::PortClosed)
            }
            Effect::TestChannel => {
                let channel = self.channel(target.ok_or("it needs a target")?)?;
                Ok(EffectResult::ChannelTested { arrives: self.detection.arrives(&channel) })
            }
            Effect::RepairChannel => {
                let channel = self.channel(target.ok_or("it needs a target")?)?;
                self.detection.repair(&channel);
                Ok(EffectResult::ChannelRepaired)
            }
            Effect::Scan { detector } => {
                let instance = target.ok_or("it needs a target")?;
                self.scan(detector, instance, at);
                Ok(EffectResult::ScanBegun { detector: detector.clone(), instance: instance.clone() })
            }
            Effect::TurnOnLog { log } => {
                self.log_turned_on(*log, at);
                Ok(EffectResult::LogOn { log: *log })
            }
            Effect::Tell { .. } => Ok(EffectResult::Told),
            Effect::ConfirmSteadyState => Ok(EffectResult::Steady { yes: self.is_steady(at) }),
            _ => Err(NOT_YET),
        }
    }

    /// All signals of the steady state have held for its time.
    fn is_steady(&self, at: DrillTime) -> bool {
        self.steady_since.is_some_and(|since| at.since(since) >= self.scenario.steady_state.hold)
    }

    fn can_snapshot(&self, id: &TargetId) -> Result<(), Impossible> {
        let machine = self.fleet.machine(id).ok_or("there is no such instance")?;
        if machine.state == InstanceState::Terminated {
            return Err("the instance is terminated and its volume is gone");
        }
        Ok(())
    }

    fn can_capture(&self, id: &TargetId) -> Result<(), Impossible> {
        let machine = self.fleet.machine(id).ok_or("there is no such instance")?;
        match machine.state {
            InstanceState::Terminated => Err("the instance is terminated"),
            InstanceState::Stopped => Err("the instance is stopped and its memory is gone"),
            InstanceState::Booting => Err("the instance is still booting"),
            _ if machine.isolated => Err("the instance is isolated: Systems Manager can't reach it"),
            _ => Ok(()),
        }
    }

    fn known(&self, id: &TargetId, kind: ResourceKind) -> Result<(), Impossible> {
        let known = self.scenario.resources.iter().any(|resource| resource.id == *id && resource.kind == kind);
        if known { Ok(()) } else { Err("there is no such resource") }
    }

    fn can_close(&self, id: &TargetId) -> Result<(), Impossible> {
        self.known(id, ResourceKind::SecurityGroup)?;
        let opened = self.scenario.fault.opens_port.as_ref().is_some_and(|open| open.group == *id);
        if opened && self.adversary.port_open { Ok(()) } else { Err("no rule of this group lets the world in") }
    }

    fn channel(&self, id: &TargetId) -> Result<ChannelId, Impossible> {
        let channel = self.scenario.channels.iter().find(|channel| channel.id.as_str() == id.as_str());
        channel.map(|channel| channel.id.clone()).ok_or("there is no such channel")
    }

    fn take(&mut self, evidence: EvidenceKind, target: Option<&TargetId>) -> Effected {
        let id = target.ok_or("it needs a target")?;
        let machine = self.fleet.machine_mut(id).ok_or("there is no such instance")?;
        if !machine.captured.contains(&evidence) {
            machine.captured.push(evidence);
        }
        Ok(EffectResult::Captured { evidence, of: id.clone() })
    }

    fn change_instance(
        &mut self,
        change: InstanceChange,
        target: Option<&TargetId>,
        run: u32,
        at: DrillTime,
    ) -> Effected {
        let id = target.ok_or("it needs a target")?;
        let changes = self.fleet.change(id, change, run)?;
        self.follow(changes, at);
        // Connections are being tracked as long as the instance runs and nothing has cut them.
        let tracked_alive = change == InstanceChange::Isolate
            && self.fleet.machine(id).is_some_and(|machine| machine.runs() && !machine.cut);
        Ok(EffectResult::Changed { change, instance: id.clone(), tracked_alive })
    }

    fn change_capacity(&mut self, by: i32, target: Option<&TargetId>, run: u32, at: DrillTime) -> Effected {
        let id = target.ok_or("it needs a target")?;
        let service = self.fleet.group(id).ok_or("there is no such group")?;
        let (desired, changes) = self.fleet.change_capacity(service, by, run)?;
        self.follow(changes, at);
        Ok(EffectResult::Capacity { desired })
    }

    /// Says what happened to instances and plans what follows.
    pub(super) fn follow(&mut self, changes: Changes, at: DrillTime) {
        for event in changes.events {
            self.say(at, WorldEvent::Instance(event));
        }
        for (id, span) in changes.booting {
            self.agenda.plan_in(at, span, Due::Instance(id, InstanceDue::Booted));
        }
        for (id, span) in changes.failing {
            self.agenda.plan_in(at, span, Due::Instance(id, InstanceDue::Unhealthy));
        }
        self.update_capacity(at);
    }

    /// Services whose instances use a role.
    pub(super) fn role_users(&self, role: &TargetId) -> Vec<usize> {
        let resource = self.scenario.resources.iter().find(|resource| resource.id == *role);
        let used_by = |service: &crate::domain::id::ServiceId| {
            resource.is_some_and(|resource| resource.used_by.contains(service))
        };
        let services = self.scenario.services.iter().enumerate();
        let users = services.filter(|(_, service)| service.role.as_ref() == Some(role) || used_by(&service.id));
        users.map(|(place, _)| place).collect()
    }

    fn revoke(&mut self, target: Option<&TargetId>, at: DrillTime) -> Effected {
        let role = target.ok_or("it needs a target")?;
        let users = self.role_users(role);
        self.end_sessions(role);
        self.services_out.insert(role.clone(), users.clone());
        let revocation = self.revocations.entry(role.clone()).or_default();
        *revocation += 1;
        let count = *revocation;
        self.say(at, WorldEvent::Role { role: role.clone(), usable: false });
        self.agenda.plan_in(at, NEW_CREDENTIALS, Due::Credentials(role.clone(), count));
        self.update_capacity(at);
        let services = users.iter().filter_map(|place| self.scenario.services.get(*place));
        Ok(EffectResult::SessionsRevoked { services: services.map(|service| service.id.clone()).collect() })
    }

    /// The users of a role have new credentials, unless they were revoked again meanwhile.
    pub(super) fn credentials_back(&mut self, role: &TargetId, revocation: u32, at: DrillTime) {
        if self.revocations.get(role) != Some(&revocation) {
            return;
        }
        self.services_out.remove(role);
        self.office.renew(role.as_str(), at);
        self.say(at, WorldEvent::Role { role: role.clone(), usable: true });
        self.read_new_credentials(role);
        self.review_adversary(at);
    }

    fn say_started(&mut self, run: u32, until: DrillTime, at: DrillTime) {
        self.say(at, WorldEvent::Action(ActionEvent { run, state: ActionState::Started { until } }));
    }

    fn say_done(&mut self, run: u32, results: Vec<EffectResult>, at: DrillTime) {
        self.say(at, WorldEvent::Action(ActionEvent { run, state: ActionState::Done { results } }));
    }
}

fn impossible(reason: Impossible) -> EffectResult {
    EffectResult::Impossible { reason: reason.into() }
}
