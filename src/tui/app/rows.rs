//! The rows of lists, and which of them is chosen: by what it is, not by where it stands, so that a new row on top moves nothing.

use std::cmp::Ordering;

use super::App;
use crate::tui::pane::Pane;
use crate::tui::scene::DrillScene;
use firedrill_core::projection::view::{FindingRow, TimelineLine};
use firedrill_core::projection::{View, Viewer};
use firedrill_model::finding::severity_word;
use firedrill_model::id::{FindingId, InjectId, ObjectiveId, SignalId, StepId, TargetId};
use firedrill_model::phase::Phase;
use firedrill_model::{Judgement, Shown, shown};

/// How many blocks stand behind the objectives: strengths, areas for improvement, corrective actions.
pub(in crate::tui) const BEHIND: usize = 3;

/// A row of the pane of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// A finding.
    Finding(FindingId),
    /// A scripted message.
    Message(InjectId),
}

/// What is chosen in each list; nothing means what suggests itself: the newest, or the step that is due.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chosen {
    pub lobby: usize,
    item: Option<Item>,
    signal: Option<SignalId>,
    step: Option<StepId>,
    instance: Option<TargetId>,
    /// The entry that brought the record.
    log: Option<u64>,
    /// Number of the entry, and which of its lines.
    line: Option<(u64, usize)>,
    question: usize,
    improvement: usize,
    surprise: usize,
    objective: usize,
}

/// Findings and messages, newest first.
pub(crate) fn items(view: &View) -> Vec<Item> {
    let findings = view.board.findings.iter().map(|row| (row.seen.seq, Item::Finding(row.finding.id.clone())));
    let messages = view.board.messages.iter().map(|row| (row.stamp.seq, Item::Message(row.inject.clone())));
    let mut all: Vec<_> = findings.chain(messages).collect();
    all.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    all.into_iter().map(|(_, item)| item).collect()
}

/// Number of the entry that brought an item.
pub(super) fn seq(view: &View, item: &Item) -> Option<u64> {
    match item {
        Item::Finding(id) => view.board.finding(id).map(|row| row.seen.seq),
        Item::Message(id) => view.board.message(id).map(|row| row.stamp.seq),
    }
}

/// In which order findings and messages are listed, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Listing {
    /// All, the newest first.
    #[default]
    Newest,
    /// All: first what nobody has taken on, the severest of it first.
    Severest,
    /// Only what nobody has taken on or judged as noise, the severest first.
    Open,
}

impl Listing {
    /// The next one.
    pub fn next(self) -> Self {
        match self {
            Self::Newest => Self::Severest,
            Self::Severest => Self::Open,
            Self::Open => Self::Newest,
        }
    }

    /// In words, for the title.
    pub fn label(self) -> &'static str {
        match self {
            Self::Newest => "newest first",
            Self::Severest => "severest first",
            Self::Open => "open only",
        }
    }
}

/// Says whether a finding is taken on or judged as noise: nothing more is asked of anyone.
fn is_settled(row: &FindingRow) -> bool {
    row.acknowledged.is_some() || matches!(row.judged, Some((_, _, Judgement::Noise)))
}

/// What a filter looks at.
fn words_of(view: &View, item: &Item) -> Shown {
    let text = match item {
        Item::Finding(id) => view.board.finding(id).map(|row| {
            let finding = &row.finding;
            let judged = row.judged.as_ref().map_or("", |(_, _, judgement)| judgement.label());
            let word = severity_word(finding.severity);
            shown!("{} {} {} {} {} {}", word, finding.kind, finding.resource, finding.title, finding.detector, judged)
        }),
        Item::Message(id) => {
            let inject = view.board.message(id).and_then(|row| row.message.as_ref());
            inject.map(|inject| shown!("message {} {} {}", inject.from, inject.via, inject.text))
        }
    };
    text.unwrap_or_default().lowercase()
}

