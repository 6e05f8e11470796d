//! How a world stands: the facts that hold now, as a fold over what it said. Two of them are compared where a world can't be played
//! again as it was, and what differs is restated.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use firedrill_model::Finding;
use firedrill_model::event::{
    ActionEvent, ActionState, AdversaryState, Fact, InstanceCause, InstanceEvent, InstanceState, ResourceCause,
    ResourceEvent, UnknownCause, WorldEvent,
};
use firedrill_model::id::{ChannelId, StageId, TargetId};
use firedrill_model::scenario::Sight;

/// What names a notification, whatever numbers its finding was given.
pub(crate) type Told = (ChannelId, alloc::string::String, TargetId);

/// The facts of one world that hold now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    fault: bool,
    adversary: Option<AdversaryState>,
    destroying: bool,
    /// Logs, detectors and channels that were stopped.
    stopped: BTreeSet<Sight>,
    stages: BTreeSet<(StageId, TargetId)>,
    instances: BTreeMap<TargetId, InstanceEvent>,
    roles_out: BTreeSet<TargetId>,
    resources_out: BTreeMap<TargetId, ResourceCause>,
    responses: BTreeMap<u32, ActionEvent>,
    told: BTreeMap<Told, (ChannelId, Finding)>,
}

/// What names the notification of a finding by a channel.
pub(crate) fn told(channel: &ChannelId, finding: &Finding) -> Told {
    (channel.clone(), alloc::format!("{} {}", finding.detector, finding.kind), finding.resource.clone())
}

impl Standing {
    /// Folds in what the world said.
    pub fn apply(&mut self, event: &WorldEvent) {
        match event {
            WorldEvent::FaultActive => self.fault = true,
            WorldEvent::Stage { stage, on, active: true } => {
                self.stages.insert((stage.clone(), on.clone()));
            }
            WorldEvent::Stage { stage, on, active: false } => {
                self.stages.remove(&(stage.clone(), on.clone()));
            }
            WorldEvent::Adversary { state } => self.adversary = Some(*state),
            WorldEvent::Destroying { active } => self.destroying = *active,
            WorldEvent::Sight { what, works: true } => {
                self.stopped.remove(what);
            }
            WorldEvent::Sight { what, works: false } => {
                self.stopped.insert(what.clone());
            }
            WorldEvent::Instance(event) => {
                self.instances.insert(event.instance.clone(), event.clone());
            }
            WorldEvent::Role { role, usable: true } => {
                self.roles_out.remove(role);
            }
            WorldEvent::Role { role, usable: false } => {
                self.roles_out.insert(role.clone());
            }
            WorldEvent::Resource(ResourceEvent { resource, usable: true, .. }) => {
                self.resources_out.remove(resource);
            }
            WorldEvent::Resource(ResourceEvent { resource, usable: false, because }) => {
                self.resources_out.insert(resource.clone(), because.clone());
            }
            WorldEvent::Action(event) => {
                self.responses.insert(event.run, event.clone());
            }
            WorldEvent::Notified { channel, finding } => {
                self.told.insert(told(channel, finding), (channel.clone(), finding.clone()));
            }
            WorldEvent::Restated { fact } => self.set(fact),
            WorldEvent::Sampled(..)
            | WorldEvent::Logged { .. }
            | WorldEvent::FindingCreated { .. }
            | WorldEvent::NotificationLost { .. }
            | WorldEvent::Automation(..)
            | WorldEvent::Harm(..)
            | WorldEvent::Undo { .. } => {}
        }
    }

    fn set(&mut self, fact: &Fact) {
        match fact.clone() {
            Fact::FaultActive => self.apply(&WorldEvent::FaultActive),
            Fact::Adversary(state) => self.apply(&WorldEvent::Adversary { state }),
            Fact::Destroying(active) => self.apply(&WorldEvent::Destroying { active }),
            Fact::Sight { what, works } => self.apply(&WorldEvent::Sight { what, works }),
            Fact::Stage { stage, on, active } => self.apply(&WorldEvent::Stage { stage, on, active }),
            Fact::Instance(event) => self.apply(&WorldEvent::Instance(event)),
            Fact::Role { role, usable } => self.apply(&WorldEvent::Role { role, usable }),
            Fact::Resource(event) => self.apply(&WorldEvent::Resource(event)),
            Fact::Response(event) => self.apply(&WorldEvent::Action(event)),
            Fact::Told { channel, finding } => self.apply(&WorldEvent::Notified { channel, finding }),
        }
    }

