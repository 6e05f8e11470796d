//! A record that its caller writes to: what is appended is stored in the caller's own time.

use std::path::Path;

use super::fault::StoreFault;
use super::files::Segment;
use super::keeper::{Home, Keeper, RecordState};
use super::pending::Tip;
use super::sealer::Sealer;
use crate::journal::words::Salts;
use crate::journal::{Digest, Header, spoken};
use firedrill_model::event::Entry;
use firedrill_model::id::SeatId;
use firedrill_model::{Sealed, Shown, WordBook};

/// A record, open for writing. It holds the drill's lock until it is dropped.
#[derive(Debug)]
pub struct Record {
    pub(super) sealer: Sealer,
    pub(super) keeper: Keeper,
}

impl Record {
    /// A record that goes on after `tip`, in the open `segment` or in a new one. `number` is the highest of a segment so far.
    pub(super) fn after(
        tip: Tip,
        home: Home,
        header: Header,
        segment: Option<Segment>,
        number: u32,
        salts: Salts,
    ) -> Self {
        let keeper = Keeper::after(tip, home, header, segment, number, salts.apart("folders"));
        Self { sealer: Sealer::new(salts), keeper }
    }

    /// The same with the texts that were there already, and the number of the next one.
    pub(super) fn with_words(self, book: WordBook, next_reference: u64) -> Self {
        Self { sealer: self.sealer.with_words(book, next_reference), ..self }
    }

    /// Seals a text. It is stored with the entry that refers to it, before it.
    pub fn seal(&mut self, text: &str) -> Sealed {
        self.sealer.seal(text)
    }

    /// Seals the alias of a seat, which is stored apart from other texts.
    pub fn name(&mut self, seat: &SeatId, alias: &str) -> Sealed {
        self.sealer.name(seat, alias)
    }

    /// Forgets what was sealed and is in no entry: the rules refused what it belonged to.
    #[cfg(test)]
    pub(crate) fn discard_pending(&mut self) {
        self.sealer.discard();
    }

    /// Takes an entry, with what was sealed for it. [`Record::commit`] stores it.
    ///
    /// # Panics
    /// When the entry's number isn't the next one: such a record could never be read again.
    pub fn append(&mut self, entry: &Entry) {
        let words = self.sealer.claim(entry);
        self.keeper.append(entry, &words);
    }

    /// Number of the next entry to append.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.keeper.next()
    }

    /// Stores what was appended. Only after that may it be shown or acted on.
    ///
    /// # Errors
    /// When it is not stored. It is kept, and the next call tries again in a new file.
    pub fn commit(&mut self) -> Result<(), StoreFault> {
        self.keeper.commit()
    }

    /// Stores the summary, a cache that readers may do without.
    ///
    /// # Errors
    /// When the disk says no. The record itself is not touched by that.
    pub fn write_summary(&self, json: &str) -> Result<(), StoreFault> {
        self.keeper.write_summary(json)
    }

    /// Whether what happens is being stored, and where.
    #[must_use]
    pub fn state(&self) -> &RecordState {
        self.keeper.state()
    }

    /// Texts and names of the drill.
    #[must_use]
    pub fn words(&self) -> &WordBook {
        self.sealer.words()
    }

    /// The header of the drill's first file.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.keeper.header()
    }

    /// The drill's folder; empty for a record in memory.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.keeper.folder()
    }

    /// Hash of the last stored line.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.keeper.tip.head
    }

    /// The same as twelve words that a person can read out.
    #[must_use]
    pub fn head_words(&self) -> Shown {
        spoken::head_words(&self.keeper.tip.head)
    }
}
