//! The lists over all drills, and the lobby: which rows the filters let through, which is chosen, and what is opened from there.

use super::dialogue::{Filtered, Popup};
use super::moves::stepped;
use super::{App, Field, Request};
use crate::tui::keymap::{Do, Move, Open, Program, TABLE, Where};
use crate::tui::pane::Pane;
use crate::tui::scene::{HistoryView, ImprovementsView, LobbyView, Message, Scene};
use firedrill_core::projection::history::{Group, Outline, TechniqueRow};
use firedrill_core::projection::improvements::Improvement;
use firedrill_model::id::DrillId;
use firedrill_model::{Joined, SafeText, Shown, shown};

/// Characters of a filter.
const FILTER: usize = 80;

/// Which list of the history has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Half {
    #[default]
    Drills,
    Techniques,
}

/// Which improvements are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Standing {
    #[default]
    Open,
    Closed,
    All,
}

impl Standing {
    pub const EACH: [Self; 3] = [Self::Open, Self::Closed, Self::All];

    pub fn next(self) -> Self {
        match self {
            Self::Open => Self::Closed,
            Self::Closed => Self::All,
            Self::All => Self::Open,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }

    pub fn lists(self, one: &Improvement) -> bool {
        match self {
            Self::Open => one.closed.is_none(),
            Self::Closed => one.closed.is_some(),
            Self::All => true,
        }
    }
}

/// What is chosen and typed in the lists over all drills.
#[derive(Debug, Clone)]
pub(crate) struct Lists {
    pub half: Half,
    drill: usize,
    technique: usize,
    improvement: usize,
    pub shown: Standing,
    pub history_filter: Field,
    pub improvement_filter: Field,
}

impl Default for Lists {
    fn default() -> Self {
        let filter = || Field::line(FILTER);
        Self {
            half: Half::Drills,
            drill: 0,
            technique: 0,
            improvement: 0,
            shown: Standing::Open,
            history_filter: filter(),
            improvement_filter: filter(),
        }
    }
}

/// A drill in the list of the history.
#[derive(Clone, Copy)]
pub(crate) enum DrillRow<'a> {
    /// One whose figures are known.
    Told(&'a Group, &'a Outline),
    /// One of which nothing can be told, and why.
    Unreadable(&'a DrillId, &'a SafeText),
}

impl<'a> DrillRow<'a> {
    pub fn id(&self) -> &'a DrillId {
        match self {
            Self::Told(_, drill) => &drill.drill,
            Self::Unreadable(drill, _) => drill,
        }
    }
}

/// Words that must all be in a text, whatever their case.
struct Words(Vec<String>);

impl Words {
    fn of(field: &Field) -> Self {
        Self(field.text().split_whitespace().map(str::to_lowercase).collect())
    }

    fn are_in(&self, text: impl FnOnce() -> Shown) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let text = text().to_lowercase();
        self.0.iter().all(|word| text.contains(word))
    }
}

/// Which part of the key table a list reads.
pub(super) fn place(scene: &Scene<'_>) -> Where {
    match scene {
        Scene::History(_) => Where::History,
        Scene::Improvements(_) => Where::Improving,
        Scene::Lobby(_) | Scene::Drill(_) => Where::Lobby,
    }
}

