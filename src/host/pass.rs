//! Lets the time on the wall go by for a drill.

use chrono::{DateTime, Utc};

use super::clock::Passed;
use super::session::Session;
use firedrill_core::engine::Input;
use firedrill_record::store::StoreFault;

/// Lets go by what went by on the wall. Time that is no drill time becomes an entry.
///
/// # Errors
/// When the record can't be written. Nothing is lost.
pub fn pass(session: &mut Session, passed: &Passed, utc: DateTime<Utc>) -> Result<(), StoreFault> {
    for (kind, length) in passed.gaps.iter().copied() {
        session.take_in(Input::Gap { kind, length }, utc)?;
    }
    session.elapse(passed.time, utc)
}
