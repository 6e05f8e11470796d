//! What a line of the timeline tells, as facts: folding a drill writes no sentence. Its words are made where somebody reads it.

use alloc::sync::Arc;

use super::lane::Lane;
use super::limit::Limit;
use super::stamp::Stamp;
use firedrill_model::event::{
    AdversaryState, ErasureReason, GapKind, InstanceCause, InstanceState, PhaseCause, ResourceCause,
};
use firedrill_model::id::{
    ActionId, ChannelId, DetectorId, FindingId, InjectId, ObjectiveId, SeatId, ServiceId, SignalId, StageId, StepId,
    TargetId, WorldId,
};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::{HarmKind, Hypothesis, Message, Sight};
use firedrill_model::world::Contact;
use firedrill_model::{Guess, Judgement, LogRecord, Rating, Role, SafeText, Sealed, Span};

/// A line of what happened. [`TimelineLine::text`] puts it into words.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineLine {
    /// When.
    pub stamp: Stamp,
    /// In which lane.
    pub lane: Lane,
    /// What.
    pub what: Happened,
    /// A remark that belongs to it, sealed.
    pub words: Option<Sealed>,
    /// Ground truth, not shown to responders before Verify.
    pub hidden: bool,
    /// Written once the drill was over. It stands at the moment that it is about.
    pub later: bool,
}

/// What happened, in the facts that its sentence is made of. What the view knows anyway (titles, what a response brought) isn't repeated.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// The course of the drill.
    Drill(DrillTurn),
    /// What people did and said.
    Deed(Deed),
    /// What became of the workload, and what responses and automations brought.
    World(WorldTurn),
    /// What was noticed, and what arrived.
    Notice(Notice),
    /// The ground truth.
    Unseen(Unseen),
}

/// The course of the drill.
#[derive(Debug, Clone, PartialEq)]
pub enum DrillTurn {
    /// The drill began; the scenario's title.
    Began(SafeText),
    /// A phase began.
    PhaseBegan(Phase, PhaseCause),
    /// The steady state has held for long enough.
    GateOpened,
    /// A signal left the steady state, with its figure.
    GateClosed(SignalId, f64),
    /// All signals were within their limits again, for so long.
    SteadyAgain(Span),
    /// A pace was chosen.
    PaceChosen(Pace),
    /// Somebody skips ahead.
    SkipBegan,
    /// A skip ended after so much of the drill.
    SkipEnded(Span),
    /// The clock was stopped.
    Paused,
    /// The clock was stopped, since nobody was at the keys.
    PausedByItself,
    /// The clock runs again, after so much time on the wall where that is known.
    WentOn(Option<Span>),
    /// The hypothesis was set.
    HypothesisSet(Box<Hypothesis>),
    /// The record was taken up again; bytes that were unfinished at its end, and the file that keeps them.
    TakenUp(Option<(u64, SafeText)>),
    /// The world goes on by another model than before.
    OtherModel,
    /// Nothing was recorded for a while.
    Gap(GapKind, Span),
    /// So many texts and names were erased from the record.
    Erased(usize, ErasureReason),
    /// A world fell silent, was lost or is back.
    WorldContact(WorldId, Contact),
    /// So many reports of a world could not be kept.
    ObservationsLost(WorldId, u64),
}

impl From<DrillTurn> for Happened {
    fn from(what: DrillTurn) -> Self {
        Self::Drill(what)
    }
}

/// What people did and said.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// A seat was taken.
    SeatTaken(SeatId, Role),
    /// A seat was left.
    SeatLeft(SeatId),
    /// A seat has another role.
    RoleChanged(SeatId, Role),
    /// A seat said for the first time what it expects.
    Predicted(SeatId),
    /// A note, whose words are beside it.
    Noted,
    /// A note that was added once the drill was over.
    NotedLater,
    /// One of the seven questions was answered.
    Reviewed(u8),
    /// Something is to change.
    ToImprove,
    /// An objective was rated, or remarked on.
    Rated(ObjectiveId, Option<Rating>),
    /// A log record was marked as evidence.
    Marked(Arc<LogRecord>),
    /// Such a mark was taken back.
    Unmarked,
    /// The playbook asks for a step.
    StepAsked(StepId),
    /// A step is done.
    StepDone(StepId),
    /// A step was left out.
    StepSkipped(StepId),
    /// A remark on a step.
    SaidOfStep(StepId),
    /// A finding, or the matter as a whole, was taken on.
    Acknowledged(Option<FindingId>),
    /// A finding was judged.
    Judged(FindingId, Judgement),
    /// A response was given.
    Responded(ActionId, Option<TargetId>, Option<Guess>),
}

impl From<Deed> for Happened {
    fn from(what: Deed) -> Self {
        Self::Deed(what)
    }
}

/// What became of the workload, and what responses and automations brought.
#[derive(Debug, Clone, PartialEq)]
pub enum WorldTurn {
    /// A response ended, by its number.
    ResponseDone(u32),
    /// A response ended, and nobody can say how.
    ResponseUnknown(u32),
    /// An instance of a service came into a state.
    Instance(TargetId, ServiceId, InstanceState, InstanceCause),
    /// Users of a role can work with it, or no longer.
    Role(TargetId, bool),
    /// A resource can be used, or no longer.
    Resource(TargetId, bool, ResourceCause),
    /// An automation ran at a resource.
    AutomationRan(TargetId, TargetId),
    /// An automation failed at a resource, unseen.
    AutomationFailed(TargetId, TargetId),
    /// A signal left its limit, or came back.
    Crossed(Box<Crossed>),
}

impl From<WorldTurn> for Happened {
    fn from(what: WorldTurn) -> Self {
        Self::World(what)
    }
}

/// What was noticed, and what arrived.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A detector made a finding.
    FindingMade(DetectorId, FindingId),
    /// A channel told the team about a finding, which by then had been seen so often.
    Notified(ChannelId, FindingId, Option<u64>),
    /// A channel lost a finding.
    NotificationLost(ChannelId, FindingId),
    /// A log, detector or channel works again, or no longer.
    Sight(Sight, bool),
    /// A message arrived, with its content where that is known.
    Delivered(InjectId, Option<Box<Message>>),
}

impl From<Notice> for Happened {
    fn from(what: Notice) -> Self {
        Self::Notice(what)
    }
}

/// The ground truth.
#[derive(Debug, Clone, PartialEq)]
pub enum Unseen {
    /// The fault is active.
    FaultActive,
    /// What the fault is.
    FaultIs(SafeText),
    /// A stage began or ended at a target.
    Stage(StageId, TargetId, bool),
    /// The adversary, or the fault, came into a state.
    Adversary(AdversaryState),
    /// Harm was done to a resource, or refused there.
    Harmed(TargetId, HarmKind, SafeText, bool),
    /// Destruction began, or ended.
    Destroying(bool),
}

impl From<Unseen> for Happened {
    fn from(what: Unseen) -> Self {
        Self::Unseen(what)
    }
}

/// A signal that left its limit, or came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossed {
    /// Its place in the scenario.
    pub signal: usize,
    /// The figure with which it did.
    pub value: f64,
    /// The limit that counted then.
    pub limit: Limit,
    /// It is outside now.
    pub outside: bool,
    /// What the team had changed last before.
    pub after: Option<Changed>,
}

/// What the team had changed last before a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// By which response.
    pub action: ActionId,
    /// How long before it was done; nothing while it is under way.
    pub ago: Option<Span>,
}
