//! A replay while its record is read, entry by entry.

use alloc::sync::Arc;

use super::reel::Reel;
use super::tape::{Entries, Tape};
use super::{REAL_TIME, Transport};
use crate::projection::Fold;
use crate::projection::audience::{Viewer, opens_everything};
use crate::projection::moment::Zero;
use firedrill_model::DrillTime;
use firedrill_model::event::{ActionState, DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Scenario;

/// Entries among which the seats are looked for: they are taken at the beginning.
const BEGINNING: usize = 1_000;

/// A replay to be: it is shown each entry once, in the order of the record, and keeps none of them.
#[derive(Debug)]
pub struct Opening {
    scenario: Arc<Scenario>,
    everything: Reel,
    view: Fold,
    /// Entries so far.
    taken: usize,
    seats: Vec<Viewer>,
    /// Number of entries up to and including the one into Verify.
    opened: Option<usize>,
    /// When the experiment began.
    experiment: Option<DrillTime>,
    /// When something of the incident last reached the team.
    told: Option<DrillTime>,
    /// What was observed later, with its places.
    later: Vec<(usize, Entry)>,
}

impl Opening {
    /// Before the first entry.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        Self {
            view: Viewer::Everything.fold(Arc::clone(&scenario)),
            scenario,
            everything: Reel::new(Viewer::Everything),
            taken: 0,
            seats: Vec::new(),
            opened: None,
            experiment: None,
            told: None,
            later: Vec::new(),
        }
    }

    /// Takes the next entry. `cost` is what it will cost to read and fold it again, in about nanoseconds.
    pub fn take(&mut self, entry: &Entry, cost: u32) {
        let place = self.taken;
        self.taken += 1;
        if entry.event.about().is_some() {
            self.later.push((place, entry.clone()));
            return;
        }
        self.everything.take(&mut self.view, entry, cost);
        if self.opened.is_none() && opens_everything(entry) {
            self.opened = Some(self.everything.len());
        }
        if tells(&entry.event) {
            self.told = self.told.max(Some(entry.moment()));
        }
        let Event::Drill(event) = &entry.event else { return };
        if self.experiment.is_none() && event.begins() == Some(Phase::Experiment) {
            self.experiment = Some(entry.moment());
        }
        if let (DrillEvent::SeatTaken { seat, role, .. }, true) = (event, place < BEGINNING) {
            let seat = Viewer::Seat(seat.clone(), *role);
            if !self.seats.contains(&seat) {
                self.seats.push(seat);
            }
        }
    }

    /// The replay of what was taken, all of which is on `tape`; it stands paused before the first entry. While a drill isn't `over`, there
    /// is no view of everything: somebody who takes part could look. `fallback` is the viewer where the record names no seat.
    #[must_use]
    pub fn done(mut self, tape: Arc<dyn Tape>, over: bool, fallback: Viewer) -> Transport {
        let places: Vec<usize> = self.later.iter().map(|(place, _)| *place).collect();
        let entries = Entries::without(tape, &places);
        let mut viewers = core::mem::take(&mut self.seats);
        if over {
            viewers.insert(0, Viewer::Everything);
        } else if viewers.is_empty() {
            viewers.push(fallback);
        }
        let first = viewers.first().cloned().unwrap_or(Viewer::Everything);
        let blank = Fold::of_seat(Arc::new(self.scenario.brief()));
        let mut transport = Transport {
            zero: self.zero(),
            world: self.view.view().world_kind(),
            opens: self.opened.is_some(),
            opened: self.opened.unwrap_or(entries.len()),
            entries,
            scenario: self.scenario,
            view: blank.clone(),
            blank,
            viewers,
            viewer: Viewer::Everything,
            everything: self.everything.ended(self.view),
            own: None,
            cursor: 0,
            now: DrillTime::ZERO,
            playing: false,
            speed: REAL_TIME,
        };
        transport.look_as(first);
        for (_, entry) in &self.later {
            transport.observe(entry);
        }
        transport.go(0);
        transport
    }

    fn zero(&self) -> Zero {
        let fault = self.everything.fault();
        // In a drill that isn't over: where something of it has reached the team since.
        let is_known = |fault: &DrillTime| self.opened.is_some() || self.told.is_some_and(|told| told >= *fault);
        match (fault.filter(is_known), self.experiment) {
            (Some(fault), _) => Zero::Fault(fault),
            (None, Some(began)) => Zero::Experiment(began),
            (None, None) => Zero::Drill,
        }
    }
}

/// Something of the incident reaches the team.
fn tells(event: &Event) -> bool {
    match event {
        Event::Drill(DrillEvent::InjectDelivered { .. })
        | Event::People(PeopleEvent::Acknowledged { .. })
        | Event::World(WorldEvent::Notified { .. }) => true,
        Event::World(WorldEvent::Action(event)) => match &event.state {
            ActionState::Done { results } => results.iter().any(|result| !result.findings().is_empty()),
            ActionState::Started { .. } | ActionState::Unknown { .. } => false,
        },
        Event::Drill(_) | Event::People(_) | Event::World(_) => false,
    }
}
