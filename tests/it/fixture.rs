//! A whole drill of the crypto-mining scenario as entries, built by hand: no world and no state machine had a part in it.
//!
//! The team isolates the mining instance before it takes evidence or adds capacity, so nearly everything that a debrief can
//! tell is in it: a guess that didn't come true, evidence lost, services out, an order not kept.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use firedrill_core::projection::Fold;
use firedrill_model::audience::audience_of;
use firedrill_model::event::{
    ActionEvent, ActionState, AdversaryState, DrillEvent, EffectResult, Entry, Event, EvidenceKind, InstanceCause,
    InstanceEvent, InstanceState, PeopleEvent, PhaseCause, Prediction, Sample, ServedBy, WorldEvent,
};
use firedrill_model::id::{DrillId, SeatId, TargetId};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::InstanceChange;
use firedrill_model::scenario::Scenario;
use firedrill_model::{
    Audience, Author, DrillTime, Finding, Guess, LogRecord, LogSource, LogText, RecordId, Role, SafeText, Sealed, Span,
    WordBook,
};

/// The instance that mines.
pub const MINER: &str = "i-0a1b2c3d4e5f60001";
/// The one that its group launches in its place.
pub const NEWCOMER: &str = "i-0ffffffffffff0001";

/// The pinned scenario.
pub fn scenario() -> Arc<Scenario> {
    Arc::new(toml::from_str(include_str!("fixture/crypto-mining.toml")).expect("the pinned scenario reads"))
}

/// Name of the fixture drill.
pub fn drill_id() -> DrillId {
    DrillId::new("2026-11-24-brave-otter").unwrap()
}

/// Entries in the making. The wall clock runs with the drill clock, and alone where [`Tape::wait`] says so.
pub struct Tape {
    pub entries: Vec<Entry>,
    pub words: WordBook,
    at: DrillTime,
    waited: u64,
    references: u64,
}

impl Tape {
    pub fn new() -> Self {
        Self { entries: Vec::new(), words: WordBook::default(), at: DrillTime::ZERO, waited: 0, references: 0 }
    }

    /// Goes on to this second of drill time; never back.
    pub fn at(&mut self, secs: u64) -> &mut Self {
        self.at = self.at.max(DrillTime(secs * 1_000_000));
        self
    }

    /// Lets so many seconds go by on the wall only.
    pub fn wait(&mut self, secs: u64) -> &mut Self {
        self.waited += secs;
        self
    }

    pub fn seal(&mut self, text: &str) -> Sealed {
        self.references += 1;
        self.words.insert(self.references, SafeText::new(text));
        Sealed { reference: self.references, sha256: format!("{:064x}", self.references) }
    }

    pub fn push(&mut self, by: Author, to: Audience, event: Event) -> &mut Self {
        let micros = i64::try_from(self.at.0 + self.waited * 1_000_000).unwrap();
        let utc = epoch() + TimeDelta::microseconds(micros);
        self.entries.push(Entry { seq: self.entries.len() as u64, at: self.at, utc, by, to, source: None, event });
        self
    }

    pub fn drill(&mut self, event: DrillEvent) -> &mut Self {
        self.push(Author::Drill, Audience::Everyone, Event::Drill(event))
    }

    pub fn world(&mut self, event: WorldEvent) -> &mut Self {
        let event = Event::World(event);
        self.push(
            Author::World(firedrill_model::id::WorldId::simulated()),
            audience_of(&event, &Author::World(firedrill_model::id::WorldId::simulated())),
            event,
        )
    }

    pub fn people(&mut self, event: PeopleEvent) -> &mut Self {
        let (by, event) = (Author::Seat(seat()), Event::People(event));
        let to = audience_of(&event, &by);
        self.push(by, to, event)
    }

    pub fn phase(&mut self, phase: Phase, because: PhaseCause) -> &mut Self {
        self.drill(DrillEvent::PhaseEntered { phase, because })
    }

