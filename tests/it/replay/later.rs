//! What is noted while a drill is replayed: it goes to the end of the record, stands at its moment, and changes nothing of what was.

use std::fs;
use std::path::Path;

use firedrill::host::replay::Replay;
use firedrill_core::projection::transport::{Cue, Stop, Tick};
use firedrill_core::projection::{Transport, Viewer, debrief, fold};
use firedrill_core::rules::Drill;
use firedrill_model::command::LaterAsk;
use firedrill_model::{Author, DrillTime, RecordId, Sealed, WordBook};
use firedrill_model::{
    audience::audience_of,
    command::Intent,
    event::{Entry, Event, PeopleEvent},
    refusal::Refusal,
};
use firedrill_record::journal::words::Salts;
use firedrill_record::store::{DataDir, Record};
use proptest::prelude::*;
use serde_json::Value;

use super::{all_of, own, played, told, transport};
use crate::cli::{assert_code, run, text};
use crate::fixture;

fn later(entries: &[Entry], event: PeopleEvent) -> Entry {
    let last = entries.last().unwrap();
    let event = Event::People(event);
    let by = Author::Seat("replay".to_owned().try_into().unwrap());
    Entry { seq: last.seq + 1, at: last.at, utc: last.utc, to: audience_of(&event, &by), by, source: None, event }
}

fn note(entries: &[Entry], about: u64) -> Entry {
    let words = Sealed { reference: 1_000 + about, sha256: String::new() };
    later(entries, PeopleEvent::NotedLater { about: DrillTime(about), words })
}

fn bookmark(entries: &[Entry], about: u64, on: bool) -> Entry {
    later(entries, PeopleEvent::Bookmarked { about: DrillTime(about), on })
}

