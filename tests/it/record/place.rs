//! The place of writing: what is written where nobody finds it is not called recorded.

use std::fs;
use std::path::Path;

use firedrill_record::store::{RecordState, Standing, StoreFault, load, verify};

use super::{data_dir, drill, note_entry, salts, write};

/// Appends a note and tries to store it.
fn try_note(record: &mut firedrill_record::store::Record, seq: u64) -> Result<(), StoreFault> {
    let words = record.seal("is it kept?");
    record.append(&note_entry(seq, words));
    record.commit()
}

type Change = fn(&Path);

#[test]
fn what_was_moved_or_deleted_is_noticed_at_the_next_commit_and_without_one() {
    let changes: [Change; 4] = [
        |home| fs::remove_dir_all(home).unwrap(),
        |home| fs::rename(home, home.with_file_name("moved")).unwrap(),
        |home| fs::remove_file(home.join("journal.jsonl")).unwrap(),
        |home| fs::remove_file(home.join("words.jsonl")).unwrap(),
    ];
    for change in changes {
        for with_an_entry in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let data = data_dir(&folder);
            let mut record = write(&data, 2);
            change(&data.folder(&drill()));
            let said = if with_an_entry { try_note(&mut record, 3) } else { record.commit() };
            assert!(matches!(said, Err(StoreFault::Moved { .. })), "{said:?}");
            assert!(matches!(record.state(), RecordState::NotRecording { .. }), "{:?}", record.state());
            assert!(record.commit().is_err(), "as long as it is away");
        }
    }
}

#[test]
fn a_copy_in_its_place_is_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let mut record = write(&data, 2);
    let journal = data.folder(&drill()).join("journal.jsonl");
    let bytes = fs::read(&journal).unwrap();
    fs::remove_file(&journal).unwrap();
    fs::write(&journal, bytes).unwrap();
    assert!(matches!(try_note(&mut record, 3), Err(StoreFault::Moved { .. })));
}

#[test]
fn recording_goes_on_once_the_folder_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let mut record = write(&data, 2);
    let (home, moved) = (data.folder(&drill()), data.path().join("moved"));
    fs::rename(&home, &moved).unwrap();
    try_note(&mut record, 3).unwrap_err();
    try_note(&mut record, 4).unwrap_err();
    fs::rename(&moved, &home).unwrap();
    record.commit().unwrap();
    assert_eq!(record.state(), &RecordState::Recording);
    try_note(&mut record, 5).unwrap();
    drop(record);
    let loaded = load(&data, &drill()).unwrap();
    assert_eq!((loaded.entries.len(), loaded.segments.len()), (6, 2));
    assert_eq!(verify(&loaded).standing(), Standing::Whole, "{:?}", loaded.notices);
    firedrill_record::store::Record::resume(&data, &drill(), salts(3)).unwrap();
}
