//! Replay: a cursor over the entries of a record, and the view as it was at that cursor.
//!
//! A replay is a fold of the first so many entries, and asks nothing of anyone. So that any place is reached within a frame, views are
//! kept along the way (keyframes), and the fold goes on from the nearest one before the cursor.

mod cue;
mod later;
mod lines;
mod reel;
mod stops;

use alloc::sync::Arc;

use super::audience::{Viewer, may_see, opens_everything};
use super::moment::Zero;
use super::read::world_kind;
use super::{Fold, View};
use firedrill_model::event::{ActionState, DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Scenario;
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, SafeText, Shown, Span, WordBook, shown};

pub use cue::Cue;
use reel::Reel;
pub use stops::{Stop, Tick};

/// Keyframes that are kept of each way of looking at most. One holds as much as a view does; what it shares with others counts once.
pub const MAX_FRAMES: usize = 32;
/// Entries among which the seats are looked for: they are taken at the beginning.
const BEGINNING: usize = 1_000;
/// Speeds in quarters of real time: 0.5x to 64x.
const SPEEDS: [u32; 8] = [2, 4, 8, 16, 32, 64, 128, 256];
/// Place of real time among them.
const REAL_TIME: usize = 1;

/// The record again, at a cursor.
#[derive(Debug, Clone)]
pub struct Transport {
    /// As they are told: see [`later`].
    entries: Vec<Entry>,
    /// Never shown: each way of looking has as much of it as it may.
    scenario: Arc<Scenario>,
    /// Before any entry.
    blank: Fold,
    /// Number of entries up to and including the one into Verify, from which on everything is open; all of them if there is none.
    opened: usize,
    viewers: Vec<Viewer>,
    viewer: Viewer,
    everything: Reel,
    /// What the chosen seat saw, while a seat is chosen.
    own: Option<Reel>,
    /// Entries before the cursor.
    cursor: usize,
    now: DrillTime,
    playing: bool,
    speed: usize,
    zero: Zero,
    /// In what kind of world the drill was.
    world: WorldKind,
    view: Fold,
}

