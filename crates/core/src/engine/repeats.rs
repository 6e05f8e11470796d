//! What a world of another model may say once more.

use alloc::collections::BTreeSet;

use firedrill_model::event::WorldEvent;

use crate::rules::standing::{self, Told};

/// Notifications that a world of another model may make again. Each is left out once.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats(BTreeSet<Told>);

impl Repeats {
    /// These.
    pub fn of(told: BTreeSet<Told>) -> Self {
        Self(told)
    }

    /// These as well.
    pub fn add(&mut self, told: BTreeSet<Told>) {
        self.0.extend(told);
    }

    /// Says whether an event tells what was told before the seam, and forgets it.
    pub fn is_one(&mut self, event: &WorldEvent) -> bool {
        match event {
            WorldEvent::Notified { channel, finding } => self.0.remove(&standing::told(channel, finding)),
            _ => false,
        }
    }
}
