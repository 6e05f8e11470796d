//! The lists over all drills: views put together by hand, and what keys do in them.

use std::collections::{BTreeMap, BTreeSet};

use firedrill::tui::{HistoryView, ImprovementsView, Request, Scene, Theme};
use firedrill_core::projection::debrief::Verdict;
use firedrill_core::projection::debrief::outcome::Containment;
use firedrill_core::projection::history::{Measure, Outline, TechniqueName, WrittenDown, history as fold};
use firedrill_core::projection::improvements::{ClosedBy, Improvement};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::improvement::{Turn, Which};
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, Phase, SafeText, Sealed};

use super::{app, clicks, frame, press, text};

const SIZE: (u16, u16) = (120, 36);

fn id(name: &str) -> DrillId {
    DrillId::new(name).unwrap()
}

/// Drills: name, scenario, team, minutes to each mark, what came of it, phase.
const DRILLED: &str = "
2026-03-02-tall-ibis   crypto-mining -        4 11 14 38 75 deviated     closed
2026-06-09-quiet-lynx  crypto-mining -        3  7  - 22 61 not-measured closed
2026-11-20-calm-heron  crypto-mining -        3  2  5 13 24 held         closed
2026-11-24-brave-otter crypto-mining -        -  -  -  -  - not-measured experiment
2026-05-04-keen-badger open-ssh-port -        9  -  - 30  - deviated     closed
2026-10-01-mild-marten open-ssh-port Red-team 1  2  2  9  9 held         closed
2026-10-02-warm-walrus open-ssh-port Red-team 1  1  2  7  8 held         closed
";

fn outline(strange: Option<&str>, line: &str) -> Outline {
    let or = |text: &str| SafeText::one_line(strange.unwrap_or(text));
    let cells: Vec<&str> = line.split_whitespace().collect();
    let [name, scenario, team] = [0, 1, 2].map(|at| cells[at]);
    let (title, techniques): (&str, &[(&str, &str)]) = match scenario {
        "crypto-mining" => (
            "Something looks up strange names",
            &[("T1496.001", "Resource Hijacking: Compute Hijacking"), ("T1552.005", "Cloud Instance Metadata API")],
        ),
        _ => ("A rule that lets the world in", &[("T1021.004", "Remote Services: SSH")]),
    };
    let closed = cells[9] == "closed";
    let words = Sealed { reference: 1, sha256: "0".repeat(64) };
    let seconds = |cell: &str| cell.parse().ok().map(|minutes: f64| minutes * 60.0 + 8.0);
    Outline {
        content: "1".into(),
        drill: id(name),
        world: WorldKind::Simulated,
        scenario: ScenarioId::new(scenario).unwrap(),
        title: or(title),
        team: (team != "-").then(|| or(&team.replace('-', " "))),
        began: format!("{}T14:00:00Z", &name[..10]).parse().unwrap(),
        phase: if closed { Phase::Closed } else { Phase::Experiment },
        reached: DrillTime(2_700_000_000),
        verdict: match cells[8] {
            "held" => Verdict::Held,
            "deviated" => Verdict::Deviated,
            _ => Verdict::NotMeasured,
        },
        outcome: closed.then(|| or("adversary gone (contained at T+19:20)")),
        containment: closed.then_some(Containment::Eradicated),
        measures: ["TTD", "TTN", "TTA", "TTC", "TTR"]
            .iter()
            .zip(&cells[3..8])
            .map(|(name, cell)| Measure { name: (*name).into(), seconds: seconds(cell), never: false, hurried: false })
            .collect(),
        confidence: if closed { vec![2, 4, 3, 4] } else { Vec::new() },
        techniques: techniques.iter().map(|(id, name)| TechniqueName { id: (*id).into(), name: or(name) }).collect(),
        improvements: closed
            .then_some(WrittenDown { entry: 7, what: words, owner: None, due: None, erased: None })
            .into_iter()
            .collect(),
    }
}

/// Drills over time.
pub fn history(strange: Option<&str>) -> HistoryView {
    let or = |text: &str| SafeText::one_line(strange.unwrap_or(text));
    let outlines = DRILLED.trim().lines().map(|line| outline(strange, line)).collect();
    let offered = [TechniqueName { id: "T1486".into(), name: or("Data Encrypted for Impact") }];
    let damaged = or("line 214 of its record is damaged; what stands before it can be read");
    let proposal = "2 drills are older than 180 days and still hold names or remarks: `firedrill erase 2026-03-02-tall-ibis --all` \
                    erases the oldest one's";
    HistoryView {
        history: fold(outlines, &offered, "2026-11-25".parse().unwrap(), 90),
        troubled: BTreeMap::from([(id("2026-11-20-calm-heron"), damaged)]),
        unread: 0,
        unreadable: vec![
            (id("2026-11-01-torn-tern"), or("it never began: its journal has no whole first line")),
            (id("from-elsewhere"), or("its first line is damaged: it is no journal of this program")),
        ],
        notices: vec![or(proposal)],
    }
}

