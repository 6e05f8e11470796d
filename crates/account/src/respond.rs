//! Responses: what they do to the world, one effect after the other, and what follows from it by the world's own rules. Changes
//! to resources have their rules in `resources`, those to instances in `fleet`.
//!
//! A response takes its time. Whether it can be done is looked at when it begins and again when it ends: the instance may be
//! gone by then.

use super::SimWorld;
use super::agenda::{Due, InstanceDue, Response};
use super::chance::Purpose;
use super::fleet::{Changes, Impossible};
use super::responders::Actor;
use firedrill_model::DrillTime;
use firedrill_model::event::{
    ActionEvent, ActionState, EffectResult, EvidenceKind, InstanceCause, InstanceState, ResourceCause, ResourceChange,
    WorldEvent,
};
use firedrill_model::id::{ActionId, ChannelId, ServiceId, TargetId};
use firedrill_model::scenario::{Action, Effect, InstanceChange, ResourceKind};

const NO_TARGET: Impossible = "it needs a target";

/// What an effect happens because of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// A response, by its number.
    Response(u32),
    /// An automation, and how often it has run.
    Automation(TargetId, u64),
}

impl Cause {
    /// As whoever calls an API.
    fn actor(&self) -> Actor<'_> {
        match self {
            Self::Response(run) => Actor::Response(*run),
            Self::Automation(id, run) => Actor::Automation(id, *run),
        }
    }

    /// As the cause of what an instance does.
    pub(super) fn of_instance(&self) -> InstanceCause {
        match self {
            Self::Response(run) => InstanceCause::Response(*run),
            Self::Automation(..) => InstanceCause::Automation,
        }
    }

    /// As the cause of what becomes of a resource.
    pub(super) fn of_resource(&self) -> ResourceCause {
        match self {
            Self::Response(run) => ResourceCause::Response(*run),
            Self::Automation(id, _) => ResourceCause::Automation(id.clone()),
        }
    }
}

type Effected = Result<EffectResult, Impossible>;

impl SimWorld {
    /// A response begins. One that can't be done at all ends at once and says why.
    pub(super) fn begin_response(&mut self, run: u32, action: &ActionId, target: Option<&TargetId>, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.actions.iter().find(|other| other.id == *action) else {
            self.say_started(run, at, at);
            self.say_done(run, vec![impossible("the scenario offers no such response")], at);
            return;
        };
        if let Some(reasons) = self.all_obstacles(plan, target) {
            self.say_started(run, at, at);
            self.say_done(run, reasons.into_iter().map(impossible).collect(), at);
            return;
        }
        let given = self.given.entry(action.clone()).or_default();
        let count = *given;
        *given += 1;
        let takes = self.chance.latency(&plan.takes, Purpose::Takes, action.as_str(), count);
        self.say_started(run, at + takes, at);
        let response = Response { run, action: action.clone(), target: target.cloned() };
        self.agenda.plan_in(at, takes, Due::Response(response));
    }

    /// Why none of the effects of a response can happen now; none as long as one can.
    fn all_obstacles(&self, plan: &Action, target: Option<&TargetId>) -> Option<Vec<Impossible>> {
        let access = self.lacks_access(plan);
        let reasons: Option<Vec<_>> =
            plan.effects.iter().map(|effect| access.or_else(|| self.obstacle(effect, target))).collect();
        reasons.filter(|reasons| !reasons.is_empty())
    }

    /// A response is at its end: its effects happen.
    pub(super) fn end_response(&mut self, response: &Response, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.actions.iter().find(|other| other.id == response.action) else { return };
        let results = if let Some(reason) = self.lacks_access(plan) {
            vec![impossible(reason)]
        } else {
            let cause = Cause::Response(response.run);
            self.effects(&plan.effects, response.target.as_ref(), &cause, at)
        };
        self.say_done(response.run, results, at);
        self.review_adversary(at);
    }

