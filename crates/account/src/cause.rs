//! What an effect happens because of.

use firedrill_model::event::{InstanceCause, ResourceCause};
use firedrill_model::id::TargetId;

/// What an effect happens because of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// A response, by its number.
    Response(u32),
    /// An automation, and how often it has run.
    Automation(TargetId, u64),
}

impl Cause {
    /// As the cause of what an instance does.
    pub(super) fn of_instance(&self) -> InstanceCause {
        match self {
            Self::Response(run) => InstanceCause::Response(*run),
            Self::Automation(..) => InstanceCause::Automation,
        }
    }

    /// As the cause of what becomes of a resource.
    pub(super) fn of_resource(&self) -> ResourceCause {
        match self {
            Self::Response(run) => ResourceCause::Response(*run),
            Self::Automation(id, ..) => ResourceCause::Automation(id.clone()),
        }
    }
}