/// What is to change, over all drills.
pub fn improvements(strange: Option<&str>) -> ImprovementsView {
    let or = |text: &str| SafeText::one_line(strange.unwrap_or(text));
    let improvement =
        |name: &'static str, what: &str, owner: Option<&str>, due: Option<&str>, closed: Option<&str>| Improvement {
            id: name.into(),
            which: name.strip_prefix("own-").map_or_else(
                || Which::InDrill { drill: id("2026-11-20-calm-heron"), entry: name.len() as u64 },
                |number| Which::Added(number.parse().unwrap()),
            ),
            what: or(what),
            owner: owner.map(or),
            due: due.map(or),
            measure: (name == "calm-heron-2").then(|| "TTN".into()),
            drill: (!name.starts_with("own-")).then(|| id("2026-11-20-calm-heron")),
            scenario: (!name.starts_with("own-")).then(|| ScenarioId::new("crypto-mining").unwrap()),
            since: "2026-11-20T14:00:00Z".parse().unwrap(),
            closed: closed.map(|how| ClosedBy { on: "2026-11-22".parse().unwrap(), how: or(how) }),
        };
    ImprovementsView {
        worlds: BTreeSet::from([WorldKind::Simulated]),
        improvements: vec![
            improvement(
                "tall-ibis-1",
                "Put the account's name into the page",
                Some("team of the platform"),
                Some("2026-09-12"),
                Some("the page names account and region"),
            ),
            improvement(
                "calm-heron-2",
                "The page goes to two people, and the second is told when the first does not answer within five minutes",
                Some("on-call lead"),
                Some("2026-11-01"),
                None,
            ),
            improvement(
                "calm-heron-30",
                "Scale out before isolating; say so in the playbook",
                None,
                Some("2026-12-05"),
                None,
            ),
            improvement("own-1", "Rehearse the hand-over at the end of a shift", None, None, None),
        ],
        today: "2026-11-25".parse().unwrap(),
        unread: 0,
        notices: Vec::new(),
    }
}

fn in_history(keys: &[&str]) -> (Vec<Request>, String) {
    let view = history(None);
    let scene = Scene::History(&view);
    let mut app = app(&scene, SIZE, Theme::mono());
    let requests = press(&mut app, &scene, keys);
    (requests, text(&frame(&app, &scene, SIZE)))
}

fn in_improvements(keys: &[&str]) -> (Vec<Request>, String) {
    let view = improvements(None);
    let scene = Scene::Improvements(&view);
    let mut app = app(&scene, SIZE, Theme::mono());
    let requests = press(&mut app, &scene, keys);
    (requests, text(&frame(&app, &scene, SIZE)))
}

fn typed(words: &str) -> Vec<String> {
    words.chars().map(String::from).collect()
}

#[test]
fn a_drill_of_the_history_is_opened_as_the_lobby_opens_it() {
    let otter = id("2026-11-24-brave-otter");
    let (tall, heron) = (id("2026-03-02-tall-ibis"), id("2026-11-20-calm-heron"));
    let tern = id("2026-11-01-torn-tern");
    assert_eq!(in_history(&["Enter"]).0, [Request::OpenDebrief(tall.clone())], "one that is closed");
    assert_eq!(in_history(&["Down", "Down", "Down", "Enter"]).0, [Request::Resume(otter)], "one that is under way");
    let (requests, shown) = in_history(&["Down", "Down", "Enter"]);
    assert_eq!(requests, [Request::OpenDebrief(heron.clone())]);
    assert!(shown.contains("line 214"), "what is the matter with it is said:\n{shown}");
    assert_eq!(
        in_history(&["End", "Up", "Enter"]).0,
        [Request::OpenDebrief(tern)],
        "the debrief says why it can't be read"
    );
    assert_eq!(in_history(&["r"]).0, [Request::Replay { drill: tall, at: DrillTime::ZERO }]);
    assert_eq!(in_history(&["Tab", "End", "Enter"]).0, [Request::OpenDebrief(heron)], "the last drill of a technique");
    let (requests, shown) = in_history(&["Tab", "Enter"]);
    assert!(requests.is_empty() && shown.contains("There is no drill to open here"), "{shown}");
}

