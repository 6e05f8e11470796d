//! Taking up a drill where it was cut off, and branching it anywhere.
//!
//! Rules, clock, seats and views come from the journal: no event is ever compared by its words. Each clocked world is played again from the
//! recorded requests. Where it is of the model that the record was made with, what it said up to the record's end is left out, and
//! what comes after is new. Where it is of another model, or doesn't stand where the record does, all that it said is left out, and
//! what stands otherwise is *restated*: folds set such a fact, without a mark, a landmark or a notification.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use firedrill_model::Occurrence;
use firedrill_model::event::{DrillEvent, Entry, Event, Fact, ModelChange, Recovered, WorldEvent};
use firedrill_model::id::WorldId;
use firedrill_model::{Author, DrillTime, Scenario};

use super::drive::Drive;
use super::repeats::Repeats;
use super::{ClockedWorld, Now, Output};
use crate::rules::standing::{Standing, Told};

/// What an earlier life of a drill left.
#[derive(Debug, Clone, Copy)]
pub struct Left<'a> {
    /// Its entries, all of them durable.
    pub entries: &'a [Entry],
    /// Number of the next entry: entries of kinds that this program doesn't know have numbers, too.
    pub next_seq: u64,
    /// The model of the clocked worlds that the record was begun with.
    pub model: u32,
}

/// A drill taken up again.
#[derive(Debug)]
pub struct Resumed<W> {
    /// It goes on from here.
    pub drive: Drive<W>,
    /// What to do first.
    pub outputs: Vec<Output>,
}

/// What a clocked world did while it was played again.
struct Played {
    world: WorldId,
    /// Since the last seam, repeats left out.
    said: Vec<Occurrence>,
    /// Entries that it has in the record since then.
    recorded: usize,
    /// How it stands by what it did.
    standing: Standing,
    repeats: Repeats,
    /// There was a seam: the record is of more than one model.
    has_seam: bool,
}

impl Played {
    fn new(world: WorldId) -> Self {
        let (standing, repeats) = (Standing::default(), Repeats::default());
        Self { world, said: Vec::new(), recorded: 0, standing, repeats, has_seam: false }
    }

    fn take(&mut self, occurrences: Vec<Occurrence>) {
        for occurrence in occurrences {
            if !self.repeats.is_one(&occurrence.event) {
                self.said.push(occurrence);
            }
        }
    }

    /// Everything before is of another model.
    fn begin_anew(&mut self, told: BTreeSet<Told>) {
        for occurrence in self.said.drain(..) {
            self.standing.apply(&occurrence.event);
        }
        (self.recorded, self.repeats, self.has_seam) = (0, Repeats::of(told), true);
    }

    /// What it did beyond the record's end, if it stands where the record does up to there.
    fn beyond(&self, record: &Standing) -> Option<Vec<Occurrence>> {
        let (known, new) = self.said.split_at_checked(self.recorded)?;
        let mut standing = self.standing.clone();
        for occurrence in known {
            standing.apply(&occurrence.event);
        }
        (self.has_seam || record.restated_as(&standing).is_empty()).then(|| new.to_vec())
    }

    fn whole(&self) -> Standing {
        let mut standing = self.standing.clone();
        for occurrence in &self.said {
            standing.apply(&occurrence.event);
        }
        standing
    }
}

