//! How many of the requests in a queue still have a caller who waits for them.
//!
//! Who gives up leaves the request behind: it is worked on all the same. Seen backwards in time, a birth-death chain at rest is
//! such a chain again, in which requests leave as they were done (Kelly: Reversibility and Stochastic Networks, section 1.3). So the `i`th
//! request from the end of the queue has been there for `i` of these intervals, and one that is worked on for as many as are behind
//! it and a piece of work.

use super::number::{as_f64, whole};

/// For one service and one time-out.
#[derive(Debug, Clone, PartialEq)]
pub struct Patience {
    timeout: f64,
    workers: usize,
    /// Share of the requests that are there that still have a caller, for each number of requests.
    waited_for: Vec<f64>,
    /// Chance that a request is given up on that finds so many before it that are not being worked on, or leaves so many.
    late: Vec<f64>,
    /// The same for a request that finds a free worker while `n` are there.
    late_at_once: Vec<f64>,
}

impl Patience {
    /// Of a service with `workers` that does `services` a second while so many are there, for callers who give up after `timeout`
    /// seconds. None if that is too rare to matter.
    #[must_use]
    pub fn new(workers: usize, services: &[f64], timeout: f64) -> Option<Self> {
        let room = services.len().saturating_sub(1);
        let workers = workers.min(room);
        let together = services.get(workers).copied().unwrap_or(0.0);
        if workers == 0 || together <= 0.0 {
            return None;
        }
        let single = together / as_f64(workers);
        let places = room - workers;
        let expected = together * timeout;
        let queue_is_short = expected > as_f64(places) + 6.0 * libm::sqrt(as_f64(places)) + 8.0 * as_f64(workers);
        if queue_is_short && single * timeout > 12.0 {
            return None;
        }
        let late = late(places + 1, expected, single * timeout, 1.0 - 1.0 / as_f64(workers));
        let late_at_once = (1..=workers).map(|n| {
            let rate = services.get(n).copied().unwrap_or(0.0) / as_f64(n);
            libm::exp(-rate * timeout)
        });
        let mut patience =
            Self { timeout, workers, waited_for: Vec::new(), late, late_at_once: late_at_once.collect() };
        patience.waited_for = patience.count(places, expected);
        Some(patience)
    }

    /// Seconds after which a caller gives up.
    #[must_use]
    pub fn timeout(&self) -> f64 {
        self.timeout
    }

    fn count(&self, places: usize, expected: f64) -> Vec<f64> {
        let mut waited_for = vec![1.0];
        for n in 1..=self.workers {
            waited_for.push(1.0 - self.late_at_once.get(n - 1).copied().unwrap_or(0.0));
        }
        let (mut waiting, mut under) = (0.0, poisson(0, expected));
        for i in 1..=places {
            // P(N >= i) for a Poisson number of intervals within the time-out.
            waiting += (1.0 - under).max(0.0);
            under += poisson(i, expected);
            let working = as_f64(self.workers) * (1.0 - self.late_leaving(self.workers + i));
            waited_for.push(((waiting + working) / as_f64(self.workers + i)).clamp(0.0, 1.0));
        }
        waited_for
    }

    /// Share of the `n` requests that are there that still have a caller.
    #[must_use]
    pub fn waited_for(&self, n: usize) -> f64 {
        self.waited_for.get(n).or(self.waited_for.last()).copied().unwrap_or(1.0)
    }

    /// Chance that a request that finds `n` there is given up on.
    #[must_use]
    pub fn late_finding(&self, n: usize) -> f64 {
        self.late_leaving(n + 1)
    }

    /// Chance that a request that is done while `n` are there has been given up on. Also the pace of giving up, as a share of the
    /// pace of service.
    #[must_use]
    pub fn late_leaving(&self, n: usize) -> f64 {
        let list = if n <= self.workers {
            self.late_at_once.get(n.saturating_sub(1))
        } else {
            self.late.get(n - self.workers)
        };
        list.or(self.late.last()).copied().unwrap_or(0.0)
    }
}

/// For each `i`: the chance that `i` intervals of all workers together and then one piece of work take longer than the time-out, in
/// which `intervals` and `pieces` are expected. `others` is the share of all but one worker.
fn late(most: usize, intervals: f64, pieces: f64, others: f64) -> Vec<f64> {
    // ends[i]: the intervals are over in time, the work is not. ends[i] = P(N = i) + others * ends[i + 1], from far behind.
    let far = most + 60 + whole(8.0 * libm::sqrt(intervals));
    let mut end = 0.0;
    let mut ends = vec![0.0; most + 1];
    for i in (0..far).rev() {
        end = if i == 0 { libm::exp(-pieces) } else { poisson(i, intervals) + others * end };
        if let Some(slot) = ends.get_mut(i) {
            *slot = end;
        }
    }
    let mut under = 0.0;
    let with_intervals = ends.iter().enumerate().map(|(i, end)| {
        if i > 0 {
            under += poisson(i - 1, intervals);
        }
        (under + end).clamp(0.0, 1.0)
    });
    with_intervals.collect()
}

/// Chance of just `i` where `mean` are expected.
fn poisson(i: usize, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if i == 0 { 1.0 } else { 0.0 };
    }
    libm::exp(as_f64(i) * libm::log(mean) - mean - libm::lgamma(as_f64(i) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn services(workers: u32, rate: f64, room: u32) -> Vec<f64> {
        (0..=room).map(|n| rate * f64::from(n.min(workers))).collect()
    }

    #[test]
    fn one_worker_is_an_erlang() {
        // Who finds n others needs n + 1 pieces of work: P(Erlang(n + 1) > t) = P(Poisson(r t) <= n).
        let patience = Patience::new(1, &services(1, 100.0, 60), 0.2).expect("a full queue takes longer");
        for (found, expected) in [(0, libm::exp(-20.0)), (19, 0.470_257_266_8), (29, 0.978_182_4)] {
            let late = patience.late_finding(found);
            assert!((late / expected - 1.0).abs() < 1e-5, "{found}: {late}");
        }
    }

    #[test]
    fn nobody_gives_up_on_a_short_queue() {
        assert_eq!(Patience::new(4, &services(4, 100.0, 20), 60.0), None);
        assert_eq!(Patience::new(0, &services(0, 100.0, 0), 1.0), None);
    }

    #[test]
    fn as_many_give_up_as_are_left_behind() {
        // In a full queue of many places a request is waited for as long as the time-out: 200/s times 0.5 s.
        let patience = Patience::new(2, &services(2, 100.0, 400), 0.5).expect("a full queue takes longer");
        assert!((400.0 * patience.waited_for(400) - 100.0).abs() < 0.1, "{}", patience.waited_for(400));
        assert!(patience.late_leaving(400) > 0.999_999);
    }
}
