//! How long things take, as a distribution: the survival function on an even grid.

use super::number::{as_f64, product, whole};

/// Points of a grid from which percentiles are read: with geometric interpolation their error is far below one percent.
pub const FINE: usize = 256;
/// Points of a grid from which only a share and a mean are read.
pub const COARSE: usize = 64;

/// `P(X > t)` for a length of time `X`, on a grid from 0; beyond the grid it is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    step: f64,
    survival: Vec<f64>,
}

impl Tail {
    /// The wait for a worker of a request that finds others as in `found`, in a queue of so many workers that serve `together`
    /// requests a second when all are at work; on a grid of so many points that reaches to `horizon` seconds.
    ///
    /// Who finds `n >= c` others waits until `n - c + 1` of them are served: `P(W > t)` is the mean of `P(n - c >= N)` over a
    /// Poisson number `N` of services in `t`. Services with a smaller `dispersion` than 1, which are more even than at random, count as fewer and larger
    /// ones.
    #[must_use]
    pub fn wait(found: &[f64], (workers, dispersion): (u32, f64), together: f64, horizon: f64, points: usize) -> Self {
        let behind = in_units(behind(found, workers), dispersion);
        let together = together / dispersion;
        let step = (horizon / as_f64(points.max(2) - 1)).max(1e-9);
        let poisson = Poisson::over(&behind);
        let stride = stride(behind.len(), together * step);
        let knots: Vec<f64> =
            (0..=points.div_ceil(stride)).map(|at| poisson.mean(together * step * as_f64(at * stride))).collect();
        Self { step, survival: filled(&knots, stride, points) }
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
        let index = whole(place);
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
            sum += self.step * part * mean_between(*left, between(*left, *right, part));
        }
        sum
    }

    /// This, and then an independent exponential time with this mean.
    #[must_use]
    pub(crate) fn then_exponential(&self, mean: f64) -> Self {
        let cells = self.step / mean;
        let decay = libm::exp(-cells);
        let mut open = 1.0 - self.survival.first().copied().unwrap_or(0.0);
        let mut survival = Vec::with_capacity(self.survival.len());
        survival.extend(self.survival.first().map(|first| first + open));
        for pair in self.survival.windows(2) {
            let [left, right] = pair else { continue };
            open = open * decay + still_open(*left, *right, cells, decay);
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
        let mut halves: Vec<f64> = right.survival.windows(2).map(pair_mean).collect();
        halves.reverse();
        let survival = left.survival.iter().zip(&right.survival).enumerate().map(|(at, (still, after))| {
            let latest = halves.get(halves.len().saturating_sub(at)..).unwrap_or_default();
            let earliest = masses.get(..latest.len()).unwrap_or_default();
            (still + atom * after + product(earliest, latest)).min(1.0)
        });
        Self { step: left.step, survival: survival.collect() }
    }

    /// With this chance as it is, otherwise no time at all.
    #[must_use]
    pub(crate) fn perhaps(&self, chance: f64) -> Self {
        Self { step: self.step, survival: self.survival.iter().map(|value| value * chance).collect() }
    }

    /// Cut off at `limit`.
    #[must_use]
    pub(crate) fn up_to(&self, limit: f64) -> Self {
        let cut = |(at, value): (usize, &f64)| if as_f64(at) * self.step < limit { *value } else { 0.0 };
        Self { step: self.step, survival: self.survival.iter().enumerate().map(cut).collect() }
    }

    /// The same on the grid reaching to `horizon`.
    #[must_use]
    pub(crate) fn stretched(&self, horizon: f64) -> Self {
        self.onto(&Self::nothing(horizon, self.survival.len()))
    }

    /// Later by so many seconds.
    #[must_use]
    pub fn later(&self, seconds: f64) -> Self {
        let at = |place: usize| self.beyond(as_f64(place) * self.step - seconds);
        Self { step: self.step, survival: (0..self.survival.len()).map(at).collect() }
    }

    /// Without the share of `late` that is not over before `limit`; none if that are all.
    #[must_use]
    pub(crate) fn less(&self, late: f64, limit: f64) -> Option<Self> {
        let left = Some(1.0 - late).filter(|left| *left > 1e-9)?;
        let cut = |(at, value): (usize, &f64)| {
            if as_f64(at) * self.step < limit { ((value - late) / left).max(0.0) } else { 0.0 }
        };
        Some(Self { step: self.step, survival: self.survival.iter().enumerate().map(cut).collect() })
    }

    /// Of those that are not over at once only; none if there are no such.
    #[must_use]
    pub fn lasting(&self) -> Option<Self> {
        let share = self.survival.first().copied().filter(|share| *share > 1e-12)?;
        Some(Self { step: self.step, survival: self.survival.iter().map(|value| value / share).collect() })
    }

    /// With this chance as it is, otherwise as the other one.
    #[must_use]
    pub fn or(&self, chance: f64, other: &Self) -> Self {
        let other = other.onto(self);
        let pairs = self.survival.iter().zip(&other.survival);
        Self { step: self.step, survival: pairs.map(|(this, that)| chance * this + (1.0 - chance) * that).collect() }
    }

    /// As it is, but for a share that takes just so many seconds.
    #[must_use]
    pub(crate) fn or_hangs(&self, share: f64, seconds: f64) -> Self {
        if share <= 0.0 {
            return self.clone();
        }
        let far = if self.reach() < 1.02 * seconds { self.stretched(1.02 * seconds) } else { self.clone() };
        far.perhaps(0.0).later(seconds).or(share, &far)
    }

    /// The same on another grid.
    #[must_use]
    pub(crate) fn onto(&self, grid: &Self) -> Self {
        if self.step.to_bits() == grid.step.to_bits() && self.survival.len() == grid.survival.len() {
            return self.clone();
        }
        Self {
            step: grid.step,
            survival: (0..grid.survival.len()).map(|at| self.beyond(as_f64(at) * grid.step)).collect(),
        }
    }
}

