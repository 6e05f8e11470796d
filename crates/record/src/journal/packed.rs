//! The entries of a record, kept small: columns of what all have, the JSON of their events, and each log record once.
//!
//! A million parsed entries take half a gigabyte. Here an entry takes 40 bytes and its event's JSON, and is read whenever it is told.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::quick;
use firedrill_model::event::{Entry, Event, WorldEvent};
use firedrill_model::world::{Key, Source};
use firedrill_model::{Audience, Author, DrillTime, LogRecord};

/// Entries of a block.
const BLOCK: usize = 1_024;
/// Different authors and audiences that have a number.
const MOST_NAMES: usize = 1_000;
/// Stands for an entry without a source.
const NO_SOURCE: u32 = u32::MAX;
/// What reading an entry again costs, in about nanoseconds: itself, each byte of its event, and folding it in.
const COST: u32 = 350;

/// The entries of a record that is whole, by their numbers.
#[derive(Debug, Default)]
pub struct Packed {
    blocks: Vec<Block>,
    authors: Vec<Author>,
    audiences: Vec<Audience>,
    /// Those that columns don't hold: of another source than one that counts, or with a moment that isn't that of the entry.
    whole: BTreeMap<usize, Entry>,
    count: usize,
}

#[derive(Debug, Default)]
struct Block {
    heads: Vec<Head>,
    /// The events' JSON, one after the other.
    events: Vec<u8>,
    logs: Vec<Arc<LogRecord>>,
}

#[derive(Debug, Clone, Copy)]
struct Head {
    at: DrillTime,
    utc: DateTime<Utc>,
    by: u16,
    to: u16,
    /// The source's own name for it; [`NO_SOURCE`] where it has none.
    key: u32,
    what: What,
}

/// Where the event is.
#[derive(Debug, Clone, Copy)]
enum What {
    /// At these bytes of the block's events.
    Json(u32, u32),
    /// In this place among the block's log records.
    Log(u32),
    /// With the whole entry.
    Whole,
}

impl Packed {
    /// How many entries there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Takes the next entry, with its event's JSON as it stands between its braces. Says no where it can't: there are too many names.
    pub(crate) fn push(&mut self, entry: Entry, event: &[u8]) -> Option<()> {
        let (by, to) = (number(&mut self.authors, &entry.by)?, number(&mut self.audiences, &entry.to)?);
        let key = key_of(entry.source.as_deref());
        let is_plain = key.is_some() && entry.event.about().is_none();
        let key = key.unwrap_or(NO_SOURCE);
        let (at, utc) = (entry.at, entry.utc);
        if self.blocks.last().is_none_or(|block| block.heads.len() == BLOCK) {
            if let Some(full) = self.blocks.last_mut() {
                full.events.shrink_to_fit();
                full.logs.shrink_to_fit();
            }
            let events = Vec::with_capacity(self.blocks.last().map_or(0, |block| block.events.len()));
            self.blocks.push(Block { heads: Vec::with_capacity(BLOCK), events, logs: Vec::new() });
        }
        let block = self.blocks.last_mut()?;
        let what = match entry.event {
            _ if !is_plain => {
                self.whole.insert(self.count, entry);
                What::Whole
            }
            Event::World(WorldEvent::Logged { record }) => {
                block.logs.push(record);
                What::Log(u32::try_from(block.logs.len() - 1).ok()?)
            }
            Event::World(_) | Event::Drill(_) | Event::People(_) => {
                let from = u32::try_from(block.events.len()).ok()?;
                block.events.push(b'{');
                block.events.extend_from_slice(event);
                block.events.push(b'}');
                What::Json(from, u32::try_from(block.events.len()).ok()?)
            }
        };
        block.heads.push(Head { at, utc, by, to, key, what });
        self.count += 1;
        Some(())
    }

