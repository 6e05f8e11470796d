//! `firedrill seal`: a throw-away SSH key signs a record; `firedrill verify` and plain OpenSSH check it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::cli::{assert_code, firedrill, run, text};
use crate::history::play;

/// A new key; nothing if OpenSSH isn't installed here.
fn key(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&path).status();
    let Ok(made) = made else {
        println!("ssh-keygen isn't here: nothing to sign with");
        return None;
    };
    assert!(made.success());
    Some(path)
}

fn seal(data: &Path, drill: &str, key: &Path) -> String {
    let output = run(data, &["seal", drill, "--key", key.to_str().unwrap()]);
    assert_code(&output, 0);
    text(&output.stdout)
}

fn proof(data: &Path, drill: &str, code: i32) -> Value {
    let output = run(data, &["verify", drill, "--json"]);
    assert_code(&output, code);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn plain_openssh_verifies_a_seal_with_the_commands_that_are_printed() {
    let data = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let Some(key) = key(keys.path(), "it's a key") else { return };
    let drill = play(data.path(), "crypto-mining", "holds");
    let told = seal(data.path(), &drill, &key);
    let commands: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(commands.len(), 2, "{told}");
    let verify = |script: &str| Command::new("sh").args(["-ec", script]).current_dir(keys.path()).output().unwrap();
    let good = verify(&commands.join("\n"));
    assert_code(&good, 0);
    assert!(
        text(&good.stdout).contains("Good \"firedrill-record\" signature for me@example.org"),
        "{}",
        text(&good.stdout)
    );
    let told = text(&run(data.path(), &["verify", &drill]).stdout);
    assert!(told.contains("signed by ED25519 key SHA256:") && told.contains("to its last line"), "{told}");
    assert!(!told.contains("no lines were cut"), "a seal proves the end as well: {told}");

    // Another text under the same signature is not what was signed.
    let statement = data.path().join(&drill).join("seal.txt");
    let signed = fs::read_to_string(&statement).unwrap();
    fs::write(&statement, signed.replacen("entries: ", "entries: 1", 1)).unwrap();
    assert_ne!(verify(commands[1]).status.code(), Some(0));
    assert_eq!(proof(data.path(), &drill, 1)["seal"]["of_this_record"], false);
    fs::write(&statement, signed).unwrap();
    // A signature for another purpose doesn't count as a seal.
    let other = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", "file", "-f"])
        .arg(&key)
        .stdin(fs::File::open(&statement).unwrap())
        .output()
        .unwrap();
    fs::write(data.path().join(&drill).join("seal.sig"), other.stdout).unwrap();
    assert_eq!(proof(data.path(), &drill, 1)["seal"]["signatures"][0]["good"], false);
}

#[test]
fn a_seal_outlives_erasing_and_not_a_change() {
    let data = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let (Some(first), Some(second)) = (key(keys.path(), "first"), key(keys.path(), "second")) else { return };
    let drill = play(data.path(), "crypto-mining", "deviates");
    seal(data.path(), &drill, &first);
    seal(data.path(), &drill, &first);
    seal(data.path(), &drill, &second);
    let signatures = proof(data.path(), &drill, 0)["seal"]["signatures"].clone();
    assert_eq!(signatures.as_array().unwrap().len(), 2, "one for each person who signed: {signatures}");
    assert_code(&run(data.path(), &["erase", &drill, "--all", "--yes"]), 0);
    let after = proof(data.path(), &drill, 0);
    assert_eq!(after["seal"]["signatures"], signatures);
    assert!(after["not_proven"].to_string().contains("erased texts said"), "{after}");
    // Cutting whole lines from the end leaves a chain that verifies. The seal tells.
    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    assert!(lines.last().unwrap().contains("drill.erased"), "the last line says what was erased");
    fs::write(&journal, lines[..lines.len() - 1].concat()).unwrap();
    let told = run(data.path(), &["verify", &drill]);
    assert_code(&told, 1);
    assert!(text(&told.stdout).contains("no entry says that it was erased"), "{}", text(&told.stdout));
    fs::write(&journal, lines[..lines.len() - 2].concat()).unwrap();
    let told = run(data.path(), &["verify", &drill]);
    assert_code(&told, 1);
    assert!(text(&told.stdout).contains("every line follows") && text(&told.stdout).contains("of another record"));
}

#[test]
fn what_cannot_be_sealed_says_why() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "holds");
    let output = firedrill(data.path()).args(["seal", &drill]).env("HOME", data.path()).output().unwrap();
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("--key FILE"), "{}", text(&output.stderr));
    assert_code(&run(data.path(), &["seal", &drill, "--key", "no-such-key"]), 2);
    let Some(key) = key(data.path(), "key") else { return };
    let path = key.to_str().unwrap();
    let without =
        firedrill(data.path()).args(["seal", &drill, "--key", path]).env("PATH", "/nowhere").output().unwrap();
    assert_code(&without, 3);
    assert!(text(&without.stderr).contains("openssh-client"), "{}", text(&without.stderr));
    let none = run(data.path(), &["seal", &drill, "--key", data.path().join("settings.toml").to_str().unwrap()]);
    assert_code(&none, 2);
    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, whole.replacen("\"rate\":30", "\"rate\":31", 1)).unwrap();
    let damaged = run(data.path(), &["seal", &drill, "--key", path]);
    assert_code(&damaged, 3);
    assert!(text(&damaged.stderr).contains("does not verify"), "{}", text(&damaged.stderr));
    let cut = whole.trim_end().rfind('\n').unwrap() + 1;
    fs::write(&journal, &whole[..cut]).unwrap();
    let open = run(data.path(), &["seal", &drill, "--key", path]);
    assert_code(&open, 2);
    assert!(text(&open.stderr).contains("not closed yet"), "{}", text(&open.stderr));
    assert!(!data.path().join(&drill).join("seal.txt").exists());
}

