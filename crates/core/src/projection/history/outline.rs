//! A drill in a few figures: what a list of many drills needs of each. It can be kept and made anew at any time.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::projection::Fold;
use crate::projection::debrief::outcome::Containment;
use crate::projection::debrief::{Debrief, DurationRow, Verdict};
pub use crate::projection::took::Took;
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, Phase, SafeText, Sealed, Shown, Span, shown};

/// The durations that a history tells, in order, by their names in the debrief.
pub const MEASURES: [(&str, &str); 5] = [
    ("TTD", "time to detect"),
    ("TTN", "time to notify"),
    ("TTA", "time to acknowledge"),
    ("TTC", "time to contain"),
    ("TTR", "time to remediate"),
];

/// A drill in a few figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Its name.
    pub drill: DrillId,
    /// Which scenario was run.
    pub scenario: ScenarioId,
    /// What the scenario said, as a short sum: drills of another content are other drills, whatever its name is.
    pub content: SafeText,
    /// The scenario's title.
    pub title: SafeText,
    /// Who drilled, if the settings named a team then.
    pub team: Option<SafeText>,
    /// When it began.
    pub began: DateTime<Utc>,
    /// In what kind of world.
    pub world: WorldKind,
    /// The phase it is in.
    pub phase: Phase,
    /// Drill time of its newest entry.
    pub reached: DrillTime,
    /// The verdict on the hypothesis; not measured before Verify.
    pub verdict: Verdict,
    /// What became of the incident, in a few words; nothing before Verify.
    #[serde(default)]
    pub outcome: Option<SafeText>,
    /// How the adversary stood at the end; nothing before Verify.
    #[serde(default)]
    pub containment: Option<Containment>,
    /// TTD, TTN, TTA, TTC and TTR in seconds of drill time, as far as their marks are in the record.
    pub measures: Vec<Measure>,
    /// How confident people said they were, 1 to 5, step by step.
    pub confidence: Vec<u8>,
    /// What was drilled, from Verify on.
    pub techniques: Vec<TechniqueName>,
    /// The improvements that were written down in it. Their words are beside the chain, and can be erased.
    pub improvements: Vec<WrittenDown>,
}

/// A duration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// For example `TTD`.
    pub name: SafeText,
    /// Seconds of drill time.
    pub seconds: Option<f64>,
    /// It never came to its end, though it began.
    #[serde(default)]
    pub never: bool,
    /// The drill clock ran faster than real time while something was asked of somebody: no measure of people, and no part of a trend.
    #[serde(default)]
    pub hurried: bool,
}

impl Measure {
    /// The duration of this name, as a debrief has it.
    #[must_use]
    pub fn of(name: &'static str, durations: &[DurationRow]) -> Self {
        let row = durations.iter().find(|row| row.name == name);
        Self {
            name: name.into(),
            seconds: row.and_then(|row| row.seconds),
            never: row.is_some_and(|row| row.never),
            hurried: row.is_some_and(|row| row.hurried.is_some()),
        }
    }

    /// As it is told: on a clock, `never`, and with a star where it was hurried; nothing where it isn't known.
    #[must_use]
    pub fn words(&self) -> Option<Shown> {
        match (self.seconds, self.never) {
            (Some(seconds), _) => {
                let star = if self.hurried { "*" } else { "" };
                Some(shown!("{}{}", Span::from_secs_f64(seconds).clock(), star))
            }
            (None, true) => Some("never".into()),
            (None, false) => None,
        }
    }

    /// The value to compare with other drills: none where it was hurried or isn't known.
    #[must_use]
    pub fn compared(&self) -> Option<Took> {
        match (self.seconds, self.never) {
            _ if self.hurried => None,
            (Some(seconds), _) => Some(Took::Seconds(seconds)),
            (None, true) => Some(Took::Never),
            (None, false) => None,
        }
    }
}

