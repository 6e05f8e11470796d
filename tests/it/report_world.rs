//! What the debrief makes of orders that depend on destruction, of false alarms, and of resources that nobody could use.

use std::sync::Arc;

use firedrill_core::projection::Fold;
use firedrill_core::projection::debrief::{self, Debrief, Verdict};
use firedrill_model::Finding;
use firedrill_model::event::{
    AdversaryState, EffectResult, HarmEvent, PhaseCause, ResourceCause, ResourceChange, ResourceEvent, WorldEvent,
};
use firedrill_model::id::ActionId;
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{HarmKind, Order, Resource, ResourceKind, Stage};

use crate::fixture::{self, MINER, Tape};

fn up_to_the_fault() -> Tape {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    fixture::hypothesis(&mut tape);
    tape.phase(Phase::Experiment, PhaseCause::Said).samples(340, 31.0, 2.0, 0.0).world(WorldEvent::FaultActive);
    tape
}

fn ended(mut tape: Tape, scenario: Scenario) -> Debrief {
    tape.at(2_000).phase(Phase::Verify, PhaseCause::Said);
    let mut view = Fold::open(Arc::new(scenario));
    for entry in &tape.entries {
        view.apply(entry);
    }
    debrief::build(&view, &tape.words, &fixture::drill_id(), &[])
}

/// Evidence before isolation unless something is being destroyed, and the other way round while it is.
fn scenario() -> Scenario {
    let mut scenario = Scenario::clone(&fixture::scenario());
    let order = |first: &str, then: &str, unless_destroying: bool| Order {
        first: vec![ActionId::new(first).unwrap().into()],
        then: vec![ActionId::new(then).unwrap().into()],
        why: "It turns round.".into(),
        unless_destroying,
        only_destroying: !unless_destroying,
    };
    scenario.orders = vec![order("snapshot-volume", "isolate", true), order("isolate", "snapshot-volume", false)];
    scenario.resources.push(Resource {
        id: fixture::target_id("key"),
        kind: ResourceKind::AccessKey,
        title: "Key of the website".into(),
        used_by: vec!["website".to_owned().try_into().unwrap()],
        fails: 1.0,
        new_connections: 0.05,
        public: false,
        zone: None,
        shared_with: Vec::new(),
        owner: None,
    });
    scenario
}

fn responses(tape: &mut Tape, order: [&str; 2]) {
    for (run, action) in (1..).zip(order) {
        tape.at(400 + u64::from(run) * 60).act(run, action, Some(MINER), None);
        tape.at(430 + u64::from(run) * 60).done(run, vec![EffectResult::Told]);
    }
}

#[test]
fn an_order_counts_by_what_is_going_on_when_a_response_is_given() {
    for destroying in [false, true] {
        let mut tape = up_to_the_fault();
        tape.stage("mining", MINER, true).adversary(AdversaryState::Active);
        if destroying {
            tape.world(WorldEvent::Destroying { active: true });
        }
        responses(&mut tape, ["isolate", "snapshot-volume"]);
        let kept: Vec<Option<bool>> = ended(tape, scenario()).orders.iter().map(|row| row.kept).collect();
        assert_eq!(kept, if destroying { [None, Some(true)] } else { [Some(false), None] });
    }
    let mut over = up_to_the_fault();
    over.stage("mining", MINER, true).world(WorldEvent::Destroying { active: true });
    over.at(350).world(WorldEvent::Destroying { active: false });
    responses(&mut over, ["isolate", "snapshot-volume"]);
    let debrief = ended(over, scenario());
    assert_eq!(debrief.orders[0].kept, Some(false), "it was over by then");
    assert!(debrief.orders[0].order.as_str().ends_with(", unless destruction is under way"));
}

/// The scenario with a stage that looks like the miner and is harmless.
fn with_a_false_alarm() -> Scenario {
    let mut scenario = scenario();
    let job = Stage {
        id: "job".to_owned().try_into().unwrap(),
        benign: Some("A nightly job.".into()),
        ..scenario.stages[0].clone()
    };
    scenario.detectors[0].sees.push(job.id.clone());
    scenario.stages.push(job);
    scenario
}

fn told(tape: &mut Tape, finding: &Finding) {
    let channel = "pager".to_owned().try_into().unwrap();
    tape.world(WorldEvent::FindingCreated { finding: finding.clone() });
    tape.world(WorldEvent::Notified { channel, finding: finding.clone() });
}

#[test]
fn a_false_alarm_is_neither_detection_nor_notification() {
    let verdicts = |stage: &str| {
        let mut tape = up_to_the_fault();
        tape.stage(stage, MINER, true);
        tape.at(930);
        told(&mut tape, &fixture::finding());
        tape.at(2_000);
        let debrief = ended(tape, with_a_false_alarm());
        let marked = debrief.marks.iter().any(|mark| mark.mark == "notified" && mark.at.is_some());
        (debrief.parts[0].verdict, debrief.parts[1].verdict, marked)
    };
    assert_eq!(verdicts("job"), (Verdict::Deviated, Verdict::Deviated, false));
    assert_eq!(verdicts("mining"), (Verdict::Held, Verdict::Held, true));
}

#[test]
fn what_only_a_false_alarm_names_was_not_hit() {
    let hit = |stage: &str| {
        let mut tape = up_to_the_fault();
        tape.stage(stage, MINER, true);
        tape.at(930);
        told(&mut tape, &fixture::finding());
        let questions = ended(tape, with_a_false_alarm()).questions;
        questions[4].from_the_record.iter().any(|line| line.as_str().starts_with("Personalization was hit"))
    };
    assert!(!hit("job"));
    assert!(hit("mining"));
}

#[test]
fn resources_that_nobody_could_use_are_told_with_what_came_before() {
    let mut tape = up_to_the_fault();
    tape.at(400).act(1, "isolate", Some(MINER), None);
    let (resource, change) = (fixture::target_id("key"), ResourceChange::Deleted);
    tape.at(430).done(1, vec![EffectResult::ResourceChanged { change, resource: resource.clone(), out: Vec::new() }]);
    let out = |usable| {
        WorldEvent::Resource(ResourceEvent { resource: resource.clone(), usable, because: ResourceCause::Response(1) })
    };
    tape.world(out(false)).at(610).world(out(true));
    let told = ended(tape, scenario()).second_order;
    let said = |words: &str| told.iter().any(|text| text.as_str().contains(words));
    assert!(said("Website could not use Key of the website for 3 min."), "{told:?}");
    assert!(said("what Key of the website was last used for went when it was deleted"), "{told:?}");
    assert_eq!(ended(up_to_the_fault(), scenario()).second_order, []);
}

#[test]
fn what_was_taken_stands_in_the_opening_also_where_the_hypothesis_held() {
    let harmed = |refused| {
        let mut tape = up_to_the_fault();
        let (stage, resource) = (fixture::scenario().stages[0].id.clone(), fixture::target_id("orders"));
        let what = "The orders were copied".into();
        tape.at(400).world(WorldEvent::Harm(HarmEvent {
            stage,
            harm: 0,
            resource,
            kind: HarmKind::DataTaken,
            what,
            refused,
        }));
        let debrief = ended(tape, scenario());
        let markdown = firedrill_report::markdown::render(&debrief);
        let opening = markdown.split("## Hypothesis").next().unwrap().to_owned();
        opening.contains("Harm, data taken: The orders were copied.")
    };
    assert!(harmed(false));
    assert!(!harmed(true), "what was protected was not lost");
}
