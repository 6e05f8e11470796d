//! The state machine alone: every command in every phase, and the rules that follow by themselves.

use std::sync::{Arc, LazyLock};

use firedrill::library;
use firedrill_core::rules::Drill;
use firedrill_model::command::{Ask, ClockAsk, LaterAsk, StepAsk};
use firedrill_model::event::{
    ActionEvent, ActionState, AdversaryState, EffectResult, Entry, InstanceCause, InstanceEvent, InstanceState,
    Obstacle, PaceCause, PhaseCause, Prediction, Sample,
};
use firedrill_model::id::{ActionId, FindingId, ObjectiveId, SeatId, SignalId, StepId, TargetId};
use firedrill_model::refusal::Bounded;
use firedrill_model::scenario::Scenario;
use firedrill_model::{
    Author, DrillTime, Finding, Guess, Judgement, LogRecord, LogSource, LogText, Rating, RecordId, Sealed, Span,
};
use firedrill_model::{
    audience::audience_of,
    command::Command,
    event::{DrillEvent, Event, PeopleEvent, WorldEvent},
    phase::{Pace, Phase},
    refusal::Refusal,
};
use proptest::prelude::*;

const MINER: &str = "i-0a1b2c3d4e5f60001";

static SCENARIO: LazyLock<Arc<Scenario>> = LazyLock::new(|| {
    let text = library::find("crypto-mining").unwrap();
    Arc::new(firedrill_authoring::check("scenario.toml", text).unwrap())
});

fn scenario() -> Arc<Scenario> {
    Arc::clone(&SCENARIO)
}

fn seat() -> SeatId {
    SeatId::new("seat-1").unwrap()
}

fn words() -> Sealed {
    Sealed { reference: 1, sha256: "00".into() }
}

fn step(id: &str) -> StepId {
    StepId::new(id).unwrap()
}

fn act(action: &str, target: Option<&str>) -> Command {
    let target = target.map(|id| TargetId::new(id).unwrap());
    Ask::Act { action: ActionId::new(action).unwrap(), target, guess: Some(Guess::Stays), why: None }
}

fn answer() -> StepAsk<Sealed> {
    StepAsk::Answer { confidence: Some(4), knew_where: Some(true), knew_whom: Some(true), words: None }
}

fn finding() -> Finding {
    Finding {
        id: FindingId::new("f-1").unwrap(),
        detector: scenario().hypothesis.detector.clone(),
        kind: "CryptoCurrency:EC2/BitcoinTool.B!DNS".into(),
        severity: 8.0,
        title: "t".into(),
        description: "d".into(),
        resource: TargetId::new(MINER).unwrap(),
        first_seen: DrillTime::ZERO,
        last_seen: DrillTime::ZERO,
        count: 1,
        document: "{}".into(),
    }
}

/// A drill with the clock and the world in the test's hands.
struct Rig {
    drill: Drill,
    now: DrillTime,
    seq: u64,
    entries: Vec<Entry>,
}

impl Rig {
    fn new() -> Self {
        let mut rig = Self { drill: Drill::new(scenario()), now: DrillTime::ZERO, seq: 0, entries: Vec::new() };
        let scenario = scenario();
        rig.drill_says(DrillEvent::Opened { scenario: scenario.id.clone(), title: scenario.title.clone() });
        rig.drill_says(DrillEvent::PhaseEntered { phase: Phase::SteadyState, because: PhaseCause::Start });
        let name = Sealed { reference: 1, sha256: "0".repeat(64) };
        let taken = DrillEvent::SeatTaken {
            seat: SeatId::new("seat-1").unwrap(),
            role: firedrill_model::Role::Responder,
            name,
        };
        rig.drill_says(taken);
        let instance = &scenario.services[1].instances[0];
        rig.world(WorldEvent::Instance(InstanceEvent {
            instance: instance.id.clone(),
            service: scenario.services[1].id.clone(),
            zone: instance.zone.clone(),
            state: InstanceState::InService,
            because: InstanceCause::Initial,
            evidence_lost: Vec::new(),
        }));
        rig
    }

