//! The real program, from outside: exit codes, where output goes, and what it says when something isn't right.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program, with a data folder of its own and nothing of the environment that could change what it does.
pub fn firedrill(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firedrill"));
    command.env_remove("NO_COLOR").env("TERM", "xterm").arg("--data-dir").arg(data).stdin(Stdio::null());
    command
}

pub fn run(data: &Path, args: &[&str]) -> Output {
    firedrill(data).args(args).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
pub fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

pub fn root(path: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path).to_string_lossy().into_owned()
}

fn headless<'a>(script: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["run", "crypto-mining", "--script", script, "--headless", "--seed", "7"], more].concat()
}

#[test]
fn a_script_without_a_terminal_tells_by_its_exit_code_whether_the_hypothesis_held() {
    let data = tempfile::tempdir().unwrap();
    let (holds, deviates) = (root("scenarios/crypto-mining/holds.toml"), root("scenarios/crypto-mining/deviates.toml"));
    let held = run(data.path(), &headless(&holds, &["--json"]));
    assert_code(&held, 0);
    let result: Value = serde_json::from_slice(&held.stdout).unwrap();
    assert_eq!((&result["v"], &result["verdict"]), (&1.into(), &"held".into()));
    assert_eq!(text(&held.stderr), "", "results go to standard output, and there was nothing else to say");
    let other = run(data.path(), &headless(&deviates, &["--json"]));
    assert_code(&other, 1);
    let result: Value = serde_json::from_slice(&other.stdout).unwrap();
    assert_eq!(result["verdict"], "deviated");
}

#[test]
fn a_record_whose_line_ends_were_changed_is_told_as_that_and_mended_as_it_says() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/open-ssh-port/deviates.toml");
    assert_code(&run(data.path(), &["run", "open-ssh-port", "--script", &script, "--headless", "--seed", "7"]), 1);
    let drill =
        std::fs::read_dir(data.path()).unwrap().map(Result::unwrap).find(|it| it.path().join("journal.jsonl").exists());
    let drill = drill.unwrap();
    let (journal, name) = (drill.path().join("journal.jsonl"), drill.file_name().into_string().unwrap());
    let whole = std::fs::read_to_string(&journal).unwrap();
    // As git and mail programs do it.
    std::fs::write(&journal, whole.replace('\n', "\r\n")).unwrap();
    let verified = run(data.path(), &["verify", &name]);
    let said = text(&verified.stdout) + &text(&verified.stderr);
    assert_code(&verified, 1);
    assert!(said.contains("line ends") && said.contains("and nothing else"), "{said}");
    assert_code(&run(data.path(), &["debrief", &name]), 0);
    std::fs::write(&journal, whole.replacen("seat-1", "seat-2", 1).replace('\n', "\r\n")).unwrap();
    let changed = text(&run(data.path(), &["verify", &name]).stdout);
    assert!(!changed.contains("and nothing else"), "more was changed: {changed}");
    std::fs::write(&journal, whole).unwrap();
    assert_code(&run(data.path(), &["verify", &name]), 0);
}

#[test]
fn debrief_and_verify_take_the_drill_that_was_played() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/open-ssh-port/deviates.toml");
    assert_code(&run(data.path(), &["run", "open-ssh-port", "--script", &script, "--headless"]), 1);
    let report = run(data.path(), &["debrief"]);
    assert_code(&report, 0);
    assert!(text(&report.stdout).starts_with("> **EXERCISE: simulated account."));
    let json = run(data.path(), &["debrief", "--format", "json"]);
    let debrief: Value = serde_json::from_slice(&json.stdout).unwrap();
    let drill = debrief["drill"].as_str().unwrap();
    let proof = run(data.path(), &["verify", drill, "--json"]);
    assert_code(&proof, 0);
    assert_eq!(serde_json::from_slice::<Value>(&proof.stdout).unwrap()["verifies"], true);
    let file = data.path().join("report.md");
    let written = run(data.path(), &["debrief", drill, "-o", file.to_str().unwrap()]);
    assert_code(&written, 0);
    assert_eq!(fs::read(&file).unwrap(), report.stdout);
    // Somebody edits the record.
    let journal = data.path().join(drill).join("journal.jsonl");
    let edited = fs::read_to_string(&journal).unwrap().replacen("\"rate\":30", "\"rate\":31", 1);
    fs::write(&journal, edited).unwrap();
    let proof = run(data.path(), &["verify", drill]);
    assert_code(&proof, 1);
    assert!(text(&proof.stdout).contains("line "), "it names the line: {}", text(&proof.stdout));
    let resumed = run(data.path(), &["--plain", "run", "--resume", drill]);
    assert_code(&resumed, 3);
    assert!(text(&resumed.stderr).contains("damaged"));
    assert_code(&run(data.path(), &["debrief", drill]), 0);
}

