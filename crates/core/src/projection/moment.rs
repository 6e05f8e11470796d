//! A moment of a drill has three readings, and each has one name everywhere. They are never mixed in one column.
//!
//! - **T**: since the fault, `T+12:25`, and before it `T-05:00`. What people see and type.
//! - **drill UTC**: the epoch of the drill plus its clock. What the simulated documents carry, and what is merged with other data.
//! - **recorded at**: the clock on the wall when it was written down.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::View;
use super::view::Stamp;
use firedrill_model::phase::Phase;
use firedrill_model::{DrillTime, Shown, Span, shown};

/// From where T is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zero {
    /// The fault.
    Fault(DrillTime),
    /// The beginning of the experiment: there was no fault, or when it was isn't told yet.
    Experiment(DrillTime),
    /// The beginning of the drill: there was no experiment yet.
    Drill,
}

impl Zero {
    /// The moment itself.
    #[must_use]
    pub fn at(self) -> DrillTime {
        match self {
            Self::Fault(at) | Self::Experiment(at) => at,
            Self::Drill => DrillTime::ZERO,
        }
    }

    /// What it is, in a word.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Fault(..) => "fault",
            Self::Experiment(..) => "experiment",
            Self::Drill => "drill",
        }
    }

    /// A moment as people see and type it: `T+12:25` since the fault, `+12:25` since the beginning of something else. What is not yet a
    /// second before zero is at `T-00:01`, so that no moment before it looks like one at it.
    #[must_use]
    pub fn t(self, at: DrillTime) -> Shown {
        let letter = match self {
            Self::Fault(..) => "T",
            Self::Experiment(..) | Self::Drill => "",
        };
        let (sign, apart) = self.apart(at);
        shown!("{}{}{}", letter, sign, apart.clock())
    }

    /// The same for seconds since the drill began, of a moment that is known no better.
    #[must_use]
    pub fn t_of(self, secs: f64) -> Shown {
        self.t(DrillTime::ZERO + Span::from_secs_f64(secs.max(0.0)))
    }

    /// The same without the letter, for narrow columns whose head says T: `12:25`, `-05:00`.
    #[must_use]
    pub fn short(self, at: DrillTime) -> Shown {
        match self.apart(at) {
            ("-", apart) => shown!("-{}", apart.clock()),
            (_, apart) => apart.clock(),
        }
    }

    /// The first whole second of T at which a moment has happened: to jump to, so that it is seen there.
    #[must_use]
    pub(crate) fn t_at_last(self, at: DrillTime) -> Shown {
        let zero = self.at().0;
        let whole = 1_000_000;
        let later = at.0.abs_diff(zero);
        let moment = match (at.0 >= zero, later % whole) {
            (_, 0) => at.0,
            (true, part) => at.0.saturating_add(whole - part),
            (false, part) => at.0 + part,
        };
        self.t(DrillTime(moment))
    }

    /// A moment as one would type it, to the microsecond.
    #[must_use]
    pub fn typed(self, at: DrillTime) -> T {
        let zero = self.at();
        if at >= zero { T { apart: at.since(zero), before: false } } else { T { apart: zero.since(at), before: true } }
    }

    fn apart(self, at: DrillTime) -> (&'static str, Span) {
        let zero = self.at();
        if at >= zero {
            return ("+", at.since(zero));
        }
        let before = zero.since(at).0.div_ceil(1_000_000);
        ("-", Span::from_secs(before))
    }

    /// The moment on the drill clock that a T means; the beginning of the drill for what lies before it.
    #[must_use]
    pub fn moment(self, t: T) -> DrillTime {
        let zero = self.at();
        if t.before { DrillTime(zero.0.saturating_sub(t.apart.0)) } else { zero + t.apart }
    }
}

/// A moment as somebody typed it: so far from zero, after or before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct T {
    /// How far from zero.
    pub apart: Span,
    /// Before it.
    pub before: bool,
}

/// Reads a moment as people write it: `T+12:25`, `T-5:00`, `12:25`, `1:02:30`, or a length as elsewhere, `12m30s`.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn read_t(text: &str) -> Result<T, Shown> {
    let wrong = || {
        Shown::from(
            "write a time as T+12:30, T-5:00, 1:02:30 or 12m30s, counted from the fault; what lies before it has a minus",
        )
    };
    let text = text.trim();
    let text = text.strip_prefix(['T', 't']).unwrap_or(text);
    let (before, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let apart = if text.contains(':') { clock(text) } else { text.parse::<Span>().ok() };
    apart.map(|apart| T { apart, before }).ok_or_else(wrong)
}

/// `12:30` or `1:02:30`.
fn clock(text: &str) -> Option<Span> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds: u64 = 0;
    for (place, part) in parts.iter().enumerate() {
        let digits = !part.is_empty() && part.len() <= 6 && part.bytes().all(|byte| byte.is_ascii_digit());
        let figure: u64 = part.parse().ok().filter(|_| digits)?;
        if place > 0 && figure > 59 {
            return None;
        }
        seconds = seconds.saturating_mul(60).saturating_add(figure);
    }
    Some(Span::from_secs(seconds))
}

