//! What the adversary does and can still do.
//!
//! A stage begins when its time has come and its footholds are there, and ends when one of them is lost. It begins once, unless
//! something puts back what it lost (`reopened`). The
//! adversary reads the credentials of a role from any of its instances that it holds: sessions that were revoked come back with
//! the new credentials as long as a stage goes on there, and end for good once none does. Sessions that a stage begins itself,
//! because it can assume the role or has the user's key, last until the next revocation.
//!
//! A stage that is benign is not the adversary's: it leaves traces and is seen, and nothing else. One of a fault without an adversary breaks
//! something (`breaks`), and touches no evidence.

use alloc::collections::{BTreeMap, BTreeSet};

use super::SimWorld;
use super::agenda::{Due, Source};
use super::chance::{Chance, Purpose};
use super::machine::Machine;
use firedrill_model::DrillTime;
use firedrill_model::event::{AdversaryState, WorldEvent};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Foothold, Stage};

/// How a stage stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Course {
    /// Its time has not come.
    Ahead,
    /// Its time has come, but there is no place for it.
    Waiting,
    /// It goes on.
    Active(TargetId),
    /// It was ended by the loss of a foothold.
    Lost,
    /// It ended by itself.
    Over,
    /// Its time came, but a foothold was missing; or chance has it that it doesn't happen.
    Missed,
}

/// The adversary.
#[derive(Debug, Clone)]
pub(super) struct Adversary {
    courses: Vec<Course>,
    /// Roles and users whose live sessions the adversary can't have.
    pub revoked: BTreeSet<TargetId>,
    /// Sessions that a stage began itself, by principal, and how often those had been revoked by then.
    pub own_sessions: BTreeMap<(usize, TargetId), u32>,
    /// Stages that have begun at least once.
    begun: BTreeSet<usize>,
    /// Stages whose breaking at once is done.
    pub broke: BTreeSet<usize>,
    /// Stages of which somebody has mended what they broke.
    pub mended: BTreeSet<usize>,
    /// Virtual CPUs of the instances that a stage launched and that still run.
    pub launched: BTreeMap<usize, u32>,
    /// Destruction is under way.
    pub destroying: bool,
    /// The fault is active, and whether any stage was so far.
    fault: bool,
    began: bool,
    state: Option<AdversaryState>,
}

