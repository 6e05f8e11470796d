//! Sessions of roles and users: what ends when they are revoked, who has new credentials when, and what comes back with these.
//!
//! Rules (IAM user guide: revoke sessions, disabling permissions of temporary credentials, instance profiles; botocore): a policy denies
//! every session of the role that was issued before it, some seconds later; sessions that it opened in other roles live on. The metadata
//! service of an instance keeps handing out the set that it has until its round comes, and a process keeps its copy until shortly before
//! that expires: who uses the role is out until then. Ways out: associate the profile again or stop and start the instance, for a new
//! set, and restart the processes, for a new copy; or another instance. Stolen ones live elsewhere until they expire or are denied.

use alloc::sync::Arc;

use super::SimWorld;
use super::agenda::{Due, InstanceDue};
use super::balancer::{last_of, next_of};
use super::chance::Purpose;
use super::machine::Machine;
use firedrill_model::event::{EffectResult, WorldEvent};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Foothold, Stage};
use firedrill_model::{DrillTime, Span};

impl SimWorld {
    /// A response revokes the sessions of a role or user: they are denied some seconds later.
    pub(super) fn revoke(&mut self, principal: &TargetId, at: DrillTime) -> EffectResult {
        let count = self.revocation(principal) + 1;
        self.revocations.insert(principal.clone(), count);
        self.denied_from.insert(principal.clone(), at);
        let takes = self.chance.latency(
            &self.scenario.credentials.deny_takes,
            Purpose::DenyTakes,
            principal.as_str(),
            u64::from(count),
        );
        self.agenda.plan_in(at, takes, Due::Denied(principal.clone(), count));
        EffectResult::SessionsRevoked { services: self.service_ids(&self.users(principal)) }
    }

    /// The deny has taken effect: whoever has a session from before is refused.
    pub(super) fn sessions_denied(&mut self, principal: &TargetId, count: u32, at: DrillTime) {
        if self.revocation(principal) != count {
            return;
        }
        self.adversary.revoked.insert(principal.clone());
        self.denied.insert(principal.clone());
        let users = self.users(principal);
        let machines = self.fleet.machines.iter().filter(|machine| users.contains(&machine.service) && machine.runs());
        let machines: Vec<TargetId> = machines.map(|machine| machine.id.clone()).collect();
        for id in machines {
            self.agenda.plan(self.next_set(&id, at), Due::Instance(id.clone(), InstanceDue::NewSet));
            self.agenda.plan_in(at, self.next_copy(&id), Due::Instance(id, InstanceDue::NewCopy));
        }
        self.review_roles(at);
        self.review_adversary(at);
    }

    /// Says whether a stage uses sessions from elsewhere that can be used from the team's own network only. It is elsewhere, unless the
    /// adversary is on the instance already on which the stage takes place.
    pub(super) fn is_shut_out(&self, plan: &Stage, need: &Foothold, machine: Option<&Machine>) -> bool {
        let Foothold::Sessions(principal) = need else { return false };
        let inside = plan.needs.iter().any(Foothold::is_at_instance)
            && machine.is_some_and(|machine| machine.touched && machine.runs());
        self.resources.is_inside_only(principal) && !inside
    }

    /// The round of the metadata service has come to an instance: there is a new set of credentials, for whoever asks.
    pub(super) fn new_set(&mut self, id: &TargetId, at: DrillTime) {
        self.read_new_credentials(id, at);
        self.review_adversary(at);
    }

    /// The processes of an instance ask for credentials: what the metadata service has is what they have from now on.
    pub(super) fn new_copy(&mut self, id: &TargetId, at: DrillTime) {
        let from = self.fleet.machine(id).and_then(|machine| self.set_from(machine, at));
        let role = self.role_of(id);
        if let Some(machine) = self.fleet.machine_mut(id) {
            machine.credentials_from = from;
        }
        if let (Some(role), Some(from)) = (role, from) {
            Arc::make_mut(&mut self.office).renew(&format!("{role}/{id}"), from);
            self.log_issue(id, &role, at);
        }
        self.review_roles(at);
        self.update_capacity(at);
    }

