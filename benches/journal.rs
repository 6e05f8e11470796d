//! What it costs to record an entry, and to read a record back.

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc};
use divan::{Bencher, counter::ItemsCount};
use firedrill_model::event::Sample;
use firedrill_model::event::{Entry, Event, WorldEvent};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::{Audience, Author, DrillTime};
use firedrill_record::journal::words::Salts;
use firedrill_record::journal::{Header, body, chained, scan};
use firedrill_record::store::{DataDir, Record};

fn main() {
    divan::main();
}

fn header() -> Header {
    let names = (DrillId::new("2026-11-24-brave-otter"), ScenarioId::new("crypto-mining"));
    let (Ok(drill), Ok(scenario)) = names else { unreachable!("both are ids") };
    Header::new(drill, scenario, "", 7, ("simulated", 1), DateTime::<Utc>::UNIX_EPOCH)
}

/// Samples, the most frequent of all entries.
fn entry(seq: u64) -> Entry {
    let sample =
        Sample { values: vec![41.25, 0.0312, 612.5, 37.0, 2.0], requests: 6125.0, failed: 2.0, by_service: Vec::new() };
    Entry {
        seq,
        at: DrillTime(seq * 10_000_000),
        utc: DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(seq).unwrap_or_default()),
        by: Author::World(firedrill_model::id::WorldId::simulated()),
        to: Audience::Everyone,
        source: None,
        event: Event::World(WorldEvent::Sampled(sample)),
    }
}

/// Entries appended and committed in groups of `group`, on the disk of the temp folder.
#[divan::bench(args = [1, 10, 100], sample_count = 20, sample_size = 5)]
fn append_and_commit(bencher: Bencher, group: u64) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let made = DataDir::open(folder.path()).and_then(|data| Record::create(&data, header(), "", Salts::new([0; 32])));
    let Ok(mut record) = made else { return };
    bencher.counter(ItemsCount::new(group)).bench_local(|| {
        for _ in 0..group {
            record.append(&entry(record.next()));
        }
        record.commit()
    });
}

/// A journal of `entries`, every hash and every entry checked.
#[divan::bench(args = [500, 20_000], sample_count = 20, sample_size = 1)]
fn scan_a_journal(bencher: Bencher, entries: u64) {
    let (mut bytes, mut head) = chained(None, &header().body());
    for seq in 0..entries {
        let (line, hash) = chained(Some(&head), &body(&entry(seq), seq));
        bytes += &line;
        head = hash;
    }
    bencher.counter(ItemsCount::new(entries)).bench_local(|| scan("journal.jsonl", black_box(bytes.as_bytes())));
}
