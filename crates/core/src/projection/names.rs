//! Titles of things by id; a thing that the scenario doesn't know goes by its id.

use super::View;
use firedrill_model::id::{ActionId, ChannelId, DetectorId, ServiceId, StageId, StepId, TargetId};
use firedrill_model::scenario::{Action, Stage, Step};

impl View {
    /// A response of the scenario.
    #[must_use]
    pub fn action(&self, id: &ActionId) -> Option<&Action> {
        self.scenario.actions.iter().find(|action| action.id == *id)
    }

    /// Title of a response.
    #[must_use]
    pub fn action_title<'a>(&'a self, id: &'a ActionId) -> &'a str {
        self.action(id).map_or(id.as_str(), |action| action.title.as_str())
    }

    /// A step of the scenario's playbook.
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.scenario.playbook.steps.iter().find(|step| step.id == *id)
    }

    /// Title of a step.
    #[must_use]
    pub fn step_title<'a>(&'a self, id: &'a StepId) -> &'a str {
        self.step(id).map_or(id.as_str(), |step| step.title.as_str())
    }

    /// Title of a detector.
    #[must_use]
    pub(crate) fn detector_title<'a>(&'a self, id: &'a DetectorId) -> &'a str {
        let found = self.scenario.detectors.iter().find(|detector| detector.id == *id);
        found.map_or(id.as_str(), |detector| detector.title.as_str())
    }

    /// Title of a channel.
    #[must_use]
    pub(crate) fn channel_title<'a>(&'a self, id: &'a ChannelId) -> &'a str {
        let found = self.scenario.channels.iter().find(|channel| channel.id == *id);
        found.map_or(id.as_str(), |channel| channel.title.as_str())
    }

    /// Title of a service.
    #[must_use]
    pub(crate) fn service_title<'a>(&'a self, id: &'a ServiceId) -> &'a str {
        let found = self.scenario.services.iter().find(|service| service.id == *id);
        found.map_or(id.as_str(), |service| service.title.as_str())
    }

    /// Title of a target: of a resource, a channel or an automation; instances and groups go by their ids.
    #[must_use]
    pub fn target_title<'a>(&'a self, id: &'a TargetId) -> &'a str {
        let resource = self.scenario.resources.iter().find(|resource| resource.id == *id);
        let automation = || self.scenario.automations.iter().find(|automation| automation.id == *id);
        let channel = || self.scenario.channels.iter().find(|channel| channel.id.as_str() == id.as_str());
        resource
            .map(|resource| resource.title.as_str())
            .or_else(|| channel().map(|channel| channel.title.as_str()))
            .or_else(|| automation().map(|automation| automation.title.as_str()))
            .unwrap_or(id.as_str())
    }

    /// A stage that began, where the scenario is known.
    pub(super) fn stage(&self, id: &StageId) -> Option<&Stage> {
        self.truth.told.get(id).map(|told| told.stage.as_ref())
    }

    /// A response with its target, as it stands in a sentence: `Isolate the instance (i-0a1)`.
    pub(super) fn response_words(&self, action: &ActionId, target: Option<&TargetId>) -> String {
        let title = self.action_title(action);
        target.map_or_else(|| title.to_owned(), |target| format!("{title} ({})", self.target_title(target)))
    }
}
