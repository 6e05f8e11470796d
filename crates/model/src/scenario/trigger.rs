//! Things that happen in a drill, to count from.

use serde::{Deserialize, Serialize};

use crate::id::{ActionId, ChannelId, DetectorId, InjectId, SignalId, StageId};

/// Something that happens in a drill. What counts is the first time. Written as one key: `{ done = "isolate" }`, or as `"acknowledged"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// A finding, or the matter itself, was acknowledged.
    Acknowledged,
    /// This stage has begun.
    StageBegun(StageId),
    /// This detector has made a finding, whether or not anybody was told.
    FindingOf(DetectorId),
    /// A detector that sees this stage has made a finding since it began.
    FindingOfStage(StageId),
    /// This channel has told the team.
    PagedBy(ChannelId),
    /// This response was given.
    Given(ActionId),
    /// This response is done, and brought something.
    Done(ActionId),
    /// This response turned out impossible: it is done, and brought nothing.
    Refused(ActionId),
    /// This message has come.
    Message(InjectId),
    /// This signal has left its limit.
    SignalOut(SignalId),
    /// This signal has come back within its limit.
    SignalBack(SignalId),
}
