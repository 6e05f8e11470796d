//! A session as a whole, on a clock that the test moves: what is shown is a fold of what is on disk, and a drill that was cut
//! off anywhere goes on as if it hadn't been.

use std::fs;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use firedrill::host::clock::WallClock;
use firedrill::host::desk::Desk;
use firedrill::host::session::Session;
use firedrill_core::projection::audience::{Viewer, fold};
use firedrill_core::projection::debrief;
use firedrill_core::rules::Drill;
use firedrill_model::command::{Ask, ClockAsk, StepAsk};
use firedrill_model::id::{ActionId, DrillId, SeatId, TargetId};
use firedrill_model::phase::BRISK_RATE;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Guess, Role, Span};
use firedrill_model::{
    command::Intent,
    event::{DrillEvent, Entry, Event},
    phase::Phase,
};
use firedrill_record::store::DataDir;
use proptest::prelude::*;

const MINER: &str = "i-0a1b2c3d4e5f60001";
const TEXT: &str = include_str!("../../scenarios/crypto-mining/scenario.toml");

static SCENARIO: LazyLock<Arc<Scenario>> =
    LazyLock::new(|| Arc::new(firedrill_authoring::check("scenario.toml", TEXT).unwrap()));

fn clock() -> WallClock {
    WallClock::hands("2026-11-24T09:00:00Z".parse().unwrap())
}

fn desk(folder: &tempfile::TempDir) -> Desk {
    Desk { data: DataDir::open(folder.path()).unwrap(), alias: "otter".into(), pace: None }
}

fn begin(folder: &tempfile::TempDir) -> Session {
    desk(folder).begin(Arc::clone(&SCENARIO), TEXT, Some(7), &clock()).unwrap()
}

fn act(action: &str, target: Option<&str>) -> Intent {
    let target = target.map(|id| TargetId::new(id).unwrap());
    Ask::Act { action: ActionId::new(action).unwrap(), target, guess: Some(Guess::Stays), why: Some("because".into()) }
}

fn to(session: &mut Session, phase: Phase) {
    let utc = clock().utc();
    while session.drill().phase() < phase {
        if session.drill().phase() == Phase::SteadyState {
            session.advance(session.now() + Span::from_secs(300), utc).unwrap();
        }
        session.ask(Ask::NextPhase, utc).unwrap();
    }
}

/// What happened and when, a line each: without what the wall says, and without the salted digests, which differ by design.
fn course(entries: &[Entry]) -> Vec<String> {
    let counts = |entry: &&Entry| !matches!(entry.event, Event::Drill(DrillEvent::Resumed { .. }));
    let line = |entry: &Entry| {
        let text = format!("{} {}", entry.at.0, serde_json::to_string(&entry.event).unwrap());
        text.split("\"sha256\":\"").map(|part| part.trim_start_matches(|c: char| c.is_ascii_hexdigit())).collect()
    };
    entries.iter().filter(counts).map(line).collect()
}

fn assert_same(one: &[String], other: &[String], what: &str) {
    let differ = one.iter().zip(other).position(|(a, b)| a != b);
    assert_eq!(differ.map(|at| (&one[at], &other[at])), None, "{what}");
    assert_eq!(one.len(), other.len(), "{what}");
}

fn assert_is_fold(session: &Session) {
    let seat = session.seat().clone();
    let viewer = Viewer::Seat(seat.clone(), Role::Responder);
    let mut view = fold(Arc::clone(&SCENARIO), session.entries(), &viewer);
    if session.drill().phase() >= Phase::Verify {
        view.seed = session.record().header().seed;
    }
    let mut drill = Drill::new(Arc::clone(&SCENARIO));
    session.entries().iter().for_each(|entry| drill.apply(entry));
    assert_eq!(*session.folded(), view, "the live view is a fold of the journal");
    assert_eq!(*session.drill(), drill, "the live state is a fold of the journal");
}

#[test]
fn brisk_runs_to_the_gate_and_waits_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = begin(&folder);
    assert_eq!(session.drill().rate(), BRISK_RATE);
    session.elapse(Duration::from_mins(1), clock().utc()).unwrap();
    assert!(session.drill().gate_open());
    // Five minutes of drill time in ten seconds, then the other fifty in real time.
    assert_eq!(session.now(), DrillTime::ZERO + Span::from_secs(350));
    assert_eq!(session.drill().rate(), 1);
}

