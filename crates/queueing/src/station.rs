//! One service as a queue: what it is made of, how it stands, and what that means for who calls it.

use super::chain::{self, Chain};
use super::number::whole;
use super::patience::Patience;

/// Most requests that all servers of a service may work on at the same time; what is beyond is not looked at.
pub const MOST_WORKERS: u32 = 1_024;
/// Most requests that may be at a service at the same time, waiting or worked on.
pub const MOST_ROOM: u32 = 4_096;

/// A call that each request makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Callee {
    /// Place of the called service among all services.
    pub station: usize,
    /// Further attempts after a failed one.
    pub retries: u32,
}

/// What does not change while the workload runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// Workers of one instance.
    pub workers: u32,
    /// Places to wait for each instance.
    pub queue: u32,
    /// Mean own work on a request, in seconds, at full speed.
    pub own: f64,
    /// The caller gives up after this time, in seconds.
    pub timeout: f64,
    /// Calls, one after the other.
    pub calls: Vec<Callee>,
}

/// More attempts than these are not looked at: their share is the failure rate to the tenth power.
const MAX_RETRIES: u32 = 8;
/// Shortest work on a request, in seconds.
const SHORTEST_WORK: f64 = 1e-6;
/// Shortest patience of a caller, in seconds.
const SHORTEST_TIMEOUT: f64 = 1e-3;

impl Build {
    /// The same with every figure in the range that the method is made for.
    #[must_use]
    pub(crate) fn within_bounds(mut self) -> Self {
        self.own = self.own.max(SHORTEST_WORK);
        self.timeout = self.timeout.max(SHORTEST_TIMEOUT);
        for call in &mut self.calls {
            call.retries = call.retries.min(MAX_RETRIES);
        }
        self
    }
}

/// What serves at the moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity {
    /// Instances that take requests.
    pub instances: u32,
    /// Their mean speed: 1 at full speed, less where somebody else uses the CPU.
    pub speed: f64,
    /// Share of the requests that can't be served, because something that they need is out of reach: credentials, a bucket. Such a
    /// request fails half-way through its own work, and calls nobody.
    pub fails: f64,
    /// Requests that are sent to an instance that doesn't answer.
    pub hanging: Hanging,
    /// Share of the workers that are taken by something else, or gone. No more than 95 % counts.
    pub held: f64,
}

impl Capacity {
    /// Some workers are always left.
    const MOST_HELD: f64 = 0.95;
}

/// Requests that come to no worker: the balancer sends them to an instance that doesn't answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hanging {
    /// Share of all requests. No more than [`Hanging::MOST`] counts.
    pub share: f64,
    /// After so many seconds the balancer gives up on one, unless its caller did before.
    pub seconds: f64,
}

impl Hanging {
    /// Every instance answers.
    pub const NONE: Self = Self { share: 0.0, seconds: 0.0 };
    /// So that there is something to count with, a trickle still gets through.
    pub const MOST: f64 = 0.9999;

    /// Share of the requests that get through to a worker or its queue.
    #[must_use]
    pub(crate) fn through(self) -> f64 {
        1.0 - self.share.clamp(0.0, Self::MOST)
    }
}

/// A service as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Its make.
    pub build: Build,
    /// What serves.
    pub capacity: Capacity,
    /// Requests per second from outside.
    pub traffic: f64,
    /// Requests per second from other services, by how many are here; the last value goes on.
    pub inflow: Vec<f64>,
    /// Further attempts per second of those that were refused.
    pub echoes: f64,
    /// Requests per second that are done, by how many are here: from none to as many as there is room for.
    pub services: Vec<f64>,
    /// Variance of the number of requests done in a long time with all workers busy, over their mean number: 1 for requests done
    /// at random, less where a request takes several steps.
    pub dispersion: f64,
    /// Chance of so many requests being here.
    pub spread: Vec<f64>,
    /// How much more or less likely each number is than at rest; none at rest.
    pub unlike_rest: Option<Vec<f64>>,
    /// Callers that give up on it; none where that is too rare to matter.
    pub patience: Option<Patience>,
    /// Chance that the calls of a request bring what it needs.
    pub calls_succeed: f64,
    /// What that means.
    pub outcome: Outcome,
}

/// What a service gives to whoever asks it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outcome {
    /// Requests that are asked of it, per second.
    pub asked: f64,
    /// Requests that leave a worker, per second.
    pub served: f64,
    /// Share of the requests that find no place.
    pub refused: f64,
    /// Share of those let in that fail: given up on, without credentials, or for a failed call.
    pub spoilt: f64,
    /// Requests per second that hang at an instance that doesn't answer; not among those asked.
    pub hung: f64,
}

impl Outcome {
    /// Share of the requests that get through and fail, each counted once.
    #[must_use]
    pub fn failing(&self) -> f64 {
        self.refused + (1.0 - self.refused) * self.spoilt
    }
}

