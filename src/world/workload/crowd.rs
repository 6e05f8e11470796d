//! Whose the requests at a service are that several call.

use super::closed::{Ask, Called};
use super::number::{as_f64, whole};
use super::pace::along;
use super::row::Way;

/// Whose the requests at the called service are while `k` workers are at work and others call, too; as long as nobody gives up.
///
/// The caller's own and those of the others come at rates that depend on how many of the same kind are there, and are served alike: the
/// chance of `j` own ones and `o` others is a product of a factor for `j`, one for `o`, and one for `j + o` (Kelly: Reversibility and
/// Stochastic Networks, section 3.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    /// The factors of the caller's own.
    own: Vec<f64>,
    /// Rounds a second while so many of its own are there.
    rounds: Vec<f64>,
    /// The factors of the others.
    theirs: Vec<f64>,
    /// Their calls a second while so many of theirs are there.
    rates: Vec<f64>,
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
    pub fn new(way: &Way<'_>) -> Option<Self> {
        let called = way.called;
        let room = called.services.len().saturating_sub(1);
        // Who gives up can have more requests there than workers.
        let most = if called.patience.is_some() { room } else { whole(way.k).min(room) };
        if way.k > COUNTED || as_f64(most) > 4.0 * COUNTED {
            return None;
        }
        let unit = 1.0 / called.services.last().copied().unwrap_or(0.0).max(f64::MIN_POSITIVE);
        let flows: Vec<(f64, f64)> = (0..=most).map(|own| way.flow(called.with_company(own), as_f64(own))).collect();
        let own = factors(most, |own| unit * flows.get(own).map_or(0.0, |(_, calls)| *calls));
        let theirs = factors(room, |theirs| unit * called.others_at(as_f64(theirs)));
        let rates = (0..theirs.len()).map(|theirs| called.others_at(as_f64(theirs))).collect();
        let rounds = flows.iter().take(own.len()).map(|(rounds, _)| *rounds).collect();
        Some(Self { own, rounds, theirs, rates })
    }

    /// While `m` requests are there, which is as likely as `weight`; the chances of the caller's own are added up in `counts`.
    pub fn at(&self, m: usize, called: &Called, weight: f64, counts: &mut Vec<f64>) -> Option<Moment> {
        if self.theirs.len() == 1 {
            // Nobody else is there: all are the caller's.
            let rounds = self.rounds.get(m).copied()?;
            counts.resize(counts.len().max(m + 1), 0.0);
            counts.iter_mut().skip(m).take(1).for_each(|count| *count = weight);
            return Some(Moment { ours: as_f64(m), rounds, others: called.others_at(0.0) });
        }
        let (least, most) = ((m + 1).saturating_sub(self.theirs.len()), m.min(self.own.len() - 1));
        let own = self.own.get(least..=most)?;
        let rounds = self.rounds.get(least..=most)?;
        let theirs = self.theirs.get(m - most..=m - least)?;
        let rates = self.rates.get(m - most..=m - least)?;
        let (mut sum, mut ours, mut round, mut others, mut number) = (0.0, 0.0, 0.0, 0.0, as_f64(least));
        for (((factor, rate), theirs), other) in own.iter().zip(rounds).zip(theirs.iter().rev()).zip(rates.iter().rev())
        {
            let likely = factor * theirs;
            sum += likely;
            ours += likely * number;
            round += likely * rate;
            others += likely * other;
            number += 1.0;
        }
        if sum <= 0.0 {
            return None;
        }
        counts.resize(self.own.len(), 0.0);
        let part = weight / sum;
        for (count, (factor, theirs)) in counts.iter_mut().skip(least).zip(own.iter().zip(theirs.iter().rev())) {
            *count += part * factor * theirs;
        }
        Some(Moment { ours: ours / sum, rounds: round / sum, others: others / sum })
    }
}

