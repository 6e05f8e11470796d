//! What people said of confidence, of where to look and of whom to call, counted. Counts, never means: one drill has none. Nobody is
//! ranked: seats appear only where their own predictions differ, and there without a name.

use alloc::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::StepRow;
use super::material::Material;
use crate::projection::wording;
use firedrill_model::event::Prediction;
use firedrill_model::id::SeatId;
use firedrill_model::{Guess, SafeText, Shown, Span, shown};

/// What people said, counted over the drill.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PeopleSaid {
    /// Steps that were done, after which the questions came.
    pub asked: u32,
    /// Steps after which something was answered.
    pub answered: u32,
    /// How often each level of confidence was said, from 1 to 5.
    pub confidence: [u32; 5],
    /// Knew where to look.
    pub knew_where: YesNo,
    /// Knew whom to escalate to.
    pub knew_whom: YesNo,
    /// Confidence against how the step went.
    pub against: Vec<AgainstRow>,
    /// Where responders' predictions differ.
    pub differences: Vec<DifferenceRow>,
}

/// Answers to a yes-or-no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct YesNo {
    /// How often yes.
    pub yes: u32,
    /// How often no.
    pub no: u32,
}

/// How the steps went after which confidence of a kind was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgainstRow {
    /// `sure (4 or 5)`, `fair (3)` or `unsure (1 or 2)`.
    pub confidence: Shown,
    /// Steps done within their goal.
    pub within_goal: u32,
    /// Steps that took longer.
    pub over_goal: u32,
    /// Steps that were done before they were asked for, so that nothing was timed.
    pub not_timed: u32,
}

/// What responders predicted of one thing, where they did not predict the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferenceRow {
    /// `notified`, `contained`, `signal` or `confidence`.
    pub about: Shown,
    /// How many predicted it.
    pub people: u32,
    /// What was predicted.
    pub text: SafeText,
}

pub(super) fn people(from: &Material<'_>, steps: &[StepRow]) -> PeopleSaid {
    let mut said = PeopleSaid { differences: differences(from), against: against(steps), ..PeopleSaid::default() };
    for step in steps.iter().filter(|step| step.state == "done") {
        said.asked += 1;
        let any = step.confidence.is_some() || step.knew_where.is_some() || step.knew_whom.is_some();
        said.answered += u32::from(any || step.words.is_some());
        let level = step.confidence.and_then(|level| usize::from(level).checked_sub(1));
        if let Some(count) = level.and_then(|level| said.confidence.get_mut(level)) {
            *count += 1;
        }
        said.knew_where.take(step.knew_where);
        said.knew_whom.take(step.knew_whom);
    }
    said
}

impl YesNo {
    fn take(&mut self, answer: Option<bool>) {
        self.yes += u32::from(answer == Some(true));
        self.no += u32::from(answer == Some(false));
    }
}

fn against(steps: &[StepRow]) -> Vec<AgainstRow> {
    let kinds = [("sure (4 or 5)", 4..=5), ("fair (3)", 3..=3), ("unsure (1 or 2)", 1..=2)];
    let rows = kinds.into_iter().map(|(label, levels)| {
        let mut row = AgainstRow { confidence: label.into(), within_goal: 0, over_goal: 0, not_timed: 0 };
        for step in steps.iter().filter(|step| step.confidence.is_some_and(|level| levels.contains(&level))) {
            match step.seconds {
                Some(seconds) if seconds > step.goal => row.over_goal += 1,
                Some(_) => row.within_goal += 1,
                None => row.not_timed += 1,
            }
        }
        row
    });
    rows.filter(|row| row.within_goal + row.over_goal + row.not_timed > 0).collect()
}

fn differences(from: &Material<'_>) -> Vec<DifferenceRow> {
    let last: BTreeMap<&SeatId, &Prediction> = from.view.people.predictions.iter().map(|(s, p)| (s, p)).collect();
    let all: Vec<&Prediction> = last.into_values().collect();
    let notified = spans("notified", all.iter().filter_map(|said| said.notified_within).collect());
    let contained = spans("contained", all.iter().filter_map(|said| said.contained_within).collect());
    let signal = guesses(&all.iter().filter_map(|said| said.signal).collect::<Vec<_>>());
    let confidence = levels(all.iter().filter_map(|said| said.confidence).collect());
    [notified, contained, signal, confidence].into_iter().flatten().collect()
}

fn row(about: &'static str, people: usize, text: &str) -> DifferenceRow {
    let people = u32::try_from(people).unwrap_or(u32::MAX);
    DifferenceRow { about: about.into(), people, text: SafeText::one_line(text) }
}

fn spans(about: &'static str, mut said: Vec<Span>) -> Option<DifferenceRow> {
    said.sort_unstable();
    let (first, last) = (*said.first()?, *said.last()?);
    let text = shown!("from within {} to within {}", wording::length(first), wording::length(last));
    (first != last).then(|| row(about, said.len(), &text))
}

fn guesses(said: &[Guess]) -> Option<DifferenceRow> {
    let kinds = Guess::ALL.iter().map(|guess| (*guess, said.iter().filter(|other| **other == *guess).count()));
    let kinds: Vec<Shown> = kinds
        .filter(|(_, number)| *number > 0)
        .map(|(guess, number)| shown!("'{}' by {}", wording::guess(guess), number))
        .collect();
    (kinds.len() > 1).then(|| row("signal", said.len(), &wording::list(&kinds)))
}

fn levels(said: Vec<u8>) -> Option<DifferenceRow> {
    let number = said.len();
    let levels: BTreeSet<u8> = said.into_iter().filter(|level| (1..=5).contains(level)).collect();
    let (first, last) = (levels.first()?, levels.last()?);
    (first != last).then(|| row("confidence", number, &shown!("from {} to {} of 5", first, last)))
}
