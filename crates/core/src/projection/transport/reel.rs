//! One way of looking at a record: keyframes along the way, what stands on the scrub bar, and the lines to search.

use alloc::sync::Arc;
use core::ops::Range;

use super::lines::Lines;
use super::tape::{Entries, number};
use super::{Stop, Tick};
use crate::projection::Fold;
use crate::projection::audience::{Viewer, may_see};
use firedrill_model::DrillTime;
use firedrill_model::event::Entry;
use firedrill_model::scenario::Scenario;

/// What it may cost to go on from a keyframe to the next, in about nanoseconds. A seek has a millisecond, and some of it goes to the copy
/// of the frame.
const APART: u32 = 600_000;

/// One way of looking.
#[derive(Debug, Clone)]
pub(super) struct Reel {
    pub viewer: Viewer,
    /// Entries that it tells of.
    len: usize,
    /// Views with the number of entries that each is after, ascending; the first is the view before any. Of what came in before, all of
    /// them hold the same rows.
    frames: Vec<(usize, Fold)>,
    /// What it costs to go on from the last frame to here.
    since: u32,
    /// What stands on the scrub bar, in order.
    pub ticks: Vec<(DrillTime, Tick)>,
    /// The places of the entries that these are of.
    places: Vec<u32>,
    /// The lines of the timeline, all of them.
    pub lines: Lines,
}

impl Reel {
    /// Before the first entry.
    pub fn new(viewer: Viewer) -> Self {
        let (frames, ticks, places, lines) = (Vec::new(), Vec::new(), Vec::new(), Lines::default());
        Self { viewer, len: 0, frames, since: 0, ticks, places, lines }
    }

    /// Of the first `count` entries.
    pub fn of(viewer: Viewer, scenario: Arc<Scenario>, entries: &Entries, count: usize) -> Self {
        let mut view = viewer.fold(scenario);
        let mut reel = Self::new(viewer);
        entries.read(0..count, &mut |entry| {
            reel.take(&mut view, entry, entries.cost(reel.len));
            true
        });
        reel.ended(view)
    }

    /// All of it was taken; `view` holds that.
    pub fn ended(mut self, view: Fold) -> Self {
        if self.frames.is_empty() {
            self.frames.push((0, view));
        }
        self
    }

    /// Entries that it tells of.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Takes the next entry into `view`, which holds what came before.
    pub fn take(&mut self, view: &mut Fold, entry: &Entry, cost: u32) {
        if self.frames.is_empty() || self.since > APART {
            self.frames.push((self.len, view.clone()));
            self.since = 0;
        }
        self.since = self.since.saturating_add(cost);
        let place = self.len;
        self.len += 1;
        if !may_see(&self.viewer, entry) {
            return;
        }
        view.apply(entry);
        if let Some(tick) = Tick::of(&entry.event) {
            self.ticks.push((entry.moment(), tick));
            self.places.push(number(place));
        }
        self.lines.add(place, entry.seq, view);
    }

    /// When the fault becomes active, if it does.
    pub fn fault(&self) -> Option<DrillTime> {
        self.ticks.iter().find(|(_, tick)| *tick == Tick::Fault).map(|(at, _)| *at)
    }

    /// The places of a kind of stop from `from` on, in order.
    pub fn stops_from(&self, stop: Stop, from: usize) -> impl Iterator<Item = usize> + '_ {
        self.stops(stop, self.at_place(from)..self.places.len())
    }

    /// The places of a kind of stop before `until`, the last first.
    pub fn stops_before(&self, stop: Stop, until: usize) -> impl Iterator<Item = usize> + '_ {
        self.stops(stop, 0..self.at_place(until)).rev()
    }

    /// The place of the bookmark at a moment.
    pub fn bookmark(&self, moment: DrillTime) -> Option<usize> {
        let from = self.ticks.partition_point(|(at, _)| *at < moment);
        let until = self.ticks.partition_point(|(at, _)| *at <= moment);
        self.stops(Stop::Bookmark, from..until).next()
    }

    /// The places of a kind of stop among these signs.
    fn stops(&self, stop: Stop, among: Range<usize>) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let ticks = self.ticks.get(among.clone()).unwrap_or_default().iter();
        let signs = ticks.zip(self.places.get(among).unwrap_or_default());
        signs.filter(move |((_, tick), _)| *tick == stop.tick()).map(|(_, place)| *place as usize)
    }

    /// The first sign that is of an entry at `place` or behind.
    fn at_place(&self, place: usize) -> usize {
        self.places.partition_point(|of| (*of as usize) < place)
    }

    pub fn fold(&self, view: &mut Fold, entry: &Entry) {
        if may_see(&self.viewer, entry) {
            view.apply(entry);
        }
    }

    /// The view after the first `count` entries.
    pub fn at(&self, entries: &Entries, count: usize) -> Option<Fold> {
        let place = self.frames.partition_point(|(after, _)| *after <= count).saturating_sub(1);
        let (after, frame) = self.frames.get(place)?;
        let mut view = frame.clone();
        entries.read(*after..count, &mut |entry| {
            self.fold(&mut view, entry);
            true
        });
        Some(view)
    }

    /// Takes in what was observed later: it stands at `place` among the entries, before what stood there.
    pub fn insert(&mut self, place: usize, entry: &Entry) {
        if place > self.len {
            return;
        }
        self.len += 1;
        let seen = may_see(&self.viewer, entry);
        for (after, frame) in self.frames.iter_mut().filter(|(after, _)| *after > place) {
            *after += 1;
            if seen {
                frame.apply(entry);
            }
        }
        self.lines.shift(place);
        let at = self.at_place(place);
        self.places.iter_mut().skip(at).for_each(|of| *of += 1);
        if !seen {
            return;
        }
        if let Some(tick) = Tick::of(&entry.event) {
            self.ticks.insert(at, (entry.moment(), tick));
            self.places.insert(at, number(place));
        }
        self.lines.insert(place, entry);
    }

    /// Leaves out the bookmark at `place` among the entries, which `off` takes off.
    pub fn remove(&mut self, place: usize, off: &Entry) {
        if place >= self.len {
            return;
        }
        self.len -= 1;
        let seen = may_see(&self.viewer, off);
        for (after, frame) in self.frames.iter_mut().filter(|(after, _)| *after > place) {
            *after -= 1;
            if seen {
                frame.apply(off);
            }
        }
        self.lines.unshift(place);
        if let Ok(at) = self.places.binary_search(&number(place)) {
            self.places.remove(at);
            self.ticks.remove(at);
        }
        let behind = self.at_place(place);
        self.places.iter_mut().skip(behind).for_each(|of| *of -= 1);
    }
}