    /// Why nobody gets to where a response is given, if so: whoever shuts a group for everybody shuts out the admins, too.
    fn lacks_access(&self, plan: &Action) -> Option<Impossible> {
        let shut = plan.needs_open.as_ref().is_some_and(|group| !self.resources.lets_trusted_in(group));
        shut.then_some("the security group through which it is done lets nobody in, trusted addresses neither")
    }

    /// Effects happen, one after the other; what can't is said.
    pub(super) fn effects(
        &mut self,
        effects: &[Effect],
        target: Option<&TargetId>,
        cause: &Cause,
        at: DrillTime,
    ) -> Vec<EffectResult> {
        let mut results = Vec::new();
        for effect in effects {
            let result = match self.obstacle(effect, target) {
                Some(reason) => Err(reason),
                None => self.effect(effect, target, cause, at),
            };
            if let Ok(result) = &result {
                self.log_calls((effect, target, result), cause.actor(), at);
            }
            results.push(result.unwrap_or_else(impossible));
        }
        results
    }

    /// Why an effect can't happen now, if so.
    fn obstacle(&self, effect: &Effect, target: Option<&TargetId>) -> Option<Impossible> {
        let aimed = || target.ok_or(NO_TARGET);
        if let Some(change) = change_of(effect) {
            let checked = aimed().and_then(|id| self.resources.can(change, id));
            let from = || match effect {
                Effect::RestoreDatabase { from } => self.resources.can_restore_from(from),
                _ => Ok(()),
            };
            return checked.and_then(|()| from()).err();
        }
        if effect.targets().is_empty() {
            return match effect {
                Effect::TurnOnLog { log } if self.evidence.records(*log) => Some("this log is on already"),
                // The others can always be had.
                _ => None,
            };
        }
        aimed().and_then(|id| self.can_do(effect, id)).err()
    }

    /// Whether an effect can happen to a target; changes to resources are not looked at here.
    fn can_do(&self, effect: &Effect, id: &TargetId) -> Result<(), Impossible> {
        match effect {
            Effect::SnapshotVolume => self.can_snapshot(id),
            Effect::CaptureMemory | Effect::RemoveImplant => self.can_reach(id),
            Effect::Instance { change } => self.fleet.can_change(id, *change),
            Effect::ChangeCapacity { by } => {
                let service = self.fleet.group(id).ok_or("there is no such group")?;
                self.fleet.capacity_after(service, *by).map(|_| ())
            }
            Effect::RevokeSessions => self.principal(id),
            Effect::ClosePort => self.resources.can_close(id),
            Effect::CopySnapshot => self.resources.can_copy(id),
            Effect::TestChannel | Effect::RepairChannel => self.channel(id).map(|_| ()),
            Effect::TestAutomation | Effect::RepairAutomation => self.can_mend_automation(id),
            Effect::Scan { .. } => self.can_scan(id, self.now),
            _ => Ok(()),
        }
    }

    fn effect(&mut self, effect: &Effect, target: Option<&TargetId>, cause: &Cause, at: DrillTime) -> Effected {
        let aimed = || target.ok_or(NO_TARGET);
        if let Some(change) = change_of(effect) {
            return Ok(self.resource_changed(change, aimed()?, cause, at));
        }
        if effect.targets().is_empty() {
            self.untargeted(effect, at)
        } else {
            self.done_to(effect, aimed()?, cause, at)
        }
    }

    /// An effect that is not done to anything.
    fn untargeted(&mut self, effect: &Effect, at: DrillTime) -> Effected {
        Ok(match effect {
            Effect::LookAtFindings { detector } => {
                EffectResult::Findings { findings: self.detection.findings(detector) }
            }
            Effect::LookAtLog { log } => EffectResult::Log { records: self.evidence.delivered(*log) },
            Effect::BlockNames { domains } => {
                self.resources.block(domains);
                EffectResult::NamesBlocked { domains: domains.clone() }
            }
            Effect::TurnOnLog { log } => {
                self.log_turned_on(*log, at);
                EffectResult::LogOn { log: *log }
            }
            Effect::Tell { .. } => EffectResult::Told,
            Effect::ConfirmSteadyState => EffectResult::Steady { yes: self.is_steady(at) },
            _ => return Err("there is no such effect"),
        })
    }

