//! What a world can be asked, and what it answers.

use crate::DrillTime;
use crate::event::{Event, PeopleEvent, WorldEvent};
use crate::id::{ActionId, TargetId, WorldId};
use crate::phase::Phase;
use crate::world::{Happened, Key, LedgerStep};

/// Something that a world is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Break what the scenario breaks, after the scenario's delay.
    FireFault,
    /// Carry out a response.
    Respond {
        /// Its number.
        run: u32,
        /// Which.
        action: ActionId,
        /// At what.
        target: Option<TargetId>,
    },
    /// Somebody has taken the incident on: who was to be told otherwise is not.
    Acknowledged,
    /// Go on with a step of the undo ledger: it is on disk now.
    Proceed(LedgerStep),
    /// Undo all that the drill broke, and prove it. Waits for no disk; asked again, it goes on with what is left.
    Revert,
}

impl Request {
    /// Says whether it only takes back. Such a request goes out before its entry is on disk, and also if it never will be.
    #[must_use]
    pub fn is_revert(&self) -> bool {
        match self {
            Self::Revert => true,
            Self::FireFault | Self::Respond { .. } | Self::Acknowledged | Self::Proceed(..) => false,
        }
    }
}

/// A request on its way to a world. A world takes each number on once; after a crash it looks what became of it instead of repeating it.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldRequest {
    /// Number of the entry that asks.
    pub id: u64,
    /// Which world is asked.
    pub world: WorldId,
    /// For what.
    pub what: Request,
}

/// What a world reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Which world.
    pub world: WorldId,
    /// The source's own name for it.
    pub key: Key,
    /// When it happened by the source's clock; as it is reported, where the source doesn't say.
    pub happened: Option<Happened>,
    /// What.
    pub event: WorldEvent,
    /// The world goes on with this step once the entry is on disk.
    pub step: Option<LedgerStep>,
}

/// What a clocked world does at a moment of the drill clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// When.
    pub at: DrillTime,
    /// What.
    pub event: WorldEvent,
}

/// What a recorded event asks of the world. Only recorded events ask anything, so that a fold can't.
#[must_use]
pub fn request_for(event: &Event) -> Option<Request> {
    match event {
        Event::Drill(event) => event.begins().and_then(asked_by_phase),
        Event::People(event) => asked_by_people(event),
        // What a world did asks nothing of it: it follows its own rules.
        Event::World(_) => None,
    }
}

fn asked_by_phase(phase: Phase) -> Option<Request> {
    match phase {
        Phase::Experiment => Some(Request::FireFault),
        Phase::SteadyState | Phase::Hypothesis | Phase::Verify | Phase::Improve | Phase::Closed => None,
    }
}

fn asked_by_people(event: &PeopleEvent) -> Option<Request> {
    match event {
        PeopleEvent::Acted { run, action, target, .. } => {
            Some(Request::Respond { run: *run, action: action.clone(), target: target.clone() })
        }
        PeopleEvent::Aborted => Some(Request::Revert),
        PeopleEvent::Acknowledged { .. } => Some(Request::Acknowledged),
        PeopleEvent::Predicted(..)
        | PeopleEvent::StepDone { .. }
        | PeopleEvent::StepSkipped { .. }
        | PeopleEvent::Answered { .. }
        | PeopleEvent::Noted { .. }
        | PeopleEvent::Attending { .. }
        | PeopleEvent::Reviewed { .. }
        | PeopleEvent::Improvement { .. }
        | PeopleEvent::Marked { .. }
        | PeopleEvent::Unmarked { .. }
        | PeopleEvent::Judged { .. }
        | PeopleEvent::ObjectiveRated { .. }
        | PeopleEvent::NotedLater { .. }
        | PeopleEvent::Bookmarked { .. } => None,
    }
}
