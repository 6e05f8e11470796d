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
