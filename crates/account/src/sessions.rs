//! Sessions of roles and users: what ends when they are revoked, and what comes back with new credentials.

use super::SimWorld;
use super::agenda::Due;
use super::fleet::Machine;
use firedrill_model::event::{EffectResult, WorldEvent};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::Foothold;
use firedrill_model::{DrillTime, Span};

/// From the end of a role's sessions until its users have new credentials. Assumed: an SDK asks the metadata service again when a
/// call is refused, or within a few tens of seconds.
pub(super) const NEW_CREDENTIALS: Span = Span::from_secs(20);

impl SimWorld {
    /// A response revokes the sessions of a role or user.
    pub(super) fn revoke(&mut self, principal: &TargetId, at: DrillTime) -> EffectResult {
        let users = self.users(principal);
        self.end_sessions(principal);
        // Nobody is out who has no credentials of it.
        if !users.is_empty() {
            self.services_out.insert(principal.clone());
            self.say(at, WorldEvent::Role { role: principal.clone(), usable: false });
        }
        let count = self.revocation(principal);
        self.agenda.plan_in(at, NEW_CREDENTIALS, Due::Credentials(principal.clone(), count));
        self.update_capacity(at);
        EffectResult::SessionsRevoked { services: self.service_ids(&users) }
    }

    /// The users of a role have new credentials, unless they were revoked again meanwhile.
    pub(super) fn credentials_back(&mut self, role: &TargetId, revocation: u32, at: DrillTime) {
        if self.revocations.get(role) != Some(&revocation) {
            return;
        }
        if self.services_out.remove(role) {
            self.office.renew(role.as_str(), at);
            self.say(at, WorldEvent::Role { role: role.clone(), usable: true });
        }
        self.read_new_credentials(role);
        self.review_adversary(at);
    }

    /// Sessions of a role or user are ended.
    fn end_sessions(&mut self, principal: &TargetId) {
        *self.revocations.entry(principal.clone()).or_default() += 1;
        self.adversary.revoked.insert(principal.clone());
    }

    /// The users of a role have new credentials: whoever is on one of their instances can read them, too.
    fn read_new_credentials(&mut self, role: &TargetId) {
        let scenario = self.scenario.clone();
        let holds = scenario.stages.iter().enumerate().any(|(stage, plan)| {
            let on = self.adversary.place(stage).and_then(|on| self.fleet.machine(on));
            let reads = plan.benign.is_none() && plan.needs.contains(&Foothold::Instance);
            on.is_some_and(|machine| reads && self.has_role(machine, role))
        });
        if holds {
            self.adversary.revoked.remove(role);
        }
    }

    fn has_role(&self, machine: &Machine, role: &TargetId) -> bool {
        self.users(role).contains(&machine.service)
    }

    /// How often the sessions of a principal were revoked so far.
    pub(super) fn revocation(&self, principal: &TargetId) -> u32 {
        self.revocations.get(principal).copied().unwrap_or_default()
    }
}
