//! What a drill of a million entries costs to open, to seek in and to search. A frame is 16 ms.
//!
//! `cargo bench --bench replay -- open` opens one from the disk, says when its first picture is there and when all of it is read, checked and
//! folded, on the clock and in processor time, how long any of 5,000 moments takes to be there, and the most memory
//! that the process took for all that. Each moment is sought five times, and the fastest counts: what else the machine did is left out. `FIREDRILL_KEEP=FOLDER` keeps the record, for `benches/peers/journal_sqlite.py` to read the same
//! from `SQLite`.

#![expect(clippy::expect_used, reason = "a bench may fail")]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use divan::Bencher;
use firedrill::host::replay::Replay;
use firedrill::library;
use firedrill_core::projection::transport::Cue;
use firedrill_core::projection::{Transport, Viewer};
use firedrill_model::event::{Entry, Event};
use firedrill_model::event::{PeopleEvent, Sample, WorldEvent};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::scenario::Scenario;
use firedrill_model::world::{Key, Source};
use firedrill_model::{Audience, Author, DrillTime, LogRecord, LogSource, LogText, RecordId, Role, SafeText, WordBook};
use firedrill_record::journal::{Header, body, chained};
use firedrill_record::store::DataDir;

const ENTRIES: u64 = 1_000_000;

#[expect(clippy::print_stdout, reason = "a bench tells its result")]
fn main() {
    divan::main();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or(" not known here");
    println!("peak memory:{peak}");
}

fn scenario() -> Arc<Scenario> {
    let (id, text) = library::built_in().first().copied().expect("there are scenarios");
    Arc::new(firedrill_authoring::check(id, text).expect("it is valid"))
}

/// As the world writes them: nine log records, then a sample.
fn entry(seq: u64, signals: usize) -> Entry {
    let at = DrillTime(seq * 100_000);
    let event = if seq.is_multiple_of(10) {
        WorldEvent::Sampled(Sample { values: vec![40.0; signals], requests: 75.0, failed: 0.0, by_service: Vec::new() })
    } else {
        let raw = format!(
            "2 111122223333 eni-0a1b2c3d 10.0.1.9 10.0.1.21 {seq} 8080 6 12 3400 1764000000 1764000060 ACCEPT OK"
        );
        let summary = format!("ACCEPT 10.0.1.9 -> 10.0.1.21:{}", seq % 60_000);
        let (summary, raw) = (SafeText::new(&summary), SafeText::new(&raw));
        WorldEvent::Logged {
            record: LogRecord::new(RecordId::of("bench", seq), LogSource::VpcFlow, at, LogText::of(summary, raw))
                .into(),
        }
    };
    let utc: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(i64::try_from(seq).unwrap_or(0) * 100);
    Entry {
        seq,
        at,
        utc,
        by: Author::World(firedrill_model::id::WorldId::simulated()),
        to: Audience::Everyone,
        source: Some(Box::new(Source { key: Key::Number(seq), happened: None })),
        event: Event::World(event),
    }
}

fn transport() -> Transport {
    let scenario = scenario();
    let entries = (0..ENTRIES).map(|seq| entry(seq, scenario.signals.len())).collect();
    let seat = Viewer::Seat("seat-1".to_owned().try_into().expect("a seat"), Role::Responder);
    Transport::new(scenario, entries, true, seat)
}

/// To places all over the drill.
#[divan::bench(sample_count = 60, sample_size = 1)]
fn seek_anywhere(bencher: Bencher<'_, '_>) {
    let mut transport = transport();
    let mut place = 0_u64;
    bencher.bench_local(|| {
        place = (place + 618_033) % ENTRIES;
        transport.seek(DrillTime(place * 100_000));
        black_box(transport.view().next_seq)
    });
}

/// One entry back: the commonest small move.
#[divan::bench(sample_count = 60, sample_size = 1)]
fn step_back(bencher: Bencher<'_, '_>) {
    let mut transport = transport();
    transport.go(usize::try_from(ENTRIES).unwrap_or(usize::MAX));
    bencher.bench_local(|| {
        transport.cue(Cue::Step(false));
        black_box(transport.view().next_seq)
    });
}

