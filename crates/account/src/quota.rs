//! How many instances the account may run, and who has eaten the quota: where none is left, a group launches nothing, and tries again.
//!
//! Rules (EC2 user guide: on-demand instance quotas; EC2 Auto Scaling user guide: troubleshooting launches): instances that run count with
//! their virtual CPUs, no matter who launched them, and stopped ones don't. A launch beyond the quota is refused, which stands in the trail. A
//! group goes on trying; how often is not documented.

use super::SimWorld;
use super::agenda::{Due, Source};
use super::evidence::{launched_id, launches};
use super::fleet::{Changes, Fleet};
use firedrill_model::event::{EffectResult, InstanceCause, Obstacle};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Foothold, Stage, VCPUS_OF_ONE};
use firedrill_model::{DrillTime, Span};

/// A group tries again so long after it was refused a launch (assumed).
const TRIES_AGAIN: Span = Span::from_secs(120);

impl Fleet {
    /// Says whether the quota has room for one more instance of the workload.
    pub(super) fn has_room(&self) -> bool {
        let own = u32::try_from(self.machines.iter().filter(|machine| machine.runs()).count()).unwrap_or(u32::MAX);
        let used = own.saturating_mul(VCPUS_OF_ONE).saturating_add(self.foreign);
        self.quota.is_none_or(|quota| used.saturating_add(VCPUS_OF_ONE) <= quota)
    }

    /// A group was refused a launch, unless it is waiting to try again.
    pub(super) fn refuse(&mut self, service: usize, changes: &mut Changes) {
        let Some(keeper) = self.keepers.get_mut(service).filter(|keeper| !keeper.retries) else { return };
        keeper.retries = true;
        keeper.refused += 1;
        changes.refused.push(service);
    }
}

/// Says whether a stage does what it does with a role or user.
fn is_with(plan: &Stage, principal: &TargetId) -> bool {
    let mut needs = plan.needs.iter().chain(&plan.needs_at_start);
    needs.any(|need| matches!(need, Foothold::Sessions(id) if id == principal))
}

impl SimWorld {
    /// A group was refused a launch: the trail says so, and it will try again.
    pub(super) fn launch_refused(&mut self, service: usize, at: DrillTime) {
        self.log_refused_launch(service, at);
        self.agenda.plan_in(at, TRIES_AGAIN, Due::Retry(service));
    }

    /// A group tries again to launch what it was refused.
    pub(super) fn retry_launch(&mut self, service: usize, at: DrillTime) {
        self.fleet.now = at;
        let mut changes = Changes::default();
        if let Some(keeper) = self.fleet.keepers.get_mut(service) {
            keeper.retries = false;
        }
        self.fleet.keep(service, InstanceCause::Group, &mut changes);
        self.follow(changes, at);
        self.review_adversary(at);
    }

    /// A group looks whether its zones are still uneven.
    pub(super) fn even_zones(&mut self, service: usize, at: DrillTime) {
        self.fleet.now = at;
        let mut changes = Changes::default();
        self.fleet.even_out(service, &mut changes);
        self.follow(changes, at);
    }

    /// A stage launches instances in the account, as many as the quota lets it.
    pub(super) fn launched_by(&mut self, stage: usize, plan: &Stage) {
        if plan.takes_vcpus == 0 {
            return;
        }
        let own = self.fleet.machines.iter().filter(|machine| machine.runs()).count();
        let own = u32::try_from(own).unwrap_or(u32::MAX).saturating_mul(VCPUS_OF_ONE);
        let room = self.fleet.quota.map_or(u32::MAX, |quota| quota.saturating_sub(own + self.fleet.foreign));
        let vcpus = plan.takes_vcpus.min(room);
        self.adversary.launched.insert(stage, vcpus);
        self.fleet.foreign += vcpus;
    }

    /// Stages that launched instances with a role or user, which still run.
    fn launched_with(&self, principal: &TargetId) -> Vec<usize> {
        let with = |stage: &&usize| self.scenario.stages.get(**stage).is_some_and(|plan| is_with(plan, principal));
        self.adversary.launched.keys().filter(with).copied().collect()
    }

    /// Ids of the instances that stages have launched with a role or user, as the answers to their calls say.
    pub(super) fn launched_ids(&self, principal: &TargetId) -> Vec<String> {
        let mut ids = Vec::new();
        for (stage, plan) in self.scenario.stages.iter().enumerate() {
            if plan.takes_vcpus == 0 || !is_with(plan, principal) {
                continue;
            }
            for (leaf, emission) in plan.leaves.iter().enumerate() {
                let launch = emission.call.as_ref().is_some_and(|call| call.as_str() == "ec2:RunInstances");
                let asked = emission.request.as_ref().and_then(|asked| serde_json::from_str(asked.as_str()).ok());
                if !launch || emission.error.is_some() {
                    continue;
                }
                let (each, name) =
                    (launches(&asked.unwrap_or_default()), self.evidence.name(Source::Stage(stage, leaf)));
                let calls = 0..self.evidence.left_by(stage, leaf).count;
                let of_call = |call| (0..each).map(move |place| launched_id(&self.office, (name, call), place));
                ids.extend(calls.flat_map(of_call));
            }
        }
        ids
    }

    /// Why there is nothing to terminate that was launched with a role or user, if so.
    pub(super) fn can_end_launched(&self, principal: &TargetId) -> Result<(), Obstacle> {
        if self.launched_with(principal).is_empty() { Err(Obstacle::NothingLaunched) } else { Ok(()) }
    }

    /// What was launched with a role or user is terminated.
    pub(super) fn end_launched(&mut self, principal: &TargetId) -> EffectResult {
        let mut freed = 0;
        for stage in self.launched_with(principal) {
            freed += self.adversary.launched.remove(&stage).unwrap_or_default();
        }
        self.fleet.foreign -= freed.min(self.fleet.foreign);
        EffectResult::LaunchedEnded { principal: principal.clone(), vcpus: freed }
    }
}
