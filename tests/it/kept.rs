//! Drills that people played with 0.1.0 (journal format 1), for ever: they verify, replay and tell what they told then; those that were
//! cut off are taken up again. `tests/journals/format-1-real/README.md` says what each of them is.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use firedrill::host::clock::WallClock;
use firedrill::host::desk::Desk;
use firedrill::host::replay::Replay;
use firedrill::host::session::Session;
use firedrill_core::projection::Debrief;
use firedrill_core::projection::transport::Cue;
use firedrill_model::command::Ask;
use firedrill_model::event::{ActionState, Entry};
use firedrill_model::event::{DrillEvent, Event, PeopleEvent, WorldEvent};
use firedrill_model::id::DrillId;
use firedrill_model::{DrillTime, Phase, Span};
use firedrill_record::journal::Verdict;
use firedrill_record::store::{DataDir, Loaded, load, verify};
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{assert_code, firedrill, run, text};

/// Name, entries, and the head of the chain, as the last whole line of the file says.
const KEPT: [(&str, u64, &str); 8] = [
    ("2026-11-30-arctic-bobcat", 1551, "c3e1d041b6001dac7a640990347ff830aad1e0cb89032841e622095c31bfed74"),
    ("2026-11-30-awake-fox", 182, "0d154a0a86521374226812f1a13734eb6defb8e257724b5e58c936f706365a66"),
    ("2026-11-30-bronze-panda", 170, "bd410cec3f7b403ae1e6161d457597be8da3711149cef854b9592a8f83cef030"),
    ("2026-11-30-cut-response", 371, "00bf4a8fe27ea2bcf0dc236e41c99ac9fd08fe895d005d3b5e7e9ad3b32b8d4f"),
    ("2026-11-30-cut-torn", 391, "d0950d12321565575c01c1fe1daeaad126123fce773c68112643753fcd17b72a"),
    ("2026-11-30-fast-ibis", 2162, "1cda2e98063176ec0d3f7c6f3ca0742801b9ed93ee8571f05db86f081cb3d9a9"),
    ("2026-11-30-lasting-seahorse", 2827, "031d855e790d268eaddbeacafd64f7fddc5adf1e817371fdd043344ee14fcb6d"),
    ("2026-11-30-patient-duck", 2223, "0ff99b06676104f0c78a28e0c7827cb30e26a08ad958bcb600fe07d73e4a7639"),
];
/// Those that ended in the experiment.
const CUT: [&str; 4] =
    ["2026-11-30-awake-fox", "2026-11-30-bronze-panda", "2026-11-30-cut-response", "2026-11-30-cut-torn"];
const TORN: &str = "2026-11-30-cut-torn";
const RESPONDING: &str = "2026-11-30-cut-response";
const ERASED: &str = "2026-11-30-patient-duck";
const ANNOTATED: &str = "2026-11-30-lasting-seahorse";
/// Those that were sealed, with the number of entries that the seal covers.
const SEALED: [(&str, u64); 3] = [("2026-11-30-fast-ibis", 2162), (ANNOTATED, 2826), (ERASED, 2223)];
/// The key that sealed them. Nobody has its other half any more.
const KEY: &str = "ED25519 key SHA256:htcsjwb6Gxpf1gZVGtc9TDsHNIPlRJn+f5yE/fnAgDA";

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals/format-1-real")
}

fn id(name: &str) -> DrillId {
    DrillId::new(name).unwrap()
}

/// A data folder with a copy of a record in it. What is kept is only ever loaded: the program brings summaries up to date where it looks.
fn copy_of(name: &str) -> TempDir {
    let data = tempfile::tempdir().unwrap();
    fs::create_dir(data.path().join(name)).unwrap();
    for file in fs::read_dir(kept().join(name)).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), data.path().join(name).join(file.file_name())).unwrap();
    }
    data
}

fn desk(data: &Path) -> Desk {
    Desk { data: DataDir::to_read(data), alias: "otter".into(), pace: None }
}

