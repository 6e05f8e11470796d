//! From keys, mouse and pasted text to what they do.

use super::dialogue::Popup;
use super::form::{Form, FormField};
use super::{App, Request};
use crate::tui::canvas::Hit;
use crate::tui::input::{Chord, Input, Mouse};
use crate::tui::keymap::{self, Asking, Do, InDialogue, Move, Open};
use crate::tui::scene::{DrillScene, Message, Scene};
use firedrill_model::{SafeText, Shown, shown};
use firedrill_model::{command::Intent, phase::Phase};

impl App {
    /// Takes what a person did. What comes back is asked of the program, in this order.
    pub fn handle(&mut self, input: Input, scene: &Scene<'_>) -> Vec<Request> {
        let was_attending = self.attending();
        let closed = self.settle(scene);
        // What was sent before was not refused.
        self.sent = None;
        let mut requests = match input {
            // It was meant for the dialogue that was closed in this moment.
            Input::Key(_) | Input::Paste(_) | Input::Mouse(..) if closed => Vec::new(),
            Input::Key(chord) => self.keys(chord, scene),
            Input::Paste(text) => {
                self.paste(&text, scene);
                Vec::new()
            }
            Input::Mouse(mouse, column, row) => self.mouse(mouse, column, row, scene),
            Input::Resize(columns, rows) => {
                self.size = (columns, rows);
                Vec::new()
            }
        };
        if self.popup.is_none() {
            self.popup = self.beneath.take();
        }
        let clock_runs =
            scene.drill().is_some_and(|drill| drill.replay.is_none() && drill.view.course.phase.clock_runs());
        if clock_runs && was_attending != self.attending() {
            requests.push(Request::Ask(Intent::Attend(self.attending())));
        }
        requests
    }

    /// A key; or Esc and a key, where both were read in one go and nothing is on the key with Alt.
    fn keys(&mut self, chord: Chord, scene: &Scene<'_>) -> Vec<Request> {
        match chord.after_escape().filter(|_| keymap::find(&self.places(scene), chord).is_none()) {
            Some(keys) => keys.into_iter().flat_map(|key| self.key(key, scene)).collect(),
            None => self.key(chord, scene),
        }
    }

    fn key(&mut self, chord: Chord, scene: &Scene<'_>) -> Vec<Request> {
        let places = self.places(scene);
        let binding = keymap::find(&places, chord);
        let hides_message = binding.is_some_and(|found| found.act == Do::Move(Move::Back)) && self.popup.is_none();
        if self.message.take().is_some() && hides_message {
            return Vec::new();
        }
        let replayed = scene.drill().is_some_and(|drill| drill.replay.is_some());
        let form_takes = self.popup.is_none() && !replayed && phase(scene) == Some(Phase::Hypothesis);
        if form_takes
            && let (Some(c), Some(form)) = (chord.typed(), self.form_mut(scene))
            && form.types(c)
        {
            return Vec::new();
        }
        let held = self.said.take() == Some(chord);
        if let Some(binding) = binding {
            let says = matches!(
                binding.act,
                Do::Ask(Asking::StepDone | Asking::Acknowledge | Asking::Bookmark | Asking::Judge(_) | Asking::Rate(_))
            );
            if says && held {
                self.said = Some(chord);
                self.message = Some(Message::Notice("One key, one thing: press any other key before the next.".into()));
                return Vec::new();
            }
            let requests = self.act(binding.act, scene);
            self.said = Some(chord).filter(|_| says && !requests.is_empty());
            requests
        } else {
            if self.text_field().is_some() {
                self.type_key(chord);
            } else {
                self.message = Some(Message::Notice(SafeText::new(&nothing_on(chord, &places))));
            }
            Vec::new()
        }
    }

    /// Text and its editing, in a dialogue that takes text.
    fn type_key(&mut self, chord: Chord) {
        let edit = keymap::TYPING.iter().find(|(key, _)| *key == chord).map(|(_, edit)| *edit);
        let Some(field) = self.text_field() else { return };
        match (edit, chord.typed()) {
            (Some(edit), _) => field.edit(edit),
            (None, Some(c)) => field.insert(c.encode_utf8(&mut [0; 4])),
            (None, None) => return,
        }
        self.typed();
    }

    fn paste(&mut self, text: &str, scene: &Scene<'_>) {
        if let Some(field) = self.text_field() {
            field.insert(text);
            self.typed();
        } else if self.popup.is_none()
            && phase(scene) == Some(Phase::Hypothesis)
            && let Some(form) = self.form_mut(scene)
        {
            for c in text.trim().chars().take(12) {
                form.types(c);
            }
        } else {
            let words = "A text was pasted and no field is open: nothing was done with it. Open a field first, for example with w.";
            self.message = Some(Message::Notice(words.into()));
        }
    }

    /// The text that takes the letters now.
    fn text_field(&mut self) -> Option<&mut super::Field> {
        match self.popup {
            Some(Popup::Filter(list)) => Some(self.filter_mut(list)),
            _ => self.popup.as_mut()?.field(),
        }
    }

    /// What follows from a changed text: lists that it filters begin at their top.
    fn typed(&mut self) {
        match &mut self.popup {
            Some(Popup::Palette { row, .. }) => *row = 0,
            Some(Popup::Respond(respond)) if respond.stage == super::Stage::Which => respond.action = None,
            Some(Popup::Filter(list)) => {
                let list = *list;
                self.begin_at_top(list);
            }
            Some(Popup::Improvement(improvement)) => improvement.problem = None,
            _ => {}
        }
    }

