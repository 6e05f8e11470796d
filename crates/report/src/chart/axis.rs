//! Scales: drill time along x with ticks that count from the fault, and figures along y.

use super::svg::{Anchor, Svg};
use firedrill_model::{Shown, Span, shown};

/// Steps between ticks, in seconds.
const STEPS: [f64; 17] = [
    1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0, 43_200.0,
    86_400.0, 604_800.0,
];
/// Room for a tick's label and some air, in pixels.
const TICK_ROOM: f64 = 62.0;

/// Drill time along x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeAxis {
    /// First second that is shown.
    pub start: f64,
    /// Last one.
    pub end: f64,
    /// The second of the fault: ticks count from here. Without, they count from the beginning of the drill.
    pub fault: Option<f64>,
    /// Where the first second is, in pixels.
    pub left: f64,
    /// Where the last one is.
    pub right: f64,
}

impl TimeAxis {
    /// An axis between two seconds; one without a length is made a second long.
    pub fn new((start, end): (f64, f64), fault: Option<f64>, (left, right): (f64, f64)) -> Self {
        let end = if end > start { end } else { start + 1.0 };
        Self { start, end, fault, left, right }
    }

    /// Where a second is. What lies outside is put on the edge.
    pub fn x(&self, at: f64) -> f64 {
        let share = (at.clamp(self.start, self.end) - self.start) / (self.end - self.start);
        self.left + share * (self.right - self.left)
    }

    /// Says whether a second is shown.
    pub fn shows(&self, at: f64) -> bool {
        (self.start..=self.end).contains(&at)
    }

    /// Round moments with their labels, few enough to be read.
    pub fn ticks(&self) -> Vec<(f64, Shown)> {
        let room = ((self.right - self.left) / TICK_ROOM).max(1.0);
        let length = self.end - self.start;
        let step = STEPS.into_iter().find(|step| length / step <= room).unwrap_or(length);
        let zero = self.fault.unwrap_or(0.0);
        let first = ((self.start - zero) / step).ceil();
        let last = ((self.end - zero) / step).floor();
        let mut ticks = Vec::new();
        let mut number = first;
        while number <= last && ticks.len() < 64 {
            ticks.push((zero + number * step, self.label(number * step)));
            number += 1.0;
        }
        ticks
    }

    fn label(&self, since: f64) -> Shown {
        let clock = Span::from_secs_f64(since.abs()).clock();
        match self.fault {
            None => clock,
            Some(_) if since > 0.0 => shown!("+{}", clock),
            Some(_) if since < 0.0 => shown!("\u{2212}{}", clock),
            Some(_) => Shown::from("fault"),
        }
    }

    /// Draws the grid between two heights, and the labels under it.
    pub fn draw(&self, svg: &mut Svg, top: f64, bottom: f64) {
        for (at, label) in self.ticks() {
            let x = self.x(at);
            let class = if self.fault == Some(at) { "fault-line" } else { "grid" };
            svg.line(class, (x, top), (x, bottom));
            svg.text("tick", Anchor::Middle, (x, bottom + 15.0), &label);
        }
    }
}

/// Figures along y, from nought (or the lowest, where that is under it) to something round over the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueAxis {
    low: f64,
    high: f64,
    top: f64,
    bottom: f64,
}

impl ValueAxis {
    /// An axis that shows all of `values`, between two heights in pixels.
    pub fn new(values: impl Iterator<Item = f64>, (top, bottom): (f64, f64)) -> Self {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        Self {
            low: if low < 0.0 { -round_up(-low) } else { 0.0 },
            high: if high > 0.0 { round_up(high) } else { 1.0 },
            top,
            bottom,
        }
    }

    /// Where a value is.
    pub fn y(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.bottom - share * (self.bottom - self.top)
    }

    /// The highest value that fits.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// The lowest one.
    pub fn low(&self) -> f64 {
        self.low
    }
}

/// The next figure of the row 1, 1.5, 2, 3, 4, 5, 6, 8, 10 of its power of ten; nought stays.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let digits = libm::floor(libm::log10(value));
    // Divided where it is small: 3 / 10 is written 0.3, and 3 * 0.1 is not.
    let (power, small) = (libm::pow(10.0, libm::fabs(digits)), digits < 0.0);
    let rounds = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let mut rounds = rounds.into_iter().map(|round| if small { round / power } else { round * power });
    let found = rounds.find(|round| *round >= value * (1.0 - 1e-9));
    found.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_count_from_the_fault_and_are_few() {
        let axis = TimeAxis::new((0.0, 1_800.0), Some(340.0), (0.0, 620.0));
        let labels: Vec<Shown> = axis.ticks().into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["\u{2212}05:00", "fault", "+05:00", "+10:00", "+15:00", "+20:00"]);
        let (at, label) = &axis.ticks()[1];
        assert_eq!((*at, label.as_str()), (340.0, "fault"));
    }

    #[test]
    fn any_length_has_readable_ticks() {
        for length in [0.0, 0.4, 7.0, 59.0, 3_600.0, 86_400.0 * 3.0, 86_400.0 * 400.0, 1e12] {
            let axis = TimeAxis::new((0.0, length), None, (0.0, 700.0));
            let number = axis.ticks().len();
            assert!((1..=12).contains(&number), "{length}: {number}");
            assert!(axis.x(0.0) >= 0.0 && axis.x(length) <= 700.0);
        }
    }

    #[test]
    fn what_lies_outside_is_put_on_the_edge() {
        let axis = TimeAxis::new((10.0, 20.0), None, (100.0, 200.0));
        assert_eq!((axis.x(5.0), axis.x(15.0), axis.x(99.0)), (100.0, 150.0, 200.0));
        assert!(!axis.shows(5.0) && axis.shows(20.0));
    }

    #[test]
    fn values_begin_at_nought_and_end_at_something_round() {
        let axis = ValueAxis::new([12.0, 61.0].into_iter(), (0.0, 80.0));
        assert_eq!((axis.low(), axis.high(), axis.y(0.0), axis.y(80.0), axis.y(40.0)), (0.0, 80.0, 80.0, 0.0, 40.0));
        let ends = |axis: ValueAxis| (axis.low(), axis.high());
        assert_eq!(ends(ValueAxis::new([0.3].into_iter(), (0.0, 1.0))), (0.0, 0.3));
        assert_eq!(ends(ValueAxis::new([-3.5, 2.0].into_iter(), (0.0, 1.0))), (-4.0, 2.0));
        let none = ValueAxis::new([f64::NAN].into_iter(), (0.0, 1.0));
        assert_eq!((none.low(), none.high()), (0.0, 1.0), "no figure, and yet a scale");
    }
}
