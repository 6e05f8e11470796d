//! The record from outside: what is stored is read back, what was changed is found, and nothing that was confirmed is lost.

mod damage;
mod ended;
mod files;
mod format;
mod golden;
mod killed;
mod place;
mod reading;
mod sample;
mod verifier;

use std::path::Path;

use chrono::{DateTime, Utc};
use firedrill_model::event::{DrillEvent, Entry, Event, PeopleEvent};
use firedrill_model::id::{DrillId, ScenarioId, SeatId};
use firedrill_model::{Audience, Author, DrillTime, Role, Sealed};
use firedrill_record::journal::words::Salts;
use firedrill_record::journal::{Header, Verdict};
use firedrill_record::store::{DataDir, Record, StoreFault, load, verify};

const SCENARIO: &str = "id = \"crypto-mining\"\n";

fn drill() -> DrillId {
    DrillId::new("2026-11-24-brave-otter").unwrap()
}

fn epoch() -> DateTime<Utc> {
    "2026-11-24T20:00:00Z".parse().unwrap()
}

fn header() -> Header {
    Header::new(drill(), ScenarioId::new("crypto-mining").unwrap(), SCENARIO, 7, ("simulated", 1), epoch())
}

fn salts(seed: u8) -> Salts {
    Salts::new([seed; 32])
}

fn entry(seq: u64, by: Author, event: Event) -> Entry {
    let at = DrillTime(seq * 1_500_000);
    let utc = epoch() + chrono::TimeDelta::microseconds(i64::try_from(at.0).unwrap());
    Entry { seq, at, utc, by, to: Audience::Everyone, source: None, event }
}

fn seat() -> SeatId {
    SeatId::new("seat-1").unwrap()
}

/// A short drill: somebody sits down, and writes `notes` notes.
fn write(data: &DataDir, notes: u64) -> Record {
    let mut record = Record::create(data, header(), SCENARIO, salts(1)).unwrap();
    let name = record.name(&seat(), "Otter");
    let taken = DrillEvent::SeatTaken { seat: seat(), role: Role::Responder, name };
    record.append(&entry(0, Author::Drill, Event::Drill(taken)));
    record.commit().unwrap();
    for n in 1..=notes {
        note(&mut record, n, &format!("note {n}"));
    }
    record
}

fn note_entry(seq: u64, words: Sealed) -> Entry {
    entry(seq, Author::Seat(seat()), Event::People(PeopleEvent::Noted { words }))
}

fn note(record: &mut Record, seq: u64, text: &str) {
    let words = record.seal(text);
    record.append(&note_entry(seq, words));
    record.commit().unwrap();
}

fn data_dir(folder: &tempfile::TempDir) -> DataDir {
    DataDir::open(&folder.path().join("data")).unwrap()
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn what_was_written_is_read_back_and_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let head = write(&data, 3).head_words();
    let loaded = load(&data, &drill()).unwrap();
    assert_eq!(loaded.verdict, Verdict::Whole);
    assert_eq!(loaded.entries.len(), 4);
    assert_eq!(loaded.notices, []);
    let Event::People(PeopleEvent::Noted { words }) = &loaded.entries[2].event else { panic!("a note") };
    assert_eq!(loaded.words.read(words), "note 2");
    assert!(verify(&loaded).holds());
    assert_eq!(verify(&loaded).head_words, head);

    let (mut record, again, recovered) = Record::resume(&data, &drill(), salts(2)).unwrap();
    assert_eq!((again.entries.len(), recovered), (4, None));
    note(&mut record, 4, "after the break");
    drop(record);
    let loaded = load(&data, &drill()).unwrap();
    assert_eq!(loaded.entries.len(), 5);
    assert!(verify(&loaded).holds());
}

#[test]
fn a_torn_tail_is_kept_aside_and_cut() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 3));
    let journal = data.folder(&drill()).join("journal.jsonl");
    edit(&journal, |bytes| bytes.truncate(bytes.len() - 9));
    let before = load(&data, &drill()).unwrap();
    assert!(matches!(before.verdict, Verdict::Torn { line: 5, .. }), "{:?}", before.verdict);
    let (record, loaded, recovered) = Record::resume(&data, &drill(), salts(2)).unwrap();
    let recovered = recovered.unwrap();
    assert_eq!(loaded.entries.len(), 3);
    let kept = std::fs::read(data.folder(&drill()).join(recovered.kept_in.as_str())).unwrap();
    assert_eq!(kept.len() as u64, recovered.bytes);
    drop(record);
    assert_eq!(load(&data, &drill()).unwrap().verdict, Verdict::Whole);
}

#[test]
fn a_damaged_line_is_named_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 5));
    let journal = data.folder(&drill()).join("journal.jsonl");
    edit(&journal, |bytes| {
        let third = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(2).unwrap().0 + 20;
        bytes[third] ^= 1;
    });
    let before = std::fs::read(&journal).unwrap();
    let loaded = load(&data, &drill()).unwrap();
    assert!(matches!(loaded.verdict, Verdict::Corrupt { line: 4, .. }), "{:?}", loaded.verdict);
    assert_eq!(loaded.entries.len(), 2);
    let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err();
    assert!(matches!(fault, StoreFault::Corrupt { line: 4, .. }), "{fault}");
    assert_eq!(std::fs::read(&journal).unwrap(), before);
}

#[test]
fn a_second_writer_is_told_who_is_writing() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let record = write(&data, 1);
    let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err().to_string();
    assert!(fault.contains(&format!("process {}", std::process::id())), "{fault}");
    assert_eq!(load(&data, &drill()).unwrap().entries.len(), 2, "readers need no lock");
    drop(record);
    Record::resume(&data, &drill(), salts(2)).unwrap();
}
