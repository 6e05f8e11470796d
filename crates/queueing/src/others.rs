//! Who else calls a service: their requests, and those of several callers together.

use super::network::{Ask, Called};
use super::number::{as_f64, whole};
use super::pace::along;

/// The others, whoever of the caller is there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Others {
    /// Factors by how many of theirs are there, the most first.
    pub factors: Vec<f64>,
    /// Each factor times their calls a second while so many of theirs are there.
    pub calls: Vec<f64>,
    /// In whose unit rates are counted, so that factors stay near one.
    pub unit: f64,
    /// Most requests in all.
    pub room: usize,
    /// Whether there are none.
    pub none: bool,
}

impl Others {
    pub fn new(called: &Called) -> Self {
        let room = called.services.len().saturating_sub(1);
        let unit = 1.0 / called.services.last().copied().unwrap_or(0.0).max(f64::MIN_POSITIVE);
        let mut factors = factors(room, |theirs| unit * called.others_at(as_f64(theirs)));
        let calls = factors.iter().enumerate().map(|(theirs, factor)| factor * called.others_at(as_f64(theirs)));
        let calls = calls.rev().collect();
        factors.reverse();
        Self { factors, calls, unit, room, none: called.others.iter().all(|calls| *calls <= 0.0) }
    }
}

/// `1, r(0) / 1, r(0) r(1) / (1 2), ...`, as far as they are not zero.
pub fn factors(most: usize, rate: impl Fn(usize) -> f64) -> Vec<f64> {
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

/// Most requests of several callers whose pairs are counted.
const MOST_PAIRED: usize = 400;
/// No more requests than these are looked at.
const MOST_COUNTED: f64 = 4_096.0;

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
/// are there. Small crowds are counted; of a large one, the mean says all.
#[must_use]
pub fn together(callers: &[&[f64]], outside: f64) -> Vec<f64> {
    let Some((first, more)) = callers.split_first() else { return vec![outside] };
    if callers.iter().map(|caller| caller.len()).sum::<usize>() > MOST_PAIRED && (outside > 0.0 || !more.is_empty()) {
        return in_the_mean(callers, outside);
    }
    let callers = more.iter().fold(first.to_vec(), |sum, next| both(&sum, next));
    if outside <= 0.0 { callers } else { in_the_mean(&[&callers], outside) }
}

/// Two callers: the chance of so many of each is a product, as in a crowd.
fn both(one: &[f64], other: &[f64]) -> Vec<f64> {
    let fastest = |caller: &[f64]| caller.first().copied().unwrap_or(0.0);
    let most = one.len() + other.len();
    let all = fastest(one) + fastest(other);
    if all <= 0.0 {
        return Vec::new();
    }
    let unit = as_f64(most) / all;
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

/// Callers and requests from outside: in the long run each has the share of the places that it has of all calls.
fn in_the_mean(callers: &[&[f64]], outside: f64) -> Vec<f64> {
    let fastest = callers.iter().filter_map(|caller| caller.first()).sum::<f64>() + outside;
    let longest = as_f64(callers.iter().map(|caller| caller.len()).sum());
    // Each request stays as long as any other: with a longer and longer stay, there are more and more of each.
    let mut points = vec![(0.0, fastest)];
    let mut stay = 0.05 / fastest;
    for _ in 0..200 {
        let own = callers.iter().map(|caller| own_share(caller, stay)).sum::<f64>();
        points.push((own + outside * stay, outside + own / stay));
        if own + 1.01 >= longest && (outside <= 0.0 || outside > 20.0 * own / stay) {
            break;
        }
        stay *= 1.12;
    }
    let last = points.last().map_or(0.0, |(there, _)| *there).min(MOST_COUNTED);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls a second of so many workers, each of which calls once in a while when it isn't there.
    fn workers(count: u32, each: f64) -> Vec<f64> {
        (0..=count).map(|own| f64::from(count - own) * each).collect()
    }

    #[test]
    fn two_callers_are_one_with_the_workers_of_both() {
        // Whose a worker is makes no difference where all call alike.
        let both = together(&[&workers(3, 5.0), &workers(5, 5.0)], 0.0);
        for (there, calls) in workers(8, 5.0).iter().enumerate() {
            assert!((both[there] - calls).abs() < 1e-9, "{there}: {} is not {calls}", both[there]);
        }
        let three = together(&[&workers(3, 5.0), &workers(1, 5.0), &workers(4, 5.0)], 0.0);
        assert!(three.iter().zip(&both).all(|(one, other)| (one - other).abs() < 1e-9));
    }

    #[test]
    fn a_large_crowd_is_as_its_mean_and_as_it_is_counted() {
        let (one, other) = (workers(150, 2.0), workers(90, 5.0));
        let (counted, mean) = (together(&[&one, &other], 0.0), in_the_mean(&[&one, &other], 0.0));
        for there in [0, 10, 60, 120, 200] {
            let off = (mean[there] - counted[there]).abs() / counted[0];
            assert!(off < 0.01, "{there}: {} is not {}", mean[there], counted[there]);
        }
    }

    #[test]
    fn requests_from_outside_don_t_slow_down() {
        assert_eq!(together(&[], 7.0), [7.0]);
        let all = together(&[&workers(10, 3.0)], 50.0);
        assert!((all[0] - 80.0).abs() < 1e-9);
        assert!(all.iter().all(|calls| (50.0 - 1e-9..=80.0 + 1e-9).contains(calls)));
        assert!(all.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9), "the more are there, the fewer come");
    }

    #[test]
    fn nobody_calls_nothing() {
        assert!(together(&[&[], &[]], 0.0).is_empty());
        assert!(together(&[&[], &[]], 5.0).iter().all(|calls| (calls - 5.0).abs() < 1e-12));
        assert_eq!(averages(&[]), [0.0]);
    }
}