    /// Names of what the team was told.
    pub(crate) fn told(&self) -> BTreeSet<Told> {
        self.told.keys().cloned().collect()
    }

    /// What has to be restated so that `self`, which is what a record says, stands as `world` does.
    #[must_use]
    pub(crate) fn restated_as(&self, world: &Self) -> Vec<Fact> {
        let mut facts = Vec::new();
        if world.fault && !self.fault {
            facts.push(Fact::FaultActive);
        }
        facts.extend(self.instances_as(world));
        let role = |role: &TargetId, usable| Fact::Role { role: role.clone(), usable };
        facts.extend(self.roles_out.difference(&world.roles_out).map(|id| role(id, true)));
        facts.extend(world.roles_out.difference(&self.roles_out).map(|id| role(id, false)));
        facts.extend(self.resources_as(world));
        let stage =
            |(stage, on): &(StageId, TargetId), active| Fact::Stage { stage: stage.clone(), on: on.clone(), active };
        facts.extend(self.stages.difference(&world.stages).map(|of| stage(of, false)));
        facts.extend(world.stages.difference(&self.stages).map(|of| stage(of, true)));
        facts.extend(world.adversary.filter(|state| self.adversary != Some(*state)).map(Fact::Adversary));
        if world.destroying != self.destroying {
            facts.push(Fact::Destroying(world.destroying));
        }
        let sight = |what: &Sight, works| Fact::Sight { what: what.clone(), works };
        facts.extend(self.stopped.difference(&world.stopped).map(|what| sight(what, true)));
        facts.extend(world.stopped.difference(&self.stopped).map(|what| sight(what, false)));
        facts.extend(self.responses_as(world));
        let new = world.told.iter().filter(|(name, _)| !self.told.contains_key(*name));
        facts.extend(
            new.map(|(_, (channel, finding))| Fact::Told { channel: channel.clone(), finding: finding.clone() }),
        );
        facts
    }

    fn instances_as(&self, world: &Self) -> Vec<Fact> {
        let gone = self
            .instances
            .values()
            .filter(|event| event.state != InstanceState::Terminated && !world.instances.contains_key(&event.instance));
        let gone = gone.map(|event| InstanceEvent {
            state: InstanceState::Terminated,
            because: InstanceCause::ModelChanged,
            ..event.clone()
        });
        let state = |id: &TargetId| self.instances.get(id).map(|event| event.state);
        let other = world.instances.values().filter(|event| state(&event.instance) != Some(event.state));
        let other = other.map(|event| InstanceEvent { because: InstanceCause::ModelChanged, ..event.clone() });
        gone.chain(other).map(Fact::Instance).collect()
    }

    fn resources_as(&self, world: &Self) -> Vec<Fact> {
        let back = self.resources_out.keys().filter(|id| !world.resources_out.contains_key(*id)).map(|id| (id, true));
        let out = world.resources_out.keys().filter(|id| !self.resources_out.contains_key(*id)).map(|id| (id, false));
        let event = |(id, usable): (&TargetId, bool)| ResourceEvent {
            resource: id.clone(),
            usable,
            because: ResourceCause::ModelChanged,
        };
        back.chain(out).map(event).map(Fact::Resource).collect()
    }

    /// Responses that are under way in one of the two only. One that the world doesn't know ends: nobody can say how.
    fn responses_as(&self, world: &Self) -> Vec<Fact> {
        let is_open = |event: &&ActionEvent| matches!(event.state, ActionState::Started { .. });
        let open = self.responses.values().filter(is_open);
        let ends = open.filter_map(|event| match world.responses.get(&event.run) {
            Some(same) if same == event => None,
            Some(other) => Some(other.clone()),
            None => {
                let state = ActionState::Unknown { because: UnknownCause::ModelChanged };
                Some(ActionEvent { run: event.run, state })
            }
        });
        ends.map(Fact::Response).collect()
    }
}
