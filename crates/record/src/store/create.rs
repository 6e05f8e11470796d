//! Beginning a record: a new folder with everything in it, or nothing at all.

use std::io;
use std::path::{Path, PathBuf};

use super::data_dir::DataDir;
use super::disk::{Disk, LOCK, Lock, Locking, Nowhere, Os};
use super::elsewhere::fallback;
use super::fault::StoreFault;
use super::files::{SCENARIO, Segment, clear, journal_name, write_new};
use super::keeper::Home;
use super::pending::Tip;
use super::record::Record;
use crate::journal::words::Salts;
use crate::journal::{Digest, Header, chained};
use firedrill_model::id::DrillId;

impl Record {
    /// Begins a new drill: makes its folder, stores the scenario and the header.
    ///
    /// # Errors
    /// When the name is taken, or the disk says no. Nothing is left behind then.
    pub fn create(data: &DataDir, header: Header, scenario_toml: &str, salts: Salts) -> Result<Self, StoreFault> {
        Self::create_on(Box::new(Os), fallback(), data, header, scenario_toml, salts)
    }

    /// A record that lives in memory only.
    #[must_use]
    pub fn in_memory(header: Header) -> Self {
        let (line, head) = chained(None, &header.body());
        let segment = Segment::create(&Nowhere, Path::new(""), 1, &line).ok();
        let (folder, fallback) = (PathBuf::new(), PathBuf::new());
        let home = Home { disk: Box::new(Nowhere), _lock: Lock::for_show(), folder, fallback, elsewhere: None };
        let tip = Tip { path: journal_name(1).into(), head, next: 0, bytes: line.len() as u64 };
        Self::after(tip, home, header, segment, 1, Salts::new([0; 32]))
    }

    /// Begins a new drill on a disk of the caller's choice. A private folder is made in `fallback` when the drill's own takes no more.
    ///
    /// # Errors
    /// As for [`Record::create`].
    pub fn create_on(
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
            io::ErrorKind::AlreadyExists => StoreFault::NameTaken { drill: header.drill.clone() },
            _ => StoreFault::io("make the drill's folder", &folder)(fault),
        })?;
        let (line, head) = chained(None, &header.body());
        let begun = begin(disk.as_ref(), data, &header.drill, scenario_toml, &line);
        let (lock, segment) = begun.inspect_err(|_| {
            clear(disk.as_ref(), &[folder.join(SCENARIO), folder.join(LOCK), folder.clone()]);
        })?;
        let tip = Tip { path: folder.join(journal_name(1)), head, next: 0, bytes: line.len() as u64 };
        let home = Home { disk, _lock: lock, folder, fallback, elsewhere: None };
        Ok(Self::after(tip, home, header, Some(segment), 1, salts))
    }
}

/// Fills a drill's new folder. The journal comes last: a folder without one is no drill.
fn begin(
    disk: &dyn Disk,
    data: &DataDir,
    drill: &DrillId,
    scenario_toml: &str,
    header_line: &str,
) -> Result<(Lock, Segment), StoreFault> {
    let folder = data.folder(drill);
    let lock = take_lock(disk, &folder, drill)?;
    write_new(disk, folder.join(SCENARIO), scenario_toml.as_bytes())?;
    let segment = Segment::create(disk, &folder, 1, header_line)?;
    disk.sync_folder(data.path()).map_err(StoreFault::io("sync", data.path()))?;
    Ok((lock, segment))
}

pub(super) fn take_lock(disk: &dyn Disk, folder: &Path, drill: &DrillId) -> Result<Lock, StoreFault> {
    holder_of(disk, folder, |pid| StoreFault::Locked { drill: drill.clone(), pid })
}

/// Takes the lock of a folder, or says in the words of `held` who has it.
pub(super) fn holder_of(
    disk: &dyn Disk,
    folder: &Path,
    held: impl FnOnce(Option<u32>) -> StoreFault,
) -> Result<Lock, StoreFault> {
    match disk.lock(folder).map_err(StoreFault::io("lock", folder))? {
        Locking::Held(lock) => Ok(lock),
        Locking::HeldBy(pid) => Err(held(pid)),
    }
}
