//! The debrief as data: verdict, marks, durations, impact, steps, guesses. Reports and the Verify screen are views of it.

pub mod attempts;
mod build;
pub mod clock;
pub mod course;
pub mod detection;
pub mod doors;
mod durations;
pub mod evidence;
mod guesses;
mod herrings;
mod impact;
mod left;
mod material;
pub mod objectives;
mod orders;
pub mod outcome;
pub mod people;
pub mod pipeline;
mod predictions;
mod questions;
mod second_order;
pub mod side_by_side;
mod similar;
mod steps;
pub mod surprises;
mod verdict;

pub use build::build;
pub(super) use durations::label as mark_label;
pub use questions::QUESTIONS;

use serde::{Deserialize, Serialize};

use super::improvements::{ClosedBy, EarlierRow, Improvement};
use super::moment::{Readings, Zero};
use firedrill_model::id::DrillId;
use firedrill_model::improvement::Which;
use firedrill_model::{Guess, Outcome, SafeText, Shown};

/// Everything that a debrief says. Texts are safe to show; times are in seconds of drill time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Debrief {
    /// Version of this form: 3.
    pub v: u32,
    /// That this is an exercise, and in what kind of world: for the head and the foot of every page.
    pub exercise: Shown,
    /// The same in two words.
    pub exercise_label: Shown,
    /// Name of the drill.
    pub drill: Shown,
    /// Scenario id and title.
    pub scenario: Shown,
    /// Its title.
    pub title: SafeText,
    /// Seed.
    pub seed: u64,
    /// `complete` once the drill is closed, else the phase it is in.
    pub state: Shown,
    /// When it began, RFC 3339 in UTC: recorded at.
    pub began: Shown,
    /// From where T is counted: `fault`, `experiment` or `drill`.
    pub t_counts_from: Shown,
    /// The same, to count with.
    #[serde(skip)]
    pub zero: Zero,
    /// The hypothesis as one sentence.
    pub hypothesis: SafeText,
    /// The verdict on the whole: held only if every part was measured and held.
    pub verdict: Verdict,
    /// What surprised, each with the second to look at. Empty before Verify.
    pub surprises: Vec<surprises::Surprise>,
    /// The objectives of the exercise. Empty before Verify.
    pub objectives: Vec<objectives::ObjectiveRow>,
    /// Strengths that the record shows. Empty before Verify.
    pub strengths: Vec<SafeText>,
    /// Areas for improvement that the record shows. Empty before Verify.
    pub areas: Vec<SafeText>,
    /// What people said, counted.
    pub people: people::PeopleSaid,
    /// Part by part.
    pub parts: Vec<PartVerdict>,
    /// Why the hypothesis is wrong on purpose, if it is. Empty before Verify.
    pub wrong_on_purpose: Option<SafeText>,
    /// What became of the incident, whatever the verdict says. Empty before Verify.
    pub outcome: Option<outcome::IncidentOutcome>,
    /// Raw marks, all of them, in their canonical order.
    pub marks: Vec<MarkRow>,
    /// What told of the incident, in the order in which it came. Empty before Verify.
    pub detections: Vec<detection::DetectionRow>,
    /// TTD, TTN, TTA, TTC, TTR, recovery and exposure.
    pub durations: Vec<DurationRow>,
    /// What customers felt.
    pub impact: Impact,
    /// How the adversary stood at the end, in a sentence; empty if it was gone, and before Verify.
    pub left: Option<SafeText>,
    /// The playbook.
    pub steps: Vec<StepRow>,
    /// Guesses against outcomes.
    pub guesses: Vec<GuessRow>,
    /// Predictions against what happened.
    pub predictions: Vec<PredictionRow>,
    /// Orders of responses that mattered. Empty before Verify.
    pub orders: Vec<OrderRow>,
    /// Each response by what it was done to. Empty before Verify.
    pub doors: Vec<doors::DoorRow>,
    /// Side effects of responses, and evidence lost.
    pub second_order: Vec<SafeText>,
    /// Noise and evidence: judgements, red herrings, harm, automations, marked records.
    pub evidence: evidence::Evidence,
    /// The way of each real finding, the hypothesis' own first. Empty before Verify.
    pub pipelines: Vec<pipeline::Pipeline>,
    /// A path that keeps the hypothesis beside what was done. Empty before Verify.
    pub side_by_side: Vec<side_by_side::SideRow>,
    /// Confidence along the drill.
    pub confidence: Vec<course::ConfidencePoint>,
    /// Signals along the drill, with their bounds.
    pub signals: Vec<course::SignalCourse>,
    /// What went on from when to when.
    pub bars: Vec<course::BarRow>,
    /// Notes that people wrote.
    pub notes: Vec<NoteRow>,
    /// Notes that were added once the drill was over, by the moments that they are about.
    pub later_notes: Vec<LaterNoteRow>,
    /// Moments that were bookmarked then, in seconds since the drill began.
    pub bookmarks: Vec<f64>,
    /// The same as people see them.
    pub bookmark_ts: Vec<Shown>,
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
    /// Claims about AWS on which the lesson rests: their ids in `scenarios/claims.toml`.
    pub claims: Vec<SafeText>,
    /// The responses that keep the hypothesis, in order.
    pub ideal_path: Vec<SafeText>,
    /// ATT&CK techniques, `T1496 Resource Hijacking`.
    pub techniques: Vec<SafeText>,
    /// Sources of the facts. Empty before Verify.
    pub sources: Vec<SafeText>,
    /// What happened, in order.
    pub happened: Vec<HappenedRow>,
    /// What kept the drill clock from going on with the one on the wall, or let it jump.
    pub interruptions: Vec<clock::InterruptionRow>,
    /// What is odd about the record: recovered, cut, entries of unknown kinds.
    pub notices: Vec<SafeText>,
    /// The end of the record's chain as twelve words, to be compared; [`build()`] sees no record and leaves it empty.
    pub head_words: Shown,
    /// How far the record can be trusted, in one line: sealed by whom and up to where, what was added, what is missing. [`build()`] sees no
    /// record and leaves it empty.
    pub trust: Shown,
}

