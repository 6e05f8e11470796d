//! Durations between marks, each with its definition. A missing mark gives no value, and says why.
//!
//! The definitions of TTD, TTC and TTR follow the aws-samples incident response playbooks (first unauthorised use to alert; notification to
//! containment; detection to the steady state); TTN and TTA fill the gap between the first sign and a person, recovery is what was left
//! to do once the incident was contained, and exposure is what an adversary had. Restored is the moment since which the steady state has
//! held, so that no figure contains the scenario's holding time.

use super::DurationRow;
use super::material::{MARKS, Material, tenths};
use crate::projection::view::{Mark, Stamp};
use firedrill_model::shown;

struct Definition {
    name: &'static str,
    label: &'static str,
    from: Mark,
    to: Mark,
    /// People are part of what it measures.
    of_people: bool,
}

const DEFINITIONS: [Definition; 7] = [
    define(("TTD", "Time to detect"), Mark::FaultActive, Mark::Detected, false),
    define(("TTN", "Time to notify"), Mark::Detected, Mark::Notified, false),
    define(("TTA", "Time to acknowledge"), Mark::Notified, Mark::Acknowledged, true),
    define(("TTC", "Time to contain"), Mark::Notified, Mark::ContainmentEffective, true),
    define(("TTR", "Time to remediate"), Mark::Detected, Mark::SteadyStateRestored, true),
    define(("recovery", "Recovery"), Mark::ContainmentEffective, Mark::SteadyStateRestored, true),
    define(("exposure", "Exposure"), Mark::FaultActive, Mark::ContainmentEffective, true),
];

const fn define((name, label): (&'static str, &'static str), from: Mark, to: Mark, of_people: bool) -> Definition {
    Definition { name, label, from, to, of_people }
}

pub(super) fn durations(from: &Material<'_>) -> Vec<DurationRow> {
    DEFINITIONS.iter().map(|definition| row(from, definition)).collect()
}

fn row(from: &Material<'_>, definition: &Definition) -> DurationRow {
    let (first, last) = (from.mark(definition.from), from.mark(definition.to));
    let (first_label, last_label) = (label(definition.from), label(definition.to));
    let (seconds, missing) = match (first, last) {
        (Some(first), Some(last)) if first.at <= last.at => (Some(tenths(last.at.since(first.at).as_secs_f64())), None),
        (Some(_), Some(_)) => (None, Some(shown!("'{}' came before '{}'", last_label, first_label))),
        (None, None) => (None, Some(shown!("neither '{}' nor '{}' is in the record", first_label, last_label))),
        (None, Some(_)) => (None, Some(shown!("'{}' is not in the record", first_label))),
        (Some(_), None) => (None, Some(shown!("'{}' is not in the record", last_label))),
    };
    let never = last.is_none() && from.open && from.experiment().is_some();
    DurationRow {
        name: definition.name.into(),
        label: definition.label.into(),
        definition: shown!("from '{}' to '{}'", first_label, last_label),
        seconds,
        missing,
        never,
        hurried: first.zip(last).filter(|_| definition.of_people).and_then(|(first, last)| hurried(from, first, last)),
    }
}

/// For how long between two moments the clock ran faster than real time while something was asked of somebody; nothing for less than a
/// tenth of a second.
pub(super) fn hurried(from: &Material<'_>, first: Stamp, last: Stamp) -> Option<f64> {
    let span = from.view.course.clock.hurried(first.at, last.at);
    Some(tenths(span.as_secs_f64())).filter(|secs| *secs > 0.0)
}

/// Label of a mark.
pub(crate) fn label(mark: Mark) -> &'static str {
    MARKS.iter().find(|(known, _, _)| *known == mark).map_or("", |(_, _, label)| label)
}
