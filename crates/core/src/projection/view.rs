//! What one seat sees: a fold over the entries that it may receive. Live screens, plain mode, replay and debrief read it.
//!
//! A view holds plain data. It never asks the world, and it is the same whether it was folded live or from the journal.

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::sync::Arc;

use firedrill_model::event::{
    AdversaryState, AutomationEvent, EffectResult, InstanceCause, InstanceEvent, InstanceState, PhaseCause, Prediction,
    ResourceCause, ResourceEvent,
};
use firedrill_model::id::{ActionId, ChannelId, FindingId, InjectId, ObjectiveId, SeatId, ServiceId, StepId, TargetId};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::{Brief, Hypothesis, Message};
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, Finding, Guess, Judgement, LogRecord, Rating};
use firedrill_model::{RecordId, Role, SafeText, Sealed, Span};

pub use super::clock::{ClockCourse, Interruption, Skip, Stretch};
pub use super::happened::{Crossed, TimelineLine};
pub use super::lane::Lane;
pub use super::rows::Rows;
pub use super::sign::{SignOf, SignRow};
pub use super::stamp::Stamp;
pub use super::truth::{ToldStage, Truth};

/// All that a seat sees.
///
/// Of the scenario it holds what a seat may know before Verify, and so screens have no way to the rest:
///
/// ```
/// fn known(view: &firedrill_core::projection::View) -> usize {
///     view.scenario.services.len()
/// }
/// ```
///
/// ```compile_fail,E0609
/// fn known(view: &firedrill_core::projection::View) -> usize {
///     view.scenario.stages.len()
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What a seat may know of the scenario that is run.
    pub scenario: Arc<Brief>,
    /// Seed of all chance, once whoever keeps it has opened it; 0 until then.
    pub seed: u64,
    /// Whose view it is; nobody's where it is of the whole record.
    pub seat: Option<SeatId>,
    /// Drill time of the newest entry.
    pub now: DrillTime,
    /// Number of the newest entry, plus one; what was observed later has not counted.
    pub next_seq: u64,
    /// The course of the drill.
    pub course: Course,
    /// What is known of the workload and of the incident.
    pub board: Board,
    /// The playbook with its timers.
    pub playbook: PlaybookView,
    /// The responses given, by number.
    pub responses: BTreeMap<u32, Response>,
    /// What people said.
    pub people: People,
    /// Raw marks of the incident, each with its moment.
    pub marks: BTreeMap<Mark, Stamp>,
    /// What told of the incident, in the order in which it came: the first of each. Bounded.
    pub signs: Vec<SignRow>,
    /// What happened, in order. Bounded: [`MAX_LINES`](super::timeline::MAX_LINES).
    pub timeline: Rows<TimelineLine>,
    /// Kinds of entries that this program doesn't know, counted.
    pub unknown: BTreeMap<String, u64>,
    /// Both clocks at the first entry and at each sample: with them a moment of drill time is placed on the wall. Bounded.
    pub moments: Rows<Stamp>,
    /// Ground truth, event by event; empty in a responder's view.
    pub truth: Truth,
    /// What was left out because a bound was reached.
    pub dropped: Dropped,
}

/// What was left out because a bound was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Oldest samples.
    pub samples: u64,
    /// Oldest lines of the timeline.
    pub lines: u64,
    /// Anything else that came after its bound.
    pub other: u64,
}

/// The course of the drill.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Phase now.
    pub phase: Phase,
    /// The beginnings of the phases so far.
    pub phases: Vec<(Phase, PhaseCause, Stamp)>,
    /// Since when the steady state holds, once the gate is open.
    pub gate_open_since: Option<DrillTime>,
    /// Chosen pace.
    pub pace: Pace,
    /// Drill seconds a second; 0 while paused.
    pub rate: u32,
    /// Since when it stands still because nobody was at the keys, if it does.
    pub away: Option<Stamp>,
    /// The hypothesis as it stands.
    pub hypothesis: Hypothesis,
    /// Of what kinds the worlds are that take part.
    pub worlds: BTreeSet<WorldKind>,
    /// How often the record was taken up again.
    pub resumed: u32,
    /// How the drill clock went against the one on the wall.
    pub clock: ClockCourse,
}

