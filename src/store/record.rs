//! A record that is being written: words first, then whole lines, then the sync, and only then may anyone see it.
//!
//! After any error of a write or sync the file is left alone for good: the system may have dropped the data and call the next sync
//! a success. The record then goes on in a new file that names the last hash that is known to be stored.

use std::path::{Path, PathBuf};

use super::data_dir::DataDir;
use super::disk::{Disk, LOCK, Lock, Locking, Nowhere, Os};
use super::elsewhere;
use super::fault::StoreFault;
use super::files::{MOST_BYTES, SCENARIO, SUMMARY, Segment, clear, journal_name, write_new};
use crate::domain::id::{DrillId, SeatId};
use crate::domain::{SafeText, Sealed, WordBook};
use crate::drill::Entry;
use crate::journal::words::{Salts, Word};
use crate::journal::{Continues, Digest, Header, body, chained, spoken};

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
    pub(super) disk: Box<dyn Disk>,
    pub(super) _lock: Lock,
    /// Of the drill's first file.
    pub(super) header: Header,
    pub(super) folder: PathBuf,
    /// Where a private folder is made when the drill's own takes no more.
    pub(super) fallback: PathBuf,
    pub(super) elsewhere: Option<PathBuf>,
    /// The open files; none after a failure.
    pub(super) segment: Option<Segment>,
    /// Highest number of a segment so far.
    pub(super) number: u32,
    pub(super) tip: Tip,
    pub(super) pending: Pending,
    pub(super) book: WordBook,
    pub(super) salts: Salts,
    pub(super) next_reference: u64,
    pub(super) state: RecordState,
}

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

impl Record {
    /// Begins a new drill: makes its folder, stores the scenario and the header.
    ///
    /// # Errors
    /// When the name is taken, or the disk says no. Nothing is left behind then.
    pub fn create(data: &DataDir, header: Header, scenario_toml: &str, salts: Salts) -> Result<Self, StoreFault> {
        Self::create_on(Box::new(Os), std::env::temp_dir(), data, header, scenario_toml, salts)
    }

    /// A record that lives in memory only.
    #[must_use]
    pub fn in_memory(header: Header) -> Self {
        let salts = Salts::new([0; 32]);
        let (line, head) = chained(None, &header.body());
        let tip = Tip { path: journal_name(1).into(), head, next: 0, bytes: line.len() as u64 };
        let disk: Box<dyn Disk> = Box::new(Nowhere);
        let segment = Segment::create(disk.as_ref(), Path::new(""), 1, &line).ok();
        Self::assemble(disk, Lock::for_show(), header, PathBuf::new(), PathBuf::new(), segment, tip, salts)
    }

    pub(super) fn create_on(
        disk: Box<dyn Disk>,
        fallback: PathBuf,
        data: &DataDir,
        mut header: Header,
        scenario_toml: &str,
        salts: Salts,
    ) -> Result<Self, StoreFault> {
        header.scenario_sha256 = Digest::of(scenario_toml.as_bytes());
        let folder = data.folder(&header.drill);
        disk.make_folder(&folder).map_err(|fault| match fault.kind() {
            std::io::ErrorKind::AlreadyExists => StoreFault::NameTaken { drill: header.drill.clone() },
            _ => StoreFault::io("make the drill's folder", &folder)(fault),
        })?;
        let (line, head) = chained(None, &header.body());
        let begun = begin(disk.as_ref(), data, &folder, &header.drill, scenario_toml, &line);
        let (lock, segment) = begun.inspect_err(|_| {
            clear(disk.as_ref(), &[folder.join(SCENARIO), folder.join(LOCK), folder.clone()]);
        })?;
        let tip = Tip { path: folder.join(journal_name(1)), head, next: 0, bytes: line.len() as u64 };
        Ok(Self::assemble(disk, lock, header, folder, fallback, Some(segment), tip, salts))
    }

