//! How much a scenario asks of the program. A file from a stranger can make a drill neither endless nor larger than a record.

use super::super::report::Report;
use crate::problem::Code;
use firedrill_model::Span;
use firedrill_model::scenario::{Call, Detector, MOST_ROOM, MOST_WORKERS, Scenario, Service};

/// Findings of one drill, and what is told of them, at most. Each carries its whole document.
const MOST_FINDINGS: u64 = 5_000;
/// Between two updates of a finding: the shortest period that GuardDuty offers.
const UPDATE: Span = Span::from_secs(15 * 60);
/// Figures that the workload model may have to work out at each moment that it looks at. Each costs up to 100 ns and is worked out twice;
/// a second in which the workload changes has four moments, so that it costs 50 ms or so at most (measured with busy services that call
/// each other, give up and try again).
const MOST_FIGURES: u64 = 100_000;
/// The same, times the moments of a whole drill: less than a minute.
const MOST_WORK: f64 = 5e8;
/// What the model works out for a call, whatever its size; and for each place of a service.
const CALL: u64 = 500;
const PLACE: u64 = 8;
/// No more numbers of busy workers are looked at: they are wider and wider apart.
const BUSY: u64 = 40;
/// Calls of one service that are worked out together, each anew for each of them.
const TOGETHER: usize = 4;
/// Changes of capacity in a drill, besides those of its stages.
const CHANGES: usize = 40;

pub fn check(scenario: &Scenario, report: &mut Report<'_>) {
    if report.is_spoiled("length") || report.is_spoiled_within("steady-state") {
        return;
    }
    findings(scenario, report);
    work(scenario, report);
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

/// Says whether the model's figures stay below their bound for each service.
fn sizes(scenario: &Scenario, report: &mut Report<'_>) -> bool {
    let mut fit = true;
    for (at, service) in scenario.services.iter().enumerate() {
        let (most, path) = (service.group.max, format!("service/{at}"));
        let mut bound = |count: u32, bound: u32, key: &str, what: &str| {
            if count > bound {
                fit = false;
                let message = format!("{most} instances would {what} up to {count} requests");
                let advice = format!("{bound} is the most; make `{key}` smaller, or `max` of the group");
                report.object(&format!("{path}/{key}"), Code::OutOfRange, message, advice);
            }
        };
        bound(workers(service), MOST_WORKERS, "workers", "work on");
        bound(room(service), MOST_ROOM, "queue", "hold");
    }
    fit
}

fn workers(service: &Service) -> u32 {
    service.workers.saturating_mul(service.group.max)
}

fn room(service: &Service) -> u32 {
    service.queue.saturating_add(service.workers).saturating_mul(service.group.max)
}

/// How many figures the model works out at each moment.
fn figures(scenario: &Scenario) -> u64 {
    let called = |call: &Call| {
        let service = scenario.services.iter().find(|other| other.id == call.service);
        service.map_or(0, |service| u64::from(room(service)))
    };
    let of = |service: &Service| {
        let again = if service.calls.len() > TOGETHER { 1 } else { service.calls.len().max(1) };
        let again = u64::try_from(again).unwrap_or(u64::MAX);
        let rows = again * u64::from(workers(service)).min(BUSY);
        let calls: u64 = service.calls.iter().map(|call| CALL + rows * called(call)).sum();
        CALL + PLACE * u64::from(room(service)) + calls
    };
    scenario.services.iter().map(of).sum()
}

/// How many moments of a drill are looked at, if its workload changes so often: four a second at first, and fewer the longer nothing has
/// changed.
fn moments(changes: usize, length: Span) -> f64 {
    let changes = f64::from(u32::try_from(changes).unwrap_or(u32::MAX));
    let apart = length.as_secs_f64() / changes;
    let within = |from: f64, to: f64| (apart.min(to) - from).max(0.0);
    let each = 4.0 * within(0.0, 2.0) + 2.0 * within(2.0, 6.0) + within(6.0, 60.0) + 0.2 * within(60.0, 1_200.0);
    changes * each.max(1.0)
}

fn work(scenario: &Scenario, report: &mut Report<'_>) {
    if report.is_spoiled_within("service") || !sizes(scenario, report) {
        return;
    }
    let figures = figures(scenario);
    if figures > MOST_FIGURES {
        let message = format!("the workload is too large: {figures} figures would be worked out at each moment");
        let advice = format!(
            "{MOST_FIGURES} is the most; each service counts by its places (`workers` and `queue`, times `max` of its group), \
             and again by its callers' workers for each call to it"
        );
        report.object("service", Code::OutOfRange, message, advice);
        return;
    }
    let mut steps: Vec<Span> =
        scenario.services.iter().flat_map(|service| &service.traffic).map(|step| step.from).collect();
    steps.sort_unstable();
    steps.dedup();
    let length = scenario.length + scenario.steady_state.hold;
    let moments = moments(steps.len() + scenario.stages.len() + CHANGES, length);
    let counted = f64::from(u32::try_from(figures).unwrap_or(u32::MAX));
    if counted * moments > MOST_WORK {
        let message = format!(
            "traffic changes {} times, and after each {figures} figures are worked out again and again",
            steps.len()
        );
        let advice = "change it less often, or let the drill be shorter or the services smaller";
        report.object("service", Code::OutOfRange, message, advice);
    }
}
