//! What a record proves, as plain data.

use std::collections::BTreeMap;

use super::load::Loaded;
use crate::journal::words::WordsProof;
use crate::journal::{Digest, SegmentUse, Verdict, spoken};
use firedrill_model::Shown;
use firedrill_model::id::DrillId;
use firedrill_model::{
    event::{DrillEvent, Event},
    phase::Phase,
};

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
    /// Hash of the last entry that verifies.
    pub head: Digest,
    /// The same as twelve words. Cutting lines off the end changes nothing but these: compare them with what was read out.
    pub head_words: Shown,
    /// Those among them that were observed later, once the drill was over.
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

impl Proof {
    /// Says whether nothing was changed. Erased texts don't count against it.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.verdict == Verdict::Whole && self.scenario_matches && self.words.altered.is_empty()
    }
}

/// Sums up what a loaded record proves.
#[must_use]
pub fn verify(loaded: &Loaded) -> Proof {
    Proof {
        drill: loaded.header.drill.clone(),
        verdict: loaded.verdict.clone(),
        entries: loaded.next,
        segments: loaded.segments.clone(),
        head: loaded.head,
        head_words: spoken::head_words(&loaded.head),
        later: loaded.entries.iter().filter(|entry| entry.event.about().is_some()).count() as u64,
        closed_with: closed_with(loaded),
        scenario_matches: loaded.scenario_matches,
        scenario_there: loaded.scenario_toml.is_some(),
        words: loaded.words_proof.clone(),
        unknown: loaded.unknown.clone(),
    }
}

fn closed_with(loaded: &Loaded) -> Option<u64> {
    let closes = |event: &Event| matches!(event, Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Closed, .. }));
    let mut entries = loaded.entries.iter().skip_while(|entry| !closes(&entry.event));
    entries.find(|entry| entry.event.about().is_some()).map(|first| first.seq)
}
