//! How the drill clock went against the one on the wall.

use super::stamp::Stamp;
use firedrill_model::event::GapKind;
use firedrill_model::id::SeatId;
use firedrill_model::{DrillTime, Span};

/// How the drill clock went.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClockCourse {
    /// Stretches in which it ran faster than real time, oldest first. Bounded.
    pub fast: Vec<Stretch>,
    /// What kept it from going on, or let it jump, oldest first. Bounded.
    pub interruptions: Vec<(Stamp, Interruption)>,
    /// Since when it is paused.
    pub paused: Option<Stamp>,
    /// A skip that is under way.
    pub(super) skip: Option<Skip>,
    /// Up to here it is told, on its own.
    pub(super) told: DrillTime,
}

/// Something that kept the drill clock from going on with the one on the wall, or let it jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// Time on the wall that is no drill time.
    Gap(GapKind, Span),
    /// The drill was paused for so long on the wall.
    Paused(Span),
    /// So much drill time was skipped over.
    Skipped(Span),
}

/// A stretch of drill time that went by faster than real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From here on.
    pub from: DrillTime,
    /// Until then.
    pub to: DrillTime,
    /// Something was asked of somebody meanwhile.
    pub asked: bool,
}

/// A skip under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Skip {
    /// Who asked for it.
    pub(super) seat: SeatId,
    /// When.
    pub(super) began: DrillTime,
    /// It goes no further.
    pub(super) limit: DrillTime,
    /// Whether the signals were within their limits when it began.
    pub(super) steady: bool,
}

impl ClockCourse {
    /// How much of the time between two moments went by faster than real time while somebody was asked for something.
    #[must_use]
    pub fn hurried(&self, from: DrillTime, to: DrillTime) -> Span {
        self.within(from, to, |stretch| stretch.asked)
    }

    /// How much of the time between two moments went by faster than real time.
    #[must_use]
    pub fn fast(&self, from: DrillTime, to: DrillTime) -> Span {
        self.within(from, to, |_| true)
    }

    fn within(&self, from: DrillTime, to: DrillTime, counts: impl Fn(&Stretch) -> bool) -> Span {
        let parts = self.fast.iter().filter(|stretch| counts(stretch));
        parts.fold(Span::ZERO, |sum, part| sum + part.to.min(to).since(part.from.max(from)))
    }
}