    fn in_phase(phase: Phase) -> Self {
        let mut rig = Self::new();
        if phase == Phase::SteadyState {
            return rig;
        }
        rig.healthy_for(Span::from_secs(300));
        while rig.drill.phase() < phase {
            rig.ask(&Ask::NextPhase).unwrap();
            if rig.drill.phase() == Phase::Experiment {
                rig.world(WorldEvent::FaultActive);
                let (stage, on) = (scenario().stages[0].id.clone(), TargetId::new(MINER).unwrap());
                rig.world(WorldEvent::Stage { stage, on, active: true });
                rig.world(WorldEvent::Adversary { state: AdversaryState::Active });
            }
        }
        rig
    }

    fn take(&mut self, by: Author, event: Event) {
        let utc = chrono::DateTime::UNIX_EPOCH;
        let entry = Entry { seq: self.seq, at: self.now, utc, to: audience_of(&event, &by), by, source: None, event };
        self.seq += 1;
        self.drill.apply(&entry);
        self.entries.push(entry);
        for event in self.drill.settle(self.now) {
            self.take(Author::Drill, event);
        }
    }

    fn drill_says(&mut self, event: DrillEvent) {
        self.take(Author::Drill, Event::Drill(event));
    }

    fn world(&mut self, event: WorldEvent) {
        self.take(Author::World(firedrill_model::id::WorldId::simulated()), Event::World(event));
    }

    fn ask(&mut self, command: &Command) -> Result<(), Refusal> {
        for event in self.drill.decide(&seat(), command)? {
            self.take(Author::Seat(seat()), event);
        }
        Ok(())
    }

    fn sample(&mut self, latency: f64) {
        let scenario = scenario();
        let at_home = |signal: &firedrill_model::scenario::Signal| signal.limit.unwrap_or(1.0);
        let mut values: Vec<f64> = scenario.signals.iter().map(at_home).collect();
        values[0] = latency;
        self.world(WorldEvent::Sampled(Sample { values, requests: 1.0, failed: 0.0, by_service: Vec::new() }));
    }

    fn healthy_for(&mut self, span: Span) {
        for _ in 0..=span.0 / 10_000_000 {
            self.sample(30.0);
            self.now = self.now + Span::from_secs(10);
        }
    }

    /// The clock alone.
    fn pass(&mut self, span: Span) {
        self.now = self.now + span;
        while let Some(event) = self.drill.settle(self.now).into_iter().next() {
            self.take(Author::Drill, event);
        }
    }

    fn notify(&mut self) {
        let channel = scenario().channels[0].id.clone();
        self.world(WorldEvent::Notified { channel, finding: finding() });
    }

    fn done(&mut self, run: u32) {
        self.world(WorldEvent::Action(ActionEvent { run, state: ActionState::Done { results: Vec::new() } }));
    }

    fn has(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.events().any(wanted)
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.entries.iter().map(|entry| &entry.event)
    }
}

/// One of each command, by name.
fn rate(objective: &str, rating: Option<Rating>) -> Command {
    Ask::Rate { objective: ObjectiveId::new(objective).unwrap(), rating, words: None }
}

