//! Moving about: focus, chosen rows, scrolling, one step back.

use super::dialogue::{Popup, Purpose, Stage};
use super::{App, Asked, entries};
use crate::tui::keymap::Move;
use crate::tui::pane::{Pane, panes};
use crate::tui::scene::{DrillScene, Message, Scene};
use crate::tui::widget::list::moved;
use firedrill_model::{Guess, SafeText, shown};

/// Rows of a page where the height isn't known.
const PAGE: isize = 10;

impl App {
    pub(super) fn go(&mut self, to: Move, scene: &Scene<'_>) {
        if self.popup.is_some() {
            self.go_in_popup(to, scene);
            return;
        }
        let Some(drill) = scene.drill() else {
            self.go_in_list(to, scene);
            return;
        };
        let phase = drill.view.course.phase;
        match to {
            Move::NextPane => self.walk(scene, 1),
            Move::PreviousPane => self.walk(scene, panes(phase).len().saturating_sub(1)),
            Move::Pane(number) => self.focus_number(number, scene),
            Move::Zoom => self.zoom = !self.zoom && !panes(phase).is_empty(),
            Move::Back => self.back(drill),
            _ => {
                if let Some(pane) = self.focused(phase) {
                    self.move_in(pane, to, scene, drill);
                }
            }
        }
    }

    fn walk(&mut self, scene: &Scene<'_>, by: usize) {
        let Some(drill) = scene.drill() else { return };
        let all = panes(drill.view.course.phase);
        let at = all.iter().position(|pane| Some(*pane) == self.focused(drill.view.course.phase)).unwrap_or(0);
        if let Some(pane) = all.iter().cycle().nth(at + by) {
            self.focus_on(*pane, scene);
        }
    }

    fn focus_number(&mut self, number: u8, scene: &Scene<'_>) {
        let Some(drill) = scene.drill() else { return };
        let phase = drill.view.course.phase;
        let Some(pane) = usize::from(number).checked_sub(1).and_then(|at| panes(phase).get(at)) else {
            let words = shown!("There is no pane {} here; the last one is {}.", number, panes(phase).len());
            self.message = Some(Message::Notice(SafeText::new(&words)));
            return;
        };
        if self.focused(phase) == Some(*pane) {
            self.zoom = !self.zoom;
        } else {
            self.focus_on(*pane, scene);
        }
    }

    pub(super) fn focus_on(&mut self, pane: Pane, scene: &Scene<'_>) {
        if let Some(drill) = scene.drill() {
            self.focus.insert(drill.view.course.phase, pane);
        }
    }

    /// Moves within a pane: the chosen row, or the text.
    pub(super) fn move_in(&mut self, pane: Pane, to: Move, scene: &Scene<'_>, drill: &DrillScene<'_>) {
        let pages = matches!(to, Move::PageUp | Move::PageDown);
        if pane.is_list() && !(pages && pane.pages_scroll()) {
            let row = stepped(self.row_count(drill, pane), self.row(drill, pane), to);
            if pane.pages_scroll() {
                self.scroll.remove(&pane);
            }
            if row == 0 { self.follow_or_choose(drill, pane) } else { self.choose_row(drill, pane, row) }
        } else {
            let scroll = self.scrolled_to(self.scrolled(pane), Some(pane), to, scene);
            self.scroll.insert(pane, scroll);
        }
    }

    /// At the top of a list that grows there, the newest row stays chosen.
    fn follow_or_choose(&mut self, drill: &DrillScene<'_>, pane: Pane) {
        match pane {
            Pane::Findings | Pane::Logs | Pane::Timeline => self.follow(pane),
            _ => self.choose_row(drill, pane, 0),
        }
    }

    fn scrolled_to(&self, from: u16, pane: Option<Pane>, to: Move, scene: &Scene<'_>) -> u16 {
        let found = self.survey(scene);
        let document = found.documents.iter().find(|(of, ..)| *of == pane);
        let (limit, whole) = document.map_or((0, 1), |(_, limit, rows)| (*limit, (*rows).max(2) - 1));
        let from = from.min(limit);
        let to = match to {
            Move::Up => from.saturating_sub(1),
            Move::Down => from.saturating_add(1),
            Move::PageUp => from.saturating_sub(whole),
            Move::PageDown => from.saturating_add(whole),
            Move::First => 0,
            Move::Last => limit,
            _ => from,
        };
        to.min(limit)
    }

