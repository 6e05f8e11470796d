//! The end of a record, and what stands behind it.

use super::content::Content;
use firedrill_model::event::Event;
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
    /// The end that an entry brings, if it is the close.
    pub fn of(content: &Content) -> Option<Self> {
        let Content::Entry(entry) = content else { return None };
        let Event::Drill(event) = &entry.event else { return None };
        (event.begins() == Some(Phase::Closed)).then_some(Self { at: entry.at })
    }

    /// Says whether this may stand behind the end. What this program doesn't know may not: nobody decided that it changes nothing.
    pub fn admits(self, content: &Content) -> bool {
        match content {
            Content::Entry(entry) => entry.at == self.at && entry.event.may_follow_the_end(),
            Content::Unknown(_) => false,
        }
    }
}
