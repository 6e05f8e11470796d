//! What really happened, whoever was told of it.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use firedrill_model::Finding;
use firedrill_model::event::HarmEvent;
use firedrill_model::id::{ChannelId, DetectorId, FindingId, StageId, TargetId};
use firedrill_model::scenario::{Sight, Stage};

use super::stamp::Stamp;

/// Ground truth, event by event. Bounded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truth {
    /// The ground truth is open to whoever looks.
    pub open: bool,
    /// Findings when they were made, told or not, repeats left out.
    pub created: Vec<(Stamp, Finding)>,
    /// Notifications that reached nobody.
    pub lost: Vec<(Stamp, ChannelId, FindingId)>,
    /// What the scenario says of the stages that began, where it is known ([`Fold::open`](super::Fold::open)).
    pub told: BTreeMap<StageId, ToldStage>,
    /// Stages that began (true) or ended.
    pub stages: Vec<(Stamp, StageId, TargetId, bool)>,
    /// Harm that was done, or refused.
    pub harms: Vec<(Stamp, HarmEvent)>,
    /// Destruction was under way from here on (true), or no longer.
    pub destroying: Vec<(Stamp, bool)>,
    /// Logs, detectors and channels that were stopped (false) or turned on.
    pub sights: Vec<(Stamp, Sight, bool)>,
}

/// What the scenario says of a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldStage {
    /// The stage.
    pub stage: Arc<Stage>,
    /// The detectors that can see it.
    pub seen_by: Vec<DetectorId>,
}
