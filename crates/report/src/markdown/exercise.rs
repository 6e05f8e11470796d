//! The after-action report proper, in the shape of HSEEP: objectives with ratings and observations, strengths, areas for improvement,
//! corrective actions.

use super::table::{NOTHING, bullets, lines, maybe_text, section, table};
use crate::escape;
use firedrill_core::projection::debrief::objectives::{ObjectiveRow, ObservationRow};
use firedrill_core::projection::debrief::{Debrief, ImprovementLine};
use firedrill_model::{Joined, Shown, shown};

/// What the letters mean, and who says them.
const RATINGS: &str = "\
Ratings are said by people, of objectives and never of persons: P performed without challenges, S with some challenges, M with major \
challenges, U unable to be performed (HSEEP). What the record shows is no rating.
";

pub(super) fn objectives(debrief: &Debrief) -> Shown {
    if debrief.objectives.is_empty() {
        return Shown::default();
    }
    let rows: Vec<Vec<Shown>> = debrief
        .objectives
        .iter()
        .map(|row| {
            let rating = row.rating.map_or_else(
                || Shown::from("not rated"),
                |rating| shown!("**{}** {}", rating.letter(), rating.label()),
            );
            vec![escape::inline(&row.title), escape::inline(&row.capability), rating]
        })
        .collect();
    let table = table(&["Objective", "Capability", "Rating"], &rows);
    section("Objectives", &shown!("{}\n{}", table, RATINGS))
}

/// What the record shows of each objective, and what was observed.
pub(super) fn observations(debrief: &Debrief) -> Shown {
    let all: Vec<Shown> = debrief.objectives.iter().map(objective).collect();
    section("Objectives in detail", all.joined("\n"))
}

fn objective(row: &ObjectiveRow) -> Shown {
    let observed = if row.observations.is_empty() {
        Shown::from("Nobody rated it or wrote down an observation.\n")
    } else {
        shown!("Observed:\n\n{}", lines(row.observations.iter().map(observation)))
    };
    let shows = if row.from_the_record.is_empty() {
        Shown::default()
    } else {
        shown!("What the record shows:\n\n{}\n", bullets(&row.from_the_record))
    };
    shown!("### {}\n\n{}{}", escape::inline(&row.title), shows, observed)
}

fn observation(row: &ObservationRow) -> Shown {
    let rating = row.rating.map_or_else(Shown::default, |rating| shown!(" **{}**", rating.letter()));
    let words = row.words.as_ref().map_or_else(Shown::default, |words| shown!(" {}", escape::lines(words)));
    shown!("- {} {}:{}{}", escape::plain(&row.t), escape::inline(&row.who), rating, words)
}

pub(super) fn strengths(debrief: &Debrief) -> Shown {
    section("Strengths", bullets(&debrief.strengths))
}

pub(super) fn areas(debrief: &Debrief) -> Shown {
    section("Areas for improvement", bullets(&debrief.areas))
}

/// The improvement plan.
pub(super) fn plan(debrief: &Debrief) -> Shown {
    if debrief.improvements.is_empty() {
        return section("Improvement plan", "No corrective action was written down.\n");
    }
    let rows: Vec<Vec<Shown>> = debrief.improvements.iter().map(action).collect();
    let head = ["Corrective action", "Owner", "Due", "Seen by", "State"];
    section("Improvement plan", table(&head, &rows))
}

fn action(line: &ImprovementLine) -> Vec<Shown> {
    let state = line.closed.as_ref().map_or_else(
        || Shown::from("open"),
        |closed| shown!("closed on {}: {}", closed.on, escape::inline(&closed.how)),
    );
    let measure = line.measure.as_ref().map_or_else(|| NOTHING.into(), escape::inline);
    vec![escape::inline(&line.what), maybe_text(line.owner.as_ref()), maybe_text(line.due.as_ref()), measure, state]
}
