//! What a world can be asked, and what it answers.

use crate::DrillTime;
use crate::event::{DrillEvent, Event, PeopleEvent, WorldEvent};
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
        Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Experiment, .. }) => Some(Request::FireFault),
        Event::People(PeopleEvent::Acted { run, action, target, .. }) => {
            Some(Request::Respond { run: *run, action: action.clone(), target: target.clone() })
        }
        _ => None,
    }
}
