//! The after-action report as Markdown, to be taken into a meeting: what can be learned first, then details, then appendices.
//!
//! Every text that people or a scenario wrote goes through [`escape`](super::escape).

mod evidence;
mod exercise;
mod figures;
mod learnings;
mod opening;
mod path;
mod table;

use firedrill_core::projection::Debrief;
use firedrill_model::{Joined, Shown};

/// Renders the report. Plain `CommonMark` with the tables that most renderers know; no raw HTML.
#[must_use]
pub fn render(debrief: &Debrief) -> Shown {
    let details = Shown::from("# Details");
    let appendices = Shown::from("# Appendices");
    let sections = [
        opening::head(debrief),
        opening::verdict(debrief),
        opening::outcome(debrief),
        learnings::predictions(debrief),
        figures::guesses(debrief),
        path::surprises(debrief),
        exercise::objectives(debrief),
        exercise::strengths(debrief),
        exercise::areas(debrief),
        exercise::plan(debrief),
        learnings::earlier(debrief),
        learnings::questions(debrief),
        details,
        learnings::truth(debrief),
        exercise::observations(debrief),
        path::side_by_side(debrief),
        learnings::doors(debrief),
        learnings::orders(debrief),
        path::pipelines(debrief),
        figures::steps(debrief),
        figures::people(debrief),
        path::counted(debrief),
        figures::durations(debrief),
        figures::impact(debrief),
        learnings::second_order(debrief),
        evidence::harms(debrief),
        evidence::automations(debrief),
        evidence::findings(debrief),
        evidence::red_herrings(debrief),
        evidence::marked(debrief),
        appendices,
        figures::marks(debrief),
        figures::detections(debrief),
        learnings::notes(debrief),
        learnings::later_notes(debrief),
        learnings::happened(debrief),
        learnings::record(debrief),
        opening::exercise(debrief),
    ];
    let text = sections.iter().map(|section| section.part(..section.trim_end().len())).filter(|text| !text.is_empty());
    text.joined("\n\n") + "\n"
}
