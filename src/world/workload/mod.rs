//! The workload: services that call each other, each one M/M/c/K queue.
//!
//! **Method.** Each service is a queue with `c` = instances in service x workers and room for `K` = `c` + places to wait. Its mean
//! number of requests follows the pointwise stationary fluid flow approximation ([`fluid`]; Wang, Tipper, Banerjee 1996) on a grid
//! of 250 ms, and only from a change of load or capacity until it has settled: a workload at rest costs nothing, and nothing is
//! ever due. Times come from the distribution of the number of requests ([`mmck`], [`tail`]), also for the requests that are
//! given up on; the common shortcut `1 - 1/load` says far too little there.
//!
//! **Calls.** A worker is held while its request waits for a called service, so that a slow service fills the queues of those
//! that call it; a failed attempt is tried again at once, so that a failing service gets more load; a service can't hold more
//! calls than its callers have workers. All are brought to agree at the end of each step of the grid, callees first.
//!
//! **Assumptions.** Poisson arrivals; exponential work; the own wait, the own work and the calls of a request are independent; a
//! caller's hold is taken as exponential where its own queue is worked out; the balancer finds a free worker wherever one is.
//! Requests of an instance that leaves go on on the others, as far as there is room.
//!
//! **How good it is.** Against a simulation of every request (ours in `tests/it/world/workload.rs`, Ciw in `peers.rs`): one queue at rest at loads of 0.3 to
//! 1.2, mean within 3 %, 99th percentile within 5 %, losses within one point; filling up, within 20 % after each half second;
//! services that call each other, the same while there is capacity, and with callers at their own limits mean within 10 %, losses
//! within 3 points, 99th percentile up to 20 % too high.

mod feedback;
pub mod fluid;
pub mod mmck;
mod station;
pub mod tail;

use feedback::share;
use station::Build;
pub use station::{Capacity, Outcome, Station};
use tail::Tail;

use crate::domain::DrillTime;
use crate::scenario::model::Service;

/// The grid, in microseconds.
const GRID: u64 = 250_000;
/// A change smaller than this share counts as none.
const STILL: f64 = 1e-6;
/// Services that call each other agree on a step when they are this near, as a share; they try so many times.
const AGREED: f64 = 1e-7;
const MOST_ROUNDS: u32 = 60;
/// So many steps in a row must be still.
const STILL_STEPS: u32 = 4;
/// After so many steps since the last change (twenty minutes) the workload is taken as it is.
const MOST_STEPS: u32 = 4_800;

/// Most requests per second from outside.
const MOST_TRAFFIC: f64 = 1e9;

/// All services.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    stations: Vec<Station>,
    /// Places of the services, each after those that it calls.
    order: Vec<usize>,
    solved_to: DrillTime,
    /// Steps since the last change, and how many of the last were still; none while at rest.
    moving: Option<Moving>,
    /// What customers got since it was last asked for.
    served: Served,
    /// Counts the states that the workload was in.
    version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Moving {
    steps: u32,
    still: u32,
}

impl Moving {
    const START: Self = Self { steps: 0, still: 0 };
}

/// What customers got.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Served {
    /// Requests from outside.
    pub requests: f64,
    /// Those that failed.
    pub failed: f64,
}

impl Workload {
    /// The services of a scenario, idle.
    #[must_use]
    pub fn new(services: &[Service]) -> Self {
        let stations: Vec<Station> =
            services.iter().map(|service| Station::new(Build::of(service, services))).collect();
        let order = callees_first(&stations);
        Self {
            stations,
            order,
            solved_to: DrillTime::ZERO,
            moving: Some(Moving::START),
            served: Served::default(),
            version: 1,
        }
    }

    /// The services, in the order of the scenario.
    #[must_use]
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// Sets the requests per second from outside, from `at` on; a negative or undefined rate counts as none.
    pub fn set_traffic(&mut self, station: usize, rate: f64, at: DrillTime) {
        self.advance(at);
        let rate = if rate > 0.0 { rate.min(MOST_TRAFFIC) } else { 0.0 };
        if let Some(station) = self.stations.get_mut(station)
            && station.traffic.to_bits() != rate.to_bits()
        {
            station.traffic = rate;
            station.visited |= rate > 0.0;
            self.wake();
            self.count_callers();
        }
    }

