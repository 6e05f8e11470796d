//! What a world can be asked, and what it answers.

use crate::DrillTime;
use crate::event::{Event, PeopleEvent, WorldEvent};
use crate::id::{ActionId, TargetId};
use crate::phase::Phase;

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
}

/// Something that happened in a world.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// When, on the drill clock.
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
        PeopleEvent::Predicted(..)
        | PeopleEvent::Acknowledged { .. }
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