impl Station {
    /// An idle service.
    #[must_use]
    pub fn new(build: Build) -> Self {
        Self {
            build,
            capacity: Capacity { instances: 0, speed: 1.0, fails: 0.0, hanging: Hanging::NONE, held: 0.0 },
            traffic: 0.0,
            inflow: Vec::new(),
            echoes: 0.0,
            services: vec![0.0],
            dispersion: 1.0,
            spread: vec![1.0],
            unlike_rest: None,
            patience: None,
            calls_succeed: 1.0,
            outcome: Outcome::default(),
        }
    }

    /// Requests that can be worked on at the same time.
    #[must_use]
    pub fn workers(&self) -> u32 {
        let all = self.all_workers();
        let held = f64::from(all) * self.capacity.held.clamp(0.0, Capacity::MOST_HELD);
        all.saturating_sub(u32::try_from(whole(held)).unwrap_or(u32::MAX))
    }

    /// Requests that could be worked on at the same time, if none of the workers were held.
    #[must_use]
    pub fn all_workers(&self) -> u32 {
        self.build.workers.saturating_mul(self.capacity.instances).min(MOST_WORKERS)
    }

    /// Requests that can be here at the same time, waiting or worked on.
    #[must_use]
    pub fn room(&self) -> u32 {
        let waiting = self.build.queue.saturating_mul(self.capacity.instances);
        self.workers().saturating_add(waiting).min(MOST_ROOM)
    }

    /// Mean number of requests here.
    #[must_use]
    pub(crate) fn population(&self) -> f64 {
        chain::mean(&self.spread)
    }

    /// Mean number of workers that have a request, at work on it or waiting for a called service.
    #[must_use]
    pub fn busy(&self) -> f64 {
        let workers = f64::from(self.workers());
        chain::weighted(&self.spread, |n| n.min(workers))
    }

    /// Mean number of requests that wait for a worker.
    #[must_use]
    pub fn waiting(&self) -> f64 {
        let workers = f64::from(self.workers());
        chain::weighted(&self.spread, |n| (n - workers).max(0.0))
    }

    /// Requests per second that are seen here, those refused again and again included.
    #[must_use]
    pub(crate) fn shown_asked(&self) -> f64 {
        self.outcome.asked + self.outcome.hung + self.echoes
    }

    /// Share of them that fail.
    #[must_use]
    pub fn shown_failing(&self) -> f64 {
        let failed = self.outcome.asked * self.outcome.failing() + self.outcome.hung + self.echoes;
        if self.shown_asked() > 0.0 { failed / self.shown_asked() } else { 0.0 }
    }

    /// Mean own work, in seconds, at the present speed. A request that can't be served fails at its first use of what it
    /// can't reach, taken as half-way (assumed).
    #[must_use]
    pub fn own_work(&self) -> f64 {
        (1.0 - 0.5 * self.capacity.fails) * self.build.own / self.capacity.speed.max(0.01)
    }

    /// Share of its answers, given in time, that are of no use to who asked.
    #[must_use]
    pub(crate) fn useless(&self) -> f64 {
        1.0 - self.calls_succeed * (1.0 - self.capacity.fails)
    }

    /// Requests per second from outside that get through to an instance that answers.
    #[must_use]
    pub(crate) fn outside(&self) -> f64 {
        self.traffic * self.capacity.hanging.through()
    }

    /// How long a request hangs before it is given up on, in seconds.
    #[must_use]
    pub(crate) fn hangs_for(&self) -> f64 {
        self.capacity.hanging.seconds.min(self.build.timeout)
    }

    /// Requests per second that come while `n` are here.
    #[must_use]
    pub(crate) fn arrivals(&self, n: usize) -> f64 {
        self.outside() + self.inflow.get(n).or(self.inflow.last()).copied().unwrap_or(0.0)
    }

    /// No call is lost or made where several services call: by how many are here more or fewer come, and in all as many as are made.
    /// Where more are made than can be done, the callers' own limits say how many come.
    pub(crate) fn take_in(&mut self, calls: f64) {
        let here = |n: usize| self.inflow.get(n).or(self.inflow.last()).copied().unwrap_or(0.0);
        let mean: f64 = self.spread.iter().enumerate().map(|(n, chance)| chance * here(n)).sum();
        if mean > 0.0 && calls > 0.0 {
            let together = self.services.last().copied().unwrap_or(0.0);
            let part = 1.0 + self.ease(together) * ((calls / mean).clamp(0.5, 2.0) - 1.0);
            self.inflow.iter_mut().for_each(|calls| *calls *= part);
        }
    }

    /// As a chain.
    #[must_use]
    pub fn chain(&self) -> Chain {
        let arrivals = (0..self.services.len()).map(|n| self.arrivals(n) - self.left_out(n));
        let before = |n: usize| n.checked_sub(1).map_or(0.0, |before| self.left_out(before));
        let services = self.services.iter().enumerate().map(|(n, done)| done - before(n));
        Chain { arrivals: arrivals.collect(), services: services.collect() }
    }

