//! Instances and the auto scaling groups that keep them.
//!
//! Rules (Amazon EC2 Auto Scaling user guide: health checks, standby, detach, scale-in): a group replaces what it loses; a member
//! that fails the load balancer's health checks or is stopped is terminated and replaced after a while; an instance on standby is
//! left alone and the desired capacity is lowered by one; a detached one is forgotten and replaced at once. Scaling in takes an
//! instance that still boots, else the oldest of the zone that has most.
//!
//! A new instance comes up in the zone with the fewest, also while a network ACL denies the traffic there: that is no failed launch,
//! for which the group would try another zone (EC2 Auto Scaling API reference, `AvailabilityZoneDistribution`). It fails its checks
//! and is replaced in turn. After some in a row that never served, the group rests until traffic is allowed or somebody changes its
//! capacity; EC2 does so after a day (user guide, administrative suspension), here it is sooner, so that a drill stays bounded.

use super::chance::{Chance, Purpose};
use firedrill_model::event::{EvidenceKind, InstanceCause, InstanceEvent, InstanceState, Obstacle};
use firedrill_model::id::{ServiceId, TargetId};
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Group, InstanceChange};
use firedrill_model::{SafeText, Span};

/// A group never has more instances than these, whatever the scenario says.
const MOST_INSTANCES: u32 = 100;

/// So many instances in a row may fail their checks before they ever served; then the group rests.
const MOST_IN_VAIN: u32 = 10;

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Machine {
    pub id: TargetId,
    /// Place of its service.
    pub service: usize,
    /// Its service.
    pub serves_for: ServiceId,
    pub zone: SafeText,
    pub address: SafeText,
    pub state: InstanceState,
    /// Its security groups were swapped for one without rules.
    pub isolated: bool,
    /// Its connections were cut.
    pub cut: bool,
    /// A network ACL denies all its traffic.
    pub denied: bool,
    /// It has taken requests.
    served: bool,
    /// How often it began to fail its health checks.
    spells: u32,
    /// The adversary was here: there is evidence to lose.
    pub touched: bool,
    /// The adversary has left something here with which it can come back.
    pub implant: bool,
    /// Share of the CPU that the adversary takes.
    pub taken: f64,
    /// Evidence that was taken.
    pub captured: Vec<EvidenceKind>,
    /// Evidence that is gone.
    pub lost: Vec<EvidenceKind>,
}

impl Machine {
    /// An untouched instance; its zone and address are still to be said.
    fn new(id: TargetId, service: usize, serves_for: ServiceId, state: InstanceState) -> Self {
        Self {
            id,
            service,
            serves_for,
            zone: SafeText::default(),
            address: SafeText::default(),
            state,
            isolated: false,
            cut: false,
            denied: false,
            served: state == InstanceState::InService,
            spells: 0,
            touched: false,
            implant: false,
            taken: 0.0,
            captured: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Why it can't leave its group, or its group's care, if so.
    fn can_leave(&self) -> Result<(), Obstacle> {
        match self.state {
            InstanceState::Detached => Err(Obstacle::NotAMember),
            InstanceState::Booting => Err(Obstacle::InstanceBooting),
            InstanceState::Stopped => Err(Obstacle::InstanceStopped),
            InstanceState::Terminated => Err(Obstacle::InstanceTerminated),
            InstanceState::InService | InstanceState::Unhealthy | InstanceState::Standby => Ok(()),
        }
    }

    /// It runs, in whatever condition.
    pub(super) fn runs(&self) -> bool {
        !matches!(self.state, InstanceState::Stopped | InstanceState::Terminated)
    }

    /// It takes requests.
    pub(super) fn serves(&self) -> bool {
        self.state == InstanceState::InService
    }

    /// Its group counts it towards the desired capacity. A stopped member counts until the group has found out.
    fn counts(&self) -> bool {
        matches!(self.state, InstanceState::Booting | InstanceState::InService | InstanceState::Unhealthy)
    }
}

/// A group at work.
#[derive(Debug, Clone, PartialEq)]
struct Keeper {
    desired: u32,
    /// Members that were stopped and are not replaced yet.
    stopped: Vec<TargetId>,
    launched: u64,
    /// Replacements in a row that never served.
    in_vain: u32,
}

/// What a change of the fleet brings.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Changes {
    /// Events in order.
    pub events: Vec<InstanceEvent>,
    /// Instances that will have booted after this time.
    pub booting: Vec<(TargetId, Span)>,
    /// Instances that their group will have found unhealthy after this time, and which time it is that they fail.
    pub failing: Vec<(TargetId, u32, Span)>,
}

/// All instances, in the order of their launch, and their groups.
#[derive(Debug, Clone)]
pub(super) struct Fleet {
    pub machines: Vec<Machine>,
    keepers: Vec<Keeper>,
    services: Vec<(ServiceId, Group)>,
    /// Zones whose network ACL denies all traffic.
    denied: Vec<SafeText>,
    chance: Chance,
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
        let keepers = scenario.services.iter().map(|service| Keeper {
            desired: u32::try_from(service.instances.len()).unwrap_or(u32::MAX),
            stopped: Vec::new(),
            launched: 0,
            in_vain: 0,
        });
        let services = scenario.services.iter().map(|service| (service.id.clone(), service.group.clone()));
        Self { machines, keepers: keepers.collect(), services: services.collect(), denied: Vec::new(), chance }
    }