impl<W: ClockedWorld> Drive<W> {
    /// Takes up a drill. `worlds` are as they were at its beginning, and of `model`; nothing is asked of anyone but them.
    #[must_use]
    pub fn resume(
        scenario: Arc<Scenario>,
        worlds: Vec<(WorldId, W)>,
        most: u64,
        (left, model, recovered): (Left<'_>, u32, Option<Recovered>),
        now: Now,
    ) -> Resumed<W> {
        let mut drive = Self::new(scenario, worlds, most);
        let played = drive.play_again(left.entries);
        drive.machine.number_from(left.next_seq);
        drive.machine.begin(now);
        drive.look_first(now);
        let was = recorded_model(&left);
        let (mut seam, mut beyond) = (Vec::new(), Vec::new());
        for (place, played) in played.iter().enumerate() {
            let record = drive.machine.drill.standing(&played.world).cloned().unwrap_or_default();
            match played.beyond(&record).filter(|_| was == model) {
                Some(new) => beyond.extend(new.into_iter().map(|occurrence| (place, occurrence))),
                None => seam.push((place, record.restated_as(&played.whole()), record.told())),
            }
        }
        let change = (!seam.is_empty()).then_some(ModelChange { was, now: model });
        drive.machine.say(DrillEvent::Resumed { recovered, model: change });
        for (place, facts, told) in seam {
            drive.restate(place, facts);
            drive.repeats.add(told);
        }
        beyond.sort_by_key(|(place, occurrence)| (occurrence.at, *place));
        drive.inbox.extend(beyond);
        drive.drain();
        drive.machine.settle();
        let outputs = drive.machine.outputs();
        Resumed { drive, outputs }
    }

    /// The drill as it stood when `entries` were all there was, to go on otherwise from there. The worlds must be of the model that the
    /// record was made with: compare only what was played under one model.
    #[must_use]
    pub fn branch(scenario: Arc<Scenario>, worlds: Vec<(WorldId, W)>, most: u64, entries: &[Entry]) -> Self {
        let mut drive = Self::new(scenario, worlds, most);
        let played = drive.play_again(entries);
        for (place, played) in played.into_iter().enumerate() {
            let new = played.said.into_iter().skip(played.recorded);
            drive.inbox.extend(new.map(|occurrence| (place, occurrence)));
        }
        drive
    }

    /// Folds the record and plays the clocked worlds again beside it.
    fn play_again(&mut self, entries: &[Entry]) -> Vec<Played> {
        let mut played: Vec<Played> = self.worlds.iter().map(|(id, _)| Played::new(id.clone())).collect();
        for entry in entries {
            self.machine.restore(entry);
            if let Event::Drill(DrillEvent::Resumed { model: Some(_), .. }) = &entry.event {
                self.come_up_to(entry.at, &mut played);
                for one in &mut played {
                    let told = self.machine.drill.standing(&one.world).map(Standing::told);
                    one.begin_anew(told.unwrap_or_default());
                }
            }
            if let (Author::World(id), false) = (&entry.by, is_restated(&entry.event)) {
                for one in played.iter_mut().filter(|one| one.world == *id) {
                    one.recorded += 1;
                }
            }
            for asked in self.machine.drill.requests_of(entry) {
                let Some(place) = self.worlds.iter().position(|(id, _)| *id == asked.world) else { continue };
                self.come_up_to(entry.at, &mut played);
                if let (Some((_, world)), Some(one)) = (self.worlds.get_mut(place), played.get_mut(place)) {
                    one.take(world.perform(&asked.what, entry.at));
                }
            }
        }
        if let Some(last) = entries.last() {
            self.come_up_to(last.at, &mut played);
        }
        played
    }

    fn come_up_to(&mut self, moment: DrillTime, played: &mut [Played]) {
        for ((_, world), one) in self.worlds.iter_mut().zip(played) {
            one.take(world.advance(moment));
        }
    }

    fn restate(&mut self, place: usize, facts: Vec<Fact>) {
        let Some(world) = self.worlds.get(place).map(|(id, _)| id.clone()) else { return };
        for fact in facts {
            self.machine.append(Author::World(world.clone()), None, Event::World(WorldEvent::Restated { fact }), None);
        }
        self.machine.settle();
    }
}

/// The model that the end of the record was made with.
fn recorded_model(left: &Left<'_>) -> u32 {
    let changed = |entry: &Entry| match &entry.event {
        Event::Drill(DrillEvent::Resumed { model: Some(change), .. }) => Some(change.now),
        _ => None,
    };
    left.entries.iter().rev().find_map(changed).unwrap_or(left.model)
}

fn is_restated(event: &Event) -> bool {
    matches!(event, Event::World(WorldEvent::Restated { .. }))
}
