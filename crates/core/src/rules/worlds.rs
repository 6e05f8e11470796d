//! The worlds that take part: what each can do, what of the scenario is whose, and what each has said.

use alloc::vec::Vec;

use firedrill_model::Request;
use firedrill_model::event::{Entry, UndoState};
use firedrill_model::id::WorldId;
use firedrill_model::request::{WorldRequest, request_for};
use firedrill_model::world::{Contact, Key};

use super::Drill;
use super::standing::Standing;

impl Drill {
    /// Says whether a world takes part.
    #[must_use]
    pub fn has_world(&self, world: &WorldId) -> bool {
        self.worlds.attached.contains_key(world)
    }

    /// The first world that goes its own pace: the drill clock can't be hurried, stopped or skipped while it takes part.
    #[must_use]
    pub(crate) fn unhurried_world(&self) -> Option<&WorldId> {
        self.worlds.attached.iter().find(|(_, world)| !world.can.hurry).map(|(id, _)| id)
    }

    /// What became of the connection to a world, if anything did.
    #[must_use]
    pub fn contact(&self, world: &WorldId) -> Option<Contact> {
        self.worlds.attached.get(world)?.contact
    }

    /// Observations of a world that are recorded.
    #[must_use]
    pub fn observed(&self, world: &WorldId) -> u64 {
        self.worlds.said.get(world).map_or(0, |said| said.count)
    }

    /// Says whether an observation with this name is recorded.
    #[must_use]
    pub(crate) fn has_observed(&self, world: &WorldId, key: &Key) -> bool {
        self.worlds.said.get(world).is_some_and(|said| match key {
            Key::Number(number) => *number < said.count,
            Key::Name(_) => said.keys.contains(key),
        })
    }

    /// How a world stands by what it said.
    #[must_use]
    pub fn standing(&self, world: &WorldId) -> Option<&Standing> {
        self.worlds.said.get(world).map(|said| &said.standing)
    }

    /// Worlds that can undo, and have something that isn't undone for certain.
    pub(crate) fn worlds_to_revert(&self) -> impl Iterator<Item = &WorldId> {
        let open = |state: UndoState| match state {
            UndoState::Planned | UndoState::Reverted => false,
            UndoState::Armed
            | UndoState::Firing
            | UndoState::Active
            | UndoState::Reverting
            | UndoState::RevertFailed
            | UndoState::Orphaned => true,
        };
        let worlds =
            self.worlds.attached.iter().filter(move |(_, world)| world.can.undo && world.undo.is_some_and(open));
        worlds.map(|(id, _)| id)
    }

    /// What a recorded entry asks of which world. The one table by which what happens in one world, or is said by people, reaches
    /// another: worlds never talk.
    #[must_use]
    pub(crate) fn requests_of(&self, entry: &Entry) -> Vec<WorldRequest> {
        let Some(what) = request_for(&entry.event) else { return Vec::new() };
        let to = |world: &WorldId| WorldRequest { id: entry.seq, world: world.clone(), what: what.clone() };
        let attached = &self.worlds.attached;
        // Records of format 1 don't say which world takes part: there was one.
        if what == Request::Acknowledged && !self.scenario.channels.iter().any(|channel| channel.unless_acknowledged) {
            return Vec::new();
        }
        if attached.is_empty() {
            return if what.is_revert() { Vec::new() } else { [to(&WorldId::simulated())].into() };
        }
        match &what {
            // Nobody else has channels that ask for it.
            Request::FireFault | Request::Acknowledged => {
                attached.iter().filter(|(_, world)| world.owns.fault()).map(|(id, _)| to(id)).collect()
            }
            Request::Respond { target, .. } => {
                let able = attached.iter().filter(|(_, world)| world.can.respond);
                able.filter(|(_, world)| world.owns.target(target.as_ref())).map(|(id, _)| to(id)).take(1).collect()
            }
            Request::Revert => self.worlds_to_revert().map(to).collect(),
            // Asked by the engine for the world whose ledger it is.
            Request::Proceed(_) => Vec::new(),
        }
    }
}
