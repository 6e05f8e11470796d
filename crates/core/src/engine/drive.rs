//! The one loop that lets time pass: rules and clocked worlds, moment by moment, the same for a terminal, a rehearsal and a resume.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use firedrill_model::Occurrence;
use firedrill_model::event::{DrillEvent, Event, PhaseCause};
use firedrill_model::id::{SeatId, WorldId};
use firedrill_model::phase::Phase;
use firedrill_model::request::WorldRequest;
use firedrill_model::world::{Capabilities, Key, Owns, Source};
use firedrill_model::{Author, DrillTime, Role, Scenario, Sealed, Span};

use super::machine::Machine;
use super::repeats::Repeats;
use super::{ClockedWorld, Input, Now, Output};
use crate::rules::Drill;

/// A drill under way: the rules and the worlds that its clock carries along.
#[derive(Debug, Clone)]
pub struct Drive<W> {
    pub(super) machine: Machine,
    /// Clocked worlds by name; ties are broken by their place.
    pub(super) worlds: Vec<(WorldId, W)>,
    /// What clocked worlds did and is not taken yet. Time stands until it is.
    pub(super) inbox: VecDeque<(usize, Occurrence)>,
    /// What a world of another model says again after a seam, to be left out.
    pub(super) repeats: Repeats,
    /// The wall's clock at the last step, in microseconds; none before the first.
    looked: Option<u64>,
    /// Wall time that is still to be let go by, in microseconds.
    owed: u64,
    /// Drill time that was let go by and is not paid for yet: less than a microsecond on the wall.
    ahead: u64,
    /// The rate at which it was.
    rate: u32,
}

