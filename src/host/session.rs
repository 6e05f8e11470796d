//! One drill being run: the only place where truth changes.
//!
//! What people ask and what the world does becomes events; events go to the record; only what is on disk is shown, and only
//! what is on disk asks the world for anything. See the picture in `ARCHITECTURE.md`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::landmark::is_landmark;
use super::seal::{seal_words, words_of};
use firedrill_account::SimWorld;
use firedrill_core::projection::View;
use firedrill_core::projection::audience::{Viewer, fold, may_see, opens_everything};
use firedrill_core::projection::improvements::Earlier;
use firedrill_core::rules::Drill;
use firedrill_model::command::{Ask, ClockAsk, MAX_WORDS};
use firedrill_model::event::PhaseCause;
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::refusal::Bounded;
use firedrill_model::request::{Observation, Request, request_for};
use firedrill_model::scenario::Scenario;
use firedrill_model::{Author, DrillTime, Role, Span, WordBook};
use firedrill_model::{
    allowed::Matter,
    audience::audience_of,
    command::Intent,
    event::{DrillEvent, Entry, Event},
    phase::Phase,
    refusal::Refusal,
};
use firedrill_record::store::{Record, RecordState, StoreFault};

/// How far one skip goes at most.
pub const SKIP_LIMIT: Span = Span::from_secs(15 * 60);
/// Entries that wait for one sync together at most.
const LARGEST_GROUP: usize = 128;
/// Entries that one drill can have; the world's included.
pub const MAX_ENTRIES: usize = 200_000;

/// One drill being run.
pub struct Session {
    scenario: Arc<Scenario>,
    drill: Drill,
    world: SimWorld,
    record: Record,
    seat: SeatId,
    role: Role,
    view: View,
    /// All entries that are on disk, so that the view can be opened to everything in Verify.
    entries: Vec<Entry>,
    /// Entries that the record has been given and that are not known to be on disk: nobody has seen them.
    unseen: Vec<Entry>,
    /// What recorded entries ask of the world, in order.
    requests: VecDeque<Request>,
    now: DrillTime,
    next_seq: u64,
    /// Nobody watches: a failed write is tried again at once, in a new file, instead of when somebody has been told.
    unattended: bool,
    /// What earlier drills of the scenario left to change.
    earlier: Earlier,
    /// Entries that this drill can have.
    most: usize,
}

/// Why nothing came of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record can't be written. Nothing is lost: what was asked is kept and written as soon as possible.
    #[error(transparent)]
    NotRecorded(#[from] StoreFault),
}

