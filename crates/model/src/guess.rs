//! What a responder expects of a response before giving it, and what then happened.

use serde::{Deserialize, Serialize};

/// What somebody expects of the signals: a prediction is about the hypothesis' signal, a guess before a response about all that have a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Guess {
    /// The signal stays within its bound; before a response: all signals stay within their limits.
    Stays,
    /// It leaves its bound for less than five minutes; before a response: one or more signals do.
    Brief,
    /// It leaves its bound for five minutes or longer; before a response: one or more signals do.
    Long,
    /// No idea. Saying so is worth as much as any other answer.
    NoIdea,
}

impl Guess {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Stays, Self::Brief, Self::Long, Self::NoIdea];

    /// The word that is typed for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Stays => "stays",
            Self::Brief => "brief",
            Self::Long => "long",
            Self::NoIdea => "no-idea",
        }
    }
}

impl core::str::FromStr for Guess {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|guess| guess.word() == word);
        found.ok_or("a guess is one of: stays, brief, long, no-idea")
    }
}

/// What a signal did after the response, or all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Stayed within its bound.
    Stayed,
    /// Left it for less than five minutes.
    Brief,
    /// Left it for five minutes or longer.
    Long,
    /// Was outside already, so that the response can't be told apart.
    AlreadyOutside,
    /// Had left it and was still outside when the time in which it is watched ended: too early to tell for how long.
    Undecided,
}
