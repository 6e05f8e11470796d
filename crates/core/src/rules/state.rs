//! What the rules need to know: a fold over the events so far.

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::sync::Arc;

use super::attached::Worlds;
use firedrill_model::event::{AdversaryState, DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
use firedrill_model::id::{ActionId, FindingId, InjectId, SeatId, ServiceId, StepId, TargetId};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::{Effect, Hypothesis, Scenario, Trigger};
use firedrill_model::{Author, DrillTime, Judgement, RecordId, Role};

/// The state of a drill, as far as its rules read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drill {
    /// The scenario that is run.
    pub(super) scenario: Arc<Scenario>,
    pub(super) now: DrillTime,
    pub(super) opened: bool,
    pub(super) phase: Phase,
    pub(super) experiment_at: Option<DrillTime>,
    pub(super) fault_at: Option<DrillTime>,
    pub(super) hypothesis: Hypothesis,
    pub(super) clock: Clock,
    pub(super) health: Health,
    pub(super) incident: Incident,
    pub(super) steps: Vec<StepState>,
    /// Who sits where.
    pub(super) seats: BTreeMap<SeatId, Role>,
    /// Of each responder, the steps that are done and whose questions are open; the first is asked about now.
    pub(super) questions: BTreeMap<SeatId, VecDeque<Question>>,
    /// The worlds that take part.
    pub(super) worlds: Worlds,
    /// A skip under way.
    pub(super) skip: Option<Skip>,
    pub(super) runs: BTreeMap<u32, Run>,
    /// Every instance that there was, with its service.
    pub(super) instances: BTreeMap<TargetId, ServiceId>,
    pub(super) injects: BTreeSet<InjectId>,
    pub(super) attending: BTreeSet<SeatId>,
    /// The log records that have arrived.
    pub(super) records: BTreeSet<RecordId>,
    /// Those that are marked as evidence.
    pub(super) marked: BTreeSet<RecordId>,
    /// What findings are held for.
    pub(super) judged: BTreeMap<FindingId, Judgement>,
    /// Moments that were bookmarked once the drill was over.
    pub(super) bookmarks: BTreeSet<DrillTime>,
    /// When things happened for the first time.
    pub(super) happened: BTreeMap<Trigger, DrillTime>,
    /// Entries that people caused; bounded.
    pub(super) people_entries: u32,
}

/// The drill clock's pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clock {
    pub pace: Pace,
    pub paused: bool,
    /// The rate that was last announced; none before the first announcement.
    pub rate: Option<u32>,
}

/// Whether the workload is as it should be.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Health {
    /// Since when all steady-state signals are within their limits.
    pub good_since: Option<DrillTime>,
    /// The signal that left its limit last, and its value.
    pub left: Option<(usize, f64)>,
    pub gate_open: bool,
    /// The steady state has been found restored since the adversary was last active.
    pub steady_again: bool,
    /// Signals that were out of their limits at the last sample, by place.
    pub out: BTreeSet<usize>,
    /// Resources whose users can't use them.
    pub unusable: BTreeSet<TargetId>,
    /// When the newest sample was taken.
    pub sampled: DrillTime,
    /// Since when the adversary is inactive, after it was active.
    pub quiet_since: Option<DrillTime>,
}

/// What is known of the incident.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Incident {
    /// Findings that the team has seen, and whether they are acknowledged.
    pub findings: BTreeMap<FindingId, bool>,
    /// What those findings are about.
    pub named: BTreeSet<TargetId>,
    pub notified: bool,
    /// Somebody has taken the matter on, with or without a finding.
    pub taken_on: bool,
    pub adversary: Option<AdversaryState>,
    /// A response that changes something was given during the experiment.
    pub responded: bool,
}

/// A step of the playbook.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StepState {
    pub id: StepId,
    pub prompted: bool,
    pub ended: bool,
}

/// The three questions after a step, put to one responder.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    pub step: StepId,
    /// Which of the three have been answered.
    pub answered: [bool; 3],
}

/// A skip under way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Skip {
    /// Who asked for it.
    pub seat: SeatId,
    /// It goes no further.
    pub limit: DrillTime,
    /// Whether the signals were within their limits when it began.
    pub steady: bool,
}

/// A response.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub action: ActionId,
    pub target: Option<TargetId>,
    pub done: Option<DrillTime>,
    /// It is done and brought something: what turns out impossible completes no step.
    pub brought: bool,
}