fn commands() -> Vec<(&'static str, Command)> {
    let hypothesis = scenario().hypothesis.clone();
    let prediction = Prediction { notified_within: None, contained_within: None, signal: None, confidence: Some(3) };
    vec![
        ("next phase", Ask::NextPhase),
        ("hypothesis", Ask::SetHypothesis(hypothesis)),
        ("predict", Ask::Predict(prediction)),
        ("acknowledge f-1", Ask::Acknowledge(Some(FindingId::new("f-1").unwrap()))),
        ("acknowledge the matter", Ask::Acknowledge(None)),
        ("judge f-1", Ask::Judge(FindingId::new("f-1").unwrap(), Judgement::Noise)),
        ("mark record 1", Ask::Mark { record: record_id(), note: Some(words()) }),
        ("unmark record 1", Ask::Unmark(record_id())),
        ("fire the first message", Ask::Inject(scenario().injects[0].id.clone())),
        ("act", act("snapshot-volume", Some(MINER))),
        ("act without target", act("snapshot-volume", None)),
        ("act on a role with an instance's action", act("snapshot-volume", Some("personalization-role"))),
        ("act unknown", act("pray", None)),
        ("step done", Ask::Step(step("validate"), StepAsk::Done)),
        ("step skipped", Ask::Step(step("validate"), StepAsk::Skip(None))),
        ("step answered", Ask::Step(step("validate"), answer())),
        ("step unknown", Ask::Step(step("nothing"), StepAsk::Done)),
        ("note", Ask::Note(words())),
        ("attend", Ask::Attend(true)),
        ("pause", Ask::Clock(ClockAsk::Pause(true))),
        ("pace 10", Ask::Clock(ClockAsk::Pace(Pace::Times(10)))),
        ("pace 0", Ask::Clock(ClockAsk::Pace(Pace::Times(0)))),
        ("skip", Ask::Clock(ClockAsk::Skip)),
        ("review 1", Ask::Review(1, words())),
        ("review 8", Ask::Review(8, words())),
        ("rate keep-the-service", rate("keep-the-service", Some(Rating::Performed))),
        ("rate without saying anything", rate("keep-the-service", None)),
        ("rate unknown", rate("nothing", Some(Rating::Unable))),
        ("improve", Ask::Improve { what: words(), owner: None, due: Some("2026-12-05".into()) }),
        ("improve with a strange date", Ask::Improve { what: words(), owner: None, due: Some("soon".into()) }),
        ("note later", Ask::Later(DrillTime::ZERO, LaterAsk::Note(words()))),
        ("bookmark", Ask::Later(DrillTime::ZERO, LaterAsk::Bookmark(true))),
        ("bookmark after the end", Ask::Later(DrillTime(u64::MAX), LaterAsk::Bookmark(true))),
    ]
}

#[test]
fn every_command_in_every_phase() {
    let mut table = String::new();
    for phase in Phase::ALL {
        table.push_str(&format!("{}\n", phase.label()));
        for (name, command) in commands() {
            let rig = Rig::in_phase(phase);
            let before = rig.drill.clone();
            let answer = match rig.drill.decide(&seat(), &command) {
                Ok(events) => events.iter().map(kind).collect::<Vec<_>>().join(", "),
                Err(refusal) => format!("refused: {refusal}"),
            };
            assert_eq!(before, rig.drill, "deciding changes nothing");
            table.push_str(&format!("  {name}: {answer}\n"));
        }
    }
    insta::assert_snapshot!(table);
}

fn kind(event: &Event) -> String {
    serde_json::to_value(event).unwrap()["kind"].as_str().unwrap().to_owned()
}

#[test]
fn the_gate_opens_when_the_steady_state_has_held_and_closes_when_it_breaks() {
    let mut rig = Rig::new();
    rig.healthy_for(Span::from_secs(280));
    assert_eq!(rig.ask(&Ask::NextPhase), Err(Refusal::GateClosed));
    rig.healthy_for(Span::from_secs(20));
    assert!(rig.drill.gate_open());
    rig.sample(51.0);
    assert!(!rig.drill.gate_open());
    let latency = SignalId::new("latency").unwrap();
    assert!(rig.has(|event| *event == Event::Drill(DrillEvent::GateClosed { signal: latency.clone(), value: 51.0 })));
}

#[test]
fn the_playbook_asks_once_somebody_knows() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    let prompted = |event: &Event| matches!(event, Event::Drill(DrillEvent::StepPrompted { .. }));
    rig.pass(Span::from_secs(60));
    assert!(!rig.has(prompted), "nobody knows of anything yet");
    rig.world(WorldEvent::FindingCreated { finding: finding() });
    assert!(!rig.has(prompted), "detected is not notified");
    rig.notify();
    assert!(rig.has(prompted));
}

#[test]
fn a_step_counts_as_done_by_its_action_and_asks_its_questions() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    rig.ask(&act("look-dns", None)).unwrap();
    rig.done(1);
    assert!(rig.has(|event| *event == Event::People(PeopleEvent::StepDone { step: step("validate"), run: Some(1) })));
    assert!(rig.drill.is_asked(), "the questions are open");
    assert_eq!(rig.ask(&Ask::Step(step("validate"), StepAsk::Done)), Err(Refusal::StepFinished(step("validate"))));
    rig.ask(&Ask::Step(step("validate"), answer())).unwrap();
    let one_answer = StepAsk::Answer { confidence: Some(9), knew_where: None, knew_whom: None, words: None };
    assert!(matches!(rig.ask(&Ask::Step(step("validate"), one_answer)), Err(Refusal::OutOfRange(_))));
}

