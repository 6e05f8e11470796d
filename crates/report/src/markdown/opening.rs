//! Title, summary in words, and the verdict.

use super::table::{lines, section, table};
use crate::escape;
use firedrill_core::projection::debrief::{Debrief, PartVerdict, Verdict};
use firedrill_core::projection::wording;

pub(super) fn head(debrief: &Debrief) -> String {
    let title = escape::inline(&debrief.title);
    let facts = [
        format!("Drill: {}", escape::plain(&debrief.drill)),
        format!("Scenario: {}", escape::plain(&debrief.scenario)),
        format!("Seed: {}", debrief.seed),
        format!("Began: {}", escape::plain(&debrief.began)),
        format!("State: {}", escape::plain(&debrief.state)),
    ];
    let facts = lines(facts.iter().map(|fact| format!("- {fact}")));
    format!("# After-action report: {title}\n\n{facts}\n{}", summary(debrief))
}

/// One paragraph that can be read aloud.
fn summary(debrief: &Debrief) -> String {
    let mut said = vec![match debrief.verdict {
        Verdict::Held => "The hypothesis held.".to_owned(),
        Verdict::Deviated => deviated(&debrief.parts),
        Verdict::NotMeasured => not_measured(&debrief.parts),
    }];
    if matches!(debrief.state.as_str(), "steady-state" | "hypothesis" | "experiment") {
        said.push("The drill is not over, and what really went on is told from Verify on.".to_owned());
    }
    said.extend(debrief.parts.iter().map(|part| escape::inline(&part.found)));
    if debrief.impact.requests > 0.0 {
        let (failed, requests) = (wording::grouped(debrief.impact.failed), wording::grouped(debrief.impact.requests));
        said.push(format!("Of {requests} requests of customers, {failed} failed."));
    }
    said.extend(debrief.evidence.losses().map(|loss| escape::plain(&loss)));
    said.extend(debrief.left.iter().map(escape::inline));
    said.dedup();
    said.join(" ")
}

fn not_measured(parts: &[PartVerdict]) -> String {
    let number = parts.iter().filter(|part| part.verdict == Verdict::NotMeasured).count();
    if number == parts.len() {
        return "The hypothesis was not measured.".to_owned();
    }
    format!("What was measured of the hypothesis held; {number} of its {} parts could not be measured.", parts.len())
}

fn deviated(parts: &[PartVerdict]) -> String {
    let number = parts.iter().filter(|part| part.verdict == Verdict::Deviated).count();
    format!("The hypothesis deviated in {number} of its {} parts.", parts.len())
}

pub(super) fn verdict(debrief: &Debrief) -> String {
    let rows: Vec<Vec<String>> = debrief
        .parts
        .iter()
        .map(|part| {
            vec![
                escape::plain(&part.part),
                escape::inline(&part.expected),
                part.verdict.label().to_owned(),
                escape::inline(&part.found),
            ]
        })
        .collect();
    let sentence = escape::inline(&debrief.hypothesis);
    let table = table(&["Part", "Expected", "Verdict", "Found"], &rows);
    section("Hypothesis", &format!("> {sentence}\n\nVerdict: **{}**\n\n{table}", debrief.verdict.label()))
}
