//! Whatever is written out says that it is of an exercise, and in what kind of world. The forms are those that the program itself names.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::cli::{assert_code, firedrill, root, run, text};
use crate::history::play;

const SENTENCE: &str = "EXERCISE: simulated account.";
const LABEL: &str = "EXERCISE, simulated";

/// The forms of a verb: what it says it takes, when it is given another one.
fn forms(data: &Path, verb: &[&str]) -> Vec<String> {
    let said = text(&run(data, &[verb, &["--format", "no-such-form"]].concat()).stderr);
    let (_, list) = said.split_once("[possible values: ").unwrap_or_else(|| panic!("{said}"));
    let (list, _) = list.split_once(']').unwrap();
    list.split(", ").map(str::to_owned).collect()
}

/// Lines and tables of their own: each says so at its head and at its foot.
fn is_document(form: &str) -> bool {
    ["markdown", "html", "text"].contains(&form)
}

#[track_caller]
fn assert_marked(form: &str, written: &str) {
    let marks = [SENTENCE, LABEL];
    assert!(marks.iter().any(|mark| written.contains(mark)), "{form} says of itself nothing:\n{written:.2000}");
    if is_document(form) {
        let marks = written.match_indices(SENTENCE).map(|(at, _)| at).collect::<Vec<_>>();
        assert!(marks.len() > 1, "{form}: at the head and at the foot");
    }
    if form == "text" {
        let mut lines = written.trim().lines();
        assert!(lines.next().unwrap().starts_with(SENTENCE) && lines.next_back().unwrap().starts_with(SENTENCE));
    }
    // In a table each row says so: rows are copied out.
    if ["csv", "msel"].contains(&form) {
        let rows = csv::Reader::from_reader(written.as_bytes()).into_records().map(Result::unwrap).collect::<Vec<_>>();
        assert!(!rows.is_empty() && rows.iter().all(|row| row.iter().any(|cell| cell == LABEL)), "{form}");
    }
}

#[test]
fn every_form_of_a_report_and_of_the_history_says_that_it_is_an_exercise() {
    let data = tempfile::tempdir().unwrap();
    play(data.path(), "crypto-mining", "deviates");
    for verb in [&["debrief"][..], &["history"]] {
        let forms = forms(data.path(), verb);
        assert!(forms.len() >= 4, "{forms:?}");
        for form in forms {
            let written = run(data.path(), &[verb, &["--format", &form]].concat());
            assert_code(&written, 0);
            assert_marked(&form, &text(&written.stdout));
        }
    }
    for verb in [&["improve"][..], &["improve", "--json"], &["history", "--json"]] {
        run(data.path(), &["improve", "add", "Alarm on failed deliveries"]);
        assert_marked("list", &text(&run(data.path(), verb).stdout));
    }
    let folder = data.path().join("logs");
    assert_code(&run(data.path(), &["export", "logs", "-o", folder.to_str().unwrap()]), 0);
    let notice = fs::read_to_string(folder.join("EXERCISE.txt")).unwrap();
    assert!(notice.starts_with(SENTENCE) && notice.trim_end().ends_with("data."), "{notice}");
}

#[track_caller]
fn assert_begins_and_ends_with_it(output: &Output) {
    let said = text(&output.stdout);
    let lines: Vec<&str> = said.trim().lines().collect();
    assert!(lines[..3].iter().any(|line| line.starts_with(SENTENCE)), "{said}");
    assert!(lines[lines.len() - 1].starts_with(SENTENCE), "{said}");
}

fn typed(data: &Path, args: &[&str], lines: &str) -> Output {
    let mut command = firedrill(data);
    let mut child =
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn what_is_printed_of_a_drill_begins_and_ends_with_it() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/crypto-mining/holds.toml");
    assert_begins_and_ends_with_it(&run(data.path(), &["run", "crypto-mining", "--script", &script, "--headless"]));
    let json = run(data.path(), &["run", "crypto-mining", "--script", &script, "--headless", "--json"]);
    assert!(text(&json.stdout).contains(SENTENCE));
    assert_begins_and_ends_with_it(&typed(data.path(), &["--plain", "run", "crypto-mining"], "status\nquit\n"));
    assert_begins_and_ends_with_it(&typed(data.path(), &["--plain", "replay", "last"], "end\nquit\n"));
}
