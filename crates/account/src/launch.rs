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
        let missing = if keeper.in_vain >= MOST_IN_VAIN { 0 } else { desired.saturating_sub(there) };
        for _ in 0..missing {
            self.launch(service, cause, changes);
        }
        for _ in desired..there {
            if let Some(id) = self.one_too_many(service) {
                self.enter(&id, InstanceState::Terminated, cause, changes);
                changes.by_group.push((id, false));
            }
        }
    }

    fn launch(&mut self, service: usize, cause: InstanceCause, changes: &mut Changes) {
        let Some(kept) = self.services.get(service) else { return };
        let Some(keeper) = self.keepers.get_mut(service) else { return };
        let (name, count) = (kept.id.clone(), keeper.launched);
        keeper.launched += 1;
        let Some(id) = Machine::id_of_launch(self.chance, &name, count) else { return };
        let boot = self.chance.latency(&kept.group.boot, Purpose::Boot, name.as_str(), count);
        let zone = self.emptiest_zone(service);
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

    /// The zone of the service with the fewest members, the first of them on a tie.
    fn emptiest_zone(&self, service: usize) -> SafeText {
        let mut zones: Vec<&SafeText> = Vec::new();
        for machine in self.machines.iter().filter(|machine| machine.service == service) {
            if !zones.contains(&&machine.zone) {
                zones.push(&machine.zone);
            }
        }
        let members = |zone: &SafeText| {
            let there = |machine: &&Machine| machine.service == service && machine.counts() && machine.zone == *zone;
            self.machines.iter().filter(there).count()
        };
        zones.into_iter().min_by_key(|zone| members(zone)).cloned().unwrap_or_else(|| "zone-a".into())
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
