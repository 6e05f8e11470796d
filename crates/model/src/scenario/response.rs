//! The responses on offer.

use serde::{Deserialize, Serialize};

use super::{Effect, Latency, TargetKind};
use crate::SafeText;
use crate::id::{ActionId, TargetId};

/// A response on offer. It can be given at any time, in any order, on any fitting target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Action {
    /// Short name.
    pub id: ActionId,
    /// In the imperative: `Isolate the instance`.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// What it does and whom it may touch, without saying how it will end.
    pub detail: SafeText,
    /// Under which heading it stands.
    pub category: Category,
    /// What it is aimed at.
    pub target: TargetKind,
    /// How long it takes.
    pub takes: Latency,
    /// What it does to the world, one after the other.
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub effects: Vec<Effect>,
    /// What one would type on a real account.
    #[serde(default)]
    pub aws: Option<SafeText>,
    /// Security group that must let at least trusted addresses in: whoever does this works through it.
    #[serde(default)]
    pub needs_open: Option<TargetId>,
}

impl Action {
    /// Says whether the response changes the system: then a guess is asked for before it is given. Looking, testing, telling
    /// and copying change nothing.
    #[must_use]
    pub fn changes_the_system(&self) -> bool {
        self.effects.iter().any(Effect::changes_the_system)
    }
}

/// Headings of the action list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Find out.
    Investigate,
    /// Keep evidence.
    Preserve,
    /// Stop the spread.
    Contain,
    /// Credentials.
    Credentials,
    /// Capacity and repair.
    Recover,
    /// Tell people.
    Tell,
}

impl Category {
    /// The heading.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Investigate => "INVESTIGATE",
            Self::Preserve => "PRESERVE",
            Self::Contain => "CONTAIN",
            Self::Credentials => "CREDENTIALS",
            Self::Recover => "RECOVER",
            Self::Tell => "TELL",
        }
    }
}
