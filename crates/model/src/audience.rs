//! To whom an event is addressed before Verify.
//!
//! Every event is named here: one that nobody decided on doesn't compile. The ground truth (what the adversary does, what was found or
//! failed without anybody being told) is for facilitators, and so is what was written knowing it; what a person thinks alone is that
//! person's; the rest is for everyone. `tests/it/closed.rs` keeps it so.

use super::event::{AutomationOutcome, DrillEvent, Event, Fact, PeopleEvent, WorldEvent};
use crate::{Audience, Author};

/// The audience of an event that `by` caused.
#[must_use]
pub fn audience_of(event: &Event, by: &Author) -> Audience {
    match event {
        Event::Drill(event) => of_course(event),
        Event::People(event) => of_people(event, by),
        Event::World(event) => of_world(event),
    }
}

fn of_course(event: &DrillEvent) -> Audience {
    match event {
        // That the steady state is back says as well that the adversary is quiet, which nobody knows before Verify.
        // And of what is lost nobody knows whether it told of a finding.
        DrillEvent::SteadyAgain { .. } | DrillEvent::ObservationsLost { .. } => Audience::Facilitator,
        DrillEvent::Opened { .. }
        | DrillEvent::SeatTaken { .. }
        | DrillEvent::PhaseEntered { .. }
        | DrillEvent::GateOpened { .. }
        | DrillEvent::GateClosed { .. }
        | DrillEvent::PaceChanged { .. }
        | DrillEvent::HypothesisSet { .. }
        | DrillEvent::InjectDelivered { .. }
        | DrillEvent::StepPrompted { .. }
        | DrillEvent::Resumed { .. }
        | DrillEvent::SeatLeft { .. }
        | DrillEvent::RoleChanged { .. }
        | DrillEvent::WorldAttached { .. }
        | DrillEvent::WorldContact { .. }
        | DrillEvent::Gap { .. }
        | DrillEvent::Erased(..) => Audience::Everyone,
    }
}

fn of_people(event: &PeopleEvent, by: &Author) -> Audience {
    match event {
        // What one expects is said alone, so that nobody's guess leads another's.
        PeopleEvent::Predicted(..) => only(by),
        // Written once all was open, on moments before that.
        PeopleEvent::NotedLater { .. } => Audience::Facilitator,
        PeopleEvent::Acknowledged { .. }
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
        | PeopleEvent::Bookmarked { .. }
        | PeopleEvent::Aborted => Audience::Everyone,
    }
}

/// Whoever said it, and facilitators.
fn only(by: &Author) -> Audience {
    match by {
        Author::Seat(seat) => Audience::Seat(seat.clone()),
        Author::Drill | Author::World(..) => Audience::Facilitator,
    }
}

fn of_world(event: &WorldEvent) -> Audience {
    match event {
        WorldEvent::Stage { .. }
        | WorldEvent::Adversary { .. }
        | WorldEvent::FindingCreated { .. }
        | WorldEvent::NotificationLost { .. }
        | WorldEvent::Harm(..)
        | WorldEvent::Destroying { .. }
        | WorldEvent::Sight { .. }
        | WorldEvent::Undo { .. } => Audience::Facilitator,
        WorldEvent::Restated { fact } => of_fact(fact),
        WorldEvent::Automation(run) => match run.outcome {
            AutomationOutcome::Ran { .. } => Audience::Everyone,
            AutomationOutcome::Failed => Audience::Facilitator,
        },
        WorldEvent::Sampled(..)
        | WorldEvent::FaultActive
        | WorldEvent::Logged { .. }
        | WorldEvent::Notified { .. }
        | WorldEvent::Instance(..)
        | WorldEvent::Action(..)
        | WorldEvent::Role { .. }
        | WorldEvent::Resource(..) => Audience::Everyone,
    }
}

fn of_fact(fact: &Fact) -> Audience {
    match fact {
        Fact::Stage { .. } | Fact::Adversary(..) | Fact::Destroying(..) | Fact::Sight { .. } => Audience::Facilitator,
        Fact::FaultActive
        | Fact::Instance(..)
        | Fact::Role { .. }
        | Fact::Resource(..)
        | Fact::Response(..)
        | Fact::Told { .. } => Audience::Everyone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Prediction;
    use crate::id::{SeatId, WorldId};

    #[test]
    fn what_one_expects_is_for_oneself() {
        let expects = PeopleEvent::Predicted(Prediction {
            notified_within: None,
            contained_within: None,
            signal: None,
            confidence: Some(3),
        });
        let seat = SeatId::new("seat-2").unwrap();
        let of = |by: Author| audience_of(&Event::People(expects.clone()), &by);
        assert_eq!(of(Author::Seat(seat.clone())), Audience::Seat(seat));
        assert_eq!(
            [of(Author::Drill), of(Author::World(WorldId::simulated()))],
            [Audience::Facilitator, Audience::Facilitator]
        );
    }
}
