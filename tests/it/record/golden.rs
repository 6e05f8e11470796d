//! A record of every released format stays in `tests/journals` and loads for ever.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use firedrill_model::event::{ActionState, EffectResult, Entry, Obstacle};
use firedrill_model::{Author, DrillTime, RecordId};
use firedrill_model::{
    audience::audience_of,
    event::{DrillEvent, Event, PeopleEvent, WorldEvent},
};
use firedrill_record::journal::words::{Salts, WordsProof};
use firedrill_record::journal::{FORMAT, Header, Verdict};
use firedrill_record::store::{DataDir, Loaded, Record, load, verify};

use super::sample::{self, Stuff};

fn journals(format: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals").join(format)
}

/// Entries of every kind, with their texts sealed.
fn write(data: &DataDir) -> Vec<Entry> {
    let mut record = Record::create(data, sample::header(), sample::SCENARIO, Salts::new([1; 32])).unwrap();
    let mut entries = Vec::new();
    for seq in 0..sample::KINDS {
        let has_name = seq == 1;
        let has_words = matches!(seq, 13 | 15 | 16 | 17 | 19 | 20);
        let seal = match (has_name, has_words) {
            (true, _) => record.name(&sample::seat(), "Otter"),
            (_, true) => record.seal(&format!("words {seq}: \u{201c}quoted\u{201d}, two\nlines, \u{1b}[31m")),
            _ => firedrill_model::Sealed { reference: 99, sha256: "0".repeat(64) },
        };
        let entry = sample::entry(seq, &Stuff { text: format!("text {seq}"), figure: 41.125, number: seq, seal });
        record.append(&entry);
        entries.push(entry);
        if seq % 3 == 1 {
            record.commit().unwrap();
        }
    }
    entries
}

fn check(loaded: &Loaded, format: u32) {
    assert_eq!(loaded.verdict, Verdict::Whole);
    assert_eq!(loaded.notices, []);
    let draft = sample::header().draft.filter(|_| format > 1);
    assert_eq!(loaded.header, Header { format, draft, ..sample::header() });
    assert_eq!(loaded.entries.len() as u64, sample::KINDS);
    assert_eq!(loaded.words_proof, WordsProof { sealed: 7, proven: 7, ..WordsProof::default() });
    assert!(verify(loaded).holds());
    let Event::Drill(DrillEvent::SeatTaken { name, .. }) = &loaded.entries[1].event else { panic!("a seat") };
    assert_eq!(loaded.words.read(name), "Otter");
    let Event::People(PeopleEvent::Noted { words }) = &loaded.entries[17].event else { panic!("a note") };
    assert_eq!(loaded.words.read(words), "words 17: \u{201c}quoted\u{201d}, two\nlines, \u{241b}[31m");
    assert_eq!(loaded.entries[17].by, Author::Seat(sample::seat()));
    assert_eq!(loaded.entries[17].at, DrillTime(17 * 1_234_567));
}

/// With `WRITE_JOURNALS_TO` set to an empty folder, the record is written there: how the one in `tests/journals` was made.
#[test]
fn format_1_loads_as_it_was_written() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("WRITE_JOURNALS_TO").map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let data = DataDir::open(&folder).unwrap();
    let entries = write(&data);
    check(&load(&data, &sample::drill()).unwrap(), FORMAT);

    let loaded = load(&DataDir::to_read(&journals("format-1")), &sample::drill()).unwrap();
    check(&loaded, 1);
    assert_eq!(loaded.head.hex(), include_str!("../../journals/format-1/head").trim_end());
    assert_eq!(loaded.entries, lifted(entries), "what is read is what today's types say was written");
}

/// What format 1 said in other words, and who may see it by today's table.
fn lifted(mut entries: Vec<Entry>) -> Vec<Entry> {
    // The text of a message stood in the scenario only.
    let Event::Drill(DrillEvent::InjectDelivered { message, .. }) = &mut entries[8].event else { panic!("a message") };
    *message = None;
    let Event::World(WorldEvent::Action(action)) = &mut entries[30].event else { panic!("a response") };
    let ActionState::Done { results } = &mut action.state else { panic!("one that is done") };
    results[4] = EffectResult::Impossible { because: Obstacle::Legacy("text 30".into()) };
    let Event::World(WorldEvent::Logged { record }) = &mut entries[25].event else { panic!("a record") };
    Arc::make_mut(record).id = RecordId::of_entry(25);
    for entry in &mut entries {
        entry.to = audience_of(&entry.event, &entry.by);
    }
    entries
}

#[test]
fn a_record_of_format_1_goes_on_in_a_file_of_todays_format() {
    let (temporary, drill) = (tempfile::tempdir().unwrap(), sample::drill());
    let (from, to) = (journals("format-1").join(drill.as_str()), temporary.path().join(drill.as_str()));
    std::fs::create_dir_all(&to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    let data = DataDir::open(temporary.path()).unwrap();
    let before = std::fs::read(to.join("journal.jsonl")).unwrap();

    let (mut record, loaded, _) = Record::resume(&data, &drill, Salts::new([2; 32])).unwrap();
    let next = Entry { seq: loaded.next, ..sample::entries(32)[30].clone() };
    record.append(&next);
    record.commit().unwrap();
    drop(record);

    assert_eq!(std::fs::read(to.join("journal.jsonl")).unwrap(), before, "what was written stays as it is");
    let later = std::fs::read_to_string(to.join("journal-2.jsonl")).unwrap();
    assert!(
        later.starts_with(&format!(r#"{{"journal":"firedrill","format":{FORMAT},"program":"firedrill "#)),
        "{later}"
    );
    assert!(later.contains(r#"{"impossible":{"because":"instance-terminated"}}"#), "{later}");
    let again = load(&data, &drill).unwrap();
    assert_eq!((again.verdict, again.notices, again.entries.len()), (Verdict::Whole, vec![], loaded.entries.len() + 1));
    assert_eq!(again.entries.last(), Some(&next));
}
