//! What each responder expected alone, against what happened. The last word of a seat counts.

use alloc::collections::BTreeMap;

use super::PredictionRow;
use super::guesses::outcome;
use super::material::Material;
use super::verdict::signal_after;
use crate::projection::signals::Limit;
use crate::projection::view::Mark;
use crate::projection::wording;
use firedrill_model::event::Prediction;
use firedrill_model::id::SeatId;
use firedrill_model::{Outcome, SafeText, Shown, Span, shown};

pub(super) fn predictions(from: &Material<'_>) -> Vec<PredictionRow> {
    let last: BTreeMap<&SeatId, &Prediction> = from.view.people.predictions.iter().map(|(s, p)| (s, p)).collect();
    last.into_iter().flat_map(|(seat, prediction)| rows(from, seat, prediction)).collect()
}

fn rows(from: &Material<'_>, seat: &SeatId, prediction: &Prediction) -> Vec<PredictionRow> {
    let row = |about: &'static str, expected: Shown, happened: Shown| PredictionRow {
        who: from.alias(seat),
        about: about.into(),
        expected: SafeText::one_line(&expected),
        happened: SafeText::one_line(&happened),
    };
    let mut rows = Vec::new();
    if let Some(span) = prediction.notified_within {
        rows.push(row("notified", within(span), after_fault(from, Mark::Notified)));
    }
    if let Some(span) = prediction.contained_within {
        rows.push(row("contained", within(span), after_fault(from, Mark::ContainmentEffective)));
    }
    if let Some(guess) = prediction.signal {
        rows.push(row("signal", wording::guess(guess).into(), signal(from)));
    }
    if let Some(confidence) = prediction.confidence.filter(|figure| (1..=5).contains(figure)) {
        rows.push(row("confidence", shown!("{} of 5", confidence), Shown::from("nothing to hold it against")));
    }
    rows
}

fn within(span: Span) -> Shown {
    shown!("within {} of the fault", wording::length(span))
}

fn after_fault(from: &Material<'_>, mark: Mark) -> Shown {
    let since = from.view.fault().zip(from.mark(mark)).map(|(fault, stamp)| stamp.at.since(fault.at));
    since.map_or_else(|| Shown::from("not in the record"), |since| shown!("{} after the fault", wording::length(since)))
}

fn signal(from: &Material<'_>) -> Shown {
    let hypothesis = &from.view.course.hypothesis;
    let limit = Limit { at: hypothesis.at, side: hypothesis.stays };
    let found = from.experiment().zip(from.view.track(&hypothesis.signal));
    let found = found.map(|((fault, end), track)| signal_after(&track, limit, fault, end));
    match found {
        Some(found) if found.measured => {
            if outcome(found) == Outcome::Stayed {
                wording::outcome(Outcome::Stayed).into()
            } else {
                shown!("was outside its bound for {} in all", wording::length(found.total))
            }
        }
        _ => Shown::from("not measured"),
    }
}
