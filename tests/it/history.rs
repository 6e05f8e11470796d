//! `firedrill history`: drills side by side, from summaries that are true of their records, with the damaged ones told.

use std::fs;
use std::path::Path;
use std::process::Command;

use firedrill::host::past::{self, Past};
use firedrill_core::projection::debrief::Verdict;
use firedrill_core::projection::history::{Measure, Outline, TechniqueName, history};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, Phase};
use firedrill_record::store::DataDir;
use firedrill_report::history::{Layout, csv, text as table};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::cli::{assert_code, firedrill, root, run, text};

/// Plays a script of a scenario and gives the drill's name.
pub fn play(data: &Path, scenario: &str, script: &str) -> String {
    let script = root(&format!("scenarios/{scenario}/{script}.toml"));
    let played = run(data, &["run", scenario, "--script", &script, "--headless", "--json"]);
    let result: Value = serde_json::from_slice(&played.stdout).unwrap();
    result["drill"].as_str().unwrap().to_owned()
}

fn look_back(data: &DataDir) -> Past {
    past::look_back(data, usize::MAX).unwrap()
}

fn outlines_of(past: &Past) -> Vec<&Outline> {
    past.outlines().collect()
}

fn json(data: &Path, args: &[&str]) -> Value {
    let output = run(data, args);
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn drills_stand_side_by_side() {
    let data = tempfile::tempdir().unwrap();
    let empty = run(data.path(), &["history"]);
    assert_code(&empty, 0);
    assert!(text(&empty.stdout).contains("firedrill run SCENARIO"), "{}", text(&empty.stdout));
    let first = play(data.path(), "crypto-mining", "deviates");
    fs::write(data.path().join("settings.toml"), "team = \"Blue team\"\n").unwrap();
    let second = play(data.path(), "crypto-mining", "holds");
    let third = play(data.path(), "crypto-mining", "holds");

    let told = run(data.path(), &["history"]);
    assert_code(&told, 0);
    let told = text(&told.stdout);
    for part in [
        &first,
        &second,
        &third,
        "deviated",
        "Blue team (2 drills)",
        "(1 drill)",
        "TTN",
        "->",
        "T1496",
        "never drilled, overdue",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    let sparks = told.lines().filter(|line| line.contains("->")).count();
    assert!((1..=5).contains(&sparks), "only two drills together have a course:\n{told}");
    let plain = text(&run(data.path(), &["--plain", "history"]).stdout);
    assert!(plain.contains("time to notify") && !plain.contains('▇'), "{plain}");

    let value = json(data.path(), &["history", "--json"]);
    let team: Vec<(&Value, usize)> = value["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["team"], one["drills"].as_array().unwrap().len()))
        .collect();
    assert_eq!(team, [(&Value::Null, 1), (&Value::from("Blue team"), 2)]);
    assert_eq!(value["groups"][0]["drills"][0]["verdict"], "deviated");
    assert!(value["groups"][0]["drills"][0]["durations"]["ttn"].is_f64());
    let only = json(data.path(), &["history", "crypto-mining", "--json"]);
    assert!(
        only["techniques"].as_array().unwrap().iter().all(|row| row["drills"] == 3),
        "what was drilled in it, and nothing else"
    );
    assert_code(&run(data.path(), &["history", "no-such-scenario"]), 2);
}

#[test]
fn a_spreadsheet_reads_the_csv() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("settings.toml"), "team = '=HYPERLINK(\"x\"), \"red\"'\n").unwrap();
    let drill = play(data.path(), "crypto-mining", "holds");
    let output = run(data.path(), &["history", "--format", "csv"]);
    assert_code(&output, 0);
    if Command::new("python3").arg("--version").output().is_err() {
        println!("python3 isn't here: nothing to read it with");
        return;
    }
    let file = data.path().join("history.csv");
    fs::write(&file, &output.stdout).unwrap();
    let read =
        "import csv,json,sys\nprint(json.dumps(list(csv.DictReader(open(sys.argv[1], newline=''), strict=True))))";
    let rows = Command::new("python3").args(["-c", read]).arg(&file).output().unwrap();
    let rows: Value = serde_json::from_slice(&rows.stdout).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["drill"], drill.as_str());
    assert_eq!(rows[0]["team"], "'=HYPERLINK(\"x\"), \"red\"", "a spreadsheet shows it and computes nothing");
    let ttd: f64 = rows[0]["ttd"].as_str().unwrap().parse().unwrap();
    assert!(ttd > 0.0);
    assert_eq!(rows[0].as_object().unwrap().len(), 20, "no cell beside its column");
}

