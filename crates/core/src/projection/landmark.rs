//! What a person who skips ahead wants to stop at.

use firedrill_model::Span;
use firedrill_model::event::{ActionState, AutomationOutcome};
use firedrill_model::event::{DrillEvent, Event, WorldEvent};

/// How far one skip goes at most.
pub(crate) const SKIP_LIMIT: Span = Span::from_secs(15 * 60);

/// Says whether an event is something to stop at.
pub(crate) fn is_landmark(event: &Event) -> bool {
    match event {
        Event::Drill(event) => of_course(event),
        // What people do, they do now: nothing of it lies ahead.
        Event::People(_) => false,
        Event::World(event) => of_world(event),
    }
}

fn of_course(event: &DrillEvent) -> bool {
    match event {
        // After a word on a world whatever comes next may come late, or not at all.
        DrillEvent::PhaseEntered { .. }
        | DrillEvent::GateOpened { .. }
        | DrillEvent::InjectDelivered { .. }
        | DrillEvent::WorldContact { .. } => true,
        DrillEvent::Opened { .. }
        | DrillEvent::SeatTaken { .. }
        | DrillEvent::GateClosed { .. }
        | DrillEvent::SteadyAgain { .. }
        | DrillEvent::PaceChanged { .. }
        | DrillEvent::HypothesisSet { .. }
        | DrillEvent::StepPrompted { .. }
        | DrillEvent::Resumed { .. }
        | DrillEvent::SeatLeft { .. }
        | DrillEvent::RoleChanged { .. }
        | DrillEvent::WorldAttached { .. }
        | DrillEvent::Gap { .. }
        | DrillEvent::ObservationsLost { .. }
        | DrillEvent::Erased(..) => false,
    }
}

fn of_world(event: &WorldEvent) -> bool {
    match event {
        WorldEvent::Notified { .. }
        | WorldEvent::FaultActive
        | WorldEvent::Instance(..)
        | WorldEvent::Role { .. }
        | WorldEvent::Resource(..) => true,
        WorldEvent::Automation(run) => match run.outcome {
            AutomationOutcome::Ran { .. } => true,
            // It did so without a word: nobody knows that there is something to stop at.
            AutomationOutcome::Failed => false,
        },
        WorldEvent::Action(event) => match event.state {
            ActionState::Started { .. } => false,
            ActionState::Done { .. } | ActionState::Unknown { .. } => true,
        },
        WorldEvent::Sampled(..)
        | WorldEvent::Stage { .. }
        | WorldEvent::Adversary { .. }
        | WorldEvent::Logged { .. }
        | WorldEvent::FindingCreated { .. }
        | WorldEvent::NotificationLost { .. }
        | WorldEvent::Harm(..)
        | WorldEvent::Destroying { .. }
        | WorldEvent::Sight { .. }
        | WorldEvent::Undo { .. }
        // It stood before.
        | WorldEvent::Restated { .. } => false,
    }
}