/// Notes that are added later leave the seal true of what it covers; anybody can still sign that, and nothing in it can be changed.
#[test]
fn a_seal_stays_true_of_what_it_covers_when_notes_are_added() {
    let data = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let (Some(first), Some(second)) = (key(keys.path(), "first"), key(keys.path(), "second")) else { return };
    let drill = play(data.path(), "crypto-mining", "deviates");
    seal(data.path(), &drill, &first);
    let before = proof(data.path(), &drill, 0);
    let said = noting(data.path(), &drill, "note why so late?\nbookmark\n");
    assert!(said.contains("The seal covers the record as it was before."), "{said}");
    let after = proof(data.path(), &drill, 0);
    assert_eq!(after["seal"]["covers_entries"], before["entries"]);
    assert_eq!((&after["seal"]["added_later"], &after["seal"]["added_otherwise"]), (&2.into(), &0.into()));
    assert_eq!(after["seal"]["signatures"], before["seal"]["signatures"]);
    let told = text(&run(data.path(), &["verify", &drill]).stdout);
    assert!(told.contains("added since were 2 entries of notes, bookmarks and erasures"), "{told}");
    assert!(told.contains("to its entry number") && told.contains("added after the seal was cut off"), "{told}");

    seal(data.path(), &drill, &second);
    let signed = proof(data.path(), &drill, 0)["seal"]["signatures"].clone();
    assert_eq!(signed.as_array().unwrap().iter().filter(|one| one["good"] == true).count(), 2, "{signed}");

    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let without: Vec<&str> = whole.split_inclusive('\n').collect();
    fs::write(&journal, without[..without.len() - 3].concat()).unwrap();
    assert_eq!(proof(data.path(), &drill, 1)["seal"]["of_this_record"], false, "a sealed line is cut off");
    let refused = run(data.path(), &["seal", &drill, "--key", second.to_str().unwrap()]);
    assert_code(&refused, 2);
}

fn noting(data: &Path, drill: &str, lines: &str) -> String {
    let mut command = firedrill(data);
    let piped = std::process::Stdio::piped;
    let mut child =
        command.args(["--plain", "replay", drill]).stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_code(&output, 0);
    text(&output.stdout)
}

/// Who has to have sealed it is found by the file of allowed signers; who isn't in it, or didn't sign, is named.
#[test]
fn trust_is_in_people() {
    let data = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let (Some(alice), Some(mallory)) = (key(keys.path(), "alice"), key(keys.path(), "mallory")) else { return };
    let drill = play(data.path(), "crypto-mining", "deviates");
    let public = fs::read_to_string(alice.with_extension("pub")).unwrap();
    fs::write(data.path().join("allowed_signers"), format!("alice@example.org {public}")).unwrap();
    let by_alice = ["verify", &drill, "--signer", "alice@example.org"];
    assert_code(&run(data.path(), &by_alice), 2);
    fs::write(data.path().join("settings.toml"), "allowed-signers = \"allowed_signers\"\n").unwrap();
    assert_code(&run(data.path(), &by_alice), 1);
    seal(data.path(), &drill, &mallory);
    let told = run(data.path(), &by_alice);
    assert_code(&told, 1);
    assert!(text(&told.stdout).contains("Signer: alice@example.org did not sign it."), "{}", text(&told.stdout));
    seal(data.path(), &drill, &alice);
    let told = run(data.path(), &by_alice);
    assert_code(&told, 0);
    let told = text(&told.stdout);
    assert!(
        told.contains("signed by alice@example.org (ED25519 key") && told.contains("Whose key signed it"),
        "{told}"
    );
    assert_code(&run(data.path(), &["verify", &drill, "--signer", "mallory@example.org"]), 1);
    for format in ["markdown", "html", "json", "csv", "junit", "navigator"] {
        let report = text(&run(data.path(), &["debrief", &drill, "--format", format]).stdout);
        assert!(
            report.contains("Sealed by ") && report.contains("alice") && report.contains("the record verifies"),
            "{format}: {report}"
        );
    }
}

