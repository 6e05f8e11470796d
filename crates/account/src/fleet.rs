//! Auto scaling groups and the instances that they keep. What the load balancer finds out about these is in `balancer`.
//!
//! Rules (Amazon EC2 Auto Scaling user guide: health checks, standby, detach, suspending processes, scale-in): a group replaces what it
//! loses; a member that leaves the state `running` is terminated and replaced, whatever the health type; one that only the load
//! balancer can't reach is so only where the group goes by the balancer's checks; an instance on standby is left alone and the desired
//! capacity is lowered by one, unless that is the minimum; a detached one is forgotten and replaced at once. Where zones have become
//! uneven by that, the group launches one where fewest are, and terminates one elsewhere once that serves (`AZRebalance`). Who suspends
//! `ReplaceUnhealthy` keeps it from replacing, and when it is resumed, it ends what was marked meanwhile. Scaling in takes an
//! instance that still boots, else the oldest of the zone that has most. Termination protection doesn't bind the group.
//!
//! A new instance comes up in the zone with the fewest, also while a network ACL denies the traffic there: that is no failed launch,
//! for which the group would try another zone (EC2 Auto Scaling API reference, `AvailabilityZoneDistribution`). It fails its checks
//! and, where the group goes by these, is replaced in turn. After some in a row that never served, the group rests until traffic is allowed or somebody changes its
//! capacity; EC2 does so after a day (user guide, administrative suspension), here it is sooner, so that a drill stays bounded.

use super::agenda::InstanceDue;
use super::chance::{Chance, Purpose};
use super::machine::Machine;
use firedrill_model::event::{InstanceCause, InstanceEvent, InstanceState, Obstacle};
use firedrill_model::id::{ServiceId, TargetId};
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Balancer, Group, GroupHealth, InstanceChange};
use firedrill_model::{DrillTime, SafeText, Span};

/// A group never has more instances than these, whatever the scenario says.
pub(super) const MOST_INSTANCES: u32 = 100;

/// So many instances in a row may fail their checks before they ever served; then the group rests.
pub(super) const MOST_IN_VAIN: u32 = 10;

/// A group at work.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Keeper {
    pub desired: u32,
    /// Members that were stopped and are not replaced yet.
    pub stopped: Vec<TargetId>,
    pub launched: u64,
    /// Replacements in a row that never served.
    pub in_vain: u32,
    /// `ReplaceUnhealthy` is suspended.
    pub suspended: bool,
    /// Members that were found unhealthy meanwhile.
    pub marked: Vec<TargetId>,
    /// Members that are still to be replaced, one after the other.
    pub refreshing: Vec<TargetId>,
    /// It wants one more for as long as a new one boots.
    pub surge: bool,
    /// `AZRebalance` is suspended.
    pub uneven: bool,
    /// It will look whether its zones are even.
    pub looks: bool,
    /// It has one more for as long as one boots that evens its zones out.
    pub evening: bool,
    /// It was refused a launch, and will try again.
    pub retries: bool,
    /// How often it was refused one.
    pub refused: u64,
}

impl Keeper {
    fn new(desired: usize) -> Self {
        Self {
            desired: u32::try_from(desired).unwrap_or(u32::MAX),
            stopped: Vec::new(),
            launched: 0,
            in_vain: 0,
            suspended: false,
            marked: Vec::new(),
            refreshing: Vec::new(),
            surge: false,
            uneven: false,
            looks: false,
            evening: false,
            retries: false,
            refused: 0,
        }
    }
}

/// A service as its fleet knows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kept {
    pub id: ServiceId,
    pub group: Group,
    pub balancer: Balancer,
    /// Mean own work on a request, in seconds.
    pub own: f64,
}

/// What a change of the fleet brings.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Changes {
    /// Events in order.
    pub events: Vec<InstanceEvent>,
    /// What is due about instances, and when.
    pub due: Vec<(TargetId, InstanceDue, DrillTime)>,
    /// Instances that their group launched or terminated itself, and whether it launched them.
    pub by_group: Vec<(TargetId, bool)>,
    /// Services whose requests were lost with an instance, and the share that is left.
    pub kept: Vec<(usize, f64)>,
    /// Services whose group has uneven zones.
    pub uneven: Vec<usize>,
    /// Services whose group was refused a launch.
    pub refused: Vec<usize>,
}

