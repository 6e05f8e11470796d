//! Several seats in one drill: each sees what is theirs, and asks for what its role may ask.

use firedrill_core::engine::Input;
use firedrill_core::projection::Viewer;
use firedrill_core::projection::audience::fold;
use firedrill_model::command::{Ask, StepAsk};
use firedrill_model::event::{DrillEvent, Event, PeopleEvent, Prediction};
use firedrill_model::id::SeatId;
use firedrill_model::{Audience, Matter, Phase, Refusal, Role, Span};

use super::{Host, SCENARIO, sealed, seat};

fn join(host: &mut Host, name: &str, role: Role) -> SeatId {
    host.step(Input::Join { seat: seat(name), role, name: sealed(9) });
    seat(name)
}

fn expects(confidence: u8) -> Ask<firedrill_model::Sealed> {
    Ask::Predict(Prediction {
        notified_within: None,
        contained_within: None,
        signal: None,
        confidence: Some(confidence),
    })
}

/// A drill with two responders, somebody who looks on, and a facilitator, in the middle of its experiment.
fn full_table() -> Host {
    let mut host = Host::simulated(7);
    let (one, two) = (seat("seat-1"), join(&mut host, "seat-2", Role::Responder));
    join(&mut host, "watcher", Role::Observer);
    host.go_to(Phase::Hypothesis);
    host.ask(&one, expects(1)).unwrap();
    host.ask(&two, expects(5)).unwrap();
    host.ask(&one, Ask::NextPhase).unwrap();
    join(&mut host, "lead", Role::Facilitator);
    host.advance(host.drive.now() + Span::from_secs(1_500));
    host
}

#[test]
fn each_seat_is_handed_what_is_theirs_byte_for_byte() {
    let host = full_table();
    for (name, own) in [("seat-1", "\"confidence\":1"), ("seat-2", "\"confidence\":5")] {
        let bytes = host.bytes(&seat(name));
        assert_eq!(bytes.matches("people.predicted").count(), 1, "{name} sees its own prediction only");
        assert!(bytes.contains(own));
        for truth in [
            "world.stage",
            "world.adversary",
            "\"world.finding\"",
            "world.notification-lost",
            "world.harm",
            "drill.steady-again",
        ] {
            assert!(!bytes.contains(truth), "{name} was handed {truth}");
        }
    }
    assert_eq!(host.bytes(&seat("watcher")).matches("people.predicted").count(), 0);
    let lead = host.bytes(&seat("lead"));
    assert_eq!(lead.matches("people.predicted").count(), 2);
    assert!(lead.contains("world.stage"), "whoever joins late is handed the log from its beginning");
    assert_eq!(host.handed[&seat("lead")].len(), host.log.len());

    // What two responders were handed differs by their own words only.
    let public = |name: &str| -> Vec<u64> {
        let is_own = |seq: &u64| matches!(host.entry(*seq).to, Audience::Seat(_));
        host.handed[&seat(name)].iter().copied().filter(|seq| !is_own(seq)).collect()
    };
    assert_eq!(public("seat-1"), public("seat-2"));
    assert_eq!(public("seat-1"), public("watcher"));
}

#[test]
fn what_a_seat_was_handed_folds_to_its_view_of_the_record() {
    let mut host = full_table();
    for phase in [Phase::Experiment, Phase::Verify] {
        while host.drive.drill().phase() < phase {
            host.ask(&seat("lead"), Ask::NextPhase).unwrap();
        }
        for name in ["seat-1", "seat-2", "watcher", "lead"] {
            let handed: Vec<_> = host.handed[&seat(name)].iter().map(|seq| host.entry(*seq).clone()).collect();
            let viewer = Viewer::Seat(seat(name), host.role(&seat(name)));
            let live = fold(SCENARIO.clone(), &handed, &viewer);
            let read = fold(SCENARIO.clone(), &host.log, &viewer);
            assert_eq!(live, read, "{name} in {phase:?}");
        }
    }
    // From Verify on everything is open to everyone, once, in order.
    let all: Vec<u64> = (0..host.log.len() as u64).collect();
    assert_eq!(host.handed[&seat("seat-2")], all);
}

#[test]
fn nothing_is_handed_out_before_it_is_durable() {
    let mut host = full_table();
    host.fast = false;
    let before = host.handed.clone();
    host.ask(&seat("seat-2"), Ask::Note(sealed(12))).unwrap();
    assert_eq!(host.handed, before);
    host.sync();
    assert_eq!(host.handed[&seat("seat-1")].len(), before[&seat("seat-1")].len() + 1);
}

