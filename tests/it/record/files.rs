//! Folders and files: rights, links, lists, several files for one record, erasing, and folders that say no.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use chrono::NaiveDate;
use firedrill_model::WordBook;
use firedrill_model::event::{DrillEvent, ErasureReason, Event, PeopleEvent};
use firedrill_model::id::DrillId;
use firedrill_record::journal::{Continues, Digest, Verdict, body, chained};
use firedrill_record::store::{DataDir, Erasing, ErasureOrder, Record, Standing, StoreFault, load, verify};

use super::{data_dir, drill, edit, entry, epoch, header, note, salts, seat, write};

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn only_the_owner_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let record = write(&data, 1);
    record.write_summary("{\"v\":1}").unwrap();
    assert_eq!(mode(data.path()), 0o700);
    assert_eq!(mode(&data.folder(&drill())), 0o700);
    let files: Vec<_> = fs::read_dir(data.folder(&drill())).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 6);
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn the_journal_holds_no_name_and_no_remark() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 3));
    let journal = fs::read_to_string(data.folder(&drill()).join("journal.jsonl")).unwrap();
    assert!(!journal.contains("Otter") && !journal.contains("note 1"), "{journal}");
}

#[test]
fn names_and_remarks_can_be_erased_and_the_record_still_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 3));
    let order = ErasureOrder { utc: epoch(), reason: ErasureReason::Request, salts: salts(9) };
    let erased = data.erase(&drill(), &Erasing::Person("Otter".into()), &order).unwrap();
    assert_eq!((erased.texts.len(), erased.entry), (1, Some(4)));
    let note_2 = data.erasable(&drill()).unwrap().into_iter().find(|one| one.text == "note 2").unwrap();
    data.erase(&drill(), &Erasing::Remark(note_2.reference), &order).unwrap();

    let loaded = load(&data, &drill()).unwrap();
    let Event::Drill(DrillEvent::SeatTaken { name, .. }) = &loaded.entries[0].event else { panic!("a seat") };
    assert_eq!(loaded.words.read(name), WordBook::ERASED);
    let Event::Drill(DrillEvent::Erased(said)) = &loaded.entries[5].event else { panic!("{:?}", loaded.entries[5]) };
    assert_eq!((&said.texts[..], said.reason), (&[note_2.reference][..], ErasureReason::Request));
    let proof = verify(&loaded);
    assert!(proof.holds());
    assert_eq!((proof.words.sealed, proof.words.proven, proof.words.erased), (4, 2, 2));

    let (mut record, _, _) = Record::resume(&data, &drill(), salts(9)).unwrap();
    note(&mut record, 6, "later");
    drop(record);
    let erased = data.erase(&drill(), &Erasing::All, &order).unwrap();
    assert_eq!((erased.texts.len(), erased.entry), (3, Some(7)));
    assert!(data.erasable(&drill()).unwrap().is_empty());
    let proof = verify(&load(&data, &drill()).unwrap());
    assert!(proof.holds());
    assert_eq!((proof.entries, proof.words.erased), (8, 5));
    let (mut record, _, _) = Record::resume(&data, &drill(), salts(10)).unwrap();
    note(&mut record, 8, "after all was erased");
    assert_eq!(verify(&load(&data, &drill()).unwrap()).words.proven, 1);
}

/// Taken out by hand, a text is missing: nobody said that it was erased.
#[test]
fn what_is_gone_without_a_word_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 3));
    let home = data.folder(&drill());
    fs::remove_file(home.join("people.toml")).unwrap();
    let words = fs::read_to_string(home.join("words.jsonl")).unwrap();
    let kept: Vec<&str> = words.lines().filter(|line| !line.contains("note 2")).collect();
    fs::write(home.join("words.jsonl"), kept.join("\n")).unwrap();
    let loaded = load(&data, &drill()).unwrap();
    let Event::People(PeopleEvent::Noted { words }) = &loaded.entries[2].event else { panic!("a note") };
    assert_eq!(loaded.words.read(words), WordBook::MISSING);
    let proof = verify(&loaded);
    assert_eq!((proof.words.missing.as_slice(), proof.words.erased), (&[0, 2][..], 0));
    assert_eq!(proof.standing(), Standing::Changed);
}

#[test]
fn a_changed_remark_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 3));
    let words = data.folder(&drill()).join("words.jsonl");
    let text = fs::read_to_string(&words).unwrap().replace("note 2", "note X");
    fs::write(&words, text).unwrap();
    let loaded = load(&data, &drill()).unwrap();
    let Event::People(PeopleEvent::Noted { words }) = &loaded.entries[2].event else { panic!("a note") };
    assert_eq!(loaded.words.read(words), "[altered] note X");
    let proof = verify(&loaded);
    assert_eq!(proof.words.altered, [2]);
    assert!(!proof.holds());
}

#[test]
fn a_changed_scenario_is_seen_and_not_played_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 1));
    edit(&data.folder(&drill()).join("scenario.toml"), |bytes| bytes.push(b'\n'));
    let loaded = load(&data, &drill()).unwrap();
    assert!(!verify(&loaded).holds());
    assert_eq!(loaded.notices.len(), 1);
    let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err();
    assert!(matches!(fault, StoreFault::ScenarioChanged { .. }), "{fault}");
}

