//! What happened, in order, as CSV.

use super::csv;
use crate::projection::Debrief;

/// A line for each line of the timeline. Times are in seconds of drill time.
#[must_use]
pub fn csv(debrief: &Debrief) -> String {
    let head = csv::row(["drill_seconds", "utc", "lane", "text"]);
    debrief.happened.iter().fold(head, |text, row| {
        text + &csv::row([format!("{}", row.at).as_str(), row.utc.as_str(), row.lane.as_str(), row.text.as_str()])
    })
}
