//! The files of a record that is being written: words first, then whole lines, then the sync, and only then may anyone see it.
//!
//! After any error of a write or sync the file is left alone for good: the system may have dropped the data and call the next sync
//! a success. The record then goes on in a new file that names the last hash that is known to be stored.

use std::path::{Path, PathBuf};

use super::disk::{Disk, Lock};
use super::elsewhere;
use super::fault::StoreFault;
use super::files::{MOST_BYTES, Segment, journal_name};
use super::pending::{Pending, Tip};
use super::sealer::NewWord;
use super::summary::write_summary;
use crate::journal::words::Salts;
use crate::journal::{Continues, Header, chained};
use firedrill_model::SafeText;
use firedrill_model::event::Entry;

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
    /// Not at all. What happened since is kept in memory, and the next attempt to store it makes a new file.
    NotRecording {
        /// Why.
        why: SafeText,
    },
}

/// The files of a record, open for writing. They hold the drill's lock until this is dropped.
#[derive(Debug)]
pub(super) struct Keeper {
    home: Home,
    /// Of the drill's first file.
    header: Header,
    /// The open files; none after a failure.
    segment: Option<Segment>,
    /// The open files that were moved or deleted: recording goes on once they are back, for without them the rest can't be read.
    moved: Option<Segment>,
    /// Highest number of a segment so far.
    number: u32,
    pub tip: Tip,
    pending: Pending,
    /// For the names of private folders.
    chance: Salts,
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

impl Keeper {
    /// Goes on after `tip`, in the open `segment` or in a new one. `number` is the highest of a segment so far.
    pub fn after(tip: Tip, home: Home, header: Header, segment: Option<Segment>, number: u32, chance: Salts) -> Self {
        Self {
            home,
            header,
            segment,
            moved: None,
            number,
            tip,
            pending: Pending::default(),
            chance,
            state: RecordState::Recording,
        }
    }

    /// Takes an entry, with the texts that it refers to. [`Keeper::commit`] stores them.
    ///
    /// # Panics
    /// When the entry's number isn't the next one: such a record could never be read again.
    pub fn append(&mut self, entry: &Entry, words: &[NewWord]) {
        assert_eq!(entry.seq, self.next(), "entries are numbered without gaps");
        self.pending.take(entry, words, self.tip.next);
    }

    /// Entries that wait to be stored.
    pub fn waiting(&self) -> u64 {
        self.pending.entries()
    }

    /// Number of the next entry to append.
    pub fn next(&self) -> u64 {
        self.tip.next + self.pending.entries()
    }

    /// Stores what was appended. Only after that may it be shown or acted on. Also where nothing was, the place of writing is looked at.
    ///
    /// # Errors
    /// When it is not stored, or the files aren't where they were. It is kept, and the next call tries again in a new file.
    pub fn commit(&mut self) -> Result<(), StoreFault> {
        self.check_place()?;
        if self.pending.entries() == 0 {
            return Ok(());
        }
        if self.tip.bytes >= MOST_BYTES {
            let fault = StoreFault::Full { most: MOST_BYTES };
            self.state = RecordState::NotRecording { why: fault.short() };
            return Err(fault);
        }
        let Some(mut segment) = self.segment.take() else { return self.go_on() };
        match self.store(&mut segment) {
            Ok(()) => {
                self.segment = Some(segment);
                Ok(())
            }
            Err(fault) => {
                self.moved = matches!(fault, StoreFault::Moved { .. }).then_some(segment);
                Err(self.stop(fault))
            }
        }
    }

    /// Checks that the files are where they were. Those that came back are not written to again: the record goes on in a new file.
    fn check_place(&mut self) -> Result<(), StoreFault> {
        let files = self.segment.take().or_else(|| self.moved.take());
        let Some(files) = files else { return Ok(()) };
        let was_moved = matches!(self.state, RecordState::NotRecording { .. });
        match files.check_place(self.home.disk.as_ref()) {
            Ok(()) if was_moved => self.state = RecordState::Recording,
            Ok(()) => self.segment = Some(files),
            Err(fault) => {
                self.moved = Some(files);
                return Err(self.stop(fault));
            }
        }
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
            Ok(folder) => {
                let in_memory = self.home.disk.is_in_memory(&folder);
                let why = elsewhere::why(&first.short(), in_memory);
                self.state = RecordState::Elsewhere { folder, why };
            }
            Err(_) => return Err(self.stop(first)),
        }
        Ok(())
    }

    fn go_on_in(&mut self, folder: &Path) -> Result<(), StoreFault> {
        self.number = self.number.saturating_add(1);
        let here = self.tip.path.parent() == Some(folder);
        let name = if here { self.tip.path.file_name().unwrap_or_default() } else { self.tip.path.as_os_str() };
        let file = SafeText::one_line(&name.to_string_lossy());
        let header = self.header.continuing(Continues { file, head: self.tip.head, next: self.tip.next });
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
        let chance = self.chance.draw();
        let folder =
            self.home.fallback.join(elsewhere::folder_name(&self.header.drill, chance.get(..8).unwrap_or_default()));
        self.home.disk.make_folder(&folder).map_err(StoreFault::io("make the folder", &folder))?;
        self.home.elsewhere = Some(folder.clone());
        Ok(folder)
    }

    /// Writes and syncs all that is pending.
    fn store(&mut self, segment: &mut Segment) -> Result<(), StoreFault> {
        let (head, bytes) = self.pending.write_to(segment, self.tip.head)?;
        segment.check_place(self.home.disk.as_ref())?;
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
    pub fn state(&self) -> &RecordState {
        &self.state
    }

    /// The header of the drill's first file.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The drill's folder; empty for a record in memory.
    pub fn folder(&self) -> &Path {
        &self.home.folder
    }
}
