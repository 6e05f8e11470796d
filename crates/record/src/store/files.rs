//! The files of one segment: journal, words and people, opened together and written in an order that a crash can't hurt.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, DiskFile};
use super::fault::StoreFault;
use crate::journal::words::PEOPLE_INTRO;

pub(super) const SCENARIO: &str = "scenario.toml";
/// The file that a statement to be signed is kept in, with its signatures beside it.
pub const STATEMENT: &str = "seal.txt";

/// Most bytes of a journal: a drill of seven days has a tenth of that.
pub(super) const MOST_BYTES: u64 = 128 * 1024 * 1024;
/// Most bytes of one file that are read.
pub(super) const MOST_READ: u64 = 2 * MOST_BYTES;

/// Names of the files of a segment, from 1.
pub(super) fn journal_name(number: u32) -> String {
    numbered("journal", number, "jsonl")
}
pub(super) fn words_name(number: u32) -> String {
    numbered("words", number, "jsonl")
}
pub(super) fn people_name(number: u32) -> String {
    numbered("people", number, "toml")
}

fn numbered(stem: &str, number: u32, ending: &str) -> String {
    if number <= 1 { format!("{stem}.{ending}") } else { format!("{stem}-{number}.{ending}") }
}

/// The number of a journal's file name: 1 for `journal.jsonl`, 2 for `journal-2.jsonl`.
pub(super) fn journal_number(name: &str) -> Option<u32> {
    let middle = name.strip_prefix("journal")?.strip_suffix(".jsonl")?;
    let number = if middle.is_empty() { 1 } else { middle.strip_prefix('-')?.parse().ok()? };
    (journal_name(number) == name).then_some(number)
}

/// The number of any file of a segment.
pub(super) fn segment_number(name: &str) -> Option<u32> {
    segment_kind(name)?;
    let stem = name.split_once('.')?.0;
    stem.split_once('-').map_or("1", |(_, number)| number).parse().ok()
}

/// What a file of a segment is: `journal`, `words` or `people`.
pub(super) fn segment_kind(name: &str) -> Option<&'static str> {
    let stem = name.split_once('.')?.0;
    let kind = stem.split_once('-').map_or(stem, |(kind, _)| kind);
    ["journal", "words", "people"].into_iter().find(|known| *known == kind)
}

/// An open file with its path, for messages.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    file: Box<dyn DiskFile>,
}

impl Output {
    /// Makes a new file.
    pub fn create(disk: &dyn Disk, path: PathBuf) -> Result<Self, StoreFault> {
        let file = disk.create(&path).map_err(StoreFault::io("create", &path))?;
        Ok(Self { path, file })
    }

    /// Opens a file, or makes it.
    pub fn open_or_create(disk: &dyn Disk, path: PathBuf) -> Result<Self, StoreFault> {
        match disk.open(&path) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Self::create(disk, path),
            opened => Ok(Self { file: opened.map_err(StoreFault::io("open", &path))?, path }),
        }
    }

    /// Writes all of `text` at the end: one write, unless the system takes less or is interrupted.
    pub fn write(&mut self, text: &[u8]) -> Result<(), StoreFault> {
        let mut rest = text;
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(0) => return Err(self.fault("write", io::ErrorKind::WriteZero.into())),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(self.fault("write", fault)),
            }
        }
        Ok(())
    }

    /// Makes what was written durable.
    pub fn sync(&mut self) -> Result<(), StoreFault> {
        self.file.sync().map_err(|fault| self.fault("sync", fault))
    }

    /// Cuts the file.
    pub fn cut(&mut self, length: u64) -> Result<(), StoreFault> {
        self.file.cut(length).map_err(|fault| self.fault("cut", fault))
    }

    /// Says whether its path still leads to it. What is written to a file that was moved or deleted is found by nobody.
    fn in_place(&self, disk: &dyn Disk) -> bool {
        match (self.file.identity(), disk.identity(&self.path)) {
            (Ok(open), Ok(there)) => open == there,
            (_, Err(fault)) => !matches!(fault.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
            // What else the disk has to say it says when it is written to.
            (Err(_), Ok(_)) => true,
        }
    }

    fn fault(&self, doing: &'static str, source: io::Error) -> StoreFault {
        StoreFault::Io { doing, path: self.path.clone(), source }
    }
}

