//! Automations: programs that answer a finding by themselves, once for each new one. One that is broken fails without a word.
//!
//! Others run at even intervals, as a pipeline does that puts an account into the state of its templates: what people have changed by hand
//! it changes back. What is so already it leaves alone, and says nothing of. Once its template is repaired, it undoes nothing any more.

use alloc::collections::{BTreeMap, BTreeSet};

use super::SimWorld;
use super::agenda::Due;
use super::cause::Cause;
use super::chance::Purpose;
use firedrill_model::event::{AutomationEvent, AutomationOutcome, Obstacle, WorldEvent};
use firedrill_model::id::{FindingId, TargetId};
use firedrill_model::scenario::{Effect, Scenario};
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
        let broken = scenario.automations.iter().filter(|one| one.broken.is_some() || one.wrong.is_some());
        Self { broken: broken.map(|automation| automation.id.clone()).collect(), runs: BTreeMap::new() }
    }

    /// Says whether an automation works.
    pub(super) fn work(&self, id: &TargetId) -> bool {
        !self.broken.contains(id)
    }

    /// Says whether a test run of an automation works: one whose template is wrong runs all the same.
    pub(super) fn runs(&self, scenario: &Scenario, id: &TargetId) -> bool {
        self.work(id) || scenario.automations.iter().any(|one| one.id == *id && one.every.is_some())
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
                let due = Due::Automation(place, Some(finding.id.clone()), finding.resource.clone());
                self.agenda.plan_in(at, takes, due);
            }
        }
    }

    /// The fault is active: those that run at even intervals have their first run so long after it.
    pub(super) fn begin_runs(&mut self, at: DrillTime) {
        for (place, automation) in self.scenario.automations.iter().enumerate() {
            if let Some(every) = automation.every {
                self.agenda.plan_in(at, every, Due::Run(place));
            }
        }
    }

    /// A run begins, and the next one is planned.
    pub(super) fn run_automation(&mut self, place: usize, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(automation) = scenario.automations.get(place) else { return };
        let (Some(every), Some(target)) = (automation.every, &automation.at) else { return };
        self.agenda.plan_in(at, every, Due::Run(place));
        let takes =
            self.chance.latency(&automation.takes, Purpose::Takes, automation.id.as_str(), at.0 / every.0.max(1));
        self.agenda.plan_in(at, takes, Due::Automation(place, None, target.clone()));
    }

    /// A run at even intervals is at its end: what is not so already it does, and where all is so, nothing is said. One whose template was
    /// wrong and is repaired has nothing to do.
    fn end_run(&mut self, place: usize, resource: &TargetId, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(automation) = scenario.automations.get(place) else { return };
        let repaired = automation.wrong.is_some() && self.automations.work(&automation.id);
        let todo = automation.effects.iter().any(|effect| self.can(effect, Some(resource)).is_ok());
        if repaired || !todo {
            return;
        }
        let cause = Cause::Automation(automation.id.clone(), self.automations.run(&automation.id));
        let results = self.effects(&automation.effects, Some(resource), &cause, at);
        let run = AutomationEvent {
            automation: automation.id.clone(),
            finding: None,
            resource: resource.clone(),
            outcome: AutomationOutcome::Ran { results },
        };
        self.say(at, WorldEvent::Automation(run));
        self.review_adversary(at);
    }

    /// Says whether something will put back what lets the world in.
    pub(super) fn opens_again(&self) -> bool {
        let opens = |effect: &Effect| matches!(effect, Effect::OpenPort | Effect::AllowPublicAccess);
        self.scenario.automations.iter().any(|automation| {
            let undoes = automation.every.is_some() && automation.effects.iter().any(opens);
            undoes && !(automation.wrong.is_some() && self.automations.work(&automation.id))
        })
    }

    /// An automation is at its end: its effects happen, unless it is broken.
    pub(super) fn end_automation(
        &mut self,
        place: usize,
        finding: Option<&FindingId>,
        resource: &TargetId,
        at: DrillTime,
    ) {
        let scenario = self.scenario.clone();
        let Some(automation) = scenario.automations.get(place) else { return };
        let Some(finding) = finding else { return self.end_run(place, resource, at) };
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
                finding: Some(finding.clone()),
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
