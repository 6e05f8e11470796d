//! The workload: services that call each other, each one a queue.
//!
//! **What happens to a request** is said in `scenarios/README.md`, so that anybody can simulate it. In short: exponential own work first, then
//! the calls one after the other; the worker is held all the time; who finds the queue full is refused at once; who gives up leaves
//! the request behind, and it is worked on all the same; a failed attempt is made again at once.
//!
//! **Method.** Each service is a birth-death chain of the number of its requests (`chain`), with `c` = instances in service x workers and
//! room for `c` + places to wait. Without calls that is the M/M/c/K queue. With calls, what its workers do in a second is the throughput of
//! the closed network that they go round in, solved for each number of busy workers (`network`, `closed`, `row`): the flow-equivalent service of
//! Chandy, Herzog and Woo (1975), as layered queueing models use it. Requests that were given up on no longer hold a worker (`patience`).
//! Several callers of a service share it as the chances of a product-form network say (`crowd`, `others`). Requests that take several steps are done
//! more evenly than at random, which shortens the queue before them; the chain is narrowed accordingly (a diffusion with the same
//! mean and variance, `station`). All services are brought to agree (`agree`).
//!
//! A change of load or capacity is followed by implicit steps of the chains' own equations until they have settled, and then nothing is ever
//! due: a workload at rest costs nothing, whatever its traffic. Times come from the chances of what a request finds (`tail`, `times`);
//! the common shortcut `1 - 1/load` for losses says far too little.
//!
//! **Assumptions.** Poisson arrivals; exponential work; the balancer finds a free worker wherever one is. Given how many workers of its caller are
//! busy, a called service is at rest; callers of the same service are independent but for what they find there. Requests of an instance
//! that leaves go on on the others, as far as there is room.
//!
//! **How good it is** is measured against `SimPy` and `Ciw` in `tests/it/world/peers.rs`, and said in `ARCHITECTURE.md`.

#![warn(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::alloc_instead_of_core)]

extern crate alloc;

mod agree;
mod chain;
mod closed;
mod crowd;
mod lattice;
mod link;
mod network;
mod number;
mod others;
mod pace;
mod patience;
mod row;
mod spacing;
mod station;
mod tail;
mod times;
mod way;

use agree::{MOST_ROUNDS, MOST_ROUNDS_AT_REST};
use link::Link;
pub use station::{Build, Callee, Capacity, Hanging, MOST_ROOM, MOST_WORKERS, Outcome, Station};
pub use tail::Tail;
use times::{Times, times};

/// The grid, in microseconds, and how many steps of it are taken after a change before the next, wider one.
const GRIDS: [(u64, u32); 4] = [(250_000, 8), (500_000, 8), (1_000_000, 54), (5_000_000, 228)];
/// A change smaller than this share counts as none.
const STILL: f64 = 1e-5;
/// So many steps in a row must be still.
const STILL_STEPS: u32 = 3;

/// Most requests per second from outside.
const MOST_TRAFFIC: f64 = 1e9;

/// All services.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    stations: Vec<Station>,
    links: Vec<Link>,
    /// Places of the services, each after those that it calls.
    order: Vec<usize>,
    /// Microseconds since the beginning.
    solved_to: u64,
    /// Steps since the last change, and how many of the last were still; none while at rest.
    moving: Option<Moving>,
    /// What customers got since it was last asked for.
    /// Place by place.
    served: Vec<Served>,
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

    /// The present grid; none where the workload is taken as it is.
    fn grid(self) -> Option<u64> {
        let mut left = self.steps;
        GRIDS.iter().find_map(|(grid, steps)| {
            let here = left < *steps;
            left = left.saturating_sub(*steps);
            here.then_some(*grid)
        })
    }
}

/// What requests from outside got at one service.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Served {
    /// Requests from outside.
    pub requests: f64,
    /// Those that failed.
    pub failed: f64,
}

