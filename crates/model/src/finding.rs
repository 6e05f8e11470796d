//! What a detector says it saw.

use serde::{Deserialize, Serialize};

use super::id::{DetectorId, FindingId, TargetId};
use super::{DrillTime, SafeText};

/// A finding. Repeats of the same thing raise `count` instead of making a new one, as GuardDuty aggregates.
/// Its texts are the detector's document, or come from the scenario: no rule reads them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Unique within the drill.
    pub id: FindingId,
    /// Who found it.
    pub detector: DetectorId,
    /// For example `CryptoCurrency:EC2/BitcoinTool.B!DNS`, or a Config rule's name.
    pub kind: SafeText,
    /// GuardDuty's scale: low from 1, medium from 4, high from 7, critical from 9.
    pub severity: f64,
    /// One line.
    pub title: SafeText,
    /// A sentence or two.
    pub description: SafeText,
    /// What it is about.
    pub resource: TargetId,
    /// When the thing was first seen.
    pub first_seen: DrillTime,
    /// When it was last seen.
    pub last_seen: DrillTime,
    /// How often it was seen.
    pub count: u64,
    /// The whole finding as JSON, in the provider's own format.
    pub document: SafeText,
}

/// What somebody holds a finding for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// It belongs to the incident: it is ours to deal with.
    Ours,
    /// Benign: noise beside the incident.
    Noise,
}

impl Judgement {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Noise => "noise",
        }
    }
}

/// The word for a severity on GuardDuty's scale.
#[must_use]
pub fn severity_word(severity: f64) -> &'static str {
    match severity {
        s if s >= 9.0 => "CRITICAL",
        s if s >= 7.0 => "HIGH",
        s if s >= 4.0 => "MEDIUM",
        _ => "LOW",
    }
}
