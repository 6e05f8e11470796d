//! Who sits where, and what for.

use firedrill_model::event::DrillEvent;
use firedrill_model::id::SeatId;
use firedrill_model::{Matter, Refusal, Role};

use super::Drill;

impl Drill {
    /// What a seat is for; none where nobody sits.
    #[must_use]
    pub fn role(&self, seat: &SeatId) -> Option<Role> {
        self.seats.get(seat).copied()
    }

    /// Seats that are taken.
    pub fn seats(&self) -> impl Iterator<Item = &SeatId> {
        self.seats.keys()
    }

    /// Says whether somebody facilitates the drill.
    fn is_led(&self) -> bool {
        self.seats.values().any(|role| *role == Role::Facilitator)
    }

    /// Says no where somebody asks for what isn't for his role. On a drill that is over, also somebody who never sat in it may write.
    pub(super) fn for_role(&self, seat: &SeatId, matter: Matter) -> Result<(), Refusal> {
        match self.role(seat) {
            Some(role) if matter.is_for(role, self.is_led()) => Ok(()),
            Some(role) => Err(Refusal::NotForRole(role)),
            None if matter == Matter::Later => Ok(()),
            None => Err(Refusal::NoSuchSeat(seat.clone())),
        }
    }

    pub(super) fn apply_seats(&mut self, event: &DrillEvent) {
        match event {
            DrillEvent::SeatTaken { seat, role, .. } | DrillEvent::RoleChanged { seat, role } => {
                self.seats.insert(seat.clone(), *role);
            }
            DrillEvent::SeatLeft { seat } => {
                self.seats.remove(seat);
                self.attending.remove(seat);
                self.questions.remove(seat);
            }
            DrillEvent::Opened { .. }
            | DrillEvent::PhaseEntered { .. }
            | DrillEvent::GateOpened { .. }
            | DrillEvent::GateClosed { .. }
            | DrillEvent::SteadyAgain { .. }
            | DrillEvent::PaceChanged { .. }
            | DrillEvent::HypothesisSet { .. }
            | DrillEvent::InjectDelivered { .. }
            | DrillEvent::StepPrompted { .. }
            | DrillEvent::Resumed { .. }
            | DrillEvent::WorldAttached { .. }
            | DrillEvent::WorldContact { .. }
            | DrillEvent::Gap { .. }
            | DrillEvent::ObservationsLost { .. }
            | DrillEvent::Erased(..) => {}
        }
    }
}