impl Adversary {
    /// Before anything has happened. Chance says now which stages never do.
    pub(super) fn new(scenario: &Scenario, chance: Chance) -> Self {
        let happens = |stage: &Stage| chance.unit(Purpose::Happens, stage.id.as_str(), 0) < stage.chance;
        let course = |stage: &Stage| if happens(stage) { Course::Ahead } else { Course::Missed };
        Self {
            courses: scenario.stages.iter().map(course).collect(),
            revoked: BTreeSet::new(),
            own_sessions: BTreeMap::new(),
            begun: BTreeSet::new(),
            broke: BTreeSet::new(),
            mended: BTreeSet::new(),
            launched: BTreeMap::new(),
            destroying: false,
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

    /// How a stage stands.
    pub(super) fn course(&self, stage: usize) -> &Course {
        self.courses.get(stage).unwrap_or(&Course::Missed)
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
        self.resources.expose(self.scenario.fault.opens_port.as_ref().map(|open| &open.group));
        self.say(at, WorldEvent::FaultActive);
        for (stage, plan) in self.scenario.stages.iter().enumerate() {
            if let Some(after) = plan.begins.after_fault {
                self.agenda.plan_in(at, after, Due::Stage(stage));
            }
        }
        self.begin_runs(at);
        self.review_adversary(at);
    }

    /// What a stage had lost is there again: nobody has to find out first who knocks all the time. It goes on where it was.
    pub(super) fn reopened(&mut self, id: &TargetId) {
        let opened_by_fault = self.scenario.fault.opens_port.as_ref().is_some_and(|open| open.group == *id);
        let exposed = self.resources.exposed() == Some(id);
        let scenario = self.scenario.clone();
        for (stage, plan) in scenario.stages.iter().enumerate() {
            let needs = |need: &Foothold| match need {
                Foothold::OpenPort => opened_by_fault,
                Foothold::Exposed => exposed,
                Foothold::Open(open) => open == id,
                _ => false,
            };
            if *self.adversary.course(stage) == Course::Lost && plan.needs.iter().any(needs) {
                self.adversary.set(stage, Course::Waiting);
            }
        }
    }

    /// The time of a stage has come.
    pub(super) fn stage_due(&mut self, stage: usize, at: DrillTime) {
        if *self.adversary.course(stage) == Course::Ahead {
            let course = if self.still_goes_on(stage) { Course::Waiting } else { Course::Missed };
            self.adversary.set(stage, course);
        }
        self.review_adversary(at);
    }

    /// Says whether the stage whose start this one waited for, if any, goes on.
    fn still_goes_on(&self, stage: usize) -> bool {
        let trigger = self.scenario.stages.get(stage).and_then(|plan| plan.begins.after_start_of.as_ref());
        trigger.is_none_or(|trigger| {
            let place = self.scenario.stages.iter().position(|other| other.id == *trigger);
            place.is_some_and(|place| self.adversary.place(place).is_some())
        })
    }

    /// A stage that lasts for a while is over, if nobody has ended it before.
    pub(super) fn stage_over(&mut self, stage: usize, at: DrillTime) {
        if let Some(on) = self.adversary.place(stage).cloned() {
            self.leave_stage(stage, &on, Course::Over, at);
            self.review_adversary(at);
        }
    }

    /// Ends stages that lost a foothold, begins those whose time has come, and says how the adversary stands if that changed.
    pub(super) fn review_adversary(&mut self, at: DrillTime) {
        let scenario = self.scenario.clone();
        // An end can plan another stage but never bring a foothold back, so that one pass over ends and beginnings does.
        for (stage, plan) in scenario.stages.iter().enumerate() {
            if let Some(on) = self.adversary.place(stage).cloned()
                && !self.holds_all(stage, plan, &on)
            {
                self.end_stage(stage, &on, at);
            }
        }
        self.end_recovered(at);
        for (stage, plan) in scenario.stages.iter().enumerate() {
            if *self.adversary.course(stage) == Course::Waiting {
                self.try_stage(stage, plan, at);
            }
        }
        self.spread_load(at);
        self.review_destruction(at);
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
            let can_wait = plan.on.other_instance_of.is_some() && self.only_lacks_a_place(plan);
            self.adversary.set(stage, if can_wait { Course::Waiting } else { Course::Missed });
            return;
        };
        if !self.can_start(plan, &on) {
            self.adversary.set(stage, Course::Missed);
            return;
        }
        let again = !self.adversary.begun.insert(stage);
        self.enter_place(stage, plan, &on);
        self.say(at, WorldEvent::Stage { stage: plan.id.clone(), on: on.clone(), active: true });
        self.plan_course(stage, plan, at);
        for (leaf, emission) in plan.leaves.iter().enumerate() {
            // What it left once it left when it began.
            if !again || emission.every.is_some() {
                self.begin_emission(Source::Stage(stage, leaf), at);
            }
        }
        self.launched_by(stage, plan);
        if !plan.breaks.is_empty() {
            self.agenda.plan(at, Due::Break(stage));
        }
        for what in &plan.stops {
            self.plan_stop(what, at);
        }
        self.stage_seen(stage, &on, at);
    }

    /// A stage is at its place from now on. What is benign leaves no evidence, no implant and no adversary.
    fn enter_place(&mut self, stage: usize, plan: &Stage, on: &TargetId) {
        self.adversary.set(stage, Course::Active(on.clone()));
        for need in &plan.needs {
            if let Foothold::Sessions(principal) = need
                && self.begins_sessions(plan, need)
            {
                let count = self.revocation(principal);
                self.adversary.own_sessions.insert((stage, principal.clone()), count);
            }
        }
        if plan.benign.is_some() {
            return;
        }
        self.adversary.began = true;
        // A fault leaves nothing that could be evidence of an adversary.
        if !plan.origin.is_adversary() {
            return;
        }
        if let Some(machine) = self.fleet.machine_mut(on) {
            machine.touched = true;
            machine.implant = true;
        }
    }

    /// Plans what follows from the beginning of a stage: its end, its harm, the stages that wait for it.
    fn plan_course(&mut self, stage: usize, plan: &Stage, at: DrillTime) {
        if let Some(lasts) = plan.lasts {
            self.agenda.plan_in(at, lasts, Due::StageOver(stage));
        }
        for (harm, what) in plan.harms.iter().enumerate() {
            self.agenda.plan_in(at, what.after, Due::Harm(stage, harm));
        }
        let scenario = self.scenario.clone();
        for (other, follower) in scenario.stages.iter().enumerate() {
            if follower.begins.after_start_of.as_ref() == Some(&plan.id) {
                self.agenda.plan_in(at, follower.begins.delay, Due::Stage(other));
            }
        }
    }

    /// A stage is at its end, and so are its traces.
    pub(super) fn leave_stage(&mut self, stage: usize, on: &TargetId, course: Course, at: DrillTime) {
        self.adversary.set(stage, course);
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        self.say(at, WorldEvent::Stage { stage: plan.id.clone(), on: on.clone(), active: false });
        self.mended_at(plan, on, at);
        self.stage_gone(stage, on, at);
    }

    /// Somebody has taken away what a stage needs.
    fn end_stage(&mut self, stage: usize, on: &TargetId, at: DrillTime) {
        self.leave_stage(stage, on, Course::Lost, at);
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
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
        self.fixed_place(plan)
    }

    /// Where a stage takes place, unless it looks for an instance itself.
    pub(super) fn fixed_place(&self, plan: &Stage) -> Option<TargetId> {
        let on = &plan.on;
        let named = on.instance.as_ref().or(on.group.as_ref()).or(on.security_group.as_ref()).or(on.resource.as_ref());
        named.or_else(|| self.resources.exposed().filter(|_| on.exposed)).cloned()
    }
}
