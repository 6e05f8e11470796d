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
use std::path::PathBuf;

use super::data_dir::DataDir;
use super::disk::{Disk, Os};
use super::fault::StoreFault;
use super::files::{MOST_READ, replace};
use super::load::Loaded;
use crate::domain::id::DrillId;
use crate::journal::{Digest, spoken};

const STATEMENT: &str = "seal.txt";
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

impl DataDir {
    /// The text that names a record by its hashes. The same record gives the same text, whenever it is asked for.
    ///
    /// # Errors
    /// When one of its files can't be read.
    pub fn statement(&self, loaded: &Loaded) -> Result<String, StoreFault> {
        let drill = &loaded.header.drill;
        let mut text = format!(
            "The record of a drill, named by its hashes. Firedrill, seal 1.\n\
             drill: {drill}\nentries: {}\nhead: {}\nhead in words: {}\nscenario sha256: {}\n",
            loaded.next,
            loaded.head.hex(),
            spoken::head_words(&loaded.head),
            loaded.header.scenario_sha256.hex(),
        );
        for segment in &loaded.segments {
            let path = self.folder(drill).join(&segment.file);
            let bytes = Os.read(&path, MOST_READ).map_err(StoreFault::io("read", &path))?;
            // Writing to a text can't fail.
            let _ = writeln!(text, "{} sha256: {}", segment.file, Digest::of(&bytes).hex());
        }
        Ok(text)
    }

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
        let folder = self.folder(drill);
        let path = folder.join(STATEMENT);
        let statement = match Os.read(&path, MOST_BYTES) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(StoreFault::io("read", &path))?,
        };
        let names = Os.names(&folder).map_err(StoreFault::io("read", &folder))?;
        let signatures = (1..=MOST_SIGNATURES).map(signature_name).filter(|name| names.contains(name));
        Ok(Some(Seal { statement, path, signatures: signatures.map(|name| folder.join(name)).collect() }))
    }
}

fn signature_name(number: u32) -> String {
    if number <= 1 { "seal.sig".to_owned() } else { format!("seal-{number}.sig") }
}
