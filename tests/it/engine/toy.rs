//! A toy of a live world: it reports when it likes. That it needs nothing of the core but [`Input`] and [`Output`] is what is shown here.

use std::collections::VecDeque;

use firedrill_core::engine::{Input, MOST_SPOOLED};
use firedrill_model::command::{Ask, ClockAsk};
use firedrill_model::event::{ActionEvent, ActionState, DrillEvent, EffectResult, Event, Sample, WorldEvent};
use firedrill_model::id::{ActionId, TargetId, WorldId};
use firedrill_model::phase::Pace;
use firedrill_model::world::{Capabilities, Contact, Happened, Key, Owns};
use firedrill_model::{DrillTime, Guess, Observation, Phase, Refusal, Request, Span};

use super::{Host, SCENARIO, seat, world};
use firedrill::host::worlds::Clocked;

pub const LIVE: Capabilities = Capabilities { hurry: false, respond: true, preview: true, undo: true };

/// What a live world does outside: it takes requests on and answers some time later, if at all.
#[derive(Default)]
pub struct Toy {
    taken: Vec<u64>,
    answers: VecDeque<Observation>,
    hangs: bool,
}

pub fn toy() -> WorldId {
    world("toy")
}

pub fn report(key: &str, event: WorldEvent) -> Observation {
    Observation { world: toy(), key: Key::Name(key.into()), happened: None, event, step: None }
}

pub fn happened(at: u64, observation: Observation) -> Observation {
    let told = Happened { at: DrillTime::ZERO + Span::from_secs(at), clock: "toy".into() };
    Observation { happened: Some(told), ..observation }
}

/// A sample in which every signal is within its limit, or none is.
pub fn sample(good: bool) -> WorldEvent {
    let value = |signal: &firedrill_model::scenario::Signal| match signal.limit {
        Some(limit) if signal.side.holds(limit / 2.0, limit) == good => limit / 2.0,
        Some(limit) => limit * 2.0,
        None => 1.0,
    };
    let values = SCENARIO.signals.iter().map(value).collect();
    WorldEvent::Sampled(Sample { values, requests: 10.0, failed: 0.0, by_service: Vec::new() })
}

impl Toy {
    /// Takes on what the host was told to ask, once each, and answers.
    pub fn work(&mut self, host: &mut Host) {
        for (request, durable) in std::mem::take(&mut host.asked) {
            if request.world != toy() || self.taken.contains(&request.id) {
                continue;
            }
            assert!(request.what.is_revert() || request.id < durable, "nothing is asked before it is on disk");
            self.taken.push(request.id);
            match request.what {
                Request::FireFault => self.answers.push_back(report("fault", WorldEvent::FaultActive)),
                Request::Respond { run, .. } => {
                    let done = ActionState::Done { results: vec![EffectResult::Told] };
                    let done = WorldEvent::Action(ActionEvent { run, state: done });
                    self.answers.push_back(report(&format!("run-{run}"), done));
                }
                Request::Acknowledged | Request::Proceed(_) | Request::Revert => {}
            }
        }
        while let Some(answer) = self.answers.pop_front().filter(|_| !self.hangs) {
            host.observe(answer);
        }
    }
}

pub fn live() -> Host {
    Host::new(Vec::new(), vec![(toy(), LIVE, Owns::Everything)])
}

/// Samples at the pace of the wall, until the gate is open.
pub fn steady(host: &mut Host) {
    for turn in 0..60 {
        host.wait(Span::from_secs(10));
        host.observe(report(&format!("sample-{turn}"), sample(true)));
    }
    assert!(host.drive.drill().gate_open());
}

#[test]
fn a_drill_runs_against_a_world_that_answers_when_it_likes() {
    let (mut host, mut toy) = (live(), Toy::default());
    steady(&mut host);
    for _ in 0..2 {
        host.ask(&seat("seat-1"), Ask::NextPhase).unwrap();
    }
    assert_eq!(host.drive.drill().phase(), Phase::Experiment);
    host.wait(Span::from_secs(20));
    toy.work(&mut host);
    let fault = host.log.iter().find(|entry| matches!(entry.event, Event::World(WorldEvent::FaultActive))).unwrap();
    assert_eq!(fault.at, host.drive.now(), "it counts from when it was heard");

    let target = Some(TargetId::new("i-0a1b2c3d4e5f60001").unwrap());
    let action = ActionId::new("isolate").unwrap();
    let known = SCENARIO
        .actions
        .iter()
        .find(|one| one.id == action || one.target == firedrill_model::scenario::TargetKind::None);
    let known = known.unwrap();
    let target = target.filter(|_| known.target != firedrill_model::scenario::TargetKind::None);
    let act = Ask::Act { action: known.id.clone(), target, guess: Some(Guess::Stays), why: None };
    match host.ask(&seat("seat-1"), act) {
        Ok(()) => {
            host.wait(Span::from_secs(45));
            toy.work(&mut host);
            let done = host.events().iter().any(|event| matches!(event, Event::World(WorldEvent::Action(_))));
            assert!(done, "the answer came late, and counts");
        }
        Err(refusal) => panic!("{refusal}"),
    }
}

