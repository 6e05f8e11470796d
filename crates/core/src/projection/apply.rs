//! The beginning of a view, and the fold of one entry into it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;

use super::View;
use super::view::{
    Answers, Board, ClockCourse, Course, Dropped, People, PlaybookView, Rows, SignalTrack, Stamp, StepView, Truth,
};
use firedrill_model::DrillTime;
use firedrill_model::event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::{Brief, Scenario, of_customers};

/// Longest list that a view keeps of anything that has no bound of its own.
pub(super) const MAX_ROWS: usize = 2_000;

/// Adds to a list that has reached its bound by leaving the newcomer out, and counts that.
pub(super) fn push_bounded<T>(list: &mut Vec<T>, item: T, dropped: &mut u64) {
    if list.len() < MAX_ROWS {
        list.push(item);
    } else {
        *dropped += 1;
    }
}

/// The same for a list that views share.
pub(super) fn push_row<T: Clone>(list: &mut Rows<T>, item: T, dropped: &mut u64) {
    if list.len() < MAX_ROWS {
        list.push(item);
    } else {
        *dropped += 1;
    }
}

impl View {
    /// The view before the first entry. Whoever has a brief and no scenario sees no more of it than a seat may.
    #[must_use]
    pub fn new(scenario: Arc<Brief>) -> Self {
        let steps = scenario.playbook.steps.iter().map(|step| StepView {
            id: step.id.clone(),
            prompted: None,
            end: None,
            answers: Answers::default(),
            answered: None,
        });
        let playbook = PlaybookView { steps: steps.collect(), ..PlaybookView::default() };
        let of_signal = scenario.signals.iter().find(|signal| signal.id == scenario.hypothesis.signal);
        let customers = of_customers(&scenario.services, of_signal.map(|signal| &signal.service));
        let customers = customers.into_iter().cloned().collect();
        let signals = scenario.signals.iter().map(|_| SignalTrack::default()).collect();
        let course = Course {
            phase: Phase::SteadyState,
            phases: Vec::new(),
            gate_open_since: None,
            pace: Pace::Brisk,
            rate: 1,
            hypothesis: scenario.hypothesis.clone(),
            worlds: BTreeSet::new(),
            resumed: 0,
            away: None,
            clock: ClockCourse::default(),
        };
        Self {
            scenario,
            seed: 0,
            seat: None,
            now: DrillTime::ZERO,
            next_seq: 0,
            course,
            board: Board { signals, customers, ..Board::default() },
            playbook,
            responses: BTreeMap::new(),
            people: People::default(),
            marks: BTreeMap::new(),
            signs: Vec::new(),
            timeline: Rows::default(),
            unknown: BTreeMap::new(),
            moments: Rows::default(),
            truth: Truth::default(),
            dropped: Dropped::default(),
        }
    }

    /// Folds one entry in, as a seat: what the scenario says of the ground truth isn't known.
    pub fn apply(&mut self, entry: &Entry) {
        self.apply_knowing(entry, None);
    }

    /// Folds one entry in. `whole` is there where the ground truth is open to whoever looks.
    pub(super) fn apply_knowing(&mut self, entry: &Entry, whole: Option<&Scenario>) {
        let stamp = Stamp { at: entry.moment(), utc: entry.utc, seq: entry.seq };
        self.let_pass(entry);
        self.now = self.now.max(stamp.at);
        if entry.event.about().is_none() {
            self.next_seq = self.next_seq.max(entry.seq.saturating_add(1));
        }
        if self.moments.is_empty() {
            self.moments.push(stamp);
        }
        match &entry.event {
            Event::Drill(event) => self.apply_drill(stamp, event, whole),
            Event::People(event) => self.apply_people(stamp, &entry.by, event, whole),
            Event::World(event) => self.apply_world(stamp, event, whole),
        }
        self.follow_skip(entry);
    }

    fn apply_drill(&mut self, stamp: Stamp, event: &DrillEvent, whole: Option<&Scenario>) {
        match event {
            DrillEvent::SeatTaken { seat, role, name } => self.take_seat(stamp, seat, *role, name),
            DrillEvent::StepPrompted { step } => self.prompt_step(stamp, step),
            DrillEvent::InjectDelivered { inject, message } => self.deliver(stamp, inject, message.as_ref(), whole),
            other => self.apply_course(stamp, other),
        }
    }

    fn apply_people(
        &mut self,
        stamp: Stamp,
        by: &firedrill_model::Author,
        event: &PeopleEvent,
        whole: Option<&Scenario>,
    ) {
        match event {
            PeopleEvent::Acknowledged { finding } => self.acknowledge(stamp, by, finding.as_ref()),
            PeopleEvent::Acted { .. } => self.respond(stamp, by, event),
            PeopleEvent::StepDone { .. } | PeopleEvent::StepSkipped { .. } | PeopleEvent::Answered { .. } => {
                self.apply_step(stamp, by, event);
            }
            PeopleEvent::NotedLater { words, .. } => self.noted_later(stamp, words),
            PeopleEvent::Bookmarked { on, .. } => self.bookmark(stamp.at, *on),
            PeopleEvent::Marked { record, note } => self.mark(stamp, by, record, note.as_ref(), whole),
            PeopleEvent::Unmarked { record } => self.unmark(stamp, record),
            other => self.apply_said(stamp, by, other),
        }
    }

    fn apply_world(&mut self, stamp: Stamp, event: &WorldEvent, whole: Option<&Scenario>) {
        match event {
            WorldEvent::Sampled(sample) => self.sample(stamp, sample),
            WorldEvent::FaultActive => self.fault_active(stamp, whole),
            WorldEvent::Action(event) => self.respond_state(stamp, event),
            WorldEvent::Stage { stage, on, active } => self.stage_turn(stamp, (stage, on, *active), whole),
            WorldEvent::Adversary { state } => self.adversary_turn(stamp, *state),
            WorldEvent::FindingCreated { finding } => self.finding_created(stamp, finding),
            WorldEvent::Notified { channel, finding } => self.notified(stamp, channel, finding),
            WorldEvent::NotificationLost { channel, finding } => self.notification_lost(stamp, channel, finding),
            WorldEvent::Logged { record } => self.logged(stamp, record),
            WorldEvent::Instance(turn) => self.instance_turn(stamp, turn),
            WorldEvent::Role { role, usable } => self.role_turn(stamp, role, *usable),
            WorldEvent::Resource(turn) => self.resource_turn(stamp, turn),
            WorldEvent::Automation(run) => self.automation_ran(stamp, run),
            WorldEvent::Harm(harm) => self.harmed(stamp, harm),
            WorldEvent::Destroying { active } => self.destroying(stamp, *active),
            WorldEvent::Sight { what, works } => self.sight_turn(stamp, what, *works),
            WorldEvent::Restated { fact } => self.restate(stamp, fact),
            // The ledger is the world's and its operator's.
            WorldEvent::Undo { .. } => {}
        }
    }
}