    /// A sample of all signals, of which latency and instances in service are told apart.
    pub fn sample(&mut self, latency: f64, in_service: f64, failed: f64) -> &mut Self {
        let website = latency * 2.0 + 20.0;
        let errors = failed / 75.0;
        let values = vec![latency, errors, 55.0, 52.0, in_service, website, errors, 0.0, errors];
        let website = "website".to_owned().try_into().unwrap();
        let by_service = vec![ServedBy { service: website, requests: 7_500.0, failed }];
        self.world(WorldEvent::Sampled(Sample { values, requests: 7_500.0, failed, by_service }))
    }

    /// Samples every ten seconds from here up to and without `until`.
    pub fn samples(&mut self, until: u64, latency: f64, in_service: f64, failed: f64) -> &mut Self {
        while self.at.0 / 1_000_000 < until {
            self.sample(latency, in_service, failed);
            let next = self.at.0 / 1_000_000 + 10;
            self.at(next.min(until));
        }
        self
    }

    pub fn act(&mut self, run: u32, action: &str, target: Option<&str>, guess: Option<Guess>) -> &mut Self {
        let why = guess.map(|_| self.seal("stop it before the evening peak"));
        self.people(PeopleEvent::Acted {
            run,
            action: action.to_owned().try_into().unwrap(),
            target: target.map(target_id),
            guess,
            why,
        })
    }

    pub fn done(&mut self, run: u32, results: Vec<EffectResult>) -> &mut Self {
        self.world(WorldEvent::Action(ActionEvent { run, state: ActionState::Done { results } }))
    }

    pub fn prompt(&mut self, step: &str) -> &mut Self {
        self.drill(DrillEvent::StepPrompted { step: step.to_owned().try_into().unwrap() })
    }

    pub fn step_done(&mut self, step: &str, run: u32) -> &mut Self {
        self.people(PeopleEvent::StepDone { step: step.to_owned().try_into().unwrap(), run: Some(run) })
    }

    pub fn skip(&mut self, step: &str, why: &str) -> &mut Self {
        let why = Some(self.seal(why));
        self.people(PeopleEvent::StepSkipped { step: step.to_owned().try_into().unwrap(), why })
    }

    pub fn answer(&mut self, step: &str, confidence: u8, knew: (bool, bool), words: Option<&str>) -> &mut Self {
        let words = words.map(|words| self.seal(words));
        self.people(PeopleEvent::Answered {
            step: step.to_owned().try_into().unwrap(),
            confidence: Some(confidence),
            knew_where: Some(knew.0),
            knew_whom: Some(knew.1),
            words,
        })
    }

    pub fn instance(&mut self, id: &str, state: InstanceState, because: InstanceCause) -> &mut Self {
        self.instance_with(id, "personalization", state, because, Vec::new())
    }

    pub fn instance_with(
        &mut self,
        id: &str,
        service: &str,
        state: InstanceState,
        because: InstanceCause,
        evidence_lost: Vec<EvidenceKind>,
    ) -> &mut Self {
        let service = service.to_owned().try_into().unwrap();
        let zone = "us-east-1a".into();
        let event = InstanceEvent { instance: target_id(id), service, zone, state, because, evidence_lost };
        self.world(WorldEvent::Instance(event))
    }

    pub fn stage(&mut self, stage: &str, on: &str, active: bool) -> &mut Self {
        self.world(WorldEvent::Stage { stage: stage.to_owned().try_into().unwrap(), on: target_id(on), active })
    }

    pub fn adversary(&mut self, state: AdversaryState) -> &mut Self {
        self.world(WorldEvent::Adversary { state })
    }

    /// The view of everything.
    pub fn view(&self) -> Fold {
        fold(&self.entries)
    }
}

pub fn fold(entries: &[Entry]) -> Fold {
    let mut view = Fold::open(scenario());
    view.seed = 7;
    for entry in entries {
        view.apply(entry);
    }
    view
}

pub fn epoch() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

pub fn seat() -> SeatId {
    SeatId::new("seat-1").unwrap()
}