    fn mouse(&mut self, mouse: Mouse, column: u16, row: u16, scene: &Scene<'_>) -> Vec<Request> {
        match mouse {
            Mouse::Click => {
                let hit = self.survey(scene).at(column, row);
                self.message = None;
                self.grabbed = hit.filter(Hit::is_seek).map(|_| row);
                hit.map_or_else(Vec::new, |hit| self.click(hit, scene))
            }
            Mouse::Drag => {
                let Some(bar) = self.grabbed else { return Vec::new() };
                let found = self.survey(scene).on_bar(column, bar);
                found.map_or_else(Vec::new, |hit| self.click(hit, scene))
            }
            Mouse::Back => self.act(Do::Move(Move::Back), scene),
            Mouse::Up | Mouse::Down => {
                let to = if mouse == Mouse::Up { Move::Up } else { Move::Down };
                if self.popup.is_none()
                    && let (Some(pane), Some(drill)) = (self.survey(scene).pane_at(column, row), scene.drill())
                {
                    self.move_in(pane, to, scene, drill);
                    return Vec::new();
                }
                self.act(Do::Move(to), scene)
            }
        }
    }

    fn click(&mut self, hit: Hit, scene: &Scene<'_>) -> Vec<Request> {
        match hit {
            Hit::Act(act) => return self.act(act, scene),
            Hit::Row(row) => return self.click_row(row, scene),
            Hit::PaneRow(pane, row) => {
                let Some(drill) = scene.drill() else { return Vec::new() };
                let was_chosen = self.focused(drill.view.course.phase) == Some(pane) && self.row(drill, pane) == row;
                self.focus_on(pane, scene);
                self.choose_row(drill, pane, row);
                if was_chosen {
                    return self.act(Do::Open(Open::Selected), scene);
                }
            }
            Hit::Pane(pane) => self.focus_on(pane, scene),
            Hit::Field(field) => {
                self.click_field(field, scene);
                return self.keep_form(scene);
            }
            Hit::Choice(field, number) => {
                self.click_field(field, scene);
                return self.act(Do::Dialogue(InDialogue::Choose(number)), scene);
            }
            Hit::Nothing => {}
        }
        Vec::new()
    }

    /// A click on a row of a dialogue's list, or of the lobby: chooses it, and does it when it was chosen already.
    fn click_row(&mut self, row: usize, scene: &Scene<'_>) -> Vec<Request> {
        let was = self.list_row(scene);
        self.choose_list_row(row, scene);
        if was != Some(row) {
            return Vec::new();
        }
        match self.popup {
            Some(_) => self.act(Do::Dialogue(InDialogue::Accept), scene),
            None => self.act(Do::Open(Open::Selected), scene),
        }
    }

    fn click_field(&mut self, field: usize, scene: &Scene<'_>) {
        if let Some(Popup::Improvement(improvement)) = &mut self.popup {
            improvement.at = field.min(improvement.fields.len() - 1);
        } else if let Some(form) = self.form_mut(scene) {
            form.at = field.min(FormField::ALL.len() - 1);
        }
    }

    /// Does what a key stands for.
    pub(super) fn act(&mut self, act: Do, scene: &Scene<'_>) -> Vec<Request> {
        match act {
            Do::Move(Move::Back) if self.popup.is_none() && scene.drill().is_none() => self.back_from_list(scene),
            Do::Move(to) => {
                self.go(to, scene);
                Vec::new()
            }
            Do::Open(what) => {
                // Whatever opens leaves the form.
                let mut requests = if self.popup.is_none() { self.keep_form(scene) } else { Vec::new() };
                requests.extend(self.open(what, scene));
                requests
            }
            Do::Ask(what) => self.ask(what, scene),
            Do::Improve(what) => self.improve(what, scene),
            Do::Pace(what) => self.pace(what, scene),
            Do::Cue(cue) => vec![Request::Cue(cue)],
            Do::Answer(what) => self.answer(what, scene),
            Do::Dialogue(what) => self.in_dialogue(what, scene),
            Do::Program(keymap::Program::Copy) => self.copy(scene),
            Do::Program(keymap::Program::Beside) => vec![Request::Beside],
            Do::Program(keymap::Program::Suspend) => vec![Request::Suspend],
            Do::Program(keymap::Program::Redraw) => vec![Request::Redraw],
        }
    }

    /// The form, made when it is first touched.
    pub(super) fn form_mut(&mut self, scene: &Scene<'_>) -> Option<&mut Form> {
        let is_open = |drill: &&_| is_form(drill);
        let drill = scene.drill().filter(is_open)?;
        Some(self.form.get_or_insert_with(|| Form::new(drill)))
    }
}

/// What is said of a key on which there is nothing: never silence, since Caps Lock or another layout is easily on.
fn nothing_on(chord: Chord, places: &[keymap::Where]) -> Shown {
    let help = keymap::key_of(Do::Open(Open::Help));
    let small = chord.without_capitals().and_then(|small| Some((small, keymap::find(places, small)?)));
    match (small, chord.typed()) {
        (Some((small, binding)), _) => {
            let (key, small) = (chord.label(), small.label());
            shown!("Nothing is on {}. Is Caps Lock on? {} is: {}.", key, small, binding.long)
        }
        (None, Some(c)) if c.is_alphabetic() && !c.is_ascii() => shown!(
            "Nothing is on {}: the keys are Latin letters. Switch the keyboard to a Latin layout, or use {} and the arrows.",
            chord.label(),
            help
        ),
        _ => shown!("Nothing is on {} here. {} shows the keys.", chord.label(), help),
    }
}

/// The form can be filled in: not in a replay.
fn is_form(drill: &DrillScene<'_>) -> bool {
    drill.replay.is_none() && drill.view.course.phase == Phase::Hypothesis
}

fn phase(scene: &Scene<'_>) -> Option<Phase> {
    scene.drill().map(|drill| drill.view.course.phase)
}
