//! The entries of a drill under way: what is on disk, what is on its way there, and who writes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::clock::WATCH;
use chrono::{DateTime, Utc};
use firedrill_model::event::{Entry, Recovered};
use firedrill_record::store::{RecordNews, RecordState, Recorder, StoreFault};

/// Says that the record's writer has something to say. It must not block.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Entries and their recorder.
pub(super) struct Log {
    pub recorder: Recorder,
    /// All entries that are on disk.
    pub entries: Vec<Entry>,
    /// Entries that the recorder has been given and that are not known to be on disk: nobody has seen them.
    pub unseen: VecDeque<Entry>,
    /// Why the summary, a cache that readers may do without, was not written.
    pub summary_fault: Option<StoreFault>,
    /// How long ago the place of writing was looked at.
    unwatched: Duration,
}

/// What an earlier life of a drill left on disk.
pub(super) struct Earliest {
    pub entries: Vec<Entry>,
    pub next_seq: u64,
    pub recovered: Option<Recovered>,
}

/// What the recorder said, for the engine.
pub(super) enum Said {
    /// All entries below this number are on disk.
    Stored(u64),
    /// Whether it can write.
    Recording(bool),
}

impl Log {
    /// Nothing yet, or what an earlier life left.
    pub fn new(recorder: Recorder, entries: Vec<Entry>) -> Self {
        Self { recorder, entries, unseen: VecDeque::new(), summary_fault: None, unwatched: Duration::ZERO }
    }

    /// Hands an entry to the recorder.
    pub fn append(&mut self, entry: Entry) {
        self.recorder.append(&entry);
        self.unseen.push_back(entry);
    }

    /// All entries from number `seq` on, also those that are not yet known to be on disk.
    pub fn from(&self, seq: u64) -> impl Iterator<Item = &Entry> {
        let stored = self.entries.iter().skip(self.below(seq));
        stored.chain(self.unseen.iter().filter(move |entry| entry.seq >= seq))
    }

    /// How many of the stored entries have a number below `seq`.
    pub fn below(&self, seq: u64) -> usize {
        self.entries.partition_point(|entry| entry.seq < seq)
    }

    /// Time goes by on the wall: each second the place of writing is looked at, whatever happens in the drill.
    pub fn watch(&mut self, wall: Duration) {
        self.unwatched = self.unwatched.saturating_add(wall);
        if self.unwatched >= WATCH && self.is_recording() {
            self.unwatched = Duration::ZERO;
            self.recorder.look();
        }
    }

    /// UTC of the newest entry.
    pub fn last_utc(&self) -> DateTime<Utc> {
        self.unseen.back().or(self.entries.last()).map_or(DateTime::UNIX_EPOCH, |entry| entry.utc)
    }

    /// Says whether what happens reaches the disk.
    pub fn is_recording(&self) -> bool {
        !matches!(self.recorder.state(), RecordState::NotRecording { .. })
    }

    /// Hands what waits to the recorder; where that could not write, once more.
    pub fn flush(&mut self) {
        if self.is_recording() {
            self.recorder.flush();
        } else {
            self.recorder.retry();
        }
    }

    /// What the recorder has to say: for the engine, in order, and why it can't write, if it can't.
    pub fn news(&mut self) -> (Vec<Said>, Option<StoreFault>) {
        let (mut said, mut failed) = (Vec::new(), None);
        for news in self.recorder.poll() {
            match news {
                RecordNews::Stored { next } => {
                    while let Some(entry) = self.unseen.pop_front_if(|entry| entry.seq < next) {
                        self.entries.push(entry);
                    }
                    said.push(Said::Stored(next));
                }
                RecordNews::Failed { fault } => failed = Some(fault),
                RecordNews::Recording(state) => {
                    said.push(Said::Recording(!matches!(state, RecordState::NotRecording { .. })));
                }
                RecordNews::SummaryFailed { fault } => self.summary_fault = Some(fault),
            }
        }
        (said, failed)
    }
}
