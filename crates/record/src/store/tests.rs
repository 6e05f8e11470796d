//! The record on a disk that fails: acknowledged is a part of recovered, which is a part of attempted.

mod gate;
mod recorder;

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::data_dir::DataDir;
use super::disk::Disk;
use super::erase::{Erasing, ErasureOrder, erase_on};
use super::fake::{Chance, FakeDisk, Plan, Trouble};
use super::keeper::RecordState;
use super::load::{Loaded, load_from};
use super::record::Record;
use super::{StoreFault, verify};
use crate::journal::words::Salts;
use crate::journal::{Header, Verdict};
use firedrill_model::event::{DrillEvent, Entry, ErasureReason, Event, PeopleEvent};
use firedrill_model::id::{DrillId, ScenarioId, SeatId};
use firedrill_model::{Audience, Author, DrillTime, Role};

const SCENARIO: &str = "id = \"x\"\n";

fn drill() -> DrillId {
    DrillId::new("2026-11-24-brave-otter").unwrap()
}

fn data() -> DataDir {
    DataDir::to_read(Path::new("/data"))
}

fn header() -> Header {
    let epoch: DateTime<Utc> = "2026-11-24T20:00:00Z".parse().unwrap();
    Header::new(drill(), ScenarioId::new("x").unwrap(), SCENARIO, 7, ("simulated", 1), epoch)
}

fn create(disk: &FakeDisk) -> Result<Record, StoreFault> {
    let disk: Box<dyn Disk> = Box::new(disk.clone());
    Record::create_on(disk, PathBuf::from("/tmp"), &data(), header(), SCENARIO, Salts::new([1; 32]))
}

fn resume(disk: &FakeDisk) -> Result<(Record, Loaded), StoreFault> {
    let disk: Box<dyn Disk> = Box::new(disk.clone());
    let (record, loaded, _) = Record::resume_on(disk, PathBuf::from("/tmp"), &data(), &drill(), Salts::new([2; 32]))?;
    Ok((record, loaded))
}

fn load(disk: &FakeDisk) -> Result<Loaded, StoreFault> {
    load_from(disk, Path::new("/tmp"), &data(), &drill())
}

/// Appends one note, whose text says its number.
fn append(record: &mut Record) {
    let seq = record.next();
    let words = record.seal(&format!("note {seq}"));
    let seat = SeatId::new("seat-1").unwrap();
    let utc = header().epoch + TimeDelta::seconds(i64::try_from(seq).unwrap());
    let event = Event::People(PeopleEvent::Noted { words });
    record.append(&Entry {
        seq,
        at: DrillTime(seq),
        utc,
        by: Author::Seat(seat),
        to: Audience::Everyone,
        source: None,
        event,
    });
}

/// Appends and commits in groups of one to three. Gives how many entries were acknowledged.
fn go_on(record: &mut Record, groups: usize, chance: &mut Chance) -> u64 {
    let mut acknowledged = record.keeper.tip.next;
    for _ in 0..groups {
        for _ in 0..=chance.below(3) {
            append(record);
        }
        if record.commit().is_ok() {
            acknowledged = record.next();
        }
    }
    acknowledged
}

/// Every acknowledged entry is there with its text, and nothing that was never attempted.
fn check(loaded: &Loaded, acknowledged: u64, attempted: u64, what: &str) {
    assert!(!matches!(loaded.verdict, Verdict::Corrupt { .. }), "{what}: {:?}", loaded.verdict);
    assert!(loaded.next >= acknowledged, "{what}: {} of {acknowledged} acknowledged are left", loaded.next);
    assert!(loaded.next <= attempted, "{what}: {} of {attempted} attempted", loaded.next);
    for (seq, entry) in (0_u64..).zip(&loaded.entries) {
        assert_eq!(entry.seq, seq, "{what}");
        let Event::People(PeopleEvent::Noted { words }) = &entry.event else { panic!("{what}: a note") };
        assert_eq!(loaded.words.read(words).as_str(), format!("note {seq}"), "{what}");
    }
}

