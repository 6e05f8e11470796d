//! What people observed once the drill was over: notes and bookmarks on moments of it. They are kept apart from what was said in the
//! drill, so that no measure reads them.

use super::View;
use super::apply::MAX_ROWS;
use super::happened::Deed;
use super::view::{LaterNote, Stamp};
use firedrill_model::{DrillTime, Sealed};

impl View {
    pub(super) fn noted_later(&mut self, stamp: Stamp, words: &Sealed) {
        if self.people.later.len() >= MAX_ROWS {
            self.dropped.other += 1;
            return;
        }
        let place = (stamp.at, stamp.seq);
        let place = self.people.later.partition_point(|note| (note.stamp.at, note.stamp.seq) <= place);
        self.people.later.insert(place, LaterNote { stamp, words: words.clone() });
        self.later_line(stamp, Deed::NotedLater.into(), words);
    }

    pub(super) fn bookmark(&mut self, at: DrillTime, on: bool) {
        if !on {
            self.people.bookmarks.remove(&at);
        } else if self.people.bookmarks.len() < MAX_ROWS {
            self.people.bookmarks.insert(at);
        } else {
            self.dropped.other += 1;
        }
    }
}
