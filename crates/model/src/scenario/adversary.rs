//! What is broken, and what the adversary does with it. Where nobody is behind it, a stage is what the fault does.

use serde::{Deserialize, Serialize};

use super::{Emission, Sight, one};
use crate::id::{ServiceId, StageId, TargetId};
use crate::{SafeText, Span};

/// What the experiment does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Fault {
    /// What is broken, in a sentence. Shown in Verify, never before.
    pub summary: SafeText,
    /// From the start of the experiment until it is broken.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub after: Span,
    /// Security group whose port is opened to the world, if that is the fault.
    #[serde(default)]
    pub opens_port: Option<OpenPort>,
    /// Resources that let the world in from then on: a bucket is public, a snapshot shared, a database publicly reachable, a security group open.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub exposes: Vec<TargetId>,
    /// One of these lets the world in, drawn by chance.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub exposes_one_of: Vec<TargetId>,
}

/// A rule that lets the world in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct OpenPort {
    /// Which security group.
    pub group: TargetId,
    /// Which port, for example 22.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 65535)))]
    pub port: u16,
}

/// One stage of what the adversary, or a fault without one, does. It begins when its condition holds and ends when a foothold that it needs
/// is gone, or what it breaks is mended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Stage {
    /// Short name.
    pub id: StageId,
    /// What happens, in a sentence.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// ATT&CK id, one of `[[technique]]`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub technique: Option<SafeText>,
    /// Whose doing it is. Without it: the adversary's.
    #[serde(default, skip_serializing_if = "Origin::is_adversary")]
    pub origin: Origin,
    /// When it begins.
    pub begins: Begins,
    /// Where.
    pub on: Place,
    /// What the adversary must hold for it, all of them.
    #[cfg_attr(feature = "schema", schemars(length(max = 10)))]
    pub needs: Vec<Foothold>,
    /// What it must hold besides when it begins, and may lose later.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 10)))]
    pub needs_at_start: Vec<Foothold>,
    /// Chance that it happens at all, 0 to 1.
    #[serde(default = "one")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub chance: f64,
    /// Ends by itself after this time; nobody has ended it then.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub lasts: Option<Span>,
    /// Why it is harmless: a red herring, not the adversary's. Told in Verify.
    #[serde(default)]
    pub benign: Option<SafeText>,
    /// What it does to data, if it goes on for long enough.
    #[serde(default, rename = "harm")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub harms: Vec<Harm>,
    /// Share of the instance's CPU that it takes, 0 to 0.95.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 0.95)))]
    pub takes_cpu: f64,
    /// Virtual CPUs of the instances that it launches in the account when it begins. They run until somebody terminates them (`end-launched`).
    #[serde(default, skip_serializing_if = "is_none_taken")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100_000)))]
    pub takes_vcpus: u32,
    /// What it breaks as long as it goes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 10)))]
    pub breaks: Vec<Break>,
    /// By what a team sees that it stops when it begins. It stays so until a response turns it on again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub stops: Vec<Sight>,
    /// Log records that it leaves.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub leaves: Vec<Emission>,
}

impl Stage {
    /// Says whether an adversary does it: nobody's fault, and nothing harmless.
    #[must_use]
    pub fn is_adversarys(&self) -> bool {
        self.benign.is_none() && self.origin.is_adversary()
    }

