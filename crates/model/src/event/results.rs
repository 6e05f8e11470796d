//! The course of a response, and what its effects brought.

use serde::{Deserialize, Serialize};

use super::evidence_kind::EvidenceKind;
use super::obstacle::Obstacle;
use crate::id::{DetectorId, ServiceId, TargetId};
use crate::scenario::{InstanceChange, Sight};
use crate::{DrillTime, Finding, LogSource, SafeText};

/// The course of a response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionEvent {
    /// Number of the response.
    pub run: u32,
    /// How it stands.
    pub state: ActionState,
}

/// How a response stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionState {
    /// Under way until this moment.
    Started {
        /// When it will be done.
        until: DrillTime,
    },
    /// Done. What it brought, effect by effect.
    Done {
        /// What each effect brought.
        results: Vec<EffectResult>,
    },
    /// Nobody can say what became of it.
    Unknown {
        /// Why.
        because: UnknownCause,
    },
}

/// Why nobody can say what became of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownCause {
    /// The drill was taken up by a program whose world knows nothing of it.
    ModelChanged,
}

/// What one effect of a response brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectResult {
    /// Evidence is safe.
    Captured {
        /// What.
        evidence: EvidenceKind,
        /// Of which instance, or of which snapshot.
        of: TargetId,
    },
    /// The snapshot of an instance is out of reach of everybody in this account.
    EvidenceCopied {
        /// Of which instance.
        of: TargetId,
    },
    /// Instances are terminated that somebody had launched.
    LaunchedEnded {
        /// With which role or user.
        principal: TargetId,
        /// Virtual CPUs that are free again.
        vcpus: u32,
    },
    /// The instance was changed.
    Changed {
        /// How.
        change: InstanceChange,
        /// Which instance.
        instance: TargetId,
        /// Connections that go on, because they are being tracked.
        tracked_alive: bool,
    },
    /// The team sees the findings of a detector.
    Findings {
        /// What is there, perhaps nothing.
        findings: Vec<Finding>,
    },
    /// The log was read; so many records were in it.
    Log {
        /// Records there.
        records: u64,
    },
    /// The group has a new desired capacity.
    Capacity {
        /// Instances wanted now.
        desired: u32,
    },
    /// A group was changed.
    GroupChanged {
        /// How.
        change: GroupChange,
        /// Which.
        group: TargetId,
    },
    /// Sessions of the role are ended.
    SessionsRevoked {
        /// Services whose instances are out until their processes have new credentials.
        services: Vec<ServiceId>,
    },
    /// The rule is gone.
    PortClosed,
    /// A resource was changed.
    ResourceChanged {
        /// How.
        change: ResourceChange,
        /// Which.
        resource: TargetId,
        /// Services that are out because of it.
        #[serde(default)]
        out: Vec<ServiceId>,
    },
    /// The resolver refuses these names from now on.
    NamesBlocked {
        /// Which names.
        domains: Vec<SafeText>,
    },
    /// A log records from now on.
    LogOn {
        /// Which log.
        log: LogSource,
    },
    /// A detector, and all of its service, sees what goes on from now on.
    DetectorOn {
        /// Which detector.
        detector: DetectorId,
    },
    /// A log, detector or channel is stopped.
    TurnedOff {
        /// Which.
        what: Sight,
    },
    /// How a log, detector or channel stands.
    Status {
        /// Of which.
        of: Sight,
        /// Whether it works.
        works: bool,
    },
    /// A scan is under way; what it finds, the detector says.
    ScanBegun {
        /// Which detector looks.
        detector: DetectorId,
        /// At which instance.
        instance: TargetId,
    },
    /// What the adversary left on an instance is gone, if there was anything.
    ImplantRemoved {
        /// On which instance.
        instance: TargetId,
        /// Whether there was anything.
        found: bool,
    },
    /// An automation works, or doesn't.
    AutomationTested {
        /// Whether it works.
        works: bool,
    },
    /// The automation works from now on.
    AutomationRepaired,
    /// A test message arrived, or didn't.
    ChannelTested {
        /// Whether it arrived.
        arrives: bool,
    },
    /// The channel works from now on.
    ChannelRepaired,
    /// Somebody is informed.
    Told,
    /// The steady state was confirmed, or isn't back yet.
    Steady {
        /// Whether it is back.
        yes: bool,
    },
    /// It couldn't be done.
    Impossible {
        /// Why.
        because: Obstacle,
    },
}

