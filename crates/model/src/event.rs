//! What can happen in a drill. Every event goes to the journal, and everything that anyone sees is a fold over them.
//!
//! Kinds are append-only names (`people.acted`): a reader skips those it doesn't know. Fields may be added, never renamed.

mod ending;
mod erasure;
mod evidence_kind;
mod obstacle;
mod recovered;
mod results;
mod world;

use serde::{Deserialize, Serialize};

use super::phase::{Pace, Phase};
use crate::id::{ActionId, FindingId, InjectId, ObjectiveId, ScenarioId, SeatId, SignalId, StepId, TargetId, WorldId};
use crate::scenario::{Hypothesis, Message};
use crate::world::{Capabilities, Contact, Owns, Source};
use crate::{Audience, Author, DrillTime, Guess, Judgement, Rating, RecordId, Role, SafeText, Sealed, Span};

pub use erasure::{Erasure, ErasureReason};
pub use evidence_kind::EvidenceKind;
pub use obstacle::Obstacle;
pub use recovered::Recovered;
pub use results::{
    ActionEvent, ActionState, EffectResult, GroupChange, ResourceChange, UnknownCause, brought_something,
};
pub use world::{
    AdversaryState, AutomationEvent, AutomationOutcome, Fact, HarmEvent, InstanceCause, InstanceEvent, InstanceState,
    ResourceCause, ResourceEvent, Sample, ServedBy, UndoState, WorldEvent,
};

/// One line of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Dense number from 0.
    pub seq: u64,
    /// On the drill clock. Never decreases.
    pub at: DrillTime,
    /// On the wall, in UTC. For people; no rule reads it.
    pub utc: chrono::DateTime<chrono::Utc>,
    /// Who caused it.
    pub by: Author,
    /// Who may see it before Verify.
    pub to: Audience,
    /// Of what a world said: its own name for it, and when it happened there. None in records of format 1.
    pub source: Option<Box<Source>>,
    /// What happened.
    pub event: Event,
}

impl Entry {
    /// The moment of the drill that it tells of: when it happened by its source's clock, or the one that a later observation is about.
    /// Measures and timelines read it; rules act on `at`.
    #[must_use]
    pub fn moment(&self) -> DrillTime {
        let happened = self.source.as_ref().and_then(|source| source.happened.as_ref()).map(|told| told.at);
        self.event.about().or(happened).map_or(self.at, |moment| moment.min(self.at))
    }
}

/// An event of one of three families.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// The course of the drill itself.
    Drill(DrillEvent),
    /// What people did.
    People(PeopleEvent),
    /// What the world did.
    World(WorldEvent),
}

impl Event {
    /// What moment a later observation is about; nothing for what happened in the drill itself.
    #[must_use]
    pub fn about(&self) -> Option<DrillTime> {
        match self {
            Self::People(event) => event.about(),
            // Neither the drill nor the world says anything of moments before.
            Self::Drill(_) | Self::World(_) => None,
        }
    }
}

