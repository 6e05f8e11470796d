//! The workload: services, what is measured of them, and when they count as healthy.

use serde::{Deserialize, Serialize};

use super::{Basis, Latency, below, one};
use crate::id::{ServiceId, SignalId, TargetId};
use crate::signal::{Measure, Side};
use crate::{SafeText, Span};

/// Most requests that all instances of a service may work on at the same time.
pub const MOST_WORKERS: u32 = 1_024;
/// Most requests that may be at a service at the same time, waiting or worked on.
pub const MOST_ROOM: u32 = 4_096;

/// A service: a load balancer in front of an auto scaling group of equal instances. All in service share one queue; a worker is
/// held while it works on a request and while the calls of that request are under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Service {
    /// Short name.
    pub id: ServiceId,
    /// Name for people.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// Instances at the start.
    #[serde(rename = "instance")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 32)))]
    pub instances: Vec<Instance>,
    /// The auto scaling group that keeps them.
    pub group: Group,
    /// Requests that one instance works on at the same time.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))]
    pub workers: u32,
    /// Mean own work on one request, without waiting and without calls to other services.
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1us", "x-longest" = "10m")))]
    pub service_time: Span,
    /// Requests that may wait for each instance in service; what comes on top is refused.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 10000)))]
    pub queue: u32,
    /// The caller gives up after this time.
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1ms", "x-longest" = "1h")))]
    pub timeout: Span,
    /// Requests from outside. Steps: each holds until the next, from a whole second on.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 1000)))]
    pub traffic: Vec<TrafficStep>,
    /// Services that each request of this one calls, one after the other.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 64)))]
    pub calls: Vec<Call>,
    /// The role whose credentials the instances use; the requests that need it fail while they have none.
    #[serde(default)]
    pub role: Option<TargetId>,
    /// Its requests from outside are requests of customers. Where no service says so, it is the busiest from outside that has the
    /// hypothesis' signal or calls the service that has it.
    #[serde(default)]
    pub customers: bool,
    /// The load balancer in front of the group. Without it: AWS's defaults.
    #[serde(default)]
    pub balancer: Balancer,
}

/// The load balancer in front of a group: how soon it finds out that an instance doesn't answer, and what becomes of requests until then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Balancer {
    /// Between two health checks of an instance.
    #[serde(default = "check_every")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "5m")))]
    pub check_every: Span,
    /// A check fails after this time without an answer.
    #[serde(default = "check_timeout")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "2m")))]
    pub check_timeout: Span,
    /// Failed checks in a row after which an instance gets no more requests.
    #[serde(default = "out_after")]
    #[cfg_attr(feature = "schema", schemars(range(min = 2, max = 10)))]
    pub out_after: u32,
    /// Passed checks in a row after which it gets them again.
    #[serde(default = "in_after")]
    #[cfg_attr(feature = "schema", schemars(range(min = 2, max = 10)))]
    pub in_after: u32,
    /// A request that needs a new connection to an instance fails after this time.
    #[serde(default = "connect_timeout")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1h")))]
    pub connect_timeout: Span,
    /// A request on an open connection that has gone silent fails after this time.
    #[serde(default = "idle_timeout")]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1h")))]
    pub idle_timeout: Span,
    /// Connections that are open when an instance is taken out go on for this long, and no new ones begin.
    #[serde(default = "deregistration_delay")]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1h")))]
    pub deregistration_delay: Span,
    /// Share of the requests that need a new connection to the instance, 0.01 to 1: 1 without keep-alive.
    #[serde(default = "new_connections")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01, max = 1.0)))]
    pub new_connections: f64,
    /// Whether the instances' security groups track the balancer's connections, so that those that are open survive a swap of groups.
    #[serde(default = "yes")]
    pub tracked: bool,
    /// How well the figures are known.
    pub basis: Basis,
    /// Where they are from, or why they are assumed.
    pub source: SafeText,
}

fn check_every() -> Span {
    Span::from_secs(30)
}

fn check_timeout() -> Span {
    Span::from_secs(5)
}

fn out_after() -> u32 {
    2
}

fn in_after() -> u32 {
    5
}

fn connect_timeout() -> Span {
    Span::from_secs(10)
}

fn idle_timeout() -> Span {
    Span::from_secs(60)
}

fn deregistration_delay() -> Span {
    Span::from_secs(300)
}

fn new_connections() -> f64 {
    0.05
}

fn yes() -> bool {
    true
}

impl Default for Balancer {
    fn default() -> Self {
        Self {
            check_every: check_every(),
            check_timeout: check_timeout(),
            out_after: out_after(),
            in_after: in_after(),
            connect_timeout: connect_timeout(),
            idle_timeout: idle_timeout(),
            deregistration_delay: deregistration_delay(),
            new_connections: new_connections(),
            tracked: yes(),
            basis: Basis::Documented,
            source: "Application Load Balancer user guide: health checks of target groups, deregistration delay, HTTP 504; EC2 user guide: connection tracking. The share of new connections is assumed".into(),
        }
    }
}

/// An instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Instance {
    /// For example `i-0a1b2c3d4e5f60001`.
    pub id: TargetId,
    /// Availability zone.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub zone: SafeText,
    /// Private address, as logs show it.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub address: SafeText,
}

/// An auto scaling group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Group {
    /// Name of the group; a target for capacity actions.
    pub id: TargetId,
    /// Most instances that the group may have.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 64)))]
    pub max: u32,
    /// From launch until a new instance is in service.
    pub boot: Latency,
    /// Whose health checks it goes by. Without it: `ec2`, as in AWS unless somebody turns the other one on.
    #[serde(default)]
    pub health: GroupHealth,
    /// From when a member counts as unhealthy until the group terminates and replaces it. Without it: up to a minute.
    #[serde(default = "group_looks")]
    pub unhealthy_after: Latency,
    /// Fewest instances that the group may want: standby and scaling in stop there.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 64)))]
    pub min: u32,
}