#[test]
fn a_drill_is_found_by_the_end_of_its_name_as_people_say_it() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/open-ssh-port/nothing.toml");
    assert_code(&run(data.path(), &["run", "open-ssh-port", "--script", &script, "--headless"]), 1);
    let drill: String = {
        let json = run(data.path(), &["debrief", "--format", "json"]);
        serde_json::from_slice::<Value>(&json.stdout).unwrap()["drill"].as_str().unwrap().into()
    };
    let said = &drill["2026-11-29-".len()..];
    let checked = |name: &str| run(data.path(), &["verify", name]);
    for name in [&drill, said, "last"] {
        assert_code(&checked(name), 0);
        assert_code(&run(data.path(), &["debrief", name]), 0);
    }
    let (animal, twin) = (said.rsplit('-').next().unwrap(), format!("2020-01-01-{said}"));
    assert_code(&checked(&animal[1..]), 3);
    // Two drills of one name on different days: nothing is guessed.
    fs::create_dir(data.path().join(&twin)).unwrap();
    let unsure = checked(said);
    assert_code(&unsure, 3);
    let told = text(&unsure.stderr);
    assert!(told.contains(&format!("'{twin}'")) && told.contains(&format!("'{drill}'")), "{told}");
    assert_code(&checked(&drill), 0);
}

#[test]
fn check_shows_every_mistake_with_its_place() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("scenario.toml");
    let good = fs::read_to_string(root("scenarios/crypto-mining/scenario.toml")).unwrap();
    let bad = good
        .replacen("difficulty = 2", "dificulty = 2", 1)
        .replacen("detector = \"guardduty\"", "detector = \"guardutty\"", 1)
        .replacen("length = \"60m\"", "length = \"60\"", 1);
    fs::write(&file, bad).unwrap();
    let checked = run(data.path(), &["check", file.to_str().unwrap()]);
    assert_code(&checked, 1);
    let told = text(&checked.stdout);
    for part in ["dificulty", "did you mean", "guardutty", "no unit", "scenario.toml:"] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    let json = run(data.path(), &["check", "--json", file.to_str().unwrap()]);
    assert!(serde_json::from_slice::<Value>(&json.stdout).is_ok());
    assert_code(&run(data.path(), &["check", &root("scenarios/crypto-mining"), &root("scenarios/open-ssh-port")]), 0);
    let started = run(data.path(), &["--plain", "run", file.to_str().unwrap()]);
    assert_code(&started, 2);
    assert!(text(&started.stderr).contains("guardutty"), "a drill of a broken scenario says what is wrong with it");
}

#[test]
fn what_is_not_there_is_said_with_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    for (args, code, part) in [
        (vec!["--plain", "run", "crypto-minning"], 2, "did you mean `crypto-mining`"),
        (vec!["debrief"], 2, "firedrill run SCENARIO"),
        (vec!["debrief", "2026-01-01-calm-otter"], 3, "2026-01-01-calm-otter"),
        (vec!["verify", "../../etc"], 2, "not the name of a drill"),
        (vec!["check", "no-such-file.toml"], 3, "no-such-file.toml"),
        (vec!["run", "crypto-mining"], 2, "--plain"),
        (vec!["run"], 2, "SCENARIO"),
        (vec!["run", "crypto-mining", "--pace", "0"], 2, "pace"),
        (vec!["run", "crypto-mining", "--headless"], 2, "--script"),
        (vec!["dance"], 2, "dance"),
        (vec![], 2, "terminal"),
    ] {
        let output = run(data.path(), &args);
        assert_code(&output, code);
        assert!(text(&output.stderr).contains(part), "{args:?}: {}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "", "{args:?}");
    }
}

#[test]
fn a_script_with_mistakes_starts_no_drill() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("script.toml");
    fs::write(&file, "format = 1\nscenario = \"crypto-mining\"\ntitle = \"t\"\nexpect = \"held\"\n[[do]]\nat = \"1m\"\nact = \"snapshot-volum\"\n").unwrap();
    let output = run(data.path(), &headless(file.to_str().unwrap(), &[]));
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("snapshot-volume"), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1, "only the script is in the data folder");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_said_before_anything_begins() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("a-file");
    fs::write(&file, "").unwrap();
    let script = root("scenarios/crypto-mining/holds.toml");
    let output = run(&file, &headless(&script, &[]));
    assert_code(&output, 3);
    assert!(text(&output.stderr).contains("--data-dir"), "{}", text(&output.stderr));
}

