//! What is measured of a service.

use serde::{Deserialize, Serialize};

use super::Shown;
use crate::shown;

/// A figure of a service that the world can produce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// 99th percentile of the time a request takes, in milliseconds.
    LatencyP99,
    /// Mean time a request takes, in milliseconds.
    LatencyMean,
    /// Requests that failed, as a share of all, in percent.
    ErrorRate,
    /// Requests answered, per second.
    Throughput,
    /// Mean CPU of the instances in service, in percent.
    Cpu,
    /// Instances in service.
    InService,
    /// Requests waiting for a worker.
    Waiting,
}

impl Measure {
    /// The unit, as it stands behind a figure.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::LatencyP99 | Self::LatencyMean => "ms",
            Self::ErrorRate | Self::Cpu => "%",
            Self::Throughput => "/s",
            Self::InService | Self::Waiting => "",
        }
    }

    /// A figure as people write it, without its unit.
    #[must_use]
    pub fn format(self, value: f64) -> Shown {
        match self {
            Self::LatencyP99 | Self::LatencyMean if value < 10.0 => shown!("{:.1}", value),
            Self::ErrorRate => shown!("{:.2}", value),
            _ => shown!("{:.0}", value),
        }
    }
}

/// On which side of a limit a signal is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// At or below the limit.
    Below,
    /// At or above the limit.
    Above,
}

impl Side {
    /// Says whether `value` is at home on this side of `limit`.
    #[must_use]
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Below => value <= limit,
            Self::Above => value >= limit,
        }
    }
}
