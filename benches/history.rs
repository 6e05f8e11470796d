//! What it costs to look back on thousands of drills.

use std::path::Path;

use chrono::{DateTime, Utc};
use divan::{Bencher, counter::ItemsCount};
use firedrill::domain::id::{DrillId, ScenarioId};
use firedrill::domain::{Audience, Author, DrillTime};
use firedrill::drill::event::Sample;
use firedrill::drill::{Entry, Event, WorldEvent};
use firedrill::journal::{Header, body, chained};
use firedrill::projection::history::history;
use firedrill::runner::past::look_back;
use firedrill::scenario::library;
use firedrill::store::DataDir;

fn main() {
    divan::main();
}

/// Drills in the data folder: a team that drills every working day has as many after eight years.
const DRILLS: u64 = 2_000;
/// Entries of each journal. Only its ends are read.
const ENTRIES: u64 = 100;

fn entry(seq: u64) -> Entry {
    let sample = Sample { values: vec![41.25, 0.0312, 612.5, 37.0, 2.0], requests: 6125.0, failed: 2.0 };
    let event = Event::World(WorldEvent::Sampled(sample));
    let (at, utc) = (DrillTime(seq * 10_000_000), DateTime::<Utc>::UNIX_EPOCH);
    Entry { seq, at, utc, by: Author::World, to: Audience::Everyone, event }
}

/// A drill's folder with a journal of its own.
fn drill(data: &Path, number: u64, bodies: &[String]) -> Option<()> {
    let (id, scenario) = *library::built_in().first()?;
    let name = DrillId::new(&format!("2026-01-01-drill-{number}")).ok()?;
    let folder = data.join(name.as_str());
    let header =
        Header::new(name, ScenarioId::new(id).ok()?, scenario, number, "simulated", DateTime::<Utc>::UNIX_EPOCH);
    let (mut journal, mut head) = chained(None, &header.body());
    for body in bodies {
        let (line, next) = chained(Some(&head), body);
        journal += &line;
        head = next;
    }
    std::fs::create_dir(&folder).ok()?;
    std::fs::write(folder.join("scenario.toml"), scenario).ok()?;
    std::fs::write(folder.join("journal.jsonl"), journal).ok()
}

/// All drills listed and put side by side, from their summaries.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn look_back_on_2000_drills(bencher: Bencher) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let bodies: Vec<String> = (0..ENTRIES).map(|seq| body(&entry(seq), seq)).collect();
    for number in 0..DRILLS {
        drill(folder.path(), number, &bodies);
    }
    let data = DataDir::to_read(folder.path());
    // The first look makes the summaries.
    let made = look_back(&data, usize::MAX).map(|past| past.made_anew());
    assert!(made.is_ok_and(|made| made == usize::try_from(DRILLS).unwrap_or_default()));
    let today = DateTime::<Utc>::UNIX_EPOCH.date_naive();
    bencher.counter(ItemsCount::new(DRILLS)).bench_local(|| {
        let past = look_back(&data, 0).unwrap_or_default();
        history(past.outlines().cloned().collect(), &[], today, 90)
    });
}
