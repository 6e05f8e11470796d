//! The one place that reads a clock. Everything else is handed its time.

use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound, Utc};

/// The clocks of the machine, or hands that a test moves.
#[derive(Debug, Clone)]
pub enum WallClock {
    /// The machine's own clocks.
    Machine {
        /// When this clock was made; intervals are counted from here and never run backwards.
        started: Instant,
    },
    /// A clock that stands still until it is moved.
    Hands {
        /// UTC at its start.
        epoch: DateTime<Utc>,
        /// Time since then.
        elapsed: Duration,
    },
}

/// A gap in the clock of the wall that is longer than this is no drill time: the machine slept, or the program was stopped.
pub const LONGEST_GLANCE: Duration = Duration::from_secs(3);
/// When nobody has touched a key for so long, a drill that is played alone stands still. Long enough to read a finding and to fetch somebody,
/// short enough that a meeting doesn't eat the experiment.
pub const AWAY: Duration = Duration::from_mins(4);
/// While the record can't be written, how often it is tried again.
pub const RETRY: Duration = Duration::from_secs(2);

impl WallClock {
    /// The machine's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn machine() -> Self {
        Self::Machine { started: Instant::now() }
    }

    /// A clock that is moved by hand.
    #[must_use]
    pub fn hands(epoch: DateTime<Utc>) -> Self {
        Self::Hands { epoch, elapsed: Duration::ZERO }
    }

    /// UTC now, to the millisecond. For people: no rule reads it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn utc(&self) -> DateTime<Utc> {
        match self {
            Self::Machine { .. } => Utc::now().trunc_subsecs(3),
            Self::Hands { epoch, elapsed } => (*epoch + *elapsed).trunc_subsecs(3),
        }
    }

    /// Time since the clock was made. Never runs backwards.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn elapsed(&self) -> Duration {
        match self {
            Self::Machine { started } => started.elapsed(),
            Self::Hands { elapsed, .. } => *elapsed,
        }
    }

    /// Moves the hands. The machine's clock can't be moved.
    pub fn wind(&mut self, by: Duration) {
        if let Self::Hands { elapsed, .. } = self {
            *elapsed += by;
        }
    }
}
