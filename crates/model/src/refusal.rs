//! The rules say no. A refusal is shown to the asker only and changes nothing.

use crate::command::MAX_WORDS;
use crate::id::{ActionId, FindingId, InjectId, ObjectiveId, SeatId, StepId, TargetId, WorldId};
use crate::phase::Phase;
use crate::{Judgement, RecordId, Role};

/// Why the drill doesn't do what was asked, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not in this phase.
    #[error("that is not for the phase '{}'", .0.label())]
    NotNow(Phase),
    /// The steady state has not held for long enough.
    #[error("the steady state has not held for long enough yet; watch it until the gate opens")]
    GateClosed,
    /// What is asked for is for drills that are over.
    #[error("the drill isn't over yet; write the note in the drill itself")]
    NotOver,
    /// The drill is over.
    #[error("the drill is closed; nothing more is recorded")]
    Closed,
    /// What happens can't be written now.
    #[error("nothing can be recorded at the moment; it is tried again, and nothing of before is lost")]
    NotRecording,
    /// Nobody sits there.
    #[error("nobody has taken the seat '{0}'")]
    NoSuchSeat(SeatId),
    /// Not for this role.
    #[error("that is not for {}", .0.label())]
    NotForRole(Role),
    /// A world that goes its own pace takes part.
    #[error("'{0}' is real and can't be hurried or stopped; its clock is everybody's clock")]
    Unhurried(WorldId),
    /// Nothing that takes part has anything to undo.
    #[error("there is nothing to undo: nothing here touches a real system")]
    NothingToUndo,
    /// No such action.
    #[error("the scenario offers no response '{0}'")]
    NoSuchAction(ActionId),
    /// Not a target of this action.
    #[error("'{0}' can't be aimed at '{1}'; choose one of its targets")]
    NoSuchTarget(ActionId, TargetId),
    /// The action needs a target.
    #[error("'{0}' needs a target")]
    TargetMissing(ActionId),
    /// No such message.
    #[error("the scenario has no message '{0}'")]
    NoSuchMessage(InjectId),
    /// A message comes once.
    #[error("the message '{0}' has come already")]
    MessageCame(InjectId),
    /// No such step.
    #[error("the playbook has no step '{0}'")]
    NoSuchStep(StepId),
    /// The step is done or left out already.
    #[error("the step '{0}' is finished already")]
    StepFinished(StepId),
    /// Nobody has seen such a finding.
    #[error("no finding '{0}' is known here")]
    NoSuchFinding(FindingId),
    /// There is nothing yet that one could take on.
    #[error("there is nothing to acknowledge yet")]
    NothingToAcknowledge,
    /// Acknowledged before.
    #[error("it is acknowledged already")]
    AlreadyAcknowledged,
    /// Skipping would take time from what a person is asked now.
    #[error("{0}; let the clock run faster if you want to wait")]
    Asked(Asked),
    /// The hypothesis names something that isn't there.
    #[error("the hypothesis names a signal or detector that the scenario doesn't have")]
    NoSuchSignal,
    /// The step's questions come when it is done.
    #[error("the questions come when the step '{0}' is done")]
    StepOpen(StepId),
    /// Judged so before.
    #[error("the finding counts as {} already", .0.label())]
    AlreadyJudged(Judgement),
    /// No record has that id.
    #[error("there is no log record {0}")]
    NoSuchRecord(RecordId),
    /// The record isn't marked.
    #[error("record {0} is not marked as evidence")]
    NotMarked(RecordId),
    /// No such objective.
    #[error("the drill has no objective '{0}'")]
    NoSuchObjective(ObjectiveId),
    /// Not a date.
    #[error("write the date as 2026-12-05")]
    NoDate,
    /// A text beyond its bound.
    #[error("a text can have up to {MAX_WORDS} characters")]
    TooLong,
    /// There is no time left to skip.
    #[error("the experiment's time is nearly up; go on to Verify when you are ready")]
    NearlyOver,
    /// A figure outside its range.
    #[error("{0}")]
    OutOfRange(OutOfRange),
    /// A bound of the record is reached.
    #[error("the drill can't take more of these ({0}); the record is bounded")]
    TooMany(Bounded),
}

/// What a person is asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Asked {
    /// To go on: the gate is open.
    #[error("the gate is open: go on to the hypothesis")]
    Gate,
    /// To take a finding on.
    #[error("a finding waits to be acknowledged")]
    Finding,
    /// To take a message on.
    #[error("a message waits to be acknowledged")]
    Message,
    /// The questions after a step.
    #[error("the questions after a step are open")]
    Questions,
    /// A step of the playbook.
    #[error("a step of the playbook is asked for")]
    Step,
    /// The phase itself: its clock stands still.
    #[error("the drill clock stands still in this phase")]
    Phase,
}

/// What is outside its range, or missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfRange {
    /// The hypothesis' time to notify.
    #[error("the time to notify must be between a moment and seven days")]
    NotifyWithin,
    /// The hypothesis' bound.
    #[error("the bound must be a figure from 0 up")]
    Bound,
    /// Neither a rating of an objective nor words on it.
    #[error("say how the objective was met, or what was observed")]
    Unrated,
    /// A moment after the end of the drill.
    #[error("the drill ends before that moment")]
    AfterTheEnd,
    /// A pace.
    #[error("a pace is between 1 and 120 drill seconds a second")]
    Pace,
    /// A confidence.
    #[error("confidence goes from 1 to 5")]
    Confidence,
    /// A question of the review.
    #[error("there are seven questions, 1 to 7")]
    Question,
}

/// What a record holds a bounded number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bounded {
    /// Entries.
    #[error("entries")]
    Entries,
    /// Records marked as evidence.
    #[error("marks")]
    Marks,
    /// Responses.
    #[error("responses")]
    Responses,
}
