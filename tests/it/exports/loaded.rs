//! Findings, layers, lists and recordings, each held against what others say of its form, or opened by a program that others wrote.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use firedrill::host::cast::Style;
use firedrill::host::desk::{Desk, Told};
use firedrill::tui::{App, DrillScene, Input, RecordingView, Scene, Theme};
use firedrill_record::store::DataDir;
use jsonschema::Validator;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::{Value, json};

use crate::cli::{assert_code, root, run, text};
use crate::history::play;

/// Scenarios that have findings in every format, each played once.
struct Played {
    data: tempfile::TempDir,
    drills: Vec<String>,
}

impl Played {
    fn get() -> &'static Self {
        static PLAYED: OnceLock<Played> = OnceLock::new();
        PLAYED.get_or_init(|| {
            let data = tempfile::tempdir().unwrap();
            let scripts = [
                ("crypto-mining", "deviates"),
                ("public-bucket", "deviates"),
                ("leaked-credentials", "holds"),
                ("malware-on-instance", "holds"),
                ("open-ssh-port", "nothing"),
            ];
            let drills = scripts.map(|(scenario, script)| play(data.path(), scenario, script)).into();
            Self { data, drills }
        })
    }

    fn path(&self) -> &Path {
        self.data.path()
    }

    fn desk(&self) -> Desk {
        Desk { data: DataDir::to_read(self.path()), alias: "responder".into(), pace: None }
    }

    fn told(&self, drill: &str) -> Told {
        self.desk().told(&drill.to_owned().try_into().unwrap(), false).unwrap()
    }

    fn export(&self, drill: &str, format: &str) -> String {
        let output = run(self.path(), &["debrief", drill, "--format", format]);
        assert_code(&output, 0);
        text(&output.stdout)
    }

    fn json(&self, drill: &str, format: &str) -> Value {
        serde_json::from_str(&self.export(drill, format)).unwrap()
    }
}

