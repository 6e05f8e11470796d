//! Who speaks and who may hear it.

use serde::{Deserialize, Serialize};

use super::id::SeatId;

/// What a seat is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Responds to the incident.
    Responder,
    /// Runs the drill and sees everything.
    Facilitator,
}

/// Where an entry comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// The drill's own rules: a gate, a timer, an inject.
    Drill,
    /// The world, simulated or live.
    World,
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
