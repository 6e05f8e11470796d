//! What a record proves, as plain data.

use std::collections::BTreeMap;

use super::load::Loaded;
use crate::journal::words::WordsProof;
use crate::journal::{Added, Digest, LeftOut, SegmentUse, Verdict, spoken};
use firedrill_model::Shown;
use firedrill_model::event::Entry;
use firedrill_model::id::DrillId;

/// What is proven of a record, and what isn't.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The drill, as the record calls itself.
    pub drill: DrillId,
    /// Whole, torn or corrupt.
    pub verdict: Verdict,
    /// Entries that verify, with those of unknown kinds.
    pub entries: u64,
    /// The files that the record is made of.
    pub segments: Vec<SegmentUse>,
    /// Files that look like parts of it and aren't.
    pub left_out: Vec<LeftOut>,
    /// Entries behind the end that have no place there.
    pub added: Vec<Added>,
    /// Hash of the last entry that verifies.
    pub head: Digest,
    /// The same as twelve words. Cutting lines off the end changes nothing but these: compare them with what was read out.
    pub head_words: Shown,
    /// Those among them that were written later and may be: notes, bookmarks, and what was erased.
    pub later: u64,
    /// How many entries there were when the drill was closed, if more were added since: the words that were read out then are those of that
    /// head.
    pub closed_with: Option<u64>,
    /// Whether `scenario.toml` is what was run.
    pub scenario_matches: bool,
    /// Whether there is one at all.
    pub scenario_there: bool,
    /// Texts and names against their seals.
    pub words: WordsProof,
    /// Entries of kinds that this program doesn't know.
    pub unknown: BTreeMap<String, u64>,
}

/// How a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is what was written, whole.
    Whole,
    /// What was written is whole, and something was added to it that has no place there. Nothing of that is told of the drill.
    AddedTo,
    /// Something of it was changed or is gone.
    Changed,
}

impl Proof {
    /// How the record stands. Erased texts don't count against it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let words = &self.words;
        let changed = self.verdict != Verdict::Whole
            || !self.scenario_matches
            || !words.altered.is_empty()
            || !words.missing.is_empty();
        match (changed, self.is_added_to()) {
            (true, _) => Standing::Changed,
            (false, true) => Standing::AddedTo,
            (false, false) => Standing::Whole,
        }
    }

    /// Says whether something stands in the record's files that has no place there.
    #[must_use]
    pub fn is_added_to(&self) -> bool {
        !self.added.is_empty() || self.left_out.iter().any(|file| !file.says_nothing_new)
    }

    /// Says whether nothing was changed, and nothing added that has no place there.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.standing() == Standing::Whole
    }
}

/// Sums up what a loaded record proves.
#[must_use]
pub fn verify(loaded: &Loaded) -> Proof {
    let is_later = |entry: &&Entry| loaded.closed_with.is_some_and(|closed| entry.seq >= closed);
    Proof {
        drill: loaded.header.drill.clone(),
        verdict: loaded.verdict.clone(),
        entries: loaded.next,
        segments: loaded.segments.clone(),
        left_out: loaded.left_out.clone(),
        added: loaded.added.clone(),
        head: loaded.head,
        head_words: spoken::head_words(&loaded.head),
        later: loaded.entries.iter().filter(|entry| is_later(entry) || entry.event.about().is_some()).count() as u64,
        closed_with: loaded.closed_with.filter(|closed| *closed < loaded.next),
        scenario_matches: loaded.scenario_matches,
        scenario_there: loaded.scenario_toml.is_some(),
        words: loaded.words_proof.clone(),
        unknown: loaded.unknown.clone(),
    }
}
