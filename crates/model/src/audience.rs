//! To whom an event is addressed before Verify.

use super::event::{AutomationEvent, AutomationOutcome, DrillEvent, Event, PeopleEvent, WorldEvent};
use crate::Audience;

/// The audience of an event. The ground truth (what the adversary does, what was found or failed without anybody being told) is
/// for facilitators, and so is what was written knowing it; everything else is for everyone.
#[must_use]
pub fn audience_of(event: &Event) -> Audience {
    match event {
        // That the steady state is back says as well that the adversary is quiet, which nobody knows before Verify.
        Event::Drill(DrillEvent::SteadyAgain { .. })
        // Written once all was open, on moments before that.
        | Event::People(PeopleEvent::NotedLater { .. })
        | Event::World(
            WorldEvent::Stage { .. }
            | WorldEvent::Adversary { .. }
            | WorldEvent::FindingCreated { .. }
            | WorldEvent::NotificationLost { .. }
            | WorldEvent::Automation(AutomationEvent { outcome: AutomationOutcome::Failed, .. })
            | WorldEvent::Harm(_)
            | WorldEvent::Destroying { .. },
        ) => Audience::Facilitator,
        _ => Audience::Everyone,
    }
}
