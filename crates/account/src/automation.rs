//! Automations: programs that answer a finding by themselves, once for each new one. One that is broken fails without a word.

use alloc::collections::{BTreeMap, BTreeSet};

use super::SimWorld;
use super::agenda::Due;
use super::cause::Cause;
use super::chance::Purpose;
use firedrill_model::event::{AutomationEvent, AutomationOutcome, Obstacle, WorldEvent};
use firedrill_model::id::{FindingId, TargetId};
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Finding};

/// How the automations stand.
#[derive(Debug, Clone)]
pub(super) struct Automations {
    /// Those that fail without a word.
    broken: BTreeSet<TargetId>,
    /// How often each has run.
    runs: BTreeMap<TargetId, u64>,
}

impl Automations {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let broken = scenario.automations.iter().filter(|automation| automation.broken.is_some());
        Self { broken: broken.map(|automation| automation.id.clone()).collect(), runs: BTreeMap::new() }
    }

    /// Says whether an automation works.
    pub(super) fn work(&self, id: &TargetId) -> bool {
        !self.broken.contains(id)
    }

    /// From now on an automation works.
    pub(super) fn repair(&mut self, id: &TargetId) {
        self.broken.remove(id);
    }

    /// Counts a run.
    fn run(&mut self, id: &TargetId) -> u64 {
        let runs = self.runs.entry(id.clone()).or_default();
        *runs += 1;
        *runs
    }
}

impl SimWorld {
    /// A finding is new: the automations that answer it begin.
    pub(super) fn begin_automations(&mut self, finding: &Finding, at: DrillTime) {
        let scenario = self.scenario.clone();
        for (place, automation) in scenario.automations.iter().enumerate() {
            if automation.on.contains(&finding.detector) {
                let run = format!("{}/{}", automation.id, finding.id);
                let takes = self.chance.latency(&automation.takes, Purpose::Takes, &run, 0);
                let due = Due::Automation(place, finding.id.clone(), finding.resource.clone());
                self.agenda.plan_in(at, takes, due);
            }
        }
    }

    /// An automation is at its end: its effects happen, unless it is broken.
    pub(super) fn end_automation(&mut self, place: usize, finding: &FindingId, resource: &TargetId, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(automation) = scenario.automations.get(place) else { return };
        let outcome = if self.automations.work(&automation.id) {
            let cause = Cause::Automation(automation.id.clone(), self.automations.run(&automation.id));
            AutomationOutcome::Ran { results: self.effects(&automation.effects, Some(resource), &cause, at) }
        } else {
            AutomationOutcome::Failed
        };
        self.say(
            at,
            WorldEvent::Automation(AutomationEvent {
                automation: automation.id.clone(),
                finding: finding.clone(),
                resource: resource.clone(),
                outcome,
            }),
        );
        self.review_adversary(at);
    }

    /// Why there is no automation to test or repair, if so.
    pub(super) fn can_mend_automation(&self, id: &TargetId) -> Result<(), Obstacle> {
        let known = self.scenario.automations.iter().any(|automation| automation.id == *id);
        if known { Ok(()) } else { Err(Obstacle::NoSuchAutomation) }
    }
}
