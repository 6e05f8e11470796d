//! What waits to be stored, and the order in which it is written.

use std::path::PathBuf;

use super::fault::StoreFault;
use super::files::Segment;
use crate::journal::words::Word;
use crate::journal::{Digest, body, chained};
use firedrill_model::event::Entry;
use firedrill_model::id::SeatId;

/// Where the stored record ends.
#[derive(Debug, Clone)]
pub(super) struct Tip {
    /// Its last file.
    pub path: PathBuf,
    /// Hash of the last stored line.
    pub head: Digest,
    /// Number of the next entry to store.
    pub next: u64,
    /// Bytes stored in the journal by this program.
    pub bytes: u64,
}

/// What waits to be stored.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Lines without their hashes: those depend on the file they end up in.
    bodies: Vec<String>,
    words: String,
    people: String,
    /// Sealed since the last append. They wait for the entry that refers to them.
    unclaimed: Vec<Unclaimed>,
}

#[derive(Debug)]
struct Unclaimed {
    word: Word,
    /// Whose name it is, if it is one.
    seat: Option<SeatId>,
}

impl Pending {
    /// Entries that wait.
    pub fn entries(&self) -> u64 {
        self.bodies.len() as u64
    }

    /// Keeps a sealed text for the next entry.
    pub fn seal(&mut self, word: Word, seat: Option<SeatId>) {
        self.unclaimed.push(Unclaimed { word, seat });
    }

    /// Forgets what was sealed since the last entry.
    pub fn discard(&mut self) {
        self.unclaimed.clear();
    }

    /// Takes an entry and what was sealed for it, and gives those texts. `first` is the number of the first entry that waits.
    pub fn take(&mut self, entry: &Entry, first: u64) -> Vec<Word> {
        self.bodies.push(body(entry, first));
        let claimed = std::mem::take(&mut self.unclaimed);
        for Unclaimed { word, seat } in &claimed {
            match seat {
                Some(seat) => self.people += &word.person(seat),
                None => self.words += &word.line(),
            }
        }
        claimed.into_iter().map(|claimed| claimed.word).collect()
    }

    /// Words first and synced, then the lines that refer to them. Gives the new head and the bytes written to the journal.
    pub fn write_to(&self, segment: &mut Segment, mut head: Digest) -> Result<(Digest, u64), StoreFault> {
        for (output, text) in [(&mut segment.words, &self.words), (&mut segment.people, &self.people)] {
            if !text.is_empty() {
                output.write(text.as_bytes())?;
                output.sync()?;
            }
        }
        let mut bytes = 0;
        for body in &self.bodies {
            let (line, hash) = chained(Some(&head), body);
            segment.journal.write(line.as_bytes())?;
            bytes += line.len() as u64;
            head = hash;
        }
        segment.journal.sync()?;
        Ok((head, bytes))
    }

    /// Forgets what is stored now.
    pub fn stored(&mut self) {
        self.bodies.clear();
        self.words.clear();
        self.people.clear();
    }
}
