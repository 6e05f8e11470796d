//! A figure that follows what other services do, without swinging.

/// A figure on its way to where it would be at rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feedback {
    /// Where it is.
    pub value: f64,
    /// Which part of the way it goes in one step.
    pace: f64,
    /// The last step.
    last: f64,
}

/// Pace at first.
const FIRST: f64 = 0.5;
/// Pace at most: all the way in one step.
const MOST: f64 = 1.0;
/// Pace at least.
const LEAST: f64 = 0.005;

impl Feedback {
    /// At nothing.
    pub const ZERO: Self = Self { value: 0.0, pace: FIRST, last: 0.0 };

    /// Goes part of the way to `target` and returns what is left of it, as a share of the figure. A figure that turns round goes
    /// slower from then on, one that doesn't goes a little faster: a stiff loop comes to rest as a soft one does.
    pub fn follow(&mut self, target: f64) -> f64 {
        let way = target - self.value;
        let shorter = self.last - way;
        // Aitken: go so far that the way would be gone if it went on shrinking as in the last step.
        let pace = if shorter == 0.0 { self.pace } else { self.pace * self.last / shorter };
        self.pace =
            if pace > 0.0 { pace.clamp(0.3 * self.pace, 3.0 * self.pace).clamp(LEAST, MOST) } else { self.pace };
        self.last = way;
        let left = share(self.value, target);
        self.value += self.pace * way;
        left
    }

    /// Something has changed: it may go fast again.
    pub fn wake(&mut self) {
        self.pace = FIRST;
        self.last = 0.0;
    }
}

/// How far apart two figures are, as a share of the larger one.
pub fn share(before: f64, after: f64) -> f64 {
    (after - before).abs() / (before.abs().max(after.abs()) + 1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stiff_loop_comes_to_rest() {
        // The target falls steeply with the figure itself: a plain iteration would run away.
        for stiffness in [0.5, 5.0, 50.0, 150.0] {
            let mut figure = Feedback::ZERO;
            let mut left = 1.0;
            for _ in 0..600 {
                left = figure.follow(10.0 + stiffness * (10.0 - figure.value));
            }
            assert!(left < 1e-6, "{stiffness}: {left}");
            assert!((figure.value - 10.0).abs() < 1e-3);
        }
    }
}
