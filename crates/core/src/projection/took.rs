//! What a duration came to, as drills are compared by it.

use serde::Serialize;

use firedrill_model::{Shown, Span};

/// What a duration came to, to be held against another drill's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", untagged)]
pub enum Took {
    /// Seconds of drill time.
    Seconds(f64),
    /// It did not happen in the whole experiment.
    #[serde(serialize_with = "never")]
    Never,
}

fn never<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("never")
}

impl Took {
    /// On a clock, or `never`.
    #[must_use]
    pub fn words(self) -> Shown {
        match self {
            Self::Seconds(seconds) => Span::from_secs_f64(seconds).clock(),
            Self::Never => "never".into(),
        }
    }
}
