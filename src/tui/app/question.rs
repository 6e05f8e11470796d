//! The three questions after a step. They never take the focus: their keys work from anywhere, Esc passes them, and one key brings back
//! what was passed.

use super::{App, Request};
use crate::tui::keymap::{self, Do, Open};
use crate::tui::scene::{DrillScene, Message, Scene};
use firedrill_core::projection::view::Answers;
use firedrill_model::command::{Intent, StepAsk};
use firedrill_model::id::StepId;
use firedrill_model::{SafeText, shown};

/// Which question is asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// How confident, 1 to 5.
    Confidence,
    /// Knew where to look?
    Where,
    /// Knew whom to escalate to?
    Whom,
    /// All are answered; a line of text may follow.
    Words,
}

impl App {
    /// The open question, or the one that was brought back.
    pub(crate) fn asked(&self, drill: &DrillScene<'_>) -> Option<(StepId, Asked)> {
        let open = || drill.view.playbook.question.clone().filter(|step| self.passed.as_ref() != Some(step));
        let step = self.reopened.clone().or_else(open)?;
        if let Some((of, asked)) = &self.back_to
            && *of == step
        {
            return Some((step, *asked));
        }
        let asked = next_open(answers(drill, &step)?);
        Some((step, asked))
    }

    /// Passes the open question, as `pass` does in plain mode: the drill asks the next one, and its clock goes on.
    pub(super) fn pass(&mut self, step: StepId) -> Vec<Request> {
        self.back_to = None;
        let key = keymap::key_of(Do::Open(Open::Question));
        self.message = Some(Message::Notice(SafeText::new(&shown!("Question passed. {} brings it back.", key))));
        // One that was brought back was passed before.
        if self.reopened.take().is_some() {
            return Vec::new();
        }
        self.passed = Some(step.clone());
        let nothing = StepAsk::Answer { confidence: None, knew_where: None, knew_whom: None, words: None };
        vec![Request::Ask(Intent::Step(step, nothing))]
    }

    /// Brings back the question that was passed last.
    pub(super) fn bring_back_question(&mut self, scene: &Scene<'_>) {
        self.reopened = scene.drill().and_then(|drill| drill.view.passed_question().cloned());
        self.back_to = None;
    }
}

/// What was answered after a step.
pub(crate) fn answers<'a>(drill: &DrillScene<'a>, step: &StepId) -> Option<&'a Answers> {
    drill.view.playbook.steps.iter().find(|view| view.id == *step).map(|view| &view.answers)
}

fn next_open(answers: &Answers) -> Asked {
    if answers.confidence.is_none() {
        Asked::Confidence
    } else if answers.knew_where.is_none() {
        Asked::Where
    } else if answers.knew_whom.is_none() {
        Asked::Whom
    } else {
        Asked::Words
    }
}

impl Asked {
    /// The question before.
    pub(super) fn before(self) -> Self {
        match self {
            Self::Confidence | Self::Where => Self::Confidence,
            Self::Whom => Self::Where,
            Self::Words => Self::Whom,
        }
    }
}
