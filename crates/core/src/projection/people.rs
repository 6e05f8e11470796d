//! What people said: seats, predictions, notes, reviews, improvements.

use alloc::sync::Arc;

use super::View;
use super::apply::{MAX_ROWS, push_bounded, push_row};
use super::happened::Deed;
use super::view::{EvidenceRow, ImprovementRow, Lane, RatingRow, Stamp};
use firedrill_model::event::PeopleEvent;
use firedrill_model::id::{ObjectiveId, SeatId};
use firedrill_model::scenario::Scenario;
use firedrill_model::{Author, Rating, RecordId, Role, Sealed};

/// Most seats that a view knows.
const MAX_SEATS: usize = 200;

impl View {
    pub(super) fn take_seat(&mut self, stamp: Stamp, seat: &SeatId, role: Role, name: &Sealed) {
        if self.people.seats.len() >= MAX_SEATS && !self.people.seats.contains_key(seat) {
            self.dropped.other += 1;
            return;
        }
        self.people.seats.insert(seat.clone(), (role, name.clone()));
        self.line(stamp, Lane::People, Deed::SeatTaken(seat.clone(), role));
    }

    pub(super) fn change_role(&mut self, stamp: Stamp, seat: &SeatId, role: Role) {
        if let Some((known, _)) = self.people.seats.get_mut(seat) {
            *known = role;
        }
        self.line(stamp, Lane::People, Deed::RoleChanged(seat.clone(), role));
    }

    pub(super) fn apply_said(&mut self, stamp: Stamp, by: &Author, event: &PeopleEvent) {
        let Author::Seat(seat) = by else { return };
        let (people, dropped) = (&mut self.people, &mut self.dropped.other);
        match event {
            PeopleEvent::Predicted(prediction) => {
                let before = people.predictions.iter().any(|(of, _)| of == seat);
                push_bounded(&mut people.predictions, (seat.clone(), prediction.clone()), dropped);
                // Said field by field, it is still one thing that happened.
                if !before {
                    self.line(stamp, Lane::People, Deed::Predicted(seat.clone()));
                }
            }
            PeopleEvent::Noted { words } => {
                push_bounded(&mut people.notes, (stamp, seat.clone(), words.clone()), dropped);
                self.line_with(stamp, Lane::People, Deed::Noted, Some(words));
            }
            PeopleEvent::Attending { on } => {
                push_row(&mut people.attention, (stamp, *on), dropped);
                if !on {
                    people.attending.remove(seat);
                } else if people.attending.len() < MAX_ROWS {
                    people.attending.insert(seat.clone());
                }
            }
            PeopleEvent::Reviewed { question, words } => {
                push_bounded(&mut people.reviews, (*question, stamp, seat.clone(), words.clone()), dropped);
                self.line_with(stamp, Lane::People, Deed::Reviewed(*question), Some(words));
            }
            PeopleEvent::Improvement { what, owner, due } => {
                let row = ImprovementRow { stamp, what: what.clone(), owner: owner.clone(), due: due.clone() };
                push_bounded(&mut people.improvements, row, dropped);
                self.line_with(stamp, Lane::People, Deed::ToImprove, Some(what));
            }
            PeopleEvent::ObjectiveRated { objective, rating, words } => {
                self.rated(stamp, seat, objective, (*rating, words.as_ref()));
            }
            PeopleEvent::Judged { finding, judgement } => self.judge(stamp, seat, finding, *judgement),
            _ => {}
        }
    }

    fn rated(&mut self, stamp: Stamp, seat: &SeatId, on: &ObjectiveId, said: (Option<Rating>, Option<&Sealed>)) {
        let (rating, words) = said;
        let row = RatingRow { stamp, seat: seat.clone(), objective: on.clone(), rating, words: words.cloned() };
        push_bounded(&mut self.people.ratings, row, &mut self.dropped.other);
        self.line_with(stamp, Lane::People, Deed::Rated(on.clone(), rating), words);
    }

    pub(super) fn mark(
        &mut self,
        stamp: Stamp,
        by: &Author,
        record: &RecordId,
        note: Option<&Sealed>,
        whole: Option<&Scenario>,
    ) {
        let Author::Seat(seat) = by else { return };
        let marked = self.people.evidence.iter_mut().find(|marked| marked.row.record.id == *record);
        let row = if let Some(marked) = marked {
            marked.seat = seat.clone();
            marked.note = note.cloned();
            marked.row.clone()
        } else {
            let Some(row) = self.board.record_of(record).cloned() else { return };
            let new = EvidenceRow { stamp, seat: seat.clone(), row: row.clone(), note: note.cloned() };
            push_bounded(&mut self.people.evidence, new, &mut self.dropped.other);
            row
        };
        self.line_with(stamp, Lane::People, Deed::Marked(Arc::clone(&row.record)), note);
        self.marked_as_sign(stamp, &row.record, whole);
    }

    pub(super) fn unmark(&mut self, stamp: Stamp, record: &RecordId) {
        self.people.evidence.retain(|marked| marked.row.record.id != *record);
        self.line(stamp, Lane::People, Deed::Unmarked);
        self.no_sign_any_more(record);
    }
}