/// One drill on a disk with trouble: recorded, then read as it is, and after a power cut, and taken up again.
fn suffer(plan: Plan, seed: u64) {
    let what = format!("{plan:?}, seed {seed}");
    let disk = FakeDisk::with(plan);
    let mut chance = Chance(seed);
    let Ok(mut record) = create(&disk) else {
        let left = disk.names(&data().folder(&drill()));
        let begun = left.is_ok_and(|names| names.iter().any(|name| name.starts_with("journal")));
        assert!(!begun || plan.trouble == Trouble::Off || plan.calls > 1, "{what}: nothing is left behind");
        return;
    };
    let acknowledged = go_on(&mut record, 6, &mut chance);
    let attempted = record.next();
    assert_eq!(disk.reused(), Vec::<PathBuf>::new(), "{what}: a file that failed is left alone");
    drop(record);

    let after = disk.after_power_cut(&mut chance);
    if plan.trouble != Trouble::Off {
        check(&load(&disk).unwrap(), acknowledged, attempted, &what);
    }
    check(&load(&after).unwrap(), acknowledged, attempted, &what);
    let (mut record, loaded) = resume(&after).unwrap();
    assert_eq!(loaded.verdict, Verdict::Whole, "{what}");
    let again = go_on(&mut record, 2, &mut chance);
    let reread = load(&after).unwrap();
    check(&reread, again, again, &what);
    assert!(verify(&reread).holds(), "{what}");
}

fn calls_of_a_whole_drill() -> usize {
    let disk = FakeDisk::default();
    let mut record = create(&disk).unwrap();
    go_on(&mut record, 6, &mut Chance(1));
    disk.calls()
}

#[test]
fn each_call_fails_once_or_for_good() {
    let calls = calls_of_a_whole_drill();
    assert!(calls > 36, "{calls}");
    for from in 0..calls + 2 {
        for trouble in [Trouble::Eio, Trouble::Enospc, Trouble::Eintr, Trouble::Short] {
            for calls in [1, 2, 9, usize::MAX] {
                // A system that interrupts for ever is none.
                if calls < usize::MAX || trouble != Trouble::Eintr {
                    suffer(Plan { trouble, from, calls }, from as u64);
                }
            }
        }
    }
}

#[test]
fn the_power_goes_at_any_call() {
    let calls = calls_of_a_whole_drill();
    for seed in 0..3_000 {
        let from = Chance(seed ^ 0xF00D).below(calls + 4);
        suffer(Plan { trouble: Trouble::Off, from, calls: usize::MAX }, seed);
    }
}

#[test]
fn trouble_that_passes_loses_nothing() {
    for from in 14..60 {
        let disk = FakeDisk::with(Plan { trouble: Trouble::Eio, from, calls: 1 });
        let Ok(mut record) = create(&disk) else { continue };
        go_on(&mut record, 6, &mut Chance(3));
        append(&mut record);
        let first = record.commit();
        assert!(first.is_ok() || record.commit().is_ok(), "from {from}");
        assert_eq!(*record.state(), RecordState::Recording);
        let attempted = record.next();
        let loaded = load(&disk).unwrap();
        check(&loaded, attempted, attempted, &format!("from {from}"));
        assert!(verify(&loaded).holds());
        assert_eq!(loaded.head, record.head());
    }
}

#[test]
fn a_full_disk_is_said_and_the_record_goes_on_elsewhere() {
    let disk = FakeDisk::default();
    let mut record = create(&disk).unwrap();
    append(&mut record);
    record.commit().unwrap();
    let head = record.head();
    // The next commit makes five calls before the trouble passes: the first write, and the tries in the drill's own folder.
    disk.plan(Plan { trouble: Trouble::Enospc, from: disk.calls(), calls: 2 });
    append(&mut record);
    let fault = record.commit().unwrap_err().to_string();
    assert!(fault.contains("the disk is full; free some room"), "{fault}");
    assert!(matches!(record.state(), RecordState::NotRecording { why } if why.as_str().contains("the disk is full")));
    assert_eq!(record.head(), head, "nothing counts as stored");
    record.commit().unwrap();
    let RecordState::Elsewhere { folder, why } = record.state().clone() else { panic!("elsewhere") };
    assert!(folder.starts_with("/tmp/"), "{}", folder.display());
    assert!(why.as_str().contains("the disk is full"), "{why}");
    drop(record);
    let loaded = load(&disk).unwrap();
    check(&loaded, 2, 2, "read from elsewhere");
    assert!(loaded.notices[0].as_str().contains(&*folder.to_string_lossy()), "{:?}", loaded.notices);

    let (mut record, loaded) = resume(&disk).unwrap();
    assert_eq!(loaded.notices, [], "all is at home");
    append(&mut record);
    record.commit().unwrap();
    assert_eq!(*record.state(), RecordState::Recording);
    assert!(!disk.is_private(&folder), "nothing is left in the other folder");
    let loaded = load(&disk).unwrap();
    check(&loaded, 3, 3, "brought home");
    assert!(verify(&loaded).holds());
}

