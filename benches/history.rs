//! What it costs to look back on thousands of drills: in the lobby, in the history, and where no summary is there.

use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use divan::{Bencher, counter::ItemsCount};
use firedrill::host::desk::{Desk, Offer};
use firedrill::host::past::look_back;
use firedrill::host::{lobby, overview};
use firedrill::library;
use firedrill::tui::HistoryView;
use firedrill_model::event::{DrillEvent, Entry, Event, WorldEvent};
use firedrill_model::event::{PeopleEvent, PhaseCause, Sample};
use firedrill_model::id::{DrillId, ScenarioId, SeatId};
use firedrill_model::{Audience, Author, DrillTime, Phase};
use firedrill_record::journal::words::Word;
use firedrill_record::journal::{Header, body, chained};
use firedrill_record::store::DataDir;

fn main() {
    divan::main();
}

/// Drills in the data folder: a team that drills every working day has as many after twenty years.
const DRILLS: u32 = 5_000;
/// Samples in each journal. Only its ends are read where there is a summary.
const SAMPLES: u64 = 100;

/// The day on which the drills are looked at: all of them are old enough for a proposal to erase.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2030, 1, 1).unwrap_or_default()
}

fn entry(seq: u64, by: Author, event: Event) -> Entry {
    let (at, utc) = (DrillTime(seq * 10_000_000), DateTime::<Utc>::UNIX_EPOCH);
    Entry { seq, at, utc, by, to: Audience::Everyone, source: None, event }
}

/// Samples, a phase in which figures count, and an improvement whose words are beside the journal.
fn entries(what: &Word) -> Vec<Entry> {
    let sample = || Sample {
        values: vec![41.25, 0.0312, 612.5, 37.0, 2.0],
        requests: 6125.0,
        failed: 2.0,
        by_service: Vec::new(),
    };
    let mut all: Vec<Entry> = (0..SAMPLES)
        .map(|seq| {
            entry(
                seq,
                Author::World(firedrill_model::id::WorldId::simulated()),
                Event::World(WorldEvent::Sampled(sample())),
            )
        })
        .collect();
    let phase = DrillEvent::PhaseEntered { phase: Phase::Verify, because: PhaseCause::Said };
    all.push(entry(SAMPLES, Author::Drill, Event::Drill(phase)));
    let improvement = PeopleEvent::Improvement { what: what.seal(), owner: None, due: None };
    let seat = SeatId::new("seat-1").map_or(Author::Drill, Author::Seat);
    all.push(entry(SAMPLES + 1, seat, Event::People(improvement)));
    all
}

/// A drill's folder with a journal of its own.
fn drill(data: &Path, number: u32, bodies: &[String], words: &str) -> Option<()> {
    let (id, scenario) = *library::built_in().get(number as usize % library::built_in().len())?;
    let day = NaiveDate::from_num_days_from_ce_opt(735_000 + i32::try_from(number).ok()?)?;
    let name = DrillId::new(&format!("{day}-brave-otter")).ok()?;
    let folder = data.join(name.as_str());
    let epoch = day.and_hms_opt(9, 0, 0)?.and_utc();
    let header = Header::new(
        name,
        ScenarioId::new(id).ok()?,
        scenario,
        number.into(),
        ("simulated", firedrill_account::MODEL),
        epoch,
    );
    let (mut journal, mut head) = chained(None, &header.body());
    for body in bodies {
        let (line, next) = chained(Some(&head), body);
        journal += &line;
        head = next;
    }
    fs::create_dir(&folder).ok()?;
    fs::write(folder.join("scenario.toml"), scenario).ok()?;
    fs::write(folder.join("words.jsonl"), words).ok()?;
    fs::write(folder.join("journal.jsonl"), journal).ok()
}

/// A data folder of many drills, without summaries, and the scenarios on offer.
fn many() -> Option<(tempfile::TempDir, Desk, Vec<Offer>)> {
    let folder = tempfile::tempdir().ok()?;
    fs::write(folder.path().join("settings.toml"), "retention-days = 365\n").ok()?;
    let what = Word { reference: 1, salt: "0".repeat(32), text: "Scale out before isolating".into() };
    let bodies: Vec<String> = entries(&what).iter().map(|entry| body(entry, 0)).collect();
    for number in 0..DRILLS {
        drill(folder.path(), number, &bodies, &what.line())?;
    }
    let desk = Desk { data: DataDir::to_read(folder.path()), alias: "otter".into(), pace: None };
    let offers = library::built_in().iter().map(|(id, text)| Offer::new(id, None, (*text).to_owned())).collect();
    Some((folder, desk, offers))
}

/// The same, with the summaries that the first look leaves.
fn many_with_summaries() -> Option<(tempfile::TempDir, Desk, Vec<Offer>)> {
    let (folder, desk, offers) = many()?;
    let past = look_back(&desk.data, usize::MAX).ok()?;
    assert_eq!((past.outlines().count(), past.made_anew()), (DRILLS as usize, DRILLS as usize));
    Some((folder, desk, offers))
}

fn history(desk: &Desk, offers: &[Offer]) -> HistoryView {
    let past = look_back(&desk.data, usize::MAX).unwrap_or_default();
    overview::history(desk, offers, &past, today())
}

/// The lobby, with what is open and what is proposed to be erased.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn lobby_of_5000_drills(bencher: Bencher) {
    let Some((_folder, desk, offers)) = many_with_summaries() else { return };
    bencher.counter(ItemsCount::new(DRILLS)).bench_local(|| lobby::look(&desk, &offers, today()));
}

/// The history, side by side by scenario, with techniques.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn history_of_5000_drills(bencher: Bencher) {
    let Some((_folder, desk, offers)) = many_with_summaries() else { return };
    bencher.counter(ItemsCount::new(DRILLS)).bench_local(|| history(&desk, &offers));
}

/// What is to change: an improvement for each drill.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn improvements_of_5000_drills(bencher: Bencher) {
    let Some((_folder, desk, _)) = many_with_summaries() else { return };
    let look = || overview::improvements(&desk, &look_back(&desk.data, 0).unwrap_or_default(), today());
    assert_eq!(look().improvements.len(), DRILLS as usize);
    bencher.counter(ItemsCount::new(DRILLS)).bench_local(look);
}

/// The lobby where no drill has a summary: each look reads some records in full, and leaves theirs.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn lobby_of_5000_drills_without_summaries(bencher: Bencher) {
    let Some((_folder, desk, offers)) = many() else { return };
    bencher.counter(ItemsCount::new(DRILLS)).bench_local(|| lobby::look(&desk, &offers, today()));
}

/// All records read in full, as the history does it once after an update of the program.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn history_of_5000_drills_without_summaries(bencher: Bencher) {
    let Some((_folder, desk, offers)) = many() else { return };
    bencher.counter(ItemsCount::new(DRILLS)).bench_local(|| history(&desk, &offers));
}
