//! Finding the state of all services on which they agree: what a worker is held by is what the called service does at the same moment.
//!
//! From the services that call nobody upwards, each learns what it does in a second; from the outside inwards, each fills and calls. Where no service has two
//! callers, that is all; otherwise it is done again until nothing changes.

use super::chain;
use super::closed::Evenness;
use super::link::Link;
use super::network::Called;
use super::pace::Pace;
use super::patience::Patience;
use super::station::Station;
use super::times::times;
use super::{Workload, others, share, tail};

/// Services that call each other agree on a step when they are this near, as a share; they try so many times.
const AGREED: f64 = 1e-5;
pub(super) const MOST_ROUNDS: u32 = 2;
/// A network is solved again when what it was solved for is off by more than this share.
const OFF: f64 = 2e-3;
/// The same for a workload at rest.
const OFF_AT_REST: f64 = 1e-6;
/// The same for a workload at rest.
pub(super) const MOST_ROUNDS_AT_REST: u32 = 40;
/// From this round on they meet half-way.
const PATIENT_ROUNDS: u32 = 4;
/// As many calls of one service, or callers of one, are worked out together; with more, each takes the others for a constant time or rate.
const MOST_TOGETHER: usize = 4;
impl Workload {
    /// Finds the state after so many seconds, or the one at rest, on which all services agree: what a worker is held by is what
    /// the called service does at the same moment. Returns how far apart they still were in the end.
    pub(super) fn agree(&mut self, seconds: Option<f64>, most: u32) -> f64 {
        self.version += 1;
        let before: Vec<Vec<f64>> = self.stations.iter().map(|station| station.spread.clone()).collect();
        let mut apart = f64::INFINITY;
        for round in 0..most {
            let was: Vec<f64> = self.stations.iter().map(Station::population).collect();
            for place in self.order.clone() {
                self.serve(place, if seconds.is_some() { OFF } else { OFF_AT_REST });
            }
            for place in self.order.clone().into_iter().rev() {
                let since = before.get(place).map(Vec::as_slice).zip(seconds);
                self.fill(place, since);
                self.call(place, if round < PATIENT_ROUNDS { 1.0 } else { 0.5 });
            }
            let changes = self.stations.iter().zip(&was).map(|(station, was)| share(*was, station.population()));
            apart = changes.fold(0.0, f64::max);
            if apart < AGREED {
                break;
            }
        }
        self.conclude();
        apart
    }

    /// Whether a service is where it is for other reasons than how many workers its callers have at work: then it takes time to
    /// follow them.
    fn remembers(&self, place: usize) -> bool {
        self.stations.get(place).is_some_and(|station| station.traffic > 0.0 || station.patience.is_some())
    }

    /// Works out what a service does in a second, by how many requests are there, from what the services do that it calls.
    fn serve(&mut self, place: usize, off: f64) {
        let Some(station) = self.stations.get(place) else { return };
        let (workers, room, own) = (station.workers(), station.room(), station.own_work());
        let mine: Vec<usize> =
            (0..self.links.len()).filter(|at| self.links.get(*at).is_some_and(|link| link.caller == place)).collect();
        let mut rates = Pace::delay(workers, own);
        if workers > 0 {
            let mut reached = 1.0 - station.capacity.fails;
            for at in &mine {
                if let Some(link) = self.links.get_mut(*at) {
                    link.reached = reached;
                    reached *= link.succeeds;
                }
            }
            let hangs = mine.iter().filter_map(|at| self.links.get(*at));
            let hangs = hangs.filter_map(|link| Some(link.hangs_for(self.stations.get(link.callee)?))).sum::<f64>();
            rates = Pace::delay(workers, own + hangs);
            for at in &mine {
                rates = self.solve_link(*at, &mine, Pace::delay(workers, own + hangs), workers, off);
            }
        }
        let window = f64::from(room) / rates.at(f64::from(workers)).max(f64::MIN_POSITIVE);
        let dispersion = if workers > 0 { self.dispersion(&mine, own, window) } else { 1.0 };
        let Some(station) = self.stations.get_mut(place) else { return };
        station.dispersion = dispersion;
        let services = (0..=room).map(|n| rates.at(f64::from(n.min(workers)))).collect();
        if station.services != services {
            station.services = services;
            let called = self.links.iter().any(|link| link.callee == place);
            let workers = usize::try_from(workers).unwrap_or(usize::MAX);
            station.patience =
                if called { Patience::new(workers, &station.services, station.build.timeout) } else { None };
        }
    }

