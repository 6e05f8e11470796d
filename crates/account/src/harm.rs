//! Harm: data that gets out, resources that are destroyed, and whether destruction is under way.

use super::SimWorld;
use firedrill_model::DrillTime;
use firedrill_model::event::{EvidenceKind, HarmEvent, InstanceState, ResourceCause, WorldEvent};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Harm, HarmKind, Stage};

impl SimWorld {
    /// A stage has gone on for long enough to do harm, if it still goes on. What is gone can't be harmed once more.
    pub(super) fn harm_due(&mut self, stage: usize, place: usize, at: DrillTime) {
        if self.adversary.place(stage).is_none() {
            return;
        }
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        let Some(harm) = plan.harms.get(place) else { return };
        if harm.kind == HarmKind::EvidenceDeleted {
            return self.delete_evidence(stage, place, at);
        }
        let Some(resource) = self.harmed(harm).filter(|resource| self.resources.exists(resource)) else { return };
        let refused = harm.kind == HarmKind::Destroyed && self.resources.destroy(&resource);
        self.say(
            at,
            WorldEvent::Harm(HarmEvent {
                stage: plan.id.clone(),
                harm: u32::try_from(place).unwrap_or(u32::MAX),
                resource,
                kind: harm.kind,
                what: harm.what.clone(),
                refused,
            }),
        );
        if harm.kind == HarmKind::Destroyed {
            self.review_resources(&ResourceCause::Destroyed, at);
            self.review_adversary(at);
        }
    }

    /// Snapshots of volumes are deleted, one after the other, unless there is a copy out of reach. Whose volume is gone has lost it for good.
    fn delete_evidence(&mut self, stage: usize, place: usize, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        let Some(harm) = plan.harms.get(place) else { return };
        let taken = self.fleet.machines.iter().filter(|machine| machine.captured.contains(&EvidenceKind::Disk));
        let taken: Vec<TargetId> = taken.map(|machine| machine.id.clone()).collect();
        for id in taken {
            self.log_deleted_snapshot(plan, &id, at);
            let Some(machine) = self.fleet.machine_mut(&id) else { continue };
            let refused = machine.copied;
            if !refused {
                machine.captured.retain(|kind| *kind != EvidenceKind::Disk);
                if machine.state == InstanceState::Terminated && !machine.keeps_volume {
                    machine.lost.push(EvidenceKind::Disk);
                }
            }
            let (stage, what) = (plan.id.clone(), harm.what.clone());
            let harm = u32::try_from(place).unwrap_or(u32::MAX);
            let kind = HarmKind::EvidenceDeleted;
            self.say(at, WorldEvent::Harm(HarmEvent { stage, harm, resource: id, kind, what, refused }));
        }
    }

    fn harmed(&self, harm: &Harm) -> Option<TargetId> {
        harm.resource.as_ref().or_else(|| self.resources.exposed().filter(|_| harm.exposed)).cloned()
    }

    /// Says when destruction gets under way, and when it no longer is: a stage goes on that destroys something, has or will.
    pub(super) fn review_destruction(&mut self, at: DrillTime) {
        let destroys = |plan: &Stage| plan.harms.iter().any(|harm| harm.kind == HarmKind::Destroyed);
        let mut stages = self.scenario.stages.iter().enumerate();
        let active = stages.any(|(stage, plan)| destroys(plan) && self.adversary.place(stage).is_some());
        if active != self.adversary.destroying {
            self.adversary.destroying = active;
            self.say(at, WorldEvent::Destroying { active });
        }
    }
}
