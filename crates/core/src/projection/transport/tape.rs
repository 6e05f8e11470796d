//! The entries of a record as a replay reads them.

use alloc::sync::Arc;
use core::fmt;
use core::ops::Range;

use firedrill_model::DrillTime;
use firedrill_model::event::Entry;

/// What it costs to fold an entry that is held, in about nanoseconds.
const COST: u32 = 500;

/// The entries of a record in the order of their numbers: held as they are, or kept smaller and read whenever they are told.
pub trait Tape: fmt::Debug + Send + Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// The moment of the entry at a place; the beginning where there is none.
    fn moment(&self, place: usize) -> DrillTime;

    /// What it costs to read and fold the entry at a place, in about nanoseconds. Keyframes are placed by it.
    fn cost(&self, place: usize) -> u32;

    /// Tells the entries at these places in order, as long as `tell` says true.
    fn read(&self, places: Range<usize>, tell: &mut dyn FnMut(&Entry) -> bool);
}

impl Tape for Vec<Entry> {
    fn count(&self) -> usize {
        self.len()
    }

    fn moment(&self, place: usize) -> DrillTime {
        self.get(place).map_or(DrillTime::ZERO, Entry::moment)
    }

    fn cost(&self, _: usize) -> u32 {
        COST
    }

    fn read(&self, places: Range<usize>, tell: &mut dyn FnMut(&Entry) -> bool) {
        self.get(places).unwrap_or_default().iter().all(tell);
    }
}

/// A tape in the order in which a replay tells it: what was observed later stands at the moment that it is about.
#[derive(Debug, Clone)]
pub(super) struct Entries {
    tape: Arc<dyn Tape>,
    /// What was observed later.
    later: Vec<Entry>,
    /// Where each is: on the tape, or behind its end in `later`. Nothing as long as all is told as the tape has it.
    order: Option<Vec<u32>>,
}

impl Entries {
    /// All of a tape but what stands at these places.
    pub fn without(tape: Arc<dyn Tape>, places: &[usize]) -> Self {
        let mut entries = Self { tape, later: Vec::new(), order: None };
        if !places.is_empty() {
            entries.order().retain(|place| places.binary_search(&(*place as usize)).is_err());
        }
        entries
    }

    pub fn len(&self) -> usize {
        self.order.as_ref().map_or_else(|| self.tape.count(), Vec::len)
    }

    /// Where the entry at a place is.
    fn slot(&self, place: usize) -> usize {
        self.order.as_ref().map_or(place, |order| order.get(place).map_or(usize::MAX, |slot| *slot as usize))
    }

    pub fn moment(&self, place: usize) -> Option<DrillTime> {
        let (slot, taped) = (self.slot(place), self.tape.count());
        if slot < taped {
            return Some(self.tape.moment(slot));
        }
        self.later.get(slot - taped).map(Entry::moment)
    }

    pub fn get(&self, place: usize) -> Option<Entry> {
        let mut found = None;
        self.read(place..place.saturating_add(1), &mut |entry| {
            found = Some(entry.clone());
            false
        });
        found
    }

    /// What it costs to read and fold the entry at a place.
    pub fn cost(&self, place: usize) -> u32 {
        let slot = self.slot(place);
        if slot < self.tape.count() { self.tape.cost(slot) } else { COST }
    }

    /// Tells the entries at these places in order, as long as `tell` says true.
    pub fn read(&self, places: Range<usize>, tell: &mut dyn FnMut(&Entry) -> bool) {
        let taped = self.tape.count();
        let Some(order) = &self.order else {
            return self.tape.read(places.start..places.end.min(taped), tell);
        };
        let mut rest = order.get(places.start..places.end.min(order.len())).unwrap_or_default();
        let mut going = true;
        while let Some(first) = rest.first().map(|slot| *slot as usize).filter(|_| going) {
            if let Some(entry) = first.checked_sub(taped).and_then(|at| self.later.get(at)) {
                going = tell(entry);
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let in_a_row = rest.iter().enumerate().take_while(|(at, slot)| **slot as usize == first + at);
            let run = in_a_row.count().min(taped - first);
            self.tape.read(first..first + run, &mut |entry| {
                going = tell(entry);
                going
            });
            rest = rest.get(run..).unwrap_or_default();
        }
    }

    /// How many are of a moment of which `is_before` is true. They are in the order of their moments.
    pub fn until(&self, is_before: impl Fn(DrillTime) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.moment(middle).is_some_and(&is_before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub fn insert(&mut self, place: usize, entry: Entry) {
        let slot = self.tape.count() + self.later.len();
        self.later.push(entry);
        let order = self.order();
        order.insert(place.min(order.len()), number(slot));
    }

    pub fn remove(&mut self, place: usize) {
        let order = self.order();
        if place < order.len() {
            order.remove(place);
        }
    }

    fn order(&mut self) -> &mut Vec<u32> {
        let taped = self.tape.count();
        self.order.get_or_insert_with(|| (0..number(taped)).collect())
    }
}

/// A place in a smaller form: no record that can be read has as many entries as this holds.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
