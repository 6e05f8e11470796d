//! What is done within a dialogue or the form: choosing, saving, going on.

use super::dialogue::{Confirm, Editor, Improvement, Popup, Purpose, Respond, Stage};
use super::form::FormField;
use super::palette::Entry;
use super::{App, Request, entries};
use crate::tui::keymap::{Asking, InDialogue};
use crate::tui::scene::{DrillScene, Message, Scene};
use firedrill_core::projection::moment::read_t;
use firedrill_core::projection::transport::Cue;
use firedrill_model::command::Intent;
use firedrill_model::command::{LaterAsk, StepAsk};
use firedrill_model::id::StepId;
use firedrill_model::improvement::read_due;
use firedrill_model::{Guess, SafeText};

impl App {
    pub(super) fn in_dialogue(&mut self, what: InDialogue, scene: &Scene<'_>) -> Vec<Request> {
        let Some(popup) = self.popup.take() else { return self.in_form(what, scene) };
        match popup {
            Popup::Palette { .. } if what == InDialogue::Accept => {
                self.popup = Some(popup);
                return self.run_entry(scene);
            }
            Popup::Confirm(confirm) if what == InDialogue::Accept => {
                return match confirm {
                    Confirm::Leave => vec![Request::Quit],
                    Confirm::Next(_) => vec![Request::Ask(Intent::NextPhase)],
                };
            }
            Popup::Editor(editor) => return self.in_editor(editor, what),
            Popup::Respond(respond) => return self.in_respond(*respond, what, scene),
            Popup::Improvement(improvement) => return self.in_improvement(*improvement, what, scene),
            Popup::Filter(_) if what == InDialogue::Accept => {}
            popup => self.popup = Some(popup),
        }
        Vec::new()
    }

    fn in_form(&mut self, what: InDialogue, scene: &Scene<'_>) -> Vec<Request> {
        let last = FormField::ALL.len() - 1;
        let Some(form) = self.form_mut(scene) else { return Vec::new() };
        match what {
            InDialogue::Accept if form.field() == FormField::Begin => return self.ask(Asking::Next, scene),
            InDialogue::Accept | InDialogue::NextField => {
                form.at = (form.at + 1).min(last);
                return self.keep_form(scene);
            }
            InDialogue::PreviousField => {
                form.at = form.at.saturating_sub(1);
                return self.keep_form(scene);
            }
            InDialogue::Choose(number) => {
                form.choose(number);
            }
            InDialogue::Edit(edit) => form.edit(edit),
            InDialogue::NewLine => {}
        }
        Vec::new()
    }

    fn in_editor(&mut self, mut editor: Editor, what: InDialogue) -> Vec<Request> {
        match what {
            InDialogue::NewLine => editor.field.insert("\n"),
            InDialogue::Accept => {
                let text = editor.field.text().trim().to_owned();
                let optional = matches!(editor.purpose, Purpose::Skip(_) | Purpose::Evidence(_));
                if text.is_empty() && !optional {
                    return Vec::new();
                }
                let words = Some(text.clone()).filter(|text| !text.is_empty());
                let intent = match &editor.purpose {
                    Purpose::Moment => return self.go_to_moment(editor, &text),
                    Purpose::Find => return vec![Request::Find(text)],
                    Purpose::Note => Intent::Note(text),
                    Purpose::Later(at) => Intent::Later(*at, LaterAsk::Note(text)),
                    Purpose::Skip(step) => Intent::Step(step.clone(), StepAsk::Skip(words)),
                    Purpose::Words(step) => words_of(step, words),
                    Purpose::Review(number) => Intent::Review(*number, text),
                    Purpose::Observation(objective) => {
                        Intent::Rate { objective: objective.clone(), rating: None, words }
                    }
                    Purpose::Evidence(record) => Intent::Mark { record: record.clone(), note: words },
                    Purpose::Owner(_) | Purpose::Due(_) | Purpose::Measure(_) | Purpose::How(_) => {
                        return self.write_down(editor, text);
                    }
                };
                self.sent = Some(Popup::Editor(editor));
                return vec![Request::Ask(intent)];
            }
            _ => {}
        }
        self.popup = Some(Popup::Editor(editor));
        Vec::new()
    }

    fn go_to_moment(&mut self, editor: Editor, text: &str) -> Vec<Request> {
        match read_t(text) {
            Ok(at) => vec![Request::Cue(Cue::Seek(at))],
            Err(why) => {
                self.popup = Some(Popup::Editor(editor));
                self.say(Message::Refusal(SafeText::one_line(&why)));
                Vec::new()
            }
        }
    }