/// A moment as people see it, of seconds since the fault, which are negative before it: `T+12:25`, `T-05:00`.
#[must_use]
pub fn t_since(fault: f64) -> Shown {
    let (sign, apart) = if fault < 0.0 { ("-", fault.abs().ceil()) } else { ("+", fault) };
    shown!("T{}{}", sign, Span::from_secs_f64(apart).clock())
}

/// A moment in its three readings, for data that is merged with other data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Readings {
    /// `T+12:25`.
    pub t: Shown,
    /// Drill UTC, RFC 3339.
    pub utc: Shown,
    /// Recorded at, RFC 3339 in UTC.
    pub recorded_at: Shown,
}

/// The form in which both clocks are written: RFC 3339 to the millisecond, in UTC.
#[must_use]
pub(crate) fn rfc3339(utc: DateTime<Utc>) -> Shown {
    utc.format("%Y-%m-%dT%H:%M:%S%.3fZ").into()
}

impl View {
    /// From where T is counted by whoever looks. When the fault was isn't told to a team before the first sign has reached it.
    #[must_use]
    pub fn zero(&self) -> Zero {
        let known = self.truth.open || self.is_open() || self.first_known().is_some();
        match (self.fault().filter(|_| known), self.phase_began(Phase::Experiment)) {
            (Some(fault), _) => Zero::Fault(fault.at),
            (None, Some(began)) => Zero::Experiment(began.at),
            (None, None) => Zero::Drill,
        }
    }

    /// A moment as people see it.
    #[must_use]
    pub fn t(&self, at: DrillTime) -> Shown {
        self.zero().t(at)
    }

    /// Drill UTC: the moment that documents of the world give for a moment of drill time. They know no pauses.
    #[must_use]
    pub fn drill_utc(&self, at: DrillTime) -> DateTime<Utc> {
        let Some(first) = self.moments.first() else { return DateTime::UNIX_EPOCH };
        let micros = i64::try_from(at.since(first.at).0).unwrap_or(i64::MAX);
        first.utc.checked_add_signed(TimeDelta::microseconds(micros)).unwrap_or(first.utc)
    }

    /// All three readings of a moment.
    #[must_use]
    pub fn readings(&self, stamp: Stamp) -> Readings {
        Readings { t: self.t(stamp.at), utc: rfc3339(self.drill_utc(stamp.at)), recorded_at: rfc3339(stamp.utc) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> DrillTime {
        DrillTime(secs * 1_000_000)
    }

    #[test]
    fn seconds_before_the_fault_are_no_seconds_after_it() {
        let said = [745.0, 0.0, 0.9, -0.1, -70.0].map(|secs| t_since(secs).to_string());
        assert_eq!(said, ["T+12:25", "T+00:00", "T+00:00", "T-00:01", "T-01:10"]);
    }

    #[test]
    fn a_moment_is_told_from_the_fault_on_and_before_it() {
        let zero = Zero::Fault(at(338));
        assert_eq!(zero.t(at(338 + 745)), "T+12:25");
        assert_eq!(zero.t(at(38)), "T-05:00");
        assert_eq!(zero.t(at(338)), "T+00:00");
        assert_eq!(zero.t(DrillTime(337_900_000)), "T-00:01", "never -00:00");
        assert_eq!(zero.short(at(38)), "-05:00");
        assert_eq!(Zero::Experiment(at(300)).t(at(490)), "+03:10");
    }

    #[test]
    fn a_jump_goes_to_a_second_at_which_the_moment_has_happened() {
        let zero = Zero::Fault(at(338));
        for micros in [0, 1, 337_400_000, 337_999_999, 338_000_000, 338_000_001, 1_083_700_000] {
            let moment = DrillTime(micros);
            let there = zero.moment(read_t(&zero.t_at_last(moment)).unwrap());
            assert!(there >= moment && there.since(moment) < Span::from_secs(1), "{micros}");
        }
    }

    #[test]
    fn what_is_told_can_be_typed() {
        let zero = Zero::Fault(at(338));
        for secs in [0, 38, 338, 1_083, 9_000] {
            let typed = read_t(&zero.t(at(secs))).unwrap();
            assert_eq!(zero.moment(typed), at(secs), "{secs}");
        }
    }

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let after = |secs| Ok(T { apart: Span::from_secs(secs), before: false });
        assert_eq!(read_t("12:30"), after(750));
        assert_eq!(read_t(" T+1:02:30 "), after(3_750));
        assert_eq!(read_t("t+90s"), after(90));
        assert_eq!(read_t("T-5:00"), Ok(T { apart: Span::from_secs(300), before: true }));
        for wrong in ["", ":", "1:60", "1:2:3:4", "--1:00", "12", "T", "+-1:00", "9999999:00", "noon", "T+"] {
            assert!(read_t(wrong).is_err(), "{wrong}");
        }
    }
}