pub fn target_id(id: &str) -> TargetId {
    TargetId::new(id).unwrap()
}

pub fn finding() -> Finding {
    Finding {
        id: "finding-1".to_owned().try_into().unwrap(),
        detector: "guardduty".to_owned().try_into().unwrap(),
        kind: "CryptoCurrency:EC2/BitcoinTool.B!DNS".into(),
        severity: 8.0,
        title: "Bitcoin-related domain name queried by EC2 instance".into(),
        description: format!("EC2 instance {MINER} is querying a domain name.").as_str().into(),
        resource: target_id(MINER),
        first_seen: DrillTime(345_000_000),
        last_seen: DrillTime(930_000_000),
        count: 13,
        document: r#"{"detail":{"type":"CryptoCurrency:EC2/BitcoinTool.B!DNS"}}"#.into(),
    }
}

/// The whole drill, up to its end.
pub fn drill() -> Tape {
    let mut tape = Tape::new();
    steady_state(&mut tape);
    hypothesis(&mut tape);
    fault_and_finding(&mut tape);
    validate_and_escalate(&mut tape);
    isolate(&mut tape);
    recover(&mut tape);
    verify_and_improve(&mut tape);
    tape
}

pub fn steady_state(tape: &mut Tape) {
    let title = "Something on an instance looks up strange names".into();
    tape.drill(DrillEvent::Opened { scenario: "crypto-mining".to_owned().try_into().unwrap(), title });
    let name = tape.seal("otter");
    tape.drill(DrillEvent::SeatTaken { seat: seat(), role: Role::Responder, name });
    tape.phase(Phase::SteadyState, PhaseCause::Start);
    for service in &scenario().services {
        for instance in &service.instances {
            let (id, service) = (instance.id.as_str(), service.id.as_str());
            tape.instance_with(id, service, InstanceState::InService, InstanceCause::Initial, Vec::new());
        }
    }
    tape.samples(300, 31.0, 2.0, 0.0);
    tape.drill(DrillEvent::GateOpened { since: DrillTime::ZERO });
    tape.samples(320, 31.0, 2.0, 0.0).wait(90);
}

pub fn hypothesis(tape: &mut Tape) {
    tape.phase(Phase::Hypothesis, PhaseCause::Said);
    tape.drill(DrillEvent::HypothesisSet { hypothesis: scenario().hypothesis.clone() });
    tape.people(PeopleEvent::Predicted(Prediction {
        notified_within: Some(Span::from_secs(600)),
        contained_within: Some(Span::from_secs(1_500)),
        signal: Some(Guess::Stays),
        confidence: Some(4),
    }));
    tape.wait(60);
}

pub fn fault_and_finding(tape: &mut Tape) {
    tape.phase(Phase::Experiment, PhaseCause::Said);
    tape.samples(340, 31.0, 2.0, 0.0);
    tape.world(WorldEvent::FaultActive).stage("mining", MINER, true).adversary(AdversaryState::Active);
    tape.samples(460, 33.0, 2.0, 0.0).stage("stealing-credentials", MINER, true);
    tape.world(WorldEvent::Logged {
        record: LogRecord::new(
            RecordId::of("stage/mining/0", 0),
            LogSource::ResolverQuery,
            DrillTime(345_000_000),
            LogText::of("i-0a1b2c3d4e5f60001 asks for pool.minexmr.example".into(), "{}".into()),
        ),
    });
    tape.samples(950, 33.0, 2.0, 0.0).world(WorldEvent::FindingCreated { finding: finding() });
    let channel = "pager".to_owned().try_into().unwrap();
    tape.samples(995, 33.0, 2.0, 0.0).world(WorldEvent::Notified { channel, finding: finding() });
}

