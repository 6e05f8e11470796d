//! Sentences of the live verbs. Names, ids and reasons in them come from the account, so that all of it is made safe as a whole.

use firedrill_model::{SafeText, Shown};

use crate::cli::exit::Failure;
use crate::cli::output;

fn shown(text: &str) -> Shown {
    SafeText::new(text).into()
}

/// Wrong usage.
pub fn usage(text: impl AsRef<str>) -> Failure {
    Failure::Usage(shown(text.as_ref()))
}

/// Something outside.
pub fn outside(text: impl AsRef<str>) -> Failure {
    Failure::Outside(shown(text.as_ref()))
}

/// Something outside, after "failed to ...".
pub fn failed(what: &str, error: &impl std::fmt::Display) -> Failure {
    Failure::outside(&shown(what), error)
}

/// Says something beside the result.
pub fn say(text: &str) {
    output::aside(shown(text));
}

/// Prints a result.
///
/// # Errors
/// When it can't be written.
pub fn result(text: &str) -> Result<(), Failure> {
    output::result(&shown(text))
}