#[test]
fn ten_seconds_are_ten_times_one_second() {
    let run = |piece: Span| {
        let folder = tempfile::tempdir().unwrap();
        let (mut session, utc) = (begin(&folder), clock().utc());
        to(&mut session, Phase::Experiment);
        session.ask(act("terminate", Some(MINER)), utc).unwrap();
        let end = session.now() + Span::from_secs(1200);
        while session.now() < end {
            session.advance(session.now() + piece, utc).unwrap();
        }
        session.publish().unwrap();
        assert_is_fold(&session);
        course(session.entries())
    };
    let whole = run(Span::from_secs(1200));
    assert_same(&whole, &run(Span::from_secs(10)), "in pieces of ten seconds");
    assert_same(&whole, &run(Span::from_secs(1)), "in pieces of a second");
}

#[test]
fn a_paused_drill_stands_still() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, utc) = (begin(&folder), clock().utc());
    session.ask(Ask::Clock(ClockAsk::Pause(true)), utc).unwrap();
    let (now, entries) = (session.now(), session.entries().len());
    session.elapse(Duration::from_hours(1), utc).unwrap();
    assert_eq!((session.now(), session.entries().len()), (now, entries));
    session.ask(Ask::Clock(ClockAsk::Pause(false)), utc).unwrap();
    session.elapse(Duration::from_secs(1), utc).unwrap();
    assert_eq!(session.now(), now + Span::from_secs(BRISK_RATE.into()), "the pause is not made up for");
}

#[test]
fn a_message_that_is_fired_after_a_long_pause_arrives_at_once_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, utc) = (begin(&folder), clock().utc());
    to(&mut session, Phase::Experiment);
    session.advance(session.now() + Span::from_secs(60), utc).unwrap();
    let message = SCENARIO.injects.iter().find(|inject| inject.when.after_fault.is_some()).unwrap().id.clone();
    session.ask(Ask::Clock(ClockAsk::Pause(true)), utc).unwrap();
    session.elapse(Duration::from_hours(1), utc).unwrap();
    let now = session.now();
    session.ask(Ask::Inject(message.clone()), utc).unwrap();
    session.publish().unwrap();
    let came = |session: &Session| -> Vec<DrillTime> {
        let is_it = |entry: &&Entry| matches!(&entry.event, Event::Drill(DrillEvent::InjectDelivered { inject, .. }) if *inject == message);
        session.entries().iter().filter(is_it).map(|entry| entry.at).collect()
    };
    assert_eq!(came(&session), [now], "on the drill clock as it stands");
    assert!(session.view().board.message(&message).is_some(), "and it is seen");
    assert!(session.ask(Ask::Inject(message.clone()), utc).is_err(), "a message comes once");
    session.ask(Ask::Clock(ClockAsk::Pause(false)), utc).unwrap();
    session.advance(now + Span::from_secs(3000), utc).unwrap();
    session.publish().unwrap();
    assert_eq!(came(&session), [now], "its own time brings it no second time");
    assert_is_fold(&session);
}

#[test]
fn skipping_stops_at_the_next_thing_that_matters() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, utc) = (begin(&folder), clock().utc());
    session.skip_ahead(utc).unwrap();
    assert!(session.drill().gate_open());
    to(&mut session, Phase::Experiment);
    session.skip_ahead(utc).unwrap();
    assert!(session.view().fault().is_some());
    session.skip_ahead(utc).unwrap();
    assert_eq!(session.view().board.findings.len(), 1, "the pager rang");
}

#[test]
fn ground_truth_opens_with_verify() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, utc) = (begin(&folder), clock().utc());
    to(&mut session, Phase::Experiment);
    session.advance(session.now() + Span::from_secs(300), utc).unwrap();
    session.publish().unwrap();
    assert_eq!(session.view().board.adversary, None, "a responder doesn't see what the adversary does");
    assert!(session.entries().iter().any(|entry| matches!(entry.to, firedrill_model::Audience::Facilitator)));
    session.ask(Ask::NextPhase, utc).unwrap();
    assert!(session.view().board.adversary.is_some());
    assert_is_fold(&session);
}

#[test]
fn a_refusal_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, utc) = (begin(&folder), clock().utc());
    let before = fs::read(journal(&folder, &session)).unwrap();
    assert!(session.ask(Ask::Review(1, "too early".into()), utc).is_err());
    assert!(session.ask(Ask::Note("x".repeat(4001)), utc).is_err());
    assert_eq!(before, fs::read(journal(&folder, &session)).unwrap());
    session.ask(Ask::Note("in time".into()), utc).unwrap();
    let words = fs::read_to_string(folder.path().join(session.name().as_str()).join("words.jsonl")).unwrap();
    assert!(words.contains("in time") && !words.contains("too early"));
    let chain = fs::read_to_string(journal(&folder, &session)).unwrap();
    assert!(!chain.contains("in time") && !chain.contains("otter"), "free text and names are not in the chain");
}

