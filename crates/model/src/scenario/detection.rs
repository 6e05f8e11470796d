//! Who finds it, and how the team is told.

use serde::{Deserialize, Serialize};

use super::{Effect, Latency};
use crate::id::{ChannelId, DetectorId, SignalId, StageId, TargetId};
use crate::{LogSource, SafeText, Span};

/// Somebody or something that finds a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Detector {
    /// Short name.
    pub id: DetectorId,
    /// Name for people, for example `Amazon GuardDuty`.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// In whose format its findings are written.
    pub format: FindingFormat,
    /// The stages that it can see.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub sees: Vec<StageId>,
    /// The finding's type, for example `CryptoCurrency:EC2/BitcoinTool.B!DNS`, or the Config rule's name.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub finding: SafeText,
    /// GuardDuty's scale, 1 to 10.
    #[cfg_attr(feature = "schema", schemars(range(min = 1.0, max = 10.0)))]
    pub severity: f64,
    /// The finding's title.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title_of_finding: SafeText,
    /// The finding's description; `{resource}` stands for the affected resource.
    pub description: SafeText,
    /// From the start of the stage to the finding.
    pub latency: Latency,
    /// Chance that it sees nothing, 0 to 1.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub misses: f64,
    /// Which part the resource plays in a GuardDuty finding. Without it: `actor` for DNS and malware, `target` otherwise.
    #[serde(default)]
    pub role: Option<ResourceRole>,
    /// The signal that an alarm watches, instead of `sees`.
    #[serde(default)]
    pub watches: Option<Watch>,
    /// Looks only once one of these has found something at the same resource; `latency` counts from that finding.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub after_finding_of: Vec<DetectorId>,
    /// Looks only when asked by a `scan`; `latency` counts from that.
    #[serde(default)]
    pub on_demand: bool,
    /// Sees nothing while this log is off.
    #[serde(default)]
    pub needs_log: Option<LogSource>,
    /// How often a finding that goes on is told again. Without it: `6h`.
    #[serde(default)]
    pub repeats: Option<Repeats>,
    /// What a malware scan finds.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub threats: Vec<Threat>,
}

impl Detector {
    /// Says whether it belongs to the same service as another one, so that who stops one stops both.
    #[must_use]
    pub fn stops_with(&self, other: &Self) -> bool {
        let of_one = |format: FindingFormat| match format {
            FindingFormat::GuarddutyDns
            | FindingFormat::GuarddutyNetwork
            | FindingFormat::GuarddutyApi
            | FindingFormat::GuarddutyMalware => Some("guardduty"),
            FindingFormat::Config => Some("config"),
            FindingFormat::Health | FindingFormat::Alarm => None,
        };
        self.id == other.id || (of_one(self.format).is_some() && of_one(self.format) == of_one(other.format))
    }
}

/// Formats of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FindingFormat {
    /// GuardDuty, as on EventBridge, for a DNS request.
    GuarddutyDns,
    /// GuardDuty, for a network connection or port probe.
    GuarddutyNetwork,
    /// GuardDuty, for an API call.
    GuarddutyApi,
    /// GuardDuty, for a malware scan.
    GuarddutyMalware,
    /// AWS Config compliance change.
    Config,
    /// AWS Health event for credentials that were found in public.
    Health,
    /// CloudWatch alarm that changes its state.
    Alarm,
}

/// Which part a resource plays in a finding (`resourceRole`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ResourceRole {
    /// It does what the finding is about.
    Actor,
    /// It is what somebody does it to.
    Target,
}

/// What an alarm watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Watch {
    /// Which signal; it has a limit.
    pub signal: SignalId,
    /// So long must it be out of its limit.
    #[serde(rename = "for")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "10s", "x-longest" = "1d")))]
    pub lasting: Span,
}

/// How often a finding that goes on is told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Repeats {
    /// Every fifteen minutes.
    #[serde(rename = "15m")]
    FifteenMinutes,
    /// Every hour.
    #[serde(rename = "1h")]
    Hour,
    /// Every six hours, as GuardDuty does by itself.
    #[serde(rename = "6h")]
    SixHours,
}

/// Something that a malware scan finds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Threat {
    /// Its name.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub name: SafeText,
    /// Where it lies.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub path: SafeText,
    /// SHA-256 of the file, 64 hexadecimal digits.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub sha256: SafeText,
}

/// A way of telling the team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Channel {
    /// Short name; also a target for actions that test or repair it.
    pub id: ChannelId,
    /// Name for people, for example `Slack #security-alerts`.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// Whose findings it carries.
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub carries: Vec<DetectorId>,
    /// From the finding over the event bus to the person.
    pub latency: Latency,
    /// Why nothing arrives, if it is broken at the start.
    #[serde(default)]
    pub broken: Option<SafeText>,
    /// Tells the team only if nobody has acknowledged by then: the second on call, who is paged when the first doesn't answer.
    #[serde(default)]
    pub unless_acknowledged: bool,
    /// Carries findings of this severity or more.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1.0, max = 10.0)))]
    pub at_least: Option<f64>,
}

/// A program that answers findings by itself, or puts things into a declared state at even intervals, as a pipeline does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Automation {
    /// Short name; also a target for actions that test or repair it.
    pub id: TargetId,
    /// Name for people.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// Whose findings start it, each new one once.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub on: Vec<DetectorId>,
    /// Instead of `on`: it runs at even intervals from the fault on, and does what is not so already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1m", "x-longest" = "1d")))]
    pub every: Option<Span>,
    /// At what it is done (with `every`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<TargetId>,
    /// What is wrong in what it holds for right (with `every`): once it is repaired, it puts nothing back any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<SafeText>,
    /// What it does at the resource of the finding, or at `at`, one after the other.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 20)))]
    pub effects: Vec<Effect>,
    /// How long it takes, from the finding or the beginning of its run on.
    pub takes: Latency,
    /// Why it fails without a word, if it is broken at the start.
    #[serde(default)]
    pub broken: Option<SafeText>,
}
