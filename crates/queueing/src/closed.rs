//! One service calling another: what the workers of the caller get, by how many of them are at work.
//!
//! A worker that is held while its call is under way goes round between its own work and the called service. With `k` workers at
//! work, that is a closed network of `k` customers, solved as one (Gordon and Newell 1967; the waiting room of the called service makes
//! it skip whom it has no place for: Pittel 1979). The throughput of that network is then what the caller does in a second with `k` workers:
//! the flow-equivalent service (Chandy, Herzog, Woo 1975), exact where the caller has workers to spare, and good where it has not,
//! because calls go round faster than the queue before them changes. Other callers of the same service are a background that depends
//! on how many requests are there.

use super::chain::{mean_of, normalised};
use super::network::{Ask, Called, Network};
use super::others::averages;
use super::pace::{Pace, between, grid};
use super::row::Row;
use super::way::Way;

/// The called service for each number of busy workers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    grid: Vec<f64>,
    rows: Vec<Row>,
}

/// How even the rounds of busy workers are, as far as one called service is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evenness {
    /// Seconds of a round that are spent in the called service.
    pub seconds: f64,
    /// What is missing to the variance of rounds at random, as a share of it, if workers didn't get into each other's way.
    pub alone: f64,
    /// The same as they are.
    pub gain: f64,
    /// Seconds over which it is uneven, where it is less even than chance.
    pub settles: f64,
}

/// What a caller gets, on average over some moments.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Got {
    /// Calls a second, those after a refusal left out.
    pub calls: f64,
    /// Share of the calls that find no place.
    pub refused: f64,
    /// Share of the others that are given up on.
    pub late: f64,
    /// Seconds of a round that are spent in the called service.
    pub seconds: f64,
}

