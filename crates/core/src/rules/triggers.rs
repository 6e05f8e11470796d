//! When things happened for the first time: what conditions and scripts count from.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use firedrill_model::DrillTime;
use firedrill_model::event::{ActionState, DrillEvent, Entry, Event, PeopleEvent, WorldEvent, brought_something};
use firedrill_model::id::DetectorId;
use firedrill_model::scenario::Trigger;

use super::Drill;

impl Drill {
    /// When something happened for the first time, if it did.
    #[must_use]
    pub fn first(&self, trigger: &Trigger) -> Option<DrillTime> {
        self.happened.get(trigger).copied()
    }

    /// Takes down what happened with an entry that was folded just now; `out` are the signals that were out of their limits before, where it
    /// is a sample.
    pub(super) fn follow_triggers(&mut self, entry: &Entry, out: Option<&BTreeSet<usize>>) {
        let mut found = match &entry.event {
            Event::Drill(DrillEvent::InjectDelivered { inject, .. }) => alloc::vec![Trigger::Message(inject.clone())],
            Event::People(PeopleEvent::Acknowledged { .. }) => alloc::vec![Trigger::Acknowledged],
            Event::People(PeopleEvent::Acted { action, .. }) => alloc::vec![Trigger::Given(action.clone())],
            Event::World(event) => self.of_world(event),
            Event::Drill(_) | Event::People(_) => Vec::new(),
        };
        found.extend(out.map(|out| self.turned(out)).unwrap_or_default());
        for trigger in found {
            self.happened.entry(trigger).or_insert(entry.at);
        }
    }

    fn of_world(&self, event: &WorldEvent) -> Vec<Trigger> {
        match event {
            WorldEvent::Stage { stage, active: true, .. } => alloc::vec![Trigger::StageBegun(stage.clone())],
            WorldEvent::FindingCreated { finding } => self.of_finding(&finding.detector),
            WorldEvent::Notified { channel, .. } => alloc::vec![Trigger::PagedBy(channel.clone())],
            WorldEvent::Action(event) => {
                let Some(run) = self.runs.get(&event.run) else { return Vec::new() };
                match &event.state {
                    ActionState::Done { results } if brought_something(results) => {
                        alloc::vec![Trigger::Done(run.action.clone())]
                    }
                    ActionState::Done { .. } => alloc::vec![Trigger::Refused(run.action.clone())],
                    ActionState::Started { .. } | ActionState::Unknown { .. } => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// A finding of a detector, and of each stage that it sees and that has begun.
    fn of_finding(&self, detector: &DetectorId) -> Vec<Trigger> {
        let known = self.scenario.detectors.iter().find(|known| known.id == *detector);
        let sees = known.map(|known| known.sees.as_slice()).unwrap_or_default();
        let begun = sees.iter().filter(|stage| self.happened.contains_key(&Trigger::StageBegun((*stage).clone())));
        let stages = begun.map(|stage| Trigger::FindingOfStage(stage.clone()));
        core::iter::once(Trigger::FindingOf(detector.clone())).chain(stages).collect()
    }

    /// Signals that left their limits, or came back. Before the fault only the workload's own unrest is seen.
    fn turned(&self, before: &BTreeSet<usize>) -> Vec<Trigger> {
        let now = &self.health.out;
        if self.fault_at.is_none() || now == before {
            return Vec::new();
        }
        let id = |place: &usize| self.scenario.signals.get(*place).map(|signal| signal.id.clone());
        let out = now.difference(before).filter_map(id).map(Trigger::SignalOut);
        out.chain(before.difference(now).filter_map(id).map(Trigger::SignalBack)).collect()
    }
}
