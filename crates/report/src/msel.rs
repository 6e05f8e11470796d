//! The master scenario events list as CSV: what was planned and when, what came of it, and what people did then.
//!
//! Columns as exercise planners know them (number, time, from, to, how, event, expected action), with what happened beside. A line for each
//! phase, for the fault, for the stages of the adversary, for what only looks like it, and for each scripted message. Before Verify only
//! what everybody has seen. The last line says how far the record can be trusted.

mod planned;

use super::csv;
use firedrill_core::projection::view::{Lane, Mark, MessageRow, Stamp, TimelineLine};
use firedrill_core::projection::{Fold, View, wording};
use firedrill_model::phase::Phase;
use firedrill_model::{
    DrillTime, Joined, SafeText, Shown, Span, WordBook,
    scenario::{Fault, Inject, Message, Origin, Scenario, Stage},
    shown,
};
use planned::Planned;

/// Most deeds of people that one line tells.
const MOST_DEEDS: usize = 4;

const HEAD: [&str; 17] = [
    "number",
    "planned",
    "planned_drill_seconds",
    "actual_t",
    "actual_drill_seconds",
    "actual_utc",
    "recorded_at",
    "phase",
    "kind",
    "event",
    "from",
    "via",
    "to",
    "expected_action",
    "status",
    "what_happened",
    "exercise",
];

/// A line of the list.
struct Row {
    planned: Planned,
    actual: Option<Stamp>,
    kind: &'static str,
    event: Shown,
    from: Shown,
    via: Shown,
    to: Shown,
    expected: Shown,
    status: &'static str,
}

/// The list, with how far the record can be `trust`ed. `words` may have names hidden.
#[must_use]
pub fn csv(view: &Fold, words: &WordBook, trust: &Shown) -> String {
    let mut rows = phases(view);
    match view.whole().filter(|_| view.is_open()) {
        Some(whole) => {
            rows.push(fault(view, &whole.fault));
            rows.extend(whole.stages.iter().flat_map(|stage| stages(view, whole, stage)));
            rows.extend(whole.injects.iter().map(|inject| message(view, inject)));
        }
        None => rows.extend(view.board.messages.iter().filter_map(arrived)),
    }
    // What did not happen stands at the end, in the order in which it was planned.
    rows.sort_by_key(|row| (row.actual.is_none(), row.actual.map(|stamp| (stamp.at, stamp.seq)), row.planned.at));
    let nexts: Vec<Option<u64>> = rows.iter().skip(1).map(|row| row.actual.map(|stamp| stamp.seq)).collect();
    let mut text = csv::row(HEAD);
    for (at, row) in rows.iter().enumerate() {
        let deeds = deeds(view, words, row.actual, nexts.get(at).copied().flatten());
        text.push_str(&line(view, at + 1, row, deeds));
    }
    if !trust.is_empty() {
        text.push_str(&line(view, rows.len() + 1, &of_record(trust), Shown::default()));
    }
    text
}

fn line(view: &View, number: usize, row: &Row, deeds: Shown) -> String {
    let secs = |at: DrillTime| shown!("{:.1}", at.since(DrillTime::ZERO).as_secs_f64());
    let cells = [
        number.into(),
        row.planned.words.clone(),
        row.planned.at.map_or_else(Shown::default, secs),
        row.actual.map_or_else(Shown::default, |stamp| view.t(stamp.at)),
        row.actual.map_or_else(Shown::default, |stamp| secs(stamp.at)),
        row.actual.map_or_else(Shown::default, |stamp| view.readings(stamp).utc),
        row.actual.map_or_else(Shown::default, |stamp| view.readings(stamp).recorded_at),
        row.actual.map_or("", |stamp| phase_at(view, stamp).label()).into(),
        row.kind.into(),
        row.event.clone(),
        row.from.clone(),
        row.via.clone(),
        row.to.clone(),
        row.expected.clone(),
        row.status.into(),
        deeds,
        wording::exercise_label(view.world_kind()).into(),
    ];
    csv::row(cells)
}

fn phase_at(view: &View, stamp: Stamp) -> Phase {
    let begun = view.course.phases.iter().rev().find(|(_, _, since)| since.seq <= stamp.seq);
    begun.map_or(Phase::SteadyState, |(phase, _, _)| *phase)
}

/// What people did from a line on until the next one.
fn deeds(view: &View, words: &WordBook, from: Option<Stamp>, until: Option<u64>) -> Shown {
    let Some(from) = from else { return Shown::default() };
    let within = |line: &&TimelineLine| {
        line.lane == Lane::People
            && !line.later
            && line.stamp.seq > from.seq
            && until.is_none_or(|until| line.stamp.seq < until)
    };
    let mut told: Vec<Shown> = view.timeline.iter().filter(within).map(|line| deed(view, line, words)).collect();
    let more = told.len().saturating_sub(MOST_DEEDS);
    told.truncate(MOST_DEEDS);
    if more > 0 {
        told.push(shown!("and {} more", more));
    }
    told.joined("; ")
}

