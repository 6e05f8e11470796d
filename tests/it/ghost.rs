//! The ghost: an earlier drill beside this one. It tells what came earlier or later, and of a drill under way nothing that lies ahead.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use firedrill::host::beside::{self, This};
use firedrill::host::clock::WallClock;
use firedrill::host::desk::{Desk, Offer};
use firedrill::host::shift::Shift;
use firedrill::library;
use firedrill::tui::input::Chord;
use firedrill::tui::{App, DrillScene, Input, RecordingView, Scene, Theme};
use firedrill_core::projection::audience::opens_everything;
use firedrill_core::projection::ghost::{Milestone, Row, Sight};
use firedrill_core::projection::view::Mark;
use firedrill_core::projection::{Ghost, Transport, View, Viewer, may_see};
use firedrill_model::event::{Entry, Event, PeopleEvent};
use firedrill_model::id::DrillId;
use firedrill_model::{DrillTime, Role, Span, WordBook};
use firedrill_record::store::{DataDir, DrillListing};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::cli::{assert_code, firedrill, root, run, text};
use super::fixture;

fn earlier_id() -> DrillId {
    DrillId::new("2026-11-10-calm-heron").unwrap()
}

/// The fixture's drill, in which all begins 50 seconds later and all from the acknowledgement on another 130.
fn slower() -> Vec<Entry> {
    let mut entries = fixture::drill().entries;
    let acknowledged = entries
        .iter()
        .position(|entry| matches!(entry.event, Event::People(PeopleEvent::Acknowledged { .. })))
        .unwrap();
    for (index, entry) in entries.iter_mut().enumerate() {
        let later = if index >= acknowledged { 180 } else { 50 };
        entry.at = entry.at + Span::from_secs(later);
    }
    entries
}

fn ghost() -> Ghost {
    Ghost::new(&fixture::scenario(), &slower(), earlier_id(), true)
}

fn own() -> Viewer {
    Viewer::Seat(fixture::seat(), Role::Responder)
}

/// What the seat of a drill under way sees after so many entries.
fn live(entries: &[Entry]) -> View {
    let mut view = View::new(Arc::new(fixture::scenario().brief()));
    for entry in entries.iter().filter(|entry| may_see(&own(), entry)) {
        view.apply(entry);
    }
    view
}

fn row(rows: &[Row], what: Mark) -> &Row {
    rows.iter().find(|row| row.what == Milestone::Mark(what)).unwrap()
}

#[test]
fn two_drills_are_held_against_each_other_from_the_fault_on() {
    let (ghost, view) = (ghost(), fixture::drill().view());
    let rows = ghost.rows(&view, view.now, Sight::Open);
    let said = |mark| ghost.sentence(row(&rows, mark), &view).to_string();
    assert_eq!(said(Mark::Notified), "Team notified: at the same time as last time", "the fault is where both begin");
    assert_eq!(said(Mark::Acknowledged), "Acknowledged: 2:10 earlier than last time");
    assert!(rows.iter().any(|row| matches!(row.what, Milestone::Step(_, true))));
    assert!(rows.iter().any(|row| matches!(row.what, Milestone::Response(_))));

    let other_way = Ghost::new(&fixture::scenario(), &fixture::drill().entries, earlier_id(), false);
    let slower = fixture::fold(&slower());
    let rows = other_way.rows(&slower, slower.now, Sight::Open);
    let said = other_way.sentence(row(&rows, Mark::Acknowledged), &slower).to_string();
    assert_eq!(said, "Acknowledged: 2:10 later than in 2026-11-10-calm-heron");
}

