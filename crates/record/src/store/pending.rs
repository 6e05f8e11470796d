//! What waits to be stored, and the order in which it is written.

use std::path::PathBuf;

use super::fault::StoreFault;
use super::files::Segment;
use super::sealer::NewWord;
use crate::journal::{Digest, body, chained};
use firedrill_model::event::Entry;

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
}

impl Pending {
    /// Entries that wait.
    pub fn entries(&self) -> u64 {
        self.bodies.len() as u64
    }

    /// Takes an entry and the texts that it refers to. `first` is the number of the first entry that waits.
    pub fn take(&mut self, entry: &Entry, words: &[NewWord], first: u64) {
        self.bodies.push(body(entry, first));
        for NewWord { word, seat } in words {
            match seat {
                Some(seat) => self.people += &word.person(seat),
                None => self.words += &word.line(),
            }
        }
    }

    /// Words first and synced, then the lines that refer to them, in one write however many they are. Gives the new head and the
    /// bytes written to the journal.
    pub fn write_to(&self, segment: &mut Segment, mut head: Digest) -> Result<(Digest, u64), StoreFault> {
        for (output, text) in [(&mut segment.words, &self.words), (&mut segment.people, &self.people)] {
            if !text.is_empty() {
                output.write(text.as_bytes())?;
                output.sync()?;
            }
        }
        let mut lines = String::new();
        for body in &self.bodies {
            let (line, hash) = chained(Some(&head), body);
            lines += &line;
            head = hash;
        }
        segment.journal.write(lines.as_bytes())?;
        segment.journal.sync()?;
        Ok((head, lines.len() as u64))
    }

    /// Forgets what is stored now.
    pub fn stored(&mut self) {
        self.bodies.clear();
        self.words.clear();
        self.people.clear();
    }
}