fn any_later() -> impl Strategy<Value = (u64, Option<bool>)> {
    let about = prop_oneof![0..2_500_000_000_u64, prop::sample::select(vec![0, 340_000_000, 1_220_000_000])];
    (about, prop::option::of(any::<bool>()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Taken in one by one at any cursor, it is as if it had all been read at once; and at the end as the record tells it.
    #[test]
    fn what_is_noted_while_it_is_replayed_is_what_is_read_afterwards(
        all in prop::collection::vec(any_later(), 1..12),
        at in 0..2_500_000_000_u64,
        alone in any::<bool>(),
    ) {
        let mut entries = fixture::drill().entries;
        let viewer = if alone { own() } else { Viewer::Everything };
        let mut open = transport(&entries, viewer.clone());
        open.seek(DrillTime(at));
        for (about, bookmarks) in all {
            let entry = match bookmarks {
                Some(on) => bookmark(&entries, about, on),
                None => note(&entries, about),
            };
            open.observe(&entry);
            entries.push(entry);
        }
        let mut again = transport(&entries, viewer);
        prop_assert_eq!(all_of(&open), all_of(&again));
        let cursor = open.cursor();
        again.go(cursor);
        prop_assert!(open.view() == again.view(), "at {cursor}");
        for count in (0..=entries.len()).step_by(7) {
            open.go(count);
            again.go(count);
            prop_assert!(open.view() == again.view(), "at {count}");
            prop_assert_eq!(open.ticks(), again.ticks());
        }
        open.cue(Cue::End);
        prop_assert!(open.view() == fold(fixture::scenario(), &entries, &Viewer::Everything).view());
    }
}

#[test]
fn a_note_stands_at_its_moment_and_is_hidden_where_hindsight_would_tell() {
    let mut entries = fixture::drill().entries;
    let end = entries.last().unwrap().at;
    entries.push(note(&entries, 500_000_000));
    let mut transport = transport(&entries, Viewer::Everything);
    assert_eq!(transport.end(), end);
    transport.seek(DrillTime(499_999_999));
    assert_eq!(transport.view().timeline.iter().filter(|line| line.later).count(), 0);
    assert!(transport.jump(Stop::Note, true));
    assert_eq!(transport.now(), DrillTime(500_000_000));
    let line = transport.view().timeline.last().unwrap();
    assert_eq!((line.text(transport.view()).as_str(), line.stamp.at), ("Note, added later", DrillTime(500_000_000)));
    assert!(transport.ticks().contains(&(DrillTime(500_000_000), Tick::Note)));
    transport.look_as(own());
    transport.seek(DrillTime(1_000_000_000));
    assert_eq!(transport.view().timeline.iter().filter(|line| line.later).count(), 0, "the seat did not know it then");
    transport.cue(Cue::End);
    assert_eq!(transport.view().timeline.iter().filter(|line| line.later).count(), 1);
}

#[test]
fn a_bookmark_is_gone_to_and_taken_off() {
    let entries = fixture::drill().entries;
    let mut transport = transport(&entries, own());
    transport.seek(DrillTime(700_000_000));
    let here = |on| Intent::Later(DrillTime(700_000_000), LaterAsk::Bookmark(on));
    assert_eq!(transport.bookmark_here(), here(true));
    transport.observe(&bookmark(&entries, 700_000_000, true));
    assert_eq!(transport.bookmark_here(), here(false));
    transport.cue(Cue::Start);
    assert!(transport.jump(Stop::Bookmark, true));
    assert_eq!(transport.now(), DrillTime(700_000_000));
    assert!(transport.view().people.bookmarks.contains(&DrillTime(700_000_000)));
    transport.observe(&bookmark(&entries, 700_000_000, false));
    assert!(transport.view().people.bookmarks.is_empty());
    transport.cue(Cue::Start);
    assert!(!transport.jump(Stop::Bookmark, true));
    assert_eq!(transport.count(), entries.len());
}

/// Nothing that a debrief measures moves: only what was noted is told as well.
#[test]
fn no_measure_changes_by_what_is_noted_later() {
    let drill = fixture::drill();
    let mut entries = drill.entries.clone();
    for about in [0, 340_000_000, 1_220_000_000, 1_221_000_000, 9_000_000_000] {
        entries.push(note(&entries, about));
        entries.push(bookmark(&entries, about, true));
    }
    let built = |entries: &[Entry]| {
        let view = fold(fixture::scenario(), entries, &Viewer::Everything);
        serde_json::to_value(debrief::build(&view, &drill.words, &fixture::drill_id(), &[])).unwrap()
    };
    let (before, mut after) = (built(&drill.entries), built(&entries));
    assert_eq!(after["later_notes"].as_array().unwrap().len(), 5);
    assert_eq!(after["bookmarks"].as_array().unwrap().len(), 5);
    let rows = after["happened"].as_array().unwrap();
    let is_note = |row: &&Value| row["text"].as_str().unwrap().starts_with("Note, added later: [erased]");
    assert_eq!(rows.iter().filter(is_note).count(), 5);
    let kept: Vec<Value> = rows.iter().filter(|row| !is_note(row)).cloned().collect();
    let (after, kept) = (after.as_object_mut().unwrap(), Value::from(kept));
    after.insert("happened".into(), kept);
    after.insert("later_notes".into(), Value::from(Vec::<Value>::new()));
    after.insert("bookmarks".into(), Value::from(Vec::<Value>::new()));
    after.insert("bookmark_ts".into(), Value::from(Vec::<Value>::new()));
    assert_eq!(Value::from(after.clone()), before);
}

#[test]
fn the_rules_take_later_observations_of_drills_that_are_over_and_of_their_time() {
    let entries = fixture::drill().entries;
    let at = |count: usize| {
        let mut drill = Drill::new(fixture::scenario());
        entries[..count].iter().for_each(|entry| drill.apply(entry));
        drill
    };
    let ask = |drill: &Drill, about: u64, on: bool| {
        drill.decide(
            &fixture::seat(),
            &firedrill_model::command::Command::Later(DrillTime(about), LaterAsk::Bookmark(on)),
        )
    };
    assert_eq!(ask(&at(40), 0, true), Err(Refusal::NotOver));
    let mut over = at(entries.len());
    assert!(matches!(ask(&over, u64::MAX, true), Err(Refusal::OutOfRange(_))));
    assert_eq!(ask(&over, 5, false), Ok(Vec::new()), "there is none to take off");
    let set = ask(&over, 5, true).unwrap();
    assert_eq!(set, [Event::People(PeopleEvent::Bookmarked { about: DrillTime(5), on: true })]);
    over.apply(&bookmark(&entries, 5, true));
    assert_eq!(ask(&over, 5, true), Ok(Vec::new()));
}

fn debriefed(data: &Path, drill: &str) -> Value {
    let output = run(data, &["debrief", drill, "--format", "json"]);
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_note_is_written_line_by_line_and_told_in_every_report() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let journal = data.path().join(&drill).join("journal.jsonl");
    let (record, before) = (fs::read(&journal).unwrap(), debriefed(data.path(), &drill));
    let proven =
        || -> Value { serde_json::from_slice(&run(data.path(), &["verify", &drill, "--json"]).stdout).unwrap() };
    let closed = proven();
    assert_eq!(closed["head_words_at_close"], Value::Null, "nothing was added since");
    let typed = "seek 6:00\nnote why was nobody told?\nbookmark\nnote\nend\nprevious bookmark\nfind NOBODY TOLD\n";
    let said = told(data.path(), &[&drill], typed);
    for expected in [
        "Noted on T+06:00, at the end of the record.",
        "Bookmark set at T+06:00",
        "Say note and the text.",
        "Found: Note, added later",
    ] {
        assert!(said.contains(expected), "'{expected}' is missing:\n{said}");
    }
    let after = fs::read(&journal).unwrap();
    assert!(after.starts_with(&record), "what was stays as it was, byte for byte");
    let added = String::from_utf8(after[record.len()..].to_vec()).unwrap();
    assert!(!added.contains("nobody"), "the text is beside the chain: {added}");
    assert_eq!(added.lines().count(), 2);
    let proof = run(data.path(), &["verify", &drill]);
    assert_code(&proof, 0);
    assert!(text(&proof.stdout).contains("Added later: 2 entries"), "{}", text(&proof.stdout));
    // The words that were read out at the end are still to be found, beside those of what is there now.
    let now = proven();
    assert_eq!(now["head_words_at_close"], closed["head_words"]);
    assert_ne!(now["head_words"], closed["head_words"]);
    let read_out = format!("When the drill ended: {}", closed["head_words"].as_str().unwrap());
    assert!(text(&proof.stdout).contains(&read_out), "{}", text(&proof.stdout));

    let told_now = debriefed(data.path(), &drill);
    assert_eq!(told_now["later_notes"][0]["text"], "why was nobody told?");
    assert_eq!((&told_now["later_notes"][0]["at"], &told_now["bookmarks"][0]), (&675.0.into(), &675.0.into()));
    for same in ["durations", "marks", "verdict", "parts", "state", "surprises", "signals", "impact", "notes"] {
        assert_eq!(told_now[same], before[same], "{same}");
    }
    for format in ["markdown", "html", "csv"] {
        let report = text(&run(data.path(), &["debrief", &drill, "--format", format]).stdout);
        assert!(report.contains("why was nobody told?"), "{format}");
    }
    let number = text(&run(data.path(), &["erase", &drill]).stdout);
    let number = number.lines().find(|line| line.contains("nobody told")).unwrap();
    let number: String = number.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    assert_code(&run(data.path(), &["erase", &drill, "--remark", &number, "--yes"]), 0);
    assert_eq!(debriefed(data.path(), &drill)["later_notes"][0]["text"], WordBook::ERASED);
    assert_code(&run(data.path(), &["verify", &drill]), 0);
}

#[test]
fn what_can_not_be_written_on_says_why_and_stays_as_it_is() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let folder = DataDir::open(data.path()).unwrap();
    let held = Record::resume(&folder, &drill.clone().try_into().unwrap(), Salts::new([7; 32])).unwrap();
    let said = told(data.path(), &[&drill], "note one\n");
    assert!(said.contains("Nothing is written; failed to take up") && said.contains("is recording it now"), "{said}");
    drop(held);

    let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    let last = lines.len() - 2;
    lines[last] = lines[last].replacen("\"at\":", "\"at\":1", 1);
    let damaged = lines.join("\n") + "\n";
    fs::write(&journal, &damaged).unwrap();
    let said = told(data.path(), &[&drill], "end\nnote two\n");
    assert!(said.contains("is damaged") && said.contains("Nothing is written"), "{said}");
    assert_eq!(fs::read_to_string(&journal).unwrap(), damaged);

    let begun: String = whole.split_inclusive('\n').take(60).collect();
    fs::write(&journal, &begun).unwrap();
    let said = told(data.path(), &[&drill], "note three\nbookmark\n");
    assert_eq!(said.matches("Not now: the drill isn't over yet").count(), 2, "{said}");
    assert_eq!(fs::read_to_string(&journal).unwrap(), begun);
}

/// The last write was cut off: what is cut from the record is said in it before the note.
#[test]
fn a_note_on_a_torn_record_says_first_what_was_cut() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let journal = data.path().join(&drill).join("journal.jsonl");
    told(data.path(), &[&drill], "note this one is cut off\n");
    let whole = fs::read(&journal).unwrap();
    fs::write(&journal, &whole[..whole.len() - 30]).unwrap();
    let said = told(data.path(), &[&drill], "seek 6:00\nnote it was cut\n");
    assert!(said.contains("Noted on T+06:00"), "{said}");
    assert_code(&run(data.path(), &["verify", &drill]), 0);
    let data = DataDir::to_read(data.path());
    let mut replay = Replay::open(&data, &drill.try_into().unwrap(), None).unwrap();
    replay.cue(Cue::End);
    assert_eq!((replay.view().course.resumed, replay.view().people.later.len()), (1, 1));
    let kinds: Vec<Option<DrillTime>> = all_of(replay.transport()).iter().map(|entry| entry.event.about()).collect();
    assert!(kinds.last().unwrap().is_none(), "what was cut is said at the end");
}

