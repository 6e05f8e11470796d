//! What the world does in a drill, simulated or live.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::evidence_kind::EvidenceKind;
use super::results::{ActionEvent, EffectResult};
use crate::id::{ChannelId, FindingId, ServiceId, StageId, TargetId};
use crate::scenario::{HarmKind, Sight};
use crate::{Finding, LogRecord, SafeText};

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
        /// The record. All that hold it share it.
        #[serde(with = "shared")]
        record: Arc<LogRecord>,
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
    /// A resource can't be used by its users any more, or can again.
    #[serde(rename = "world.resource")]
    Resource(ResourceEvent),
    /// An automation ran. One that failed did so without a word: ground truth.
    #[serde(rename = "world.automation")]
    Automation(AutomationEvent),
    /// Ground truth: harm was done.
    #[serde(rename = "world.harm")]
    Harm(HarmEvent),
    /// Ground truth: destruction is under way, or no longer.
    #[serde(rename = "world.destroying")]
    Destroying {
        /// Whether it is under way now.
        active: bool,
    },
    /// Ground truth: a log, detector or channel was stopped, or turned on. It doesn't say so itself.
    #[serde(rename = "world.sight")]
    Sight {
        /// Which.
        what: Sight,
        /// Whether it works now.
        works: bool,
    },
    /// A step of the undo ledger: how far a fault that was really done is from being undone.
    #[serde(rename = "world.undo")]
    Undo {
        /// How it stands.
        state: UndoState,
    },
    /// A fact that stands now, after a world was joined anew that can't tell how it came about. Folds set it: it is no mark, no landmark and
    /// no notification.
    #[serde(rename = "world.restated")]
    Restated {
        /// The fact.
        fact: Fact,
    },
}

/// A fact about a world that stands, whenever it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// The fault is active.
    FaultActive,
    /// Ground truth: a stage goes on there, or doesn't.
    Stage {
        /// Which.
        stage: StageId,
        /// Where.
        on: TargetId,
        /// Whether it goes on.
        active: bool,
    },
    /// Ground truth: what the adversary can still do.
    Adversary(AdversaryState),
    /// Ground truth: destruction is under way, or not.
    Destroying(bool),
    /// Ground truth: a log, detector or channel works, or is stopped.
    Sight {
        /// Which.
        what: Sight,
        /// Whether it works.
        works: bool,
    },
    /// An instance is in this state.
    Instance(InstanceEvent),
    /// The credentials of a role work, or don't.
    Role {
        /// Which role.
        role: TargetId,
        /// Whether they do.
        usable: bool,
    },
    /// A resource can be used, or can't.
    Resource(ResourceEvent),
    /// A response stands so.
    Response(ActionEvent),
    /// The team was told by a channel.
    Told {
        /// Which channel.
        channel: ChannelId,
        /// Of what.
        finding: Finding,
    },
}

/// How far a fault that was really done is from being undone. Each step is on disk before the call that it announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndoState {
    /// What is to be done, and how it will be undone, is written down.
    Planned,
    /// The undo is ready where it will run.
    Armed,
    /// The fault is being done.
    Firing,
    /// It is done.
    Active,
    /// It is being undone.
    Reverting,
    /// A probe has shown that it is undone.
    Reverted,
    /// Undoing it failed. It is tried again.
    RevertFailed,
    /// Nobody knows how it stands.
    Orphaned,
}

/// The users of a resource are out, or back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceEvent {
    /// Which resource.
    pub resource: TargetId,
    /// Whether its users can use it now.
    pub usable: bool,
    /// Why.
    pub because: ResourceCause,
}

/// Why a resource can or can't be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceCause {
    /// A response, by its number.
    Response(u32),
    /// An automation.
    Automation(TargetId),
    /// It was destroyed.
    Destroyed,
    /// A fault that nobody is behind.
    Fault,
    /// The drill was taken up by a program whose world has it so.
    ModelChanged,
}

/// An automation ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AutomationEvent {
    /// Which.
    pub automation: TargetId,
    /// Because of which finding; none where it runs at even intervals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<FindingId>,
    /// At what.
    pub resource: TargetId,
    /// How it ended.
    pub outcome: AutomationOutcome,
}

/// How a run of an automation ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AutomationOutcome {
    /// It ran.
    Ran {
        /// What each effect brought.
        results: Vec<EffectResult>,
    },
    /// It is broken: nothing was done, and nobody was told.
    Failed,
}

/// Harm that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HarmEvent {
    /// By which stage.
    pub stage: StageId,
    /// Place among the stage's harms, from 0.
    pub harm: u32,
    /// To which resource.
    pub resource: TargetId,
    /// What kind of harm.
    pub kind: HarmKind,
    /// What happened, in a line: the scenario's words.
    pub what: SafeText,
    /// The resource was protected: nothing is lost after all.
    #[serde(default)]
    pub refused: bool,
}

/// The signals at one moment, and what requests from outside got since the last sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// One value for each `[[signal]]`, in the order of the scenario, rounded to four places.
    pub values: Vec<f64>,
    /// Requests from outside since the last sample, at all services together.
    pub requests: f64,
    /// Those that failed.
    pub failed: f64,
    /// The same for each service that has requests from outside. Empty in older records, which don't tell them apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_service: Vec<ServedBy>,
}

/// Requests from outside at one service, since the last sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServedBy {
    /// Which service.
    pub service: ServiceId,
    /// Requests.
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
    /// Runs, fails the load balancer's health checks, takes no requests: its group terminates it if it goes by these.
    Unhealthy,
    /// Runs, out of the load balancer, still a member of its group.
    Deregistered,
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
    /// An automation.
    Automation,
    /// A fault that nobody is behind.
    Fault,
    /// The drill was taken up by a program whose world has it so.
    ModelChanged,
}

/// A log record is written as if nobody shared it.
mod shared {
    use alloc::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::LogRecord;

    pub fn serialize<S: Serializer>(record: &Arc<LogRecord>, to: S) -> Result<S::Ok, S::Error> {
        record.as_ref().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<LogRecord>, D::Error> {
        LogRecord::deserialize(from).map(Arc::new)
    }
}
