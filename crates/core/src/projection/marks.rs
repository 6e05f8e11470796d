//! The raw marks of the incident, on both clocks. Marks are kept, durations are derived from them.

use super::View;
use super::view::{Mark, Stamp};
use firedrill_model::DrillTime;
use firedrill_model::event::AdversaryState;
use firedrill_model::phase::Phase;

impl View {
    /// Says whether marks can be made: the fault is active and the experiment is not over.
    pub(super) fn fault_is_in_play(&self) -> bool {
        self.marks.contains_key(&Mark::FaultActive) && self.course.phase < Phase::Verify
    }

    /// Keeps the first moment of a mark.
    pub(super) fn mark_first(&mut self, mark: Mark, stamp: Stamp) {
        if self.fault_is_in_play() {
            self.marks.entry(mark).or_insert(stamp);
        }
    }

    /// Keeps the earliest trace of the fault. `at` may lie before the entry that tells of it, never before the fault.
    pub(super) fn mark_signal(&mut self, at: DrillTime) {
        let Some(fault) = self.marks.get(&Mark::FaultActive).copied() else { return };
        if !self.fault_is_in_play() {
            return;
        }
        let stamp = if at <= fault.at { fault } else { self.stamp_at(at) };
        let known = self.marks.get(&Mark::FirstSignal);
        if known.is_none_or(|earlier| stamp.at < earlier.at) {
            self.marks.insert(Mark::FirstSignal, stamp);
        }
    }

    /// Contained and eradicated are marks only for as long as they last.
    pub(super) fn mark_adversary(&mut self, stamp: Stamp, before: Option<AdversaryState>, state: AdversaryState) {
        if !self.fault_is_in_play() {
            return;
        }
        match state {
            AdversaryState::Active => {
                for mark in [
                    Mark::ContainmentEffective,
                    Mark::Eradicated,
                    Mark::SteadyStateRestored,
                    Mark::SteadyStateConfirmed,
                ] {
                    self.marks.remove(&mark);
                }
            }
            AdversaryState::Contained => {
                self.marks.remove(&Mark::Eradicated);
                self.mark_contained(stamp, before);
            }
            AdversaryState::Eradicated => {
                self.mark_contained(stamp, before);
                self.marks.entry(Mark::Eradicated).or_insert(stamp);
            }
        }
    }

    /// The steady state has held since a moment for as long as the scenario asks. That moment is when it was restored; now it is confirmed.
    pub(super) fn mark_steady(&mut self, stamp: Stamp, since: DrillTime) {
        let Some(fault) = self.marks.get(&Mark::FaultActive).copied().filter(|_| self.fault_is_in_play()) else {
            return;
        };
        let since = if since <= fault.at { fault } else { self.stamp_at(since) };
        self.marks.insert(Mark::SteadyStateRestored, since);
        self.marks.insert(Mark::SteadyStateConfirmed, stamp);
    }

    /// Before its first stage the adversary is not active either, but nothing has been contained.
    fn mark_contained(&mut self, stamp: Stamp, before: Option<AdversaryState>) {
        if before == Some(AdversaryState::Active) {
            self.marks.entry(Mark::ContainmentEffective).or_insert(stamp);
        }
    }

    /// A moment of drill time on both clocks, placed between the samples around it.
    #[must_use]
    pub fn stamp_at(&self, at: DrillTime) -> Stamp {
        let after = self.moments.partition_point(|moment| moment.at <= at);
        let before = after.checked_sub(1).and_then(|index| self.moments.get(index));
        let next = self.moments.get(after);
        match (before, next) {
            (Some(before), Some(next)) => {
                let (part, whole) = (at.since(before.at).as_secs_f64(), next.at.since(before.at).as_secs_f64());
                let gap = (next.utc - before.utc).as_seconds_f64();
                let ms = if whole > 0.0 { (gap * part / whole * 1e3).clamp(0.0, 1e12) } else { 0.0 };
                Stamp { at, utc: plus_millis(before.utc, ms), seq: before.seq }
            }
            (Some(only), None) | (None, Some(only)) => Stamp { at, ..*only },
            (None, None) => Stamp { at, utc: chrono::DateTime::UNIX_EPOCH, seq: 0 },
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped by the caller")]
fn plus_millis(utc: chrono::DateTime<chrono::Utc>, ms: f64) -> chrono::DateTime<chrono::Utc> {
    utc.checked_add_signed(chrono::TimeDelta::milliseconds(ms as i64)).unwrap_or(utc)
}
