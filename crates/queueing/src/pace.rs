//! What is done in a second, by how many workers are at it.

/// Numbers of busy workers for which the closed network is solved: all small ones, then wider and wider apart, and all of them.
#[must_use]
pub fn grid(workers: u32) -> Vec<f64> {
    let mut grid = Vec::new();
    let mut k = 0_u32;
    while k < workers {
        grid.push(f64::from(k));
        k += 1 + k.saturating_sub(8) / 6;
    }
    grid.push(f64::from(workers));
    grid
}

/// `value` as a share of two neighbours on the grid: the lower one, and the share of the upper one.
#[must_use]
pub fn between(grid: &[f64], value: f64) -> (usize, f64) {
    let above = grid.partition_point(|k| *k <= value);
    let Some(low) = above.checked_sub(1) else { return (0, 0.0) };
    match (grid.get(low), grid.get(above)) {
        (Some(left), Some(right)) => (low, (value - left) / (right - left)),
        _ => (low, 0.0),
    }
}

/// How many requests a second leave a part of the network, by how many workers are in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    grid: Vec<f64>,
    /// Requests a second for each number on the grid.
    pub rates: Vec<f64>,
}

impl Pace {
    /// Every one of `workers` takes `seconds`.
    #[must_use]
    pub fn delay(workers: u32, seconds: f64) -> Self {
        Self { grid: vec![0.0, f64::from(workers.max(1))], rates: vec![0.0, f64::from(workers.max(1)) / seconds] }
    }

    /// By number of workers.
    #[must_use]
    pub fn new(grid: Vec<f64>, rates: Vec<f64>) -> Self {
        Self { grid, rates }
    }

    /// With so many workers, also between whole numbers.
    #[must_use]
    pub fn at(&self, workers: f64) -> f64 {
        let (low, share) = between(&self.grid, workers);
        let left = self.rates.get(low).copied().unwrap_or(0.0);
        let right = self.rates.get(low + 1).copied().unwrap_or(left);
        left + share * (right - left)
    }
}

/// The value at `place` on the line through these points, which go up; the first and the last value go on.
#[must_use]
pub fn along(points: &[(f64, f64)], place: f64) -> f64 {
    let above = points.partition_point(|(at, _)| *at <= place);
    match (above.checked_sub(1).and_then(|low| points.get(low)), points.get(above)) {
        (Some((left, low)), Some((right, high))) => low + (place - left) / (right - left) * (high - low),
        (Some((_, only)), None) | (None, Some((_, only))) => *only,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_every_small_number_and_the_last_one() {
        for workers in [0, 1, 7, 16, 100, 1_024] {
            let grid = grid(workers);
            assert_eq!(grid.first(), Some(&0.0));
            assert_eq!(grid.last(), Some(&f64::from(workers)));
            assert!(grid.windows(2).all(|pair| pair[0] < pair[1]), "{grid:?}");
            assert!(grid.len() <= 50, "{}", grid.len());
            assert!((0..=workers.min(8)).all(|k| grid.contains(&f64::from(k))));
        }
    }

    #[test]
    fn a_value_is_split_between_its_neighbours() {
        let grid = [0.0, 1.0, 4.0];
        assert_eq!(between(&grid, 0.25), (0, 0.25));
        assert_eq!(between(&grid, 2.5), (1, 0.5));
        assert_eq!(between(&grid, 4.0), (2, 0.0));
        assert_eq!(between(&grid, 9.0), (2, 0.0));
        assert_eq!(between(&grid, -1.0), (0, 0.0));
    }

    #[test]
    fn every_worker_does_as_much_where_nobody_waits() {
        let pace = Pace::delay(8, 0.01);
        assert!((pace.at(3.0) - 300.0).abs() < 1e-9);
        assert!((pace.at(2.5) - 250.0).abs() < 1e-9);
        assert!((pace.at(20.0) - 800.0).abs() < 1e-9, "there are no more than eight");
    }

    #[test]
    fn lines_go_on_at_their_ends() {
        let points = [(1.0, 10.0), (3.0, 20.0)];
        for (place, value) in [(0.0, 10.0), (1.0, 10.0), (2.0, 15.0), (3.0, 20.0), (7.0, 20.0)] {
            assert!((along(&points, place) - value).abs() < 1e-12, "{place}");
        }
        assert!(along(&[], 1.0).abs() < 1e-12);
    }
}