fn record_id() -> RecordId {
    RecordId::of("background/0", 7)
}

fn record() -> LogRecord {
    LogRecord::new(record_id(), LogSource::VpcFlow, DrillTime::ZERO, LogText::of("s".into(), "2 ...".into()))
}

#[test]
fn a_record_is_marked_by_its_id() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    let (other, number) = (RecordId::of("background/0", 8), record_id());
    rig.world(WorldEvent::Logged { record: record() });
    let mark = |record| Ask::Mark { record, note: None };
    assert_eq!(rig.ask(&mark(other.clone())), Err(Refusal::NoSuchRecord(other)));
    assert_eq!(rig.ask(&Ask::Unmark(number.clone())), Err(Refusal::NotMarked(number.clone())));
    rig.ask(&mark(number.clone())).unwrap();
    rig.ask(&Ask::Mark { record: number.clone(), note: Some(words()) }).unwrap();
    rig.ask(&Ask::Unmark(number.clone())).unwrap();
    assert_eq!(rig.ask(&Ask::Unmark(number.clone())), Err(Refusal::NotMarked(number.clone())));
}

#[test]
fn a_finding_is_judged_once_it_is_seen_and_anew() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    let judge = |judgement| Ask::Judge(FindingId::new("f-1").unwrap(), judgement);
    assert!(matches!(rig.ask(&judge(Judgement::Noise)), Err(Refusal::NoSuchFinding(_))));
    rig.notify();
    rig.ask(&judge(Judgement::Noise)).unwrap();
    assert_eq!(rig.ask(&judge(Judgement::Noise)), Err(Refusal::AlreadyJudged(Judgement::Noise)));
    rig.ask(&judge(Judgement::Ours)).unwrap();
}

#[test]
fn a_full_record_still_lets_go_of_the_clock() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    rig.ask(&Ask::Attend(true)).unwrap();
    rig.ask(&Ask::Clock(ClockAsk::Pause(true))).unwrap();
    while rig.ask(&Ask::Note(words())).is_ok() {}
    assert_eq!(rig.ask(&Ask::Note(words())), Err(Refusal::TooMany(Bounded::Entries)));
    assert_eq!(rig.ask(&Ask::Attend(true)), Err(Refusal::TooMany(Bounded::Entries)));
    rig.ask(&Ask::Attend(false)).unwrap();
    rig.ask(&Ask::Clock(ClockAsk::Pause(false))).unwrap();
    assert!(rig.drill.rate() > 0, "the clock runs again");
    rig.ask(&Ask::NextPhase).unwrap();
}

#[test]
fn what_is_allowed_is_never_refused_for_its_phase_and_the_other_way_round() {
    for phase in Phase::ALL {
        let rig = Rig::in_phase(phase);
        for (name, command) in commands() {
            let refused = matches!(
                rig.drill.decide(&seat(), &command),
                Err(Refusal::NotNow(_) | Refusal::NotOver | Refusal::Closed)
            );
            assert_eq!(refused, !command.matter().allowed_in(phase), "{name} in {phase:?}");
        }
    }
}

#[test]
fn what_turns_out_impossible_completes_no_step() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    rig.ask(&act("snapshot-volume", Some(MINER))).unwrap();
    let results = vec![EffectResult::Impossible { because: Obstacle::InstanceTerminated }];
    rig.world(WorldEvent::Action(ActionEvent { run: 1, state: ActionState::Done { results } }));
    assert!(!rig.has(|event| matches!(event, Event::People(PeopleEvent::StepDone { .. }))));
}

