//! One service as a queue: what it is made of, how it stands, and what that means for who calls it.

use super::fluid::{self, Level};
use super::mmck::Size;
use super::tail::Tail;
use crate::scenario::model::Service;

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

impl Build {
    /// From the scenario; calls to services that don't exist are left out.
    #[must_use]
    pub fn of(service: &Service, services: &[Service]) -> Self {
        let calls = service.calls.iter().filter_map(|call| {
            let station = services.iter().position(|other| other.id == call.service)?;
            Some(Callee { station, retries: call.retries.min(MAX_RETRIES) })
        });
        Self {
            workers: service.workers,
            queue: service.queue,
            own: service.service_time.as_secs_f64().max(1e-6),
            timeout: service.timeout.as_secs_f64().max(1e-3),
            calls: calls.collect(),
        }
    }
}

/// More attempts than these are not looked at: their share is the failure rate to the tenth power.
const MAX_RETRIES: u32 = 8;

/// What serves at the moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity {
    /// Instances that take requests.
    pub instances: u32,
    /// Their mean speed: 1 at full speed, less where somebody else uses the CPU.
    pub speed: f64,
    /// Whether the credentials work: without them each request fails after its own work, and calls nobody.
    pub usable: bool,
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
    /// Requests per second from other services, as they have built up.
    pub called: f64,
    /// How long a worker is held by calls for each request, in seconds, as it has built up.
    pub held: f64,
    /// Chance that the calls of a request bring what it needs.
    pub calls_succeed: f64,
    /// The queue.
    pub level: Level,
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
    /// Share of the requests that fail: refused, given up on, without credentials, or for a failed call.
    pub failing: f64,
    /// How long an attempt holds its caller on average, in seconds.
    pub holds: f64,
}

impl Station {
    /// An idle service.
    #[must_use]
    pub fn new(build: Build) -> Self {
        let capacity = Capacity { instances: 0, speed: 1.0, usable: true };
        Self {
            build,
            capacity,
            traffic: 0.0,
            called: 0.0,
            held: 0.0,
            calls_succeed: 1.0,
            level: Level::default(),
            outcome: Outcome::default(),
        }
    }

    /// Workers and room of what serves now.
    #[must_use]
    pub fn size(&self) -> Size {
        let count = self.capacity.instances;
        Size::new(self.build.workers.saturating_mul(count), self.build.queue.saturating_mul(count))
    }

    /// Mean own work, in seconds, at the present speed.
    #[must_use]
    pub fn own_work(&self) -> f64 {
        self.build.own / self.capacity.speed.max(0.01)
    }

    /// Requests that one worker serves in a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        1.0 / (self.own_work() + self.held)
    }

    /// Lets `seconds` go by.
    pub fn step(&mut self, seconds: f64) {
        let asked = self.traffic + self.called;
        self.level = fluid::step(self.size(), self.level, asked, self.rate(), seconds);
        self.outcome = self.outcome_now(asked);
    }

    fn outcome_now(&self, asked: f64) -> Outcome {
        if self.size().workers == 0 {
            return Outcome { asked, served: 0.0, failing: 1.0, holds: 0.0 };
        }
        let rate = self.rate();
        let figures = self.level.figures;
        let served = rate * figures.busy;
        let sojourn = if served > 1e-9 { self.level.population / served } else { 1.0 / rate };
        let (late, held) = self.given_up(sojourn);
        let good = if self.capacity.usable { self.calls_succeed } else { 0.0 };
        Outcome {
            asked,
            served,
            failing: 1.0 - (1.0 - figures.blocked) * (1.0 - late) * good,
            holds: (1.0 - figures.blocked) * held,
        }
    }

    /// Share of the requests that are given up on, and how long a request holds its caller.
    ///
    /// The distribution is only worked out where the time-out is near: a wait in a full queue of bounded length and exponential
    /// work beyond eight times the largest mean are rarer than one in a thousand.
    fn given_up(&self, sojourn: f64) -> (f64, f64) {
        let size = self.size();
        let most = f64::from(size.room) / (f64::from(size.workers) * self.rate());
        if self.build.timeout > 8.0 * (1.0 / self.rate() + self.held) + 2.0 * most {
            return (0.0, sojourn);
        }
        let horizon = self.horizon().max(1.01 * self.build.timeout);
        let tail = self.own_tail(horizon).then_exponential(self.held.max(1e-9), horizon);
        (tail.beyond(self.build.timeout), tail.mean_up_to(self.build.timeout))
    }

    /// A time that hardly any request needs without its calls, in seconds.
    #[must_use]
    pub fn horizon(&self) -> f64 {
        let size = self.size();
        let services = f64::from(size.workers.max(1)) * self.rate();
        // Beyond the population and its spread nobody waits.
        let longest = self.level.population + 8.0 * libm::sqrt(self.level.figures.variance) + 8.0;
        (longest.min(f64::from(size.room)) + 4.0 * libm::sqrt(longest)) / services + 14.0 * self.own_work()
    }

    /// Wait for a worker and own work.
    #[must_use]
    pub fn own_tail(&self, horizon: f64) -> Tail {
        let wait = Tail::wait(self.size(), self.level.offered, self.rate(), horizon);
        wait.then_exponential(self.own_work(), horizon)
    }
}
