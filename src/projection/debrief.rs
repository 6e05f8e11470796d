//! The debrief as data: verdict, marks, durations, impact, steps, guesses. Reports and the Verify screen are views of it.

mod build;
mod durations;
pub mod evidence;
mod guesses;
mod impact;
mod orders;
mod predictions;
mod questions;
mod second_order;
mod signs;
mod similar;
mod steps;
mod verdict;

pub use build::build;
pub use questions::QUESTIONS;

use serde::{Deserialize, Serialize};

use super::improvements::EarlierRow;
use crate::domain::{Guess, Outcome, SafeText};

/// Everything that a debrief says. Texts are safe to show; times are in seconds of drill time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Debrief {
    /// Version of this form: 1.
    pub v: u32,
    /// Name of the drill.
    pub drill: String,
    /// Scenario id and title.
    pub scenario: String,
    /// Its title.
    pub title: SafeText,
    /// Seed.
    pub seed: u64,
    /// `complete` once the drill is closed, else the phase it is in.
    pub state: String,
    /// When it began, RFC 3339.
    pub began: String,
    /// The hypothesis as one sentence.
    pub hypothesis: SafeText,
    /// The verdict on the whole: held only if every part was measured and held.
    pub verdict: Verdict,
    /// Part by part.
    pub parts: Vec<PartVerdict>,
    /// Raw marks, all of them, in their canonical order.
    pub marks: Vec<MarkRow>,
    /// TTD, TTN, TTA, TTC, TTR.
    pub durations: Vec<DurationRow>,
    /// What customers felt.
    pub impact: Impact,
    /// The playbook.
    pub steps: Vec<StepRow>,
    /// Guesses against outcomes.
    pub guesses: Vec<GuessRow>,
    /// Predictions against what happened.
    pub predictions: Vec<PredictionRow>,
    /// Orders of responses that mattered. Empty before Verify.
    pub orders: Vec<OrderRow>,
    /// Side effects of responses, and evidence lost.
    pub second_order: Vec<SafeText>,
    /// Noise and evidence: judgements, red herrings, harm, automations, marked records.
    pub evidence: evidence::Evidence,
    /// Notes that people wrote.
    pub notes: Vec<NoteRow>,
    /// The seven questions.
    pub questions: Vec<QuestionRow>,
    /// Improvements.
    pub improvements: Vec<ImprovementLine>,
    /// Those of earlier drills of the scenario, and whether they showed. [`build()`] knows of no other drill and leaves it empty.
    pub earlier: Vec<EarlierRow>,
    /// What really happened, and the lesson. Empty before Verify.
    pub truth: SafeText,
    /// The lesson.
    pub lesson: SafeText,
    /// The responses that keep the hypothesis, in order.
    pub ideal_path: Vec<SafeText>,
    /// ATT&CK techniques, `T1496 Resource Hijacking`.
    pub techniques: Vec<SafeText>,
    /// Sources of the facts. Empty before Verify.
    pub sources: Vec<SafeText>,
    /// What happened, in order.
    pub happened: Vec<HappenedRow>,
    /// What is odd about the record: recovered, cut, entries of unknown kinds.
    pub notices: Vec<SafeText>,
    /// The end of the record's chain as twelve words, to be compared; [`build()`] sees no record and leaves it empty.
    pub head_words: String,
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As expected.
    Held,
    /// Not as expected.
    Deviated,
    /// Nothing was measured that could tell.
    NotMeasured,
}

impl Verdict {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Deviated => "deviated",
            Self::NotMeasured => "not measured",
        }
    }
}

/// The verdict on one part of the hypothesis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartVerdict {
    /// `detected`, `notified` or `signal`.
    pub part: String,
    /// What was expected.
    pub expected: SafeText,
    /// Held or not.
    pub verdict: Verdict,
    /// What was found, and where it deviated.
    pub found: SafeText,
}

