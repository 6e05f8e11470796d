//! Who may receive which entry before Verify. From Verify on everything is open, and a view is folded anew with
//! [`Viewer::Everything`].

use alloc::sync::Arc;

use super::Fold;
use firedrill_model::event::{Entry, Event};
use firedrill_model::id::SeatId;
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Scenario;
use firedrill_model::{Audience, Role};

/// For whom a view is folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// The whole record: debrief, replay, tests.
    Everything,
    /// One seat.
    Seat(SeatId, Role),
}

impl Viewer {
    /// Whose eyes these are; nobody's where the whole record is looked at.
    #[must_use]
    pub fn seat(&self) -> Option<&SeatId> {
        match self {
            Self::Everything => None,
            Self::Seat(seat, _) => Some(seat),
        }
    }

    /// What is seen before the first entry, while the drill has not reached Verify.
    #[must_use]
    pub fn fold(&self, scenario: Arc<Scenario>) -> Fold {
        let mut fold = match self {
            Self::Everything | Self::Seat(_, Role::Facilitator) => Fold::open(scenario),
            Self::Seat(_, Role::Responder | Role::Observer) => Fold::of_seat(Arc::new(scenario.brief())),
        };
        fold.seat = self.seat().cloned();
        fold
    }
}

/// Says whether `viewer` may receive `entry` before Verify.
#[must_use]
pub fn may_see(viewer: &Viewer, entry: &Entry) -> bool {
    is_for(viewer, &entry.to)
}

/// Says whether `viewer` may receive before Verify what is addressed so.
#[must_use]
pub fn is_for(viewer: &Viewer, to: &Audience) -> bool {
    match viewer {
        Viewer::Everything => true,
        Viewer::Seat(own, role) => match role {
            Role::Facilitator => true,
            Role::Responder | Role::Observer => match to {
                Audience::Everyone => true,
                Audience::Seat(seat) => own == seat,
                Audience::Facilitator => false,
            },
        },
    }
}

/// Says whether everything is open to everyone from this entry on: the drill has reached Verify.
#[must_use]
pub fn opens_everything(entry: &Entry) -> bool {
    match &entry.event {
        Event::Drill(event) => event.begins().is_some_and(Phase::is_open),
        // Neither people nor the world begin a phase.
        Event::People(_) | Event::World(_) => false,
    }
}

/// Folds what `viewer` may see of `entries`: before Verify its own part, from the entry into Verify on everything.
#[must_use]
pub fn fold(scenario: Arc<Scenario>, entries: &[Entry], viewer: &Viewer) -> Fold {
    let open = entries.iter().any(opens_everything);
    let mut view = if open { Fold::open(scenario) } else { viewer.fold(scenario) };
    view.seat = viewer.seat().cloned();
    for entry in entries.iter().filter(|entry| open || may_see(viewer, entry)) {
        view.apply(entry);
    }
    view
}

#[cfg(test)]
mod tests {
    use super::*;
    use firedrill_model::event::WorldEvent;
    use firedrill_model::{Author, DrillTime};

    fn entry(to: Audience) -> Entry {
        Entry {
            seq: 0,
            at: DrillTime::ZERO,
            utc: chrono::DateTime::UNIX_EPOCH,
            by: Author::World(firedrill_model::id::WorldId::simulated()),
            to,
            source: None,
            event: Event::World(WorldEvent::FaultActive),
        }
    }

    #[test]
    fn the_ground_truth_reaches_facilitators_only() {
        let seat = |name: &str| SeatId::new(name).unwrap();
        let responder = Viewer::Seat(seat("seat-1"), Role::Responder);
        let facilitator = Viewer::Seat(seat("seat-2"), Role::Facilitator);

        assert!(may_see(&responder, &entry(Audience::Everyone)));
        assert!(may_see(&responder, &entry(Audience::Seat(seat("seat-1")))));
        assert!(!may_see(&responder, &entry(Audience::Seat(seat("seat-3")))));
        assert!(!may_see(&responder, &entry(Audience::Facilitator)));
        for to in [Audience::Everyone, Audience::Facilitator, Audience::Seat(seat("seat-1"))] {
            assert!(may_see(&facilitator, &entry(to.clone())));
            assert!(may_see(&Viewer::Everything, &entry(to)));
        }
    }
}
