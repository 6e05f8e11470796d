//! Taking up a drill under the model that it was made with, and under another; and branching it.

use std::sync::Arc;

use firedrill::host::worlds::Clocked;
use firedrill_core::engine::{ClockedWorld, Drive, Left, Now, Output, Resumed};
use firedrill_model::command::Ask;
use firedrill_model::event::{ActionState, DrillEvent, Entry, Event, Fact, InstanceState, UnknownCause, WorldEvent};
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::{DrillTime, Guess, LogRecord, LogText, Occurrence, Phase, Request, Span};

use super::{Host, SCENARIO, epoch, seat};

const MODEL: u32 = firedrill_account::MODEL;

/// A drill in its experiment, with a response under way and the miner at work.
fn under_way() -> Host {
    let mut host = Host::simulated(7);
    host.go_to(Phase::Experiment);
    host.advance(host.drive.now() + Span::from_secs(400));
    let action =
        SCENARIO.actions.iter().find(|one| one.id.as_str().contains("snapshot")).unwrap_or(&SCENARIO.actions[0]);
    let target = (action.target != firedrill_model::scenario::TargetKind::None)
        .then(|| TargetId::new("i-0a1b2c3d4e5f60001").unwrap());
    let act = Ask::Act { action: action.id.clone(), target, guess: Some(Guess::Stays), why: None };
    host.ask(&seat("seat-1"), act).unwrap();
    host.advance(host.drive.now() + Span::from_secs(1));
    host
}

fn resume(entries: &[Entry], was: u32, now: u32) -> (Drive<Clocked>, Vec<Entry>) {
    let left = Left { entries, next_seq: entries.len() as u64, model: was };
    let worlds = vec![Clocked::simulated(&SCENARIO, 7, epoch())];
    let at = Now { wall: 0, utc: epoch() };
    let Resumed { drive, outputs } = Drive::resume(Arc::clone(&SCENARIO), worlds, 200_000, (left, now, None), at);
    (drive, appended(outputs))
}

fn appended(outputs: Vec<Output>) -> Vec<Entry> {
    let entry = |output| match output {
        Output::Append { entry, .. } => Some(entry),
        _ => None,
    };
    outputs.into_iter().filter_map(entry).collect()
}

fn restated(entries: &[Entry]) -> Vec<&Fact> {
    let fact = |entry: &Entry| matches!(entry.event, Event::World(WorldEvent::Restated { .. }));
    let facts = entries.iter().filter(|entry| fact(entry)).filter_map(|entry| match &entry.event {
        Event::World(WorldEvent::Restated { fact }) => Some(fact),
        _ => None,
    });
    facts.collect()
}

#[test]
fn under_the_same_model_nothing_is_restated_wherever_it_was_cut() {
    let host = under_way();
    for cut in (3..host.log.len()).step_by(37).chain([host.log.len()]) {
        let (drive, new) = resume(&host.log[..cut], MODEL, MODEL);
        assert_eq!(restated(&new), [] as [&Fact; 0], "cut at {cut}");
        assert!(matches!(&new[0].event, Event::Drill(DrillEvent::Resumed { model: None, .. })));
        // What the world had done beyond the cut was seen by nobody and comes now.
        let beyond: Vec<&Event> = new
            .iter()
            .skip(1)
            .filter(|entry| matches!(entry.event, Event::World(_)))
            .map(|entry| &entry.event)
            .collect();
        let at = host.log[cut - 1].at;
        let expected: Vec<&Event> = host.log[cut..]
            .iter()
            .filter(|entry| entry.at == at && matches!(entry.event, Event::World(_)))
            .map(|entry| &entry.event)
            .collect();
        assert!(expected.iter().all(|event| beyond.contains(event)), "cut at {cut}");
        assert_eq!(drive.now(), at);
    }
}

#[test]
fn under_another_number_what_is_the_same_is_not_restated_and_the_seam_is_told() {
    let host = under_way();
    let (_, new) = resume(&host.log, MODEL + 1, MODEL);
    let Event::Drill(DrillEvent::Resumed { model: Some(change), .. }) = &new[0].event else { panic!("{new:?}") };
    assert_eq!((change.was, change.now), (MODEL + 1, MODEL));
    assert_eq!(restated(&new), [] as [&Fact; 0]);
}

