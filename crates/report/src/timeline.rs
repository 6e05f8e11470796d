//! What happened, in order, as CSV.

use super::csv;
use firedrill_core::projection::Debrief;
use firedrill_model::{Shown, shown};

/// A line for each line of the timeline, and two of the lane `record`: the end of the record in words, and how far it can be trusted. Each
/// moment is told in its three readings: T, drill UTC (`utc`, as documents of the drill have it), and recorded at (the wall clock).
#[must_use]
pub fn csv(debrief: &Debrief) -> String {
    let lines = debrief.happened.iter().map(|row| (row, row.lane.clone(), Shown::from(&row.text)));
    let last = debrief.happened.last();
    let end = last.filter(|_| !debrief.head_words.is_empty());
    let end = end.map(|row| (row, "record".into(), shown!("The record ends with: {}", debrief.head_words)));
    let trust = last.filter(|_| !debrief.trust.is_empty());
    let trust = trust.map(|row| (row, "record".into(), shown!("{}.", debrief.trust)));
    let head = csv::row(["t", "drill_seconds", "utc", "recorded_at", "lane", "text", "exercise"]);
    lines.chain(end).chain(trust).fold(head, |text, (row, lane, words)| {
        let at = &row.readings;
        let cells = [
            at.t.clone(),
            Shown::from(row.at),
            at.utc.clone(),
            at.recorded_at.clone(),
            lane,
            words,
            debrief.exercise_label.clone(),
        ];
        text + &csv::row(cells)
    })
}
