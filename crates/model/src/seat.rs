//! Who speaks and who may hear it.

use serde::{Deserialize, Serialize};

use super::id::{SeatId, WorldId};

/// What a seat is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Responds to the incident.
    Responder,
    /// Runs the drill and sees everything.
    Facilitator,
    /// Looks on: sees what everyone sees, and asks for nothing.
    Observer,
}

impl Role {
    /// In words, many of them: `responders`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Responder => "responders",
            Self::Facilitator => "facilitators",
            Self::Observer => "observers",
        }
    }
}

/// Where an entry comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// The drill's own rules: a gate, a timer, an inject.
    Drill,
    /// A world, simulated or live.
    World(WorldId),
    /// A person.
    Seat(SeatId),
}

/// Who may receive an entry before Verify. Afterwards everything is open to everyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// All seats.
    Everyone,
    /// The ground truth: facilitators only, until Verify.
    Facilitator,
    /// One seat (and facilitators).
    Seat(SeatId),
}
