//! A drill's folder goes while the drill is under way: the program says NOT RECORDING, and at the end what was not kept.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

#[test]
fn a_deleted_folder_is_told_while_the_drill_runs_and_at_its_end() {
    let data = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_firedrill"));
    command.arg("--data-dir").arg(data.path()).args(["--plain", "run", "crypto-mining"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let drill = first.split([' ', ':']).nth(1).unwrap();
    std::fs::remove_dir_all(data.path().join(drill)).unwrap();
    // Nothing is typed: the place is looked at each second by itself.
    assert!(
        lines.any(|line| line.starts_with("NOT RECORDING: failed to record in") && line.contains("moved or deleted"))
    );
    input.write_all(b"note is this kept?\nquit\n").unwrap();
    let rest: Vec<String> = lines.collect();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{rest:?} {said}");
    assert!(said.contains("Not recorded: the last") && !said.contains("is kept"), "{said}");
}