impl App {
    /// The drills that the filter lets through: side by side by team and scenario, then those that can't be read.
    pub(crate) fn drill_rows<'a>(&self, view: &'a HistoryView) -> Vec<DrillRow<'a>> {
        let words = Words::of(&self.lists.history_filter);
        let told = view.history.groups.iter().flat_map(|group| {
            group.drills.iter().filter(|drill| words.are_in(|| said_of(group, drill))).map(|d| DrillRow::Told(group, d))
        });
        let unreadable = view.unreadable.iter().filter(|(id, why)| words.are_in(|| shown!("{} {}", id, why)));
        told.chain(unreadable.map(|(id, why)| DrillRow::Unreadable(id, why))).collect()
    }

    /// The techniques that the filter lets through, the overdue first.
    pub(crate) fn technique_rows<'a>(&self, view: &'a HistoryView) -> Vec<&'a TechniqueRow> {
        let words = Words::of(&self.lists.history_filter);
        let fits = |row: &&TechniqueRow| words.are_in(|| shown!("{} {} {}", row.id, row.name, row.state()));
        view.history.techniques.iter().filter(fits).collect()
    }

    /// The improvements that are listed, oldest first.
    pub(crate) fn improvement_rows<'a>(&self, view: &'a ImprovementsView) -> Vec<&'a Improvement> {
        let words = Words::of(&self.lists.improvement_filter);
        let listed = view.improvements.iter().filter(|one| self.lists.shown.lists(one));
        listed.filter(|one| words.are_in(|| said_of_improvement(one, view))).collect()
    }

    /// The chosen row of each list of the history.
    pub(crate) fn history_row(&self, half: Half, total: usize) -> usize {
        let row = if half == Half::Drills { self.lists.drill } else { self.lists.technique };
        row.min(total.saturating_sub(1))
    }

    /// The chosen improvement.
    pub(crate) fn chosen_improvement<'a>(&self, view: &'a ImprovementsView) -> Option<&'a Improvement> {
        let rows = self.improvement_rows(view);
        rows.get(self.improvement_row(rows.len())).copied()
    }

    /// The chosen row of the list of improvements.
    pub(crate) fn improvement_row(&self, total: usize) -> usize {
        self.lists.improvement.min(total.saturating_sub(1))
    }

    /// The chosen drill of the history, or the last drill of the chosen technique.
    pub(super) fn chosen_past<'a>(&self, view: &'a HistoryView) -> Option<&'a DrillId> {
        match self.lists.half {
            Half::Drills => {
                let rows = self.drill_rows(view);
                rows.get(self.history_row(Half::Drills, rows.len())).map(DrillRow::id)
            }
            Half::Techniques => {
                let rows = self.technique_rows(view);
                let row = rows.get(self.history_row(Half::Techniques, rows.len()))?;
                row.last.as_ref().map(|last| &last.drill)
            }
        }
    }

    /// Opens the chosen drill of the history, as the lobby does it.
    pub(super) fn open_past(&mut self, view: &HistoryView) -> Vec<Request> {
        let Some(id) = self.chosen_past(view) else {
            self.say(Message::Notice("There is no drill to open here.".into()));
            return Vec::new();
        };
        let all = view.history.groups.iter().flat_map(|group| &group.drills);
        match all.into_iter().find(|drill| drill.drill == *id) {
            Some(drill) => self.open_drill(id, drill.phase, view.troubled.get(id)),
            None => vec![Request::OpenDebrief(id.clone())],
        }
    }

    /// Opens the debrief of the drill that the chosen improvement is from.
    pub(super) fn open_origin(&mut self, view: &ImprovementsView) -> Vec<Request> {
        let drill = self.chosen_improvement(view).and_then(|one| one.drill.clone());
        let Some(drill) = drill else {
            self.say(Message::Notice("It is not from a drill.".into()));
            return Vec::new();
        };
        vec![Request::OpenDebrief(drill)]
    }

    pub(super) fn go_in_list(&mut self, to: Move, scene: &Scene<'_>) {
        match (scene, to) {
            (Scene::History(_), Move::NextPane | Move::PreviousPane) => {
                self.lists.half = if self.lists.half == Half::Drills { Half::Techniques } else { Half::Drills };
            }
            (Scene::History(view), _) => {
                let total = match self.lists.half {
                    Half::Drills => self.drill_rows(view).len(),
                    Half::Techniques => self.technique_rows(view).len(),
                };
                let row = stepped(total, self.history_row(self.lists.half, total), to);
                *self.history_row_mut() = row;
            }
            _ => {
                let total = self.rows_in_list(scene);
                let row = self.chosen_in_list(scene).map_or(0, |row| stepped(total, row, to));
                self.choose_in_list(row, scene);
            }
        }
    }

    fn history_row_mut(&mut self) -> &mut usize {
        match self.lists.half {
            Half::Drills => &mut self.lists.drill,
            Half::Techniques => &mut self.lists.technique,
        }
    }

    fn rows_in_list(&self, scene: &Scene<'_>) -> usize {
        match scene {
            Scene::Lobby(LobbyView { scenarios, drills, .. }) => scenarios.len() + drills.len(),
            Scene::History(view) => self.drill_rows(view).len() + self.technique_rows(view).len(),
            Scene::Improvements(view) => self.improvement_rows(view).len(),
            Scene::Drill(_) => 0,
        }
    }

    /// The chosen row. In the history the techniques count on where the drills end.
    pub(super) fn chosen_in_list(&self, scene: &Scene<'_>) -> Option<usize> {
        Some(match scene {
            Scene::Lobby(_) => self.chosen.lobby,
            Scene::History(view) => {
                let drills = self.drill_rows(view).len();
                match self.lists.half {
                    Half::Drills => self.history_row(Half::Drills, drills),
                    Half::Techniques => drills + self.lists.technique,
                }
            }
            Scene::Improvements(view) => self.improvement_row(self.improvement_rows(view).len()),
            Scene::Drill(_) => return None,
        })
    }

    pub(super) fn choose_in_list(&mut self, row: usize, scene: &Scene<'_>) {
        match scene {
            Scene::Lobby(_) => self.chosen.lobby = row,
            Scene::History(view) => {
                let technique = row.checked_sub(self.drill_rows(view).len());
                self.lists.half = if technique.is_some() { Half::Techniques } else { Half::Drills };
                *self.history_row_mut() = technique.unwrap_or(row);
            }
            Scene::Improvements(_) => self.lists.improvement = row,
            Scene::Drill(_) => {}
        }
    }

    /// The list whose filter is meant here.
    pub(super) fn filtered(&self, scene: &Scene<'_>) -> Filtered {
        match scene {
            Scene::History(_) | Scene::Lobby(_) => Filtered::History,
            Scene::Improvements(_) => Filtered::Improvements,
            Scene::Drill(drill) => match self.focused(drill.view.course.phase) {
                Some(Pane::Findings) => Filtered::Findings,
                _ => Filtered::Logs,
            },
        }
    }

    pub(super) fn filter_mut(&mut self, list: Filtered) -> &mut Field {
        match list {
            Filtered::Findings => &mut self.finding_filter,
            Filtered::Logs => &mut self.log_filter,
            Filtered::History => &mut self.lists.history_filter,
            Filtered::Improvements => &mut self.lists.improvement_filter,
        }
    }

    /// A list whose filter has changed begins at its top.
    pub(super) fn begin_at_top(&mut self, list: Filtered) {
        match list {
            Filtered::Findings => self.follow(Pane::Findings),
            Filtered::Logs => self.follow(Pane::Logs),
            Filtered::History => (self.lists.drill, self.lists.technique) = (0, 0),
            Filtered::Improvements => self.lists.improvement = 0,
        }
    }

    pub(super) fn clear_filter(&mut self, list: Filtered) {
        *self.filter_mut(list) = Field::line(FILTER);
        if matches!(list, Filtered::History | Filtered::Improvements) {
            self.begin_at_top(list);
        }
    }

    /// One step back from a list: out of its filter, then to where one came from. The lobby stays.
    pub(super) fn back_from_list(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        if matches!(scene, Scene::Lobby(_)) {
            return Vec::new();
        }
        let list = self.filtered(scene);
        if self.filter_mut(list).is_blank() {
            return vec![Request::Back];
        }
        self.clear_filter(list);
        Vec::new()
    }

    /// Says whether the filter of a list is being typed.
    pub(crate) fn types_filter(&self, list: Filtered) -> bool {
        matches!(self.popup, Some(Popup::Filter(of)) if of == list)
    }

    /// Why something can't be done in the lobby or a list over all drills.
    pub(super) fn why_not_in_list(&self, act: Do, scene: &Scene<'_>) -> Option<Shown> {
        let places = [place(scene), Where::Always];
        let known = matches!(
            act,
            Do::Move(_) | Do::Dialogue(_) | Do::Program(Program::Suspend | Program::Redraw | Program::Copy)
        );
        if !known && !TABLE.iter().any(|line| places.contains(&line.at) && line.act == act) {
            return Some("open a drill first".into());
        }
        match (act, scene) {
            (Do::Open(Open::Replay), Scene::Lobby(lobby)) if lobby.drills.is_empty() => {
                Some("there is no drill to replay yet; Enter starts one".into())
            }
            (Do::Improve(what), Scene::Improvements(view)) => self.why_not_improve(what, view),
            _ => None,
        }
    }
}

fn said_of(group: &Group, drill: &Outline) -> Shown {
    let team = group.team.clone().unwrap_or_default();
    let techniques: Vec<&SafeText> = drill.techniques.iter().map(|one| &one.id).collect();
    let (id, phase) = (&drill.drill, drill.phase.label());
    shown!("{} {} {} {} {} {} {}", id, group.scenario, group.title, team, drill.result(), phase, techniques.joined(" "))
}

fn said_of_improvement(one: &Improvement, view: &ImprovementsView) -> Shown {
    let text = |text: &Option<SafeText>| text.as_ref().map_or_else(Shown::default, Shown::from);
    let scenario = one.scenario.as_ref().map_or_else(Shown::default, Shown::from);
    let overdue = if one.is_overdue(view.today) { "overdue" } else { "" };
    let how = one.closed.as_ref().map_or_else(Shown::default, |closed| Shown::from(&closed.how));
    shown!(
        "{} {} {} {} {} {} {} {}",
        one.id,
        one.what,
        text(&one.owner),
        text(&one.due),
        text(&one.measure),
        scenario,
        overdue,
        how
    )
}