    /// The events that say what is there at the start.
    pub(super) fn initial(&self) -> Vec<InstanceEvent> {
        self.machines.iter().map(|machine| event(machine, InstanceCause::Initial, Vec::new())).collect()
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
        self.services.iter().position(|(_, group)| group.id == *id)
    }

    /// A network ACL denies all traffic of a zone, or allows it again. Whom the load balancer can't reach fails its checks; who can
    /// be reached again in time passes them.
    pub(super) fn set_denied(&mut self, zone: &SafeText, denied: bool, cause: InstanceCause) -> Changes {
        let mut changes = Changes::default();
        self.denied.retain(|other| other != zone);
        if denied {
            self.denied.push(zone.clone());
        }
        let there: Vec<TargetId> =
            self.machines.iter().filter(|machine| machine.zone == *zone).map(|machine| machine.id.clone()).collect();
        for id in there {
            let Some(machine) = self.machine_mut(&id) else { continue };
            machine.denied = denied;
            let next = match machine.state {
                InstanceState::InService if denied => InstanceState::Unhealthy,
                InstanceState::Unhealthy if !denied && !machine.isolated => InstanceState::InService,
                _ => continue,
            };
            self.enter(&id, next, cause, &mut changes);
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

    /// A new instance has booted. One that was isolated meanwhile, or that nothing can reach, fails its checks.
    pub(super) fn booted(&mut self, id: &TargetId) -> Changes {
        let mut changes = Changes::default();
        if self.machine(id).is_some_and(|machine| machine.state == InstanceState::Booting) {
            let cut_off = self.machine(id).is_some_and(|machine| machine.isolated || machine.denied);
            let state = if cut_off { InstanceState::Unhealthy } else { InstanceState::InService };
            self.enter(id, state, InstanceCause::Group, &mut changes);
        }
        changes
    }

    /// The group has found an instance unhealthy: it terminates and replaces it, if it still is and never was healthy in between.
    pub(super) fn found_unhealthy(&mut self, id: &TargetId, spell: u32) -> Changes {
        let mut changes = Changes::default();
        let Some(machine) = self.machine(id).filter(|machine| machine.spells == spell) else { return changes };
        let (service, served) = (machine.service, machine.served);
        let stopped_member = self.keepers.get(service).is_some_and(|keeper| keeper.stopped.contains(id));
        if machine.state == InstanceState::Unhealthy || (machine.state == InstanceState::Stopped && stopped_member) {
            self.enter(id, InstanceState::Terminated, InstanceCause::HealthCheck, &mut changes);
            if let Some(keeper) = self.keepers.get_mut(service).filter(|_| !served) {
                keeper.in_vain += 1;
            }
            self.keep(service, InstanceCause::Group, &mut changes);
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
                if let Some(keeper) = self.keepers.get_mut(service) {
                    keeper.desired = keeper.desired.saturating_sub(1);
                }
            }
            InstanceChange::Detach => self.enter(id, InstanceState::Detached, cause, &mut changes),
            InstanceChange::Stop => self.stop(id, cause, &mut changes),
            InstanceChange::Terminate => self.enter(id, InstanceState::Terminated, cause, &mut changes),
        }
        self.keep(service, InstanceCause::Group, &mut changes);
        Ok(changes)
    }

    /// Says why a change can't be made, if so.
    pub(super) fn can_change(&self, id: &TargetId, change: InstanceChange) -> Result<(), Obstacle> {
        let machine = self.machine(id).ok_or(Obstacle::NoSuchInstance)?;
        if machine.state == InstanceState::Terminated {
            return Err(Obstacle::InstanceTerminated);
        }
        let unless = |hindered: bool, why: Obstacle| if hindered { Err(why) } else { Ok(()) };
        match change {
            InstanceChange::Isolate => unless(machine.isolated, Obstacle::InstanceIsolatedAlready),
            InstanceChange::IsolateAndCut => unless(machine.cut, Obstacle::InstanceCutOffAlready),
            InstanceChange::Standby => {
                unless(machine.state == InstanceState::Standby, Obstacle::OnStandbyAlready)?;
                machine.can_leave()
            }
            InstanceChange::Detach => machine.can_leave(),
            InstanceChange::Stop => unless(machine.state == InstanceState::Stopped, Obstacle::StoppedAlready),
            InstanceChange::Terminate => Ok(()),
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
        let most = self.services.get(service).map_or(0, |(_, group)| group.max.min(MOST_INSTANCES));
        let desired = keeper.desired.checked_add_signed(by).ok_or(Obstacle::GroupAtZero)?;
        if by > 0 && desired > most {
            return Err(Obstacle::GroupAtMaximum);
        }
        Ok(desired)
    }

    fn isolate(&mut self, id: &TargetId, change: InstanceChange, cause: InstanceCause, changes: &mut Changes) {
        let Some(machine) = self.machine_mut(id) else { return };
        machine.isolated = true;
        machine.cut |= change == InstanceChange::IsolateAndCut;
        if machine.state == InstanceState::InService {
            self.enter(id, InstanceState::Unhealthy, cause, changes);
        }
    }

    fn stop(&mut self, id: &TargetId, cause: InstanceCause, changes: &mut Changes) {
        let Some(machine) = self.machine(id) else { return };
        let (service, member) = (machine.service, machine.counts());
        self.enter(id, InstanceState::Stopped, cause, changes);
        if member {
            if let Some(keeper) = self.keepers.get_mut(service) {
                keeper.stopped.push(id.clone());
            }
            self.begin_to_fail(id, changes);
        }
    }

    fn begin_to_fail(&mut self, id: &TargetId, changes: &mut Changes) {
        let after = self.unhealthy_after(id);
        if let Some(machine) = self.machine_mut(id) {
            machine.spells += 1;
            changes.failing.push((id.clone(), machine.spells, after));
        }
    }

    /// Puts an instance into a state, with what follows for its evidence and its group.
    fn enter(&mut self, id: &TargetId, state: InstanceState, cause: InstanceCause, changes: &mut Changes) {
        let Some(machine) = self.machine_mut(id) else { return };
        machine.state = state;
        let gone: &[EvidenceKind] = match state {
            InstanceState::Terminated => &[EvidenceKind::Disk, EvidenceKind::Memory],
            InstanceState::Stopped => &[EvidenceKind::Memory],
            _ => &[],
        };
        let lost: Vec<EvidenceKind> = gone
            .iter()
            .copied()
            .filter(|kind| machine.touched && !machine.captured.contains(kind) && !machine.lost.contains(kind))
            .collect();
        machine.lost.extend(&lost);
        machine.served |= state == InstanceState::InService;
        let (service, machine) = (machine.service, machine.clone());
        if let Some(keeper) = self.keepers.get_mut(service) {
            match state {
                InstanceState::InService => keeper.in_vain = 0,
                InstanceState::Terminated => keeper.stopped.retain(|stopped| stopped != id),
                _ => {}
            }
        }
        changes.events.push(event(&machine, cause, lost));
        if state == InstanceState::Unhealthy {
            self.begin_to_fail(id, changes);
        }
    }

    /// Launches and gives up instances until the group has what it wants.
    fn keep(&mut self, service: usize, cause: InstanceCause, changes: &mut Changes) {
        let Some(keeper) = self.keepers.get(service) else { return };
        let desired = usize::try_from(keeper.desired).unwrap_or(usize::MAX);
        let there = self.machines.iter().filter(|machine| machine.service == service && machine.counts()).count();
        let there = there + keeper.stopped.len();
        let missing = if keeper.in_vain >= MOST_IN_VAIN { 0 } else { desired.saturating_sub(there) };
        for _ in 0..missing {
            self.launch(service, cause, changes);
        }
        for _ in desired..there {
            if let Some(id) = self.one_too_many(service) {
                self.enter(&id, InstanceState::Terminated, cause, changes);
            }
        }
    }

    fn launch(&mut self, service: usize, cause: InstanceCause, changes: &mut Changes) {
        let Some((name, group)) = self.services.get(service) else { return };
        let Some(keeper) = self.keepers.get_mut(service) else { return };
        let (name, entity, count) = (name.clone(), name.as_str(), keeper.launched);
        keeper.launched += 1;
        let bits = self.chance.bits(Purpose::InstanceId, entity, count);
        let Ok(id) = TargetId::new(&format!("i-0{bits:016x}")) else { return };
        let boot = self.chance.latency(&group.boot, Purpose::Boot, entity, count);
        let zone = self.emptiest_zone(service);
        let machine = Machine {
            denied: self.denied.contains(&zone),
            address: self.free_address(&zone),
            zone,
            ..Machine::new(id.clone(), service, name, InstanceState::Booting)
        };
        changes.events.push(event(&machine, cause, Vec::new()));
        changes.booting.push((id, boot));
        self.machines.push(machine);
    }

    /// What scaling in takes: one that boots, else the oldest of the fullest zone.
    fn one_too_many(&self, service: usize) -> Option<TargetId> {
        let members = || self.machines.iter().filter(|machine| machine.service == service && machine.counts());
        if let Some(booting) = members().rfind(|machine| machine.state == InstanceState::Booting) {
            return Some(booting.id.clone());
        }
        let in_zone = |zone: &SafeText| members().filter(|machine| machine.zone == *zone).count();
        let most = members().map(|machine| in_zone(&machine.zone)).max()?;
        members().find(|machine| in_zone(&machine.zone) == most).map(|machine| machine.id.clone())
    }

    /// The zone of the service with the fewest members, the first of them on a tie.
    fn emptiest_zone(&self, service: usize) -> SafeText {
        let mut zones: Vec<&SafeText> = Vec::new();
        for machine in self.machines.iter().filter(|machine| machine.service == service) {
            if !zones.contains(&&machine.zone) {
                zones.push(&machine.zone);
            }
        }
        let members = |zone: &SafeText| {
            let there = |machine: &&Machine| machine.service == service && machine.counts() && machine.zone == *zone;
            self.machines.iter().filter(there).count()
        };
        zones.into_iter().min_by_key(|zone| members(zone)).cloned().unwrap_or_else(|| "zone-a".into())
    }

    /// An address in the same network as the others of the zone.
    fn free_address(&self, zone: &SafeText) -> SafeText {
        let network = self.machines.iter().find(|machine| machine.zone == *zone);
        let network = network.and_then(|machine| machine.address.as_str().rsplit_once('.').map(|(network, _)| network));
        let network = network.unwrap_or("10.0.0");
        let taken = |address: &str| self.machines.iter().any(|machine| machine.address.as_str() == address);
        let free = (100..=250_u8).map(|host| format!("{network}.{host}")).find(|address| !taken(address));
        SafeText::one_line(&free.unwrap_or_else(|| format!("{network}.251")))
    }

    fn unhealthy_after(&self, id: &TargetId) -> Span {
        let group = self.machine(id).and_then(|machine| self.services.get(machine.service)).map(|(_, group)| group);
        group
            .map_or(Span::ZERO, |group| self.chance.latency(&group.unhealthy_after, Purpose::Unhealthy, id.as_str(), 0))
    }
}

fn event(machine: &Machine, because: InstanceCause, evidence_lost: Vec<EvidenceKind>) -> InstanceEvent {
    InstanceEvent {
        instance: machine.id.clone(),
        service: machine.serves_for.clone(),
        zone: machine.zone.clone(),
        state: machine.state,
        because,
        evidence_lost,
    }
}
