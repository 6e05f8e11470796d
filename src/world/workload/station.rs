//! One service as a queue: what it is made of, how it stands, and what that means for who calls it.

use super::feedback::Feedback;
use super::fluid::{self, Level};
use super::mmck::Size;
use super::tail::{self, Tail};
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
    /// Share of the requests that can't be served, because something that they need is out of reach: credentials, a bucket. Such a
    /// request fails half-way through its own work, and calls nobody.
    pub fails: f64,
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
    /// Requests have come from outside.
    pub visited: bool,
    /// Requests per second from other services.
    pub called: Feedback,
    /// Further attempts per second of those that were refused.
    pub echoes: f64,
    /// Workers of the services that call it: each has at most one call here at a time. None where requests come from outside.
    pub callers: Option<u32>,
    /// How long a worker is held by calls for each request, in seconds.
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
    /// Share of the requests that find no place.
    pub refused: f64,
    /// Share of those let in that fail: given up on, without credentials, or for a failed call.
    pub spoilt: f64,
    /// How long an attempt holds its caller on average, in seconds.
    pub holds: f64,
}

impl Outcome {
    /// Share of the requests that fail, each counted once.
    #[must_use]
    pub fn failing(&self) -> f64 {
        self.refused + (1.0 - self.refused) * self.spoilt
    }

    /// What a caller gets that tries up to `retries` more times.
    ///
    /// Who is refused tries again at once and finds the same full queue, so that only the attempts that were let in are worth
    /// repeating.
    #[must_use]
    pub fn tries(&self, retries: u32) -> Tries {
        let again = (1.0 - self.refused) * self.spoilt;
        let mut tries = Tries::default();
        let mut reached = 1.0;
        for left in (0..=retries).rev() {
            tries.attempts += reached;
            tries.echoes += reached * self.refused * f64::from(left);
            tries.succeed += reached * (1.0 - self.refused) * (1.0 - self.spoilt);
            reached *= again;
        }
        tries
    }
}

/// What becomes of a call with all its attempts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tries {
    /// Mean number of attempts up to the first refusal.
    pub attempts: f64,
    /// Mean number of attempts after a refusal, all refused.
    pub echoes: f64,
    /// Chance of an answer that is of use.
    pub succeed: f64,
}

impl Station {
    /// Requests per second that are seen here, those refused again and again included.
    #[must_use]
    pub fn shown_asked(&self) -> f64 {
        self.outcome.asked + self.echoes
    }

    /// Share of them that fail.
    #[must_use]
    pub fn shown_failing(&self) -> f64 {
        let failed = self.outcome.asked * self.outcome.failing() + self.echoes;
        if self.shown_asked() > 0.0 { failed / self.shown_asked() } else { 0.0 }
    }

    /// An idle service.
    #[must_use]
    pub fn new(build: Build) -> Self {
        let capacity = Capacity { instances: 0, speed: 1.0, fails: 0.0 };
        Self {
            build,
            capacity,
            traffic: 0.0,
            visited: false,
            called: Feedback::ZERO,
            echoes: 0.0,
            callers: None,
            held: 0.0,
            calls_succeed: 1.0,
            level: Level::default(),
            outcome: Outcome::default(),
        }
    }

    /// Workers and room of what serves now. There is never more room than callers can fill.
    #[must_use]
    pub fn size(&self) -> Size {
        let size = self.built_size();
        let room = self.callers.map_or(size.room, |callers| size.room.min(callers.max(size.workers)));
        Size { room, ..size }
    }

    fn built_size(&self) -> Size {
        let count = self.capacity.instances;
        Size::new(self.build.workers.saturating_mul(count), self.build.queue.saturating_mul(count))
    }

    /// Says whether a request can find no place at all. Otherwise its callers are held back before that.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.callers.is_none_or(|callers| callers > self.built_size().room)
    }

    /// Share of the requests that find no place.
    #[must_use]
    pub fn refused(&self) -> f64 {
        if self.refuses() { self.level.figures.blocked } else { 0.0 }
    }

    /// Mean own work, in seconds, at the present speed. A request that can't be served fails at its first use of what it
    /// can't reach, taken as half-way (assumed).
    #[must_use]
    pub fn own_work(&self) -> f64 {
        (1.0 - 0.5 * self.capacity.fails) * self.build.own / self.capacity.speed.max(0.01)
    }

    /// Requests that one worker serves in a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        1.0 / (self.own_work() + self.held)
    }

    /// Lets `seconds` go by since `population` requests were here. May be done again from the same beginning.
    pub fn step(&mut self, population: f64, seconds: f64) {
        let asked = self.traffic + self.called.value;
        self.level =
            fluid::step(self.size(), self.refuses(), Level { population, ..self.level }, asked, self.rate(), seconds);
        self.outcome = self.outcome_now(asked);
    }

    fn outcome_now(&self, asked: f64) -> Outcome {
        if self.size().workers == 0 {
            return Outcome { asked, served: 0.0, refused: 1.0, spoilt: 1.0, holds: 0.0 };
        }
        let rate = self.rate();
        let (figures, refused) = (self.level.figures, self.refused());
        let served = rate * figures.busy;
        let sojourn = if served > 1e-9 { self.level.population / served } else { 1.0 / rate };
        let (late, held) = self.given_up(sojourn);
        let good = self.calls_succeed * (1.0 - self.capacity.fails);
        Outcome { asked, served, refused, spoilt: 1.0 - (1.0 - late) * good, holds: (1.0 - refused) * held }
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
        let tail = self.own_tail(horizon, tail::COARSE).then_exponential(self.held.max(1e-9));
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
    pub fn own_tail(&self, horizon: f64, points: usize) -> Tail {
        let wait = Tail::wait(self.size(), self.level.offered, self.rate(), horizon, points);
        wait.then_exponential(self.own_work())
    }
}
