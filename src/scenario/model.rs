//! A scenario as its TOML file says it. The same types read the file, produce the JSON Schema and carry the doc comments that
//! editors show; `check` refuses what they can't express.
//!
//! Keys are kebab-case. Every latency and figure carries where it is from (`basis` and `source`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::id::{
    ActionId, ChannelId, DetectorId, InjectId, ScenarioId, ServiceId, SignalId, StageId, StepId, TargetId,
};
use crate::domain::signal::{Measure, Side};
use crate::domain::{LogSource, SafeText, Span};

/// A scenario: a workload, what happens to it, who would notice, and what the team ought to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Scenario {
    /// Version of this file format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub format: u32,
    /// Short name, the same as the folder's.
    pub id: ScenarioId,
    /// One line for a list.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// Two or three sentences: what one learns, without giving away what happens.
    pub summary: SafeText,
    /// What every responder reads before the drill: situation, goal, rules.
    pub brief: SafeText,
    /// How long the experiment lasts at most.
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "1d"))]
    pub length: Span,
    /// From 1 (first drill) to 5.
    #[schemars(range(min = 1, max = 5))]
    pub difficulty: u8,
    /// Made-up account and region that findings and logs carry.
    #[serde(default)]
    pub account: Account,
    /// ATT&CK techniques, for reports.
    #[serde(default, rename = "technique")]
    #[schemars(length(max = 100))]
    pub techniques: Vec<Technique>,
    /// The workload's services, at least one.
    #[serde(rename = "service")]
    #[schemars(length(min = 1, max = 64))]
    pub services: Vec<Service>,
    /// Roles, security groups and other things that a response can be aimed at. Instances, groups and channels are named where they are defined.
    #[serde(default, rename = "resource")]
    #[schemars(length(max = 200))]
    pub resources: Vec<Resource>,
    /// What is measured and shown, at least one.
    #[serde(rename = "signal")]
    #[schemars(length(min = 1, max = 100))]
    pub signals: Vec<Signal>,
    /// When the workload counts as healthy.
    pub steady_state: SteadyState,
    /// The sentence that the drill puts to the test.
    pub hypothesis: Hypothesis,
    /// What the experiment breaks.
    pub fault: Fault,
    /// What the adversary does, stage by stage, at least one.
    #[serde(rename = "stage")]
    #[schemars(length(min = 1, max = 50))]
    pub stages: Vec<Stage>,
    /// Ordinary log records, among which the telling ones are found.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub background: Vec<Emission>,
    /// How late each log arrives in the log store.
    #[serde(default, rename = "log")]
    #[schemars(length(max = 4))]
    pub logs: Vec<LogDelivery>,
    /// Who finds what.
    #[serde(default, rename = "detector")]
    #[schemars(length(max = 50))]
    pub detectors: Vec<Detector>,
    /// How the team is told.
    #[serde(default, rename = "channel")]
    #[schemars(length(max = 50))]
    pub channels: Vec<Channel>,
    /// The responses on offer, at least one.
    #[serde(rename = "action")]
    #[schemars(length(min = 1, max = 200))]
    pub actions: Vec<Action>,
    /// The playbook.
    pub playbook: Playbook,
    /// Orders of responses that matter.
    #[serde(default, rename = "order")]
    #[schemars(length(max = 100))]
    pub orders: Vec<Order>,
    /// Scripted messages.
    #[serde(default, rename = "inject")]
    #[schemars(length(max = 200))]
    pub injects: Vec<Inject>,
    /// What the debrief tells afterwards.
    pub debrief: DebriefNotes,
}

/// Account and region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Account {
    /// Twelve digits.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub id: SafeText,
    /// For example `us-east-1`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub region: SafeText,
}

impl Default for Account {
    fn default() -> Self {
        Self { id: "111122223333".into(), region: "us-east-1".into() }
    }
}

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The provider's documentation says so.
    Documented,
    /// Somebody measured it.
    Measured,
    /// The author's judgement.
    Assumed,
}

