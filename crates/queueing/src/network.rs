//! What a caller and the service that it calls are like: the network that its workers go round in.

use super::number::{as_f64, whole};
use super::pace::Pace;
use super::patience::Patience;

/// The called service, as one of its callers sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// Requests a second that are done while so many are there.
    pub services: Vec<f64>,
    /// Requests a second of all others while so many of theirs are there; the last value goes on.
    pub others: Vec<f64>,
    /// Who gives up on it.
    pub patience: Option<Patience>,
    /// Share of the calls that find it full that are turned away.
    pub turned_away: f64,
    /// Share of its answers that are of no use.
    pub spoilt: f64,
    /// Share of the calls that get through to an instance that answers.
    pub through: f64,
    /// Longest queue that has to be looked at, however rare.
    pub at_least: usize,
    /// How many requests are there when so many of the caller's are; empty where there are no others.
    pub company: Vec<f64>,
}

impl Called {
    /// How many requests are there when so many of the caller's are.
    #[must_use]
    pub fn with_company(&self, own: usize) -> usize {
        let known = self.company.get(own).or(self.company.last()).map_or(own, |all| whole(*all + 0.5));
        known.max(own).min(self.services.len().saturating_sub(1))
    }

    /// Whether others call, too, for whom it has to be known how many of the requests are this caller's. A rate that never changes
    /// is that of requests from outside.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.others.len() != 1
    }

    /// Requests a second of all others while `theirs` of the requests there are theirs.
    #[must_use]
    pub fn others_at(&self, theirs: f64) -> f64 {
        let low = whole(theirs);
        let at = |n: usize| self.others.get(n).or(self.others.last()).copied().unwrap_or(0.0);
        at(low) + (theirs - as_f64(low)).clamp(0.0, 1.0) * (at(low + 1) - at(low))
    }
}

/// How often a request calls, and what it does about a failure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habit {
    /// Share of the requests that get as far as this call.
    pub reached: f64,
    /// Further attempts.
    pub retries: u32,
}

/// The network that a caller's workers go round in.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// The caller's workers.
    pub workers: u32,
    /// What they do but for this call.
    pub elsewhere: Pace,
    /// The called service.
    pub called: Called,
    /// How it is called.
    pub habit: Habit,
}

impl Network {
    /// Says whether a network is this one, but for figures that are off by a share of `off`.
    #[must_use]
    pub fn is_like(&self, other: &Self, off: f64) -> bool {
        let (here, there) = (&self.called, &other.called);
        self.workers == other.workers
            && self.habit.retries == other.habit.retries
            && here.patience.is_some() == there.patience.is_some()
            && here.at_least <= there.at_least
            && near(
                &[self.habit.reached, here.spoilt, here.through],
                &[other.habit.reached, there.spoilt, there.through],
                off,
            )
            && near(&self.elsewhere.rates, &other.elsewhere.rates, off)
            && near(&here.services, &there.services, off)
            && near(&here.others, &there.others, off)
            && near(&here.company, &there.company, off)
    }
}

/// Two lists whose last values go on, compared by their largest.
fn near(one: &[f64], other: &[f64], off: f64) -> bool {
    let at = |list: &[f64], n: usize| list.get(n).or(list.last()).copied().unwrap_or(0.0);
    let most = one.iter().chain(other).copied().fold(0.0, f64::max);
    (0..one.len().max(other.len())).all(|n| (at(one, n) - at(other, n)).abs() <= off * most)
}

/// What a caller asks of the called service while so many requests are there.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ask {
    /// Calls a second.
    pub calls: f64,
    /// How many of the requests there are its own.
    pub ours: f64,
}

/// Mean number of attempts, each of which fails with the chance `failing`.
#[must_use]
pub fn attempts(failing: f64, retries: u32) -> f64 {
    let mut reached = 1.0;
    let mut sum = 1.0;
    for _ in 0..retries {
        reached *= failing;
        sum += reached;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) {
        assert!((value / expected - 1.0).abs() < 1e-9, "{value} is not {expected}");
    }

    /// Six workers, each 20 ms away, who call one that does `rate` a second and has room for 20.
    fn network(rate: f64) -> Network {
        let called = Called {
            services: (0..=20).map(|n| rate * f64::from(n.min(1))).collect(),
            others: vec![0.0],
            patience: None,
            turned_away: 1.0,
            spoilt: 0.0,
            through: 1.0,
            at_least: 0,
            company: Vec::new(),
        };
        Network { workers: 6, elsewhere: Pace::delay(6, 0.02), called, habit: Habit { reached: 1.0, retries: 1 } }
    }

    #[test]
    fn a_network_is_like_itself_and_not_like_a_busier_one() {
        let network = network(100.0);
        assert!(network.is_like(&network, 0.0));
        let mut busier = network.clone();
        busier.called.others = vec![1.0];
        assert!(!network.is_like(&busier, 1e-3));
        let slower = self::network(99.95);
        assert!(network.is_like(&slower, 1e-3) && !network.is_like(&slower, 1e-4));
    }

    #[test]
    fn attempts_add_up_to_a_geometric_sum() {
        near(attempts(0.0, 5), 1.0);
        near(attempts(0.5, 2), 1.75);
        near(attempts(1.0, 3), 4.0);
    }
}