impl Debrief {
    /// Takes over what became of this drill's improvements afterwards, and those that were added to it. `all` are those of all drills.
    pub fn follow_up(&mut self, drill: &DrillId, all: &[Improvement]) {
        for one in all.iter().filter(|one| one.drill.as_ref() == Some(drill)) {
            let entry = match &one.which {
                Which::InDrill { entry, .. } => Some(*entry),
                Which::Added(_) => None,
            };
            let line = ImprovementLine {
                entry,
                what: one.what.clone(),
                owner: one.owner.clone(),
                due: one.due.clone(),
                measure: one.measure.clone(),
                closed: one.closed.clone(),
            };
            match self.improvements.iter_mut().find(|known| entry.is_some() && known.entry == entry) {
                Some(known) => *known = line,
                None => self.improvements.push(line),
            }
        }
    }
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
    /// `detected`, `notified`, `signal`, `signal:` and the id of a further one, `contained`, `no-data-taken` or `evidence-kept`.
    pub part: Shown,
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
    pub mark: Shown,
    /// For people.
    pub label: Shown,
    /// Drill time in seconds since the drill began.
    pub at: Option<f64>,
    /// Seconds since the fault became active, negative before it.
    pub since_fault: Option<f64>,
    /// As people see it: `T+12:25`.
    pub t: Option<Shown>,
    /// Drill UTC, RFC 3339.
    pub utc: Option<Shown>,
    /// Recorded at, RFC 3339 in UTC.
    pub recorded_at: Option<Shown>,
    /// What it was: for the detection and the notification, what told.
    pub by: Option<SafeText>,
}

/// A duration with its definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DurationRow {
    /// For example `TTD`.
    pub name: Shown,
    /// Its long name.
    pub label: Shown,
    /// From which mark to which.
    pub definition: Shown,
    /// Seconds of drill time; empty if one of the marks is missing.
    pub seconds: Option<f64>,
    /// Why it is empty.
    pub missing: Option<Shown>,
    /// It never came to the mark that it ends with, though it began and the experiment is over: longer than any figure.
    pub never: bool,
    /// For so many of these seconds the drill clock ran faster than real time while something was asked of somebody. Such a figure is no
    /// measure of people and takes no part in trends and comparisons.
    pub hurried: Option<f64>,
}

/// What customers felt since the fault.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Impact {
    /// Requests of customers.
    pub requests: f64,
    /// Those that failed.
    pub failed: f64,
    /// The services that customers come to.
    pub customers: SafeText,
    /// The record doesn't tell services apart: requests of others are among them.
    pub together: bool,
    /// Requests from outside that are not of customers.
    pub others: Vec<ServedRow>,
    /// Title of the signal in the hypothesis.
    pub signal: SafeText,
    /// Its bound as text, `50 ms`.
    pub bound: SafeText,
    /// Minutes that it was over the bound.
    pub minutes_outside: f64,
    /// Its worst value with unit.
    pub worst: Option<SafeText>,
}