#[test]
fn a_private_folder_that_was_tidied_away_is_replaced() {
    let disk = FakeDisk::default();
    let mut record = create(&disk).unwrap();
    let mut folders = Vec::new();
    for _ in 0..2 {
        disk.plan(Plan { trouble: Trouble::Enospc, from: disk.calls(), calls: 2 });
        append(&mut record);
        record.commit().unwrap_err();
        record.commit().unwrap();
        let RecordState::Elsewhere { folder, .. } = record.state().clone() else { panic!("elsewhere") };
        disk.remove(&folder).unwrap();
        folders.push(folder);
    }
    assert_ne!(folders[0], folders[1]);
}

#[test]
fn what_the_rules_refused_is_forgotten() {
    let disk = FakeDisk::default();
    let mut record = create(&disk).unwrap();
    let refused = record.seal("refused");
    record.discard_pending();
    append(&mut record);
    record.commit().unwrap();
    let bytes = disk.read(&data().folder(&drill()).join("words.jsonl"), 10_000).unwrap();
    assert!(!String::from_utf8(bytes).unwrap().contains("refused"));
    assert_eq!(record.words().read(&refused), "[erased]");
}

#[test]
fn words_of_a_kept_entry_survive_a_refusal() {
    let disk = FakeDisk::default();
    let mut record = create(&disk).unwrap();
    disk.plan(Plan { trouble: Trouble::Eio, from: disk.calls(), calls: 1 });
    append(&mut record);
    record.commit().unwrap_err();
    record.seal("refused");
    record.discard_pending();
    record.commit().unwrap();
    check(&load(&disk).unwrap(), 1, 1, "kept");
}

#[test]
fn what_a_resumed_drill_shows_outlasts_the_power() {
    for seed in 0..300 {
        let disk = FakeDisk::default();
        let mut chance = Chance(seed);
        let mut record = create(&disk).unwrap();
        let sure = go_on(&mut record, 2, &mut chance);
        // The program is killed within a commit: what it wrote can be read, and isn't durable.
        let from = disk.calls() + chance.below(6);
        disk.plan(Plan { trouble: Trouble::Off, from, calls: usize::MAX });
        go_on(&mut record, 1, &mut chance);
        let attempted = record.next();
        drop(record);
        disk.mend();
        let (record, shown) = resume(&disk).unwrap();
        check(&shown, sure, attempted, "shown");
        drop(record);
        let after = load(&disk.after_power_cut(&mut chance)).unwrap();
        check(&after, shown.next, attempted, &format!("seed {seed}"));
    }
}

#[test]
fn a_power_cut_while_a_part_is_brought_home_loses_nothing() {
    for from in 0..40 {
        for seed in 0..20 {
            let disk = FakeDisk::default();
            let mut chance = Chance(seed);
            let mut record = create(&disk).unwrap();
            disk.plan(Plan { trouble: Trouble::Enospc, from: disk.calls(), calls: 2 });
            let acknowledged = go_on(&mut record, 4, &mut chance);
            assert!(matches!(record.state(), RecordState::Elsewhere { .. }));
            drop(record);
            disk.plan(Plan { trouble: Trouble::Off, from: disk.calls() + from, calls: usize::MAX });
            let taken_up = resume(&disk).is_ok();
            let after = disk.after_power_cut(&mut chance);
            let (_, loaded) = resume(&after).unwrap();
            check(&loaded, acknowledged, acknowledged, &format!("from {from}, seed {seed}, {taken_up}"));
        }
    }
}

#[test]
fn of_two_that_went_on_from_one_entry_the_first_counts() {
    let disk = FakeDisk::default();
    let mut record = create(&disk).unwrap();
    append(&mut record);
    record.commit().unwrap();
    disk.plan(Plan { trouble: Trouble::Enospc, from: disk.calls(), calls: 2 });
    go_on(&mut record, 3, &mut Chance(1));
    let RecordState::Elsewhere { .. } = record.state() else { panic!("elsewhere") };
    drop(record);
    // Another program takes the drill up without seeing the other folder.
    let other: Box<dyn Disk> = Box::new(disk.clone());
    let (mut record, loaded, _) =
        Record::resume_on(other, PathBuf::from("/elsewhere"), &data(), &drill(), Salts::new([3; 32])).unwrap();
    assert_eq!(loaded.next, 1);
    let words = record.seal("another note");
    let event = Event::People(PeopleEvent::Noted { words });
    let (by, to) = (Author::World(firedrill_model::id::WorldId::simulated()), Audience::Everyone);
    record.append(&Entry { seq: 1, at: DrillTime(1), utc: header().epoch, by, to, source: None, event });
    record.commit().unwrap();
    drop(record);
    let loaded = load(&disk).unwrap();
    assert_eq!(
        (loaded.next, loaded.entries[1].by.clone()),
        (2, Author::World(firedrill_model::id::WorldId::simulated()))
    );
    assert!(loaded.notices[0].as_str().contains("are no part of this record and are left out"), "{:?}", loaded.notices);
}