/// A second file that goes on after the entry `from`, and has the next one again, as a record writes it after a failed sync.
fn second_file(data: &DataDir, from: u64) -> String {
    let loaded = load(data, &drill()).unwrap();
    let journal = fs::read_to_string(data.folder(&drill()).join("journal.jsonl")).unwrap();
    let line = journal.lines().nth(usize::try_from(from).unwrap() + 1).unwrap();
    let hash = &line[line.len() - 66..line.len() - 2];
    let continues =
        Continues { file: "journal.jsonl".into(), head: Digest::parse(hash.as_bytes()).unwrap(), next: from + 1 };
    let (first, head) = chained(
        None,
        &firedrill_record::journal::Header { continues: Some(continues), ..loaded.header.clone() }.body(),
    );
    let again = loaded.entries.into_iter().find(|entry| entry.seq == from + 1).unwrap();
    first + &chained(Some(&head), &body(&again, from + 1)).0
}

#[test]
fn a_later_file_replaces_what_was_never_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 5));
    let home = data.folder(&drill());
    fs::write(home.join("journal-2.jsonl"), second_file(&data, 3)).unwrap();
    edit(&home.join("journal.jsonl"), |bytes| bytes.truncate(bytes.len() - 3));
    let loaded = load(&data, &drill()).unwrap();
    assert_eq!(loaded.verdict, Verdict::Whole, "a torn end beyond the named head is of no account");
    let seqs: Vec<u64> = loaded.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [0, 1, 2, 3, 4]);
    assert_eq!((loaded.segments[0].entries, loaded.segments[0].superseded), (4, 1));
    assert!(loaded.notices[0].as_str().contains("1 entries at the end of journal.jsonl"), "{:?}", loaded.notices);

    let (mut record, _, recovered) = Record::resume(&data, &drill(), salts(2)).unwrap();
    assert_eq!(recovered, None);
    note(&mut record, 5, "goes on in the second file");
    drop(record);
    let loaded = load(&data, &drill()).unwrap();
    assert_eq!((loaded.entries.len(), loaded.segments[1].entries), (6, 2));
    assert!(verify(&loaded).holds());
}

#[test]
fn a_later_file_without_its_beginning_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 5));
    let home = data.folder(&drill());
    fs::write(home.join("journal-2.jsonl"), second_file(&data, 3)).unwrap();
    edit(&home.join("journal.jsonl"), |bytes| bytes.truncate(bytes.len() / 2));
    let loaded = load(&data, &drill()).unwrap();
    let Verdict::Corrupt { file, line, why } = loaded.verdict else { panic!("{:?}", loaded.verdict) };
    assert_eq!((file.as_str(), line), ("journal-2.jsonl", 1));
    assert!(why.as_str().contains("an entry that isn't there"), "{why}");

    fs::remove_file(home.join("journal.jsonl")).unwrap();
    let fault = load(&data, &drill()).unwrap_err().to_string();
    assert!(fault.contains("continues journal.jsonl, which isn't there"), "{fault}");
}

#[test]
fn a_later_file_that_was_only_begun_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 2));
    fs::write(data.folder(&drill()).join("journal-2.jsonl"), &second_file(&data, 1)[..40]).unwrap();
    let (mut record, loaded, _) = Record::resume(&data, &drill(), salts(2)).unwrap();
    assert_eq!(loaded.entries.len(), 3);
    assert!(loaded.notices[0].as_str().contains("journal-2.jsonl was begun"), "{:?}", loaded.notices);
    note(&mut record, 3, "goes on in the first file");
    assert_eq!(load(&data, &drill()).unwrap().entries.len(), 4);
}

fn named(data: &DataDir, name: &str, minutes: i64) {
    let mut header = header();
    header.drill = DrillId::new(name).unwrap();
    header.epoch += chrono::TimeDelta::minutes(minutes);
    drop(Record::create(data, header, super::SCENARIO, salts(1)).unwrap());
}

