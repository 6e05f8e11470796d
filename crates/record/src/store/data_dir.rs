//! The data folder: one folder a drill in it. What else is in it is left alone.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::disk::{Disk, Os};
use super::fault::StoreFault;
use super::summary::write_summary;
use crate::journal::spoken;
use firedrill_model::id::DrillId;

/// Drills of one day that may be named before a name is refused.
const MOST_OF_A_NAME: u32 = 99;

/// A data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// The data folder at `path`, made for its owner only if it isn't there.
    ///
    /// # Errors
    /// When it can't be made, is no folder, or can't be written to.
    pub fn open(path: &Path) -> Result<Self, StoreFault> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(StoreFault::io("make the data folder", path))?;
        rustix::fs::access(path, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
            .map_err(|fault| StoreFault::io("write to the data folder", path)(fault.into()))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The data folder at `path`, to read only. It may be missing: then it holds no drills.
    #[must_use]
    pub fn to_read(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A small file of the data folder's own, whole; none where it isn't there.
    ///
    /// # Errors
    /// When it can't be read, or has more than `most` bytes.
    pub fn small_file(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, StoreFault> {
        let path = self.path().join(name);
        match Os.read(&path, most) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            bytes => bytes.map(Some).map_err(StoreFault::io("read", &path)),
        }
    }

    /// The folder of a drill. An id holds no separator and doesn't begin with a dot, so it stays inside.
    #[must_use]
    pub fn folder(&self, drill: &DrillId) -> PathBuf {
        self.path.join(drill.as_str())
    }

    /// Stores the summary of a drill that isn't open for writing.
    ///
    /// # Errors
    /// When the disk says no. A summary is a cache: readers do without.
    pub fn write_summary(&self, drill: &DrillId, json: &str) -> Result<(), StoreFault> {
        write_summary(&Os, &self.folder(drill), json)
    }

    /// A name for a new drill that no other has, such as `2026-11-24-brave-otter`. `chance` is a random number.
    ///
    /// # Errors
    /// When very many drills have it already.
    pub fn fresh_name(&self, date: NaiveDate, chance: u64) -> Result<DrillId, StoreFault> {
        let bad_date = |_| StoreFault::io("name the drill", &self.path)(std::io::ErrorKind::InvalidInput.into());
        let name = spoken::drill_name(date, chance).map_err(bad_date)?;
        let numbered = (2..=MOST_OF_A_NAME).filter_map(|n| DrillId::new(&format!("{name}-{n}")).ok());
        std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| self.folder(name).symlink_metadata().is_err())
            .ok_or(StoreFault::NameTaken { drill: name })
    }
}