fn loaded(data: &Path, name: &str) -> Loaded {
    load(&DataDir::to_read(data), &id(name)).unwrap()
}

fn is_over(entries: &[Entry]) -> bool {
    let closes =
        |entry: &Entry| matches!(entry.event, Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Closed, .. }));
    entries.iter().any(closes)
}

fn json_of(data: &Path, args: &[&str]) -> Value {
    let output = run(data, args);
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_record_loads_verifies_and_replays_to_its_end() {
    let there: BTreeSet<String> = fs::read_dir(kept())
        .unwrap()
        .map(|file| file.unwrap())
        .filter(|file| file.path().is_dir())
        .map(|file| file.file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, KEPT.iter().map(|(name, ..)| (*name).to_owned()).collect());
    for (name, entries, head) in KEPT {
        let record = loaded(&kept(), name);
        assert_eq!((record.next, record.head.hex().as_str()), (entries, head), "{name}");
        assert_eq!(record.entries.len() as u64, entries, "{name}: {:?}", record.unknown);
        let proof = verify(&record);
        if name == TORN {
            assert!(matches!(record.verdict, Verdict::Torn { .. }), "{:?}", record.verdict);
        } else {
            assert!(proof.holds(), "{name}: {proof:?}");
        }
        assert!(proof.scenario_matches && proof.words.altered.is_empty() && proof.words.unreadable == 0, "{name}");
        let mut replay = Replay::open(&DataDir::to_read(&kept()), &id(name), None).unwrap();
        assert_eq!(replay.transport().cursor(), 0);
        replay.cue(Cue::End);
        let transport = replay.transport();
        assert_eq!(transport.cursor() as u64, entries, "{name}");
        let last = record.entries.iter().map(Entry::moment).max().unwrap();
        assert_eq!((transport.now(), transport.end()), (last, last), "{name}");
        assert!(!transport.view().timeline.is_empty(), "{name}");
        assert_eq!(is_over(&record.entries), !CUT.contains(&name), "{name}");
    }
}

/// 0.1.0 kept an outline beside each record that it wrote: an independent witness of what it told.
#[test]
fn debriefs_tell_in_figures_what_they_told_then() {
    let mut compared = 0;
    for (name, ..) in KEPT {
        let data = copy_of(name);
        let debrief = desk(data.path()).debrief(&id(name), true).unwrap();
        let state = if CUT.contains(&name) { "experiment" } else { "complete" };
        assert_eq!(debrief.state, state, "{name}");
        // The two that were cut out of another record have none.
        let Ok(summary) = fs::read(kept().join(name).join("summary.json")) else { continue };
        let summary: Value = serde_json::from_slice(&summary).unwrap();
        let outline = &summary["outline"];
        assert_eq!(serde_json::to_value(debrief.verdict).unwrap(), outline["verdict"], "{name}");
        for then in outline["measures"].as_array().unwrap() {
            let which = then["name"].as_str().unwrap();
            let mark = |name: &str| debrief.marks.iter().find(|mark| mark.mark == name).unwrap().at;
            // TTR was what lay between containment and the end of the holding time, and ends today where that began.
            let now = if which == "TTR" {
                mark("steady_state_confirmed").zip(mark("containment_effective")).map(|(until, from)| until - from)
            } else {
                debrief.durations.iter().find(|row| row.name == which).unwrap().seconds
            };
            let same = match (now, then["seconds"].as_f64()) {
                // Tenths were rounded then, and are cut today, as clocks cut seconds.
                (Some(now), Some(then)) => (then - now).abs() < 0.151,
                (now, then) => now == then,
            };
            assert!(same, "{name}: {which} is {now:?} and was {then}");
        }
        let mut then: Vec<_> = outline["confidence"].as_array().unwrap().iter().map(Value::as_u64).collect();
        let mut now: Vec<_> = debrief.confidence.iter().map(|point| Some(u64::from(point.confidence))).collect();
        then.sort_unstable();
        now.sort_unstable();
        assert_eq!(now, then, "{name}: in whatever order");
        compared += 1;
    }
    assert_eq!(compared, 6);
}

#[test]
fn seals_of_then_verify_here_and_with_plain_openssh() {
    for (name, covers) in SEALED {
        let folder = kept().join(name);
        let mut openssh = Command::new("ssh-keygen");
        openssh.args(["-Y", "check-novalidate", "-n", "firedrill-record", "-s"]).arg(folder.join("seal.sig"));
        let Ok(checked) = openssh.stdin(fs::File::open(folder.join("seal.txt")).unwrap()).output() else {
            println!("ssh-keygen isn't here: nothing to check with");
            return;
        };
        assert_code(&checked, 0);
        assert!(text(&checked.stdout).contains(KEY), "{name}: {}", text(&checked.stdout));
        let seal = json_of(copy_of(name).path(), &["verify", name, "--json"])["seal"].clone();
        assert_eq!((&seal["of_this_record"], &seal["covers_entries"]), (&true.into(), &covers.into()), "{name}");
        let signatures = seal["signatures"].as_array().unwrap();
        assert!(signatures.len() == 1 && signatures[0]["good"] == true, "{name}: {seal}");
        assert_eq!(signatures[0]["key"], KEY, "{name}");
        assert_eq!(seal["added_otherwise"], 0, "{name}");
    }
}

#[test]
fn what_was_erased_stays_erased_and_the_rest_can_be_read() {
    let record = loaded(&kept(), ERASED);
    let proof = &record.words_proof;
    assert!(proof.sealed > 0 && proof.erased == proof.sealed && proof.proven == 0, "{proof:?}");
    let (mut names, mut notes) = (0, 0);
    for entry in &record.entries {
        match &entry.event {
            Event::Drill(DrillEvent::SeatTaken { name, .. }) => {
                names += 1;
                assert_eq!(record.words.read(name), "[erased]");
            }
            Event::People(PeopleEvent::Noted { words }) => {
                notes += 1;
                assert_eq!(record.words.read(words), "[erased]");
            }
            _ => {}
        }
    }
    assert!(names == 1 && notes > 0, "{names} names, {notes} notes");
    let report = run(copy_of(ERASED).path(), &["debrief", ERASED]);
    assert_code(&report, 0);
    assert!(text(&report.stdout).contains("Note: \\[erased\\]"), "{}", text(&report.stdout));
    for (name, ..) in KEPT.iter().filter(|(name, ..)| *name != ERASED) {
        let proof = loaded(&kept(), name).words_proof;
        assert!(proof.proven > 0 && proof.erased == 0 && proof.proven == proof.sealed, "{name}: {proof:?}");
    }
}

#[test]
fn a_note_that_was_added_later_stands_at_its_moment() {
    let data = copy_of(ANNOTATED);
    let debrief = desk(data.path()).debrief(&id(ANNOTATED), true).unwrap();
    let notes: Vec<_> = debrief.later_notes.iter().map(|note| (note.at, note.seq, note.text.as_str())).collect();
    assert_eq!(notes, [(0.0, 2826, "later thoughts")]);
    let report = run(data.path(), &["debrief", ANNOTATED]);
    assert!(text(&report.stdout).contains("later thoughts"));
    let told = typing(data.path(), &["--plain", "replay", ANNOTATED], "find later thoughts\nquit\n");
    assert!(told.contains("T-05:15 people: Note, added later \"later thoughts\""), "{told}");
}

/// Lets two minutes go by, writes a note, and goes on to the end.
fn play_to_the_end(session: &mut Session, clock: &WallClock) {
    assert_eq!(session.drill().phase(), Phase::Experiment);
    let until = session.now() + Span::from_secs(120);
    session.advance(until, clock.utc()).unwrap();
    assert_eq!(session.now(), until);
    session.ask(Ask::Note("taken up again".into()), clock.utc()).unwrap();
    for expected in [Phase::Verify, Phase::Improve, Phase::Closed] {
        session.ask(Ask::NextPhase, clock.utc()).unwrap();
        assert_eq!(session.drill().phase(), expected);
    }
}

/// The whole lines of the journal that was taken up, and what is left behind them.
fn lines_of_then(name: &str) -> (Vec<u8>, Vec<u8>) {
    let bytes = fs::read(kept().join(name).join("journal.jsonl")).unwrap();
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    (bytes[..whole].to_vec(), bytes[whole..].to_vec())
}

/// What is true of a drill that was cut off, taken up, and played to its end, however it was recorded after the seam.
fn check_taken_up(data: &Path, name: &str) -> (Loaded, Debrief) {
    let (before, after) = (loaded(&kept(), name), loaded(data, name));
    let proof = verify(&after);
    assert!(proof.holds(), "{name}: {proof:?}");
    let seam = before.entries.len();
    assert!(after.entries[..seam] == before.entries, "{name}: what was recorded is not what is read now");
    assert!(is_over(&after.entries), "{name}");
    let (whole, torn) = lines_of_then(name);
    assert!(
        fs::read(data.join(name).join("journal.jsonl")).unwrap().starts_with(&whole),
        "{name}: a line was rewritten"
    );
    let Event::Drill(DrillEvent::Resumed { recovered, .. }) = &after.entries[seam].event else {
        panic!("{name}: {:?}", after.entries[seam])
    };
    assert_eq!(recovered.is_some(), name == TORN, "{name}");
    if let Some(recovered) = recovered {
        assert_eq!(recovered.bytes, torn.len() as u64);
        assert_eq!(fs::read(data.join(name).join(recovered.kept_in.as_str())).unwrap(), torn);
    }
    let debrief = desk(data).debrief(&id(name), true).unwrap();
    assert_eq!(debrief.state, "complete", "{name}");
    assert!(debrief.notes.iter().any(|note| note.text.as_str() == "taken up again"), "{name}: {:?}", debrief.notes);
    (after, debrief)
}

#[test]
fn what_was_cut_off_is_taken_up_and_played_to_its_end() {
    let clock = WallClock::hands("2026-12-01T09:00:00Z".parse().unwrap());
    for name in CUT {
        let data = copy_of(name);
        let mut session = desk(data.path()).resume(&id(name), &clock).unwrap();
        play_to_the_end(&mut session, &clock);
        drop(session);
        let (after, _) = check_taken_up(data.path(), name);
        let done = |entry: &Entry| match &entry.event {
            Event::World(WorldEvent::Action(event)) => {
                event.run == 3 && matches!(event.state, ActionState::Done { .. })
            }
            _ => false,
        };
        let ended = after.entries.iter().filter(|entry| done(entry)).map(|entry| entry.at).collect::<Vec<_>>();
        if name == RESPONDING {
            assert_eq!(ended, [DrillTime(822_248_346)], "the response that was under way ends when it was to end");
        }
    }
}

/// Types lines to the program; gives what it prints.
fn typing(data: &Path, args: &[&str], typed: &str) -> String {
    let mut command = firedrill(data);
    let command = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_code(&output, 0);
    text(&output.stdout)
}

#[test]
fn the_program_takes_up_what_was_cut_off_line_by_line() {
    for name in ["2026-11-30-awake-fox", TORN] {
        let data = copy_of(name);
        let typed = "status\nwait 2m\nnote taken up again\nnext\nnext\nnext\nquit\n";
        let told = typing(data.path(), &["--plain", "run", "--resume", name], typed);
        assert!(told.contains("taken up again"), "{told}");
        check_taken_up(data.path(), name);
        let proof = json_of(data.path(), &["verify", name, "--json"]);
        assert_eq!(proof["verifies"], true, "{proof}");
        let debrief = json_of(data.path(), &["debrief", name, "--format", "json"]);
        assert_eq!(debrief["state"], "complete");
    }
}