    /// An instance has a set of credentials of its own, because it was started or its profile associated again.
    pub(super) fn set_renewed(&mut self, id: &TargetId, at: DrillTime) {
        self.read_new_credentials(id, at);
    }

    /// Says for which roles somebody is out now, where that has changed.
    pub(super) fn review_roles(&mut self, at: DrillTime) {
        let denied: Vec<TargetId> = self.denied.iter().cloned().collect();
        for role in denied {
            let users = self.users(&role);
            let mut serving = self.fleet.machines.iter().filter(|machine| users.contains(&machine.service));
            let out = serving.any(|machine| machine.serves() && self.is_denied(machine, &role));
            let was_out = self.roles_out.contains(&role);
            if out != was_out {
                if out {
                    self.roles_out.insert(role.clone());
                } else {
                    self.roles_out.remove(&role);
                }
                self.say(at, WorldEvent::Role { role, usable: !out });
            }
        }
        self.update_capacity(at);
    }

    /// Says whether an instance's processes have credentials of a role that are denied.
    pub(super) fn is_denied(&self, machine: &Machine, role: &TargetId) -> bool {
        let before = |from: &DrillTime| machine.credentials_from.is_none_or(|made| made < *from);
        self.denied.contains(role) && self.denied_from.get(role).is_some_and(before)
    }

    /// Says whether the credentials are denied by which an instance is reached and sends its logs.
    pub(super) fn has_lost_its_role(&self, machine: &Machine) -> bool {
        self.role_of(&machine.id).is_some_and(|role| self.is_denied(machine, &role))
    }

    /// The role of an instance.
    fn role_of(&self, id: &TargetId) -> Option<TargetId> {
        let machine = self.fleet.machine(id)?;
        self.scenario.services.get(machine.service)?.role.clone()
    }

    /// When the set was made that the metadata service of an instance hands out; none before the drill.
    fn set_from(&self, machine: &Machine, at: DrillTime) -> Option<DrillTime> {
        let every = self.scenario.credentials.new_set_every;
        last_of(at, every, self.phase(&machine.id, every)).max(machine.profile_since)
    }

    /// When the round of the metadata service comes to an instance.
    fn next_set(&self, id: &TargetId, at: DrillTime) -> DrillTime {
        let every = self.scenario.credentials.new_set_every;
        next_of(at, every, self.phase(id, every))
    }

    fn phase(&self, id: &TargetId, every: Span) -> Span {
        Span::from_secs_f64(self.chance.unit(Purpose::Metadata, id.as_str(), 0) * every.as_secs_f64())
    }

    /// How much longer the processes of an instance keep their copy: at any moment, each age of one is as likely as another.
    fn next_copy(&self, id: &TargetId) -> Span {
        let credentials = &self.scenario.credentials;
        let kept = credentials.lasts - credentials.renewed_before;
        Span::from_secs_f64(self.chance.unit(Purpose::Metadata, id.as_str(), 1) * kept.as_secs_f64())
    }

    /// There is a new set on an instance: whoever is on it can read that, too.
    fn read_new_credentials(&mut self, id: &TargetId, at: DrillTime) {
        let Some(role) = self.role_of(id) else { return };
        let Some(machine) = self.fleet.machine(id) else { return };
        let fresh = self.set_from(machine, at) >= self.denied_from.get(&role).copied();
        let scenario = self.scenario.clone();
        let reads = scenario.stages.iter().enumerate().any(|(stage, plan)| {
            let there = self.adversary.place(stage) == Some(id);
            there && plan.benign.is_none() && plan.needs.contains(&Foothold::Instance)
        });
        if fresh && reads {
            self.adversary.revoked.remove(&role);
        }
    }

    /// How often the sessions of a principal were revoked so far.
    pub(super) fn revocation(&self, principal: &TargetId) -> u32 {
        self.revocations.get(principal).copied().unwrap_or_default()
    }
}