/// The head is anchored outside the folder: a record that was written anew, seal and all, is not the one that was anchored.
#[test]
fn an_anchor_is_held_against_the_record() {
    let data = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "deviates");
    let printed = text(&run(data.path(), &["anchor", &drill]).stdout);
    let file = elsewhere.path().join("tag");
    // As a git tag holds it: with a header before, indented, and a signature behind.
    let indented = printed.replace('\n', "\n    ");
    fs::write(&file, format!("tag v1\n\n    {indented}\n-----BEGIN\n")).unwrap();
    let against = ["verify", &drill, "--anchor", file.to_str().unwrap()];
    let told = run(data.path(), &against);
    assert_code(&told, 0);
    assert!(text(&told.stdout).contains("to its last line, the one that was anchored"), "{}", text(&told.stdout));
    noting(data.path(), &drill, "note later\n");
    assert_code(&run(data.path(), &against), 0);

    let journal = data.path().join(&drill).join("journal.jsonl");
    let anew = crate::erase::aged(&fs::read_to_string(&journal).unwrap());
    fs::write(&journal, anew).unwrap();
    assert_code(&run(data.path(), &["verify", &drill]), 0);
    let told = run(data.path(), &against);
    assert_code(&told, 1);
    assert!(text(&told.stdout).contains("names another record"), "{}", text(&told.stdout));
    fs::write(&file, "nothing of the kind").unwrap();
    assert_code(&run(data.path(), &against), 2);
}

/// All lines of a record with hashes that follow from one another again, after `change` has had its way with them.
fn rechained(journal: &Path, change: impl Fn(usize, &str) -> String) {
    let text = fs::read_to_string(journal).unwrap();
    let mut head = None;
    let mut all = String::new();
    for (number, line) in text.lines().enumerate() {
        let body = change(number, line.rsplit_once(",\"hash\":\"").unwrap().0);
        let (line, hash) = firedrill_record::journal::chained(head.as_ref(), &body);
        all += &line;
        head = Some(hash);
    }
    fs::write(journal, all).unwrap();
}

/// A record that calls itself otherwise than its folder is still the one in that folder, and so is the seal beside it.
#[test]
fn a_record_under_another_name_is_held_to_the_seal_beside_it() {
    let data = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let Some(first) = key(keys.path(), "first") else { return };
    let drill = play(data.path(), "crypto-mining", "deviates");
    seal(data.path(), &drill, &first);
    // Renamed as it is: the seal is good.
    let renamed = data.path().join("2026-01-01-calm-owl");
    fs::rename(data.path().join(&drill), &renamed).unwrap();
    let told = proof(data.path(), "2026-01-01-calm-owl", 0);
    assert_eq!((told["drill"].as_str(), told["calls_itself"].as_str()), (Some("2026-01-01-calm-owl"), Some(&*drill)));
    assert_eq!(told["seal"]["signatures"][0]["good"], true, "{told}");
    fs::rename(&renamed, data.path().join(&drill)).unwrap();
    // Given another name by somebody who chained it again: the seal is not of that.
    rechained(&data.path().join(&drill).join("journal.jsonl"), |_, body| {
        body.replacen(&format!("\"drill\":\"{drill}\""), "\"drill\":\"2026-01-01-calm-owl\"", 1)
    });
    let told = text(&run(data.path(), &["verify", &drill]).stdout);
    assert!(told.starts_with(&format!("{drill} does not verify: its seal is of another record")), "{told}");
    assert!(told.contains("the record calls itself 2026-01-01-calm-owl"), "{told}");
}

/// What is advised for a sealed record of which entries are gone is not what would be refused.
#[test]
fn a_sealed_record_that_lost_its_end_is_to_be_put_back() {
    let data = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let Some(first) = key(keys.path(), "first") else { return };
    let drill = play(data.path(), "crypto-mining", "deviates");
    seal(data.path(), &drill, &first);
    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let end_of_line = whole[..whole.len() / 2].rfind('\n').unwrap() + 1;
    for cut in [end_of_line, whole.len() / 2] {
        fs::write(&journal, &whole[..cut]).unwrap();
        let told = text(&run(data.path(), &["doctor"]).stdout);
        assert!(told.contains("entries of its record are gone") && told.contains("put back a copy"), "{told}");
        assert!(!told.contains("--resume"), "that is refused: {told}");
        let told = text(&run(data.path(), &["verify", &drill]).stdout);
        assert!(!told.contains("mends that"), "{told}");
        let claimed = told.lines().find(|line| line.contains("Texts:")).unwrap();
        assert!(claimed.contains("of no entry that is there"), "{claimed}");
    }
    // A statement that no longer says what it covers: the record is whole, and the message doesn't say otherwise.
    fs::write(&journal, &whole).unwrap();
    let statement = data.path().join(&drill).join("seal.txt");
    let signed = fs::read_to_string(&statement).unwrap();
    fs::write(&statement, signed.replacen("entries: ", "entrees: ", 1)).unwrap();
    let refused = run(data.path(), &["run", "--resume", &drill, "--plain"]);
    assert_code(&refused, 3);
    let told = text(&refused.stderr);
    assert!(told.contains("seal.txt was changed") && !told.contains("are gone"), "{told}");
    assert!(text(&run(data.path(), &["doctor"]).stdout).contains("put back a copy of seal.txt"));
}
