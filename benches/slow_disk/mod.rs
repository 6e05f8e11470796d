//! A disk that keeps nothing and takes 100 ms a sync, and a record on it.

use std::io;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_record::journal::Header;
use firedrill_record::journal::words::Salts;
use firedrill_record::store::{DataDir, Disk, DiskFile, Identity, Lock, Locking, Record};

const SYNC: Duration = Duration::from_millis(100);

/// A disk that keeps nothing, slowly.
#[derive(Debug, Clone, Copy)]
struct Slow;

impl Disk for Slow {
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
        true
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

impl DiskFile for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }
    fn sync(&mut self) -> io::Result<()> {
        std::thread::sleep(SYNC);
        Ok(())
    }
    fn cut(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
    fn identity(&self) -> io::Result<Identity> {
        Ok(Identity(0, 0))
    }
}

/// A record of a drill with seed 7.
pub fn record() -> Record {
    let drill = DrillId::new("2026-11-24-brave-otter").expect("an id");
    let scenario = ScenarioId::new("crypto-mining").expect("an id");
    let header = Header::new(drill, scenario, "", 7, ("simulated", 1), DateTime::<Utc>::UNIX_EPOCH);
    let data = DataDir::to_read(Path::new("/nowhere"));
    Record::create_on(Box::new(Slow), "/nowhere".into(), &data, header, "", Salts::new([0; 32])).expect("a record")
}
