//! The rows of lists, and which of them is chosen: by what it is, not by where it stands, so that a new row on top moves nothing.

use super::{App, Pane};
use crate::domain::id::{FindingId, InjectId, SignalId, StepId, TargetId};
use crate::drill::Phase;
use crate::projection::View;
use crate::projection::view::{LogRow, TimelineLine};
use crate::tui::scene::{DrillScene, LobbyView, Scene};

/// A row of the pane of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum Item {
    /// A finding.
    Finding(FindingId),
    /// A scripted message.
    Message(InjectId),
}

/// What is chosen in each list; nothing means what suggests itself: the newest, or the step that is due.
#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct Chosen {
    pub lobby: usize,
    item: Option<Item>,
    signal: Option<SignalId>,
    step: Option<StepId>,
    instance: Option<TargetId>,
    /// Number of the record since the drill began.
    log: Option<u64>,
    /// Number of the entry, and which of its lines.
    line: Option<(u64, usize)>,
    question: usize,
    improvement: usize,
}

/// Findings and messages, newest first.
pub(in crate::tui) fn items(view: &View) -> Vec<Item> {
    let findings = view.board.findings.iter().map(|row| (row.seen.seq, Item::Finding(row.finding.id.clone())));
    let messages = view.board.messages.iter().map(|(id, stamp)| (stamp.seq, Item::Message(id.clone())));
    let mut all: Vec<_> = findings.chain(messages).collect();
    all.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    all.into_iter().map(|(_, item)| item).collect()
}

/// Number of the entry that brought an item.
pub(super) fn seq(view: &View, item: &Item) -> Option<u64> {
    match item {
        Item::Finding(id) => view.board.finding(id).map(|row| row.seen.seq),
        Item::Message(id) => view.board.messages.iter().find(|(of, _)| of == id).map(|(_, stamp)| stamp.seq),
    }
}

/// Log records that the filter lets through, newest first, each with its number since the drill began.
pub(in crate::tui) fn logs<'a>(app: &App, view: &'a View) -> Vec<(u64, &'a LogRow)> {
    let words: Vec<String> = app.log_filter.text().split_whitespace().map(str::to_lowercase).collect();
    let all = view.board.logs.iter().enumerate().rev();
    all.filter(|(_, row)| app.log_source.is_none_or(|source| source == row.record.source))
        .filter(|(_, row)| matches(row, &words))
        .map(|(at, row)| (view.board.logs_dropped + u64::try_from(at).unwrap_or(u64::MAX), row))
        .collect()
}

/// All words are in the record; a word with `-` before it must not be.
fn matches(row: &LogRow, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let record = &row.record;
    let text = format!("{} {} {}", record.source.label(), record.summary, record.raw).to_lowercase();
    words.iter().all(|word| match word.strip_prefix('-') {
        Some("") => true,
        Some(word) => !text.contains(word),
        None => text.contains(word),
    })
}

/// Lines of the timeline that may be shown: newest first while the drill runs, in order afterwards.
pub(in crate::tui) fn timeline(view: &View) -> Vec<&TimelineLine> {
    if view.course.phase >= Phase::Verify {
        view.timeline.iter().collect()
    } else {
        view.timeline.iter().rev().filter(|line| !line.hidden).collect()
    }
}

/// Instances, service by service in the order of the scenario.
pub(in crate::tui) fn instances(view: &View) -> Vec<TargetId> {
    let of = |service| view.board.instances.iter().filter(move |(_, row)| row.service == service);
    let services = view.scenario.services.iter().map(|service| service.id.clone());
    services.flat_map(|service| of(service).map(|(id, _)| id.clone()).collect::<Vec<_>>()).collect()
}

impl App {
    /// How many rows a list has.
    pub(in crate::tui) fn row_count(&self, drill: &DrillScene<'_>, pane: Pane) -> usize {
        let view = drill.view;
        match pane {
            Pane::Findings => items(view).len(),
            Pane::Signals => view.scenario.signals.len(),
            Pane::Playbook => view.playbook.steps.len(),
            Pane::Services => instances(view).len(),
            Pane::Logs => logs(self, view).len(),
            Pane::Timeline => timeline(view).len(),
            Pane::Questions => drill.debrief.map_or(0, |debrief| debrief.questions.len()),
            Pane::Improvements => view.people.improvements.len(),
            Pane::Brief | Pane::Verdict | Pane::Marks | Pane::Expected | Pane::Truth => 0,
        }
    }

