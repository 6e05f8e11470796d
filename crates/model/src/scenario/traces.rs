//! The records that everything leaves in logs.

use serde::{Deserialize, Serialize};

use super::Latency;
use crate::id::ServiceId;
use crate::{LogSource, SafeText, Span};

/// Most ordinary records (`[[background]]`) that one drill holds; what comes later is left out.
pub const MOST_BACKGROUND: u64 = 40_000;
/// Most records of stages, detectors and responses that one drill holds; counted apart, so that no noise takes their place.
pub const MOST_TELLING: u64 = 20_000;

/// Records that something leaves in a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Emission {
    /// In which log.
    pub source: LogSource,
    /// How far apart: exactly, or as the mean of a Poisson process with `random`. Without it: once, at the start.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub every: Option<Span>,
    /// Let the gaps be random.
    #[serde(default)]
    pub random: bool,
    /// On instances of this service (background only).
    #[serde(default)]
    pub service: Option<ServiceId>,
    /// Names looked up, for a resolver query log; one is drawn for each record.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub domains: Vec<SafeText>,
    /// Remote addresses, for flow logs and CloudTrail; one is drawn for each record. Empty: unknown addresses are drawn from the documentation ranges (RFC 5737).
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub addresses: Vec<SafeText>,
    /// Port on our side, for flow logs; on the other side with `outbound`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 65535)))]
    pub port: Option<u16>,
    /// The connection goes out from our side, for flow logs.
    #[serde(default)]
    pub outbound: bool,
    /// Flow log action is REJECT instead of ACCEPT.
    #[serde(default)]
    pub rejected: bool,
    /// API call, for CloudTrail, for example `ec2:AuthorizeSecurityGroupIngress`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub call: Option<SafeText>,
    /// Who called, for CloudTrail.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub user: Option<SafeText>,
    /// Records at each moment.
    #[serde(default = "once")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 200)))]
    pub count: u32,
    /// Type of the query, for a resolver query log. Without it: `A`.
    #[serde(default)]
    pub query_type: Option<QueryType>,
    /// Answer to the query, for a resolver query log. Without it: `NOERROR`.
    #[serde(default)]
    pub rcode: Option<Rcode>,
    /// Puts a random label of so many characters before the name, for a resolver query log: data that leaves in names.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 63)))]
    pub label_length: Option<u32>,
    /// Bytes of each record, for flow logs; otherwise drawn.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000_000_000_u64)))]
    pub bytes: Option<u64>,
    /// Packets of each record, for flow logs; otherwise drawn.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000_000)))]
    pub packets: Option<u64>,
    /// `requestParameters`, for CloudTrail: a JSON object; `{resource}`, `{instance}` and `{address}` are filled in.
    #[serde(default)]
    pub request: Option<SafeText>,
    /// `responseElements`, for CloudTrail: a JSON object, filled in likewise.
    #[serde(default)]
    pub answer: Option<SafeText>,
    /// `errorCode`, for CloudTrail, for example `AccessDenied`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub error: Option<SafeText>,
    /// `userAgent`, for CloudTrail.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub agent: Option<SafeText>,
    /// What kind of caller, for CloudTrail. Without it: `role` if `user` holds a slash, else `user`.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Id of the caller's access key, for CloudTrail; otherwise made up.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub key: Option<SafeText>,
    /// The caller's account, for CloudTrail, if it is another one.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub from_account: Option<SafeText>,
}

fn once() -> u32 {
    1
}

/// Types of DNS queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum QueryType {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// Another name.
    Cname,
    /// A mail server.
    Mx,
    /// A name server.
    Ns,
    /// The name of an address.
    Ptr,
    /// A service.
    Srv,
    /// A text.
    Txt,
}

/// Answers of a resolver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Rcode {
    /// The name is there.
    NoError,
    /// There is no such name.
    NxDomain,
    /// The resolver couldn't find out.
    ServFail,
    /// The resolver doesn't answer this.
    Refused,
}

/// Kinds of callers in CloudTrail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// An IAM user.
    User,
    /// A session of a role.
    Role,
    /// The root user of the account.
    Root,
    /// Another account.
    Account,
    /// An AWS service.
    Service,
    /// Nobody who has said who they are.
    Anonymous,
}

/// How late a log arrives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct LogDelivery {
    /// Which log.
    pub source: LogSource,
    /// From the event to the log store.
    pub delay: Latency,
    /// Why it is off at the start: nothing is recorded until it is turned on.
    #[serde(default)]
    pub off: Option<SafeText>,
}
