//! Replay: what is seen at a cursor is the fold of what was written before it, and of nothing else.

mod later;
mod records;
mod screens;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use firedrill::host::replay::Replay;
use firedrill_core::projection::moment::T;
use firedrill_core::projection::transport::{Cue, Stop, Tick};
use firedrill_core::projection::view::Truth;
use firedrill_core::projection::{Transport, View, Viewer, fold, may_see};
use firedrill_model::event::Entry;
use firedrill_model::id::SeatId;
use firedrill_model::{Audience, DrillTime, Role, Span, WordBook};
use firedrill_record::store::{DataDir, load};
use proptest::prelude::*;

use super::cli::{assert_code, firedrill, root, run, text};
use super::fixture;

fn own() -> Viewer {
    Viewer::Seat(fixture::seat(), Role::Responder)
}

fn transport(entries: &[Entry], viewer: Viewer) -> Transport {
    let mut transport = Transport::new(fixture::scenario(), entries.to_vec(), true, own());
    transport.look_as(viewer);
    transport
}

/// What it tells, in order.
fn all_of(transport: &Transport) -> Vec<Entry> {
    (0..transport.count()).filter_map(|place| transport.entry(place)).collect()
}

/// The prefix, folded anew.
fn prefix(entries: &[Entry], count: usize, viewer: &Viewer) -> View {
    let before = &entries[..count];
    // Once everything is open, a replay shows it to whoever looks.
    let open = before.iter().any(firedrill_core::projection::audience::opens_everything);
    let viewer = if open { &Viewer::Everything } else { viewer };
    fold(fixture::scenario(), before, viewer).view().clone()
}

/// Copies of the drill one after the other, so that there are several keyframes.
fn long() -> Vec<Entry> {
    let mut tape = fixture::Tape::new();
    fixture::steady_state(&mut tape);
    fixture::hypothesis(&mut tape);
    fixture::fault_and_finding(&mut tape);
    tape.samples(30_000, 40.0, 2.0, 0.0);
    fixture::isolate(&mut tape);
    fixture::verify_and_improve(&mut tape);
    assert!(tape.entries.len() > 2_500);
    tape.entries
}

