//! `firedrill improve`: what is to change, from drills and from people, brought back by the next drill of the scenario.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::cli::{assert_code, firedrill, run, text};
use crate::history::play;

fn list(data: &Path, args: &[&str]) -> Vec<Value> {
    let output = run(data, &[&["improve", "--json"], args].concat());
    assert_code(&output, 0);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    value["improvements"].as_array().unwrap().clone()
}

fn id(row: &Value) -> String {
    row["id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn done(data: &Path, args: &[&str]) -> String {
    let output = run(data, &[&["improve"], args].concat());
    assert_code(&output, 0);
    text(&output.stdout)
}

#[test]
fn an_improvement_of_a_drill_is_found_assigned_dated_and_closed() {
    let data = tempfile::tempdir().unwrap();
    assert!(done(data.path(), &[]).contains("Nothing is open"));
    let drill = play(data.path(), "crypto-mining", "deviates");
    let found = list(data.path(), &[]);
    assert!(!found.is_empty(), "the script writes one down");
    let first = id(&found[0]);
    assert!(drill.ends_with(first.rsplit_once('-').unwrap().0), "its name comes from the drill: {first} {drill}");
    assert_eq!(found[0]["drill"], drill.as_str());

    assert!(done(data.path(), &["assign", &first, "Ada", "Lovelace"]).contains("owner Ada Lovelace"));
    assert!(done(data.path(), &["due", &first, "2020-02-29"]).contains("due 2020-02-29, overdue"));
    assert!(done(data.path(), &[]).contains("1 of them overdue"));
    let closed = done(data.path(), &["close", &first, "the runbook", "names the on-call"]);
    assert!(closed.contains("the runbook names the on-call"), "{closed}");
    assert!(list(data.path(), &[]).iter().all(|row| id(row) != first));
    assert_eq!(list(data.path(), &["--all"]).len(), found.len());
    assert_code(&run(data.path(), &["improve", "close", &first, "again"]), 2);
    done(data.path(), &["reopen", &first]);
    assert_eq!(list(data.path(), &[]).len(), found.len());
    // The drill's own record knows nothing of it, and still verifies.
    assert_code(&run(data.path(), &["verify", &drill]), 0);
    for (args, part) in [
        (vec!["close", "no-such", "x"], "there is no improvement `no-such`"),
        (vec!["due", &first, "2026-02-30"], "YYYY-MM-DD"),
        (vec!["measure", &first, "TTX"], "TTD, TTN, TTA, TTC, TTR"),
        (vec!["add", "  "], "the text is missing"),
    ] {
        let output = run(data.path(), &[vec!["improve"], args].concat());
        assert_code(&output, 2);
        assert!(text(&output.stderr).contains(part), "{}", text(&output.stderr));
    }
    let of_nothing = run(data.path(), &["improve", "add", "x", "--drill", "2026-01-01-calm-otter"]);
    assert_code(&of_nothing, 3);
    assert!(text(&of_nothing.stderr).contains("find a drill '2026-01-01-calm-otter'"), "{}", text(&of_nothing.stderr));
}

#[test]
fn one_that_is_added_belongs_to_the_drill_that_showed_it() {
    let data = tempfile::tempdir().unwrap();
    let early = data.path().join("not-made-yet");
    assert!(done(&early, &["add", "before", "any drill"]).contains("own-1: before any drill"));
    assert_eq!(list(&early, &[]).len(), 1);
    let drill = play(data.path(), "open-ssh-port", "deviates");
    done(data.path(), &["add", "--drill", &drill, "Page the network team \u{1b}[31m, too"]);
    let row = list(data.path(), &[]).into_iter().find(|row| id(row) == "own-1").unwrap();
    assert_eq!((&row["drill"], &row["scenario"]), (&drill.as_str().into(), &"open-ssh-port".into()));
    assert!(!row["what"].as_str().unwrap().contains('\u{1b}'));
    let ledger = fs::read_to_string(data.path().join("improvements.jsonl")).unwrap();
    assert!(!ledger.contains("network team"), "what people write is beside the chain, and can be erased");
}

#[test]
fn the_next_drill_of_the_scenario_says_whether_it_showed() {
    let data = tempfile::tempdir().unwrap();
    let before = play(data.path(), "crypto-mining", "deviates");
    let first = id(&list(data.path(), &[])[0]);
    done(data.path(), &["measure", &first, "ttc"]);
    play(data.path(), "open-ssh-port", "deviates");
    let report = text(&run(data.path(), &["debrief"]).stdout);
    assert!(!report.contains("Improvements from earlier drills"), "another scenario says nothing of it");
    play(data.path(), "crypto-mining", "holds");
    let report = text(&run(data.path(), &["debrief"]).stdout);
    let row = report.lines().find(|line| line.contains(&format!("| {first} |"))).unwrap_or_else(|| panic!("{report}"));
    assert!(row.contains("time to contain: ") && row.contains(" -\\> "), "{row}");
    assert!(!row.contains("time to detect"), "it is to be seen by one duration: {row}");
    let report = text(&run(data.path(), &["debrief", &before]).stdout);
    assert!(!report.contains("Improvements from earlier drills"), "nothing was before the first");
    let json = run(data.path(), &["debrief", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["earlier"][0]["showed"][0]["name"], "TTC");
    assert!(json["earlier"][0]["showed"][0]["then"].is_f64());

    // Line by line, Improve brings back what is open.
    let mut command = firedrill(data.path());
    let mut child =
        command.args(["--plain", "run", "crypto-mining"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let typed = "wait\nnext\nnext\nwait 1m\nnext\nnext\nquit\n";
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), typed.as_bytes()).unwrap();
    let told = text(&child.wait_with_output().unwrap().stdout);
    assert!(told.contains(&format!("Still open from an earlier drill: {first}, ")), "{told}");
}

#[test]
fn a_damaged_ledger_is_named_and_what_drills_hold_is_still_listed() {
    let data = tempfile::tempdir().unwrap();
    play(data.path(), "crypto-mining", "deviates");
    let first = id(&list(data.path(), &[])[0]);
    for text in ["one", "two", "three"] {
        done(data.path(), &["add", text]);
    }
    let ledger = data.path().join("improvements.jsonl");
    let whole = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, whole.replacen("\"n\":2", "\"n\":3", 1)).unwrap();
    let output = run(data.path(), &["improve"]);
    assert_code(&output, 0);
    assert!(text(&output.stderr).contains("Line 3 of improvements.jsonl is damaged"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(&first) && text(&output.stdout).contains("own-1"));
    let refused = run(data.path(), &["improve", "add", "four"]);
    assert_code(&refused, 3);
    assert!(text(&refused.stderr).contains("Nothing was changed"), "{}", text(&refused.stderr));
    // A torn end is mended by the next line.
    fs::write(&ledger, &whole[..whole.len() - 20]).unwrap();
    assert!(text(&run(data.path(), &["improve"]).stderr).contains("didn't finish"));
    done(data.path(), &["add", "four"]);
    assert_eq!(text(&run(data.path(), &["improve"]).stderr), "");
    assert!(data.path().join("improvements.torn-1").exists());
}

/// Who writes at the same moment waits for the other instead of being refused.
#[test]
fn many_write_down_improvements_at_once() {
    let data = tempfile::tempdir().unwrap();
    let add = |number: usize| {
        let mut command = crate::cli::firedrill(data.path());
        command.args(["improve", "add", &format!("change number {number}")]);
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let children: Vec<_> = (0..12).map(add).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let list = text(&run(data.path(), &["improve"]).stdout);
    assert!((0..12).all(|number| list.contains(&format!("change number {number}"))), "{list}");
}
