//! The way round that the workers of a caller go: what they do elsewhere, and a call.

use super::closed::{Called, Network, attempts};
use super::crowd::Others;
use super::number::as_f64;
use super::pace::Pace;

/// Shares of requests are known to within this.
const CLOSE: f64 = 1e-7;

/// The way round, whoever many workers go it.
pub struct Way<'a> {
    pub called: &'a Called,
    /// Who else is there.
    pub others: Others,
    elsewhere: &'a Pace,
    /// Calls for each round, without those that are made again because of a time-out.
    visits: f64,
    /// Calls a second that are made again because of a time-out, for each of the caller's requests there, by how many there are.
    again: Vec<f64>,
}

impl<'a> Way<'a> {
    #[must_use]
    pub fn new(network: &'a Network) -> Self {
        let (called, habit) = (&network.called, network.habit);
        Self {
            called,
            others: Others::new(called),
            elsewhere: &network.elsewhere,
            visits: habit.reached * attempts(called.spoilt, habit.retries),
            again: again(called, habit.retries),
        }
    }

    /// Share of the requests there that still have a caller, while there are `m`.
    #[must_use]
    pub fn waited_for(&self, m: usize) -> f64 {
        self.called.patience.as_ref().map_or(1.0, |patience| patience.waited_for(m))
    }

    /// Rounds a second of `k` workers while `m` requests are there, `ours` of them this caller's.
    pub fn rounds(&self, k: f64, m: usize, ours: f64) -> f64 {
        self.elsewhere.at((k - ours * self.waited_for(m)).max(0.0))
    }

    /// Calls a second with so many rounds a second, while `m` requests are there and `ours` of them are this caller's.
    pub fn calls(&self, rounds: f64, m: usize, ours: f64) -> f64 {
        self.visits * rounds + ours * self.again.get(m).copied().unwrap_or(0.0)
    }

    /// How many of `m` requests are the caller's on average while `k` of its workers are at work: the share that its calls have while there
    /// is one less. Close to a share of `guess`.
    #[must_use]
    pub fn shared(&self, k: f64, m: usize, guess: f64) -> f64 {
        if m == 0 {
            return 0.0;
        }
        let all = as_f64(m);
        let off = |ours: f64| {
            let less = ours * as_f64(m - 1) / all;
            let calls = self.calls(self.rounds(k, m - 1, less), m - 1, less);
            let others = self.called.others_at(as_f64(m - 1) - less);
            if others + calls <= 0.0 {
                return ours;
            }
            ours - all * calls / (others + calls)
        };
        // The secant, kept between bounds: `off` rises with `ours`, at least as fast.
        let (mut low, mut high) = (0.0, all);
        let mut last = (guess * all).clamp(0.0, all);
        let mut off_last = off(last);
        let mut next = last - off_last;
        for _ in 0..8 {
            if off_last.abs() < CLOSE * all {
                break;
            }
            if off_last > 0.0 {
                high = last;
            } else {
                low = last;
            }
            if !(next > low && next < high) {
                next = 0.5 * (low + high);
            }
            let here = off(next);
            let after = next - here * (next - last) / (here - off_last);
            (last, off_last, next) = (next, here, after);
        }
        last
    }
}

/// Calls a second that are made again because the last attempt was given up on, for each request there, by how many there are.
fn again(called: &Called, retries: u32) -> Vec<f64> {
    let Some(patience) = called.patience.as_ref().filter(|_| retries > 0) else { return Vec::new() };
    let each = called.services.iter().enumerate().map(|(m, done)| {
        let late = patience.late_leaving(m);
        // Of the attempts that are given up on, all but the last are made again.
        done / as_f64(m.max(1)) * late * attempts(late, retries.saturating_sub(1)) / attempts(late, retries)
    });
    each.collect()
}
