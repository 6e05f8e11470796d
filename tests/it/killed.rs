//! The program killed at any moment: what it had shown is in the record, and the drill goes on from there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

fn plain(data: &Path, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firedrill"));
    command.arg("--data-dir").arg(data).arg("--plain").args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

const LINES: &str = "wait\nnext\nexpect signal stays confidence 3\nnext\nwait\nnote first\nact scale-out asg-personalization\n1\nwait\nwait 12m\nack\nnote second\n\
                     act capture-memory\n1\nwait\nact terminate\n1\n1\nwait 2m\nnote third\nwait 10m\nwait 10m\nstatus\nquit\n";

/// Kills the program once it has written `lines` lines. Returns what it had written.
fn killed_after(data: &Path, args: &[&str], lines: usize) -> Vec<String> {
    let mut child = plain(data, args);
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    // The pipe holds all of this: nothing waits here.
    input.write_all(LINES.as_bytes()).unwrap();
    let written: Vec<String> = output.lines().take(lines).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    written
}

#[test]
fn a_drill_that_was_killed_at_any_moment_is_whole_and_goes_on() {
    for lines in (12..130).step_by(9) {
        let data = tempfile::tempdir().unwrap();
        let shown = killed_after(data.path(), &["run", "crypto-mining", "--seed", "7"], lines);
        let drill = shown.first().and_then(|line| line.split([' ', ':']).nth(1)).unwrap().to_owned();
        let mut resumed = plain(data.path(), &["run", "--resume", &drill]);
        resumed.stdin.take().unwrap().write_all(b"timeline\nquit\n").unwrap();
        let output = resumed.wait_with_output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "killed after {lines} lines: {told}");
        // Everything that was shown of what happened is there: an entry is on disk before anyone sees it.
        let happened = |line: &&String| line.as_bytes().get(2) == Some(&b':') && line.as_bytes().get(5) == Some(&b' ');
        for line in shown.iter().filter(happened) {
            assert!(told.contains(line.as_str()), "killed after {lines} lines, and this is gone: {line}\n{told}");
        }
        let proof = Command::new(env!("CARGO_BIN_EXE_firedrill"))
            .arg("--data-dir")
            .arg(data.path())
            .args(["verify", &drill])
            .output()
            .unwrap();
        assert_eq!(proof.status.code(), Some(0), "{}", String::from_utf8_lossy(&proof.stdout));
    }
}
