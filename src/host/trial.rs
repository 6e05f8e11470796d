//! A trial: a script is played in memory, to see whether it does what it is there for. Nothing of it is kept.
//!
//! The scenario itself is tried with nobody in it: what begins by itself must begin, and the steady state must hold.

mod path;
mod team;

use std::sync::Arc;

use chrono::DateTime;

use super::desk::debrief_of;
use super::player::{self, Played};
use super::session::Session;
use firedrill_authoring::check;
use firedrill_authoring::problem::{Code, Problem};
use firedrill_core::projection::debrief::Verdict;
use firedrill_core::projection::wording;
use firedrill_model::event::Sample;
use firedrill_model::event::{DrillEvent, Entry, Event, WorldEvent};
use firedrill_model::id::{DrillId, SeatId, StageId};
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Signal, Stage};
use firedrill_model::script::{Deed, Expect, Script};
use firedrill_model::{DrillTime, Role, SafeText};
use firedrill_record::journal::Header;
use firedrill_record::store::Record;

/// Entries of the longest trial. A drill that people can follow has a tenth of that.
const MOST_ENTRIES: usize = 40_000;
/// Seeds that are tried where a script names none: it must do what it says whatever chance brings.
const SEEDS: [u64; 3] = [1, 2, 3];

/// What came of a trial.
#[derive(Debug)]
struct Trial {
    seed: u64,
    verdict: Verdict,
    /// What was found of the parts that did not hold.
    found: Vec<SafeText>,
    played: Played,
    entries: Vec<Entry>,
}

/// Plays a script. `None` where the record has no more room, as it is for a script that does without end what leaves large records.
fn play(scenario: &Arc<Scenario>, script: &Script, seed: u64) -> Option<Trial> {
    let mut session = session(scenario, seed)?;
    let played = player::play(&mut session, script, &|| DateTime::UNIX_EPOCH).ok()?;
    let debrief = debrief_of(&session);
    let parts = debrief.parts.into_iter().filter(|part| part.verdict != Verdict::Held);
    let found = parts.map(|part| part.found).collect();
    Some(Trial { seed, verdict: debrief.verdict, found, played, entries: session.entries().to_vec() })
}

/// A drill of which nothing is kept.
fn session(scenario: &Arc<Scenario>, seed: u64) -> Option<Session> {
    let (drill, seat) = (DrillId::new("trial").ok()?, SeatId::new("seat-1").ok()?);
    let epoch = DateTime::UNIX_EPOCH;
    let header = Header::new(drill, scenario.id.clone(), "", seed, ("simulated", firedrill_account::MODEL), epoch);
    let person = (seat, Role::Responder, "trial");
    let session = Session::begin(Arc::clone(scenario), Record::in_memory(header), person, epoch).ok()?;
    Some(session.unattended().at_most(MOST_ENTRIES))
}

/// What is wrong with a scenario that only a run shows: one in which nobody does anything, and those of its responses.
#[must_use]
pub fn of_scenario(file: &str, text: &str, scenario: &Arc<Scenario>) -> Vec<Problem> {
    let nobody = Script::of_nobody(scenario);
    let say = |path: &str, code, message: String, advice: &str| check::remark(file, text, path, code, &message, advice);
    let mut trials = Vec::new();
    for seed in SEEDS {
        let trial = play(scenario, &nobody, seed);
        // A record that is full before the gate has opened is full of waiting for it.
        if let Some(trial) = trial.as_ref().filter(|trial| trial.played.never_steady || never_opened(trial)) {
            let (path, why) = unsteady(scenario, &trial.entries);
            let message = format!("in a run, the steady state never holds{why}");
            let advice = "choose limits that the healthy workload keeps, or give it more room";
            return vec![say(&path, Code::Run, message, advice)];
        }
        let Some(trial) = trial.filter(|trial| !trial.played.full) else {
            let message = format!("more than {MOST_ENTRIES} things happen in a run in which nobody does anything");
            return vec![say("length", Code::OutOfRange, message, "make the drill shorter, or let less happen in it")];
        };
        trials.push(trial);
    }
    if let Some(message) = trials.iter().find_map(|trial| deviates_before(scenario, &trial.entries)) {
        let advice = "choose a value that the healthy workload keeps";
        return vec![say("hypothesis/at", Code::Run, message, advice)];
    }
    let mut problems: Vec<Problem> = never_begun(scenario, &trials)
        .map(|(at, stage)| {
            let message = format!("the stage `{}` never begins, even when nobody does anything", stage.id);
            let advice = if stage.begins.after_fault.is_some() {
                "something in `needs` isn't there at its time"
            } else {
                "what it waits for is over by then, perhaps by its own harm, or something in `needs` isn't there"
            };
            say(&format!("stage/{at}/begins"), Code::Run, message, advice)
        })
        .collect();
    if problems.is_empty() {
        problems = path::of_responses(file, text, scenario);
    }
    problems
}

