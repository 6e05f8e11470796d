//! Whose the requests at a service are that several call.

use core::ops::RangeInclusive;

use super::number::{as_f64, product, whole};
use super::others::{Others, factors};
use super::spacing::on_lattice;
use super::way::Way;

/// Most workers that are counted one by one.
const COUNTED: f64 = 100.0;
/// The same at a called service with more places than `LONG`, where some give up.
const COUNTED_IN_LONG: f64 = 24.0;
const LONG: usize = 400;

/// Whose the requests at the called service are while `k` workers are at work and others call, too; as long as nobody gives up.
///
/// The caller's own and those of the others come at rates that depend on how many of the same kind are there, and are served alike: the
/// chance of `j` own ones and `o` others is a product of a factor for `j`, one for `o`, and one for `j + o` (Kelly: Reversibility and
/// Stochastic Networks, section 3.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    /// The factors of the caller's own.
    own: Vec<f64>,
    /// Each factor times how many there are.
    numbers: Vec<f64>,
    /// Each factor times rounds a second while so many of its own are there.
    rounds: Vec<f64>,
    /// Calls a second while so many of its own are there.
    pub calls: Vec<f64>,
}

/// What is the case on average while so many requests are there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Requests of the caller.
    pub ours: f64,
    /// Rounds a second.
    pub rounds: f64,
    /// Requests a second of the others.
    pub others: f64,
}

impl Crowd {
    /// None if there are too many to count them one by one.
    pub fn new(k: f64, way: &Way<'_>) -> Option<Self> {
        let called = way.called;
        let room = called.services.len().saturating_sub(1);
        if k > if called.patience.is_some() && room > LONG { COUNTED_IN_LONG } else { COUNTED } {
            return None;
        }
        // Who gives up can have more requests there than workers.
        let most = if called.patience.is_some() { 20 + 4 * whole(k) } else { whole(k) }.min(room);
        let rounds: Vec<f64> = (0..=most).map(|own| way.counted(k, called.with_company(own), own)).collect();
        let calls = |(own, rounds): (usize, &f64)| way.calls(*rounds, called.with_company(own), as_f64(own));
        let calls: Vec<f64> = rounds.iter().enumerate().map(calls).collect();
        let own = factors(most, |own| way.others.unit * calls.get(own).copied().unwrap_or(0.0));
        let numbers = own.iter().enumerate().map(|(number, factor)| factor * as_f64(number)).collect();
        let rounds = own.iter().zip(&rounds).map(|(factor, rounds)| factor * rounds).collect();
        Some(Self { own, numbers, rounds, calls })
    }

    /// While `m` requests are there, with the sum of the factors; none if so many can't be.
    #[must_use]
    pub fn at(&self, m: usize, all: &Others) -> Option<(f64, Moment)> {
        let (own, others) = self.shares(m, all)?;
        let theirs = all.factors.get(others.clone())?;
        let factors = self.own.get(own.clone())?;
        let sum = product(factors, theirs);
        (sum > 0.0).then_some(())?;
        let moment = Moment {
            ours: product(self.numbers.get(own.clone())?, theirs) / sum,
            rounds: product(self.rounds.get(own)?, theirs) / sum,
            others: product(factors, all.calls.get(others)?) / sum,
        };
        Some((sum, moment))
    }

    /// How many of `m` requests can be the caller's, and where the others stand that have the rest.
    fn shares(&self, m: usize, others: &Others) -> Option<(RangeInclusive<usize>, RangeInclusive<usize>)> {
        let theirs = others.factors.len().saturating_sub(1);
        let (least, most) = (m.saturating_sub(theirs), m.min(self.own.len().saturating_sub(1)));
        (least <= most).then(|| (least..=most, theirs + least - m..=theirs + most - m))
    }

    /// Chances of so many requests of the caller, with these chances of so many requests in all. `sums` are those of the factors.
    #[must_use]
    pub fn own(&self, spread: &[f64], sums: &[f64], all: &Others) -> Vec<f64> {
        if all.none {
            return spread.to_vec();
        }
        let mut chances = vec![0.0; self.own.len()];
        for ((m, chance), sum) in on_lattice(spread, all.room).into_iter().zip(sums) {
            let Some((own, others)) = self.shares(m, all) else { continue };
            let (Some(slots), Some(factors)) = (chances.get_mut(own.clone()), self.own.get(own)) else { continue };
            let Some(theirs) = all.factors.get(others) else { continue };
            let part = if *sum > 0.0 { chance / sum } else { 0.0 };
            for (slot, (factor, theirs)) in slots.iter_mut().zip(factors.iter().zip(theirs)) {
                *slot += part * factor * theirs;
            }
        }
        chances
    }
}