impl Transport {
    /// A replay that stands paused before the first entry. While a drill isn't `over`, there is no view of everything: somebody who takes
    /// part could look. `fallback` is the viewer where the record names no seat.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, entries: Vec<Entry>, over: bool, fallback: Viewer) -> Self {
        let entries = later::in_order(entries);
        let opened = entries.iter().position(opens_everything).map_or(entries.len(), |index| index + 1);
        let everything = Reel::new(Arc::clone(&scenario), &entries, Viewer::Everything);
        let blank = Fold::of_seat(Arc::new(scenario.brief()));
        let mut viewers = seats(&entries);
        if over {
            viewers.insert(0, Viewer::Everything);
        } else if viewers.is_empty() {
            viewers.push(fallback);
        }
        let first = viewers.first().cloned().unwrap_or(Viewer::Everything);
        let mut transport = Self {
            world: world_kind(&entries),
            entries,
            scenario,
            view: blank.clone(),
            blank,
            opened,
            viewers,
            viewer: Viewer::Everything,
            everything,
            own: None,
            cursor: 0,
            now: DrillTime::ZERO,
            playing: false,
            speed: REAL_TIME,
            zero: Zero::Drill,
        };
        transport.zero = transport.find_zero();
        transport.look_as(first);
        transport
    }

    /// What is seen at the cursor: the fold of the entries before it, as far as the viewer may see them there.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// In what kind of world the drill was, wherever the cursor is.
    #[must_use]
    pub fn world_kind(&self) -> WorldKind {
        self.world
    }

    /// Entries of the record.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Entries before the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Drill time at the cursor.
    #[must_use]
    pub fn now(&self) -> DrillTime {
        self.now
    }

    /// Drill time of the last entry.
    #[must_use]
    pub fn end(&self) -> DrillTime {
        self.entries.last().map_or(DrillTime::ZERO, Entry::moment)
    }

    /// When the fault becomes active in the record, if it does.
    #[must_use]
    pub fn fault(&self) -> Option<DrillTime> {
        let fault = |tick: &&(DrillTime, Tick)| tick.1 == Tick::Fault;
        self.everything.ticks.iter().find(fault).map(|(at, _)| *at)
    }

    /// From where T is counted: the fault of the record. In a drill that isn't over, the beginning of the experiment until the first sign has
    /// reached the team.
    #[must_use]
    pub fn zero(&self) -> Zero {
        self.zero
    }

    /// Says whether time goes by.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Whose view it is.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The speed in words: `0.5x`, `4x`.
    #[must_use]
    pub fn speed(&self) -> Shown {
        let quarters = self.quarters();
        if quarters < 4 { Shown::from("0.5x") } else { shown!("{}x", quarters / 4) }
    }

    fn find_zero(&self) -> Zero {
        let began = |phase| {
            let mut begun = self.entries.iter();
            begun.find(|entry| matches!(&entry.event, Event::Drill(event) if event.begins() == Some(phase)))
        };
        match (self.fault().filter(|fault| self.opens() || self.tells_after(*fault)), began(Phase::Experiment)) {
            (Some(fault), _) => Zero::Fault(fault),
            (None, Some(entry)) => Zero::Experiment(entry.moment()),
            (None, None) => Zero::Drill,
        }
    }

    /// Something of the incident reached the team after the fault.
    fn tells_after(&self, fault: DrillTime) -> bool {
        let tells = |event: &Event| match event {
            Event::Drill(DrillEvent::InjectDelivered { .. })
            | Event::People(PeopleEvent::Acknowledged { .. })
            | Event::World(WorldEvent::Notified { .. }) => true,
            Event::World(WorldEvent::Action(event)) => match &event.state {
                ActionState::Done { results } => results.iter().any(|result| !result.findings().is_empty()),
                ActionState::Started { .. } | ActionState::Unknown { .. } => false,
            },
            Event::Drill(_) | Event::People(_) | Event::World(_) => false,
        };
        self.entries.iter().any(|entry| entry.moment() >= fault && tells(&entry.event))
    }

    fn quarters(&self) -> u32 {
        SPEEDS.get(self.speed).copied().unwrap_or(4)
    }

    /// Chooses the next faster or slower speed.
    pub(crate) fn change_speed(&mut self, faster: bool) {
        self.speed = if faster { (self.speed + 1).min(SPEEDS.len() - 1) } else { self.speed.saturating_sub(1) };
    }

    /// Plays or pauses. At the end there is nothing to play.
    pub fn play(&mut self, on: bool) {
        self.playing = on && self.cursor < self.entries.len();
    }

    /// Looks as somebody else, at the same moment.
    pub fn look_as(&mut self, viewer: Viewer) {
        self.own = match &viewer {
            Viewer::Everything => None,
            // Nothing after the opening is addressed to a seat alone, so its own way of looking ends there.
            seat @ Viewer::Seat(..) => {
                let scenario = Arc::clone(&self.scenario);
                let before = self.entries.get(..self.opened.saturating_sub(1).min(self.entries.len()));
                let before = if self.opens() { before.unwrap_or_default() } else { &self.entries };
                Some(Reel::new(scenario, before, seat.clone()))
            }
        };
        self.viewer = viewer;
        self.view = self.view_at(self.cursor);
    }

    /// The drill reached Verify.
    fn opens(&self) -> bool {
        self.entries.get(self.opened.saturating_sub(1)).is_some_and(opens_everything)
    }

    fn view_at(&self, count: usize) -> Fold {
        let reel = self.reel_at(count);
        reel.at(&self.entries, count).unwrap_or_else(|| self.blank.clone())
    }

    /// Says whether everybody sees everything after so many entries.
    fn is_open_at(&self, count: usize) -> bool {
        self.opens() && count >= self.opened
    }

    fn reel_at(&self, count: usize) -> &Reel {
        self.own.as_ref().filter(|_| !self.is_open_at(count)).unwrap_or(&self.everything)
    }

    /// Says whether the viewer may see an entry at the cursor: an own view knows nothing of what others were told.
    fn is_visible(&self, entry: &Entry) -> bool {
        may_see(&self.reel_at(self.cursor).viewer, entry)
    }

    /// Puts the cursor after so many entries.
    pub fn go(&mut self, count: usize) {
        let count = count.min(self.entries.len());
        let same_reel = self.own.is_none() || self.is_open_at(count) == self.is_open_at(self.cursor);
        let reel = self.reel_at(count);
        if same_reel && count >= self.cursor && count - self.cursor <= reel.gap {
            let mut view = core::mem::replace(&mut self.view, self.blank.clone());
            let reel = self.reel_at(count);
            for entry in self.entries.get(self.cursor..count).unwrap_or_default() {
                reel.fold(&mut view, entry);
            }
            self.view = view;
        } else {
            self.view = self.view_at(count);
        }
        self.cursor = count;
        self.now = count.checked_sub(1).and_then(|last| self.entries.get(last)).map_or(DrillTime::ZERO, Entry::moment);
        self.playing &= count < self.entries.len();
    }

    /// Seeks a moment: after all that had happened by then.
    pub fn seek(&mut self, at: DrillTime) {
        let at = at.min(self.end());
        self.go(self.entries.partition_point(|entry| entry.moment() <= at));
        self.now = at;
    }

    /// One entry on or back, over those that the viewer can't see.
    pub fn step(&mut self, forwards: bool) {
        let to = if forwards {
            let rest = self.entries.get(self.cursor..).unwrap_or_default();
            rest.iter().position(|entry| self.is_visible(entry)).map_or(self.entries.len(), |at| self.cursor + at + 1)
        } else {
            let before = self.entries.get(..self.cursor.saturating_sub(1)).unwrap_or_default();
            before.iter().rposition(|entry| self.is_visible(entry)).map_or(0, |at| at + 1)
        };
        self.go(to);
    }

    /// To the next or previous stop of a kind. Says whether there is one.
    pub fn jump(&mut self, stop: Stop, forwards: bool) -> bool {
        let counts = |entry: &&Entry| stop.is_at(&entry.event) && self.is_visible(entry);
        let found = if forwards {
            let rest = self.entries.get(self.cursor..).unwrap_or_default();
            rest.iter().position(|entry| counts(&entry)).map(|at| self.cursor + at + 1)
        } else {
            let before = self.entries.get(..self.cursor.saturating_sub(1)).unwrap_or_default();
            before.iter().rposition(|entry| counts(&entry)).map(|at| at + 1)
        };
        if let Some(count) = found {
            self.go(count);
        }
        found.is_some()
    }

    /// To the next line of the timeline that holds these words, or whose remark in `book` does: after the cursor and then from the start;
    /// gives the line. An own view finds nothing that the seat was not told before Verify.
    pub fn search(&mut self, words: &str, book: &WordBook) -> Option<SafeText> {
        let place = self.reel_at(self.cursor).lines.find(words, book, self.cursor)?;
        self.go(place + 1);
        let seq = self.entries.get(place)?.seq;
        let words = words.trim().to_lowercase();
        let mut lines = self.view.timeline.iter().filter(|line| line.stamp.seq == seq);
        let first = lines.clone().next();
        lines.find(|line| line.text.as_str().to_lowercase().contains(&words)).or(first).map(|line| line.text.clone())
    }

    /// When something changes next while it plays: the next entry, or the next whole second. As time on the wall.
    #[must_use]
    pub fn next_change(&self) -> Option<Span> {
        if !self.playing {
            return None;
        }
        let second = (self.now.0 / 1_000_000 + 1).saturating_mul(1_000_000);
        let due = self.entries.get(self.cursor).map_or(second, |entry| entry.moment().0.min(second));
        let left = due.saturating_sub(self.now.0);
        Some(Span(left.saturating_mul(4).div_ceil(u64::from(self.quarters()))))
    }

    /// Lets time on the wall go by. Says whether anything changed.
    pub fn elapse(&mut self, wall: Span) -> bool {
        if !self.playing || wall == Span::ZERO {
            return false;
        }
        let to = self.now + Span(wall.0.saturating_mul(u64::from(self.quarters())) / 4);
        let count = self.entries.partition_point(|entry| entry.moment() <= to).max(self.cursor);
        self.go(count);
        self.now = to.min(self.end());
        true
    }

    /// What stands on the scrub bar, in order: what the viewer may see at the cursor, no more.
    #[must_use]
    pub fn ticks(&self) -> &[(DrillTime, Tick)] {
        &self.reel_at(self.cursor).ticks
    }

    /// Everybody whose view there is: the whole record once the drill is over, and each seat that was taken.
    #[must_use]
    pub fn viewers(&self) -> &[Viewer] {
        &self.viewers
    }
}

/// The seats that were taken.
fn seats(entries: &[Entry]) -> Vec<Viewer> {
    let mut seats = Vec::new();
    for entry in entries.iter().take(BEGINNING) {
        if let Event::Drill(DrillEvent::SeatTaken { seat, role, .. }) = &entry.event {
            let seat = Viewer::Seat(seat.clone(), *role);
            if !seats.contains(&seat) {
                seats.push(seat);
            }
        }
    }
    seats
}
