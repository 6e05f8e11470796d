//! A queue as a birth-death chain: how many requests are there, at rest and while it changes.
//!
//! The number of requests goes up by one when a request comes and down by one when one is done, at rates that depend on how many
//! are there. The M/M/c/K queue is one of these; so is a service whose workers wait for another service (`closed`).
//!
//! At rest the balance between neighbours gives the distribution (any text on queueing, for example Gross, Shortle, Thompson,
//! Harris: Fundamentals of Queueing Theory, section 2.2). In between, the chain's own (Kolmogorov's) equations are followed by
//! implicit steps of first order: each is a tridiagonal system, costs a few operations for each number of requests whatever the
//! rates, can't overshoot, never makes a chance negative, and rests exactly where the chain rests.

use super::number::whole;

/// Rates of a chain. The longest queue is one shorter than each of the two lists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chain {
    /// Requests per second that come while `n` are there. With `n` at the end of the list there is no place: they are refused.
    pub arrivals: Vec<f64>,
    /// Requests per second that are done while `n` are there; none with nobody there.
    pub services: Vec<f64>,
}

/// Chances below this don't count.
const NOTHING: f64 = 1e-18;
/// What is rarer than this now, and at rest, tells nothing.
const RARE: f64 = 1e-13;
const RAREST: f64 = 1e-250;
/// Weights beyond this are scaled down.
const BIG: f64 = 1e200;
/// Each step of the grid is made of so many equal ones.
const PARTS: u32 = 5;

impl Chain {
    /// Chance of `n` requests being there at rest. What is too rare to matter is left off at the end.
    #[must_use]
    pub fn at_rest(&self) -> Vec<f64> {
        self.at_rest_up_to(0)
    }

    /// The same with at least so many numbers, however rare.
    #[must_use]
    pub fn at_rest_up_to(&self, numbers: usize) -> Vec<f64> {
        let mut weights = vec![1.0];
        let (mut weight, mut sum) = (1.0, 1.0);
        for (coming, done) in self.arrivals.iter().zip(self.services.iter().skip(1)) {
            let ratio = coming / done.max(f64::MIN_POSITIVE);
            weight *= ratio;
            if weight.is_nan() || weight <= 0.0 {
                break;
            }
            sum += weight;
            weights.push(weight);
            if weight > BIG {
                for earlier in &mut weights {
                    *earlier /= BIG;
                }
                weight /= BIG;
                sum /= BIG;
            }
            if weights.len() > numbers
                && ratio < 0.999
                && weight < NOTHING * sum * (1.0 - ratio)
                && self.falls_from(weights.len())
            {
                break;
            }
        }
        normalised(weights)
    }

    /// Nothing that comes later makes the queue grow again: what comes does not rise, what is done does not fall.
    fn falls_from(&self, n: usize) -> bool {
        let tail = |list: &[f64]| list.get(n - 1).copied().zip(list.last().copied());
        let coming = tail(&self.arrivals).is_some_and(|(here, last)| last <= here * 1.000_001);
        coming && tail(&self.services).is_some_and(|(here, last)| last >= here * 0.999_999)
    }

    /// The distribution `seconds` after it was `before`.
    #[must_use]
    pub fn after(&self, before: &[f64], seconds: f64) -> Vec<f64> {
        let mut spread = before.to_vec();
        let part = seconds / f64::from(PARTS);
        for _ in 0..PARTS {
            spread = self.implicit_step(&spread, part);
        }
        normalised(spread)
    }

