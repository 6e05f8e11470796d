//! A record that is being written: words first, then whole lines, then the sync, and only then may anyone see it.
//!
//! After any error of a write or sync the file is left alone for good: the system may have dropped the data and call the next sync
//! a success. The record then goes on in a new file that names the last hash that is known to be stored.

use std::path::{Path, PathBuf};

use super::disk::{Disk, Lock};
use super::elsewhere;
use super::fault::StoreFault;
use super::files::{MOST_BYTES, Segment, journal_name, write_summary};
use super::pending::{Pending, Tip};
use crate::journal::words::{Salts, Word};
use crate::journal::{Continues, Digest, Header, chained, spoken};
use firedrill_model::event::Entry;
use firedrill_model::id::SeatId;
use firedrill_model::{SafeText, Sealed, WordBook};

/// Whether what happens is being stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordState {
    /// In the drill's folder.
    Recording,
    /// In another folder, because the drill's own took no more.
    Elsewhere {
        /// Where. Taking the drill up again brings its files home.
        folder: PathBuf,
        /// Why.
        why: SafeText,
    },
    /// Not at all. What happened since is kept in memory, and the next commit tries again.
    NotRecording {
        /// Why.
        why: SafeText,
    },
}

/// A record, open for writing. It holds the drill's lock until it is dropped.
#[derive(Debug)]
pub struct Record {
    home: Home,
    /// Of the drill's first file.
    header: Header,
    /// The open files; none after a failure.
    segment: Option<Segment>,
    /// Highest number of a segment so far.
    number: u32,
    pub(super) tip: Tip,
    pending: Pending,
    book: WordBook,
    salts: Salts,
    next_reference: u64,
    state: RecordState,
}

/// Where a drill is recorded.
#[derive(Debug)]
pub(super) struct Home {
    pub disk: Box<dyn Disk>,
    pub _lock: Lock,
    pub folder: PathBuf,
    /// Where a private folder is made when the drill's own takes no more.
    pub fallback: PathBuf,
    /// That private folder, once it was made.
    pub elsewhere: Option<PathBuf>,
}

impl Record {
    /// A record that goes on after `tip`, in the open `segment` or in a new one.
    pub(super) fn after(tip: Tip, home: Home, header: Header, segment: Option<Segment>, salts: Salts) -> Self {
        Self {
            home,
            header,
            segment,
            number: 1,
            tip,
            pending: Pending::default(),
            book: WordBook::default(),
            salts,
            next_reference: 1,
            state: RecordState::Recording,
        }
    }

    /// The same with what was there already: the texts, and the highest numbers of a text and of a file.
    pub(super) fn with_words(self, book: WordBook, next_reference: u64, number: u32) -> Self {
        Self { number, book, next_reference, ..self }
    }

    /// Seals a text. It is stored with the next entry that is appended, before it.
    pub fn seal(&mut self, text: &str) -> Sealed {
        self.seal_as(SafeText::new(text), None)
    }

    /// Seals the alias of a seat, which is stored apart from other texts.
    pub fn name(&mut self, seat: &SeatId, alias: &str) -> Sealed {
        self.seal_as(SafeText::one_line(alias), Some(seat.clone()))
    }

    fn seal_as(&mut self, text: SafeText, seat: Option<SeatId>) -> Sealed {
        let word = Word { reference: self.next_reference, salt: self.salts.draw(), text: text.into() };
        self.next_reference = self.next_reference.saturating_add(1);
        let sealed = word.seal();
        self.pending.seal(word, seat);
        sealed
    }

    /// Forgets what was sealed since the last append: the rules refused what it belonged to.
    pub fn discard_pending(&mut self) {
        self.pending.discard();
    }

    /// Takes an entry, with what was sealed for it. [`Record::commit`] stores it.
    ///
    /// # Panics
    /// When the entry's number isn't the next one: such a record could never be read again.
    pub fn append(&mut self, entry: &Entry) {
        assert_eq!(entry.seq, self.next(), "entries are numbered without gaps");
        for word in self.pending.take(entry, self.tip.next) {
            self.book.insert(word.reference, SafeText::new(&word.text));
        }
    }

