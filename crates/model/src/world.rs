//! Worlds as the rules know them: what one can do, what it reports, and what becomes of it.
//!
//! A *clocked* world (simulated, none) is carried along by the drill clock and answers at once. A *pushed* world (live) reports when it
//! likes: late, twice, out of order, or not at all.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::{TargetId, WorldId};
use crate::{DrillTime, SafeText};

/// What a world can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Capabilities {
    /// The drill clock may run faster than the wall's, stand still and skip.
    pub hurry: bool,
    /// It carries out responses.
    pub respond: bool,
    /// It can say beforehand what a fault would touch.
    pub preview: bool,
    /// Its fault is undone when it is asked to.
    pub undo: bool,
}

impl Capabilities {
    /// The simulated account: it follows any clock, and there is nothing in it to undo.
    pub const SIMULATED: Self = Self { hurry: true, respond: true, preview: false, undo: false };
    /// No world but the facilitator's word.
    pub const NONE: Self = Self { hurry: true, respond: false, preview: false, undo: false };
}

/// In what kind of world a drill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorldKind {
    /// A simulated account.
    Simulated,
    /// Real systems.
    Live,
    /// Nothing but the facilitator's word.
    Tabletop,
}

impl WorldKind {
    /// Of what kind a world is, by its name and what it can do.
    #[must_use]
    pub fn of(world: &WorldId, can: Capabilities) -> Self {
        match (*world == WorldId::simulated(), can.respond) {
            (true, _) => Self::Simulated,
            (false, true) => Self::Live,
            (false, false) => Self::Tabletop,
        }
    }
}

/// What of the scenario a world carries out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owns {
    /// The fault, and every target.
    Everything,
    /// Part of it, beside other worlds.
    Part {
        /// The fault is its.
        fault: bool,
        /// Responses at these targets are its; those without a target go to the world of the fault.
        targets: Vec<TargetId>,
    },
}

impl Owns {
    /// Says whether the fault is its.
    #[must_use]
    pub fn fault(&self) -> bool {
        match self {
            Self::Everything => true,
            Self::Part { fault, .. } => *fault,
        }
    }

    /// Says whether a response at this target is its.
    #[must_use]
    pub fn target(&self, target: Option<&TargetId>) -> bool {
        match (self, target) {
            (Self::Everything, _) => true,
            (Self::Part { fault, .. }, None) => *fault,
            (Self::Part { targets, .. }, Some(target)) => targets.contains(target),
        }
    }
}

/// What became of a world's connection to the drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contact {
    /// It has reported nothing for longer than it should.
    Silent,
    /// It is out of reach.
    Lost,
    /// It is there again.
    Back,
}

/// The source's own name for an observation. The same key again is the same observation again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A running number, of a clocked world.
    Number(u64),
    /// A name, for example a finding's id and the number of its update.
    Name(SafeText),
}

/// When something happened by its source's own clock, which may be long before the drill heard of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// On the drill clock.
    pub at: DrillTime,
    /// Whose clock said so, for example `guardduty`.
    pub clock: SafeText,
}

/// Where an entry of a world comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The source's own name for it.
    pub key: Key,
    /// When it happened there, where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
}

/// A step of a world's undo ledger. It must be on disk before the call that it announces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LedgerStep(pub SafeText);
