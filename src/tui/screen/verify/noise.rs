//! Verify: harm, what only looked like the incident, automations, and what was marked as evidence against what mattered.

use super::Page;
use crate::tui::theme::Meaning;
use firedrill_core::projection::debrief::evidence::{Evidence, JudgedRow, MarkedRow};
use firedrill_core::projection::moment::t_since;
use firedrill_model::{Joined, Judgement, Shown, shown};

/// Width of the label before each line.
const LABEL: usize = 12;

fn since(secs: Option<f64>) -> Shown {
    secs.map_or_else(Shown::default, t_since)
}

pub(super) fn evidence(page: &mut Page<'_, '_>, all: &Evidence) {
    harm(page, all);
    if !all.findings.is_empty() {
        head(page, "Findings, and what they were");
    }
    for row in &all.findings {
        finding(page, row);
    }
    if !all.red_herrings.is_empty() {
        head(page, "What only looked like it");
    }
    for row in &all.red_herrings {
        page.labelled(since(row.since_fault), LABEL, Meaning::Faint, &row.what, Meaning::Plain);
        page.labelled("", LABEL, Meaning::Faint, &row.why, Meaning::Faint);
    }
    if !all.automations.is_empty() {
        head(page, "Automations");
    }
    for row in &all.automations {
        let (sign, meaning) = if row.worked { ("✓ ran", Meaning::Good) } else { ("✗ failed", Meaning::Bad) };
        let words = shown!("{} {} at {}: {}", since(row.since_fault), row.automation, row.resource, row.brought);
        page.labelled(sign, LABEL, meaning, &words, Meaning::Plain);
    }
    marks(page, all);
}

fn head(page: &mut Page<'_, '_>, words: impl Into<Shown>) {
    if !page.lines.is_empty() {
        page.gap();
    }
    page.text(words, Meaning::Strong);
}

fn harm(page: &mut Page<'_, '_>, all: &Evidence) {
    if all.harms.is_empty() {
        return;
    }
    head(page, "Harm");
    for row in &all.harms {
        let (refused, meaning) =
            if row.refused { (" Refused: it was protected.", Meaning::Good) } else { ("", Meaning::Bad) };
        let words = shown!("{} ({}): {}{}", row.kind, row.resource, row.what, refused);
        page.labelled(since(row.since_fault), LABEL, meaning, &words, Meaning::Plain);
    }
}

fn finding(page: &mut Page<'_, '_>, row: &JudgedRow) {
    let (sign, meaning) = match (row.judged, row.was) {
        (Some(judged), Some(was)) if judged == was => ("✓ as judged", Meaning::Good),
        (Some(_), Some(_)) => ("✗ otherwise", Meaning::Bad),
        (None, _) => ("– not judged", Meaning::Faint),
        (_, None) => ("? can't tell", Meaning::Caution),
    };
    let judged = row.judged.map_or_else(Shown::default, |judged| shown!(", held for {}", judged.label()));
    let was = match row.was {
        Some(Judgement::Ours) => ", belonged to the incident",
        Some(Judgement::Noise) => ", was noise",
        None => "",
    };
    let because = row.because.as_ref().map_or_else(Shown::default, |because| shown!(": {}", because));
    let words = shown!("{} on {}{}{}{}", row.finding, row.resource, judged, was, because);
    page.labelled(sign, LABEL + 1, meaning, &words, Meaning::Plain);
}

fn marks(page: &mut Page<'_, '_>, all: &Evidence) {
    head(page, "Marked as evidence");
    if all.marked.is_empty() {
        page.text("No record was marked.", Meaning::Faint);
    }
    for row in &all.marked {
        mark(page, row);
    }
    if all.traces.is_empty() {
        return;
    }
    head(page, &shown!("What {} left in the logs", all.left_by()));
    for row in &all.traces {
        let (sign, meaning) = if row.marked > 0 { ("✓", Meaning::Good) } else { ("–", Meaning::Faint) };
        let logs = if row.logs.is_empty() { Shown::default() } else { shown!(" in {}", row.logs.iter().joined(", ")) };
        let words = shown!("{}: {} records{}, {} marked", row.stage, row.records, logs, row.marked);
        page.labelled(&shown!("{} ", sign), 2, meaning, &words, Meaning::Plain);
    }
}

fn mark(page: &mut Page<'_, '_>, row: &MarkedRow) {
    let words = shown!("{}: {}", row.source, row.summary);
    page.labelled(since(row.since_fault), LABEL, Meaning::Faint, &words, Meaning::Plain);
    if let Some(note) = &row.note {
        page.labelled("", LABEL, Meaning::Faint, &shown!("\"{}\"", note), Meaning::Figure);
    }
    let (words, meaning) = match (&row.left_by, row.benign) {
        (Some(stage), Some(true)) => (shown!("harmless: {}", stage), Meaning::Caution),
        (Some(stage), _) => (shown!("left by: {}", stage), Meaning::Good),
        (None, _) => return,
    };
    page.labelled("", LABEL, Meaning::Faint, &words, meaning);
}