#[test]
fn what_only_one_of_them_has_is_said_as_that() {
    let whole = fixture::drill().entries;
    let told = whole.iter().position(|entry| matches!(entry.event, Event::People(PeopleEvent::Acknowledged { .. })));
    let cut = &whole[..told.unwrap()];
    let beside_cut = Ghost::new(&fixture::scenario(), cut, earlier_id(), true);
    let view = fixture::drill().view();
    let rows = beside_cut.rows(&view, view.now, Sight::Open);
    let said = beside_cut.sentence(row(&rows, Mark::Acknowledged), &view).to_string();
    assert_eq!(said, "Acknowledged: last time it did not happen");

    let (ghost, view) = (ghost(), fixture::fold(cut));
    let rows = ghost.rows(&view, view.now, Sight::Seat);
    let acknowledged = row(&rows, Mark::Acknowledged);
    let at = acknowledged.then.unwrap().clock();
    let expected = format!("Acknowledged: has not happened yet; last time at {at}");
    assert_eq!(ghost.sentence(acknowledged, &view).to_string(), expected);
    let before_the_fault = live(&whole[..3]);
    assert!(ghost.rows(&before_the_fault, before_the_fault.now, Sight::Seat).is_empty());
}

#[test]
fn beside_a_drill_under_way_nothing_is_told_that_lies_ahead_or_is_hidden() {
    let (ghost, entries) = (ghost(), fixture::drill().entries);
    let verify = entries.iter().position(opens_everything).unwrap();
    let mut most = 0;
    for count in 0..=verify {
        let view = live(&entries[..count]);
        for more in [0, 1, 30, 130, 400] {
            let now = view.now + Span::from_secs(more);
            assert_eq!(Sight::beside(&view, None), Sight::Live);
            let elapsed = view.since_fault(now).unwrap_or_default();
            let rows = ghost.rows(&view, now, Sight::Live);
            for row in &rows {
                assert!(row.then.is_none_or(|then| then <= elapsed), "{row:?} at {elapsed:?}");
                assert!(row.then.is_some() || row.untold);
                let said = ghost.sentence(row, &view).to_string();
                assert!(!said.contains("did not happen"), "that would tell what is ahead: {said}");
                let hidden = [Mark::FindingCreated, Mark::ContainmentEffective, Mark::Eradicated];
                assert!(!hidden.map(Milestone::Mark).contains(&row.what), "{row:?}");
            }
            most = most.max(rows.iter().filter(|row| row.then.is_some()).count());
        }
    }
    assert!(most > 3, "there is something to tell");
    assert!(ghost.all_moments(Sight::Live).next().is_none());
}

#[test]
fn the_ground_truth_of_a_ghost_opens_with_verify_in_both() {
    let (ghost, view) = (ghost(), fixture::drill().view());
    let truth =
        |rows: &[Row]| rows.iter().any(|row| row.what == Milestone::Mark(Mark::FindingCreated) && row.then.is_some());
    assert!(truth(&ghost.rows(&view, view.now, Sight::Open)));
    assert!(!truth(&ghost.rows(&view, view.now, Sight::Seat)));
    let entries = slower();
    let verify = entries.iter().position(opens_everything).unwrap();
    let under_way = Ghost::new(&fixture::scenario(), &entries[..verify], earlier_id(), true);
    assert!(!truth(&under_way.rows(&view, view.now, Sight::Open)), "an earlier drill that is not over keeps its own");
    let facilitator = Viewer::Seat(fixture::seat(), Role::Facilitator);
    let early = live(&fixture::drill().entries[..40]);
    assert_eq!(Sight::beside(&early, Some(&own())), Sight::Seat);
    assert_eq!(Sight::beside(&early, Some(&facilitator)), Sight::Open);
    assert_eq!(Sight::beside(&view, None), Sight::Open);
}

fn picture(size: (u16, u16), theme: Theme, pane: &str) -> Terminal<TestBackend> {
    let mut transport = Transport::new(fixture::scenario(), fixture::drill().entries, true, own());
    transport.seek(DrillTime::ZERO + Span::from_secs(1_090));
    let ghost = ghost();
    let words = WordBook::default();
    let scene = Scene::Drill(DrillScene {
        drill: &fixture::drill_id(),
        view: transport.view(),
        words: &words,
        now: transport.now(),
        seat: &fixture::seat(),
        recording: &RecordingView::Recording,
        debrief: None,
        replay: Some(&transport),
        ghost: Some(&ghost),
    });
    let mut app = App::new(theme);
    app.handle(Input::Resize(size.0, size.1), &scene);
    app.handle(Input::Key(Chord::key(crossterm::event::KeyCode::Esc)), &scene);
    for key in pane.chars() {
        app.handle(Input::Key(Chord::char(key)), &scene);
    }
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| app.draw(frame, &scene)).unwrap();
    terminal
}