    /// An effect on a target: an instance, a group, credentials, a snapshot, a channel or an automation.
    fn done_to(&mut self, effect: &Effect, id: &TargetId, cause: &Cause, at: DrillTime) -> Effected {
        match effect {
            Effect::SnapshotVolume => self.take(EvidenceKind::Disk, id),
            Effect::CaptureMemory => self.take(EvidenceKind::Memory, id),
            Effect::CopySnapshot => {
                self.resources.copy(id);
                Ok(EffectResult::Captured { evidence: EvidenceKind::Backup, of: id.clone() })
            }
            Effect::Instance { change } => self.change_instance(*change, id, cause, at),
            Effect::RemoveImplant => self.remove_implant(id),
            Effect::ChangeCapacity { by } => self.change_capacity(*by, id, cause, at),
            Effect::RevokeSessions => Ok(self.revoke(id, at)),
            Effect::ClosePort => {
                self.resources.close(id);
                Ok(EffectResult::PortClosed)
            }
            Effect::Scan { detector } => {
                self.scan(detector, id, at);
                Ok(EffectResult::ScanBegun { detector: detector.clone(), instance: id.clone() })
            }
            _ => self.tested_or_repaired(effect, id),
        }
    }

    /// The way of a finding to people, or to an automation, is tried or mended.
    fn tested_or_repaired(&mut self, effect: &Effect, id: &TargetId) -> Effected {
        match effect {
            Effect::TestChannel => {
                let channel = self.channel(id)?;
                Ok(EffectResult::ChannelTested { arrives: self.detection.arrives(&channel) })
            }
            Effect::RepairChannel => {
                let channel = self.channel(id)?;
                self.detection.repair(&channel);
                Ok(EffectResult::ChannelRepaired)
            }
            Effect::TestAutomation => Ok(EffectResult::AutomationTested { works: self.automations.work(id) }),
            Effect::RepairAutomation => {
                self.automations.repair(id);
                Ok(EffectResult::AutomationRepaired)
            }
            _ => Err("there is no such effect"),
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

    /// Whoever works on an instance gets there through Systems Manager.
    fn can_reach(&self, id: &TargetId) -> Result<(), Impossible> {
        let machine = self.fleet.machine(id).ok_or("there is no such instance")?;
        match machine.state {
            InstanceState::Terminated => Err("the instance is terminated"),
            InstanceState::Stopped => Err("the instance is stopped and its memory is gone"),
            InstanceState::Booting => Err("the instance is still booting"),
            _ if machine.isolated => Err("the instance is isolated: Systems Manager can't reach it"),
            _ if machine.denied => {
                Err("a network ACL denies all traffic of the instance: Systems Manager can't reach it")
            }
            _ => Ok(()),
        }
    }

    fn principal(&self, id: &TargetId) -> Result<(), Impossible> {
        let kind = self.scenario.resource(id).map(|resource| resource.kind);
        let known = matches!(kind, Some(ResourceKind::Role | ResourceKind::User));
        if known { Ok(()) } else { Err("there is no such resource") }
    }

    fn channel(&self, id: &TargetId) -> Result<ChannelId, Impossible> {
        let channel = self.scenario.channels.iter().find(|channel| channel.id.as_str() == id.as_str());
        channel.map(|channel| channel.id.clone()).ok_or("there is no such channel")
    }

    fn take(&mut self, evidence: EvidenceKind, id: &TargetId) -> Effected {
        let machine = self.fleet.machine_mut(id).ok_or("there is no such instance")?;
        if !machine.captured.contains(&evidence) {
            machine.captured.push(evidence);
        }
        Ok(EffectResult::Captured { evidence, of: id.clone() })
    }

    fn remove_implant(&mut self, id: &TargetId) -> Effected {
        let machine = self.fleet.machine_mut(id).ok_or("there is no such instance")?;
        let found = core::mem::take(&mut machine.implant);
        Ok(EffectResult::ImplantRemoved { instance: id.clone(), found })
    }

    fn resource_changed(
        &mut self,
        change: ResourceChange,
        id: &TargetId,
        cause: &Cause,
        at: DrillTime,
    ) -> EffectResult {
        let was_usable = self.resources.is_usable(id);
        self.change_resource(change, id, cause, at);
        let out = if was_usable && !self.resources.is_usable(id) { self.users(id) } else { Vec::new() };
        EffectResult::ResourceChanged { change, resource: id.clone(), out: self.service_ids(&out) }
    }

    pub(super) fn service_ids(&self, places: &[usize]) -> Vec<ServiceId> {
        places.iter().filter_map(|place| self.scenario.services.get(*place)).map(|service| service.id.clone()).collect()
    }

    fn change_instance(&mut self, change: InstanceChange, id: &TargetId, cause: &Cause, at: DrillTime) -> Effected {
        let changes = self.fleet.change(id, change, cause.of_instance())?;
        self.follow(changes, at);
        // Connections are being tracked as long as the instance runs and nothing has cut them.
        let tracked_alive = change == InstanceChange::Isolate
            && self.fleet.machine(id).is_some_and(|machine| machine.runs() && !machine.cut && !machine.denied);
        Ok(EffectResult::Changed { change, instance: id.clone(), tracked_alive })
    }

    fn change_capacity(&mut self, by: i32, id: &TargetId, cause: &Cause, at: DrillTime) -> Effected {
        let service = self.fleet.group(id).ok_or("there is no such group")?;
        let (desired, changes) = self.fleet.change_capacity(service, by, cause.of_instance())?;
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
        for (id, spell, span) in changes.failing {
            self.agenda.plan_in(at, span, Due::Instance(id, InstanceDue::Unhealthy(spell)));
        }
        self.update_capacity(at);
    }

    fn say_started(&mut self, run: u32, until: DrillTime, at: DrillTime) {
        self.say(at, WorldEvent::Action(ActionEvent { run, state: ActionState::Started { until } }));
    }

    fn say_done(&mut self, run: u32, results: Vec<EffectResult>, at: DrillTime) {
        self.say(at, WorldEvent::Action(ActionEvent { run, state: ActionState::Done { results } }));
    }
}

/// The change to a resource that an effect is, if it is one.
fn change_of(effect: &Effect) -> Option<ResourceChange> {
    Some(match effect {
        Effect::RestrictPort => ResourceChange::Restricted,
        Effect::BlockPublicAccess => ResourceChange::PublicAccessBlocked,
        Effect::AllowPublicAccess => ResourceChange::PublicAccessAllowed,
        Effect::RemoveShare => ResourceChange::ShareRemoved,
        Effect::IsolateDatabase => ResourceChange::Isolated,
        Effect::ReleaseDatabase => ResourceChange::Released,
        Effect::MakePrivate => ResourceChange::MadePrivate,
        Effect::RestoreDatabase { .. } => ResourceChange::Restored,
        Effect::Protect => ResourceChange::Protected,
        Effect::DeactivateKey => ResourceChange::Deactivated,
        Effect::ActivateKey => ResourceChange::Activated,
        Effect::DeleteKey => ResourceChange::Deleted,
        Effect::ReplaceKey => ResourceChange::Replaced,
        Effect::ChangeTrust => ResourceChange::TrustChanged,
        Effect::DenySubnet => ResourceChange::Denied,
        Effect::AllowSubnet => ResourceChange::Allowed,
        _ => return None,
    })
}

fn impossible(reason: Impossible) -> EffectResult {
    EffectResult::Impossible { reason: reason.into() }
}
