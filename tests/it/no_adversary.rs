//! A drill without an adversary: no face, report or export speaks of one.

use serde_json::Value;

use crate::cli::{assert_code, firedrill, root, text};

/// Everything that is written about a drill with this script, in one text.
fn all_words(script: &str) -> String {
    let data = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| firedrill(data.path()).args(args).output().unwrap();
    let file = root(&format!("scenarios/failing-checkout/{script}.toml"));
    let played = run(&["run", "failing-checkout", "--script", &file, "--headless", "--seed", "7"]);
    let mut words = text(&played.stdout);
    for format in ["markdown", "html", "csv", "msel"] {
        let report = run(&["debrief", "--format", format]);
        assert_code(&report, 0);
        words.push_str(&without_style(&text(&report.stdout)));
    }
    let json = run(&["debrief", "--format", "json"]);
    assert_code(&json, 0);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    values(&json, &mut words);
    words
}

/// A page without its style sheet, which names all lanes.
fn without_style(page: &str) -> String {
    let parts = page.split("<style>").map(|part| part.split_once("</style>").map_or(part, |(_, rest)| rest));
    parts.collect()
}

/// What a document says, without the names of its fields.
fn values(json: &Value, words: &mut String) {
    match json {
        Value::String(text) => {
            words.push_str(text);
            words.push('\n');
        }
        Value::Array(parts) => parts.iter().for_each(|part| values(part, words)),
        Value::Object(fields) => fields.values().for_each(|part| values(part, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn a_fault_that_nobody_is_behind_is_never_called_an_adversary() {
    for script in ["holds", "deviates", "nothing"] {
        let words = all_words(script);
        let of_it: Vec<&str> = words.lines().filter(|line| line.to_lowercase().contains("adversary")).collect();
        assert!(of_it.is_empty(), "{script}: {of_it:#?}");
        assert!(words.contains("the fault will be over within"), "{script}: the hypothesis says so");
    }
    assert!(all_words("nothing").contains("At the end the fault still went on"), "and so does the outcome");
    assert!(all_words("holds").contains("The fault was over after"), "of one that was mended");
}
