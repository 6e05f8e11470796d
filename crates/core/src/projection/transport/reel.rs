//! One way of looking at a record: keyframes along the way, what stands on the scrub bar, and the lines to search.

use alloc::sync::Arc;

use super::lines::Lines;
use super::{MAX_FRAMES, Tick};
use crate::projection::Fold;
use crate::projection::audience::{Viewer, may_see};
use firedrill_model::DrillTime;
use firedrill_model::event::Entry;
use firedrill_model::scenario::Scenario;

/// Entries between two keyframes at least.
const LEAST_GAP: usize = 1_000;

/// One way of looking.
#[derive(Debug, Clone)]
pub(super) struct Reel {
    pub viewer: Viewer,
    /// Entries between two keyframes, as long as none is added.
    pub gap: usize,
    /// Entries that it tells of.
    len: usize,
    /// Views with the number of entries that each is after, ascending; the first is the view before any.
    frames: Vec<(usize, Fold)>,
    /// What stands on the scrub bar, in order.
    pub ticks: Vec<(DrillTime, Tick)>,
    /// The lines of the timeline, all of them.
    pub lines: Lines,
}

impl Reel {
    pub fn new(scenario: Arc<Scenario>, entries: &[Entry], viewer: Viewer) -> Self {
        let gap = entries.len().div_ceil(MAX_FRAMES).max(LEAST_GAP);
        let (frames, ticks, lines) = (Vec::new(), Vec::new(), Lines::default());
        let mut view = viewer.fold(scenario);
        let mut reel = Self { viewer, gap, len: entries.len(), frames, ticks, lines };
        for (index, entry) in entries.iter().enumerate() {
            if index % gap == 0 {
                reel.frames.push((index, view.clone()));
            }
            if !may_see(&reel.viewer, entry) {
                continue;
            }
            view.apply(entry);
            reel.ticks.extend(Tick::of(&entry.event).map(|tick| (entry.moment(), tick)));
            reel.lines.add(index, entry.seq, &view);
        }
        if reel.frames.is_empty() {
            reel.frames.push((0, view));
        }
        reel
    }

    pub fn fold(&self, view: &mut Fold, entry: &Entry) {
        if may_see(&self.viewer, entry) {
            view.apply(entry);
        }
    }

    /// The view after the first `count` entries.
    pub fn at(&self, entries: &[Entry], count: usize) -> Option<Fold> {
        let place = self.frames.partition_point(|(after, _)| *after <= count).saturating_sub(1);
        let (after, frame) = self.frames.get(place)?;
        let mut view = frame.clone();
        for entry in entries.get(*after..count).unwrap_or_default() {
            self.fold(&mut view, entry);
        }
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
        if !seen {
            return;
        }
        if let Some(tick) = Tick::of(&entry.event) {
            let at = self.ticks.partition_point(|(at, _)| *at <= entry.moment());
            self.ticks.insert(at, (entry.moment(), tick));
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
        self.ticks.retain(|tick| *tick != (off.moment(), Tick::Bookmark));
    }
}