#[test]
fn a_search_goes_over_all_that_happened_and_over_remarks() {
    let mut tape = fixture::Tape::new();
    fixture::steady_state(&mut tape);
    let first = tape.seal("The Very First\nremark");
    tape.people(PeopleEvent::Noted { words: first });
    for round in 0..6_000_u64 {
        tape.at(1_000 + round);
        tape.people(PeopleEvent::Unmarked { record: RecordId::of("test", 0) });
    }
    let mut transport = Transport::new(fixture::scenario(), tape.entries.clone(), true, own());
    transport.cue(Cue::End);
    assert!(transport.view().dropped.lines > 0, "the view itself holds only the newest");
    assert_eq!(transport.search("very first", &tape.words).unwrap().as_str(), "Note");
    let noted = transport.entry(transport.cursor() - 1).unwrap();
    assert!(matches!(noted.event, Event::People(PeopleEvent::Noted { .. })));
    transport.cue(Cue::End);
    assert!(transport.search("STEADY STATE begins", &tape.words).is_some());
    assert!(transport.cursor() < 20);
    for (words, finds) in [("", false), ("mark of evidence\n", true), ("e\nt", false), ("no such words", false)] {
        assert_eq!(transport.search(words, &tape.words).is_some(), finds, "{words:?}");
    }
    let here = transport.cursor();
    transport.search("mark of evidence", &tape.words);
    assert_eq!(transport.cursor(), here + 1, "the next one comes next");
}