#[test]
fn a_replay_with_a_ghost_as_it_was_looked_at() {
    for (size, pane) in [((80, 24), ""), ((120, 36), ""), ((80, 24), "66"), ((120, 36), "66")] {
        let name = format!("replay{}-{}x{}", if pane.is_empty() { "" } else { "-timeline" }, size.0, size.1);
        let in_colour = picture(size, Theme::sixteen(), pane).backend().to_string();
        assert_eq!(
            in_colour,
            picture(size, Theme::mono(), pane).backend().to_string(),
            "no colour is needed to read it"
        );
        insta::assert_snapshot!(name, in_colour);
    }
    for size in [(60, 16), (61, 23), (200, 60)] {
        let drawn = picture(size, Theme::mono(), "66").backend().to_string();
        assert!(drawn.contains('◇'), "{drawn}");
    }
}

fn played(data: &Path, scenario: &str, script: &str) -> String {
    let script = root(&format!("scenarios/{script}"));
    run(data, &["run", scenario, "--script", &script, "--headless", "--seed", "7"]);
    let drills = DataDir::to_read(data).drills().unwrap();
    drills.into_iter().max_by_key(DrillListing::began).unwrap().drill.to_string()
}

fn told(data: &Path, arguments: &[&str], lines: &str) -> Output {
    let mut command = firedrill(data);
    let piped = || Stdio::piped();
    let mut child =
        command.arg("--plain").args(arguments).stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
    // A program that refuses reads nothing.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn a_ghost_is_beside_a_replay_line_by_line() {
    let data = tempfile::tempdir().unwrap();
    let first = played(data.path(), "open-ssh-port", "open-ssh-port/deviates.toml");
    let second = played(data.path(), "open-ssh-port", "open-ssh-port/holds.toml");
    let output = told(data.path(), &["replay", &second, "--ghost", "last"], "end\nstart\nend\nghost\n");
    assert_code(&output, 0);
    let said = text(&output.stdout);
    assert!(said.contains(&format!("Beside this drill: {first}, counted from the fault.")), "{said}");
    assert!(said.contains("ghost: Acknowledged: 9:46 earlier than last time."), "{said}");
    assert!(said.contains("ghost: Team notified: 9:31 earlier than last time."), "{said}");
    assert!(!said.contains("other version") && !said.contains("damaged"), "{said}");
    let own = told(data.path(), &["replay", &first, "--ghost", &second, "--view", "seat-1", "--at", "9:00"], "ghost\n");
    let own = text(&own.stdout);
    assert!(own.contains(&format!("Team notified: has not happened yet; in {second} at 02:28.")), "{own}");
    assert!(!own.contains("Containment") && !own.contains("Finding created"), "{own}");
}

#[test]
fn a_ghost_that_can_not_be_is_refused_before_anything_begins() {
    let data = tempfile::tempdir().unwrap();
    let asked = |arguments: &[&str], code, sentence: &str| {
        let output = told(data.path(), arguments, "quit\n");
        assert_code(&output, code);
        let said = text(&output.stderr);
        assert!(said.contains(sentence), "{said}");
    };
    asked(&["run", "open-ssh-port", "--ghost", "last"], 2, "there is no earlier drill of open-ssh-port that is closed");
    assert!(DataDir::to_read(data.path()).drills().unwrap().is_empty(), "no drill has begun");
    let drill = played(data.path(), "open-ssh-port", "open-ssh-port/holds.toml");
    let other = played(data.path(), "public-bucket", "public-bucket/holds.toml");
    asked(&["replay", &drill, "--ghost", "last"], 2, "there is no earlier drill");
    asked(&["replay", &drill, "--ghost", &drill], 2, "is the drill itself");
    asked(&["replay", &drill, "--ghost", &other], 2, "is a drill of public-bucket, not of open-ssh-port");
    asked(&["run", "open-ssh-port", "--ghost", "no-such-drill"], 3, "find a drill 'no-such-drill'");
    asked(&["replay", &drill, "--ghost", "../.."], 2, "is not the name of a drill");
    assert_eq!(DataDir::to_read(data.path()).drills().unwrap().len(), 2);
    assert_code(&told(data.path(), &["run", "open-ssh-port", "--ghost", "last"], "status\nghost\nquit\n"), 0);
}

