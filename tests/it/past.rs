//! The lists over all drills at the screens, from real records: what `history` and `improve` say, what is opened, and what is damaged.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crossterm::event::KeyCode;
use firedrill::host::clock::WallClock;
use firedrill::host::desk::{Desk, Offer};
use firedrill::host::shift::{Flow, Shift};
use firedrill::library;
use firedrill::tui::input::Chord;
use firedrill::tui::{App, Input, Scene, Theme};
use firedrill_model::id::DrillId;
use firedrill_record::store::DataDir;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value;

use crate::cli::{assert_code, run, text};
use crate::history::play;

/// Somebody in the lobby.
struct Visitor {
    shift: Shift,
    app: App,
    terminal: Terminal<TestBackend>,
    flow: Flow,
}

impl Visitor {
    fn enter(data: &Path) -> Self {
        let clock = WallClock::hands("2090-01-01T09:00:00Z".parse().unwrap());
        let desk = Desk { data: DataDir::open(data).unwrap(), alias: "otter".into(), pace: None };
        let offers = library::built_in().iter().filter_map(|(id, _)| Offer::built_in(id)).collect();
        let shift = Shift::new(desk, offers, None, clock);
        let mut app = App::new(Theme::mono());
        app.handle(Input::Resize(120, 36), &shift.scene());
        Self { shift, app, terminal: Terminal::new(TestBackend::new(120, 36)).unwrap(), flow: Flow::Stay }
    }

    fn input(&mut self, chord: Chord) {
        for request in self.app.handle(Input::Key(chord), &self.shift.scene()) {
            self.flow = self.shift.request(request, &mut self.app);
        }
    }

    fn press(&mut self, keys: &str) -> String {
        keys.chars().for_each(|key| self.input(Chord::char(key)));
        self.picture()
    }

    fn key(&mut self, key: KeyCode) -> String {
        self.input(Chord::key(key));
        self.picture()
    }

    fn picture(&mut self) -> String {
        let scene = self.shift.scene();
        self.terminal.draw(|frame| self.app.draw(frame, &scene)).unwrap();
        self.terminal.backend().to_string()
    }
}

fn improvements(data: &Path) -> Vec<Value> {
    let output = run(data, &["improve", "--all", "--json"]);
    assert_code(&output, 0);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    value["improvements"].as_array().unwrap().clone()
}

#[test]
fn the_history_shows_what_the_command_prints_and_leads_into_drills_and_back() {
    let data = tempfile::tempdir().unwrap();
    let (first, second) = (play(data.path(), "crypto-mining", "deviates"), play(data.path(), "crypto-mining", "holds"));
    let printed = text(&run(data.path(), &["history"]).stdout);
    let mut visitor = Visitor::enter(data.path());
    let shown = visitor.press("h");
    for name in [&first, &second] {
        let row = printed.lines().find(|line| line.contains(name)).unwrap();
        for cell in row.split_whitespace().filter(|cell| !cell.starts_with('(')) {
            let here = shown.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{shown}"));
            assert!(here.contains(cell), "{cell} of {name} in:\n{shown}");
        }
    }
    for trend in printed.lines().filter(|line| line.contains("->")) {
        let trend: Vec<&str> = trend.split_whitespace().collect();
        let squeezed = shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        assert!(squeezed.into_iter().any(|line| line.contains(&trend.join(" "))), "{trend:?} in:\n{shown}");
    }
    assert!(shown.contains("T1496") && shown.contains("never"), "{shown}");

    let debrief = visitor.key(KeyCode::Enter);
    assert!(debrief.contains("The hypothesis deviated"), "{debrief}");
    assert!(visitor.press("q").contains("How it went over time"), "back in the history");
    assert!(
        visitor.press("r").contains("REPLAY")
            || matches!(visitor.shift.scene(), Scene::Drill(drill) if drill.replay.is_some())
    );
    assert!(visitor.press("q").contains("How it went over time"));
    assert!(visitor.press("i").contains("What is to change"), "from one list to the other");
    assert!(visitor.key(KeyCode::Esc).contains("START A DRILL"), "Escape leads to the lobby");
    visitor.press("q");
    assert_ne!(visitor.flow, Flow::Stay, "and the lobby is left");
}

#[test]
fn a_drill_that_is_taken_up_from_the_history_stands_in_it_as_it_is_when_it_is_left() {
    let data = tempfile::tempdir().unwrap();
    let mut visitor = Visitor::enter(data.path());
    visitor.key(KeyCode::Enter);
    assert!(visitor.shift.session().is_some(), "a drill was started");
    visitor.press("qy");
    let shown = visitor.press("h");
    assert!(shown.contains("not over"), "{shown}");
    assert!(visitor.key(KeyCode::Enter).contains("STEADY STATE"));
    assert!(visitor.shift.session().is_some());
    assert!(visitor.press("qy").contains("How it went over time"), "back in the history, not in the lobby");
    assert!(visitor.shift.session().is_none());
}

