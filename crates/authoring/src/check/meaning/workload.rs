//! Services, their groups, their traffic and their calls.

use std::collections::BTreeMap;

use super::super::report::Report;
use super::names::{Kind, Names};
use super::{in_a_row, latency, latency_not_zero};
use crate::problem::Code;
use firedrill_model::Span;
use firedrill_model::id::ServiceId;
use firedrill_model::scenario::{Scenario, Service};

/// Services that may call one another in a row.
const DEEPEST_CALLS: usize = 8;
/// Traffic changes at multiples of this, so that the changes of a second are worked out together.
const SECOND: Span = Span::from_secs(1);

/// Says whether calls form no circle, so that loads can be added up.
pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) -> bool {
    for (at, service) in scenario.services.iter().enumerate() {
        let path = format!("service/{at}");
        group(scenario, service, &path, report);
        balancer(service, &path, report);
        traffic(service, &path, report);
        if service.timeout < service.service_time && !report.is_spoiled(&format!("{path}/service-time")) {
            let message = format!(
                "callers give up after {}, before the work of {} is done",
                service.timeout, service.service_time
            );
            report.object(
                &format!("{path}/timeout"),
                Code::Contradiction,
                message,
                "make the time-out longer than service-time",
            );
        }
        if let Some(role) = &service.role {
            names.need(Kind::ROLE, role.as_str(), &format!("{path}/role"), report);
        }
        for (nth, call) in service.calls.iter().enumerate() {
            names.need(Kind::Service, call.service.as_str(), &format!("{path}/calls/{nth}/service"), report);
        }
    }
    for (at, resource) in scenario.resources.iter().enumerate() {
        for (nth, service) in resource.used_by.iter().enumerate() {
            names.need(Kind::Service, service.as_str(), &format!("resource/{at}/used-by/{nth}"), report);
        }
    }
    circles(scenario, report)
}

fn group(scenario: &Scenario, service: &Service, path: &str, report: &mut Report<'_>) {
    let group = format!("{path}/group");
    let instances = service.instances.len();
    let room = usize::try_from(service.group.max).unwrap_or(usize::MAX);
    if room < instances && !report.is_spoiled(&format!("{path}/instance")) {
        let message = format!("the most of this group is {room}, and {instances} instances are there at the start");
        report.object(&format!("{group}/max"), Code::Contradiction, message, "leave room for at least one more");
    }
    let least = usize::try_from(service.group.min).unwrap_or(usize::MAX);
    if least > instances && !report.is_spoiled(&format!("{path}/instance")) {
        let message = format!("the least of this group is {least}, and {instances} instances are there at the start");
        report.object(&format!("{group}/min"), Code::Contradiction, message, "let it be that number at the most");
    }
    let boot = format!("{group}/boot");
    latency_not_zero(&boot, &service.group.boot, report);
    latency(&service.group.boot, &boot, "no new instance is ready", scenario, report);
    let unhealthy = format!("{group}/unhealthy-after");
    latency_not_zero(&unhealthy, &service.group.unhealthy_after, report);
    latency(&service.group.unhealthy_after, &unhealthy, "no instance is replaced", scenario, report);
}

fn balancer(service: &Service, path: &str, report: &mut Report<'_>) {
    let (here, balancer) = (format!("{path}/balancer"), &service.balancer);
    if balancer.check_timeout >= balancer.check_every && !report.is_spoiled(&format!("{here}/check-every")) {
        let message = format!(
            "a check fails after {}, and the next one comes after {}",
            balancer.check_timeout, balancer.check_every
        );
        let advice = "make check-timeout shorter than check-every";
        report.object(&format!("{here}/check-timeout"), Code::Contradiction, message, advice);
    }
}

fn traffic(service: &Service, path: &str, report: &mut Report<'_>) {
    if service.customers && service.traffic.is_empty() && !report.is_spoiled(&format!("{path}/traffic")) {
        let message = "no customer comes here: the service has no requests from outside";
        let advice = "give it `traffic`, or say so of the service that customers come to";
        report.object(&format!("{path}/customers"), Code::Never, message, advice);
    }
    for (at, step) in service.traffic.iter().enumerate().filter(|(_, step)| step.from.0 % SECOND.0 != 0) {
        let message = format!("traffic from {} on changes between two seconds", step.from);
        report.object(&format!("{path}/traffic/{at}/from"), Code::OutOfRange, message, "choose a whole second");
    }
    for (at, (step, next)) in service.traffic.iter().zip(service.traffic.iter().skip(1)).enumerate() {
        let (this, that) = (format!("{path}/traffic/{at}/from"), format!("{path}/traffic/{}/from", at + 1));
        if next.from <= step.from && !report.is_spoiled(&this) {
            let message = format!("traffic from {} on stands after traffic from {} on", next.from, step.from);
            report.object(&that, Code::Contradiction, message, "put the steps in the order of time");
        }
    }
}

