//! The playbook's steps with their timers and what people said of them.

use super::StepRow;
use super::durations::hurried;
use super::material::{Material, drill_seconds, tenths};
use crate::projection::view::{StepHow, StepView};
use crate::projection::wording;
use firedrill_model::{SafeText, shown};

pub(super) fn steps(from: &Material<'_>) -> Vec<StepRow> {
    from.view.playbook.steps.iter().filter_map(|row| step(from, row)).collect()
}

fn step(from: &Material<'_>, row: &StepView) -> Option<StepRow> {
    let known = from.view.step(&row.id)?;
    let how = row.end.as_ref().map(|end| &end.how);
    let state = match (how, row.prompted) {
        (Some(StepHow::Done(_)), _) => "done",
        (Some(StepHow::Skipped(_)), _) => "skipped",
        (None, Some(_)) => "open",
        (None, None) => "not asked",
    };
    let done = matches!(how, Some(StepHow::Done(_))).then(|| from.view.step_time(row, from.view.now)).flatten();
    let by = match how {
        Some(StepHow::Done(Some(run))) => from.view.responses.get(run),
        _ => None,
    };
    let why = match how {
        Some(StepHow::Skipped(Some(why))) => Some(from.text(why)),
        _ => None,
    };
    Some(StepRow {
        id: (&known.id).into(),
        title: known.title.clone(),
        phase: wording::nist(known.phase).into(),
        csf: known.csf_function().letters().into(),
        state: state.into(),
        asked_at: row.prompted.map(|stamp| drill_seconds(stamp.at)),
        counts_from: from.view.step_clock(row).map(|stamp| drill_seconds(stamp.at)),
        ended_at: row.end.as_ref().map(|end| drill_seconds(end.stamp.at)),
        seq: row.end.as_ref().map(|end| end.stamp.seq),
        seconds: done.map(|span| tenths(span.as_secs_f64())),
        hurried: from
            .view
            .step_clock(row)
            .zip(row.end.as_ref())
            .and_then(|(asked, end)| hurried(from, asked, end.stamp)),
        goal: tenths(known.goal.as_secs_f64()),
        by: by.map(|response| {
            let words = from.view.response_words(&response.action, response.target.as_ref());
            let vain = response.in_vain().map(|vain| shown!(", which was {}", vain)).unwrap_or_default();
            SafeText::one_line(&(words + &vain))
        }),
        why_skipped: why,
        confidence: row.answers.confidence,
        knew_where: row.answers.knew_where,
        knew_whom: row.answers.knew_whom,
        words: row.answers.words.as_ref().map(|words| from.lines(words)),
    })
}
