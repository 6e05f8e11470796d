//! The model's number: it must change whenever the account does otherwise.

use std::fmt::Write;
use std::sync::Arc;

use firedrill_account::{MODEL, SimWorld};
use firedrill_model::event::WorldEvent;
use firedrill_model::request::Request;
use firedrill_model::scenario::TargetKind;
use firedrill_model::{DrillTime, Occurrence, Scenario, Span};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Fields that hold a document or a sentence: rewording them is no other model.
const TEXTS: [&str; 4] = ["summary", "raw", "what", "document"];

fn without_texts(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for text in TEXTS {
                fields.remove(text);
            }
            fields.values_mut().for_each(without_texts);
        }
        Value::Array(items) => items.iter_mut().for_each(without_texts),
        _ => {}
    }
}

/// An hour in which the fault fires and the first few responses are given, whatever becomes of them.
fn play(scenario: &Arc<Scenario>, seed: u64) -> Vec<Occurrence> {
    let mut world = SimWorld::new(Arc::clone(scenario), seed, "2026-11-24T09:00:00Z".parse().unwrap());
    let at = |secs| DrillTime::ZERO + Span::from_secs(secs);
    let mut said = world.advance(at(300));
    said.extend(world.perform(&Request::FireFault, at(300)));
    let instances = scenario.services.iter().flat_map(|service| &service.instances).map(|instance| instance.id.clone());
    let instances: Vec<_> = instances.collect();
    for (run, action) in (1..).zip(scenario.actions.iter().take(12)) {
        let secs = 900 + u64::from(run) * 120;
        said.extend(world.advance(at(secs)));
        let target = match action.target {
            TargetKind::None => None,
            TargetKind::Instance => instances.get(run as usize % instances.len()).cloned(),
            _ => scenario
                .resources
                .iter()
                .find(|one| action.target.resource_kinds().contains(&one.kind))
                .map(|one| one.id.clone()),
        };
        said.extend(world.perform(&Request::Respond { run, action: action.id.clone(), target }, at(secs)));
    }
    said.extend(world.advance(at(3_600)));
    said
}

fn digest() -> String {
    let mut text = String::new();
    for (name, toml) in firedrill::library::built_in() {
        let scenario = Arc::new(firedrill_authoring::recorded(toml).unwrap());
        for seed in [1, 2, 3] {
            writeln!(text, "{name} {seed}").unwrap();
            for Occurrence { at, event } in play(&scenario, seed) {
                let event: WorldEvent = event;
                let mut value = serde_json::to_value(&event).unwrap();
                without_texts(&mut value);
                writeln!(text, "{} {value}", at.0).unwrap();
            }
        }
    }
    Sha256::digest(text).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// A drill is played again from its requests where it was made with this number. So the number must say what the account does: whoever
/// changes a rule, a figure or a default raises [`MODEL`] and puts the new digest here, in the same commit. The scenarios that come with
/// the program stand in it as well; an edit of one moves the digest and not the model, and then only the digest is put here anew.
#[test]
fn the_number_of_the_model_changes_with_what_it_does() {
    let pinned = (4, "5139b2a1744cdb25bfcf69fc845e317608b25d660dd41abaaa3ae8d39892ac97");
    assert_eq!((MODEL, digest().as_str()), pinned, "see the comment above");
}