#[test]
fn what_is_written_at_the_screen_is_what_the_command_lists() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "deviates");
    let before = improvements(data.path());
    let mut visitor = Visitor::enter(data.path());
    assert!(visitor.picture().contains("improvement is open") || visitor.picture().contains("improvements are open"));
    visitor.press("i");
    visitor.press("iPage two people");
    visitor.key(KeyCode::Enter);
    visitor.press("on-call lead");
    visitor.key(KeyCode::Enter);
    visitor.press("2026-11-01");
    let shown = visitor.key(KeyCode::Enter);
    assert!(
        shown.contains("Written down") && shown.contains("Page two people") && shown.contains("overdue"),
        "{shown}"
    );
    let own = improvements(data.path()).into_iter().find(|row| row["id"] == "own-1").unwrap();
    assert_eq!((&own["owner"], &own["due"]), (&"on-call lead".into(), &"2026-11-01".into()));

    // The first one is from the drill: assigned, dated, seen by a duration, closed, and open again.
    visitor.key(KeyCode::Home);
    for (key, typed, said) in [
        ("a", "Ada", "Assigned"),
        ("d", "2027-02-28", "The date is set"),
        ("m", "ttn", "shows that duration"),
        ("c", "the runbook says so", "Closed"),
    ] {
        visitor.press(key);
        visitor.press(typed);
        let shown = visitor.key(KeyCode::Enter);
        assert!(shown.contains(said), "{said}:\n{shown}");
    }
    let row = improvements(data.path()).into_iter().find(|row| row["id"] == before[0]["id"]).unwrap();
    let told = (&row["owner"], &row["due"], &row["measure"], &row["closed"]["how"]);
    assert_eq!(told, (&"Ada".into(), &"2027-02-28".into(), &"TTN".into(), &"the runbook says so".into()));
    let shown = visitor.press("f");
    assert!(shown.contains("the runbook says so"), "the closed ones:\n{shown}");
    assert!(visitor.press("o").contains("Open again"));
    assert!(improvements(data.path()).iter().all(|row| row["closed"].is_null()));
    assert_code(&run(data.path(), &["verify", &drill]), 0);
}

#[test]
fn a_ledger_that_takes_nothing_loses_nothing_that_was_typed() {
    let data = tempfile::tempdir().unwrap();
    for what in ["one", "two", "three"] {
        assert_code(&run(data.path(), &["improve", "add", what]), 0);
    }
    let ledger = data.path().join("improvements.jsonl");
    let damaged = fs::read_to_string(&ledger).unwrap().replacen("\"n\":2", "\"n\":7", 1);
    fs::write(&ledger, &damaged).unwrap();
    let mut visitor = Visitor::enter(data.path());
    assert!(visitor.picture().contains("improvements.jsonl is damaged"), "the lobby says so");
    assert!(visitor.press("i").contains("improvements.jsonl is damaged"));
    visitor.press("cwe practise it");
    let shown = visitor.key(KeyCode::Enter);
    assert!(shown.contains("Not written down") && shown.contains("we practise it"), "{shown}");
    assert_eq!(fs::read_to_string(&ledger).unwrap(), damaged);
}

#[test]
fn the_next_drill_brings_back_what_is_open_and_says_whether_it_showed() {
    let data = tempfile::tempdir().unwrap();
    play(data.path(), "crypto-mining", "deviates");
    let id = improvements(data.path())[0]["id"].as_str().unwrap().to_owned();
    let mut visitor = Visitor::enter(data.path());
    visitor.press("im");
    visitor.press("TTC");
    visitor.key(KeyCode::Enter);
    let later = play(data.path(), "crypto-mining", "holds");
    let mut visitor = Visitor::enter(data.path());
    visitor.press("h");
    visitor.key(KeyCode::Down);
    let shown = visitor.key(KeyCode::Enter);
    assert!(
        shown.contains(&later) || matches!(visitor.shift.scene(), Scene::Drill(drill) if drill.drill.as_str() == later)
    );
    let improve =
        (0..11).map(|_| visitor.key(KeyCode::Tab)).find(|shown| shown.contains("Still open from earlier drills"));
    let improve = improve.expect("one of the parts shows what is open");
    assert!(improve.contains(&id), "{improve}");
    assert!(improve.contains("time to contain: "), "and whether it showed:\n{improve}");
    let html = text(&run(data.path(), &["debrief", &later, "--format", "html"]).stdout);
    assert!(html.contains("time to contain: "), "the page says it, too");
}

