//! The called service while a fixed number of its caller's workers is at work.

use super::chain::{mean_of, normalised};
use super::crowd::Crowd;
use super::lattice::Lattice;
use super::network::Called;
use super::number::as_f64;
use super::others::Others;
use super::way::Way;

/// Longer queues that are less likely don't count.
const RARE: f64 = 1e-16;

/// The called service while a fixed number of the caller's workers is at work.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Chance of so many requests in it.
    pub spread: Vec<f64>,
    /// Requests of the caller that come round in a second then.
    pub rounds: Vec<f64>,
    /// Calls a second then.
    pub calls: Vec<f64>,
    /// How many of the requests in it are the caller's.
    pub ours: Vec<f64>,
    /// Chance of so many requests of the caller in it, and its calls a second then; empty where these can't be counted or nobody asks.
    pub own: Vec<(f64, f64)>,
}

impl Row {
    /// With `k` workers going the way round.
    pub fn new(k: f64, way: &Way<'_>) -> Self {
        let called = way.called;
        let room = called.services.len().saturating_sub(1);
        let crowd = Crowd::new(k, way);
        let mut lattice = Lattice::new(k, way, crowd.as_ref());
        let mut row = Self::with_capacity(called.at_least.min(room) + 1);
        let (mut weight, mut sum) = (1.0_f64, 0.0);
        for m in 0..=room {
            let now = lattice.at(m);
            let calls = way.calls(now.rounds, m, now.ours);
            row.spread.push(weight);
            row.rounds.push(now.rounds);
            row.calls.push(calls);
            row.ours.push(now.ours);
            sum += weight;
            let coming = now.others + calls;
            if m == room || coming <= 0.0 {
                break;
            }
            let ratio = coming / called.services.get(m + 1).copied().unwrap_or(0.0).max(f64::MIN_POSITIVE);
            if m >= called.at_least && ratio < 0.98 && weight < RARE * sum {
                break;
            }
            weight *= ratio;
            if weight > 1e200 {
                row.spread.iter_mut().for_each(|earlier| *earlier /= 1e200);
                weight /= 1e200;
                sum /= 1e200;
            }
        }
        row.spread = normalised(row.spread);
        let sums = lattice.sums();
        if let Some(crowd) = crowd.filter(|_| way.called.is_shared()) {
            row.own = row.own(&crowd, &sums, &way.others);
        }
        row
    }

    fn with_capacity(numbers: usize) -> Self {
        let list = || Vec::with_capacity(numbers);
        Self { spread: list(), rounds: list(), calls: list(), ours: list(), own: Vec::new() }
    }

    /// Chances of so many requests of the caller, and its calls a second then.
    fn own(&self, crowd: &Crowd, sums: &[f64], others: &Others) -> Vec<(f64, f64)> {
        let chances = crowd.own(&self.spread, sums, others);
        // By its own requests alone it is only known roughly who gives up: in all it must be the same.
        let (all, counted) = (mean_of(&self.spread, &self.calls), mean_of(&chances, &crowd.calls));
        let right = if counted > 0.0 { all / counted } else { 1.0 };
        chances.into_iter().zip(crowd.calls.iter().map(|calls| calls * right)).collect()
    }

    /// How many of the requests there hold one of the caller's workers, with these chances of so many.
    pub fn waited_for(&self, spread: &[f64], called: &Called) -> f64 {
        let patience = |m: usize| called.patience.as_ref().map_or(1.0, |patience| patience.waited_for(m));
        let each = spread.iter().zip(&self.ours).enumerate();
        each.map(|(m, (here, ours))| here * ours * patience(m)).sum()
    }

    /// What is missing to the variance of rounds at random where calls are cut short by a time-out, and how far that counts. A call is taken as
    /// exponential and cut where as many are given up on; `own` are the seconds of a round elsewhere.
    pub fn cut_short(&self, called: &Called, own: f64) -> (f64, f64) {
        let Some(patience) = &called.patience else { return (0.0, 0.0) };
        let calls = mean_of(&self.spread, &self.calls);
        let flows = self.spread.iter().zip(&self.calls).enumerate();
        let late: f64 = flows.map(|(m, (here, calls))| here * calls * patience.late_finding(m)).sum();
        let late = (late / calls.max(f64::MIN_POSITIVE)).clamp(1e-9, 0.999);
        // In units of the mean of the exponential.
        let timeout = -libm::log(late);
        let (mean, square) = (1.0 - late, 2.0 * (1.0 - late * (1.0 + timeout)));
        let own = own * timeout / patience.timeout();
        let whole = own + mean;
        (1.0 - (own * own + square - mean * mean) / (whole * whole), (late / 0.03).min(1.0))
    }

