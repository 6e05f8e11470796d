//! Time: it stands while a request waits for the disk, a step is bounded, and nobody is asked to come for nothing.

use firedrill_core::engine::{Input, LONGEST_WAIT, STEP_LIMIT};
use firedrill_model::command::{Ask, ClockAsk};
use firedrill_model::event::{DrillEvent, Event, PaceCause, WorldEvent};
use firedrill_model::phase::Pace;
use firedrill_model::{DrillTime, Phase, Refusal, Request, Span};

use super::{Host, SCENARIO, sealed, seat};

#[test]
fn drill_time_stands_while_a_request_waits_for_the_disk_and_the_wait_is_let_go_by_afterwards() {
    let mut host = Host::simulated(7);
    host.go_to(Phase::Hypothesis);
    host.ask(&seat("seat-1"), Ask::Clock(ClockAsk::Pace(Pace::Times(1)))).unwrap_err();
    host.fast = false;
    host.ask(&seat("seat-1"), Ask::NextPhase).unwrap();
    assert!(host.drive.holds_time());
    let asked_at = host.drive.now();
    host.wall += 400_000;
    host.step(Input::Tick);
    assert_eq!(host.drive.now(), asked_at);
    assert_eq!(host.drive.due(host.now()), None, "only the disk brings anything about");
    host.sync();
    assert!(!host.drive.holds_time());
    let rate = u64::from(host.drive.drill().rate());
    host.fast = true;
    host.wait(Span::ZERO);
    assert_eq!(host.drive.now(), asked_at + Span(400_000 * rate));
    let asks =
        host.log.iter().find(|entry| firedrill_model::request_for(&entry.event) == Some(Request::FireFault)).unwrap();
    assert_eq!(asks.at, asked_at, "it was performed at its own moment: playing the record again needs nothing else");
}

#[test]
fn an_entry_that_waits_too_long_holds_the_clock_and_people() {
    let mut host = Host::simulated(7);
    host.fast = false;
    host.ask(&seat("seat-1"), Ask::Note(sealed(2))).unwrap();
    host.wall += LONGEST_WAIT + 1;
    host.step(Input::Tick);
    let before = host.drive.now();
    assert_eq!(host.ask(&seat("seat-1"), Ask::Note(sealed(3))), Err(Refusal::NotRecording));
    host.wall += 5_000_000;
    host.step(Input::Tick);
    assert_eq!(host.drive.now(), before);
    host.sync();
    assert_eq!(host.ask(&seat("seat-1"), Ask::Note(sealed(3))), Ok(()));
}

#[test]
fn a_step_is_bounded_and_what_is_left_is_due_at_once() {
    let mut host = Host::simulated(7);
    host.go_to(Phase::Experiment);
    host.wall += 3_600_000_000;
    let before = host.log.len();
    // Each word of the disk would be a step of its own.
    host.fast = false;
    host.step(Input::Tick);
    let first = host.log.len() - before;
    assert!((STEP_LIMIT..STEP_LIMIT + 64).contains(&first), "{first}");
    assert_eq!(host.drive.due(host.now()), Some(host.wall));
    // A key gets its turn in between.
    assert_eq!(host.ask(&seat("seat-1"), Ask::Note(sealed(2))), Ok(()));
}

#[test]
fn cut_up_time_brings_the_same_course() {
    let course = |pieces: &[u64]| {
        let mut host = Host::simulated(3);
        host.go_to(Phase::Experiment);
        host.ask(&seat("seat-1"), Ask::Clock(ClockAsk::Pace(Pace::Times(7)))).unwrap();
        let (mut left, mut pieces) = (200_000_000_u64, pieces.iter().cycle());
        while left > 0 {
            let piece = pieces.next().copied().unwrap_or(1).min(left);
            host.wait(Span(piece));
            left -= piece;
        }
        let course: Vec<(DrillTime, String)> =
            host.log.iter().map(|entry| (entry.at, serde_json::to_string(&entry.event).unwrap())).collect();
        (course, host.drive.now())
    };
    let whole = course(&[200_000_000]);
    assert!(whole.0.len() > 100);
    assert_eq!(course(&[1_000_000]), whole);
    assert_eq!(course(&[333_333, 1, 77]), whole);
}

#[test]
fn a_drill_in_which_nothing_runs_asks_nobody_to_come() {
    let mut host = Host::simulated(7);
    assert!(host.drive.due(host.now()).is_some());
    host.go_to(Phase::Hypothesis);
    assert_eq!(host.drive.due(host.now()), None);
    let before = host.log.len();
    host.wait(Span::from_secs(3_600));
    assert_eq!(host.log.len(), before);
}

#[test]
fn a_skip_is_folded_and_stops_where_its_seat_would_want_to() {
    let mut host = Host::simulated(7);
    host.go_to(Phase::Experiment);
    let from = host.log.len();
    host.fast = false;
    host.ask(&seat("seat-1"), Ask::Clock(ClockAsk::Skip)).unwrap();
    assert!(host.drive.drill().skipping(host.drive.now()).is_some());
    while host.drive.due(host.now()) == Some(host.wall) {
        host.step(Input::Tick);
    }
    assert_eq!(host.drive.drill().skipping(host.drive.now()), None);
    let is_skip = |entry: &&firedrill_model::Entry| {
        matches!(entry.event, Event::Drill(DrillEvent::PaceChanged { because: PaceCause::Skipped, .. }))
    };
    assert_eq!(host.log[from..].iter().filter(is_skip).count(), 1);
    assert!(host.log[from..].iter().any(|entry| matches!(entry.event, Event::World(WorldEvent::FaultActive))));
    // The same entries fold to the same state: a follower needs no word of the host.
    let mut drill = firedrill_core::rules::Drill::new(SCENARIO.clone());
    host.log.iter().for_each(|entry| drill.apply(entry));
    assert_eq!(&drill, host.drive.drill());
}
