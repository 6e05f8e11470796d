//! What a group launches and gives up: in which zone, with which address, which instance first.

use super::agenda::InstanceDue;
use super::chance::Purpose;
use super::fleet::{Changes, Fleet, MOST_IN_VAIN};
use super::machine::Machine;
use firedrill_model::SafeText;
use firedrill_model::event::{InstanceCause, InstanceState};
use firedrill_model::id::TargetId;

impl Fleet {
    /// Launches and gives up instances until the group has what it wants.
    pub(super) fn keep(&mut self, service: usize, cause: InstanceCause, changes: &mut Changes) {
        let Some(keeper) = self.keepers.get(service) else { return };
        let desired = usize::try_from(keeper.desired).unwrap_or(usize::MAX);
        let there = self.machines.iter().filter(|machine| machine.service == service && machine.counts()).count();
        let there = there + keeper.stopped.len();
        let desired = desired + usize::from(keeper.evening);
        let missing = if keeper.in_vain >= MOST_IN_VAIN { 0 } else { desired.saturating_sub(there) };
        for _ in 0..missing {
            if !self.has_room() {
                self.refuse(service, changes);
                break;
            }
            self.launch(service, cause, changes);
        }
        for _ in desired..there {
            if let Some(id) = self.one_too_many(service) {
                self.enter(&id, InstanceState::Terminated, cause, changes);
                changes.by_group.push((id, false));
            }
        }
        if self.is_uneven(service)
            && let Some(keeper) = self.keepers.get_mut(service).filter(|keeper| !keeper.looks)
        {
            keeper.looks = true;
            changes.uneven.push(service);
        }
    }

    /// Says whether one zone of a group has two members more than another, and the group does something about it.
    fn is_uneven(&self, service: usize) -> bool {
        let Some(keeper) = self.keepers.get(service) else { return false };
        let busy = keeper.evening || keeper.surge || !keeper.refreshing.is_empty() || !keeper.stopped.is_empty();
        if keeper.uneven || busy || keeper.in_vain >= MOST_IN_VAIN {
            return false;
        }
        let wanted = usize::try_from(keeper.desired).unwrap_or(usize::MAX);
        let members: Vec<usize> = self.zones(service).iter().map(|zone| self.members_in(service, zone)).collect();
        let (most, least) = (members.iter().max().copied(), members.iter().min().copied());
        most.unwrap_or_default() - least.unwrap_or_default() >= 2 && members.iter().sum::<usize>() == wanted
    }

    /// Where zones are still uneven, one more is launched, in the emptiest one. The group may have one more than its most for that.
    pub(super) fn even_out(&mut self, service: usize, changes: &mut Changes) {
        if let Some(keeper) = self.keepers.get_mut(service) {
            keeper.looks = false;
        }
        if !self.is_uneven(service) || !self.has_room() {
            return;
        }
        if let Some(keeper) = self.keepers.get_mut(service) {
            keeper.evening = true;
        }
        self.launch(service, InstanceCause::Group, changes);
    }

    /// The one that was launched to even the zones out serves: another one goes, in the fullest zone.
    pub(super) fn evened(&mut self, service: usize, changes: &mut Changes) {
        if self.keepers.get_mut(service).is_some_and(|keeper| core::mem::take(&mut keeper.evening)) {
            self.keep(service, InstanceCause::Group, changes);
        }
    }

    fn launch(&mut self, service: usize, cause: InstanceCause, changes: &mut Changes) {
        let Some(kept) = self.services.get(service) else { return };
        let Some(keeper) = self.keepers.get_mut(service) else { return };
        let (name, count) = (kept.id.clone(), keeper.launched);
        keeper.launched += 1;
        let Some(id) = Machine::id_of_launch(self.chance, &name, count) else { return };
        let boot = self.chance.latency(&kept.group.boot, Purpose::Boot, name.as_str(), count);
        let zone = self.zone_of_next(service);
        let machine = Machine {
            denied: self.denied.contains(&zone),
            address: self.free_address(&zone),
            zone,
            profile_since: Some(self.now),
            credentials_from: Some(self.now),
            ..Machine::new(id.clone(), service, name, InstanceState::Booting)
        };
        changes.events.push(machine.event(cause, Vec::new()));
        changes.by_group.push((id.clone(), true));
        changes.due.push((id, InstanceDue::Booted, self.now + boot));
        self.machines.push(machine);
    }

    /// What scaling in takes: one that boots, else the oldest of the fullest zone.
    fn one_too_many(&self, service: usize) -> Option<TargetId> {
        let members = || self.machines.iter().filter(|machine| machine.service == service && machine.counts());
        if let Some(booting) = members().rfind(|machine| machine.state == InstanceState::Booting) {
            return Some(booting.id.clone());
        }
        let in_zone = |zone: &SafeText| members().filter(|machine| machine.zone == *zone).count();
        let most = members().map(|machine| in_zone(&machine.zone)).max()?;
        members().find(|machine| in_zone(&machine.zone) == most).map(|machine| machine.id.clone())
    }

    /// Where the next one is launched: in the zone of the one that it replaces, where that is known, else in the emptiest one.
    fn zone_of_next(&self, service: usize) -> SafeText {
        let next = self.keepers.get(service).filter(|keeper| keeper.surge).and_then(|keeper| keeper.refreshing.first());
        let zone = next.and_then(|id| self.machine(id)).map(|machine| machine.zone.clone());
        zone.unwrap_or_else(|| self.emptiest_zone(service))
    }

    /// The zone of the service with the fewest members, the first of them on a tie.
    fn emptiest_zone(&self, service: usize) -> SafeText {
        let zones = self.zones(service).into_iter();
        zones.min_by_key(|zone| self.members_in(service, zone)).cloned().unwrap_or_else(|| "zone-a".into())
    }

    /// The zones of a service, in the order in which they were first used.
    fn zones(&self, service: usize) -> Vec<&SafeText> {
        let mut zones: Vec<&SafeText> = Vec::new();
        for machine in self.machines.iter().filter(|machine| machine.service == service) {
            if !zones.contains(&&machine.zone) {
                zones.push(&machine.zone);
            }
        }
        zones
    }

    /// Members of a group in a zone.
    fn members_in(&self, service: usize, zone: &SafeText) -> usize {
        let there = |machine: &&Machine| machine.service == service && machine.counts() && machine.zone == *zone;
        self.machines.iter().filter(there).count()
    }

    /// An address in the same network as the others of the zone.
    fn free_address(&self, zone: &SafeText) -> SafeText {
        let network = self.machines.iter().find(|machine| machine.zone == *zone);
        let network = network.and_then(|machine| machine.address.as_str().rsplit_once('.').map(|(network, _)| network));
        let network = network.unwrap_or("10.0.0");
        let taken = |address: &str| self.machines.iter().any(|machine| machine.address.as_str() == address);
        let free = (100..=250_u8).map(|host| format!("{network}.{host}")).find(|address| !taken(address));
        SafeText::one_line(&free.unwrap_or_else(|| format!("{network}.251")))
    }
}
