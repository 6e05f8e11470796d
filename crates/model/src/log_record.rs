//! One record of a log, in its source's own format.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DrillTime, SafeText};

/// Where a record comes from. The formats are described in the AWS documentation of each service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogSource {
    /// AWS CloudTrail management event, JSON.
    Cloudtrail,
    /// VPC Flow Log, version 2, space separated.
    VpcFlow,
    /// Route 53 Resolver query log, JSON.
    ResolverQuery,
    /// AWS Config compliance change, JSON.
    ConfigCompliance,
    /// AWS CloudTrail data event (who read or wrote which object), JSON.
    CloudtrailData,
}

impl LogSource {
    /// The name that people use.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Cloudtrail => "CloudTrail",
            Self::VpcFlow => "VPC Flow Logs",
            Self::ResolverQuery => "Resolver query log",
            Self::ConfigCompliance => "AWS Config",
            Self::CloudtrailData => "CloudTrail data events",
        }
    }
}

/// A record as the log store shows it. Both texts are the document: the world writes them, and no rule reads them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogRecord {
    /// Which log it is in.
    pub source: LogSource,
    /// When the logged thing happened. The entry that delivers it carries the later time of delivery.
    pub happened: DrillTime,
    /// One line for a list: who did what to whom.
    pub summary: SafeText,
    /// The record in the source's format, one line.
    pub raw: SafeText,
}
