//! What follows on the screen from what happened in the drill: another drill is open, a phase is over, the moment of a dialogue has passed.

use super::App;
use super::dialogue::{Confirm, Popup, Purpose, Stage};
use super::question::answers;
use crate::tui::scene::{DrillScene, Message, Scene};
use firedrill_core::projection::view::Answers;
use firedrill_model::phase::Phase;
use firedrill_model::{SafeText, Shown, shown};

impl App {
    /// Takes notice of what happened since the last time, before it is drawn: closes dialogues whose moment has passed, and says so.
    pub fn catch_up(&mut self, scene: &Scene<'_>) {
        self.settle(scene);
    }

    /// The same; says whether a dialogue was closed or changed under the hands of whoever uses it.
    pub(super) fn settle(&mut self, scene: &Scene<'_>) -> bool {
        self.settle_drill(scene);
        let closed = self.settle_phase(scene);
        let Some(drill) = scene.drill() else { return closed };
        self.settle_questions(drill);
        closed | self.settle_dialogue(drill)
    }

    /// Another drill begins with a screen of its own: no focus, row, text or filter of the one before.
    fn settle_drill(&mut self, scene: &Scene<'_>) {
        let Some(drill) = scene.drill().map(|drill| drill.drill) else { return };
        if self.drill.as_ref() == Some(drill) {
            return;
        }
        let fresh = Self::drawn_by(self.picture, self.theme);
        let (message, lists) = (self.message.take(), std::mem::take(&mut self.lists));
        *self = Self { size: self.size, message, lists, drill: Some(drill.clone()), ..fresh };
    }

    /// Puts away what belongs to an earlier phase.
    fn settle_phase(&mut self, scene: &Scene<'_>) -> bool {
        let phase = scene.drill().map(|drill| drill.view.course.phase);
        if phase == self.phase {
            return false;
        }
        let before = std::mem::replace(&mut self.phase, phase);
        self.zoom = false;
        let mut closed = Vec::new();
        for popup in [self.popup.take(), self.beneath.take()].into_iter().flatten() {
            match popup {
                popup if popup.belongs_to_phase() => {
                    closed.extend(lost_with_phase(&popup));
                    self.put_away(popup);
                }
                popup if self.popup.is_none() => self.popup = Some(popup),
                popup => self.beneath = Some(popup),
            }
        }
        self.respond_draft = None;
        self.reopened = None;
        if phase != Some(Phase::Hypothesis) {
            self.form = None;
        }
        let (Some(before), Some(phase), Some(what)) = (before, phase, closed.first()) else { return false };
        let words = shown!("{} is over, {} has begun: {}.", before.label(), phase.label(), what);
        self.message = Some(Message::Notice(SafeText::new(&words)));
        true
    }

    /// A question that is answered, or was passed as asked, is not asked any more.
    fn settle_questions(&mut self, drill: &DrillScene<'_>) {
        if self.passed.is_some() && self.passed != drill.view.playbook.question {
            self.passed = None;
        }
        let whole = |step| answers(drill, step).is_none_or(Answers::are_whole);
        if self.reopened.as_ref().is_some_and(whole) {
            self.reopened = None;
        }
    }

    /// A target that can't be chosen any more is chosen anew, and a step that is done is not left out.
    fn settle_dialogue(&mut self, drill: &DrillScene<'_>) -> bool {
        let said = match &mut self.popup {
            Some(Popup::Respond(respond)) => {
                let all = respond.targets(drill.view);
                let Some(target) = respond.target.take_if(|target| !all.contains(target)) else { return false };
                respond.stage = respond.stage.min(Stage::Target);
                shown!("{} can't be chosen any more. Choose again: nothing was done.", target)
            }
            Some(Popup::Editor(editor)) => {
                let Purpose::Skip(step) = &editor.purpose else { return false };
                let ended = drill.view.playbook.steps.iter().any(|row| row.id == *step && row.end.is_some());
                if !ended {
                    return false;
                }
                let words = shown!("'{}' has ended meanwhile: it is not left out.", drill.view.step_title(step));
                self.popup = None;
                words
            }
            _ => return false,
        };
        self.message = Some(Message::Notice(SafeText::new(&said)));
        true
    }
}

/// What was not done because the phase of a dialogue is over. Nothing where nobody has to be told.
fn lost_with_phase(popup: &Popup) -> Option<Shown> {
    match popup {
        Popup::Respond(_) => Some("the response that was being chosen was not given".into()),
        Popup::Improvement(_) => Some("the improvement was not written down; its text is kept for i".into()),
        Popup::Editor(editor) => match editor.purpose {
            Purpose::Evidence(_) => Some("the record was not marked".into()),
            Purpose::Skip(_) => Some("the step was not left out".into()),
            _ => None,
        },
        Popup::Filter(_) => Some("the filter was closed".into()),
        Popup::Confirm(Confirm::Next(_)) => Some("nothing is left to confirm".into()),
        Popup::Confirm(Confirm::Leave) | Popup::Help { .. } | Popup::Palette { .. } | Popup::Detail { .. } => None,
    }
}
