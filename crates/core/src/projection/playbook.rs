//! The playbook with its timers and the three questions.

use super::View;
use super::happened::Deed;
use super::view::{Answers, Lane, PlaybookView, Stamp, StepEnd, StepHow, StepView};
use firedrill_model::event::PeopleEvent;
use firedrill_model::id::StepId;
use firedrill_model::phase::Phase;
use firedrill_model::{Author, Role};

impl PlaybookView {
    /// Opens the three questions about a step, after those about steps that ended before it.
    fn ask_about(&mut self, step: &StepId) {
        match &self.question {
            None => self.question = Some(step.clone()),
            Some(open) if open == step || self.waiting.contains(step) => {}
            Some(_) => self.waiting.push_back(step.clone()),
        }
    }

    /// Closes the questions about a step and opens the next ones.
    fn stop_asking(&mut self, step: &StepId) {
        self.waiting.retain(|one| one != step);
        if self.question.as_ref() == Some(step) {
            self.question = self.waiting.pop_front();
        }
    }

    /// Answers of the view's own seat: once all three are there, or none is wanted, the questions are closed.
    fn take_answer(&mut self, step: &StepId, parts: [bool; 3], nothing: bool) {
        let given = self.given.entry(step.clone()).or_default();
        for (given, now) in given.iter_mut().zip(parts) {
            *given |= now;
        }
        if nothing || *given == [true; 3] {
            self.stop_asking(step);
        }
    }

    /// The experiment is over: what was not answered stays open for good.
    pub(super) fn close_questions(&mut self) {
        self.question = None;
        self.waiting.clear();
    }
}

impl View {
    pub(super) fn prompt_step(&mut self, stamp: Stamp, step: &StepId) {
        if let Some(row) = self.step_mut(step) {
            row.prompted.get_or_insert(stamp);
        }
        self.line(stamp, Lane::People, Deed::StepAsked(step.clone()));
    }

    pub(super) fn apply_step(&mut self, stamp: Stamp, by: &Author, event: &PeopleEvent) {
        match event {
            PeopleEvent::StepDone { step, run } => {
                self.end_step(stamp, step, StepHow::Done(*run));
                if self.step_mut(step).is_some() && self.is_asked() {
                    self.playbook.ask_about(step);
                }
                self.line(stamp, Lane::People, Deed::StepDone(step.clone()));
            }
            PeopleEvent::StepSkipped { step, why } => {
                self.end_step(stamp, step, StepHow::Skipped(why.clone()));
                self.line_with(stamp, Lane::People, Deed::StepSkipped(step.clone()), why.as_ref());
            }
            PeopleEvent::Answered { step, confidence, knew_where, knew_whom, words } => {
                let given = Answers {
                    confidence: confidence.filter(|figure| (1..=5).contains(figure)),
                    knew_where: *knew_where,
                    knew_whom: *knew_whom,
                    words: words.clone(),
                };
                self.answer(stamp, by, step, given);
            }
            _ => {}
        }
    }

    fn end_step(&mut self, stamp: Stamp, step: &StepId, how: StepHow) {
        if let Some(row) = self.step_mut(step) {
            row.end.get_or_insert(StepEnd { stamp, how });
        }
    }

    /// Questions are put to each responder; a view of the whole record stands for whoever answers.
    fn is_asked(&self) -> bool {
        let role = self.seat.as_ref().map(|seat| self.people.seats.get(seat).map(|(role, _)| *role));
        role.is_none_or(|role| role == Some(Role::Responder))
    }

    /// Answers come in parts: a later part adds to what is there. An answer without content closes the questions.
    fn answer(&mut self, stamp: Stamp, by: &Author, step: &StepId, given: Answers) {
        let words = given.words.clone();
        let nothing = given == Answers::default();
        let parts = [given.confidence.is_some(), given.knew_where.is_some(), given.knew_whom.is_some()];
        let Some(row) = self.step_mut(step) else { return };
        if !nothing {
            row.answered.get_or_insert(stamp);
        }
        let old = &row.answers;
        row.answers = Answers {
            confidence: given.confidence.or(old.confidence),
            knew_where: given.knew_where.or(old.knew_where),
            knew_whom: given.knew_whom.or(old.knew_whom),
            words: given.words.or_else(|| old.words.clone()),
        };
        let is_own = self.seat.as_ref().is_none_or(|seat| *by == Author::Seat(seat.clone()));
        if is_own {
            self.playbook.take_answer(step, parts, nothing);
        }
        if words.is_some() {
            self.line_with(stamp, Lane::People, Deed::SaidOfStep(step.clone()), words.as_ref());
        }
    }

    /// The step whose questions were passed last: it is done, not all three are answered, and they are not asked any more.
    #[must_use]
    pub fn passed_question(&self) -> Option<&StepId> {
        let playbook = &self.playbook;
        let asked = |step: &StepId| playbook.question.as_ref() == Some(step) || playbook.waiting.contains(step);
        let passed = playbook.steps.iter().filter(|row| !row.answers.are_whole() && !asked(&row.id));
        let done = passed.filter_map(|row| match &row.end {
            Some(StepEnd { stamp, how: StepHow::Done(_) }) => Some((stamp.seq, &row.id)),
            Some(StepEnd { how: StepHow::Skipped(_), .. }) | None => None,
        });
        let last = done.max_by_key(|(seq, _)| *seq).filter(|_| self.course.phase == Phase::Experiment);
        last.map(|(_, step)| step)
    }

    fn step_mut(&mut self, id: &StepId) -> Option<&mut StepView> {
        self.playbook.steps.iter_mut().find(|row| row.id == *id)
    }
}