    /// `spread` at the end of a step: `new - seconds * flow(new) = old`, solved from both ends inwards.
    fn implicit_step(&self, spread: &[f64], seconds: f64) -> Vec<f64> {
        let top = self.top(spread, seconds);
        let coming = |n: usize| if n < top { seconds * self.arrivals.get(n).copied().unwrap_or(0.0) } else { 0.0 };
        let done = |n: usize| seconds * self.services.get(n).copied().unwrap_or(0.0);
        // Downwards: what is left over for `n` after those below it have been eliminated.
        // One over each pivot: a division takes several times as long as a product, and each waits for the one before.
        let mut pivots: Vec<f64> = Vec::with_capacity(top + 1);
        let mut after: Vec<f64> = Vec::with_capacity(top + 1);
        let (mut pivot, mut right) = (1.0, 0.0);
        for n in 0..=top {
            let passed = if n == 0 { 0.0 } else { coming(n - 1) * pivot };
            right = spread.get(n).copied().unwrap_or(0.0) + passed * right;
            // The same as 1 + coming + done - passed * done, without the difference of large figures.
            pivot = 1.0 / (1.0 + coming(n) + done(n) * (1.0 - passed));
            pivots.push(pivot);
            after.push(right);
        }
        let mut above = 0.0;
        for (n, (slot, pivot)) in after.iter_mut().zip(&pivots).enumerate().rev() {
            above = (*slot + if n < top { done(n + 1) * above } else { 0.0 }) * pivot;
            *slot = above;
        }
        while after.len() > 1 && after.last().is_some_and(|last| *last < NOTHING) {
            after.pop();
        }
        after
    }

    /// No queue gets longer than this within a step.
    fn top(&self, spread: &[f64], seconds: f64) -> usize {
        let room = self.services.len().saturating_sub(1);
        let here = spread.len().saturating_sub(1);
        let fastest =
            self.arrivals.iter().skip(here.min(room)).chain(self.arrivals.first()).copied().fold(0.0, f64::max);
        let coming = fastest * seconds;
        here.saturating_add(whole(coming + 12.0 * libm::sqrt(coming) + 40.0)).min(room)
    }
}

/// How much more or less likely each number is in `spread` than at rest; what hardly ever happens now is left out.
#[must_use]
pub fn unlike(spread: &[f64], rest: &[f64]) -> Vec<f64> {
    let ratio = |(n, now): (usize, &f64)| {
        let rest = rest.get(n).copied().unwrap_or(0.0);
        if *now > RARE && rest > RAREST { now / rest } else { 0.0 }
    };
    spread.iter().enumerate().map(ratio).collect()
}

/// With a sum of one.
#[must_use]
pub fn normalised(mut weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    if sum > 0.0 && sum.is_finite() {
        for weight in &mut weights {
            *weight /= sum;
        }
        weights
    } else {
        vec![1.0]
    }
}

/// Mean number.
#[must_use]
pub fn mean(spread: &[f64]) -> f64 {
    weighted(spread, |n| n)
}

/// Mean of a figure that depends on the number.
#[must_use]
pub fn weighted(spread: &[f64], figure: impl Fn(f64) -> f64) -> f64 {
    spread.iter().zip(0_u32..).map(|(chance, n)| chance * figure(f64::from(n))).sum()
}

/// Mean of a list of figures, one for each number.
#[must_use]
pub fn mean_of(spread: &[f64], figures: &[f64]) -> f64 {
    spread.iter().zip(figures).map(|(chance, figure)| chance * figure).sum()
}

/// The distribution cut to `room`: those beyond are no longer there.
#[must_use]
pub fn cut(spread: &[f64], room: usize) -> Vec<f64> {
    let mut kept: Vec<f64> = spread.iter().take(room + 1).copied().collect();
    if let Some(last) = kept.last_mut() {
        *last += spread.iter().skip(room + 1).sum::<f64>();
    }
    if kept.is_empty() { vec![1.0] } else { kept }
}