    /// Says whether it moves the workload while it goes on.
    #[must_use]
    pub fn moves_the_workload(&self) -> bool {
        self.takes_cpu > 0.0 || !self.breaks.is_empty()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none_taken(vcpus: &u32) -> bool {
    *vcpus == 0
}

/// Whose doing a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// An adversary does it.
    #[default]
    Adversary,
    /// Nobody does it: something breaks.
    Fault,
}

impl Origin {
    /// Says whether an adversary does it.
    #[must_use]
    pub fn is_adversary(&self) -> bool {
        *self == Self::Adversary
    }
}

/// Something that a stage breaks, at its instance, at all of its group, or at its database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Break {
    /// What runs there is terminated. Over once its group has again what it wants.
    Terminate,
    /// Each request takes so much longer, without more work: a slow network or disk.
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1us", "x-longest" = "10m")))]
    Slow(Span),
    /// This share of the requests gets no answer: packets or connections are lost. With 1 health checks get none either.
    Lose(#[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))] f64),
    /// The disk is full: this share of the requests, those that write to it, fails. Ends when it is freed (`free-disk`).
    Fill(#[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))] f64),
    /// A process takes this share of the CPU. Ends when its processes are restarted.
    ExhaustCpu(#[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 0.95)))] f64),
    /// Memory is used up: this share of the workers is gone. Ends when its processes are restarted.
    ExhaustMemory(#[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 0.95)))] f64),
    /// Connections are used up: this share of the workers waits for one in vain. Ends when its processes are restarted.
    ExhaustConnections(#[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 0.95)))] f64),
    /// The database fails over to its standby: its users can't use it until the stage is over.
    FailOver,
    /// A bad release: this share of the requests fails, on new instances too. Ends when it is rolled back.
    Release(#[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))] f64),
}

/// Harm that a stage does when it has gone on for so long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Harm {
    /// This long after the stage began.
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub after: Span,
    /// What is done.
    pub kind: HarmKind,
    /// To which resource (not with `evidence-deleted`) ...
    #[serde(default)]
    pub resource: Option<TargetId>,
    /// ... or to what the fault exposed.
    #[serde(default)]
    pub exposed: bool,
    /// What happened, in a line.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub what: SafeText,
}

/// Kinds of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HarmKind {
    /// Data got out. Nothing brings it back.
    DataTaken,
    /// The resource is deleted, unless it is protected.
    Destroyed,
    /// The snapshots are deleted that were taken of instances as evidence, unless they were copied out of reach (`copy-evidence`).
    EvidenceDeleted,
}

/// When a stage begins. Exactly one of `after_fault`, `after_loss_of`, `after_start_of` and `at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Begins {
    /// This long after the fault.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub after_fault: Option<Span>,
    /// When this stage has been ended by somebody ...
    #[serde(default)]
    pub after_loss_of: Option<StageId>,
    /// When this stage has begun ...
    #[serde(default)]
    pub after_start_of: Option<StageId>,
    /// At this drill time (benign stages only).
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub at: Option<Span>,
    /// ... and this much time has gone by; one that began must still go on then.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub delay: Span,
}

/// Where a stage takes place. Exactly one of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Place {
    /// On this instance.
    #[serde(default)]
    pub instance: Option<TargetId>,
    /// On an instance of this service that is in service and where the adversary is not yet.
    #[serde(default)]
    pub other_instance_of: Option<ServiceId>,
    /// On all instances of this auto scaling group, those launched meanwhile too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<TargetId>,
    /// Through this security group.
    #[serde(default)]
    pub security_group: Option<TargetId>,
    /// On this resource.
    #[serde(default)]
    pub resource: Option<TargetId>,
    /// On what the fault exposed.
    #[serde(default)]
    pub exposed: bool,
}

/// What an adversary must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Foothold {
    /// The instance runs, whoever else can reach it.
    Instance,
    /// A connection from the instance to the outside. A change of security groups leaves connections that are being tracked alive.
    Connection,
    /// A session with the instance through its load balancer. It ends when the instance is cut off, or the deregistration delay after the instance was taken out of the load balancer; a swap of groups leaves it alive.
    ThroughBalancer,
    /// Live sessions of this role or user.
    Sessions(TargetId),
    /// The security group lets the world in.
    OpenPort,
    /// What the fault exposed still lets the world in.
    Exposed,
    /// This resource lets the world in: a security group open to it, a public bucket, a shared snapshot, a database that is publicly reachable and not isolated.
    Open(TargetId),
    /// This access key is active.
    Key(TargetId),
    /// This name is still resolved.
    Name(SafeText),
    /// What the adversary left on the instance is still there.
    Implant,
    /// This resource is not destroyed.
    Exists(TargetId),
    /// This role can still be assumed (`needs-at-start` only).
    Trust(TargetId),
}

impl Foothold {
    /// Says whether it is held at the instance where the stage takes place.
    #[must_use]
    pub fn is_at_instance(&self) -> bool {
        match self {
            Self::Instance | Self::Connection | Self::ThroughBalancer | Self::Implant => true,
            Self::Sessions(..)
            | Self::OpenPort
            | Self::Exposed
            | Self::Open(..)
            | Self::Key(..)
            | Self::Name(..)
            | Self::Exists(..)
            | Self::Trust(..) => false,
        }
    }
}
