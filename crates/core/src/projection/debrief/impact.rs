//! What customers felt, from the fault to the end of the experiment.

use super::Impact;
use super::material::Material;
use super::verdict::signal_after;
use crate::projection::signals::{Limit, Outside};
use crate::projection::wording;
use firedrill_model::{SafeText, shown};

pub(super) fn impact(from: &Material<'_>) -> Impact {
    let hypothesis = &from.view.course.hypothesis;
    let limit = Limit { at: hypothesis.at, side: hypothesis.stays };
    let track = from.view.track(&hypothesis.signal);
    let found = match (track, from.view.fault()) {
        (Some(track), Some(fault)) => signal_after(&track, limit, fault.at, from.end()),
        _ => Outside::default(),
    };
    Impact {
        requests: from.view.board.requests.round(),
        failed: from.view.board.failed.round(),
        signal: track.map_or_else(|| hypothesis.signal.as_str().into(), |track| track.signal.title.clone()),
        bound: track.map_or_else(
            || SafeText::one_line(&shown!("{}", hypothesis.at)),
            |track| SafeText::one_line(&wording::limit(track.signal, hypothesis.at)),
        ),
        minutes_outside: (found.total.as_secs_f64() / 60.0 * 100.0).round() / 100.0,
        worst: track.zip(found.worst).map(|(track, worst)| SafeText::one_line(&wording::figure(track.signal, worst))),
    }
}