    /// Variance of the caller's requests done in a second, from moment to moment.
    pub fn variance(&self, called: &Called) -> f64 {
        let rates = self.spread.iter().enumerate().map(|(m, here)| {
            let share = self.ours.get(m).copied().unwrap_or(0.0) / as_f64(m.max(1));
            (here, called.services.get(m).copied().unwrap_or(0.0) * share)
        });
        let (mean, square) =
            rates.fold((0.0, 0.0), |(mean, square), (here, rate)| (mean + here * rate, square + here * rate * rate));
        square - mean * mean
    }

    /// Variance of the number of the caller's requests done in a long time over their mean number: 1 for requests done at random.
    ///
    /// For a birth-death chain it has a closed form: with the flow `F` over each boundary and `S` what is done below it beyond what is due on average, an
    /// arrival brings the count `-S / F` behind and a service as much ahead (the martingale of Poisson's equation).
    pub fn dispersion(&self, called: &Called) -> f64 {
        let done = |m: usize| called.services.get(m).copied().unwrap_or(0.0);
        let share = |m: usize| self.ours.get(m).copied().unwrap_or(0.0) / as_f64(m.max(1));
        let total: f64 = self.spread.iter().enumerate().map(|(m, here)| here * done(m) * share(m)).sum();
        let (mut below, mut variance) = (0.0, 0.0);
        for (m, (here, next)) in self.spread.iter().zip(self.spread.iter().skip(1)).enumerate() {
            below += here * (done(m) * share(m) - total);
            let flow = next * done(m + 1);
            if flow > 1e-14 * total {
                let ahead = -below / flow;
                let own = share(m + 1);
                variance += flow * (own * (1.0 - ahead) * (1.0 - ahead) + (2.0 - own) * ahead * ahead);
            }
        }
        if total > 0.0 { variance / total } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::{Habit, Network};
    use super::super::pace::Pace;
    use super::*;

    /// Four workers with 10 ms of own work, a called service of two with 10 ms each, and others who call `others` a second.
    fn network(others: Vec<f64>) -> Network {
        let called = Called {
            services: (0..=30).map(|n| 100.0 * f64::from(2.min(n))).collect(),
            others,
            patience: None,
            turned_away: 1.0,
            spoilt: 0.0,
            through: 1.0,
            at_least: 0,
            company: Vec::new(),
        };
        Network { workers: 4, elsewhere: Pace::delay(4, 0.01), called, habit: Habit { reached: 1.0, retries: 0 } }
    }

    #[test]
    fn as_many_calls_as_are_done() {
        for others in [vec![0.0], vec![120.0, 60.0, 0.0], vec![80.0]] {
            let network = network(others.clone());
            let row = Row::new(4.0, &Way::new(&network));
            assert!((row.spread.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let done = mean_of(&row.spread, &network.called.services);
            let theirs: f64 = row
                .spread
                .iter()
                .zip(&row.ours)
                .enumerate()
                .take(row.spread.len() - 1)
                .map(|(m, (chance, ours))| chance * network.called.others_at(as_f64(m) - ours))
                .sum();
            let calls = mean_of(&row.spread, &row.calls);
            assert!(((calls + theirs) / done - 1.0).abs() < 0.02, "{others:?}: {calls} and {theirs}, {done} are done");
        }
    }

    #[test]
    fn alone_all_requests_are_the_callers_own() {
        let network = network(vec![0.0]);
        let row = Row::new(4.0, &Way::new(&network));
        assert_eq!(row.spread.len(), 5, "no more than it has workers");
        assert!(row.ours.iter().enumerate().all(|(m, ours)| (ours - as_f64(m)).abs() < 1e-12));
        // A closed network of four: rounds stop when all are there.
        assert!((row.rounds[0] - 400.0).abs() < 1e-9 && row.rounds[4].abs() < 1e-9);
    }

    #[test]
    fn others_take_their_share_and_are_counted() {
        let network = network(vec![120.0, 60.0, 0.0]);
        let row = Row::new(4.0, &Way::new(&network));
        assert_eq!(row.spread.len(), 7, "four of its own and two of theirs");
        let own: f64 = row.own.iter().enumerate().map(|(own, (chance, _))| as_f64(own) * chance).sum();
        assert!((own - mean_of(&row.spread, &row.ours)).abs() < 1e-9);
        assert!((row.own.iter().map(|(chance, _)| chance).sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn services_at_random_have_a_dispersion_of_one() {
        // An open queue in balance gives back what it gets: Burke's theorem. Many more workers than are ever there.
        let mut network = network(vec![80.0]);
        (network.workers, network.elsewhere) = (1, Pace::delay(1, 1e6));
        let row = Row::new(1.0, &Way::new(&network));
        assert!((mean_of(&row.spread, &network.called.services) - 80.0).abs() < 1e-3);
        // Without a caller's own requests there is nothing to be even about.
        assert!(row.waited_for(&row.spread, &network.called) < 1e-3);
    }
}
