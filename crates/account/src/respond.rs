//! Responses: what they do to the world, one effect after the other, and what follows from it by the world's own rules. Changes
//! to resources have their rules in `resources`, those to instances in `fleet`.
//!
//! A response takes its time. Whether it can be done is looked at when it begins and again when it ends: the instance may be
//! gone by then.

use super::SimWorld;
use super::agenda::{Due, InstanceDue, Response};
use super::breaks::Mend;
use super::cause::Cause;
use super::chance::Purpose;
use super::deed::{Aimed, Care, Deed, Plain, deed_of};
use super::fleet::Changes;
use super::responders::Actor;
use firedrill_model::event::{
    ActionEvent, ActionState, EffectResult, EvidenceKind, GroupChange, InstanceState, Obstacle, ResourceChange,
    WorldEvent,
};
use firedrill_model::id::{ActionId, ChannelId, ServiceId, TargetId};
use firedrill_model::scenario::{Action, Effect, InstanceChange, ResourceKind, Sight};
use firedrill_model::{DrillTime, Span};

impl Cause {
    /// As whoever calls an API.
    fn actor(&self) -> Actor<'_> {
        match self {
            Self::Response(run) => Actor::Response(*run),
            Self::Automation(id, run) => Actor::Automation(id, *run),
        }
    }
}

/// A group looks at its zones so long after they became uneven (assumed).
const LOOKS_AT_ZONES: Span = Span::from_secs(60);

type Effected = Result<EffectResult, Obstacle>;