/// The course of the drill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum DrillEvent {
    /// The drill begins. Always the first event.
    #[serde(rename = "drill.opened")]
    Opened {
        /// The scenario.
        scenario: ScenarioId,
        /// Its title.
        title: SafeText,
    },
    /// Somebody takes a seat. The name is kept outside the chain.
    #[serde(rename = "drill.seat-taken")]
    SeatTaken {
        /// Which seat.
        seat: SeatId,
        /// What it is for.
        role: Role,
        /// The alias.
        name: Sealed,
    },
    /// A phase begins.
    #[serde(rename = "drill.phase")]
    PhaseEntered {
        /// Which.
        phase: Phase,
        /// Why.
        because: PhaseCause,
    },
    /// The steady state has held for the scenario's time: the experiment may start.
    #[serde(rename = "drill.gate-opened")]
    GateOpened {
        /// Since when it holds.
        since: DrillTime,
    },
    /// A signal left the steady state before the experiment: the gate is closed again.
    #[serde(rename = "drill.gate-closed")]
    GateClosed {
        /// Which signal.
        signal: SignalId,
        /// Its value, in its unit.
        value: f64,
    },
    /// After the fault, the steady state is back and the adversary is gone.
    #[serde(rename = "drill.steady-again")]
    SteadyAgain {
        /// Since when all signals hold.
        since: DrillTime,
    },
    /// The pace changes.
    #[serde(rename = "drill.pace")]
    PaceChanged {
        /// What was chosen.
        pace: Pace,
        /// What that means now, in drill seconds a second; 0 while paused.
        rate: u32,
        /// Why.
        because: PaceCause,
    },
    /// The hypothesis as the team set it.
    #[serde(rename = "drill.hypothesis")]
    HypothesisSet {
        /// The sentence with its blanks filled.
        hypothesis: Hypothesis,
    },
    /// A scripted message arrives.
    #[serde(rename = "drill.inject")]
    InjectDelivered {
        /// Which.
        inject: InjectId,
        /// What arrives. None in older records, whose scenario has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<Message>,
    },
    /// A step of the playbook is now asked of the team; its timer runs.
    #[serde(rename = "drill.step-prompted")]
    StepPrompted {
        /// Which.
        step: StepId,
    },
    /// The record was taken up again.
    #[serde(rename = "drill.resumed")]
    Resumed {
        /// What had to be cut from the end of the journal, if anything.
        recovered: Option<Recovered>,
        /// Clocked worlds go on otherwise than they did: what stands otherwise is restated next, and figures on both sides can't be
        /// compared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<ModelChange>,
    },
    /// Somebody leaves a seat.
    #[serde(rename = "drill.seat-left")]
    SeatLeft {
        /// Which.
        seat: SeatId,
    },
    /// A seat is for something else from now on.
    #[serde(rename = "drill.role")]
    RoleChanged {
        /// Which seat.
        seat: SeatId,
        /// What it is for now.
        role: Role,
    },
    /// A world takes part.
    #[serde(rename = "drill.world-attached")]
    WorldAttached {
        /// Which.
        world: WorldId,
        /// What it can do.
        can: Capabilities,
        /// What of the scenario it carries out.
        owns: Owns,
    },
    /// Something became of the connection to a world.
    #[serde(rename = "drill.world-contact")]
    WorldContact {
        /// Which world.
        world: WorldId,
        /// What.
        contact: Contact,
    },
    /// Time that is no drill time went by.
    #[serde(rename = "drill.gap")]
    Gap {
        /// Why.
        kind: GapKind,
        /// How long, on the wall.
        length: Span,
    },
    /// While nothing could be recorded, a world reported more than could be kept.
    #[serde(rename = "drill.observations-lost")]
    ObservationsLost {
        /// Which world.
        world: WorldId,
        /// How many reports are lost.
        count: u64,
    },
    /// Texts or names were erased from beside the chain.
    #[serde(rename = "drill.erased")]
    Erased(Erasure),
}

/// Why time went by that is no drill time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// The machine slept, or the program was stopped.
    Asleep,
    /// The program was closed.
    Closed,
    /// The clock on the wall was set.
    ClockSet,
}

/// The model of the clocked worlds changed between two lives of a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelChange {
    /// What the record was made with.
    pub was: u32,
    /// What it goes on with.
    pub now: u32,
}

impl DrillEvent {
    /// The phase that begins with it, if one does.
    #[must_use]
    pub fn begins(&self) -> Option<Phase> {
        match self {
            Self::PhaseEntered { phase, .. } => Some(*phase),
            Self::Opened { .. }
            | Self::SeatTaken { .. }
            | Self::GateOpened { .. }
            | Self::GateClosed { .. }
            | Self::SteadyAgain { .. }
            | Self::PaceChanged { .. }
            | Self::HypothesisSet { .. }
            | Self::InjectDelivered { .. }
            | Self::StepPrompted { .. }
            | Self::Resumed { .. }
            | Self::SeatLeft { .. }
            | Self::RoleChanged { .. }
            | Self::WorldAttached { .. }
            | Self::WorldContact { .. }
            | Self::Gap { .. }
            | Self::ObservationsLost { .. }
            | Self::Erased(..) => None,
        }
    }
}

/// Why a phase began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseCause {
    /// The drill began.
    Start,
    /// A person said so.
    Said,
    /// The scenario's time was up.
    TimeUp,
    /// All that was asked is done, and the steady state is back.
    AllDone,
}

/// Why the pace changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaceCause {
    /// A person chose it.
    Chosen,
    /// *Brisk*: a person has something to do.
    Asked,
    /// *Brisk*: nothing is asked of anyone.
    Idle,
    /// A person paused the drill, or went on.
    Paused,
    /// A person skipped ahead to the next thing that asks somebody.
    Skipped,
    /// Nobody was at the keys for some minutes: a drill that is played alone stands still until somebody lets it go on.
    Away,
}