#[test]
fn a_response_elsewhere_has_its_effect_and_completes_no_step() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    let other = scenario().services[1].instances[1].clone();
    rig.world(WorldEvent::Instance(InstanceEvent {
        instance: other.id.clone(),
        service: scenario().services[1].id.clone(),
        zone: other.zone.clone(),
        state: InstanceState::InService,
        because: InstanceCause::Initial,
        evidence_lost: Vec::new(),
    }));
    rig.notify();
    rig.ask(&act("terminate", Some(other.id.as_str()))).unwrap();
    rig.done(1);
    rig.ask(&act("scale-out", Some("asg-website"))).unwrap();
    rig.done(2);
    assert!(!rig.has(|event| matches!(event, Event::People(PeopleEvent::StepDone { .. }))));
    rig.ask(&act("scale-out", Some("asg-personalization"))).unwrap();
    rig.done(3);
    assert!(rig.has(|event| *event == Event::People(PeopleEvent::StepDone { step: step("replace"), run: Some(3) })));
}

#[test]
fn a_pause_ends_with_its_phase() {
    let mut rig = Rig::new();
    rig.healthy_for(Span::from_secs(300));
    rig.ask(&Ask::Clock(ClockAsk::Pause(true))).unwrap();
    assert_eq!(rig.drill.rate(), 0);
    rig.ask(&Ask::NextPhase).unwrap();
    rig.ask(&Ask::NextPhase).unwrap();
    assert_eq!(rig.drill.rate(), firedrill_model::phase::BRISK_RATE);
    rig.ask(&Ask::Clock(ClockAsk::Pause(true))).unwrap();
    assert_eq!(rig.drill.rate(), 0);
}

#[test]
fn a_line_of_text_alone_leaves_the_questions_open() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    rig.ask(&Ask::Step(step("validate"), StepAsk::Done)).unwrap();
    let part = |confidence, words| StepAsk::Answer { confidence, knew_where: None, knew_whom: None, words };
    rig.ask(&Ask::Step(step("validate"), part(None, Some(words())))).unwrap();
    assert!(rig.drill.is_asked(), "the three questions are still open");
    rig.ask(&Ask::Step(step("validate"), part(None, None))).unwrap();
    assert!(!rig.drill.is_asked(), "an answer without anything leaves them");
}

#[test]
fn skipping_takes_no_time_from_what_is_asked() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    assert!(rig.ask(&Ask::Clock(ClockAsk::Skip)).is_ok(), "nothing is asked yet");
    rig.notify();
    assert!(matches!(rig.ask(&Ask::Clock(ClockAsk::Skip)), Err(Refusal::Asked(_))));
    rig.ask(&act("look-dns", None)).unwrap();
    assert!(rig.ask(&Ask::Clock(ClockAsk::Skip)).is_ok(), "a response is under way: one may wait for it");
}

#[test]
fn two_steps_that_end_together_are_both_asked_about() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    rig.notify();
    rig.ask(&Ask::Acknowledge(None)).unwrap();
    rig.ask(&Ask::Acknowledge(Some(finding().id))).unwrap();
    rig.ask(&act("terminate", Some(MINER))).unwrap();
    rig.done(1);
    for id in ["isolate", "replace"] {
        assert!(rig.has(|event| *event == Event::People(PeopleEvent::StepDone { step: step(id), run: Some(1) })));
        rig.ask(&Ask::Attend(true)).unwrap();
        rig.ask(&Ask::Attend(false)).unwrap();
        assert!(rig.drill.is_asked(), "the questions after {id} are open");
        rig.ask(&Ask::Step(step(id), answer())).unwrap();
    }
    rig.ask(&act("look-findings", None)).unwrap();
    assert!(!rig.drill.is_asked(), "all is answered, and a response is under way");
}

#[test]
fn what_was_done_before_the_experiment_completes_no_step() {
    let mut rig = Rig::new();
    rig.ask(&act("look-dns", None)).unwrap();
    rig.done(1);
    rig.healthy_for(Span::from_secs(300));
    rig.ask(&Ask::NextPhase).unwrap();
    rig.ask(&Ask::NextPhase).unwrap();
    assert!(!rig.has(|event| matches!(event, Event::People(PeopleEvent::StepDone { .. }))));
}