/// Of what ended within a cell, in which the survival function fell from `left` to `right`: how much is still within an exponential time
/// after it at the end of the cell, which is so many means long and which a share of `decay` outlasts.
fn still_open(left: f64, right: f64, cells: f64, decay: f64) -> f64 {
    if left <= right {
        return 0.0;
    }
    let ends = if right > 0.0 { libm::log(left / right) } else { 0.0 };
    if ends < 1e-3 {
        // Evenly.
        let fresh = if cells > 1e-9 { (1.0 - decay) / cells } else { 1.0 };
        return (left - right) * fresh;
    }
    // As an exponential tail runs.
    let apart = cells - ends;
    let both = if apart.abs() > 1e-6 { (right / left - decay) / apart } else { decay };
    left * ends * both
}

/// For each `j`: the chance of at least `c + j` others.
fn behind(found: &[f64], workers: u32) -> Vec<f64> {
    let workers = usize::try_from(workers).unwrap_or(usize::MAX);
    let mut sum = 0.0;
    let mut behind: Vec<f64> = Vec::new();
    for chance in found.iter().skip(workers).rev() {
        sum += chance;
        behind.push(sum);
    }
    behind.reverse();
    behind
}

/// The values at multiples of `unit`.
fn in_units(values: Vec<f64>, unit: f64) -> Vec<f64> {
    if unit.to_bits() == 1.0_f64.to_bits() || values.len() < 2 {
        return values;
    }
    // Between the last request and the end of its service the chance goes to zero.
    let at = |n: usize| values.get(n).copied().unwrap_or(0.0);
    let count = whole(as_f64(values.len()) / unit) + 1;
    let units = (0..count).map(|n| {
        let place = unit * (as_f64(n) + 1.0) - 1.0;
        if place < 0.0 {
            return at(0);
        }
        let low = whole(place);
        at(low) + (place - as_f64(low)) * (at(low + 1) - at(low))
    });
    units.collect()
}

/// So many points of a grid can be read off their neighbours, if so many services are expected from one to the next: a wait for `services`
/// others is spread over the root of their number, and knots half of that apart leave nothing out.
fn stride(services: usize, apart: f64) -> usize {
    whole(0.5 * libm::sqrt(as_f64(services)) / apart.max(f64::MIN_POSITIVE)).clamp(1, 8)
}

/// The grid between knots: cubic in the logarithm through the two knots before and the two after, where all four count.
fn filled(knots: &[f64], stride: usize, points: usize) -> Vec<f64> {
    if stride == 1 {
        return knots.iter().copied().take(points).collect();
    }
    let logs: Vec<f64> = knots.iter().map(|value| libm::log(value.max(f64::MIN_POSITIVE))).collect();
    let knot = |at: usize| knots.get(at).copied().unwrap_or(0.0);
    let mut filled = Vec::with_capacity(points);
    for at in 0..points {
        let (low, within) = (at / stride, at % stride);
        let part = as_f64(within) / as_f64(stride);
        let first = low.saturating_sub(1);
        filled.push(match logs.get(first..first + 4) {
            _ if within == 0 => knot(low),
            Some(&[a, b, c, d]) if knot(first + 3) > 1e3 * RARE => {
                libm::exp(cubic([a, b, c, d], as_f64(low - first) + part))
            }
            _ => between(knot(low), knot(low + 1), part),
        });
    }
    filled
}

/// The cubic through four values one apart, at a `place` from the first to the last, which are 0 and 3.
fn cubic([first, second, third, last]: [f64; 4], place: f64) -> f64 {
    let (one, two, three) = (place - 1.0, place - 2.0, place - 3.0);
    place * three * (two * 0.5 * second - one * 0.5 * third) + one * two * (place * last - three * first) / 6.0
}

