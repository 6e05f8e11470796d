//! A headless drill that was killed is taken up by its script, and comes to the same end.

use std::fs;

use firedrill_model::event::{DrillEvent, Event};
use firedrill_model::id::DrillId;
use firedrill_record::store::{DataDir, load};
use serde_json::Value;

use crate::cli::{assert_code, root, run, text};
use crate::history::play;

/// What happened, without what people wrote and without the seam: kind by kind, each at its moment.
fn course(data: &std::path::Path, drill: &str) -> Vec<(u64, String)> {
    let loaded = load(&DataDir::to_read(data), &DrillId::new(drill).unwrap()).unwrap();
    let is_seam = |event: &Event| matches!(event, Event::Drill(DrillEvent::Resumed { .. } | DrillEvent::Gap { .. }));
    let entries = loaded.entries.iter().filter(|entry| !is_seam(&entry.event));
    let told = |event: &Event| {
        let value = serde_json::to_value(event).unwrap();
        if let Event::World(_) = event { value.to_string() } else { value["kind"].to_string() }
    };
    entries.map(|entry| (entry.at.0, told(&entry.event))).collect()
}

/// The pace of the command line is no deed of the script: it is in the record, once at the beginning and once each time that the drill is
/// taken up with one.
#[test]
fn a_drill_that_was_begun_with_a_pace_is_taken_up_by_its_script() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/crypto-mining/deviates.toml");
    let begun = ["run", "crypto-mining", "--script", &script, "--headless", "--pace", "60", "--json"];
    let whole: Value = serde_json::from_slice(&run(data.path(), &begun).stdout).unwrap();
    let drill = whole["drill"].as_str().unwrap();
    let journal = data.path().join(drill).join("journal.jsonl");
    let mut pace = "30";
    // Cut off twice: the second time with what the first taking up left in the record.
    for share in [2, 3] {
        let lines = fs::read_to_string(&journal).unwrap();
        let lines: Vec<&str> = lines.split_inclusive('\n').collect();
        let kept = if share == 2 { lines.len() / 2 } else { lines.len() * 3 / 4 };
        fs::write(&journal, lines[..kept].concat()).unwrap();
        let _ = fs::remove_file(data.path().join(drill).join("summary.json"));
        let again =
            run(data.path(), &["run", "--resume", drill, "--script", &script, "--headless", "--pace", pace, "--json"]);
        assert_code(&again, 1);
        let told: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!((&told["verdict"], &told["durations"]), (&whole["verdict"], &whole["durations"]));
        assert_eq!(told["script"]["not_reached"].as_array().unwrap().len(), 0, "{told}");
        assert_code(&run(data.path(), &["verify", drill]), 0);
        pace = "brisk";
    }
}

#[test]
fn a_script_goes_on_where_its_drill_was_cut_off() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "deviates");
    let whole = course(data.path(), &drill);
    let home = data.path().join(&drill);
    let journal = fs::read_to_string(home.join("journal.jsonl")).unwrap();
    let lines: Vec<&str> = journal.split_inclusive('\n').collect();
    let script = root("scenarios/crypto-mining/deviates.toml");
    let args = ["run", "--resume", &drill, "--script", &script, "--headless", "--json"];
    let by_people: Vec<usize> =
        (0..lines.len()).filter(|at| lines[*at].contains("\"kind\":\"people.")).map(|at| at + 1).collect();
    // Just after what people did, in the middle of it, and between.
    for cut in [60, by_people[3], by_people[4] - 1, by_people[by_people.len() / 2], lines.len() - 2] {
        fs::write(home.join("journal.jsonl"), lines[..cut].concat()).unwrap();
        let _ = fs::remove_file(home.join("summary.json"));
        let again = run(data.path(), &args);
        assert_code(&again, 1);
        let told: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!(told["script"]["not_reached"].as_array().unwrap().len(), 0, "cut at {cut}: {told}");
        let now = course(data.path(), &drill);
        let apart = now.iter().zip(&whole).find(|(now, whole)| now != whole);
        assert!(now == whole, "cut at {cut}: {} and {} entries, first apart: {apart:?}", now.len(), whole.len());
        assert_code(&run(data.path(), &["verify", &drill]), 0);
    }
    // Another script has never played this.
    fs::write(home.join("journal.jsonl"), lines[..by_people[by_people.len() / 2]].concat()).unwrap();
    fs::remove_file(home.join("summary.json")).unwrap();
    let other = root("scenarios/crypto-mining/nothing.toml");
    let refused = run(data.path(), &["run", "--resume", &drill, "--script", &other, "--headless"]);
    assert_code(&refused, 2);
    assert!(text(&refused.stderr).contains("is not what it brings"), "{}", text(&refused.stderr));
}

#[test]
fn a_drill_whose_trail_was_stopped_is_taken_up_without_it() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "leaked-credentials", "nothing");
    let whole = course(data.path(), &drill);
    let home = data.path().join(&drill);
    let journal = fs::read_to_string(home.join("journal.jsonl")).unwrap();
    let lines: Vec<&str> = journal.split_inclusive('\n').collect();
    let stopped =
        lines.iter().position(|line| line.contains("\"kind\":\"world.sight\"")).expect("the trail is stopped");
    let script = root("scenarios/leaked-credentials/nothing.toml");
    // Just before it is stopped, just after, and later on.
    for cut in [stopped, stopped + 1, stopped + 200] {
        fs::write(home.join("journal.jsonl"), lines[..cut].concat()).unwrap();
        let _ = fs::remove_file(home.join("summary.json"));
        let again = run(data.path(), &["run", "--resume", &drill, "--script", &script, "--headless", "--json"]);
        assert_code(&again, 0);
        let now = course(data.path(), &drill);
        let apart = now.iter().zip(&whole).find(|(now, whole)| now != whole);
        assert!(now == whole, "cut at {cut}: {} and {} entries, first apart: {apart:?}", now.len(), whole.len());
        let debrief: Value =
            serde_json::from_slice(&run(data.path(), &["debrief", &drill, "--format", "json"]).stdout).unwrap();
        let told = debrief.to_string();
        assert!(
            told.contains("CloudTrail was stopped") && told.contains("up to the end of the record"),
            "cut at {cut}"
        );
    }
}