    /// Sets what serves, from `at` on.
    pub fn set_capacity(&mut self, station: usize, capacity: Capacity, at: DrillTime) {
        self.advance(at);
        if let Some(station) = self.stations.get_mut(station)
            && station.capacity != capacity
        {
            station.capacity = capacity;
            self.wake();
            self.count_callers();
        }
    }

    fn wake(&mut self) {
        self.moving = Some(Moving::START);
        for station in &mut self.stations {
            station.called.wake();
        }
    }

    /// Tells each service without requests from outside how many workers can call it.
    fn count_callers(&mut self) {
        let mut callers = vec![0_u32; self.stations.len()];
        for station in &self.stations {
            for call in &station.build.calls {
                if let Some(sum) = callers.get_mut(call.station) {
                    *sum = sum.saturating_add(station.size().workers);
                }
            }
        }
        for (station, callers) in self.stations.iter_mut().zip(callers) {
            station.callers = (!station.visited).then_some(callers);
        }
    }

    /// Works the workload out up to `to`. Only moments of changes and samples are asked for, so that how a drill is
    /// advanced in between makes no difference.
    pub fn advance(&mut self, to: DrillTime) {
        while self.solved_to < to {
            let next = match self.moving {
                None => to,
                Some(_) => DrillTime((self.solved_to.0 / GRID + 1) * GRID).min(to),
            };
            let seconds = next.since(self.solved_to).as_secs_f64();
            if self.moving.is_some() {
                self.step(seconds);
            }
            self.count(seconds);
            self.solved_to = next;
        }
    }

    /// Lets the workload come to rest as it was built, before the drill begins.
    pub fn settle(&mut self) {
        while self.moving.is_some() {
            self.step(0.25);
        }
    }

    /// A number that changes whenever the figures do.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What customers got since this was last asked.
    pub fn take_served(&mut self) -> Served {
        std::mem::take(&mut self.served)
    }

    fn count(&mut self, seconds: f64) {
        for station in &self.stations {
            let requests = station.traffic * seconds;
            self.served.requests += requests;
            self.served.failed += requests * station.outcome.failing();
        }
    }

    fn step(&mut self, seconds: f64) {
        let Some(mut moving) = self.moving else { return };
        self.version += 1;
        let before: Vec<f64> = self.stations.iter().map(|station| station.level.population).collect();
        // A worker is held by what it calls at the same moment: find the end of the step on which all agree.
        let mut apart = f64::INFINITY;
        for _ in 0..MOST_ROUNDS {
            for place in self.order.clone() {
                self.feel_callees(place);
                if let (Some(station), Some(before)) = (self.stations.get_mut(place), before.get(place)) {
                    station.step(*before, seconds);
                }
            }
            apart = self.feel_callers();
            if apart < AGREED {
                break;
            }
        }
        let changes =
            self.stations.iter().zip(&before).map(|(station, before)| share(*before, station.level.population));
        let change = changes.fold(apart, f64::max);
        moving.steps += 1;
        moving.still = if change < STILL { moving.still + 1 } else { 0 };
        let rests = moving.still >= STILL_STEPS || moving.steps >= MOST_STEPS;
        self.moving = if rests { None } else { Some(moving) };
    }

    /// Lets a service feel the services that it calls.
    fn feel_callees(&mut self, place: usize) {
        let Some(station) = self.stations.get(place) else { return };
        let calls = 1.0 - station.capacity.fails;
        let (mut held, mut reached) = (0.0, 1.0);
        for call in &station.build.calls {
            let Some(callee) = self.stations.get(call.station) else { continue };
            let tries = callee.outcome.tries(call.retries);
            held += reached * tries.attempts * callee.outcome.holds;
            reached *= tries.succeed;
        }
        if let Some(station) = self.stations.get_mut(place) {
            station.held = calls * held;
            station.calls_succeed = reached;
        }
    }

