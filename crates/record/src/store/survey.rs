//! What else is to be known of a data folder: who can look into it, and what in it or outside it belongs to no drill of it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::data_dir::DataDir;
use super::disk::{Disk, LOCK, Os};
use super::elsewhere::{Elsewhere, fallback};
use super::fault::StoreFault;
use super::ledger::{LEDGER, LEDGER_WORDS};
use super::listing::DrillListing;
use firedrill_model::id::DrillId;

impl DataDir {
    /// What others can look into or write to, by its rights: drills and their files at all, the folder itself where others can write.
    #[must_use]
    pub fn open_to_others(&self, drills: &[DrillListing]) -> Vec<PathBuf> {
        let within = |folder: &PathBuf| {
            let names = Os.names(folder).unwrap_or_default();
            names.into_iter().map(|name| folder.join(name)).collect::<Vec<PathBuf>>()
        };
        let folders = drills.iter().map(|listing| listing.folder.clone());
        let words = [LEDGER, LEDGER_WORDS].map(|name| self.path().join(name));
        let private = folders.clone().chain(folders.flat_map(|folder| within(&folder))).chain(words);
        let private = private.filter(|path| has_rights(path, 0o077));
        has_rights(self.path(), 0o022).then(|| self.path().to_owned()).into_iter().chain(private).collect()
    }

    /// Names in the folder that are of no drill, and that no file of the program has. `known` are those of the caller's own.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn foreign(&self, drills: &[DrillListing], known: &[&str]) -> Result<Vec<String>, StoreFault> {
        let mut names = Os.names(self.path()).map_err(StoreFault::io("read", self.path()))?;
        let is_ours =
            |name: &str| [LEDGER, LEDGER_WORDS, LOCK].contains(&name) || name.starts_with("improvements.torn");
        names.retain(|name| {
            !is_ours(name)
                && !known.contains(&name.as_str())
                && !drills.iter().any(|listing| listing.drill.as_str() == name)
        });
        Ok(names)
    }

    /// Folders outside that hold a part of a drill, because the drill's own took no more: each with the drill, if it is one of `drills`.
    #[must_use]
    pub fn parts_elsewhere(&self, drills: &[DrillListing]) -> Vec<(PathBuf, Option<DrillId>)> {
        let elsewhere = Elsewhere::below(&Os, &fallback());
        let of = |folder: &PathBuf| {
            let owner = drills.iter().find(|listing| elsewhere.folders(&Os, &listing.drill).contains(folder));
            owner.map(|listing| listing.drill.clone())
        };
        elsewhere.all(&Os).into_iter().map(|folder| (folder.clone(), of(&folder))).collect()
    }
}

fn has_rights(path: &Path, any_of: u32) -> bool {
    path.symlink_metadata().is_ok_and(|is| !is.is_symlink() && is.permissions().mode() & any_of != 0)
}
