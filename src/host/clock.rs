//! The one place that reads a clock. Everything else is handed its time.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use firedrill_model::Span;
use firedrill_model::event::GapKind;

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
/// How often the place of writing is looked at: a folder that was moved or deleted is noticed within a second.
pub const WATCH: Duration = Duration::from_millis(900);
/// While the record can't be written, how often it is tried again.
pub const RETRY: Duration = Duration::from_secs(2);

/// Processor time that the whole program has taken; whoever waits takes none.
#[must_use]
pub fn processor_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default())
}

impl WallClock {
    /// The machine's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn machine() -> Self {
        Self::Machine { started: Instant::now() }
    }

    /// Says whether the clock stands where a drill can be dated: not before 1970, where a machine without a battery may begin.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.utc() >= DateTime::UNIX_EPOCH
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
            // Unlike `Utc::now`, this stands a clock that was set to before 1970.
            Self::Machine { .. } => DateTime::<Utc>::from(SystemTime::now()).trunc_subsecs(3),
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

    /// Time since the machine was started, also while it slept. What it counts from doesn't matter.
    fn since_start(&self) -> Duration {
        match self {
            Self::Machine { .. } => machine_time().unwrap_or_else(|| self.elapsed()),
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

/// The clock that goes on while the machine sleeps, where there is one.
#[cfg(target_os = "linux")]
fn machine_time() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::Boottime);
    let (seconds, nanos) = (u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?);
    Some(Duration::new(seconds, nanos))
}

#[cfg(not(target_os = "linux"))]
fn machine_time() -> Option<Duration> {
    None
}

/// Looks at a clock again and again, and says what went by in between: time of the drill, and time that is none.
#[derive(Debug, Clone)]
pub struct Watch {
    elapsed: Duration,
    since_start: Duration,
    utc: DateTime<Utc>,
}

/// What went by between two looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Time that counts.
    pub time: Duration,
    /// Time that doesn't, and why.
    pub gaps: Vec<(GapKind, Span)>,
}

/// The clock on the wall was set if it went otherwise than time did by more than this. What a time server corrects is less.
const SET: TimeDelta = TimeDelta::seconds(2);

impl Watch {
    /// Begins to watch.
    #[must_use]
    pub fn new(clock: &WallClock) -> Self {
        Self { elapsed: clock.elapsed(), since_start: clock.since_start(), utc: clock.utc() }
    }

    /// Looks again. While the drill clock isn't `running` nobody looks for long, and that is no gap.
    pub fn look(&mut self, clock: &WallClock, running: bool) -> Passed {
        let now = Self::new(clock);
        let passed = now.elapsed.saturating_sub(self.elapsed);
        let really = passed.max(now.since_start.saturating_sub(self.since_start));
        let mut gaps = Vec::new();
        if running && really > LONGEST_GLANCE {
            gaps.push((GapKind::Asleep, span(really.saturating_sub(passed.min(LONGEST_GLANCE)))));
        }
        let expected = TimeDelta::from_std(really).unwrap_or(TimeDelta::MAX);
        let off = (now.utc - self.utc).checked_sub(&expected).unwrap_or(TimeDelta::MAX).abs();
        if off > SET {
            gaps.push((GapKind::ClockSet, span(off.to_std().unwrap_or_default())));
        }
        *self = now;
        Passed { time: passed.min(LONGEST_GLANCE), gaps }
    }
}

fn span(time: Duration) -> Span {
    Span(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hands() -> WallClock {
        WallClock::hands("2026-11-30T09:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_short_time_counts_and_a_long_one_is_a_gap_while_the_clock_runs() {
        let mut clock = hands();
        let mut watch = Watch::new(&clock);
        clock.wind(Duration::from_secs(2));
        assert_eq!(watch.look(&clock, true), Passed { time: Duration::from_secs(2), gaps: Vec::new() });
        clock.wind(Duration::from_secs(603));
        let gap = (GapKind::Asleep, Span::from_secs(600));
        assert_eq!(watch.look(&clock, true), Passed { time: LONGEST_GLANCE, gaps: vec![gap] });
        clock.wind(Duration::from_secs(603));
        assert_eq!(watch.look(&clock, false).gaps, []);
    }

    #[test]
    fn a_clock_that_was_set_either_way_is_told() {
        for hours in [2, -2] {
            let mut clock = hands();
            let mut watch = Watch::new(&clock);
            clock.wind(Duration::from_secs(1));
            if let WallClock::Hands { epoch, .. } = &mut clock {
                *epoch += TimeDelta::hours(hours);
            }
            assert_eq!(watch.look(&clock, true).gaps, [(GapKind::ClockSet, Span::from_secs(7_200))]);
        }
    }
}