/// What can stand where a drill's record would, and what is said of it.
fn strange(data: &Path, good: &str) -> Vec<(&'static str, &'static str)> {
    let folder = |name: &str| -> PathBuf {
        let folder = data.join(name);
        fs::create_dir(&folder).unwrap();
        folder
    };
    fs::write(folder("empty").join("journal.jsonl"), "").unwrap();
    fs::write(folder("garbage").join("journal.jsonl"), [0xff, 0x00, 0xfe, b'\n', 0x80]).unwrap();
    fs::create_dir(folder("nested").join("journal.jsonl")).unwrap();
    symlink("journal.jsonl", folder("looped").join("journal.jsonl")).unwrap();
    symlink("2026-01-02-linked-to-itself", data.join("2026-01-02-linked-to-itself")).unwrap();
    fs::write(data.join("2026-01-03-a-file"), "not a folder").unwrap();
    folder("2026-01-04-no-journal");
    fs::write(
        folder("newer").join("journal.jsonl"),
        "{\"journal\":\"firedrill\",\"format\":99,\"program\":\"firedrill 99.0\"}\n",
    )
    .unwrap();
    // A line of a hundred million zeros takes no room on the disk.
    let giant = fs::File::create(folder("giant").join("journal.jsonl")).unwrap();
    giant.set_len(100_000_000).unwrap();
    // A whole record with such a line behind it.
    let long = folder("long-tail");
    for file in ["scenario.toml", "journal.jsonl"] {
        fs::copy(data.join(good).join(file), long.join(file)).unwrap();
    }
    fs::OpenOptions::new().write(true).open(long.join("journal.jsonl")).unwrap().set_len(100_000_000).unwrap();
    vec![
        ("empty", "never began"),
        ("garbage", "first line is damaged"),
        ("nested", "directory"),
        ("looped", "link"),
        ("2026-01-02-linked-to-itself", "a file or a link"),
        ("2026-01-03-a-file", "a file or a link"),
        ("2026-01-04-no-journal", "no journal"),
        ("newer", "newer"),
        ("giant", "never began"),
        ("long-tail", ""),
    ]
}

