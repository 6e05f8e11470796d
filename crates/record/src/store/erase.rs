//! Erasing names and words for good. The files of words are replaced as a whole; the chain is never touched, for it holds seals only.
//!
//! Whenever the power goes, each file is the old one or the new one. Once this returns, no file of the drill holds the text any more. What
//! a disk, a file system or a backup keeps of files that were replaced is beyond the program.

use std::collections::BTreeSet;
use std::path::Path;

use super::create::{holder_of, take_lock};
use super::data_dir::DataDir;
use super::disk::{Disk, Os};
use super::elsewhere::bring_home;
use super::fault::StoreFault;
use super::files::{MOST_READ, clear, replace, segment_kind};
use super::ledger::{LEDGER_WORDS, texts_about};
use crate::journal::words;
use firedrill_model::id::DrillId;

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
}

impl Erasing {
    fn takes(&self, one: &Erasable) -> bool {
        match self {
            Self::Person(alias) => one.text == *alias,
            Self::Remark(number) => one.reference == *number,
            Self::All => true,
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

    /// Erases for good, and gives how many texts and names there were. Also what the ledger of improvements says of the drill.
    ///
    /// # Errors
    /// When the drill is being recorded, its folder can't be read, or the disk says no. Then some of it may be erased already; the record
    /// verifies all the same, and trying again erases the rest.
    pub fn erase(&self, drill: &DrillId, what: &Erasing) -> Result<usize, StoreFault> {
        erase_on(&Os, &std::env::temp_dir(), self, drill, what)
    }
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

pub(super) fn erase_on(
    disk: &dyn Disk,
    fallback: &Path,
    data: &DataDir,
    drill: &DrillId,
    what: &Erasing,
) -> Result<usize, StoreFault> {
    // Without this look first, asking for a drill that isn't there would speak of its lock.
    super::load::load_from(disk, fallback, data, drill)?;
    let folder = data.folder(drill);
    let _lock = take_lock(disk, &folder, drill)?;
    bring_home(disk, fallback, drill, &folder)?;
    forget_copies(disk, &folder)?;
    let mut erased = BTreeSet::new();
    for name in files(disk, &folder)? {
        let bytes = read(disk, &folder, &name)?;
        let taken: Vec<Erasable> = texts(&name, &bytes).into_iter().filter(|one| what.takes(one)).collect();
        let damaged = what == &Erasing::All;
        if taken.is_empty() && !damaged {
            continue;
        }
        let gone = |reference: u64, text: &str| taken.iter().any(|one| one.reference == reference && one.text == text);
        let kept = if segment_kind(&name) == Some("people") {
            words::people_without(&bytes, gone)
        } else {
            words::words_without(&bytes, gone)
        };
        // With all of it goes what can't be read any more: it may hold a part of a text.
        let kept = if damaged { Vec::new() } else { kept };
        replace(disk, &folder, &name, &kept)?;
        erased.extend(taken);
    }
    Ok(erased.len() + erase_in_ledger(disk, data, drill, what)?)
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

/// What people wrote in the ledger about the drill's improvements.
fn erase_in_ledger(disk: &dyn Disk, data: &DataDir, drill: &DrillId, what: &Erasing) -> Result<usize, StoreFault> {
    if let Erasing::Remark(_) = what {
        // The ledger numbers its texts by itself.
        return Ok(0);
    }
    let _lock = holder_of(disk, data.path(), |pid| StoreFault::LedgerLocked { pid })?;
    let about = texts_about(disk, data, drill)?;
    let gone: Vec<&words::Word> = about
        .iter()
        .filter(|word| match what {
            Erasing::Person(alias) => word.text == *alias,
            Erasing::All => true,
            Erasing::Remark(_) => false,
        })
        .collect();
    if gone.is_empty() {
        return Ok(0);
    }
    let bytes = read(disk, data.path(), LEDGER_WORDS)?;
    let kept = words::words_without(&bytes, |reference, _| gone.iter().any(|word| word.reference == reference));
    replace(disk, data.path(), LEDGER_WORDS, &kept)?;
    Ok(gone.len())
}