    /// The moment of an entry; the beginning where there is none.
    #[must_use]
    pub fn moment(&self, place: usize) -> DrillTime {
        match self.head(place) {
            Some((_, Head { what: What::Whole, .. })) => self.whole.get(&place).map_or(DrillTime::ZERO, Entry::moment),
            Some((_, head)) => head.at,
            None => DrillTime::ZERO,
        }
    }

    /// What it costs to read an entry and to fold it, in about nanoseconds.
    #[must_use]
    pub fn cost(&self, place: usize) -> u32 {
        match self.head(place).map(|(_, head)| head.what) {
            Some(What::Json(from, to)) => cost_of_json(to.saturating_sub(from)),
            Some(What::Log(_) | What::Whole) | None => COST,
        }
    }

    /// The same for an event whose JSON takes so many bytes.
    pub(crate) fn cost_of(event: &Event, bytes: usize) -> u32 {
        match event {
            Event::World(WorldEvent::Logged { .. }) => COST,
            Event::World(_) | Event::Drill(_) | Event::People(_) => {
                cost_of_json(u32::try_from(bytes).unwrap_or(u32::MAX))
            }
        }
    }

    /// Tells the entries at these places in order, as long as `tell` says true.
    pub fn read(&self, places: Range<usize>, tell: &mut dyn FnMut(&Entry) -> bool) {
        let mut scratch: Option<(Head, Entry)> = None;
        for place in places.start..places.end.min(self.count) {
            if let Some(entry) = self.whole.get(&place) {
                if !tell(entry) {
                    return;
                }
                continue;
            }
            let Some((block, head)) = self.head(place) else { return };
            let Some(event) = block.event(head) else { return };
            let known = scratch.take().filter(|(before, _)| (before.by, before.to) == (head.by, head.to));
            let names = known.map(|(_, Entry { by, to, .. })| (by, to)).or_else(|| self.names(head));
            let Some((by, to)) = names else { return };
            let (at, utc, source) = (head.at, head.utc, source_of(head.key));
            let entry = Entry { seq: place as u64, at, utc, by, to, source, event };
            if !tell(&entry) {
                return;
            }
            scratch = Some((head, entry));
        }
    }

    fn names(&self, head: Head) -> Option<(Author, Audience)> {
        Some((self.authors.get(usize::from(head.by))?.clone(), self.audiences.get(usize::from(head.to))?.clone()))
    }

    fn head(&self, place: usize) -> Option<(&Block, Head)> {
        let block = self.blocks.get(place / BLOCK)?;
        Some((block, *block.heads.get(place % BLOCK)?))
    }
}

impl Block {
    fn event(&self, head: Head) -> Option<Event> {
        match head.what {
            What::Json(from, to) => quick::event(self.events.get(from as usize..to as usize)?),
            What::Log(at) => {
                let record = Arc::clone(self.logs.get(at as usize)?);
                Some(Event::World(WorldEvent::Logged { record }))
            }
            What::Whole => None,
        }
    }
}

/// The name that a source which counts has for an entry. Nothing where columns can't hold what there is.
fn key_of(source: Option<&Source>) -> Option<u32> {
    match source {
        None => Some(NO_SOURCE),
        Some(Source { key: Key::Number(key), happened: None }) => {
            u32::try_from(*key).ok().filter(|key| *key != NO_SOURCE)
        }
        Some(_) => None,
    }
}

fn source_of(key: u32) -> Option<Box<Source>> {
    let source = || Box::new(Source { key: Key::Number(key.into()), happened: None });
    (key != NO_SOURCE).then(source)
}

fn cost_of_json(bytes: u32) -> u32 {
    bytes.saturating_mul(2).saturating_add(COST)
}

/// The number of a name; the last ones come first to mind.
fn number<T: Clone + PartialEq>(names: &mut Vec<T>, name: &T) -> Option<u16> {
    let known = names.iter().position(|known| known == name);
    let place = match known {
        Some(place) => place,
        None if names.len() < MOST_NAMES => {
            names.push(name.clone());
            names.len() - 1
        }
        None => return None,
    };
    u16::try_from(place).ok()
}