fn deed(view: &View, line: &TimelineLine, words: &WordBook) -> Shown {
    let clock = view.t(line.stamp.at);
    if let Some(sealed) = &line.words {
        shown!("{} {}: {}", clock, line.text(view), SafeText::one_line(&words.read(sealed)))
    } else {
        shown!("{} {}", clock, line.text(view))
    }
}

fn phases(view: &View) -> Vec<Row> {
    let begun = view.course.phases.iter().map(|(phase, _, stamp)| Row {
        planned: Planned::words("when the team is ready"),
        actual: Some(*stamp),
        kind: "phase",
        event: shown!("Phase begins: {}", phase.label()),
        from: "facilitator".into(),
        via: Shown::default(),
        to: "everyone".into(),
        expected: Shown::default(),
        status: "happened",
    });
    begun.collect()
}

/// How far the record can be trusted.
fn of_record(trust: &Shown) -> Row {
    Row {
        planned: Planned::words(""),
        actual: None,
        kind: "record",
        event: shown!("{}.", trust),
        from: "firedrill".into(),
        via: Shown::default(),
        to: "everyone".into(),
        expected: Shown::default(),
        status: "",
    }
}

fn fault(view: &View, fault: &Fault) -> Row {
    let began = view.course.phases.iter().find(|(phase, _, _)| *phase == Phase::Experiment);
    let actual = view.marks.get(&Mark::FaultActive).copied();
    Row {
        planned: Planned::after("the experiment begins", fault.after, began.map(|(_, _, stamp)| stamp.at)),
        actual,
        kind: "fault",
        event: Shown::from(&fault.summary),
        from: "the world".into(),
        via: Shown::default(),
        to: "the workload".into(),
        expected: shown!("Noticed and told within {}", view.scenario.hypothesis.within),
        status: status(actual),
    }
}

/// A line each time that a stage began, or one that says that it didn't.
fn stages(view: &View, whole: &Scenario, stage: &Stage) -> Vec<Row> {
    let begun = view.truth.stages.iter().filter(|(_, id, _, active)| *active && *id == stage.id);
    let mut moments: Vec<Option<(Stamp, Shown)>> =
        begun.map(|(stamp, _, on, _)| Some((*stamp, view.target_title(on)))).collect();
    if moments.is_empty() {
        moments.push(None);
    }
    let row = |moment: Option<(Stamp, Shown)>| {
        let (kind, from) = match (&stage.benign, stage.origin) {
            (Some(_), _) => ("noise", "everyday work"),
            (None, Origin::Adversary) => ("adversary", "the adversary"),
            (None, Origin::Fault) => ("fault", "the fault"),
        };
        let (actual, place) = moment.map_or((None, Shown::from("the workload")), |(stamp, on)| (Some(stamp), on));
        Row {
            planned: Planned::of_stage(view, whole, stage),
            actual,
            kind,
            event: Shown::from(&stage.title),
            from: from.into(),
            via: Shown::default(),
            to: place,
            expected: stage.benign.as_ref().map_or_else(Shown::default, |why| shown!("Judged as noise: {}", why)),
            status: status(actual),
        }
    };
    moments.into_iter().map(row).collect()
}

/// A message, whether it came or not.
fn message(view: &View, inject: &Inject) -> Row {
    let actual = view.board.message(&inject.id).map(|row| row.stamp);
    Row {
        planned: Planned::of_message(view, &inject.when),
        expected: match &inject.misleads {
            Some(how) => shown!("{} (misleading: {})", inject.expected, how),
            None => Shown::from(&inject.expected),
        },
        ..of_message(&inject.message(), actual)
    }
}

/// A message that came, before Verify: nobody knows yet what was planned.
fn arrived(row: &MessageRow) -> Option<Row> {
    row.message.as_ref().map(|message| of_message(message, Some(row.stamp)))
}

fn of_message(message: &Message, actual: Option<Stamp>) -> Row {
    Row {
        planned: Planned::words(""),
        actual,
        kind: "inject",
        event: Shown::from(&message.text),
        from: Shown::from(&message.from),
        via: Shown::from(&message.via),
        to: "responders".into(),
        expected: Shown::default(),
        status: status(actual),
    }
}

fn status(actual: Option<Stamp>) -> &'static str {
    if actual.is_some() { "happened" } else { "did not happen" }
}

/// A span from a moment on, where the moment is known.
fn later(from: Option<DrillTime>, by: Span) -> Option<DrillTime> {
    from.map(|from| from + by)
}