#[test]
fn drills_are_listed_newest_first_with_the_damaged_among_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    for (name, minutes) in [("old", 1), ("newest", 9), ("torn", 5), ("begun", 0)] {
        named(&data, name, minutes);
    }
    named(&data, "2020-01-02-calm-owl", 7);
    write(&data, 2).write_summary("{\"v\":1}").unwrap();
    data.write_summary(&DrillId::new("old").unwrap(), "{\"v\":2}").unwrap();
    edit(&data.path().join("torn/journal.jsonl"), |bytes| bytes.extend(b"{\"n\":0,"));
    edit(&data.path().join("begun/journal.jsonl"), Vec::clear);
    edit(&data.path().join("2020-01-02-calm-owl/journal.jsonl"), |bytes| bytes[30] ^= 1);
    fs::write(data.path().join("notes.txt"), "mine").unwrap();
    fs::create_dir(data.path().join("scenarios")).unwrap();
    symlink(data.path().join("newest"), data.path().join("link")).unwrap();

    let drills = data.drills().unwrap();
    let names: Vec<&str> = drills.iter().map(|listing| listing.drill.as_str()).collect();
    assert_eq!(names, ["newest", "torn", "old", "2026-11-24-brave-otter", "2020-01-02-calm-owl", "begun"]);
    let problem = |index: usize| drills[index].problem.as_ref().map_or("", |problem| problem.as_str());
    assert_eq!(problem(0), "");
    assert_eq!(problem(1), "its last write didn't finish; taking it up mends that");
    assert!(problem(4).starts_with("its first line is"), "{}", problem(4));
    assert!(problem(5).starts_with("it never began"), "{}", problem(5));
    assert!(drills[2].summary.as_deref().is_some_and(|text| text.starts_with("{\"v\":2,")), "{:?}", drills[2].summary);
    let whole = &drills[3];
    assert!(whole.entries == 3 && whole.summary.as_deref().is_some_and(|text| text.starts_with("{\"v\":1,")));
    assert_eq!(whole.head, Some(load(&data, &drill()).unwrap().head));
    assert_eq!(whole.last, Some(load(&data, &drill()).unwrap().entries[2].utc));
    assert_eq!(data.latest().unwrap(), Some(DrillId::new("newest").unwrap()));
}

#[test]
fn an_empty_or_missing_data_folder_holds_no_drills() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(data_dir(&folder).drills().unwrap(), []);
    let missing = DataDir::to_read(&folder.path().join("missing"));
    assert_eq!(missing.drills().unwrap(), []);
    assert_eq!(missing.latest().unwrap(), None);
    let fault = load(&missing, &drill()).unwrap_err().to_string();
    assert!(fault.starts_with("find a drill '2026-11-24-brave-otter'"), "{fault}");
    assert!(!folder.path().join("missing").exists());
}

#[test]
fn names_of_one_day_are_numbered() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let first = data.fresh_name(day, 42).unwrap();
    named(&data, first.as_str(), 0);
    let second = data.fresh_name(day, 42).unwrap();
    assert_eq!(second.as_str(), format!("{first}-2"));
    let mut taken = header();
    taken.drill = first;
    let fault = Record::create(&data, taken, super::SCENARIO, salts(1)).unwrap_err();
    assert!(matches!(fault, StoreFault::NameTaken { .. }), "{fault}");
}

#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    drop(write(&data, 1));
    let home = data.folder(&drill());
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(home.join("journal.jsonl"), &elsewhere).unwrap();
    symlink(&elsewhere, home.join("journal.jsonl")).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err().to_string();
    assert!(fault.contains("it is a link, and links are not followed here"), "{fault}");
    assert_eq!(fs::read(&elsewhere).unwrap(), before);

    fs::rename(&home, folder.path().join("moved")).unwrap();
    symlink(folder.path().join("moved"), &home).unwrap();
    let fault = load(&data, &drill()).unwrap_err().to_string();
    assert!(fault.contains("it isn't a folder"), "{fault}");
}

#[test]
fn a_pipe_in_place_of_a_journal_makes_nobody_wait() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let home = data.folder(&drill());
    fs::create_dir(&home).unwrap();
    let made = std::process::Command::new("mkfifo").arg(home.join("journal.jsonl")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let fault = load(&data, &drill()).unwrap_err().to_string();
    assert!(fault.contains("not a regular file"), "{fault}");
    assert_eq!(data.drills().unwrap().len(), 1);
}

#[test]
fn a_data_folder_that_is_no_folder_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let fault = DataDir::open(&file.join("data")).unwrap_err().to_string();
    assert!(fault.starts_with("make the data folder ") && fault.contains("--data-dir"), "{fault}");
    let fault = DataDir::open(&file).unwrap_err().to_string();
    assert!(fault.contains("--data-dir"), "{fault}");
}

#[test]
fn readers_never_see_damage_while_another_writes() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let mut record = write(&data, 0);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 1..=300 {
                note(&mut record, n, "while being read");
            }
        });
        let mut seen = 0;
        while !writer.is_finished() {
            let loaded = load(&data, &drill()).unwrap();
            assert!(!matches!(loaded.verdict, Verdict::Corrupt { .. }), "{:?}", loaded.verdict);
            assert!(loaded.words_proof.missing.is_empty() && loaded.next >= seen);
            seen = loaded.next;
        }
    });
    assert_eq!(load(&data, &drill()).unwrap().next, 301);
}

#[test]
fn a_record_in_memory_touches_no_disk() {
    let mut record = Record::in_memory(header());
    note(&mut record, 0, "nowhere");
    assert_eq!(record.folder(), Path::new(""));
    record.write_summary("{}").unwrap();
    let sealed = record.name(&seat(), "Otter");
    record.append(&entry(
        1,
        firedrill_model::Author::Drill,
        Event::Drill(DrillEvent::SeatTaken {
            seat: seat(),
            role: firedrill_model::Role::Responder,
            name: sealed.clone(),
        }),
    ));
    record.commit().unwrap();
    assert_eq!(record.words().read(&sealed), "Otter");
    assert_eq!(record.head_words().split(' ').count(), 12);
}