#[test]
fn a_journal_is_bounded() {
    let mut record = create(&FakeDisk::default()).unwrap();
    record.keeper.tip.bytes = super::files::MOST_BYTES;
    append(&mut record);
    let fault = record.commit().unwrap_err();
    assert!(matches!(fault, StoreFault::Full { .. }), "{fault}");
    assert!(matches!(record.state(), RecordState::NotRecording { .. }));
}

/// A drill with a name and three notes, in two files.
fn drill_with_words() -> FakeDisk {
    let disk = FakeDisk::default();
    let mut record = create(&disk).unwrap();
    let seat = SeatId::new("seat-1").unwrap();
    let name = record.name(&seat, "Otter");
    let taken = DrillEvent::SeatTaken { seat, role: Role::Responder, name };
    let (by, to) = (Author::Drill, Audience::Everyone);
    record.append(&Entry {
        seq: 0,
        at: DrillTime(0),
        utc: header().epoch,
        by,
        to,
        source: None,
        event: Event::Drill(taken),
    });
    append(&mut record);
    record.commit().unwrap();
    disk.plan(Plan { trouble: Trouble::Enospc, from: disk.calls(), calls: 1 });
    append(&mut record);
    record.commit().unwrap_err();
    disk.mend();
    record.commit().unwrap();
    append(&mut record);
    record.commit().unwrap();
    drop(record);
    disk
}

fn erase(disk: &FakeDisk, what: &Erasing) -> Result<usize, StoreFault> {
    disk.add_folder("/data");
    let order = ErasureOrder { utc: header().epoch, reason: ErasureReason::Request, salts: Salts::new([9; 32]) };
    erase_on(disk, Path::new("/tmp"), &data(), (&drill(), what), &order).map(|gone| gone.texts.len())
}

#[test]
fn erasing_is_all_or_nothing_at_each_call_and_final_once_it_is_said() {
    for (what, text, count) in
        [(Erasing::Person("Otter".into()), "Otter", 1), (Erasing::Remark(3), "note 2", 1), (Erasing::All, "note 3", 4)]
    {
        let disk = drill_with_words();
        assert!(!disk.holding(text).is_empty(), "{what:?}");
        let before = disk.calls();
        assert_eq!(erase(&disk, &what).unwrap(), count, "{what:?}");
        let calls = disk.calls() - before;
        for from in 0..=calls {
            for trouble in [Trouble::Off, Trouble::Eio, Trouble::Enospc, Trouble::Short] {
                for seed in 0..12 {
                    let disk = drill_with_words();
                    disk.plan(Plan { trouble, from: disk.calls() + from, calls: usize::MAX });
                    let erased = erase(&disk, &what);
                    let said = format!("{what:?}, {trouble:?} from {from}, seed {seed}: {erased:?}");
                    let after = disk.after_power_cut(&mut Chance(seed));
                    if erased.is_ok() {
                        assert_eq!(after.holding(text), Vec::<PathBuf>::new(), "{said}");
                    }
                    let loaded = load(&after).unwrap();
                    let proof = verify(&loaded);
                    // The entry that tells of it may be torn; nothing is gone that no entry tells of.
                    assert!(proof.holds() || matches!(proof.verdict, Verdict::Torn { .. }), "{said}: {proof:?}");
                    assert!(proof.words.missing.is_empty() && proof.words.altered.is_empty(), "{said}: {proof:?}");
                    assert_eq!(proof.words.proven + proof.words.erased, 4, "{said}");
                    assert!(
                        proof.words.erased == 0 || proof.words.erased == count as u64,
                        "the record says all of it: {said}"
                    );
                    // Asked again, it is done.
                    if erase(&after, &what).is_ok() {
                        assert_eq!(after.holding(text), Vec::<PathBuf>::new(), "{said}");
                        assert!(verify(&load(&after).unwrap()).holds(), "{said}");
                    }
                }
            }
        }
    }
}
