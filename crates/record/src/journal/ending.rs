//! The end of a record, and what stands behind it.

use super::content::Content;
use firedrill_model::event::{Entry, Event};
use firedrill_model::{DrillTime, Phase, SafeText};

/// That a drill was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ending {
    /// Where the drill clock stopped.
    at: DrillTime,
}

/// An entry that has no place behind the end of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Its number.
    pub seq: u64,
    /// The name of its kind.
    pub kind: SafeText,
}

impl Ending {
    /// The end that a line brings, if it is the close.
    pub fn of(content: &Content) -> Option<Self> {
        match content {
            Content::Entry(entry) => Self::of_entry(entry),
            Content::Unknown(_) => None,
        }
    }

    /// The end that an entry brings, if it is the close.
    pub fn of_entry(entry: &Entry) -> Option<Self> {
        let Event::Drill(event) = &entry.event else { return None };
        (event.begins() == Some(Phase::Closed)).then_some(Self { at: entry.at })
    }

    /// Says whether this may stand behind the end. What this program doesn't know may not: nobody decided that it changes nothing.
    pub fn admits(self, content: &Content) -> bool {
        match content {
            Content::Entry(entry) => self.admits_entry(entry),
            Content::Unknown(_) => false,
        }
    }

    /// Says whether this entry may stand behind the end.
    pub fn admits_entry(self, entry: &Entry) -> bool {
        entry.at == self.at && entry.event.may_follow_the_end()
    }
}
