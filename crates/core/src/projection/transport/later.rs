//! What was observed once the drill was over, among what happened: each note and bookmark stands at the moment that it is about, after all
//! that happened by then.

use super::Transport;
use firedrill_model::command::LaterAsk;
use firedrill_model::{
    command::Intent,
    event::{Entry, Event, PeopleEvent},
};

impl Transport {
    /// What is to be asked for a bookmark at the cursor, or for the one there to be taken off.
    #[must_use]
    pub fn bookmark_here(&self) -> Intent {
        Intent::Later(self.now, LaterAsk::Bookmark(self.everything.bookmark(self.now).is_none()))
    }

    /// Takes in what was observed just now, at the moment that it is about. The cursor stays where it is, or goes to the end of its
    /// moment, so that what is new is seen. Anything else is passed over: a replay tells what was read.
    pub fn observe(&mut self, entry: &Entry) {
        let at = entry.moment();
        let place = self.entries.until(|moment| moment <= at);
        match (&entry.event, self.everything.bookmark(at)) {
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
