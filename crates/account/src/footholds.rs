//! What the adversary holds, and whether a stage can still begin.

use super::SimWorld;
use super::adversary::Course;
use super::machine::Machine;
use firedrill_model::DrillTime;
use firedrill_model::event::{AdversaryState, InstanceState};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Foothold, Stage};

impl SimWorld {
    /// Says whether a stage that goes on has all that it needs.
    pub(super) fn holds_all(&self, stage: usize, plan: &Stage, on: &TargetId) -> bool {
        let machine = self.fleet.machine(on);
        let held = |need: &Foothold| self.holds(need, machine) || self.has_own_sessions(stage, need);
        let held = plan.needs.iter().all(|need| held(need) && !self.is_shut_out(plan, need, machine));
        held && self.is_still_broken(stage, plan, on)
    }

    /// Says whether a stage has all that it needs to begin.
    pub(super) fn can_start(&self, plan: &Stage, on: &TargetId) -> bool {
        let machine = self.fleet.machine(on);
        // Where the adversary was not yet, it leaves something itself.
        let first_visit =
            |need: &Foothold| *need == Foothold::Implant && machine.is_some_and(|machine| !machine.touched);
        let mut needs = plan.needs.iter().chain(&plan.needs_at_start);
        // What doesn't run can't break.
        if !plan.breaks.is_empty() && machine.is_some_and(|machine| !machine.runs()) {
            return false;
        }
        let let_go =
            |need: &Foothold| *need == Foothold::ThroughBalancer && !machine.is_some_and(Machine::is_registered);
        let held = |need: &Foothold| {
            !let_go(need) && (self.holds(need, machine) || self.begins_sessions(plan, need) || first_visit(need))
        };
        needs.all(|need| held(need) && !self.is_shut_out(plan, need, machine))
    }

    /// Says whether a stage that looks for an instance has all that it needs besides one.
    pub(super) fn only_lacks_a_place(&self, plan: &Stage) -> bool {
        let of_place = |need: &&Foothold| need.is_at_instance();
        let mut others = plan.needs.iter().chain(&plan.needs_at_start).filter(|need| !of_place(need));
        others.all(|need| {
            (self.holds(need, None) || self.begins_sessions(plan, need)) && !self.is_shut_out(plan, need, None)
        })
    }

    /// The load balancer has let go of what was open when an instance was taken out.
    pub(super) fn drained(&mut self, at: DrillTime) {
        self.review_adversary(at);
    }

    /// Says whether anything goes by sessions through load balancers.
    pub(super) fn has_sessions_through_balancers(&self) -> bool {
        self.scenario.stages.iter().any(|plan| plan.needs.contains(&Foothold::ThroughBalancer))
    }

    /// Says whether a foothold is there; those on an instance are asked of `machine`.
    fn holds(&self, need: &Foothold, machine: Option<&Machine>) -> bool {
        let resources = &self.resources;
        match need {
            Foothold::Instance => machine.is_some_and(Machine::runs),
            Foothold::Connection => machine.is_some_and(|machine| machine.runs() && !machine.cut && !machine.denied),
            Foothold::ThroughBalancer => machine.is_some_and(|machine| {
                let service = self.scenario.services.get(machine.service);
                machine.keeps_sessions(service.is_some_and(|service| service.balancer.tracked), self.now)
            }),
            Foothold::Implant => {
                machine.is_some_and(|machine| machine.implant && machine.state != InstanceState::Terminated)
            }
            Foothold::Sessions(principal) => !self.adversary.revoked.contains(principal),
            Foothold::OpenPort => {
                let open = self.scenario.fault.opens_port.as_ref();
                open.is_some_and(|open| resources.lets_world_in(&open.group))
            }
            Foothold::Exposed => resources.exposed().is_some_and(|id| resources.lets_world_in(id)),
            Foothold::Open(id) => resources.lets_world_in(id),
            Foothold::Key(id) => resources.key_works(id),
            Foothold::Name(name) => resources.resolves(name),
            Foothold::Exists(id) => resources.exists(id),
            Foothold::Trust(role) => resources.can_be_assumed(role),
        }
    }

    /// Sessions that a stage begins itself when it starts: of a role that it assumes, of a user whose key it has.
    pub(super) fn begins_sessions(&self, plan: &Stage, need: &Foothold) -> bool {
        let Foothold::Sessions(principal) = need else { return false };
        let owner = |key: &TargetId| self.scenario.resource(key).and_then(|key| key.owner.as_ref());
        plan.needs_at_start.iter().chain(&plan.needs).any(|way| match way {
            Foothold::Trust(role) => role == principal && self.resources.can_be_assumed(role),
            Foothold::Key(key) => owner(key) == Some(principal) && self.resources.key_works(key),
            _ => false,
        })
    }

    /// Sessions that a stage began itself after the last revocation live on.
    fn has_own_sessions(&self, stage: usize, need: &Foothold) -> bool {
        let Foothold::Sessions(principal) = need else { return false };
        let began = self.adversary.own_sessions.get(&(stage, principal.clone()));
        began.is_some_and(|count| *count == self.revocation(principal))
    }

    /// How the adversary stands. What is benign is not the adversary's.
    pub(super) fn adversary_state(&self) -> AdversaryState {
        let own = || self.scenario.stages.iter().enumerate().filter(|(_, plan)| plan.benign.is_none());
        if own().any(|(stage, _)| self.adversary.place(stage).is_some()) {
            return AdversaryState::Active;
        }
        let can_begin = own().any(|(stage, _)| self.can_begin(stage, 0));
        let comes_back = || self.opens_again() && own().any(|(stage, _)| *self.adversary.course(stage) == Course::Lost);
        if can_begin || comes_back() { AdversaryState::Contained } else { AdversaryState::Eradicated }
    }

    /// Says whether a stage can still begin. `depth` bounds chains of stages that wait for each other.
    fn can_begin(&self, stage: usize, depth: usize) -> bool {
        let Some(plan) = self.scenario.stages.get(stage) else { return false };
        let waits = match self.adversary.course(stage) {
            Course::Ahead => true,
            Course::Waiting => false,
            _ => return false,
        };
        let place_left =
            self.fixed_place(plan).map_or_else(|| self.only_lacks_a_place(plan), |on| self.can_start(plan, &on));
        place_left && (!waits || self.trigger_is_left(plan, depth))
    }

    /// Says whether what a stage waits for has come, or still can.
    fn trigger_is_left(&self, plan: &Stage, depth: usize) -> bool {
        let begins = &plan.begins;
        let Some(trigger) = begins.after_loss_of.as_ref().or(begins.after_start_of.as_ref()) else { return true };
        let Some(trigger) = self.scenario.stages.iter().position(|other| other.id == *trigger) else { return false };
        match self.adversary.course(trigger) {
            Course::Active(_) => true,
            Course::Lost => begins.after_loss_of.is_some(),
            _ => depth < self.scenario.stages.len() && self.can_begin(trigger, depth + 1),
        }
    }
}
