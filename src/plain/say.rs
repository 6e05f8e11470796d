//! What plain mode says about a view: whole sentences, one thing a line.

use firedrill_core::projection::improvements::{Earlier, Improvement};
use firedrill_core::projection::moment::Zero;
use firedrill_core::projection::search::{Query, Search};
use firedrill_core::projection::view::{EvidenceRow, FindingRow, LogRow, StepHow, StepView, TimelineLine};
use firedrill_core::projection::{View, wording};
use firedrill_model::finding::severity_word;
use firedrill_model::id::DrillId;
use firedrill_model::phase::Phase;
use firedrill_model::scenario::{Action, Step};
use firedrill_model::{DrillTime, Guess, Joined, Judgement, SafeText, Shown, WordBook, shown};

/// The words before the drill begins.
#[must_use]
pub fn greeting(view: &View, drill: &DrillId) -> Vec<Shown> {
    let scenario = &view.scenario;
    let mut lines = vec![
        shown!("Drill {}: {}.", drill, scenario.title),
        wording::exercise(view.world_kind()).into(),
        Shown::default(),
    ];
    lines.extend(Shown::from(&scenario.brief).lines());
    lines.push(Shown::default());
    lines.push("Type `help` for the words that work here, `status` to hear where the drill is.".into());
    lines
}

/// Where the drill is and what is asked.
#[must_use]
pub fn status(view: &View, now: DrillTime) -> Vec<Shown> {
    let course = &view.course;
    let mut lines =
        vec![shown!("EXERCISE. Phase: {}. Time: {}{}.", course.phase.label(), view.t(now), counted_from(view))];
    match course.phase {
        Phase::SteadyState => lines.push(gate(view)),
        Phase::Hypothesis => {
            lines.push(Shown::from(&view.hypothesis_sentence()));
            lines.push(
                "Change it with `hypothesis`, say what you expect with `expect`, then `next` starts the experiment."
                    .into(),
            );
        }
        Phase::Experiment => lines.extend(asked(view, now)),
        Phase::Verify => lines.push("Read `debrief`, answer with `review`, then `next`.".into()),
        Phase::Improve => {
            lines.push("Write down what is to change with `improve`, then `next` closes the drill.".into());
        }
        Phase::Closed => lines.push("The drill is closed.".into()),
    }
    lines
}

/// What earlier drills of the scenario left to change, a line each.
#[must_use]
pub fn still_open(earlier: &Earlier) -> Vec<Shown> {
    let line = |one: &Improvement| {
        let owner = one.owner.as_ref().map_or_else(Shown::default, |owner| shown!(", owner {}", owner));
        let due = one.due.as_ref().map_or_else(Shown::default, |due| shown!(", due {}", due));
        shown!("Still open from an earlier drill: {}, {}{}{}.", one.id, one.what, owner, due)
    };
    earlier.open().map(line).collect()
}

/// From where the time counts, where that isn't the fault.
fn counted_from(view: &View) -> &'static str {
    match view.zero() {
        Zero::Fault(..) => "",
        Zero::Experiment(..) => " since the experiment began",
        Zero::Drill => " since the drill began",
    }
}

fn gate(view: &View) -> Shown {
    if view.course.gate_open_since.is_some() {
        "The steady state holds. `next` goes on to the hypothesis.".into()
    } else {
        shown!(
            "Watching until the steady state has held for {}. `wait` lets the time go by.",
            view.scenario.steady_state.hold
        )
    }
}

fn asked(view: &View, now: DrillTime) -> Vec<Shown> {
    let mut lines = Vec::new();
    for (number, row) in numbered(view).filter(|(_, row)| row.acknowledged.is_none()) {
        lines.push(shown!("Not acknowledged: finding {}, {}.", number, row.finding.kind));
    }
    if let Some((state, step)) = view.current_step() {
        let since = state.prompted.map_or_else(Shown::default, |at| shown!(", asked {} ago", now.since(at.at).clock()));
        lines.push(shown!("Current step: {}{}, goal {}.", step.title, since, step.goal));
    }
    for (_, response) in view.under_way() {
        let rest = response.until.map_or_else(Shown::default, |until| shown!(", done in {}", until.since(now).clock()));
        lines.push(shown!("Under way: {}{}.", view.action_title(&response.action), rest));
    }
    if lines.is_empty() {
        lines.push("Nothing is asked of anyone. `wait` lets the time go by.".into());
    }
    lines
}

