//! Replay: a cursor over the entries of a record, and the view as it was at that cursor.
//!
//! A replay is a fold of the first so many entries, and asks nothing of anyone. So that any place is reached within a frame, views are
//! kept along the way (keyframes), and the fold goes on from the nearest one before the cursor.

mod cue;
mod later;
mod lines;
mod opening;
mod reel;
mod stops;
mod tape;

use alloc::sync::Arc;

use super::audience::{Viewer, may_see};
use super::moment::Zero;
use super::{Fold, View};
use firedrill_model::event::Entry;
use firedrill_model::scenario::Scenario;
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, SafeText, Shown, Span, WordBook, shown};

pub use cue::Cue;
pub use opening::Opening;
use reel::Reel;
pub use stops::{Stop, Tick};
use tape::Entries;
pub use tape::Tape;

/// Entries over which one goes on from where one is, rather than from a keyframe.
const NEAR: usize = 1_000;
/// Speeds in quarters of real time: 0.5x to 64x.
const SPEEDS: [u32; 8] = [2, 4, 8, 16, 32, 64, 128, 256];
/// Place of real time among them.
const REAL_TIME: usize = 1;

/// The record again, at a cursor.
#[derive(Debug, Clone)]
pub struct Transport {
    entries: Entries,
    /// Never shown: each way of looking has as much of it as it may.
    scenario: Arc<Scenario>,
    /// Before any entry.
    blank: Fold,
    /// Number of entries up to and including the one into Verify, from which on everything is open; all of them if there is none.
    opened: usize,
    /// The drill reached Verify.
    opens: bool,
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
    /// A replay of entries that are held: see [`Opening`].
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, entries: Vec<Entry>, over: bool, fallback: Viewer) -> Self {
        let mut opening = Opening::new(scenario);
        for (place, entry) in entries.iter().enumerate() {
            opening.take(entry, entries.cost(place));
        }
        opening.done(Arc::new(entries), over, fallback)
    }

    /// What is seen at the cursor: the fold of the entries before it, as far as the viewer may see them there.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The same with the ground truth that is open there: what a debrief is built of.
    #[must_use]
    pub fn folded(&self) -> &Fold {
        &self.view
    }

    /// In what kind of world the drill was, wherever the cursor is.
    #[must_use]
    pub fn world_kind(&self) -> WorldKind {
        self.world
    }

    /// How many entries it tells.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// The entry at a place, in the order in which they are told.
    #[must_use]
    pub fn entry(&self, place: usize) -> Option<Entry> {
        self.entries.get(place)
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
        self.moment_after(self.entries.len())
    }

    /// The moment of the last of so many entries.
    fn moment_after(&self, count: usize) -> DrillTime {
        count.checked_sub(1).and_then(|last| self.entries.moment(last)).unwrap_or(DrillTime::ZERO)
    }

    /// When the fault becomes active in the record, if it does.
    #[must_use]
    pub fn fault(&self) -> Option<DrillTime> {
        self.everything.fault()
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
                let count = if self.opens { self.opened.saturating_sub(1) } else { self.entries.len() };
                Some(Reel::of(seat.clone(), Arc::clone(&self.scenario), &self.entries, count))
            }
        };
        self.viewer = viewer;
        self.view = self.view_at(self.cursor);
    }

    fn view_at(&self, count: usize) -> Fold {
        let reel = self.reel_at(count);
        reel.at(&self.entries, count).unwrap_or_else(|| self.blank.clone())
    }

    /// Says whether everybody sees everything after so many entries.
    fn is_open_at(&self, count: usize) -> bool {
        self.opens && count >= self.opened
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
        if same_reel && count >= self.cursor && count - self.cursor <= NEAR {
            let mut view = core::mem::replace(&mut self.view, self.blank.clone());
            let reel = self.reel_at(count);
            self.entries.read(self.cursor..count, &mut |entry| {
                reel.fold(&mut view, entry);
                true
            });
            self.view = view;
        } else {
            self.view = self.view_at(count);
        }
        self.cursor = count;
        self.now = self.moment_after(count);
        self.playing &= count < self.entries.len();
    }

    /// Seeks a moment: after all that had happened by then.
    pub fn seek(&mut self, at: DrillTime) {
        let at = at.min(self.end());
        self.go(self.entries.until(|moment| moment <= at));
        self.now = at;
    }

    /// One entry on or back, over those that the viewer can't see.
    pub fn step(&mut self, forwards: bool) {
        let to = if forwards {
            let mut to = self.cursor;
            self.entries.read(self.cursor..self.entries.len(), &mut |entry| {
                to += 1;
                !self.is_visible(entry)
            });
            to
        } else {
            let mut before = (0..self.cursor.saturating_sub(1)).rev();
            before.find(|place| self.is_visible_at(*place)).map_or(0, |place| place + 1)
        };
        self.go(to);
    }

    fn is_visible_at(&self, place: usize) -> bool {
        self.entries.get(place).is_some_and(|entry| self.is_visible(&entry))
    }

    /// To the next or previous stop of a kind. Says whether there is one.
    pub fn jump(&mut self, stop: Stop, forwards: bool) -> bool {
        let found = if forwards {
            self.everything.stops_from(stop, self.cursor).find(|place| self.is_visible_at(*place))
        } else {
            let before = self.cursor.saturating_sub(1);
            self.everything.stops_before(stop, before).find(|place| self.is_visible_at(*place))
        };
        if let Some(place) = found {
            self.go(place + 1);
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
        let text = |line: &super::view::TimelineLine| line.text(&self.view);
        lines.find(|line| text(line).as_str().to_lowercase().contains(&words)).or(first).map(text)
    }

    /// When something changes next while it plays: the next entry, or the next whole second. As time on the wall.
    #[must_use]
    pub fn next_change(&self) -> Option<Span> {
        if !self.playing {
            return None;
        }
        let second = (self.now.0 / 1_000_000 + 1).saturating_mul(1_000_000);
        let due = self.entries.moment(self.cursor).map_or(second, |moment| moment.0.min(second));
        let left = due.saturating_sub(self.now.0);
        Some(Span(left.saturating_mul(4).div_ceil(u64::from(self.quarters()))))
    }

    /// Lets time on the wall go by. Says whether anything changed.
    pub fn elapse(&mut self, wall: Span) -> bool {
        if !self.playing || wall == Span::ZERO {
            return false;
        }
        let to = self.now + Span(wall.0.saturating_mul(u64::from(self.quarters())) / 4);
        let count = self.entries.until(|moment| moment <= to).max(self.cursor);
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
