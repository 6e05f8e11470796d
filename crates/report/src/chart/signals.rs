//! The signals under the lanes: each a small panel on the same axis of time, with its bound as a line and hatched where it was outside.

use serde::Serialize;

use super::axis::{TimeAxis, ValueAxis};
use super::svg::{Anchor, Svg, clipped};
use firedrill_core::projection::debrief::course::SignalCourse;
use firedrill_core::projection::moment::Zero;
use firedrill_model::{SafeText, Shown, shown};

/// Height of a panel with its title, in pixels.
pub const PANEL: f64 = 66.0;
/// Most panels that are drawn; the page lists all.
pub const MAX_PANELS: usize = 12;
/// Most stretches of a signal that are listed.
const MAX_STRETCHES: usize = 100;

/// When a signal was outside of its bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutsideRow {
    /// Its title.
    pub title: SafeText,
    /// Its unit; empty for a count.
    pub unit: Shown,
    /// The bound, in its unit; empty if it has none.
    pub bound: Option<f64>,
    /// On which side of the bound it is at home: `below` or `above`.
    pub side: Shown,
    /// The lowest and the highest value that are drawn; empty if there is none.
    pub lowest: Option<f64>,
    /// The highest one.
    pub highest: Option<f64>,
    /// From when to when it was outside, in seconds since the drill began; 100 at most.
    pub stretches: Vec<(f64, f64)>,
    /// The same as people see them: `T+12:25`.
    pub ts: Vec<(Shown, Shown)>,
}

/// Reads from a course when it was outside. A point counts until the next one.
pub fn outside(course: &SignalCourse, zero: Zero) -> OutsideRow {
    let stretches: Vec<(f64, f64)> = stretches(course).into_iter().take(MAX_STRETCHES).collect();
    let values = || course.points.iter().map(|(_, value)| *value);
    OutsideRow {
        title: course.title.clone(),
        unit: course.unit.clone(),
        bound: course.bound,
        side: course.side.clone(),
        lowest: values().min_by(f64::total_cmp),
        highest: values().max_by(f64::total_cmp),
        ts: stretches.iter().map(|(from, until)| (zero.t_of(*from), zero.t_of(*until))).collect(),
        stretches,
    }
}

/// Stretches outside of the bound.
pub fn stretches(course: &SignalCourse) -> Vec<(f64, f64)> {
    let Some(bound) = course.bound else { return Vec::new() };
    let is_outside = |value: f64| if course.side == "above" { value < bound } else { value > bound };
    let mut found: Vec<(f64, f64)> = Vec::new();
    let mut since: Option<f64> = None;
    for (at, value) in &course.points {
        match (since, is_outside(*value)) {
            (None, true) => since = Some(*at),
            (Some(from), false) => {
                found.push((from, *at));
                since = None;
            }
            _ => {}
        }
    }
    if let (Some(from), Some((last, _))) = (since, course.points.last()) {
        found.push((from, *last));
    }
    found
}

/// Draws one panel from this height on.
pub fn draw(svg: &mut Svg, axis: &TimeAxis, course: &SignalCourse, top: f64) {
    let (upper, lower) = (top + 19.0, top + PANEL - 8.0);
    let values = ValueAxis::new(course.points.iter().map(|(_, value)| *value).chain(course.bound), (upper, lower));
    svg.text("panel", Anchor::Start, (axis.left, top + 14.0), clipped(heading(course), 11.5, axis.right - axis.left));
    for (from, until) in stretches(course) {
        let (x, end) = (axis.x(from), axis.x(until));
        svg.hatched("outside", (x, upper), ((end - x).max(1.5), lower - upper));
    }
    for value in [values.low(), values.high()] {
        let y = values.y(value);
        svg.line("grid", (axis.left, y), (axis.right, y));
        svg.text("tick", Anchor::End, (axis.left - 7.0, y + 4.0), &shown!("{}", value));
    }
    let drawn = course.points.iter().filter(|(at, value)| axis.shows(*at) && value.is_finite());
    let points: Vec<(f64, f64)> = drawn.map(|(at, value)| (axis.x(*at), values.y(*value))).collect();
    svg.polyline("signal", &points);
    if let Some(bound) = course.bound {
        let y = values.y(bound);
        svg.line("bound", (axis.left, y), (axis.right, y));
        if (y - upper).abs() > 11.0 && (y - lower).abs() > 11.0 {
            svg.text("tick bound-label", Anchor::End, (axis.left - 7.0, y + 4.0), &shown!("{}", bound));
        }
    }
}

/// `Website errors (%), bound: at or under 0.5 %`.
fn heading(course: &SignalCourse) -> Shown {
    let unit = if course.unit.is_empty() { Shown::default() } else { shown!(" {}", course.unit) };
    let bound = course.bound.map_or_else(
        || Shown::from(", no bound"),
        |bound| shown!(", bound: at or {} {}{}", if course.side == "above" { "over" } else { "under" }, bound, unit),
    );
    let in_unit = if course.unit.is_empty() { Shown::default() } else { shown!(" in {}", course.unit) };
    let watched = if course.of_the_hypothesis { ", the hypothesis\u{2019} signal" } else { "" };
    shown!("{}{}{}{}", course.title, in_unit, bound, watched)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(side: &'static str, bound: Option<f64>, points: &[(f64, f64)]) -> SignalCourse {
        SignalCourse {
            id: "s".into(),
            title: "Latency".into(),
            unit: "ms".into(),
            bound,
            side: side.into(),
            of_the_hypothesis: true,
            points: points.to_vec(),
        }
    }

    const POINTS: [(f64, f64); 6] = [(0.0, 40.0), (10.0, 60.0), (20.0, 70.0), (30.0, 50.0), (40.0, 51.0), (50.0, 52.0)];

    #[test]
    fn a_point_outside_counts_until_the_next_one_at_home() {
        assert_eq!(stretches(&course("below", Some(50.0), &POINTS)), [(10.0, 30.0), (40.0, 50.0)]);
        assert_eq!(stretches(&course("above", Some(50.0), &POINTS)), [(0.0, 10.0)]);
        assert!(stretches(&course("below", None, &POINTS)).is_empty());
        assert!(stretches(&course("below", Some(50.0), &[])).is_empty());
    }

    #[test]
    fn the_list_says_what_the_panel_shows() {
        let row = outside(&course("below", Some(50.0), &POINTS), Zero::Drill);
        assert_eq!((row.lowest, row.highest, row.stretches.len()), (Some(40.0), Some(70.0), 2));
        let heading = heading(&course("below", Some(50.0), &POINTS));
        assert_eq!(heading, "Latency in ms, bound: at or under 50 ms, the hypothesis\u{2019} signal");
    }
}