/// What is known of workload and incident.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Board {
    /// Findings that somebody was told of or found by looking, oldest first.
    pub findings: Vec<FindingRow>,
    /// Notifications that reached the team, the first of each finding by each channel. Bounded.
    pub told: Vec<(Stamp, ChannelId, FindingId)>,
    /// Messages (injects) that have arrived.
    pub messages: Vec<MessageRow>,
    /// When somebody first took something on, whatever it was.
    pub taken_on: Option<Stamp>,
    /// One track for each signal, in the order of the scenario.
    pub signals: Vec<SignalTrack>,
    /// Instances by id, also those that are gone.
    pub instances: BTreeMap<TargetId, InstanceRow>,
    /// Newest log records last. Bounded.
    pub logs: Rows<LogRow>,
    /// Records that were dropped from the front of `logs`.
    pub logs_dropped: u64,
    /// Changes of instances after the start, with cause and evidence lost, oldest first. Bounded.
    pub instance_turns: Vec<(Stamp, InstanceEvent)>,
    /// Roles whose credentials stopped working (false) or work again, oldest first. Bounded.
    pub role_turns: Vec<(Stamp, TargetId, bool)>,
    /// Roles whose credentials don't work now.
    pub roles_out: BTreeSet<TargetId>,
    /// Resources whose users were out (not usable) or back, oldest first. Bounded.
    pub resource_turns: Vec<(Stamp, ResourceEvent)>,
    /// Resources that their users can't use now, and why.
    pub resources_out: BTreeMap<TargetId, ResourceCause>,
    /// Runs of automations, oldest first; those that failed only where the ground truth may be seen. Bounded.
    pub automations: Vec<(Stamp, AutomationEvent)>,
    /// Services whose requests from outside are requests of customers.
    pub customers: Vec<ServiceId>,
    /// Requests from outside since the fault, and those that failed, by service.
    pub served: BTreeMap<ServiceId, (f64, f64)>,
    /// The same from samples that don't tell services apart: records of older programs.
    pub together: (f64, f64),
    /// Ground truth, only for a view that may see it.
    pub adversary: Option<AdversaryState>,
}

/// A message that has arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    /// Which.
    pub inject: InjectId,
    /// When it arrived.
    pub stamp: Stamp,
    /// What arrived, if the record says so.
    pub message: Option<Message>,
}

/// A finding as the team sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingRow {
    /// The finding.
    pub finding: Finding,
    /// When the team first saw it.
    pub seen: Stamp,
    /// The channel that told it; without one, somebody looked.
    pub via: Option<ChannelId>,
    /// When a channel first told it, perhaps after somebody had seen it by looking.
    pub told: Option<Stamp>,
    /// When it was acknowledged.
    pub acknowledged: Option<Stamp>,
    /// What it is held for, since when, and who said so.
    pub judged: Option<(Stamp, SeatId, Judgement)>,
}

/// The course of one signal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SignalTrack {
    /// Samples, oldest first. Bounded.
    pub samples: Rows<(DrillTime, f64)>,
    /// Since when it is outside its limit.
    pub outside_since: Option<DrillTime>,
    /// How long it was outside since the fault.
    pub outside_total: Span,
    /// When it last left its limit or came back.
    pub turned: Option<(Stamp, Crossed)>,
}

impl SignalTrack {
    /// The newest value.
    #[must_use]
    pub fn last(&self) -> Option<f64> {
        self.samples.last().map(|(_, value)| *value)
    }
}

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceRow {
    /// Of which service.
    pub service: ServiceId,
    /// Its zone.
    pub zone: SafeText,
    /// Its state.
    pub state: InstanceState,
    /// Why it is in it.
    pub because: InstanceCause,
    /// Since when.
    pub since: DrillTime,
    /// Its network was taken away by an isolation.
    pub isolated: bool,
}

/// A log record and when it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRow {
    /// Number of the entry that brought it.
    pub seq: u64,
    /// When it arrived in the log store.
    pub delivered: DrillTime,
    /// The record.
    pub record: Arc<LogRecord>,
}

/// The playbook with its timers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlaybookView {
    /// Its steps in order.
    pub steps: Vec<StepView>,
    /// After which step the three questions are open.
    pub question: Option<StepId>,
    /// Steps that ended meanwhile: their questions come next.
    pub waiting: VecDeque<StepId>,
    /// Which of the three questions the view's own seat has answered, by step.
    pub given: BTreeMap<StepId, [bool; 3]>,
}

/// A step of the playbook.
#[derive(Debug, Clone, PartialEq)]
pub struct StepView {
    /// Which.
    pub id: StepId,
    /// When it was asked for.
    pub prompted: Option<Stamp>,
    /// How it ended.
    pub end: Option<StepEnd>,
    /// What was answered to the three questions.
    pub answers: Answers,
    /// When the first of them was answered.
    pub answered: Option<Stamp>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq)]
pub struct StepEnd {
    /// When.
    pub stamp: Stamp,
    /// Done or left out.
    pub how: StepHow,
}

/// Done or left out.
#[derive(Debug, Clone, PartialEq)]
pub enum StepHow {
    /// Done, perhaps by this response.
    Done(Option<u32>),
    /// Left out, perhaps with a reason.
    Skipped(Option<Sealed>),
}

/// Answers to the three questions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// 1 to 5.
    pub confidence: Option<u8>,
    /// Knew where to look.
    pub knew_where: Option<bool>,
    /// Knew whom to escalate to.
    pub knew_whom: Option<bool>,
    /// A line of text.
    pub words: Option<Sealed>,
}

impl Answers {
    /// Says whether all three questions are answered.
    #[must_use]
    pub fn are_whole(&self) -> bool {
        self.confidence.is_some() && self.knew_where.is_some() && self.knew_whom.is_some()
    }
}

