//! What people said: seats, predictions, notes, reviews, improvements.

use super::View;
use super::apply::{MAX_ROWS, push_bounded};
use super::view::{ImprovementRow, Lane, Stamp};
use crate::domain::id::SeatId;
use crate::domain::{Author, Role, Sealed};
use crate::drill::event::PeopleEvent;

/// Most seats that a view knows.
const MAX_SEATS: usize = 200;

impl View {
    pub(super) fn take_seat(&mut self, stamp: Stamp, seat: &SeatId, role: Role, name: &Sealed) {
        if self.people.seats.len() >= MAX_SEATS && !self.people.seats.contains_key(seat) {
            self.dropped.other += 1;
            return;
        }
        self.people.seats.insert(seat.clone(), (role, name.clone()));
        let who = match role {
            Role::Responder => "A responder",
            Role::Facilitator => "A facilitator",
        };
        self.line(stamp, Lane::People, &format!("{who} takes {seat}"));
    }

    pub(super) fn apply_said(&mut self, stamp: Stamp, by: &Author, event: &PeopleEvent) {
        let Author::Seat(seat) = by else { return };
        let (people, dropped) = (&mut self.people, &mut self.dropped.other);
        match event {
            PeopleEvent::Predicted(prediction) => {
                push_bounded(&mut people.predictions, (seat.clone(), prediction.clone()), dropped);
                self.line(stamp, Lane::People, &format!("{seat} says what to expect"));
            }
            PeopleEvent::Noted { words } => {
                push_bounded(&mut people.notes, (stamp, seat.clone(), words.clone()), dropped);
                self.line_with(stamp, Lane::People, "Note", Some(words));
            }
            PeopleEvent::Attending { on: true } if people.attending.len() < MAX_ROWS => {
                people.attending.insert(seat.clone());
            }
            PeopleEvent::Attending { .. } => {
                people.attending.remove(seat);
            }
            PeopleEvent::Reviewed { question, words } => {
                push_bounded(&mut people.reviews, (*question, stamp, seat.clone(), words.clone()), dropped);
                self.line_with(stamp, Lane::People, &format!("Answer to question {question}"), Some(words));
            }
            PeopleEvent::Improvement { what, owner, due } => {
                let row = ImprovementRow { stamp, what: what.clone(), owner: owner.clone(), due: due.clone() };
                push_bounded(&mut people.improvements, row, dropped);
                self.line_with(stamp, Lane::People, "To improve", Some(what));
            }
            _ => {}
        }
    }
}
