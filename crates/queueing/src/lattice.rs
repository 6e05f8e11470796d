//! What is the case at a called service, worked out at some numbers of requests and read off between them.

use super::crowd::{Crowd, Moment};
use super::number::as_f64;
use super::spacing::next;
use super::way::{ALL, Way};

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