impl SimWorld {
    /// A response begins. One that can't be done at all ends at once and says why.
    pub(super) fn begin_response(&mut self, run: u32, action: &ActionId, target: Option<&TargetId>, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.actions.iter().find(|other| other.id == *action) else {
            self.say_started(run, at, at);
            self.say_done(run, vec![impossible(Obstacle::NoSuchResponse)], at);
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
    fn all_obstacles(&self, plan: &Action, target: Option<&TargetId>) -> Option<Vec<Obstacle>> {
        let access = self.lacks_access(plan);
        let reasons: Option<Vec<_>> =
            plan.effects.iter().map(|effect| access.clone().or_else(|| self.can(effect, target).err())).collect();
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
    fn lacks_access(&self, plan: &Action) -> Option<Obstacle> {
        let shut = plan.needs_open.as_ref().is_some_and(|group| !self.resources.lets_trusted_in(group));
        shut.then_some(Obstacle::ShutOut)
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
        for (place, effect) in effects.iter().enumerate() {
            let result = self.can(effect, target).and_then(|()| self.effect(effect, target, cause, at));
            if let Ok(result) = &result {
                self.log_calls((place, effect), (target, result), cause.actor(), at);
            }
            results.push(result.unwrap_or_else(impossible));
        }
        results
    }

    /// Why an effect can't happen now, if so.
    pub(super) fn can(&self, effect: &Effect, target: Option<&TargetId>) -> Result<(), Obstacle> {
        match deed_of(effect) {
            Deed::Plain(deed) => self.can_plainly(deed),
            Deed::Aimed(deed) => self.can_do(deed, target.ok_or(Obstacle::NoTarget)?),
        }
    }

    fn can_plainly(&self, deed: Plain<'_>) -> Result<(), Obstacle> {
        match deed {
            Plain::TurnOn(log) => {
                if self.evidence.records(log) {
                    Err(Obstacle::LogOnAlready)
                } else {
                    Ok(())
                }
            }
            Plain::TurnOnDetector(detector) => {
                if self.detection.is_on(detector) {
                    Err(Obstacle::DetectorOnAlready)
                } else {
                    Ok(())
                }
            }
            Plain::TurnOff(what) => {
                if self.works(what) {
                    Ok(())
                } else {
                    Err(Obstacle::StoppedSightAlready)
                }
            }
            Plain::Findings(..)
            | Plain::Log(..)
            | Plain::Status(..)
            | Plain::Block(..)
            | Plain::Tell
            | Plain::Confirm => Ok(()),
        }
    }

    fn can_do(&self, deed: Aimed<'_>, id: &TargetId) -> Result<(), Obstacle> {
        match deed {
            Aimed::Change(change) => self.resources.can(change, id),
            Aimed::Restore(from) => {
                self.resources.can(ResourceChange::Restored, id)?;
                self.resources.can_restore_from(from)
            }
            Aimed::ClosePort => self.resources.can_close(id),
            Aimed::CopySnapshot => self.resources.can_copy(id),
            Aimed::Snapshot => self.can_snapshot(id),
            Aimed::CopyEvidence => self.can_copy_evidence(id),
            Aimed::EndLaunched => self.principal(id).and_then(|()| self.can_end_launched(id)),
            Aimed::Memory | Aimed::RemoveImplant => self.can_reach(id),
            Aimed::Instance(change) => self.fleet.can_change(id, change),
            Aimed::Scan(detector) => self.can_scan(detector, id, self.now),
            Aimed::Capacity(by) => {
                let service = self.fleet.group(id).ok_or(Obstacle::NoSuchGroup)?;
                self.fleet.capacity_after(service, by).map(|_| ())
            }
            Aimed::Replacement(change) => self.can_change_group(change, id),
            Aimed::Revoke => self.principal(id),
            Aimed::Channel(Care::Test | Care::Repair) => self.channel(id).map(|_| ()),
            Aimed::Automation(Care::Test | Care::Repair) => self.can_mend_automation(id),
        }
    }

    fn effect(&mut self, effect: &Effect, target: Option<&TargetId>, cause: &Cause, at: DrillTime) -> Effected {
        match deed_of(effect) {
            Deed::Plain(deed) => Ok(self.plainly(deed, at)),
            Deed::Aimed(deed) => self.done_to(deed, target.ok_or(Obstacle::NoTarget)?, cause, at),
        }
    }

    /// An effect that is not done to anything.
    fn plainly(&mut self, deed: Plain<'_>, at: DrillTime) -> EffectResult {
        match deed {
            Plain::Findings(detector) => EffectResult::Findings { findings: self.detection.findings(detector) },
            Plain::Log(log) => {
                self.read_history(log, at);
                EffectResult::Log { records: self.evidence.delivered(log) }
            }
            Plain::Block(domains) => {
                self.resources.block(domains);
                EffectResult::NamesBlocked { domains: domains.to_vec() }
            }
            Plain::TurnOn(log) => {
                self.log_turned_on(log, at);
                self.works_again(&Sight::Log(log), at);
                EffectResult::LogOn { log }
            }
            Plain::TurnOnDetector(detector) => {
                self.detector_turned_on(detector, at);
                EffectResult::DetectorOn { detector: detector.clone() }
            }
            Plain::TurnOff(what) => {
                self.plan_stop(what, at);
                EffectResult::TurnedOff { what: what.clone() }
            }
            Plain::Status(of) => EffectResult::Status { of: of.clone(), works: self.works(of) },
            Plain::Tell => EffectResult::Told,
            Plain::Confirm => EffectResult::Steady { yes: self.is_steady(at) },
        }
    }

    /// An effect on a target: an instance, a group, credentials, a resource, a channel or an automation.
    fn done_to(&mut self, deed: Aimed<'_>, id: &TargetId, cause: &Cause, at: DrillTime) -> Effected {
        match deed {
            Aimed::Change(change) => Ok(self.resource_changed(change, id, cause, at)),
            Aimed::Restore(..) => Ok(self.resource_changed(ResourceChange::Restored, id, cause, at)),
            Aimed::ClosePort => {
                self.resources.close(id);
                Ok(EffectResult::PortClosed)
            }
            Aimed::CopySnapshot => {
                self.resources.copy(id);
                Ok(EffectResult::Captured { evidence: EvidenceKind::Backup, of: id.clone() })
            }
            Aimed::Snapshot => self.take(EvidenceKind::Disk, id),
            Aimed::Memory => self.take(EvidenceKind::Memory, id),
            Aimed::CopyEvidence => self.copy_evidence(id),
            Aimed::EndLaunched => Ok(self.end_launched(id)),
            Aimed::Instance(change) => self.change_instance(change, id, cause, at),
            Aimed::RemoveImplant => self.remove_implant(id),
            Aimed::Scan(detector) => {
                self.scan(detector, id, at);
                Ok(EffectResult::ScanBegun { detector: detector.clone(), instance: id.clone() })
            }
            Aimed::Capacity(by) => self.change_capacity(by, id, cause, at),
            Aimed::Replacement(change) => self.change_group(change, id, at),
            Aimed::Revoke => Ok(self.revoke(id, at)),
            Aimed::Channel(care) => self.channel_cared_for(care, id, at),
            Aimed::Automation(care) => Ok(self.automation_cared_for(care, id)),
        }
    }

    /// The way of a finding to people is tried or mended.
    fn channel_cared_for(&mut self, care: Care, id: &TargetId, at: DrillTime) -> Effected {
        let channel = self.channel(id)?;
        Ok(match care {
            Care::Test => EffectResult::ChannelTested { arrives: self.detection.arrives(&channel) },
            Care::Repair => {
                self.detection.repair(&channel);
                self.works_again(&Sight::Channel(channel), at);
                EffectResult::ChannelRepaired
            }
        })
    }

    /// The way of a finding to an automation is tried or mended.
    fn automation_cared_for(&mut self, care: Care, id: &TargetId) -> EffectResult {
        match care {
            Care::Test => EffectResult::AutomationTested { works: self.automations.runs(&self.scenario, id) },
            Care::Repair => {
                self.automations.repair(id);
                EffectResult::AutomationRepaired
            }
        }
    }

    /// All signals of the steady state have held for its time.
    fn is_steady(&self, at: DrillTime) -> bool {
        self.steady_since.is_some_and(|since| at.since(since) >= self.scenario.steady_state.hold)
    }

    fn can_snapshot(&self, id: &TargetId) -> Result<(), Obstacle> {
        let machine = self.fleet.machine(id).ok_or(Obstacle::NoSuchInstance)?;
        if machine.state == InstanceState::Terminated {
            return Err(Obstacle::VolumeGone);
        }
        Ok(())
    }

    fn can_copy_evidence(&self, id: &TargetId) -> Result<(), Obstacle> {
        let machine = self.fleet.machine(id).ok_or(Obstacle::NoSuchInstance)?;
        if machine.copied {
            return Err(Obstacle::CopiedAlready);
        }
        if machine.captured.contains(&EvidenceKind::Disk) { Ok(()) } else { Err(Obstacle::NoSnapshot) }
    }

    fn copy_evidence(&mut self, id: &TargetId) -> Effected {
        self.fleet.machine_mut(id).ok_or(Obstacle::NoSuchInstance)?.copied = true;
        Ok(EffectResult::EvidenceCopied { of: id.clone() })
    }

    /// Whoever works on an instance gets there through Systems Manager.
    fn can_reach(&self, id: &TargetId) -> Result<(), Obstacle> {
        let machine = self.fleet.machine(id).ok_or(Obstacle::NoSuchInstance)?;
        match machine.state {
            InstanceState::Terminated => Err(Obstacle::InstanceTerminated),
            InstanceState::Stopped => Err(Obstacle::MemoryGone),
            InstanceState::Booting => Err(Obstacle::InstanceBooting),
            InstanceState::InService
            | InstanceState::Unhealthy
            | InstanceState::Deregistered
            | InstanceState::Standby
            | InstanceState::Detached => {
                if machine.isolated {
                    Err(Obstacle::UnreachableIsolated)
                } else if machine.denied {
                    Err(Obstacle::UnreachableDenied)
                } else if self.has_lost_its_role(machine) {
                    Err(Obstacle::UnreachableWithoutRole)
                } else {
                    Ok(())
                }
            }
        }
    }

    fn principal(&self, id: &TargetId) -> Result<(), Obstacle> {
        let kind = self.scenario.resource(id).map(|resource| resource.kind);
        let known = matches!(kind, Some(ResourceKind::Role | ResourceKind::User));
        if known { Ok(()) } else { Err(Obstacle::NoSuchResource) }
    }

    fn channel(&self, id: &TargetId) -> Result<ChannelId, Obstacle> {
        let channel = self.scenario.channels.iter().find(|channel| channel.id.as_str() == id.as_str());
        channel.map(|channel| channel.id.clone()).ok_or(Obstacle::NoSuchChannel)
    }

    fn take(&mut self, evidence: EvidenceKind, id: &TargetId) -> Effected {
        let machine = self.fleet.machine_mut(id).ok_or(Obstacle::NoSuchInstance)?;
        if !machine.captured.contains(&evidence) {
            machine.captured.push(evidence);
        }
        Ok(EffectResult::Captured { evidence, of: id.clone() })
    }

    fn remove_implant(&mut self, id: &TargetId) -> Effected {
        let machine = self.fleet.machine_mut(id).ok_or(Obstacle::NoSuchInstance)?;
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
        self.fleet.now = at;
        let changes = self.fleet.change(id, change, cause.of_instance())?;
        self.follow(changes, at);
        match change {
            InstanceChange::RenewProfile => self.set_renewed(id, at),
            InstanceChange::RestartProcesses | InstanceChange::Start => self.new_copy(id, at),
            InstanceChange::Isolate
            | InstanceChange::IsolateAndCut
            | InstanceChange::Standby
            | InstanceChange::ExitStandby
            | InstanceChange::Deregister
            | InstanceChange::Register
            | InstanceChange::Detach
            | InstanceChange::Stop
            | InstanceChange::Terminate
            | InstanceChange::ProtectTermination
            | InstanceChange::KeepVolume
            | InstanceChange::FreeDisk => {}
        }
        if let Some(mend) = Mend::of(change) {
            self.mend(mend, id);
        }
        // Connections are being tracked as long as the instance runs and nothing has cut them.
        let tracked_alive = change == InstanceChange::Isolate
            && self.fleet.machine(id).is_some_and(|machine| machine.runs() && !machine.cut && !machine.denied);
        Ok(EffectResult::Changed { change, instance: id.clone(), tracked_alive })
    }

    fn change_capacity(&mut self, by: i32, id: &TargetId, cause: &Cause, at: DrillTime) -> Effected {
        self.fleet.now = at;
        let service = self.fleet.group(id).ok_or(Obstacle::NoSuchGroup)?;
        let (desired, changes) = self.fleet.change_capacity(service, by, cause.of_instance())?;
        self.follow(changes, at);
        Ok(EffectResult::Capacity { desired })
    }

    fn can_change_group(&self, change: GroupChange, id: &TargetId) -> Result<(), Obstacle> {
        let service = self.fleet.group(id).ok_or(Obstacle::NoSuchGroup)?;
        let (suspended, uneven) = (self.fleet.is_suspended(service), self.fleet.stays_uneven(service));
        let unless = |hindered: bool, why: Obstacle| if hindered { Err(why) } else { Ok(()) };
        match change {
            GroupChange::ReplacementSuspended => unless(suspended, Obstacle::SuspendedAlready),
            GroupChange::ReplacementResumed => unless(!suspended, Obstacle::NotSuspended),
            GroupChange::RebalancingSuspended => unless(uneven, Obstacle::RebalancingSuspendedAlready),
            GroupChange::RebalancingResumed => unless(!uneven, Obstacle::RebalancingNotSuspended),
            GroupChange::Replaced | GroupChange::RolledBack => Ok(()),
        }
    }

    fn change_group(&mut self, change: GroupChange, id: &TargetId, at: DrillTime) -> Effected {
        let service = self.fleet.group(id).ok_or(Obstacle::NoSuchGroup)?;
        self.fleet.now = at;
        let changes = match change {
            GroupChange::ReplacementSuspended => self.fleet.suspend(service, true),
            GroupChange::ReplacementResumed => self.fleet.suspend(service, false),
            GroupChange::RebalancingSuspended => self.fleet.leave_uneven(service, true),
            GroupChange::RebalancingResumed => self.fleet.leave_uneven(service, false),
            GroupChange::Replaced => self.fleet.refresh(service),
            GroupChange::RolledBack => {
                self.mend(Mend::Release, id);
                Changes::default()
            }
        };
        self.follow(changes, at);
        Ok(EffectResult::GroupChanged { change, group: id.clone() })
    }

    /// Says what happened to instances and plans what follows.
    pub(super) fn follow(&mut self, changes: Changes, at: DrillTime) {
        for event in changes.events {
            self.say(at, WorldEvent::Instance(event));
        }
        for (id, due, when) in changes.due {
            if due == InstanceDue::Drained && !self.has_sessions_through_balancers() {
                continue;
            }
            self.agenda.plan(when, Due::Instance(id, due));
        }
        for (id, launched) in changes.by_group {
            self.log_group_call(&id, launched, at);
        }
        for service in changes.uneven {
            self.agenda.plan_in(at, LOOKS_AT_ZONES, Due::Even(service));
        }
        for service in changes.refused {
            self.launch_refused(service, at);
        }
        for (service, kept) in changes.kept {
            self.workload.lose(service, kept, at.0);
        }
        self.review_roles(at);
    }

    fn say_started(&mut self, run: u32, until: DrillTime, at: DrillTime) {
        self.say(at, WorldEvent::Action(ActionEvent { run, state: ActionState::Started { until } }));
    }

    fn say_done(&mut self, run: u32, results: Vec<EffectResult>, at: DrillTime) {
        self.say(at, WorldEvent::Action(ActionEvent { run, state: ActionState::Done { results } }));
    }
}

fn impossible(because: Obstacle) -> EffectResult {
    EffectResult::Impossible { because }
}
