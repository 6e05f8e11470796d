//! Resources: what lets the world in, what is cut off, destroyed, protected, and whether those who use it still can.
//!
//! Each change that a response can make is one arm of [`Resources::can`] (why not) and one of [`Resources::make`] (what is so
//! from then on). Sources: Amazon S3 user guide (Block Public Access), RDS user guide (sharing a snapshot, public accessibility,
//! deletion protection), IAM user guide (access keys, trust policies).

use alloc::collections::{BTreeMap, BTreeSet};

use super::SimWorld;
use super::cause::Cause;
use super::chance::{Chance, Purpose};
use super::machine::Machine;
use firedrill_model::event::{Obstacle, ResourceCause, ResourceChange, ResourceEvent, WorldEvent};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Resource, ResourceKind};
use firedrill_model::{DrillTime, SafeText};

/// Whom a resource lets in from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Everybody.
    World,
    /// Those whom the team trusts.
    Trusted,
    /// Nobody.
    Shut,
}

/// How an access key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyState {
    Active,
    Inactive,
    Deleted,
}

/// How a resource stands.
#[derive(Debug, Clone, PartialEq)]
struct Standing {
    kind: ResourceKind,
    /// Its users need it open to the world.
    needs_world: bool,
    has_users: bool,
    door: Door,
    key: KeyState,
    /// Its users have another one: what becomes of this one doesn't touch them.
    replaced: bool,
    /// A role: it can be assumed anew. A network ACL: traffic is let through.
    allowed: bool,
    /// A role: it can be used from the team's own network only.
    inside_only: bool,
    isolated: bool,
    destroyed: bool,
    protected: bool,
    /// There is a copy out of reach.
    copied: bool,
    /// A database that fails over to its standby.
    failing_over: bool,
}

impl Standing {
    fn new(resource: &Resource, has_users: bool) -> Self {
        let door = match resource.kind {
            ResourceKind::Bucket | ResourceKind::Database => {
                if resource.public {
                    Door::World
                } else {
                    Door::Shut
                }
            }
            ResourceKind::SecurityGroup => Door::Trusted,
            ResourceKind::Role
            | ResourceKind::User
            | ResourceKind::AccessKey
            | ResourceKind::NetworkAcl
            | ResourceKind::Snapshot => Door::Shut,
        };
        Self {
            kind: resource.kind,
            needs_world: resource.public && resource.kind == ResourceKind::Bucket,
            has_users,
            door,
            key: KeyState::Active,
            replaced: false,
            allowed: true,
            inside_only: false,
            isolated: false,
            destroyed: false,
            protected: false,
            copied: false,
            failing_over: false,
        }
    }

    fn lets_world_in(&self) -> bool {
        self.door == Door::World && !self.isolated && !self.destroyed
    }

    /// Whoever uses it can. Roles are out for a while after a revocation, which is not looked at here.
    fn is_usable(&self) -> bool {
        match self.kind {
            ResourceKind::AccessKey => self.key == KeyState::Active || self.replaced,
            ResourceKind::Bucket => !self.destroyed && (!self.needs_world || self.door == Door::World),
            ResourceKind::Database => !self.destroyed && !self.isolated && !self.failing_over,
            ResourceKind::Role
            | ResourceKind::SecurityGroup
            | ResourceKind::User
            | ResourceKind::NetworkAcl
            | ResourceKind::Snapshot => true,
        }
    }
}

/// All resources of a scenario.
#[derive(Debug, Clone)]
pub(super) struct Resources {
    standings: BTreeMap<TargetId, Standing>,
    /// What the fault exposes, the drawn one first.
    exposes: Vec<TargetId>,
    /// Resources whose users were said to be out.
    out: BTreeSet<TargetId>,
    /// Names that the resolver refuses.
    blocked: Vec<SafeText>,
}

impl Resources {
    pub(super) fn new(scenario: &Scenario, chance: Chance) -> Self {
        let standing = |resource: &Resource| {
            let has_users = !users(scenario, &resource.id).is_empty();
            (resource.id.clone(), Standing::new(resource, has_users))
        };
        let fault = &scenario.fault;
        let drawn = chance.index(Purpose::Exposed, scenario.id.as_str(), 0, fault.exposes_one_of.len());
        let drawn = drawn.and_then(|place| fault.exposes_one_of.get(place));
        Self {
            standings: scenario.resources.iter().map(standing).collect(),
            exposes: drawn.into_iter().chain(&fault.exposes).cloned().collect(),
            out: BTreeSet::new(),
            blocked: Vec::new(),
        }
    }

