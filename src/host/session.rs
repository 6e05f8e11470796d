//! One drill being run: the engine, a record, and the seats at this terminal. What the engine says is done here, and no rule stands here.
//!
//! What is asked and what happens becomes entries; entries go to the record; only what is on disk is shown, and only what is on disk
//! asks a world for anything. See the picture in `ARCHITECTURE.md`.

mod seats;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_core::engine::{Drive, Input, Left, Now, Output, Resumed, Ticket};
use firedrill_core::projection::improvements::Earlier;
use firedrill_core::projection::{Fold, View};
use firedrill_core::rules::Drill;
use firedrill_model::command::{Ask, ClockAsk, Intent, MAX_WORDS};
use firedrill_model::event::Entry;
use firedrill_model::id::{DrillId, SeatId, WorldId};
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Refusal, Role, WordBook, WorldRequest};
use firedrill_record::store::{Record, Recorder, StoreFault};

pub use super::log::Wake;
use super::log::{Earliest, Log, Said};
use super::seal::{seal_words, words_of};
use super::views::Views;
use super::worlds::{Clocked, attached};

/// Entries that wait for one sync together at most, where nobody watches.
const LARGEST_GROUP: usize = 128;
/// Entries that one drill can have; the worlds' included.
pub const MAX_ENTRIES: usize = 200_000;

pub use super::asked::AskError;

/// One drill being run.
pub struct Session {
    scenario: Arc<Scenario>,
    drive: Drive<Clocked>,
    log: Log,
    views: Views,
    /// What pushed worlds are asked, in order.
    asked: VecDeque<WorldRequest>,
    /// Microseconds that this session was told to have gone by.
    wall: u64,
    tickets: u64,
    /// Nobody watches: a failed write is tried again at once, in a new file, instead of when somebody has been told.
    unattended: bool,
    /// What earlier drills of the scenario left to change.
    earlier: Earlier,
}

