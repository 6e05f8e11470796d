//! The recorder of a host: it never waits for the disk, and says that something is stored only once it is.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::super::recorder::{RecordNews, Recorder};
use super::gate::{Go, Keys, LONG, gated};
use super::*;
use firedrill_model::Sealed;

/// Appends a note, as `append` does to a record.
fn note(recorder: &mut Recorder) {
    let seq = recorder.next();
    let words = recorder.seal(&format!("note {seq}"));
    recorder.append(&entry(seq, words));
}

fn entry(seq: u64, words: Sealed) -> Entry {
    let seat = SeatId::new("seat-1").unwrap();
    let utc = header().epoch + TimeDelta::seconds(i64::try_from(seq).unwrap());
    let event = Event::People(PeopleEvent::Noted { words });
    Entry { seq, at: DrillTime(seq), utc, by: Author::Seat(seat), to: Audience::Everyone, source: None, event }
}

fn notes(recorder: &mut Recorder, count: usize) {
    for _ in 0..count {
        note(recorder);
    }
    recorder.flush();
}

/// A thread's recorder, and what tells that there is news.
fn threaded(record: Record) -> (Recorder, Receiver<()>) {
    let (wake, woken) = channel();
    let wake = move || {
        // Nobody listens any more once a test is over.
        let _ = wake.send(());
    };
    (Recorder::thread(record, Box::new(wake)), woken)
}

/// The same on a disk whose syncs the test lets through, shut once the drill has begun.
fn hanging(disk: &FakeDisk) -> (Recorder, Receiver<()>, Keys) {
    let (gate, keys) = gated(disk);
    let salts = Salts::new([1; 32]);
    let record = Record::create_on(Box::new(gate), "/tmp".into(), &data(), header(), SCENARIO, salts).unwrap();
    keys.shut();
    let (recorder, woken) = threaded(record);
    (recorder, woken, keys)
}

/// News as one word each.
fn told(recorder: &mut Recorder) -> Vec<String> {
    let word = |news| match news {
        RecordNews::Stored { next } => format!("stored {next}"),
        RecordNews::Failed { .. } => "failed".into(),
        RecordNews::Recording(RecordState::Recording) => "recording".into(),
        RecordNews::Recording(RecordState::Elsewhere { .. }) => "elsewhere".into(),
        RecordNews::Recording(RecordState::NotRecording { .. }) => "not recording".into(),
        RecordNews::SummaryFailed { .. } => "no summary".into(),
    };
    recorder.poll().into_iter().map(word).collect()
}

#[test]
fn nobody_waits_for_a_disk_that_hangs_and_what_waits_is_one_write() {
    let disk = FakeDisk::default();
    let (mut recorder, woken, keys) = hanging(&disk);
    let (head, writes) = (recorder.head(), keys.writes());
    notes(&mut recorder, 1);
    keys.sync_begun();
    // Its sync is under way, and all of this comes back.
    for _ in 0..3 {
        notes(&mut recorder, 2);
    }
    assert_eq!(told(&mut recorder), [""; 0], "written is not stored");
    assert_eq!((recorder.waiting(), recorder.oldest_waiting(), recorder.next()), (7, Some(0), 7));
    assert_eq!((recorder.head(), keys.writes() - writes), (head, 1));

    keys.go(Go::On);
    woken.recv_timeout(LONG).unwrap();
    assert_eq!(told(&mut recorder), ["stored 1"]);
    assert_eq!((recorder.waiting(), recorder.oldest_waiting()), (6, Some(1)));
    keys.sync_begun();
    assert_eq!(told(&mut recorder), [""; 0]);
    keys.go(Go::On);
    woken.recv_timeout(LONG).unwrap();
    assert_eq!(told(&mut recorder), ["stored 7"]);
    assert_eq!((recorder.waiting(), recorder.oldest_waiting()), (0, None));
    assert_eq!(keys.writes() - writes, 2, "three groups waited, and were written in one go");

    let loaded = load(&disk).unwrap();
    check(&loaded, 7, 7, "all of it");
    assert_eq!(recorder.head(), loaded.head);
    assert_ne!(recorder.head(), head);
    let journal = String::from_utf8(disk.read(&data().folder(&drill()).join("journal.jsonl"), 100_000).unwrap());
    let with: Vec<bool> = journal.unwrap().lines().skip(1).map(|line| line.contains("\"with\":1,")).collect();
    assert_eq!(with, [false, false, true, true, true, true, true], "marks name the first that was synced with them");
}

