//! Which seats there are, and up to where each has been handed its log. The view of a seat is the seat's own.

use alloc::collections::BTreeMap;

use firedrill_model::event::{DrillEvent, Entry, Event};
use firedrill_model::id::SeatId;
use firedrill_model::{Audience, Role};

use super::Output;
use crate::projection::Viewer;
use crate::projection::audience::{is_for, opens_everything};

/// Seats by name, each with its role. None has been handed anything of an entry that isn't durable.
#[derive(Debug, Clone, Default)]
pub(super) struct Seats {
    roles: BTreeMap<SeatId, Role>,
    /// The drill has reached Verify: everything is open to everyone.
    open: bool,
}

impl Seats {
    /// An entry is durable: what every seat is handed because of it.
    pub fn durable(&mut self, entry: &Shown, out: &mut alloc::vec::Vec<Output>) {
        let begins = match &entry.about {
            About::Taken(seat, role) => {
                self.roles.insert(seat.clone(), *role);
                Some(seat)
            }
            About::Left(seat) => {
                self.roles.remove(seat);
                None
            }
            About::Opens if !self.open => {
                self.open = true;
                let below = entry.seq.saturating_add(1);
                out.extend(self.roles.keys().cloned().map(|seat| Output::Open { seat, below }));
                return;
            }
            About::Opens | About::Other => None,
        };
        for (seat, role) in &self.roles {
            if begins == Some(seat) {
                out.push(Output::Open { seat: seat.clone(), below: entry.seq.saturating_add(1) });
            } else if self.open || is_for(&Viewer::Seat(seat.clone(), *role), &entry.to) {
                out.push(Output::Deliver { seat: seat.clone(), seq: entry.seq });
            }
        }
    }
}

/// What of an entry decides who is handed it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    seq: u64,
    to: Audience,
    about: About,
}

#[derive(Debug, Clone)]
enum About {
    /// Somebody takes the seat, or is for something else in it from now on: its log is opened anew.
    Taken(SeatId, Role),
    Left(SeatId),
    /// Everything opens to everyone.
    Opens,
    Other,
}

impl Shown {
    pub fn of(entry: &Entry) -> Self {
        let about = match &entry.event {
            Event::Drill(DrillEvent::SeatTaken { seat, role, .. } | DrillEvent::RoleChanged { seat, role }) => {
                About::Taken(seat.clone(), *role)
            }
            Event::Drill(DrillEvent::SeatLeft { seat }) => About::Left(seat.clone()),
            _ if opens_everything(entry) => About::Opens,
            Event::Drill(_) | Event::People(_) | Event::World(_) => About::Other,
        };
        Self { seq: entry.seq, to: entry.to.clone(), about }
    }
}