pub fn validate_and_escalate(tape: &mut Tape) {
    tape.prompt("validate").at(1_010);
    tape.people(PeopleEvent::Acknowledged { finding: Some(finding().id) });
    tape.samples(1_040, 33.0, 2.0, 0.0).act(1, "look-dns", None, None);
    tape.samples(1_130, 33.0, 2.0, 0.0).done(1, vec![EffectResult::Log { records: 41 }]).step_done("validate", 1);
    tape.answer("validate", 4, (true, false), None).prompt("notify");
    tape.samples(1_150, 33.0, 2.0, 0.0).act(2, "escalate", None, None);
    let scenario = scenario();
    let call = scenario.injects.iter().find(|inject| inject.id.as_str() == "support-call").unwrap();
    tape.drill(DrillEvent::InjectDelivered { inject: call.id.clone(), message: Some(call.message()) });
    tape.samples(1_210, 33.0, 2.0, 0.0).done(2, vec![EffectResult::Told]).step_done("notify", 2);
    tape.answer("notify", 2, (true, true), Some("who decides about the customers?")).prompt("snapshot");
}

pub fn isolate(tape: &mut Tape) {
    tape.skip("snapshot", "no time").skip("memory", "no time").prompt("isolate");
    tape.at(1_220).act(3, "isolate", Some(MINER), Some(Guess::Stays));
    let isolated =
        EffectResult::Changed { change: InstanceChange::Isolate, instance: target_id(MINER), tracked_alive: true };
    tape.samples(1_230, 33.0, 2.0, 0.0).done(3, vec![isolated]);
    tape.instance(MINER, InstanceState::Unhealthy, InstanceCause::Response(3)).step_done("isolate", 3);
    tape.samples(1_330, 72.0, 1.0, 60.0);
    let lost = vec![EvidenceKind::Disk, EvidenceKind::Memory];
    tape.instance_with(MINER, "personalization", InstanceState::Terminated, InstanceCause::HealthCheck, lost);
    tape.stage("mining", MINER, false).adversary(AdversaryState::Contained);
    tape.instance(NEWCOMER, InstanceState::Booting, InstanceCause::Group);
    let note = tape.seal("the instance is gone, and its volume with it");
    tape.people(PeopleEvent::Noted { words: note });
}

pub fn recover(tape: &mut Tape) {
    tape.prompt("rotate");
    tape.samples(1_350, 72.0, 1.0, 60.0).act(4, "rotate-credentials", Some("personalization-role"), None);
    let services = vec!["personalization".to_owned().try_into().unwrap()];
    tape.samples(1_370, 72.0, 1.0, 60.0).done(4, vec![EffectResult::SessionsRevoked { services }]);
    let role = target_id("personalization-role");
    tape.world(WorldEvent::Role { role: role.clone(), usable: false });
    tape.stage("stealing-credentials", MINER, false).adversary(AdversaryState::Eradicated).step_done("rotate", 4);
    tape.samples(1_400, 88.0, 1.0, 900.0).world(WorldEvent::Role { role, usable: true });
    tape.samples(1_570, 72.0, 1.0, 60.0).instance(NEWCOMER, InstanceState::InService, InstanceCause::Group);
    tape.prompt("confirm").samples(1_870, 31.0, 2.0, 0.0);
    tape.drill(DrillEvent::SteadyAgain { since: DrillTime(1_570_000_000) }).act(5, "confirm-steady", None, None);
    tape.samples(1_900, 31.0, 2.0, 0.0).done(5, vec![EffectResult::Steady { yes: true }]).step_done("confirm", 5);
}

pub fn verify_and_improve(tape: &mut Tape) {
    tape.phase(Phase::Verify, PhaseCause::AllDone).wait(300);
    let words = tape.seal("We took away half of the capacity at a busy hour.");
    tape.people(PeopleEvent::Reviewed { question: 2, words });
    tape.phase(Phase::Improve, PhaseCause::Said);
    let (what, owner) = (tape.seal("Scale out before an instance is isolated"), tape.seal("heron"));
    tape.people(PeopleEvent::Improvement { what, owner: Some(owner), due: Some("2026-12-05".into()) });
    tape.phase(Phase::Closed, PhaseCause::Said);
}