#[test]
fn files_of_a_drill_are_for_their_owner_only() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/crypto-mining/holds.toml");
    assert_code(&run(data.path(), &headless(&script, &[])), 0);
    for drill in fs::read_dir(data.path()).unwrap() {
        let drill = drill.unwrap();
        assert_eq!(drill.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        for file in fs::read_dir(drill.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let data = tempfile::tempdir().unwrap();
    let binary = env!("CARGO_BIN_EXE_firedrill");
    let line = format!("set -o pipefail; {binary} --data-dir {} list | true", data.path().display());
    for _ in 0..5 {
        let output = Command::new("bash").args(["-c", &line]).output().unwrap();
        assert_code(&output, 0);
        assert_eq!(text(&output.stderr), "");
    }
}

#[test]
fn a_limit_on_file_sizes_ends_nothing() {
    let data = tempfile::tempdir().unwrap();
    let binary = env!("CARGO_BIN_EXE_firedrill");
    let script = root("scenarios/crypto-mining/holds.toml");
    let line = format!(
        "ulimit -f 120; exec {binary} --data-dir {} run crypto-mining --script {script} --headless --seed 7 --json",
        data.path().display()
    );
    let output = Command::new("bash").args(["-c", &line]).output().unwrap();
    assert_code(&output, 0);
    let drill = serde_json::from_slice::<Value>(&output.stdout).unwrap()["drill"].as_str().unwrap().to_owned();
    assert!(data.path().join(&drill).join("journal-2.jsonl").exists(), "the record goes on in another file");
    let proof = run(data.path(), &["verify", &drill]);
    assert_code(&proof, 0);
}

#[test]
fn lines_without_end_and_bytes_without_sense_are_answered() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("typed");
    let mut typed = b"note ".to_vec();
    typed.extend(std::iter::repeat_n(b'x', 100_000));
    typed.extend(b"\n\xff\xfe\x1b[31m\x00 \xe2\x80\xae\nstatus\nquit\n");
    fs::write(&file, typed).unwrap();
    let mut command = firedrill(data.path());
    let output =
        command.args(["--plain", "run", "crypto-mining"]).stdin(fs::File::open(&file).unwrap()).output().unwrap();
    assert_code(&output, 0);
    let told = text(&output.stdout);
    assert!(told.contains("up to 4000 characters"), "the long line is one line: {told}");
    assert!(told.contains("is not a word here") && !told.contains('\u{1b}') && !told.contains('\u{202e}'));
    assert_eq!(told.matches("Phase: Steady state").count(), 1, "what comes after is understood");
}

#[test]
fn a_stray_number_gives_no_response() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("typed");
    fs::write(&file, "wait\nnext\nnext\nact terminate\n1\n7\nstatus\n1\nquit\n").unwrap();
    let mut command = firedrill(data.path());
    let output =
        command.args(["--plain", "run", "crypto-mining"]).stdin(fs::File::open(&file).unwrap()).output().unwrap();
    let told = text(&output.stdout);
    assert!(told.contains("Type 1, 2, 3 or 4"), "a number outside the choices is asked again: {told}");
    assert!(told.contains("No choice is open"), "a word leaves the choice: {told}");
    assert!(!told.contains("Response:"), "and nothing was done: {told}");
}

#[test]
fn the_timeline_says_what_really_goes_on_from_verify_on() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("typed");
    fs::write(&file, "wait\nnext\nnext\nwait 4m\ntimeline\nnext\ntimeline\nquit\n").unwrap();
    let mut command = firedrill(data.path());
    let output =
        command.args(["--plain", "run", "public-bucket"]).stdin(fs::File::open(&file).unwrap()).output().unwrap();
    let told = text(&output.stdout);
    let (before, after) = told.split_once("drill: Verify begins").unwrap();
    let truth = "Block Public Access is turned off on one of";
    assert!(!before.contains("The fault is active") && !before.contains(truth), "{before}");
    assert!(after.contains("drill: The fault is active") && after.contains(truth), "{after}");
}

#[test]
fn a_closed_drill_is_read_and_not_taken_up() {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/crypto-mining/holds.toml");
    let played = run(data.path(), &headless(&script, &["--json"]));
    let drill = serde_json::from_slice::<Value>(&played.stdout).unwrap()["drill"].as_str().unwrap().to_owned();
    let before = run(data.path(), &["verify", &drill]).stdout;
    let resumed = run(data.path(), &["--plain", "run", "--resume", &drill]);
    assert_code(&resumed, 3);
    assert!(text(&resumed.stderr).contains("closed"), "{}", text(&resumed.stderr));
    assert_eq!(run(data.path(), &["verify", &drill]).stdout, before, "the words that were read out still hold");
}

#[test]
fn help_names_the_verbs_and_the_exit_codes() {
    let data = tempfile::tempdir().unwrap();
    let help = run(data.path(), &["--help"]);
    assert_code(&help, 0);
    for word in [
        "list",
        "check",
        "run",
        "debrief",
        "export",
        "verify",
        "history",
        "improve",
        "erase",
        "seal",
        "--plain",
        "--data-dir",
        "--color",
        "130 interrupted",
    ] {
        assert!(text(&help.stdout).contains(word), "{word}");
    }
    let list: Value = serde_json::from_slice(&run(data.path(), &["list", "--json"]).stdout).unwrap();
    assert!(list["scenarios"].as_array().unwrap().len() >= 2);
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_program_without_the_live_world_says_so() {
    let data = tempfile::tempdir().unwrap();
    for args in
        [["plan", "open-ssh-port", "--live"], ["setup", "open-ssh-port", "--live"], ["run", "open-ssh-port", "--live"]]
    {
        let said = run(data.path(), &args);
        assert_code(&said, 2);
        assert!(text(&said.stderr).contains("--features aws"), "{}", text(&said.stderr));
    }
}
