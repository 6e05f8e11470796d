//! Opening things: what is selected, overlays, dialogues; and what is done within them.

use super::dialogue::{Confirm, Detail, Editor, Improvement, NOTE, Popup, Purpose, REASON, Respond, Stage};
use super::form::FormField;
use super::palette::Entry;
use super::{App, Item, Pane, Request, entries, items, logs};
use crate::domain::id::{ActionId, StepId, TargetId};
use crate::domain::{Guess, LogSource, SafeText};
use crate::drill::command::StepAsk;
use crate::drill::{Intent, Phase};
use crate::tui::keymap::{Asking, Do, InDialogue, Move, Open};
use crate::tui::scene::{DrillScene, LobbyView, Message, Scene};

/// Sources of logs, as `o` walks through them.
pub(in crate::tui) const SOURCES: [LogSource; 5] = [
    LogSource::ResolverQuery,
    LogSource::VpcFlow,
    LogSource::Cloudtrail,
    LogSource::CloudtrailData,
    LogSource::ConfigCompliance,
];

impl App {
    pub(super) fn open(&mut self, what: Open, scene: &Scene<'_>) -> Vec<Request> {
        if self.refuses(Do::Open(what), scene) {
            return Vec::new();
        }
        match what {
            Open::Help => {
                let places = self.places(scene);
                if !matches!(self.popup, Some(Popup::Help { .. })) {
                    self.show(Popup::Help { places, scroll: 0 });
                }
            }
            Open::Palette => self.show(Popup::Palette { filter: super::Field::line(60), row: 0 }),
            Open::Leave => return self.leave(scene),
            Open::Source => {
                let at = self.log_source.and_then(|source| SOURCES.iter().position(|of| *of == source));
                self.log_source = SOURCES.get(at.map_or(0, |at| at + 1)).copied();
                self.follow(Pane::Logs);
            }
            Open::Selected => return self.open_selected(scene),
            Open::Respond => self.respond(Vec::new(), None),
            Open::Note => self.write(Purpose::Note, NOTE),
            Open::Filter => {
                self.focus_on(Pane::Logs, scene);
                self.show(Popup::Filter);
            }
            Open::Skip => {
                if let Some(step) = scene.drill().and_then(|drill| self.chosen_step(drill)) {
                    self.write(Purpose::Skip(step), REASON);
                }
            }
            Open::Words => {
                if let Some((step, _)) = scene.drill().and_then(|drill| self.asked(drill)) {
                    self.write(Purpose::Words(step), REASON);
                }
            }
            Open::Improvement => {
                let draft = self.improvement_draft.take().unwrap_or_else(Improvement::new);
                self.show(Popup::Improvement(Box::new(draft)));
            }
        }
        Vec::new()
    }

    fn show(&mut self, popup: Popup) {
        self.popup = Some(popup);
    }

    fn write(&mut self, purpose: Purpose, max: usize) {
        let field = self.draft(&purpose, max);
        self.show(Popup::Editor(Editor { purpose, field }));
    }

    fn respond(&mut self, suggested: Vec<ActionId>, target: Option<TargetId>) {
        let respond = Respond { target, ..Respond::new(suggested) };
        self.show(Popup::Respond(Box::new(respond)));
    }

    /// Asks once while a drill is under way; asked already, it leaves.
    fn leave(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        let under_way = scene.drill().is_some_and(|drill| drill.view.course.phase != Phase::Closed);
        if !under_way || matches!(self.popup, Some(Popup::Confirm(Confirm::Leave))) {
            return vec![Request::Quit];
        }
        if let Some(Popup::Editor(editor)) = self.popup.take() {
            self.drafts.insert(editor.purpose, editor.field);
        }
        self.show(Popup::Confirm(Confirm::Leave));
        Vec::new()
    }

    fn open_selected(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        match scene {
            Scene::Lobby(lobby) => self.open_card(lobby),
            Scene::Drill(drill) => {
                self.open_row(drill);
                Vec::new()
            }
        }
    }

    fn open_card(&mut self, lobby: &LobbyView) -> Vec<Request> {
        let row = self.chosen.lobby;
        if let Some(card) = lobby.scenarios.get(row) {
            let Some(mistakes) = &card.mistakes else { return vec![Request::Start(row)] };
            let path = card.own.as_ref().unwrap_or(&card.name);
            let text = format!("{} has {mistakes}. See all: firedrill check {path}", card.name);
            self.say(Message::Notice(SafeText::one_line(&text)));
            return Vec::new();
        }
        let Some(card) = row.checked_sub(lobby.scenarios.len()).and_then(|at| lobby.drills.get(at)) else {
            return Vec::new();
        };
        if let Some(problem) = &card.problem {
            self.say(Message::Notice(problem.clone()));
        }
        let request = if card.phase == Phase::Closed || card.problem.is_some() {
            Request::OpenDebrief(card.id.clone())
        } else {
            Request::Resume(card.id.clone())
        };
        vec![request]
    }

