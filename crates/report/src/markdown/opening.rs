//! Title, summary in words, and the verdict.

use super::table::{lines, section, table};
use crate::escape;
use firedrill_core::projection::debrief::{Debrief, PartVerdict, Verdict};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Shown, shown};

pub(super) fn head(debrief: &Debrief) -> Shown {
    let title = escape::inline(&debrief.title);
    let facts = [
        shown!("Drill: {}", escape::plain(&debrief.drill)),
        shown!("Scenario: {}", escape::plain(&debrief.scenario)),
        shown!("Seed: {}", debrief.seed),
        shown!("Began: {}", escape::plain(&debrief.began)),
        shown!("State: {}", escape::plain(&debrief.state)),
    ];
    let facts = lines(facts.iter().map(|fact| shown!("- {}", fact)));
    shown!("# After-action report: {}\n\n{}\n{}", title, facts, summary(debrief))
}

/// One paragraph that can be read aloud.
fn summary(debrief: &Debrief) -> Shown {
    let mut said = vec![match debrief.verdict {
        Verdict::Held => Shown::from("The hypothesis held."),
        Verdict::Deviated => deviated(&debrief.parts),
        Verdict::NotMeasured => not_measured(&debrief.parts),
    }];
    if matches!(debrief.state.as_str(), "steady-state" | "hypothesis" | "experiment") {
        said.push(Shown::from("The drill is not over, and what really went on is told from Verify on."));
    }
    said.extend(debrief.parts.iter().map(|part| escape::inline(&part.found)));
    if debrief.impact.requests > 0.0 {
        let (failed, requests) = (wording::grouped(debrief.impact.failed), wording::grouped(debrief.impact.requests));
        said.push(shown!("Of {} requests of customers, {} failed.", requests, failed));
    }
    said.extend(debrief.evidence.losses().map(|loss| escape::plain(&loss)));
    said.extend(debrief.left.iter().map(escape::inline));
    said.dedup();
    said.joined(" ")
}

fn not_measured(parts: &[PartVerdict]) -> Shown {
    let number = parts.iter().filter(|part| part.verdict == Verdict::NotMeasured).count();
    if number == parts.len() {
        return Shown::from("The hypothesis was not measured.");
    }
    shown!("What was measured of the hypothesis held; {} of its {} parts could not be measured.", number, parts.len())
}

fn deviated(parts: &[PartVerdict]) -> Shown {
    let number = parts.iter().filter(|part| part.verdict == Verdict::Deviated).count();
    shown!("The hypothesis deviated in {} of its {} parts.", number, parts.len())
}

pub(super) fn verdict(debrief: &Debrief) -> Shown {
    let rows: Vec<Vec<Shown>> = debrief
        .parts
        .iter()
        .map(|part| {
            vec![
                escape::plain(&part.part),
                escape::inline(&part.expected),
                part.verdict.label().into(),
                escape::inline(&part.found),
            ]
        })
        .collect();
    let sentence = escape::inline(&debrief.hypothesis);
    let table = table(&["Part", "Expected", "Verdict", "Found"], &rows);
    section("Hypothesis", &shown!("> {}\n\nVerdict: **{}**\n\n{}", sentence, debrief.verdict.label(), table))
}
