//! Verify: the steps against their timers, and what people said of them. Counts, never means; nobody is ranked.

use super::{Page, clock};
use crate::tui::screen::bar;
use crate::tui::theme::Meaning;
use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::StepRow;
use firedrill_core::projection::debrief::people::{PeopleSaid, YesNo};
use firedrill_model::{Joined, Shown, shown};

/// Columns of the label.
const LABEL: usize = 22;

pub(super) fn people(page: &mut Page<'_, '_>, debrief: &Debrief) {
    counts(page, &debrief.people);
    if !debrief.confidence.is_empty() {
        let levels: Vec<Shown> = debrief.confidence.iter().map(|point| Shown::from(&point.confidence)).collect();
        page.labelled("Confidence, in order", LABEL, Meaning::Faint, levels.joined(" → "), Meaning::Figure);
    }
    page.gap();
    page.text("Steps against their timers", Meaning::Strong);
    let longest = debrief.steps.iter().map(|step| step.seconds.unwrap_or(0.0).max(step.goal)).fold(1.0, f64::max);
    for step in &debrief.steps {
        self::step(page, step, longest);
    }
}

fn counts(page: &mut Page<'_, '_>, said: &PeopleSaid) {
    let number = shown!("{} of {} steps that were done", said.answered, said.asked);
    page.labelled("Answered after", LABEL, Meaning::Faint, &number, Meaning::Plain);
    let levels = said.confidence.iter().zip(1..).filter(|(count, _)| **count > 0);
    let levels: Vec<Shown> = levels.map(|(count, level)| shown!("{} of 5: {}×", level, count)).collect();
    if !levels.is_empty() {
        page.labelled("Confidence", LABEL, Meaning::Faint, levels.joined(", "), Meaning::Plain);
    }
    let known = |said: YesNo| shown!("yes {}×, no {}×", said.yes, said.no);
    page.labelled("Knew where to look", LABEL, Meaning::Faint, known(said.knew_where), Meaning::Plain);
    page.labelled("Knew whom to call", LABEL, Meaning::Faint, known(said.knew_whom), Meaning::Plain);
    for row in &said.against {
        let words =
            shown!("within the goal {}×, over it {}×, not timed {}×", row.within_goal, row.over_goal, row.not_timed);
        page.labelled(&row.confidence, LABEL, Meaning::Faint, &words, Meaning::Plain);
    }
    for row in &said.differences {
        let words = shown!("{} people predicted: {}", row.people, row.text);
        page.labelled(&row.about, LABEL, Meaning::Faint, &words, Meaning::Plain);
    }
}

fn step(page: &mut Page<'_, '_>, step: &StepRow, longest: f64) {
    let (sign, meaning) = match (step.state.as_str(), step.seconds) {
        ("done", Some(seconds)) if seconds > step.goal => ("! over its goal", Meaning::Caution),
        ("done", _) => ("✓ done", Meaning::Good),
        ("skipped", _) => ("– left out", Meaning::Caution),
        ("open", _) => ("○ open", Meaning::Caution),
        _ => ("  not asked", Meaning::Faint),
    };
    let head = shown!("{} ({}, {})", step.title, step.phase, step.csf);
    page.labelled(sign, LABEL, meaning, &head, Meaning::Plain);
    if let Some(seconds) = step.seconds {
        let time = shown!("{} {} (goal {})", bar(seconds / longest, 20), clock(seconds), clock(step.goal));
        page.labelled("", LABEL, Meaning::Plain, &time, Meaning::Plain);
    }
    let knew = |knew: Option<bool>, what: &'static str| {
        knew.map(|yes| shown!("{} {}", if yes { "knew" } else { "did not know" }, what))
    };
    let confidence = step.confidence.map(|level| shown!("confidence {} of 5", level));
    let said = [confidence, knew(step.knew_where, "where to look"), knew(step.knew_whom, "whom to escalate to")];
    let said: Vec<Shown> = said.into_iter().flatten().collect();
    if !said.is_empty() {
        page.labelled("", LABEL, Meaning::Plain, said.joined(", "), Meaning::Faint);
    }
    for words in step.by.iter().filter(|_| step.state == "done") {
        page.labelled("", LABEL, Meaning::Plain, &shown!("by: {}", words), Meaning::Faint);
    }
    for words in step.words.iter().chain(&step.why_skipped) {
        page.labelled("", LABEL, Meaning::Plain, &shown!("\"{}\"", words), Meaning::Faint);
    }
}