/// A record on disk, as large as one that is read may be: a dialogue that is opened and closed half a million times, and a sample in
/// every hundred entries.
fn record() -> (tempfile::TempDir, DrillId) {
    let folder = tempfile::tempdir().expect("a folder");
    let (id, text) = library::built_in().first().copied().expect("there are scenarios");
    let drill = DrillId::new("2026-11-24-brave-otter").expect("a name");
    let scenario = ScenarioId::new(id).expect("a name");
    let header =
        Header::new(drill.clone(), scenario, text, 7, ("simulated", firedrill_account::MODEL), DateTime::UNIX_EPOCH);
    let home = folder.path().join(drill.as_str());
    std::fs::create_dir(&home).expect("a folder");
    std::fs::write(home.join("scenario.toml"), text).expect("it is written");
    let mut journal = BufWriter::new(File::create(home.join("journal.jsonl")).expect("it is made"));
    let (line, mut head) = chained(None, &header.body());
    journal.write_all(line.as_bytes()).expect("it is written");
    let seat = Author::Seat("seat-1".to_owned().try_into().expect("a seat"));
    for seq in 0..ENTRIES {
        let entry = if seq.is_multiple_of(100) {
            entry(seq * 10, 3)
        } else {
            let event = Event::People(PeopleEvent::Attending { on: seq.is_multiple_of(2) });
            Entry { by: seat.clone(), source: None, event, ..entry(seq * 10, 3) }
        };
        let (line, hash) = chained(Some(&head), &body(&Entry { seq, ..entry }, seq));
        journal.write_all(line.as_bytes()).expect("it is written");
        head = hash;
    }
    journal.flush().expect("it is written");
    (folder, drill)
}

/// From the disk to the first picture and on until all is read, checked and folded with keyframes; and from there to moments all over the
/// drill.
#[divan::bench(sample_count = 5, sample_size = 1)]
#[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench tells its result")]
fn open_from_disk(bencher: Bencher<'_, '_>) {
    let (folder, drill) = record();
    let data = DataDir::to_read(folder.path());
    let cpu = || {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
    };
    let mut costs = Vec::new();
    bencher.bench_local(|| {
        let (begun, before) = (Instant::now(), cpu());
        let mut replay = Replay::begin(&data, &drill, None).expect("it opens");
        black_box(replay.view().next_seq);
        let first = (begun.elapsed(), cpu().saturating_sub(before));
        while replay.is_reading() {
            std::thread::sleep(Duration::from_millis(2));
            replay.read_on();
        }
        costs.push((first, (begun.elapsed(), cpu().saturating_sub(before))));
        assert_eq!(replay.transport().count() as u64, ENTRIES);
        replay.transport().ticks().len()
    });
    for ((first, first_cpu), (all, all_cpu)) in costs {
        println!(
            "first picture after {first:?} ({first_cpu:?} of processor time), all checked after {all:?} ({all_cpu:?})"
        );
    }
    let mut replay = Replay::open(&data, &drill, None).expect("it opens");
    let mut took: Vec<Duration> = (0..5_000_u64)
        .map(|number| {
            let place = number * 618_033 % ENTRIES;
            let tries = (0..5).map(|_| {
                replay.transport_mut().seek(DrillTime((place + ENTRIES / 2) % ENTRIES * 1_000_000));
                let begun = Instant::now();
                replay.transport_mut().seek(DrillTime(place * 1_000_000));
                black_box(replay.view().next_seq);
                begun.elapsed()
            });
            tries.min().unwrap_or_default()
        })
        .collect();
    took.sort();
    let at = |share: usize| took.get(took.len() * share / 1_000).copied().unwrap_or_default();
    println!("any of {} moments: p50 {:?}, p99 {:?}, p99.9 {:?}", took.len(), at(500), at(990), at(999));
    if let Some(kept) = std::env::var_os("FIREDRILL_KEEP") {
        std::fs::rename(folder.path().join(drill.as_str()), kept).expect("it is kept");
    }
}

/// A timeline of a million lines, searched for words that none of them holds.
#[divan::bench(sample_count = 60, sample_size = 1)]
fn search_in_vain(bencher: Bencher<'_, '_>) {
    let seat = Author::Seat("seat-1".to_owned().try_into().expect("a seat"));
    let spoken = |seq| {
        let event = Event::People(PeopleEvent::Unmarked { record: RecordId::of("bench", 0) });
        Entry { by: seat.clone(), source: None, event, ..entry(seq, 0) }
    };
    let viewer = Viewer::Seat("seat-1".to_owned().try_into().expect("a seat"), Role::Responder);
    let mut transport = Transport::new(scenario(), (0..ENTRIES).map(spoken).collect(), true, viewer);
    bencher.bench_local(|| {
        let found = transport.search("marked as evidence by nobody", &WordBook::default());
        assert!(found.is_none());
    });
}

/// A bookmark is set in the middle, and taken off.
#[divan::bench(sample_count = 30, sample_size = 1)]
fn bookmark_in_the_middle(bencher: Bencher<'_, '_>) {
    let mut transport = transport();
    let end = transport.end();
    let mut seq = ENTRIES;
    bencher.bench_local(|| {
        for on in [true, false] {
            let event = Event::People(PeopleEvent::Bookmarked { about: DrillTime(end.0 / 2), on });
            transport.observe(&Entry { seq, at: end, event, ..entry(seq, 0) });
            seq += 1;
        }
    });
}
