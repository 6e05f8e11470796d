//! What the adversary does and can still do.
//!
//! A stage begins when its time has come and its footholds are there, and ends when one of them is lost. It begins once. The
//! adversary reads the credentials of a role from any of its instances that it holds: sessions that were revoked come back with
//! the new credentials as long as a stage goes on there, and end for good once none does.

use std::collections::BTreeSet;

use super::SimWorld;
use super::agenda::{Due, Source};
use super::chance::Purpose;
use super::fleet::Machine;
use crate::domain::DrillTime;
use crate::domain::id::TargetId;
use crate::drill::event::{AdversaryState, WorldEvent};
use crate::scenario::model::{Foothold, Stage};

/// How a stage stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Course {
    /// Its time has not come.
    Ahead,
    /// Its time has come, but there is no place for it.
    Waiting,
    /// It goes on.
    Active(TargetId),
    /// It was ended by the loss of a foothold.
    Lost,
    /// Its time came, but a foothold was missing.
    Missed,
}

/// The adversary.
#[derive(Debug, Clone)]
pub(super) struct Adversary {
    courses: Vec<Course>,
    /// Roles whose live sessions the adversary can't have.
    revoked: BTreeSet<TargetId>,
    /// The world is let in.
    pub port_open: bool,
    /// The fault is active, and whether any stage was so far.
    fault: bool,
    began: bool,
    state: Option<AdversaryState>,
}

impl Adversary {
    pub(super) fn new(stages: usize) -> Self {
        Self {
            courses: vec![Course::Ahead; stages],
            revoked: BTreeSet::new(),
            port_open: false,
            fault: false,
            began: false,
            state: None,
        }
    }

    /// Where a stage goes on, if it does.
    pub(super) fn place(&self, stage: usize) -> Option<&TargetId> {
        match self.courses.get(stage) {
            Some(Course::Active(on)) => Some(on),
            _ => None,
        }
    }

    fn set(&mut self, stage: usize, course: Course) {
        if let Some(slot) = self.courses.get_mut(stage) {
            *slot = course;
        }
    }
}

impl SimWorld {
    /// The fault is active: ports open, and the stages that follow it are planned.
    pub(super) fn begin_fault(&mut self, at: DrillTime) {
        self.adversary.fault = true;
        self.adversary.port_open = self.scenario.fault.opens_port.is_some();
        self.say(at, WorldEvent::FaultActive);
        for (stage, plan) in self.scenario.stages.iter().enumerate() {
            if let Some(after) = plan.begins.after_fault {
                self.agenda.plan_in(at, after, Due::Stage(stage));
            }
        }
        self.review_adversary(at);
    }

    /// The time of a stage has come.
    pub(super) fn stage_due(&mut self, stage: usize, at: DrillTime) {
        if self.adversary.courses.get(stage) == Some(&Course::Ahead) {
            self.adversary.set(stage, Course::Waiting);
        }
        self.review_adversary(at);
    }

    /// A role's sessions are ended.
    pub(super) fn end_sessions(&mut self, role: &TargetId) {
        self.adversary.revoked.insert(role.clone());
    }

    /// The users of a role have new credentials: whoever is on one of their instances can read them, too.
    pub(super) fn read_new_credentials(&mut self, role: &TargetId) {
        let scenario = self.scenario.clone();
        let holds = scenario.stages.iter().enumerate().any(|(stage, plan)| {
            let on = self.adversary.place(stage).and_then(|on| self.fleet.machine(on));
            on.is_some_and(|machine| plan.needs.contains(&Foothold::Instance) && self.has_role(machine, role))
        });
        if holds {
            self.adversary.revoked.remove(role);
        }
    }

    fn has_role(&self, machine: &Machine, role: &TargetId) -> bool {
        self.role_users(role).contains(&machine.service)
    }

    /// Ends stages that lost a foothold, begins those whose time has come, and says how the adversary stands if that changed.
    pub(super) fn review_adversary(&mut self, at: DrillTime) {
        let scenario = self.scenario.clone();
        // An end can plan another stage but never bring a foothold back, so that one pass over ends and beginnings does.
        for (stage, plan) in scenario.stages.iter().enumerate() {
            if let Some(on) = self.adversary.place(stage).cloned()
                && !self.holds_all(plan, &on)
            {
                self.end_stage(stage, &on, at);
            }
        }
        for (stage, plan) in scenario.stages.iter().enumerate() {
            if self.adversary.courses.get(stage) == Some(&Course::Waiting) {
                self.try_stage(stage, plan, at);
            }
        }
        self.spread_load(at);
        let state = self.adversary_state();
        // Before the first stage there is nothing to say, unless there will be none.
        let telling = self.adversary.began || (self.adversary.fault && state == AdversaryState::Eradicated);
        if telling && self.adversary.state != Some(state) {
            self.adversary.state = Some(state);
            self.say(at, WorldEvent::Adversary { state });
        }
    }