impl Session {
    /// Begins a drill with one responder.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn begin(
        scenario: Arc<Scenario>,
        mut record: Record,
        (seat, role, alias): (SeatId, Role, &str),
        utc: DateTime<Utc>,
    ) -> Result<Self, StoreFault> {
        let header = record.header();
        let (seed, epoch) = (header.seed, header.epoch);
        let name = record.name(&seat, alias);
        let world = SimWorld::new(Arc::clone(&scenario), seed, epoch);
        let mut session = Self::new(scenario, record, world, seat.clone(), role);
        let opened =
            DrillEvent::Opened { scenario: session.scenario.id.clone(), title: session.scenario.title.clone(), seed };
        let start = DrillEvent::PhaseEntered { phase: Phase::SteadyState, because: PhaseCause::Start };
        let events = [opened, DrillEvent::SeatTaken { seat, role, name }, start];
        session.take(&Author::Drill, events.map(Event::Drill).into(), utc);
        let observations = session.world.advance(DrillTime::ZERO);
        session.take_observations(observations, utc)?;
        session.publish()?;
        Ok(session)
    }

    pub(super) fn new(scenario: Arc<Scenario>, record: Record, world: SimWorld, seat: SeatId, role: Role) -> Self {
        Self {
            drill: Drill::new(Arc::clone(&scenario)),
            view: View::new(Arc::clone(&scenario)),
            world,
            record,
            seat,
            role,
            entries: Vec::new(),
            unseen: Vec::new(),
            requests: VecDeque::new(),
            now: DrillTime::ZERO,
            next_seq: 0,
            unattended: false,
            earlier: Earlier::default(),
            most: MAX_ENTRIES,
            scenario,
        }
    }

    /// Takes over what was read from disk, without asking anything of anyone.
    pub(super) fn restore(&mut self, entries: Vec<Entry>) {
        for entry in &entries {
            self.drill.apply(entry);
        }
        // Entries of kinds that this program doesn't know have numbers, too.
        self.next_seq = self.record.next();
        self.now = self.drill.now();
        self.entries = entries;
        self.refold();
    }

    /// Nobody watches this drill.
    #[must_use]
    pub fn unattended(mut self) -> Self {
        self.unattended = true;
        self
    }

    /// The drill takes fewer entries than it could.
    #[must_use]
    pub fn at_most(mut self, entries: usize) -> Self {
        self.most = entries.min(MAX_ENTRIES);
        self
    }

    /// Takes what earlier drills of the scenario left to change. No rule reads it.
    pub fn remind(&mut self, earlier: Earlier) {
        self.earlier = earlier;
    }

    /// What earlier drills of the scenario left to change.
    #[must_use]
    pub fn earlier(&self) -> &Earlier {
        &self.earlier
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// The state machine, to read.
    #[must_use]
    pub fn drill(&self) -> &Drill {
        &self.drill
    }

    /// What the seat sees.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The seat's name.
    #[must_use]
    pub fn seat(&self) -> &SeatId {
        &self.seat
    }

    /// The drill's name.
    #[must_use]
    pub fn name(&self) -> &DrillId {
        &self.record.header().drill
    }

    /// Drill time now.
    #[must_use]
    pub fn now(&self) -> DrillTime {
        self.now
    }

    /// The texts that people wrote.
    #[must_use]
    pub fn words(&self) -> &WordBook {
        self.record.words()
    }

    /// The record, to read.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// All entries so far that are on disk.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All entries from number `seq` on, also those that are not yet known to be on disk.
    pub fn entries_from(&self, seq: u64) -> impl Iterator<Item = &Entry> {
        let from = self.entries.partition_point(|entry| entry.seq < seq);
        self.entries.iter().skip(from).chain(self.unseen.iter().filter(move |entry| entry.seq >= seq))
    }

    /// Entries that are not on disk.
    #[must_use]
    pub fn unstored(&self) -> usize {
        self.unseen.len()
    }

    /// Says whether the drill has as many entries as it can have. Its clock stands still then.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.entries.len() + self.unseen.len() >= self.most
    }

    /// Says whether what happens reaches the disk.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        !matches!(self.record.state(), RecordState::NotRecording { .. })
    }

    /// Asks something of the drill in the name of the seat, and shows what comes of it.
    ///
    /// # Errors
    /// A refusal, or a record that can't be written.
    pub fn ask(&mut self, intent: Intent, utc: DateTime<Utc>) -> Result<(), AskError> {
        self.ask_unpublished(intent, utc)?;
        self.publish()?;
        Ok(())
    }

    /// The same, leaving what follows for a later [`publish`](Self::publish): for a player without a screen.
    ///
    /// # Errors
    /// As for [`ask`](Self::ask).
    pub fn ask_unpublished(&mut self, intent: Intent, utc: DateTime<Utc>) -> Result<(), AskError> {
        if !self.is_recording() {
            self.publish()?;
            self.perform(utc)?;
        }
        if words_of(&intent).iter().any(|text| text.chars().count() > MAX_WORDS) {
            return Err(Refusal::TooLong.into());
        }
        if self.is_full() && intent.matter() != Matter::NextPhase {
            return Err(Refusal::TooMany(Bounded::Entries).into());
        }
        // What the world does at this very moment comes first, as when the drill is played again to resume it.
        let due = self.world.advance(self.now);
        self.take_observations(due, utc)?;
        let record = &mut self.record;
        let command = seal_words(intent, &mut |text| record.seal(text));
        match self.drill.decide(&self.seat, &command) {
            Ok(events) => {
                self.take(&Author::Seat(self.seat.clone()), events, utc);
                self.settle(utc);
                self.perform(utc)?;
                Ok(())
            }
            Err(refusal) => {
                self.record.discard_pending();
                Err(refusal.into())
            }
        }
    }

    /// When something will happen next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<DrillTime> {
        if !self.drill.phase().clock_runs() {
            return None;
        }
        [self.world.next_due(), self.drill.next_due(self.now)].into_iter().flatten().min().map(|due| due.max(self.now))
    }

    /// Lets `wall` go by at the drill's pace, which may change on the way.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn elapse(&mut self, wall: Duration, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        let mut left = u64::try_from(wall.as_micros()).unwrap_or(u64::MAX);
        while left > 0 && self.drill.rate() > 0 && self.is_recording() && !self.is_full() {
            let (rate, from) = (self.drill.rate(), self.now);
            let reach = from + Span(left.saturating_mul(rate.into()));
            while self.now < reach && self.drill.rate() == rate && !self.is_full() {
                let stop = self.next_due().map_or(reach, |due| due.min(reach));
                self.advance(stop, utc)?;
            }
            left = left.saturating_sub(self.now.since(from).0.div_ceil(rate.into()));
        }
        self.publish()
    }

    /// Advances the drill clock to `to`, or to the end of the phase if that comes first.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn advance(&mut self, to: DrillTime, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        while self.drill.phase().clock_runs() && !self.is_full() {
            let Some(due) = self.next_due().filter(|due| *due <= to) else {
                let rest = self.world.advance(to);
                self.now = self.now.max(to);
                return self.take_observations(rest, utc);
            };
            self.now = due;
            let observations = self.world.advance(due);
            self.take_observations(observations, utc)?;
            self.settle(utc);
            if self.unseen.len() >= LARGEST_GROUP {
                self.publish()?;
            }
        }
        Ok(())
    }

    /// Skips to the next thing that somebody would want to see, at most [`SKIP_LIMIT`] ahead.
    ///
    /// # Errors
    /// A refusal, or a record that can't be written.
    pub fn skip_ahead(&mut self, utc: DateTime<Utc>) -> Result<(), AskError> {
        self.ask(Ask::Clock(ClockAsk::Skip), utc)?;
        let (from, steady) = (self.next_seq, self.drill.is_steady());
        // Never over the end of the experiment: that is for a person, or for its own time, to say.
        let before_end = self.drill.latest_end().map(|end| DrillTime(end.0.saturating_sub(1)));
        let limit = before_end.unwrap_or(DrillTime(u64::MAX)).min(self.now + SKIP_LIMIT);
        if self.now >= limit {
            return Err(Refusal::NearlyOver.into());
        }
        let viewer = self.viewer();
        while self.drill.phase().clock_runs() && self.now < limit && !self.is_full() {
            let next = self.next_due().unwrap_or(limit).min(limit);
            self.advance(next, utc)?;
            let stops = |entry: &Entry| may_see(&viewer, entry) && is_landmark(&entry.event);
            if self.entries_from(from).any(stops) || self.drill.is_steady() != steady {
                break;
            }
        }
        self.publish()?;
        Ok(())
    }

    /// Puts on disk what is not there yet, then shows it.
    ///
    /// # Errors
    /// When the record can't be written; everything is kept and the next call tries again.
    pub fn publish(&mut self) -> Result<(), StoreFault> {
        if let Err(fault) = self.record.commit() {
            if !self.unattended {
                return Err(fault);
            }
            self.record.commit()?;
        }
        let unseen = std::mem::take(&mut self.unseen);
        let opened = unseen.iter().any(opens_everything);
        for entry in unseen {
            if !opened && may_see(&self.viewer(), &entry) {
                self.view.apply(&entry);
            }
            self.entries.push(entry);
        }
        if opened {
            self.refold();
        }
        Ok(())
    }

    /// Lets a stalled drill go on, once the record can be written again.
    ///
    /// # Errors
    /// When it still can't.
    pub fn retry(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        self.publish()?;
        self.perform(utc)?;
        self.publish()
    }

    /// Who the view is for: from Verify on, everything is open to everyone.
    fn viewer(&self) -> Viewer {
        if self.drill.phase().is_open() { Viewer::Everything } else { Viewer::Seat(self.seat.clone(), self.role) }
    }

    fn refold(&mut self) {
        self.view = fold(Arc::clone(&self.scenario), &self.entries, &self.viewer());
    }

    pub(super) fn take_observations(&mut self, all: Vec<Observation>, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        for observation in all {
            self.now = self.now.max(observation.at);
            self.take(&Author::World, vec![Event::World(observation.event)], utc);
            self.settle(utc);
        }
        self.perform(utc)
    }

    /// Gives events to the record and the state machine. Nobody sees them before they are published.
    pub(super) fn take(&mut self, by: &Author, events: Vec<Event>, utc: DateTime<Utc>) {
        for event in events {
            let to = audience_of(&event, by);
            let entry = Entry { seq: self.next_seq, at: self.now, utc, by: by.clone(), to, event };
            self.next_seq += 1;
            self.record.append(&entry);
            self.drill.apply(&entry);
            self.requests.extend(request_for(&entry.event));
            self.unseen.push(entry);
        }
    }

    pub(super) fn settle(&mut self, utc: DateTime<Utc>) {
        loop {
            let events = self.drill.settle(self.now);
            if events.is_empty() {
                return;
            }
            self.take(&Author::Drill, events, utc);
        }
    }

    /// Asks the world for what the entries ask for, once they are on disk.
    fn perform(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        while !self.requests.is_empty() {
            self.publish()?;
            let Some(request) = self.requests.pop_front() else { break };
            for observation in self.world.perform(&request, self.now) {
                self.take(&Author::World, vec![Event::World(observation.event)], utc);
                self.settle(utc);
            }
        }
        Ok(())
    }
}