/// Findings with the numbers that people use.
pub fn numbered(view: &View) -> impl Iterator<Item = (usize, &FindingRow)> {
    view.board.findings.iter().enumerate().map(|(index, row)| (index + 1, row))
}

/// The findings in a line each.
#[must_use]
pub fn findings(view: &View) -> Vec<Shown> {
    let line = |(number, row): (usize, &FindingRow)| {
        let finding = &row.finding;
        let state = if row.acknowledged.is_some() { "acknowledged" } else { "new" };
        let judged = row.judged.as_ref().map_or("", |(_, _, judgement)| match judgement {
            Judgement::Ours => ", judged as ours",
            Judgement::Noise => ", judged as noise",
        });
        let word = severity_word(finding.severity);
        shown!("Finding {}: {}, {}, {}, {}{}.", number, word, finding.kind, finding.resource, state, judged)
    };
    let lines: Vec<Shown> = numbered(view).map(line).collect();
    if lines.is_empty() { vec!["The team has seen no finding.".into()] } else { lines }
}

/// One finding with its fields.
#[must_use]
pub fn finding(row: &FindingRow) -> Vec<Shown> {
    let finding = &row.finding;
    let mut lines = vec![
        shown!("{}. Severity {}, {}.", finding.kind, finding.severity, severity_word(finding.severity)),
        shown!("{}.", Shown::from(&finding.title).without_end(&['.'])),
        Shown::from(&finding.description),
        shown!("Resource: {}. Seen {} times.", finding.resource, finding.count),
    ];
    lines.extend(Shown::from(&finding.document).lines());
    lines
}

/// The playbook with its timers.
#[must_use]
pub fn steps(view: &View, now: DrillTime) -> Vec<Shown> {
    let line = |(index, (step, state)): (usize, (&Step, &StepView))| {
        let how = match (&state.end, state.prompted) {
            (Some(end), prompted) => {
                let word = if matches!(end.how, StepHow::Done(_)) { "done" } else { "left out" };
                let took = prompted.and_then(|_| view.step_time(state, now));
                let took = took.map_or_else(Shown::default, |took| shown!(" after {}", took.clock()));
                shown!("{}{}", word, took)
            }
            (None, Some(at)) => shown!("asked {} ago", now.since(at.at).clock()),
            (None, None) => "not asked yet".into(),
        };
        shown!("Step {} ({}): {}, goal {}. {}.", index + 1, step.id, step.title, step.goal, how)
    };
    view.scenario.playbook.steps.iter().zip(&view.playbook.steps).enumerate().map(line).collect()
}

/// The prompt for a step.
#[must_use]
pub fn prompt(view: &View, step: &Step) -> Vec<Shown> {
    let steps = &view.scenario.playbook.steps;
    let number = steps.iter().position(|one| one.id == step.id).map_or(0, |index| index + 1);
    let mut lines = vec![shown!("Step {} of {}. {}. Goal {}.", number, steps.len(), step.title, step.goal)];
    lines.extend(Shown::from(&step.detail).lines());
    let fitting: Vec<Shown> = step.done_when.actions().iter().map(Shown::from).collect();
    if fitting.is_empty() {
        lines.push("Type `done` when it is done, or `skip` with a reason.".into());
    } else {
        lines.push(shown!(
            "Fitting responses: {}. Type `act` to see all. Anything else is allowed, too.",
            fitting.joined(", ")
        ));
    }
    lines
}

/// The responses on offer, numbered.
#[must_use]
pub fn actions(view: &View) -> Vec<Shown> {
    let line = |(index, action): (usize, &Action)| {
        shown!("{}. {} ({}, {}).", index + 1, action.title, action.id, Shown::from(action.category.label()).lowercase())
    };
    view.scenario.actions.iter().enumerate().map(line).collect()
}

/// What is expected of the signals: the question before a response, and its answers.
#[must_use]
pub fn expected(view: &View) -> Vec<Shown> {
    let limits = view.tracks().filter_map(|track| Some((track.signal, track.limit?)));
    let limits: Vec<Shown> = limits
        .map(|(signal, limit)| {
            shown!("{} {} {}", signal.title, wording::at_home(limit.side), wording::limit(signal, limit.at))
        })
        .collect();
    let asked =
        shown!("Before you do it: what do you expect of the signals? Their limits: {}.", wording::list(&limits));
    let answer = |(index, guess): (usize, &Guess)| shown!("{}. {}", index + 1, wording::guess_of_signals(*guess));
    std::iter::once(asked).chain(Guess::ALL.iter().enumerate().map(answer)).collect()
}

