//! The debrief as JSON, for other programs.
//!
//! The form is stable and says its version: `"v": 3`. Fields may be added; none is renamed or removed without a new version.
//! Its fields are those of [`Debrief`]: names in `snake_case`, times in seconds of drill time, moments as RFC 3339,
//! verdicts as `held`, `deviated` or `not-measured`, `null` where something isn't in the record.
//!
//! Version 2 added `surprises`, `objectives`, `strengths`, `areas`, `people`, `pipelines`, `side_by_side`, `confidence`, `signals` and `bars`;
//! `id`, `csf`, `asked_at`, `ended_at` and `seq` of steps; `seq` of guesses and of what happened; `early` and `came_of_it` of orders; `chased` of what only
//! looked like the incident; `entry`, `measure` and `closed` of improvements; `jump` of surprises, `later_notes`, `bookmarks` and `doors`. Nothing of version 1 was
//! renamed or removed.
//!
//! Version 3 reads a moment in three ways, each by its name: `t` (since the fault), `utc` (drill UTC, what documents carry) and `recorded_at` (the
//! clock on the wall, which was `utc` before). TTR counts from the detection to the moment since which the steady state has held; `recovery` is
//! what it counted from before. It added `exercise`, `outcome`, `wrong_on_purpose`, `detections`, `by` of marks, `never` and `hurried` of durations,
//! `signals` of guesses (a guess is about all of them, so `outcome`, `seconds_outside` and `agrees` are of the one furthest off), `customers` and `others` of `impact`; parts of a hypothesis are any number.

use firedrill_core::projection::Debrief;

/// The debrief as indented JSON, with a line end behind it.
#[must_use]
pub fn render(debrief: &Debrief) -> String {
    // Plain data without maps of foreign keys can always be written; an empty object would still be JSON.
    let mut text = serde_json::to_string_pretty(debrief).unwrap_or_else(|_| "{}".to_owned());
    text.push('\n');
    text
}
