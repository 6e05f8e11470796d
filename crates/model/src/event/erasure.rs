//! What stands in the chain where a text or a name was erased: the text itself is beside the chain, and gone.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// An erasure: which texts, and why. When, its entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Numbers of the texts and names, as the entries that they belong to name them (`ref`), in ascending order.
    pub texts: Vec<u64>,
    /// The reason that was given.
    pub reason: ErasureReason,
}

/// Why something was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErasureReason {
    /// The person whom it is about asked for it.
    Request,
    /// It was kept for as long as it may be.
    Retention,
    /// It should not have been written: a secret, or something about somebody else.
    Mistake,
    /// No reason was given.
    NotGiven,
}

impl ErasureReason {
    /// Said after "erased".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Request => "at the person's request",
            Self::Retention => "because the time to keep it is over",
            Self::Mistake => "because it should not have been written",
            Self::NotGiven => "without a reason given",
        }
    }
}