/// Figures whose means over Poisson numbers are asked for; those beyond the end count as 0.
struct Poisson<'a> {
    values: &'a [f64],
    /// Each number, and one over it: a division takes several times as long as a product, and each step waits for the one before.
    numbers: Vec<(f64, f64)>,
}

/// Chances below this don't count.
const RARE: f64 = 1e-10;

impl<'a> Poisson<'a> {
    fn over(values: &'a [f64]) -> Self {
        Self { values, numbers: (0..values.len()).map(|at| (as_f64(at), 1.0 / as_f64(at))).collect() }
    }

    /// Mean of `values[N]` over a Poisson number `N` with this mean.
    fn mean(&self, mean: f64) -> f64 {
        let values = self.values;
        if mean <= 0.0 {
            return values.first().copied().unwrap_or(0.0);
        }
        // Beyond the last value by ten standard deviations nothing is left.
        if mean > as_f64(values.len()) + 10.0 * libm::sqrt(mean) + 10.0 {
            return 0.0;
        }
        // From the likeliest number that has a value, up and down.
        let likeliest = whole(mean).min(values.len().saturating_sub(1));
        let number = as_f64(likeliest);
        let top = libm::exp(number * libm::log(mean) - mean - libm::lgamma(number + 1.0));
        let mut sum = top * values.get(likeliest).copied().unwrap_or(0.0);
        let mut chance = top;
        for (value, (_, inverse)) in values.iter().zip(&self.numbers).skip(likeliest + 1) {
            chance *= mean * inverse;
            sum += chance * value;
            if chance < RARE {
                break;
            }
        }
        chance = top;
        let inverse = 1.0 / mean;
        for (value, (above, _)) in values.iter().zip(self.numbers.iter().skip(1)).take(likeliest).rev() {
            chance *= above * inverse;
            sum += chance * value;
            if chance < RARE {
                break;
            }
        }
        sum.clamp(0.0, 1.0)
    }
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

/// The mean of what [`between`] runs through.
fn mean_between(left: f64, right: f64) -> f64 {
    if right > 0.0 && left > right * (1.0 + 1e-6) {
        (left - right) / libm::log(left / right)
    } else {
        0.5 * (left + right)
    }
}

fn pair_drop(pair: &[f64]) -> f64 {
    if let [left, right] = pair { (left - right).max(0.0) } else { 0.0 }
}

fn pair_mean(pair: &[f64]) -> f64 {
    if let [left, right] = pair { 0.5 * (left + right) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::chain::Chain;
    use super::*;

    fn served(workers: u32, rate: f64, room: u32) -> Vec<f64> {
        (0..=room).map(|n| rate * f64::from(n.min(workers))).collect()
    }

    fn near(value: f64, expected: f64, share: f64) {
        assert!((value / expected - 1.0).abs() < share, "{value} is not {expected}");
    }

    #[test]
    fn one_worker_without_bound_has_an_exponential_sojourn() {
        // M/M/1: sojourn ~ exp(mu - lambda); the queue is long enough for the bound not to matter.
        let (arrivals, rate) = (70.0, 100.0);
        for (points, share) in [(FINE, 0.002), (COARSE, 0.01)] {
            let found = Chain { arrivals: vec![arrivals; 402], services: served(1, rate, 401) }.at_rest();
            let wait = Tail::wait(&found, (1, 1.0), rate, 0.6, points);
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
    fn knots_leave_nothing_out() {
        for (workers, room, load) in [(1, 40, 0.9), (4, 300, 0.97), (16, 60, 1.1), (2, 3_000, 1.0)] {
            let rate = f64::from(workers) * 100.0;
            let chain = Chain {
                arrivals: vec![load * rate; room + 1],
                services: served(workers, 100.0, u32::try_from(room).unwrap()),
            };
            let found = chain.at_rest();
            let horizon = (as_f64(room) + 4.0 * libm::sqrt(as_f64(room))) / rate + 0.12;
            let wait = Tail::wait(&found, (workers, 1.0), rate, horizon, FINE);
            let behind = behind(&found, workers);
            let poisson = Poisson::over(&behind);
            for (at, value) in wait.survival.iter().enumerate() {
                let exact = poisson.mean(rate * wait.step * as_f64(at));
                assert!(
                    (value - exact).abs() < 1e-3 * exact + 1e-6,
                    "{workers} {room} {load}: {value} is not {exact} at {at}"
                );
            }
        }
    }

    #[test]
    fn an_overfull_queue_waits_for_all_before_it() {
        // Nearly always full: the wait is that of an Erlang with K - c + 1 services.
        let found = Chain { arrivals: vec![40_000.0; 55], services: served(4, 100.0, 54) }.at_rest();
        let wait = Tail::wait(&super::super::chain::normalised(found[..54].to_vec()), (4, 1.0), 400.0, 0.4, FINE);
        near(wait.mean_up_to(1.0), 50.0 / 400.0, 0.01);
    }
}