    /// Lets services feel their callers. Returns the largest share of a way that is still to go.
    fn feel_callers(&mut self) -> f64 {
        let mut asked = vec![(0.0, 0.0); self.stations.len()];
        for station in &self.stations {
            let mut reached = station.outcome.served * (1.0 - station.capacity.fails);
            for call in &station.build.calls {
                let Some(callee) = self.stations.get(call.station) else { continue };
                let tries = callee.outcome.tries(call.retries);
                if let Some((calls, echoes)) = asked.get_mut(call.station) {
                    *calls += reached * tries.attempts;
                    *echoes += reached * tries.echoes;
                }
                reached *= tries.succeed;
            }
        }
        let mut most: f64 = 0.0;
        for (station, (calls, echoes)) in self.stations.iter_mut().zip(asked) {
            station.echoes = echoes;
            most = most.max(station.called.follow(calls));
        }
        most
    }

    /// For each service, the distribution of the time that a request takes, as far as its caller waits for it.
    #[must_use]
    pub fn sojourns(&self) -> Vec<Tail> {
        let mut known: Vec<Tail> = vec![Tail::nothing(0.0, 2); self.stations.len()];
        for place in &self.order {
            let tail = self.stations.get(*place).map(|station| self.sojourn(station, &known));
            if let (Some(slot), Some(tail)) = (known.get_mut(*place), tail) {
                *slot = tail;
            }
        }
        known
    }

    /// The same for one service, if those of the services that it calls are known.
    fn sojourn(&self, station: &Station, known: &[Tail]) -> Tail {
        let fails = station.capacity.fails;
        let called = station.build.calls.iter().filter(|_| fails < 1.0);
        let calls: Vec<Tail> = called
            .filter_map(|call| {
                let attempt = known.get(call.station)?;
                Some(all_attempts(attempt, self.stations.get(call.station)?.outcome, call.retries))
            })
            .collect();
        let horizon = station.horizon() + calls.iter().map(Tail::reach).sum::<f64>();
        let own = station.own_tail(horizon, tail::FINE);
        let whole = if fails > 0.0 {
            // Who fails calls nobody: either all calls are made, or none.
            let called = calls.into_iter().reduce(|sum, call| sum.then(&call));
            called.map_or_else(|| own.clone(), |called| own.then(&called.perhaps(1.0 - fails)))
        } else {
            calls.iter().fold(own, |sum, call| sum.then(call))
        };
        whole.up_to(station.build.timeout)
    }
}

/// How long a call holds its caller with all its attempts, each of which is let in or refused at once.
fn all_attempts(attempt: &Tail, outcome: Outcome, retries: u32) -> Tail {
    let Outcome { refused, spoilt, .. } = outcome;
    // A fifth attempt would change a percentile only where the first four failed for most.
    let again = if spoilt < 1e-4 || refused >= 1.0 { 0 } else { retries.min(3) };
    let attempt = attempt.stretched(attempt.reach() * f64::from(again + 1));
    let mut whole = attempt.perhaps(1.0 - refused);
    for _ in 0..again {
        whole = attempt.then(&whole.perhaps(spoilt)).perhaps(1.0 - refused);
    }
    whole
}

