//! How the number of requests in a queue changes after a change of load or capacity.
//!
//! Pointwise stationary fluid flow approximation (Wang, Tipper, Banerjee: A simple approximation for modeling nonstationary
//! queues, INFOCOM 1996): the mean number of requests follows `dL/dt = arrivals let in - requests served`, both taken from the
//! stationary M/M/c/K queue that has the same mean number of requests.
//!
//! A queue answers a change within milliseconds while it has room, and within minutes when it is full, so that an explicit step
//! would have to be tiny. The step here is implicit (backward Euler): stable for any length, exact for a queue that fills at a
//! constant rate, and at rest exactly where the stationary queue is.

use super::mmck::{Figures, Size, figures};

/// A queue at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Level {
    /// Mean number of requests there.
    pub population: f64,
    /// Offered load of the stationary queue with this mean number, in erlang.
    pub offered: f64,
    /// The figures of that queue.
    pub figures: Figures,
}

/// Fewer requests than this are none.
const NOBODY: f64 = 1e-12;
/// Smallest and largest logarithm of the offered load that is looked at.
const RANGE: (f64, f64) = (-34.0, 34.0);

/// The queue `seconds` later.
///
/// `arrivals` are requests per second, `rate` is what one worker serves per second. Where `refuses` is false, all arrivals are let
/// in: whoever sends them can't send more than there is room for.
#[must_use]
pub fn step(size: Size, refuses: bool, level: Level, arrivals: f64, rate: f64, seconds: f64) -> Level {
    if size.workers == 0 {
        return Level { figures: figures(size, 0.0), ..Level::default() };
    }
    let before = level.population.min(f64::from(size.room));
    // Balance of the step as a function of x = ln(offered load): rises all the way, so that it has one root.
    let sent_away = |at: &Figures| if refuses { at.blocked } else { 0.0 };
    let balance = |at: &Figures| at.population - before - seconds * (arrivals * (1.0 - sent_away(at)) - rate * at.busy);
    let slope = |at: &Figures| {
        let blocked_slope = sent_away(at) * (f64::from(size.room) - at.population);
        at.variance + seconds * (arrivals * blocked_slope + rate * at.busy_slope)
    };
    let (mut low, mut high) = RANGE;
    if before + seconds * arrivals < NOBODY {
        return Level { figures: figures(size, 0.0), ..Level::default() };
    }
    let start = if level.offered > 0.0 { level.offered } else { arrivals / rate };
    let mut x = libm::log(start.max(1e-12)).clamp(low, high);
    for _ in 0..80 {
        let at = figures(size, libm::exp(x));
        let off = balance(&at);
        if off > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let newton = x - off / slope(&at).max(f64::MIN_POSITIVE);
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let moved = (next - x).abs();
        x = next;
        if moved < 1e-13 {
            break;
        }
    }
    let offered = libm::exp(x);
    let figures = figures(size, offered);
    Level { population: figures.population, offered, figures }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_at_the_stationary_queue() {
        for offered in [0.3, 2.0, 3.9, 4.0, 4.8, 40.0] {
            let size = Size::new(4, 50);
            let mut level = Level::default();
            for _ in 0..400 {
                level = step(size, true, level, offered * 100.0, 100.0, 0.25);
            }
            let rest = figures(size, offered);
            assert!((level.population - rest.population).abs() < 1e-6, "{} {}", level.population, rest.population);
        }
    }

    #[test]
    fn a_flooded_queue_fills_at_the_excess_rate() {
        // 300/s arrive, 200/s are served: after 2 s some 200 more are there, as long as there is room.
        let size = Size::new(2, 1_000);
        let mut level = Level::default();
        for _ in 0..8 {
            level = step(size, true, level, 300.0, 100.0, 0.25);
        }
        assert!((level.population - 200.0).abs() < 12.0, "{}", level.population);
    }

    #[test]
    fn empties_without_arrivals_and_takes_any_length() {
        let size = Size::new(2, 100);
        let mut level = step(size, true, Level::default(), 500.0, 100.0, 1_000.0);
        assert!(level.population > 95.0);
        for _ in 0..40 {
            level = step(size, true, level, 0.0, 100.0, 0.25);
        }
        assert!(level.population < 1e-6);
        assert!(step(size, true, Level::default(), 0.0, 100.0, 0.25).population.abs() < f64::EPSILON);
    }

    #[test]
    fn without_workers_all_is_refused() {
        let level = step(Size::new(0, 0), true, Level { population: 30.0, ..Level::default() }, 100.0, 10.0, 0.25);
        assert_eq!((level.population, level.figures.blocked), (0.0, 1.0));
    }
}