impl Table {
    /// Solves a network.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let grid = grid(network.workers);
        let way = Way::new(network);
        let rows = grid.iter().map(|k| Row::new(*k, &way)).collect();
        Self { grid, rows }
    }

    /// Numbers of busy workers that were looked at.
    #[must_use]
    pub fn grid(&self) -> &[f64] {
        &self.grid
    }

    /// Chances of busy workers, spread on the grid.
    #[must_use]
    pub fn on_grid(&self, busy: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
        let mut held = vec![0.0; self.grid.len()];
        for (workers, chance) in busy {
            let (low, share) = between(&self.grid, workers);
            if let Some(slot) = held.get_mut(low) {
                *slot += chance * (1.0 - share);
            }
            if let Some(slot) = held.get_mut(low + 1) {
                *slot += chance * share;
            }
        }
        held
    }

    /// Chances of so many requests there for each number of busy workers. A service that is `unlike` itself at rest is so for each of
    /// these numbers.
    #[must_use]
    pub fn conditional(&self, unlike: Option<&[f64]>) -> Vec<Vec<f64>> {
        let Some(unlike) = unlike else { return self.rows.iter().map(|row| row.spread.clone()).collect() };
        let shared = |row: &Row| {
            let at = |(m, unlike): (usize, &f64)| unlike * row.spread.get(m).copied().unwrap_or(0.0);
            normalised(unlike.iter().enumerate().map(at).collect())
        };
        self.rows.iter().map(shared).collect()
    }

    /// Requests of the caller that are done in a second, by number of busy workers.
    #[must_use]
    pub fn pace(&self, conditional: &[Vec<f64>]) -> Pace {
        let rates = self.rows.iter().zip(conditional).map(|(row, spread)| mean_of(spread, &row.rounds));
        Pace::new(self.grid.clone(), rates.collect())
    }

    /// What the caller asks of the called service, by number of requests there.
    #[must_use]
    pub fn asks(&self, held: &[f64], conditional: &[Vec<f64>]) -> Vec<Ask> {
        let most = self.rows.iter().map(|row| row.calls.len()).max().unwrap_or(0);
        let mut sums = vec![(0.0, 0.0, 0.0); most];
        for ((row, spread), chance) in self.rows.iter().zip(conditional).zip(held) {
            let flows = spread.iter().zip(row.calls.iter().zip(&row.ours));
            for ((there, calls, ours), (now, (rate, own))) in sums.iter_mut().zip(flows) {
                let now = chance * now;
                *there += now;
                *calls += now * rate;
                *ours += now * own;
            }
        }
        let known = |(there, calls, ours): &(f64, f64, f64)| {
            (*there > 1e-13).then(|| Ask { calls: calls / there, ours: ours / there })
        };
        let mut last = sums.iter().find_map(known).unwrap_or_default();
        let each = sums.iter().map(|sum| {
            last = known(sum).unwrap_or(last);
            last
        });
        each.collect()
    }

    /// Calls a second of the caller by how many of its own requests are at the called service, whoever else is there, if `held` are the
    /// chances of busy workers and `asks` is what it asks.
    #[must_use]
    pub fn response(&self, held: &[f64], asks: &[Ask]) -> Vec<f64> {
        if self.rows.iter().any(|row| row.own.is_empty()) {
            return averages(asks);
        }
        let most = self.rows.iter().map(|row| row.own.len()).max().unwrap_or(0);
        let mut sums = vec![(0.0, 0.0); most];
        for (row, chance) in self.rows.iter().zip(held) {
            for ((there, calls), (now, rate)) in sums.iter_mut().zip(&row.own) {
                *there += chance * now;
                *calls += chance * now * rate;
            }
        }
        let mut last = 0.0;
        let each = sums.iter().map(|(there, calls)| {
            if *there > 1e-250 {
                last = calls / there;
            }
            last
        });
        each.collect()
    }

    /// What the caller gets if `weights` are those of the numbers of busy workers.
    #[must_use]
    pub fn got(&self, weights: &[f64], conditional: &[Vec<f64>], called: &Called) -> Got {
        let room = called.services.len().saturating_sub(1);
        let (mut calls, mut refused, mut late) = (0.0, 0.0, 0.0);
        let (mut rounds, mut held) = (0.0, 0.0);
        for ((row, spread), weight) in self.rows.iter().zip(conditional).zip(weights) {
            rounds += weight * mean_of(spread, &row.rounds);
            held += weight * row.waited_for(spread, called);
            for (m, (chance, rate)) in spread.iter().zip(&row.calls).enumerate() {
                let flow = weight * chance * rate;
                calls += flow;
                if m >= room {
                    refused += flow * called.turned_away;
                } else if let Some(patience) = &called.patience {
                    late += flow * patience.late_finding(m);
                }
            }
        }
        if calls <= 0.0 {
            return Got::default();
        }
        let let_in = calls - refused;
        let late = if let_in > 0.0 { late / let_in } else { 0.0 };
        Got { calls, refused: refused / calls, late, seconds: if rounds > 0.0 { held / rounds } else { 0.0 } }
    }

    /// How a worker's time is spent while all are at work: seconds of a round in the called service, and by how much this makes the
    /// rounds more even than chance.
    #[must_use]
    pub fn evenness(&self, called: &Called) -> Evenness {
        let (Some(row), Some(workers)) = (self.rows.last(), self.grid.last()) else { return Evenness::default() };
        let rounds = mean_of(&row.spread, &row.rounds);
        let calls = mean_of(&row.spread, &row.calls);
        let all = mean_of(&row.spread, &called.services);
        if rounds <= 0.0 || all <= 0.0 {
            return Evenness::default();
        }
        let ours = row.waited_for(&row.spread, called);
        let seconds = ours / rounds;
        let share = (seconds * rounds / workers).clamp(0.0, 1.0);
        let alone = 2.0 * share * (1.0 - share);
        let part = (calls / all).clamp(0.0, 1.0);
        let spread: f64 = row.variance(called);
        let excess = row.dispersion(called) - 1.0;
        let settles = if excess > 0.0 && spread > 0.0 { 0.5 * excess * rounds / spread } else { 0.0 };
        // Those of others come and go whatever our workers do.
        let gain = (1.0 - row.dispersion(called) + (1.0 - part) * alone).min(alone);
        let (cut, share) = row.cut_short(called, (1.0 - share) * workers / rounds);
        Evenness { seconds, alone, gain: gain + share * (cut - gain), settles }
    }

    /// Chances of what a call finds that is let in, if `weights` are those of the numbers of busy workers.
    #[must_use]
    pub fn found(&self, weights: &[f64], conditional: &[Vec<f64>], room: usize) -> Vec<f64> {
        let most = self.rows.iter().map(|row| row.calls.len()).max().unwrap_or(0).min(room);
        let mut found = vec![0.0; most];
        for ((row, spread), weight) in self.rows.iter().zip(conditional).zip(weights) {
            for (slot, (chance, rate)) in found.iter_mut().zip(spread.iter().zip(&row.calls)) {
                *slot += weight * chance * rate;
            }
        }
        normalised(found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::Habit;
    use super::*;

    fn services(workers: u32, rate: f64, room: u32) -> Vec<f64> {
        (0..=room).map(|n| rate * f64::from(n.min(workers))).collect()
    }

    fn network(workers: u32, own: f64, services: Vec<f64>, retries: u32) -> Network {
        let called = Called {
            services,
            others: vec![0.0],
            patience: None,
            turned_away: 1.0,
            spoilt: 0.0,
            through: 1.0,
            at_least: 0,
            company: Vec::new(),
        };
        let elsewhere = Pace::delay(workers, own);
        Network { workers, elsewhere, called, habit: Habit { reached: 1.0, retries } }
    }

    fn near(value: f64, expected: f64) {
        assert!((value / expected - 1.0).abs() < 1e-9, "{value} is not {expected}");
    }

    /// Throughput of a machine-repairman model: `k` workers, each `own` seconds away, and one that serves `rate` a second.
    fn repairman(k: u32, own: f64, rate: f64) -> f64 {
        let mut weight = 1.0;
        let weights: Vec<f64> = (0..=k)
            .map(|n| {
                let now = weight;
                weight *= f64::from(k - n) / own / rate;
                now
            })
            .collect();
        let sum: f64 = weights.iter().sum();
        rate * (1.0 - weights[0] / sum)
    }

    #[test]
    fn one_called_worker_is_a_repairman() {
        let table = Table::new(&network(6, 0.02, services(1, 100.0, 20), 0));
        let pace = table.pace(&table.conditional(None));
        for k in 1..=6 {
            near(pace.at(f64::from(k)), repairman(k, 0.02, 100.0));
        }
    }

    #[test]
    fn where_nobody_waits_a_round_takes_both_works() {
        // Five workers, five called ones: own work 20 ms, the call 10 ms.
        let table = Table::new(&network(5, 0.02, services(5, 100.0, 5), 0));
        let pace = table.pace(&table.conditional(None));
        near(pace.at(5.0), 5.0 / 0.03);
    }

    #[test]
    fn who_is_refused_goes_on_at_once_and_that_is_counted() {
        // Two workers, room for one call: the second finds it full and goes round without (Pittel's skipping).
        let network = network(2, 0.01, services(1, 100.0, 1), 0);
        let table = Table::new(&network);
        let held = table.on_grid([(2.0, 1.0)].into_iter());
        let got = table.got(&held, &table.conditional(None), &network.called);
        // Chances 1 : 2 of none and one there; of those that come, 2 x 100 and then 1 x 100 a second.
        near(got.calls, 200.0 / 3.0 + 200.0 / 3.0);
        near(got.refused, 0.5);
        assert!(got.late.abs() < 1e-12);
    }

    #[test]
    fn even_rounds_are_told_from_chance() {
        // Two works of the same length, nobody in the way: half of the variance is missing.
        let network = network(4, 0.01, services(4, 100.0, 4), 0);
        let table = Table::new(&network);
        let even = table.evenness(&network.called);
        near(even.seconds, 0.01);
        near(even.alone, 0.5);
        assert!((even.gain - 0.5).abs() < 0.01, "{even:?}");
    }
}