#[test]
fn under_another_model_the_world_restates_what_stands_otherwise_and_no_mark_moves() {
    let host = under_way();
    // The record is of a world in which an instance was launched that this one doesn't know, and a response is under way that it never
    // began.
    let mut entries = host.log.clone();
    let at = entries.last().unwrap().at;
    let mut add = |event: Event, by: firedrill_model::Author| {
        let seq = entries.len() as u64;
        let to = firedrill_model::audience_of(&event, &by);
        entries.push(Entry { seq, at, utc: epoch(), by, to, source: None, event });
    };
    let world = firedrill_model::Author::World(firedrill_model::id::WorldId::simulated());
    let instance = host.log.iter().find_map(|entry| match &entry.event {
        Event::World(WorldEvent::Instance(event)) => Some(event.clone()),
        _ => None,
    });
    let other =
        firedrill_model::event::InstanceEvent { instance: TargetId::new("i-other").unwrap(), ..instance.unwrap() };
    add(Event::World(WorldEvent::Instance(other)), world.clone());
    let started = ActionState::Started { until: at + Span::from_secs(60) };
    let unknown = firedrill_model::event::ActionEvent { run: 77, state: started };
    add(Event::World(WorldEvent::Action(unknown)), world);

    let (drive, new) = resume(&entries, MODEL, MODEL);
    let Event::Drill(DrillEvent::Resumed { model: Some(_), .. }) = &new[0].event else { panic!("the seam is told") };
    let facts = restated(&new);
    assert!(facts.iter().any(|fact| matches!(fact, Fact::Instance(event)
        if event.instance.as_str() == "i-other" && event.state == InstanceState::Terminated)));
    assert!(facts.iter().any(|fact| matches!(fact, Fact::Response(event)
        if event.run == 77 && event.state == ActionState::Unknown { because: UnknownCause::ModelChanged })));
    let responder = firedrill_core::projection::Viewer::Everything;
    let all: Vec<Entry> = entries.iter().chain(&new).cloned().collect();
    let before = firedrill_core::projection::fold(SCENARIO.clone(), &entries, &responder);
    let after = firedrill_core::projection::fold(SCENARIO.clone(), &all, &responder);
    assert_eq!(before.marks, after.marks, "a fact that is set is no mark");
    assert_eq!(before.board.told, after.board.told, "and no notification");

    // It can be taken up once more: the second life goes on by the same model.
    let (again, newer) = resume(&all, MODEL, MODEL);
    assert_eq!(restated(&newer), [] as [&Fact; 0]);
    assert_eq!(again.now(), drive.now());
}

#[test]
fn after_a_seam_nobody_is_told_twice() {
    let mut host = under_way();
    host.advance(host.drive.now() + Span::from_secs(1_200));
    let told = |entries: &[Entry]| {
        entries.iter().filter(|entry| matches!(entry.event, Event::World(WorldEvent::Notified { .. }))).count()
    };
    assert!(told(&host.log) > 0);
    let first =
        host.log.iter().position(|entry| matches!(entry.event, Event::World(WorldEvent::Notified { .. }))).unwrap();
    // The same notification by a world that comes to it later.
    let late = Late { world: Clocked::simulated(&SCENARIO, 7, epoch()).1, by: Span::from_secs(30) };
    let left = Left { entries: &host.log[..=first], next_seq: first as u64 + 1, model: MODEL + 1 };
    let worlds = vec![(firedrill_model::id::WorldId::simulated(), late)];
    let at = Now { wall: 0, utc: epoch() };
    let Resumed { mut drive, outputs } = Drive::resume(SCENARIO.clone(), worlds, 200_000, (left, MODEL, None), at);
    let mut new = appended(outputs);
    for _ in 0..40 {
        let to = drive.now() + Span::from_secs(5);
        new.extend(appended(drive.advance(to, at)));
    }
    let Event::World(WorldEvent::Notified { channel, finding }) = &host.log[first].event else { unreachable!() };
    let again = new.iter().any(|entry| {
        matches!(&entry.event, Event::World(WorldEvent::Notified { channel: by, finding: of })
        if by == channel && of.kind == finding.kind && of.resource == finding.resource && of.count == finding.count)
    });
    assert!(!again, "{new:#?}");
}

/// The simulated account of another model: everything comes a little later.
#[derive(Clone)]
struct Late {
    world: Clocked,
    by: Span,
}

impl ClockedWorld for Late {
    fn next_due(&self) -> Option<DrillTime> {
        self.world.next_due().map(|due| due + self.by)
    }

    fn advance(&mut self, to: DrillTime) -> Vec<Occurrence> {
        let to = DrillTime(to.0.saturating_sub(self.by.0));
        self.world.advance(to).into_iter().map(|one| Occurrence { at: one.at + self.by, ..one }).collect()
    }