/// An ATT&CK technique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TechniqueName {
    /// For example `T1496`.
    pub id: SafeText,
    /// Its name.
    pub name: SafeText,
}

/// An improvement as the record holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenDown {
    /// Number of its entry.
    pub entry: u64,
    /// What is to change.
    pub what: Sealed,
    /// Who sees to it.
    pub owner: Option<Sealed>,
    /// Until when.
    pub due: Option<SafeText>,
    /// When what is to change was erased, if it was: nobody can do it any more, and nobody is reminded of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<NaiveDate>,
}

impl Outline {
    /// Sums up a drill from its view and debrief. `began` and `team` are from the record's first line; `content` is a sum of the scenario.
    #[must_use]
    pub fn of(
        view: &Fold,
        debrief: &Debrief,
        drill: &DrillId,
        (began, team, content): (DateTime<Utc>, Option<SafeText>, SafeText),
    ) -> Self {
        let measure = |(name, _): &(&'static str, &str)| Measure::of(name, &debrief.durations);
        let open = view.course.phase >= Phase::Verify;
        let technique = |one: &firedrill_model::scenario::Technique| TechniqueName::of(one);
        let written = view.people.improvements.iter().map(|row| WrittenDown {
            entry: row.stamp.seq,
            what: row.what.clone(),
            owner: row.owner.clone(),
            due: row.due.clone(),
            erased: view.people.erased.get(&row.what.reference).map(|stamp| stamp.utc.date_naive()),
        });
        Self {
            drill: drill.clone(),
            scenario: view.scenario.id.clone(),
            content,
            title: view.scenario.title.clone(),
            team,
            began,
            world: view.world_kind(),
            phase: view.course.phase,
            reached: view.now,
            verdict: debrief.verdict,
            outcome: debrief.outcome.as_ref().map(|outcome| SafeText::one_line(&outcome.brief())),
            containment: debrief.outcome.as_ref().map(|outcome| outcome.containment),
            measures: MEASURES.iter().map(measure).collect(),
            confidence: debrief.steps.iter().filter_map(|step| step.confidence).collect(),
            techniques: view
                .whole()
                .into_iter()
                .flat_map(|whole| &whole.techniques)
                .filter(|_| open)
                .map(technique)
                .collect(),
            improvements: written.collect(),
        }
    }

    /// Says whether its experiment is over, so that its figures can be held against others.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.phase >= Phase::Verify
    }

    /// What came of the hypothesis, in a word or two.
    #[must_use]
    pub fn result(&self) -> &'static str {
        if self.is_over() { self.verdict.label() } else { "not over" }
    }

    /// From the lowest to the highest answer on how confident people were: `3-5`. Nothing where nobody said.
    #[must_use]
    pub fn confidence_range(&self) -> Option<Shown> {
        let (low, high) = (self.confidence.iter().min()?, self.confidence.iter().max()?);
        Some(if low == high { Shown::from(*low) } else { shown!("{}-{}", low, high) })
    }

    /// How the adversary stood at the end, in a word for a table.
    #[must_use]
    pub fn adversary(&self) -> &'static str {
        match self.containment {
            None | Some(Containment::NotKnown) => "-",
            Some(Containment::AtWork) => "AT WORK",
            Some(Containment::Contained) => "contained",
            Some(Containment::Eradicated) => "gone",
        }
    }

    /// A duration.
    #[must_use]
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|one| one.name.as_str() == name)
    }

    /// Any of its durations is one of which the drill clock was hurried.
    #[must_use]
    pub fn has_hurried(&self) -> bool {
        self.measures.iter().any(|one| one.hurried)
    }
}

impl TechniqueName {
    /// The technique that a scenario names, on one line.
    #[must_use]
    pub fn of(technique: &firedrill_model::scenario::Technique) -> Self {
        let line = |text: &SafeText| SafeText::one_line(text.as_str());
        Self { id: line(&technique.id), name: line(&technique.name) }
    }
}
