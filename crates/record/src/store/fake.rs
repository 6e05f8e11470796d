//! A disk for tests. It forgets what was not synced, and does it as real ones do: all of it, all after some byte, with zeros
//! in place of some writes. Any of its calls can be made to fail.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use rustix::io::Errno;

use super::disk::{Disk, DiskFile, Identity, Lock, Locking};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// An error of the device. Half of a write arrives; what a sync was to store is lost although it can still be read.
    Eio,
    /// The disk is full. Half of a write arrives.
    Enospc,
    /// A signal came in between; nothing was done.
    Eintr,
    /// Half of a write arrives and no error is told.
    Short,
    /// The power is off, from here on.
    Off,
}

/// From which call on, and for how many calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub trouble: Trouble,
    pub from: usize,
    pub calls: usize,
}

#[derive(Debug, Clone)]
enum Change {
    Write(Vec<u8>),
    Cut(u64),
}

#[derive(Debug, Clone, Default)]
struct Stored {
    durable: Vec<u8>,
    pending: Vec<Change>,
    /// Its name was synced with its folder.
    named: bool,
    /// A sync went wrong: later ones say they worked and store nothing.
    poisoned: bool,
    /// Tells it from every other file that has its name in turn.
    number: u64,
}

impl Stored {
    fn visible(&self) -> Vec<u8> {
        self.pending.iter().fold(self.durable.clone(), |mut bytes, change| {
            match change {
                Change::Write(added) => bytes.extend(added),
                Change::Cut(length) => bytes.truncate(usize::try_from(*length).unwrap()),
            }
            bytes
        })
    }
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<PathBuf, Stored>,
    /// Files that were taken away since their folder was synced.
    ghosts: BTreeMap<PathBuf, Stored>,
    /// Files that another one was put in place of since their folder was synced: the power may bring them back.
    replaced: BTreeMap<PathBuf, Stored>,
    folders: Vec<PathBuf>,
    /// Files that were made so far.
    made: u64,
    calls: usize,
    plan: Option<Plan>,
    /// Files that were written or synced after one of their syncs or writes went wrong.
    reused: Vec<PathBuf>,
    failed: Vec<PathBuf>,
}

/// The disk. Clones are the same disk.
#[derive(Debug, Clone, Default)]
pub(super) struct FakeDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct FakeFile {
    disk: FakeDisk,
    path: PathBuf,
    number: u64,
}

/// The figures of one seed: splitmix64.
#[derive(Debug, Clone)]
pub(super) struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound.max(1) as u64).unwrap()
    }
}

impl FakeDisk {
    pub fn with(plan: Plan) -> Self {
        let disk = Self::default();
        disk.plan(plan);
        disk
    }

    /// From now on this goes wrong.
    pub fn plan(&self, plan: Plan) {
        self.state().plan = Some(plan);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// How many calls were made.
    pub fn calls(&self) -> usize {
        self.state().calls
    }

    /// Nothing goes wrong any more.
    pub fn mend(&self) {
        self.state().plan = None;
    }

    /// Files that were used again after an error.
    pub fn reused(&self) -> Vec<PathBuf> {
        self.state().reused.clone()
    }

    /// Makes a folder without a call.
    pub fn add_folder(&self, path: &str) {
        self.state().folders.push(path.into());
    }

    /// Files in which a text can be found.
    pub fn holding(&self, text: &str) -> Vec<PathBuf> {
        let state = self.state();
        let holds = |file: &Stored| String::from_utf8_lossy(&file.visible()).contains(text);
        state.files.iter().filter(|(_, file)| holds(file)).map(|(path, _)| path.clone()).collect()
    }

    /// What can be read of each file.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.state().files.iter().map(|(path, file)| (path.clone(), file.visible())).collect()
    }

    /// The disk after the power went: synced bytes are there, the rest as chance has it.
    pub fn after_power_cut(&self, chance: &mut Chance) -> Self {
        let state = self.state();
        let mut files = BTreeMap::new();
        let ghosts = state.ghosts.iter().filter(|(path, _)| !state.files.contains_key(*path));
        let back: Vec<_> = ghosts.filter(|(_, file)| file.named && chance.below(2) == 0).collect();
        for (path, file) in state.files.iter().chain(back) {
            if let Some(old) = state.replaced.get(path).filter(|_| chance.below(2) == 0) {
                files.insert(path.clone(), Stored { durable: survivor(old, chance), named: true, ..Stored::default() });
            } else if state.replaced.contains_key(path) || file.named || chance.below(2) == 0 {
                let durable = survivor(file, chance);
                files.insert(path.clone(), Stored { durable, named: true, ..Stored::default() });
            }
        }
        let folders = state.folders.clone();
        Self(Arc::new(Mutex::new(State { files, folders, ..State::default() })))
    }

    /// Counts a call, and says what goes wrong with it.
    fn call(&self, path: &Path) -> Option<Trouble> {
        let mut state = self.state();
        let now = state.calls;
        state.calls += 1;
        let plan = state.plan?;
        let hit = now >= plan.from && now < plan.from.saturating_add(plan.calls);
        if hit && matches!(plan.trouble, Trouble::Eio | Trouble::Enospc) {
            state.failed.push(path.to_owned());
        }
        hit.then_some(plan.trouble)
    }

    /// The same for calls that either work or don't.
    fn simple_call(&self, path: &Path) -> io::Result<()> {
        match self.call(path) {
            None | Some(Trouble::Short) => Ok(()),
            Some(trouble) => Err(error(trouble)),
        }
    }

    fn note_reuse(&self, path: &Path) {
        let mut state = self.state();
        if state.failed.iter().any(|failed| failed == path) {
            state.reused.push(path.to_owned());
        }
    }
}

