//! Improvements over all drills, as text.

use chrono::NaiveDate;

use firedrill_core::projection::improvements::{EarlierRow, Improvement, Showed};
use firedrill_core::projection::wording;
use firedrill_model::Span;

/// A line for what it is, and one for how it stands.
#[must_use]
pub fn text(all: &[&Improvement], today: NaiveDate) -> String {
    let lines: Vec<String> =
        all.iter().map(|one| format!("{}: {}\n  {}", one.id, one.what, stands(one, today))).collect();
    lines.join("\n")
}

/// How many are open, in a sentence; nothing where none is.
#[must_use]
pub fn count(all: &[Improvement], today: NaiveDate) -> Option<String> {
    let open = all.iter().filter(|one| one.closed.is_none()).count();
    let overdue = all.iter().filter(|one| one.is_overdue(today)).count();
    let said = format!("{} open", wording::count(open, "improvement is", "improvements are"));
    match (open, overdue) {
        (0, _) => None,
        (_, 0) => Some(said),
        _ => Some(format!("{said}, {overdue} of them overdue")),
    }
}

/// How it stands, in a sentence.
#[must_use]
pub fn stands(one: &Improvement, today: NaiveDate) -> String {
    let mut said = Vec::new();
    if let Some(closed) = &one.closed {
        said.push(format!("Closed on {}: {}", closed.on, closed.how));
    } else {
        let owner = one.owner.as_ref().map_or_else(|| "no owner yet".to_owned(), |owner| format!("owner {owner}"));
        let due = one.due.as_ref().map_or_else(|| "no date yet".to_owned(), |due| format!("due {due}"));
        let overdue = if one.is_overdue(today) { ", overdue" } else { "" };
        said.push(format!("Open, {owner}, {due}{overdue}"));
    }
    if let Some(measure) = &one.measure {
        said.push(format!("to be seen by {measure}"));
    }
    if let Some(drill) = &one.drill {
        let scenario = one.scenario.as_ref().map_or_else(String::new, |scenario| format!(" ({scenario})"));
        said.push(format!("from {drill}{scenario}"));
    }
    said.join("; ") + "."
}

/// Whether an improvement of an earlier drill showed in this one: `time to notify: 11:00 -> 2:30`.
#[must_use]
pub fn showed(row: &EarlierRow) -> String {
    if row.showed.is_empty() {
        return "Nothing in both drills can show it.".to_owned();
    }
    let one = |showed: &Showed| {
        let clock = |seconds: f64| Span::from_secs_f64(seconds).clock();
        format!("{}: {} -> {}", showed.label, clock(showed.then), clock(showed.now))
    };
    row.showed.iter().map(one).collect::<Vec<_>>().join(", ")
}
