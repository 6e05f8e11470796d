//! Titles of things by id; a thing that the scenario doesn't know goes by its id.

use super::View;
use firedrill_model::{
    Shown,
    id::{ActionId, ChannelId, DetectorId, ServiceId, StageId, StepId, TargetId},
    scenario::{Action, Sight, Stage, Step},
    shown,
};

impl View {
    /// A response of the scenario.
    #[must_use]
    pub fn action(&self, id: &ActionId) -> Option<&Action> {
        self.scenario.actions.iter().find(|action| action.id == *id)
    }

    /// Title of a response.
    #[must_use]
    pub fn action_title(&self, id: &ActionId) -> Shown {
        self.action(id).map_or_else(|| id.into(), |action| (&action.title).into())
    }

    /// A step of the scenario's playbook.
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.scenario.playbook.steps.iter().find(|step| step.id == *id)
    }

    /// Title of a step.
    #[must_use]
    pub fn step_title(&self, id: &StepId) -> Shown {
        self.step(id).map_or_else(|| id.into(), |step| (&step.title).into())
    }

    /// Title of a detector.
    #[must_use]
    pub(crate) fn detector_title(&self, id: &DetectorId) -> Shown {
        let found = self.scenario.detectors.iter().find(|detector| detector.id == *id);
        found.map_or_else(|| id.into(), |detector| (&detector.title).into())
    }

    /// Title of a channel.
    #[must_use]
    pub(crate) fn channel_title(&self, id: &ChannelId) -> Shown {
        let found = self.scenario.channels.iter().find(|channel| channel.id == *id);
        found.map_or_else(|| id.into(), |channel| (&channel.title).into())
    }

    /// Title of a log, detector or channel.
    #[must_use]
    pub(crate) fn sight_title(&self, what: &Sight) -> Shown {
        match what {
            Sight::Log(log) => log.label().into(),
            Sight::Detector(id) => self.detector_title(id),
            Sight::Channel(id) => self.channel_title(id),
        }
    }

    /// Title of a service.
    #[must_use]
    pub(crate) fn service_title(&self, id: &ServiceId) -> Shown {
        let found = self.scenario.services.iter().find(|service| service.id == *id);
        found.map_or_else(|| id.into(), |service| (&service.title).into())
    }

    /// Title of a target: of a resource, a channel or an automation; instances and groups go by their ids.
    #[must_use]
    pub fn target_title(&self, id: &TargetId) -> Shown {
        let resource = self.scenario.resources.iter().find(|resource| resource.id == *id);
        let automation = || self.scenario.automations.iter().find(|automation| automation.id == *id);
        let channel = || self.scenario.channels.iter().find(|channel| channel.id.as_str() == id.as_str());
        resource
            .map(|resource| &resource.title)
            .or_else(|| channel().map(|channel| &channel.title))
            .or_else(|| automation().map(|automation| &automation.title))
            .map_or_else(|| id.into(), Shown::from)
    }

    /// A stage that began, where the scenario is known.
    pub(super) fn stage(&self, id: &StageId) -> Option<&Stage> {
        self.truth.told.get(id).map(|told| told.stage.as_ref())
    }

    /// A response with its target, as it stands in a sentence: `Isolate the instance (i-0a1)`.
    pub(super) fn response_words(&self, action: &ActionId, target: Option<&TargetId>) -> Shown {
        let title = self.action_title(action);
        match target {
            Some(target) => shown!("{} ({})", title, self.target_title(target)),
            None => title,
        }
    }
}
