//! Signals: what the team sees of the workload, every ten seconds.

use super::SimWorld;
use super::agenda::Due;
use super::chance::Purpose;
use firedrill_model::event::{Sample, ServedBy, WorldEvent};
use firedrill_model::scenario::Signal;
use firedrill_model::signal::Measure;
use firedrill_model::{DrillTime, Span};
use firedrill_queueing::Station;

/// Between two samples.
pub(super) const PERIOD: Span = Span::from_secs(10);
/// A displayed signal is off by up to this share, so that it looks alive.
const UNREST: f64 = 0.015;

impl SimWorld {
    /// Gives each service the instances that serve it, their speed, and what becomes of the requests that reach none of them.
    pub(super) fn update_capacity(&mut self, at: DrillTime) {
        for place in 0..self.scenario.services.len() {
            let capacity = self.fleet.capacity(place, |machine| self.failing_share(machine));
            self.workload.set_capacity(place, capacity, at.0);
        }
    }

    /// Samples all signals and plans the next sample.
    pub(super) fn sample(&mut self, at: DrillTime) {
        self.workload.advance(at.0);
        self.update_times();
        let scenario = self.scenario.clone();
        let values: Vec<f64> = scenario.signals.iter().map(|signal| self.shown(signal, at)).collect();
        let holds = scenario.steady_state.signals.iter().all(|id| {
            let place = scenario.signals.iter().position(|signal| signal.id == *id);
            let pair = place.and_then(|place| Some((scenario.signals.get(place)?, values.get(place)?)));
            pair.is_none_or(|(signal, value)| signal.limit.is_none_or(|limit| signal.side.holds(*value, limit)))
        });
        self.steady_since = if holds { self.steady_since.or(Some(at)) } else { None };
        self.watch_alarms(&values, at);
        let served = self.workload.take_served();
        let by_service = scenario.services.iter().zip(&served).filter(|(service, _)| !service.traffic.is_empty());
        let by_service = by_service.map(|(service, served)| ServedBy {
            service: service.id.clone(),
            requests: rounded(served.requests),
            failed: rounded(served.failed),
        });
        let sample = Sample {
            values,
            requests: rounded(served.iter().map(|one| one.requests).sum()),
            failed: rounded(served.iter().map(|one| one.failed).sum()),
            by_service: by_service.collect(),
        };
        self.say(at, WorldEvent::Sampled(sample));
        self.agenda.plan_in(at, PERIOD, Due::Sample);
    }

    /// A signal as it is displayed: the figure with a little unrest that never carries it over a limit.
    fn shown(&self, signal: &Signal, at: DrillTime) -> f64 {
        let value = self.figure(signal);
        let serves = self.scenario.services.iter().position(|service| service.id == signal.service);
        let serves = serves.is_some_and(|place| self.fleet.serving(place).next().is_some());
        if signal.measure == Measure::InService || !serves {
            return rounded(value);
        }
        let unit = self.chance.unit(Purpose::Jitter, signal.id.as_str(), at.0 / PERIOD.0);
        // What is near everything has nowhere to move to.
        let room = if signal.measure.unit() == "%" { (1.0 - value / 100.0).max(0.0) } else { 1.0 };
        let moved = (value * (1.0 + room * UNREST * (2.0 * unit - 1.0))).min(self.most(signal));
        let hypothesis = &self.scenario.hypothesis;
        let watched = (hypothesis.signal == signal.id).then_some((hypothesis.stays, hypothesis.at));
        let limits = signal.limit.map(|limit| (signal.side, limit)).into_iter().chain(watched);
        let crosses = limits.into_iter().any(|(side, limit)| side.holds(value, limit) != side.holds(moved, limit));
        rounded(if crosses { value } else { moved })
    }

    /// No caller waits longer than until the time-out.
    fn most(&self, signal: &Signal) -> f64 {
        let timed = matches!(signal.measure, Measure::LatencyP99 | Measure::LatencyMean);
        let service = self.scenario.services.iter().find(|service| service.id == signal.service);
        service.filter(|_| timed).map_or(f64::INFINITY, |service| 1_000.0 * service.timeout.as_secs_f64())
    }

    /// The figure behind a signal.
    fn figure(&self, signal: &Signal) -> f64 {
        let place = self.scenario.services.iter().position(|service| service.id == signal.service);
        let Some(place) = place else { return 0.0 };
        let Some(station) = self.workload.stations().get(place) else { return 0.0 };
        let times = self.times.1.get(place).copied().unwrap_or_default();
        match signal.measure {
            Measure::LatencyP99 => 1_000.0 * times.0,
            Measure::LatencyMean => 1_000.0 * times.1,
            Measure::ErrorRate => 100.0 * station.shown_failing(),
            Measure::Throughput => station.outcome.asked * (1.0 - station.outcome.failing()),
            Measure::Cpu => self.cpu(signal, place, station),
            Measure::InService => f64::from(u32::try_from(self.fleet.serving(place).count()).unwrap_or(u32::MAX)),
            Measure::Waiting => station.waiting(),
        }
    }

    /// CPU in percent: own work, spread by speed over the instances in service, and what the adversary takes.
    fn cpu(&self, signal: &Signal, place: usize, station: &Station) -> f64 {
        // Who waits for a slow disk or network, or is held by something else, works on nothing.
        let workers = f64::from(station.all_workers()).max(1.0);
        let busy = (station.outcome.served * station.own_work() / workers).min(1.0) * self.pace(place);
        let used = |taken: f64, serves: bool| if serves { busy * (1.0 - taken) + taken } else { taken };
        if let Some(instance) = &signal.instance {
            let machine = self.fleet.machine(instance).filter(|machine| machine.runs());
            return machine.map_or(0.0, |machine| 100.0 * used(machine.taken, machine.serves()));
        }
        let (mut sum, mut count) = (0.0, 0.0);
        for machine in self.fleet.serving(place) {
            sum += used(machine.taken, true);
            count += 1.0;
        }
        if count > 0.0 { 100.0 * sum / count } else { 0.0 }
    }

    /// How much of the time of own work is work and not waiting.
    fn pace(&self, place: usize) -> f64 {
        let own = self.scenario.services.get(place).map_or(0.0, |service| service.service_time.as_secs_f64());
        let (sum, count) = self
            .fleet
            .serving(place)
            .fold((0.0, 0.0), |(sum, count), machine| (sum + machine.strain.pace(own), count + 1.0));
        if count > 0.0 { sum / count } else { 1.0 }
    }

    /// Works out the times of each service anew if the workload has changed.
    fn update_times(&mut self) {
        let version = self.workload.version();
        if self.times.0 == version {
            return;
        }
        let sojourns = self.workload.sojourns();
        let times = self.workload.stations().iter().zip(&sojourns).map(|(station, sojourn)| {
            let timeout = station.build.timeout;
            if station.workers() == 0 {
                // Nobody answers: customers wait until they give up.
                return (timeout, timeout);
            }
            (sojourn.quantile(0.99).min(timeout), sojourn.mean_up_to(timeout))
        });
        self.times = (version, times.collect());
    }
}

/// Rounded to four places, and never undefined.
pub(super) fn rounded(value: f64) -> f64 {
    // Adding zero turns a negative zero into a plain one.
    if value.is_finite() { libm::round(value * 1e4) / 1e4 + 0.0 } else { 0.0 }
}
