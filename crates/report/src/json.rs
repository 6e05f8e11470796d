//! The debrief as JSON, for other programs.
//!
//! The form is stable and says its version: `"v": 2`. Fields may be added; none is renamed or removed without a new version.
//! Its fields are those of [`Debrief`]: names in `snake_case`, times in seconds of drill time, moments on the wall as RFC 3339,
//! verdicts as `held`, `deviated` or `not-measured`, `null` where something isn't in the record.
//!
//! Version 2 added `surprises`, `objectives`, `strengths`, `areas`, `people`, `pipelines`, `side_by_side`, `confidence`, `signals` and `bars`;
//! `id`, `csf`, `asked_at`, `ended_at` and `seq` of steps; `seq` of guesses and of what happened; `early` and `came_of_it` of orders; `chased` of what only
//! looked like the incident; `entry`, `measure` and `closed` of improvements; `jump` of surprises, `later_notes`, `bookmarks` and `doors`. Nothing of version 1 was
//! renamed or removed.

use firedrill_core::projection::Debrief;

/// The debrief as indented JSON, with a line end behind it.
#[must_use]
pub fn render(debrief: &Debrief) -> String {
    // Plain data without maps of foreign keys can always be written; an empty object would still be JSON.
    let mut text = serde_json::to_string_pretty(debrief).unwrap_or_else(|_| "{}".to_owned());
    text.push('\n');
    text
}
