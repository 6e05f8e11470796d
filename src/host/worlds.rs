//! The worlds that a drill's clock carries along. The core knows them as [`ClockedWorld`]s only; live ones will report through the queue.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use firedrill_account::SimWorld;
use firedrill_core::engine::ClockedWorld;
use firedrill_model::id::WorldId;
use firedrill_model::world::{Capabilities, Owns};
use firedrill_model::{DrillTime, Occurrence, Request, Scenario};

/// A clocked world.
#[derive(Debug, Clone)]
pub enum Clocked {
    /// The simulated account.
    Simulated(Box<SimWorld>),
    /// None but what a facilitator says: nothing happens by itself, and what is asked is answered at the table.
    None,
}

impl Clocked {
    /// The simulated account of a scenario, with the name that a drill's only world has.
    #[must_use]
    pub fn simulated(scenario: &Arc<Scenario>, seed: u64, epoch: DateTime<Utc>) -> (WorldId, Self) {
        (WorldId::simulated(), Self::Simulated(SimWorld::new(Arc::clone(scenario), seed, epoch).into()))
    }

    /// What it can do.
    #[must_use]
    pub fn can(&self) -> Capabilities {
        match self {
            Self::Simulated(_) => Capabilities::SIMULATED,
            Self::None => Capabilities::NONE,
        }
    }
}

/// How each of these worlds takes part: the first that can carries out everything.
#[must_use]
pub fn attached(worlds: &[(WorldId, Clocked)]) -> Vec<(WorldId, Capabilities, Owns)> {
    worlds.iter().map(|(id, world)| (id.clone(), world.can(), Owns::Everything)).collect()
}

impl ClockedWorld for Clocked {
    fn next_due(&self) -> Option<DrillTime> {
        match self {
            Self::Simulated(world) => world.next_due(),
            Self::None => None,
        }
    }

    fn advance(&mut self, to: DrillTime) -> Vec<Occurrence> {
        match self {
            Self::Simulated(world) => world.advance(to),
            Self::None => Vec::new(),
        }
    }

    fn perform(&mut self, request: &Request, at: DrillTime) -> Vec<Occurrence> {
        match self {
            Self::Simulated(world) => world.perform(request, at),
            Self::None => Vec::new(),
        }
    }
}
