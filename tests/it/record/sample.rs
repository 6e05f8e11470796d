//! Entries of every kind, made of a text and a few figures: deterministic, and as hostile as what they are given.

use chrono::{DateTime, TimeDelta, Utc};
use firedrill_model::event::{
    ActionEvent, ActionState, AdversaryState, EffectResult, EvidenceKind, InstanceCause, InstanceEvent, InstanceState,
    Obstacle, PaceCause, PhaseCause, Prediction, Recovered, Sample,
};
use firedrill_model::id::{
    ActionId, ChannelId, DetectorId, DrillId, FindingId, InjectId, ScenarioId, SeatId, ServiceId, SignalId, StageId,
    StepId, TargetId,
};
use firedrill_model::scenario::{Hypothesis, InstanceChange, Message};
use firedrill_model::signal::Side;
use firedrill_model::{
    Audience, Author, DrillTime, Finding, Guess, LogRecord, LogSource, LogText, RecordId, Role, Sealed, Span,
};
use firedrill_model::{
    event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent},
    phase::{Pace, Phase},
};
use firedrill_record::journal::{Digest, Header, body, chained};

/// Kinds that [`event`] makes.
pub const KINDS: u64 = 32;

pub const SCENARIO: &str = "id = \"crypto-mining\"\n";

/// What an event is made of.
#[derive(Debug, Clone)]
pub struct Stuff {
    pub text: String,
    pub figure: f64,
    pub number: u64,
    pub seal: Sealed,
}

pub fn drill() -> DrillId {
    DrillId::new("2026-11-24-brave-otter").unwrap()
}

pub fn seat() -> SeatId {
    SeatId::new("seat-1").unwrap()
}

pub fn epoch() -> DateTime<Utc> {
    "2026-11-24T20:00:00Z".parse().unwrap()
}

pub fn header() -> Header {
    let scenario = ScenarioId::new("crypto-mining").unwrap();
    Header {
        program: "firedrill 0.1.0".into(),
        ..Header::new(drill(), scenario, SCENARIO, 7, ("simulated", 1), epoch())
    }
}

/// The entry of a number: its kind follows from it.
pub fn entry(seq: u64, stuff: &Stuff) -> Entry {
    let at = DrillTime(seq * 1_234_567);
    let utc = epoch() + TimeDelta::microseconds(i64::try_from(at.0).unwrap());
    let event = event(seq % KINDS, stuff);
    let (by, to) = match &event {
        Event::Drill(_) => (Author::Drill, Audience::Everyone),
        Event::People(_) => (Author::Seat(seat()), Audience::Seat(seat())),
        Event::World(_) => (Author::World(firedrill_model::id::WorldId::simulated()), Audience::Facilitator),
    };
    Entry { seq, at, utc, by, to, source: None, event }
}

/// Plain entries, the same at every call.
pub fn entries(count: u64) -> Vec<Entry> {
    (0..count)
        .map(|seq| {
            let seal = Sealed { reference: seq, sha256: Digest::of(&seq.to_be_bytes()).hex() };
            entry(seq, &Stuff { text: format!("text {seq}"), figure: 41.125, number: seq, seal })
        })
        .collect()
}

/// The bytes of a journal, line by line, header first.
pub fn lines(entries: &[Entry]) -> Vec<String> {
    let (first, mut head) = chained(None, &header().body());
    let mut lines = vec![first];
    for entry in entries {
        let (line, hash) = chained(Some(&head), &body(entry, entry.seq));
        lines.push(line);
        head = hash;
    }
    lines
}

pub fn event(kind: u64, stuff: &Stuff) -> Event {
    match kind {
        0..11 => Event::Drill(drill_event(kind, stuff)),
        11..21 => Event::People(people_event(kind, stuff)),
        _ => Event::World(world_event(kind, stuff)),
    }
}

fn drill_event(kind: u64, stuff: &Stuff) -> DrillEvent {
    let at = DrillTime(stuff.number);
    match kind {
        0 => DrillEvent::Opened {
            scenario: ScenarioId::new("crypto-mining").unwrap(),
            title: stuff.text.as_str().into(),
        },
        1 => DrillEvent::SeatTaken { seat: seat(), role: Role::Responder, name: stuff.seal.clone() },
        2 => DrillEvent::PhaseEntered { phase: Phase::SteadyState, because: PhaseCause::TimeUp },
        3 => DrillEvent::GateOpened { since: at },
        4 => DrillEvent::GateClosed { signal: SignalId::new("latency").unwrap(), value: stuff.figure },
        5 => DrillEvent::SteadyAgain { since: at },
        6 => DrillEvent::PaceChanged { pace: Pace::Times(4), rate: 4, because: PaceCause::Chosen },
        7 => DrillEvent::HypothesisSet { hypothesis: hypothesis(stuff) },
        8 => DrillEvent::InjectDelivered {
            inject: InjectId::new("call").unwrap(),
            message: Some(Message {
                from: stuff.text.as_str().into(),
                via: "phone".into(),
                text: stuff.text.as_str().into(),
            }),
        },
        9 => DrillEvent::StepPrompted { step: step() },
        _ => DrillEvent::Resumed {
            recovered: Some(Recovered {
                bytes: stuff.number,
                sha256: stuff.seal.sha256.clone(),
                kept_in: stuff.text.as_str().into(),
            }),
            model: None,
        },
    }
}

