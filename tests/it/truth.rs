//! What a report says is true: marks belong to the incident, no two sentences contradict each other, and every figure is what the record
//! says when somebody else works it out.

mod causes;
mod contradictions;
mod order;
mod recomputed;
mod signs;

use std::sync::Arc;

use chrono::DateTime;
use firedrill::host::desk::{Offer, debrief_of};
use firedrill::host::player;
use firedrill::host::session::Session;
use firedrill_core::projection::debrief::outcome::Containment;
use firedrill_core::projection::debrief::{self, Debrief, Verdict};
use firedrill_core::projection::{Viewer, fold};
use firedrill_model::event::{
    AdversaryState, DrillEvent, Entry, GapKind, InstanceCause, InstanceState, PaceCause, PeopleEvent, PhaseCause,
    WorldEvent,
};
use firedrill_model::id::{ChannelId, DrillId, SeatId};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::{FindingFormat, Scenario, SignSource};
use firedrill_model::{DrillTime, Finding, Role, Span};
use firedrill_record::journal::Header;
use firedrill_record::store::Record;

use crate::fixture::{self, MINER, Tape};

/// A drill of a scenario that comes with the program, played in memory by a script.
fn play(scenario: &str, script: &str, seed: u64) -> (Arc<Scenario>, Vec<Entry>, Debrief) {
    let checked = Offer::built_in(scenario).unwrap().scenario().unwrap();
    let script = firedrill_authoring::script::check("script.toml", script, &checked).unwrap();
    let (drill, seat, epoch) = (DrillId::new("truth").unwrap(), SeatId::new("seat-1").unwrap(), DateTime::UNIX_EPOCH);
    let header = Header::new(drill, checked.id.clone(), "", seed, ("simulated", firedrill_account::MODEL), epoch);
    let person = (seat, Role::Responder, "otter");
    let session = Session::begin(Arc::clone(&checked), Record::in_memory(header), person, epoch).unwrap();
    let mut session = session.unattended();
    player::play(&mut session, &script, &|| epoch).unwrap();
    (checked, session.entries().to_vec(), debrief_of(&session))
}

fn up_to_the_fault() -> Tape {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    fixture::hypothesis(&mut tape);
    tape.phase(Phase::Experiment, PhaseCause::Said).samples(340, 31.0, 2.0, 0.0);
    tape.world(WorldEvent::FaultActive).stage("mining", MINER, true).adversary(AdversaryState::Active);
    tape
}

fn ended(mut tape: Tape) -> Debrief {
    tape.phase(Phase::Verify, PhaseCause::Said);
    debrief::build(&tape.view(), &tape.words, &fixture::drill_id(), &[])
}

/// The same, told with the scenario that comes with the program: it has a herring, and a message that is a sign.
fn ended_as_shipped(mut tape: Tape) -> Debrief {
    tape.phase(Phase::Verify, PhaseCause::Said);
    let view = fold(shipped(), &tape.entries, &Viewer::Everything);
    debrief::build(&view, &tape.words, &fixture::drill_id(), &[])
}

fn shipped() -> Arc<Scenario> {
    Offer::built_in("crypto-mining").unwrap().scenario().unwrap()
}

fn seconds(debrief: &Debrief, name: &str) -> Option<f64> {
    debrief.durations.iter().find(|row| row.name == name).unwrap().seconds
}

fn pager() -> ChannelId {
    ChannelId::new("pager").unwrap()
}

/// A finding about what only looks like the incident: the website asks for rates.
fn herring() -> Finding {
    let web = scenario_stage_target();
    Finding {
        id: "finding-h".to_owned().try_into().unwrap(),
        detector: "guardduty-reputation".to_owned().try_into().unwrap(),
        resource: fixture::target_id(web),
        first_seen: DrillTime(360_000_000),
        last_seen: DrillTime(360_000_000),
        ..fixture::finding()
    }
}

fn scenario_stage_target() -> &'static str {
    "i-0e1f2a3b4c5d60001"
}

