//! Skipping ahead: to the next thing that whoever asked would want to see, never over the end of the experiment.

use firedrill_model::event::{DrillEvent, Entry, PaceCause};
use firedrill_model::{Author, DrillTime, Refusal};

use super::Drill;
use super::state::Skip;
use crate::projection::Viewer;
use crate::projection::audience::is_for;
use crate::projection::landmark::{SKIP_LIMIT, is_landmark};

impl Drill {
    /// Where a skip that begins now ends at the latest.
    pub(super) fn skip_limit(&self) -> Result<DrillTime, Refusal> {
        // Never over the end of the experiment: that is for a person, or for its own time, to say.
        let before_end = self.latest_end().map(|end| DrillTime(end.0.saturating_sub(1)));
        let limit = before_end.unwrap_or(DrillTime(u64::MAX)).min(self.now + SKIP_LIMIT);
        if self.now >= limit { Err(Refusal::NearlyOver) } else { Ok(limit) }
    }

    /// A skip begins where a seat asked for one.
    pub(super) fn apply_skip(&mut self, by: &Author, event: &DrillEvent) {
        let DrillEvent::PaceChanged { because: PaceCause::Skipped, .. } = event else { return };
        let Author::Seat(seat) = by else { return };
        let limit = self.skip_limit().unwrap_or(self.now);
        self.skip = Some(Skip { seat: seat.clone(), limit, steady: self.is_steady() });
    }

    /// Ends a skip where something came that its seat may see and would want to, or where the steady state came or went.
    pub(super) fn follow_skip(&mut self, entry: &Entry) {
        let Some(skip) = &self.skip else { return };
        let viewer = self.role(&skip.seat).map(|role| Viewer::Seat(skip.seat.clone(), role));
        let seen = viewer.is_some_and(|viewer| is_for(&viewer, &entry.to)) && is_landmark(&entry.event);
        if seen || self.is_steady() != skip.steady || !self.phase.clock_runs() {
            self.skip = None;
        }
    }

    /// Where the skip that is under way ends at the latest; none where none is.
    #[must_use]
    pub fn skipping(&self, now: DrillTime) -> Option<DrillTime> {
        self.skip.as_ref().map(|skip| skip.limit).filter(|limit| *limit > now)
    }
}
