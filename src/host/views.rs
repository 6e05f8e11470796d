//! What the seats of a host see: a view each, folded from what the engine says may be handed to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use firedrill_core::projection::Fold;
use firedrill_core::projection::audience::{Viewer, fold};
use firedrill_core::rules::Drill;
use firedrill_model::event::Entry;
use firedrill_model::id::SeatId;
use firedrill_model::phase::Phase;
use firedrill_model::{Role, Scenario};

/// Views by seat.
pub(super) struct Views {
    scenario: Arc<Scenario>,
    seed: u64,
    /// The seat of whoever sits at this terminal.
    own: SeatId,
    own_view: Fold,
    others: BTreeMap<SeatId, Fold>,
}

impl Views {
    /// Nobody has been handed anything.
    pub fn new(scenario: Arc<Scenario>, seed: u64, own: SeatId) -> Self {
        let own_view = fold(Arc::clone(&scenario), &[], &Viewer::Seat(own.clone(), Role::Observer));
        Self { scenario, seed, own, own_view, others: BTreeMap::new() }
    }

    /// The seat of whoever sits at this terminal.
    pub fn seat(&self) -> &SeatId {
        &self.own
    }

    /// Whoever sits at this terminal takes another seat, and has been handed nothing there yet.
    pub fn sit_down(&mut self, seat: SeatId) {
        let nothing = fold(Arc::clone(&self.scenario), &[], &Viewer::Seat(seat.clone(), Role::Observer));
        let before = std::mem::replace(&mut self.own_view, nothing);
        self.others.insert(std::mem::replace(&mut self.own, seat), before);
    }

    /// What whoever sits at this terminal sees.
    pub fn own(&self) -> &Fold {
        &self.own_view
    }

    /// What a seat sees, if it is one of this host's.
    pub fn of(&self, seat: &SeatId) -> Option<&Fold> {
        if *seat == self.own { Some(&self.own_view) } else { self.others.get(seat) }
    }

    /// Hands an entry to a seat.
    pub fn deliver(&mut self, seat: &SeatId, entry: &Entry) {
        let view = if *seat == self.own { Some(&mut self.own_view) } else { self.others.get_mut(seat) };
        if let Some(view) = view {
            view.apply(entry);
        }
    }

    /// Gives a seat its log anew. From Verify on everything is open to everyone, the seed as well.
    pub fn open(&mut self, seat: &SeatId, drill: &Drill, entries: &[Entry]) {
        let viewer = Viewer::Seat(seat.clone(), drill.role(seat).unwrap_or(Role::Observer));
        let mut view = fold(Arc::clone(&self.scenario), entries, &viewer);
        if drill.phase() >= Phase::Verify {
            view.seed = self.seed;
        }
        if *seat == self.own {
            self.own_view = view;
        } else {
            self.others.insert(seat.clone(), view);
        }
    }
}
