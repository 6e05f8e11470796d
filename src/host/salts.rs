//! The salts that words are sealed with.

use firedrill_record::journal::words::Salts;

use super::desk_error::DeskError;

/// Salts from the system's randomness, so that an erased text can't be found by trying all that it may have been.
///
/// # Errors
/// When the system gives no random numbers.
pub fn salts() -> Result<Salts, DeskError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(DeskError::Chance)?;
    Ok(Salts::new(seed))
}