fn herring_is_told(tape: &mut Tape) {
    tape.samples(360, 31.0, 2.0, 0.0).stage("exchange-rates", scenario_stage_target(), true);
    tape.world(WorldEvent::FindingCreated { finding: herring() });
    tape.at(370).world(WorldEvent::Notified { channel: pager(), finding: herring() });
}

#[test]
fn taking_on_only_a_herring_is_no_time_to_acknowledge() {
    let mut tape = up_to_the_fault();
    herring_is_told(&mut tape);
    tape.at(380).people(PeopleEvent::Acknowledged { finding: Some(herring().id) });
    tape.at(385).people(PeopleEvent::Acknowledged { finding: None });
    tape.samples(1_500, 31.0, 2.0, 0.0);
    let debrief = ended_as_shipped(tape);
    for name in ["TTD", "TTN", "TTA"] {
        assert_eq!(seconds(&debrief, name), None, "{name}");
    }
    assert!(debrief.detections.is_empty(), "{:?}", debrief.detections);

    let mut both = up_to_the_fault();
    herring_is_told(&mut both);
    both.at(380).people(PeopleEvent::Acknowledged { finding: Some(herring().id) });
    both.at(950).world(WorldEvent::FindingCreated { finding: fixture::finding() });
    both.at(1_000).world(WorldEvent::Notified { channel: pager(), finding: fixture::finding() });
    both.at(1_030).people(PeopleEvent::Acknowledged { finding: Some(fixture::finding().id) });
    let debrief = ended_as_shipped(both);
    let told: Vec<_> = ["TTD", "TTN", "TTA"].map(|name| seconds(&debrief, name)).to_vec();
    assert_eq!(told, [Some(610.0), Some(50.0), Some(30.0)]);
}

/// An alarm: it sees figures and no stage.
fn alarm(at: u64) -> Finding {
    Finding {
        id: "finding-a".to_owned().try_into().unwrap(),
        detector: "guests-wait".to_owned().try_into().unwrap(),
        first_seen: DrillTime(at * 1_000_000),
        last_seen: DrillTime(at * 1_000_000),
        ..fixture::finding()
    }
}

#[test]
fn an_alarm_that_a_response_caused_is_a_matter_of_its_own() {
    let with = |responds: bool| {
        let mut tape = up_to_the_fault();
        let mut scenario = (*fixture::scenario()).clone();
        let mut detector = scenario.detectors[0].clone();
        detector.id = "guests-wait".to_owned().try_into().unwrap();
        (detector.format, detector.sees) = (FindingFormat::Alarm, Vec::new());
        scenario.detectors.push(detector);
        if responds {
            tape.samples(500, 31.0, 2.0, 0.0).act(1, "stop", Some(MINER), None);
            tape.instance(MINER, InstanceState::Stopped, InstanceCause::Response(1));
        }
        tape.samples(560, 70.0, 1.0, 0.0).world(WorldEvent::FindingCreated { finding: alarm(510) });
        tape.at(570).world(WorldEvent::Notified { channel: pager(), finding: alarm(510) });
        tape.phase(Phase::Verify, PhaseCause::Said);
        let view = fold(Arc::new(scenario), &tape.entries, &Viewer::Everything);
        debrief::build(&view, &tape.words, &fixture::drill_id(), &[])
    };
    assert_eq!(seconds(&with(true), "TTD"), None, "stopping the instance is what it told of");
    assert_eq!(seconds(&with(true), "TTN"), None);
    assert_eq!(seconds(&with(false), "TTD"), Some(220.0), "without a response it tells of the incident");
}

