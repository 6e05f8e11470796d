//! The simulated world, seen from outside: what happens because of what people do, and what doesn't.

#![expect(clippy::similar_names, reason = "a seed and what was seen of it")]
#![expect(clippy::float_cmp, reason = "the world rounds what it shows")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::format_collect,
    reason = "small figures, and readable tests"
)]

mod answers;
mod attacks;
mod containment;
mod determinism;
mod effects;
mod evidence;
mod faults;
mod oracle;
mod peers;
mod resources;
mod rules;
mod scenarios;
mod scripts;
mod undone;
mod workload;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use firedrill_account::SimWorld;
use firedrill_model::Occurrence;
use firedrill_model::event::{Sample, WorldEvent};
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::request::Request;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Span};

pub fn scenario(name: &str) -> Arc<Scenario> {
    let path = format!("{}/scenarios/{name}/scenario.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the scenario is there");
    Arc::new(toml::from_str(&text).expect("the scenario can be read"))
}

pub fn epoch() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().expect("a moment")
}

/// A world with all that it said.
pub struct Play {
    pub world: SimWorld,
    pub scenario: Arc<Scenario>,
    pub seen: Vec<Occurrence>,
    runs: u32,
}

impl Play {
    pub fn new(name: &str, seed: u64) -> Self {
        Self::of(scenario(name), seed)
    }

    pub fn of(scenario: Arc<Scenario>, seed: u64) -> Self {
        let mut world = SimWorld::new(scenario.clone(), seed, epoch());
        let seen = world.advance(DrillTime::ZERO);
        Self { world, scenario, seen, runs: 0 }
    }

    pub fn until(&mut self, secs: u64) -> &mut Self {
        let seen = self.world.advance(DrillTime::ZERO + Span::from_secs(secs));
        self.seen.extend(seen);
        self
    }

    pub fn fire(&mut self) -> &mut Self {
        let at = self.world.now();
        self.seen.extend(self.world.perform(&Request::FireFault, at));
        self
    }

    pub fn act(&mut self, action: &str, target: &str) -> &mut Self {
        self.runs += 1;
        let request = Request::Respond {
            run: self.runs,
            action: ActionId::new(action).expect("an id"),
            target: (!target.is_empty()).then(|| TargetId::new(target).expect("an id")),
        };
        let at = self.world.now();
        self.seen.extend(self.world.perform(&request, at));
        self
    }

    pub fn samples(&self) -> impl Iterator<Item = (u64, &Sample)> {
        self.seen.iter().filter_map(|o| match &o.event {
            WorldEvent::Sampled(sample) => Some((o.at.0 / 1_000_000, sample)),
            _ => None,
        })
    }
}
