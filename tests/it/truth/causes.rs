//! What an alarm was about: it sees figures only, and its cause is told from what was done to the workload.

use std::sync::Arc;

use firedrill_core::projection::Viewer;
use firedrill_core::projection::debrief::evidence::JudgedRow;
use firedrill_core::projection::debrief::{self, Debrief};
use firedrill_core::projection::fold;
use firedrill_model::event::{InstanceCause, InstanceState, PhaseCause, WorldEvent};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::{FindingFormat, Scenario};
use firedrill_model::{DrillTime, Finding, Judgement};

use super::{pager, seconds, up_to_the_fault};
use crate::fixture::{self, MINER, Tape};

const OTHER: &str = "i-0a1b2c3d4e5f60002";
const WEBSITE: &str = "i-0e1f2a3b4c5d60001";
const COLLECTION: &str = "i-0c0a1b2c3d4e50001";

/// With an alarm on the website, and with everyday work that takes time there.
fn scenario() -> Arc<Scenario> {
    let mut scenario = (*fixture::scenario()).clone();
    let mut alarm = scenario.detectors[0].clone();
    alarm.id = "guests-wait".to_owned().try_into().unwrap();
    (alarm.format, alarm.sees) = (FindingFormat::Alarm, Vec::new());
    scenario.detectors.push(alarm);
    let mut harmless = scenario.stages[0].clone();
    harmless.id = "reindex".to_owned().try_into().unwrap();
    (harmless.benign, harmless.takes_cpu) = (Some("The search index is built anew each week.".into()), 0.6);
    scenario.stages.push(harmless);
    Arc::new(scenario)
}

fn alarm(tape: &mut Tape, name: &str, at: u64) {
    let finding = Finding {
        id: name.to_owned().try_into().unwrap(),
        detector: "guests-wait".to_owned().try_into().unwrap(),
        resource: fixture::target_id("asg-website"),
        first_seen: DrillTime(at * 1_000_000),
        last_seen: DrillTime(at * 1_000_000),
        ..fixture::finding()
    };
    tape.at(at).world(WorldEvent::FindingCreated { finding: finding.clone() });
    tape.world(WorldEvent::Notified { channel: pager(), finding });
}

fn ended(mut tape: Tape) -> Debrief {
    tape.phase(Phase::Verify, PhaseCause::Said);
    debrief::build(&fold(scenario(), &tape.entries, &Viewer::Everything), &tape.words, &fixture::drill_id(), &[])
}

fn about(debrief: &Debrief, number: usize) -> (Option<Judgement>, &str) {
    let row: &JudgedRow = &debrief.evidence.findings[number];
    (row.was, row.because.as_ref().map_or("", |because| because.as_str()))
}

fn out(tape: &mut Tape, at: u64, run: u32, action: &str, instance: &str, service: &str) {
    tape.at(at).act(run, action, Some(instance), None);
    tape.instance_with(instance, service, InstanceState::Stopped, InstanceCause::Response(run), Vec::new());
}

#[test]
fn of_two_responses_in_a_row_the_last_is_named_and_neither_is_the_incident() {
    let mut tape = up_to_the_fault();
    out(&mut tape, 500, 1, "stop", MINER, "personalization");
    out(&mut tape, 520, 2, "terminate", OTHER, "personalization");
    alarm(&mut tape, "alarm-1", 530);
    let debrief = ended(tape);
    let (was, because) = about(&debrief, 0);
    assert_eq!(was, None);
    assert!(because.contains("Terminate the instance") && because.contains(OTHER), "{because}");
    assert_eq!(seconds(&debrief, "TTD"), None);
}

#[test]
fn a_response_that_was_undone_caused_nothing_later() {
    let mut tape = up_to_the_fault();
    out(&mut tape, 400, 1, "stop", MINER, "personalization");
    tape.at(450).instance(MINER, InstanceState::InService, InstanceCause::Group);
    alarm(&mut tape, "alarm-1", 600);
    let debrief = ended(tape);
    assert_eq!(about(&debrief, 0).0, Some(Judgement::Ours), "the miner still takes its share");
    assert_eq!(seconds(&debrief, "TTD"), Some(260.0));
    // As long as it lasts it is held for the cause, whatever the group does beside.
    let mut tape = up_to_the_fault();
    out(&mut tape, 400, 1, "stop", MINER, "personalization");
    tape.at(410).instance(fixture::NEWCOMER, InstanceState::Booting, InstanceCause::Group);
    alarm(&mut tape, "alarm-1", 600);
    assert!(about(&ended(tape), 0).1.contains("Stop"));
}

#[test]
fn what_comes_together_cannot_be_told_apart() {
    let mut tape = up_to_the_fault();
    tape.at(350).stage("reindex", WEBSITE, true);
    alarm(&mut tape, "alarm-1", 380);
    let debrief = ended(tape);
    let (was, because) = about(&debrief, 0);
    assert_eq!(was, None);
    assert!(because.starts_with("not known"), "{because}");
    assert_eq!((seconds(&debrief, "TTD"), seconds(&debrief, "TTN")), (None, None), "it moves no mark");
    // Long after both it is as open.
    let mut tape = up_to_the_fault();
    tape.at(350).stage("reindex", WEBSITE, true);
    alarm(&mut tape, "alarm-1", 1_200);
    assert!(about(&ended(tape), 0).1.starts_with("not known"));
    // Alone it is harmless: the miner had been borne for minutes.
    let mut tape = up_to_the_fault();
    tape.at(600).stage("reindex", WEBSITE, true);
    alarm(&mut tape, "alarm-1", 640);
    assert_eq!(about(&ended(tape), 0), (Some(Judgement::Noise), "The search index is built anew each week."));
}

#[test]
fn what_does_not_reach_the_service_is_no_cause() {
    let mut tape = up_to_the_fault();
    out(&mut tape, 500, 1, "stop", COLLECTION, "collection");
    alarm(&mut tape, "alarm-1", 510);
    assert_eq!(about(&ended(tape), 0).0, Some(Judgement::Ours), "the website does not call what collects data");
}

#[test]
fn an_alarm_that_goes_off_again_has_a_cause_of_its_own() {
    let mut tape = up_to_the_fault();
    alarm(&mut tape, "alarm-1", 380);
    out(&mut tape, 700, 1, "stop", MINER, "personalization");
    alarm(&mut tape, "alarm-2", 710);
    let debrief = ended(tape);
    assert_eq!(about(&debrief, 0).0, Some(Judgement::Ours));
    assert!(about(&debrief, 1).1.contains("Stop"), "{:?}", about(&debrief, 1));
    assert_eq!((seconds(&debrief, "TTD"), seconds(&debrief, "TTN")), (Some(40.0), Some(0.0)));
}