#[test]
fn another_version_and_a_damaged_record_are_told_and_what_matches_is_compared() {
    let data = tempfile::tempdir().unwrap();
    let first = played(data.path(), "open-ssh-port", "open-ssh-port/deviates.toml");
    let changed = data.path().join("changed.toml");
    let scenario = library::find("open-ssh-port").unwrap();
    fs::write(&changed, format!("{scenario}\n# A remark.\n")).unwrap();
    let second = played(data.path(), changed.to_str().unwrap(), "open-ssh-port/holds.toml");
    let said = text(&told(data.path(), &["replay", &second, "--ghost", "last"], "end\n").stdout);
    assert!(said.contains("It was run with another version of the scenario"), "{said}");
    assert!(said.contains("ghost: Acknowledged: 9:46 earlier than last time."), "{said}");

    let journal = data.path().join(&first).join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    lines[200] = lines[200].replacen("\"at\":", "\"at\":1", 1);
    fs::write(&journal, lines.join("\n") + "\n").unwrap();
    let said = text(&told(data.path(), &["replay", &second, "--ghost", &first], "end\n").stdout);
    assert!(said.contains("Its record is damaged: what is whole of it is compared."), "{said}");
    let last = told(data.path(), &["replay", &second, "--ghost", "last"], "end\n");
    assert_code(&last, 2);
}

#[test]
fn a_key_puts_earlier_drills_beside_a_drill_under_way_and_takes_them_away() {
    let folder = tempfile::tempdir().unwrap();
    let first = played(folder.path(), "open-ssh-port", "open-ssh-port/deviates.toml");
    let data = DataDir::open(folder.path()).unwrap();
    let clock = WallClock::hands("2100-01-01T09:00:00Z".parse().unwrap());
    let desk = Desk { data: data.clone(), alias: "otter".into(), pace: None };
    let offer = Offer::built_in("open-ssh-port").unwrap();
    let scenario = offer.scenario().unwrap();
    let this = This::to_begin(&scenario, &offer.text, clock.utc());
    let session = desk.begin(scenario, &offer.text, Some(7), &clock).unwrap();
    assert_eq!(beside::next(&data, &this, None).unwrap().unwrap().drill().as_str(), first);
    let mut shift = Shift::new(desk, vec![offer], Some(session), clock);
    let mut app = App::new(Theme::sixteen());
    app.handle(Input::Resize(120, 36), &shift.scene());
    let mut press = |shift: &mut Shift, key| {
        for request in app.handle(Input::Key(Chord::char(key)), &shift.scene()) {
            shift.request(request, &mut app);
        }
        let mut terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
        terminal.draw(|frame| app.draw(frame, &shift.scene())).unwrap();
        terminal.backend().to_string()
    };
    let picture = press(&mut shift, 'G');
    assert!(picture.contains(&format!("◇ beside {first}")), "{picture}");
    assert!(picture.contains("Nothing to compare before the fault."), "{picture}");
    for _ in 0..400 {
        shift.clock().wind(Duration::from_millis(250));
        shift.pass_time();
    }
    press(&mut shift, 'g');
    press(&mut shift, 'g');
    for _ in 0..40 {
        shift.clock().wind(Duration::from_millis(250));
        shift.pass_time();
    }
    let scene = shift.scene();
    let drill = scene.drill().unwrap();
    assert!(drill.view.fault().is_some());
    assert_eq!(drill.sight(), Sight::Live);
    let picture = press(&mut shift, 'G');
    assert!(picture.contains("No earlier drill is beside this one now."), "{picture}");
    assert!(!picture.contains('◇'), "{picture}");
}