impl<W: ClockedWorld> Drive<W> {
    /// A drill that has not begun. `most` bounds its entries.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, worlds: Vec<(WorldId, W)>, most: u64) -> Self {
        let clocked = worlds.iter().map(|(id, _)| id.clone()).collect();
        Self {
            machine: Machine::new(scenario, clocked, most),
            worlds,
            inbox: VecDeque::new(),
            repeats: Repeats::default(),
            looked: None,
            owed: 0,
            ahead: 0,
            rate: 0,
        }
    }

    /// The state that the rules read: of everything that was appended, also what nobody has seen yet.
    #[must_use]
    pub fn drill(&self) -> &Drill {
        &self.machine.drill
    }

    /// Drill time.
    #[must_use]
    pub fn now(&self) -> DrillTime {
        self.machine.now
    }

    /// Number of the next entry.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.machine.next_seq()
    }

    /// Says whether the drill has as many entries as it may have. Its clock stands still then.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.machine.is_full()
    }

    /// Entries that are not known to be durable.
    #[must_use]
    pub fn undurable(&self) -> usize {
        self.machine.undurable()
    }

    /// Says whether drill time stands because a request waits for the disk.
    #[must_use]
    pub fn holds_time(&self) -> bool {
        self.machine.holds_time()
    }

    /// Bounds the entries of the drill from now on.
    pub fn at_most(&mut self, entries: u64) {
        self.machine.most = entries;
    }

    /// Begins the drill: who sits where, which worlds take part, and what the clocked ones say of their beginning.
    pub fn begin(
        &mut self,
        seats: Vec<(SeatId, Role, Sealed)>,
        worlds: Vec<(WorldId, Capabilities, Owns)>,
        now: Now,
    ) -> Vec<Output> {
        self.machine.begin(now);
        self.looked = Some(now.wall);
        let scenario = self.machine.drill.scenario();
        let opened = DrillEvent::Opened { scenario: scenario.id.clone(), title: scenario.title.clone() };
        let start = DrillEvent::PhaseEntered { phase: Phase::SteadyState, because: PhaseCause::Start };
        let taken = seats.into_iter().map(|(seat, role, name)| DrillEvent::SeatTaken { seat, role, name });
        let attached = worlds.into_iter().map(|(world, can, owns)| DrillEvent::WorldAttached { world, can, owns });
        for event in core::iter::once(opened).chain(taken).chain([start]).chain(attached) {
            self.machine.append(Author::Drill, None, Event::Drill(event), None);
        }
        self.collect(DrillTime::ZERO);
        self.drain();
        self.machine.settle();
        self.machine.outputs()
    }

    /// Lets wall time pass, takes the input, and gives what the host must do.
    pub fn step(&mut self, input: Input, now: Now) -> Vec<Output> {
        self.machine.begin(now);
        self.look(now.wall);
        self.pass();
        self.take(input);
        self.machine.unspool();
        self.drain();
        self.machine.outputs()
    }

    /// Advances the drill clock towards `to` without regard to the wall: for a script, a rehearsal, or somebody who waits. Stops where
    /// the step has done enough, the clock doesn't run, something waits for the disk, or a world can't be hurried; call it again until
    /// [`now`](Self::now) is `to` or nothing changes.
    pub fn advance(&mut self, to: DrillTime, now: Now) -> Vec<Output> {
        self.machine.begin(now);
        self.drain();
        if self.machine.drill.unhurried_world().is_none() {
            while self.may_go_on() && self.hop(to) {}
        }
        self.machine.outputs()
    }

    /// When to come again, in microseconds on the wall: at once while something is left to do, never (none) while only an input can bring
    /// something about.
    #[must_use]
    pub fn due(&self, now: Now) -> Option<u64> {
        if !self.inbox.is_empty() || (self.machine.has_spooled() && !self.machine.is_stalled()) {
            return Some(now.wall);
        }
        if !self.clock_goes() {
            return None;
        }
        if self.machine.drill.skipping(self.machine.now).is_some() {
            return Some(now.wall);
        }
        let rate = u64::from(self.machine.drill.rate());
        if rate == 0 {
            return None;
        }
        let ahead = self.next_due()?.since(self.machine.now).0.saturating_add(self.ahead).div_ceil(rate);
        Some((self.looked.unwrap_or(now.wall) + ahead).saturating_sub(self.owed).max(now.wall))
    }

    /// When the next thing is due by itself, on the drill clock.
    #[must_use]
    pub fn next_due(&self) -> Option<DrillTime> {
        if !self.machine.drill.phase().clock_runs() {
            return None;
        }
        let now = self.machine.now;
        let worlds = self.worlds.iter().filter_map(|(_, world)| world.next_due());
        worlds.chain(self.machine.drill.next_due(now)).min().map(|due| due.max(now))
    }

    /// Time counts from here.
    pub(super) fn look_first(&mut self, now: Now) {
        self.looked = Some(now.wall);
    }

    /// Takes note of how much time went by on the wall. While nothing can be recorded, or the clock stands, it is no drill time; while
    /// a request waits for its entry it is let go by afterwards.
    fn look(&mut self, wall: u64) {
        let passed = wall.saturating_sub(self.looked.unwrap_or(wall));
        self.looked = Some(wall);
        if self.machine.drill.rate() == 0 || self.machine.is_stalled() || self.machine.is_full() {
            (self.owed, self.ahead) = (0, 0);
        } else {
            self.owed = self.owed.saturating_add(passed);
        }
    }

    fn clock_goes(&self) -> bool {
        self.machine.drill.phase().clock_runs()
            && !self.machine.is_full()
            && !self.machine.is_stalled()
            && !self.machine.holds_time()
    }

    fn may_go_on(&self) -> bool {
        self.inbox.is_empty() && !self.machine.has_done_enough() && self.clock_goes()
    }

    /// Lets what is owed pass at the drill's rate, which may change on the way, and all of a skip.
    fn pass(&mut self) {
        self.drain();
        while self.may_go_on() {
            let (from, rate) = (self.machine.now, self.machine.drill.rate());
            if let Some(limit) = self.machine.drill.skipping(from) {
                if !self.hop(limit) {
                    break;
                }
                continue;
            }
            self.change_rate(rate);
            let reach = self.owed.saturating_mul(rate.into()).saturating_sub(self.ahead);
            let more = self.hop(from + Span(reach));
            self.pay(self.machine.now.since(from).0);
            if !more {
                break;
            }
        }
    }

    /// A begun microsecond on the wall belongs to the rate that it began with.
    fn change_rate(&mut self, rate: u32) {
        if self.rate != rate {
            self.owed = self.owed.saturating_sub(u64::from(self.ahead > 0));
            (self.rate, self.ahead) = (rate, 0);
        }
    }

    fn pay(&mut self, drill_time: u64) {
        let rate = u64::from(self.rate);
        if rate == 0 {
            return;
        }
        let spent = drill_time.saturating_add(self.ahead);
        self.owed = self.owed.saturating_sub(spent / rate);
        self.ahead = spent % rate;
    }

    /// Goes on to the next moment at which something is due, and lets it happen; false where nothing is up to `to`, which is then
    /// reached.
    fn hop(&mut self, to: DrillTime) -> bool {
        let due = self.next_due().filter(|due| *due <= to);
        let moment = due.unwrap_or(to).min(DrillTime::LATEST).max(self.machine.now);
        self.machine.now = moment;
        self.collect(moment);
        self.drain();
        if due.is_some() && self.inbox.is_empty() {
            self.machine.settle();
        }
        due.is_some()
    }

    /// Lets the clocked worlds come up to a moment.
    fn collect(&mut self, moment: DrillTime) {
        for (place, (_, world)) in self.worlds.iter_mut().enumerate() {
            self.inbox.extend(world.advance(moment).into_iter().map(|occurrence| (place, occurrence)));
        }
    }

    /// Takes what clocked worlds did, until the step has done enough.
    pub(super) fn drain(&mut self) {
        while !self.machine.has_done_enough() {
            let Some((place, Occurrence { at, event })) = self.inbox.pop_front() else { return };
            let Some((world, _)) = self.worlds.get(place) else { continue };
            self.machine.now = self.machine.now.max(at);
            if self.repeats.is_one(&event) {
                continue;
            }
            let source = Source { key: Key::Number(self.machine.drill.observed(world)), happened: None };
            self.machine.occur(&world.clone(), source, event);
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Tick => {}
            Input::Command { seat, ticket, command } => self.machine.command(&seat, ticket, &command),
            Input::Observation(observation) => self.machine.observe(observation),
            Input::Durable(next) => self.perform(next),
            Input::Recording(recording) => self.machine.set_recording(recording),
            Input::Join { seat, role, name } => self.machine.say(DrillEvent::SeatTaken { seat, role, name }),
            Input::Leave(seat) => self.machine.say(DrillEvent::SeatLeft { seat }),
            Input::Role(seat, role) => self.machine.say(DrillEvent::RoleChanged { seat, role }),
            Input::Gap { kind, length } => self.machine.say(DrillEvent::Gap { kind, length }),
            Input::Attach { world, can, owns } => self.machine.say(DrillEvent::WorldAttached { world, can, owns }),
            Input::Contact(world, contact) => self.machine.say(DrillEvent::WorldContact { world, contact }),
            Input::Continue(recovered) => self.machine.say(DrillEvent::Resumed { recovered, model: None }),
            Input::End => self.machine.revert(None),
        }
    }

    /// What recorded entries ask of clocked worlds is done at their own moment, at which time has stood since.
    fn perform(&mut self, next: u64) {
        for WorldRequest { world, what, .. } in self.machine.durable(next) {
            let now = self.machine.now;
            let Some(place) = self.worlds.iter().position(|(id, _)| *id == world) else { continue };
            let Some((_, world)) = self.worlds.get_mut(place) else { continue };
            let answers = world.perform(&what, now);
            self.inbox.extend(answers.into_iter().map(|occurrence| (place, occurrence)));
        }
    }
}