impl EffectResult {
    /// The findings that the team sees by it.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Findings { findings } => findings,
            Self::Captured { .. }
            | Self::EvidenceCopied { .. }
            | Self::LaunchedEnded { .. }
            | Self::Changed { .. }
            | Self::Log { .. }
            | Self::Capacity { .. }
            | Self::GroupChanged { .. }
            | Self::SessionsRevoked { .. }
            | Self::PortClosed
            | Self::ResourceChanged { .. }
            | Self::NamesBlocked { .. }
            | Self::LogOn { .. }
            | Self::DetectorOn { .. }
            | Self::TurnedOff { .. }
            | Self::Status { .. }
            | Self::ScanBegun { .. }
            | Self::ImplantRemoved { .. }
            | Self::AutomationTested { .. }
            | Self::AutomationRepaired
            | Self::ChannelTested { .. }
            | Self::ChannelRepaired
            | Self::Told
            | Self::Steady { .. }
            | Self::Impossible { .. } => &[],
        }
    }

    /// Says whether the effect was had: it was possible, and what it was to confirm is so.
    fn is_something(&self) -> bool {
        match self {
            Self::Impossible { .. } => false,
            Self::Steady { yes } => *yes,
            Self::Captured { .. }
            | Self::EvidenceCopied { .. }
            | Self::LaunchedEnded { .. }
            | Self::Changed { .. }
            | Self::Findings { .. }
            | Self::Log { .. }
            | Self::Capacity { .. }
            | Self::GroupChanged { .. }
            | Self::SessionsRevoked { .. }
            | Self::PortClosed
            | Self::ResourceChanged { .. }
            | Self::NamesBlocked { .. }
            | Self::LogOn { .. }
            | Self::DetectorOn { .. }
            | Self::TurnedOff { .. }
            | Self::Status { .. }
            | Self::ScanBegun { .. }
            | Self::ImplantRemoved { .. }
            | Self::AutomationTested { .. }
            | Self::AutomationRepaired
            | Self::ChannelTested { .. }
            | Self::ChannelRepaired
            | Self::Told => true,
        }
    }
}

/// Changes to an auto scaling group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupChange {
    /// It leaves unhealthy members alone.
    ReplacementSuspended,
    /// It replaces unhealthy members again.
    ReplacementResumed,
    /// It leaves its zones uneven.
    RebalancingSuspended,
    /// It evens its zones out again.
    RebalancingResumed,
    /// All its members are being replaced, one after the other.
    Replaced,
    /// All its members have the release from before.
    RolledBack,
}

/// Changes to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceChange {
    /// A security group lets the world in.
    Opened,
    /// A security group lets only trusted addresses in.
    Restricted,
    /// A bucket lets the world in no longer.
    PublicAccessBlocked,
    /// A bucket lets the world in.
    PublicAccessAllowed,
    /// A snapshot is shared with nobody.
    ShareRemoved,
    /// A database is cut off from everything.
    Isolated,
    /// A database can be reached as before.
    Released,
    /// A database can't be reached from the world.
    MadePrivate,
    /// A database is back.
    Restored,
    /// Whoever deletes it is refused.
    Protected,
    /// An access key is inactive.
    Deactivated,
    /// An access key is active.
    Activated,
    /// An access key is gone.
    Deleted,
    /// The users of an access key have a new one.
    Replaced,
    /// Nobody can assume a role anew.
    TrustChanged,
    /// The subnets of a network ACL are cut off.
    Denied,
    /// The subnets of a network ACL can be reached.
    Allowed,
    /// A role can be used from the team's own network only.
    OutsideDenied,
}

/// Says whether a response brought something: at least one effect could be had, and a confirmation was one.
#[must_use]
pub fn brought_something(results: &[EffectResult]) -> bool {
    results.is_empty() || results.iter().any(EffectResult::is_something)
}
