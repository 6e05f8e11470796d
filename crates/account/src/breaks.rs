//! What breaks under a workload without anybody breaking in: instances that end, slow or lossy networks, full disks, used-up CPU, memory
//! and connections, a database that fails over, a bad release.
//!
//! What a stage breaks lies on the instances of its place for as long as it goes on, and ends when it is mended: processes restarted, the
//! disk freed, the release rolled back; or when the instance no longer runs. A replacement has nothing of what was wrong with the
//! instance, and all of what is wrong with the group. Sources: AWS FIS actions reference; EC2 Auto Scaling user guide (maintaining
//! the number of instances); RDS user guide (Multi-AZ failover).

use super::SimWorld;
use super::adversary::Course;
use super::fleet::Changes;
use super::machine::Machine;
use super::strain::{Strain, cpu};
use firedrill_model::DrillTime;
use firedrill_model::event::{InstanceCause, ResourceCause};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Break, InstanceChange, Stage};

/// What mends what is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mend {
    /// The processes are new.
    Processes,
    /// The disk has room.
    Disk,
    /// The release is the one from before.
    Release,
}

impl Mend {
    /// What a change of an instance mends.
    pub(super) fn of(change: InstanceChange) -> Option<Self> {
        match change {
            InstanceChange::RestartProcesses | InstanceChange::Start => Some(Self::Processes),
            InstanceChange::FreeDisk => Some(Self::Disk),
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
            | InstanceChange::RenewProfile => None,
        }
    }

    fn mends(self, what: &Break) -> bool {
        match what {
            Break::ExhaustCpu(_) | Break::ExhaustMemory(_) | Break::ExhaustConnections(_) => self == Self::Processes,
            Break::Fill(_) => self == Self::Disk,
            Break::Release(_) => self == Self::Release,
            Break::Terminate | Break::Slow(_) | Break::Lose(_) | Break::FailOver => false,
        }
    }
}

impl SimWorld {
    /// A stage that breaks something has begun: what is done once is done, after all that this moment leaves.
    pub(super) fn break_at(&mut self, stage: usize, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        let Some(on) = self.adversary.place(stage).cloned() else { return };
        if plan.breaks.contains(&Break::Terminate) {
            self.terminate_at(&on, at);
        }
        if plan.breaks.contains(&Break::FailOver) {
            self.resources.fail_over(&on, true);
            self.review_resources(&ResourceCause::Fault, at);
        }
        self.adversary.broke.insert(stage);
        self.review_adversary(at);
    }

    /// A stage that broke something is at its end.
    pub(super) fn mended_at(&mut self, plan: &Stage, on: &TargetId, at: DrillTime) {
        if plan.breaks.contains(&Break::FailOver) {
            self.resources.fail_over(on, false);
            self.review_resources(&ResourceCause::Fault, at);
        }
    }

    fn terminate_at(&mut self, on: &TargetId, at: DrillTime) {
        self.fleet.now = at;
        let there: Vec<TargetId> =
            self.at_place(on).filter(|machine| machine.runs()).map(|machine| machine.id.clone()).collect();
        for id in there {
            // One that is protected from it stays.
            if let Ok(changes) = self.fleet.change(&id, InstanceChange::Terminate, InstanceCause::Fault) {
                self.follow(changes, at);
            }
        }
    }

    /// Something was mended at a place: what it ends is over at the next review.
    pub(super) fn mend(&mut self, mend: Mend, at_place: &TargetId) {
        for (stage, plan) in self.scenario.stages.iter().enumerate() {
            let here = self.adversary.place(stage) == Some(at_place);
            if here && plan.breaks.iter().any(|what| mend.mends(what)) {
                self.adversary.mended.insert(stage);
            }
        }
    }

    /// Says whether what a stage breaks is still broken.
    pub(super) fn is_still_broken(&self, stage: usize, plan: &Stage, on: &TargetId) -> bool {
        let by_instance = self.fleet.machine(on).is_none_or(Machine::runs);
        plan.breaks.is_empty()
            || !self.adversary.mended.contains(&stage) && (by_instance || plan.breaks.contains(&Break::Terminate))
    }

    /// Says whether a stage that terminated something is over: the group has again what it wants.
    pub(super) fn has_recovered(&self, stage: usize, plan: &Stage, on: &TargetId) -> bool {
        let broke = plan.breaks.contains(&Break::Terminate) && self.adversary.broke.contains(&stage);
        let service = self.fleet.group(on).or_else(|| self.fleet.machine(on).map(|machine| machine.service));
        broke && service.is_none_or(|service| self.fleet.has_what_it_wants(service))
    }

    /// Ends stages whose group has replaced what they terminated.
    pub(super) fn end_recovered(&mut self, at: DrillTime) {
        let scenario = self.scenario.clone();
        for (stage, plan) in scenario.stages.iter().enumerate() {
            if let Some(on) = self.adversary.place(stage).cloned()
                && self.has_recovered(stage, plan, &on)
            {
                self.leave_stage(stage, &on, Course::Over, at);
            }
        }
    }

    /// Instances at a place: the one, or all of a group.
    fn at_place<'a>(&'a self, on: &'a TargetId) -> impl Iterator<Item = &'a Machine> + 'a {
        let service = self.fleet.group(on);
        self.fleet.machines.iter().filter(move |machine| machine.id == *on || Some(machine.service) == service)
    }

    /// Gives each instance what is taken of its CPU, and what else weighs on it.
    pub(super) fn spread_load(&mut self, at: DrillTime) {
        let mut taken = alloc::vec![0.0; self.fleet.machines.len()];
        let mut strains = alloc::vec![Strain::default(); self.fleet.machines.len()];
        for (stage, plan) in self.scenario.stages.iter().enumerate().filter(|(_, plan)| plan.moves_the_workload()) {
            let Some(on) = self.adversary.place(stage) else { continue };
            let service = self.fleet.group(on);
            let places = self.fleet.machines.iter().zip(taken.iter_mut().zip(&mut strains));
            for (_, (taken, strain)) in
                places.filter(|(machine, _)| machine.id == *on || Some(machine.service) == service)
            {
                *taken += plan.takes_cpu + plan.breaks.iter().map(cpu).sum::<f64>();
                plan.breaks.iter().for_each(|what| strain.add(what));
            }
        }
        self.fleet.now = at;
        let mut changes = Changes::default();
        let mut turned = Vec::new();
        for (machine, (taken, strain)) in self.fleet.machines.iter_mut().zip(taken.into_iter().zip(strains)) {
            let passed = machine.passes_checks();
            machine.taken = taken.clamp(0.0, 0.95);
            machine.strain = strain;
            if machine.passes_checks() != passed {
                turned.push(machine.id.clone());
            }
        }
        for id in turned {
            self.fleet.checks_change(&id, InstanceCause::Fault, &mut changes);
        }
        if changes != Changes::default() {
            self.follow(changes, at);
        }
        self.update_capacity(at);
    }
}
