//! Noise and evidence: findings and what they were, red herrings, harm, automations, marked records.

use super::table::{lines, maybe_clock, maybe_text, section, table};
use crate::escape;
use firedrill_core::projection::debrief::Debrief;
use firedrill_core::projection::debrief::evidence::{HarmRow, HerringRow, MarkedRow, TraceRow};
use firedrill_core::projection::wording;
use firedrill_model::Judgement;

pub(super) fn findings(debrief: &Debrief) -> String {
    if debrief.evidence.findings.is_empty() {
        return String::new();
    }
    let judgement = |judged: Option<Judgement>| judged.map_or("-", Judgement::label).to_owned();
    let rows: Vec<Vec<String>> = debrief
        .evidence
        .findings
        .iter()
        .map(|row| {
            vec![
                maybe_clock(row.since_fault),
                escape::inline(&row.finding),
                escape::inline(&row.resource),
                if row.acknowledged { "yes" } else { "no" }.to_owned(),
                judgement(row.judged),
                judgement(row.was),
                maybe_text(row.because.as_ref()),
            ]
        })
        .collect();
    let head = ["Since the fault", "Finding", "On", "Taken on", "Held for", "Was", "Because"];
    section("Findings, and what they were", &table(&head, &rows))
}

pub(super) fn red_herrings(debrief: &Debrief) -> String {
    let line = |row: &HerringRow| {
        let at = row.since_fault.map_or_else(|| "before the fault".to_owned(), |_| maybe_clock(row.since_fault));
        let chased = match (row.chased, &row.chased_by) {
            (Some(true), Some(by)) => format!(" It was followed: {}.", escape::inline(by)),
            (Some(false), _) => " Nothing in the record shows that somebody followed it.".to_owned(),
            _ => " The record can't tell whether somebody followed it.".to_owned(),
        };
        let what = wording::sentence(&escape::inline(&row.what));
        format!("- {at} {what} {}{chased}", wording::sentence(&escape::inline(&row.why)))
    };
    section("What only looked like it", &lines(debrief.evidence.red_herrings.iter().map(line)))
}

pub(super) fn harms(debrief: &Debrief) -> String {
    let line = |row: &HarmRow| {
        let refused = if row.refused { " Refused: it was protected." } else { "" };
        let (resource, what) = (escape::inline(&row.resource), wording::sentence(&escape::inline(&row.what)));
        format!("- {} {} ({resource}): {what}{refused}", maybe_clock(row.since_fault), escape::plain(&row.kind))
    };
    section("Harm", &lines(debrief.evidence.harms.iter().map(line)))
}

pub(super) fn automations(debrief: &Debrief) -> String {
    let rows: Vec<Vec<String>> = debrief
        .evidence
        .automations
        .iter()
        .map(|row| {
            vec![
                maybe_clock(row.since_fault),
                escape::inline(&row.automation),
                escape::inline(&row.resource),
                if row.worked { "ran" } else { "failed, told nobody" }.to_owned(),
                escape::inline(&row.brought),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    section("Automations", &table(&["Since the fault", "Automation", "At", "How", "What came of it"], &rows))
}

pub(super) fn marked(debrief: &Debrief) -> String {
    let evidence = &debrief.evidence;
    if evidence.marked.is_empty() && evidence.traces.is_empty() {
        return String::new();
    }
    let mut content = if evidence.marked.is_empty() {
        "No record was marked as evidence.\n".to_owned()
    } else {
        lines(evidence.marked.iter().map(mark))
    };
    if !evidence.traces.is_empty() {
        content.push_str("\nWhat the adversary left in the logs:\n\n");
        content.push_str(&lines(evidence.traces.iter().map(trace)));
    }
    section("Evidence", &content)
}

fn mark(row: &MarkedRow) -> String {
    let note = row
        .note
        .as_ref()
        .map_or_else(String::new, |note| format!(" It shows: {}", wording::sentence(&escape::inline(note))));
    let left = match (&row.left_by, row.benign) {
        (Some(stage), Some(true)) => format!(" Left by something harmless: {}.", escape::inline(stage)),
        (Some(stage), _) => format!(" Left by: {}.", escape::inline(stage)),
        (None, _) => String::new(),
    };
    let (source, summary) = (escape::plain(&row.source), escape::inline(&row.summary));
    format!("- {} {} marked {source}: {summary}.{note}{left}", maybe_clock(row.since_fault), escape::inline(&row.who))
}

fn trace(row: &TraceRow) -> String {
    let logs = if row.logs.is_empty() { String::new() } else { format!(" in {}", escape::plain(&row.logs.join(", "))) };
    let records = wording::count(usize::try_from(row.records).unwrap_or(usize::MAX), "record", "records");
    format!("- {}: {records}{logs}, {} of them marked.", escape::inline(&row.stage), row.marked)
}