/// Whose health checks an auto scaling group goes by. A member that leaves the state `running` is replaced in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GroupHealth {
    /// EC2's own status checks: a member that the load balancer can't reach stays.
    #[default]
    Ec2,
    /// The load balancer's checks, too: a member that fails them is replaced.
    Elb,
}

fn group_looks() -> Latency {
    Latency {
        typical: Span::from_secs(30),
        spread: Span::from_secs(29),
        basis: Basis::Assumed,
        source: "the group looks at the health of its members about once a minute; AWS documents no figure".into(),
    }
}

/// Traffic from `from` on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct TrafficStep {
    /// Since the drill began.
    pub from: Span,
    /// Requests per second.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1_000_000.0)))]
    pub rate: f64,
}

/// A call to another service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Call {
    /// Which service is called. Calls may not form a circle.
    pub service: ServiceId,
    /// Further attempts after a failed one.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 5)))]
    pub retries: u32,
}

/// A thing that a response can be aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Resource {
    /// Short name, for example `sg-0web` or `personalization-role`.
    pub id: TargetId,
    /// What it is.
    pub kind: ResourceKind,
    /// Name for people.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// Services whose instances use it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 64)))]
    pub used_by: Vec<ServiceId>,
    /// Share of their requests that fails while they can't use it, 0 to 1.
    #[serde(default = "one")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub fails: f64,
    /// Share of these requests that needs a new connection, 0.01 to 1 (database only): the others go on over those that are open when its security group is swapped.
    #[serde(default = "new_connections")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01, max = 1.0)))]
    pub new_connections: f64,
    /// A bucket or database that the world can reach at the start, on purpose. The users of a bucket need it so.
    #[serde(default)]
    pub public: bool,
    /// Zone whose instances are behind it (network ACL only).
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub zone: Option<SafeText>,
    /// Other accounts with which it is shared while it lets the world in (snapshot only). Without any: with everybody.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub shared_with: Vec<SafeText>,
    /// The user whose it is (access key only).
    #[serde(default)]
    pub owner: Option<TargetId>,
}

/// Kinds of resources that are named in `[[resource]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// An IAM role.
    Role,
    /// A security group.
    SecurityGroup,
    /// An IAM user.
    User,
    /// A long-term access key of a user.
    AccessKey,
    /// The network ACL of the subnets of one zone.
    NetworkAcl,
    /// An S3 bucket.
    Bucket,
    /// A database, for example an RDS instance.
    Database,
    /// A snapshot of a database or volume.
    Snapshot,
}

impl ResourceKind {
    /// The type of such a resource in `CloudFormation` and AWS Config.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self {
            Self::SecurityGroup => "AWS::EC2::SecurityGroup",
            Self::Role => "AWS::IAM::Role",
            Self::User => "AWS::IAM::User",
            Self::AccessKey => "AWS::IAM::AccessKey",
            Self::NetworkAcl => "AWS::EC2::NetworkAcl",
            Self::Bucket => "AWS::S3::Bucket",
            Self::Database => "AWS::RDS::DBInstance",
            Self::Snapshot => "AWS::RDS::DBSnapshot",
        }
    }
}

/// A signal: one figure of one service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Signal {
    /// Short name.
    pub id: SignalId,
    /// Name for people.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
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
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1_000_000_000.0)))]
    pub limit: Option<f64>,
    /// On which side of the limit the signal is at home.
    #[serde(default = "below")]
    pub side: Side,
}

impl Signal {
    /// Says whether a value is within the signal's own limit. A signal without a limit is never outside.
    #[must_use]
    pub fn is_within(&self, value: f64) -> bool {
        self.limit.is_none_or(|limit| self.side.holds(value, limit))
    }
}

/// Whose requests from outside are requests of customers: the services that say so. Where none does, the busiest at the start that has the
/// hypothesis' signal or calls the service that has it, by way of others too; else the busiest.
#[must_use]
pub fn of_customers<'a>(services: &'a [Service], signal_of: Option<&ServiceId>) -> Vec<&'a ServiceId> {
    let named: Vec<&ServiceId> = services.iter().filter(|one| one.customers).map(|one| &one.id).collect();
    if !named.is_empty() {
        return named;
    }
    let rate = |one: &Service| one.traffic.first().map_or(0.0, |step| step.rate);
    let busiest = |reaching: bool| {
        let busy = services.iter().filter(|one| !one.traffic.is_empty());
        let fitting = busy.filter(|one| !reaching || signal_of.is_some_and(|to| reaches(services, &one.id, to)));
        // Of equally busy ones the first.
        fitting.rev().max_by(|a, b| rate(a).total_cmp(&rate(b)))
    };
    busiest(true).or_else(|| busiest(false)).map(|one| &one.id).into_iter().collect()
}

/// Says whether requests of `from` come to `to`.
fn reaches(services: &[Service], from: &ServiceId, to: &ServiceId) -> bool {
    let mut seen: Vec<&ServiceId> = vec![from];
    let mut at = 0;
    while let Some(id) = seen.get(at).copied() {
        if id == to {
            return true;
        }
        let service = services.iter().find(|one| one.id == *id);
        for call in service.into_iter().flat_map(|one| &one.calls) {
            if !seen.contains(&&call.service) {
                seen.push(&call.service);
            }
        }
        at += 1;
    }
    false
}

/// When the workload counts as healthy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct SteadyState {
    /// All signals with a limit must stay within it for this long before the experiment can start.
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub hold: Span,
    /// The signals that count, each with a limit.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub signals: Vec<SignalId>,
}
