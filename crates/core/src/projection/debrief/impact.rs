//! What customers felt, from the fault to the end of the experiment.

use super::material::Material;
use super::verdict::signal_after;
use super::{Impact, ServedRow};
use crate::projection::signals::{Limit, Outside};
use crate::projection::wording;
use firedrill_model::id::ServiceId;
use firedrill_model::{SafeText, Shown, shown};

pub(super) fn impact(from: &Material<'_>) -> Impact {
    let hypothesis = &from.view.course.hypothesis;
    let limit = Limit { at: hypothesis.at, side: hypothesis.stays };
    let track = from.view.track(&hypothesis.signal);
    let found = match (track, from.view.fault()) {
        (Some(track), Some(fault)) => signal_after(&track, limit, fault.at, from.end()),
        _ => Outside::default(),
    };
    Impact {
        signal: track.map_or_else(|| hypothesis.signal.as_str().into(), |track| track.signal.title.clone()),
        bound: track.map_or_else(
            || SafeText::one_line(&shown!("{}", hypothesis.at)),
            |track| SafeText::one_line(&wording::limit(track.signal, hypothesis.at)),
        ),
        minutes_outside: (found.total.as_secs_f64() / 60.0 * 100.0).round() / 100.0,
        worst: track.zip(found.worst).map(|(track, worst)| SafeText::one_line(&wording::figure(track.signal, worst))),
        ..requests(from)
    }
}

/// Requests of customers, and those of others each by itself. Where a record doesn't tell them apart, all of them are told together.
fn requests(from: &Material<'_>) -> Impact {
    let board = &from.view.board;
    let outside = from.view.scenario.services.iter().filter(|one| !one.traffic.is_empty());
    let several = outside.count() > 1;
    let unsplit = board.together.0 > 0.0;
    let is_customers = |id: &ServiceId| board.customers.contains(id) || (unsplit && several);
    let (own, others): (Vec<_>, Vec<_>) = board.served.iter().partition(|(id, _)| is_customers(id));
    let sum = own.iter().fold(board.together, |sum, (_, served)| (sum.0 + served.0, sum.1 + served.1));
    let titles: Vec<Shown> = board.customers.iter().map(|id| from.view.service_title(id)).collect();
    let others = others.into_iter().map(|(id, (requests, failed))| ServedRow {
        service: SafeText::one_line(&from.view.service_title(id)),
        requests: requests.round(),
        failed: failed.round(),
    });
    Impact {
        requests: sum.0.round(),
        failed: sum.1.round(),
        customers: SafeText::one_line(&wording::list(&titles)),
        together: unsplit && several,
        others: others.collect(),
        ..Impact::default()
    }
}

impl Impact {
    /// Requests of customers and how many of them failed, as a sentence; nothing where none is known.
    #[must_use]
    pub fn requests_words(&self) -> Option<Shown> {
        if self.requests <= 0.0 {
            return None;
        }
        let (requests, failed) = (wording::grouped(self.requests), wording::grouped(self.failed));
        Some(if self.together {
            shown!("Of {} requests from outside, at all services together, {} failed.", requests, failed)
        } else {
            shown!("Of {} requests of customers ({}), {} failed.", requests, self.customers, failed)
        })
    }

    /// The requests of others, a sentence for each service.
    pub fn others_words(&self) -> impl Iterator<Item = Shown> {
        self.others.iter().map(|row| {
            let (requests, failed) = (wording::grouped(row.requests), wording::grouped(row.failed));
            shown!("{}, not of customers: of {} requests {} failed.", row.service, requests, failed)
        })
    }
}