    /// What the fault exposes: the drawn one, or the one that it names.
    pub(super) fn exposed(&self) -> Option<&TargetId> {
        self.exposes.first()
    }

    /// Says whether those who use a resource can.
    pub(super) fn is_usable(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_none_or(Standing::is_usable)
    }

    /// Says whether a database is out for new connections only: its security group was swapped, and it runs.
    fn is_only_isolated(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_some_and(|standing| {
            standing.kind == ResourceKind::Database
                && standing.isolated
                && !standing.destroyed
                && !standing.failing_over
        })
    }

    /// The fault is active: what it opens lets the world in.
    pub(super) fn expose(&mut self, opened: Option<&TargetId>) {
        for id in self.exposes.iter().chain(opened) {
            if let Some(standing) = self.standings.get_mut(id) {
                standing.door = Door::World;
            }
        }
    }

    /// Says whether the world is let in.
    pub(super) fn lets_world_in(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_some_and(Standing::lets_world_in)
    }

    /// Says whether at least trusted addresses are let in.
    pub(super) fn lets_trusted_in(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_none_or(|standing| standing.door != Door::Shut)
    }

    /// Says whether an access key is active.
    pub(super) fn key_works(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_some_and(|standing| standing.key == KeyState::Active)
    }

    /// Says whether a role can be used from the team's own network only.
    pub(super) fn is_inside_only(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_some_and(|standing| standing.inside_only)
    }

    /// Says whether a role can be assumed anew.
    pub(super) fn can_be_assumed(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_some_and(|standing| standing.allowed)
    }

    /// Says whether a resource is there.
    pub(super) fn exists(&self, id: &TargetId) -> bool {
        self.standings.get(id).is_some_and(|standing| !standing.destroyed)
    }

    /// Destroys a resource. Says whether that was refused because it is protected.
    pub(super) fn destroy(&mut self, id: &TargetId) -> bool {
        let Some(standing) = self.standings.get_mut(id) else { return true };
        standing.destroyed |= !standing.protected;
        standing.protected
    }

    /// A database fails over, or has.
    pub(super) fn fail_over(&mut self, id: &TargetId, under_way: bool) {
        if let Some(standing) = self.standings.get_mut(id) {
            standing.failing_over = under_way;
        }
    }

    /// Says whether a name is still resolved.
    pub(super) fn resolves(&self, name: &SafeText) -> bool {
        !is_among(&self.blocked, name.as_str())
    }

    /// The names that the resolver refuses.
    pub(super) fn blocked(&self) -> &[SafeText] {
        &self.blocked
    }

    /// The resolver refuses names from now on.
    pub(super) fn block(&mut self, names: &[SafeText]) {
        for name in names {
            if !self.blocked.contains(name) {
                self.blocked.push(name.clone());
            }
        }
    }

    /// Why a rule that lets the world in can't be taken out, if so.
    pub(super) fn can_close(&self, id: &TargetId) -> Result<(), Obstacle> {
        let standing = self.of_kind(id, ResourceKind::SecurityGroup)?;
        if standing.door == Door::World { Ok(()) } else { Err(Obstacle::NotOpenToWorld) }
    }

    /// Takes the rule out that lets the world in: nobody gets in any more.
    pub(super) fn close(&mut self, id: &TargetId) {
        if let Some(standing) = self.standings.get_mut(id) {
            standing.door = Door::Shut;
        }
    }

    /// Why a snapshot can't be copied, if so.
    pub(super) fn can_copy(&self, id: &TargetId) -> Result<(), Obstacle> {
        let standing = self.of_kind(id, ResourceKind::Snapshot)?;
        if standing.copied {
            return Err(Obstacle::CopiedAlready);
        }
        if standing.destroyed { Err(Obstacle::ResourceDestroyed) } else { Ok(()) }
    }

    /// There is a copy from now on.
    pub(super) fn copy(&mut self, id: &TargetId) {
        if let Some(standing) = self.standings.get_mut(id) {
            standing.copied = true;
        }
    }

    /// Why nothing can be restored from a snapshot, if so.
    pub(super) fn can_restore_from(&self, id: &TargetId) -> Result<(), Obstacle> {
        let standing = self.of_kind(id, ResourceKind::Snapshot)?;
        if standing.destroyed && !standing.copied {
            return Err(Obstacle::SnapshotLost);
        }
        Ok(())
    }

