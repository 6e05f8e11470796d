//! Noise and evidence: findings and what they were, red herrings, harm, automations, marked records.

use super::table::{lines, maybe_clock, maybe_text, section, table};
use crate::escape;
use firedrill_core::projection::debrief::Debrief;
use firedrill_core::projection::debrief::evidence::{HarmRow, HerringRow, MarkedRow, TraceRow};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Judgement, Shown, shown};

pub(super) fn findings(debrief: &Debrief) -> Shown {
    if debrief.evidence.findings.is_empty() {
        return Shown::default();
    }
    let judgement = |judged: Option<Judgement>| judged.map_or("-", Judgement::label).into();
    let rows: Vec<Vec<Shown>> = debrief
        .evidence
        .findings
        .iter()
        .map(|row| {
            vec![
                maybe_clock(row.since_fault),
                escape::inline(&row.finding),
                escape::inline(&row.resource),
                if row.acknowledged { "yes" } else { "no" }.into(),
                judgement(row.judged),
                judgement(row.was),
                maybe_text(row.because.as_ref()),
            ]
        })
        .collect();
    let head = ["T", "Finding", "On", "Taken on", "Held for", "Was", "Because"];
    section("Findings, and what they were", table(&head, &rows))
}

pub(super) fn red_herrings(debrief: &Debrief) -> Shown {
    let line = |row: &HerringRow| {
        let at = maybe_clock(row.since_fault);
        let chased = match (row.chased, &row.chased_by) {
            (Some(true), Some(by)) => shown!(" It was followed: {}.", escape::inline(by)),
            (Some(false), _) => Shown::from(" Nothing in the record shows that somebody followed it."),
            _ => Shown::from(" The record can't tell whether somebody followed it."),
        };
        let what = wording::sentence(escape::inline(&row.what));
        shown!("- {} {} {}{}", at, what, wording::sentence(escape::inline(&row.why)), chased)
    };
    section("What only looked like it", lines(debrief.evidence.red_herrings.iter().map(line)))
}

pub(super) fn harms(debrief: &Debrief) -> Shown {
    let line = |row: &HarmRow| {
        let refused = if row.refused { " Refused: it was protected." } else { "" };
        let (resource, what) = (escape::inline(&row.resource), wording::sentence(escape::inline(&row.what)));
        shown!("- {} {} ({}): {}{}", maybe_clock(row.since_fault), escape::plain(&row.kind), resource, what, refused)
    };
    section("Harm", lines(debrief.evidence.harms.iter().map(line)))
}

pub(super) fn automations(debrief: &Debrief) -> Shown {
    let rows: Vec<Vec<Shown>> = debrief
        .evidence
        .automations
        .iter()
        .map(|row| {
            vec![
                maybe_clock(row.since_fault),
                escape::inline(&row.automation),
                escape::inline(&row.resource),
                if row.worked { "ran" } else { "failed, told nobody" }.into(),
                escape::inline(&row.brought),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Shown::default();
    }
    section("Automations", table(&["T", "Automation", "At", "How", "What came of it"], &rows))
}

pub(super) fn marked(debrief: &Debrief) -> Shown {
    let evidence = &debrief.evidence;
    if evidence.marked.is_empty() && evidence.traces.is_empty() {
        return Shown::default();
    }
    let mut content = if evidence.marked.is_empty() {
        Shown::from("No record was marked as evidence.\n")
    } else {
        lines(evidence.marked.iter().map(mark))
    };
    if !evidence.traces.is_empty() {
        content.push(shown!("\nWhat {} left in the logs:\n\n", evidence.left_by()));
        content.push(lines(evidence.traces.iter().map(trace)));
    }
    section("Evidence", &content)
}

fn mark(row: &MarkedRow) -> Shown {
    let note = row
        .note
        .as_ref()
        .map_or_else(Shown::default, |note| shown!(" It shows: {}", wording::sentence(escape::inline(note))));
    let left = match (&row.left_by, row.benign) {
        (Some(stage), Some(true)) => shown!(" Left by something harmless: {}.", escape::inline(stage)),
        (Some(stage), _) => shown!(" Left by: {}.", escape::inline(stage)),
        (None, _) => Shown::default(),
    };
    let (source, summary) = (escape::plain(&row.source), escape::inline(&row.summary));
    shown!(
        "- {} {} marked {}: {}.{}{}",
        maybe_clock(row.since_fault),
        escape::inline(&row.who),
        source,
        summary,
        note,
        left
    )
}

fn trace(row: &TraceRow) -> Shown {
    let logs = if row.logs.is_empty() {
        Shown::default()
    } else {
        shown!(" in {}", escape::plain(row.logs.iter().joined(", ")))
    };
    let records = wording::count(usize::try_from(row.records).unwrap_or(usize::MAX), "record", "records");
    shown!("- {}: {}{}, {} of them marked.", escape::inline(&row.stage), records, logs, row.marked)
}
