//! Reports: each is a view of a projection (the [`Debrief`], the view, the history, the improvements), and adds no fact of its own.

pub mod chart;
pub mod csv;
pub mod escape;
mod foreign;
pub mod guardduty;
pub mod history;
pub mod html;
pub mod improvements;
pub mod json;
pub mod junit;
pub mod logs;
pub mod markdown;
pub mod msel;
pub mod navigator;
pub mod ocsf;
pub mod template;
pub mod timeline;

use serde_json::{Map, Value, json};

use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::outcome::IncidentOutcome;

/// The result of a drill in a few figures: for `run --json`. Times are in seconds of drill time, empty
/// (`null`) where a mark is missing.
#[must_use]
pub fn summary(debrief: &Debrief) -> Value {
    let parts = debrief.parts.iter().map(
        |part| json!({ "part": part.part, "verdict": part.verdict, "expected": part.expected, "found": part.found }),
    );
    let durations: Map<String, Value> =
        debrief.durations.iter().map(|row| (row.name.to_lowercase(), json!(row.seconds))).collect();
    let hurried = debrief.durations.iter().filter(|row| row.hurried.is_some());
    let hurried: Map<String, Value> = hurried.map(|row| (row.name.to_lowercase(), json!(row.hurried))).collect();
    json!({
        "v": 1,
        "exercise": debrief.exercise,
        "drill": debrief.drill,
        "scenario": debrief.scenario,
        "title": debrief.title,
        "seed": debrief.seed,
        "state": debrief.state,
        "began": debrief.began,
        "verdict": debrief.verdict,
        "parts": parts.collect::<Vec<_>>(),
        "adversary_at_work": debrief.outcome.as_ref().map(IncidentOutcome::is_at_work),
        "outcome": debrief.outcome,
        "wrong_on_purpose": debrief.wrong_on_purpose,
        "durations": durations,
        "hurried": hurried,
        "detections": debrief.detections,
        "impact": debrief.impact,
    })
}