#[test]
fn one_that_cannot_be_read_is_told_and_hides_no_other() {
    let data = tempfile::tempdir().unwrap();
    let (good, bad) = (play(data.path(), "crypto-mining", "holds"), play(data.path(), "open-ssh-port", "deviates"));
    let journal = data.path().join(&bad).join("journal.jsonl");
    let edited = fs::read_to_string(&journal).unwrap().replacen("\"rate\":30", "\"rate\":31", 1);
    fs::write(&journal, edited).unwrap();
    fs::remove_file(data.path().join(&bad).join("summary.json")).unwrap();
    for (name, content) in
        [("foreign", "{\"journal\":\"systemd\",\"format\":1}\n"), ("empty", ""), ("zeros", "\0\0\0\0")]
    {
        fs::create_dir(data.path().join(name)).unwrap();
        fs::write(data.path().join(name).join("journal.jsonl"), content).unwrap();
    }
    let copied = Command::new("cp").arg("-r").arg(data.path().join(&good)).arg(data.path().join("copy")).status();
    assert!(copied.unwrap().success());
    let output = run(data.path(), &["history"]);
    assert_code(&output, 0);
    assert!(text(&output.stdout).contains(&good));
    let told = text(&output.stderr);
    for part in [
        format!("{bad}: line "),
        "foreign: ".into(),
        "empty: it never began".into(),
        "zeros: ".into(),
        format!("copy: it is a copy of {good}"),
    ] {
        assert!(told.contains(&part), "{part} is missing in:\n{told}");
    }
    assert_eq!(json(data.path(), &["history", "--json"])["troubled"].as_array().unwrap().len(), 5);
}

/// Writes a summary with a checksum that is right.
fn sealed(file: &Path, text: &str) {
    let body = text.rsplit_once(",\"hash\":\"").unwrap().0;
    fs::write(file, firedrill_record::journal::chained(None, body).0).unwrap();
}

/// A forged summary, its checksum made anew: what is printed is read from the record, and `verify --all` finds it.
#[test]
fn a_forged_summary_is_believed_by_nothing_that_is_printed() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "deviates");
    let file = data.path().join(&drill).join("summary.json");
    let true_one = fs::read_to_string(&file).unwrap();
    let forged = true_one.replacen("\"verdict\":\"deviated\"", "\"verdict\":\"held\"", 1);
    assert_ne!(forged, true_one);
    for args in [&["history", "--json"][..], &["history", "--format", "csv"], &["history"], &["--plain", "history"]] {
        sealed(&file, &forged);
        let told = text(&run(data.path(), args).stdout);
        assert!(told.contains("deviated") && !told.contains("held"), "{args:?}: {told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), true_one, "and the summary is put right");
    }
    sealed(&file, &forged);
    let told = run(data.path(), &["verify", "--all"]);
    assert_code(&told, 0);
    assert!(text(&told.stdout).contains("its summary said something else, and was replaced"), "{}", text(&told.stdout));
    assert!(!text(&run(data.path(), &["verify", "--all"]).stdout).contains("was replaced"));
}

