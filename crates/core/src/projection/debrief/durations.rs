//! Durations between marks, each with its definition. A missing mark gives no value, and says why.
//!
//! The definitions of TTD, TTC and TTR follow the aws-samples incident response playbooks (first unauthorised use to alert;
//! notification to containment; containment to validated recovery); TTN and TTA fill the gap between finding and person, and
//! exposure is what an adversary had.

use super::DurationRow;
use super::material::{MARKS, Material, tenths};
use crate::projection::view::Mark;
use firedrill_model::shown;

struct Definition {
    name: &'static str,
    label: &'static str,
    from: Mark,
    to: Mark,
}

const DEFINITIONS: [Definition; 6] = [
    Definition { name: "TTD", label: "Time to detect", from: Mark::FaultActive, to: Mark::FindingCreated },
    Definition { name: "TTN", label: "Time to notify", from: Mark::FindingCreated, to: Mark::Notified },
    Definition { name: "TTA", label: "Time to acknowledge", from: Mark::Notified, to: Mark::Acknowledged },
    Definition { name: "TTC", label: "Time to contain", from: Mark::Notified, to: Mark::ContainmentEffective },
    Definition {
        name: "TTR",
        label: "Time to restore",
        from: Mark::ContainmentEffective,
        to: Mark::SteadyStateRestored,
    },
    Definition { name: "exposure", label: "Exposure", from: Mark::FaultActive, to: Mark::ContainmentEffective },
];

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
    DurationRow {
        name: definition.name.into(),
        label: definition.label.into(),
        definition: shown!("from '{}' to '{}'", first_label, last_label),
        seconds,
        missing,
    }
}

/// Label of a mark.
pub(crate) fn label(mark: Mark) -> &'static str {
    MARKS.iter().find(|(known, _, _)| *known == mark).map_or("", |(_, _, label)| label)
}