    #[expect(clippy::too_many_arguments, reason = "puts together what two ways of beginning a record have made")]
    fn assemble(
        disk: Box<dyn Disk>,
        lock: Lock,
        header: Header,
        folder: PathBuf,
        fallback: PathBuf,
        segment: Option<Segment>,
        tip: Tip,
        salts: Salts,
    ) -> Self {
        Self {
            disk,
            _lock: lock,
            header,
            folder,
            fallback,
            elsewhere: None,
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
        self.pending.unclaimed.push(Unclaimed { word, seat });
        sealed
    }

    /// Forgets what was sealed since the last append: the rules refused what it belonged to.
    pub fn discard_pending(&mut self) {
        self.pending.unclaimed.clear();
    }

    /// Takes an entry, with what was sealed for it. [`Record::commit`] stores it.
    ///
    /// # Panics
    /// When the entry's number isn't the next one: such a record could never be read again.
    pub fn append(&mut self, entry: &Entry) {
        assert_eq!(entry.seq, self.next(), "entries are numbered without gaps");
        for Unclaimed { word, seat } in self.pending.unclaimed.drain(..) {
            match seat {
                Some(seat) => self.pending.people += &word.person(&seat),
                None => self.pending.words += &word.line(),
            }
            self.book.insert(word.reference, SafeText::new(&word.text));
        }
        self.pending.bodies.push(body(entry, self.tip.next));
    }

    /// Number of the next entry to append.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.tip.next + self.pending.bodies.len() as u64
    }

    /// Stores what was appended. Only after that may it be shown or acted on.
    ///
    /// # Errors
    /// When it is not stored. It is kept, and the next call tries again in a new file.
    pub fn commit(&mut self) -> Result<(), StoreFault> {
        if self.pending.bodies.is_empty() {
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
        let home = self.folder.clone();
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
        let mut segment = Segment::create(self.disk.as_ref(), folder, self.number, &line)?;
        let before = self.tip.clone();
        self.tip.path = folder.join(journal_name(self.number));
        self.tip.head = head;
        if let Err(fault) = self.store(&mut segment) {
            self.tip = before;
            segment.discard(self.disk.as_ref());
            return Err(fault);
        }
        self.segment = Some(segment);
        Ok(())
    }

    fn private_folder(&mut self) -> Result<PathBuf, StoreFault> {
        if let Some(folder) = &self.elsewhere {
            return Ok(folder.clone());
        }
        let chance = self.salts.draw();
        let folder =
            self.fallback.join(elsewhere::folder_name(&self.header.drill, chance.get(..8).unwrap_or_default()));
        self.disk.make_folder(&folder).map_err(StoreFault::io("make the folder", &folder))?;
        self.elsewhere = Some(folder.clone());
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
        if self.folder.as_os_str().is_empty() {
            return Ok(());
        }
        let (new, path) = (self.folder.join("summary.new"), self.folder.join(SUMMARY));
        clear(self.disk.as_ref(), std::slice::from_ref(&new));
        write_new(self.disk.as_ref(), new.clone(), json.as_bytes())?;
        self.disk.rename(&new, &path).map_err(StoreFault::io("write", &path))
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
        &self.folder
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

/// Fills a drill's new folder. The journal comes last: a folder without one is no drill.
fn begin(
    disk: &dyn Disk,
    data: &DataDir,
    folder: &Path,
    drill: &DrillId,
    scenario_toml: &str,
    header_line: &str,
) -> Result<(Lock, Segment), StoreFault> {
    let lock = take_lock(disk, folder, drill)?;
    write_new(disk, folder.join(SCENARIO), scenario_toml.as_bytes())?;
    let segment = Segment::create(disk, folder, 1, header_line)?;
    disk.sync_folder(data.path()).map_err(StoreFault::io("sync", data.path()))?;
    Ok((lock, segment))
}

pub(super) fn take_lock(disk: &dyn Disk, folder: &Path, drill: &DrillId) -> Result<Lock, StoreFault> {
    match disk.lock(folder).map_err(StoreFault::io("lock", folder))? {
        Locking::Held(lock) => Ok(lock),
        Locking::HeldBy(pid) => Err(StoreFault::Locked { drill: drill.clone(), pid }),
    }
}

impl Pending {
    /// Words first and synced, then the lines that refer to them. Gives the new head and the bytes written to the journal.
    fn write_to(&self, segment: &mut Segment, mut head: Digest) -> Result<(Digest, u64), StoreFault> {
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

    fn stored(&mut self) {
        self.bodies.clear();
        self.words.clear();
        self.people.clear();
    }
}