fn journal(folder: &tempfile::TempDir, session: &Session) -> std::path::PathBuf {
    folder.path().join(session.name().as_str()).join("journal.jsonl")
}

/// A drill with some responses, the whole experiment long.
fn long_drill(folder: &tempfile::TempDir) -> (DrillId, Vec<Entry>) {
    let (mut session, utc) = (begin(folder), clock().utc());
    to(&mut session, Phase::Experiment);
    session.ask(Ask::Note("it begins".into()), utc).unwrap();
    session.ask(act("scale-out", Some("asg-personalization")), utc).unwrap();
    session.ask(act("capture-memory", Some(MINER)), utc).unwrap();
    session.advance(session.now() + Span::from_secs(900), utc).unwrap();
    session.ask(Ask::Acknowledge(None), utc).unwrap();
    session.ask(act("terminate", Some(MINER)), utc).unwrap();
    let step = SCENARIO.playbook.steps[0].id.clone();
    session.ask(Ask::Step(step, StepAsk::Done), utc).unwrap();
    session.advance(session.now() + Span::from_secs(4000), utc).unwrap();
    session.publish().unwrap();
    assert_eq!(session.drill().phase(), Phase::Verify);
    (session.name().clone(), session.entries().to_vec())
}

#[test]
fn a_drill_that_was_cut_off_anywhere_goes_on_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().unwrap();
    let (drill, whole) = long_drill(&folder);
    let path = folder.path().join(drill.as_str()).join("journal.jsonl");
    let bytes = fs::read(&path).unwrap();
    let ends: Vec<usize> = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    assert_eq!(ends.len(), whole.len() + 1, "a header, then a line for each entry");
    let last_ask = whole.iter().rposition(|entry| matches!(entry.by, firedrill_model::Author::Seat(_))).unwrap();
    // Behind the last thing that a person did, everything follows by itself: cut there at whole lines and within them.
    for cut in (last_ask + 1..whole.len()).step_by(97).chain([last_ask + 1, last_ask + 2, whole.len()]) {
        for extra in [0, 40] {
            let end = (ends[cut] + extra).min(bytes.len());
            fs::write(&path, &bytes[..end]).unwrap();
            let mut session = desk(&folder).resume(&drill, &clock()).unwrap();
            session.advance(session.now() + Span::from_secs(5000), clock().utc()).unwrap();
            session.publish().unwrap();
            assert_is_fold(&session);
            let what = format!("cut after {cut} entries and {extra} bytes");
            assert_same(&course(session.entries()), &course(&whole), &what);
        }
    }
}

#[test]
fn a_resumed_drill_takes_responses_and_debriefs() {
    let folder = tempfile::tempdir().unwrap();
    let drill = {
        let (mut session, utc) = (begin(&folder), clock().utc());
        to(&mut session, Phase::Experiment);
        session.advance(session.now() + Span::from_secs(900), utc).unwrap();
        session.publish().unwrap();
        session.name().clone()
    };
    let mut session = desk(&folder).resume(&drill, &clock()).unwrap();
    let utc = clock().utc();
    assert_eq!(session.view().course.resumed, 1);
    assert!(
        desk(&folder).resume(&drill, &clock()).err().unwrap().to_string().contains("recording it now"),
        "the lock is held"
    );
    session.ask(act("terminate", Some(MINER)), utc).unwrap();
    session.advance(session.now() + Span::from_secs(4000), utc).unwrap();
    session.publish().unwrap();
    drop(session);
    let told = desk(&folder).debrief(&drill, true).unwrap();
    assert_eq!(told.verdict, debrief::Verdict::Deviated);
}

#[test]
fn responses_that_take_no_time_and_come_at_one_moment_can_be_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let look = TEXT.split("id = \"look-dns\"").nth(1).unwrap();
    let at_once = TEXT.replacen(look, &look.replacen("typical = \"90s\"", "typical = \"0s\"", 1), 1);
    assert_ne!(at_once, TEXT);
    let scenario = Arc::new(firedrill_authoring::check("scenario.toml", &at_once).unwrap());
    let mut session = desk(&folder).begin(scenario, &at_once, Some(7), &clock()).unwrap();
    let utc = clock().utc();
    session.advance(session.now() + Span::from_secs(300), utc).unwrap();
    for ask in [Ask::NextPhase, Ask::NextPhase, act("look-dns", None), act("look-dns", None), Ask::Note("so".into())] {
        session.ask(ask, utc).unwrap();
    }
    let (drill, before) = (session.name().clone(), course(session.entries()));
    drop(session);
    let resumed = desk(&folder).resume(&drill, &clock()).unwrap();
    assert!(course(resumed.entries()).starts_with(&before));
}

