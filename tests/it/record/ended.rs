//! A record has an end: what may follow it, what may not, and that nothing opens again what was closed or sealed.

use std::fs;
use std::path::Path;

use firedrill_model::event::{DrillEvent, Event, PeopleEvent, PhaseCause, Recovered, WorldEvent};
use firedrill_model::{Author, DrillTime, Phase};
use firedrill_record::journal::{Content, Continues, Digest, Verdict, body, chained, scan};
use firedrill_record::store::{DataDir, Record, Standing, StoreFault, load, verify};
use proptest::prelude::*;

use super::{data_dir, drill, edit, entry, note, salts, sample, seat, write};

/// A closed drill of four notes.
fn closed(data: &DataDir) {
    let mut record = write(data, 4);
    record.append(&entry(5, Author::Seat(seat()), close()));
    record.commit().unwrap();
}

fn close() -> Event {
    Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Closed, because: PhaseCause::Said })
}

fn journal(data: &DataDir) -> std::path::PathBuf {
    data.folder(&drill()).join("journal.jsonl")
}

/// Appends well-chained events to a file, as somebody would who knows the format. At the moment of the last entry.
fn forge(path: &Path, events: &[Event]) {
    let bytes = fs::read(path).unwrap();
    let read = scan("journal.jsonl", &bytes);
    assert_eq!(read.verdict, Verdict::Whole);
    let (mut head, mut seq) = (read.head().unwrap(), read.next());
    let Content::Entry(last) = &read.lines.last().unwrap().content else { panic!("an entry") };
    let mut text = String::from_utf8(bytes).unwrap();
    for event in events {
        let mut forged = entry(seq, Author::Seat(seat()), event.clone());
        forged.at = last.at;
        let (line, next) = chained(Some(&head), &body(&forged, seq));
        text += &line;
        (head, seq) = (next, seq + 1);
    }
    fs::write(path, text).unwrap();
}

fn later_note(data: &DataDir) {
    let (mut record, loaded, _) = Record::resume(data, &drill(), salts(4)).unwrap();
    let words = record.seal("later thoughts");
    let event = Event::People(PeopleEvent::NotedLater { about: DrillTime(2), words });
    let mut entry = entry(record.next(), Author::Seat(seat()), event);
    entry.at = loaded.entries.last().unwrap().at;
    record.append(&entry);
    record.commit().unwrap();
}

#[test]
fn notes_may_follow_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    closed(&data);
    later_note(&data);
    let loaded = load(&data, &drill()).unwrap();
    assert_eq!((loaded.entries.len(), loaded.closed_with, loaded.added.len()), (7, Some(6), 0));
    let proof = verify(&loaded);
    assert_eq!((proof.standing(), proof.later, proof.closed_with), (Standing::Whole, 1, Some(6)));
}

#[test]
fn what_has_no_place_behind_the_end_is_named_and_read_by_nobody() {
    let kinds = [
        close(),
        Event::People(PeopleEvent::Acknowledged { finding: None }),
        Event::People(PeopleEvent::Attending { on: true }),
        Event::World(WorldEvent::FaultActive),
        Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Improve, because: PhaseCause::Said }),
        Event::Drill(DrillEvent::Resumed { recovered: None, model: None }),
    ];
    for event in kinds {
        let folder = tempfile::tempdir().unwrap();
        let data = data_dir(&folder);
        closed(&data);
        let before = load(&data, &drill()).unwrap();
        forge(&journal(&data), std::slice::from_ref(&event));
        let loaded = load(&data, &drill()).unwrap();
        assert_eq!(loaded.entries, before.entries, "{event:?}");
        assert_eq!(loaded.words_proof, before.words_proof, "{event:?}");
        assert_eq!((loaded.added.len(), loaded.added[0].seq, loaded.next), (1, 6, 7), "{event:?}");
        assert_eq!(verify(&loaded).standing(), Standing::AddedTo, "{event:?}");
        let notice = loaded.notices.iter().find(|notice| notice.as_str().contains("After the drill was closed"));
        assert!(notice.is_some_and(|notice| notice.as_str().contains(loaded.added[0].kind.as_str())), "{event:?}");
        let bytes = fs::read(journal(&data)).unwrap();
        let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err();
        assert!(matches!(fault, StoreFault::AddedTo { .. }), "{fault}");
        assert_eq!(fs::read(journal(&data)).unwrap(), bytes, "{event:?}");
    }
}