    fn perform(&mut self, request: &Request, at: DrillTime) -> Vec<Occurrence> {
        let at = DrillTime(at.0.saturating_sub(self.by.0));
        self.world.perform(request, at).into_iter().map(|one| Occurrence { at: one.at + self.by, ..one }).collect()
    }
}

#[test]
fn a_branch_goes_on_as_the_drill_did_until_something_else_is_done() {
    let host = under_way();
    let cut = host.log.iter().position(|entry| matches!(entry.event, Event::World(WorldEvent::FaultActive))).unwrap();
    let worlds = vec![Clocked::simulated(&SCENARIO, 7, epoch())];
    let drive = Drive::branch(SCENARIO.clone(), worlds, 200_000, &host.log[..=cut]);
    let at = Now { wall: 0, utc: epoch() };
    let play = |mut drive: Drive<Clocked>, act: Option<&str>| {
        let mut new = Vec::new();
        if let Some(action) = act {
            let command = Ask::Act {
                action: ActionId::new(action).unwrap(),
                target: Some(TargetId::new("i-0a1b2c3d4e5f60001").unwrap()),
                guess: None,
                why: None,
            };
            let input = firedrill_core::engine::Input::Command {
                seat: seat("seat-1"),
                ticket: firedrill_core::engine::Ticket(1),
                command,
            };
            new.extend(appended(drive.step(input, at)));
            let next = drive.next_seq();
            new.extend(appended(drive.step(firedrill_core::engine::Input::Durable(next), at)));
        }
        let to = drive.now() + Span::from_secs(300);
        while drive.now() < to {
            let before = (drive.now(), drive.next_seq());
            new.extend(appended(drive.advance(to, at)));
            if before == (drive.now(), drive.next_seq()) {
                break;
            }
        }
        new
    };
    let events = |entries: &[Entry]| -> Vec<(DrillTime, Event)> {
        entries
            .iter()
            .filter(|entry| matches!(entry.event, Event::World(_)))
            .map(|entry| (entry.at, entry.event.clone()))
            .collect()
    };
    // Nothing is done otherwise: it is the drill that was, cloned as often as one likes.
    let same = play(drive.clone(), None);
    let there: Vec<_> = events(&host.log[cut + 1..]);
    let until = there.len().min(events(&same).len());
    assert!(until > 20);
    assert_eq!(events(&same)[..20], there[..20]);
    let terminate = SCENARIO.actions.iter().find(|one| one.id.as_str().contains("terminate")).unwrap();
    let other = play(drive, Some(terminate.id.as_str()));
    assert_ne!(events(&other), events(&same));
}

/// Every sentence and document of a record put in other words.
fn reworded(entries: &[Entry]) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        match &mut entry.event {
            Event::World(WorldEvent::Logged { record }) => {
                let text = LogText::of("in other words".into(), "{}".into());
                *record = LogRecord::new(record.id.clone(), record.source, record.happened, text);
            }
            Event::World(WorldEvent::Notified { finding, .. } | WorldEvent::FindingCreated { finding }) => {
                finding.document = "{}".into();
            }
            Event::World(WorldEvent::Harm(harm)) => harm.what = "in other words".into(),
            Event::Drill(_) | Event::People(_) | Event::World(_) => {}
        }
    }
    entries
}

#[test]
fn rewording_every_sentence_keeps_nobody_from_going_on() {
    let mut host = under_way();
    host.advance(host.drive.now() + Span::from_secs(900));
    let other = reworded(&host.log);
    assert_ne!(other, host.log);
    let (drive, new) = resume(&other, MODEL, MODEL);
    assert_eq!(restated(&new), [] as [&Fact; 0]);
    assert!(matches!(&new[0].event, Event::Drill(DrillEvent::Resumed { model: None, .. })));
    let (same, _) = resume(&host.log, MODEL, MODEL);
    let on = |mut drive: Drive<Clocked>| {
        let to = drive.now() + Span::from_secs(300);
        let mut new = Vec::new();
        while drive.now() < to {
            new.extend(appended(drive.advance(to, Now { wall: 0, utc: epoch() })));
            if drive.undurable() > 0 {
                let next = drive.next_seq();
                let input = firedrill_core::engine::Input::Durable(next);
                new.extend(appended(drive.step(input, Now { wall: 0, utc: epoch() })));
            }
        }
        new
    };
    assert_eq!(on(drive), on(same), "and it goes on as it would have");
}
