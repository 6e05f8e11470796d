//! Reading a record through, entry by entry, tells what loading it tells; where it isn't whole, nothing.

use std::fs;
use std::path::Path;

use firedrill_model::event::Entry;
use firedrill_model::id::DrillId;
use firedrill_record::journal::Packed;
use firedrill_record::store::{DataDir, Loaded, Reading, load};
use proptest::prelude::*;

use super::sample;
use crate::cli::{assert_code, run};
use crate::history::play;

fn through(data: &Path, drill: &str) -> Option<(Loaded, Packed, Vec<Entry>)> {
    let mut told = Vec::new();
    let reading = Reading::begin(&DataDir::to_read(data), &DrillId::new(drill).unwrap())?;
    let (loaded, packed) = reading.through(&mut |entry, _| told.push(entry.clone()))?;
    Some((loaded, packed, told))
}

/// It was read, and says what loading says.
#[track_caller]
fn assert_same(data: &Path, drill: &str) {
    let loaded = load(&DataDir::to_read(data), &DrillId::new(drill).unwrap()).unwrap();
    let (mut read, packed, told) = through(data, drill).expect("it is whole");
    assert_eq!(told, loaded.entries);
    let mut unpacked = Vec::new();
    packed.read(0..packed.count(), &mut |entry| {
        unpacked.push(entry.clone());
        true
    });
    assert_eq!(unpacked, loaded.entries);
    let moments: Vec<_> = (0..packed.count()).map(|place| packed.moment(place)).collect();
    assert_eq!(moments, loaded.entries.iter().map(Entry::moment).collect::<Vec<_>>());
    read.entries = unpacked;
    assert_eq!(read, loaded);
}

#[test]
fn a_drill_is_told_as_it_is_loaded() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "leaked-credentials", "holds");
    assert_same(data.path(), &drill);
    let note = b"note what we learned later\nbookmark\nquit\n";
    let mut child = crate::cli::firedrill(data.path());
    let mut child = child
        .args(["--plain", "replay", &drill])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), note).unwrap();
    assert!(child.wait().unwrap().success());
    assert_same(data.path(), &drill);
    assert_code(&run(data.path(), &["erase", &drill, "--all", "--yes"]), 0);
    assert_same(data.path(), &drill);
    // One whose scenario or words are not what they were is whole all the same.
    let home = data.path().join(&drill);
    fs::remove_file(home.join("scenario.toml")).unwrap();
    fs::write(home.join("words.jsonl"), "no words\n").unwrap();
    assert_same(data.path(), &drill);
}

/// A record of entries of every kind, in a folder of its own.
fn of_every_kind(data: &Path) -> String {
    let drill = sample::drill().to_string();
    let home = data.join(&drill);
    fs::create_dir(&home).unwrap();
    fs::write(home.join("scenario.toml"), sample::SCENARIO).unwrap();
    fs::write(home.join("journal.jsonl"), sample::lines(&sample::entries(2 * sample::KINDS)).concat()).unwrap();
    drill
}

#[test]
fn every_kind_of_entry_is_told_as_it_is_loaded() {
    let data = tempfile::tempdir().unwrap();
    let drill = of_every_kind(data.path());
    assert_same(data.path(), &drill);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever is done to a record: what is told of it is what loading tells, or nothing.
    #[test]
    fn nothing_else_is_told_of_a_record_that_was_damaged(at in 0.0..1.0, length in 0_usize..3_000, bytes in prop::collection::vec(any::<u8>(), 0..4)) {
        let data = tempfile::tempdir().unwrap();
        let drill = of_every_kind(data.path());
        let file = data.path().join(&drill).join("journal.jsonl");
        let mut journal = fs::read(&file).unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in the file")]
        let from = (journal.len() as f64 * at) as usize;
        let until = (from + length % 7 * length).min(journal.len());
        let before = journal.clone();
        journal.splice(from..until, bytes);
        fs::write(&file, &journal).unwrap();
        let loaded = load(&DataDir::to_read(data.path()), &sample::drill());
        match (through(data.path(), &drill), loaded) {
            (Some((_, _, told)), Ok(loaded)) => prop_assert_eq!(told, loaded.entries),
            (Some(_), Err(fault)) => prop_assert!(false, "{}", fault),
            (None, _) => prop_assert!(before != journal),
        }
    }
}