#[test]
fn a_note_of_another_moment_or_of_an_unknown_kind_is_no_note() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    closed(&data);
    let mut bytes = fs::read(journal(&data)).unwrap();
    let head = scan("journal.jsonl", &bytes).head().unwrap();
    let mut odd =
        entry(6, Author::Seat(seat()), Event::People(PeopleEvent::Bookmarked { about: DrillTime(1), on: true }));
    odd.at = DrillTime(odd.at.0 + 3_600_000_000);
    let (line, head) = chained(Some(&head), &body(&odd, 6));
    bytes.extend(line.into_bytes());
    let unknown = body(&entry(7, Author::Drill, close()), 7).replace("drill.phase", "drill.praise");
    let unknown = unknown.replace("\"at\":10500000", &format!("\"at\":{}", odd.at.0));
    bytes.extend(chained(Some(&head), &unknown).0.into_bytes());
    fs::write(journal(&data), bytes).unwrap();
    let loaded = load(&data, &drill()).unwrap();
    let kinds: Vec<&str> = loaded.added.iter().map(|one| one.kind.as_str()).collect();
    assert_eq!((loaded.verdict, kinds), (Verdict::Whole, vec!["people.bookmarked", "drill.praise"]));
    assert!(loaded.unknown.is_empty());
}

/// What a mended end says of itself may stand behind the close; that somebody goes on with the drill may not.
#[test]
fn a_torn_note_behind_the_end_is_mended_and_the_drill_stays_closed() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    closed(&data);
    later_note(&data);
    edit(&journal(&data), |bytes| bytes.truncate(bytes.len() - 5));
    let (record, _, recovered) = Record::resume(&data, &drill(), salts(2)).unwrap();
    drop(record);
    let recovered: Option<Recovered> = recovered;
    forge(&journal(&data), &[Event::Drill(DrillEvent::Resumed { recovered, model: None })]);
    assert_eq!(verify(&load(&data, &drill()).unwrap()).standing(), Standing::Whole);
}

#[test]
fn a_changed_last_line_is_damage_and_nothing_is_cut() {
    for bit in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let data = data_dir(&folder);
        closed(&data);
        edit(&journal(&data), |bytes| {
            let place = bytes.len() - 120;
            bytes[place] ^= 1 << bit;
        });
        let before = fs::read(journal(&data)).unwrap();
        let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err();
        assert!(matches!(fault, StoreFault::Corrupt { line: 7, .. }), "{fault}");
        assert_eq!(fs::read(journal(&data)).unwrap(), before);
    }
}

#[test]
fn what_was_closed_or_sealed_is_not_opened_again() {
    let cuts: [fn(&mut Vec<u8>); 2] = [
        // In the middle of the line that closes it, and just before that line.
        |bytes| bytes.truncate(bytes.len() - 9),
        |bytes| {
            let start = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
            bytes.truncate(start);
        },
    ];
    let summary = format!("{{\"outline\":{{\"drill\":\"{}\",\"phase\":\"closed\"}}}}", drill());
    for cut in cuts {
        for (file, text, witness) in
            [("summary.json", summary.as_str(), "summary"), ("seal.txt", "entries: 6\n", "seal")]
        {
            let folder = tempfile::tempdir().unwrap();
            let data = data_dir(&folder);
            closed(&data);
            fs::write(data.folder(&drill()).join(file), text).unwrap();
            edit(&journal(&data), cut);
            let before = fs::read(journal(&data)).unwrap();
            let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err().to_string();
            assert!(fault.contains(&format!("as its {witness} says")), "{fault}");
            assert_eq!(fs::read(journal(&data)).unwrap(), before);
        }
    }
}

