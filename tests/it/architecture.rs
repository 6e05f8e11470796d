//! The house keeps its shape: which folder may name what (invariants 1, 6 and 8 of `src/lib.rs`), and how long a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file under `folder`, with its text. Test modules at the end of a file are cut off: they may name more.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") && path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("\n#[cfg(test)]").next().unwrap_or_default().to_owned();
                found.push((path, code));
            }
        }
    }
    assert!(!found.is_empty(), "no sources under {folder}");
    found
}

/// Lines of code (no comments) that hold one of the words.
fn lines_with<'a>(code: &'a str, words: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let code_lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    code_lines.filter(move |line| words.iter().any(|word| line.contains(word)))
}

fn forbid(folders: &[&str], words: &[&str], why: &str) {
    let mut offences = Vec::new();
    for folder in folders {
        for (path, code) in sources(folder) {
            offences.extend(lines_with(&code, words).map(|line| format!("{}: {}", path.display(), line.trim())));
        }
    }
    assert!(offences.is_empty(), "{why}\n{}", offences.join("\n"));
}

/// Where the program is.
const HOUSE: [&str; 2] = ["src", "crates"];

/// Crates whose manifests have no clock, file, thread or socket. That `std` isn't named in them either bars the rest.
const PURE: &[&str] = &["crates/model/src", "crates/core/src", "crates/account/src", "crates/queueing/src"];

#[test]
fn pure_crates_name_nothing_of_std() {
    forbid(
        PURE,
        &["std::", "Instant::now", "SystemTime", "Utc::now", "Local::now"],
        "invariant 1: time is an argument",
    );
}

#[test]
fn drawing_never_changes_the_truth() {
    let truth = ["crate::host", "firedrill_record", "firedrill_account", "rules::", "fs::read", "fs::write"];
    forbid(&["src/tui", "src/plain"], &truth, "invariant 6: a face reads projections and asks; it holds no truth");
}

#[test]
fn keys_are_named_in_one_table_and_colours_in_another() {
    for (path, code) in sources("src/tui") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let keys: Vec<&str> = lines_with(&code, &["KeyCode::"]).collect();
        assert!(
            keys.is_empty() || ["keymap.rs", "input.rs"].contains(&name.as_str()),
            "keys in {}: {keys:?}",
            path.display()
        );
        let colours: Vec<&str> = lines_with(&code, &["Color::"]).collect();
        assert!(colours.is_empty() || name == "theme.rs", "colours in {}: {colours:?}", path.display());
    }
}

#[test]
fn only_the_journal_names_its_format() {
    forbid(
        &[
            "src",
            "crates/model/src",
            "crates/core/src",
            "crates/account/src",
            "crates/authoring/src",
            "crates/report/src",
        ],
        &["sha2::", "\"hash\"", "journal.jsonl", "words.jsonl"],
        "invariant 8: the file format is named in crates/record only",
    );
}

#[test]
fn one_place_reads_the_clocks() {
    for (path, code) in HOUSE.iter().flat_map(|folder| sources(folder)) {
        let reads: Vec<&str> =
            lines_with(&code, &["Instant::now", "SystemTime::now", "Utc::now", "Local::now"]).collect();
        assert!(reads.is_empty() || path.ends_with("host/clock.rs"), "{}: {reads:?}", path.display());
    }
}

#[test]
fn no_scenario_is_named_in_the_code() {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap();
    let folders = folders.map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    let names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.len() >= 2);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    forbid(&["src", "crates"], &names, "a further scenario is a matter of writing a folder");
}

#[test]
fn files_fit_in_the_head() {
    let mut long: Vec<String> = Vec::new();
    for (path, code) in HOUSE.iter().flat_map(|folder| sources(folder)) {
        let lines = code.lines().count();
        if lines > 500 {
            long.push(format!("{}: {lines}", path.display()));
        }
    }
    assert!(long.is_empty(), "over 500 lines:\n{}", long.join("\n"));
}