    /// Why a change can't be made, if so.
    pub(super) fn can(&self, change: ResourceChange, id: &TargetId) -> Result<(), Obstacle> {
        let fitting = kinds(change);
        let standing = self.standings.get(id).filter(|standing| fitting.contains(&standing.kind));
        let standing = standing.ok_or(Obstacle::NoSuchResource)?;
        if standing.destroyed && change != ResourceChange::Restored {
            return Err(Obstacle::ResourceDestroyed);
        }
        let refused = match change {
            ResourceChange::Restricted => (standing.door == Door::Trusted, Obstacle::RestrictedAlready),
            ResourceChange::PublicAccessBlocked | ResourceChange::MadePrivate => {
                (standing.door != Door::World, Obstacle::NotPublic)
            }
            ResourceChange::Opened | ResourceChange::PublicAccessAllowed => {
                (standing.door == Door::World, Obstacle::PublicAlready)
            }
            ResourceChange::ShareRemoved => (standing.door != Door::World, Obstacle::NotShared),
            ResourceChange::Isolated => (standing.isolated, Obstacle::ResourceIsolatedAlready),
            ResourceChange::Released => (!standing.isolated, Obstacle::NotIsolated),
            ResourceChange::Restored => (!standing.destroyed, Obstacle::NotDestroyed),
            ResourceChange::Protected => (standing.protected, Obstacle::ProtectedAlready),
            ResourceChange::Deactivated => (standing.key != KeyState::Active, Obstacle::KeyNotActive),
            ResourceChange::Activated => match standing.key {
                KeyState::Inactive => return Ok(()),
                KeyState::Active => (true, Obstacle::KeyActiveAlready),
                KeyState::Deleted => (true, Obstacle::KeyDeletedForGood),
            },
            ResourceChange::Deleted => (standing.key == KeyState::Deleted, Obstacle::KeyDeletedAlready),
            ResourceChange::Replaced => (standing.replaced, Obstacle::KeyReplacedAlready),
            ResourceChange::TrustChanged => (!standing.allowed, Obstacle::TrustClosedAlready),
            ResourceChange::Denied => (!standing.allowed, Obstacle::DeniedAlready),
            ResourceChange::Allowed => (standing.allowed, Obstacle::NotDenied),
            ResourceChange::OutsideDenied => (standing.inside_only, Obstacle::OutsideDeniedAlready),
        };
        if refused.0 { Err(refused.1) } else { Ok(()) }
    }

    /// Makes a change.
    pub(super) fn make(&mut self, change: ResourceChange, id: &TargetId) {
        let Some(standing) = self.standings.get_mut(id) else { return };
        match change {
            ResourceChange::Restricted => standing.door = Door::Trusted,
            ResourceChange::PublicAccessBlocked | ResourceChange::ShareRemoved | ResourceChange::MadePrivate => {
                standing.door = Door::Shut;
            }
            ResourceChange::Opened | ResourceChange::PublicAccessAllowed => standing.door = Door::World,
            ResourceChange::Isolated => standing.isolated = true,
            ResourceChange::Released => standing.isolated = false,
            // What is restored is a new database: out of the world's reach, and not isolated.
            ResourceChange::Restored => {
                standing.destroyed = false;
                standing.isolated = false;
                standing.door = Door::Shut;
            }
            ResourceChange::Protected => standing.protected = true,
            ResourceChange::Deactivated => standing.key = KeyState::Inactive,
            ResourceChange::Activated => standing.key = KeyState::Active,
            ResourceChange::Deleted => standing.key = KeyState::Deleted,
            ResourceChange::Replaced => standing.replaced = true,
            ResourceChange::TrustChanged | ResourceChange::Denied => standing.allowed = false,
            ResourceChange::Allowed => standing.allowed = true,
            ResourceChange::OutsideDenied => standing.inside_only = true,
        }
    }

    fn of_kind(&self, id: &TargetId, kind: ResourceKind) -> Result<&Standing, Obstacle> {
        self.standings.get(id).filter(|standing| standing.kind == kind).ok_or(Obstacle::NoSuchResource)
    }

    /// Resources with users who can't use them.
    fn unusable(&self) -> BTreeSet<TargetId> {
        let all = self.standings.iter().filter(|(_, standing)| standing.has_users && !standing.is_usable());
        all.map(|(id, _)| id.clone()).collect()
    }
}