fn hypothesis(stuff: &Stuff) -> Hypothesis {
    Hypothesis {
        when: stuff.text.as_str().into(),
        detector: DetectorId::new("guardduty").unwrap(),
        team: stuff.text.as_str().into(),
        within: Span::from_secs(900),
        signal: SignalId::new("latency").unwrap(),
        stays: Side::Below,
        at: stuff.figure,
        also: Vec::new(),
        contained_within: None,
        no_data_taken: false,
        evidence_kept: false,
    }
}

fn step() -> StepId {
    StepId::new("validate").unwrap()
}

fn people_event(kind: u64, stuff: &Stuff) -> PeopleEvent {
    let words = stuff.seal.clone();
    match kind {
        11 => PeopleEvent::Predicted(Prediction {
            notified_within: Some(Span(stuff.number % Span::MAX.0)),
            contained_within: None,
            signal: Some(Guess::NoIdea),
            confidence: Some(3),
        }),
        12 => PeopleEvent::Acknowledged { finding: Some(FindingId::new("f-1").unwrap()) },
        13 => PeopleEvent::Acted {
            run: 1,
            action: ActionId::new("isolate").unwrap(),
            target: Some(target()),
            guess: Some(Guess::Brief),
            why: Some(words),
        },
        14 => PeopleEvent::StepDone { step: step(), run: None },
        15 => PeopleEvent::StepSkipped { step: step(), why: Some(words) },
        16 => PeopleEvent::Answered {
            step: step(),
            confidence: Some(4),
            knew_where: Some(true),
            knew_whom: None,
            words: Some(words),
        },
        17 => PeopleEvent::Noted { words },
        18 => PeopleEvent::Attending { on: true },
        19 => PeopleEvent::Reviewed { question: 7, words },
        _ => PeopleEvent::Improvement { what: words, owner: None, due: Some(stuff.text.as_str().into()) },
    }
}

fn target() -> TargetId {
    TargetId::new("i-0a1b2c3d4e5f60001").unwrap()
}

fn finding(stuff: &Stuff) -> Finding {
    let text = stuff.text.as_str();
    Finding {
        id: FindingId::new("f-1").unwrap(),
        detector: DetectorId::new("guardduty").unwrap(),
        kind: text.into(),
        severity: stuff.figure,
        title: text.into(),
        description: text.into(),
        resource: target(),
        first_seen: DrillTime(stuff.number),
        last_seen: DrillTime(stuff.number),
        count: stuff.number,
        document: text.into(),
    }
}

fn world_event(kind: u64, stuff: &Stuff) -> WorldEvent {
    let channel = || ChannelId::new("pager").unwrap();
    match kind {
        21 => WorldEvent::Sampled(Sample {
            values: vec![stuff.figure, 0.5],
            requests: stuff.figure,
            failed: 0.0,
            by_service: Vec::new(),
        }),
        22 => WorldEvent::FaultActive,
        23 => WorldEvent::Stage { stage: StageId::new("mine").unwrap(), on: target(), active: true },
        24 => WorldEvent::Adversary { state: AdversaryState::Contained },
        25 => WorldEvent::Logged {
            record: LogRecord::new(
                RecordId::of("background/0", stuff.number),
                LogSource::VpcFlow,
                DrillTime(stuff.number),
                LogText::of(stuff.text.as_str().into(), stuff.text.as_str().into()),
            ),
        },
        26 => WorldEvent::FindingCreated { finding: finding(stuff) },
        27 => WorldEvent::Notified { channel: channel(), finding: finding(stuff) },
        28 => WorldEvent::NotificationLost { channel: channel(), finding: FindingId::new("f-1").unwrap() },
        29 => WorldEvent::Instance(InstanceEvent {
            instance: target(),
            service: ServiceId::new("website").unwrap(),
            zone: stuff.text.as_str().into(),
            state: InstanceState::Terminated,
            because: InstanceCause::Response(3),
            evidence_lost: vec![EvidenceKind::Memory],
        }),
        30 => WorldEvent::Action(ActionEvent { run: 1, state: ActionState::Done { results: results(stuff) } }),
        _ => WorldEvent::Role { role: target(), usable: false },
    }
}

fn results(stuff: &Stuff) -> Vec<EffectResult> {
    vec![
        EffectResult::Captured { evidence: EvidenceKind::Disk, of: target() },
        EffectResult::Changed { change: InstanceChange::Isolate, instance: target(), tracked_alive: true },
        EffectResult::Findings { findings: vec![finding(stuff)] },
        EffectResult::Told,
        EffectResult::Impossible { because: Obstacle::InstanceTerminated },
    ]
}
