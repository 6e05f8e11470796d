//! What the world does in a drill, simulated or live.

use serde::{Deserialize, Serialize};

use crate::domain::id::{ChannelId, FindingId, ServiceId, StageId, TargetId};
use crate::domain::{DrillTime, Finding, LogRecord, SafeText};
use crate::scenario::model::InstanceChange;

/// What the world did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum WorldEvent {
    /// The signals at this moment.
    #[serde(rename = "world.sampled")]
    Sampled(Sample),
    /// The fault is active.
    #[serde(rename = "world.fault-active")]
    FaultActive,
    /// Ground truth: a stage of the adversary begins or ends.
    #[serde(rename = "world.stage")]
    Stage {
        /// Which.
        stage: StageId,
        /// Where.
        on: TargetId,
        /// Whether it is going on now.
        active: bool,
    },
    /// Ground truth: what the adversary can still do.
    #[serde(rename = "world.adversary")]
    Adversary {
        /// The state.
        state: AdversaryState,
    },
    /// A log record has arrived in the log store.
    #[serde(rename = "world.logged")]
    Logged {
        /// The record.
        record: LogRecord,
    },
    /// A detector has made a finding, or seen it again. Nobody is told by that alone.
    #[serde(rename = "world.finding")]
    FindingCreated {
        /// The finding.
        finding: Finding,
    },
    /// A channel has told the team.
    #[serde(rename = "world.notified")]
    Notified {
        /// Which channel.
        channel: ChannelId,
        /// Of what.
        finding: Finding,
    },
    /// Ground truth: a channel has told nobody.
    #[serde(rename = "world.notification-lost")]
    NotificationLost {
        /// Which channel.
        channel: ChannelId,
        /// Of what.
        finding: FindingId,
    },
    /// An instance changed its state.
    #[serde(rename = "world.instance")]
    Instance(InstanceEvent),
    /// A response is under way, done, or could not be done.
    #[serde(rename = "world.action")]
    Action(ActionEvent),
    /// Credentials of a role were revoked, and its users are out until they have new ones.
    #[serde(rename = "world.role")]
    Role {
        /// Which role.
        role: TargetId,
        /// Whether its users work again.
        usable: bool,
    },
}

/// The signals at one moment, and what customers got since the last sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// One value for each `[[signal]]`, in the order of the scenario, rounded to four places.
    pub values: Vec<f64>,
    /// Requests of customers since the last sample.
    pub requests: f64,
    /// Those that failed.
    pub failed: f64,
}

/// What the adversary can still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdversaryState {
    /// At least one stage is going on.
    Active,
    /// Nothing is going on, but a foothold is left: it can come back.
    Contained,
    /// Nothing is going on and nothing can begin.
    Eradicated,
}

/// An instance changed its state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstanceEvent {
    /// Which.
    pub instance: TargetId,
    /// Of which service.
    pub service: ServiceId,
    /// Its zone.
    pub zone: SafeText,
    /// Its new state.
    pub state: InstanceState,
    /// Why.
    pub because: InstanceCause,
    /// Evidence that is gone with it, if it was not taken before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence_lost: Vec<EvidenceKind>,
}

/// States of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceState {
    /// Launched, not yet in service.
    Booting,
    /// Takes requests.
    InService,
    /// Runs, fails its health checks, takes no requests: its group will terminate it.
    Unhealthy,
    /// Runs, out of the load balancer, left alone by its group.
    Standby,
    /// Runs, no longer a member of its group.
    Detached,
    /// Stopped.
    Stopped,
    /// Gone.
    Terminated,
}

/// Why an instance changed its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceCause {
    /// There from the start.
    Initial,
    /// A response, by its number.
    Response(u32),
    /// Its group launched it, or found it ready.
    Group,
    /// Its group found it unhealthy, terminated it and replaces it.
    HealthCheck,
}

/// Kinds of evidence on an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The volume.
    Disk,
    /// The memory.
    Memory,
}

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
}

/// What one effect of a response brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectResult {
    /// Evidence is safe.
    Captured {
        /// What.
        evidence: EvidenceKind,
        /// Of which instance.
        of: TargetId,
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
    /// Sessions of the role are ended.
    SessionsRevoked {
        /// Services that are out until they have new credentials.
        services: Vec<ServiceId>,
    },
    /// The rule is gone.
    PortClosed,
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
        /// Why, for example `the instance is terminated`.
        reason: SafeText,
    },
}

/// Says whether a response brought something: at least one effect could be had, and a confirmation was one.
#[must_use]
pub fn brought_something(results: &[EffectResult]) -> bool {
    let nothing =
        |result: &EffectResult| matches!(result, EffectResult::Impossible { .. } | EffectResult::Steady { yes: false });
    results.is_empty() || !results.iter().all(nothing)
}
