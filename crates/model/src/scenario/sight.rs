//! By what a team sees what happens, which can be stopped.

use serde::{Deserialize, Serialize};

use crate::LogSource;
use crate::id::{ChannelId, DetectorId};

/// Something by which a team sees what happens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sight {
    /// This log: nothing is recorded. What CloudTrail would have recorded is in its event history all the same.
    Log(LogSource),
    /// This detector, and with it all of its service: GuardDuty has one detector in a region, AWS Config one recorder.
    Detector(DetectorId),
    /// This channel: it tells nobody.
    Channel(ChannelId),
}
