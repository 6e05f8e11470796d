//! Charts as SVG that stands in a page: pure functions from a debrief to text.
//!
//! Own code, for no library was found that draws static SVG which takes its colours from the page (light, dark, paper), carries title
//! and description for screen readers, and hatches as well as it colours. Nothing is told by colour alone: lanes have names, bounds are
//! lines with their figure, what is outside is hatched, and kinds of points have shapes.

mod axis;
mod confidence;
mod lanes;
mod pipeline;
mod signals;
mod steps;
mod svg;
mod timeline;

use serde::Serialize;

use firedrill_core::projection::Debrief;

pub use signals::OutsideRow;

/// Most ways of findings that are drawn; the page lists all.
const MAX_PIPELINES: usize = 4;

/// The charts of a report, each an `<svg>` element, or empty where there is nothing to draw; and what they show that is nowhere else.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Charts {
    /// Marks and lanes over the signals, sharing an axis of time.
    pub timeline: String,
    /// The way of each finding from the fault to a person, in the order of the debrief.
    pub pipelines: Vec<String>,
    /// Steps of the playbook against their goals.
    pub steps: String,
    /// Confidence along the drill against how the step went.
    pub confidence: String,
    /// When each signal was outside of its bound, as the timeline shades it.
    pub outside: Vec<OutsideRow>,
}

/// Draws everything.
#[must_use]
pub fn charts(debrief: &Debrief) -> Charts {
    let ways = debrief.pipelines.iter().take(MAX_PIPELINES).enumerate();
    Charts {
        timeline: timeline::draw(debrief),
        pipelines: ways.map(|(index, way)| pipeline::draw(index, way)).collect(),
        steps: steps::draw(&debrief.steps),
        confidence: confidence::draw(debrief),
        outside: debrief.signals.iter().map(|course| signals::outside(course, debrief.zero)).collect(),
    }
}