/// Each of those that are there is kept with the same chance: `p(x)` becomes `p(1 - kept + kept x)`.
#[must_use]
pub fn thinned(spread: &[f64], kept: f64) -> Vec<f64> {
    let mut thinned: Vec<f64> = Vec::with_capacity(spread.len());
    for chance in spread.iter().rev() {
        let mut below = 0.0;
        for slot in &mut thinned {
            (*slot, below) = ((1.0 - kept) * *slot + kept * below, *slot);
        }
        if !thinned.is_empty() {
            thinned.push(kept * below);
        }
        match thinned.first_mut() {
            Some(first) => *first += chance,
            None => thinned.push(*chance),
        }
    }
    thinned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(workers: u32, waiting: u32, arrivals: f64, rate: f64) -> Chain {
        let room = workers + waiting;
        let services = (0..=room).map(|n| rate * f64::from(n.min(workers)));
        Chain { arrivals: (0..=room).map(|_| arrivals).collect(), services: services.collect() }
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{value} is not {expected}");
    }

    #[test]
    fn each_of_those_there_is_kept_with_the_same_chance() {
        let thinned = thinned(&[0.0, 0.0, 1.0], 0.75);
        for (chance, expected) in thinned.iter().zip([0.0625, 0.375, 0.5625]) {
            close(*chance, expected);
        }
    }

    #[test]
    fn one_worker_agrees_with_the_closed_form() {
        // M/M/1/K: p_n = (1-r) r^n / (1-r^(K+1)); at r = 1 all states are equally likely.
        for load in [0.1, 0.5, 0.9, 1.1, 2.0, 30.0] {
            let rest = queue(1, 18, load * 50.0, 50.0).at_rest();
            let last = libm::pow(load, 19.0);
            close(rest[19], (1.0 - load) * last / (1.0 - last * load));
        }
        close(mean(&queue(1, 18, 50.0, 50.0).at_rest()), 9.5);
    }

    #[test]
    fn no_waiting_room_is_erlang_b() {
        for offered in [0.5, 4.0, 8.0, 25.0] {
            let mut erlang = 1.0;
            for c in 1..=8 {
                erlang = offered * erlang / (f64::from(c) + offered * erlang);
            }
            close(queue(8, 0, offered * 10.0, 10.0).at_rest()[8], erlang);
        }
    }

    #[test]
    fn floods_and_nothing_stay_defined() {
        for arrivals in [0.0, 1e-9, 1e12] {
            let chain = queue(4, 400, arrivals, 100.0);
            close(chain.at_rest().iter().sum(), 1.0);
            close(chain.after(&[1.0], 10.0).iter().sum(), 1.0);
        }
        assert!(mean(&queue(4, 400, 1e12, 100.0).at_rest()) > 403.9);
        assert_eq!(Chain { arrivals: vec![100.0], services: vec![0.0] }.at_rest(), [1.0]);
    }

    #[test]
    fn comes_to_rest_where_it_rests_whatever_the_steps() {
        for load in [0.3, 0.9, 1.2] {
            let chain = queue(4, 50, load * 400.0, 100.0);
            for (steps, seconds) in [(400, 0.25), (60, 5.0)] {
                let mut spread = vec![1.0];
                for _ in 0..steps {
                    spread = chain.after(&spread, seconds);
                }
                assert!((mean(&spread) - mean(&chain.at_rest())).abs() < 1e-6, "{load}");
            }
        }
    }

    #[test]
    fn a_flooded_queue_fills_at_the_excess_rate_and_an_empty_world_empties_it() {
        // 300/s come, 200/s are done: after 2 s some 200 more are there, as long as there is room.
        let (chain, mut spread) = (queue(2, 1_000, 300.0, 100.0), vec![1.0]);
        for _ in 0..8 {
            spread = chain.after(&spread, 0.25);
        }
        assert!((mean(&spread) - 200.0).abs() < 5.0, "{}", mean(&spread));
        for _ in 0..12 {
            spread = queue(2, 1_000, 0.0, 100.0).after(&spread, 0.25);
        }
        assert!(mean(&spread) < 1e-3);
    }

    #[test]
    fn who_finds_no_room_any_more_is_gone() {
        assert_eq!(cut(&[0.25, 0.25, 0.25, 0.25], 1), [0.25, 0.75]);
        assert_eq!(cut(&[1.0], 5), [1.0]);
    }
}
