//! What a host waits for when it hands entries over to be stored, on a disk that takes 100 ms a sync.
//!
//! `cargo bench --bench writer`. A screen is drawn 30 times a second: what `handed_to_a_thread` costs is taken from that time, and what
//! `written_by_the_caller` costs is what it would be without the thread.

#![expect(clippy::expect_used, reason = "a measurement that can not start may stop")]

mod slow_disk;

use chrono::{DateTime, Utc};
use divan::Bencher;
use firedrill_model::event::Sample;
use firedrill_model::event::{Entry, Event, WorldEvent};
use firedrill_model::{Audience, Author, DrillTime};
use firedrill_record::store::Recorder;
use slow_disk::record;

fn main() {
    divan::main();
}

/// Samples, the most frequent of all entries.
fn entry(seq: u64) -> Entry {
    let sample =
        Sample { values: vec![41.25, 0.0312, 612.5, 37.0, 2.0], requests: 6125.0, failed: 2.0, by_service: Vec::new() };
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