/// A file that names the head after `from` and then holds what is given.
fn later_file(data: &DataDir, from: usize, events: &[Event]) -> String {
    let loaded = load(data, &drill()).unwrap();
    let journal = fs::read_to_string(journal(data)).unwrap();
    let line = journal.lines().nth(from + 1).unwrap();
    let hash = Digest::parse(&line.as_bytes()[line.len() - 66..line.len() - 2]).unwrap();
    let next = from as u64 + 1;
    let continues = Continues { file: "journal.jsonl".into(), head: hash, next };
    let header = firedrill_record::journal::Header { continues: Some(continues), ..loaded.header };
    let (mut text, mut head) = chained(None, &header.body());
    for (seq, event) in (next..).zip(events) {
        let (line, hash) = chained(Some(&head), &body(&entry(seq, Author::Seat(seat()), event.clone()), next));
        text += &line;
        head = hash;
    }
    text
}

/// The first file of this record was confirmed line by line: no later file takes anything away.
#[test]
fn a_later_file_replaces_nothing_that_was_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    closed(&data);
    let before = load(&data, &drill()).unwrap();
    let repeated: Vec<Event> = before.entries[2..].iter().map(|entry| entry.event.clone()).collect();
    let forged = [Event::World(WorldEvent::FaultActive)];
    for (events, from) in [(&repeated[..1], 1), (&repeated[..], 1), (&forged[..], 1), (&forged[..], 4)] {
        fs::write(data.folder(&drill()).join("journal-2.jsonl"), later_file(&data, from, events)).unwrap();
        let loaded = load(&data, &drill()).unwrap();
        assert_eq!(loaded.entries, before.entries, "from {from}: {events:?}");
        assert_eq!((loaded.left_out.len(), loaded.left_out[0].entries), (1, events.len() as u64));
        assert_eq!(verify(&loaded).standing(), Standing::AddedTo, "from {from}: {events:?}");
        assert!(loaded.notices.iter().any(|notice| notice.as_str().contains("are no part of this record")));
    }
}

/// A write that failed left more behind than the file that was to repeat it: what is there longer counts, and goes on in a new file.
#[test]
fn an_attempt_that_came_to_nothing_hides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    let mut record = write(&data, 1);
    for seq in 2..5 {
        record.append(&entry(seq, Author::Seat(seat()), Event::People(PeopleEvent::Attending { on: seq == 3 })));
    }
    record.commit().unwrap();
    drop(record);
    let before = load(&data, &drill()).unwrap();
    let repeated: Vec<Event> = before.entries[2..4].iter().map(|entry| entry.event.clone()).collect();
    fs::write(data.folder(&drill()).join("journal-2.jsonl"), later_file(&data, 1, &repeated)).unwrap();
    let (mut record, loaded, _) = Record::resume(&data, &drill(), salts(2)).unwrap();
    assert_eq!((loaded.entries.len(), loaded.left_out[0].says_nothing_new), (5, true));
    note(&mut record, 5, "goes on");
    drop(record);
    let loaded = load(&data, &drill()).unwrap();
    assert_eq!((loaded.entries.len(), loaded.segments[1].file.as_str()), (6, "journal-3.jsonl"));
    assert_eq!(verify(&loaded).standing(), Standing::Whole);
}

