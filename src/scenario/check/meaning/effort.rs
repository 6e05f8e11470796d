//! How much a scenario asks of the program. A file from a stranger can make a drill neither endless nor larger than a record.

use super::super::report::Report;
use crate::domain::Span;
use crate::scenario::model::{Detector, Scenario, Service};
use crate::scenario::problem::Code;

/// Findings of one drill, and what is told of them, at most. Each carries its whole document.
const MOST_FINDINGS: u64 = 5_000;
/// Between two updates of a finding: the shortest period that GuardDuty offers.
const UPDATE: Span = Span::from_secs(15 * 60);
/// Places for requests in all services, times hours of the drill, at most. Where queues never come to rest, each place costs up to
/// 5 ms for an hour, and once more for every call that is made to its service (measured: 26 services with 160 calls), so that the
/// longest drill is played in half a minute.
const MOST_PLACE_HOURS: f64 = 6_000.0;

pub fn check(scenario: &Scenario, report: &mut Report<'_>) {
    if report.is_spoiled("length") || report.is_spoiled_within("steady-state") {
        return;
    }
    findings(scenario, report);
    places(scenario, report);
}

fn findings(scenario: &Scenario, report: &mut Report<'_>) {
    let updates = scenario.length.0 / UPDATE.0 + 1;
    let told = |detector: &Detector| {
        let channels = scenario.channels.iter().filter(|channel| channel.carries.contains(&detector.id)).count();
        let automations = scenario.automations.iter().filter(|one| one.on.contains(&detector.id)).count();
        let seen = u64::try_from(detector.sees.len().max(1)).unwrap_or(u64::MAX);
        let heard = u64::try_from(1 + channels + automations).unwrap_or(u64::MAX);
        seen.saturating_mul(updates).saturating_mul(heard)
    };
    let sum = scenario.detectors.iter().map(told).fold(0, u64::saturating_add);
    if sum > MOST_FINDINGS {
        let message = format!("up to {sum} findings and notifications would be made in one drill");
        let advice = format!(
            "{MOST_FINDINGS} is the most; let fewer detectors see fewer stages, or fewer channels carry them, or the drill be shorter"
        );
        report.object("detector", Code::OutOfRange, message, advice);
    }
}

fn places(scenario: &Scenario, report: &mut Report<'_>) {
    let calls = |service: &Service| {
        let calls = scenario.services.iter().flat_map(|other| &other.calls).filter(|call| call.service == service.id);
        u32::try_from(calls.count()).unwrap_or(u32::MAX)
    };
    let room = |service: &Service| service.queue.saturating_add(service.workers);
    let counted = |service: &Service| room(service).saturating_mul(calls(service).saturating_add(1));
    let places = scenario.services.iter().map(counted).fold(0, u32::saturating_add);
    let hours = (scenario.length + scenario.steady_state.hold).as_secs_f64() / 3_600.0;
    if f64::from(places) * hours.max(1.0) > MOST_PLACE_HOURS && !report.is_spoiled_within("service") {
        let most = MOST_PLACE_HOURS / hours.max(1.0);
        let again = if scenario.services.iter().any(|service| !service.calls.is_empty()) {
            ", each counted once more for every call to its service"
        } else {
            ""
        };
        let message = format!("the services have {places} places for requests, workers and queues together{again}");
        let advice =
            format!("{most:.0} is the most for a drill of this length; make `queue` smaller, or the drill shorter");
        report.object("service", Code::OutOfRange, message, advice);
    }
}