#[test]
fn a_filter_narrows_both_lists_and_escape_clears_it_before_it_leads_back() {
    let (_, shown) = in_history(&["/", "m", "i", "n", "i", "n", "g", " ", "h", "e", "l", "d"]);
    assert!(shown.contains("calm-heron") && !shown.contains("quiet-lynx") && !shown.contains("walrus"), "{shown}");
    let (_, shown) = in_history(&["/", "T", "1", "0", "2", "1", "Enter"]);
    assert!(shown.contains("warm-walrus") && !shown.contains("T1552") && shown.contains("3 found"), "{shown}");
    let (_, shown) = in_history(&["/", "z", "z", "z", "Enter"]);
    assert!(shown.contains("No drill matches") && shown.contains("No technique matches"), "{shown}");
    assert_eq!(in_history(&["/", "x", "Enter", "Esc"]).0, []);
    assert_eq!(in_history(&["/", "x", "Enter", "Esc", "Esc"]).0, [Request::Back]);
    assert_eq!(in_history(&["/", "x", "Esc", "Esc"]).0, [Request::Back]);
    let keys: Vec<String> = ["Tab", "/"].map(String::from).into_iter().chain(typed("overdue")).collect();
    let (_, shown) = in_history(&keys.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(shown.contains("T1486") && !shown.contains("T1021"), "{shown}");
}

#[test]
fn lists_lead_to_each_other_by_key_and_palette() {
    let lobby = super::fixture::lobby(None);
    let scene = Scene::Lobby(&lobby);
    for (keys, request) in [
        (vec!["h"], Request::OpenHistory),
        (vec!["i"], Request::OpenImprovements),
        (vec![":", "h", "i", "s", "t", "Enter"], Request::OpenHistory),
        (vec![":", "c", "h", "a", "n", "g", "e", "Enter"], Request::OpenImprovements),
    ] {
        let mut app = app(&scene, SIZE, Theme::mono());
        assert_eq!(press(&mut app, &scene, &keys), [request], "{keys:?}");
    }
    assert_eq!(in_history(&["i"]).0, [Request::OpenImprovements]);
    assert_eq!(in_improvements(&["h"]).0, [Request::OpenHistory]);
}

#[test]
fn what_becomes_of_an_improvement_is_asked_of_the_ledger() {
    let on = || Which::InDrill { drill: id("2026-11-20-calm-heron"), entry: 12 };
    let (ada, how) = (String::from("Ada"), String::from("done"));
    for (keys, turn) in [
        (vec!["a", "A", "d", "a", "Enter"], Turn::Assigned { on: on(), owner: ada }),
        (
            vec!["d", "2", "0", "2", "6", "-", "1", "2", "-", "5", "Enter"],
            Turn::Due { on: on(), date: "2026-12-05".into() },
        ),
        (vec!["m", "t", "t", "c", "Enter"], Turn::Measured { on: on(), measure: "TTC".into() }),
        (vec!["c", "d", "o", "n", "e", "Enter"], Turn::Closed { on: on(), how }),
    ] {
        assert_eq!(in_improvements(&keys).0, [Request::WriteDown(turn)], "{keys:?}");
    }
    let closed = Which::InDrill { drill: id("2026-11-20-calm-heron"), entry: 11 };
    assert_eq!(in_improvements(&["f", "o"]).0, [Request::WriteDown(Turn::Reopened { on: closed })]);
    assert_eq!(in_improvements(&["Enter"]).0, [Request::OpenDebrief(id("2026-11-20-calm-heron"))]);
    assert!(in_improvements(&["End", "Enter"]).1.contains("It is not from a drill"));
    let (requests, shown) = in_improvements(&["f", "c"]);
    assert!(requests.is_empty() && shown.contains("closed on 2026-11-22"), "{shown}");
    assert!(in_improvements(&["o"]).1.contains("the improvement is open"));
}

#[test]
fn what_cannot_be_read_gets_a_sentence_and_loses_nothing() {
    let (requests, shown) = in_improvements(&["d", "s", "o", "o", "n", "Enter"]);
    assert!(requests.is_empty() && shown.contains("a date is expected, for example 2026-12-05"), "{shown}");
    assert!(shown.contains("soon"), "what was typed is still there:\n{shown}");
    let (requests, shown) = in_improvements(&["m", "x", "Enter"]);
    assert!(requests.is_empty() && shown.contains("one of TTD, TTN, TTA, TTC, TTR"), "{shown}");
    let (_, shown) = in_improvements(&["c", "r", "u", "n", "Esc", "Down", "Up", "c"]);
    assert!(shown.contains("run"), "the draft comes back:\n{shown}");

    let (requests, shown) = in_improvements(&["i", "w", "Enter", "Enter", "7", "Enter"]);
    assert!(requests.is_empty() && shown.contains("Not yet: a date is expected"), "{shown}");
    let keys = ["i", "w", "Enter", "A", "Enter", "2", "0", "2", "7", "-", "0", "1", "-", "3", "1", "Enter"];
    let added = Request::AddImprovement { what: "w".into(), owner: Some("A".into()), due: Some("2027-01-31".into()) };
    assert_eq!(in_improvements(&keys).0, [added]);
}

#[test]
fn what_the_disk_refuses_comes_back_as_it_was_typed() {
    let view = improvements(None);
    let scene = Scene::Improvements(&view);
    let mut app = app(&scene, SIZE, Theme::mono());
    assert_eq!(press(&mut app, &scene, &["c", "r", "u", "n", "Enter"]).len(), 1);
    assert!(!text(&frame(&app, &scene, SIZE)).contains("run"));
    app.failed("Not written down: failed to write improvements.jsonl: no space left".into());
    let shown = text(&frame(&app, &scene, SIZE));
    assert!(shown.contains("run") && shown.contains("no space left"), "{shown}");
}

#[test]
fn nothing_yet_is_said_in_a_sentence() {
    let view = HistoryView {
        history: fold(Vec::new(), &[], "2026-11-25".parse().unwrap(), 90),
        troubled: BTreeMap::new(),
        unreadable: Vec::new(),
        unread: 0,
        notices: Vec::new(),
    };
    let scene = Scene::History(&view);
    let shown = text(&frame(&app(&scene, SIZE, Theme::mono()), &scene, SIZE));
    assert!(shown.contains("No drill yet"), "{shown}");
    let view = ImprovementsView {
        worlds: BTreeSet::new(),
        improvements: Vec::new(),
        today: "2026-11-25".parse().unwrap(),
        unread: 0,
        notices: Vec::new(),
    };
    let scene = Scene::Improvements(&view);
    let mut app = app(&scene, SIZE, Theme::mono());
    assert!(text(&frame(&app, &scene, SIZE)).contains("Nothing is open. i writes down"));
    assert_eq!(press(&mut app, &scene, &["a", "d", "c", "o", "m", "Enter"]), []);
    assert!(press(&mut app, &scene, &["f", "f", "f", "Up", "End", "PgDn"]).is_empty());
}

#[test]
fn the_mouse_chooses_and_opens_in_both_lists() {
    let view = history(None);
    let scene = Scene::History(&view);
    let mut here = app(&scene, SIZE, Theme::mono());
    let opened = clicks(&mut here, &scene, &["mild-marten", "mild-marten"]);
    assert_eq!(opened, [Request::OpenDebrief(id("2026-10-01-mild-marten"))]);
    let opened = clicks(&mut here, &scene, &["54 d  ", "54 d  "]);
    assert_eq!(opened, [Request::OpenDebrief(id("2026-10-02-warm-walrus"))], "the last drill of the technique");
    let view = improvements(None);
    let scene = Scene::Improvements(&view);
    let mut here = app(&scene, SIZE, Theme::mono());
    assert_eq!(
        clicks(&mut here, &scene, &["closed", "closed"]),
        [],
        "from the open ones to the closed ones, and to all"
    );
    assert!(text(&frame(&here, &scene, SIZE)).contains("[all]"));
}

#[test]
fn an_own_scenario_that_hides_a_built_in_one_is_marked_in_the_lobby() {
    let mut lobby = super::fixture::lobby(None);
    let own = lobby.scenarios.iter().position(|card| card.own.is_some()).unwrap();
    let shown = |lobby: &firedrill::tui::LobbyView, size| {
        let scene = Scene::Lobby(lobby);
        let mut app = app(&scene, size, Theme::mono());
        press(&mut app, &scene, &vec!["j"; own]);
        text(&frame(&app, &scene, size))
    };
    assert!(!shown(&lobby, (120, 36)).contains("own*"));
    lobby.scenarios[own].hides_built_in = true;
    for size in [(120, 36), (80, 24)] {
        let shown = shown(&lobby, size);
        assert!(shown.contains("own*") && shown.contains("runs this one"), "{shown}");
    }
}
