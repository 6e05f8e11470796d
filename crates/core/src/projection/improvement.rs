//! Something that is to change, and how it stands.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::took::Took;
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::improvement::Which;
use firedrill_model::{SafeText, Shown};

/// An improvement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Improvement {
    /// What a person types to mean it: `brave-otter-1`.
    pub id: Shown,
    /// What is meant.
    #[serde(skip)]
    pub which: Which,
    /// What is to change.
    pub what: SafeText,
    /// Who sees to it.
    pub owner: Option<SafeText>,
    /// Until when, as it was written.
    pub due: Option<SafeText>,
    /// By which duration it is to be seen, for example `TTN`.
    pub measure: Option<SafeText>,
    /// The drill that it is from.
    pub drill: Option<DrillId>,
    /// The scenario of that drill.
    pub scenario: Option<ScenarioId>,
    /// When it was written down, or when its drill began.
    pub since: DateTime<Utc>,
    /// What became of it; open without.
    pub closed: Option<ClosedBy>,
}

/// How an improvement was closed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClosedBy {
    /// When.
    pub on: NaiveDate,
    /// How.
    pub how: SafeText,
}

impl Improvement {
    /// Says whether it is open and its date has passed.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        let due = self.due.as_ref().and_then(|due| due.as_str().trim().parse::<NaiveDate>().ok());
        self.closed.is_none() && due.is_some_and(|due| due < today)
    }
}

/// An improvement of an earlier drill, held against this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EarlierRow {
    /// The improvement.
    #[serde(flatten)]
    pub improvement: Improvement,
    /// By what it could have shown: the duration that it is to be seen by, else all that both drills have.
    pub showed: Vec<Showed>,
}

/// A duration then and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Showed {
    /// For example `TTN`.
    pub name: Shown,
    /// For example `time to notify`.
    pub label: Shown,
    /// In the drill that the improvement is from, in seconds of drill time, or `never`.
    pub then: Took,
    /// In this drill.
    pub now: Took,
}