/// Writes a whole new file and syncs it.
pub(super) fn write_new(disk: &dyn Disk, path: PathBuf, bytes: &[u8]) -> Result<(), StoreFault> {
    let mut file = Output::create(disk, path)?;
    file.write(bytes)?;
    file.sync()
}

/// The open files of a segment.
#[derive(Debug)]
pub(super) struct Segment {
    pub journal: Output,
    pub words: Output,
    pub people: Output,
}

impl Segment {
    /// Makes the files of a segment, the journal with its header line last, and makes them and their names durable.
    /// When that doesn't work, what was made is taken away again: nothing was acknowledged in it.
    pub fn create(disk: &dyn Disk, folder: &Path, number: u32, header_line: &str) -> Result<Self, StoreFault> {
        let mut made = Vec::new();
        let segment = Self::make(disk, folder, number, header_line, &mut made);
        if segment.is_err() {
            clear(disk, &made);
        }
        segment
    }

    fn make(
        disk: &dyn Disk,
        folder: &Path,
        number: u32,
        header_line: &str,
        made: &mut Vec<PathBuf>,
    ) -> Result<Self, StoreFault> {
        let mut create = |name: String| {
            let output = Output::create(disk, folder.join(name))?;
            made.push(output.path.clone());
            Ok(output)
        };
        let mut words = create(words_name(number))?;
        let mut people = create(people_name(number))?;
        people.write(PEOPLE_INTRO.as_bytes())?;
        words.sync()?;
        people.sync()?;
        let mut journal = create(journal_name(number))?;
        journal.write(header_line.as_bytes())?;
        journal.sync()?;
        disk.sync_folder(folder).map_err(StoreFault::io("sync", folder))?;
        Ok(Self { journal, words, people })
    }

    /// Checks that its files are still where they were made.
    pub fn check_place(&self, disk: &dyn Disk) -> Result<(), StoreFault> {
        match [&self.journal, &self.words, &self.people].into_iter().find(|file| !file.in_place(disk)) {
            Some(file) => Err(StoreFault::Moved { path: file.path.clone() }),
            None => Ok(()),
        }
    }

    /// Takes the files of a segment away in which nothing was acknowledged.
    pub fn discard(self, disk: &dyn Disk) {
        clear(disk, &[self.journal.path, self.words.path, self.people.path]);
    }

    /// Opens the files of a segment again. Words and people may have been removed to erase them.
    pub fn reopen(disk: &dyn Disk, folder: &Path, number: u32) -> Result<Self, StoreFault> {
        let path = folder.join(journal_name(number));
        let file = disk.open(&path).map_err(StoreFault::io("open", &path))?;
        let mut words = Output::open_or_create(disk, folder.join(words_name(number)))?;
        let mut people = Output::open_or_create(disk, folder.join(people_name(number)))?;
        // A torn last line must not swallow the next one.
        words.write(b"\n")?;
        people.write(b"\n")?;
        Ok(Self { journal: Output { path, file }, words, people })
    }
}

/// Takes files away that hold nothing acknowledged. One that can't be removed stays, and readers cope with it.
pub(super) fn clear(disk: &dyn Disk, paths: &[PathBuf]) {
    for path in paths {
        let _ = disk.remove(path);
    }
}

/// Puts a file in place of the one of that name, whole or not at all: whenever the power goes, it is the old one or the new one.
/// Durable before this returns.
pub(super) fn replace(disk: &dyn Disk, folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreFault> {
    let (new, path) = (folder.join(format!("{name}.new")), folder.join(name));
    clear(disk, std::slice::from_ref(&new));
    let replaced = write_new(disk, new.clone(), bytes)
        .and_then(|()| disk.rename(&new, &path).map_err(StoreFault::io("write", &path)));
    if replaced.is_err() {
        clear(disk, &[new]);
    }
    replaced?;
    disk.sync_folder(folder).map_err(StoreFault::io("sync", folder))
}
