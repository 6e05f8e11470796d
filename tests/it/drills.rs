//! Whole drills without a terminal: every script that comes with a scenario does what it is there to show.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use firedrill::host::clock::WallClock;
use firedrill::host::desk::{Desk, Offer, debrief_of};
use firedrill::host::player;
use firedrill::library;
use firedrill_core::projection::debrief::Verdict;
use firedrill_core::projection::{Debrief, wording};
use firedrill_model::phase::Phase;
use firedrill_model::script::Expect;
use firedrill_record::store::DataDir;

/// Plays a script; returns the debrief, the events as text, and what was refused or not reached.
pub(crate) fn play(scenario: &str, script_file: &Path, seed: u64) -> (Debrief, Expect, String, player::Played) {
    let folder = tempfile::tempdir().unwrap();
    let clock = WallClock::hands("2026-11-24T09:00:00Z".parse().unwrap());
    let desk = Desk { data: DataDir::open(folder.path()).unwrap(), alias: "otter".into(), pace: None };
    let offer = Offer::built_in(scenario).unwrap();
    let scenario = offer.scenario().unwrap();
    let script =
        firedrill_authoring::script::check("script.toml", &fs::read_to_string(script_file).unwrap(), &scenario)
            .unwrap();
    let mut session = desk.begin(scenario, &offer.text, Some(seed), &clock).unwrap().unattended();
    let played = player::play(&mut session, &script, &|| clock.utc()).unwrap();
    assert_eq!(session.drill().phase(), Phase::Closed);
    let lines = session
        .entries()
        .iter()
        .map(|entry| format!("{} {}\n", entry.at.0, serde_json::to_string(&entry.event).unwrap()));
    (debrief_of(&session), script.expect, lines.collect(), played)
}

/// Each built-in scenario is a folder of the same files. What they say is held against the drill below.
#[test]
fn every_scenario_has_its_three_runs_and_its_sources() {
    for (id, _) in library::built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(id);
        let scenario = Offer::built_in(id).unwrap().scenario().unwrap();
        for (name, expect) in [("holds", Some(Expect::Held)), ("deviates", Some(Expect::Deviated)), ("nothing", None)] {
            let file = folder.join(name).with_extension("toml");
            let script =
                firedrill_authoring::script::check("script.toml", &fs::read_to_string(&file).unwrap(), &scenario)
                    .unwrap();
            assert!(expect.is_none_or(|expect| expect == script.expect), "{}", file.display());
            let acts = script.deeds.iter().filter(|deed| deed.act.is_some() || deed.acknowledge).count();
            assert_eq!(acts == 0, name == "nothing", "{}: nobody does anything there, and only there", file.display());
        }
        let sources = fs::read_to_string(folder.join("sources.md")).unwrap();
        for technique in &scenario.techniques {
            assert!(sources.contains(technique.id.as_str()), "{id}: where is {} from?", technique.id);
        }
        // Names of findings that a provider gave; alarms have names of the team's own.
        let given =
            scenario.detectors.iter().map(|detector| &detector.finding).filter(|name| name.as_str().contains(':'));
        for finding in given {
            assert!(sources.contains(finding.as_str()), "{id}: where is {finding} from?");
        }
    }
}

/// The scripts beside each built-in scenario: scenario and file.
fn scripts() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for (id, _) in library::built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(id);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "toml") && !path.ends_with("scenario.toml") {
                found.push(((*id).to_owned(), path));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_scenario_comes_with_a_run_that_holds_and_one_that_does_not() {
    let mut shown: BTreeSet<(String, bool)> = BTreeSet::new();
    for (scenario, file) in scripts() {
        for seed in 1..=4 {
            let (debrief, expect, _, played) = play(&scenario, &file, seed);
            let expected = if expect == Expect::Held { Verdict::Held } else { Verdict::Deviated };
            let parts: Vec<String> = debrief.parts.iter().map(|part| part.found.to_string()).collect();
            assert_eq!(debrief.verdict, expected, "{} with seed {seed}: {parts:?}", file.display());
            assert_eq!(played.refused, [], "{} with seed {seed}", file.display());
            assert_eq!(played.not_reached, [0usize; 0], "{} with seed {seed}", file.display());
            shown.insert((scenario.clone(), expect == Expect::Held));
        }
    }
    for (id, _) in library::built_in() {
        assert!(shown.contains(&((*id).to_owned(), true)) && shown.contains(&((*id).to_owned(), false)), "{id}");
    }
}

#[test]
fn a_script_judges_findings_and_marks_evidence_as_a_person_does() {
    for (id, _) in library::built_in() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(id).join("holds.toml");
        let (debrief, ..) = play(id, &file, 3);
        let judged: Vec<_> = debrief.evidence.findings.iter().filter(|row| row.judged.is_some()).collect();
        assert!(!judged.is_empty() && judged.iter().all(|row| row.judged == row.was), "{id}: {judged:?}");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/crypto-mining/holds.toml");
    let (debrief, ..) = play("crypto-mining", &file, 3);
    let marked = &debrief.evidence.marked;
    assert_eq!(marked.len(), 3, "{marked:?}");
    assert!(debrief.evidence.traces.iter().all(|trace| trace.marked > 0), "{:?}", debrief.evidence.traces);
}

#[test]
fn a_script_takes_on_the_finding_that_it_names_and_thinks_better_of_a_mark() {
    let text = r#"
        format = 1
        scenario = "crypto-mining"
        title = "Takes on the one of before"
        expect = "held"
        [[do]]
        after = { happened = "notified" }
        plus = "20m"
        acknowledge = true
        finding = "bitcointool"
        mark = { record = "pool.minexmr.example", source = "resolver-query" }
        [[do]]
        after = { happened = "acknowledged" }
        plus = "1m"
        unmark = "minexmr"
        [[do]]
        after = { happened = "acknowledged" }
        plus = "2m"
        unmark = "minexmr"
    "#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script.toml");
    fs::write(&file, text).unwrap();
    let (debrief, _, _, played) = play("crypto-mining", &file, 7);
    let all = &debrief.evidence.findings;
    assert!(all.last().is_some_and(|newest| !newest.acknowledged), "a newer one was there to take on: {all:?}");
    let taken: Vec<_> = all.iter().filter(|row| row.acknowledged).map(|row| row.finding.as_str()).collect();
    assert!(taken.len() == 1 && taken[0].contains("BitcoinTool"), "{taken:?}");
    assert!(debrief.evidence.marked.is_empty(), "{:?}", debrief.evidence.marked);
    let refused: Vec<_> = played.refused.iter().map(|no| (no.deed, no.why.as_str())).collect();
    assert_eq!(refused, [(Some(3), "no record with \"minexmr\" is marked")]);
}