    fn in_respond(&mut self, mut respond: Respond, what: InDialogue, scene: &Scene<'_>) -> Vec<Request> {
        let Some(drill) = scene.drill() else { return Vec::new() };
        match (what, respond.stage) {
            (InDialogue::Choose(number), Stage::Guess) => {
                respond.guess_row = Some(usize::from(number).saturating_sub(1).min(Guess::ALL.len() - 1));
                respond.guess = respond.guess_row.and_then(|row| Guess::ALL.get(row)).copied();
                respond.stage = Stage::Why;
            }
            (InDialogue::NextField, Stage::Guess) => {
                respond.guess = None;
                respond.stage = Stage::Why;
            }
            (InDialogue::Accept, Stage::Guess) => {
                respond.guess = respond.guess_row.and_then(|row| Guess::ALL.get(row)).copied();
                if respond.guess.is_some() {
                    respond.stage = Stage::Why;
                } else {
                    self.say(Message::Notice("1 to 4 answers; s goes on without a guess".into()));
                }
            }
            (InDialogue::Accept, Stage::Why) => return self.give(respond, drill),
            (InDialogue::Accept, Stage::Which | Stage::Target) => {
                if let Some(action) = respond.action(drill.view) {
                    respond.action = Some(action.id.clone());
                    respond.target = respond.target(drill.view);
                    let next = respond.stages(drill.view).into_iter().find(|stage| *stage > respond.stage);
                    respond.stage = next.unwrap_or(Stage::Why);
                }
            }
            _ => {}
        }
        self.popup = Some(Popup::Respond(Box::new(respond)));
        Vec::new()
    }

    fn give(&mut self, respond: Respond, drill: &DrillScene<'_>) -> Vec<Request> {
        let Some(action) = respond.action(drill.view) else { return Vec::new() };
        let why = respond.why.text().trim().to_owned();
        let intent = Intent::Act {
            action: action.id.clone(),
            target: respond.target(drill.view),
            guess: respond.guess.filter(|_| respond.asks_guess(drill.view)),
            why: Some(why).filter(|why| !why.is_empty()),
        };
        self.sent = Some(Popup::Respond(Box::new(respond)));
        vec![Request::Ask(intent)]
    }

    fn in_improvement(&mut self, mut improvement: Improvement, what: InDialogue, scene: &Scene<'_>) -> Vec<Request> {
        let last = improvement.fields.len() - 1;
        match what {
            InDialogue::NextField => improvement.at = (improvement.at + 1).min(last),
            InDialogue::PreviousField => improvement.at = improvement.at.saturating_sub(1),
            InDialogue::Accept if improvement.at < last => improvement.at += 1,
            InDialogue::Accept => match read_improvement(&improvement) {
                Ok((what, owner, due)) => {
                    self.sent = Some(Popup::Improvement(Box::new(improvement)));
                    return vec![match scene {
                        Scene::Drill(_) => Request::Ask(Intent::Improve { what, owner, due }),
                        _ => Request::AddImprovement { what, owner, due },
                    }];
                }
                Err((field, problem)) => {
                    improvement.at = field;
                    improvement.problem = Some(problem);
                }
            },
            _ => {}
        }
        self.popup = Some(Popup::Improvement(Box::new(improvement)));
        Vec::new()
    }

    fn run_entry(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        let row = self.list_row(scene).unwrap_or(0);
        let Some(entry) = entries(self, scene).into_iter().nth(row) else { return Vec::new() };
        if let Some(why) = entry.why_not {
            self.message = Some(Message::Refusal(SafeText::new(&why)));
            return Vec::new();
        }
        self.popup = None;
        match entry.what {
            Entry::Key(binding) => self.act(binding.act, scene),
            Entry::Action(id) => {
                self.respond(vec![id.clone()], None);
                if let Some(Popup::Respond(respond)) = &mut self.popup {
                    respond.action = Some(id);
                }
                self.in_dialogue(InDialogue::Accept, scene)
            }
        }
    }
}

fn words_of(step: &StepId, words: Option<String>) -> Intent {
    Intent::Step(step.clone(), StepAsk::Answer { confidence: None, knew_where: None, knew_whom: None, words })
}

/// What is to change, who sees to it, until when.
type Written = (String, Option<String>, Option<SafeText>);

/// What was written, or the field that can't be read and why.
fn read_improvement(improvement: &Improvement) -> Result<Written, (usize, &'static str)> {
    let [what, owner, due] = improvement.fields.each_ref().map(|field| field.text().trim().to_owned());
    if what.is_empty() {
        return Err((0, "say what is to change"));
    }
    if !due.is_empty() && read_due(&due).is_err() {
        return Err((2, "a date is expected, for example 2026-12-05; or nothing"));
    }
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok((what, some(owner), some(due).map(SafeText::from)))
}
