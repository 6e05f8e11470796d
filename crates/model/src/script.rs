//! Script files: who does what and when in a drill that nobody plays. The same types read the file and produce its JSON Schema.

use serde::{Deserialize, Serialize};

use crate::id::{ActionId, InjectId, InvalidId, ObjectiveId, ScenarioId, StepId, TargetId};
use crate::phase::Phase;
use crate::scenario::{Scenario, Trigger};
use crate::{Guess, Judgement, LogSource, Rating, SafeText, Span};

/// A script: it plays the people of one drill of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Script {
    /// Version of this file format: 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub format: u32,
    /// The scenario that it plays.
    pub scenario: ScenarioId,
    /// One line: how this run goes.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// What this run is there to show.
    pub expect: Expect,
    /// Seed of all chance; without one the program chooses.
    #[serde(default)]
    pub seed: Option<u64>,
    /// What the responder predicts before the experiment.
    #[serde(default)]
    pub prediction: Option<ScriptPrediction>,
    /// The blanks of the hypothesis that the team changes.
    #[serde(default)]
    pub hypothesis: Option<Blanks>,
    /// What is done and when. What falls on the same moment happens in the order of the file.
    #[serde(default, rename = "do")]
    #[cfg_attr(feature = "schema", schemars(length(max = 500)))]
    pub deeds: Vec<Deed>,
}

impl Script {
    /// The script in which nobody does anything.
    #[must_use]
    pub fn of_nobody(scenario: &Scenario) -> Self {
        let title = SafeText::new("Nobody does anything");
        let (prediction, hypothesis, deeds) = (None, None, Vec::new());
        Self {
            format: 1,
            scenario: scenario.id.clone(),
            title,
            expect: Expect::Held,
            seed: None,
            prediction,
            hypothesis,
            deeds,
        }
    }
}

/// What a run is there to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// Every part of the hypothesis holds.
    Held,
    /// At least one part of the hypothesis does not.
    Deviated,
}

/// What the responder predicts, alone, before the experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ScriptPrediction {
    /// The team is notified this long after the fault.
    #[serde(default)]
    pub notified_within: Option<Span>,
    /// The adversary is contained this long after the fault.
    #[serde(default)]
    pub contained_within: Option<Span>,
    /// What the watched signal will do.
    #[serde(default)]
    pub signal: Option<Guess>,
    /// How confident, 1 to 5.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 5)))]
    pub confidence: Option<u8>,
}

/// The blanks of the hypothesis; what is left out stays as the scenario says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Blanks {
    /// The team is notified within this time.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub within: Option<Span>,
    /// The value at which the signal stays, in its unit.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1_000_000_000.0)))]
    pub at: Option<f64>,
}

/// Something that a person does: when (`at` or `after`, and `plus`), and one thing or more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Deed {
    /// Drill time since the drill began. Either this or `after`.
    #[serde(default)]
    pub at: Option<Span>,
    /// What must have happened first. Either this or `at`.
    #[serde(default)]
    pub after: Option<After>,
    /// This much later, where the drill clock runs.
    #[serde(default)]
    pub plus: Span,
    /// Go on to the next phase.
    #[serde(default)]
    pub next: bool,
    /// Take on the newest finding seen, or the matter itself.
    #[serde(default)]
    pub acknowledge: bool,
    /// Which finding instead (with `acknowledge`): words of its type or its resource; the newest one seen that has them all.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub finding: Option<SafeText>,
    /// Give this response.
    #[serde(default)]
    pub act: Option<ActionId>,
    /// At what (with `act`): an id, or `from-finding` for the resource of the newest finding seen.
    #[serde(default)]
    pub target: Option<ScriptTarget>,
    /// What the responder expects of the signals that have a limit (with `act`).
    #[serde(default)]
    pub guess: Option<Guess>,
    /// Why, in own words (with `act` or `skip`).
    #[serde(default)]
    pub why: Option<SafeText>,
    /// Say whether a finding belongs to the incident.
    #[serde(default)]
    pub judge: Option<ScriptJudgement>,
    /// Mark a log record as evidence.
    #[serde(default)]
    pub mark: Option<ScriptMark>,
    /// Take the mark off the newest record marked as evidence that has these words.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub unmark: Option<SafeText>,
    /// Let this scripted message arrive now, whatever its own time is.
    #[serde(default)]
    pub inject: Option<InjectId>,
    /// Say that this step of the playbook is done.
    #[serde(default)]
    pub done: Option<StepId>,
    /// Leave this step of the playbook out.
    #[serde(default)]
    pub skip: Option<StepId>,
    /// Answer the questions after a step.
    #[serde(default)]
    pub answer: Option<StepAnswer>,
    /// Write a note.
    #[serde(default)]
    pub note: Option<SafeText>,
    /// Answer one of the seven questions, in Verify or Improve.
    #[serde(default)]
    pub review: Option<Review>,
    /// Write down an improvement, in Verify or Improve.
    #[serde(default)]
    pub improve: Option<ScriptImprovement>,
    /// Rate an objective, or write what was observed, in Verify or Improve.
    #[serde(default)]
    pub rate: Option<ScriptRating>,
}

