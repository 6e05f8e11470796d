//! Improvements over all drills, as text.

use chrono::NaiveDate;

use firedrill_core::projection::improvements::{EarlierRow, Improvement, Showed};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Shown, shown};

/// A line for what it is, and one for how it stands.
#[must_use]
pub fn text(all: &[&Improvement], today: NaiveDate) -> Shown {
    let lines: Vec<Shown> =
        all.iter().map(|one| shown!("{}: {}\n  {}", one.id, one.what, stands(one, today))).collect();
    lines.joined("\n")
}

/// How many are open, in a sentence; nothing where none is.
#[must_use]
pub fn count(all: &[Improvement], today: NaiveDate) -> Option<Shown> {
    let open = all.iter().filter(|one| one.closed.is_none()).count();
    let overdue = all.iter().filter(|one| one.is_overdue(today)).count();
    let said = shown!("{} open", wording::count(open, "improvement is", "improvements are"));
    match (open, overdue) {
        (0, _) => None,
        (_, 0) => Some(said),
        _ => Some(shown!("{}, {} of them overdue", said, overdue)),
    }
}

/// How it stands, in a sentence.
#[must_use]
pub fn stands(one: &Improvement, today: NaiveDate) -> Shown {
    let mut said = Vec::new();
    if let Some(closed) = &one.closed {
        said.push(shown!("Closed on {}: {}", closed.on, closed.how));
    } else {
        let owner = one.owner.as_ref().map_or_else(|| Shown::from("no owner yet"), |owner| shown!("owner {}", owner));
        let due = one.due.as_ref().map_or_else(|| Shown::from("no date yet"), |due| shown!("due {}", due));
        let overdue = if one.is_overdue(today) { ", overdue" } else { "" };
        said.push(shown!("Open, {}, {}{}", owner, due, overdue));
    }
    if let Some(measure) = &one.measure {
        said.push(shown!("to be seen by {}", measure));
    }
    if let Some(drill) = &one.drill {
        let scenario = one.scenario.as_ref().map_or_else(Shown::default, |scenario| shown!(" ({})", scenario));
        said.push(shown!("from {}{}", drill, scenario));
    }
    said.joined("; ") + "."
}

/// Whether an improvement of an earlier drill showed in this one: `time to notify: 11:00 -> 2:30`.
#[must_use]
pub fn showed(row: &EarlierRow) -> Shown {
    if row.showed.is_empty() {
        return Shown::from("Nothing in both drills can show it.");
    }
    let one = |showed: &Showed| shown!("{}: {} -> {}", showed.label, showed.then.words(), showed.now.words());
    row.showed.iter().map(one).joined(", ")
}