    /// How even the requests of a service are done while all its workers are busy. If they don't get into
    /// each other's way, the time of a request is the sum of independent ones; as far as they do, the evenness is lost.
    fn dispersion(&self, mine: &[usize], own: f64, window: f64) -> f64 {
        let mut known: Vec<(Evenness, f64)> = Vec::new();
        for at in mine {
            let Some(link) = self.links.get(*at) else { continue };
            let callee = self.stations.get(link.callee).map_or(1.0, |callee| callee.dispersion.min(1.0));
            known.push((link.evenness(), callee));
        }
        let whole = own + known.iter().map(|(call, _)| call.seconds).sum::<f64>();
        let alone: f64 = known.iter().map(|(call, _)| call.alone).sum();
        if alone <= 1e-6 {
            return 1.0;
        }
        let gain = known.iter().map(|(call, _)| call.gain).sum::<f64>();
        if gain < 0.0 {
            // A queue only feels what happens while it is emptied once.
            let settles = known.iter().map(|(call, _)| call.settles).fold(0.0, f64::max);
            let times = window / settles.max(1e-9);
            let felt = 1.0 - (1.0 - libm::exp(-times)) / times.max(1e-9);
            return 1.0 - gain * felt.clamp(0.0, 1.0);
        }
        let kept = gain / alone;
        let square = |seconds: f64| (seconds / whole) * (seconds / whole);
        let squares = square(own) + known.iter().map(|(call, of)| square(call.seconds) * of).sum::<f64>();
        (1.0 - kept * (1.0 - squares)).clamp(0.05, 1.0)
    }

    /// Solves one call with the other calls of the same service as part of the way round. Returns the requests of the caller that
    /// are done in a second.
    fn solve_link(&mut self, at: usize, mine: &[usize], own: Pace, workers: u32, off: f64) -> Pace {
        let mut elsewhere = own;
        let many = mine.len() > MOST_TOGETHER;
        if many {
            let others = mine.iter().filter(|other| **other != at).filter_map(|other| self.links.get(*other));
            let seconds = others.map(|link| link.seconds).sum::<f64>();
            elsewhere = Pace::delay(workers, f64::from(workers) / elsewhere.at(f64::from(workers)) + seconds);
        }
        for other in mine.iter().filter(|other| **other != at && !many) {
            let (Some(link), Some(called)) = (self.links.get(*other), self.called(*other)) else { continue };
            elsewhere = link.pace_with(workers, &elsewhere, &called);
        }
        let Some(link) = self.links.get(at) else { return elsewhere };
        let Some(station) = self.stations.get(link.callee) else { return elsewhere };
        let Some(called) = self.called(at) else { return elsewhere };
        let unlike = station.unlike_rest.clone();
        let Some(link) = self.links.get_mut(at) else { return elsewhere };
        link.solve(workers, elsewhere, called, off);
        link.share_out(unlike.as_deref());
        link.pace()
    }

    /// Lets a service fill for so many seconds since it was as in `before`, or come to rest.
    fn fill(&mut self, place: usize, since: Option<(&[f64], f64)>) {
        let remembers = self.remembers(place);
        let called = self.links.iter().any(|link| link.callee == place);
        let Some(station) = self.stations.get_mut(place) else { return };
        let chain = station.chain();
        let room = station.services.len().saturating_sub(1);
        (station.spread, station.unlike_rest) = match since.filter(|_| remembers) {
            None => (chain.at_rest(), None),
            Some((before, seconds)) => {
                let spread = chain.after(&chain::cut(before, room), seconds);
                let unlike = called.then(|| chain::unlike(&spread, &chain.at_rest_up_to(spread.len())));
                (spread, unlike)
            }
        };
    }

