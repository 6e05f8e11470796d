//! The timeline of the drill: marks and lanes over the signals.

use super::axis::TimeAxis;
use super::lanes::{Bar, Laid, Lane, Until};
use super::signals;
use super::svg::{Anchor, Caption, Svg};
use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::course::BarRow;
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Shown, shown};

/// Width of the drawing in pixels.
const WIDTH: f64 = 860.0;
/// Where the axis begins: left of it stand the names of the lanes.
const LEFT: f64 = 84.0;
/// Where it ends.
const RIGHT: f64 = WIDTH - 12.0;
/// Names of the lanes, as the debrief has them, in the order in which they are drawn.
const LANES: [&str; 5] = ["adversary", "detection", "people", "workload", "message"];
/// Share of the time from the fault to the end that is shown before the fault.
const BEFORE: f64 = 0.2;

/// Draws it; empty where nothing has a time.
pub fn draw(debrief: &Debrief) -> String {
    let Some(axis) = axis(debrief) else { return String::new() };
    let lanes = lanes(debrief);
    let laid: Vec<Laid<'_>> = lanes.iter().map(|lane| Laid::new(lane, &axis)).collect();
    let panels = debrief.signals.iter().filter(|course| !course.points.is_empty());
    let panels: Vec<_> = panels.take(signals::MAX_PANELS).collect();
    let top = 8.0;
    let lanes_end = laid.iter().fold(top, |y, lane| y + lane.height());
    let end = panels.iter().fold(lanes_end + 8.0, |y, _| y + signals::PANEL);
    let left_out: usize = laid.iter().map(Laid::left_out).sum();
    let note = if left_out > 0 { 20.0 } else { 0.0 };
    let title = "The drill in lanes over the signals";
    let named: Vec<Shown> = lanes.iter().map(|lane| Shown::from(lane.name)).collect();
    let desc = shown!(
        "From top to bottom: {}, then the signals with their bounds. The same is in the lists under the chart.",
        named.joined(", ")
    );
    let mut svg = Svg::new(&Caption { id: "timeline".into(), title: title.into(), desc }, WIDTH, end + 24.0 + note);
    axis.draw(&mut svg, top, end);
    let mut y = top;
    for lane in &laid {
        lane.draw(&mut svg, &axis, y);
        y += lane.height();
    }
    y += 8.0;
    for course in panels {
        signals::draw(&mut svg, &axis, course, y);
        y += signals::PANEL;
    }
    if left_out > 0 {
        let more = wording::count(left_out, "thing more is", "things more are");
        let said = shown!("{} in the list, for which the drawing has no room.", more);
        svg.text("tick", Anchor::Start, (0.0, end + 36.0), &said);
    }
    svg.finish()
}

/// From shortly before the fault to the end of what was measured.
pub fn axis(debrief: &Debrief) -> Option<TimeAxis> {
    let fault = debrief.marks.iter().find(|mark| mark.mark == "fault_active").and_then(|mark| mark.at);
    let measured = debrief.signals.iter().filter_map(|course| course.points.last()).map(|(at, _)| *at);
    let marks = debrief.marks.iter().filter_map(|mark| mark.at);
    let bars = debrief.bars.iter().map(|bar| bar.from);
    let end =
        measured.chain(marks).chain(bars).fold(None, |end: Option<f64>, at| Some(end.map_or(at, |end| end.max(at))))?;
    let start = fault.map_or(0.0, |fault| (fault - (end - fault) * BEFORE).max(0.0));
    Some(TimeAxis::new((start, end), fault, (LEFT, RIGHT)))
}

fn lanes(debrief: &Debrief) -> Vec<Lane> {
    let marks = debrief
        .marks
        .iter()
        .filter_map(|mark| Some(Bar { what: mark.label.clone(), from: mark.at?, until: Until::Moment }));
    let marks = Lane { name: "marks", bars: marks.collect(), ticks: Vec::new() };
    // A fault that nobody is behind has its bars at the workload.
    let by_adversary = debrief.outcome.as_ref().is_none_or(|outcome| outcome.by_adversary);
    let names = LANES.into_iter().filter(|name| by_adversary || *name != "adversary");
    std::iter::once(marks).chain(names.map(|name| lane(debrief, name))).collect()
}

fn lane(debrief: &Debrief, name: &'static str) -> Lane {
    let bars = debrief.bars.iter().filter(|row| row.lane == name).map(bar);
    let happened = || debrief.happened.iter().filter(|row| row.lane == name);
    // Messages have no length: each is drawn as a moment with its text.
    let messages = happened().filter(|_| name == "message").take(200);
    let messages = messages.map(|row| Bar { what: Shown::from(&row.text), from: row.at, until: Until::Moment });
    Lane { name, bars: bars.chain(messages).collect(), ticks: happened().map(|row| row.at).collect() }
}

fn bar(row: &BarRow) -> Bar {
    let until = row.until.map_or(Until::Open, |until| if until > row.from { Until::At(until) } else { Until::Moment });
    Bar { what: Shown::from(&row.what), from: row.from, until }
}