/// Stages that would have to begin when nobody does anything, and didn't. What chance or an automation decides can be otherwise.
fn never_begun<'s>(scenario: &'s Scenario, trials: &[Trial]) -> impl Iterator<Item = (usize, &'s Stage)> {
    let entries = || trials.iter().flat_map(|trial| &trial.entries);
    let begun = |id: &StageId| entries().any(|entry| begins(entry, id));
    let by_hand = scenario.automations.iter().all(|automation| automation.broken.is_some());
    let by_itself = |stage: &Stage| {
        let follows = stage.begins.after_start_of.as_ref().is_some_and(|first| by_hand && begun(first));
        stage.chance >= 1.0 && (stage.begins.after_fault.is_some() || follows)
    };
    let all = scenario.stages.iter().enumerate();
    let never: Vec<_> = all.filter(|(_, stage)| by_itself(stage) && !begun(&stage.id)).collect();
    never.into_iter()
}

/// Says whether the record was full while the steady state was waited for.
fn never_opened(trial: &Trial) -> bool {
    let is_open = |entry: &Entry| matches!(entry.event, Event::Drill(DrillEvent::GateOpened { .. }));
    trial.played.full && !trial.entries.iter().any(is_open)
}

/// The hypothesis must hold as long as nothing has happened.
fn deviates_before(scenario: &Scenario, entries: &[Entry]) -> Option<String> {
    let hypothesis = &scenario.hypothesis;
    let at = scenario.signals.iter().position(|signal| signal.id == hypothesis.signal)?;
    let (signal, limit) = (scenario.signals.get(at)?, hypothesis.at);
    let is_fault = |entry: &Entry| matches!(entry.event, Event::World(WorldEvent::FaultActive));
    let before = entries.iter().take(entries.iter().position(is_fault)?);
    let value = *before.rev().find_map(sample)?.values.get(at)?;
    (!hypothesis.stays.holds(value, limit)).then(|| {
        let figures = (wording::figure(signal, value), wording::figure(signal, limit));
        format!("before anything happens `{}` is {}, and the hypothesis says {}", signal.id, figures.0, figures.1)
    })
}

fn sample(entry: &Entry) -> Option<&Sample> {
    match &entry.event {
        Event::World(WorldEvent::Sampled(sample)) => Some(sample),
        _ => None,
    }
}

fn begins(entry: &Entry, stage: &StageId) -> bool {
    matches!(&entry.event, Event::World(WorldEvent::Stage { stage: id, active: true, .. }) if id == stage)
}

/// The signal that was out of its limit at the end, and how.
fn unsteady(scenario: &Scenario, entries: &[Entry]) -> (String, String) {
    let sample = entries.iter().rev().find_map(sample);
    let out = |(at, signal): (usize, &Signal)| {
        let (value, limit) = (*sample?.values.get(at)?, signal.limit?);
        let counts = scenario.steady_state.signals.contains(&signal.id);
        (counts && !signal.side.holds(value, limit)).then(|| {
            let figures = (wording::figure(signal, value), wording::figure(signal, limit));
            (
                format!("signal/{at}/limit"),
                format!(": `{}` is {}, and its limit is {}", signal.id, figures.0, figures.1),
            )
        })
    };
    let found = scenario.signals.iter().enumerate().find_map(out);
    found.unwrap_or_else(|| ("steady-state/hold".into(), format!(" for {}", scenario.steady_state.hold)))
}

