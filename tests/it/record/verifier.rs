//! A verifier in a few lines of another language agrees with ours, on whole, torn, zeroed, flipped and shortened journals.

use std::process::Command;

use firedrill_record::journal::{Scan, Verdict, scan};

use super::sample;

fn ours(scan: &Scan) -> String {
    let head = scan.head().map_or_else(|| "firedrill".to_owned(), |head| head.hex());
    match &scan.verdict {
        Verdict::Whole => format!("whole {} {head}", scan.lines.len()),
        Verdict::Torn { .. } => format!("torn {} {head}", scan.lines.len()),
        Verdict::Corrupt { line, .. } => format!("corrupt {line}"),
        Verdict::LineEnds { .. } => "line ends".to_owned(),
        Verdict::Newer { .. } => "newer".to_owned(),
    }
}

fn theirs(python: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.jsonl");
    std::fs::write(&journal, bytes).unwrap();
    let verifier = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verifier/verify.py");
    let output = Command::new(python).arg(verifier).arg(&journal).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.success(), said.starts_with("whole"), "{said}");
    said.trim_end().to_owned()
}

#[test]
fn the_independent_verifier_agrees() {
    let python = "python3";
    if Command::new(python).arg("--version").output().is_err() {
        println!("python3 isn't here: nothing to compare with");
        return;
    }
    let lines = sample::lines(&sample::entries(sample::KINDS));
    let whole = lines.concat().into_bytes();
    let mut journals = vec![whole.clone(), Vec::new(), b"{}\n".to_vec()];
    for at in (0..whole.len()).step_by(whole.len() / 24) {
        journals.push(whole[..at].to_vec());
        let mut zeroed = whole.clone();
        zeroed[at..].fill(0);
        journals.push(zeroed);
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        journals.push(flipped);
    }
    for index in [0, 1, 7, lines.len() - 2] {
        let mut removed = lines.clone();
        removed.remove(index);
        journals.push(removed.concat().into_bytes());
    }
    let (holed, _) = super::damage::two_commits();
    for (index, line) in holed.iter().enumerate() {
        let mut bytes = holed.concat().into_bytes();
        let start: usize = holed[..index].iter().map(String::len).sum();
        bytes[start + 5..start + line.len() / 2].fill(0);
        journals.push(bytes);
    }
    let mut header = holed[..3].concat().into_bytes();
    header[20] = 0;
    journals.push(header);
    let mut wrong_number = sample::entries(5);
    wrong_number[2].seq = 4;
    journals.push(sample::lines(&wrong_number).concat().into_bytes());
    for bytes in journals {
        assert_eq!(theirs(python, &bytes), ours(&scan("journal.jsonl", &bytes)));
    }
}