/// A latency with where it is from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Latency {
    /// The usual length.
    #[schemars(extend("x-longest" = "1d"))]
    pub typical: Span,
    /// Drawn evenly from `typical - spread` to `typical + spread`; without it always `typical`.
    #[serde(default)]
    #[schemars(extend("x-longest" = "1d"))]
    pub spread: Span,
    /// How well it is known.
    pub basis: Basis,
    /// Where it is from, or why it is assumed.
    pub source: SafeText,
}

/// An ATT&CK technique.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Technique {
    /// For example `T1496`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub id: SafeText,
    /// Its name.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub name: SafeText,
    /// Where the mapping is from; `to verify` marks one that nobody has checked.
    pub source: SafeText,
}

/// A service: a load balancer in front of an auto scaling group of equal instances. Modelled as one M/M/c/K queue with
/// c = instances in service x workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Service {
    /// Short name.
    pub id: ServiceId,
    /// Name for people.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// Instances at the start.
    #[serde(rename = "instance")]
    #[schemars(length(min = 1, max = 32))]
    pub instances: Vec<Instance>,
    /// The auto scaling group that keeps them.
    pub group: Group,
    /// Requests that one instance works on at the same time.
    #[schemars(range(min = 1, max = 1000))]
    pub workers: u32,
    /// Mean own work on one request, without waiting and without calls to other services.
    #[schemars(extend("x-shortest" = "1us", "x-longest" = "10m"))]
    pub service_time: Span,
    /// Requests that may wait for each instance in service; what comes on top is refused.
    #[schemars(range(min = 0, max = 10000))]
    pub queue: u32,
    /// The caller gives up after this time.
    #[schemars(extend("x-shortest" = "1ms", "x-longest" = "1h"))]
    pub timeout: Span,
    /// Requests from outside. Steps: each holds until the next.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub traffic: Vec<TrafficStep>,
    /// Services that each request of this one calls, one after the other.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub calls: Vec<Call>,
    /// The role whose credentials the instances use; requests fail while they have none.
    #[serde(default)]
    pub role: Option<TargetId>,
}

/// An instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Instance {
    /// For example `i-0a1b2c3d4e5f60001`.
    pub id: TargetId,
    /// Availability zone.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub zone: SafeText,
    /// Private address, as logs show it.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub address: SafeText,
}

/// An auto scaling group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Group {
    /// Name of the group; a target for capacity actions.
    pub id: TargetId,
    /// Most instances that the group may have.
    #[schemars(range(min = 1, max = 64))]
    pub max: u32,
    /// From launch until a new instance is in service.
    pub boot: Latency,
    /// From the first failed load balancer health check until the group terminates and replaces the instance.
    pub unhealthy_after: Latency,
}

/// Traffic from `from` on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TrafficStep {
    /// Since the drill began.
    pub from: Span,
    /// Requests per second.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub rate: f64,
}

/// A call to another service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Call {
    /// Which service is called. Calls may not form a circle.
    pub service: ServiceId,
    /// Further attempts after a failed one.
    #[serde(default)]
    #[schemars(range(min = 0, max = 5))]
    pub retries: u32,
}

/// A thing that a response can be aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Resource {
    /// Short name, for example `sg-0web` or `personalization-role`.
    pub id: TargetId,
    /// What it is.
    pub kind: ResourceKind,
    /// Name for people.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// Services whose instances use it.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub used_by: Vec<ServiceId>,
}

/// Kinds of resources that are named in `[[resource]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// An IAM role.
    Role,
    /// A security group.
    SecurityGroup,
}

/// A signal: one figure of one service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Signal {
    /// Short name.
    pub id: SignalId,
    /// Name for people.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// Of which service.
    pub service: ServiceId,
    /// What is measured.
    pub measure: Measure,
    /// Of one instance only (with `cpu`).
    #[serde(default)]
    pub instance: Option<TargetId>,
    /// Limit that the team has set itself, shown in the chart.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1_000_000_000.0))]
    pub limit: Option<f64>,
    /// On which side of the limit the signal is at home.
    #[serde(default = "below")]
    pub side: Side,
}

