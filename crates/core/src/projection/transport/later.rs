//! What was observed once the drill was over, among what happened: each note and bookmark stands at the moment that it is about.

use alloc::collections::BTreeMap;

use super::Transport;
use firedrill_model::DrillTime;
use firedrill_model::command::LaterAsk;
use firedrill_model::{
    command::Intent,
    event::{Entry, Event, PeopleEvent},
};

/// The entries in the order in which a replay tells them, without the bookmarks that were taken off again.
pub(super) fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    if entries.iter().all(|entry| entry.event.about().is_none()) {
        return entries;
    }
    let mut standing = BTreeMap::new();
    for entry in &entries {
        match &entry.event {
            Event::People(PeopleEvent::Bookmarked { on: true, .. }) => {
                standing.entry(entry.moment()).or_insert(entry.seq);
            }
            Event::People(PeopleEvent::Bookmarked { on: false, .. }) => {
                standing.remove(&entry.moment());
            }
            _ => {}
        }
    }
    entries.retain(|entry| !is_bookmark(&entry.event) || standing.get(&entry.moment()) == Some(&entry.seq));
    // Of one moment, what happened comes before what was observed later: it has the lower numbers.
    entries.sort_unstable_by_key(|entry| (entry.moment(), entry.seq));
    entries
}

fn is_bookmark(event: &Event) -> bool {
    matches!(event, Event::People(PeopleEvent::Bookmarked { .. }))
}

impl Transport {
    /// What is to be asked for a bookmark at the cursor, or for the one there to be taken off.
    #[must_use]
    pub fn bookmark_here(&self) -> Intent {
        Intent::Later(self.now, LaterAsk::Bookmark(self.bookmark_at(self.now).is_none()))
    }

    /// Where the bookmark at a moment stands among the entries.
    fn bookmark_at(&self, at: DrillTime) -> Option<usize> {
        let from = self.entries.partition_point(|one| one.moment() < at);
        let mut same = self.entries.iter().skip(from).take_while(|one| one.moment() == at);
        same.position(|one| is_bookmark(&one.event)).map(|place| from + place)
    }

    /// Takes in what was observed just now, at the moment that it is about. The cursor stays where it is, or goes to the end of its
    /// moment, so that what is new is seen. Anything else is passed over: a replay tells what was read.
    pub fn observe(&mut self, entry: &Entry) {
        let at = entry.moment();
        let place = self.entries.partition_point(|one| (one.moment(), one.seq) <= (at, entry.seq));
        match (&entry.event, self.bookmark_at(at)) {
            (Event::People(PeopleEvent::Bookmarked { on: false, .. }), Some(place)) => self.leave_out(place, entry),
            (Event::People(PeopleEvent::Bookmarked { on: true, .. }), None)
            | (Event::People(PeopleEvent::NotedLater { .. }), _) => self.insert(place, entry),
            _ => {}
        }
    }

    fn insert(&mut self, place: usize, entry: &Entry) {
        for reel in core::iter::once(&mut self.everything).chain(&mut self.own) {
            reel.insert(place, entry);
        }
        self.opened += usize::from(place < self.opened);
        let (at, now) = (entry.moment(), self.now);
        self.entries.insert(place, entry.clone());
        if place < self.cursor {
            self.cursor += 1;
            if self.is_visible(entry) {
                self.view.apply(entry);
            }
        }
        if place >= self.cursor && at <= now {
            self.go(place + 1);
            self.now = now;
        }
    }

    fn leave_out(&mut self, place: usize, off: &Entry) {
        for reel in core::iter::once(&mut self.everything).chain(&mut self.own) {
            reel.remove(place, off);
        }
        self.entries.remove(place);
        self.opened -= usize::from(place < self.opened);
        if place < self.cursor {
            self.cursor -= 1;
            if self.is_visible(off) {
                self.view.apply(off);
            }
        }
    }
}
