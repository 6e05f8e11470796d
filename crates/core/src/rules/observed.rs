//! What the rules take from what worlds say.

use alloc::sync::Arc;

use firedrill_model::event::{
    ActionEvent, ActionState, AdversaryState, EffectResult, Entry, Fact, Sample, WorldEvent, brought_something,
};
use firedrill_model::scenario::Signal;
use firedrill_model::{DrillTime, Finding};

use super::Drill;
use super::state::put;

impl Drill {
    /// Folds in what a world said. Rules act on the moment of the entry; only which of two samples is the newer one is for their own
    /// clock to say.
    pub(super) fn apply_world(&mut self, entry: &Entry, event: &WorldEvent) {
        self.worlds.apply(entry, event);
        let at = entry.at;
        match event {
            WorldEvent::Logged { record } => {
                self.records.insert(record.id.clone());
            }
            WorldEvent::Sampled(sample) => self.apply_sample((at, entry.moment()), sample),
            WorldEvent::Restated { fact } => self.restate(at, fact),
            WorldEvent::FaultActive => self.fault_at = Some(at),
            WorldEvent::Adversary { state } => {
                if *state == AdversaryState::Active {
                    self.health.steady_again = false;
                    self.health.quiet_since = None;
                } else if self.incident.adversary == Some(AdversaryState::Active) {
                    self.health.quiet_since = Some(at);
                }
                self.incident.adversary = Some(*state);
            }
            WorldEvent::Notified { finding, .. } => {
                self.incident.notified = true;
                self.see(finding);
            }
            WorldEvent::Instance(event) => {
                self.instances.insert(event.instance.clone(), event.service.clone());
            }
            WorldEvent::Resource(event) => put(&mut self.health.unusable, &event.resource, !event.usable),
            WorldEvent::Role { role, usable } => put(&mut self.health.unusable, role, !usable),
            WorldEvent::Action(event) => self.apply_action(at, event),
            WorldEvent::Stage { .. }
            | WorldEvent::FindingCreated { .. }
            | WorldEvent::NotificationLost { .. }
            | WorldEvent::Automation(..)
            | WorldEvent::Harm(..)
            | WorldEvent::Undo { .. }
            | WorldEvent::Sight { .. }
            | WorldEvent::Destroying { .. } => {}
        }
    }

    /// Sets a fact that stands, without letting it count as something that happens now.
    fn restate(&mut self, at: DrillTime, fact: &Fact) {
        match fact {
            Fact::FaultActive => self.fault_at = self.fault_at.or(Some(at)),
            Fact::Adversary(state) => {
                if *state == AdversaryState::Active {
                    self.health.quiet_since = None;
                }
                self.incident.adversary = Some(*state);
            }
            Fact::Instance(event) => {
                self.instances.insert(event.instance.clone(), event.service.clone());
            }
            Fact::Resource(event) => put(&mut self.health.unusable, &event.resource, !event.usable),
            Fact::Role { role, usable } => put(&mut self.health.unusable, role, !usable),
            Fact::Response(event) => self.apply_action(at, event),
            Fact::Told { finding, .. } => self.see(finding),
            Fact::Stage { .. } | Fact::Destroying(..) | Fact::Sight { .. } => {}
        }
    }

    fn apply_action(&mut self, at: DrillTime, event: &ActionEvent) {
        match &event.state {
            ActionState::Started { .. } => {}
            ActionState::Done { results } => self.apply_results(at, event.run, results),
            // It ended, and nobody knows that it brought anything.
            ActionState::Unknown { .. } => {
                if let Some(run) = self.runs.get_mut(&event.run) {
                    run.done = Some(at);
                }
            }
        }
    }

    fn apply_results(&mut self, at: DrillTime, run: u32, results: &[EffectResult]) {
        if let Some(run) = self.runs.get_mut(&run) {
            run.done = Some(at);
            run.brought = brought_something(results);
        }
        for finding in results.iter().flat_map(EffectResult::findings) {
            self.see(finding);
        }
    }

    fn apply_sample(&mut self, (at, taken): (DrillTime, DrillTime), sample: &Sample) {
        // One that was overtaken on its way says nothing of how things stand.
        if taken < self.health.sampled {
            return;
        }
        self.health.sampled = taken;
        let scenario = Arc::clone(&self.scenario);
        let pairs = scenario.signals.iter().zip(&sample.values).enumerate();
        let out = || pairs.clone().filter(|(_, (signal, value))| !signal.is_within(**value));
        self.health.out = out().map(|(index, _)| index).collect();
        let counts = |signal: &Signal| scenario.steady_state.signals.contains(&signal.id);
        let left = out().find_map(|(index, (signal, value))| counts(signal).then_some((index, *value)));
        match left {
            None => self.health.good_since = self.health.good_since.or(Some(at)),
            Some(left) => {
                self.health.good_since = None;
                self.health.left = Some(left);
            }
        }
    }

    fn see(&mut self, finding: &Finding) {
        self.incident.findings.entry(finding.id.clone()).or_insert(false);
        self.incident.named.insert(finding.resource.clone());
    }
}