/// What people did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum PeopleEvent {
    /// A responder's own expectation, before the experiment.
    #[serde(rename = "people.predicted")]
    Predicted(Prediction),
    /// Takes a finding on.
    #[serde(rename = "people.acknowledged")]
    Acknowledged {
        /// Which finding; without one: a message or the matter itself.
        finding: Option<FindingId>,
    },
    /// Gives a response. The world is asked to perform it once this is on disk.
    #[serde(rename = "people.acted")]
    Acted {
        /// Number of the response in this drill, from 1.
        run: u32,
        /// Which.
        action: ActionId,
        /// At what.
        target: Option<TargetId>,
        /// What the responder expects of the signals that have a limit.
        guess: Option<Guess>,
        /// Why, in own words.
        why: Option<Sealed>,
    },
    /// A step counts as done.
    #[serde(rename = "people.step-done")]
    StepDone {
        /// Which.
        step: StepId,
        /// The response that completed it; without one, a person said so or another condition held.
        run: Option<u32>,
    },
    /// A step is left out.
    #[serde(rename = "people.step-skipped")]
    StepSkipped {
        /// Which.
        step: StepId,
        /// Why.
        why: Option<Sealed>,
    },
    /// Answers to the three questions after a step; what was left open stays empty.
    #[serde(rename = "people.answered")]
    Answered {
        /// After which step.
        step: StepId,
        /// How confident, 1 to 5.
        confidence: Option<u8>,
        /// Knew where to look.
        knew_where: Option<bool>,
        /// Knew whom to escalate to.
        knew_whom: Option<bool>,
        /// A line of text.
        words: Option<Sealed>,
    },
    /// Writes a note.
    #[serde(rename = "people.noted")]
    Noted {
        /// The note.
        words: Sealed,
    },
    /// Opens a dialogue and so has something to do, or is done with it.
    #[serde(rename = "people.attending")]
    Attending {
        /// Whether it is open.
        on: bool,
    },
    /// Answers one of the seven questions.
    #[serde(rename = "people.reviewed")]
    Reviewed {
        /// 1 to 7, in the order of the post.
        question: u8,
        /// The answer. A later one stands beside it.
        words: Sealed,
    },
    /// Writes down an improvement.
    #[serde(rename = "people.improvement")]
    Improvement {
        /// What is to change.
        what: Sealed,
        /// Who sees to it.
        owner: Option<Sealed>,
        /// Until when, `YYYY-MM-DD`.
        due: Option<SafeText>,
    },
    /// Marks a log record as evidence. Marked again, the newer remark stands.
    #[serde(rename = "people.marked")]
    Marked {
        /// Which record.
        record: RecordId,
        /// What it shows.
        note: Option<Sealed>,
    },
    /// Takes a mark off.
    #[serde(rename = "people.unmarked")]
    Unmarked {
        /// Which record.
        record: RecordId,
    },
    /// Says whether a finding belongs to the incident. The newer word stands.
    #[serde(rename = "people.judged")]
    Judged {
        /// Which finding.
        finding: FindingId,
        /// What it is held for.
        judgement: Judgement,
    },
    /// Says how an objective was met, what was observed, or both. The newer word stands.
    #[serde(rename = "people.objective-rated")]
    ObjectiveRated {
        /// Which objective.
        objective: ObjectiveId,
        /// How it was met.
        #[serde(default)]
        rating: Option<Rating>,
        /// What the evaluator observed.
        #[serde(default)]
        words: Option<Sealed>,
    },
    /// Writes a note on a moment of the drill once that is over. It stands beside what was, and changes nothing of it.
    #[serde(rename = "people.noted-later")]
    NotedLater {
        /// The moment that it is about.
        about: DrillTime,
        /// The note.
        words: Sealed,
    },
    /// Asks that all that the drill broke is undone, at once.
    #[serde(rename = "people.aborted")]
    Aborted,
    /// Puts a bookmark at a moment of the drill once that is over, or takes it off.
    #[serde(rename = "people.bookmarked")]
    Bookmarked {
        /// The moment.
        about: DrillTime,
        /// Whether it is there from now on.
        on: bool,
    },
}

impl PeopleEvent {
    /// What moment a later observation is about.
    #[must_use]
    pub fn about(&self) -> Option<DrillTime> {
        match self {
            Self::NotedLater { about, .. } | Self::Bookmarked { about, .. } => Some(*about),
            Self::Predicted(..)
            | Self::Acknowledged { .. }
            | Self::Acted { .. }
            | Self::StepDone { .. }
            | Self::StepSkipped { .. }
            | Self::Answered { .. }
            | Self::Noted { .. }
            | Self::Attending { .. }
            | Self::Reviewed { .. }
            | Self::Improvement { .. }
            | Self::Marked { .. }
            | Self::Unmarked { .. }
            | Self::Judged { .. }
            | Self::ObjectiveRated { .. }
            | Self::Aborted => None,
        }
    }
}

/// What a responder expects, alone, before the experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The team is notified this long after the fault.
    pub notified_within: Option<Span>,
    /// Contained this long after the fault.
    pub contained_within: Option<Span>,
    /// What the watched signal will do.
    pub signal: Option<Guess>,
    /// How confident, 1 to 5.
    pub confidence: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A replay holds a million of them.
    #[test]
    fn an_entry_stays_small() {
        assert!(size_of::<Entry>() <= 256, "{} bytes", size_of::<Entry>());
    }
}
