//! What is signed when a record is sealed: a short text that names the record by its hashes, kept beside it with its signatures.
//!
//! ```text
//! seal.txt                     what was signed; the same record gives the same text
//! seal.sig  seal-2.sig         signatures of it, as OpenSSH makes them
//! ```
//!
//! Nothing in it depends on texts or names: they can be erased after it was signed.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::data_dir::DataDir;
use super::disk::{Disk, Os};
use super::fault::StoreFault;
use super::files::{MOST_READ, STATEMENT, replace};
use super::load::Loaded;
use crate::journal::{Digest, LastLine, last_line, spoken};
use firedrill_model::id::DrillId;

/// Most bytes of a statement or a signature.
const MOST_BYTES: u64 = 64 * 1024;
/// Most people who can sign one record.
const MOST_SIGNATURES: u32 = 16;

/// A record's seal as it lies beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// What was signed.
    pub statement: Vec<u8>,
    /// Where that is.
    pub path: PathBuf,
    /// Where the signatures are.
    pub signatures: Vec<PathBuf>,
}

impl Seal {
    /// The seal beside a record that was read, if it was sealed: in the folder that it was read from, whatever the record calls itself.
    ///
    /// # Errors
    /// When it is there and can't be read.
    pub fn beside(loaded: &Loaded) -> Result<Option<Self>, StoreFault> {
        Self::within(&loaded.folder)
    }

    fn within(folder: &Path) -> Result<Option<Self>, StoreFault> {
        let Some(statement) = statement_in(&Os, folder)? else { return Ok(None) };
        let names = Os.names(folder).map_err(StoreFault::io("read", folder))?;
        let signatures = (1..=MOST_SIGNATURES).map(signature_name).filter(|name| names.contains(name));
        let signatures = signatures.map(|name| folder.join(name)).collect();
        Ok(Some(Self { statement, path: folder.join(STATEMENT), signatures }))
    }

    /// How many entries the record had when it was sealed, as the statement says.
    #[must_use]
    pub fn entries(&self) -> Option<u64> {
        entries_of(&self.statement)
    }
}

/// How many entries a statement is about.
pub(super) fn entries_of(statement: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(statement).ok()?;
    text.lines().find_map(|line| line.strip_prefix("entries: "))?.parse().ok()
}

/// The statement in a drill's folder, if it was sealed.
pub(super) fn statement_in(disk: &dyn Disk, folder: &Path) -> Result<Option<Vec<u8>>, StoreFault> {
    let path = folder.join(STATEMENT);
    match disk.read(&path, MOST_BYTES) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        bytes => bytes.map(Some).map_err(StoreFault::io("read", &path)),
    }
}

impl Loaded {
    /// The text that names a record by its hashes. The same record gives the same text, whenever it is asked for.
    ///
    /// # Errors
    /// When one of its files can't be read.
    pub fn statement(&self) -> Result<String, StoreFault> {
        self.statement_at(self.next)
    }

    /// The text as it was when the record had so many entries. What was added since doesn't change it.
    ///
    /// # Errors
    /// When one of its files can't be read.
    pub fn statement_at(&self, entries: u64) -> Result<String, StoreFault> {
        let (head, files) = self.named_at(entries)?;
        Ok(format!(
            "The record of a drill, named by its hashes. Firedrill, seal 1.\n\
             drill: {}\nentries: {entries}\nhead: {}\nhead in words: {}\nscenario sha256: {}\n{files}",
            self.header.drill,
            head.hex(),
            spoken::head_words(&head),
            self.header.scenario_sha256.hex(),
        ))
    }

    /// The head of the chain when it had so many entries.
    ///
    /// # Errors
    /// When one of its files can't be read.
    pub fn head_at(&self, entries: u64) -> Result<Digest, StoreFault> {
        Ok(self.named_at(entries)?.0)
    }

    /// The head of the chain when it had so many entries, and the hashes of its files as they were then, a line each.
    fn named_at(&self, entries: u64) -> Result<(Digest, String), StoreFault> {
        let (mut left, mut head, mut files) = (entries, self.head, String::new());
        for segment in &self.segments {
            if left == 0 && entries < self.next {
                break;
            }
            // The folder that it was read from, whatever the record calls itself.
            let path = self.folder.join(&segment.file);
            let bytes = Os.read(&path, MOST_READ).map_err(StoreFault::io("read", &path))?;
            let bytes = if left < segment.entries { first_lines(&bytes, left + 1) } else { &bytes };
            if entries < self.next
                && let LastLine::Entry { hash, .. } | LastLine::Header { hash, .. } = last_line(bytes)
            {
                head = hash;
            }
            left = left.saturating_sub(segment.entries);
            // Writing to a text can't fail.
            let _ = writeln!(files, "{} sha256: {}", segment.file, Digest::of(bytes).hex());
        }
        Ok((head, files))
    }
}

impl DataDir {
    /// Keeps a signature of a statement beside the record, and gives its path. One that is there already is not kept twice.
    ///
    /// # Errors
    /// When the disk says no, or very many have signed it.
    pub fn keep_seal(&self, drill: &DrillId, statement: &str, signature: &[u8]) -> Result<PathBuf, StoreFault> {
        let folder = self.folder(drill);
        let mut free = None;
        for number in 1..=MOST_SIGNATURES {
            let name = signature_name(number);
            match Os.read(&folder.join(&name), MOST_BYTES) {
                Ok(there) if there == signature => return Ok(folder.join(name)),
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => free = free.or(Some(name)),
                _ => {}
            }
        }
        let full = || StoreFault::io("keep one more signature in", &folder)(io::ErrorKind::AlreadyExists.into());
        let name = free.ok_or_else(full)?;
        replace(&Os, &folder, STATEMENT, statement.as_bytes())?;
        replace(&Os, &folder, &name, signature)?;
        Ok(folder.join(name))
    }

    /// The seal of a record, if it was sealed.
    ///
    /// # Errors
    /// When it is there and can't be read.
    pub fn seal_of(&self, drill: &DrillId) -> Result<Option<Seal>, StoreFault> {
        Seal::within(&self.folder(drill))
    }
}

/// So many lines from the start.
fn first_lines(bytes: &[u8], count: u64) -> &[u8] {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let end = bytes.split_inclusive(|byte| *byte == b'\n').take(count).map(<[u8]>::len).sum();
    bytes.get(..end).unwrap_or(bytes)
}

fn signature_name(number: u32) -> String {
    if number <= 1 { "seal.sig".to_owned() } else { format!("seal-{number}.sig") }
}
