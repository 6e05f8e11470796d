//! What is the case at a called service, worked out at some numbers of requests and read off between them.

use super::crowd::{Crowd, Moment};
use super::number::as_f64;
use super::way::Way;

/// Up to here each number of requests is looked at; beyond, they are wider and wider apart.
const EACH: usize = 64;
/// The part of the way beyond [`EACH`] that they are apart: what depends on the number of requests runs over a good part of it.
const APART: usize = 16;

/// With a larger share that still has a caller, nobody has given up.
pub const ALL: f64 = 0.999;

/// The number of requests that is looked at after `m`.
fn next(m: usize) -> usize {
    m + 1 + m.saturating_sub(EACH) / APART
}

/// What is the case by number of requests, asked for from none on upwards.
pub struct Lattice<'a> {
    k: f64,
    way: &'a Way<'a>,
    crowd: Option<&'a Crowd>,
    room: usize,
    left: (usize, Moment),
    right: (usize, Moment),
    /// Of the factors, at each number looked at.
    sums: Vec<f64>,
}

impl<'a> Lattice<'a> {
    /// With `k` workers going the way round, whose requests are known from `crowd` where they can be counted.
    #[must_use]
    pub fn new(k: f64, way: &'a Way<'a>, crowd: Option<&'a Crowd>) -> Self {
        let room = way.called.services.len().saturating_sub(1);
        let nobody = Moment { ours: 0.0, rounds: 0.0, others: 0.0 };
        let mut lattice = Self { k, way, crowd, room, left: (0, nobody), right: (0, nobody), sums: Vec::new() };
        lattice.right.1 = lattice.look(0);
        lattice
    }

    /// While `m` requests are there.
    pub fn at(&mut self, m: usize) -> Moment {
        if self.way.others.none {
            let all = as_f64(m);
            return Moment { ours: all, rounds: self.way.rounds(self.k, m, all), others: 0.0 };
        }
        while self.right.0 < m {
            let further = next(self.right.0).min(self.room);
            let seen = self.look(further);
            (self.left, self.right) = (self.right, (further, seen));
        }
        let ((low, left), (high, right)) = (self.left, self.right);
        if m == high {
            return right;
        }
        let part = as_f64(m - low) / as_f64(high - low);
        let between = |left: f64, right: f64| left + part * (right - left);
        let known = Moment {
            ours: between(left.ours, right.ours),
            rounds: between(left.rounds, right.rounds),
            others: between(left.others, right.others),
        };
        if self.crowd.is_some() || self.way.waited_for(m) > ALL { known } else { self.on_average(m, known) }
    }

    /// Sums of the factors at the numbers that were looked at.
    #[must_use]
    pub fn sums(self) -> Vec<f64> {
        self.sums
    }

    /// Looks at `m` requests; the furthest looked at so far is the one before.
    fn look(&mut self, m: usize) -> Moment {
        let known = self.crowd.and_then(|crowd| crowd.at(m, &self.way.others));
        self.sums.push(known.map_or(0.0, |(sum, _)| sum));
        if let Some((_, known)) = known {
            return known;
        }
        let (before, seen) = self.right;
        let ours = self.way.shared(self.k, m, seen.ours / as_f64(before.max(1)));
        let others = self.way.called.others_at(as_f64(m) - ours);
        self.on_average(m, Moment { ours, rounds: 0.0, others })
    }

    /// The rounds with so many of the caller's own as there are on average.
    fn on_average(&self, m: usize, known: Moment) -> Moment {
        Moment { rounds: self.way.rounds(self.k, m, known.ours), ..known }
    }
}

/// Chances of so many requests, put on the numbers that are looked at so that their mean stays as it is.
pub fn on_lattice(spread: &[f64], room: usize) -> Vec<(usize, f64)> {
    let last = spread.len().saturating_sub(1);
    let mut held: Vec<(usize, f64)> = spread.iter().copied().enumerate().take(EACH + 1).collect();
    let mut low = last.min(EACH);
    while low < last {
        let high = next(low).min(room);
        let (mut here, mut there) = (0.0, 0.0);
        for (m, chance) in spread.iter().enumerate().take(high + 1).skip(low + 1) {
            let part = as_f64(m - low) / as_f64(high - low);
            here += (1.0 - part) * chance;
            there += part * chance;
        }
        held.iter_mut().last().into_iter().for_each(|(_, chance)| *chance += here);
        held.push((high, there));
        low = high;
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_are_looked_at_and_none_is_left_out() {
        let looked = core::iter::successors(Some(0), |m| Some(next(*m))).take_while(|m| *m < 4_096);
        let looked: Vec<usize> = looked.collect();
        assert!(looked.len() < 200, "{}", looked.len());
        assert!(looked.iter().copied().take(EACH + 1).eq(0..=EACH));
        assert!(looked.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= 1 + pair[0] / APART));
    }

    #[test]
    fn chances_keep_their_sum_and_their_mean() {
        for (count, room) in [(1, 0), (10, 40), (65, 64), (400, 400), (400, 3_000)] {
            let spread: Vec<f64> = (0..count).map(|m| 1.0 / as_f64(count) + as_f64(m) * 1e-6).collect();
            let held = on_lattice(&spread, room);
            let sums = |held: &mut dyn Iterator<Item = (usize, f64)>| {
                held.fold((0.0, 0.0), |(sum, mean), (m, chance)| (sum + chance, mean + chance * as_f64(m)))
            };
            let (sum, mean) = sums(&mut held.iter().copied());
            let (all, exact) = sums(&mut spread.iter().copied().enumerate());
            assert!((sum - all).abs() < 1e-9 && (mean - exact).abs() < 1e-9 * exact.max(1.0), "{count} {room}");
        }
    }
}