/// A raw mark.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkRow {
    /// For example `fault_active`.
    pub mark: String,
    /// For people.
    pub label: String,
    /// Drill time in seconds since the drill began.
    pub at: Option<f64>,
    /// Seconds since the fault became active.
    pub since_fault: Option<f64>,
    /// On the wall, RFC 3339.
    pub utc: Option<String>,
}

/// A duration with its definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DurationRow {
    /// For example `TTD`.
    pub name: String,
    /// Its long name.
    pub label: String,
    /// From which mark to which.
    pub definition: String,
    /// Seconds of drill time; empty if one of the marks is missing.
    pub seconds: Option<f64>,
    /// Why it is empty.
    pub missing: Option<String>,
}

/// What customers felt since the fault.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Impact {
    /// Requests of customers.
    pub requests: f64,
    /// Those that failed.
    pub failed: f64,
    /// Title of the signal in the hypothesis.
    pub signal: SafeText,
    /// Its bound as text, `50 ms`.
    pub bound: SafeText,
    /// Minutes that it was over the bound.
    pub minutes_outside: f64,
    /// Its worst value with unit.
    pub worst: Option<SafeText>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepRow {
    /// Its title.
    pub title: SafeText,
    /// NIST SP 800-61 r2 phase.
    pub phase: String,
    /// `done`, `skipped`, `open` or `not asked`.
    pub state: String,
    /// Seconds from the prompt until it was done; empty if it was left out, or done before it was asked for.
    pub seconds: Option<f64>,
    /// Goal in seconds.
    pub goal: f64,
    /// The response that completed it.
    pub by: Option<SafeText>,
    /// Why it was left out.
    pub why_skipped: Option<SafeText>,
    /// 1 to 5.
    pub confidence: Option<u8>,
    /// Knew where to look.
    pub knew_where: Option<bool>,
    /// Knew whom to escalate to.
    pub knew_whom: Option<bool>,
    /// A line of text.
    pub words: Option<SafeText>,
}

/// A guess against its outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuessRow {
    /// The response.
    pub response: SafeText,
    /// When, seconds since the fault.
    pub since_fault: Option<f64>,
    /// What was expected.
    pub guess: Guess,
    /// What happened.
    pub outcome: Outcome,
    /// Length of the window in which the outcome was read, in seconds: until the next response with a guess that changes the system, 15 minutes, or the
    /// end of the experiment, whichever came first.
    pub window: f64,
    /// For how many seconds the signal was outside in the window.
    pub seconds_outside: f64,
    /// Whether they agree; empty for *no idea* or where the signal was outside already.
    pub agrees: Option<bool>,
}

/// A prediction against what happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PredictionRow {
    /// The seat's alias.
    pub who: SafeText,
    /// About what.
    pub about: String,
    /// What was expected.
    pub expected: SafeText,
    /// What happened.
    pub happened: SafeText,
}

/// An order that mattered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderRow {
    /// Whether it was kept; empty if none of the later ones was given.
    pub kept: Option<bool>,
    /// In words: what before what.
    pub order: SafeText,
    /// Why it matters.
    pub why: SafeText,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoteRow {
    /// Seconds since the drill began.
    pub at: f64,
    /// The seat's alias.
    pub who: SafeText,
    /// The note.
    pub text: SafeText,
}

/// One of the seven questions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionRow {
    /// 1 to 7.
    pub number: u8,
    /// In the post's words.
    pub question: &'static str,
    /// What the record can say to it.
    pub from_the_record: Vec<SafeText>,
    /// What the team said.
    pub answers: Vec<SafeText>,
}

/// An improvement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImprovementLine {
    /// What is to change.
    pub what: SafeText,
    /// Who sees to it.
    pub owner: Option<SafeText>,
    /// Until when.
    pub due: Option<SafeText>,
}

/// A line of what happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HappenedRow {
    /// Seconds since the drill began.
    pub at: f64,
    /// RFC 3339.
    pub utc: String,
    /// Lane.
    pub lane: String,
    /// The line.
    pub text: SafeText,
}