    fn open_row(&mut self, drill: &DrillScene<'_>) {
        let Some(pane) = self.focused(drill.view.course.phase) else { return };
        match pane {
            Pane::Findings => {
                if let Some(item) = self.chosen_item(drill) {
                    self.open_item(item);
                }
            }
            Pane::Logs => {
                let row = self.row(drill, Pane::Logs);
                if let Some((number, _)) = logs(self, drill.view).get(row) {
                    self.show(Popup::Detail { of: Detail::Record(*number), scroll: 0 });
                }
            }
            Pane::Playbook => {
                let step = self.chosen_step(drill);
                let step = drill.view.scenario.playbook.steps.iter().find(|of| Some(&of.id) == step.as_ref());
                self.respond(step.map(|step| step.done_when.action_done.clone()).unwrap_or_default(), None);
            }
            Pane::Services if drill.view.course.phase.clock_runs() => {
                let target = super::instances(drill.view).into_iter().nth(self.row(drill, Pane::Services));
                self.respond(Vec::new(), target);
            }
            Pane::Questions if drill.view.course.phase != Phase::Closed => {
                let number = u8::try_from(self.row(drill, Pane::Questions) + 1).unwrap_or(1);
                self.write(Purpose::Review(number), NOTE);
            }
            Pane::Improvements if drill.view.course.phase != Phase::Closed => {
                let draft = self.improvement_draft.take().unwrap_or_else(Improvement::new);
                self.show(Popup::Improvement(Box::new(draft)));
            }
            _ => self.zoom = !self.zoom,
        }
    }

    fn open_item(&mut self, item: Item) {
        let of = match item {
            Item::Finding(id) => {
                self.read.0.insert(id.clone());
                Detail::Finding(id)
            }
            Item::Message(id) => {
                self.read.1.insert(id.clone());
                Detail::Message(id)
            }
        };
        self.show(Popup::Detail { of, scroll: 0 });
    }

    /// From a thing shown in full to its neighbour in the list.
    pub(super) fn neighbour(&mut self, to: Move, scene: &Scene<'_>) {
        let (Some(drill), Some(Popup::Detail { of, .. })) = (scene.drill(), &self.popup) else { return };
        let pane = if matches!(of, Detail::Record(_)) { Pane::Logs } else { Pane::Findings };
        let by = if to == Move::NextPane { 1 } else { -1 };
        let row = crate::tui::widget::list::moved(self.row_count(drill, pane), self.row(drill, pane), by);
        self.choose_row(drill, pane, row);
        if pane == Pane::Findings {
            if let Some(item) = items(drill.view).into_iter().nth(row) {
                self.open_item(item);
            }
        } else if let Some((number, _)) = logs(self, drill.view).get(row) {
            self.popup = Some(Popup::Detail { of: Detail::Record(*number), scroll: 0 });
        }
    }

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
            Popup::Improvement(improvement) => return self.in_improvement(*improvement, what),
            Popup::Filter if what == InDialogue::Accept => {}
            popup => self.popup = Some(popup),
        }
        Vec::new()
    }

    fn in_form(&mut self, what: InDialogue, scene: &Scene<'_>) -> Vec<Request> {
        let last = FormField::ALL.len() - 1;
        let Some(form) = self.form_mut(scene) else { return Vec::new() };
        match what {
            InDialogue::Accept if form.field() == FormField::Begin => return self.ask(Asking::Next, scene),
            InDialogue::Accept | InDialogue::NextField => form.at = (form.at + 1).min(last),
            InDialogue::PreviousField => form.at = form.at.saturating_sub(1),
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
                let optional = matches!(editor.purpose, Purpose::Skip(_));
                if text.is_empty() && !optional {
                    return Vec::new();
                }
                let words = Some(text.clone()).filter(|text| !text.is_empty());
                let intent = match &editor.purpose {
                    Purpose::Note => Intent::Note(text),
                    Purpose::Skip(step) => Intent::Step(step.clone(), StepAsk::Skip(words)),
                    Purpose::Words(step) => words_of(step, words),
                    Purpose::Review(number) => Intent::Review(*number, text),
                };
                self.sent = Some(Popup::Editor(editor));
                return vec![Request::Ask(intent)];
            }
            _ => {}
        }
        self.popup = Some(Popup::Editor(editor));
        Vec::new()
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

    fn in_improvement(&mut self, mut improvement: Improvement, what: InDialogue) -> Vec<Request> {
        let last = improvement.fields.len() - 1;
        match what {
            InDialogue::NextField => improvement.at = (improvement.at + 1).min(last),
            InDialogue::PreviousField => improvement.at = improvement.at.saturating_sub(1),
            InDialogue::Accept if improvement.at < last => improvement.at += 1,
            InDialogue::Accept => match read_improvement(&improvement) {
                Ok(intent) => {
                    self.sent = Some(Popup::Improvement(Box::new(improvement)));
                    return vec![Request::Ask(intent)];
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

fn read_improvement(improvement: &Improvement) -> Result<Intent, (usize, &'static str)> {
    let [what, owner, due] = improvement.fields.each_ref().map(|field| field.text().trim().to_owned());
    if what.is_empty() {
        return Err((0, "say what is to change"));
    }
    let is_date = due.is_empty() || chrono::NaiveDate::parse_from_str(&due, "%Y-%m-%d").is_ok();
    if !is_date {
        return Err((2, "a date is expected, for example 2026-12-05; or nothing"));
    }
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(Intent::Improve { what, owner: some(owner), due: some(due).map(SafeText::from) })
}