/// The signals in words.
#[must_use]
pub fn signals(view: &View) -> Vec<Shown> {
    view.scenario.signals.iter().map(|signal| shown!("{}: {}.", signal.title, view.signal_words(&signal.id))).collect()
}

/// Services and instances.
#[must_use]
pub fn services(view: &View) -> Vec<Shown> {
    let mut lines = Vec::new();
    for service in &view.scenario.services {
        let calls: Vec<Shown> = service.calls.iter().map(|call| Shown::from(&call.service)).collect();
        let calls = if calls.is_empty() { Shown::default() } else { shown!(" It calls {}.", calls.joined(", ")) };
        lines.push(shown!("Service {}, group {}.{}", service.title, service.group.id, calls));
        for (id, row) in view.board.instances.iter().filter(|(_, row)| row.service == service.id) {
            let isolated = if row.isolated { ", isolated" } else { "" };
            lines.push(shown!("Instance {} in {}: {}{}.", id, row.zone, wording::instance_state(row.state), isolated));
        }
    }
    lines
}

/// Log records that hold all the words and none with `-` before it, newest last, at most 40.
#[must_use]
pub fn logs(view: &View, words: &str) -> Vec<Shown> {
    let board = &view.board;
    let mut search = Search::default();
    let found = search.look(&board.logs, board.logs_dropped, Query::new(words, None));
    let rows = (0..found.len().min(40)).rev().filter_map(|row| found.number(row));
    let left_out = found.len().saturating_sub(40);
    let mut lines = vec![shown!("{} records.{}", found.len(), if left_out > 0 { " The newest 40:" } else { "" })];
    lines.extend(rows.filter_map(|number| {
        let number = usize::try_from(number).ok()?.saturating_add(1);
        record(view, number).map(|row| shown!("Record {}, {}", number, record_line(view, row)))
    }));
    lines
}

/// The record with this number, counted from 1 since the drill began.
#[must_use]
pub fn record(view: &View, number: usize) -> Option<&LogRow> {
    let dropped = usize::try_from(view.board.logs_dropped).ok()?;
    view.board.logs.get(number.checked_sub(dropped)?.checked_sub(1)?)
}

fn record_line(view: &View, row: &LogRow) -> Shown {
    shown!("{}, {}: {}", view.t(row.record.happened), row.record.source.label(), row.record.summary())
}

/// The records that are marked as evidence, a line each.
#[must_use]
pub fn evidence(view: &View, words: &WordBook) -> Vec<Shown> {
    let line = |marked: &EvidenceRow| {
        let at = view.board.logs.place_by(&marked.row.seq, |row| row.seq);
        let number = at.map_or_else(Shown::default, |at| shown!(" {}", view.board.logs_dropped + at as u64 + 1));
        let note = marked.note.as_ref().map_or_else(Shown::default, |note| shown!(" It shows: {}", words.read(note)));
        shown!("Record{}, {}.{}", number, record_line(view, &marked.row), note)
    };
    let lines: Vec<Shown> = view.people.evidence.iter().map(line).collect();
    if lines.is_empty() { vec!["No record is marked as evidence. `mark N` marks one.".into()] } else { lines }
}

/// What has happened so far; what really went on opens with Verify.
#[must_use]
pub fn timeline(view: &View, words: &WordBook) -> Vec<Shown> {
    let open = view.course.phase >= Phase::Verify;
    view.timeline
        .iter()
        .filter(|line| open || !line.hidden)
        .map(|line| timeline_line(view, line, view.zero(), words))
        .collect()
}

/// One line of what happened, its kind first.
#[must_use]
pub fn timeline_line(view: &View, line: &TimelineLine, zero: Zero, words: &WordBook) -> Shown {
    let remark = line
        .words
        .as_ref()
        .map_or_else(Shown::default, |sealed| shown!(" \"{}\"", SafeText::one_line(&words.read(sealed))));
    shown!("{} {}: {}{}", zero.t(line.stamp.at), line.lane.label(), line.text(view), remark)
}