impl Changes {
    /// Plans something about an instance.
    pub(super) fn plan(&mut self, id: &TargetId, due: InstanceDue, at: DrillTime) {
        self.due.push((id.clone(), due, at));
    }
}

/// All instances, in the order of their launch, and their groups.
#[derive(Debug, Clone)]
pub(super) struct Fleet {
    pub machines: Vec<Machine>,
    pub keepers: Vec<Keeper>,
    pub services: Vec<Kept>,
    /// Zones whose network ACL denies all traffic.
    pub denied: Vec<SafeText>,
    /// Virtual CPUs that may run in the account, and those of instances that are not the workload's.
    pub quota: Option<u32>,
    pub foreign: u32,
    pub chance: Chance,
    /// The moment that is looked at.
    pub now: DrillTime,
}

impl Fleet {
    /// The fleet at the start.
    pub(super) fn new(scenario: &Scenario, chance: Chance) -> Self {
        let mut machines = Vec::new();
        for (place, service) in scenario.services.iter().enumerate() {
            machines.extend(service.instances.iter().map(|instance| Machine {
                zone: instance.zone.clone(),
                address: instance.address.clone(),
                ..Machine::new(instance.id.clone(), place, service.id.clone(), InstanceState::InService)
            }));
        }
        let keepers = scenario.services.iter().map(|service| Keeper::new(service.instances.len()));
        let services = scenario.services.iter().map(|service| Kept {
            id: service.id.clone(),
            group: service.group.clone(),
            balancer: service.balancer.clone(),
            own: service.service_time.as_secs_f64(),
        });
        Self {
            machines,
            keepers: keepers.collect(),
            services: services.collect(),
            denied: Vec::new(),
            quota: scenario.account.standard_vcpus,
            foreign: 0,
            chance,
            now: DrillTime::ZERO,
        }
    }

    /// The events that say what is there at the start.
    pub(super) fn initial(&self) -> Vec<InstanceEvent> {
        self.machines.iter().map(|machine| machine.event(InstanceCause::Initial, Vec::new())).collect()
    }

