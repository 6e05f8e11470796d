//! Which files are to be checked: those that are named, and those in the folders that are named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::exit::Failure;
use super::super::place::{self, SCENARIO};
use firedrill_model::shown;

/// Files that are checked in one go at most.
const MOST: usize = 2_000;

/// A file to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCheck {
    /// Where it is.
    pub path: PathBuf,
    /// It was found in a folder. Links are not followed then: a stranger's folder leads to no file of ours.
    pub found: bool,
}

/// All files, a scenario before its scripts.
///
/// # Errors
/// When a folder can't be read, holds nothing to check, or there are too many files.
pub fn of(named: &[PathBuf]) -> Result<Vec<ToCheck>, Failure> {
    let mut files: Vec<ToCheck> = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(ToCheck { path: path.clone(), found: false });
            continue;
        }
        let inside = entries(path)?;
        let mut here: Vec<PathBuf> = toml_of(&inside);
        // A folder of scenarios: each in a folder of its own.
        for folder in inside.iter().filter(|entry| entry.is_dir()) {
            if folder.join(SCENARIO).symlink_metadata().is_ok() {
                here.extend(toml_of(&entries(folder)?));
            }
        }
        if here.is_empty() {
            return Err(Failure::Outside(shown!(
                "failed to check {}: there is no .toml file in it, nor a folder with a {}",
                place::shown(path),
                SCENARIO
            )));
        }
        files.extend(here.into_iter().map(|path| ToCheck { path, found: true }));
        if files.len() > MOST {
            return Err(Failure::Usage(shown!("these are more than {} files; name fewer folders at once", MOST)));
        }
    }
    // A file that is named by itself and with its folder is checked once.
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.path.clone()));
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries =
        fs::read_dir(folder).map_err(|error| Failure::outside(&shown!("read {}", place::shown(folder)), &error))?;
    // More than can be checked are not even remembered.
    let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).take(10 * MOST).collect();
    inside.sort();
    Ok(inside)
}

/// The TOML files among `entries`, the scenario first.
fn toml_of(entries: &[PathBuf]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        entries.iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml")).cloned().collect();
    files.sort_by_key(|path| !path.ends_with(SCENARIO));
    files
}
