//! Confidence along the drill against how the step went: a shape for each, over the times at which the hypothesis' signal was outside.

use super::axis::TimeAxis;
use super::svg::{Anchor, Caption, Svg};
use super::{signals, timeline};
use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::StepRow;
use firedrill_core::projection::debrief::course::ConfidencePoint;

/// Width of the drawing in pixels.
const WIDTH: f64 = 400.0;
/// Where the axis begins and ends.
const EDGES: (f64, f64) = (26.0, 386.0);
/// Upper and lower end of the scale.
const SCALE: (f64, f64) = (28.0, 172.0);
/// Most points with a number.
const MAX_NUMBERS: usize = 40;

/// Draws it; empty where nobody said anything.
pub fn draw(debrief: &Debrief) -> String {
    let Some(axis) = axis(debrief) else { return String::new() };
    let title = "Confidence along the drill";
    let desc = "Points on a scale of 1 to 5, in the order in which they were said. A circle: the step was done within its goal. A triangle: it \
                took longer. A square: it was not timed. Hatched: the signal of the hypothesis was outside of its bound. The same is in the table \
                beside it.";
    let mut svg =
        Svg::new(&Caption { id: "confidence".into(), title: title.into(), desc: desc.into() }, WIDTH, SCALE.1 + 78.0);
    for course in debrief.signals.iter().filter(|course| course.of_the_hypothesis) {
        for (from, until) in signals::stretches(course) {
            let (x, end) = (axis.x(from), axis.x(until));
            svg.hatched("outside", (x, SCALE.0 - 10.0), ((end - x).max(1.5), SCALE.1 - SCALE.0 + 20.0));
        }
    }
    for level in 1..=5_u8 {
        svg.line("grid", (EDGES.0, y(level)), (EDGES.1, y(level)));
        svg.text("tick", Anchor::End, (EDGES.0 - 8.0, y(level) + 4.0), level);
    }
    axis.draw(&mut svg, SCALE.0 - 10.0, SCALE.1 + 10.0);
    let places: Vec<(f64, f64)> =
        debrief.confidence.iter().map(|point| (axis.x(point.at), y(point.confidence))).collect();
    svg.polyline("course", &places);
    for ((point, place), number) in debrief.confidence.iter().zip(&places).zip(1_usize..) {
        sign(&mut svg, shape(debrief, point), *place);
        if number <= MAX_NUMBERS {
            svg.text("tick numbering", Anchor::Middle, (place.0, place.1 - 10.0), number);
        }
    }
    legend(&mut svg, SCALE.1 + 48.0);
    svg.finish()
}

/// The axis of the timeline, as long as everything that was said: people may answer after the experiment.
fn axis(debrief: &Debrief) -> Option<TimeAxis> {
    let last = debrief
        .confidence
        .iter()
        .map(|point| point.at)
        .fold(None, |last: Option<f64>, at| Some(last.map_or(at, |last| last.max(at))))?;
    let first = debrief.confidence.iter().map(|point| point.at).fold(last, f64::min);
    let (start, end, fault) = timeline::axis(debrief)
        .map_or((first, last, None), |axis| (axis.start.min(first), axis.end.max(last), axis.fault));
    Some(TimeAxis::new((start, end), fault, EDGES))
}

fn y(level: u8) -> f64 {
    SCALE.1 - f64::from(level.clamp(1, 5) - 1) / 4.0 * (SCALE.1 - SCALE.0)
}

/// How a step went, as a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Circle,
    Triangle,
    Square,
}

fn shape(debrief: &Debrief, point: &ConfidencePoint) -> Shape {
    let step = debrief.steps.iter().find(|step| step.title == point.step);
    match step.and_then(|step: &StepRow| Some(step.seconds? <= step.goal)) {
        Some(true) => Shape::Circle,
        Some(false) => Shape::Triangle,
        None => Shape::Square,
    }
}

fn sign(svg: &mut Svg, shape: Shape, (x, y): (f64, f64)) {
    match shape {
        Shape::Circle => svg.circle("point within", (x, y), 5.5),
        Shape::Triangle => svg.polygon("point longer", &[(x, y - 7.0), (x + 6.5, y + 5.0), (x - 6.5, y + 5.0)]),
        Shape::Square => svg.rect("point untimed", (x - 5.0, y - 5.0), (10.0, 10.0)),
    }
}

fn legend(svg: &mut Svg, top: f64) {
    let signs = [
        (Shape::Circle, "within its goal", 6.0, top),
        (Shape::Triangle, "took longer", 148.0, top),
        (Shape::Square, "not timed", 270.0, top),
    ];
    for (shape, words, x, y) in signs {
        sign(svg, shape, (x, y));
        svg.text("small", Anchor::Start, (x + 12.0, y + 4.5), words);
    }
    svg.hatched("outside", (0.0, top + 14.0), (12.0, 12.0));
    svg.text("small", Anchor::Start, (18.0, top + 24.5), "the hypothesis\u{2019} signal outside of its bound");
}
