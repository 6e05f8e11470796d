//! Who finds it, and how the team is told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Latency;
use crate::domain::SafeText;
use crate::domain::id::{ChannelId, DetectorId, StageId};

/// Somebody or something that finds a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Detector {
    /// Short name.
    pub id: DetectorId,
    /// Name for people, for example `Amazon GuardDuty`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// In whose format its findings are written.
    pub format: FindingFormat,
    /// The stages that it can see.
    #[schemars(length(max = 50))]
    pub sees: Vec<StageId>,
    /// The finding's type, for example `CryptoCurrency:EC2/BitcoinTool.B!DNS`, or the Config rule's name.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub finding: SafeText,
    /// GuardDuty's scale, 1 to 10.
    #[schemars(range(min = 1.0, max = 10.0))]
    pub severity: f64,
    /// The finding's title.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title_of_finding: SafeText,
    /// The finding's description; `{resource}` stands for the affected resource.
    pub description: SafeText,
    /// From the start of the stage to the finding.
    pub latency: Latency,
    /// Chance that it sees nothing, 0 to 1.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub misses: f64,
}

/// Formats of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingFormat {
    /// GuardDuty, as on EventBridge, for a DNS request.
    GuarddutyDns,
    /// AWS Config compliance change.
    Config,
}

/// A way of telling the team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Channel {
    /// Short name; also a target for actions that test or repair it.
    pub id: ChannelId,
    /// Name for people, for example `Slack #security-alerts`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// Whose findings it carries.
    #[schemars(length(max = 50))]
    pub carries: Vec<DetectorId>,
    /// From the finding over the event bus to the person.
    pub latency: Latency,
    /// Why nothing arrives, if it is broken at the start.
    #[serde(default)]
    pub broken: Option<SafeText>,
}