/// What must have happened first. Exactly one of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct After {
    /// This phase has begun.
    #[serde(default)]
    pub phase: Option<Phase>,
    /// This has happened.
    #[serde(default)]
    pub happened: Option<Happened>,
    /// This response is done, for the first time.
    #[serde(default)]
    pub done: Option<ActionId>,
    /// The playbook has asked for this step.
    #[serde(default)]
    pub prompted: Option<StepId>,
    /// This scripted message has come.
    #[serde(default)]
    pub message: Option<InjectId>,
    /// Anything else that happens, for the first time: a finding, a page, a response that was given or refused, a signal that went out.
    #[serde(default)]
    pub trigger: Option<Trigger>,
}

/// Things that happen in a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// The drill has begun.
    DrillOpened,
    /// The steady state has held for long enough.
    GateOpened,
    /// The fault is active.
    FaultActive,
    /// Somebody has seen a finding, through a channel or by looking.
    FindingSeen,
    /// A channel has told the team.
    Notified,
    /// A finding, or the matter itself, has been taken on.
    Acknowledged,
    /// The steady state is back and the adversary is gone.
    SteadyAgain,
}

/// What a response is aimed at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ScriptTarget {
    /// The resource of the newest finding that the team has seen. Written `from-finding`.
    FromFinding,
    /// This target.
    This(TargetId),
}

impl ScriptTarget {
    /// How [`ScriptTarget::FromFinding`] is written. No target of a scenario may have this id.
    pub const FROM_FINDING: &'static str = "from-finding";
}

impl TryFrom<String> for ScriptTarget {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        if text == Self::FROM_FINDING { Ok(Self::FromFinding) } else { Ok(Self::This(TargetId::try_from(text)?)) }
    }
}

impl From<ScriptTarget> for String {
    fn from(target: ScriptTarget) -> String {
        match target {
            ScriptTarget::FromFinding => ScriptTarget::FROM_FINDING.to_owned(),
            ScriptTarget::This(id) => id.into(),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ScriptTarget {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        <TargetId as schemars::JsonSchema>::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <TargetId as schemars::JsonSchema>::json_schema(generator)
    }
}

/// Whether a finding belongs to the incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ScriptJudgement {
    /// Words of its type or its resource: the newest finding seen that has them all. Without them, the newest finding seen.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub finding: Option<SafeText>,
    /// What it is held for.
    #[serde(rename = "as")]
    pub judgement: Judgement,
}

/// A log record to mark as evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ScriptMark {
    /// Words as in the evidence console, `-word` for what must not be there: the newest record that has come and fits.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub record: SafeText,
    /// Only in this log.
    #[serde(default)]
    pub source: Option<LogSource>,
    /// What it shows.
    #[serde(default)]
    pub note: Option<SafeText>,
}

/// Answers to the three questions after a step; each can be left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct StepAnswer {
    /// After which step.
    pub step: StepId,
    /// How confident, 1 to 5.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 5)))]
    pub confidence: Option<u8>,
    /// Knew where to look.
    #[serde(default)]
    pub knew_where: Option<bool>,
    /// Knew whom to escalate to.
    #[serde(default)]
    pub knew_whom: Option<bool>,
    /// A line of text.
    #[serde(default)]
    pub words: Option<SafeText>,
}

/// An answer to one of the seven questions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Review {
    /// Which, 1 to 7.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 7)))]
    pub question: u8,
    /// The answer.
    pub text: SafeText,
}

/// A rating of an objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ScriptRating {
    /// Which objective.
    pub objective: ObjectiveId,
    /// How it was met.
    #[serde(default)]
    pub rating: Option<Rating>,
    /// What the evaluator observed.
    #[serde(default)]
    pub words: Option<SafeText>,
}

/// An improvement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ScriptImprovement {
    /// What is to change.
    pub what: SafeText,
    /// Who sees to it.
    #[serde(default)]
    pub owner: Option<SafeText>,
    /// Until when, `YYYY-MM-DD`.
    #[serde(default)]
    pub due: Option<SafeText>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_the_findings_or_a_name() {
        let read = |text: &str| ScriptTarget::try_from(text.to_owned());
        assert_eq!(read("from-finding"), Ok(ScriptTarget::FromFinding));
        assert_eq!(read("i-0001").map(String::from), Ok("i-0001".to_owned()));
        assert!(read("an instance").is_err());
    }
}
