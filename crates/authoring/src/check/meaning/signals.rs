//! Signals, the steady state and the hypothesis.

use super::super::report::Report;
use super::names::{Kind, Names};
use super::range::{best, is_silent, never_leaves};
use super::workload::least_loads;
use crate::problem::Code;
use firedrill_model::id::SignalId;
use firedrill_model::scenario::{Scenario, Service, Signal};
use firedrill_model::signal::{Measure, Side};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, signal) in scenario.signals.iter().enumerate() {
        let path = format!("signal/{at}");
        names.need(Kind::Service, signal.service.as_str(), &format!("{path}/service"), report);
        instance(scenario, names, signal, &path, report);
    }
    steady_state(scenario, names, report);
    hypothesis(scenario, names, report);
}

fn instance(scenario: &Scenario, names: &Names, signal: &Signal, path: &str, report: &mut Report<'_>) {
    let Some(instance) = &signal.instance else { return };
    let here = format!("{path}/instance");
    if signal.measure != Measure::Cpu && !report.is_spoiled(&format!("{path}/measure")) {
        report.object(
            &here,
            Code::Contradiction,
            "only `cpu` is measured of one instance",
            "take `instance` out, or measure cpu",
        );
        return;
    }
    let known = names.need(Kind::INSTANCE, instance.as_str(), &here, report);
    let service = scenario.services.iter().find(|service| service.id == signal.service);
    let is_of = |service: &Service| service.instances.iter().any(|other| other.id == *instance);
    if known && service.is_some_and(|service| !is_of(service)) {
        let message = format!("`{instance}` is not an instance of `{}`", signal.service);
        report.object(&here, Code::Contradiction, message, "name the service that it belongs to");
    }
}

fn steady_state(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    let steady = &scenario.steady_state;
    for (at, id) in steady.signals.iter().enumerate() {
        let path = format!("steady-state/signals/{at}");
        if steady.signals.iter().take(at).any(|before| before == id) {
            report.object(&path, Code::Duplicate, format!("`{id}` stands here twice"), "once is enough");
        } else if names.need(Kind::Signal, id.as_str(), &path, report)
            && let Some(number) = scenario.signals.iter().position(|signal| signal.id == *id)
            && let Some(signal) = scenario.signals.get(number)
        {
            limit(scenario, signal, number, &path, report);
        }
    }
    if steady.hold > scenario.length && !report.is_spoiled("length") {
        let message = format!("the steady state must hold for {}, longer than the whole experiment", steady.hold);
        let advice = format!("the experiment lasts {}; some minutes are enough", scenario.length);
        report.object("steady-state/hold", Code::OutOfRange, message, advice);
    }
}

/// A signal of the steady state needs a limit, and one that the healthy workload keeps.
fn limit(scenario: &Scenario, signal: &Signal, number: usize, path: &str, report: &mut Report<'_>) {
    let Some(limit) = signal.limit else {
        let message = format!("the signal `{}` has no limit, so nobody can tell whether it is steady", signal.id);
        let advice = "give the signal a `limit`, or take it out of the steady state";
        report.object(path, Code::Never, message, advice);
        return;
    };
    let service = scenario.services.iter().find(|service| service.id == signal.service);
    let Some(service) = service.filter(|_| !report.is_spoiled_within("service")) else { return };
    let Some(best) = best(scenario, signal, service) else { return };
    if !signal.side.holds(best.value, limit) {
        let message = format!("the steady state never holds: {}", best.why);
        let advice = match signal.side {
            Side::Above if signal.measure != Measure::InService => {
                "choose a limit that the healthy workload keeps, or side = \"below\" if it is to stay under it"
            }
            _ => "choose a limit that the healthy workload keeps",
        };
        report.object(&format!("signal/{number}/limit"), Code::Never, message, advice);
    }
}

fn signal_of<'s>(scenario: &'s Scenario, id: &SignalId) -> Option<&'s Signal> {
    scenario.signals.iter().find(|signal| signal.id == *id)
}

/// A service that can't do its work even at its quietest is never steady.
pub fn overload(scenario: &Scenario, report: &mut Report<'_>) {
    if report.is_spoiled_within("service") {
        return;
    }
    for (at, (service, load)) in scenario.services.iter().zip(least_loads(scenario)).enumerate() {
        let counts = |id: &SignalId| {
            let suffers = [Measure::LatencyP99, Measure::LatencyMean, Measure::ErrorRate, Measure::Waiting];
            signal_of(scenario, id)
                .is_some_and(|signal| signal.service == service.id && suffers.contains(&signal.measure))
        };
        let can_do = capacity(service);
        if load >= can_do && scenario.steady_state.signals.iter().any(counts) {
            let message = format!(
                "`{}` is overloaded from the start: {load:.0} requests come in per second, and its instances can do {can_do:.0}",
                service.id
            );
            report.object(
                &format!("service/{at}/workers"),
                Code::Never,
                message,
                "give it more workers or instances, or less traffic",
            );
        }
    }
}