fn recorded(name: &str) -> Value {
    let path = PathBuf::from(root("tests/peers")).join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
fn assert_fits(validator: &Validator, value: &Value) {
    let misfits: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(misfits.is_empty(), "{misfits:#?}\n{value:#}");
}

#[test]
fn findings_of_guardduty_fit_its_api_and_say_that_they_are_samples() {
    let schema = jsonschema::validator_for(&recorded("guardduty_finding.schema.json")).unwrap();
    let mut seen = 0;
    for drill in &Played::get().drills {
        for finding in Played::get().json(drill, "guardduty").as_array().unwrap() {
            assert_fits(&schema, finding);
            assert_eq!(finding["service"]["additionalInfo"]["sample"], true);
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}

/// Whoever gets a file has nothing else: each says how far the record behind it can be trusted.
#[test]
fn every_form_says_how_far_its_record_can_be_trusted() {
    let drill = &Played::get().drills[0];
    for format in ["markdown", "html", "json", "csv", "junit", "guardduty", "ocsf", "msel", "navigator", "asciicast"] {
        let export = Played::get().export(drill, format);
        assert!(export.contains("Not sealed; the record verifies"), "{format} says nothing of it");
    }
}

#[test]
fn what_is_not_guardduty_is_said_to_be_left_out() {
    let drill = &Played::get().drills[1];
    let output = run(Played::get().path(), &["debrief", drill, "--format", "guardduty"]);
    let all = Played::get().json(drill, "ocsf").as_array().unwrap().len();
    let own = Played::get().json(drill, "guardduty").as_array().unwrap().len();
    assert!(own < all);
    assert!(text(&output.stderr).starts_with(&format!("{} findings are not GuardDuty's", all - own)));
}

fn ocsf_class(name: &str) -> Validator {
    let mut schema = recorded("ocsf_finding.schema.json");
    schema["$ref"] = format!("#/$defs/{name}").into();
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn findings_fit_the_schema_of_ocsf() {
    let classes = [(2004, ocsf_class("detection_finding")), (2003, ocsf_class("compliance_finding"))];
    let mut seen = std::collections::BTreeMap::new();
    for drill in &Played::get().drills {
        for event in Played::get().json(drill, "ocsf").as_array().unwrap() {
            let (uid, schema) = classes.iter().find(|(uid, _)| event["class_uid"] == *uid).unwrap();
            assert_fits(schema, event);
            assert_eq!(event["type_uid"], uid * 100 + event["activity_id"].as_i64().unwrap());
            assert!(event["metadata"]["labels"].as_array().unwrap().contains(&"drill".into()));
            let [start, end] = ["start_time", "end_time"].map(|key| event[key].as_i64().unwrap());
            assert!(start <= end && start > 1_700_000_000_000, "milliseconds of UTC");
            *seen.entry((*uid, event["metadata"]["product"]["name"].to_string())).or_insert(0) += 1;
        }
    }
    assert!(seen.len() >= 4, "detectors of several kinds: {seen:?}");
}

#[test]
fn moments_of_a_finding_are_those_of_its_document() {
    let mut seen = 0;
    for event in Played::get().json(&Played::get().drills[0], "ocsf").as_array().unwrap() {
        let detail = &event["evidences"][0]["data"]["detail"];
        let Some(first) = detail["service"]["eventFirstSeen"].as_str() else { continue };
        let first: chrono::DateTime<chrono::Utc> = first.parse().unwrap();
        assert_eq!(first.timestamp(), event["finding_info"]["first_seen_time"].as_i64().unwrap() / 1000);
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn what_does_not_fit_the_schema_of_ocsf_is_found() {
    let schema = ocsf_class("detection_finding");
    let drill = &Played::get().drills[0];
    let good =
        Played::get().json(drill, "ocsf").as_array().unwrap().iter().find(|e| e["class_uid"] == 2004).unwrap().clone();
    for (key, value) in [("severity_id", json!(17)), ("time", json!("now")), ("metadata", json!({})), ("own", json!(1))]
    {
        let mut bad = good.clone();
        bad[key] = value;
        assert!(!schema.is_valid(&bad), "{key}");
    }
}

#[test]
fn layers_fit_the_form_of_the_navigator() {
    let schema = jsonschema::validator_for(&recorded("navigator_layer.schema.json")).unwrap();
    let mut colours = std::collections::BTreeSet::new();
    for drill in &Played::get().drills {
        let layer = Played::get().json(drill, "navigator");
        assert_fits(&schema, &layer);
        let legend = layer["legendItems"].as_array().unwrap();
        for technique in layer["techniques"].as_array().unwrap() {
            assert!(legend.iter().any(|item| item["color"] == technique["color"]), "no colour without a legend");
            colours.insert(technique["color"].to_string());
        }
        assert!(!layer["techniques"].as_array().unwrap().is_empty());
    }
    assert!(colours.len() >= 3, "{colours:?}");
    let output = run(Played::get().path(), &["history", "--format", "navigator"]);
    assert_code(&output, 0);
    let layer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_fits(&schema, &layer);
    let row = |id: &str| layer["techniques"].as_array().unwrap().iter().find(|row| row["techniqueID"] == id).unwrap();
    assert!(row("T1496")["comment"].as_str().unwrap().ends_with("the hypothesis deviated"));
    assert!(row("T1021")["comment"].as_str().unwrap().ends_with("never drilled"));
    assert!(!schema.is_valid(&json!({ "name": "no domain" })));
}

#[test]
fn planners_read_the_list_of_events() {
    for drill in &Played::get().drills {
        let text = Played::get().export(drill, "msel");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let column = |name: &str| head.iter().position(|cell| cell == name).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let (record, rows) = rows.split_last().unwrap();
        assert_eq!((&record[column("kind")], &record[column("event")]), ("record", "Not sealed; the record verifies."));
        let kinds: std::collections::BTreeSet<&str> = rows.iter().map(|row| &row[column("kind")]).collect();
        assert!(["phase", "fault", "adversary", "inject"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
        let mut last = 0.0;
        for (row, number) in rows.iter().zip(1..) {
            assert_eq!(row[column("number")], number.to_string());
            let actual = &row[column("actual_drill_seconds")];
            assert_eq!(actual.is_empty(), &row[column("status")] == "did not happen");
            let at: f64 = actual.parse().unwrap_or(last);
            assert!(at >= last, "in order");
            last = at;
        }
        let injects = Played::get().told(drill).view.whole().unwrap().injects.len();
        assert_eq!(rows.iter().filter(|row| &row[column("kind")] == "inject").count(), injects);
    }
}

const STYLE: Style = Style { size: (120, 36), speed: 16, theme: Theme::sixteen() };

/// The lines of a recording: its header, and its events.
fn lines(cast: &str) -> (Value, Vec<(f64, String, String)>) {
    let mut lines = cast.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    let event = |line: Value| {
        let text = |at: usize| line[at].as_str().unwrap().to_owned();
        (line[0].as_f64().unwrap(), text(1), text(2))
    };
    (header, lines.map(event).collect())
}

fn played_by_asciinema(events: &[(f64, String, String)], (columns, rows): (u16, u16)) -> Vec<String> {
    let mut terminal = avt::Terminal::new(usize::from(columns), usize::from(rows)).unwrap();
    for (_, _, data) in events.iter().filter(|event| event.1 == "o") {
        terminal.feed(data.as_str());
    }
    shown(&terminal)
}

fn shown(terminal: &avt::Terminal) -> Vec<String> {
    let lines = (0..).map_while(|at| terminal.screen().line(at));
    lines.map(|line| line.text().trim_end().to_owned()).collect()
}

#[test]
fn a_recording_ends_on_the_screen_as_it_is_drawn() {
    let drill = &Played::get().drills[0];
    let told = Played::get().told(drill);
    for size in [(120, 36), (80, 24), (200, 60)] {
        let (header, events) = lines(&told.cast(Style { size, ..STYLE }).unwrap());
        assert_eq!(
            (&header["version"], &header["width"], &header["height"]),
            (&json!(2), &json!(size.0), &json!(size.1))
        );
        let scene = Scene::Drill(DrillScene {
            drill: &drill.clone().try_into().unwrap(),
            view: &told.view,
            words: &told.words,
            now: told.view.now,
            seat: &"seat-1".to_owned().try_into().unwrap(),
            recording: &RecordingView::Recording,
            replay: None,
            ghost: None,
            debrief: Some(&told.debrief),
        });
        let mut app = App::new(Theme::sixteen());
        app.handle(Input::Resize(size.0, size.1), &scene);
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        terminal.draw(|frame| app.draw(frame, &scene)).unwrap();
        let buffer = terminal.backend().buffer();
        let row = |y| (0..size.0).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        let drawn: Vec<String> = (0..size.1).map(row).collect();
        assert_eq!(played_by_asciinema(&events, size), drawn);
    }
}

#[test]
fn a_recording_has_markers_to_jump_to_and_no_long_pause() {
    let (_, events) = lines(&Played::get().told(&Played::get().drills[0]).cast(STYLE).unwrap());
    assert!(events.is_sorted_by(|a, b| a.0 <= b.0));
    let markers: Vec<&str> = events.iter().filter(|event| event.1 == "m").map(|event| event.2.as_str()).collect();
    for wanted in ["Steady state", "Experiment", "Verify", "told the team", "Response: "] {
        assert!(markers.iter().any(|marker| marker.contains(wanted)), "{wanted} is missing in {markers:?}");
    }
    let pauses = events.windows(2).map(|pair| pair[1].0 - pair[0].0);
    // Two seconds, and what led up to pictures that were not different.
    assert!(pauses.fold(0.0, f64::max) <= 2.5);
    let fast = Style { speed: 160, ..STYLE };
    let (_, fewer) = lines(&Played::get().told(&Played::get().drills[0]).cast(fast).unwrap());
    assert!(fewer.last().unwrap().0 < events.last().unwrap().0 / 2.0);
}

#[test]
fn a_recording_keeps_the_ground_truth_until_verify() {
    let told = Played::get().told(&Played::get().drills[1]);
    let (_, events) = lines(&told.cast(STYLE).unwrap());
    let verify = events.iter().position(|event| event.1 == "m" && event.2 == "Verify").unwrap();
    // What the fault is stands in the hypothesis, too.
    let fault = &told.view.whole().unwrap().fault.summary;
    let hidden = told.view.timeline.iter().filter(|line| line.hidden && line.text(&told.view) != *fault);
    let hidden: Vec<String> = hidden.map(|line| line.text(&told.view).as_str().chars().take(30).collect()).collect();
    let is_told = |text: &str| hidden.iter().any(|line| text.contains(line.as_str()));
    assert!(hidden.len() >= 5);
    let mut terminal = avt::Terminal::new(120, 36).unwrap();
    for (at, (_, kind, data)) in events.iter().enumerate() {
        if kind == "o" {
            terminal.feed(data.as_str());
        }
        let told = if kind == "o" { shown(&terminal).iter().any(|line| is_told(line)) } else { is_told(data) };
        assert!(at >= verify || !told, "told before Verify: {}", shown(&terminal).join("\n"));
    }
}

#[test]
fn names_are_in_exports_only_if_they_are_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/crypto-mining/deviates.toml");
    let args = ["run", "crypto-mining", "--script", &script, "--headless", "--name", "Ada Lovelace"];
    assert_code(&run(data.path(), &args), 1);
    for format in ["guardduty", "ocsf", "msel", "navigator", "asciicast"] {
        let output = run(data.path(), &["debrief", "--format", format]);
        assert_code(&output, 0);
        assert!(!text(&output.stdout).contains("Lovelace"), "{format}");
    }
}

#[test]
fn a_size_that_no_screen_has_is_refused() {
    for size in ["80", "10x10", "80x24x3", "900x24", "x"] {
        let output = run(Played::get().path(), &["debrief", "--format", "asciicast", "--size", size]);
        assert_code(&output, 2);
        assert!(text(&output.stderr).contains("for example 80x24"), "{size}");
    }
}
