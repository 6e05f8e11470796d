//! What a response can be aimed at now.

use super::View;
use crate::domain::id::TargetId;
use crate::drill::event::InstanceState;
use crate::scenario::model::{Action, ResourceKind, TargetKind};

impl View {
    /// The targets of a response now: instances that are not terminated, or the scenario's groups, roles, security groups or
    /// channels. Those that a finding names come first, then instances in service, then the order of the scenario.
    #[must_use]
    pub fn targets(&self, action: &Action) -> Vec<TargetId> {
        let services = self.scenario.services.iter();
        let mut targets = match action.target {
            TargetKind::None => Vec::new(),
            TargetKind::Instance => self.live_instances(),
            TargetKind::Group => services.map(|service| service.group.id.clone()).collect(),
            TargetKind::Role => self.resources(ResourceKind::Role),
            TargetKind::SecurityGroup => self.resources(ResourceKind::SecurityGroup),
            TargetKind::Channel => {
                let ids = self.scenario.channels.iter().map(|channel| TargetId::new(channel.id.as_str()));
                ids.filter_map(Result::ok).collect()
            }
        };
        targets.sort_by_key(|target| !self.named_in_finding(target));
        targets
    }

    fn live_instances(&self) -> Vec<TargetId> {
        let alive = self.board.instances.iter().filter(|(_, row)| row.state != InstanceState::Terminated);
        let mut ordered: Vec<_> = alive
            .map(|(id, row)| {
                let place = self.scenario.services.iter().position(|service| service.id == row.service);
                (row.state != InstanceState::InService, place.unwrap_or(usize::MAX), id)
            })
            .collect();
        ordered.sort();
        ordered.into_iter().map(|(_, _, id)| id.clone()).collect()
    }

    fn resources(&self, kind: ResourceKind) -> Vec<TargetId> {
        let fitting = self.scenario.resources.iter().filter(|resource| resource.kind == kind);
        fitting.map(|resource| resource.id.clone()).collect()
    }

    fn named_in_finding(&self, target: &TargetId) -> bool {
        self.board.findings.iter().any(|row| row.finding.resource == *target)
    }
}
