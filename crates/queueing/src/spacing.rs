//! Which numbers of requests are looked at: each small one, and large ones wider and wider apart.

use super::number::as_f64;

/// Up to here each number of requests is looked at; beyond, they are wider and wider apart.
const EACH: usize = 64;
/// The part of the way beyond [`EACH`] that they are apart: what depends on the number of requests runs over a good part of it.
const APART: usize = 16;

/// The number of requests that is looked at after `m`.
pub fn next(m: usize) -> usize {
    m + 1 + m.saturating_sub(EACH) / APART
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