/// What is wrong with a script that only a run of it shows. `name` is the file's, without its ending.
#[must_use]
pub fn of_script(file: &str, text: &str, name: &str, script: &Script, scenario: &Arc<Scenario>) -> Vec<Problem> {
    let say = |path: &str, message: String, advice: String| {
        check::script_remark(file, text, path, Code::Run, &message, &advice)
    };
    let mut problems = Vec::new();
    let promised = promise(name).filter(|promised| *promised != script.expect);
    if let Some(promised) = promised {
        let message = format!("the file is called `{name}`, and expects `{}`", word(script.expect));
        problems.push(say("expect", message, format!("write \"{}\", or give the file another name", word(promised))));
    }
    problems.extend(busy(name, script).map(|at| {
        let message = format!("the file is called `{name}`, and something is done here");
        say(&format!("do/{at}"), message, "take it out, or give the file another name".into())
    }));
    // Where name and expectation contradict each other, that is the mistake, and the run shows no other.
    let expect = if promised.is_some() { None } else { Some(script.expect) };
    let seeds = script.seed.map_or_else(|| SEEDS.to_vec(), |seed| vec![seed]);
    for seed in seeds {
        let Some(trial) = play(scenario, script, seed).filter(|trial| !trial.played.full) else {
            let message = format!("more than {MOST_ENTRIES} things happen in the run");
            problems.push(say("do", message, "let less happen".into()));
            break;
        };
        let found = faults(&trial, script, expect, &say);
        if !found.is_empty() {
            problems.extend(found);
            break;
        }
    }
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// What the name of a script promises.
fn promise(name: &str) -> Option<Expect> {
    match name.split(['-', '_', '.']).next() {
        Some("holds" | "held") => Some(Expect::Held),
        Some("deviates" | "deviated") => Some(Expect::Deviated),
        _ => None,
    }
}

/// The first deed by which somebody does something about the incident, in a script whose name says that nobody does.
fn busy(name: &str, script: &Script) -> Option<usize> {
    let is_named_so = matches!(name.split(['-', '_', '.']).next(), Some("nothing" | "nobody"));
    let about_it = |deed: &Deed| {
        deed.act.is_some()
            || deed.acknowledge
            || deed.judge.is_some()
            || deed.mark.is_some()
            || deed.unmark.is_some()
            || deed.done.is_some()
            || deed.skip.is_some()
    };
    script.deeds.iter().position(about_it).filter(|_| is_named_so)
}

fn word(expect: Expect) -> &'static str {
    match expect {
        Expect::Held => "held",
        Expect::Deviated => "deviated",
    }
}

fn faults(
    trial: &Trial,
    script: &Script,
    expect: Option<Expect>,
    say: &impl Fn(&str, String, String) -> Problem,
) -> Vec<Problem> {
    if trial.played.never_steady {
        return vec![say(
            "scenario",
            "in this run the steady state never holds".into(),
            "see what is done before the experiment".into(),
        )];
    }
    let mut problems = Vec::new();
    let seed = trial.seed;
    match (expect, trial.verdict) {
        (None, _) | (Some(Expect::Held), Verdict::Held) | (Some(Expect::Deviated), Verdict::Deviated) => {}
        (Some(Expect::Deviated), verdict) => {
            let message = format!("the run is to deviate from the hypothesis, and it is {}", verdict.label());
            problems.push(say(
                "expect",
                message,
                format!("with seed {seed}: change what is done, or write \"held\" if it truly holds"),
            ));
        }
        (Some(Expect::Held), _) => {
            let found = trial.found.first().map(|found| format!(": {}", found.as_str().trim_end_matches('.')));
            let message = format!("the run is to hold the hypothesis, and it deviates{}", found.unwrap_or_default());
            problems.push(say(
                "expect",
                message,
                format!("with seed {seed}: change what is done, or write \"deviated\" if it truly does"),
            ));
        }
    }
    for no in &trial.played.refused {
        let path = no.deed.map_or_else(|| "hypothesis".to_owned(), |number| format!("do/{}", number - 1));
        let at = no.at.since(DrillTime::ZERO).clock();
        let message = format!("the rules refuse `{}` at {at}: {}", no.asked, no.why);
        problems.push(say(&path, message, format!("with seed {seed}: do it at another time, or leave it out")));
    }
    for number in &trial.played.not_reached {
        let waits_long = |deed: &Deed| deed.at.is_some() || deed.plus.0 > 0;
        let advice = match script.deeds.get(number - 1) {
            Some(deed) if waits_long(deed) => "what it waits for doesn't come, or the drill is over by then",
            _ => "what it waits for doesn't come",
        };
        let message = "this is never done: its moment doesn't come in the run".to_owned();
        problems.push(say(&format!("do/{}", number - 1), message, format!("with seed {seed}: {advice}")));
    }
    problems
}
