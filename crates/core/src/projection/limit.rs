//! Limits of signals.

use firedrill_model::signal::Side;

/// A limit: the signal is at home on one side of it, the limit itself included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// In the signal's unit.
    pub at: f64,
    /// Where it is at home.
    pub side: Side,
}

impl Limit {
    /// Says whether `value` is at home.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        self.side.holds(value, self.at)
    }

    pub(super) fn worse(self, a: f64, b: f64) -> f64 {
        match self.side {
            Side::Below => a.max(b),
            Side::Above => a.min(b),
        }
    }
}
