//! An undo is on disk before the call that it takes back, and an abort waits for no disk.

use firedrill_core::engine::Input;
use firedrill_model::command::Ask;
use firedrill_model::event::{Event, PeopleEvent, UndoState, WorldEvent};
use firedrill_model::world::LedgerStep;
use firedrill_model::{Observation, Phase, Refusal, Request};

use super::toy::{live, report, steady, toy};
use super::{Host, seat};

fn ledger(key: &str, state: UndoState, step: Option<&str>) -> Observation {
    Observation { step: step.map(|step| LedgerStep(step.into())), ..report(key, WorldEvent::Undo { state }) }
}

fn requests(host: &Host) -> Vec<Request> {
    host.asked.iter().map(|(asked, _)| asked.what.clone()).collect()
}

/// A live drill whose fault has really been done.
fn fired() -> Host {
    let mut host = live();
    steady(&mut host);
    for _ in 0..2 {
        host.ask(&seat("seat-1"), Ask::NextPhase).unwrap();
    }
    assert_eq!(host.drive.drill().phase(), Phase::Experiment);
    host.observe(ledger("planned", UndoState::Planned, None));
    host.observe(ledger("active", UndoState::Active, None));
    host.asked.clear();
    host
}

#[test]
fn a_step_of_the_ledger_goes_on_once_it_is_on_disk() {
    let mut host = live();
    host.fast = false;
    host.observe(ledger("armed", UndoState::Armed, Some("fire")));
    assert_eq!(requests(&host), [], "it can still be lost");
    host.sync();
    assert_eq!(requests(&host), [Request::Proceed(LedgerStep("fire".into()))]);
    let (asked, durable) = &host.asked[0];
    assert!(asked.id < *durable && asked.world == toy());
}

#[test]
fn an_abort_goes_out_before_its_entry_is_on_disk() {
    let mut host = fired();
    host.fast = false;
    host.ask(&seat("seat-1"), Ask::Abort).unwrap();
    assert_eq!(requests(&host), [Request::Revert]);
    let last = &host.log.last().unwrap().event;
    assert!(host.events().contains(&&Event::People(PeopleEvent::Aborted)), "and it is recorded as well: {last:?}");
}

#[test]
fn what_can_not_be_recorded_is_undone() {
    let mut host = fired();
    host.step(Input::Recording(false));
    assert_eq!(requests(&host), [Request::Revert]);
    host.step(Input::Recording(false));
    assert_eq!(requests(&host).len(), 1, "said once");
    assert_eq!(host.ask(&seat("seat-1"), Ask::Abort), Ok(()), "an abort is refused for no disk");
    assert_eq!(requests(&host).len(), 2);
}

#[test]
fn the_end_of_the_program_undoes_what_is_open() {
    let mut host = fired();
    host.step(Input::End);
    assert_eq!(requests(&host), [Request::Revert]);
    host.observe(ledger("reverted", UndoState::Reverted, None));
    host.asked.clear();
    host.step(Input::End);
    assert_eq!(requests(&host), [], "what is proven to be undone is left alone");
    assert_eq!(host.ask(&seat("seat-1"), Ask::Abort), Err(Refusal::NothingToUndo));
}

#[test]
fn an_undo_that_failed_or_that_nobody_knows_of_is_asked_for_again() {
    for state in [UndoState::RevertFailed, UndoState::Orphaned, UndoState::Reverting] {
        let mut host = fired();
        host.observe(ledger("turn", state, None));
        host.ask(&seat("seat-1"), Ask::Abort).unwrap();
        assert_eq!(requests(&host), [Request::Revert], "{state:?}");
    }
}