#[test]
fn a_summary_counts_only_for_the_record_that_it_was_made_of() {
    let data = tempfile::tempdir().unwrap();
    let folder = DataDir::to_read(data.path());
    let drill = play(data.path(), "crypto-mining", "holds");
    let home = data.path().join(&drill);
    let first = look_back(&folder);
    assert_eq!((first.drills.len(), first.made_anew()), (1, 0), "the drill itself left one");
    for spoil in [
        &(|file: &Path| fs::remove_file(file).unwrap()) as &dyn Fn(&Path),
        &|file| fs::write(file, "{\"v\":1}").unwrap(),
        &|file| fs::write(file, [0xff, 0xfe]).unwrap(),
        &|file| {
            let text = fs::read_to_string(file).unwrap();
            let bytes = text.split("\"bytes\":").nth(1).unwrap().split(',').next().unwrap().to_owned();
            sealed(file, &text.replacen(&bytes, "1", 1));
        },
        &|file| {
            let text = fs::read_to_string(file).unwrap();
            sealed(file, &text.replacen("\"program\":\"firedrill", "\"program\":\"firedrill x", 1));
        },
        // One changed figure, and the checksum left as it was.
        &|file| {
            let text = fs::read_to_string(file).unwrap();
            fs::write(file, text.replacen("\"verdict\":\"held\"", "\"verdict\":\"deviated\"", 1)).unwrap();
        },
    ] {
        spoil(&home.join("summary.json"));
        let again = look_back(&folder);
        assert_eq!((outlines_of(&again), again.made_anew()), (outlines_of(&first), 1), "made anew from the record");
        assert_eq!(look_back(&folder).made_anew(), 0, "and kept");
    }
    fs::remove_file(home.join("summary.json")).unwrap();
    let bounded = past::look_back(&folder, 0).unwrap();
    assert_eq!((bounded.drills.len(), outlines_of(&bounded).len()), (1, 0), "none may be read in full");
    // The record loses its last line: the summary speaks of another one.
    let journal = fs::read_to_string(home.join("journal.jsonl")).unwrap();
    let cut = journal.trim_end().rfind('\n').unwrap() + 1;
    fs::write(home.join("journal.jsonl"), &journal[..cut]).unwrap();
    let cut = look_back(&folder);
    assert_eq!((outlines_of(&cut)[0].phase, cut.made_anew()), (Phase::Improve, 1));
}

#[test]
fn settings_with_mistakes_are_refused_with_line_and_column() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("settings.toml"), "\nretenton-days = 3\n").unwrap();
    let output = run(data.path(), &["history"]);
    assert_code(&output, 2);
    let told = text(&output.stderr);
    assert!(told.contains("settings.toml:2:1") && told.contains("retention-days"), "{told}");
    let plain = text(&run(data.path(), &["--plain", "history"]).stderr);
    assert!(plain.contains("line 2, column 1"), "{plain}");
    // They keep nobody from drilling.
    play(data.path(), "crypto-mining", "holds");
}

fn outlines() -> Vec<Outline> {
    let outline = |number: u32| Outline {
        content: "1".into(),
        world: WorldKind::Simulated,
        drill: DrillId::new(&format!("2026-01-{:02}-somewhat-hummingbird", number + 1)).unwrap(),
        scenario: ScenarioId::new("a-scenario").unwrap(),
        title: "Something with a title that is longer than a narrow terminal is wide".into(),
        team: None,
        began: format!("2026-01-{:02}T10:00:00Z", number + 1).parse().unwrap(),
        phase: Phase::Closed,
        reached: DrillTime(0),
        verdict: Verdict::NotMeasured,
        outcome: None,
        containment: None,
        measures: ["TTD", "TTN", "TTA", "TTC", "TTR"]
            .map(|name| Measure {
                name: name.into(),
                seconds: (name != "TTC").then_some(3_600.0 * f64::from(number + 1)),
                never: false,
                hurried: false,
            })
            .into(),
        confidence: vec![1, 5, 3],
        techniques: vec![TechniqueName {
            id: "T1568.002".into(),
            name: "Dynamic Resolution: Domain Generation Algorithms".into(),
        }],
        improvements: Vec::new(),
    };
    (0..20).map(outline).collect()
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let all = history(outlines(), &[], "2026-02-01".parse().unwrap(), 5);
    for width in [20, 40, 60, 80, 100, 200] {
        let shown = table(&all, Layout { width, plain: false });
        for line in shown.lines() {
            // A drill's name stays whole, so that it can be copied.
            assert!(line.width() <= width.max(40), "{width}: {line}");
        }
        let words: Vec<&str> = shown.split_whitespace().collect();
        assert!(words.join(" ").contains("1:00:00 -> 20:00:00"), "{shown}");
    }
    assert!(table(&all, Layout { width: 120, plain: false }).contains("Drill"), "a wide one has columns");
    assert_eq!(csv(&all).lines().count(), 21);
}

#[test]
fn no_colour_is_in_it() {
    let data = tempfile::tempdir().unwrap();
    play(data.path(), "crypto-mining", "holds");
    let output = firedrill(data.path()).args(["--color", "always", "history"]).output().unwrap();
    assert!(!text(&output.stdout).contains('\u{1b}'), "meaning is in the words");
}