impl Workload {
    /// Idle services. A call names its service by place; one to a place where none is counts for nothing.
    #[must_use]
    pub fn new(builds: Vec<Build>) -> Self {
        let there = builds.len();
        let stations = builds.into_iter().map(|mut build| {
            build.calls.retain(|call| call.station < there);
            Station::new(build.within_bounds())
        });
        let stations: Vec<Station> = stations.collect();
        let calls = stations.iter().enumerate();
        let links = calls.flat_map(|(caller, station)| {
            station.build.calls.iter().map(move |call| Link::new(caller, call.station, call.retries))
        });
        Self {
            links: links.collect(),
            order: callees_first(&stations),
            stations,
            solved_to: 0,
            moving: Some(Moving::START),
            served: vec![Served::default(); there],
            version: 1,
        }
    }

    /// The services, in the order of the scenario.
    #[must_use]
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// Sets the requests per second from outside, from `at` (microseconds since the beginning) on; a negative or undefined rate counts as none.
    pub fn set_traffic(&mut self, station: usize, rate: f64, at: u64) {
        self.advance(at);
        let rate = if rate > 0.0 { rate.min(MOST_TRAFFIC) } else { 0.0 };
        if let Some(station) = self.stations.get_mut(station)
            && station.traffic.to_bits() != rate.to_bits()
        {
            station.traffic = rate;
            self.moving = Some(Moving::START);
        }
    }

    /// Sets what serves, from `at` (microseconds since the beginning) on.
    pub fn set_capacity(&mut self, station: usize, capacity: Capacity, at: u64) {
        self.advance(at);
        if let Some(station) = self.stations.get_mut(station)
            && station.capacity != capacity
        {
            station.capacity = capacity;
            self.moving = Some(Moving::START);
        }
    }

    /// Works the workload out up to `to`, in microseconds since the beginning. Only moments of changes and samples are asked for, so that how a drill is
    /// advanced in between makes no difference.
    pub fn advance(&mut self, to: u64) {
        while self.solved_to < to {
            let grid = self.moving.and_then(Moving::grid);
            let next = grid.map_or(to, |grid| ((self.solved_to / grid + 1) * grid).min(to));
            let seconds = seconds(next - self.solved_to);
            match grid {
                Some(_) => self.step(seconds),
                None => self.moving = None,
            }
            self.count(seconds);
            self.solved_to = next;
        }
    }

    /// Lets the workload come to rest as it was built, before the drill begins.
    pub fn settle(&mut self) {
        let calls = u32::try_from(self.links.len()).unwrap_or(u32::MAX).max(1);
        self.agree(None, (200 / calls).clamp(8, MOST_ROUNDS_AT_REST));
        self.moving = None;
    }

    /// A number that changes whenever the figures do.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What requests from outside got since this was last asked, service by service in the order of the scenario.
    pub fn take_served(&mut self) -> Vec<Served> {
        let none = vec![Served::default(); self.served.len()];
        let mut taken = core::mem::replace(&mut self.served, none);
        for served in &mut taken {
            served.failed = served.failed.min(served.requests);
        }
        taken
    }

    fn count(&mut self, seconds: f64) {
        for (served, station) in self.served.iter_mut().zip(&self.stations) {
            let requests = station.traffic * seconds;
            served.requests += requests;
            let through = station.capacity.hanging.through();
            served.failed += requests * (1.0 - through * (1.0 - station.outcome.failing()));
        }
    }

    fn step(&mut self, seconds: f64) {
        let Some(mut moving) = self.moving else { return };
        let before: Vec<f64> = self.stations.iter().map(Station::population).collect();
        let apart = self.agree(Some(seconds), MOST_ROUNDS);
        let changes = self.stations.iter().zip(&before).map(|(station, before)| share(*before, station.population()));
        let change = changes.fold(apart, f64::max);
        moving.steps += 1;
        moving.still = if change < STILL { moving.still + 1 } else { 0 };
        self.moving = (moving.still < STILL_STEPS && moving.grid().is_some()).then_some(moving);
    }

