//! What a response can be aimed at now.

use super::View;
use firedrill_model::Finding;
use firedrill_model::event::InstanceState;
use firedrill_model::id::{StageId, TargetId};
use firedrill_model::scenario::{Action, ResourceKind, Service, Stage, TargetKind};

impl View {
    /// The targets of a response now: instances that are not terminated, or the scenario's groups, channels, automations
    /// or resources. Those that the incident is known to concern come first, then those beside them, then the others.
    #[must_use]
    pub fn targets(&self, action: &Action) -> Vec<TargetId> {
        let services = self.scenario.services.iter();
        let mut targets = match action.target {
            TargetKind::None => Vec::new(),
            TargetKind::Instance => self.live_instances(),
            TargetKind::Group => services.map(|service| service.group.id.clone()).collect(),
            TargetKind::Automation => self.scenario.automations.iter().map(|one| one.id.clone()).collect(),
            TargetKind::Channel => {
                let ids = self.scenario.channels.iter().map(|channel| TargetId::new(channel.id.as_str()));
                ids.filter_map(Result::ok).collect()
            }
            kind => self.resources(kind.resource_kinds()),
        };
        targets.sort_by_key(|target| (!self.is_concerned(target), !self.is_near(target)));
        targets
    }

    /// Says whether the incident is known to concern a target: a finding names it, or (where the ground truth is open) the
    /// adversary was there. A group is concerned if one of its instances is.
    #[must_use]
    pub(crate) fn is_concerned(&self, target: &TargetId) -> bool {
        let touched = |id: &TargetId| {
            self.board.findings.iter().any(|row| row.finding.resource == *id && self.is_of_incident(&row.finding))
                || self.truth.stages.iter().any(|(_, stage, on, _)| on == id && !self.is_benign(stage))
        };
        let group = self.scenario.services.iter().find(|service| service.group.id == *target);
        let in_group =
            |service: &Service| self.board.instances.iter().any(|(id, row)| row.service == service.id && touched(id));
        touched(target) || group.is_some_and(in_group)
    }

    /// Says whether a stage is a red herring.
    #[must_use]
    pub(crate) fn is_benign(&self, stage: &StageId) -> bool {
        self.stage(stage).is_some_and(|stage| stage.benign.is_some())
    }

    /// Says whether a finding is a false alarm: all that its detector can have seen by then was benign. Where the ground truth is
    /// hidden, no finding is known to be one.
    #[must_use]
    pub(crate) fn is_noise(&self, finding: &Finding) -> bool {
        let stages = self.behind(finding);
        !stages.is_empty() && stages.iter().all(|stage| stage.benign.is_some())
    }

    /// The stages that a finding can be about, as far as the ground truth is open: those that its detector sees and that had begun
    /// by then, at the finding's resource if there were any.
    #[must_use]
    pub fn behind(&self, finding: &Finding) -> Vec<&Stage> {
        let sees =
            |stage: &StageId| self.truth.told.get(stage).is_some_and(|told| told.seen_by.contains(&finding.detector));
        let begun = self
            .truth
            .stages
            .iter()
            .filter(|(stamp, stage, _, active)| *active && sees(stage) && stamp.at <= finding.last_seen);
        let begun: Vec<_> = begun.filter_map(|(_, stage, on, _)| Some((self.stage(stage)?, on))).collect();
        let here: Vec<&Stage> =
            begun.iter().filter(|(_, on)| **on == finding.resource).map(|(stage, _)| *stage).collect();
        // What happens behind a security group is found at one of its instances.
        if here.is_empty() { begun.into_iter().map(|(stage, _)| stage).collect() } else { here }
    }

    /// Says whether an instance belongs to a service whose group is concerned.
    fn is_near(&self, target: &TargetId) -> bool {
        let Some(row) = self.board.instances.get(target) else { return false };
        let service = self.scenario.services.iter().find(|service| service.id == row.service);
        service.is_some_and(|service| self.is_concerned(&service.group.id))
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

    fn resources(&self, kinds: &[ResourceKind]) -> Vec<TargetId> {
        let fitting = self.scenario.resources.iter().filter(|resource| kinds.contains(&resource.kind));
        fitting.map(|resource| resource.id.clone()).collect()
    }
}