    fn go_in_popup(&mut self, to: Move, scene: &Scene<'_>) {
        if to == Move::Back {
            self.back_in_popup(scene);
            return;
        }
        match &self.popup {
            Some(Popup::Help { scroll, .. } | Popup::Detail { scroll, .. }) => {
                if matches!(to, Move::NextPane | Move::PreviousPane) {
                    self.neighbour(to, scene);
                    return;
                }
                let scrolled = self.scrolled_to(*scroll, None, to, scene);
                if let Some(Popup::Help { scroll, .. } | Popup::Detail { scroll, .. }) = &mut self.popup {
                    *scroll = scrolled;
                }
            }
            Some(_) => {
                let total = self.list_rows(scene);
                let row = self.list_row(scene).map_or(0, |row| stepped(total, row, to));
                self.choose_list_row(row, scene);
            }
            None => {}
        }
    }

    /// The chosen row of the list in the dialogue, or of the lobby.
    pub(super) fn list_row(&self, scene: &Scene<'_>) -> Option<usize> {
        match (&self.popup, scene) {
            (None, Scene::Lobby(_) | Scene::History(_) | Scene::Improvements(_)) => self.chosen_in_list(scene),
            (Some(Popup::Palette { row, .. }), _) => Some(*row),
            (Some(Popup::Respond(respond)), Scene::Drill(drill)) => match respond.stage {
                Stage::Which => {
                    let chosen = respond.action(drill.view)?;
                    respond.actions(drill.view).iter().position(|action| action.id == chosen.id)
                }
                Stage::Target => {
                    let chosen = respond.target(drill.view)?;
                    respond.targets(drill.view).iter().position(|target| *target == chosen)
                }
                Stage::Guess => respond.guess_row,
                Stage::Why => None,
            },
            _ => None,
        }
    }

    fn list_rows(&self, scene: &Scene<'_>) -> usize {
        match (&self.popup, scene) {
            (Some(Popup::Palette { .. }), _) => entries(self, scene).len(),
            (Some(Popup::Respond(respond)), Scene::Drill(drill)) => match respond.stage {
                Stage::Which => respond.actions(drill.view).len(),
                Stage::Target => respond.targets(drill.view).len(),
                Stage::Guess => Guess::ALL.len(),
                Stage::Why => 0,
            },
            _ => 0,
        }
    }

    pub(super) fn choose_list_row(&mut self, to: usize, scene: &Scene<'_>) {
        match (&mut self.popup, scene) {
            (None, Scene::Lobby(_) | Scene::History(_) | Scene::Improvements(_)) => self.choose_in_list(to, scene),
            (Some(Popup::Palette { row, .. }), _) => *row = to,
            (Some(Popup::Respond(respond)), Scene::Drill(drill)) => match respond.stage {
                Stage::Which => {
                    let id = respond.actions(drill.view).get(to).map(|action| action.id.clone());
                    if id != respond.action {
                        respond.target = None;
                    }
                    respond.action = id;
                }
                Stage::Target => respond.target = respond.targets(drill.view).into_iter().nth(to),
                Stage::Guess => respond.guess_row = Some(to.min(Guess::ALL.len() - 1)),
                Stage::Why => {}
            },
            _ => {}
        }
    }

    /// One step back. Never leaves the program.
    fn back(&mut self, drill: &DrillScene<'_>) {
        if self.news(drill).is_some() || self.crossing(drill).is_some() {
            self.hidden_before = drill.view.next_seq;
        } else if self.zoom {
            self.zoom = false;
        } else if let Some(pane) = self.focused(drill.view.course.phase) {
            self.follow(pane);
        }
    }

    fn back_in_popup(&mut self, scene: &Scene<'_>) {
        match self.popup.take() {
            Some(Popup::Respond(mut respond)) => {
                let before = scene.drill().and_then(|drill| {
                    respond.stages(drill.view).into_iter().rev().find(|stage| *stage < respond.stage)
                });
                if let Some(stage) = before {
                    respond.stage = stage;
                    self.popup = Some(Popup::Respond(respond));
                } else if !respond.filter.is_blank() {
                    respond.filter = super::Field::line(60);
                    self.popup = Some(Popup::Respond(respond));
                }
            }
            Some(Popup::Filter(list)) => {
                self.clear_filter(list);
            }
            Some(popup) => self.put_away(popup),
            None => {}
        }
    }

    /// The draft of a text, or an empty one.
    pub(super) fn draft(&mut self, purpose: &Purpose, max: usize) -> super::Field {
        self.drafts.remove(purpose).unwrap_or_else(|| super::Field::lines(max))
    }

    /// Back to the question before.
    pub(super) fn answer_again(&mut self, drill: &DrillScene<'_>) {
        if let Some((step, asked)) = self.asked(drill) {
            self.back_to = Some((step, Asked::before(asked)));
        }
    }
}

pub(super) fn stepped(total: usize, row: usize, to: Move) -> usize {
    let by = match to {
        Move::Up => -1,
        Move::Down => 1,
        Move::PageUp => -PAGE,
        Move::PageDown => PAGE,
        Move::First => isize::MIN,
        Move::Last => isize::MAX,
        _ => 0,
    };
    moved(total, row, by)
}