fn below() -> Side {
    Side::Below
}

/// When the workload counts as healthy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SteadyState {
    /// All signals with a limit must stay within it for this long before the experiment can start.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub hold: Span,
    /// The signals that count, each with a limit.
    #[schemars(length(min = 1, max = 100))]
    pub signals: Vec<SignalId>,
}

/// When X happens, Y will notify the team within T, and M will stay at V.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Hypothesis {
    /// X, for example `a miner runs on one instance`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub when: SafeText,
    /// Y, who notices.
    pub detector: DetectorId,
    /// Who is told, for example `the security team`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub team: SafeText,
    /// T, counted from the fault.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub within: Span,
    /// M, the figure that customers feel.
    pub signal: SignalId,
    /// On which side of `at` it stays.
    #[serde(default = "below")]
    pub stays: Side,
    /// V, in the signal's unit.
    #[schemars(range(min = 0.0, max = 1_000_000_000.0))]
    pub at: f64,
}

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

/// A response on offer. It can be given at any time, in any order, on any fitting target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Action {
    /// Short name.
    pub id: ActionId,
    /// In the imperative: `Isolate the instance`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// What it does and whom it may touch, without saying how it will end.
    pub detail: SafeText,
    /// Under which heading it stands.
    pub category: Category,
    /// What it is aimed at.
    pub target: TargetKind,
    /// How long it takes.
    pub takes: Latency,
    /// What it does to the world, one after the other.
    #[schemars(length(max = 20))]
    pub effects: Vec<Effect>,
    /// What one would type on a real account.
    #[serde(default)]
    pub aws: Option<SafeText>,
}

impl Action {
    /// Says whether the response changes the system: then a guess is asked for before it is given. Looking, testing, telling
    /// and copying change nothing.
    #[must_use]
    pub fn changes_the_system(&self) -> bool {
        self.effects.iter().any(|effect| {
            matches!(
                effect,
                Effect::Instance { .. }
                    | Effect::ChangeCapacity { .. }
                    | Effect::RevokeSessions
                    | Effect::ClosePort
                    | Effect::RepairChannel
            )
        })
    }
}

/// Headings of the action list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Find out.
    Investigate,
    /// Keep evidence.
    Preserve,
    /// Stop the spread.
    Contain,
    /// Credentials.
    Credentials,
    /// Capacity and repair.
    Recover,
    /// Tell people.
    Tell,
}

impl Category {
    /// The heading.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Investigate => "INVESTIGATE",
            Self::Preserve => "PRESERVE",
            Self::Contain => "CONTAIN",
            Self::Credentials => "CREDENTIALS",
            Self::Recover => "RECOVER",
            Self::Tell => "TELL",
        }
    }
}

/// What an action is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// Nothing in particular.
    None,
    /// An instance, also one that was launched during the drill.
    Instance,
    /// An auto scaling group.
    Group,
    /// An IAM role.
    Role,
    /// A security group.
    SecurityGroup,
    /// A notification channel.
    Channel,
}

/// What a response does to the world. The side effects follow from the world's rules, not from the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Effect {
    /// Looks where this detector writes: its findings become visible to the team.
    LookAtFindings {
        /// Which detector.
        detector: DetectorId,
    },
    /// Reads this log: the team has looked (the records are listed in the console anyway).
    LookAtLog {
        /// Which log.
        log: LogSource,
    },
    /// Copies the volume of the instance: evidence on disk is safe from then on.
    SnapshotVolume,
    /// Copies the memory of a running instance. Gone after a stop or termination.
    CaptureMemory,
    /// Does something to the instance itself.
    Instance {
        /// What.
        change: InstanceChange,
    },
    /// Changes the desired capacity of the group.
    ChangeCapacity {
        /// By how many instances.
        #[schemars(range(min = -64, max = 64))]
        by: i32,
    },
    /// Ends all sessions of the role. Everyone who uses the role is out until it has new credentials.
    RevokeSessions,
    /// Removes the rule that lets the world in.
    ClosePort,
    /// Sends a test message through the channel: shows whether it arrives.
    TestChannel,
    /// Repairs the channel.
    RepairChannel,
    /// Tells somebody, who is now informed: the mark `escalated`.
    Tell {
        /// Whom.
        #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
        whom: SafeText,
    },
    /// Confirms that the steady state is back: only possible when it is.
    ConfirmSteadyState,
}