/// A response.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Which.
    pub action: ActionId,
    /// At what.
    pub target: Option<TargetId>,
    /// By whom.
    pub seat: SeatId,
    /// When it was given.
    pub given: Stamp,
    /// What was expected.
    pub guess: Option<Guess>,
    /// Why.
    pub why: Option<Sealed>,
    /// When it will be done.
    pub until: Option<DrillTime>,
    /// What it brought, once done.
    pub done: Option<(Stamp, Vec<EffectResult>)>,
}

/// What people said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct People {
    /// Seats with role and sealed alias.
    pub seats: BTreeMap<SeatId, (Role, Sealed)>,
    /// Predictions before the experiment.
    pub predictions: Vec<(SeatId, Prediction)>,
    /// Notes.
    pub notes: Vec<(Stamp, SeatId, Sealed)>,
    /// Notes that were written once the drill was over, by the moments that they are about. Bounded.
    pub later: Vec<LaterNote>,
    /// Moments that were bookmarked then. Bounded.
    pub bookmarks: BTreeSet<DrillTime>,
    /// Answers to the seven questions.
    pub reviews: Vec<(u8, Stamp, SeatId, Sealed)>,
    /// Ratings of objectives and what was observed, oldest first. Bounded.
    pub ratings: Vec<RatingRow>,
    /// Improvements: what, owner, due.
    pub improvements: Vec<ImprovementRow>,
    /// Records that are marked as evidence, in the order in which they were marked. Bounded.
    pub evidence: Vec<EvidenceRow>,
    /// Seats that have a dialogue open.
    pub attending: BTreeSet<SeatId>,
    /// When somebody opened a dialogue (true) or was done with it. Bounded.
    pub attention: Rows<(Stamp, bool)>,
    /// Numbers of the texts that were erased, with when. Bounded.
    pub erased: BTreeMap<u64, Stamp>,
}

/// A note on a moment of the drill that was written once it was over.
#[derive(Debug, Clone, PartialEq)]
pub struct LaterNote {
    /// The moment that it is about, and when on the wall it was written.
    pub stamp: Stamp,
    /// The note.
    pub words: Sealed,
}

/// A word on an objective.
#[derive(Debug, Clone, PartialEq)]
pub struct RatingRow {
    /// When.
    pub stamp: Stamp,
    /// By whom.
    pub seat: SeatId,
    /// Which objective.
    pub objective: ObjectiveId,
    /// How it was met.
    pub rating: Option<Rating>,
    /// What was observed.
    pub words: Option<Sealed>,
}

/// A record that is marked as evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceRow {
    /// When it was marked first.
    pub stamp: Stamp,
    /// Who marked it last.
    pub seat: SeatId,
    /// The record.
    pub row: LogRow,
    /// What it shows.
    pub note: Option<Sealed>,
}

/// An improvement.
#[derive(Debug, Clone, PartialEq)]
pub struct ImprovementRow {
    /// When it was written down.
    pub stamp: Stamp,
    /// What is to change.
    pub what: Sealed,
    /// Who sees to it.
    pub owner: Option<Sealed>,
    /// Until when.
    pub due: Option<SafeText>,
}

/// Raw marks of an incident. Metrics clash in the field, so marks are kept and durations derived with their definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The fault is active.
    FaultActive,
    /// The first trace of it in any log happened (event time, not delivery).
    FirstSignal,
    /// A detector made a finding about the incident.
    FindingCreated,
    /// The first sign of the incident reached a detector or a person.
    Detected,
    /// The team was told of the incident, by a channel or a message.
    Notified,
    /// A person took the incident on.
    Acknowledged,
    /// Somebody was told who needed to know.
    Escalated,
    /// Evidence was safe for the first time.
    EvidenceCaptured,
    /// The adversary could do nothing more for the first time, as far as lasting: the last time before the end that it became inactive.
    ContainmentEffective,
    /// Nothing can come back.
    Eradicated,
    /// Since this moment the steady state has held.
    SteadyStateRestored,
    /// It had held for as long as the scenario asks.
    SteadyStateConfirmed,
}

impl Board {
    /// The log record that an entry brought, if it is still kept.
    #[must_use]
    pub fn record(&self, seq: u64) -> Option<&LogRow> {
        self.logs.get(self.logs.place_by(&seq, |row| row.seq)?)
    }

    /// The log record with this id, if it is still kept.
    #[must_use]
    pub(crate) fn record_of(&self, id: &RecordId) -> Option<&LogRow> {
        // Whoever marks a record looks at a new one, as a rule.
        self.logs.iter().rev().find(|row| row.record.id == *id)
    }

    /// A message that has arrived.
    #[must_use]
    pub fn message(&self, id: &InjectId) -> Option<&MessageRow> {
        self.messages.iter().find(|row| row.inject == *id)
    }

    /// The row of a finding.
    #[must_use]
    pub fn finding(&self, id: &FindingId) -> Option<&FindingRow> {
        self.findings.iter().find(|row| row.finding.id == *id)
    }
}
