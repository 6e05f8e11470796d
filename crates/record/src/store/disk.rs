//! The seam between the record and the disk: few operations, so that tests can make each of them fail.

use std::fmt::Debug;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::process::geteuid;

/// What the record asks of a disk. No operation follows a link in the last part of its path.
#[expect(clippy::missing_errors_doc, reason = "each gives what the system says")]
pub trait Disk: Debug + Send {
    /// Makes a folder for its owner only. An existing one is an error.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes a file for its owner only, to append to. An existing one is an error.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file to append to.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Takes a file or an empty folder away.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Gives a file another name, in place of what has that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Makes names in a folder durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Reads a whole file of at most `most` bytes.
    fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>>;
    /// The names in a folder, sorted. Names that are no UTF-8 are none of ours.
    fn names(&self, path: &Path) -> io::Result<Vec<String>>;
    /// Says whether a folder is ours and nobody else can look into it.
    fn is_private(&self, path: &Path) -> bool;
    /// What a path leads to.
    fn identity(&self, path: &Path) -> io::Result<Identity>;
    /// Says whether what is written there is gone after a restart, because it is kept in memory.
    fn is_in_memory(&self, path: &Path) -> bool;
    /// Takes the lock of a folder, or says who holds it.
    fn lock(&self, path: &Path) -> io::Result<Locking>;
}

/// An open file.
#[expect(clippy::missing_errors_doc, reason = "each gives what the system says")]
pub trait DiskFile: Debug + Send {
    /// One write at the end of the file. May write less.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Makes what was written durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file to a length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Which file it is, whatever its path leads to by now.
    fn identity(&self) -> io::Result<Identity>;
}

/// A file among all files of a machine: its device and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(pub u64, pub u64);

/// What came of asking for a lock.
#[derive(Debug)]
pub enum Locking {
    /// Held until the guard is dropped.
    Held(Lock),
    /// Another program holds it: this one, if it says so.
    HeldBy(Option<u32>),
}

/// A held lock.
#[derive(Debug)]
pub struct Lock {
    file: Option<File>,
}

impl Drop for Lock {
    /// Gives the lock back at once: closing the file would not while a program that is just being started still has it.
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            // What can't be unlocked is unlocked when the file is closed.
            let _ = file.unlock();
        }
    }
}

impl Lock {
    /// A lock that keeps nobody out, for a disk that nobody else sees.
    #[must_use]
    pub fn for_show() -> Self {
        Self { file: None }
    }
}

/// The name of the lock's file.
pub(super) const LOCK: &str = "lock";

/// The disk of this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Os;

/// Who writes to a drill now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenBy {
    /// Its process, if it left its number. It may be this one.
    pub process: Option<u32>,
}

/// Says who holds the lock of a folder by now: a program, and which if it says so. A look, which keeps nobody out.
pub(super) fn held_by(folder: &Path) -> Option<OpenBy> {
    let mut options = OpenOptions::new();
    let mut file = options.read(true).custom_flags(guarded()).open(folder.join(LOCK)).ok()?;
    regular(&file).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(16).read_to_string(&mut text));
            Some(OpenBy { process: text.trim().parse().ok() })
        }
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

/// Open flags that keep a link or a pipe in a file's place from leading us elsewhere or making us wait.
pub(super) fn guarded() -> i32 {
    (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed()
}

impl Disk for Os {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        Ok(Box::new(options.append(true).create_new(true).mode(0o600).custom_flags(guarded()).open(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().append(true).custom_flags(guarded()).open(path)?;
        regular(&file)?;
        Ok(Box::new(file))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let file = OpenOptions::new().read(true).custom_flags(guarded()).open(path)?;
        regular(&file)?;
        let mut bytes = Vec::new();
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    }

    fn names(&self, path: &Path) -> io::Result<Vec<String>> {
        if !fs::symlink_metadata(path)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(path)? {
            names.extend(entry?.file_name().into_string());
        }
        names.sort();
        Ok(names)
    }

    fn is_private(&self, path: &Path) -> bool {
        let ours = |is: &fs::Metadata| is.is_dir() && is.uid() == geteuid().as_raw() && is.mode().trailing_zeros() >= 6;
        fs::symlink_metadata(path).is_ok_and(|is| ours(&is))
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        let is = fs::symlink_metadata(path)?;
        Ok(Identity(is.dev(), is.ino()))
    }

    fn is_in_memory(&self, path: &Path) -> bool {
        in_memory(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Locking> {
        let path: PathBuf = path.join(LOCK);
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(guarded());
        let mut file = options.open(path)?;
        regular(&file)?;
        match file.try_lock() {
            Ok(()) => {
                // Who holds it is for a message only: on a full disk the lock counts all the same.
                let _ = file.set_len(0).and_then(|()| file.write_all(std::process::id().to_string().as_bytes()));
                Ok(Locking::Held(Lock { file: Some(file) }))
            }
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let _ = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(16).read_to_string(&mut text));
                Ok(Locking::HeldBy(text.trim().parse().ok()))
            }
            Err(TryLockError::Error(fault)) => Err(fault),
        }
    }
}

/// Whether a folder is on a file system that lives in memory. Only Linux says so.
#[cfg(target_os = "linux")]
fn in_memory(path: &Path) -> bool {
    /// `TMPFS_MAGIC` and `RAMFS_MAGIC` of statfs(2).
    const IN_MEMORY: [u64; 2] = [0x0102_1994, 0x8584_58f6];
    rustix::fs::statfs(path).is_ok_and(|is| IN_MEMORY.contains(&(is.f_type.cast_unsigned() & 0xffff_ffff)))
}

#[cfg(not(target_os = "linux"))]
fn in_memory(_: &Path) -> bool {
    false
}

pub(super) fn regular(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() { Ok(()) } else { Err(io::Error::other("it is not a regular file")) }
}

impl DiskFile for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(self, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn identity(&self) -> io::Result<Identity> {
        let is = self.metadata()?;
        Ok(Identity(is.dev(), is.ino()))
    }
}

/// A disk that keeps nothing: for a record that only lives in memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nowhere;

impl Disk for Nowhere {
    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn create(&self, _: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(Self))
    }
    fn open(&self, _: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(Self))
    }
    fn remove(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn read(&self, _: &Path, _: u64) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }
    fn names(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
    fn is_private(&self, _: &Path) -> bool {
        false
    }
    fn identity(&self, _: &Path) -> io::Result<Identity> {
        Ok(Identity(0, 0))
    }
    fn is_in_memory(&self, _: &Path) -> bool {
        false
    }
    fn lock(&self, _: &Path) -> io::Result<Locking> {
        Ok(Locking::Held(Lock::for_show()))
    }
}

impl DiskFile for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn cut(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
    fn identity(&self) -> io::Result<Identity> {
        Ok(Identity(0, 0))
    }
}