/// Places of the services, each after those that it calls. Calls form no circle; where they do, the order is that of the scenario.
fn callees_first(stations: &[Station]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(stations.len());
    for _ in stations {
        for (place, station) in stations.iter().enumerate() {
            if !order.contains(&place) && station.build.calls.iter().all(|call| order.contains(&call.station)) {
                order.push(place);
            }
        }
    }
    order.extend((0..stations.len()).filter(|place| !order.contains(place)).collect::<Vec<_>>());
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Span;
    use crate::scenario::Scenario;
    use crate::scenario::model::Call;

    fn shop() -> Workload {
        let text = include_str!("../../../scenarios/crypto-mining/scenario.toml");
        let scenario: Scenario = toml::from_str(text).expect("the scenario can be read");
        let mut workload = Workload::new(&scenario.services);
        for (place, service) in scenario.services.iter().enumerate() {
            let rate = service.traffic.first().map_or(0.0, |step| step.rate);
            workload.set_traffic(place, rate, DrillTime::ZERO);
            serve(&mut workload, place, 2, 0);
        }
        workload.settle();
        workload
    }

    fn serve(workload: &mut Workload, place: usize, instances: u32, secs: u64) {
        let at = DrillTime(secs * 1_000_000);
        workload.set_capacity(place, Capacity { instances, speed: 1.0, fails: 0.0 }, at);
    }

    #[test]
    fn comes_to_rest_after_each_change_and_costs_nothing_then() {
        let mut workload = shop();
        assert!(workload.moving.is_none());
        for (secs, instances) in [(100, 1), (300, 3), (500, 0), (700, 2)] {
            serve(&mut workload, 1, instances, secs);
            workload.advance(DrillTime((secs + 190) * 1_000_000));
            assert!(workload.moving.is_none(), "with {instances}");
            let rest = workload.version();
            workload.advance(DrillTime((secs + 199) * 1_000_000));
            assert_eq!(workload.version(), rest);
        }
    }

    /// Workers, queue, microseconds of work, milliseconds until given up, requests per second, retries of its callers.
    fn any_service() -> impl Strategy<Value = (u32, u32, u64, u64, f64, u32)> {
        let rate = prop_oneof![Just(0.0), 0.0..2_000.0, 0.0..1e7];
        (1_u32..40, 0_u32..300, 1_u64..2_000_000, 1_u64..5_000, rate, 0_u32..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

        #[test]
        fn every_workload_stays_defined(
            made in prop::collection::vec(any_service(), 3),
            changes in prop::collection::vec((0_usize..3, 0_u32..5, 0.05..1.0, prop_oneof![Just(0.0), Just(1.0), 0.0..1.0]), 1..6),
        ) {
            let text = include_str!("../../../scenarios/crypto-mining/scenario.toml");
            let scenario: Scenario = toml::from_str(text).expect("the scenario can be read");
            let mut services = scenario.services;
            // Data collection and the website call the service in the middle, and the website calls data collection, too.
            let collection = Call { service: services[0].id.clone(), retries: 2 };
            services[2].calls.push(collection);
            for (service, (workers, queue, work, timeout, _, retries)) in services.iter_mut().zip(&made) {
                service.workers = *workers;
                service.queue = *queue;
                service.service_time = Span(*work);
                service.timeout = Span::from_millis(*timeout);
                for call in &mut service.calls {
                    call.retries = *retries;
                }
            }
            let mut workload = Workload::new(&services);
            for (place, (.., rate, _)) in made.iter().enumerate() {
                workload.set_traffic(place, *rate, DrillTime::ZERO);
                serve(&mut workload, place, 2, 0);
            }
            workload.settle();
            for ((place, instances, speed, fails), turn) in changes.into_iter().zip(1_u64..) {
                let at = DrillTime(turn * 10_100_000);
                workload.set_capacity(place, Capacity { instances, speed, fails }, at);
                workload.advance(at + Span::from_secs(10));
                let sojourns = workload.sojourns();
                for (times, station) in sojourns.iter().zip(workload.stations()) {
                    let (level, outcome) = (station.level, station.outcome);
                    prop_assert!((0.0..=f64::from(station.size().room) * 1.000_001).contains(&level.population));
                    for share in [outcome.refused, outcome.spoilt, station.shown_failing()] {
                        prop_assert!((-1e-9..=1.0 + 1e-9).contains(&share), "{share}");
                    }
                    let (p99, mean) = (times.quantile(0.99), times.mean_up_to(station.build.timeout));
                    prop_assert!(p99.is_finite() && p99 >= 0.0 && mean.is_finite() && mean >= 0.0);
                }
            }
            let served = workload.take_served();
            prop_assert!(served.requests.is_finite() && served.failed <= served.requests * (1.0 + 1e-9));
        }
    }
}