    /// Number of the next entry to append.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.tip.next + self.pending.entries()
    }

    /// Stores what was appended. Only after that may it be shown or acted on.
    ///
    /// # Errors
    /// When it is not stored. It is kept, and the next call tries again in a new file.
    pub fn commit(&mut self) -> Result<(), StoreFault> {
        if self.pending.entries() == 0 {
            return Ok(());
        }
        if self.tip.bytes >= MOST_BYTES {
            let fault = StoreFault::Full { most: MOST_BYTES };
            self.state = RecordState::NotRecording { why: fault.short() };
            return Err(fault);
        }
        let Some(mut segment) = self.segment.take() else { return self.go_on() };
        self.store(&mut segment).map_err(|fault| self.stop(fault))?;
        self.segment = Some(segment);
        Ok(())
    }

    fn stop(&mut self, fault: StoreFault) -> StoreFault {
        self.state = RecordState::NotRecording { why: fault.short() };
        fault
    }

    /// Tries a new file in the drill's folder, then in a private one.
    fn go_on(&mut self) -> Result<(), StoreFault> {
        let home = self.home.folder.clone();
        let Err(first) = self.go_on_in(&home) else {
            self.state = RecordState::Recording;
            return Ok(());
        };
        let stored = self.private_folder().and_then(|folder| self.go_on_in(&folder).map(|()| folder));
        match stored {
            Ok(folder) => self.state = RecordState::Elsewhere { folder, why: first.short() },
            Err(_) => return Err(self.stop(first)),
        }
        Ok(())
    }

    fn go_on_in(&mut self, folder: &Path) -> Result<(), StoreFault> {
        self.number = self.number.saturating_add(1);
        let mut header = self.header.clone();
        let here = self.tip.path.parent() == Some(folder);
        let name = if here { self.tip.path.file_name().unwrap_or_default() } else { self.tip.path.as_os_str() };
        let file = SafeText::one_line(&name.to_string_lossy());
        header.continues = Some(Continues { file, head: self.tip.head, next: self.tip.next });
        let (line, head) = chained(None, &header.body());
        let mut segment = Segment::create(self.home.disk.as_ref(), folder, self.number, &line)?;
        let before = self.tip.clone();
        self.tip.path = folder.join(journal_name(self.number));
        self.tip.head = head;
        if let Err(fault) = self.store(&mut segment) {
            self.tip = before;
            segment.discard(self.home.disk.as_ref());
            return Err(fault);
        }
        self.segment = Some(segment);
        Ok(())
    }

    fn private_folder(&mut self) -> Result<PathBuf, StoreFault> {
        // It may have been tidied away meanwhile.
        if let Some(folder) = self.home.elsewhere.as_ref().filter(|folder| self.home.disk.is_private(folder)) {
            return Ok(folder.clone());
        }
        let chance = self.salts.draw();
        let folder =
            self.home.fallback.join(elsewhere::folder_name(&self.header.drill, chance.get(..8).unwrap_or_default()));
        self.home.disk.make_folder(&folder).map_err(StoreFault::io("make the folder", &folder))?;
        self.home.elsewhere = Some(folder.clone());
        Ok(folder)
    }

    /// Writes and syncs all that is pending.
    fn store(&mut self, segment: &mut Segment) -> Result<(), StoreFault> {
        let (head, bytes) = self.pending.write_to(segment, self.tip.head)?;
        self.tip = Tip { path: self.tip.path.clone(), head, next: self.next(), bytes: self.tip.bytes + bytes };
        self.pending.stored();
        Ok(())
    }

    /// Stores the summary, a cache that readers may do without.
    ///
    /// # Errors
    /// When the disk says no. The record itself is not touched by that.
    pub fn write_summary(&self, json: &str) -> Result<(), StoreFault> {
        if self.home.folder.as_os_str().is_empty() {
            return Ok(());
        }
        write_summary(self.home.disk.as_ref(), &self.home.folder, json)
    }

    /// Whether what happens is being stored, and where.
    #[must_use]
    pub fn state(&self) -> &RecordState {
        &self.state
    }

    /// Texts and names of the drill.
    #[must_use]
    pub fn words(&self) -> &WordBook {
        &self.book
    }

    /// The header of the drill's first file.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The drill's folder; empty for a record in memory.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.home.folder
    }

    /// Hash of the last stored line.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.tip.head
    }

    /// The same as twelve words that a person can read out.
    #[must_use]
    pub fn head_words(&self) -> String {
        spoken::head_words(&self.tip.head)
    }
}