#[test]
fn a_disk_that_fails_is_told_and_nothing_is_lost() {
    let disk = FakeDisk::default();
    let (mut recorder, woken) = threaded(create(&disk).unwrap());
    notes(&mut recorder, 1);
    woken.recv_timeout(LONG).unwrap();
    assert_eq!(told(&mut recorder), ["stored 1"]);
    let head = recorder.head();

    disk.plan(Plan { trouble: Trouble::Eio, from: disk.calls(), calls: usize::MAX });
    notes(&mut recorder, 2);
    woken.recv_timeout(LONG).unwrap();
    assert_eq!(told(&mut recorder), ["failed", "not recording"]);
    assert!(matches!(recorder.state(), RecordState::NotRecording { .. }));
    recorder.retry();
    woken.recv_timeout(LONG).unwrap();
    assert_eq!(told(&mut recorder), ["failed", "not recording"], "now it's the new file that fails");
    assert_eq!((recorder.waiting(), recorder.head()), (2, head));

    disk.mend();
    note(&mut recorder);
    recorder.retry();
    assert!(recorder.drain(LONG));
    assert_eq!(told(&mut recorder), ["recording", "stored 4"]);
    assert_eq!(disk.reused(), Vec::<PathBuf>::new(), "a file that failed is left alone");
    assert!(!disk.holding("journal.jsonl").is_empty(), "the new file names the old one");
    let loaded = load(&disk).unwrap();
    check(&loaded, 4, 4, "all of it");
    assert!(verify(&loaded).holds());
}

#[test]
fn where_the_record_goes_on_is_told_before_what_is_stored_there() {
    let disk = FakeDisk::default();
    let (mut recorder, _) = threaded(create(&disk).unwrap());
    disk.plan(Plan { trouble: Trouble::Enospc, from: disk.calls(), calls: 2 });
    notes(&mut recorder, 1);
    assert!(!recorder.drain(LONG));
    assert!(recorder.finish(LONG), "the end of the program tries once more");
    assert_eq!(told(&mut recorder), ["failed", "not recording", "elsewhere", "stored 1"]);
}

#[test]
fn dropping_stores_what_was_appended() {
    for by_thread in [true, false] {
        for calls in [0, 1] {
            let disk = FakeDisk::default();
            let record = create(&disk).unwrap();
            let mut recorder = if by_thread { threaded(record).0 } else { Recorder::inline(record) };
            notes(&mut recorder, 2);
            assert!(recorder.drain(LONG));
            disk.plan(Plan { trouble: Trouble::Eio, from: disk.calls(), calls });
            note(&mut recorder);
            drop(recorder);
            check(&load(&disk).unwrap(), 3, 3, &format!("thread {by_thread}, {calls} failures"));
        }
    }
}

#[test]
fn waiting_for_a_disk_that_hangs_has_an_end() {
    let disk = FakeDisk::default();
    let (mut recorder, woken, keys) = hanging(&disk);
    notes(&mut recorder, 1);
    keys.sync_begun();
    note(&mut recorder);
    assert!(!recorder.drain(Duration::from_millis(1)));
    assert!(!recorder.finish(Duration::from_millis(1)));
    // Dropping doesn't wait again: nothing was let through.
    drop(recorder);
    keys.open();
    keys.go(Go::On);
    woken.recv_timeout(LONG).unwrap();
    woken.recv_timeout(LONG).unwrap();
    check(&load(&disk).unwrap(), 2, 2, "the thread went on by itself");
}

#[test]
fn a_mistake_of_the_writer_is_told_and_ends_no_host() {
    let disk = FakeDisk::default();
    let (mut recorder, _, keys) = hanging(&disk);
    notes(&mut recorder, 1);
    keys.sync_begun();
    keys.go(Go::Panic);
    assert!(!recorder.drain(LONG));
    assert_eq!(told(&mut recorder), ["failed", "not recording"]);
    notes(&mut recorder, 1);
    recorder.retry();
    assert_eq!((told(&mut recorder), recorder.waiting()), (Vec::new(), 2));
    assert!(!recorder.finish(LONG));
}

