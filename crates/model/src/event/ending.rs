//! The end of a record: the close of its drill, and the seal that only a closed drill gets.

use super::{DrillEvent, Event, PeopleEvent};

impl Event {
    /// Says whether the event may follow the end of a record.
    ///
    /// The close and a seal have the same answer: what may follow leaves everything that was said and measured before as it was, so that
    /// a seal of it stays true. The engine appends nothing else after the close, readers fold nothing else, and `verify` names
    /// whatever else stands there.
    #[must_use]
    pub fn may_follow_the_end(&self) -> bool {
        match self {
            Self::Drill(event) => of_the_drill(event),
            Self::People(event) => of_people(event),
            // No world goes on after the end.
            Self::World(_) => false,
        }
    }
}

fn of_the_drill(event: &DrillEvent) -> bool {
    match event {
        DrillEvent::Erased(..) => true,
        // Writing a note on a drill that is over may have to mend its end first, and says so. Nothing is resumed by it.
        DrillEvent::Resumed { recovered, model } => recovered.is_some() && model.is_none(),
        DrillEvent::Opened { .. }
        | DrillEvent::SeatTaken { .. }
        | DrillEvent::PhaseEntered { .. }
        | DrillEvent::GateOpened { .. }
        | DrillEvent::GateClosed { .. }
        | DrillEvent::SteadyAgain { .. }
        | DrillEvent::PaceChanged { .. }
        | DrillEvent::HypothesisSet { .. }
        | DrillEvent::InjectDelivered { .. }
        | DrillEvent::StepPrompted { .. }
        | DrillEvent::SeatLeft { .. }
        | DrillEvent::RoleChanged { .. }
        | DrillEvent::WorldAttached { .. }
        | DrillEvent::WorldContact { .. }
        | DrillEvent::Gap { .. }
        | DrillEvent::ObservationsLost { .. } => false,
    }
}

fn of_people(event: &PeopleEvent) -> bool {
    match event {
        PeopleEvent::NotedLater { .. } | PeopleEvent::Bookmarked { .. } => true,
        PeopleEvent::Predicted(..)
        | PeopleEvent::Acknowledged { .. }
        | PeopleEvent::Acted { .. }
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
        | PeopleEvent::Aborted => false,
    }
}