/// `1, r(0) / 1, r(0) r(1) / (1 2), ...`, as far as they are not zero.
fn factors(most: usize, rate: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut factors = vec![1.0];
    let mut factor = 1.0;
    for n in 0..most {
        factor *= rate(n) / as_f64(n + 1);
        if factor <= 1e-250 {
            break;
        }
        factors.push(factor);
        if factor > 1e100 {
            for earlier in &mut factors {
                *earlier /= 1e100;
            }
            factor /= 1e100;
        }
    }
    factors
}

/// Most workers that are counted one by one.
const COUNTED: f64 = 100.0;

/// The mean number of its own and the calls a second, taken for each other.
#[must_use]
pub fn averages(asks: &[Ask]) -> Vec<f64> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for ask in asks {
        if points.last().is_none_or(|(ours, _)| ask.ours > *ours) {
            points.push((ask.ours, ask.calls));
        }
    }
    let most = points.last().map_or(0.0, |(ours, _)| *ours);
    (0..=whole(most + 0.999)).map(|own| along(&points, as_f64(own))).collect()
}

/// Requests a second of several callers together and from outside, by how many of theirs are there. Each caller's calls are given by how many of its own
/// are there.
#[must_use]
pub fn together(callers: &[&[f64]], outside: f64) -> Vec<f64> {
    let Some((first, more)) = callers.split_first() else { return vec![outside] };
    let callers = more.iter().fold(first.to_vec(), |sum, next| both(&sum, next));
    if outside <= 0.0 { callers } else { with_outside(&callers, outside) }
}

/// Two callers: the chance of so many of each is a product, as in a crowd.
fn both(one: &[f64], other: &[f64]) -> Vec<f64> {
    let fastest = |caller: &[f64]| caller.first().copied().unwrap_or(0.0);
    let most = one.len() + other.len();
    let unit = as_f64(most) / (fastest(one) + fastest(other)).max(f64::MIN_POSITIVE);
    let of = |caller: &[f64]| factors(caller.len(), |n| unit * caller.get(n).copied().unwrap_or(0.0));
    let (left, right) = (of(one), of(other));
    let count = |n: usize| -> f64 {
        let least = (n + 1).saturating_sub(right.len());
        let pairs = left.iter().enumerate().skip(least).take_while(|(own, _)| *own <= n);
        pairs.map(|(own, factor)| factor * right.get(n - own).copied().unwrap_or(0.0)).sum()
    };
    let mut here = count(0);
    let mut sum = Vec::new();
    for n in 0..(left.len() + right.len() - 1) {
        let next = count(n + 1);
        sum.push(if here > 0.0 { as_f64(n + 1) * next / here / unit } else { 0.0 });
        here = next;
    }
    sum
}

/// Callers and requests from outside: in the long run these have the share of the places that they have of all calls.
fn with_outside(callers: &[f64], outside: f64) -> Vec<f64> {
    let fastest = callers.first().copied().unwrap_or(0.0) + outside;
    // Each request stays as long as any other: with a longer and longer stay, there are more and more of each.
    let mut points = vec![(0.0, fastest)];
    let mut stay = 0.05 / fastest;
    for _ in 0..200 {
        let own = own_share(callers, stay);
        points.push((own + outside * stay, outside + own / stay));
        if own + 1.01 >= as_f64(callers.len()) && outside > 20.0 * own / stay {
            break;
        }
        stay *= 1.12;
    }
    let last = points.last().map_or(0.0, |(there, _)| *there).min(20_000.0);
    (0..=whole(last)).map(|theirs| along(&points, as_f64(theirs))).collect()
}

/// How many requests of a caller are there when each stays so many seconds.
fn own_share(caller: &[f64], stay: f64) -> f64 {
    let calls = |own: f64| {
        let low = whole(own);
        let at = |n: usize| caller.get(n).or(caller.last()).copied().unwrap_or(0.0);
        at(low) + (own - as_f64(low)) * (at(low + 1) - at(low))
    };
    let (mut low, mut high) = (0.0, stay * caller.iter().copied().fold(0.0, f64::max));
    for _ in 0..40 {
        let own = 0.5 * (low + high);
        if own > stay * calls(own) {
            high = own;
        } else {
            low = own;
        }
        if high - low < 1e-9 * high {
            break;
        }
    }
    0.5 * (low + high)
}