/// Requests per second that the instances can do.
fn capacity(service: &Service) -> f64 {
    let instances = u32::try_from(service.instances.len()).unwrap_or(u32::MAX);
    f64::from(instances) * f64::from(service.workers) / service.service_time.as_secs_f64()
}

fn hypothesis(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    let hypothesis = &scenario.hypothesis;
    if hypothesis.within > scenario.length && !report.is_spoiled("length") {
        let message =
            format!("within {} is longer than the experiment, which lasts {}", hypothesis.within, scenario.length);
        report.object("hypothesis/within", Code::OutOfRange, message, "make it shorter, or the experiment longer");
    }
    let detector = hypothesis.detector.as_str();
    if names.need(Kind::Detector, detector, "hypothesis/detector", report) {
        let carried = scenario.channels.iter().any(|channel| channel.carries.contains(&hypothesis.detector));
        // A hypothesis that is wrong on purpose may be one that nobody can be told by.
        if !carried && !scenario.is_wrong_on_purpose() && !report.is_spoiled_within("channel") {
            let message = format!("`{detector}` can't notify anybody: no channel carries its findings");
            report.object(
                "hypothesis/detector",
                Code::Never,
                message,
                "let a [[channel]] carry it, also when that one is broken at the start",
            );
        }
    }
    sees_nobody(scenario, report);
    further_parts(scenario, names, report);
    if names.need(Kind::Signal, hypothesis.signal.as_str(), "hypothesis/signal", report) {
        silent_signal(scenario, report);
        can_deviate(scenario, report);
    }
}

/// Further signals, and the time in which the adversary is to be contained.
fn further_parts(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    let hypothesis = &scenario.hypothesis;
    for (place, bound) in hypothesis.also.iter().enumerate() {
        let path = format!("hypothesis/also/{place}/signal");
        let known = names.need(Kind::Signal, bound.signal.as_str(), &path, report);
        let before = hypothesis.also.iter().take(place).any(|other| other.signal == bound.signal);
        if known && (before || bound.signal == hypothesis.signal) {
            let message = format!("`{}` has a limit in the hypothesis already", bound.signal);
            report.object(&path, Code::Duplicate, message, "name each signal once");
        }
    }
    if let Some(within) = hypothesis.contained_within
        && within > scenario.length
        && !report.is_spoiled("length")
    {
        let message = format!("{within} is longer than the experiment, which lasts {}", scenario.length);
        let advice = "make it shorter, or the experiment longer";
        report.object("hypothesis/contained-within", Code::OutOfRange, message, advice);
    }
}

/// A bound that the signal can't leave tells nothing.
fn can_deviate(scenario: &Scenario, report: &mut Report<'_>) {
    let hypothesis = &scenario.hypothesis;
    if ["service", "signal"].iter().any(|section| report.is_spoiled_within(section)) {
        return;
    }
    let Some(signal) = signal_of(scenario, &hypothesis.signal) else { return };
    if let Some(why) = never_leaves(scenario, signal, hypothesis.stays, hypothesis.at) {
        let message = format!("`{}` can't be anywhere else, whatever happens: {why}", signal.id);
        let advice = "choose a value that tells a good drill from a bad one; times are in milliseconds";
        report.object("hypothesis/at", Code::Never, message, advice);
    }
}

/// A detector that sees harmless stages only never finds the adversary.
fn sees_nobody(scenario: &Scenario, report: &mut Report<'_>) {
    let id = &scenario.hypothesis.detector;
    let Some(detector) = scenario.detectors.iter().find(|detector| detector.id == *id) else { return };
    let seen = || scenario.stages.iter().filter(|stage| detector.sees.contains(&stage.id));
    if seen().count() > 0 && seen().all(|stage| stage.benign.is_some()) && !report.is_spoiled_within("stage") {
        let message = format!("`{id}` sees no stage that counts, only what is harmless");
        report.object(
            "hypothesis/detector",
            Code::Never,
            message,
            "name a detector that sees one, or let this one see it",
        );
    }
}

/// Nothing is measured of a service that no request reaches.
fn silent_signal(scenario: &Scenario, report: &mut Report<'_>) {
    let Some(signal) = signal_of(scenario, &scenario.hypothesis.signal) else { return };
    let is_known = scenario.services.iter().any(|service| service.id == signal.service);
    if is_known && is_silent(scenario, signal) && !report.is_spoiled_within("service") {
        let message = format!("nothing is measured here: no request ever reaches `{}`", signal.service);
        let advice = "give the service `traffic`, or let one that has some call it";
        report.object("hypothesis/signal", Code::Never, message, advice);
    }
}
