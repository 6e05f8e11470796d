//! Entries that were appended and are not known to be durable, and what waits for them.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use firedrill_model::request::WorldRequest;

use super::{LONGEST_WAIT, MOST_WAITING};

/// An entry that may still be lost.
#[derive(Debug, Clone)]
pub(super) struct Undurable {
    /// Its number.
    pub seq: u64,
    /// When it was appended, in microseconds on the wall.
    pub since: u64,
    /// What it asks of worlds.
    pub asks: Vec<WorldRequest>,
}

/// All of them, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting {
    entries: VecDeque<Undurable>,
    /// Of those, how many ask something of a clocked world.
    holding: usize,
}

impl Waiting {
    /// Adds an entry. `holds`: it asks something of a clocked world, so that drill time stands until it is durable.
    pub fn push(&mut self, entry: Undurable, holds: bool) {
        self.holding += usize::from(holds);
        self.entries.push_back(entry);
    }

    /// Takes the oldest entry if its number is below `next`. `holds` says whether it asks something of a clocked world.
    pub fn take(&mut self, next: u64, holds: impl Fn(&WorldRequest) -> bool) -> Option<Undurable> {
        let entry = self.entries.pop_front_if(|entry| entry.seq < next)?;
        if entry.asks.iter().any(holds) {
            self.holding = self.holding.saturating_sub(1);
        }
        Some(entry)
    }

    /// One more thing that the entry asks of a pushed world.
    pub fn ask(&mut self, seq: u64, asked: WorldRequest) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.seq == seq) {
            entry.asks.push(asked);
        }
    }

    /// Says whether a request to a clocked world waits.
    pub fn holds_time(&self) -> bool {
        self.holding > 0
    }

    /// Says whether so much waits, or for so long, that nothing more is to be taken on.
    pub fn is_congested(&self, wall: u64) -> bool {
        let oldest = self.entries.front().map_or(0, |entry| wall.saturating_sub(entry.since));
        self.entries.len() > MOST_WAITING || oldest > LONGEST_WAIT
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}
