//! Marks, durations, impact, guesses and steps.

use super::table::{NOTHING, lines, maybe_clock, maybe_length, maybe_text, maybe_yes, section, table};
use crate::escape;
use firedrill_core::projection::debrief::detection::DetectionRow;
use firedrill_core::projection::debrief::{Debrief, GuessRow, GuessedSignal, StepRow};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Shown, shown};

/// What the marks mean that don't say it themselves.
const MARK_NOTES: &str = "\
- First signal: the earlier of the first finding's first sighting and the first signal outside its limit.
- Containment effective: the last time before the end at which nothing of the incident went on any more, if it stayed so.
- Detected: the first sign of the incident that reached a detector or a person. Red herrings and alarms that a response caused don't count.
- Steady state restored: the moment since which it has held. Confirmed: when it had held for the scenario's time.
";

pub(super) fn marks(debrief: &Debrief) -> Shown {
    let rows: Vec<Vec<Shown>> = debrief
        .marks
        .iter()
        .map(|mark| {
            let reading = |of: &Option<Shown>| of.as_ref().map_or_else(|| NOTHING.into(), escape::plain);
            vec![
                escape::plain(&mark.label),
                reading(&mark.t),
                maybe_text(mark.by.as_ref()),
                reading(&mark.utc),
                reading(&mark.recorded_at),
            ]
        })
        .collect();
    let table = table(&["Mark", "T", "By", "UTC of the drill", "Recorded at"], &rows);
    section("Marks", &shown!("{}\n{}", table, MARK_NOTES))
}

/// What told of the incident, all of it.
pub(super) fn detections(debrief: &Debrief) -> Shown {
    if debrief.detections.is_empty() {
        return Shown::default();
    }
    let row = |row: &DetectionRow| {
        let first = if row.first { "yes" } else { "no" };
        vec![escape::plain(&row.readings.t), escape::plain(&row.source), escape::inline(&row.what), first.into()]
    };
    let rows: Vec<Vec<Shown>> = debrief.detections.iter().map(row).collect();
    section("What told of the incident", table(&["T", "Source", "What", "The first"], &rows))
}

pub(super) fn durations(debrief: &Debrief) -> Shown {
    let rows: Vec<Vec<Shown>> = debrief
        .durations
        .iter()
        .map(|row| {
            let value = row.seconds.map_or_else(
                || shown!("no value: {}", escape::plain(row.missing.clone().unwrap_or("not in the record".into()))),
                wording::seconds,
            );
            let value = if row.never { shown!("never ({})", value) } else { value };
            let value = value + &hurried(row.hurried);
            vec![escape::plain(&row.name), escape::plain(&row.label), value, escape::plain(&row.definition)]
        })
        .collect();
    let note = "Drill time, one value of this drill.";
    section("Durations", &shown!("{}\n\n{}", note, table(&["Name", "What", "Value", "Definition"], &rows)))
}

/// What is to be said of a figure of people while the clock was hurried.
pub(super) fn hurried(seconds: Option<f64>) -> Shown {
    seconds.map_or_else(Shown::default, |secs| {
        let secs = wording::seconds(secs);
        shown!("; for {} of it the clock ran faster than real time while something was asked, so it is no measure of people", secs)
    })
}

pub(super) fn impact(debrief: &Debrief) -> Shown {
    let felt = &debrief.impact;
    let worst = felt.worst.as_ref().map_or_else(|| Shown::from("not measured"), escape::inline);
    let outside = wording::minutes(felt.minutes_outside);
    let requests = felt.requests_words().into_iter().chain(felt.others_words());
    let (signal, bound) = (escape::inline(&felt.signal), escape::inline(&felt.bound));
    let signals = [shown!("{} outside its bound of {}: {}", signal, bound, outside), shown!("At its worst: {}", worst)];
    let all = requests.map(|text| escape::plain(&text)).chain(signals);
    section("Impact on customers", lines(all.map(|text| shown!("- {}", text))))
}

pub(super) fn guesses(debrief: &Debrief) -> Shown {
    if debrief.guesses.is_empty() {
        return Shown::default();
    }
    let rows: Vec<Vec<Shown>> = debrief.guesses.iter().map(guess).collect();
    let head = ["Response", "T", "Guess", "Outcome", "Agrees", "Window", "Each signal"];
    let note = "What every signal with a limit did from the response to the next one with a guess that changes the system, 15 minutes, or the end.";
    section("Guesses against outcomes", &shown!("{}\n\n{}", note, table(&head, &rows)))
}

fn guess(row: &GuessRow) -> Vec<Shown> {
    let signal = |one: &GuessedSignal| shown!("{} {}", escape::inline(&one.signal), escape::inline(&one.words));
    vec![
        escape::inline(&row.response),
        maybe_clock(row.since_fault),
        wording::guess_of_signals(row.guess).into(),
        wording::outcome_of_signals(row.outcome).into(),
        maybe_yes(row.agrees),
        wording::seconds(row.window),
        row.signals.iter().map(signal).joined("; "),
    ]
}

pub(super) fn steps(debrief: &Debrief) -> Shown {
    let rows: Vec<Vec<Shown>> = debrief.steps.iter().map(step).collect();
    let head = ["Step", "SP 800-61 phase", "CSF 2.0", "State", "Took", "Goal", "By, or why left out"];
    section("Playbook", table(&head, &rows))
}

fn step(row: &StepRow) -> Vec<Shown> {
    let over = row.seconds.is_some_and(|seconds| seconds > row.goal);
    let took = match (row.seconds, row.state.as_str()) {
        (None, "done") => Shown::from("done before it was asked for"),
        (seconds, _) => maybe_length(seconds),
    };
    vec![
        escape::inline(&row.title),
        escape::plain(&row.phase),
        escape::plain(&row.csf),
        escape::plain(&row.state),
        if over { shown!("{} (over its goal)", took) } else { took } + &hurried(row.hurried),
        wording::seconds(row.goal),
        maybe_text(row.by.as_ref().or(row.why_skipped.as_ref())),
    ]
}

/// What people said of confidence, resources and escalation.
pub(super) fn people(debrief: &Debrief) -> Shown {
    let said = debrief.steps.iter().filter(|row| answered(row));
    let rows: Vec<Vec<Shown>> = said
        .map(|row| {
            vec![
                escape::inline(&row.title),
                row.confidence.map_or_else(|| NOTHING.into(), |figure| shown!("{} of 5", figure)),
                maybe_yes(row.knew_where),
                maybe_yes(row.knew_whom),
                row.words.as_ref().map_or_else(|| NOTHING.into(), escape::cell),
            ]
        })
        .collect();
    let head = ["After the step", "Confident", "Knew where to look", "Knew whom to escalate to", "In own words"];
    if rows.is_empty() { Shown::default() } else { section("What people said", table(&head, &rows)) }
}

fn answered(row: &StepRow) -> bool {
    row.confidence.is_some() || row.knew_where.is_some() || row.knew_whom.is_some() || row.words.is_some()
}