#[test]
fn a_message_can_detect_the_incident_and_tell_the_team() {
    let mut tape = up_to_the_fault();
    let shipped = shipped();
    let case = shipped.injects.iter().find(|one| one.sign_from == Some(SignSource::Outsider)).unwrap();
    tape.samples(700, 31.0, 2.0, 0.0);
    tape.drill(DrillEvent::InjectDelivered { inject: case.id.clone(), message: Some(case.message()) });
    tape.at(760).people(PeopleEvent::Acknowledged { finding: None });
    tape.at(950).world(WorldEvent::FindingCreated { finding: fixture::finding() });
    let debrief = ended_as_shipped(tape);
    let told: Vec<_> = ["TTD", "TTN", "TTA"].map(|name| seconds(&debrief, name)).to_vec();
    assert_eq!(told, [Some(360.0), Some(0.0), Some(60.0)]);
    let sources: Vec<_> = debrief.detections.iter().map(|row| (row.source.as_str(), row.first)).collect();
    assert_eq!(sources, [("an outsider", true), ("a detector", false)], "the first counts, all are shown");
    let part = debrief.parts.iter().find(|part| part.part == "notified").unwrap();
    assert!(part.found.as_str().contains("told otherwise 6 min after the fault"), "{}", part.found);
}

#[test]
fn each_further_part_of_a_hypothesis_is_judged() {
    let mut tape = up_to_the_fault();
    let mut hypothesis = fixture::scenario().hypothesis.clone();
    hypothesis.contained_within = Some(Span::from_secs(600));
    (hypothesis.no_data_taken, hypothesis.evidence_kept) = (true, true);
    hypothesis.also.push(firedrill_model::scenario::Bound {
        signal: "in-service".to_owned().try_into().unwrap(),
        stays: firedrill_model::signal::Side::Above,
        at: 2.0,
    });
    tape.drill(DrillEvent::HypothesisSet { hypothesis });
    let lost = vec![firedrill_model::event::EvidenceKind::Memory];
    tape.samples(400, 31.0, 1.0, 0.0);
    tape.instance_with(MINER, "personalization", InstanceState::Stopped, InstanceCause::Group, lost);
    tape.samples(1_000, 31.0, 2.0, 0.0).stage("mining", MINER, false).adversary(AdversaryState::Contained);
    tape.samples(1_300, 31.0, 2.0, 0.0);
    let debrief = ended(tape);
    let verdict = |name: &str| debrief.parts.iter().find(|part| part.part == name).unwrap().verdict;
    assert_eq!(verdict("signal:in-service"), Verdict::Deviated);
    assert_eq!(verdict("contained"), Verdict::Deviated, "660 s after the fault, 600 were expected");
    assert_eq!(verdict("no-data-taken"), Verdict::Held);
    assert_eq!(verdict("evidence-kept"), Verdict::Deviated);
    let outcome = debrief.outcome.unwrap();
    assert_eq!((outcome.containment, outcome.contained_after), (Containment::Contained, Some(660.0)));
}

#[test]
fn a_figure_that_a_hurried_clock_made_says_so_and_is_compared_with_nothing() {
    let mut tape = up_to_the_fault();
    tape.at(950).world(WorldEvent::FindingCreated { finding: fixture::finding() });
    tape.at(1_000).world(WorldEvent::Notified { channel: pager(), finding: fixture::finding() });
    let pace = |pace, rate| DrillEvent::PaceChanged { pace, rate, because: PaceCause::Chosen };
    tape.at(1_010).drill(pace(Pace::Times(120), 120));
    tape.at(1_910).drill(pace(Pace::Times(1), 1));
    tape.at(1_930).people(PeopleEvent::Acknowledged { finding: Some(fixture::finding().id) });
    tape.drill(DrillEvent::Gap { kind: GapKind::Asleep, length: Span::from_secs(90) });
    let debrief = ended(tape);
    let row = debrief.durations.iter().find(|row| row.name == "TTA").unwrap();
    assert_eq!((row.seconds, row.hurried), (Some(930.0), Some(900.0)));
    let measure = firedrill_core::projection::history::Measure::of("TTA", &debrief.durations);
    assert_eq!(measure.compared(), None);
    let ttn = debrief.durations.iter().find(|row| row.name == "TTN").unwrap();
    assert_eq!(ttn.hurried, None, "no figure of people");
    let silence = debrief.surprises.iter().find(|row| row.kind == "silence");
    assert_eq!(silence, None, "30 s of real time are no silence, whatever the drill clock says");
    let gap = debrief.interruptions.first().unwrap();
    assert_eq!((gap.kind.as_str(), gap.seconds), ("asleep", 90.0));
}