#[test]
fn what_is_reported_twice_is_taken_once_also_after_a_resume() {
    let mut host = live();
    let once = report("f-1/0", sample(true));
    host.observe(once.clone());
    let after_once = host.log.len();
    host.observe(once.clone());
    assert_eq!(host.log.len(), after_once);

    let mut again = Host::of(firedrill_core::engine::Drive::branch(
        std::sync::Arc::clone(&SCENARIO),
        Vec::<(WorldId, Clocked)>::new(),
        200_000,
        &host.log,
    ));
    again.log = host.log.clone();
    again.observe(once);
    assert_eq!(again.log.len(), after_once, "keys that were seen are a fold of the entries");
}

#[test]
fn what_comes_late_and_out_of_order_counts_where_it_happened_and_moves_no_gate() {
    let mut host = live();
    steady(&mut host);
    let now = host.drive.now();
    // A bad sample of long ago arrives only now.
    host.observe(happened(30, report("late", sample(false))));
    let entry =
        host.log.iter().rev().find(|entry| entry.source.as_ref().is_some_and(|one| one.happened.is_some())).unwrap();
    assert_eq!(entry.at, now, "an entry is of the moment in which it was heard");
    assert_eq!(
        entry.moment(),
        DrillTime::ZERO + Span::from_secs(30),
        "what it tells is of the moment in which it happened"
    );
    assert!(host.drive.drill().gate_open(), "an old sample closes no gate");
    // One from the future of its clock is no later than it was heard.
    host.observe(happened(1_000_000, report("ahead", sample(true))));
    assert_eq!(host.log.last().unwrap().moment(), host.log.last().unwrap().at);
}

#[test]
fn the_clock_follows_a_world_that_can_not_be_hurried() {
    let mut host = live();
    assert_eq!(host.drive.drill().rate(), 1, "brisk is no faster than real time");
    let one = seat("seat-1");
    let refused = Refusal::Unhurried(toy());
    assert_eq!(host.ask(&one, Ask::Clock(ClockAsk::Pace(Pace::Times(10)))), Err(refused.clone()));
    assert_eq!(host.ask(&one, Ask::Clock(ClockAsk::Pause(true))), Err(refused.clone()));
    assert_eq!(host.ask(&one, Ask::Clock(ClockAsk::Skip)), Err(refused));
    assert_eq!(host.ask(&one, Ask::Clock(ClockAsk::Pace(Pace::Times(1)))), Ok(()));
    host.wait(Span::from_secs(7));
    assert_eq!(host.drive.now(), DrillTime::ZERO + Span::from_secs(7));
    host.advance(DrillTime::ZERO + Span::from_secs(100));
    assert_eq!(host.drive.now(), DrillTime::ZERO + Span::from_secs(7), "nor by a script");
}

#[test]
fn going_away_and_coming_back_is_told_and_loses_nothing() {
    let mut host = live();
    host.step(Input::Contact(toy(), Contact::Lost));
    assert_eq!(host.drive.drill().contact(&toy()), Some(Contact::Lost));
    host.step(Input::Contact(toy(), Contact::Back));
    host.observe(report("after", sample(true)));
    let told = host.events().into_iter().filter(|event| matches!(event, Event::Drill(DrillEvent::WorldContact { .. })));
    assert_eq!(told.count(), 2);
    assert!(matches!(
        host.log.last().map(|entry| &entry.event),
        Some(Event::World(WorldEvent::Sampled(_)) | Event::Drill(_))
    ));
}