impl Drill {
    /// A drill before its first event.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let steps =
            scenario.playbook.steps.iter().map(|step| StepState { id: step.id.clone(), prompted: false, ended: false });
        Self {
            now: DrillTime::ZERO,
            opened: false,
            phase: Phase::SteadyState,
            experiment_at: None,
            fault_at: None,
            hypothesis: scenario.hypothesis.clone(),
            clock: Clock { pace: Pace::Brisk, paused: false, rate: None },
            health: Health::default(),
            incident: Incident::default(),
            steps: steps.collect(),
            seats: BTreeMap::new(),
            questions: BTreeMap::new(),
            worlds: Worlds::default(),
            skip: None,
            runs: BTreeMap::new(),
            instances: BTreeMap::new(),
            injects: BTreeSet::new(),
            attending: BTreeSet::new(),
            records: BTreeSet::new(),
            marked: BTreeSet::new(),
            judged: BTreeMap::new(),
            bookmarks: BTreeSet::new(),
            happened: BTreeMap::new(),
            people_entries: 0,
            scenario,
        }
    }

    /// The scenario that is run.
    #[must_use]
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// The phase that the drill is in.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Drill time of the newest entry.
    #[must_use]
    pub fn now(&self) -> DrillTime {
        self.now
    }

    /// The drill clock's rate: drill seconds a second. 0 while the clock stands still.
    #[must_use]
    pub fn rate(&self) -> u32 {
        if self.phase.clock_runs() { self.clock.rate.unwrap_or(1) } else { 0 }
    }

    /// Says whether the steady state has held for long enough.
    #[must_use]
    pub fn gate_open(&self) -> bool {
        self.health.gate_open
    }

    /// Says whether all signals of the steady state are within their limits.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        self.health.good_since.is_some()
    }

    /// Folds one entry into the state. Total: any entry can follow any other.
    pub fn apply(&mut self, entry: &Entry) {
        self.now = self.now.max(entry.at);
        let out = is_sample(&entry.event).then(|| self.health.out.clone());
        match &entry.event {
            Event::Drill(event) => {
                self.apply_course(entry.at, event);
                self.apply_seats(event);
                self.apply_skip(&entry.by, event);
            }
            Event::People(event) => {
                self.people_entries = self.people_entries.saturating_add(1);
                self.apply_people(&entry.by, event);
            }
            Event::World(event) => self.apply_world(entry, event),
        }
        self.follow_triggers(entry, out.as_ref());
        self.follow_skip(entry);
    }

    fn apply_course(&mut self, at: DrillTime, event: &DrillEvent) {
        match event {
            DrillEvent::Opened { .. } => self.opened = true,
            DrillEvent::PhaseEntered { phase, .. } => {
                self.phase = *phase;
                if *phase == Phase::Experiment {
                    self.experiment_at = Some(at);
                }
                if !phase.clock_runs() {
                    self.clock.rate = None;
                    self.clock.paused = false;
                }
                if *phase > Phase::Experiment {
                    self.questions.clear();
                }
            }
            DrillEvent::GateOpened { .. } => self.health.gate_open = true,
            DrillEvent::GateClosed { .. } => self.health.gate_open = false,
            DrillEvent::SteadyAgain { .. } => self.health.steady_again = true,
            DrillEvent::PaceChanged { pace, rate, .. } => {
                self.clock = Clock { pace: *pace, paused: *rate == 0, rate: Some(*rate) };
            }
            DrillEvent::HypothesisSet { hypothesis } => self.hypothesis = hypothesis.clone(),
            DrillEvent::InjectDelivered { inject, .. } => {
                self.injects.insert(inject.clone());
            }
            DrillEvent::StepPrompted { step } => {
                if let Some(step) = self.step_mut(step) {
                    step.prompted = true;
                }
            }
            // Whoever had a dialogue open when the program was cut off has none now, and nobody skips any more.
            DrillEvent::Resumed { .. } => {
                self.attending.clear();
                self.skip = None;
            }
            DrillEvent::WorldAttached { world, can, owns } => self.worlds.attach(world, *can, owns.clone()),
            DrillEvent::WorldContact { world, contact } => self.worlds.contact(world, *contact),
            // Seats have a fold of their own; time that is no drill time changes nothing, and what is lost can't.
            DrillEvent::SeatTaken { .. }
            | DrillEvent::SeatLeft { .. }
            | DrillEvent::RoleChanged { .. }
            | DrillEvent::Gap { .. }
            | DrillEvent::ObservationsLost { .. }
            | DrillEvent::Erased(..) => {}
        }
    }

    fn apply_people(&mut self, by: &Author, event: &PeopleEvent) {
        match event {
            PeopleEvent::Acknowledged { finding } => {
                self.incident.taken_on = true;
                if let Some(id) = finding {
                    self.incident.findings.insert(id.clone(), true);
                }
            }
            PeopleEvent::Acted { run, action, target, .. } => {
                let run_state = Run { action: action.clone(), target: target.clone(), done: None, brought: false };
                self.runs.insert(*run, run_state);
                if self.phase == Phase::Experiment && self.is_more_than_a_look(action) {
                    self.incident.responded = true;
                }
            }
            PeopleEvent::StepDone { step, .. } => {
                if let Some(state) = self.step_mut(step) {
                    state.ended = true;
                    self.ask_about(step);
                }
            }
            PeopleEvent::StepSkipped { step, .. } => {
                if let Some(state) = self.step_mut(step) {
                    state.ended = true;
                }
            }
            PeopleEvent::Answered { step, confidence, knew_where, knew_whom, words } => {
                let given = [confidence.is_some(), knew_where.is_some(), knew_whom.is_some()];
                self.apply_answer(by, step, given, words.is_some());
            }
            PeopleEvent::Attending { on } => {
                self.apply_attention(by, *on);
            }
            PeopleEvent::Marked { record, .. } => {
                self.marked.insert(record.clone());
            }
            PeopleEvent::Unmarked { record } => {
                self.marked.remove(record);
            }
            PeopleEvent::Judged { finding, judgement } => {
                self.judged.insert(finding.clone(), *judgement);
            }
            PeopleEvent::Bookmarked { about, on } => {
                put(&mut self.bookmarks, about, *on);
            }
            PeopleEvent::Predicted(..)
            | PeopleEvent::Noted { .. }
            | PeopleEvent::NotedLater { .. }
            | PeopleEvent::Reviewed { .. }
            | PeopleEvent::ObjectiveRated { .. }
            | PeopleEvent::Aborted
            | PeopleEvent::Improvement { .. } => {}
        }
    }

    fn apply_attention(&mut self, by: &Author, on: bool) {
        match by {
            Author::Seat(seat) => put(&mut self.attending, seat, on),
            // Neither the drill nor the world has dialogues.
            Author::Drill | Author::World(..) => {}
        }
    }

    /// Puts the three questions after a step to every responder.
    fn ask_about(&mut self, step: &StepId) {
        for (seat, role) in &self.seats {
            match role {
                Role::Responder => {
                    let open = self.questions.entry(seat.clone()).or_default();
                    open.push_back(Question { step: step.clone(), answered: [false; 3] });
                }
                Role::Facilitator | Role::Observer => {}
            }
        }
    }

    fn apply_answer(&mut self, by: &Author, step: &StepId, given: [bool; 3], words: bool) {
        let Author::Seat(seat) = by else { return };
        let Some(open) = self.questions.get_mut(seat) else { return };
        let Some(place) = open.iter().position(|question| question.step == *step) else { return };
        let Some(question) = open.get_mut(place) else { return };
        let nothing_given = given == [false; 3] && !words;
        for (answered, now) in question.answered.iter_mut().zip(given) {
            *answered |= now;
        }
        if question.answered == [true; 3] || nothing_given {
            open.remove(place);
        }
        if open.is_empty() {
            self.questions.remove(seat);
        }
    }

    fn step_mut(&mut self, id: &StepId) -> Option<&mut StepState> {
        self.steps.iter_mut().find(|step| step.id == *id)
    }

    /// Says whether a response does more than look and test: the team has then begun to respond.
    fn is_more_than_a_look(&self, action: &ActionId) -> bool {
        let action = self.scenario.actions.iter().find(|offered| offered.id == *action);
        action.is_some_and(|action| !action.effects.iter().all(Effect::only_looks))
    }
}

fn is_sample(event: &Event) -> bool {
    matches!(event, Event::World(WorldEvent::Sampled(_)))
}

/// Puts something into a set, or takes it out.
pub(super) fn put<T: Clone + Ord>(set: &mut BTreeSet<T>, what: &T, on: bool) {
    if on {
        set.insert(what.clone());
    } else {
        set.remove(what);
    }
}
