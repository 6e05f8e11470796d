//! The three questions after a step. They never take the focus: their keys work from anywhere, and Esc leaves them.

use super::App;
use crate::tui::scene::DrillScene;
use firedrill_core::projection::view::Answers;
use firedrill_model::id::StepId;

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
    /// The open question, unless it was left.
    pub(crate) fn asked(&self, drill: &DrillScene<'_>) -> Option<(StepId, Asked)> {
        let step = drill.view.playbook.question.clone()?;
        if self.left.as_ref() == Some(&step) {
            return None;
        }
        if let Some((of, asked)) = &self.back_to
            && *of == step
        {
            return Some((step, *asked));
        }
        let asked = next_open(answers(drill, &step)?);
        Some((step, asked))
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
