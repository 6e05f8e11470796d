//! A scenario as its TOML file says it. The same types read the file, produce the JSON Schema and carry the doc comments that
//! editors show; `check` refuses what they can't express.
//!
//! Keys are kebab-case. Every latency and figure carries where it is from (`basis` and `source`).

mod adversary;
mod aim;
mod brief;
mod detection;
mod effect;
mod objective;
mod playbook;
mod response;
mod sight;
mod traces;
mod trigger;
mod workload;

use serde::{Deserialize, Serialize};

use crate::id::{DetectorId, ScenarioId, SignalId, TargetId};
use crate::signal::Side;
use crate::{SafeText, Span};

pub use adversary::{Begins, Break, Fault, Foothold, Harm, HarmKind, OpenPort, Origin, Place, Stage};
pub use aim::{Aim, Aimed, AimedTwice};
pub use brief::{Brief, DetectorName, Named};
pub use detection::{Automation, Channel, Detector, FindingFormat, Repeats, ResourceRole, Threat, Watch};
pub use effect::{Effect, InstanceChange, TargetKind};
pub use objective::{HypothesisPart, Objective};
pub use playbook::{CsfFunction, Inject, Message, NistPhase, Order, Playbook, SignSource, Step, When};
pub use response::{Action, Category};
pub use sight::Sight;
pub use traces::{Emission, Identity, LogDelivery, MOST_BACKGROUND, MOST_TELLING, QueryType, Rcode};
pub use trigger::Trigger;
pub use workload::{
    Balancer, Call, Group, GroupHealth, Instance, MOST_ROOM, MOST_WORKERS, Resource, ResourceKind, Service, Signal,
    SteadyState, TrafficStep, of_customers,
};

/// A scenario: a workload, what happens to it, who would notice, and what the team ought to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Scenario {
    /// Version of this file format: 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub format: u32,
    /// Short name, the same as the folder's.
    pub id: ScenarioId,
    /// One line for a list.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// Two or three sentences: what one learns, without giving away what happens.
    pub summary: SafeText,
    /// What every responder reads before the drill: situation, goal, rules.
    pub brief: SafeText,
    /// How long the experiment lasts at most.
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1m", "x-longest" = "1d")))]
    pub length: Span,
    /// From 1 (first drill) to 5.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 5)))]
    pub difficulty: u8,
    /// Made-up account and region that findings and logs carry.
    #[serde(default)]
    pub account: Account,
    /// How temporary credentials of instances are renewed, and how soon a deny takes effect. Without it: as observed and documented.
    #[serde(default)]
    pub credentials: Credentials,
    /// ATT&CK techniques, for reports.
    #[serde(default, rename = "technique")]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub techniques: Vec<Technique>,
    /// The workload's services, at least one.
    #[serde(rename = "service")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub services: Vec<Service>,
    /// Roles, security groups, buckets and other things that a response can be aimed at. Instances, groups, channels and automations are named where they are defined.
    #[serde(default, rename = "resource")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub resources: Vec<Resource>,
    /// What is measured and shown, at least one.
    #[serde(rename = "signal")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub signals: Vec<Signal>,
    /// When the workload counts as healthy.
    pub steady_state: SteadyState,
    /// The sentence that the drill puts to the test.
    pub hypothesis: Hypothesis,
    /// What the experiment breaks.
    pub fault: Fault,
    /// What the adversary, or a fault without one, does, stage by stage, at least one.
    #[serde(rename = "stage")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 50)))]
    pub stages: Vec<Stage>,
    /// Ordinary log records, among which the telling ones are found.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 500)))]
    pub background: Vec<Emission>,
    /// How late each log arrives in the log store.
    #[serde(default, rename = "log")]
    #[cfg_attr(feature = "schema", schemars(length(max = 5)))]
    pub logs: Vec<LogDelivery>,
    /// Who finds what.
    #[serde(default, rename = "detector")]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub detectors: Vec<Detector>,
    /// How the team is told.
    #[serde(default, rename = "channel")]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub channels: Vec<Channel>,
    /// Programs that answer findings by themselves.
    #[serde(default, rename = "automation")]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub automations: Vec<Automation>,
    /// The responses on offer, at least one.
    #[serde(rename = "action")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
    pub actions: Vec<Action>,
    /// The playbook.
    pub playbook: Playbook,
    /// Orders of responses that matter.
    #[serde(default, rename = "order")]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub orders: Vec<Order>,
    /// What the drill is there to find out about; people rate each in Verify. Without any: what follows from hypothesis and playbook.
    #[serde(default, rename = "objective")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub objectives: Vec<Objective>,
    /// Scripted messages.
    #[serde(default, rename = "inject")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub injects: Vec<Inject>,
    /// What the debrief tells afterwards.
    pub debrief: DebriefNotes,
}

impl Scenario {
    /// The author says that the hypothesis is wrong: that it can't hold is no mistake then.
    #[must_use]
    pub fn is_wrong_on_purpose(&self) -> bool {
        self.debrief.wrong_hypothesis.is_some()
    }

    /// Says whether an adversary is behind it, and not only a fault.
    #[must_use]
    pub fn has_adversary(&self) -> bool {
        self.stages.iter().any(Stage::is_adversarys) || self.stages.iter().all(|stage| stage.benign.is_some())
    }

    /// The resource with this name.
    #[must_use]
    pub fn resource(&self, id: &TargetId) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == *id)
    }
}

