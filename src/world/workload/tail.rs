//! How long things take, as a distribution: the survival function on an even grid.

use super::mmck::{Size, distribution};

/// Points of a grid from which percentiles are read: with geometric interpolation their error is far below one percent.
pub const FINE: usize = 400;
/// Points of a grid from which only a share and a mean are read.
pub const COARSE: usize = 100;

/// `P(X > t)` for a length of time `X`, on a grid from 0; beyond the grid it is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    step: f64,
    survival: Vec<f64>,
}

impl Tail {
    /// The wait for a worker of a request that is let in, in an M/M/c/K queue of offered load `offered` where one worker serves
    /// `rate` requests a second; on a grid of so many points that reaches to `horizon` seconds.
    ///
    /// Who finds `n >= c` others waits until `n - c + 1` of them are served: `P(W > t)` is the mean of `P(n - c >= N)` over a
    /// Poisson number `N` of services in `t`.
    #[must_use]
    pub fn wait(size: Size, offered: f64, rate: f64, horizon: f64, points: usize) -> Self {
        let behind = behind(size, offered);
        let step = (horizon / as_f64(points.max(2) - 1)).max(1e-9);
        let served = f64::from(size.workers) * rate;
        let survival = (0..points).map(|at| poisson_mean(served * step * as_f64(at), &behind)).collect();
        Self { step, survival }
    }

    /// No time at all, on a grid to which other times can be added.
    #[must_use]
    pub fn nothing(horizon: f64, points: usize) -> Self {
        Self { step: (horizon / as_f64(points.max(2) - 1)).max(1e-9), survival: vec![0.0; points] }
    }

    /// `P(X > t)`.
    #[must_use]
    pub fn beyond(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0;
        }
        let place = t / self.step;
        let index = floor(place);
        let Some(&left) = self.survival.get(index) else { return 0.0 };
        let right = self.survival.get(index + 1).copied().unwrap_or(0.0);
        between(left, right, place - as_f64(index))
    }

    /// The last moment of the grid, in seconds.
    #[must_use]
    pub fn reach(&self) -> f64 {
        self.step * as_f64(self.survival.len().saturating_sub(1))
    }

    /// The time that a share of `share` is not longer than.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let target = 1.0 - share;
        let Some(after) = self.survival.iter().position(|value| *value <= target) else { return self.reach() };
        let Some(before) = after.checked_sub(1) else { return 0.0 };
        let left = self.survival.get(before).copied().unwrap_or(0.0);
        let right = self.survival.get(after).copied().unwrap_or(0.0);
        let part = if right > 0.0 && left > right {
            libm::log(left / target) / libm::log(left / right)
        } else if left > right {
            (left - target) / (left - right)
        } else {
            0.0
        };
        self.step * (as_f64(before) + part)
    }

    /// Mean of `min(X, limit)`.
    #[must_use]
    pub fn mean_up_to(&self, limit: f64) -> f64 {
        let mut sum = 0.0;
        for (at, pair) in self.survival.windows(2).enumerate() {
            let [left, right] = pair else { continue };
            let from = as_f64(at) * self.step;
            if from >= limit {
                break;
            }
            let part = ((limit - from) / self.step).min(1.0);
            sum += self.step * part * 0.5 * (left + between(*left, *right, part));
        }
        sum
    }

    /// This, and then an independent exponential time with this mean.
    #[must_use]
    pub fn then_exponential(&self, mean: f64) -> Self {
        let decay = libm::exp(-self.step / mean);
        // What ended within a cell is spread evenly in it.
        let fresh = if decay < 1.0 { (1.0 - decay) * mean / self.step } else { 1.0 };
        let mut open = 1.0 - self.survival.first().copied().unwrap_or(0.0);
        let mut survival: Vec<f64> = self.survival.first().map(|first| first + open).into_iter().collect();
        for pair in self.survival.windows(2) {
            let [left, right] = pair else { continue };
            open = open * decay + (left - right).max(0.0) * fresh;
            survival.push((right + open).min(1.0));
        }
        Self { step: self.step, survival }
    }

    /// This, and then another independent time, as far as the grid reaches.
    #[must_use]
    pub fn then(&self, other: &Self) -> Self {
        let (left, right) = (self, other.onto(self));
        let atom = 1.0 - left.survival.first().copied().unwrap_or(0.0);
        let masses: Vec<f64> = left.survival.windows(2).map(pair_drop).collect();
        // P(right > t) half a cell off the grid: what ended within a cell counts at its middle.
        let halves: Vec<f64> = right.survival.windows(2).map(pair_mean).collect();
        let survival = left.survival.iter().zip(&right.survival).enumerate().map(|(at, (still, after))| {
            let sum: f64 =
                masses.iter().take(at).zip(halves.iter().take(at).rev()).map(|(mass, half)| mass * half).sum();
            (still + atom * after + sum).min(1.0)
        });
        Self { step: left.step, survival: survival.collect() }
    }

    /// With this chance as it is, otherwise no time at all.
    #[must_use]
    pub fn perhaps(&self, chance: f64) -> Self {
        Self { step: self.step, survival: self.survival.iter().map(|value| value * chance).collect() }
    }

    /// Cut off at `limit`.
    #[must_use]
    pub fn up_to(&self, limit: f64) -> Self {
        let cut = |(at, value): (usize, &f64)| if as_f64(at) * self.step < limit { *value } else { 0.0 };
        Self { step: self.step, survival: self.survival.iter().enumerate().map(cut).collect() }
    }

    /// The same on the grid reaching to `horizon`.
    #[must_use]
    pub fn stretched(&self, horizon: f64) -> Self {
        self.onto(&Self::nothing(horizon, self.survival.len()))
    }

    fn onto(&self, grid: &Self) -> Self {
        Self {
            step: grid.step,
            survival: (0..grid.survival.len()).map(|at| self.beyond(as_f64(at) * grid.step)).collect(),
        }
    }
}

