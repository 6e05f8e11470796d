//! What kept the drill clock from going on with the one on the wall, or let it jump: gaps, pauses and skips, with their lengths.

use serde::Serialize;

use crate::projection::View;
use crate::projection::moment::Readings;
use crate::projection::view::{Interruption, Stamp};
use crate::projection::wording;
use firedrill_model::event::GapKind;
use firedrill_model::{Shown, shown};

/// An interruption.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InterruptionRow {
    /// `asleep`, `closed`, `clock-set`, `paused` or `skipped`.
    pub kind: Shown,
    /// When it ended.
    #[serde(flatten)]
    pub readings: Readings,
    /// How long: on the wall, and for a skip of the drill.
    pub seconds: f64,
    /// As a sentence.
    pub words: Shown,
}

/// All of them, oldest first.
#[must_use]
pub fn interruptions(view: &View) -> Vec<InterruptionRow> {
    let row = |(stamp, what): &(Stamp, Interruption)| {
        let (kind, length, words) = match *what {
            Interruption::Gap(GapKind::Asleep, length) => {
                ("asleep", length, "the machine slept, or the program was stopped, for")
            }
            Interruption::Gap(GapKind::Closed, length) => ("closed", length, "the program was closed for"),
            Interruption::Gap(GapKind::ClockSet, length) => ("clock-set", length, "the clock on the wall was set, by"),
            Interruption::Paused(length) => ("paused", length, "the drill had been paused for"),
            Interruption::Skipped(length) => ("skipped", length, "somebody had skipped ahead, over"),
        };
        let readings = view.readings(*stamp);
        let words = shown!("Up to {} {} {}.", readings.t, words, wording::length(length));
        InterruptionRow { kind: kind.into(), readings, seconds: super::material::tenths(length.as_secs_f64()), words }
    };
    view.course.clock.interruptions.iter().map(row).collect()
}
