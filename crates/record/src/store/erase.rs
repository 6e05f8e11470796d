//! Erasing names and words for good. An entry at the end of the chain says which go and why; then the files of words are replaced as a
//! whole. What stood in the chain before is never touched, for it holds seals only.
//!
//! Whenever the power goes, each file is the old one or the new one; where the entry is there and a text still is, erasing again finishes
//! it. Once this returns, no file of the drill holds the text any more. What a disk, a file system or a backup keeps of files that were
//! replaced is beyond the program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::create::take_lock;
use super::data_dir::DataDir;
use super::disk::{Disk, Lock, Os};
use super::elsewhere::{bring_home, fallback};
use super::fault::StoreFault;
use super::files::{MOST_READ, clear, replace, segment_kind};
use super::ledger::{LedgerText, erase_texts, texts_of_ledger};
use super::load::{Loaded, load_from};
use super::record::Record;
use crate::journal::words;
use crate::journal::words::Salts;
use firedrill_model::audience::audience_of;
use firedrill_model::event::{DrillEvent, Entry, Erasure, ErasureReason, Event, Recovered};
use firedrill_model::id::DrillId;
use firedrill_model::{Author, DrillTime};

/// A text or name of a drill that could be erased.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Erasable {
    /// Its number in the drill, which the record refers to.
    pub reference: u64,
    /// The text.
    pub text: String,
    /// It is what somebody is called.
    pub is_name: bool,
}

/// What is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasing {
    /// What a person is called, wherever it stands alone: as the name of a seat, and as the owner of an improvement.
    Person(String),
    /// One text, by its number.
    Remark(u64),
    /// All names and texts of the drill.
    All,
    /// What was to be erased before, as the record says, and is still there.
    Unfinished,
}

/// When, why, and with which randomness.
#[derive(Debug, Clone)]
pub struct ErasureOrder {
    /// When.
    pub utc: DateTime<Utc>,
    /// The reason that is given.
    pub reason: ErasureReason,
    /// For a new file of the record, should one be needed.
    pub salts: Salts,
}

/// What was erased of a drill.
#[derive(Debug)]
pub struct Erased {
    /// Texts and names that are gone.
    pub texts: Vec<Erasable>,
    /// Texts of the ledger of improvements that are gone.
    pub of_ledger: Vec<LedgerText>,
    /// The entry that says so; none where it was said before, or the record can't be written on.
    pub entry: Option<u64>,
    /// Why no entry could say so.
    pub unsaid: Option<StoreFault>,
}

impl Erasing {
    fn takes(&self, one: &Erasable, erased: &BTreeSet<u64>) -> bool {
        match self {
            Self::Person(alias) => one.text == *alias,
            Self::Remark(number) => one.reference == *number,
            Self::All => true,
            Self::Unfinished => erased.contains(&one.reference),
        }
    }

    /// Says whether a text of the ledger goes, too. The ledger numbers its texts by itself.
    fn takes_of_ledger(&self, one: &LedgerText) -> bool {
        match self {
            Self::Person(alias) => one.text == *alias,
            Self::Remark(_) => false,
            Self::All => true,
            Self::Unfinished => one.is_erased,
        }
    }
}

impl DataDir {
    /// The texts and names of a drill, by number.
    ///
    /// # Errors
    /// When there is no such drill, or the disk says no.
    pub fn erasable(&self, drill: &DrillId) -> Result<Vec<Erasable>, StoreFault> {
        super::load(self, drill)?;
        list(&Os, &self.folder(drill))
    }

    /// Those of them that such an erasing takes, and what it takes of the ledger.
    ///
    /// # Errors
    /// When there is no such drill, or the disk says no.
    pub fn would_erase(&self, drill: &DrillId, what: &Erasing) -> Result<(Vec<Erasable>, Vec<LedgerText>), StoreFault> {
        let erased = erased_before(&super::load(self, drill)?);
        let mut texts = list(&Os, &self.folder(drill))?;
        texts.retain(|one| what.takes(one, &erased));
        let mut of_ledger = texts_of_ledger(&Os, self)?;
        of_ledger.retain(|one| one.drill.as_ref() == Some(drill) && what.takes_of_ledger(one));
        Ok((texts, of_ledger))
    }

