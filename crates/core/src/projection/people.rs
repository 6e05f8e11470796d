//! What people said: seats, predictions, notes, reviews, improvements.

use super::View;
use super::apply::{MAX_ROWS, push_bounded};
use super::view::{EvidenceRow, ImprovementRow, Lane, RatingRow, Stamp};
use firedrill_model::event::PeopleEvent;
use firedrill_model::id::{ObjectiveId, SeatId};
use firedrill_model::{Author, Rating, RecordId, Role, Sealed, Shown, shown};

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
            Role::Observer => "An observer",
        };
        self.line(stamp, Lane::People, &shown!("{} takes {}", who, seat));
    }

    pub(super) fn change_role(&mut self, stamp: Stamp, seat: &SeatId, role: Role) {
        if let Some((known, _)) = self.people.seats.get_mut(seat) {
            *known = role;
        }
        self.line(stamp, Lane::People, &shown!("{} is one of the {} now", seat, role.label()));
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
                    self.line(stamp, Lane::People, &shown!("{} says what to expect", seat));
                }
            }
            PeopleEvent::Noted { words } => {
                push_bounded(&mut people.notes, (stamp, seat.clone(), words.clone()), dropped);
                self.line_with(stamp, Lane::People, "Note", Some(words));
            }
            PeopleEvent::Attending { on } => {
                push_bounded(&mut people.attention, (stamp, *on), dropped);
                if !on {
                    people.attending.remove(seat);
                } else if people.attending.len() < MAX_ROWS {
                    people.attending.insert(seat.clone());
                }
            }
            PeopleEvent::Reviewed { question, words } => {
                push_bounded(&mut people.reviews, (*question, stamp, seat.clone(), words.clone()), dropped);
                self.line_with(stamp, Lane::People, &shown!("Answer to question {}", question), Some(words));
            }
            PeopleEvent::Improvement { what, owner, due } => {
                let row = ImprovementRow { stamp, what: what.clone(), owner: owner.clone(), due: due.clone() };
                push_bounded(&mut people.improvements, row, dropped);
                self.line_with(stamp, Lane::People, "To improve", Some(what));
            }
            PeopleEvent::ObjectiveRated { objective, rating, words } => {
                self.rated(stamp, seat, objective, (*rating, words.as_ref()));
            }
            PeopleEvent::Marked { record, note } => self.mark(stamp, seat, record, note.as_ref()),
            PeopleEvent::Unmarked { record } => {
                people.evidence.retain(|marked| marked.row.record.id != *record);
                self.line(stamp, Lane::People, "Taken back: a mark of evidence");
            }
            PeopleEvent::Judged { finding, judgement } => self.judge(stamp, seat, finding, *judgement),
            _ => {}
        }
    }

    fn rated(&mut self, stamp: Stamp, seat: &SeatId, on: &ObjectiveId, said: (Option<Rating>, Option<&Sealed>)) {
        let (rating, words) = said;
        let row = RatingRow { stamp, seat: seat.clone(), objective: on.clone(), rating, words: words.cloned() };
        push_bounded(&mut self.people.ratings, row, &mut self.dropped.other);
        let objectives = self.scenario.all_objectives();
        let title =
            objectives.iter().find(|one| one.id == *on).map_or_else(|| on.into(), |one| Shown::from(&one.title));
        let rating = rating.map_or_else(Shown::default, |rating| shown!(", {}", rating.label()));
        let text = shown!("Objective '{}'{}", title, rating);
        self.line_with(stamp, Lane::People, &text, words);
    }

    fn mark(&mut self, stamp: Stamp, seat: &SeatId, record: &RecordId, note: Option<&Sealed>) {
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
        let text = shown!("Evidence: {}, {}", row.record.source.label(), row.record.summary());
        self.line_with(stamp, Lane::People, &text, note);
    }
}