#[test]
fn words_that_fit_nothing_are_told_to_the_script() {
    let text = r#"
        format = 1
        scenario = "crypto-mining"
        title = "Looks for what is not there"
        expect = "held"
        [[do]]
        after = { happened = "notified" }
        judge = { finding = "RDPBruteForce", as = "noise" }
        mark = { record = "no.such.name", note = "Nothing." }
    "#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script.toml");
    fs::write(&file, text).unwrap();
    let (debrief, _, _, played) = play("crypto-mining", &file, 7);
    let refused: Vec<_> = played.refused.iter().map(|no| (no.deed, no.asked.as_str(), no.why.as_str())).collect();
    let why = [
        "no finding with \"rdpbruteforce\" has been seen by now",
        "no log record with \"no.such.name\" has come by now",
    ];
    assert_eq!(refused, [(Some(1), "judge", why[0]), (Some(1), "mark", why[1])]);
    assert!(debrief.evidence.marked.is_empty());
}

#[test]
fn the_same_seed_and_script_bring_the_same_drill() {
    for (scenario, file) in scripts() {
        let without_seals = |text: &str| -> String {
            text.split("\"sha256\":\"").map(|part| part.trim_start_matches(|c: char| c.is_ascii_hexdigit())).collect()
        };
        let (_, _, one, _) = play(&scenario, &file, 11);
        let (_, _, two, _) = play(&scenario, &file, 11);
        assert_eq!(without_seals(&one), without_seals(&two));
        let (_, _, other, _) = play(&scenario, &file, 12);
        assert_ne!(without_seals(&one), without_seals(&other), "another seed is another drill");
    }
}

#[test]
fn terminating_the_miner_at_once_costs_latency_and_evidence() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/crypto-mining/deviates.toml");
    let (debrief, _, _, _) = play("crypto-mining", &file, 7);
    let signal = debrief.parts.iter().find(|part| part.part == "signal").unwrap();
    assert_eq!(signal.verdict, Verdict::Deviated);
    assert!(debrief.impact.minutes_outside > 1.0);
    let told = debrief.second_order.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(told.contains("Evidence was lost"), "{told}");
    assert!(told.contains("over 50 ms"), "{told}");
    assert!(told.contains("Website"), "the services around it react: {told}");
}

#[test]
fn detected_is_not_notified() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/open-ssh-port/deviates.toml");
    let (debrief, _, _, _) = play("open-ssh-port", &file, 7);
    let verdict = |name: &str| debrief.parts.iter().find(|part| part.part == name).unwrap().verdict;
    assert_eq!((verdict("detected"), verdict("notified")), (Verdict::Held, Verdict::Deviated));
    let duration = |name: &str| debrief.durations.iter().find(|row| row.name == name).unwrap().seconds;
    assert!(duration("TTD").unwrap() < 300.0, "found within {}", wording::seconds(duration("TTD").unwrap()));
    let told = debrief.marks.iter().find(|mark| mark.mark == "notified").unwrap();
    assert_eq!(told.t.as_deref(), Some("T+12:00"), "no channel told the team; twelve minutes in, a colleague did");
    assert!(told.by.as_ref().unwrap().as_str().contains("A colleague of the platform team"), "{:?}", told.by);
    assert!(duration("TTN").unwrap() > 500.0, "ten minutes after it was detected");
    let happened = debrief.questions[0].from_the_record.iter().find(|line| line.as_str().contains("port 22"));
    let attempts: u32 = happened.unwrap().as_str().split(' ').next().unwrap().parse().unwrap();
    assert!(attempts > 10, "unknown addresses knock while the port is open: {attempts}");
}
