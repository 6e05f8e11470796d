//! Lanes: what went on from when to when, each with its name over it, in as many rows as it takes so that no name covers another.

use super::axis::TimeAxis;
use super::svg::{Anchor, Svg, clipped, width_of};
use firedrill_model::{Shown, shown};

/// Most rows of a lane. What finds no room is counted, and stands in the list.
const MAX_ROWS: usize = 9;
/// Height of a row in pixels.
pub const ROW: f64 = 24.0;
/// Size of a name over its bar.
const SIZE: f64 = 11.5;
/// Longest name that is written out, in pixels.
const MAX_NAME: f64 = 330.0;
/// Air between two neighbours in a row.
const AIR: f64 = 9.0;

/// Something that went on, or that happened at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What.
    pub what: Shown,
    /// When it began, in seconds of drill time.
    pub from: f64,
    /// How it ended.
    pub until: Until,
}

/// How a bar ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Until {
    /// Then.
    At(f64),
    /// It went on up to the end of the record.
    Open,
    /// It was but a moment.
    Moment,
}

/// A lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its name, also a class of the drawing.
    pub name: &'static str,
    /// What went on in it.
    pub bars: Vec<Bar>,
    /// Moments at which something happened.
    pub ticks: Vec<f64>,
}

/// A lane with every bar in its row.
#[derive(Debug)]
pub struct Laid<'a> {
    lane: &'a Lane,
    placed: Vec<Placed<'a>>,
    rows: usize,
    left_out: usize,
}

#[derive(Debug)]
struct Placed<'a> {
    bar: &'a Bar,
    row: usize,
    name: Shown,
    name_x: f64,
}

impl<'a> Laid<'a> {
    /// Finds a row for each bar: the first in which it and its name have room.
    pub fn new(lane: &'a Lane, axis: &TimeAxis) -> Self {
        let mut bars: Vec<&Bar> = lane.bars.iter().filter(|bar| axis.shows(bar.from)).collect();
        bars.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut ends: Vec<f64> = Vec::new();
        let mut laid = Self { lane, placed: Vec::new(), rows: 0, left_out: 0 };
        for bar in bars {
            let name = clipped(&bar.what, SIZE, MAX_NAME);
            let (x, width) = (axis.x(bar.from), width_of(&name, SIZE));
            let name_x = x.min(axis.right - width).max(axis.left);
            let end = axis.x(bar.end(axis)).max(name_x + width) + AIR;
            let row = ends.iter().position(|taken| *taken <= name_x.min(x)).unwrap_or(ends.len());
            if row >= MAX_ROWS {
                laid.left_out += 1;
                continue;
            }
            match ends.get_mut(row) {
                Some(taken) => *taken = end,
                None => ends.push(end),
            }
            laid.placed.push(Placed { bar, row, name, name_x });
        }
        laid.rows = ends.len();
        laid
    }

    /// Its height in pixels.
    pub fn height(&self) -> f64 {
        ROW * count(self.rows.max(1)) + 12.0
    }

    /// Bars that found no room.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Draws the lane from this height on.
    pub fn draw(&self, svg: &mut Svg, axis: &TimeAxis, top: f64) {
        let bottom = top + self.height();
        svg.line("rule", (0.0, bottom), (axis.right, bottom));
        svg.text("lane", Anchor::Start, (0.0, top + 15.0), self.lane.name);
        for placed in &self.placed {
            placed.draw(svg, axis, self.lane.name, top + 3.0 + ROW * count(placed.row));
        }
        svg.strokes("moment", &self.tick_places(axis), (bottom - 7.0, bottom));
    }

    /// Where moments are, no two on the same pixel: so there are never more than the drawing is wide.
    fn tick_places(&self, axis: &TimeAxis) -> Vec<f64> {
        let shown = self.lane.ticks.iter().filter(|at| axis.shows(**at));
        let mut places: Vec<f64> = shown.map(|at| axis.x(*at).round()).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    }
}

impl Placed<'_> {
    fn draw(&self, svg: &mut Svg, axis: &TimeAxis, lane: &'static str, top: f64) {
        svg.text("name", Anchor::Start, (self.name_x, top + 10.0), &self.name);
        let (x, y) = (axis.x(self.bar.from), top + 14.0);
        let class = shown!("bar {}", lane);
        if self.bar.until == Until::Moment {
            let corners = [(x, y - 1.0), (x + 4.5, y + 3.5), (x, y + 8.0), (x - 4.5, y + 3.5)];
            return svg.polygon(&class, &corners);
        }
        let width = (axis.x(self.bar.end(axis)) - x).max(2.0);
        svg.rect(&class, (x, y), (width, 7.0));
        if self.bar.until == Until::Open {
            let end = x + width;
            svg.polygon(&class, &[(end, y - 1.5), (end + 6.0, y + 3.5), (end, y + 8.5)]);
        }
    }
}

impl Bar {
    fn end(&self, axis: &TimeAxis) -> f64 {
        match self.until {
            Until::At(at) => at,
            Until::Open => axis.end,
            Until::Moment => self.from,
        }
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis() -> TimeAxis {
        TimeAxis::new((0.0, 100.0), Some(10.0), (100.0, 800.0))
    }

    fn lane(bars: &[(&'static str, f64, Until)]) -> Lane {
        let bar =
            |(what, from, until): &(&'static str, f64, Until)| Bar { what: (*what).into(), from: *from, until: *until };
        Lane { name: "people", bars: bars.iter().map(bar).collect(), ticks: vec![1.0, 1.0001, 50.0, 500.0] }
    }

    fn rows(lane: &Lane) -> Vec<(Shown, usize)> {
        let laid = Laid::new(lane, &axis());
        laid.placed.iter().map(|placed| (placed.bar.what.clone(), placed.row)).collect()
    }

    #[test]
    fn what_would_cover_another_gets_a_row_of_its_own() {
        let lane = lane(&[("a", 0.0, Until::At(50.0)), ("b", 10.0, Until::Open), ("c", 60.0, Until::Moment)]);
        assert_eq!(rows(&lane), [("a".into(), 0), ("b".into(), 1), ("c".into(), 0)]);
    }

    #[test]
    fn a_name_at_the_edge_stays_in_the_picture_and_covers_nothing() {
        let lane = lane(&[("first", 80.0, Until::Moment), ("a name that is rather long", 99.0, Until::Open)]);
        let laid = Laid::new(&lane, &axis());
        let last = &laid.placed[1];
        assert!(last.name_x + width_of(&last.name, SIZE) <= 800.1);
        assert_eq!(last.row, 1);
    }

    #[test]
    fn a_crowd_is_bounded_and_counted() {
        let names: Vec<Shown> = (0..5_000).map(|n| firedrill_model::shown!("thing {}", n)).collect();
        let bars = names.iter().map(|what| Bar { what: what.clone(), from: 20.0, until: Until::Open }).collect();
        let crowd = Lane { name: "people", bars, ticks: (0..100_000).map(|n| f64::from(n) / 1_000.0).collect() };
        let laid = Laid::new(&crowd, &axis());
        assert_eq!((laid.placed.len(), laid.left_out()), (MAX_ROWS, 5_000 - MAX_ROWS));
        assert!(laid.tick_places(&axis()).len() <= 701);
    }

    #[test]
    fn moments_on_the_same_pixel_are_one_and_what_is_not_shown_is_not_drawn() {
        let lane = lane(&[("late", 500.0, Until::Open)]);
        let laid = Laid::new(&lane, &axis());
        assert_eq!(laid.tick_places(&axis()), [107.0, 450.0]);
        assert!(laid.placed.is_empty());
    }
}
