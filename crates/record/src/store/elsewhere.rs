//! What of a drill was recorded outside its folder, because the folder took no more: read from there, and brought home when the drill
//! is taken up again.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Os};
use super::fault::StoreFault;
use super::files::{MOST_READ, clear, segment_number, write_new};
use firedrill_model::SafeText;
use firedrill_model::id::DrillId;

/// What a file is called while it is being brought home.
const INCOMING: &str = "incoming";

/// With what the name of each private folder begins.
const OURS: &str = "firedrill-";

/// A folder for what may outlive a restart, on systems that have it (Filesystem Hierarchy Standard 3.0, section 5.15).
const VAR_TMP: &str = "/var/tmp";

/// Where a private folder is made when a drill's own takes no more: somewhere that outlives a restart, if there is such a place.
pub(super) fn fallback() -> PathBuf {
    let durable = PathBuf::from(VAR_TMP);
    if durable.is_dir() && !Os.is_in_memory(&durable) { durable } else { std::env::temp_dir() }
}

/// Where such folders may be: there, and where older programs made them.
fn places(fallback: &Path) -> Vec<PathBuf> {
    let older = (fallback == Path::new(VAR_TMP)).then(std::env::temp_dir);
    std::iter::once(fallback.to_owned()).chain(older.filter(|older| older != fallback)).collect()
}

/// Why a record goes on elsewhere, for a status line. A place that a restart takes is never chosen without a word.
pub(super) fn why(first: &SafeText, in_memory: bool) -> SafeText {
    if in_memory {
        SafeText::one_line(&format!("{first}; what is written there is in memory only, and a restart takes it"))
    } else {
        first.clone()
    }
}

/// The name of a private folder for a drill. `chance` keeps others from making it first.
pub(super) fn folder_name(drill: &DrillId, chance: &str) -> String {
    format!("{}{chance}", prefix(drill))
}

fn prefix(drill: &DrillId) -> String {
    format!("{OURS}{drill}-")
}

/// What of any drill may be outside its folder, looked up once for all of them.
#[derive(Debug)]
pub(super) struct Elsewhere {
    folders: Vec<PathBuf>,
}

impl Elsewhere {
    /// Looks for what is below `fallback`.
    pub fn below(disk: &dyn Disk, fallback: &Path) -> Self {
        let within = |place: PathBuf| {
            let names = disk.names(&place).unwrap_or_default().into_iter();
            names.filter(|name| name.starts_with(OURS)).map(move |name| place.join(name)).collect::<Vec<_>>()
        };
        Self { folders: places(fallback).into_iter().flat_map(within).collect() }
    }

    /// The private folders of a drill. One that somebody else made or can look into is none of ours.
    pub fn folders(&self, disk: &dyn Disk, drill: &DrillId) -> Vec<PathBuf> {
        let prefix = prefix(drill);
        let ours = |path: &&PathBuf| {
            // The names of other drills may begin like this one's.
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.strip_prefix(&prefix).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
        };
        self.folders.iter().filter(ours).filter(|path| disk.is_private(path)).cloned().collect()
    }

    /// All of them that are ours, of whatever drill.
    pub fn all(&self, disk: &dyn Disk) -> Vec<PathBuf> {
        self.folders.iter().filter(|path| disk.is_private(path)).cloned().collect()
    }
}

/// The private folders of a drill below `fallback`.
pub(super) fn folders(disk: &dyn Disk, fallback: &Path, drill: &DrillId) -> Vec<PathBuf> {
    Elsewhere::below(disk, fallback).folders(disk, drill)
}

/// Brings the files of the private folders into the drill's own, each whole or not at all, and then takes the folders away. One that
/// holds another file of a name that is there already is left alone.
pub(super) fn bring_home(disk: &dyn Disk, fallback: &Path, drill: &DrillId, home: &Path) -> Result<(), StoreFault> {
    for folder in folders(disk, fallback, drill) {
        let mut names = disk.names(&folder).map_err(StoreFault::io("read", &folder))?;
        names.retain(|name| segment_number(name).is_some());
        // Words and names are there before the journal that refers to them.
        names.sort_by_key(|name| name.starts_with("journal"));
        let mut missing = Vec::new();
        let mut clash = false;
        for name in &names {
            match disk.read(&home.join(name), MOST_READ) {
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => missing.push(name),
                there => clash |= there.ok() != disk.read(&folder.join(name), MOST_READ).ok(),
            }
        }
        if clash {
            continue;
        }
        for name in missing {
            copy(disk, &folder.join(name), home, name)?;
        }
        let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        clear(disk, &files);
        clear(disk, &[folder]);
    }
    Ok(())
}

fn copy(disk: &dyn Disk, from: &Path, home: &Path, name: &str) -> Result<(), StoreFault> {
    let bytes = disk.read(from, MOST_READ).map_err(StoreFault::io("read", from))?;
    let (incoming, path) = (home.join(INCOMING), home.join(name));
    clear(disk, std::slice::from_ref(&incoming));
    write_new(disk, incoming.clone(), &bytes)?;
    disk.rename(&incoming, &path).map_err(StoreFault::io("write", &path))?;
    // Each name is durable before the next one comes: a journal never stands there without its words.
    disk.sync_folder(home).map_err(StoreFault::io("sync", home))
}
