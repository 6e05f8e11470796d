//! Who sits at this host: others who join, and somebody who takes the drill over.

use chrono::{DateTime, Utc};
use firedrill_core::engine::Input;
use firedrill_model::Role;
use firedrill_model::id::SeatId;
use firedrill_record::store::StoreFault;

use super::Session;

impl Session {
    /// Somebody else takes a seat of this host.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn join(&mut self, seat: SeatId, role: Role, alias: &str, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        let name = self.log.recorder.name(&seat, alias);
        self.take_in(Input::Join { seat, role, name }, utc)
    }

    /// Hands this terminal's seat over to somebody else, who takes a new one: what was said stays its author's. Nothing where it is the
    /// same person.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn hand_over(&mut self, alias: &str, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        let before = self.seat().clone();
        let name = self.view().people.seats.get(&before).map(|(_, name)| self.words().read(name));
        let free = (2..).find_map(|number| {
            let seat = SeatId::new(&format!("seat-{number}")).ok()?;
            (!self.view().people.seats.contains_key(&seat)).then_some(seat)
        });
        let (Some(seat), true) = (free, name.as_ref().is_none_or(|name| name.as_str() != alias)) else { return Ok(()) };
        let role = self.drill().role(&before).unwrap_or(Role::Responder);
        self.take_in(Input::Leave(before), utc)?;
        self.views.sit_down(seat.clone());
        self.join(seat, role, alias, utc)
    }
}