/// Says whether a name is one of these, or below one of them. Letters compare without case, and a last dot makes no difference
/// (RFC 1034, section 3.1).
pub(super) fn is_among(names: &[SafeText], name: &str) -> bool {
    let plain = |name: &str| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let name = plain(name);
    let covers = |above: &SafeText| {
        name.strip_suffix(&plain(above.as_str())).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    names.iter().any(covers)
}

/// To what a change can be made.
fn kinds(change: ResourceChange) -> &'static [ResourceKind] {
    match change {
        ResourceChange::Opened | ResourceChange::Restricted => &[ResourceKind::SecurityGroup],
        ResourceChange::PublicAccessBlocked | ResourceChange::PublicAccessAllowed => &[ResourceKind::Bucket],
        ResourceChange::ShareRemoved => &[ResourceKind::Snapshot],
        ResourceChange::Isolated
        | ResourceChange::Released
        | ResourceChange::MadePrivate
        | ResourceChange::Restored => &[ResourceKind::Database],
        ResourceChange::Protected => &[ResourceKind::Bucket, ResourceKind::Database, ResourceKind::Snapshot],
        ResourceChange::Deactivated
        | ResourceChange::Activated
        | ResourceChange::Deleted
        | ResourceChange::Replaced => &[ResourceKind::AccessKey],
        ResourceChange::TrustChanged | ResourceChange::OutsideDenied => &[ResourceKind::Role],
        ResourceChange::Denied | ResourceChange::Allowed => &[ResourceKind::NetworkAcl],
    }
}

/// Places of the services that use a resource. Instances behind a security group are not its users in this sense.
fn users(scenario: &Scenario, id: &TargetId) -> Vec<usize> {
    let resource = scenario.resource(id);
    let services = scenario.services.iter().enumerate();
    let uses = services.filter(|(_, service)| {
        service.role.as_ref() == Some(id) || resource.is_some_and(|resource| resource.used_by.contains(&service.id))
    });
    uses.map(|(place, _)| place).collect()
}

impl SimWorld {
    /// Places of the services that use a resource.
    pub(super) fn users(&self, id: &TargetId) -> Vec<usize> {
        users(&self.scenario, id)
    }

    /// Share of the requests at an instance that fail because of what it can't use: one fails if it needs any of that.
    pub(super) fn failing_share(&self, machine: &Machine) -> f64 {
        let denied = self.denied.iter().filter(|role| self.is_denied(machine, role));
        let out = self.resources.out.iter().chain(denied);
        let good = out.filter(|id| self.users(id).contains(&machine.service)).map(|id| {
            let fails = self.scenario.resource(id).map_or(1.0, |resource| {
                // Connections that are pooled are being tracked: they go on.
                let new = if self.resources.is_only_isolated(id) { resource.new_connections } else { 1.0 };
                resource.fails * new
            });
            1.0 - fails.clamp(0.0, 1.0)
        });
        1.0 - good.product::<f64>()
    }

    /// Says whose users are out or back since this was last looked at.
    pub(super) fn review_resources(&mut self, because: &ResourceCause, at: DrillTime) {
        let now = self.resources.unusable();
        let before = core::mem::replace(&mut self.resources.out, now.clone());
        for resource in now.symmetric_difference(&before) {
            let (resource, usable) = (resource.clone(), before.contains(resource));
            self.say(at, WorldEvent::Resource(ResourceEvent { resource, usable, because: because.clone() }));
        }
        self.update_capacity(at);
    }

    /// Makes a change to a resource, and what follows from it.
    pub(super) fn change_resource(&mut self, change: ResourceChange, id: &TargetId, cause: &Cause, at: DrillTime) {
        self.resources.make(change, id);
        if matches!(change, ResourceChange::Opened | ResourceChange::PublicAccessAllowed) {
            self.reopened(id);
        }
        if matches!(change, ResourceChange::Denied | ResourceChange::Allowed)
            && let Some(zone) = self.scenario.resource(id).and_then(|acl| acl.zone.clone())
        {
            self.fleet.now = at;
            let changes = self.fleet.set_denied(&zone, change == ResourceChange::Denied, cause.of_instance());
            self.follow(changes, at);
        }
        self.review_resources(&cause.of_resource(), at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocked_name_covers_what_is_below_it_as_the_resolver_compares() {
        let blocked = [SafeText::from("Evil.example.")];
        for name in ["evil.example", "EVIL.example.", "a.b.evil.example"] {
            assert!(is_among(&blocked, name), "{name}");
        }
        for name in ["notevil.example", "example", "evil.example.org", ""] {
            assert!(!is_among(&blocked, name), "{name}");
        }
    }
}