/// Things that a person may ask at any time.
fn asks() -> impl Strategy<Value = Intent> {
    let actions = SCENARIO.actions.len();
    let targets = [
        "i-0a1b2c3d4e5f60001",
        "i-0a1b2c3d4e5f60002",
        "i-0e1f2a3b4c5d60001",
        "asg-personalization",
        "personalization-role",
    ];
    prop_oneof![
        5 => (0..actions, 0..targets.len()).prop_map(move |(action, target)| {
            let action = SCENARIO.actions[action].id.as_str().to_owned();
            act(&action, Some(targets[target]))
        }),
        1 => Just(act("look-dns", None)),
        1 => Just(Ask::Acknowledge(None)),
        1 => "\\PC{0,30}".prop_map(Ask::Note),
        1 => any::<bool>().prop_map(Ask::Attend),
        1 => any::<bool>().prop_map(|on| Ask::Clock(ClockAsk::Pause(on))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever people do and whenever: the live state is a fold of the journal, and taking the drill up again changes nothing.
    #[test]
    fn live_is_a_fold_and_resuming_changes_nothing(script in prop::collection::vec((asks(), 1u64..240), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let (mut session, utc) = (begin(&folder), clock().utc());
        to(&mut session, Phase::Experiment);
        for (ask, secs) in script {
            let _ = session.ask(ask, utc);
            session.elapse(Duration::from_secs(secs), utc).unwrap();
        }
        assert_is_fold(&session);
        let (drill, before, now) = (session.name().clone(), course(session.entries()), session.now());
        drop(session);
        let resumed = desk(&folder).resume(&drill, &clock()).unwrap();
        let after = course(resumed.entries());
        prop_assert!(after.starts_with(&before));
        prop_assert!(resumed.now() <= now);
        assert_is_fold(&resumed);
    }
}

/// What was begun once is read, and judged by no check: a program that is stricter with scenarios takes the drill up all the same.
#[test]
fn what_is_said_after_a_hand_over_is_the_new_persons() {
    let (folder, utc) = (tempfile::tempdir().unwrap(), clock().utc());
    let mut session = begin(&folder);
    to(&mut session, Phase::Experiment);
    session.ask(Ask::Note("the first one's".into()), utc).unwrap();
    let (drill, first) = (session.name().clone(), session.seat().clone());
    drop(session);
    let mut session = desk(&folder).resume(&drill, &clock()).unwrap();
    session.hand_over("otter", utc).unwrap();
    assert_eq!(*session.seat(), first, "the same person only goes on");
    session.hand_over("badger", utc).unwrap();
    let second = session.seat().clone();
    assert_ne!(second, first);
    session.ask(Ask::Note("the second one's".into()), utc).unwrap();
    let notes = session.view().people.notes.clone();
    let said: Vec<_> = notes.iter().map(|(_, seat, words)| (seat.clone(), session.words().read(words))).collect();
    let line = |seat: &SeatId, text: &'static str| (seat.clone(), text.into());
    assert_eq!(said, [line(&first, "the first one's"), line(&second, "the second one's")]);
    let name = |seat: &SeatId| session.words().read(&session.view().people.seats[seat].1);
    assert_eq!((name(&first).as_str(), name(&second).as_str()), ("otter", "badger"));
    assert_is_fold(&session);
    drop(session);
    // Whoever takes it up next sits where the last one sat.
    let session = desk(&folder).resume(&drill, &clock()).unwrap();
    assert_eq!(*session.seat(), second);
}

#[test]
fn a_stricter_check_keeps_no_drill_from_going_on() {
    let folder = tempfile::tempdir().unwrap();
    let text = TEXT.replacen("difficulty = 1", "difficulty = 9", 1).replacen("difficulty = 2", "difficulty = 9", 1);
    assert!(firedrill_authoring::check("scenario.toml", &text).is_err(), "today's checks refuse it");
    let scenario = Arc::new(firedrill_authoring::recorded(&text).unwrap());
    let mut session = desk(&folder).begin(scenario, &text, Some(7), &clock()).unwrap();
    to(&mut session, Phase::Experiment);
    session.advance(session.now() + Span::from_secs(120), clock().utc()).unwrap();
    session.publish().unwrap();
    let (name, entries) = (session.name().clone(), session.entries().len());
    drop(session);

    let mut session = desk(&folder).resume(&name, &clock()).unwrap();
    assert_eq!(session.entries_from(entries as u64).count(), 1, "that it was taken up, and nothing else");
    to(&mut session, Phase::Closed);
    drop(session);
    assert_eq!(desk(&folder).debrief(&name, false).unwrap().scenario.to_string(), "crypto-mining");
}
