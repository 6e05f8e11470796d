//! The M/M/c/K queue: Poisson arrivals, exponential service, `c` workers, room for `K` requests, first come first served.
//!
//! Source: any text on queueing, for example Gross, Shortle, Thompson, Harris: Fundamentals of Queueing Theory, section 3.6.
//! The infinite queue (Erlang C) is useless at the loads that a drill is about: it has no answer at or beyond full load.

/// Workers and room of a queue. Without workers nothing is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Requests that can be worked on at the same time: `c`.
    pub workers: u32,
    /// Requests that can be there at the same time, waiting or worked on: `K`, at least `c`.
    pub room: u32,
}

/// Most workers and most room; what is larger is cut, so that one evaluation stays cheap.
const MAX_WORKERS: u32 = 4_096;
const MAX_ROOM: u32 = 16_384;
/// Unnormalised weights beyond this are scaled down.
const BIG: f64 = 1e200;
/// Shares below this don't count.
const NOTHING: f64 = 1e-18;

impl Size {
    /// A queue with so many workers and so many places to wait.
    #[must_use]
    pub fn new(workers: u32, waiting: u32) -> Self {
        let workers = workers.min(MAX_WORKERS);
        Self { workers, room: workers.saturating_add(waiting).min(MAX_ROOM) }
    }
}

/// What one needs to know of the stationary distribution of the number of requests.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Mean number of requests there: `L`.
    pub population: f64,
    /// Its variance. It is also the derivative of the mean with respect to the logarithm of the offered load.
    pub variance: f64,
    /// Mean number of busy workers.
    pub busy: f64,
    /// Covariance of busy workers and requests there: the derivative of `busy` with respect to the logarithm of the offered load.
    pub busy_slope: f64,
    /// Probability that no place is free: the share of arrivals that is refused.
    pub blocked: f64,
}

/// The figures for an offered load of `offered` erlang (arrival rate over the rate of one worker).
#[must_use]
pub fn figures(size: Size, offered: f64) -> Figures {
    if size.workers == 0 {
        return Figures { blocked: 1.0, ..Figures::default() };
    }
    let (mut sum, mut first, mut second, mut busy, mut mixed) = (1.0, 0.0, 0.0, 0.0, 0.0);
    let mut weight = 1.0;
    let workers = f64::from(size.workers);
    let per_worker = offered / workers;
    for n in 1..=size.room {
        let there = f64::from(n);
        let (working, ratio) = if n < size.workers { (there, offered / there) } else { (workers, per_worker) };
        weight *= ratio;
        sum += weight;
        first += weight * there;
        second += weight * there * there;
        busy += weight * working;
        mixed += weight * working * there;
        if sum > BIG {
            for value in [&mut sum, &mut first, &mut second, &mut busy, &mut mixed, &mut weight] {
                *value /= BIG;
            }
        }
        // With every worker busy and less to do than they can, the rest falls off geometrically.
        if ratio < 0.999 && n > size.workers && weight * there * there < NOTHING * sum * (1.0 - ratio) {
            weight = 0.0;
            break;
        }
    }
    let population = first / sum;
    let busy = busy / sum;
    Figures {
        population,
        variance: (second / sum - population * population).max(0.0),
        busy,
        busy_slope: (mixed / sum - busy * population).max(0.0),
        blocked: weight / sum,
    }
}

/// Probability of `n` requests being there, for each `n` from 0 to `K`.
#[must_use]
pub fn distribution(size: Size, offered: f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    let mut weight = 1.0;
    for n in 1..=size.room {
        weight *= offered / f64::from(n.min(size.workers.max(1)));
        weights.push(weight);
        if weight > BIG {
            for earlier in &mut weights {
                *earlier /= BIG;
            }
            weight /= BIG;
        }
    }
    let sum: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= sum;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{value} is not {expected}");
    }

    #[test]
    fn one_worker_agrees_with_the_closed_form() {
        // M/M/1/K: p_n = (1-r) r^n / (1-r^(K+1)); at r = 1 all states are equally likely.
        for load in [0.1, 0.5, 0.9, 1.1, 2.0, 30.0] {
            let size = Size::new(1, 19);
            let figures = figures(size, load);
            let last = libm::pow(load, 20.0);
            close(figures.blocked, (1.0 - load) * last / (1.0 - last * load));
            let mean = load / (1.0 - load) - 21.0 * last * load / (1.0 - last * load);
            close(figures.population, mean);
        }
        let full = figures(Size::new(1, 19), 1.0);
        close(full.population, 10.0);
        close(full.blocked, 1.0 / 21.0);
    }

    #[test]
    fn no_waiting_room_is_erlang_b() {
        // Erlang B by its recursion: B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)).
        for offered in [0.5, 4.0, 8.0, 25.0] {
            let mut erlang = 1.0;
            for c in 1..=8 {
                erlang = offered * erlang / (f64::from(c) + offered * erlang);
            }
            close(figures(Size::new(8, 0), offered).blocked, erlang);
        }
    }

    #[test]
    fn what_is_served_is_what_was_let_in() {
        for (workers, waiting, offered) in [(2, 100, 1.9), (8, 100, 9.0), (4, 50, 4.5), (16, 3, 100.0), (32, 200, 0.01)]
        {
            let figures = figures(Size::new(workers, waiting), offered);
            close(figures.busy, offered * (1.0 - figures.blocked));
        }
    }

    #[test]
    fn slopes_are_derivatives() {
        let size = Size::new(4, 50);
        let (low, high) = (figures(size, 3.9), figures(size, 3.9 * 1.000_01));
        let step = libm::log(1.000_01);
        let mid = figures(size, 3.9);
        assert!(((high.population - low.population) / step / mid.variance - 1.0).abs() < 1e-3);
        assert!(((high.busy - low.busy) / step / mid.busy_slope - 1.0).abs() < 1e-3);
    }

    #[test]
    fn edges_are_finite() {
        let none = figures(Size::new(0, 50), 3.0);
        assert_eq!((none.population, none.blocked), (0.0, 1.0));
        let idle = figures(Size::new(2, 10), 0.0);
        assert_eq!((idle.population, idle.blocked), (0.0, 0.0));
        let flood = figures(Size::new(4, 400), 1e12);
        close(flood.population, 404.0);
        assert!(flood.blocked > 0.999_999);
        let spread = distribution(Size::new(4, 400), 1e12);
        close(spread.iter().sum(), 1.0);
    }

    #[test]
    fn distribution_and_figures_agree() {
        let size = Size::new(3, 40);
        let spread = distribution(size, 2.8);
        let mean: f64 = spread.iter().zip(0_u32..).map(|(p, n)| p * f64::from(n)).sum();
        close(mean, figures(size, 2.8).population);
    }
}