/// Lines of the timeline that may be shown: newest first while the drill runs, in order afterwards. Before Verify the ground truth is only
/// shown in a replay that looks at it, never while a drill is run.
pub(crate) fn timeline<'a>(drill: &DrillScene<'a>) -> Vec<&'a TimelineLine> {
    let view = drill.view;
    if view.course.phase >= Phase::Verify {
        return view.timeline.iter().collect();
    }
    let open = drill.replay.is_some_and(|transport| *transport.viewer() == Viewer::Everything);
    view.timeline.iter().rev().filter(|line| open || !line.hidden).collect()
}

/// Instances, service by service in the order of the scenario.
pub(crate) fn instances(view: &View) -> Vec<TargetId> {
    let of = |service| view.board.instances.iter().filter(move |(_, row)| row.service == service);
    let services = view.scenario.services.iter().map(|service| service.id.clone());
    services.flat_map(|service| of(service).map(|(id, _)| id.clone()).collect::<Vec<_>>()).collect()
}

impl App {
    /// Findings and messages as they are listed.
    pub(crate) fn listed(&self, drill: &DrillScene<'_>) -> Vec<Item> {
        let view = drill.view;
        let mut all = items(view);
        let filter = self.finding_filter.text().to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        if !words.is_empty() {
            all.retain(|item| {
                let text = words_of(view, item);
                words.iter().all(|word| match word.strip_prefix('-') {
                    Some(word) => word.is_empty() || !text.contains(word),
                    None => text.contains(word),
                })
            });
        }
        let of = |item: &Item| match item {
            Item::Finding(id) => view.board.finding(id),
            Item::Message(_) => None,
        };
        match self.listing {
            Listing::Newest => {}
            Listing::Severest => all.sort_by(|a, b| order(of(a)).partial_cmp(&order(of(b))).unwrap_or(Ordering::Equal)),
            Listing::Open => {
                all.retain(|item| of(item).is_none_or(|row| !is_settled(row)));
                all.sort_by(|a, b| order(of(a)).partial_cmp(&order(of(b))).unwrap_or(Ordering::Equal));
            }
        }
        all
    }

    /// How many rows a list has.
    pub(crate) fn row_count(&self, drill: &DrillScene<'_>, pane: Pane) -> usize {
        let view = drill.view;
        match pane {
            Pane::Findings => self.listed(drill).len(),
            Pane::Signals => view.scenario.signals.len(),
            Pane::Playbook => view.playbook.steps.len(),
            Pane::Services => instances(view).len(),
            Pane::Logs => self.searched(drill, |found| found.len()),
            Pane::Timeline => timeline(drill).len(),
            Pane::Questions => drill.debrief.map_or(0, |debrief| debrief.questions.len()),
            Pane::Improvements => view.people.improvements.len(),
            Pane::Surprises => drill.debrief.map_or(0, |debrief| debrief.surprises.len()),
            Pane::Objectives => drill.debrief.map_or(0, |debrief| debrief.objectives.len() + BEHIND),
            Pane::Brief
            | Pane::Expected
            | Pane::Path
            | Pane::Pipeline
            | Pane::People
            | Pane::Truth
            | Pane::Evidence => 0,
        }
    }

    /// Which row of a list is chosen.
    pub(crate) fn row(&self, drill: &DrillScene<'_>, pane: Pane) -> usize {
        let view = drill.view;
        let chosen = &self.chosen;
        let found = match pane {
            Pane::Findings => chosen.item.as_ref().and_then(|item| self.listed(drill).iter().position(|i| i == item)),
            Pane::Signals => {
                let wanted = chosen.signal.as_ref().unwrap_or(&view.course.hypothesis.signal);
                view.scenario.signals.iter().position(|signal| signal.id == *wanted)
            }
            Pane::Playbook => {
                let wanted = chosen.step.clone().or_else(|| due_step(view));
                view.playbook.steps.iter().position(|step| Some(&step.id) == wanted.as_ref())
            }
            Pane::Services => chosen.instance.as_ref().and_then(|id| instances(view).iter().position(|i| i == id)),
            Pane::Logs => chosen.log.and_then(|log| self.record_row(drill, log)),
            Pane::Timeline => chosen.line.and_then(|line| line_row(drill, line)),
            Pane::Questions => Some(chosen.question),
            Pane::Improvements => Some(chosen.improvement),
            Pane::Surprises => Some(chosen.surprise),
            Pane::Objectives => Some(chosen.objective),
            Pane::Brief
            | Pane::Expected
            | Pane::Path
            | Pane::Pipeline
            | Pane::People
            | Pane::Truth
            | Pane::Evidence => None,
        };
        found.unwrap_or(0).min(self.row_count(drill, pane).saturating_sub(1))
    }