    fn try_stage(&mut self, stage: usize, plan: &Stage, at: DrillTime) {
        let place = self.find_place(stage, plan);
        let Some(on) = place else {
            // On another instance: as soon as there is one. A place that is gone stays gone.
            let can_wait = plan.on.other_instance_of.is_some() && self.role_needs_live(plan);
            self.adversary.set(stage, if can_wait { Course::Waiting } else { Course::Missed });
            return;
        };
        if !self.holds_all(plan, &on) {
            self.adversary.set(stage, Course::Missed);
            return;
        }
        self.adversary.set(stage, Course::Active(on.clone()));
        self.adversary.began = true;
        if let Some(machine) = self.fleet.machine_mut(&on) {
            machine.touched = true;
        }
        self.say(at, WorldEvent::Stage { stage: plan.id.clone(), on: on.clone(), active: true });
        for leaf in 0..plan.leaves.len() {
            self.begin_emission(Source::Stage(stage, leaf), at);
        }
        self.stage_seen(stage, &on, at);
    }

    fn end_stage(&mut self, stage: usize, on: &TargetId, at: DrillTime) {
        self.adversary.set(stage, Course::Lost);
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        self.say(at, WorldEvent::Stage { stage: plan.id.clone(), on: on.clone(), active: false });
        self.stage_gone(stage, on, at);
        for (other, follower) in scenario.stages.iter().enumerate() {
            if follower.begins.after_loss_of.as_ref() == Some(&plan.id) {
                self.agenda.plan_in(at, follower.begins.delay, Due::Stage(other));
            }
        }
    }

    fn find_place(&self, stage: usize, plan: &Stage) -> Option<TargetId> {
        if let Some(service) = &plan.on.other_instance_of {
            let service = self.scenario.services.iter().position(|other| other.id == *service)?;
            let free: Vec<&Machine> = self.fleet.serving(service).filter(|machine| !machine.touched).collect();
            let at = self.chance.index(Purpose::Place, plan.id.as_str(), stage as u64, free.len())?;
            return free.get(at).map(|machine| machine.id.clone());
        }
        plan.on.instance.clone().or_else(|| plan.on.security_group.clone())
    }

    fn holds_all(&self, plan: &Stage, on: &TargetId) -> bool {
        plan.needs.iter().all(|need| self.holds(need, on))
    }

    fn holds(&self, need: &Foothold, on: &TargetId) -> bool {
        let machine = self.fleet.machine(on);
        match need {
            Foothold::Instance => machine.is_some_and(Machine::runs),
            Foothold::Connection => machine.is_some_and(|machine| machine.runs() && !machine.cut),
            Foothold::Sessions(role) => !self.adversary.revoked.contains(role),
            Foothold::OpenPort => self.adversary.port_open,
            // The checker refuses these: nobody holds them yet.
            Foothold::Exposed
            | Foothold::Open(_)
            | Foothold::Key(_)
            | Foothold::Name(_)
            | Foothold::Implant
            | Foothold::Exists(_)
            | Foothold::Trust(_) => false,
        }
    }

    fn role_needs_live(&self, plan: &Stage) -> bool {
        plan.needs.iter().all(|need| match need {
            Foothold::Sessions(role) => !self.adversary.revoked.contains(role),
            Foothold::OpenPort => self.adversary.port_open,
            Foothold::Instance | Foothold::Connection => true,
            _ => false,
        })
    }

    fn adversary_state(&self) -> AdversaryState {
        let active = self.adversary.courses.iter().any(|course| matches!(course, Course::Active(_)));
        if active {
            return AdversaryState::Active;
        }
        let can_begin = (0..self.scenario.stages.len()).any(|stage| self.can_begin(stage, 0));
        if can_begin { AdversaryState::Contained } else { AdversaryState::Eradicated }
    }

    /// Says whether a stage can still begin. `depth` bounds chains of stages that wait for each other.
    fn can_begin(&self, stage: usize, depth: usize) -> bool {
        let Some(plan) = self.scenario.stages.get(stage) else { return false };
        if !matches!(self.adversary.courses.get(stage), Some(Course::Ahead | Course::Waiting)) {
            return false;
        }
        let place_left = match (&plan.on.instance, &plan.on.security_group) {
            (Some(on), _) | (None, Some(on)) => self.holds_all(plan, on),
            (None, None) => self.role_needs_live(plan),
        };
        let trigger_left = plan.begins.after_loss_of.as_ref().is_none_or(|lost| {
            let trigger = self.scenario.stages.iter().position(|other| other.id == *lost);
            trigger.is_some_and(|trigger| match self.adversary.courses.get(trigger) {
                Some(Course::Lost | Course::Active(_)) => true,
                _ => depth < self.scenario.stages.len() && self.can_begin(trigger, depth + 1),
            })
        });
        place_left && trigger_left
    }

    /// Gives each instance what the adversary takes of its CPU.
    pub(super) fn spread_load(&mut self, at: DrillTime) {
        let mut taken: Vec<(TargetId, f64)> = Vec::new();
        for (stage, plan) in self.scenario.stages.iter().enumerate() {
            if let Some(on) = self.adversary.place(stage) {
                taken.push((on.clone(), plan.takes_cpu));
            }
        }
        for machine in &mut self.fleet.machines {
            let sum: f64 = taken.iter().filter(|(on, _)| *on == machine.id).map(|(_, share)| share).sum();
            machine.taken = sum.clamp(0.0, 0.95);
        }
        self.update_capacity(at);
    }
}