fn error(trouble: Trouble) -> io::Error {
    match trouble {
        Trouble::Enospc => Errno::NOSPC.into(),
        Trouble::Eintr => Errno::INTR.into(),
        Trouble::Eio | Trouble::Short | Trouble::Off => Errno::IO.into(),
    }
}

/// What of a file is left after a power cut.
fn survivor(file: &Stored, chance: &mut Chance) -> Vec<u8> {
    let mode = if file.poisoned { 0 } else { chance.below(6) };
    let whole = file.visible();
    let cut = file.pending.iter().any(|change| matches!(change, Change::Cut(_)));
    if mode == 0 || (cut && mode != 3) {
        return file.durable.clone();
    }
    let kept = file.durable.len() + chance.below(whole.len().saturating_sub(file.durable.len()) + 1);
    match mode {
        1 => whole[..kept.min(whole.len())].to_vec(),
        2 => {
            let mut bytes = whole;
            bytes.iter_mut().skip(kept).for_each(|byte| *byte = 0);
            bytes
        }
        3 => whole,
        4 => {
            // What isn't written is at least a block of the disk: a hole is never a single byte.
            let hole = kept + 2 + chance.below(400);
            let mut bytes = whole;
            bytes.iter_mut().take(hole).skip(kept).for_each(|byte| *byte = 0);
            bytes
        }
        _ => {
            let zeroed = chance.below(file.pending.len().max(1));
            let mut bytes = file.durable.clone();
            for (index, change) in file.pending.iter().enumerate() {
                let Change::Write(added) = change else { continue };
                if index == zeroed { bytes.resize(bytes.len() + added.len(), 0) } else { bytes.extend(added) }
            }
            bytes
        }
    }
}

impl Disk for FakeDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.simple_call(path)?;
        let mut state = self.state();
        if state.folders.iter().any(|folder| folder == path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.folders.push(path.to_owned());
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.simple_call(path)?;
        let mut state = self.state();
        if state.files.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.made += 1;
        let number = state.made;
        state.files.insert(path.to_owned(), Stored { number, ..Stored::default() });
        Ok(Box::new(FakeFile { disk: self.clone(), path: path.to_owned(), number }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.simple_call(path)?;
        let number = self.state().files.get(path).ok_or(io::ErrorKind::NotFound)?.number;
        Ok(Box::new(FakeFile { disk: self.clone(), path: path.to_owned(), number }))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.simple_call(path)?;
        let mut state = self.state();
        if let Some(file) = state.files.remove(path) {
            state.ghosts.insert(path.to_owned(), file);
        }
        state.folders.retain(|folder| folder != path);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.simple_call(from)?;
        let mut state = self.state();
        let file = state.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        let old = state.files.insert(to.to_owned(), file);
        if let Some(old) = old.filter(|old| old.named) {
            state.replaced.entry(to.to_owned()).or_insert(old);
        }
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.simple_call(path)?;
        let mut state = self.state();
        state.files.iter_mut().filter(|(file, _)| file.parent() == Some(path)).for_each(|(_, file)| file.named = true);
        state.ghosts.retain(|file, _| file.parent() != Some(path));
        state.replaced.retain(|file, _| file.parent() != Some(path));
        Ok(())
    }

    fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let bytes = self.state().files.get(path).ok_or(io::ErrorKind::NotFound)?.visible();
        if bytes.len() as u64 > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    }

    fn names(&self, path: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        let known = path == Path::new("/tmp") || state.folders.iter().any(|folder| folder == path);
        if !known {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = state.files.keys().chain(&state.folders).filter(|file| file.parent() == Some(path));
        Ok(inside.map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect())
    }

    fn is_private(&self, path: &Path) -> bool {
        self.state().folders.iter().any(|folder| folder == path)
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        self.state().files.get(path).map(|file| Identity(0, file.number)).ok_or(io::ErrorKind::NotFound.into())
    }

    fn is_in_memory(&self, path: &Path) -> bool {
        path.starts_with("/memory")
    }

    fn lock(&self, _: &Path) -> io::Result<Locking> {
        Ok(Locking::Held(Lock::for_show()))
    }
}

impl DiskFile for FakeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.note_reuse(&self.path);
        let trouble = self.disk.call(&self.path);
        let arrives = match trouble {
            None => bytes.len(),
            Some(Trouble::Short) => bytes.len().div_ceil(2),
            Some(Trouble::Eio | Trouble::Enospc) => bytes.len() / 2,
            Some(Trouble::Eintr | Trouble::Off) => 0,
        };
        if let Some(file) = self.disk.state().files.get_mut(&self.path) {
            file.pending.push(Change::Write(bytes[..arrives].to_vec()));
        }
        match trouble {
            None | Some(Trouble::Short) => Ok(arrives),
            Some(trouble) => Err(error(trouble)),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.note_reuse(&self.path);
        let trouble = self.disk.call(&self.path).filter(|trouble| *trouble != Trouble::Short);
        if let Some(file) = self.disk.state().files.get_mut(&self.path) {
            file.poisoned |= trouble == Some(Trouble::Eio);
            if trouble.is_none() && !file.poisoned {
                file.durable = file.visible();
                file.pending.clear();
            }
        }
        trouble.map_or(Ok(()), |trouble| Err(error(trouble)))
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.disk.simple_call(&self.path)?;
        if let Some(file) = self.disk.state().files.get_mut(&self.path) {
            file.pending.push(Change::Cut(length));
        }
        Ok(())
    }

    fn identity(&self) -> io::Result<Identity> {
        Ok(Identity(0, self.number))
    }
}
