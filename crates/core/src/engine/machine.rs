//! The rules with their clock, their undurable entries and their seats. Worlds are the drive's.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use firedrill_model::Observation;
use firedrill_model::command::{Ask, Command};
use firedrill_model::event::{DrillEvent, Entry, Event, WorldEvent};
use firedrill_model::id::{SeatId, WorldId};
use firedrill_model::phase::Phase;
use firedrill_model::refusal::Bounded;
use firedrill_model::request::WorldRequest;
use firedrill_model::world::{Happened, Source};
use firedrill_model::{Author, DrillTime, Refusal, Request, Scenario, audience_of};

use super::seats::{Seats, Shown};
use super::waiting::{Undurable, Waiting};
use super::{MOST_SETTLED, MOST_SPOOLED, Now, Output, STEP_LIMIT, Ticket};
use crate::rules::Drill;

/// The rules, and what of them is under way.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    pub drill: Drill,
    pub now: DrillTime,
    /// Entries that this drill may have.
    pub most: u64,
    /// Names of the clocked worlds: what is asked of one of them holds drill time.
    pub clocked: Vec<WorldId>,
    next_seq: u64,
    wall: u64,
    utc: DateTime<Utc>,
    recording: bool,
    waiting: Waiting,
    shown: VecDeque<Shown>,
    seats: Seats,
    spool: VecDeque<Observation>,
    lost: BTreeMap<WorldId, u64>,
    /// Entries of this step.
    appended: usize,
    out: Vec<Output>,
}

impl Machine {
    pub fn new(scenario: Arc<Scenario>, clocked: Vec<WorldId>, most: u64) -> Self {
        Self {
            drill: Drill::new(scenario),
            now: DrillTime::ZERO,
            most,
            clocked,
            next_seq: 0,
            wall: 0,
            utc: DateTime::UNIX_EPOCH,
            recording: true,
            waiting: Waiting::default(),
            shown: VecDeque::new(),
            seats: Seats::default(),
            spool: VecDeque::new(),
            lost: BTreeMap::new(),
            appended: 0,
            out: Vec::new(),
        }
    }

    /// Folds an entry that is on disk and was handed out in an earlier life.
    pub fn restore(&mut self, entry: &Entry) {
        self.drill.apply(entry);
        self.now = self.now.max(entry.at);
        self.next_seq = self.next_seq.max(entry.seq.saturating_add(1));
        self.seats.durable(&Shown::of(entry), &mut Vec::new());
    }

    /// Entries of kinds that this program doesn't know have numbers, too.
    pub fn number_from(&mut self, next_seq: u64) {
        self.next_seq = self.next_seq.max(next_seq);
    }

    pub fn begin(&mut self, now: Now) {
        (self.wall, self.utc, self.appended) = (self.wall.max(now.wall), now.utc, 0);
    }

    pub fn outputs(&mut self) -> Vec<Output> {
        core::mem::take(&mut self.out)
    }

    pub fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Entries that are not known to be durable.
    pub fn undurable(&self) -> usize {
        self.waiting.len()
    }

    /// The step has appended its share.
    pub fn has_done_enough(&self) -> bool {
        self.appended >= STEP_LIMIT
    }

    /// The drill has as many entries as it may have, or is as late as it may be.
    pub fn is_full(&self) -> bool {
        self.next_seq >= self.most || self.now >= DrillTime::LATEST
    }

    /// Drill time stands until a request to a clocked world was performed.
    pub fn holds_time(&self) -> bool {
        self.waiting.holds_time()
    }

    /// What happens can't be written, or not as fast as it happens: nothing more is taken on.
    pub fn is_stalled(&self) -> bool {
        !self.recording || self.waiting.is_congested(self.wall)
    }

    pub fn set_recording(&mut self, recording: bool) {
        let stopped = self.recording && !recording;
        self.recording = recording;
        if stopped {
            // What can't be recorded must not go on in an account. The undo needs no disk.
            self.revert(None);
        }
    }

    /// Asks every world that can undo to do so, at once.
    pub fn revert(&mut self, id: Option<u64>) {
        let id = id.unwrap_or(self.next_seq);
        let worlds: Vec<WorldId> = self.drill.worlds_to_revert().cloned().collect();
        for world in worlds {
            self.out.push(Output::Perform(WorldRequest { id, world, what: Request::Revert }));
        }
    }

    /// Appends an event. Everyone hears of it once it is durable.
    ///
    /// After the close only what may follow it is taken; the drill is over, and nobody waits for the rest.
    pub fn append(&mut self, by: Author, source: Option<Source>, event: Event, of: Option<Ticket>) {
        if self.drill.phase() == Phase::Closed && !event.may_follow_the_end() {
            return;
        }
        let to = audience_of(&event, &by);
        let entry =
            Entry { seq: self.next_seq, at: self.now, utc: self.utc, by, to, source: source.map(Box::new), event };
        self.next_seq += 1;
        self.appended += 1;
        self.drill.apply(&entry);
        let mut asks = self.drill.requests_of(&entry);
        for revert in asks.extract_if(.., |asked| asked.what.is_revert()) {
            self.out.push(Output::Perform(revert));
        }
        let holds = asks.iter().any(|asked| self.clocked.contains(&asked.world));
        self.shown.push_back(Shown::of(&entry));
        self.waiting.push(Undurable { seq: entry.seq, since: self.wall, asks }, holds);
        self.out.push(Output::Append { entry, of });
    }