#[test]
fn brisk_keeps_to_real_time_while_somebody_is_asked() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    assert_eq!(rig.drill.rate(), firedrill_model::phase::BRISK_RATE, "nothing is asked yet");
    rig.ask(&Ask::Attend(true)).unwrap();
    assert_eq!(rig.drill.rate(), 1, "a dialogue is open");
    rig.ask(&Ask::Attend(false)).unwrap();
    assert_eq!(rig.drill.rate(), firedrill_model::phase::BRISK_RATE);
    rig.notify();
    assert_eq!(rig.drill.rate(), 1, "a finding waits");
    rig.ask(&Ask::Acknowledge(Some(finding().id))).unwrap();
    rig.ask(&act("look-dns", None)).unwrap();
    assert_eq!(rig.drill.rate(), firedrill_model::phase::BRISK_RATE, "the response takes its time");
    rig.ask(&Ask::Clock(ClockAsk::Pause(true))).unwrap();
    assert_eq!(rig.drill.rate(), 0);
    rig.ask(&Ask::Clock(ClockAsk::Pause(false))).unwrap();
    assert_eq!(rig.drill.rate(), firedrill_model::phase::BRISK_RATE);
    let changes = rig.events().filter(|event| matches!(event, Event::Drill(DrillEvent::PaceChanged { .. }))).count();
    assert!(changes >= 7, "every change of pace is an event");
    assert!(
        !rig.has(|event| matches!(event, Event::Drill(DrillEvent::PaceChanged { because: PaceCause::Skipped, .. })))
    );
}

#[test]
fn the_experiment_ends_when_its_time_is_up() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    let length = scenario().length;
    assert_eq!(rig.drill.next_due(rig.now).map(|due| due <= rig.now + length), Some(true));
    rig.pass(length);
    assert_eq!(rig.drill.phase(), Phase::Verify);
    assert_eq!(rig.drill.rate(), 0, "the drill clock stands still from Verify on");
}

#[test]
fn the_experiment_ends_when_all_is_done_and_the_steady_state_is_back() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    for one in scenario().playbook.steps.clone() {
        rig.ask(&Ask::Step(one.id.clone(), StepAsk::Done)).unwrap();
        rig.ask(&Ask::Step(one.id, answer())).unwrap();
    }
    rig.healthy_for(Span::from_secs(600));
    assert_eq!(rig.drill.phase(), Phase::Experiment, "the adversary is still there");
    rig.world(WorldEvent::Adversary { state: AdversaryState::Contained });
    rig.sample(30.0);
    assert_eq!(
        rig.drill.phase(),
        Phase::Experiment,
        "it has to stay quiet for as long as the steady state has to hold"
    );
    rig.healthy_for(Span::from_secs(300));
    assert_eq!(rig.drill.phase(), Phase::Verify);
    assert!(rig.has(|event| matches!(event, Event::Drill(DrillEvent::SteadyAgain { .. }))));
}

#[test]
fn a_message_comes_at_its_time_and_only_once() {
    let mut rig = Rig::in_phase(Phase::Experiment);
    rig.pass(Span::from_secs(14 * 60));
    rig.pass(Span::from_secs(60));
    let messages =
        rig.events().filter(|event| matches!(event, Event::Drill(DrillEvent::InjectDelivered { .. }))).count();
    assert_eq!(messages, 1);
}

proptest! {
    /// Whatever is asked in whatever order: refusals change nothing, phases only go forward, and the fold of the events is
    /// the live state.
    #[test]
    fn any_sequence_of_commands_keeps_the_rules(picks in prop::collection::vec((0usize..23, 0u64..400), 0..60)) {
        let mut rig = Rig::new();
        for (pick, secs) in picks {
            let before = rig.drill.clone();
            let phase = before.phase();
            let (_, command) = commands().swap_remove(pick);
            if rig.ask(&command).is_err() {
                prop_assert_eq!(&before, &rig.drill);
            }
            prop_assert!(rig.drill.phase() >= phase);
            if rig.drill.phase().clock_runs() {
                rig.now = rig.now + Span::from_secs(secs);
                rig.sample(if secs % 7 == 0 { 60.0 } else { 30.0 });
            }
        }
        let mut folded = Drill::new(scenario());
        rig.entries.iter().for_each(|entry| folded.apply(entry));
        prop_assert_eq!(folded, rig.drill);
    }
}