    /// Which row of a list is chosen.
    pub(in crate::tui) fn row(&self, drill: &DrillScene<'_>, pane: Pane) -> usize {
        let view = drill.view;
        let chosen = &self.chosen;
        let found = match pane {
            Pane::Findings => chosen.item.as_ref().and_then(|item| items(view).iter().position(|i| i == item)),
            Pane::Signals => {
                let wanted = chosen.signal.as_ref().unwrap_or(&view.course.hypothesis.signal);
                view.scenario.signals.iter().position(|signal| signal.id == *wanted)
            }
            Pane::Playbook => {
                let wanted = chosen.step.clone().or_else(|| due_step(view));
                view.playbook.steps.iter().position(|step| Some(&step.id) == wanted.as_ref())
            }
            Pane::Services => chosen.instance.as_ref().and_then(|id| instances(view).iter().position(|i| i == id)),
            Pane::Logs => chosen.log.and_then(|log| logs(self, view).iter().position(|(at, _)| *at == log)),
            Pane::Timeline => chosen.line.and_then(|line| line_row(view, line)),
            Pane::Questions => Some(chosen.question),
            Pane::Improvements => Some(chosen.improvement),
            Pane::Brief | Pane::Verdict | Pane::Marks | Pane::Expected | Pane::Truth => None,
        };
        found.unwrap_or(0).min(self.row_count(drill, pane).saturating_sub(1))
    }

    /// Chooses a row of a list.
    pub(super) fn choose_row(&mut self, drill: &DrillScene<'_>, pane: Pane, row: usize) {
        let view = drill.view;
        match pane {
            Pane::Findings => self.chosen.item = items(view).into_iter().nth(row),
            Pane::Signals => self.chosen.signal = view.scenario.signals.get(row).map(|signal| signal.id.clone()),
            Pane::Playbook => self.chosen.step = view.playbook.steps.get(row).map(|step| step.id.clone()),
            Pane::Services => self.chosen.instance = instances(view).into_iter().nth(row),
            Pane::Logs => self.chosen.log = logs(self, view).get(row).map(|(at, _)| *at),
            Pane::Timeline => self.chosen.line = line_key(view, row),
            Pane::Questions => self.chosen.question = row,
            Pane::Improvements => self.chosen.improvement = row,
            Pane::Brief | Pane::Verdict | Pane::Marks | Pane::Expected | Pane::Truth => {}
        }
    }

    /// The newest row again, if a list follows what is new.
    pub(super) fn follow(&mut self, pane: Pane) {
        match pane {
            Pane::Findings => self.chosen.item = None,
            Pane::Playbook => self.chosen.step = None,
            Pane::Logs => self.chosen.log = None,
            Pane::Timeline => self.chosen.line = None,
            _ => {}
        }
    }

    /// The chosen finding or message.
    pub(in crate::tui) fn chosen_item(&self, drill: &DrillScene<'_>) -> Option<Item> {
        items(drill.view).into_iter().nth(self.row(drill, Pane::Findings))
    }

    /// The chosen step.
    pub(in crate::tui) fn chosen_step(&self, drill: &DrillScene<'_>) -> Option<StepId> {
        drill.view.playbook.steps.get(self.row(drill, Pane::Playbook)).map(|step| step.id.clone())
    }

    /// How many rows the lobby has.
    pub(super) fn lobby_rows(scene: &Scene<'_>) -> usize {
        match scene {
            Scene::Lobby(LobbyView { scenarios, drills, .. }) => scenarios.len() + drills.len(),
            Scene::Drill(_) => 0,
        }
    }
}

/// The step that is due: asked for first and not ended.
pub(in crate::tui) fn due_step(view: &View) -> Option<StepId> {
    let open = view.playbook.steps.iter().filter(|step| step.prompted.is_some() && step.end.is_none());
    open.map(|step| step.id.clone()).next()
}

/// The row of a line: entries have a number, and an entry may have made several lines.
fn line_row(view: &View, (seq, nth): (u64, usize)) -> Option<usize> {
    let lines = timeline(view);
    let mut of_entry = lines.iter().enumerate().filter(|(_, line)| line.stamp.seq == seq);
    of_entry.nth(nth).map(|(row, _)| row)
}

fn line_key(view: &View, row: usize) -> Option<(u64, usize)> {
    let lines = timeline(view);
    let seq = lines.get(row)?.stamp.seq;
    Some((seq, lines.iter().take(row).filter(|line| line.stamp.seq == seq).count()))
}