    /// Chooses a row of a list.
    pub(super) fn choose_row(&mut self, drill: &DrillScene<'_>, pane: Pane, row: usize) {
        let view = drill.view;
        match pane {
            Pane::Findings => self.chosen.item = self.listed(drill).into_iter().nth(row),
            Pane::Signals => self.chosen.signal = view.scenario.signals.get(row).map(|signal| signal.id.clone()),
            Pane::Playbook => self.chosen.step = view.playbook.steps.get(row).map(|step| step.id.clone()),
            Pane::Services => self.chosen.instance = instances(view).into_iter().nth(row),
            Pane::Logs => self.chosen.log = self.record_at(drill, row).map(|record| record.seq),
            Pane::Timeline => self.chosen.line = line_key(drill, row),
            Pane::Questions => self.chosen.question = row,
            Pane::Improvements => self.chosen.improvement = row,
            Pane::Surprises => self.chosen.surprise = row,
            Pane::Objectives => self.chosen.objective = row,
            Pane::Brief
            | Pane::Expected
            | Pane::Path
            | Pane::Pipeline
            | Pane::People
            | Pane::Truth
            | Pane::Evidence => {}
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
    pub(crate) fn chosen_item(&self, drill: &DrillScene<'_>) -> Option<Item> {
        self.listed(drill).into_iter().nth(self.row(drill, Pane::Findings))
    }

    /// The chosen step.
    pub(crate) fn chosen_step(&self, drill: &DrillScene<'_>) -> Option<StepId> {
        drill.view.playbook.steps.get(self.row(drill, Pane::Playbook)).map(|step| step.id.clone())
    }

    /// The chosen objective, unless what stands behind the objectives is chosen.
    pub(crate) fn chosen_objective(&self, drill: &DrillScene<'_>) -> Option<ObjectiveId> {
        let row = drill.debrief?.objectives.get(self.row(drill, Pane::Objectives))?;
        ObjectiveId::new(&row.id).ok()
    }
}

/// Where an item stands when the severest comes first: open ones before settled ones; messages after the findings of their kind.
fn order(row: Option<&FindingRow>) -> (bool, f64) {
    row.map_or((false, 0.0), |row| (is_settled(row), -row.finding.severity))
}

/// The step that is due: asked for first and not ended.
pub(crate) fn due_step(view: &View) -> Option<StepId> {
    let open = view.playbook.steps.iter().filter(|step| step.prompted.is_some() && step.end.is_none());
    open.map(|step| step.id.clone()).next()
}

/// A line by its entry, and which of the entry's lines.
pub(crate) fn line<'a>(drill: &DrillScene<'a>, seq: u64, nth: usize) -> Option<&'a TimelineLine> {
    timeline(drill).into_iter().filter(|line| line.stamp.seq == seq).nth(nth)
}

/// The row of a line: entries have a number, and an entry may have made several lines.
fn line_row(drill: &DrillScene<'_>, (seq, nth): (u64, usize)) -> Option<usize> {
    let lines = timeline(drill);
    let mut of_entry = lines.iter().enumerate().filter(|(_, line)| line.stamp.seq == seq);
    of_entry.nth(nth).map(|(row, _)| row)
}

pub(super) fn line_key(drill: &DrillScene<'_>, row: usize) -> Option<(u64, usize)> {
    let lines = timeline(drill);
    let seq = lines.get(row)?.stamp.seq;
    Some((seq, lines.iter().take(row).filter(|line| line.stamp.seq == seq).count()))
}