#[test]
fn a_world_that_hangs_holds_up_nobody() {
    let (mut host, mut toy) = (live(), Toy { hangs: true, ..Toy::default() });
    steady(&mut host);
    for _ in 0..2 {
        host.ask(&seat("seat-1"), Ask::NextPhase).unwrap();
    }
    toy.work(&mut host);
    let before = host.drive.now();
    host.wait(Span::from_secs(60));
    assert_eq!(host.drive.now(), before + Span::from_secs(60));
    assert!(!host.drive.holds_time(), "only a clocked world holds the clock");
}

#[test]
fn what_nobody_expects_is_left_out() {
    let mut host = live();
    let before = host.log.len();
    host.observe(Observation { world: world("stranger"), ..report("x", sample(true)) });
    assert_eq!(host.log.len(), before);
}

#[test]
fn while_nothing_can_be_recorded_reports_are_kept_within_bounds_and_what_is_lost_is_said() {
    let mut host = live();
    host.step(Input::Recording(false));
    let before = host.log.len();
    for turn in 0..MOST_SPOOLED + 3 {
        host.observe(report(&format!("spooled-{turn}"), sample(true)));
    }
    assert_eq!(host.log.len(), before, "what can't be recorded is not taken");
    assert_eq!(host.ask(&seat("seat-1"), Ask::NextPhase), Err(Refusal::NotRecording));
    host.step(Input::Recording(true));
    while host.drive.due(host.now()) == Some(host.wall) {
        host.step(Input::Tick);
    }
    let taken = host.events().into_iter().filter(|event| matches!(event, Event::World(WorldEvent::Sampled(_)))).count();
    assert_eq!(taken, MOST_SPOOLED);
    let lost = host.events().into_iter().find_map(|event| match event {
        Event::Drill(DrillEvent::ObservationsLost { count, .. }) => Some(*count),
        _ => None,
    });
    assert_eq!(lost, Some(3));
}

#[test]
fn two_worlds_take_part_and_each_is_asked_what_is_its() {
    let clocked = Clocked::simulated(&SCENARIO, 7, super::epoch());
    let simulated = Owns::Everything;
    let part = Owns::Part { fault: true, targets: Vec::new() };
    let can_not_respond = Capabilities { respond: false, ..LIVE };
    let attached = vec![(clocked.0.clone(), clocked.1.can(), simulated), (toy(), can_not_respond, part)];
    let mut host = Host::new(vec![clocked], attached);
    for _ in 0..40 {
        host.wait(Span::from_secs(10));
    }
    assert!(host.drive.drill().gate_open(), "the simulated workload goes on at the live world's pace");
    for _ in 0..2 {
        host.ask(&seat("seat-1"), Ask::NextPhase).unwrap();
    }
    let asked: Vec<&Request> = host.asked.iter().map(|(asked, _)| &asked.what).collect();
    assert_eq!(asked, [&Request::FireFault], "both own the fault; the simulated one is asked by the drive");
    Toy::default().work(&mut host);
    host.wait(Span::from_secs(120));
    let by =
        |id: &WorldId| host.log.iter().filter(|entry| entry.by == firedrill_model::Author::World(id.clone())).count();
    assert!(by(&toy()) == 1 && by(&WorldId::simulated()) > 10);
}

#[test]
fn with_no_world_nothing_happens_by_itself_and_people_still_take_part() {
    let none = (world("none"), Clocked::None);
    let attached = firedrill::host::worlds::attached(std::slice::from_ref(&none));
    let mut host = Host::new(vec![none], attached);
    let before = host.log.len();
    host.wait(Span::from_secs(600));
    assert_eq!(host.log.len(), before, "nothing is sampled, found or told");
    assert!(host.drive.now() > DrillTime::ZERO + Span::from_secs(600), "the clock may run as fast as people like");
    assert_eq!(host.ask(&seat("seat-1"), Ask::NextPhase), Err(Refusal::GateClosed));
    assert_eq!(host.ask(&seat("seat-1"), Ask::Note(super::sealed(4))), Ok(()));
    let untargeted =
        |one: &&firedrill_model::scenario::Action| one.target == firedrill_model::scenario::TargetKind::None;
    let action = SCENARIO.actions.iter().find(untargeted).unwrap().id.clone();
    let act = Ask::Act { action, target: None, guess: None, why: None };
    assert_eq!(host.ask(&seat("seat-1"), act), Ok(()), "what is said at the table is recorded");
    assert!(!host.drive.holds_time() && host.asked.is_empty());
}
