//! What a recovery left aside.

use serde::{Deserialize, Serialize};

use crate::SafeText;

/// What was cut from the end of a journal when it was taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256 in hex.
    pub sha256: String,
    /// File in the drill's folder that keeps them.
    pub kept_in: SafeText,
}
