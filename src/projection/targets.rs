//! What a response can be aimed at.

use super::View;
use crate::domain::id::TargetId;
use crate::scenario::model::{Action, ResourceKind, TargetKind};

impl View {
    /// The targets of an action, in the order of the scenario; instances that the seat knows of, also those that are gone.
    #[must_use]
    pub fn targets(&self, action: &Action) -> Vec<TargetId> {
        let scenario = &self.scenario;
        let resources = |kind: ResourceKind| {
            scenario.resources.iter().filter(move |resource| resource.kind == kind).map(|resource| resource.id.clone())
        };
        match action.target {
            TargetKind::None => Vec::new(),
            TargetKind::Instance => self.board.instances.keys().cloned().collect(),
            TargetKind::Group => scenario.services.iter().map(|service| service.group.id.clone()).collect(),
            TargetKind::Role => resources(ResourceKind::Role).collect(),
            TargetKind::SecurityGroup => resources(ResourceKind::SecurityGroup).collect(),
            TargetKind::Channel => {
                scenario.channels.iter().filter_map(|channel| TargetId::new(channel.id.as_str()).ok()).collect()
            }
        }
    }
}