    /// Erases for good, also what the ledger of improvements says of the drill, and gives what is gone.
    ///
    /// # Errors
    /// When the drill is being recorded, its folder can't be read, or the disk says no. Then some of it may be erased already; the record
    /// verifies all the same, and trying again erases the rest.
    pub fn erase(&self, drill: &DrillId, what: &Erasing, order: &ErasureOrder) -> Result<Erased, StoreFault> {
        erase_on(&Os, &fallback(), self, (drill, what), order)
    }
}

fn erased_before(loaded: &Loaded) -> BTreeSet<u64> {
    let texts = loaded.entries.iter().filter_map(|entry| match &entry.event {
        Event::Drill(DrillEvent::Erased(erasure)) => Some(&erasure.texts),
        Event::Drill(_) | Event::People(_) | Event::World(_) => None,
    });
    texts.flatten().copied().collect()
}

fn list(disk: &dyn Disk, folder: &Path) -> Result<Vec<Erasable>, StoreFault> {
    let mut all = Vec::new();
    for name in files(disk, folder)? {
        let bytes = read(disk, folder, &name)?;
        all.extend(texts(&name, &bytes));
    }
    all.sort();
    Ok(all)
}

/// The files of words and names, also those that a crash left half written.
fn files(disk: &dyn Disk, folder: &Path) -> Result<Vec<String>, StoreFault> {
    let names = disk.names(folder).map_err(StoreFault::io("read", folder))?;
    Ok(names.into_iter().filter(|name| matches!(segment_kind(name), Some("words" | "people"))).collect())
}

fn read(disk: &dyn Disk, folder: &Path, name: &str) -> Result<Vec<u8>, StoreFault> {
    let path = folder.join(name);
    disk.read(&path, MOST_READ).map_err(StoreFault::io("read", &path))
}

fn texts(name: &str, bytes: &[u8]) -> Vec<Erasable> {
    let is_name = segment_kind(name) == Some("people");
    let all = if is_name { words::read_people(bytes) } else { words::read_words(bytes).0 };
    all.into_iter().map(|word| Erasable { reference: word.reference, text: word.text, is_name }).collect()
}

pub(super) fn erase_on<D: Disk + Clone + 'static>(
    disk: &D,
    fallback: &Path,
    data: &DataDir,
    (drill, what): (&DrillId, &Erasing),
    order: &ErasureOrder,
) -> Result<Erased, StoreFault> {
    // Without this look first, asking for a drill that isn't there would speak of its lock.
    let erased = erased_before(&load_from(disk, fallback, data, drill)?);
    let folder = data.folder(drill);
    let held = Held::take(disk, fallback, data, drill, &order.salts)?;
    forget_copies(disk, &folder)?;
    let mut gone = list(disk, &folder)?;
    gone.retain(|one| what.takes(one, &erased));
    let new: BTreeSet<u64> = gone.iter().map(|one| one.reference).filter(|one| !erased.contains(one)).collect();
    let said = held.say(new.into_iter().collect(), order)?;
    for name in files(disk, &folder)? {
        without(disk, &folder, &name, &gone, what == &Erasing::All)?;
    }
    let mut of_ledger = texts_of_ledger(disk, data)?;
    of_ledger.retain(|one| one.drill.as_ref() == Some(drill) && what.takes_of_ledger(one));
    erase_texts(disk, data, &of_ledger, (order.reason, order.utc))?;
    Ok(Erased { texts: gone, of_ledger, entry: said.entry, unsaid: said.unsaid })
}