    /// Says something of the drill's own.
    pub fn say(&mut self, event: DrillEvent) {
        self.append(Author::Drill, None, Event::Drill(event), None);
        self.settle();
    }

    /// What follows by itself, until nothing more does.
    pub fn settle(&mut self) {
        for _ in 0..MOST_SETTLED {
            let events = self.drill.settle(self.now);
            if events.is_empty() {
                return;
            }
            for event in events {
                self.append(Author::Drill, None, event, None);
            }
        }
        debug_assert!(false, "rules that follow from each other without end");
    }

    /// A seat asks for something.
    pub fn command(&mut self, seat: &SeatId, ticket: Ticket, command: &Command) {
        match self.decide(seat, command) {
            Ok(events) => {
                let by = Author::Seat(seat.clone());
                for event in events {
                    self.append(by.clone(), None, event, Some(ticket));
                }
                self.settle();
                self.out.push(Output::Accept(ticket));
            }
            Err(refusal) => self.out.push(Output::Refuse { seat: seat.clone(), ticket, refusal }),
        }
    }

    fn decide(&self, seat: &SeatId, command: &Command) -> Result<Vec<Event>, Refusal> {
        // An undo waits for nothing, and is refused for no other reason than that there is nothing to undo.
        if self.is_stalled() && !matches!(command, Ask::Abort) {
            return Err(Refusal::NotRecording);
        }
        if self.is_full() && !matches!(command, Ask::NextPhase | Ask::Abort) {
            return Err(Refusal::TooMany(Bounded::Entries));
        }
        self.drill.decide(seat, command)
    }

    /// A pushed world reports something. A repeat says nothing new; what nobody expects is left out.
    pub fn observe(&mut self, observation: Observation) {
        let known = |seen: &Observation| seen.world == observation.world && seen.key == observation.key;
        if self.drill.phase() == Phase::Closed
            || !self.drill.has_world(&observation.world)
            || self.drill.has_observed(&observation.world, &observation.key)
            || self.spool.iter().any(known)
        {
            return;
        }
        if !self.is_stalled() && self.spool.is_empty() {
            return self.take_observation(observation);
        }
        if self.spool.len() < MOST_SPOOLED {
            self.spool.push_back(observation);
        } else {
            *self.lost.entry(observation.world).or_default() += 1;
        }
    }

    /// Takes what was kept while nothing could be recorded.
    pub fn unspool(&mut self) {
        while !self.is_stalled() && !self.has_done_enough() {
            match self.spool.pop_front() {
                Some(observation) => self.take_observation(observation),
                None => break,
            }
        }
        if self.spool.is_empty() && !self.is_stalled() {
            for (world, count) in core::mem::take(&mut self.lost) {
                self.say(DrillEvent::ObservationsLost { world, count });
            }
        }
    }

    /// Something waits to be taken.
    pub fn has_spooled(&self) -> bool {
        !self.spool.is_empty() || !self.lost.is_empty()
    }

    fn take_observation(&mut self, observation: Observation) {
        let Observation { world, key, happened, event, step } = observation;
        let happened = happened.map(|told| Happened { at: told.at.min(self.now), ..told });
        let source = Some(Source { key, happened });
        let id = self.next_seq;
        self.append(Author::World(world.clone()), source, Event::World(event), None);
        if let Some(step) = step {
            self.waiting.ask(id, WorldRequest { id, world, what: Request::Proceed(step) });
        }
        self.settle();
    }

    /// A clocked world did something at this moment.
    pub fn occur(&mut self, world: &WorldId, source: Source, event: WorldEvent) {
        self.append(Author::World(world.clone()), Some(source), Event::World(event), None);
        self.settle();
    }

    /// All entries below `next` are durable: who may see them does, and what they ask of worlds is given back, in order. What is asked of
    /// pushed worlds is said at once.
    pub fn durable(&mut self, next: u64) -> Vec<WorldRequest> {
        let mut of_clocked = Vec::new();
        let clocked = self.clocked.clone();
        let is_clocked = |asked: &WorldRequest| clocked.contains(&asked.world);
        while let Some(entry) = self.waiting.take(next, is_clocked) {
            if let Some(shown) = self.shown.pop_front() {
                self.seats.durable(&shown, &mut self.out);
            }
            for asked in entry.asks {
                if is_clocked(&asked) {
                    of_clocked.push(asked);
                } else {
                    self.out.push(Output::Perform(asked));
                }
            }
        }
        of_clocked
    }
}
