//! What happened, in order, as CSV.

use super::csv;
use firedrill_core::projection::Debrief;
use firedrill_model::{Shown, shown};

/// A line for each line of the timeline, and two of the lane `record`: the end of the record in words, and how far it can be trusted. Times
/// are in seconds of drill time.
#[must_use]
pub fn csv(debrief: &Debrief) -> String {
    let lines = debrief.happened.iter().map(|row| (row, row.lane.clone(), Shown::from(&row.text)));
    let last = debrief.happened.last();
    let end = last.filter(|_| !debrief.head_words.is_empty());
    let end = end.map(|row| (row, "record".into(), shown!("The record ends with: {}", debrief.head_words)));
    let trust = last.filter(|_| !debrief.trust.is_empty());
    let trust = trust.map(|row| (row, "record".into(), shown!("{}.", debrief.trust)));
    let head = csv::row(["drill_seconds", "utc", "lane", "text"]);
    lines
        .chain(end)
        .chain(trust)
        .fold(head, |text, (row, lane, words)| text + &csv::row([Shown::from(row.at), row.utc.clone(), lane, words]))
}
