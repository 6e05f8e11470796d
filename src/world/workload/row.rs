//! The called service while a fixed number of its caller's workers is at work.

use super::chain::{mean_of, normalised};
use super::closed::{Called, Habit, attempts};
use super::crowd::{Crowd, Moment};
use super::number::as_f64;
use super::pace::Pace;

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
    /// Chance of so many requests of the caller in it; empty where these can't be counted.
    pub own: Vec<f64>,
    /// Calls a second then.
    pub own_calls: Vec<f64>,
}

impl Row {
    pub fn new(k: f64, elsewhere: &Pace, called: &Called, habit: Habit) -> Self {
        let room = called.services.len().saturating_sub(1);
        let way = Way { k, elsewhere, called, habit, visits: habit.reached * attempts(called.spoilt, habit.retries) };
        let crowd = Crowd::new(&way);
        let mut row = Self::default();
        let (mut weight, mut sum, mut ours) = (1.0_f64, 0.0, 0.0);
        for m in 0..=room {
            let known = crowd.as_ref().and_then(|crowd| crowd.at(m, called, weight, &mut row.own));
            let now = way.at(m, known, ours);
            let calls = way.visits * now.rounds + way.again(m, now.ours);
            ours = now.ours;
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
            if m >= called.at_least && ratio < 0.98 && weight < 1e-16 * sum {
                break;
            }
            weight *= ratio;
            if weight > 1e200 {
                row.spread.iter_mut().chain(&mut row.own).for_each(|earlier| *earlier /= 1e200);
                weight /= 1e200;
                sum /= 1e200;
            }
        }
        row.spread = normalised(row.spread);
        row.own.iter_mut().for_each(|chance| *chance /= sum);
        row.own_calls = (0..row.own.len()).map(|own| way.flow(called.with_company(own), as_f64(own)).1).collect();
        // By its own requests alone it is only known roughly who gives up: in all it must be the same.
        let (all, counted) = (mean_of(&row.spread, &row.calls), mean_of(&row.own, &row.own_calls));
        if counted > 0.0 {
            row.own_calls.iter_mut().for_each(|calls| *calls *= all / counted);
        }
        row
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

/// The way round of a fixed number of workers.
pub struct Way<'a> {
    pub k: f64,
    pub elsewhere: &'a Pace,
    pub called: &'a Called,
    pub habit: Habit,
    /// Calls for each round, without those that are made again because of a time-out.
    pub visits: f64,
}

impl Way<'_> {
    /// What is the case while `m` requests are there, if whose they are is `known`, and if with one less `before` were the caller's own.
    /// Requests that it has given up on no longer hold it back.
    fn at(&self, m: usize, known: Option<Moment>, before: f64) -> Moment {
        if let Some(known) = known.filter(|_| self.waited_for(m) > 0.999) {
            return known;
        }
        let ours = known.map_or_else(|| self.shared(m, before), |known| known.ours);
        let others = known.map_or_else(|| self.called.others_at(as_f64(m) - ours), |known| known.others);
        Moment { ours, rounds: self.flow(m, ours).0, others }
    }

    fn waited_for(&self, m: usize) -> f64 {
        self.called.patience.as_ref().map_or(1.0, |patience| patience.waited_for(m))
    }

    /// Rounds and calls a second while `m` requests are there, `ours` of them this caller's.
    pub fn flow(&self, m: usize, ours: f64) -> (f64, f64) {
        let rounds = self.elsewhere.at((self.k - ours * self.waited_for(m)).max(0.0));
        (rounds, self.visits * rounds + self.again(m, ours))
    }

    /// Calls a second that are made again because the last attempt was given up on.
    fn again(&self, m: usize, ours: f64) -> f64 {
        let retries = self.habit.retries;
        let Some(patience) = self.called.patience.as_ref().filter(|_| retries > 0 && m > 0) else { return 0.0 };
        let late = patience.late_leaving(m);
        let given_up = ours / as_f64(m) * self.called.services.get(m).copied().unwrap_or(0.0) * late;
        // Of the attempts that are given up on, all but the last are made again.
        given_up * attempts(late, retries.saturating_sub(1)) / attempts(late, retries)
    }

    /// How many of `m` requests are this caller's on average: the share that its calls have while there is one less.
    fn shared(&self, m: usize, before: f64) -> f64 {
        if m == 0 {
            return 0.0;
        }
        let all = as_f64(m);
        let off = |ours: f64| {
            let less = ours * as_f64(m - 1) / all;
            let (_, calls) = self.flow(m - 1, less);
            let others = self.called.others_at(as_f64(m - 1) - less);
            if others + calls <= 0.0 {
                return ours;
            }
            ours - all * calls / (others + calls)
        };
        let (mut low, mut high) = (0.0, all);
        let (mut off_low, mut off_high) = (off(low), off(high));
        let mut next = before * all / as_f64(m - 1).max(1.0);
        for _ in 0..8 {
            if !(next > low && next < high) {
                next = 0.5 * (low + high);
            }
            let here = off(next);
            if here.abs() < 1e-9 * all {
                return next;
            }
            // Regula falsi; the end that stays counts half (Illinois).
            if here > 0.0 {
                (high, off_high, off_low) = (next, here, 0.5 * off_low);
            } else {
                (low, off_low, off_high) = (next, here, 0.5 * off_high);
            }
            next = (low * off_high - high * off_low) / (off_high - off_low);
        }
        next
    }
}
