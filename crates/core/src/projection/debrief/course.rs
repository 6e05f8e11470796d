//! Courses along the drill, for charts: confidence, signals with their bounds, and what went on from when to when in which lane.

use serde::Serialize;

use super::material::{Material, drill_seconds};
use crate::projection::signals::Track;
use crate::projection::view::{Lane, Stamp, StepHow};
use firedrill_model::signal::Side;
use firedrill_model::{DrillTime, SafeText, Shown, shown};

/// Most points of a signal's course.
pub const MAX_POINTS: usize = 600;
/// Most bars of each kind.
const MAX_BARS: usize = 200;

/// What was said of confidence after a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfidencePoint {
    /// Seconds since the drill began.
    pub at: f64,
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Number of the entry.
    pub seq: u64,
    /// After which step.
    pub step: SafeText,
    /// 1 to 5.
    pub confidence: u8,
}

/// The course of a signal with its bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignalCourse {
    /// Its id.
    pub id: Shown,
    /// Its title.
    pub title: SafeText,
    /// Its unit; empty for a count.
    pub unit: Shown,
    /// The bound, in its unit; empty if it has none.
    pub bound: Option<f64>,
    /// On which side of the bound it is at home: `below` or `above`.
    pub side: Shown,
    /// It is the hypothesis' signal.
    pub of_the_hypothesis: bool,
    /// Pairs of seconds since the drill began and value, up to the end of the experiment, 600 at most: of a longer course the lowest and the
    /// highest value of each stretch.
    pub points: Vec<(f64, f64)>,
}

/// Something that went on for a while.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BarRow {
    /// In which lane, as in the timeline.
    pub lane: Shown,
    /// `stage`, `finding`, `response`, `step` or `outage`.
    pub kind: Shown,
    /// What.
    pub what: SafeText,
    /// From here on, in seconds since the drill began.
    pub from: f64,
    /// Until then; empty if it went on up to the end of the record.
    pub until: Option<f64>,
    /// Both as people see them: `T+12:25`.
    pub ts: (Shown, Option<Shown>),
    /// Number of the entry with which it began.
    pub seq: u64,
}

pub(super) fn confidence(from: &Material<'_>) -> Vec<ConfidencePoint> {
    let rows = from.view.playbook.steps.iter().filter_map(|row| {
        let (stamp, confidence) = (row.answered?, row.answers.confidence?);
        Some(ConfidencePoint {
            at: drill_seconds(stamp.at),
            since_fault: from.since_fault(stamp.at),
            seq: stamp.seq,
            step: from.view.step(&row.id)?.title.clone(),
            confidence,
        })
    });
    let mut points: Vec<ConfidencePoint> = rows.collect();
    points.sort_by_key(|point| point.seq);
    points
}

pub(super) fn signals(from: &Material<'_>) -> Vec<SignalCourse> {
    let watched = &from.view.course.hypothesis.signal;
    let end = from.end();
    from.view.tracks().map(|track| signal(&track, end, track.signal.id == *watched)).collect()
}

fn signal(track: &Track<'_>, end: DrillTime, of_the_hypothesis: bool) -> SignalCourse {
    let samples = &track.track.samples;
    let until = samples.partition_point(|(at, _)| *at <= end);
    let samples: Vec<(DrillTime, f64)> = samples.iter().take(until).copied().collect();
    let points = thinned(&samples);
    let side = track.limit.map_or(track.signal.side, |limit| limit.side);
    SignalCourse {
        id: Shown::from(&track.signal.id),
        title: track.signal.title.clone(),
        unit: track.signal.measure.unit().into(),
        bound: track.limit.map(|limit| limit.at),
        side: match side {
            Side::Below => "below",
            Side::Above => "above",
        }
        .into(),
        of_the_hypothesis,
        points: points.into_iter().map(|(at, value)| (drill_seconds(at), value)).collect(),
    }
}

/// All samples, or the lowest and the highest of each of as many stretches as there is room for, in order of time.
fn thinned(samples: &[(DrillTime, f64)]) -> Vec<(DrillTime, f64)> {
    if samples.len() <= MAX_POINTS {
        return samples.to_vec();
    }
    let stretch = samples.len().div_ceil(MAX_POINTS / 2);
    let mut points = Vec::with_capacity(MAX_POINTS);
    for part in samples.chunks(stretch) {
        let by_value = |a: &&(DrillTime, f64), b: &&(DrillTime, f64)| a.1.total_cmp(&b.1);
        let (low, high) = (part.iter().min_by(by_value), part.iter().max_by(by_value));
        let mut ends: Vec<(DrillTime, f64)> = low.into_iter().chain(high).copied().collect();
        ends.sort_by_key(|(at, _)| *at);
        ends.dedup_by_key(|(at, _)| *at);
        points.extend(ends);
    }
    points
}

