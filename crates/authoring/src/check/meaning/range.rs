//! What values a signal can have at all, for what its service is.

use super::workload;
use firedrill_model::Span;
use firedrill_model::scenario::{Scenario, Service, Signal};
use firedrill_model::signal::{Measure, Side};

/// The best that a healthy workload can show of a signal, for its side, and why.
pub struct Best {
    /// The value, in the unit of the signal.
    pub value: f64,
    /// Why it is no better.
    pub why: String,
}

/// The best value of a signal that a healthy workload can show, where that can be told.
pub fn best(scenario: &Scenario, signal: &Signal, service: &Service) -> Option<Best> {
    let instances = f64::from(u32::try_from(service.instances.len()).unwrap_or(u32::MAX));
    let (value, why) = match (signal.measure, signal.side) {
        (Measure::InService, _) => (instances, format!("{instances} instances are there at the start")),
        (Measure::LatencyP99 | Measure::LatencyMean, Side::Below) => {
            (millis(service.service_time), format!("the work on one request alone takes {}", service.service_time))
        }
        (Measure::LatencyP99 | Measure::LatencyMean, Side::Above) => {
            (millis(service.timeout), format!("callers give up after {}", service.timeout))
        }
        (Measure::ErrorRate | Measure::Cpu, Side::Above) => (100.0, "there is no more than 100 %".to_owned()),
        (Measure::Waiting, Side::Above) => {
            let room = f64::from(service.queue) * instances;
            (room, format!("no more than {room} requests can wait"))
        }
        (Measure::Throughput, Side::Above) => {
            let all = most_traffic(scenario);
            (all, format!("no more than {all} requests come in per second, those that are tried again included"))
        }
        _ => return None,
    };
    Some(Best { value, why })
}

fn millis(span: Span) -> f64 {
    span.as_secs_f64() * 1_000.0
}

/// The most requests per second that any service can get: all traffic from outside, with all the calls that it can bring.
fn most_traffic(scenario: &Scenario) -> f64 {
    let peak = |service: &Service| service.traffic.iter().map(|step| step.rate).fold(0.0, f64::max);
    let outside: f64 = scenario.services.iter().map(peak).sum();
    let calls: u32 = scenario.services.iter().flat_map(|service| &service.calls).map(|call| 1 + call.retries).sum();
    outside * f64::from(calls.max(1))
}

/// Says whether a signal is of requests, and none ever reaches its service.
pub fn is_silent(scenario: &Scenario, signal: &Signal) -> bool {
    let needs_requests = !matches!(signal.measure, Measure::Cpu | Measure::InService);
    needs_requests && !workload::is_reached(scenario, &signal.service)
}

/// Why a signal never leaves a limit, whatever happens: its worst value still keeps it. A time-out cuts latencies off.
pub fn never_leaves(scenario: &Scenario, signal: &Signal, side: Side, limit: f64) -> Option<String> {
    let service = scenario.services.iter().find(|service| service.id == signal.service)?;
    let (worst, why) = match (signal.measure, side) {
        (Measure::LatencyMean | Measure::LatencyP99, Side::Below) => {
            (millis(service.timeout), format!("callers give up after {}", service.timeout))
        }
        (Measure::ErrorRate | Measure::Cpu, Side::Below) => (100.0, "there is no more than 100 %".to_owned()),
        (
            Measure::InService | Measure::Waiting | Measure::Throughput | Measure::ErrorRate | Measure::Cpu,
            Side::Above,
        ) => (0.0, "there is no less than 0".to_owned()),
        (Measure::InService, Side::Below) => {
            (f64::from(service.group.max), format!("the group has {} instances at most", service.group.max))
        }
        _ => return None,
    };
    side.holds(worst, limit).then_some(why)
}

/// Why a signal is never out of its limit, if so, and what could be done about it.
pub fn never_out(scenario: &Scenario, signal: &Signal) -> Option<(String, &'static str)> {
    let Some(limit) = signal.limit else {
        return Some(("has no limit that it could be out of".to_owned(), "give the signal a limit"));
    };
    if is_silent(scenario, signal) {
        let why = format!("measures nothing, for no request ever reaches `{}`", signal.service);
        return Some((why, "give the service `traffic`, or let one that has some call it"));
    }
    let why = never_leaves(scenario, signal, signal.side, limit)?;
    Some((format!("is never out of its limit: {why}"), "choose a limit that it can leave"))
}