    /// Lets a service call, and those that it calls feel it; `part` is the part of the way that the figures go.
    fn call(&mut self, place: usize, part: f64) {
        for at in 0..self.links.len() {
            let Some(link) = self.links.get(at).filter(|link| link.caller == place) else { continue };
            let callee = link.callee;
            let unlike = self.stations.get(callee).and_then(|callee| callee.unlike_rest.clone());
            let shared = self.links.iter().filter(|link| link.callee == callee).count() > 1;
            let (Some(from), Some(link)) = (self.stations.get(place), self.links.get_mut(at)) else { continue };
            if from.workers() > 0 {
                link.hold(from, unlike.as_deref(), part, shared);
            } else {
                link.rest();
            }
            self.gather(callee);
        }
        let station = self.links.iter().filter(|link| link.caller == place);
        let succeed = station.map(|link| link.succeeds).product();
        if let Some(station) = self.stations.get_mut(place) {
            station.calls_succeed = succeed;
        }
    }

    /// Adds up the calls to a service.
    fn gather(&mut self, place: usize) {
        let links: Vec<&Link> = self.links.iter().filter(|link| link.callee == place).collect();
        let longest = links.iter().map(|link| link.asks.len()).max().unwrap_or(0);
        let echoes = links.iter().map(|link| link.echoes).sum();
        let outside = self.stations.get(place).map_or(0.0, Station::outside);
        let inflow: Vec<f64> = if links.len() > 1 && links.len() <= MOST_TOGETHER {
            let callers: Vec<&[f64]> = links.iter().map(|link| link.response.as_slice()).collect();
            others::together(&callers, outside).iter().map(|all| all - outside).collect()
        } else {
            (0..longest).map(|m| links.iter().map(|link| link.ask(m).calls).sum()).collect()
        };
        let calls = (links.len() > 1).then(|| links.iter().map(|link| link.calls).sum::<f64>());
        if let Some(station) = self.stations.get_mut(place) {
            (station.inflow, station.echoes) = (inflow, echoes);
            if let Some(calls) = calls {
                station.take_in(calls);
            }
        }
    }

    /// The service that a link calls, as its caller sees it.
    fn called(&self, at: usize) -> Option<Called> {
        let callee = self.links.get(at)?.callee;
        let station = self.stations.get(callee)?;
        let others = self.links.iter().enumerate().filter(|(place, link)| link.callee == callee && *place != at);
        let others: Vec<&Link> = others.map(|(_, link)| link).collect();
        if others.len() >= MOST_TOGETHER {
            let calls = others.iter().map(|link| link.calls).sum::<f64>();
            return Some(self.links.get(at)?.called(station, vec![station.outside() + calls]));
        }
        let others: Vec<&[f64]> = others.iter().map(|link| link.response.as_slice()).collect();
        Some(self.links.get(at)?.called(station, others::together(&others, station.outside())))
    }

    /// Says what everybody gets.
    fn conclude(&mut self) {
        self.stations.iter_mut().for_each(Station::conclude);
        for station in
            self.stations.iter_mut().filter(|station| station.build.calls.is_empty() && station.may_be_late())
        {
            station.outcome.spoilt = 1.0 - (1.0 - station.late_alone()) * (1.0 - station.useless());
        }
        let late = |station: &Station| !station.build.calls.is_empty() && station.may_be_late();
        let late: Vec<bool> = self.stations.iter().map(late).collect();
        if late.contains(&true) {
            let times = times(&self.stations, &self.links, &self.order, tail::COARSE, &late);
            for ((station, times), _) in self.stations.iter_mut().zip(times).zip(late).filter(|(_, late)| *late) {
                station.outcome.spoilt = 1.0 - times.good;
            }
        }
    }
}
