//! Opening things: what is selected, overlays, dialogues; and what is done within them.

use super::dialogue::{Confirm, Detail, Editor, Filtered, Improvement, NOTE, Popup, Purpose, REASON, Respond};
use super::rows::line_key;
use super::{App, Item, Request};
use crate::tui::keymap::{Do, Move, Open};
use crate::tui::pane::Pane;
use crate::tui::scene::{DrillScene, LobbyView, Message, Scene};
use firedrill_core::projection::transport::Cue;
use firedrill_model::id::{ActionId, DrillId, TargetId};
use firedrill_model::phase::Phase;
use firedrill_model::{DrillTime, LogSource, SafeText, shown};

/// Sources of logs, as `o` walks through them.
pub(crate) const SOURCES: [LogSource; 5] = [
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
                    self.show_over(Popup::Help { places, scroll: 0 });
                }
            }
            Open::Palette => self.show_over(Popup::Palette { filter: super::Field::line(60), row: 0 }),
            Open::Leave => return self.leave(scene),
            Open::Source => {
                let at = self.log_source.and_then(|source| SOURCES.iter().position(|of| *of == source));
                self.log_source = SOURCES.get(at.map_or(0, |at| at + 1)).copied();
                self.follow(Pane::Logs);
            }
            Open::Selected => return self.open_selected(scene),
            Open::Respond => match self.respond_draft.take() {
                Some(draft) => self.show(Popup::Respond(draft)),
                None => self.respond(Vec::new(), None),
            },
            Open::Evidence => {
                self.focus_on(Pane::Logs, scene);
                self.zoom = true;
            }
            Open::Mark => self.write_mark(scene),
            Open::Listing => self.listing = self.listing.next(),
            Open::Note => return self.write_note(scene),
            Open::Filter => self.open_filter(scene),
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
            Open::Question => self.bring_back_question(scene),
            Open::Replay => return self.open_replay(scene),
            Open::History => return vec![Request::OpenHistory],
            Open::Improvements => return vec![Request::OpenImprovements],
            Open::Moment => self.write(Purpose::Moment, 12),
            Open::Find => self.write(Purpose::Find, 80),
            Open::Improvement => {
                let draft = self.improvement_draft.take().unwrap_or_else(Improvement::new);
                self.show(Popup::Improvement(Box::new(draft)));
            }
        }
        Vec::new()
    }

    fn open_filter(&mut self, scene: &Scene<'_>) {
        let list = self.filtered(scene);
        match list {
            Filtered::Findings => self.focus_on(Pane::Findings, scene),
            Filtered::Logs => self.focus_on(Pane::Logs, scene),
            Filtered::History | Filtered::Improvements => {}
        }
        self.show(Popup::Filter(list));
    }

    /// Opens something instead of what is open, of which a draft is kept.
    fn show(&mut self, popup: Popup) {
        for popup in [self.beneath.take(), self.popup.replace(popup)].into_iter().flatten() {
            self.put_away(popup);
        }
    }

    /// Opens something over what is open, which comes back afterwards.
    pub(super) fn show_over(&mut self, popup: Popup) {
        let below = self.popup.replace(popup);
        if let Some(below) = below.filter(Popup::comes_back) {
            self.beneath = Some(below);
        }
    }

    /// Keeps what had been typed.
    pub(super) fn put_away(&mut self, popup: Popup) {
        match popup {
            Popup::Editor(editor) => {
                self.drafts.insert(editor.purpose, editor.field);
            }
            Popup::Respond(respond) => self.respond_draft = Some(respond),
            Popup::Improvement(improvement) => self.improvement_draft = Some(*improvement),
            _ => {}
        }
    }

    /// A note; in a replay on the moment at the cursor, which stands still meanwhile.
    fn write_note(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        let Some(transport) = scene.drill().and_then(|drill| drill.replay) else {
            self.write(Purpose::Note, NOTE);
            return Vec::new();
        };
        self.write(Purpose::Later(transport.now()), NOTE);
        vec![Request::Cue(Cue::Play(false))]
    }

    pub(super) fn write(&mut self, purpose: Purpose, max: usize) {
        let field = self.draft(&purpose, max);
        self.show(Popup::Editor(Editor { purpose, field }));
    }

    pub(super) fn respond(&mut self, suggested: Vec<ActionId>, target: Option<TargetId>) {
        let respond = Respond { target, ..Respond::new(suggested) };
        self.show(Popup::Respond(Box::new(respond)));
    }

    /// Asks once while a drill is under way; asked already, it leaves.
    fn leave(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        let under_way =
            scene.drill().is_some_and(|drill| drill.replay.is_none() && drill.view.course.phase != Phase::Closed);
        if !under_way || matches!(self.popup, Some(Popup::Confirm(Confirm::Leave))) {
            return vec![Request::Quit];
        }
        self.show_over(Popup::Confirm(Confirm::Leave));
        Vec::new()
    }

    fn open_selected(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        match scene {
            Scene::Lobby(lobby) => self.open_card(lobby),
            Scene::History(view) => self.open_past(view),
            Scene::Improvements(view) => self.open_origin(view),
            Scene::Drill(drill) => {
                let pane = self.focused(drill.view.course.phase);
                if pane == Some(Pane::Surprises) {
                    return self.replay_surprise(drill);
                }
                self.open_row(drill);
                Vec::new()
            }
        }
    }

    /// Replays the chosen drill of the lobby or the history.
    fn open_replay(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        let drill = match scene {
            Scene::Lobby(lobby) => {
                let at = self.chosen.lobby.checked_sub(lobby.scenarios.len());
                at.and_then(|at| lobby.drills.get(at)).map(|card| card.id.clone())
            }
            Scene::History(view) => self.chosen_past(view).cloned(),
            Scene::Improvements(_) | Scene::Drill(_) => None,
        };
        let Some(drill) = drill else {
            self.say(Message::Notice("Choose one of your drills to replay it.".into()));
            return Vec::new();
        };
        vec![Request::Replay { drill, at: DrillTime::ZERO }]
    }

    fn open_card(&mut self, lobby: &LobbyView) -> Vec<Request> {
        let row = self.chosen.lobby;
        if let Some(card) = lobby.scenarios.get(row) {
            let Some(mistakes) = &card.mistakes else { return vec![Request::Start(row)] };
            let path = card.own.as_ref().unwrap_or(&card.name);
            let text = shown!("{} has {}. See all: firedrill check {}", card.name, mistakes, path);
            self.say(Message::Notice(SafeText::one_line(&text)));
            return Vec::new();
        }
        let Some(card) = row.checked_sub(lobby.scenarios.len()).and_then(|at| lobby.drills.get(at)) else {
            return Vec::new();
        };
        self.open_drill(&card.id, card.phase, card.problem.as_ref())
    }

    /// Takes a drill up again, or opens its debrief if it is closed or damaged.
    pub(super) fn open_drill(&mut self, id: &DrillId, phase: Phase, problem: Option<&SafeText>) -> Vec<Request> {
        if let Some(problem) = problem {
            self.say(Message::Notice(problem.clone()));
        }
        let request = if phase == Phase::Closed || problem.is_some() {
            Request::OpenDebrief(id.clone())
        } else {
            Request::Resume(id.clone())
        };
        vec![request]
    }

    /// The replay at the second of the chosen surprise.
    fn replay_surprise(&self, drill: &DrillScene<'_>) -> Vec<Request> {
        let row = drill.debrief.and_then(|debrief| debrief.surprises.get(self.row(drill, Pane::Surprises)));
        row.map(|row| row.moment).map(|at| Request::Replay { drill: drill.drill.clone(), at }).into_iter().collect()
    }

    fn open_row(&mut self, drill: &DrillScene<'_>) {
        let Some(pane) = self.focused(drill.view.course.phase) else { return };
        let reads = matches!(pane, Pane::Findings | Pane::Logs | Pane::Timeline);
        if drill.replay.is_some() && !reads {
            self.zoom = !self.zoom;
            return;
        }
        match pane {
            Pane::Findings => {
                if let Some(item) = self.chosen_item(drill) {
                    self.open_item(item);
                }
            }
            Pane::Logs => {
                if let Some(row) = self.chosen_record(drill) {
                    self.show(Popup::Detail { of: Detail::Record(row.seq), scroll: 0 });
                }
            }
            Pane::Timeline => {
                if let Some((seq, nth)) = line_key(drill, self.row(drill, Pane::Timeline)) {
                    self.show(Popup::Detail { of: Detail::Line(seq, nth), scroll: 0 });
                }
            }
            Pane::Playbook => {
                let step = self.chosen_step(drill);
                let step = drill.view.scenario.playbook.steps.iter().find(|of| Some(&of.id) == step.as_ref());
                self.respond(step.map(|step| step.done_when.actions()).unwrap_or_default(), None);
            }
            Pane::Services if drill.view.course.phase.clock_runs() => {
                let target = super::instances(drill.view).into_iter().nth(self.row(drill, Pane::Services));
                self.respond(Vec::new(), target);
            }
            Pane::Objectives if drill.view.course.phase != Phase::Closed => {
                if let Some(objective) = self.chosen_objective(drill) {
                    self.write(Purpose::Observation(objective), NOTE);
                }
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
        let pane = match of {
            Detail::Record(_) => Pane::Logs,
            Detail::Line(..) => Pane::Timeline,
            Detail::Finding(_) | Detail::Message(_) => Pane::Findings,
        };
        let by = if to == Move::NextPane { 1 } else { -1 };
        let row = crate::tui::widget::list::moved(self.row_count(drill, pane), self.row(drill, pane), by);
        self.choose_row(drill, pane, row);
        let of = match pane {
            Pane::Findings => {
                if let Some(item) = self.listed(drill).into_iter().nth(row) {
                    self.open_item(item);
                }
                return;
            }
            Pane::Logs => self.record_at(drill, row).map(|row| Detail::Record(row.seq)),
            _ => line_key(drill, row).map(|(seq, nth)| Detail::Line(seq, nth)),
        };
        if let Some(of) = of {
            self.popup = Some(Popup::Detail { of, scroll: 0 });
        }
    }
}