fn any_cue() -> impl Strategy<Value = Cue> {
    let stop = prop::sample::select(Stop::ALL.to_vec());
    prop_oneof![
        any::<bool>().prop_map(Cue::Step),
        (stop, any::<bool>()).prop_map(|(stop, on)| Cue::Jump(stop, on)),
        (-9_000..9_000).prop_map(Cue::By),
        (0..40_000_000_000_u64).prop_map(|at| Cue::Seek(T { apart: Span(at), before: at % 7 == 0 })),
        Just(Cue::Start),
        Just(Cue::End),
        Just(Cue::NextViewer),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn at_any_cursor_the_view_is_the_fold_of_the_prefix(cues in prop::collection::vec(any_cue(), 1..12)) {
        let entries = long();
        let mut transport = transport(&entries, Viewer::Everything);
        for cue in cues {
            transport.cue(cue);
            let expected = prefix(&entries, transport.cursor(), transport.viewer());
            prop_assert!(*transport.view() == expected, "after {cue:?} at {}", transport.cursor());
        }
    }
}

#[test]
fn forwards_and_backwards_show_the_same_at_each_entry() {
    let entries = fixture::drill().entries;
    for viewer in [Viewer::Everything, own()] {
        let mut transport = transport(&entries, viewer.clone());
        let mut seen = Vec::new();
        while transport.cursor() < entries.len() {
            transport.cue(Cue::Step(true));
            seen.push((transport.cursor(), transport.view().clone()));
        }
        for (cursor, view) in seen.into_iter().rev() {
            transport.go(cursor);
            assert!(*transport.view() == view, "{viewer:?} at {cursor}");
            assert!(view == prefix(&entries, cursor, &viewer), "{viewer:?} at {cursor}");
        }
    }
}

#[test]
fn a_seat_meets_no_entry_before_verify_that_was_not_addressed_to_it() {
    let entries = fixture::drill().entries;
    let mut transport = transport(&entries, own());
    let verify = all_of(&transport).iter().position(firedrill_core::projection::audience::opens_everything).unwrap();
    let hidden = |entry: &&Entry| entry.to == Audience::Facilitator;
    assert!(entries[..verify].iter().any(|entry| hidden(&entry)), "there is something to hide");
    let found = entries[..verify].iter().filter(|entry| Stop::Finding.is_at(&entry.event));
    let (told, made): (Vec<_>, Vec<_>) = found.partition(|entry| may_see(&own(), entry));
    assert!(!told.is_empty() && !made.is_empty());
    transport.cue(Cue::Start);
    let mut stops = 0;
    while transport.cursor() <= verify && transport.jump(Stop::Finding, true) && transport.cursor() <= verify {
        stops += 1;
        assert!(transport.view().board.adversary.is_none());
        assert!(transport.view().truth == Truth::default());
    }
    assert_eq!(stops, told.len());
    transport.cue(Cue::Start);
    let signs = transport.ticks().iter().filter(|(_, tick)| *tick == Tick::Finding).count();
    assert!(signs >= told.len() && signs < told.len() + made.len(), "the bar tells no more than the seat was told");
    transport.cue(Cue::Start);
    assert!(
        transport.search("adversary", &WordBook::default()).is_none_or(|_| transport.view().board.adversary.is_none())
    );
}

#[test]
fn while_a_drill_is_under_way_nobody_looks_at_everything() {
    let entries = fixture::drill().entries;
    let transport = Transport::new(fixture::scenario(), entries[..40].to_vec(), false, own());
    assert_eq!(transport.viewers(), [own()]);
    assert_eq!(*transport.viewer(), own());
}

#[test]
fn time_goes_by_at_the_chosen_speed_and_stops_at_the_end() {
    let entries = fixture::drill().entries;
    let mut transport = transport(&entries, Viewer::Everything);
    assert!(!transport.elapse(Span::from_secs(5)), "it is paused");
    assert_eq!(transport.next_change(), None, "nothing wakes the program while it is paused");
    transport.cue(Cue::Play(true));
    assert!(transport.elapse(Span::from_secs(5)));
    assert_eq!(transport.now(), DrillTime(5_000_000));
    for _ in 0..9 {
        transport.cue(Cue::Speed(true));
    }
    transport.elapse(Span::from_secs(1));
    assert_eq!((transport.now(), transport.speed().as_str()), (DrillTime(69_000_000), "64x"));
    for _ in 0..9 {
        transport.cue(Cue::Speed(false));
    }
    transport.elapse(Span::from_secs(2));
    assert_eq!((transport.now(), transport.speed().as_str()), (DrillTime(70_000_000), "0.5x"));
    assert!(*transport.view() == prefix(&entries, transport.cursor(), &Viewer::Everything));
    transport.elapse(Span::from_secs(1_000_000));
    assert!(!transport.is_playing());
    assert_eq!(transport.cursor(), entries.len());
}

#[test]
fn an_empty_record_has_one_moment() {
    let mut transport = Transport::new(fixture::scenario(), Vec::new(), true, own());
    for cue in [Cue::Step(true), Cue::Step(false), Cue::End, Cue::By(-5), Cue::By(5), Cue::Toggle, Cue::NextViewer] {
        transport.cue(cue);
        assert_eq!((transport.cursor(), transport.is_playing()), (0, false));
    }
    assert!(!transport.jump(Stop::Finding, true));
}

/// Records of every released format replay for ever, at each entry, on and back. The scenario in them is not one of this program.
#[test]
fn records_of_every_format_replay() {
    let journals = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals");
    let mut replayed = 0;
    for format in fs::read_dir(journals).unwrap() {
        let data = DataDir::to_read(&format.unwrap().path());
        for listing in data.drills().unwrap() {
            // What was noted later stands at the moment that it is about: `later` has tests of its own.
            let mut entries = load(&data, &listing.drill).unwrap().entries;
            entries.retain(|entry| entry.event.about().is_none());
            // A prefix is folded anew each time: a long record is looked at in a hundred places.
            let step = entries.len().div_ceil(100).max(1);
            let viewer = Viewer::Seat(SeatId::new("seat-1").unwrap(), Role::Responder);
            for viewer in [Viewer::Everything, viewer] {
                let mut transport = transport(&entries, viewer.clone());
                for count in (0..=entries.len()).chain((0..=entries.len()).rev()).step_by(step) {
                    transport.go(count);
                    assert!(*transport.view() == prefix(&entries, count, &viewer), "{} at {count}", listing.drill);
                }
            }
            replayed += 1;
        }
    }
    assert!(replayed > 0);
}

fn played(data: &Path) -> String {
    let script = root("scenarios/open-ssh-port/deviates.toml");
    assert_code(&run(data, &["run", "open-ssh-port", "--script", &script, "--headless", "--seed", "7"]), 1);
    DataDir::to_read(data).latest().unwrap().unwrap().to_string()
}

fn told(data: &Path, more: &[&str], lines: &str) -> String {
    let mut command = firedrill(data);
    let mut child = command
        .args([&["--plain", "replay"], more].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_code(&output, 0);
    text(&output.stdout)
}

#[test]
fn a_drill_is_replayed_line_by_line() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let before = fs::read(data.path().join(&drill).join("journal.jsonl")).unwrap();
    let everything = told(data.path(), &[], "next finding\nstatus\nsomething else\nquit\n");
    assert!(everything.contains("The record: a replay; the record verifies."), "{everything}");
    assert!(everything.contains("made a finding"), "{everything}");
    assert!(everything.contains("view: everything."), "{everything}");
    assert!(everything.contains("This word is not known in a replay"), "{everything}");
    let own = told(data.path(), &["--view", "seat-1", "--at", "6:00"], "next finding\nview nobody\n");
    assert!(!own.contains("made a finding") && !own.contains("adversary:"), "{own}");
    assert!(own.contains("The views are: everything, seat-1."), "{own}");
    let whole = told(data.path(), &[&drill], "end\n");
    assert!(whole.contains("The drill is closed"), "{whole}");
    let after = fs::read(data.path().join(&drill).join("journal.jsonl")).unwrap();
    assert!(before == after, "a replay changes nothing");
}

#[test]
fn what_is_whole_of_a_damaged_record_is_replayed() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let path = data.path().join(&drill).join("journal.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    lines[200] = lines[200].replacen("\"at\":", "\"at\":1", 1);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let damaged = told(data.path(), &[&drill], "end\n");
    assert!(
        damaged.contains("damaged at line 201 of journal.jsonl: what is whole is shown. 199 entries."),
        "{damaged}"
    );
    fs::write(&path, &whole[..whole.len() - 30]).unwrap();
    let torn = told(data.path(), &[&drill], "end\n");
    assert!(torn.contains("its last write didn't finish: what is whole is shown"), "{torn}");
    fs::write(&path, "").unwrap();
    let none = run(data.path(), &["--plain", "replay", &drill]);
    assert_code(&none, 3);
}

#[test]
fn a_scenario_that_is_broken_since_is_told_and_the_programs_own_taken() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    fs::write(data.path().join(&drill).join("scenario.toml"), "no scenario").unwrap();
    let drill = drill.try_into().unwrap();
    let replay = Replay::open(&DataDir::to_read(data.path()), &drill, None).unwrap();
    assert!(replay.notices()[0].as_str().contains("it is the one that was run"));
    assert_eq!(replay.standing().as_str(), "the record verifies, its scenario was changed since");
    assert!(Arc::strong_count(&replay.view().scenario) > 1, "one scenario for all views");
}
