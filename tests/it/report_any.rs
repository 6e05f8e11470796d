//! Any sequence of entries folds, whoever wrote it: nothing panics, everything is bounded, and a fold in parts is the fold.

use std::sync::Arc;

use firedrill_core::projection::view::View;
use firedrill_core::projection::{debrief, signals, timeline};
use firedrill_model::event::{
    ActionEvent, ActionState, AdversaryState, DrillEvent, EffectResult, Entry, Event, EvidenceKind, InstanceCause,
    InstanceEvent, InstanceState, Obstacle, PaceCause, PeopleEvent, PhaseCause, Prediction, Recovered, Sample,
    WorldEvent,
};
use firedrill_model::id::{ActionId, SeatId};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::InstanceChange;
use firedrill_model::{
    Audience, Author, DrillTime, Finding, Guess, LogRecord, LogSource, LogText, RecordId, Role, Sealed, Span, WordBook,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{self, MINER};

/// Ids that the scenario knows, and ids that it doesn't.
fn id<T: TryFrom<String> + std::fmt::Debug + Clone + 'static>(known: &'static [&'static str]) -> BoxedStrategy<T>
where
    T::Error: std::fmt::Debug,
{
    let pool: Vec<&str> = known.iter().copied().chain(["unknown-1", "unknown-2"]).collect();
    select(pool).prop_map(|id| T::try_from(id.to_owned()).unwrap()).boxed()
}

fn target() -> BoxedStrategy<firedrill_model::id::TargetId> {
    id(&[MINER, "i-0a1b2c3d4e5f60002", "personalization-role", "asg-personalization", "pager"])
}

fn step() -> BoxedStrategy<firedrill_model::id::StepId> {
    id(&["validate", "notify", "snapshot", "isolate", "confirm"])
}

fn action() -> BoxedStrategy<ActionId> {
    id(&["look-dns", "escalate", "isolate", "terminate", "scale-out", "snapshot-volume", "capture-memory"])
}

fn any_time() -> impl Strategy<Value = DrillTime> {
    prop_oneof![8 => (0_u64..4_000).prop_map(|secs| DrillTime(secs * 1_000_000)), 1 => any::<u64>().prop_map(DrillTime)]
}

fn figure() -> impl Strategy<Value = f64> {
    prop_oneof![6 => 0.0..200.0_f64, 1 => any::<f64>()]
}

fn sealed() -> impl Strategy<Value = Sealed> {
    (0_u64..30).prop_map(|reference| Sealed { reference, sha256: String::new() })
}

fn guess() -> impl Strategy<Value = Option<Guess>> {
    prop::option::of(select(vec![Guess::Stays, Guess::Brief, Guess::Long, Guess::NoIdea]))
}

fn finding() -> impl Strategy<Value = Finding> {
    (id(&["finding-1", "finding-2"]), id(&["guardduty"]), target(), any_time(), any::<u64>(), figure()).prop_map(
        |(id, detector, resource, first_seen, count, severity)| Finding {
            id,
            detector,
            resource,
            first_seen,
            count,
            severity,
            ..fixture::finding()
        },
    )
}

fn drill_event() -> impl Strategy<Value = DrillEvent> {
    let cause = || select(vec![PhaseCause::Start, PhaseCause::Said, PhaseCause::TimeUp, PhaseCause::AllDone]);
    let pace = (any::<bool>(), any::<u32>()).prop_map(|(b, n)| if b { Pace::Brisk } else { Pace::Times(n) });
    let pace_cause = select(vec![PaceCause::Chosen, PaceCause::Asked, PaceCause::Idle, PaceCause::Paused]);
    let hypothesis = (figure(), id(&["latency", "in-service"]), any::<u64>()).prop_map(|(at, signal, within)| {
        let mut hypothesis = fixture::scenario().hypothesis.clone();
        (hypothesis.at, hypothesis.signal, hypothesis.within) = (at, signal, Span(within));
        hypothesis
    });
    let recovered = any::<u64>().prop_map(|bytes| Recovered { bytes, sha256: String::new(), kept_in: "torn".into() });
    prop_oneof![
        Just(DrillEvent::Opened { scenario: "other".to_owned().try_into().unwrap(), title: "other".into() }),
        (id(&["seat-1"]), sealed()).prop_map(|(seat, name)| DrillEvent::SeatTaken {
            seat,
            role: Role::Responder,
            name
        }),
        (select(Phase::ALL.to_vec()), cause()).prop_map(|(phase, because)| DrillEvent::PhaseEntered { phase, because }),
        any_time().prop_map(|since| DrillEvent::GateOpened { since }),
        (id(&["latency"]), figure()).prop_map(|(signal, value)| DrillEvent::GateClosed { signal, value }),
        any_time().prop_map(|since| DrillEvent::SteadyAgain { since }),
        (pace, any::<u32>(), pace_cause).prop_map(|(pace, rate, because)| DrillEvent::PaceChanged {
            pace,
            rate,
            because
        }),
        hypothesis.prop_map(|hypothesis| DrillEvent::HypothesisSet { hypothesis }),
        id(&["support-call"]).prop_map(|inject| DrillEvent::InjectDelivered { inject, message: None }),
        step().prop_map(|step| DrillEvent::StepPrompted { step }),
        prop::option::of(recovered).prop_map(|recovered| DrillEvent::Resumed { recovered, model: None }),
    ]
}

fn people_event() -> impl Strategy<Value = PeopleEvent> {
    let answers = (any::<Option<u8>>(), any::<Option<bool>>(), any::<Option<bool>>(), prop::option::of(sealed()));
    let prediction = (any::<Option<u64>>(), guess(), any::<Option<u8>>()).prop_map(|(span, signal, confidence)| {
        let span = span.map(Span);
        Prediction { notified_within: span, contained_within: span, signal, confidence }
    });
    prop_oneof![
        prediction.prop_map(PeopleEvent::Predicted),
        prop::option::of(id(&["finding-1"])).prop_map(|finding| PeopleEvent::Acknowledged { finding }),
        (0_u32..6, action(), prop::option::of(target()), guess(), prop::option::of(sealed()))
            .prop_map(|(run, action, target, guess, why)| PeopleEvent::Acted { run, action, target, guess, why }),
        (step(), prop::option::of(0_u32..6)).prop_map(|(step, run)| PeopleEvent::StepDone { step, run }),
        (step(), prop::option::of(sealed())).prop_map(|(step, why)| PeopleEvent::StepSkipped { step, why }),
        (step(), answers).prop_map(|(step, (confidence, knew_where, knew_whom, words))| PeopleEvent::Answered {
            step,
            confidence,
            knew_where,
            knew_whom,
            words
        }),
        sealed().prop_map(|words| PeopleEvent::Noted { words }),
        (any::<u64>(), sealed()).prop_map(|(at, words)| PeopleEvent::NotedLater { about: DrillTime(at), words }),
        (any::<u64>(), any::<bool>()).prop_map(|(at, on)| PeopleEvent::Bookmarked { about: DrillTime(at), on }),
        any::<bool>().prop_map(|on| PeopleEvent::Attending { on }),
        (any::<u8>(), sealed()).prop_map(|(question, words)| PeopleEvent::Reviewed { question, words }),
        sealed().prop_map(|what| PeopleEvent::Improvement { what, owner: None, due: None }),
    ]
}

fn result() -> impl Strategy<Value = EffectResult> {
    prop_oneof![
        target().prop_map(|of| EffectResult::Captured { evidence: EvidenceKind::Disk, of }),
        (target(), any::<bool>()).prop_map(|(instance, tracked_alive)| EffectResult::Changed {
            change: InstanceChange::Isolate,
            instance,
            tracked_alive
        }),
        prop::collection::vec(finding(), 0..3).prop_map(|findings| EffectResult::Findings { findings }),
        any::<u64>().prop_map(|records| EffectResult::Log { records }),
        any::<u32>().prop_map(|desired| EffectResult::Capacity { desired }),
        prop::collection::vec(id(&["personalization"]), 0..3)
            .prop_map(|services| EffectResult::SessionsRevoked { services }),
        Just(EffectResult::PortClosed),
        any::<bool>().prop_map(|arrives| EffectResult::ChannelTested { arrives }),
        Just(EffectResult::Told),
        any::<bool>().prop_map(|yes| EffectResult::Steady { yes }),
        Just(EffectResult::Impossible { because: Obstacle::InstanceTerminated }),
    ]
}

fn instance_event() -> impl Strategy<Value = InstanceEvent> {
    let states = select(vec![
        InstanceState::Booting,
        InstanceState::InService,
        InstanceState::Unhealthy,
        InstanceState::Standby,
        InstanceState::Terminated,
    ]);
    let cause = prop_oneof![
        select(vec![InstanceCause::Initial, InstanceCause::Group, InstanceCause::HealthCheck]),
        (0_u32..6).prop_map(InstanceCause::Response),
    ];
    (target(), id(&["personalization"]), states, cause, any::<bool>()).prop_map(
        |(instance, service, state, because, lost)| InstanceEvent {
            instance,
            service,
            zone: "us-east-1a".into(),
            state,
            because,
            evidence_lost: if lost { vec![EvidenceKind::Memory] } else { Vec::new() },
        },
    )
}

fn world_event() -> impl Strategy<Value = WorldEvent> {
    let states = select(vec![AdversaryState::Active, AdversaryState::Contained, AdversaryState::Eradicated]);
    let sample = (prop::collection::vec(figure(), 0..12), figure(), figure());
    let action_state = prop_oneof![
        any_time().prop_map(|until| ActionState::Started { until }),
        prop::collection::vec(result(), 0..4).prop_map(|results| ActionState::Done { results }),
    ];
    let record = any_time().prop_map(|happened| {
        LogRecord::new(
            RecordId::of("test", 0),
            LogSource::VpcFlow,
            happened,
            LogText::of("a record".into(), "raw".into()),
        )
    });
    prop_oneof![
        4 => sample.prop_map(|(values, requests, failed)| WorldEvent::Sampled(Sample { values, requests, failed, by_service: Vec::new() })),
        1 => Just(WorldEvent::FaultActive),
        1 => (id(&["mining", "mining-elsewhere"]), target(), any::<bool>())
            .prop_map(|(stage, on, active)| WorldEvent::Stage { stage, on, active }),
        1 => states.prop_map(|state| WorldEvent::Adversary { state }),
        1 => record.prop_map(|record| WorldEvent::Logged { record }),
        1 => finding().prop_map(|finding| WorldEvent::FindingCreated { finding }),
        1 => (id(&["pager"]), finding()).prop_map(|(channel, finding)| WorldEvent::Notified { channel, finding }),
        1 => (id(&["pager"]), id(&["finding-1"]))
            .prop_map(|(channel, finding)| WorldEvent::NotificationLost { channel, finding }),
        2 => instance_event().prop_map(WorldEvent::Instance),
        2 => (0_u32..6, action_state).prop_map(|(run, state)| WorldEvent::Action(ActionEvent { run, state })),
        1 => (target(), any::<bool>()).prop_map(|(role, usable)| WorldEvent::Role { role, usable }),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let event = prop_oneof![
        drill_event().prop_map(Event::Drill),
        people_event().prop_map(Event::People),
        world_event().prop_map(Event::World),
    ];
    let seat = || id::<SeatId>(&["seat-1"]);
    let by = prop_oneof![
        Just(Author::Drill),
        Just(Author::World(firedrill_model::id::WorldId::simulated())),
        seat().prop_map(Author::Seat)
    ];
    let to = prop_oneof![Just(Audience::Everyone), Just(Audience::Facilitator), seat().prop_map(Audience::Seat)];
    (any::<u64>(), any_time(), -1_000_000_000_000_i64..1_000_000_000_000, by, to, event).prop_map(
        |(seq, at, secs, by, to, event)| {
            let utc = chrono::DateTime::from_timestamp(secs, 0).unwrap();
            Entry { seq, at, utc, by, to, source: None, event }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_entries_fold_and_report(entries in prop::collection::vec(entry(), 0..80), cut in 0_usize..80) {
        let whole = fixture::fold(&entries);
        let cut = cut.min(entries.len());
        let mut parts = fixture::fold(&entries[..cut]);
        read_all(&parts);
        entries[cut..].iter().for_each(|entry| parts.apply(entry));
        // Not-a-number is unequal to itself, so what is shown is compared.
        prop_assert_eq!(format!("{:?}", parts.view()), format!("{:?}", whole.view()));

        read_all(&whole);
        let debrief = debrief::build(&whole, &WordBook::default(), &fixture::drill_id(), &[]);
        prop_assert!(firedrill_report::markdown::render(&debrief).ends_with('\n'));
        let json: serde_json::Value = serde_json::from_str(&firedrill_report::json::render(&debrief)).unwrap();
        prop_assert_eq!(&json["v"], 3);
        prop_assert_eq!(debrief.questions.len(), 7);
        prop_assert!(firedrill_report::summary(&debrief).is_object());
    }
}

/// Reads everything that screens ask of a view.
fn read_all(view: &View) {
    let scenario = Arc::clone(&view.scenario);
    for action in &scenario.actions {
        assert!(view.targets(action).len() <= 2_000);
    }
    for signal in &scenario.signals {
        assert!(!view.signal_words(&signal.id).is_blank());
    }
    let (now, end) = (view.now, DrillTime(u64::MAX));
    for moment in [DrillTime::ZERO, now, end] {
        assert!(view.remaining(moment).is_none_or(|left| left <= scenario.length));
        let _ = (view.since_fault(moment), view.stamp_at(moment));
        for row in &view.playbook.steps {
            let _ = view.step_time(row, moment);
        }
    }
    assert!(view.under_way().count() <= view.responses.len());
    assert!(!view.hypothesis_sentence().is_blank());
}

#[test]
fn everything_that_grows_has_a_bound() {
    let mut tape = fixture::drill();
    let whole = tape.view();
    let mut view = whole.clone();
    let rounds = 21_000;
    for round in 0..rounds {
        tape.at(4_000 + round * 10);
        tape.entries.clear();
        tape.sample(if round % 2 == 0 { 40.0 } else { 60.0 }, 2.0, 0.0);
        let note = Sealed { reference: round, sha256: String::new() };
        tape.people(PeopleEvent::Noted { words: note });
        let record = LogRecord::new(
            RecordId::of("test", 0),
            LogSource::VpcFlow,
            DrillTime(round),
            LogText::of("a record".into(), "raw".into()),
        );
        tape.world(WorldEvent::Logged { record });
        tape.entries.iter().for_each(|entry| view.apply(entry));
    }
    // The board keeps many more records than a drill has of anything else.
    let more = 80_000;
    for round in 0..more {
        tape.entries.clear();
        let (source, happened) = (LogSource::VpcFlow, DrillTime(rounds + round));
        let record =
            LogRecord::new(RecordId::of("test", 0), source, happened, LogText::of("a record".into(), "raw".into()));
        tape.world(WorldEvent::Logged { record });
        tape.entries.iter().for_each(|entry| view.apply(entry));
    }
    assert!(view.timeline.len() <= timeline::MAX_LINES);
    assert!(view.board.signals.iter().all(|track| track.samples.len() <= signals::MAX_SAMPLES));
    assert!(view.moments.len() <= signals::MAX_SAMPLES);
    assert!(view.people.notes.len() <= 2_000);
    assert_eq!(view.board.logs.len(), 100_000);
    assert_eq!(view.board.logs_dropped + view.board.logs.len() as u64, rounds + more + 1);
    assert!(view.dropped.samples > 0 && view.dropped.lines > 0 && view.dropped.other > 0);
    let newest = view.timeline.last().unwrap().stamp.at;
    assert_eq!(newest, view.now, "the newest lines are kept");
    assert_eq!(view.moments.first(), whole.moments.first(), "the beginning stays");
    let debrief = debrief::build(&view, &WordBook::default(), &fixture::drill_id(), &[]);
    assert!(debrief.notices.iter().any(|notice| notice.as_str().contains("left out here")), "and it is said");
}
