//! What becomes of the chosen improvement of the list over all drills.

use super::dialogue::{Editor, Popup, Purpose, REASON};
use super::{App, Request};
use crate::tui::keymap::{Do, Improve};
use crate::tui::scene::{ImprovementsView, Message, Scene};
use firedrill_core::projection::improvements::read_measure;
use firedrill_model::improvement::{Turn, read_due};
use firedrill_model::{SafeText, Shown, shown};

/// Characters of a name and of a date.
const NAME: usize = 60;
const DATE: usize = 10;

impl App {
    pub(super) fn improve(&mut self, what: Improve, scene: &Scene<'_>) -> Vec<Request> {
        if self.refuses(Do::Improve(what), scene) {
            return Vec::new();
        }
        let Scene::Improvements(view) = scene else { return Vec::new() };
        if what == Improve::List {
            self.lists.shown = self.lists.shown.next();
            self.begin_at_top(super::Filtered::Improvements);
            return Vec::new();
        }
        let Some(one) = self.chosen_improvement(view) else { return Vec::new() };
        let on = one.which.clone();
        match what {
            Improve::Assign => self.write(Purpose::Owner(on), NAME),
            Improve::Due => self.write(Purpose::Due(on), DATE),
            Improve::Measure => self.write(Purpose::Measure(on), DATE),
            Improve::Close => self.write(Purpose::How(on), REASON),
            Improve::Reopen => return vec![Request::WriteDown(Turn::Reopened { on })],
            Improve::List => {}
        }
        Vec::new()
    }

    /// Why nothing of the kind can become of the chosen improvement.
    pub(super) fn why_not_improve(&self, what: Improve, view: &ImprovementsView) -> Option<Shown> {
        if what == Improve::List {
            return None;
        }
        let Some(one) = self.chosen_improvement(view) else { return Some("no improvement is chosen".into()) };
        match (what, &one.closed) {
            (Improve::Reopen, None) => Some("the improvement is open".into()),
            (Improve::Close, Some(closed)) => Some(shown!("it was closed on {}; o opens it again", closed.on)),
            _ => None,
        }
    }

    /// Sends off what was written about an improvement. What can't be read stays open, with the reason.
    pub(super) fn write_down(&mut self, editor: Editor, text: String) -> Vec<Request> {
        let turn = match editor.purpose.clone() {
            Purpose::Owner(on) => Ok(Turn::Assigned { on, owner: text }),
            Purpose::Due(on) => read_due(&text)
                .map(|date| Turn::Due { on, date: SafeText::one_line(&date.to_string()) })
                .map_err(Shown::from),
            Purpose::Measure(on) => read_measure(&text).map(|measure| Turn::Measured { on, measure }),
            Purpose::How(on) => Ok(Turn::Closed { on, how: text }),
            _ => return Vec::new(),
        };
        match turn {
            Ok(turn) => {
                self.sent = Some(Popup::Editor(editor));
                vec![Request::WriteDown(turn)]
            }
            Err(why) => {
                self.popup = Some(Popup::Editor(editor));
                self.say(Message::Refusal(SafeText::one_line(&why)));
                Vec::new()
            }
        }
    }
}