pub(super) fn bars(from: &Material<'_>) -> Vec<BarRow> {
    let kinds: [fn(&Material<'_>) -> Vec<BarRow>; 5] = [stages, findings, responses, steps, outages];
    kinds.iter().flat_map(|kind| kind(from).into_iter().take(MAX_BARS)).collect()
}

fn bar(
    from: &Material<'_>,
    (lane, kind): (Lane, &'static str),
    what: &str,
    begun: Stamp,
    until: Option<DrillTime>,
) -> BarRow {
    BarRow {
        lane: lane.label().into(),
        kind: kind.into(),
        what: SafeText::one_line(what),
        from: drill_seconds(begun.at),
        until: until.map(drill_seconds),
        ts: (from.view.t(begun.at), until.map(|until| from.view.t(until))),
        seq: begun.seq,
    }
}

fn stages(from: &Material<'_>) -> Vec<BarRow> {
    let turns = if from.open { from.view.truth.stages.as_slice() } else { &[] };
    let begun = turns.iter().enumerate().filter(|(_, (_, _, _, active))| *active);
    let rows = begun.map(|(at, (stamp, id, on, _))| {
        let mut later = turns.iter().skip(at + 1);
        let ended = later.find(|(_, other, where_, active)| other == id && where_ == on && !active);
        let stage = from.view.stage(id);
        let title = stage.map_or_else(|| id.into(), |stage| Shown::from(&stage.title));
        let lane = if stage.is_some_and(|stage| !stage.is_adversarys()) { Lane::World } else { Lane::Adversary };
        let what = shown!("{} ({})", title, from.view.target_title(on));
        bar(from, (lane, "stage"), &what, *stamp, ended.map(|(end, ..)| end.at))
    });
    rows.collect()
}

/// Findings from when they were made to when they were taken on.
fn findings(from: &Material<'_>) -> Vec<BarRow> {
    let made = if from.open { from.view.truth.created.as_slice() } else { &[] };
    let rows = made.iter().map(|(stamp, finding)| {
        let row = from.view.board.finding(&finding.id);
        let taken = row.and_then(|row| row.acknowledged).map(|stamp| stamp.at);
        let what = shown!("{} ({})", finding.kind, finding.resource);
        bar(from, (Lane::Detection, "finding"), &what, *stamp, taken)
    });
    rows.collect()
}

fn responses(from: &Material<'_>) -> Vec<BarRow> {
    let rows = from.view.responses.values().map(|row| {
        let what = from.view.response_words(&row.action, row.target.as_ref());
        bar(from, (Lane::People, "response"), &what, row.given, row.done.as_ref().map(|(stamp, _)| stamp.at))
    });
    rows.collect()
}

fn steps(from: &Material<'_>) -> Vec<BarRow> {
    let rows = from.view.playbook.steps.iter().filter_map(|row| {
        let (step, asked) = (from.view.step(&row.id)?, row.prompted?);
        let left_out = row.end.as_ref().is_some_and(|end| matches!(end.how, StepHow::Skipped(_)));
        // A response can have the title of the step that it completes.
        let what = shown!("Step: {}{}", step.title, if left_out { " (left out)" } else { "" });
        Some(bar(from, (Lane::People, "step"), &what, asked, row.end.as_ref().map(|end| end.stamp.at)))
    });
    rows.collect()
}

fn outages(from: &Material<'_>) -> Vec<BarRow> {
    let resources = from.view.board.resource_turns.iter().map(|(stamp, turn)| (*stamp, &turn.resource, turn.usable));
    let roles = from.view.board.role_turns.iter().map(|(stamp, role, usable)| (*stamp, role, *usable));
    let mut turns: Vec<_> = resources.chain(roles).collect();
    turns.sort_by_key(|(stamp, ..)| stamp.seq);
    let out = turns.iter().enumerate().filter(|(_, (_, _, usable))| !usable);
    let rows = out.map(|(at, (stamp, id, _))| {
        let back = turns.iter().skip(at + 1).find(|(_, other, usable)| other == id && *usable);
        let what = shown!("{} can't be used", from.view.target_title(id));
        bar(from, (Lane::World, "outage"), &what, *stamp, back.map(|(end, ..)| end.at))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(number: u64) -> Vec<(DrillTime, f64)> {
        (0..number).map(|n| (DrillTime(n * 1_000_000), if n == 777 { 99.0 } else { 1.0 })).collect()
    }

    #[test]
    fn a_long_course_is_thinned_and_keeps_its_peaks() {
        assert_eq!(thinned(&samples(600)).len(), 600, "a short one stays as it is");
        for number in [601, 1_199, 1_201, 20_000] {
            let points = thinned(&samples(number));
            assert!(points.len() <= MAX_POINTS, "{number}: {}", points.len());
            assert!(points.windows(2).all(|two| two[0].0 < two[1].0), "in order");
            assert_eq!(points.iter().any(|(_, value)| *value > 98.0), number > 777, "{number}");
        }
    }
}