    /// Arrivals a second while `n` are here, and services a second of one more, that are left out of the chain.
    ///
    /// Where all workers are busy and requests are done more evenly than at random, as many arrivals as services are left out, so that
    /// the chain drifts as the queue does and spreads as it does: a diffusion with the same mean and variance. Where they are done less
    /// evenly, more are put in. As long as there are free workers, how many are here does not depend on how even they are (the
    /// M/G/infinity queue).
    fn left_out(&self, n: usize) -> f64 {
        if n < usize::try_from(self.workers()).unwrap_or(usize::MAX) {
            return 0.0;
        }
        let together = self.services.last().copied().unwrap_or(0.0);
        let part = if self.traffic > 0.0 { 1.0 } else { self.ease(together) };
        (0.5 * (1.0 - self.dispersion) * part * together).min(0.5 * self.arrivals(n))
    }

    /// Whether there are fewer calls than can be done. Where there are more, the callers' own limits hold the queue.
    fn ease(&self, together: f64) -> f64 {
        let workers = usize::try_from(self.workers()).unwrap_or(usize::MAX);
        (10.0 * (1.0 - self.arrivals(workers) / together.max(f64::MIN_POSITIVE))).clamp(0.0, 1.0)
    }

    /// What it would do in a second, by how many are here, if requests were done at random and it came to rest as it does.
    #[must_use]
    pub(crate) fn services_at_rest(&self) -> Vec<f64> {
        let mut services = self.services.clone();
        for (n, done) in services.iter_mut().enumerate().skip(1) {
            let (left_out, arrivals) = (self.left_out(n - 1), self.arrivals(n - 1));
            if arrivals > left_out {
                *done = arrivals * (*done - left_out) / (arrivals - left_out);
            }
        }
        services
    }

    /// Share of the requests that find it full that are turned away.
    #[must_use]
    pub(crate) fn turned_away(&self) -> f64 {
        let room = self.services.len().saturating_sub(1);
        let arrivals = self.arrivals(room);
        if arrivals > 0.0 { 1.0 - self.left_out(room) / arrivals } else { 1.0 }
    }

    /// What a request that is let in finds.
    #[must_use]
    pub fn found(&self) -> Vec<f64> {
        let room = self.services.len().saturating_sub(1);
        let let_in = self.spread.iter().take(room).enumerate();
        chain::normalised(let_in.map(|(n, chance)| chance * self.arrivals(n)).collect())
    }

    /// Sets what each request that is let in gets, with the share of those that are given up on.
    pub(crate) fn conclude(&mut self) {
        let room = self.services.len().saturating_sub(1);
        let asked = self.spread.iter().enumerate().map(|(n, chance)| chance * self.arrivals(n)).sum::<f64>();
        let full = self.spread.get(room).copied().unwrap_or(0.0);
        let turned_away = full * self.arrivals(room) * self.turned_away();
        let through = self.capacity.hanging.through();
        let hung = asked * (1.0 - through) / through;
        self.outcome = if room == 0 {
            Outcome { asked, served: 0.0, refused: 1.0, spoilt: 1.0, hung }
        } else {
            let refused = if asked > 0.0 { turned_away / asked } else { 0.0 };
            Outcome { asked, served: self.served(), refused, spoilt: self.useless(), hung }
        };
    }

    /// Requests a second that are done while `n` are here, as the chain counts them.
    fn done(&self, n: usize) -> f64 {
        let before = n.checked_sub(1).map_or(0.0, |before| self.left_out(before));
        self.services.get(n).copied().unwrap_or(0.0) - before + self.left_out(n)
    }

    /// Requests a second that are done, as the chain counts them.
    #[must_use]
    pub fn served(&self) -> f64 {
        self.spread.iter().enumerate().map(|(n, chance)| chance * self.done(n)).sum()
    }

    /// Share of the requests that are given up on, where none calls another service.
    #[must_use]
    pub(crate) fn late_alone(&self) -> f64 {
        let workers = usize::try_from(self.workers()).unwrap_or(usize::MAX);
        let Some(patience) = Patience::new(workers, &self.services, self.build.timeout) else { return 0.0 };
        self.found().iter().enumerate().map(|(n, chance)| chance * patience.late_finding(n)).sum()
    }

    /// Says whether somebody may give up now: a wait as long as the queue hardly ever is, and exponential work beyond nine times the
    /// mean, are rarer than one in a thousand.
    #[must_use]
    pub(crate) fn may_be_late(&self) -> bool {
        let together = self.services.last().copied().unwrap_or(0.0);
        let mut rarer = 0.0;
        let longest = self.spread.iter().rev().take_while(|chance| {
            rarer += **chance;
            rarer < 1e-5
        });
        let longest = f64::from(u32::try_from(self.spread.len() - longest.count()).unwrap_or(u32::MAX));
        let queue = longest + 4.0 * libm::sqrt(longest);
        together > 0.0 && self.build.timeout <= (9.0 * f64::from(self.workers()) + queue) / together
    }
}