impl Session {
    /// Begins a drill with one responder and the simulated account.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn begin(
        scenario: Arc<Scenario>,
        record: Record,
        person: (SeatId, Role, &str),
        utc: DateTime<Utc>,
    ) -> Result<Self, StoreFault> {
        let header = record.header();
        let world = Clocked::simulated(&scenario, header.seed, header.epoch);
        Self::begin_with(scenario, record, vec![world], person, utc)
    }

    /// Begins a drill with one responder and these worlds.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn begin_with(
        scenario: Arc<Scenario>,
        record: Record,
        worlds: Vec<(WorldId, Clocked)>,
        (seat, role, alias): (SeatId, Role, &str),
        utc: DateTime<Utc>,
    ) -> Result<Self, StoreFault> {
        let attached = attached(&worlds);
        let drive = Drive::new(Arc::clone(&scenario), worlds, MAX_ENTRIES as u64);
        let log = Log::new(Recorder::inline(record), Vec::new());
        let mut session = Self::of(scenario, drive, log, seat.clone());
        let name = session.log.recorder.name(&seat, alias);
        let outputs = session.drive.begin(vec![(seat, role, name)], attached, session.moment(utc));
        session.carry_out(outputs);
        session.publish_at(utc)?;
        Ok(session)
    }

    fn of(scenario: Arc<Scenario>, drive: Drive<Clocked>, log: Log, seat: SeatId) -> Self {
        let views = Views::new(Arc::clone(&scenario), log.recorder.header().seed, seat);
        let (asked, earlier) = (VecDeque::new(), Earlier::default());
        Self { scenario, drive, log, views, asked, wall: 0, tickets: 0, unattended: false, earlier }
    }

    /// Takes up a drill from what was read from disk. Only the clocked worlds are asked for anything: they are played again.
    pub(super) fn take_up(
        scenario: Arc<Scenario>,
        record: Record,
        (seat, left): (SeatId, Earliest),
        utc: DateTime<Utc>,
    ) -> Result<Self, StoreFault> {
        let header = record.header();
        let (model, worlds) = (header.model, vec![Clocked::simulated(&scenario, header.seed, header.epoch)]);
        let joins = attached(&worlds);
        let Earliest { entries, next_seq, recovered } = left;
        let left = (Left { entries: &entries, next_seq, model }, firedrill_account::MODEL, recovered);
        let now = Now { wall: 0, utc };
        let Resumed { drive, outputs } = Drive::resume(Arc::clone(&scenario), worlds, MAX_ENTRIES as u64, left, now);
        let mut session = Self::of(scenario, drive, Log::new(Recorder::inline(record), entries), seat);
        session.open_all();
        session.carry_out(outputs);
        for (world, can, owns) in joins {
            // Records of format 1 don't say which world takes part.
            if !session.drive.drill().has_world(&world) {
                session.step(Input::Attach { world, can, owns }, utc);
            }
        }
        session.publish_at(utc)?;
        Ok(session)
    }

    /// Nobody watches this drill.
    #[must_use]
    pub fn unattended(mut self) -> Self {
        self.unattended = true;
        self
    }

    /// The record is written by a thread of its own from now on, so that who draws never waits for a disk. `wake` is called there whenever
    /// [`news`](Self::news) has something to take in; it must not block.
    #[must_use]
    pub fn recorded_beside(mut self, wake: &Wake) -> Self {
        let wake = Arc::clone(wake);
        self.log.recorder = self.log.recorder.beside(Box::new(move || wake()));
        self
    }

    /// The drill takes fewer entries than it could.
    #[must_use]
    pub fn at_most(mut self, entries: usize) -> Self {
        self.drive.at_most(entries.min(MAX_ENTRIES) as u64);
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

    /// The state that the rules read, also of what nobody has seen yet.
    #[must_use]
    pub fn drill(&self) -> &Drill {
        self.drive.drill()
    }

    /// What whoever sits at this terminal sees.
    #[must_use]
    pub fn view(&self) -> &View {
        self.folded().view()
    }

    /// The same with the scenario behind it, as far as it is open to that seat: for a debrief.
    #[must_use]
    pub fn folded(&self) -> &Fold {
        self.views.own()
    }

    /// What a seat sees, if it is one of this host's.
    #[must_use]
    pub fn view_of(&self, seat: &SeatId) -> Option<&View> {
        self.views.of(seat).map(Fold::view)
    }

    /// The seat of whoever sits at this terminal.
    #[must_use]
    pub fn seat(&self) -> &SeatId {
        self.views.seat()
    }

    /// The drill's name.
    #[must_use]
    pub fn name(&self) -> &DrillId {
        &self.log.recorder.header().drill
    }

    /// Drill time now.
    #[must_use]
    pub fn now(&self) -> DrillTime {
        self.drive.now()
    }

    /// The texts that people wrote.
    #[must_use]
    pub fn words(&self) -> &WordBook {
        self.log.recorder.words()
    }

    /// The record, to read.
    #[must_use]
    pub fn record(&self) -> &Recorder {
        &self.log.recorder
    }

    /// Keeps a summary beside the record: a cache, written after the entries that it tells of.
    ///
    /// # Errors
    /// When it is known by now that it can't be written.
    pub(super) fn write_summary(&mut self, json: String) -> Result<(), StoreFault> {
        self.log.recorder.write_summary(json);
        self.news(self.log.last_utc())?;
        self.log.summary_fault.take().map_or(Ok(()), Err)
    }

    /// All entries so far that are on disk.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.log.entries
    }

    /// All entries from number `seq` on, also those that are not yet known to be on disk.
    pub fn entries_from(&self, seq: u64) -> impl Iterator<Item = &Entry> {
        self.log.from(seq)
    }

    /// Number of the next entry.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.drive.next_seq()
    }

    /// Entries that are not on disk.
    #[must_use]
    pub fn unstored(&self) -> usize {
        self.log.unseen.len()
    }

    /// Says whether the drill has as many entries as it can have. Its clock stands still then.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.drive.is_full()
    }

    /// Says whether what happens reaches the disk.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.log.is_recording()
    }

    /// When to come again, from now; never while only somebody's word, or the disk's, can bring something about.
    #[must_use]
    pub fn due_in(&self, utc: DateTime<Utc>) -> Option<Duration> {
        let due = self.drive.due(self.moment(utc))?;
        Some(Duration::from_micros(due.saturating_sub(self.wall)))
    }

    /// What pushed worlds are asked, in order. Each is taken once.
    pub fn take_requests(&mut self) -> Vec<WorldRequest> {
        self.asked.drain(..).collect()
    }

    /// Puts in what a pushed world reports, or anything else that the engine takes, and does what follows.
    ///
    /// # Errors
    /// When the record can't be written. Nothing is lost.
    pub fn take_in(&mut self, input: Input, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        self.step(input, utc);
        self.publish_at(utc)
    }

    /// Asks something of the drill in the name of this terminal's seat, and shows what comes of it.
    ///
    /// # Errors
    /// A refusal, or a record that can't be written.
    pub fn ask(&mut self, intent: Intent, utc: DateTime<Utc>) -> Result<(), AskError> {
        self.ask_as(&self.seat().clone(), intent, utc)
    }

    /// The same in the name of another seat.
    ///
    /// # Errors
    /// A refusal, or a record that can't be written.
    pub fn ask_as(&mut self, seat: &SeatId, intent: Intent, utc: DateTime<Utc>) -> Result<(), AskError> {
        self.ask_in(seat, intent, utc)?;
        self.publish_at(utc)?;
        Ok(())
    }

    /// The same, leaving what follows for a later [`publish`](Self::publish): for a player without a screen.
    ///
    /// # Errors
    /// As for [`ask`](Self::ask).
    pub fn ask_unpublished(&mut self, intent: Intent, utc: DateTime<Utc>) -> Result<(), AskError> {
        self.ask_in(&self.seat().clone(), intent, utc)
    }

    fn ask_in(&mut self, seat: &SeatId, intent: Intent, utc: DateTime<Utc>) -> Result<(), AskError> {
        if !self.is_recording() {
            self.publish_at(utc)?;
        }
        if words_of(&intent).iter().any(|text| text.chars().count() > MAX_WORDS) {
            return Err(Refusal::TooLong.into());
        }
        let command = seal_words(intent, &mut |text| self.log.recorder.seal(text));
        self.tickets += 1;
        let input = Input::Command { seat: seat.clone(), ticket: Ticket(self.tickets), command };
        let refused = self.step(input, utc);
        if let Some(refusal) = refused {
            self.log.recorder.discard();
            return Err(refusal.into());
        }
        // What was asked of a world is asked once it is on disk.
        if self.drive.holds_time() {
            self.store(utc)?;
        }
        Ok(())
    }

    /// When something will happen next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<DrillTime> {
        self.drive.next_due()
    }

    /// Lets `wall` go by at the drill's pace, which may change on the way.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn elapse(&mut self, wall: Duration, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        self.wall = self.wall.saturating_add(u64::try_from(wall.as_micros()).unwrap_or(u64::MAX));
        self.log.watch(wall);
        self.tick(utc)
    }

    /// Lets what is due be done: time that has gone by, a skip, what waits to be taken.
    fn tick(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        loop {
            self.step(Input::Tick, utc);
            self.publish_at(utc)?;
            if self.drive.due(self.moment(utc)).is_none_or(|due| due > self.wall) {
                return Ok(());
            }
        }
    }

    /// Advances the drill clock to `to`, or to the end of the phase if that comes first.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn advance(&mut self, to: DrillTime, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        loop {
            let before = (self.drive.now(), self.drive.next_seq());
            let outputs = self.drive.advance(to, self.moment(utc));
            self.carry_out(outputs);
            if self.drive.holds_time() || self.log.unseen.len() >= LARGEST_GROUP {
                self.store(utc)?;
            }
            if before == (self.drive.now(), self.drive.next_seq()) {
                return Ok(());
            }
        }
    }

    /// Skips to the next thing that somebody would want to see.
    ///
    /// # Errors
    /// A refusal, or a record that can't be written.
    pub fn skip_ahead(&mut self, utc: DateTime<Utc>) -> Result<(), AskError> {
        self.ask(Ask::Clock(ClockAsk::Skip), utc)?;
        Ok(self.tick(utc)?)
    }

    /// Puts on disk what is not there yet, then shows it.
    ///
    /// # Errors
    /// When the record can't be written; everything is kept and the next call tries again.
    pub fn publish(&mut self) -> Result<(), StoreFault> {
        self.publish_at(self.log.last_utc())
    }

    fn publish_at(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        loop {
            let before = self.log.unseen.len();
            self.store(utc)?;
            // What became durable may have asked a world, whose answers are to be stored as well.
            if self.log.unseen.is_empty() || self.log.unseen.len() >= before {
                return Ok(());
            }
        }
    }

    /// Lets a stalled drill go on, once the record can be written again.
    ///
    /// # Errors
    /// When it still can't.
    pub fn retry(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        self.log.recorder.retry();
        self.news(utc)?;
        self.publish_at(utc)
    }

    /// Waits until everything is stored, or is known not to be; for a writer that says nothing any more at most
    /// [`Recorder::PATIENCE`]. For the end of a drill: nothing is drawn meanwhile.
    ///
    /// # Errors
    /// When it can't be stored. Everything is kept as long as the program runs.
    pub fn finish(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        loop {
            let stored = self.log.recorder.drain(Recorder::PATIENCE);
            let before = self.drive.next_seq();
            self.news(utc)?;
            // What became durable may have asked a world, whose answers are to be stored as well.
            if !stored || before == self.drive.next_seq() {
                return Ok(());
            }
        }
    }

    /// Hands what waits to the recorder, and takes in what that says.
    fn store(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        self.log.flush();
        let said = self.news(utc);
        if said.is_ok() || !self.unattended {
            return said;
        }
        self.log.recorder.retry();
        self.news(utc)
    }

    /// Takes in what the recorder has to say: what is on disk now, and whether it can write.
    ///
    /// # Errors
    /// When it can't write. Everything is kept.
    pub fn news(&mut self, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        let (said, failed) = self.log.news();
        for said in said {
            let input = match said {
                Said::Stored(next) => Input::Durable(next),
                Said::Recording(recording) => Input::Recording(recording),
            };
            self.step(input, utc);
        }
        failed.map_or(Ok(()), Err)
    }

    fn moment(&self, utc: DateTime<Utc>) -> Now {
        Now { wall: self.wall, utc }
    }

    fn step(&mut self, input: Input, utc: DateTime<Utc>) -> Option<Refusal> {
        let outputs = self.drive.step(input, self.moment(utc));
        self.carry_out(outputs)
    }

    /// Does what the engine says. Gives the refusal of what was asked, if it was refused.
    fn carry_out(&mut self, outputs: Vec<Output>) -> Option<Refusal> {
        let mut refused = None;
        for output in outputs {
            match output {
                Output::Append { entry, of: _ } => self.log.append(entry),
                Output::Deliver { seat, seq } => {
                    if let Some(entry) = self.log.entries.get(self.log.below(seq)) {
                        self.views.deliver(&seat, entry);
                    }
                }
                Output::Open { seat, below } => self.open(&seat, below),
                Output::Perform(request) => self.asked.push_back(request),
                Output::Refuse { refusal, .. } => refused = Some(refusal),
                Output::Accept(_) => {}
            }
        }
        refused
    }

    fn open(&mut self, seat: &SeatId, below: u64) {
        let handed = self.log.entries.get(..self.log.below(below)).unwrap_or_default();
        self.views.open(seat, self.drive.drill(), handed);
    }

    fn open_all(&mut self) {
        let seats: Vec<SeatId> = self.drive.drill().seats().cloned().collect();
        for seat in seats {
            self.open(&seat, u64::MAX);
        }
    }
}
