//! Time on the drill clock: whole microseconds, so that two machines never disagree about an order.

use core::fmt;
use core::ops::{Add, Sub};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::shown::{Sealed, Showable, Shown};
use crate::shown;

/// A moment on the drill clock: microseconds since the drill began. It stands still while the drill is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DrillTime(pub u64);

/// A length of drill time, in microseconds. Written `15m`, `1h30m`, `90s`, `250ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span(pub u64);

impl DrillTime {
    /// The moment at which the drill began.
    pub const ZERO: Self = Self(0);
    /// The latest moment of a drill: thirty days, four times the longest span that a scenario may name. The clock of a drill stops here,
    /// and a record that names a later moment is damaged.
    pub const LATEST: Self = Self(30 * 24 * 3600 * 1_000_000);

    /// The time since `earlier`, or zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest span that a scenario or script may name: seven days.
    pub const MAX: Self = Self::from_secs(7 * 24 * 3600);

    /// A span of whole milliseconds.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms.saturating_mul(1_000))
    }

    /// A span of whole seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// Says whether it is no time at all.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// The span in seconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact below 285 years")]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// A span of `secs` seconds, rounded to the microsecond; zero for a negative or undefined figure.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
    pub fn from_secs_f64(secs: f64) -> Self {
        Self((secs.clamp(0.0, 1e12) * 1e6 + 0.5) as u64)
    }

    /// As a clock shows it: `08:42`, or `1:08:42` from an hour on. Fractions of a second are cut.
    #[must_use]
    pub fn clock(self) -> Shown {
        let secs = self.0 / 1_000_000;
        let (h, m, s) = (secs / 3600, secs / 60 % 60, secs % 60);
        if h > 0 { shown!("{}:{:02}:{:02}", h, m, s) } else { shown!("{:02}:{:02}", m, s) }
    }
}

impl Add<Span> for DrillTime {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Showable for Span {}
impl Sealed for Span {}

impl From<Span> for Shown {
    fn from(span: Span) -> Self {
        shown!("{}", span)
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// The units of a span, largest first, in microseconds.
const UNITS: [(&str, u64); 6] =
    [("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1)];

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.pad("0s");
        }
        let mut left = self.0;
        let mut text = String::new();
        for (unit, size) in UNITS {
            if left >= size {
                text.push_str(&format!("{}{unit}", left / size));
                left %= size;
            }
        }
        f.pad(&text)
    }
}

/// Why a text is no span.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// Nothing was written.
    #[error("a time is missing; for example 15m")]
    Empty,
    /// A figure without a unit.
    #[error("'{0}' has no unit; did you mean {0}s or {0}m?")]
    NoUnit(String),
    /// Something that is neither a figure nor a unit.
    #[error("'{0}' is not a time; write for example 90s, 15m or 1h30m")]
    NotATime(String),
    /// Larger than [`Span::MAX`].
    #[error("'{0}' is longer than seven days")]
    TooLong(String),
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let shown: String = text.chars().filter(|c| !c.is_control()).take(32).collect();
        let mut rest = text;
        let mut total: u64 = 0;
        let mut next_unit = 0;
        if rest.is_empty() {
            return Err(SpanError::Empty);
        }
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (figure, tail) = rest.split_at(digits);
            let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, tail) = tail.split_at(letters);
            if figure.is_empty() {
                return Err(SpanError::NotATime(shown));
            }
            if unit.is_empty() && tail.is_empty() {
                return Err(SpanError::NoUnit(shown));
            }
            let place = UNITS[next_unit..].iter().position(|(name, _)| *name == unit);
            let Some(place) = place else { return Err(SpanError::NotATime(shown)) };
            let size = UNITS[next_unit + place].1;
            next_unit += place + 1;
            let too_long = || SpanError::TooLong(shown.clone());
            let figure: u64 = figure.parse().map_err(|_| too_long())?;
            let part = figure.checked_mul(size).ok_or_else(too_long)?;
            total = total.checked_add(part).filter(|sum| *sum <= Self::MAX.0).ok_or_else(too_long)?;
            rest = tail;
        }
        Ok(Self(total))
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;
    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> String {
        span.to_string()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Span {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Span".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "span",
            "pattern": "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?$",
            "description": "A length of time: 90s, 15m, 1h30m, 250ms"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_write() {
        assert_eq!("1h30m".parse(), Ok(Span::from_secs(5400)));
        assert_eq!("250ms".parse(), Ok(Span::from_millis(250)));
        assert_eq!("15".parse::<Span>(), Err(SpanError::NoUnit("15".into())));
        assert!("m15".parse::<Span>().is_err());
        assert!("15m1h".parse::<Span>().is_err(), "units run from large to small");
        assert!("8d".parse::<Span>().is_err());
        assert!("99999999999999999999s".parse::<Span>().is_err());
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(us in 0..=Span::MAX.0) {
            prop_assert_eq!(Span(us).to_string().parse(), Ok(Span(us)));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,40}") {
            let _ = text.parse::<Span>();
        }
    }
}
