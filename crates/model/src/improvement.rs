//! What is to change, and what became of it. Improvements are written down in drills or beside them; what becomes of them stands in a
//! ledger of its own, for it happens when the drill's record is long closed.

use alloc::vec::Vec;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::SafeText;
use super::event::ErasureReason;
use super::id::{DrillId, ScenarioId};
use super::words::Sealed;

/// Which improvement is meant, whatever people call it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// Written down in a drill.
    InDrill {
        /// Which drill.
        drill: DrillId,
        /// Number of its entry in that drill's record.
        entry: u64,
    },
    /// Written down in the ledger, as this line of it.
    Added(u64),
}

/// Something that became of an improvement. `W` is a text as people write it, or as the ledger holds it: sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum Turn<W> {
    /// It is written down outside a drill.
    #[serde(rename = "improvement.added")]
    Added {
        /// The drill that showed it.
        drill: Option<DrillId>,
        /// The scenario of that drill.
        scenario: Option<ScenarioId>,
        /// What is to change.
        what: W,
    },
    /// Somebody sees to it.
    #[serde(rename = "improvement.assigned")]
    Assigned {
        /// Which.
        on: Which,
        /// Who.
        owner: W,
    },
    /// It has a date.
    #[serde(rename = "improvement.due")]
    Due {
        /// Which.
        on: Which,
        /// `YYYY-MM-DD`.
        date: SafeText,
    },
    /// It says by which duration it is to be seen.
    #[serde(rename = "improvement.measured")]
    Measured {
        /// Which.
        on: Which,
        /// For example `TTN`.
        measure: SafeText,
    },
    /// It is done, or given up.
    #[serde(rename = "improvement.closed")]
    Closed {
        /// Which.
        on: Which,
        /// How.
        how: W,
    },
    /// It is open again.
    #[serde(rename = "improvement.reopened")]
    Reopened {
        /// Which.
        on: Which,
    },
    /// What stood in the ledger about it was erased: its own text, or all that was said of it.
    #[serde(rename = "improvement.erased")]
    Erased {
        /// Which.
        on: Which,
        /// Numbers of the texts, in ascending order.
        texts: Vec<u64>,
        /// The reason that was given.
        reason: ErasureReason,
    },
}

impl<W> Turn<W> {
    /// The same with its text put through `change`.
    pub fn map<V>(self, change: impl FnOnce(W) -> V) -> Turn<V> {
        match self {
            Self::Added { drill, scenario, what } => Turn::Added { drill, scenario, what: change(what) },
            Self::Assigned { on, owner } => Turn::Assigned { on, owner: change(owner) },
            Self::Due { on, date } => Turn::Due { on, date },
            Self::Measured { on, measure } => Turn::Measured { on, measure },
            Self::Closed { on, how } => Turn::Closed { on, how: change(how) },
            Self::Reopened { on } => Turn::Reopened { on },
            Self::Erased { on, texts, reason } => Turn::Erased { on, texts, reason },
        }
    }

    /// Its text, if it has one.
    pub fn text(&self) -> Option<&W> {
        match self {
            Self::Added { what: text, .. } | Self::Assigned { owner: text, .. } | Self::Closed { how: text, .. } => {
                Some(text)
            }
            Self::Due { .. } | Self::Measured { .. } | Self::Reopened { .. } | Self::Erased { .. } => None,
        }
    }

    /// Which improvement it is about; nothing for one that is added by it.
    pub fn on(&self) -> Option<&Which> {
        match self {
            Self::Added { .. } => None,
            Self::Assigned { on, .. }
            | Self::Due { on, .. }
            | Self::Measured { on, .. }
            | Self::Closed { on, .. }
            | Self::Reopened { on }
            | Self::Erased { on, .. } => Some(on),
        }
    }
}

/// Reads the date until when something is to change: `YYYY-MM-DD`.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn read_due(typed: &str) -> Result<NaiveDate, &'static str> {
    let date = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok();
    // A year of two digits is a slip, and would be overdue for ever.
    date.filter(|date| (1970..=9999).contains(&date.year())).ok_or("a date is expected, for example 2026-12-05")
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// Its number, from 1.
    pub n: u64,
    /// When it was written.
    pub utc: DateTime<Utc>,
    /// What became of what.
    #[serde(flatten)]
    pub turn: Turn<Sealed>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_year_month_and_day_that_there_are() {
        assert_eq!(read_due(" 2026-12-05 ").map(|date| date.to_string()), Ok("2026-12-05".into()));
        for typed in ["", "soon", "26-12-05", "2026-13-01", "2026-02-30", "+12026-01-01", "2026-12-05x"] {
            assert!(read_due(typed).is_err(), "{typed}");
        }
    }
}
