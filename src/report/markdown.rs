//! The after-action report as Markdown, to be taken into a meeting.
//!
//! Every text that people or a scenario wrote goes through [`escape`](super::escape).

mod evidence;
mod figures;
mod learnings;
mod opening;
mod table;

use crate::projection::Debrief;

/// Renders the report. Plain `CommonMark` with the tables that most renderers know; no raw HTML.
#[must_use]
pub fn render(debrief: &Debrief) -> String {
    let sections = [
        opening::head(debrief),
        opening::verdict(debrief),
        figures::marks(debrief),
        figures::durations(debrief),
        figures::impact(debrief),
        figures::guesses(debrief),
        figures::steps(debrief),
        figures::people(debrief),
        learnings::second_order(debrief),
        evidence::harms(debrief),
        evidence::automations(debrief),
        learnings::orders(debrief),
        learnings::predictions(debrief),
        evidence::findings(debrief),
        evidence::red_herrings(debrief),
        evidence::marked(debrief),
        learnings::questions(debrief),
        learnings::improvements(debrief),
        learnings::earlier(debrief),
        learnings::notes(debrief),
        learnings::happened(debrief),
        learnings::truth(debrief),
        learnings::record(debrief),
    ];
    let text: Vec<&str> = sections.iter().map(|section| section.trim_end()).filter(|text| !text.is_empty()).collect();
    text.join("\n\n") + "\n"
}
