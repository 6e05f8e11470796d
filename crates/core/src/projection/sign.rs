//! What told of the incident.

use super::stamp::Stamp;
use firedrill_model::RecordId;
use firedrill_model::id::{DetectorId, FindingId, InjectId, SeatId};
use firedrill_model::scenario::SignSource;

/// Something that told of the incident.
#[derive(Debug, Clone, PartialEq)]
pub struct SignRow {
    /// When it reached a detector or a person.
    pub stamp: Stamp,
    /// Whom it is from.
    pub source: SignSource,
    /// What it was.
    pub of: SignOf,
}

/// What told of the incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignOf {
    /// A finding of this detector, the first.
    Finding(DetectorId),
    /// Somebody looked and saw this finding before any channel told of it.
    Look(FindingId),
    /// A message.
    Message(InjectId),
    /// Somebody in this seat took the matter on before anything had told of it.
    Noticed(SeatId),
    /// Somebody read a log and marked a record that the adversary left.
    Marked(RecordId),
}

impl SignOf {
    /// It reached a person, and not only a detector.
    #[must_use]
    pub(crate) fn is_to_people(&self) -> bool {
        match self {
            Self::Finding(..) => false,
            Self::Look(..) | Self::Message(..) | Self::Noticed(..) | Self::Marked(..) => true,
        }
    }
}
