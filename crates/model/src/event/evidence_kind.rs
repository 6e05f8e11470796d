//! Kinds of evidence.

use serde::{Deserialize, Serialize};

/// Kinds of evidence on an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The volume.
    Disk,
    /// The memory.
    Memory,
    /// A copy out of reach.
    Backup,
}