    /// For each service, the distribution of the time that a request takes, as far as its caller waits for it.
    #[must_use]
    pub fn sojourns(&self) -> Vec<Tail> {
        let times: Vec<Times> =
            times(&self.stations, &self.links, &self.order, tail::FINE, &vec![true; self.stations.len()]);
        let seen = |(station, times): (&Station, Times)| {
            let through = station.capacity.hanging.through();
            times.whole.up_to(station.build.timeout).or_hangs(1.0 - through, station.hangs_for())
        };
        self.stations.iter().zip(times).map(seen).collect()
    }

    /// An instance is gone with what it worked on: of all requests at a service, a share of `kept` is left.
    pub fn lose(&mut self, station: usize, kept: f64, at: u64) {
        self.advance(at);
        let (Some(station), Some(served)) = (self.stations.get_mut(station), self.served.get_mut(station)) else {
            return;
        };
        let asked = station.outcome.asked;
        let from_customers = if asked > 0.0 { (station.outside() / asked).min(1.0) } else { 0.0 };
        // Who would have failed all the same is counted already.
        let good = (1.0 - station.outcome.spoilt).clamp(0.0, 1.0);
        let before = station.population();
        station.spread = chain::thinned(&station.spread, kept.clamp(0.0, 1.0));
        served.failed += good * from_customers * (before - station.population());
        self.moving = Some(Moving::START);
    }
}

/// Microseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "a figure to compute with; exact up to 285 years")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// How far apart two figures are, as a share of the larger one.
fn share(before: f64, after: f64) -> f64 {
    (after - before).abs() / (before.abs().max(after.abs()) + 1e-6)
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

    /// The shop of `crypto-mining`: data collection calls personalization, and the website calls it, too.
    fn builds() -> Vec<Build> {
        let build = |workers, queue, own, timeout, calls| Build { workers, queue, own, timeout, calls };
        let call = |station| vec![Callee { station, retries: 1 }];
        vec![build(16, 64, 0.006, 2.0, call(1)), build(8, 40, 0.018, 0.6, vec![]), build(24, 64, 0.009, 3.0, call(1))]
    }

    fn shop() -> Workload {
        let mut workload = Workload::new(builds());
        for (place, rate) in [(0, 40.0), (1, 0.0), (2, 240.0)] {
            workload.set_traffic(place, rate, 0);
            serve(&mut workload, place, 2, 0);
        }
        workload.settle();
        workload
    }

    fn serve(workload: &mut Workload, place: usize, instances: u32, secs: u64) {
        let at = secs * 1_000_000;
        workload.set_capacity(
            place,
            Capacity { instances, speed: 1.0, fails: 0.0, hanging: Hanging::NONE, held: 0.0 },
            at,
        );
    }

    #[test]
    fn comes_to_rest_after_each_change_and_costs_nothing_then() {
        let mut workload = shop();
        assert!(workload.moving.is_none());
        for (secs, instances) in [(100, 1), (300, 3), (500, 0), (700, 2)] {
            serve(&mut workload, 1, instances, secs);
            workload.advance((secs + 190) * 1_000_000);
            assert!(workload.moving.is_none(), "with {instances}");
            let rest = workload.version();
            workload.advance((secs + 199) * 1_000_000);
            assert_eq!(workload.version(), rest);
        }
    }

    /// Callers of a service, answered and asked for, and what comes to it, in a second.
    fn flows(workload: &Workload) -> (f64, f64) {
        let outcome = |place: usize| workload.stations()[place].outcome;
        (outcome(0).asked + outcome(2).asked, outcome(1).asked)
    }

    #[test]
    fn no_call_is_lost_or_made_where_several_services_call_one() {
        let mut workload = shop();
        for (rate, collection) in [(240.0, 40.0), (170.0, 30.0), (260.0, 140.0)] {
            workload.set_traffic(2, rate, 200_000_000);
            workload.set_traffic(0, collection, 200_000_000);
            serve(&mut workload, 1, 1, 200);
            workload.settle();
            let (asked, come) = flows(&workload);
            assert!((come / asked - 1.0).abs() < 1e-3, "{rate}: {asked} ask, {come} come");
        }
    }

    #[test]
    fn what_is_sent_to_an_instance_that_does_not_answer_hangs_and_is_tried_again() {
        let mut workload = shop();
        let before = workload.sojourns();
        let hanging = Hanging { share: 0.5, seconds: 10.0 };
        workload.set_capacity(1, Capacity { instances: 1, speed: 1.0, fails: 0.0, hanging, held: 0.0 }, 0);
        workload.set_traffic(2, 60.0, 0);
        workload.advance(200_000_000);
        let (called, site) = (workload.stations()[1].outcome, &workload.stations()[2]);
        assert!((called.hung / (called.hung + called.asked) - 0.5).abs() < 1e-3, "{called:?}");
        // Of the site's requests, a quarter hangs twice, and half of them is held for 600 ms at least once.
        assert!((site.outcome.failing() - 0.25).abs() < 0.01, "{}", site.outcome.failing());
        let after = workload.sojourns();
        let mean = |times: &[Tail], place: usize| times[place].mean_up_to(3.0);
        let held = mean(&after, 2) - mean(&before, 2);
        // 0.5 + 0.25 attempts that hang, of 600 ms each.
        assert!((0.43..0.47).contains(&held), "{held}");
        assert!((after[1].quantile(0.99) - 0.6).abs() < 0.02, "{}", after[1].quantile(0.99));
    }

    #[test]
    fn an_instance_takes_what_it_works_on_along() {
        let mut workload = shop();
        let (before, _) = (workload.stations()[2].population(), workload.take_served());
        workload.lose(2, 0.5, 0);
        assert!((workload.stations()[2].population() - 0.5 * before).abs() < 1e-9);
        workload.advance(1_000_000);
        let failed: f64 = workload.take_served().iter().map(|served| served.failed).sum();
        assert!((failed / (0.5 * before) - 1.0).abs() < 0.05, "all of them are of customers: {failed} of {before}");
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
            let mut services = builds();
            // Data collection and the website call the service in the middle, and the website calls data collection, too.
            services[2].calls.push(Callee { station: 0, retries: 2 });
            for (service, (workers, queue, work, timeout, _, retries)) in services.iter_mut().zip(&made) {
                service.workers = *workers;
                service.queue = *queue;
                service.own = seconds(*work);
                service.timeout = seconds(*timeout * 1_000);
                for call in &mut service.calls {
                    call.retries = *retries;
                }
            }
            let mut workload = Workload::new(services);
            for (place, (.., rate, _)) in made.iter().enumerate() {
                workload.set_traffic(place, *rate, 0);
                serve(&mut workload, place, 2, 0);
            }
            workload.settle();
            for ((place, instances, speed, fails), turn) in changes.into_iter().zip(1_u64..) {
                let at = turn * 10_100_000;
                workload.set_capacity(place, Capacity { instances, speed, fails, hanging: Hanging::NONE, held: 0.0 }, at);
                workload.advance(at + 10_000_000);
                let sojourns = workload.sojourns();
                for (times, station) in sojourns.iter().zip(workload.stations()) {
                    let outcome = station.outcome;
                    prop_assert!((0.0..=f64::from(station.room()) * 1.000_001).contains(&station.population()));
                    for share in [outcome.refused, outcome.spoilt, station.shown_failing()] {
                        prop_assert!((-1e-9..=1.0 + 1e-9).contains(&share), "{share}");
                    }
                    let (p99, mean) = (times.quantile(0.99), times.mean_up_to(station.build.timeout));
                    prop_assert!(p99.is_finite() && p99 >= 0.0 && mean.is_finite() && mean >= 0.0);
                }
            }
            for served in workload.take_served() {
                prop_assert!(served.requests.is_finite() && served.failed <= served.requests * (1.0 + 1e-9));
            }
        }
    }
}