#[test]
fn a_drill_that_somebody_leads_is_led_by_nobody_else() {
    let mut host = Host::simulated(7);
    let one = seat("seat-1");
    host.go_to(Phase::Hypothesis);
    let lead = join(&mut host, "lead", Role::Facilitator);
    assert_eq!(host.ask(&one, Ask::NextPhase), Err(Refusal::NotForRole(Role::Responder)));
    assert_eq!(host.ask(&lead, Ask::NextPhase), Ok(()));
    host.step(Input::Leave(lead.clone()));
    assert_eq!(host.ask(&lead, Ask::Note(sealed(3))), Err(Refusal::NoSuchSeat(lead)));
    host.advance(host.drive.now() + Span::from_secs(60));
    assert_eq!(host.ask(&one, Ask::NextPhase), Ok(()), "with nobody to lead it, the responders do");
}

#[test]
fn whoever_looks_on_asks_for_nothing_but_a_stop() {
    let mut host = Host::simulated(7);
    let watcher = join(&mut host, "watcher", Role::Observer);
    assert_eq!(host.ask(&watcher, Ask::Note(sealed(3))), Err(Refusal::NotForRole(Role::Observer)));
    assert_eq!(
        host.ask(&watcher, Ask::Abort),
        Err(Refusal::NothingToUndo),
        "it may, and here there is nothing to undo"
    );
    host.step(Input::Role(watcher.clone(), Role::Responder));
    assert_eq!(host.ask(&watcher, Ask::Note(sealed(3))), Ok(()));
}

#[test]
fn nobody_who_has_no_seat_asks_for_anything() {
    let mut host = Host::simulated(7);
    let nobody = seat("nobody");
    assert_eq!(
        host.ask(&nobody, Ask::NextPhase),
        Err(Refusal::GateClosed).or(Err(Refusal::NoSuchSeat(nobody.clone())))
    );
    assert_eq!(host.ask(&nobody, Ask::Attend(true)), Err(Refusal::NoSuchSeat(nobody)));
}

#[test]
fn the_single_seat_may_do_all_that_it_may_today() {
    let matters = [
        Matter::NextPhase,
        Matter::Hypothesis,
        Matter::Prediction,
        Matter::Acknowledgement,
        Matter::Judgement,
        Matter::Evidence,
        Matter::Response,
        Matter::Inject,
        Matter::Step,
        Matter::Note,
        Matter::Attention,
        Matter::Clock,
        Matter::Review,
        Matter::Rating,
        Matter::Improvement,
        Matter::Later,
    ];
    assert!(matters.iter().all(|matter| matter.is_for(Role::Responder, false)));
}

#[test]
fn questions_are_put_to_each_responder_and_answered_by_each_alone() {
    let mut host = full_table();
    let step = host.events().into_iter().find_map(|event| match event {
        Event::Drill(DrillEvent::StepPrompted { step }) => Some(step.clone()),
        _ => None,
    });
    let step = step.expect("somebody was told by now");
    let (one, two) = (seat("seat-1"), seat("seat-2"));
    host.ask(&one, Ask::Step(step.clone(), StepAsk::Done)).unwrap();
    let question = |host: &Host, name: &SeatId| {
        let viewer = Viewer::Seat(name.clone(), host.role(name));
        fold(SCENARIO.clone(), &host.log, &viewer).playbook.question.clone()
    };
    assert_eq!([question(&host, &one), question(&host, &two)], [Some(step.clone()), Some(step.clone())]);
    assert_eq!(question(&host, &seat("watcher")), None);
    let answer = StepAsk::Answer { confidence: Some(4), knew_where: Some(true), knew_whom: Some(true), words: None };
    host.ask(&two, Ask::Step(step.clone(), answer.clone())).unwrap();
    assert_eq!([question(&host, &one), question(&host, &two)], [Some(step.clone()), None]);
    assert!(host.drive.drill().is_asked(), "the other one is still asked");
    host.ask(&one, Ask::Step(step, answer)).unwrap();
    assert_eq!(question(&host, &one), None);
    let answered = host.log.iter().filter(|entry| matches!(entry.event, Event::People(PeopleEvent::Answered { .. })));
    assert_eq!(answered.count(), 2);
}
