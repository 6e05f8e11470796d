//! What a host waits for when it hands entries over to be stored, on a disk that takes 100 ms a sync.
//!
//! `cargo bench --bench writer`. A screen is drawn 30 times a second: what `handed_to_a_thread` costs is taken from that time, and what
//! `written_by_the_caller` costs is what it would be without the thread.

#![expect(clippy::expect_used, reason = "a measurement that can not start may stop")]

use std::io;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use divan::Bencher;
use firedrill_model::event::Sample;
use firedrill_model::event::{Entry, Event, WorldEvent};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::{Audience, Author, DrillTime};
use firedrill_record::journal::Header;
use firedrill_record::journal::words::Salts;
use firedrill_record::store::{DataDir, Disk, DiskFile, Lock, Locking, Record, Recorder};

fn main() {
    divan::main();
}

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
}

fn record() -> Record {
    let drill = DrillId::new("2026-11-24-brave-otter").expect("an id");
    let scenario = ScenarioId::new("crypto-mining").expect("an id");
    let header = Header::new(drill, scenario, "", 7, "simulated", DateTime::<Utc>::UNIX_EPOCH);
    let data = DataDir::to_read(Path::new("/nowhere"));
    Record::create_on(Box::new(Slow), "/nowhere".into(), &data, header, "", Salts::new([0; 32])).expect("a record")
}

/// Samples, the most frequent of all entries.
fn entry(seq: u64) -> Entry {
    let sample = Sample { values: vec![41.25, 0.0312, 612.5, 37.0, 2.0], requests: 6125.0, failed: 2.0 };
    let (by, to, event) = (
        Author::World(firedrill_model::id::WorldId::simulated()),
        Audience::Everyone,
        Event::World(WorldEvent::Sampled(sample)),
    );
    Entry { seq, at: DrillTime(seq * 10_000_000), utc: DateTime::<Utc>::UNIX_EPOCH, by, to, source: None, event }
}

fn group(recorder: &mut Recorder, entries: u64) -> usize {
    for _ in 0..entries {
        recorder.append(&entry(recorder.next()));
    }
    recorder.flush();
    recorder.poll().len()
}

/// A sync is under way nearly all the time.
#[divan::bench(args = [1, 10, 100], sample_count = 20, sample_size = 1)]
fn handed_to_a_thread(bencher: Bencher, entries: u64) {
    let mut recorder = Recorder::thread(record(), Box::new(|| {}));
    bencher.bench_local(|| group(&mut recorder, entries));
}

#[divan::bench(args = [1, 10, 100], sample_count = 5, sample_size = 1)]
fn written_by_the_caller(bencher: Bencher, entries: u64) {
    let mut recorder = Recorder::inline(record());
    bencher.bench_local(|| group(&mut recorder, entries));
}
