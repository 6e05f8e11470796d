//! How a group replaces its members: the unhealthy ones, unless that is suspended, or all of them, one after the other.

use super::fleet::{Changes, Fleet, MOST_INSTANCES};
use super::machine::Machine;
use firedrill_model::event::{InstanceCause, InstanceState};
use firedrill_model::id::TargetId;

impl Fleet {
    /// A group terminates a member that it found unhealthy, and launches another.
    pub(super) fn replace(&mut self, id: &TargetId, changes: &mut Changes) {
        let Some((service, served)) = self.machine(id).map(|machine| (machine.service, machine.served)) else { return };
        self.enter(id, InstanceState::Terminated, InstanceCause::HealthCheck, changes);
        changes.by_group.push((id.clone(), false));
        if let Some(keeper) = self.keepers.get_mut(service).filter(|_| !served) {
            keeper.in_vain += 1;
        }
        self.keep(service, InstanceCause::Group, changes);
    }

    /// A group leaves unhealthy members alone from now on, or ends those that it left alone.
    pub(super) fn suspend(&mut self, service: usize, suspended: bool) -> Changes {
        let mut changes = Changes::default();
        let Some(keeper) = self.keepers.get_mut(service) else { return changes };
        keeper.suspended = suspended;
        let marked = if suspended { Vec::new() } else { core::mem::take(&mut keeper.marked) };
        for id in marked {
            let still = |machine: &Machine| machine.counts() || machine.state == InstanceState::Stopped;
            if self.machine(&id).is_some_and(still) {
                self.replace(&id, &mut changes);
            }
        }
        changes
    }

    /// Says whether a group leaves unhealthy members alone.
    pub(super) fn is_suspended(&self, service: usize) -> bool {
        self.keepers.get(service).is_some_and(|keeper| keeper.suspended)
    }

    /// A group leaves its zones uneven from now on, or evens them out again.
    pub(super) fn leave_uneven(&mut self, service: usize, uneven: bool) -> Changes {
        let mut changes = Changes::default();
        if let Some(keeper) = self.keepers.get_mut(service) {
            keeper.uneven = uneven;
        }
        self.keep(service, InstanceCause::Group, &mut changes);
        changes
    }

    /// Says whether a group leaves its zones uneven.
    pub(super) fn stays_uneven(&self, service: usize) -> bool {
        self.keepers.get(service).is_some_and(|keeper| keeper.uneven)
    }

    /// A group replaces its members, one after the other: one more is launched, and when it serves, an old one goes. At its maximum, the
    /// old one goes first.
    pub(super) fn refresh(&mut self, service: usize) -> Changes {
        let mut changes = Changes::default();
        let members = self.machines.iter().filter(|machine| machine.service == service && machine.counts());
        let members: Vec<TargetId> = members.map(|machine| machine.id.clone()).collect();
        if let Some(keeper) = self.keepers.get_mut(service) {
            keeper.refreshing = members;
        }
        self.refresh_next(service, &mut changes);
        changes
    }

    fn refresh_next(&mut self, service: usize, changes: &mut Changes) {
        let most = self.services.get(service).map_or(0, |kept| kept.group.max.min(MOST_INSTANCES));
        let members: Vec<TargetId> =
            self.machines.iter().filter(|machine| machine.counts()).map(|machine| machine.id.clone()).collect();
        let Some(keeper) = self.keepers.get_mut(service) else { return };
        keeper.refreshing.retain(|id| members.contains(id));
        if keeper.refreshing.is_empty() {
            return;
        }
        if keeper.desired < most {
            keeper.desired += 1;
            keeper.surge = true;
        } else {
            let id = keeper.refreshing.remove(0);
            self.enter(&id, InstanceState::Terminated, InstanceCause::Group, changes);
            changes.by_group.push((id, false));
        }
        self.keep(service, InstanceCause::Group, changes);
    }

    /// A new member serves: an old one goes, and the next one is launched. The group takes it out of the balancer first, so that
    /// nothing is lost.
    pub(super) fn refreshed(&mut self, service: usize, changes: &mut Changes) {
        let Some(keeper) = self.keepers.get_mut(service) else { return };
        let surge = core::mem::take(&mut keeper.surge);
        if surge {
            keeper.desired = keeper.desired.saturating_sub(1);
            if !keeper.refreshing.is_empty() {
                let id = keeper.refreshing.remove(0);
                self.enter(&id, InstanceState::Terminated, InstanceCause::Group, changes);
                changes.by_group.push((id, false));
            }
        }
        self.refresh_next(service, changes);
        self.keep(service, InstanceCause::Group, changes);
    }
}