#[test]
fn a_damaged_line_is_not_hidden_by_a_later_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = data_dir(&folder);
    closed(&data);
    let later = later_file(&data, 1, &[Event::World(WorldEvent::FaultActive)]);
    let lines: Vec<String> =
        fs::read_to_string(journal(&data)).unwrap().split_inclusive('\n').map(str::to_owned).collect();
    edit(&journal(&data), |bytes| bytes[lines[..3].concat().len() + 20] ^= 1);
    fs::write(data.folder(&drill()).join("journal-2.jsonl"), later).unwrap();
    let loaded = load(&data, &drill()).unwrap();
    assert!(matches!(loaded.verdict, Verdict::Corrupt { line: 4, .. }), "{:?}", loaded.verdict);
    assert_eq!(loaded.entries.len(), 2);
}

/// Nobody is told to take away a folder in which something was said.
#[test]
fn it_never_began_only_where_nothing_was_said() {
    type Spoil = fn(&Path);
    let spoils: [Spoil; 3] = [
        |path| fs::write(path, "").unwrap(),
        |path| edit(path, |bytes| bytes.truncate(200)),
        |path| fs::remove_file(path).unwrap(),
    ];
    for spoil in spoils {
        let folder = tempfile::tempdir().unwrap();
        let data = data_dir(&folder);
        closed(&data);
        let home = data.folder(&drill());
        spoil(&journal(&data));
        for left in ["words.jsonl", "people.toml", "seal.txt"] {
            if left == "seal.txt" {
                fs::write(home.join(left), "entries: 6\n").unwrap();
            }
            let said = load(&data, &drill()).unwrap_err().to_string();
            assert!(said.contains("beginning of journal.jsonl is gone") && said.contains(left), "{said}");
            assert!(!said.contains("removed") && !said.contains("never began"), "{said}");
            let listed = data.drills().unwrap();
            let problem = listed[0].problem.as_ref().unwrap().to_string();
            assert!(problem.contains(left) && !problem.contains("never began"), "{problem}");
            if left != "seal.txt" {
                fs::remove_file(home.join(left)).unwrap();
            }
        }
    }
}

#[test]
fn a_journal_whose_clock_is_absurd_is_refused_at_once() {
    for at in [u64::MAX, 1 << 63, DrillTime::LATEST.0 + 1, 0] {
        let folder = tempfile::tempdir().unwrap();
        let data = data_dir(&folder);
        drop(write(&data, 4));
        let mut bytes = fs::read(journal(&data)).unwrap();
        let head = scan("journal.jsonl", &bytes).head().unwrap();
        let mut odd = entry(5, Author::Drill, Event::Drill(DrillEvent::Resumed { recovered: None, model: None }));
        odd.at = DrillTime(at);
        bytes.extend(chained(Some(&head), &body(&odd, 5)).0.into_bytes());
        fs::write(journal(&data), bytes).unwrap();
        let fault = Record::resume(&data, &drill(), salts(2)).unwrap_err();
        assert!(matches!(fault, StoreFault::Corrupt { line: 7, .. }), "{fault}");
        assert!(fault.to_string().contains("moment"), "{fault}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever well-chained entries are put behind the close: what was read before is read after, and more is told only of what may follow.
    #[test]
    fn nothing_behind_the_end_changes_what_stands_before(picks in prop::collection::vec(0..sample::KINDS, 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let data = data_dir(&folder);
        closed(&data);
        let before = load(&data, &drill()).unwrap();
        let all = sample::entries(sample::KINDS);
        let events: Vec<Event> = picks.iter().map(|pick| all[usize::try_from(*pick).unwrap()].event.clone()).collect();
        forge(&journal(&data), &events);
        let loaded = load(&data, &drill()).unwrap();
        prop_assert!(loaded.entries.starts_with(&before.entries));
        prop_assert!(loaded.entries[before.entries.len()..].iter().all(|entry| entry.event.may_follow_the_end()));
        let odd = events.iter().filter(|event| !event.may_follow_the_end()).count();
        prop_assert_eq!(loaded.added.len(), odd);
        prop_assert_eq!(verify(&loaded).is_added_to(), odd > 0);
    }
}
