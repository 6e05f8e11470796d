//! `firedrill erase`: names and words go for good, reports say so, and the record still verifies. And names stay within the team.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::cli::{assert_code, firedrill, run, text};

/// A drill in which Ada says things, line by line; left in Improve.
fn drill(data: &Path) -> String {
    let typed = "note Ada was here\nnote nobody was\nwait\nnext\nnext\nwait 1m\nnext\nnext\nimprove Page earlier; Ada; 2026-12-01\nquit\n";
    let output = typing(data, &["--plain", "run", "crypto-mining", "--name", "Ada"], typed);
    assert_code(&output, 0);
    let said = text(&output.stderr);
    said.split(' ').find(|word| word.starts_with("20")).unwrap_or_else(|| panic!("{said}")).to_owned()
}

fn typing(data: &Path, args: &[&str], typed: &str) -> Output {
    let mut command = firedrill(data);
    let command = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Everything in the files of a folder, and in those of its folders.
fn everything(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let content = |path: std::path::PathBuf| {
        if path.is_dir() { everything(&path) } else { String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned() }
    };
    entries.map(content).collect()
}

#[test]
fn a_person_is_erased_wherever_the_name_stands_alone() {
    let data = tempfile::tempdir().unwrap();
    let name = drill(data.path());
    let improvement = format!("{}-1", &name[11..]);
    assert_code(&run(data.path(), &["improve", "assign", &improvement, "Ada"]), 0);
    let journal = fs::read(data.path().join(&name).join("journal.jsonl")).unwrap();
    let listed = text(&run(data.path(), &["erase", &name]).stdout);
    assert!(listed.contains("Ada was here") && listed.contains("name"), "{listed}");

    let refused = typing(data.path(), &["erase", &name, "--person", "Ada"], "Eve\n");
    assert_code(&refused, 1);
    assert!(text(&refused.stderr).contains("Nothing was erased"));
    assert!(everything(data.path()).contains("\"Ada\""));
    assert_code(&run(data.path(), &["erase", &name, "--person", "Eve", "--yes"]), 2);

    let erased = typing(data.path(), &["erase", &name, "--person", "Ada"], "Ada\n");
    assert_code(&erased, 0);
    let told = text(&erased.stdout);
    assert!(told.contains("3 texts are erased"), "the seat, the owner in the drill, the owner in the ledger: {told}");
    assert!(text(&erased.stderr).contains("name") && text(&erased.stderr).contains("list of improvements: Ada"));
    let number: String = told.split("one by one: ").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(everything(data.path()).matches("Ada").count(), 1, "only the note is left");
    assert_code(&run(data.path(), &["erase", &name, "--remark", &number, "--yes"]), 0);
    assert!(!everything(data.path()).contains("Ada"));

    let after = fs::read(data.path().join(&name).join("journal.jsonl")).unwrap();
    let said = after.strip_prefix(&journal[..]).expect("what was written is not touched");
    assert_eq!(text(said).matches("\"kind\":\"drill.erased\"").count(), 2, "an entry for each erasing: {}", text(said));
    assert_code(&run(data.path(), &["verify", &name]), 0);
    let report = text(&run(data.path(), &["debrief", &name, "--names"]).stdout);
    assert!(report.contains("\\[erased\\]") && report.contains("nobody was"), "{report}");
    let list = text(&run(data.path(), &["improve"]).stdout);
    assert!(list.contains("owner [erased]"), "{list}");
    // The drill goes on as if nothing had happened.
    assert_code(&typing(data.path(), &["--plain", "run", "--resume", &name], "note later\nquit\n"), 0);
    assert_code(&run(data.path(), &["verify", &name]), 0);
}

#[test]
fn retention_proposes_and_erases_nothing_unasked() {
    let data = tempfile::tempdir().unwrap();
    let name = drill(data.path());
    fs::write(data.path().join("settings.toml"), "retention-days = 1\n").unwrap();
    assert_eq!(text(&run(data.path(), &["history"]).stderr), "", "a drill of today is not old");
    // The same drill, three days ago, as far as its header goes: the chain is written anew.
    let journal = data.path().join(&name).join("journal.jsonl");
    let old = aged(&fs::read_to_string(&journal).unwrap());
    fs::write(&journal, old).unwrap();
    let told = text(&run(data.path(), &["history"]).stderr);
    assert!(told.contains(&format!("firedrill erase {name} --all")), "{told}");
    assert!(everything(data.path()).contains("Ada was here"));
    assert_code(&run(data.path(), &["erase", &name, "--all", "--yes"]), 0);
    assert!(!everything(data.path()).contains("Ada"));
    assert_eq!(text(&run(data.path(), &["history"]).stderr), "");
    assert!(text(&run(data.path(), &["erase", &name]).stdout).contains("holds no names and no words"));
    assert_code(&run(data.path(), &["verify", &name]), 0);
}

/// A journal whose header says that it began long ago, with its chain made anew.
pub fn aged(journal: &str) -> String {
    let mut head = None;
    let mut out = String::new();
    for line in journal.lines() {
        let body = line.rsplit_once(",\"hash\":\"").unwrap().0.to_owned();
        let body = match body.split_once("\"epoch\":\"") {
            Some((before, after)) if head.is_none() => format!("{before}\"epoch\":\"2020-01-01{}", &after[10..]),
            _ => body,
        };
        let (line, next) = firedrill_record::journal::chained(head.as_ref(), &body);
        out += &line;
        head = Some(next);
    }
    out
}

#[test]
fn a_report_that_leaves_the_team_names_nobody() {
    let data = tempfile::tempdir().unwrap();
    let name = drill(data.path());
    for format in ["markdown", "json"] {
        let report = text(&run(data.path(), &["debrief", &name, "--format", format]).stdout);
        assert!(!report.contains("Ada"), "{report}");
        assert!(report.contains("responder 1 was here") && report.contains("nobody was"), "{report}");
        let named = text(&run(data.path(), &["debrief", &name, "--format", format, "--names"]).stdout);
        assert!(named.contains("Ada was here"), "{named}");
    }
}

#[test]
fn a_drill_that_is_being_recorded_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let mut command = firedrill(data.path());
    let command = command.args(["--plain", "run", "crypto-mining", "--name", "Ada"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut said = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut said, &mut line).unwrap();
    let name = line.split([' ', ':']).nth(1).unwrap().to_owned();
    let refused = run(data.path(), &["erase", &name, "--person", "Ada", "--yes"]);
    assert_code(&refused, 3);
    assert!(text(&refused.stderr).contains("is recording it now"), "{}", text(&refused.stderr));
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_code(&run(data.path(), &["erase", &name, "--person", "Ada", "--yes"]), 0);
}

/// A person goes from all drills and from the list of improvements, with a list before and a receipt after; what was erased nags nobody.
#[test]
fn a_person_is_erased_over_all_drills_and_improvements() {
    let data = tempfile::tempdir().unwrap();
    let (first, second) = (drill(data.path()), drill(data.path()));
    assert_code(&run(data.path(), &["improve", "add", "Ask the vendor"]), 0);
    assert_code(&run(data.path(), &["improve", "assign", "own-1", "Ada"]), 0);
    let receipt = data.path().join("receipt.json");
    let args = ["erase", "--person", "Ada", "--reason", "request", "--yes", "--receipt", receipt.to_str().unwrap()];
    let erased = run(data.path(), &args);
    assert_code(&erased, 0);
    let before = text(&erased.stderr);
    assert!(
        before.contains(&first) && before.contains(&second) && before.contains("list of improvements: Ada"),
        "{before}"
    );
    let told = text(&erased.stdout);
    assert!(told.starts_with("5 texts are erased.") && told.contains("of its record says so"), "{told}");
    let receipt: serde_json::Value = serde_json::from_slice(&fs::read(&receipt).unwrap()).unwrap();
    assert_eq!((&receipt["reason"], &receipt["erased"]), (&"request".into(), &5.into()));
    assert!(!receipt.to_string().contains("Ada"), "{receipt}");
    assert!(!everything(data.path()).contains("\"Ada\""));
    for drill in [&first, &second] {
        assert_code(&run(data.path(), &["verify", drill]), 0);
        let report = text(&run(data.path(), &["debrief", drill]).stdout);
        assert!(report.contains("erased from the record, at the person's request"), "{report}");
    }
    assert_code(&run(data.path(), &args), 2);

    let open = |data: &Path| text(&run(data, &["improve"]).stdout);
    assert!(open(data.path()).contains("Ask the vendor"));
    assert_code(&run(data.path(), &["erase", "--improvement", "own-1", "--yes"]), 0);
    let list = open(data.path());
    assert!(!everything(data.path()).contains("Ask the vendor") && !list.contains("own-1"), "{list}");
    let id = format!("{first}-1");
    assert!(list.contains("Page earlier"), "{list}");
    assert_code(&run(data.path(), &["erase", "--improvement", &id, "--yes"]), 0);
    assert!(!open(data.path()).contains(&first[11..]), "{}", open(data.path()));
    assert!(text(&run(data.path(), &["improve", "--all"]).stdout).contains("what was to change was erased"));
    assert_code(&run(data.path(), &["verify", &first]), 0);
}

/// An emptied file of words is no erasing.
#[test]
fn words_that_were_taken_away_are_missing_and_the_record_does_not_verify() {
    let data = tempfile::tempdir().unwrap();
    let name = drill(data.path());
    fs::write(data.path().join(&name).join("words.jsonl"), "").unwrap();
    let proof = run(data.path(), &["verify", &name]);
    assert_code(&proof, 1);
    assert!(
        text(&proof.stdout).contains("0 erased") && text(&proof.stdout).contains("missing"),
        "{}",
        text(&proof.stdout)
    );
    let report = text(&run(data.path(), &["debrief", &name]).stdout);
    assert!(report.contains("\\[missing\\]") && report.contains("no entry says that they were erased"), "{report}");
}