/// Calls may not come back to where they began, nor go too deep.
fn circles(scenario: &Scenario, report: &mut Report<'_>) -> bool {
    let mut depths = BTreeMap::new();
    for service in &scenario.services {
        let mut trail = Vec::new();
        depth(scenario, service, &mut trail, &mut depths, report);
    }
    let deepest = depths.iter().filter_map(|(id, depth)| Some(((*depth)?, *id))).max_by_key(|(depth, _)| *depth);
    if let Some((depth, id)) = deepest
        && depth > DEEPEST_CALLS
        && let Some(at) = scenario.services.iter().position(|service| service.id == *id)
    {
        let message = format!("from here, calls go through {depth} services in a row");
        let advice = format!("{DEEPEST_CALLS} is the most that the program takes");
        report.object(&format!("service/{at}/calls"), Code::OutOfRange, message, advice);
    }
    depths.values().all(Option::is_some)
}

/// Services in a row from this one on; `None` for one on a circle, which is noted where it closes.
fn depth<'s>(
    scenario: &'s Scenario,
    service: &'s Service,
    trail: &mut Vec<&'s ServiceId>,
    known: &mut BTreeMap<&'s ServiceId, Option<usize>>,
    report: &mut Report<'_>,
) -> Option<usize> {
    if let Some(depth) = known.get(&service.id) {
        return *depth;
    }
    trail.push(&service.id);
    let mut deepest = Some(1);
    for (nth, call) in service.calls.iter().enumerate() {
        let below = if let Some(back) = trail.iter().position(|id| **id == call.service) {
            let at = scenario.services.iter().position(|other| other.id == service.id).unwrap_or(0);
            let path = format!("service/{at}/calls/{nth}/service");
            let circle = trail.iter().skip(back).map(|id| id.as_str()).chain([call.service.as_str()]);
            let message = format!("calls form a circle: {}", in_a_row(circle));
            report.object(&path, Code::Contradiction, message, "take one of these calls out");
            None
        } else {
            let called = scenario.services.iter().find(|other| other.id == call.service);
            called.map_or(Some(0), |called| depth(scenario, called, trail, known, report))
        };
        deepest = deepest.zip(below).map(|(deepest, below)| deepest.max(below + 1));
    }
    trail.pop();
    known.insert(&service.id, deepest);
    deepest
}

/// Says whether requests reach a service: from outside, or from one that they reach.
pub fn is_reached(scenario: &Scenario, id: &ServiceId) -> bool {
    let has_traffic = |service: &&Service| service.traffic.iter().any(|step| step.rate > 0.0);
    let mut reached: Vec<&ServiceId> =
        scenario.services.iter().filter(has_traffic).map(|service| &service.id).collect();
    let mut next = 0;
    while let Some(from) = reached.get(next).copied() {
        next += 1;
        let calls = scenario.services.iter().filter(|service| service.id == *from).flat_map(|service| &service.calls);
        for call in calls {
            if !reached.contains(&&call.service) {
                reached.push(&call.service);
            }
        }
    }
    reached.contains(&id)
}

/// The fewest requests per second that each service ever gets, from outside and from its callers.
pub fn least_loads(scenario: &Scenario) -> Vec<f64> {
    let own: Vec<f64> = scenario.services.iter().map(least_traffic).collect();
    let mut loads = own.clone();
    // Each round takes the calls one service further, and circles don't go on for ever.
    for _ in 0..DEEPEST_CALLS {
        let mut next = own.clone();
        for (service, load) in scenario.services.iter().zip(&loads) {
            for call in &service.calls {
                let called = scenario.services.iter().position(|other| other.id == call.service);
                if let Some(sum) = called.and_then(|at| next.get_mut(at)) {
                    *sum += load;
                }
            }
        }
        loads = next;
    }
    loads
}

fn least_traffic(service: &Service) -> f64 {
    let from_start = service.traffic.first().is_some_and(|step| step.from == Span::ZERO);
    if from_start { service.traffic.iter().map(|step| step.rate).fold(f64::INFINITY, f64::min) } else { 0.0 }
}
