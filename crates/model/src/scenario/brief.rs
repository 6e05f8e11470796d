//! What a seat may know of a scenario before Verify.

use alloc::borrow::Cow;

use super::objective;
use super::{
    Account, Action, FindingFormat, Hypothesis, Objective, Playbook, Resource, Scenario, Service, Signal, SteadyState,
};
use crate::id::{ChannelId, DetectorId, ScenarioId, TargetId};
use crate::{SafeText, Span};

/// What a seat may know of a scenario before Verify: the workload, what is on offer, and what the team goes by.
///
/// The rest is the truth: what is broken and why, what the adversary does, what only looks like it, the messages that are to come, which
/// order matters, and what the debrief tells. Whatever is given a brief and nothing else has no way to it:
///
/// ```
/// fn known(brief: &firedrill_model::scenario::Brief) -> usize {
///     brief.services.len()
/// }
/// ```
///
/// ```compile_fail,E0609
/// fn known(brief: &firedrill_model::scenario::Brief) -> usize {
///     brief.stages.len()
/// }
/// ```
///
/// Fields that a scenario has as well mean the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// Short name.
    pub id: ScenarioId,
    /// One line for a list.
    pub title: SafeText,
    /// What one learns.
    pub summary: SafeText,
    /// What every responder reads before the drill.
    pub brief: SafeText,
    /// How long the experiment lasts at most.
    pub length: Span,
    /// From 1 to 5.
    pub difficulty: u8,
    /// Account and region.
    pub account: Account,
    /// The workload's services.
    pub services: Vec<Service>,
    /// What a response can be aimed at, besides what services, channels and automations name.
    pub resources: Vec<Resource>,
    /// What is measured and shown.
    pub signals: Vec<Signal>,
    /// When the workload counts as healthy.
    pub steady_state: SteadyState,
    /// The sentence that the drill puts to the test.
    pub hypothesis: Hypothesis,
    /// An adversary is behind it, and not only a fault.
    pub adversary: bool,
    /// The responses on offer.
    pub actions: Vec<Action>,
    /// The playbook.
    pub playbook: Playbook,
    /// What the drill is there to find out about.
    pub objectives: Vec<Objective>,
    /// Who may find something. Not what, when, or whether at all.
    pub detectors: Vec<DetectorName>,
    /// How the team is told, by name. Not what is broken there.
    pub channels: Vec<Named<ChannelId>>,
    /// Programs that answer findings, by name. Not what is broken there.
    pub automations: Vec<Named<TargetId>>,
}

/// Something by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<I> {
    /// Short name.
    pub id: I,
    /// Name for people.
    pub title: SafeText,
}

impl<I: Clone> Named<I> {
    fn of(id: &I, title: &SafeText) -> Self {
        Self { id: id.clone(), title: title.clone() }
    }
}

/// A detector by name.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectorName {
    /// Short name.
    pub id: DetectorId,
    /// Name for people.
    pub title: SafeText,
    /// In whose format its findings are written.
    pub format: FindingFormat,
}

impl Scenario {
    /// What a seat may know of it before Verify.
    #[must_use]
    pub fn brief(&self) -> Brief {
        let detectors = self.detectors.iter().map(|one| DetectorName {
            id: one.id.clone(),
            title: one.title.clone(),
            format: one.format,
        });
        Brief {
            id: self.id.clone(),
            title: self.title.clone(),
            summary: self.summary.clone(),
            brief: self.brief.clone(),
            length: self.length,
            difficulty: self.difficulty,
            account: self.account.clone(),
            services: self.services.clone(),
            resources: self.resources.clone(),
            signals: self.signals.clone(),
            steady_state: self.steady_state.clone(),
            hypothesis: self.hypothesis.clone(),
            adversary: self.has_adversary(),
            actions: self.actions.clone(),
            playbook: self.playbook.as_handed_out(),
            objectives: self.objectives.clone(),
            detectors: detectors.collect(),
            channels: self.channels.iter().map(|one| Named::of(&one.id, &one.title)).collect(),
            automations: self.automations.iter().map(|one| Named::of(&one.id, &one.title)).collect(),
        }
    }
}

impl Brief {
    /// The resource with this name.
    #[must_use]
    pub fn resource(&self, id: &TargetId) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == *id)
    }

    /// What the drill is there to find out about: the same as [`Scenario::all_objectives`].
    #[must_use]
    pub fn all_objectives(&self) -> Cow<'_, [Objective]> {
        objective::all(&self.objectives, &self.hypothesis, &self.signals, &self.playbook)
    }
}
