//! The after-action report proper, in the shape of HSEEP: objectives with ratings and observations, strengths, areas for improvement,
//! corrective actions.

use super::table::{NOTHING, bullets, clock, lines, maybe_text, section, table};
use crate::escape;
use firedrill_core::projection::debrief::objectives::{ObjectiveRow, ObservationRow};
use firedrill_core::projection::debrief::{Debrief, ImprovementLine};

/// What the letters mean, and who says them.
const RATINGS: &str = "\
Ratings are said by people, of objectives and never of persons: P performed without challenges, S with some challenges, M with major \
challenges, U unable to be performed (HSEEP). What the record shows is no rating.
";

pub(super) fn objectives(debrief: &Debrief) -> String {
    if debrief.objectives.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = debrief
        .objectives
        .iter()
        .map(|row| {
            let rating = row
                .rating
                .map_or_else(|| "not rated".to_owned(), |rating| format!("**{}** {}", rating.letter(), rating.label()));
            vec![escape::inline(&row.title), escape::inline(&row.capability), rating]
        })
        .collect();
    let table = table(&["Objective", "Capability", "Rating"], &rows);
    section("Objectives", &format!("{table}\n{RATINGS}"))
}

/// What the record shows of each objective, and what was observed.
pub(super) fn observations(debrief: &Debrief) -> String {
    let all: Vec<String> = debrief.objectives.iter().map(objective).collect();
    section("Objectives in detail", &all.join("\n"))
}

fn objective(row: &ObjectiveRow) -> String {
    let observed = if row.observations.is_empty() {
        "Nobody rated it or wrote down an observation.\n".to_owned()
    } else {
        format!("Observed:\n\n{}", lines(row.observations.iter().map(observation)))
    };
    let shows = if row.from_the_record.is_empty() {
        String::new()
    } else {
        format!("What the record shows:\n\n{}\n", bullets(&row.from_the_record))
    };
    format!("### {}\n\n{shows}{observed}", escape::inline(&row.title))
}

fn observation(row: &ObservationRow) -> String {
    let rating = row.rating.map_or_else(String::new, |rating| format!(" **{}**", rating.letter()));
    let words = row.words.as_ref().map_or_else(String::new, |words| format!(" {}", escape::inline(words)));
    format!("- {} {}:{rating}{words}", clock(row.at), escape::inline(&row.who))
}

pub(super) fn strengths(debrief: &Debrief) -> String {
    section("Strengths", &bullets(&debrief.strengths))
}

pub(super) fn areas(debrief: &Debrief) -> String {
    section("Areas for improvement", &bullets(&debrief.areas))
}

/// The improvement plan.
pub(super) fn plan(debrief: &Debrief) -> String {
    if debrief.improvements.is_empty() {
        return section("Improvement plan", "No corrective action was written down.\n");
    }
    let rows: Vec<Vec<String>> = debrief.improvements.iter().map(action).collect();
    let head = ["Corrective action", "Owner", "Due", "Seen by", "State"];
    section("Improvement plan", &table(&head, &rows))
}

fn action(line: &ImprovementLine) -> Vec<String> {
    let state = line.closed.as_ref().map_or_else(
        || "open".to_owned(),
        |closed| format!("closed on {}: {}", closed.on, escape::inline(&closed.how)),
    );
    let measure = line.measure.as_ref().map_or_else(|| NOTHING.to_owned(), escape::inline);
    vec![escape::inline(&line.what), maybe_text(line.owner.as_ref()), maybe_text(line.due.as_ref()), measure, state]
}
