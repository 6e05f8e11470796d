//! What is broken, what the adversary does with it, and the traces that this leaves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Latency;
use crate::domain::id::{ServiceId, StageId, TargetId};
use crate::domain::{LogSource, SafeText, Span};

/// What the experiment does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Fault {
    /// What is broken, in a sentence. Shown in Verify, never before.
    pub summary: SafeText,
    /// From the start of the experiment until it is broken.
    #[serde(default)]
    #[schemars(extend("x-longest" = "1d"))]
    pub after: Span,
    /// Security group whose port is opened to the world, if that is the fault.
    #[serde(default)]
    pub opens_port: Option<OpenPort>,
}

/// A rule that lets the world in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct OpenPort {
    /// Which security group.
    pub group: TargetId,
    /// Which port, for example 22.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
}

/// One stage of what the adversary does. It begins when its condition holds and ends when a foothold that it needs is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Stage {
    /// Short name.
    pub id: StageId,
    /// What happens, in a sentence.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// ATT&CK id, one of `[[technique]]`.
    #[serde(default)]
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub technique: Option<SafeText>,
    /// When it begins.
    pub begins: Begins,
    /// Where.
    pub on: Place,
    /// What the adversary must hold for it, all of them.
    #[schemars(length(max = 10))]
    pub needs: Vec<Foothold>,
    /// Share of the instance's CPU that it takes, 0 to 0.95.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.95))]
    pub takes_cpu: f64,
    /// Log records that it leaves.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub leaves: Vec<Emission>,
}

/// When a stage begins. Exactly one of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Begins {
    /// This long after the fault.
    #[serde(default)]
    #[schemars(extend("x-longest" = "1d"))]
    pub after_fault: Option<Span>,
    /// When this stage has been ended by somebody ...
    #[serde(default)]
    pub after_loss_of: Option<StageId>,
    /// ... and this much time has gone by.
    #[serde(default)]
    #[schemars(extend("x-longest" = "1d"))]
    pub delay: Span,
}

/// Where a stage takes place. Exactly one of the three.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Place {
    /// On this instance.
    #[serde(default)]
    pub instance: Option<TargetId>,
    /// On an instance of this service that is in service and where the adversary is not yet.
    #[serde(default)]
    pub other_instance_of: Option<ServiceId>,
    /// Through this security group.
    #[serde(default)]
    pub security_group: Option<TargetId>,
}

/// What an adversary must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Foothold {
    /// The instance runs, whoever else can reach it.
    Instance,
    /// A connection from the instance to the outside. A change of security groups leaves connections that are being tracked alive.
    Connection,
    /// Live sessions of this role.
    Sessions(TargetId),
    /// The security group lets the world in.
    OpenPort,
}

/// Records that something leaves in a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Emission {
    /// In which log.
    pub source: LogSource,
    /// How far apart: exactly, or as the mean of a Poisson process with `random`. Without it: once, at the start.
    #[serde(default)]
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub every: Option<Span>,
    /// Let the gaps be random.
    #[serde(default)]
    pub random: bool,
    /// On instances of this service (background only).
    #[serde(default)]
    pub service: Option<ServiceId>,
    /// Names looked up, for a resolver query log; one is drawn for each record.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub domains: Vec<SafeText>,
    /// Remote addresses, for flow logs and CloudTrail; one is drawn for each record. Empty: unknown addresses are drawn from the documentation ranges (RFC 5737).
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub addresses: Vec<SafeText>,
    /// Port on our side, for flow logs; on the other side with `outbound`.
    #[serde(default)]
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// The connection goes out from our side, for flow logs.
    #[serde(default)]
    pub outbound: bool,
    /// Flow log action is REJECT instead of ACCEPT.
    #[serde(default)]
    pub rejected: bool,
    /// API call, for CloudTrail, for example `ec2:AuthorizeSecurityGroupIngress`.
    #[serde(default)]
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub call: Option<SafeText>,
    /// Who called, for CloudTrail.
    #[serde(default)]
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub user: Option<SafeText>,
}

/// How late a log arrives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LogDelivery {
    /// Which log.
    pub source: LogSource,
    /// From the event to the log store.
    pub delay: Latency,
}
