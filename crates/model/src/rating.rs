//! How an objective of an exercise was met, in the words of HSEEP. It is said of an objective, never of a person.

use serde::{Deserialize, Serialize};

/// The four ratings of HSEEP (Homeland Security Exercise and Evaluation Program, 2020, "Exercise evaluation").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Rating {
    /// P: performed without challenges.
    Performed,
    /// S: performed with some challenges.
    SomeChallenges,
    /// M: performed with major challenges.
    MajorChallenges,
    /// U: unable to be performed.
    Unable,
}

impl Rating {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Performed, Self::SomeChallenges, Self::MajorChallenges, Self::Unable];

    /// The letter that stands for it.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Performed => "P",
            Self::SomeChallenges => "S",
            Self::MajorChallenges => "M",
            Self::Unable => "U",
        }
    }

    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Performed => "performed without challenges",
            Self::SomeChallenges => "performed with some challenges",
            Self::MajorChallenges => "performed with major challenges",
            Self::Unable => "unable to be performed",
        }
    }
}

impl core::str::FromStr for Rating {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|rating| rating.letter().eq_ignore_ascii_case(word));
        found.ok_or(
            "a rating is one letter: P (performed without challenges), S (with some), M (with major challenges), U (unable to be performed)",
        )
    }
}