/// Replaces a file by what is left of it. With all of it goes what can't be read any more: it may hold a part of a text.
fn without(disk: &dyn Disk, folder: &Path, name: &str, gone: &[Erasable], all: bool) -> Result<(), StoreFault> {
    let bytes = read(disk, folder, name)?;
    let is_gone = |reference: u64, text: &str| gone.iter().any(|one| one.reference == reference && one.text == text);
    let kept = match segment_kind(name) {
        _ if all => Vec::new(),
        _ if !texts(name, &bytes).iter().any(|one| is_gone(one.reference, &one.text)) => return Ok(()),
        Some("people") => words::people_without(&bytes, is_gone),
        _ => words::words_without(&bytes, is_gone),
    };
    replace(disk, folder, name, &kept)
}

/// A drill that nobody else writes to while its texts go.
enum Held {
    /// Its record takes an entry that says so.
    Record { record: Box<Record>, at: DrillTime, recovered: Option<Recovered> },
    /// Its record is damaged, or not for this program to write on. What people want to be gone goes all the same.
    Lock { lock: Lock, why: StoreFault },
}

/// What the record says of an erasing. The drill is held until this is dropped.
struct Said {
    entry: Option<u64>,
    unsaid: Option<StoreFault>,
    _record: Option<Box<Record>>,
    _lock: Option<Lock>,
}

impl Held {
    fn take<D: Disk + Clone + 'static>(
        disk: &D,
        fallback: &Path,
        data: &DataDir,
        drill: &DrillId,
        salts: &Salts,
    ) -> Result<Self, StoreFault> {
        let resumed = Record::resume_on(Box::new(disk.clone()), PathBuf::from(fallback), data, drill, salts.clone());
        match resumed {
            Ok((record, loaded, recovered)) => {
                let at = loaded.entries.last().map_or(DrillTime::ZERO, |entry| entry.at);
                Ok(Self::Record { record: Box::new(record), at, recovered })
            }
            Err(
                why @ (StoreFault::Corrupt { .. }
                | StoreFault::ScenarioChanged { .. }
                | StoreFault::OtherDraft { .. }
                | StoreFault::EndGone { .. }
                | StoreFault::SealUnreadable { .. }
                | StoreFault::AddedTo { .. }),
            ) => {
                let folder = data.folder(drill);
                let lock = take_lock(disk, &folder, drill)?;
                bring_home(disk, fallback, drill, &folder)?;
                Ok(Self::Lock { lock, why })
            }
            Err(fault) => Err(fault),
        }
    }

    /// Writes down what goes, durable before this returns.
    fn say(self, texts: Vec<u64>, order: &ErasureOrder) -> Result<Said, StoreFault> {
        let (mut record, at, recovered) = match self {
            Self::Record { record, at, recovered } => (record, at, recovered),
            Self::Lock { lock, why } => {
                return Ok(Said { entry: None, unsaid: Some(why), _record: None, _lock: Some(lock) });
            }
        };
        let mut append = |event: DrillEvent| {
            let (by, event, seq) = (Author::Drill, Event::Drill(event), record.next());
            let to = audience_of(&event, &by);
            record.append(&Entry { seq, at, utc: order.utc, by, to, source: None, event });
            seq
        };
        // What was cut from the end is said first, as when a drill is taken up again.
        if recovered.is_some() {
            append(DrillEvent::Resumed { recovered, model: None });
        }
        let entry = (!texts.is_empty()).then(|| append(DrillEvent::Erased(Erasure { texts, reason: order.reason })));
        record.commit()?;
        Ok(Said { entry, unsaid: None, _record: Some(record), _lock: None })
    }
}

/// Takes away what an earlier crash left: half of a new file, or a part of the record on its way home.
fn forget_copies(disk: &dyn Disk, folder: &Path) -> Result<(), StoreFault> {
    let names = disk.names(folder).map_err(StoreFault::io("read", folder))?;
    let stale = |name: &&String| name.as_str() == "incoming" || name.strip_suffix(".new").is_some();
    let stale: Vec<_> = names.iter().filter(stale).map(|name| folder.join(name)).collect();
    if !stale.is_empty() {
        clear(disk, &stale);
        disk.sync_folder(folder).map_err(StoreFault::io("sync", folder))?;
    }
    Ok(())
}
