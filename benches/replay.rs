//! What a seek costs in a drill of a million entries. A frame is 16 ms.

#![expect(clippy::expect_used, reason = "a bench may fail")]

use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use divan::Bencher;
use firedrill::domain::{Audience, Author, DrillTime, LogRecord, LogSource, Role, SafeText};
use firedrill::drill::event::{Sample, WorldEvent};
use firedrill::drill::{Entry, Event};
use firedrill::projection::transport::Cue;
use firedrill::projection::{Transport, Viewer};
use firedrill::scenario::{self, Scenario, library};

const ENTRIES: u64 = 1_000_000;

fn main() {
    divan::main();
}

fn scenario() -> Arc<Scenario> {
    let (id, text) = library::built_in().first().copied().expect("there are scenarios");
    Arc::new(scenario::check(id, text).expect("it is valid"))
}

/// As the world writes them: nine log records, then a sample.
fn entry(seq: u64, signals: usize) -> Entry {
    let at = DrillTime(seq * 100_000);
    let event = if seq.is_multiple_of(10) {
        WorldEvent::Sampled(Sample { values: vec![40.0; signals], requests: 75.0, failed: 0.0 })
    } else {
        let raw = format!(
            "2 111122223333 eni-0a1b2c3d 10.0.1.9 10.0.1.21 {seq} 8080 6 12 3400 1764000000 1764000060 ACCEPT OK"
        );
        let summary = format!("ACCEPT 10.0.1.9 -> 10.0.1.21:{}", seq % 60_000);
        let (summary, raw) = (SafeText::new(&summary), SafeText::new(&raw));
        WorldEvent::Logged { record: LogRecord { source: LogSource::VpcFlow, happened: at, summary, raw } }
    };
    let utc: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(i64::try_from(seq).unwrap_or(0) * 100);
    Entry { seq, at, utc, by: Author::World, to: Audience::Everyone, event: Event::World(event) }
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
        transport.cue(Cue::Seek(DrillTime(place * 100_000)));
        black_box(transport.view().next_seq)
    });
}

/// To the place farthest behind a keyframe, in the last part, where a view holds most.
#[divan::bench(sample_count = 60, sample_size = 1)]
fn seek_at_worst(bencher: Bencher<'_, '_>) {
    let mut transport = transport();
    let gap = usize::try_from(ENTRIES).unwrap_or(usize::MAX).div_ceil(firedrill::projection::transport::MAX_FRAMES);
    let worst = gap * (firedrill::projection::transport::MAX_FRAMES - 1) - 1;
    bencher.bench_local(|| {
        transport.go(0);
        transport.go(worst);
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