#[test]
fn a_summary_follows_what_it_sums_up() {
    let disk = FakeDisk::default();
    let (mut recorder, _, keys) = hanging(&disk);
    note(&mut recorder);
    recorder.write_summary("{\"sum\":1}".to_owned());
    keys.sync_begun();
    assert!(disk.holding("\"sum\":1").is_empty());
    keys.go(Go::On);
    assert!(recorder.drain(LONG));
    assert_eq!(disk.holding("\"sum\":1").len(), 1);
    keys.open();
    disk.plan(Plan { trouble: Trouble::Eio, from: disk.calls(), calls: usize::MAX });
    recorder.write_summary("{\"sum\":2}".to_owned());
    assert!(recorder.drain(LONG), "no entry waits");
    assert_eq!(told(&mut recorder), ["stored 1", "no summary"]);
}

#[test]
fn no_summary_is_written_of_what_is_not_stored() {
    let disk = FakeDisk::default();
    let mut recorder = Recorder::inline(create(&disk).unwrap());
    note(&mut recorder);
    // Three calls fail: the write, then a new file in the drill's folder and a private folder. The summary itself could be written.
    disk.plan(Plan { trouble: Trouble::Eio, from: disk.calls(), calls: 3 });
    recorder.write_summary("{\"sum\":1}".to_owned());
    assert_eq!(told(&mut recorder), ["failed", "not recording", "failed", "not recording"]);
    assert!(recorder.finish(LONG));
    assert!(disk.holding("\"sum\":1").is_empty());
}

#[test]
fn a_refused_text_is_not_stored_by_an_entry_that_came_between() {
    let disk = FakeDisk::default();
    let mut recorder = Recorder::inline(create(&disk).unwrap());
    let kept = recorder.seal("kept");
    let refused = recorder.seal("refused");
    recorder.append(&entry(0, kept.clone()));
    recorder.discard();
    recorder.flush();
    assert_eq!(recorder.words().read(&kept), "kept");
    assert_eq!(recorder.words().read(&refused), "[erased]");
    assert!(!disk.holding("kept").is_empty());
    assert!(disk.holding("refused").is_empty());
}

/// Bytes by file.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The files of a drill that was flushed at chance's points, each drained, on a disk with trouble.
fn files_of(by_thread: bool, plan: Plan) -> Option<(Files, Vec<String>)> {
    let disk = FakeDisk::with(plan);
    let record = create(&disk).ok()?;
    let mut recorder = if by_thread { threaded(record).0 } else { Recorder::inline(record) };
    let mut chance = Chance(plan.from as u64);
    let mut news = Vec::new();
    for _ in 0..6 {
        notes(&mut recorder, 1 + chance.below(3));
        recorder.drain(LONG);
        news.extend(told(&mut recorder));
    }
    drop(recorder);
    Some((disk.files(), news))
}

#[test]
fn a_thread_and_the_caller_write_the_same_bytes() {
    let mut compared = 0;
    for from in 0..40 {
        for (trouble, calls) in [(Trouble::Eio, 0), (Trouble::Eio, 1), (Trouble::Enospc, 2), (Trouble::Eio, usize::MAX)]
        {
            let plan = Plan { trouble, from, calls };
            let by_thread = files_of(true, plan);
            assert_eq!(by_thread, files_of(false, plan), "{plan:?}");
            compared += usize::from(by_thread.is_some());
        }
    }
    assert!(compared > 80, "{compared}");
}

#[test]
fn what_was_told_as_stored_outlasts_the_power() {
    for seed in 0..400 {
        let disk = FakeDisk::default();
        let (mut recorder, _) = threaded(create(&disk).unwrap());
        let mut chance = Chance(seed);
        let from = disk.calls() + chance.below(24);
        let trouble = [Trouble::Off, Trouble::Eio, Trouble::Enospc][chance.below(3)];
        disk.plan(Plan { trouble, from, calls: [2, usize::MAX][chance.below(2)] });
        let mut acknowledged = 0;
        for _ in 0..8 {
            notes(&mut recorder, 1 + chance.below(3));
            if chance.below(3) == 0 {
                recorder.drain(LONG);
            }
            // The power goes while the writer is at work: what the host was told before that counts.
            acknowledged = recorder.poll().into_iter().fold(acknowledged, |sure, news| match news {
                RecordNews::Stored { next } => next,
                _ => sure,
            });
        }
        let after = disk.after_power_cut(&mut chance);
        let what = format!("seed {seed}, {trouble:?} from {from}");
        check(&load(&after).unwrap(), acknowledged, recorder.next(), &what);
    }
}