/// For each `j`: the chance that an arrival that is let in finds at least `c + j` others.
fn behind(size: Size, offered: f64) -> Vec<f64> {
    let spread = distribution(size, offered);
    let workers = usize::try_from(size.workers).unwrap_or(usize::MAX);
    let let_in: f64 = spread.iter().rev().skip(1).rev().sum();
    let mut sum = 0.0;
    let mut behind: Vec<f64> = Vec::new();
    for (n, chance) in spread.iter().enumerate().rev().skip(1) {
        if n < workers {
            break;
        }
        sum += chance;
        behind.push(if let_in > 0.0 { sum / let_in } else { 1.0 });
    }
    behind.reverse();
    behind
}

/// Mean of `values[N]` over a Poisson number `N`; values beyond the end count as 0.
fn poisson_mean(mean: f64, values: &[f64]) -> f64 {
    if mean <= 0.0 {
        return values.first().copied().unwrap_or(0.0);
    }
    // Beyond the last value by ten standard deviations nothing is left.
    if mean > as_f64(values.len()) + 10.0 * libm::sqrt(mean) + 10.0 {
        return 0.0;
    }
    let mode = floor(mean);
    let top = libm::exp(as_f64(mode) * libm::log(mean) - mean - libm::lgamma(as_f64(mode) + 1.0));
    let value = |at: usize| values.get(at).copied().unwrap_or(0.0);
    let mut sum = top * value(mode);
    let mut chance = top;
    for at in mode + 1..values.len() {
        chance *= mean / as_f64(at);
        sum += chance * value(at);
        if chance < 1e-14 {
            break;
        }
    }
    chance = top;
    for at in (0..mode).rev() {
        chance *= as_f64(at + 1) / mean;
        sum += chance * value(at);
        if chance < 1e-14 {
            break;
        }
    }
    sum.clamp(0.0, 1.0)
}

/// Between two values of a survival function: geometric, as an exponential tail runs, or straight where one is zero.
fn between(left: f64, right: f64, part: f64) -> f64 {
    if part <= 0.0 {
        left
    } else if left > 0.0 && right > 0.0 {
        left * libm::exp(part * libm::log(right / left))
    } else {
        left + part * (right - left)
    }
}

fn pair_drop(pair: &[f64]) -> f64 {
    if let [left, right] = pair { (left - right).max(0.0) } else { 0.0 }
}

fn pair_mean(pair: &[f64]) -> f64 {
    if let [left, right] = pair { 0.5 * (left + right) } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn floor(value: f64) -> usize {
    value.clamp(0.0, 1e9) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64, share: f64) {
        assert!((value / expected - 1.0).abs() < share, "{value} is not {expected}");
    }

    #[test]
    fn one_worker_without_bound_has_an_exponential_sojourn() {
        // M/M/1: sojourn ~ exp(mu - lambda); the queue is long enough for the bound not to matter.
        let (arrivals, rate) = (70.0, 100.0);
        for (points, share) in [(FINE, 0.002), (COARSE, 0.01)] {
            let wait = Tail::wait(Size::new(1, 400), arrivals / rate, rate, 0.6, points);
            let sojourn = wait.then_exponential(1.0 / rate);
            near(sojourn.quantile(0.99), libm::log(100.0) / 30.0, share);
            near(sojourn.mean_up_to(10.0), 1.0 / 30.0, share);
            near(sojourn.beyond(0.1), libm::exp(-3.0), share);
        }
    }

    #[test]
    fn sums_agree_with_closed_forms() {
        let one = Tail::nothing(0.4, FINE).then_exponential(0.01);
        near(one.quantile(0.99), 0.01 * libm::log(100.0), 1e-6);
        // Erlang(2): P(X > t) = (1 + t/m) e^(-t/m); its 99th percentile is 6.638 means.
        near(one.then(&one).quantile(0.99), 0.066_38, 0.002);
        near(one.then_exponential(0.01).quantile(0.99), 0.066_38, 0.002);
        near(one.perhaps(0.5).mean_up_to(1.0), 0.005, 0.002);
        near(one.stretched(0.2).quantile(0.99), 0.01 * libm::log(100.0), 1e-6);
    }

    #[test]
    fn cut_off_and_empty() {
        let one = Tail::nothing(0.4, FINE).then_exponential(0.01);
        let cut = one.up_to(0.02);
        assert!(cut.quantile(0.999) <= 0.021);
        assert!(cut.beyond(0.03) <= 0.0);
        assert!(Tail::nothing(1.0, 2).quantile(0.99) <= 0.0);
        near(one.mean_up_to(0.01), 0.01 * (1.0 - libm::exp(-1.0)), 0.002);
    }

    #[test]
    fn an_overfull_queue_waits_for_all_before_it() {
        // Nearly always full: the wait is that of an Erlang with K - c + 1 services.
        let wait = Tail::wait(Size::new(4, 50), 400.0, 100.0, 0.4, FINE);
        near(wait.mean_up_to(1.0), 50.0 / 400.0, 0.01);
    }
}
