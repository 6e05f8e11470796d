//! A moment of a drill.

use chrono::{DateTime, Utc};
use firedrill_model::DrillTime;

/// A moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// On the drill clock.
    pub at: DrillTime,
    /// On the wall.
    pub utc: DateTime<Utc>,
    /// Number of the entry that it is from.
    pub seq: u64,
}