    pub(super) fn machine(&self, id: &TargetId) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.id == *id)
    }

    pub(super) fn machine_mut(&mut self, id: &TargetId) -> Option<&mut Machine> {
        self.machines.iter_mut().find(|machine| machine.id == *id)
    }

    /// Instances of a service that take requests.
    pub(super) fn serving(&self, service: usize) -> impl Iterator<Item = &Machine> {
        self.machines.iter().filter(move |machine| machine.service == service && machine.serves())
    }

    /// The group behind a target.
    pub(super) fn group(&self, id: &TargetId) -> Option<usize> {
        self.services.iter().position(|service| service.group.id == *id)
    }

    /// A network ACL denies all traffic of a zone, or allows it again. The load balancer's checks find that out.
    pub(super) fn set_denied(&mut self, zone: &SafeText, denied: bool, cause: InstanceCause) -> Changes {
        let mut changes = Changes::default();
        self.denied.retain(|other| other != zone);
        if denied {
            self.denied.push(zone.clone());
        }
        let there: Vec<TargetId> =
            self.machines.iter().filter(|machine| machine.zone == *zone).map(|machine| machine.id.clone()).collect();
        for id in there {
            if denied {
                self.lose_requests(&id, &mut changes);
            }
            if let Some(machine) = self.machine_mut(&id) {
                machine.denied = denied;
            }
            self.checks_change(&id, cause, &mut changes);
        }
        if !denied {
            for service in 0..self.keepers.len() {
                self.try_again(service, &mut changes);
            }
        }
        changes
    }

    /// A group that rested because its instances failed in vain launches again.
    fn try_again(&mut self, service: usize, changes: &mut Changes) {
        let rested =
            self.keepers.get_mut(service).is_some_and(|keeper| core::mem::take(&mut keeper.in_vain) >= MOST_IN_VAIN);
        if rested {
            self.keep(service, InstanceCause::Group, changes);
        }
    }

    /// A new instance has booted, and passes its first check. One that was isolated meanwhile, or that nothing can reach, doesn't.
    pub(super) fn booted(&mut self, id: &TargetId) -> Changes {
        let mut changes = Changes::default();
        let Some(machine) = self.machine(id).filter(|machine| machine.state == InstanceState::Booting) else {
            return changes;
        };
        let service = machine.service;
        if machine.passes_checks() {
            self.enter(id, InstanceState::InService, InstanceCause::Group, &mut changes);
            self.evened(service, &mut changes);
            self.refreshed(service, &mut changes);
        } else {
            self.fails_checks(id, InstanceCause::Group, &mut changes);
        }
        changes
    }

    /// The group has found an instance unhealthy: it terminates and replaces it, if it still is and never was healthy in between.
    pub(super) fn found_unhealthy(&mut self, id: &TargetId, spell: u32) -> Changes {
        let mut changes = Changes::default();
        let Some(machine) = self.machine(id).filter(|machine| machine.spells == spell) else { return changes };
        let (service, state) = (machine.service, machine.state);
        let Some(keeper) = self.keepers.get_mut(service) else { return changes };
        let member = keeper.stopped.contains(id);
        if state != InstanceState::Unhealthy && !(state == InstanceState::Stopped && member) {
            return changes;
        }
        if keeper.suspended {
            keeper.marked.push(id.clone());
        } else {
            self.replace(id, &mut changes);
        }
        changes
    }

    /// A response changes an instance.
    pub(super) fn change(
        &mut self,
        id: &TargetId,
        change: InstanceChange,
        cause: InstanceCause,
    ) -> Result<Changes, Obstacle> {
        self.can_change(id, change)?;
        let mut changes = Changes::default();
        let Some(service) = self.machine(id).map(|machine| machine.service) else { return Ok(changes) };
        match change {
            InstanceChange::Isolate | InstanceChange::IsolateAndCut => self.isolate(id, change, cause, &mut changes),
            InstanceChange::Standby => {
                self.enter(id, InstanceState::Standby, cause, &mut changes);
                self.want(service, -1);
            }
            InstanceChange::ExitStandby => {
                self.want(service, 1);
                self.enter(id, InstanceState::Booting, cause, &mut changes);
                changes.plan(id, InstanceDue::Booted, self.first_check(id));
            }
            InstanceChange::Deregister => self.enter(id, InstanceState::Deregistered, cause, &mut changes),
            InstanceChange::Register => {
                self.enter(id, InstanceState::Booting, cause, &mut changes);
                changes.plan(id, InstanceDue::Booted, self.first_check(id));
            }
            InstanceChange::Detach => self.enter(id, InstanceState::Detached, cause, &mut changes),
            InstanceChange::Stop => self.stop(id, cause, &mut changes),
            InstanceChange::Start => self.start(id, cause, &mut changes),
            InstanceChange::Terminate => {
                self.lose_requests(id, &mut changes);
                self.enter(id, InstanceState::Terminated, cause, &mut changes);
            }
            InstanceChange::ProtectTermination => self.set(id, |machine, _| machine.protected = true),
            InstanceChange::KeepVolume => self.set(id, |machine, _| machine.keeps_volume = true),
            InstanceChange::RenewProfile => self.set(id, |machine, now| machine.profile_since = Some(now)),
            // What its processes have from then on, `sessions` says; what that mends, `breaks`.
            InstanceChange::RestartProcesses | InstanceChange::FreeDisk => {}
        }
        self.keep(service, InstanceCause::Group, &mut changes);
        Ok(changes)
    }

    /// Says whether as many instances of a group serve as it wants.
    pub(super) fn has_what_it_wants(&self, service: usize) -> bool {
        let wanted = self.keepers.get(service).map_or(0, |keeper| keeper.desired);
        u32::try_from(self.serving(service).count()).is_ok_and(|there| there >= wanted)
    }

    fn set(&mut self, id: &TargetId, change: impl FnOnce(&mut Machine, DrillTime)) {
        let now = self.now;
        if let Some(machine) = self.machine_mut(id) {
            change(machine, now);
        }
    }

    fn want(&mut self, service: usize, by: i32) {
        if let Some(keeper) = self.keepers.get_mut(service) {
            keeper.desired = keeper.desired.saturating_add_signed(by);
        }
    }

    /// Says why a change can't be made, if so.
    pub(super) fn can_change(&self, id: &TargetId, change: InstanceChange) -> Result<(), Obstacle> {
        let machine = self.machine(id).ok_or(Obstacle::NoSuchInstance)?;
        if machine.state == InstanceState::Terminated {
            return Err(Obstacle::InstanceTerminated);
        }
        let unless = |hindered: bool, why: Obstacle| if hindered { Err(why) } else { Ok(()) };
        let only = |state: InstanceState, why: Obstacle| unless(machine.state != state, why);
        let running = || unless(machine.state == InstanceState::Stopped, Obstacle::InstanceStopped);
        match change {
            InstanceChange::Isolate => unless(machine.isolated, Obstacle::InstanceIsolatedAlready),
            InstanceChange::IsolateAndCut => unless(machine.cut, Obstacle::InstanceCutOffAlready),
            InstanceChange::Standby => {
                unless(machine.state == InstanceState::Standby, Obstacle::OnStandbyAlready)?;
                machine.can_leave()?;
                self.capacity_after(machine.service, -1).map(|_| ())
            }
            InstanceChange::ExitStandby => {
                only(InstanceState::Standby, Obstacle::NotOnStandby)?;
                self.capacity_after(machine.service, 1).map(|_| ())
            }
            InstanceChange::Deregister => unless(!machine.is_registered(), Obstacle::NotRegistered),
            InstanceChange::Register => only(InstanceState::Deregistered, Obstacle::RegisteredAlready),
            InstanceChange::Detach => machine.can_leave(),
            InstanceChange::Stop => unless(machine.state == InstanceState::Stopped, Obstacle::StoppedAlready),
            InstanceChange::Start => only(InstanceState::Stopped, Obstacle::InstanceRuns),
            InstanceChange::Terminate => unless(machine.protected, Obstacle::TerminationProtected),
            InstanceChange::ProtectTermination => unless(machine.protected, Obstacle::ProtectedAlready),
            InstanceChange::KeepVolume => unless(machine.keeps_volume, Obstacle::VolumeKeptAlready),
            InstanceChange::RenewProfile | InstanceChange::RestartProcesses | InstanceChange::FreeDisk => running(),
        }
    }

    /// Changes the desired capacity of a group.
    pub(super) fn change_capacity(
        &mut self,
        service: usize,
        by: i32,
        cause: InstanceCause,
    ) -> Result<(u32, Changes), Obstacle> {
        let desired = self.capacity_after(service, by)?;
        let mut changes = Changes::default();
        if let Some(keeper) = self.keepers.get_mut(service) {
            keeper.desired = desired;
            keeper.in_vain = 0;
        }
        self.keep(service, cause, &mut changes);
        Ok((desired, changes))
    }

    /// What the desired capacity would be, if the group's limits allow it.
    pub(super) fn capacity_after(&self, service: usize, by: i32) -> Result<u32, Obstacle> {
        let keeper = self.keepers.get(service).ok_or(Obstacle::NoSuchGroup)?;
        let (least, most) =
            self.services.get(service).map_or((0, 0), |kept| (kept.group.min, kept.group.max.min(MOST_INSTANCES)));
        let desired = keeper.desired.checked_add_signed(by).ok_or(Obstacle::GroupAtZero)?;
        if by < 0 && desired < least {
            return Err(Obstacle::GroupAtMinimum);
        }
        if by > 0 && desired > most {
            return Err(Obstacle::GroupAtMaximum);
        }
        Ok(desired)
    }

    fn isolate(&mut self, id: &TargetId, change: InstanceChange, cause: InstanceCause, changes: &mut Changes) {
        let cuts = change == InstanceChange::IsolateAndCut;
        if cuts {
            self.lose_requests(id, changes);
        }
        self.set(id, |machine, _| {
            machine.isolated = true;
            machine.cut |= cuts;
        });
        self.checks_change(id, cause, changes);
    }

    fn stop(&mut self, id: &TargetId, cause: InstanceCause, changes: &mut Changes) {
        self.lose_requests(id, changes);
        let Some(machine) = self.machine_mut(id) else { return };
        let (service, member) = (machine.service, machine.counts());
        machine.before_stop = machine.state;
        machine.spells += 1;
        let spell = machine.spells;
        self.enter(id, InstanceState::Stopped, cause, changes);
        if member {
            if let Some(keeper) = self.keepers.get_mut(service) {
                keeper.stopped.push(id.clone());
            }
            changes.plan(id, InstanceDue::Unhealthy(spell), self.group_acts(id));
        }
    }

    /// A stopped instance runs again: as a member whose group has not found out yet, on standby, or outside of a group.
    fn start(&mut self, id: &TargetId, cause: InstanceCause, changes: &mut Changes) {
        let now = self.now;
        let Some(machine) = self.machine_mut(id) else { return };
        let (service, before) = (machine.service, machine.before_stop);
        machine.spells += 1;
        machine.profile_since = Some(now);
        if let Some(keeper) = self.keepers.get_mut(service) {
            keeper.stopped.retain(|stopped| stopped != id);
        }
        let out = matches!(before, InstanceState::Standby | InstanceState::Detached | InstanceState::Deregistered);
        self.enter(id, if out { before } else { InstanceState::Booting }, cause, changes);
        if !out {
            changes.plan(id, InstanceDue::Booted, self.first_check(id));
        }
    }

    /// What an instance works on for customers is lost with it.
    fn lose_requests(&mut self, id: &TargetId, changes: &mut Changes) {
        let Some(machine) = self.machine(id) else { return };
        let service = machine.service;
        let rotation = self.in_rotation(service);
        let there = u32::try_from(rotation.len()).unwrap_or(u32::MAX);
        if rotation.iter().any(|machine| machine.id == *id) {
            changes.kept.push((service, 1.0 - 1.0 / f64::from(there)));
        }
    }

    /// When the group will have replaced a member that counts as unhealthy from now on.
    pub(super) fn group_acts(&self, id: &TargetId) -> DrillTime {
        let kept = self.machine(id).and_then(|machine| self.services.get(machine.service));
        let latency = kept.map(|kept| &kept.group.unhealthy_after);
        let takes =
            latency.map_or(Span::ZERO, |latency| self.chance.latency(latency, Purpose::Unhealthy, id.as_str(), 0));
        self.now + takes
    }

    /// Says whether a group goes by the load balancer's checks.
    pub(super) fn goes_by_balancer(&self, service: usize) -> bool {
        self.services.get(service).is_some_and(|kept| kept.group.health == GroupHealth::Elb)
    }

    /// Puts an instance into a state, with what follows for its evidence and its group.
    pub(super) fn enter(&mut self, id: &TargetId, state: InstanceState, cause: InstanceCause, changes: &mut Changes) {
        let now = self.now;
        let delay = self.machine(id).and_then(|machine| self.services.get(machine.service));
        let delay = delay.map_or(Span::ZERO, |kept| kept.balancer.deregistration_delay);
        let Some(machine) = self.machine_mut(id) else { return };
        let was_registered = machine.is_registered();
        let lost = machine.enter(state);
        machine.drained_at = (was_registered && machine.runs() && !machine.is_registered()).then(|| now + delay);
        let (service, drained, event) = (machine.service, machine.drained_at, machine.event(cause, lost));
        if let Some(until) = drained {
            changes.plan(id, InstanceDue::Drained, until);
        }
        if let Some(keeper) = self.keepers.get_mut(service) {
            match state {
                InstanceState::InService => keeper.in_vain = 0,
                InstanceState::Terminated => keeper.stopped.retain(|stopped| stopped != id),
                InstanceState::Booting
                | InstanceState::Unhealthy
                | InstanceState::Deregistered
                | InstanceState::Standby
                | InstanceState::Detached
                | InstanceState::Stopped => {}
            }
        }
        changes.events.push(event);
    }
}