#[test]
fn whatever_stands_in_the_folder_of_a_drill_is_told_everywhere_and_hides_no_other() {
    let data = tempfile::tempdir().unwrap();
    let good = play(data.path(), "crypto-mining", "holds");
    let mut all = strange(data.path(), &good);
    // A torn tail is told and read.
    let torn = play(data.path(), "crypto-mining", "holds");
    let journal = data.path().join(&torn).join("journal.jsonl");
    let whole = fs::read(&journal).unwrap();
    fs::write(&journal, &whole[..whole.len() - 9]).unwrap();
    let secret = data.path().join("secret");
    fs::create_dir(&secret).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may read everything finds no journal there, and a folder of another name is no drill.
    if fs::read_dir(&secret).is_err() {
        all.push(("secret", "denied"));
    }

    let output = run(data.path(), &["history", "--json"]);
    assert_code(&output, 0);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let aside = text(&output.stderr);
    assert!(value["groups"].to_string().contains(&good) && value["groups"].to_string().contains(&torn));
    let printed = run(data.path(), &["history"]);
    assert_code(&printed, 0);
    assert!(text(&printed.stdout).contains(&good));
    for (name, why) in &all {
        for told in [&aside, &text(&printed.stderr)] {
            let line = told
                .lines()
                .find(|line| line.starts_with(&format!("{name}: ")))
                .unwrap_or_else(|| panic!("{name} is missing in:\n{told}"));
            assert!(line.to_lowercase().contains(why), "{line} says {why}");
        }
    }
    assert!(aside.contains(&format!("{torn}: its last write didn't finish")), "{aside}");
    assert_eq!(value["troubled"].as_array().unwrap().len(), all.len() + 1, "{aside}");

    let mut visitor = Visitor::enter(data.path());
    let Scene::Lobby(lobby) = visitor.shift.scene() else { panic!("this is the lobby") };
    let card =
        |name: &str| lobby.drills.iter().find(|card| card.id.as_str() == name).unwrap_or_else(|| panic!("{name}"));
    assert!(card(&good).problem.is_none() && card(&torn).problem.is_some());
    assert!(all.iter().all(|(name, _)| card(name).problem.is_some()));
    let shown = visitor.press("h");
    assert!(shown.contains(&good) && shown.contains("can't be read"), "{shown}");
    let Scene::History(view) = visitor.shift.scene() else { panic!("this is the history") };
    let told = |name: &str| {
        let id = DrillId::new(name).unwrap();
        view.unreadable.iter().any(|(of, _)| *of == id) || view.troubled.contains_key(&id)
    };
    assert!(told(&torn) && all.iter().all(|(name, _)| told(name)));
    visitor.key(KeyCode::End);
    let last = visitor.key(KeyCode::Enter);
    assert!(last.contains("can't be read"), "opening one says why, and the history stays:\n{last}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn what_is_proposed_to_be_erased_is_shown_and_never_erased_unasked() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "holds");
    fs::write(data.path().join("settings.toml"), "retention-days = 1\n").unwrap();
    let people = data.path().join(&drill).join("people.toml");
    let before = fs::read(&people).unwrap();
    let clock = WallClock::hands("2090-01-01T09:00:00Z".parse().unwrap());
    let desk = Desk { data: DataDir::open(data.path()).unwrap(), alias: "otter".into(), pace: None };
    let mut shift = Shift::new(desk, Vec::new(), None, clock);
    let proposal = format!("firedrill erase {drill} --all");
    let Scene::Lobby(lobby) = shift.scene() else { panic!("this is the lobby") };
    assert!(lobby.notices.iter().any(|notice| notice.as_str().contains(&proposal)));
    shift.request(firedrill::tui::Request::OpenHistory, &mut App::new(Theme::mono()));
    let Scene::History(history) = shift.scene() else { panic!("this is the history") };
    assert!(history.notices.iter().any(|notice| notice.as_str().contains(&proposal)));
    assert_eq!(fs::read(&people).unwrap(), before);
    assert_code(&run(data.path(), &["erase", &drill, "--all", "--yes"]), 0);
    shift.request(firedrill::tui::Request::OpenHistory, &mut App::new(Theme::mono()));
    let Scene::History(history) = shift.scene() else { panic!("this is the history") };
    assert!(history.notices.is_empty(), "what is erased is not proposed again: {:?}", history.notices);
}

#[test]
fn the_lobby_counts_what_is_the_matter_with_drills_that_it_does_not_list() {
    let data = tempfile::tempdir().unwrap();
    for day in 1..=31 {
        fs::create_dir(data.path().join(format!("2026-01-{day:02}-calm-otter"))).unwrap();
    }
    fs::create_dir(data.path().join("foreign")).unwrap();
    fs::write(data.path().join("foreign").join("journal.jsonl"), "{}\n").unwrap();
    let mut visitor = Visitor::enter(data.path());
    let shown = visitor.key(KeyCode::End);
    assert!(shown.contains("2026-01-02-calm-otter") && !shown.contains("foreign"), "{shown}");
    let Scene::Lobby(lobby) = visitor.shift.scene() else { panic!("this is the lobby") };
    let said = "2 more drills have records that aren't whole: h tells which";
    assert!(lobby.notices.iter().any(|notice| notice.as_str() == said), "{:?}", lobby.notices);
    visitor.press("h");
    assert!(visitor.key(KeyCode::End).contains("foreign: "));
}

#[test]
fn drills_without_a_summary_are_read_bit_by_bit_while_the_list_is_open() {
    let data = tempfile::tempdir().unwrap();
    let first = play(data.path(), "open-ssh-port", "deviates");
    let summary = |drill: &str| data.path().join(drill).join("summary.json");
    // As many drills as are not read in one go: the same record under names of its own tells of nothing, but is read all the same.
    for number in 0..40 {
        let folder = data.path().join(format!("2026-01-01-calm-otter-{number}"));
        fs::create_dir(&folder).unwrap();
        for file in ["scenario.toml", "journal.jsonl"] {
            fs::copy(data.path().join(&first).join(file), folder.join(file)).unwrap();
        }
    }
    let mut visitor = Visitor::enter(data.path());
    fs::remove_file(summary(&first)).unwrap();
    let shown = visitor.press("h");
    assert!(shown.contains("still being read"), "{shown}");
    let mut looks = 0;
    while visitor.shift.pass_time() {
        looks += 1;
        assert!(looks < 10, "it comes to an end");
    }
    assert!(looks >= 2 && visitor.shift.patience(&visitor.app).is_none(), "{looks}");
    let shown = visitor.picture();
    assert!(shown.contains("1 drill, 40 more can't be read") && !shown.contains("still being read"), "{shown}");
    assert!(summary(&first).exists(), "and the next look finds its summary");
}

/// A file that holds anything but the beginning of a header may be somebody's record: nobody is told to take it away.
#[test]
fn what_never_began_is_told_from_what_is_damaged() {
    let data = tempfile::tempdir().unwrap();
    let asked = |bytes: &[u8]| {
        let folder = data.path().join("2026-01-01-bad-owl");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("journal.jsonl"), bytes).unwrap();
        let output = run(data.path(), &["verify", "bad-owl"]);
        assert_code(&output, 3);
        text(&output.stderr)
    };
    for began in [b"".as_slice(), b"{\"journal\":\"fire"] {
        let said = asked(began);
        assert!(said.contains("never began") && said.contains("can be removed"), "{said}");
    }
    for damaged in [b"\xff\x00 no record\nand more of it".as_slice(), b"\xff\x00 no record\nand more of it\n"] {
        let said = asked(damaged);
        assert!(said.contains("line 1 of journal.jsonl is damaged") && !said.contains("removed"), "{said}");
    }
}