impl Effect {
    /// Says whether it does no more than look, test or confirm.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        matches!(
            self,
            Self::LookAtFindings { .. } | Self::LookAtLog { .. } | Self::TestChannel | Self::ConfirmSteadyState
        )
    }
}

/// Changes to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceChange {
    /// Swaps its security groups for one without rules. The load balancer can't reach it any more; tracked connections go on.
    Isolate,
    /// The same through a group that allows all first, which makes its connections untracked: they are cut.
    IsolateAndCut,
    /// Takes it out of the load balancer and keeps it in the group, which leaves it alone.
    Standby,
    /// Takes it out of the group, which launches a replacement at once.
    Detach,
    /// Stops it: memory is gone. A member of a group is found unhealthy, terminated and replaced.
    Stop,
    /// Terminates it: memory and volume are gone. Its group replaces it.
    Terminate,
}

/// The playbook of the team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Playbook {
    /// Its name.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// Its steps, at least one, in order.
    #[serde(rename = "step")]
    #[schemars(length(min = 1, max = 200))]
    pub steps: Vec<Step>,
}

/// A step of the playbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// Short name.
    pub id: StepId,
    /// In the imperative.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// How to do it and where to look.
    pub detail: SafeText,
    /// How long the team wants to need.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub goal: Span,
    /// Phase of NIST SP 800-61 r2.
    pub phase: NistPhase,
    /// When it counts as done. A person can always say so, too.
    pub done_when: When,
}

/// Phases of incident handling, NIST SP 800-61 revision 2, section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NistPhase {
    /// Detection and analysis.
    Detection,
    /// Containment.
    Containment,
    /// Eradication.
    Eradication,
    /// Recovery.
    Recovery,
    /// Post-incident activity.
    PostIncident,
}

/// A condition: everything that is named must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct When {
    /// So long after the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-longest" = "1d"))]
    pub after_fault: Option<Span>,
    /// One of these actions has been completed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub action_done: Vec<ActionId>,
    /// A finding has been acknowledged, or has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<bool>,
    /// The team has been notified by a channel, or has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified: Option<bool>,
    /// Somebody has seen a finding, through a channel or by looking, or nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding_seen: Option<bool>,
    /// Only a person can say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<bool>,
}

/// An order of responses that matters. Another order is allowed, recorded, and has its consequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Order {
    /// All of these ...
    #[schemars(length(min = 1, max = 200))]
    pub first: Vec<ActionId>,
    /// ... before any of these.
    #[schemars(length(min = 1, max = 200))]
    pub then: Vec<ActionId>,
    /// Why.
    pub why: SafeText,
}

/// A scripted message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Inject {
    /// Short name.
    pub id: InjectId,
    /// Who says it.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub from: SafeText,
    /// How it comes: phone, chat, mail.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub via: SafeText,
    /// What is said.
    pub text: SafeText,
    /// When.
    pub when: When,
    /// What people are expected to do with it.
    pub expected: SafeText,
}

/// What is told in Verify and in the debrief, never before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DebriefNotes {
    /// What really happened, in a few sentences.
    pub truth: SafeText,
    /// The lesson, in a sentence or two.
    pub lesson: SafeText,
    /// The path that keeps the hypothesis, as action ids in order.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub ideal_path: Vec<ActionId>,
    /// Sources of the facts.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub sources: Vec<SafeText>,
}