/// Requests from outside at one service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServedRow {
    /// Its title.
    pub service: SafeText,
    /// Requests.
    pub requests: f64,
    /// Those that failed.
    pub failed: f64,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepRow {
    /// Its short name.
    pub id: Shown,
    /// Its title.
    pub title: SafeText,
    /// NIST SP 800-61 r2 phase.
    pub phase: Shown,
    /// Function of NIST CSF 2.0: `GV`, `ID`, `PR`, `DE`, `RS` or `RC`.
    pub csf: Shown,
    /// `done`, `skipped`, `open` or `not asked`.
    pub state: Shown,
    /// When it was asked for, in seconds since the drill began.
    pub asked_at: Option<f64>,
    /// Since when its time counts, in seconds since the drill began: since it was asked for, and not before the first sign of the incident had
    /// reached the team.
    pub counts_from: Option<f64>,
    /// When it was done or left out.
    pub ended_at: Option<f64>,
    /// Number of the entry that ended it.
    pub seq: Option<u64>,
    /// Seconds from then until it was done; empty if it was left out, or done before its time counted.
    pub seconds: Option<f64>,
    /// For so many of these seconds the drill clock ran faster than real time while something was asked of somebody.
    pub hurried: Option<f64>,
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
    /// When, seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Number of its entry.
    pub seq: u64,
    /// What was expected of the signals that have a limit.
    pub guess: Guess,
    /// What they did: that of the signal that was furthest off.
    pub outcome: Outcome,
    /// What each of them did; one of which no sample tells is left out.
    pub signals: Vec<GuessedSignal>,
    /// Length of the window in which the outcome was read, in seconds: until the next response with a guess that changes the system, 15 minutes, or the
    /// end of the experiment, whichever came first.
    pub window: f64,
    /// For how many seconds a signal was outside in the window: the one that was outside for longest.
    pub seconds_outside: f64,
    /// Whether they agree; empty for *no idea*, where a signal was outside already, or where the window ended too early to tell.
    pub agrees: Option<bool>,
}

/// A signal against a guess.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuessedSignal {
    /// Its title.
    pub signal: SafeText,
    /// What it did in the window.
    pub outcome: Outcome,
    /// For how many seconds it was outside.
    pub seconds_outside: f64,
    /// Whether it did as guessed; empty where it alone can't tell: the guess is that one leaves its limit, and this one didn't.
    pub agrees: Option<bool>,
    /// In words, without the title: `went over 0.5 % for 20 s`.
    pub words: SafeText,
}

/// A prediction against what happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PredictionRow {
    /// The seat's alias.
    pub who: SafeText,
    /// About what.
    pub about: Shown,
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
    /// What was done before that which the order puts first, or without it, as a sentence; empty if the order was kept or didn't count.
    pub early: Option<SafeText>,
    /// What came after the responses that were given too early. Never that it was because of the order.
    pub came_of_it: Vec<SafeText>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoteRow {
    /// Seconds since the drill began.
    pub at: f64,
    /// As people see it: `T+12:25`.
    pub t: Shown,
    /// The seat's alias.
    pub who: SafeText,
    /// The note.
    pub text: SafeText,
}

/// A note that was added once the drill was over.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LaterNoteRow {
    /// Seconds since the drill began: the moment that it is about.
    pub at: f64,
    /// As people see it: `T+12:25`.
    pub t: Shown,
    /// Number of its entry, after the end of the drill.
    pub seq: u64,
    /// When it was written, RFC 3339 in UTC.
    pub written: Shown,
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

/// An improvement: a corrective action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImprovementLine {
    /// Number of the entry that holds it; empty for one that was added afterwards.
    pub entry: Option<u64>,
    /// What is to change.
    pub what: SafeText,
    /// Who sees to it.
    pub owner: Option<SafeText>,
    /// Until when.
    pub due: Option<SafeText>,
    /// By which duration it is to be seen, for example `TTN`.
    pub measure: Option<SafeText>,
    /// How it was closed; open without.
    pub closed: Option<ClosedBy>,
}

/// A line of what happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HappenedRow {
    /// Seconds since the drill began.
    pub at: f64,
    /// Number of the entry.
    pub seq: u64,
    /// Its three readings.
    #[serde(flatten)]
    pub readings: Readings,
    /// Lane.
    pub lane: Shown,
    /// The line.
    pub text: SafeText,
}
