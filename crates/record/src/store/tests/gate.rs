//! A disk on which each sync of a journal waits until the test lets it go. No test sleeps.

use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::super::disk::{Disk, DiskFile, Identity, Locking};
use super::super::fake::FakeDisk;

/// How long a test waits for another thread before it fails.
pub(super) const LONG: Duration = Duration::from_secs(30);

/// What a sync that waits is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Go {
    /// To do its work.
    On,
    /// That the program has a mistake just here.
    Panic,
}

/// What the files of the disk share.
#[derive(Debug)]
struct Gate {
    /// Once shut, syncs wait.
    shut: Mutex<bool>,
    begun: Mutex<Sender<()>>,
    go: Mutex<Receiver<Go>>,
    /// Bytes of each write to a journal.
    writes: Mutex<Vec<usize>>,
}

/// The disk.
#[derive(Debug)]
pub(super) struct GatedDisk {
    disk: FakeDisk,
    gate: Arc<Gate>,
}

/// The test's end of it. Dropping it fails the syncs that wait.
#[derive(Debug)]
pub(super) struct Keys {
    begun: Receiver<()>,
    go: Sender<Go>,
    gate: Arc<Gate>,
}

#[derive(Debug)]
struct GatedFile {
    file: Box<dyn DiskFile>,
    gate: Arc<Gate>,
}

/// The same disk with a gate before its syncs, open until it is shut.
pub(super) fn gated(disk: &FakeDisk) -> (GatedDisk, Keys) {
    let (said, begun) = channel();
    let (go, wait) = channel();
    let (shut, writes) = (Mutex::new(false), Mutex::new(Vec::new()));
    let gate = Arc::new(Gate { shut, begun: Mutex::new(said), go: Mutex::new(wait), writes });
    (GatedDisk { disk: disk.clone(), gate: gate.clone() }, Keys { begun, go, gate })
}

impl Keys {
    /// From now on each sync of a journal waits.
    pub fn shut(&self) {
        *self.gate.shut.lock().unwrap() = true;
    }

    /// Lets syncs through that begin from now on.
    pub fn open(&self) {
        *self.gate.shut.lock().unwrap() = false;
    }

    /// Waits until a sync waits.
    pub fn sync_begun(&self) {
        self.begun.recv_timeout(LONG).expect("a sync begins");
    }

    /// Lets one sync through.
    pub fn go(&self, go: Go) {
        self.go.send(go).unwrap();
    }

    /// How many writes to journals there were.
    pub fn writes(&self) -> usize {
        self.gate.writes.lock().unwrap().len()
    }
}

impl DiskFile for GatedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gate.writes.lock().unwrap().push(bytes.len());
        self.file.write(bytes)
    }
    fn sync(&mut self) -> io::Result<()> {
        if *self.gate.shut.lock().unwrap() {
            self.gate.begun.lock().unwrap().send(()).map_err(io::Error::other)?;
            let go = self.gate.go.lock().unwrap().recv_timeout(LONG).map_err(io::Error::other)?;
            assert!(go == Go::On, "a mistake, as the test asked for");
        }
        self.file.sync()
    }
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.cut(length)
    }
    fn identity(&self) -> io::Result<Identity> {
        self.file.identity()
    }
}

impl GatedDisk {
    fn gated(&self, path: &Path, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let journal = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("journal"));
        if journal { Box::new(GatedFile { file, gate: self.gate.clone() }) } else { file }
    }
}

impl Disk for GatedDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.disk.make_folder(path)
    }
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.gated(path, self.disk.create(path)?))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.gated(path, self.disk.open(path)?))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.disk.sync_folder(path)
    }
    fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        self.disk.read(path, most)
    }
    fn names(&self, path: &Path) -> io::Result<Vec<String>> {
        self.disk.names(path)
    }
    fn is_private(&self, path: &Path) -> bool {
        self.disk.is_private(path)
    }
    fn identity(&self, path: &Path) -> io::Result<Identity> {
        self.disk.identity(path)
    }
    fn is_in_memory(&self, path: &Path) -> bool {
        self.disk.is_in_memory(path)
    }
    fn lock(&self, path: &Path) -> io::Result<Locking> {
        self.disk.lock(path)
    }
}
