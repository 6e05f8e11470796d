//! What is said of an earlier drill beside this one.

use std::collections::BTreeMap;

use firedrill_core::projection::ghost::{Milestone, Sight};
use firedrill_core::projection::{Ghost, View};
use firedrill_model::{DrillTime, SafeText, Shown, Span, shown};

/// What was said of the ghost so far, so that each thing is said once.
#[derive(Debug, Default)]
pub struct Beside {
    said: BTreeMap<Milestone, SafeText>,
}

impl Beside {
    /// What there is to say since the last call.
    #[must_use]
    pub fn news(&mut self, ghost: &Ghost, (view, now): (&View, DrillTime), sight: Sight) -> Vec<Shown> {
        let Some(elapsed) = view.since_fault(now) else { return Vec::new() };
        let mut rows = ghost.rows(view, now, sight);
        rows.retain(|row| row.news(elapsed).is_some());
        rows.sort_by_key(|row| row.news(elapsed));
        let mut lines = Vec::new();
        for row in rows {
            let sentence = ghost.sentence(&row, view);
            if self.said.get(&row.what) != Some(&sentence) {
                lines.push(shown!("ghost: {}.", sentence));
                self.said.insert(row.what, sentence);
            }
        }
        lines
    }

    /// Takes everything as said up to here: after a way back.
    pub fn catch_up(&mut self, ghost: &Ghost, at: (&View, DrillTime), sight: Sight) {
        self.said.clear();
        let _ = self.news(ghost, at, sight);
    }
}

/// Both drills side by side, a line for each milestone.
#[must_use]
pub fn table(ghost: &Ghost, (view, now): (&View, DrillTime), sight: Sight) -> Vec<Shown> {
    let at = |at: Option<Span>| at.map_or_else(|| Shown::from("-"), Span::clock);
    let mut lines = vec![Shown::from(ghost.opening())];
    let rows = ghost.rows(view, now, sight);
    if rows.is_empty() {
        lines.push("There is nothing to compare yet.".into());
    }
    lines.extend(rows.iter().map(|row| shown!("{} {}.", at(row.here.or(row.then)), ghost.sentence(row, view))));
    lines
}
