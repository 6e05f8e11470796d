//! The worlds that take part, as data: what each can do, what is its, and what it has said.

use alloc::collections::{BTreeMap, BTreeSet};

use firedrill_model::Author;
use firedrill_model::event::{Entry, UndoState, WorldEvent};
use firedrill_model::id::WorldId;
use firedrill_model::world::{Capabilities, Contact, Key, Owns};

use super::standing::Standing;

/// A world that takes part.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attached {
    pub can: Capabilities,
    pub owns: Owns,
    /// What became of the connection to it, if anything did.
    pub contact: Option<Contact>,
    /// How its undo stands, where it has one.
    pub undo: Option<UndoState>,
}

/// What a world has said so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Said {
    /// How many observations of it are recorded; restated facts are none.
    pub count: u64,
    /// Names of those that a pushed world reported.
    pub keys: BTreeSet<Key>,
    /// How it stands by them.
    pub standing: Standing,
}

/// Worlds by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Worlds {
    pub attached: BTreeMap<WorldId, Attached>,
    pub said: BTreeMap<WorldId, Said>,
}

impl Worlds {
    pub fn attach(&mut self, world: &WorldId, can: Capabilities, owns: Owns) {
        self.attached.insert(world.clone(), Attached { can, owns, contact: None, undo: None });
    }

    pub fn contact(&mut self, world: &WorldId, contact: Contact) {
        if let Some(world) = self.attached.get_mut(world) {
            world.contact = Some(contact);
        }
    }

    /// Folds in what a world said.
    pub fn apply(&mut self, entry: &Entry, event: &WorldEvent) {
        let Author::World(id) = &entry.by else { return };
        if let (WorldEvent::Undo { state }, Some(world)) = (event, self.attached.get_mut(id)) {
            world.undo = Some(*state);
        }
        let said = self.said.entry(id.clone()).or_default();
        said.count += u64::from(!matches!(event, WorldEvent::Restated { .. }));
        // The numbers of a clocked world are dense: counting them is knowing them.
        if let Some(Key::Name(_)) = entry.source.as_ref().map(|source| &source.key) {
            said.keys.extend(entry.source.as_ref().map(|source| source.key.clone()));
        }
        said.standing.apply(event);
    }
}
