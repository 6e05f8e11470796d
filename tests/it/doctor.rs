//! `firedrill doctor`: the whole data folder, with one command for each thing, and none that takes words away.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::cli::{assert_code, firedrill, run, text};
use crate::history::play;

fn found(data: &Path, code: i32) -> Vec<(String, String, String)> {
    let output = run(data, &["doctor", "--json"]);
    assert_code(&output, code);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = value["found"].as_array().unwrap();
    rows.iter().map(|row| (word(row, "about"), word(row, "what"), word(row, "help"))).collect()
}

#[test]
fn a_sound_folder_has_nothing_to_mend() {
    let data = tempfile::tempdir().unwrap();
    assert_eq!(found(data.path(), 0), []);
    play(data.path(), "crypto-mining", "deviates");
    assert_eq!(found(data.path(), 0), []);
    assert!(text(&run(data.path(), &["doctor"]).stdout).contains("nothing is wrong"));
}

#[test]
fn each_thing_has_the_command_that_helps() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "deviates");
    let home = data.path().join(&drill);
    let journal = home.join("journal.jsonl");
    let whole = fs::read(&journal).unwrap();
    let summary = fs::read_to_string(home.join("summary.json")).unwrap();

    let said = |code: i32, what: &str, help: &str| {
        let all = found(data.path(), code);
        let hit = all.iter().find(|(_, is, _)| is.contains(what)).unwrap_or_else(|| panic!("{what} in {all:?}"));
        assert!(hit.2.contains(help), "{hit:?}");
        assert!(!hit.2.contains("rm "), "it holds words: {hit:?}");
    };
    // Damaged, torn, without its beginning, and added to.
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    fs::write(&journal, flipped).unwrap();
    said(1, "is damaged", "firedrill verify");
    fs::write(&journal, "").unwrap();
    said(1, "beginning of journal.jsonl is gone", "put back a copy");
    fs::remove_file(&journal).unwrap();
    said(1, "beginning of journal.jsonl is gone", "put back a copy");
    fs::write(&journal, &whole).unwrap();
    fs::set_permissions(&journal, fs::Permissions::from_mode(0o600)).unwrap();
    // Texts that are gone, and a summary that says something else.
    let words = fs::read(home.join("words.jsonl")).unwrap();
    fs::write(home.join("words.jsonl"), "").unwrap();
    said(1, "no entry says that they were erased", "firedrill verify");
    fs::write(home.join("words.jsonl"), words).unwrap();
    let body =
        summary.rsplit_once(",\"hash\":\"").unwrap().0.replacen("\"verdict\":\"deviated\"", "\"verdict\":\"held\"", 1);
    fs::write(home.join("summary.json"), firedrill_record::journal::chained(None, &body).0).unwrap();
    said(1, "its summary is not what the record says", "firedrill verify --all");
    assert_code(&run(data.path(), &["verify", "--all"]), 0);
    // Rights that are too wide, and what is no drill.
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
    said(1, "can be read or changed by others", "chmod -R go-rwx");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(data.path().join("notes.txt"), "mine").unwrap();
    said(0, "it is no drill", "left alone");
    // A copy under another name.
    fs::rename(&home, data.path().join("2026-01-01-calm-owl")).unwrap();
    said(1, "the folder was renamed, or is a copy", "mv -n");
}

#[test]
fn a_drill_that_never_began_and_one_that_is_open_are_told_apart() {
    let data = tempfile::tempdir().unwrap();
    fs::create_dir(data.path().join("2026-01-01-empty-owl")).unwrap();
    fs::set_permissions(data.path().join("2026-01-01-empty-owl"), fs::Permissions::from_mode(0o700)).unwrap();
    let file = data.path().join("2026-01-01-empty-owl/journal.jsonl");
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(found(data.path(), 0)[0].1.contains("never began"));

    let mut command = firedrill(data.path());
    let command = command.args(["--plain", "run", "crypto-mining"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line).unwrap();
    let all = found(data.path(), 0);
    let open = format!("process {} records it now", child.id());
    assert!(all.iter().any(|(_, what, _)| what.contains(&open)), "{all:?}");
    drop(child.stdin.take());
    child.wait().unwrap();
    let all = found(data.path(), 0);
    assert!(all.iter().any(|(_, what, help)| what == "it is not over" && help.contains("run --resume")), "{all:?}");
}