/// Account and region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Account {
    /// Twelve digits.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub id: SafeText,
    /// For example `us-east-1`.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub region: SafeText,
    /// Virtual CPUs of standard instances that may run at the same time (quota L-1216C47A); each of the workload's instances has two. Without it: as many as are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100_000)))]
    pub standard_vcpus: Option<u32>,
}

/// Virtual CPUs of each of the workload's instances: a type of the size `large`, as records of launches say.
pub const VCPUS_OF_ONE: u32 = 2;

impl Default for Account {
    fn default() -> Self {
        Self { id: "111122223333".into(), region: "us-east-1".into(), standard_vcpus: None }
    }
}

/// How the credentials of an instance's role are renewed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Credentials {
    /// The metadata service of an instance gets a new set this often.
    #[serde(default = "new_set_every")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1m", "x-longest" = "1d")))]
    pub new_set_every: Span,
    /// So long a set can be used.
    #[serde(default = "set_lasts")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "15m", "x-longest" = "1d")))]
    pub lasts: Span,
    /// A process asks for new ones so long before its own expire.
    #[serde(default = "renewed_before")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub renewed_before: Span,
    /// From a deny until it takes effect.
    #[serde(default = "deny_takes")]
    pub deny_takes: Latency,
    /// How well the figures are known.
    pub basis: Basis,
    /// Where they are from, or why they are assumed.
    pub source: SafeText,
}

fn new_set_every() -> Span {
    Span::from_secs(3_600)
}

fn set_lasts() -> Span {
    Span::from_secs(6 * 3_600)
}

fn renewed_before() -> Span {
    Span::from_secs(900)
}

fn deny_takes() -> Latency {
    Latency {
        typical: Span::from_secs(10),
        spread: Span::from_secs(5),
        basis: Basis::Assumed,
        source: "IAM user guide says within minutes; seconds are common".into(),
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            new_set_every: new_set_every(),
            lasts: set_lasts(),
            renewed_before: renewed_before(),
            deny_takes: deny_takes(),
            basis: Basis::Assumed,
            source: "observed by others: a new set about hourly, which lasts some six hours (Uptycs; AWS.jl issue 57), or the same set until shortly before it expires (tilelive-s3 issue 26); EC2 user guide: at least five minutes before the expiration; botocore renews 15 minutes before".into(),
        }
    }
}

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The provider's documentation says so.
    Documented,
    /// Somebody measured it: the source says who and when.
    Measured,
    /// The author's judgement.
    Assumed,
}

/// A latency with where it is from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Latency {
    /// The usual length.
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub typical: Span,
    /// Drawn evenly from `typical - spread` to `typical + spread`; without it always `typical`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub spread: Span,
    /// How well it is known.
    pub basis: Basis,
    /// Where it is from, or why it is assumed.
    pub source: SafeText,
}

/// An ATT&CK technique.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Technique {
    /// For example `T1496`.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub id: SafeText,
    /// Its name.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub name: SafeText,
    /// Where the mapping is from; `to verify` marks one that nobody has checked.
    pub source: SafeText,
}

fn one() -> f64 {
    1.0
}

fn below() -> Side {
    Side::Below
}

/// When X happens, Y will notify the team within T, and M will stay at V.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Hypothesis {
    /// X, for example `a miner runs on one instance`.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub when: SafeText,
    /// Y, who notices.
    pub detector: DetectorId,
    /// Who is told, for example `the security team`.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub team: SafeText,
    /// T, counted from the fault.
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub within: Span,
    /// M, the figure that customers feel.
    pub signal: SignalId,
    /// On which side of `at` it stays.
    #[serde(default = "below")]
    pub stays: Side,
    /// V, in the signal's unit.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1_000_000_000.0)))]
    pub at: f64,
    /// Further signals that stay within a limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 10)))]
    pub also: Vec<Bound>,
    /// The adversary is contained no later than this after the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub contained_within: Option<Span>,
    /// No data is taken.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_data_taken: bool,
    /// No evidence of what the adversary touched is lost.
    #[serde(default, skip_serializing_if = "is_false")]
    pub evidence_kept: bool,
}

/// A signal and the limit within which it stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Bound {
    /// Which signal.
    pub signal: SignalId,
    /// On which side of `at` it stays.
    #[serde(default = "below")]
    pub stays: Side,
    /// In the signal's unit.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1_000_000_000.0)))]
    pub at: f64,
}

impl Hypothesis {
    /// All signals with their limits: the first is the one that customers feel.
    #[must_use]
    pub fn bounds(&self) -> Vec<Bound> {
        let first = Bound { signal: self.signal.clone(), stays: self.stays, at: self.at };
        core::iter::once(first).chain(self.also.iter().cloned()).collect()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// What is told in Verify and in the debrief, never before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct DebriefNotes {
    /// What really happened, in a few sentences.
    pub truth: SafeText,
    /// The lesson, in a sentence or two.
    pub lesson: SafeText,
    /// Claims about AWS on which the lesson rests, by their ids in `claims.toml`. Reports name them beside the lesson.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub claims: Vec<SafeText>,
    /// Why the hypothesis is wrong on purpose, if it is: what its failing is there to teach.
    #[serde(default)]
    pub wrong_hypothesis: Option<SafeText>,
    /// The path that keeps the hypothesis: responses in order, perhaps with what each is aimed at.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub ideal_path: Vec<Aimed>,
    /// Sources of the facts.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub sources: Vec<SafeText>,
}
