//! What can come of asking something of a drill.

use firedrill_model::Refusal;
use firedrill_record::store::StoreFault;

/// Why nothing came of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record can't be written. Nothing is lost: what was asked is kept and written as soon as possible.
    #[error(transparent)]
    NotRecorded(#[from] StoreFault),
}
