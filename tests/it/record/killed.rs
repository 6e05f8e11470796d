//! A program that is killed, and one that may write no further, on a real disk: what it confirmed is there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use firedrill_model::event::{Event, PeopleEvent};
use firedrill_record::journal::Verdict;
use firedrill_record::store::{DataDir, Loaded, Record, RecordState, load, verify};

use super::{drill, header, note_entry, salts};

/// Where a writer writes. Set for a child process only: this test program plays that part, too.
const WRITE_TO: &str = "RECORD_TEST_WRITES_TO";
const NOTES: u64 = 2_000;

/// Writes notes and says the number of each that is stored, until killed or done.
fn write_on(folder: &Path) {
    let data = DataDir::open(folder).unwrap();
    let mut record = match load(&data, &drill()) {
        Ok(_) => Record::resume(&data, &drill(), salts(3)).unwrap().0,
        Err(_) => Record::create(&data, header(), super::SCENARIO, salts(1)).unwrap(),
    };
    while record.next() < NOTES {
        let seq = record.next();
        let words = record.seal(&format!("note {seq}"));
        record.append(&note_entry(seq, words));
        if record.commit().is_err() {
            assert!(matches!(record.state(), RecordState::NotRecording { .. }));
            continue;
        }
        // The other end is closed when the reader has had enough.
        if writeln!(std::io::stderr(), "stored {seq}").is_err() {
            return;
        }
    }
}

/// Starts this program as a writer, through a shell that says `before` first.
fn writer(folder: &Path, test: &str, before: &str) -> Child {
    let program = std::env::current_exe().unwrap();
    let script = format!("{before} exec \"$0\" --exact record::killed::{test} --nocapture --test-threads 1");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(program).env(WRITE_TO, folder);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Kills a writer some time after it has said that `notes` more are stored. Gives the number of the last one that it said so of.
fn kill_after(child: &mut Child, notes: u64) -> u64 {
    let lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut stored = lines.filter_map(|line| line.strip_prefix("stored ")?.parse().ok());
    let first = stored.nth(usize::try_from(notes).unwrap()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    stored.last().unwrap_or(first)
}

fn check(loaded: &Loaded, confirmed: u64) {
    assert!(!matches!(loaded.verdict, Verdict::Corrupt { .. }), "{:?}", loaded.verdict);
    assert!(loaded.next > confirmed, "{} entries, {confirmed} was confirmed", loaded.next);
    for (seq, entry) in (0_u64..).zip(&loaded.entries) {
        let Event::People(PeopleEvent::Noted { words }) = &entry.event else { panic!("a note") };
        assert_eq!((entry.seq, loaded.words.read(words).as_str()), (seq, format!("note {seq}").as_str()));
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_it_confirmed() {
    if let Some(folder) = std::env::var_os(WRITE_TO) {
        return write_on(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::to_read(folder.path());
    let mut last = 0;
    for round in 0..25_u64 {
        let mut child = writer(folder.path(), "a_killed_writer_loses_nothing_that_it_confirmed", "");
        let confirmed = kill_after(&mut child, round * 7 % 5);
        assert!(round == 0 || confirmed >= last, "the next writer goes on where the last one was killed");
        let loaded = load(&data, &drill()).unwrap();
        check(&loaded, confirmed);
        last = loaded.next;
    }
    Record::resume(&data, &drill(), salts(9)).unwrap();
    assert!(verify(&load(&data, &drill()).unwrap()).holds());
}

/// A limit on the size of files: each file of the record fills up, and the record goes on in the next one.
#[test]
fn a_limit_on_file_sizes_loses_nothing() {
    if let Some(folder) = std::env::var_os(WRITE_TO) {
        return write_on(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    // The signal that comes with the limit is ignored, as the program itself does it.
    let limited = "trap '' XFSZ; ulimit -f 16;";
    let mut child = writer(folder.path(), "a_limit_on_file_sizes_loses_nothing", limited);
    let confirmed = kill_after(&mut child, 150);
    let loaded = load(&DataDir::to_read(folder.path()), &drill()).unwrap();
    check(&loaded, confirmed);
    assert!(loaded.segments.len() > 2, "{:?}", loaded.segments);
}
