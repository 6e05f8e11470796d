//! Replays of records that are not as they should be: of kinds that are not known yet, without their scenario.

use std::fs;
use std::time::Duration;

use firedrill::host::replay::{READS, Replay};
use firedrill_core::projection::transport::Cue;
use firedrill_model::SafeText;
use firedrill_model::id::DrillId;
use firedrill_record::journal::chained;
use firedrill_record::store::{DataDir, load};

use super::{played, told};
use crate::cli::{assert_code, run, text};

/// A journal with changed lines, and the chain made anew over them.
fn rewritten(journal: &str, change: impl Fn(usize, &str) -> String) -> String {
    let (mut written, mut head) = (String::new(), None);
    for (index, line) in journal.lines().enumerate() {
        let body = &line[..line.rfind(",\"hash\":\"").unwrap()];
        let (line, hash) = chained(head.as_ref(), &change(index, body));
        written += &line;
        head = Some(hash);
    }
    written
}

/// A later program may write kinds that this one doesn't know: they are left out and counted, and all else replays.
#[test]
fn kinds_that_are_not_known_are_passed_over() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let later = |index: usize, body: &str| match index {
        100 => body.replacen("\"kind\":\"", "\"kind\":\"later.", 1),
        _ => body.to_owned(),
    };
    fs::write(&journal, rewritten(&whole, later)).unwrap();
    let loaded = load(&DataDir::to_read(data.path()), &drill.clone().try_into().unwrap()).unwrap();
    assert_eq!(loaded.unknown.len(), 1, "{:?}", loaded.verdict);
    let said = told(data.path(), &[&drill], "seek 6:00\nnote with a gap before it\nend\n");
    assert!(said.contains("of the newer kind 'later."), "{said}");
    assert!(said.contains("The drill is closed") && said.contains("Noted on T+06:00"), "{said}");
    assert_code(&run(data.path(), &["verify", &drill]), 0);
}

#[test]
fn a_scenario_that_is_gone_is_taken_from_the_program_if_it_is_the_same() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    // The last line says how far the record can be trusted: that changes.
    let course = || {
        let csv = text(&run(data.path(), &["debrief", &drill, "--format", "csv"]).stdout);
        csv.trim_end().rsplit_once("\r\n").map(|(course, _)| course.to_owned()).unwrap()
    };
    let before = course();
    fs::remove_file(data.path().join(&drill).join("scenario.toml")).unwrap();
    let folder = DataDir::to_read(data.path());
    let replay = Replay::open(&folder, &drill.clone().try_into().unwrap(), None).unwrap();
    assert_eq!(replay.standing().as_str(), "the record verifies, its scenario is missing");
    let said: Vec<&str> = replay.notices().iter().map(SafeText::as_str).collect();
    assert!(said.iter().any(|notice| notice.contains("it is the one that was run")), "{said:?}");
    let debrief = run(data.path(), &["debrief", &drill]);
    assert_code(&debrief, 0);
    assert!(text(&debrief.stdout).contains("scenario.toml is missing"), "{}", text(&debrief.stdout));
    assert_eq!(course(), before);
    let proof = run(data.path(), &["verify", &drill]);
    assert_code(&proof, 1);
    assert!(text(&proof.stdout).contains("Scenario: missing from the drill's folder."), "{}", text(&proof.stdout));
    let resumed = run(data.path(), &["run", "--resume", &drill]);
    assert!(!resumed.status.success());
}

#[test]
fn a_scenario_of_a_team_that_is_gone_is_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let folder = data.path().join(&drill);
    fs::remove_file(folder.join("scenario.toml")).unwrap();
    let journal = folder.join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let other = |_: usize, body: &str| body.replacen("\"scenario\":\"open-ssh-port\"", "\"scenario\":\"our-own\"", 1);
    fs::write(&journal, rewritten(&whole, other)).unwrap();
    for verb in ["replay", "debrief"] {
        let output = run(data.path(), &["--plain", verb, &drill]);
        assert_code(&output, 3);
        let said = text(&output.stderr);
        assert!(said.contains("scenario.toml is missing") && said.contains("put a copy back"), "{said}");
    }
    assert!(text(&run(data.path(), &["verify", &drill]).stdout).contains("every line follows"));
    let lobby = run(data.path(), &["history"]);
    assert_code(&lobby, 0);
}

/// Begins with a first picture that waits for nothing, and reads on until all is there.
fn read_behind(data: &DataDir, drill: &DrillId) -> Replay {
    let mut replay = Replay::begin_within(data, drill, None, Duration::ZERO).unwrap();
    for _ in 0..60_000 {
        if !replay.is_reading() {
            return replay;
        }
        assert!(replay.standing().as_str().contains("is being read and checked"), "{}", replay.standing());
        assert_eq!(replay.cue(Cue::End).unwrap().as_str(), READS, "what isn't there yet can't be asked for");
        assert!(!replay.standing().as_str().contains("verifies"), "nothing is said before it is known");
        replay.read_on();
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("it doesn't arrive");
}

#[test]
fn what_is_read_behind_the_first_picture_is_what_is_read_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let drill: DrillId = played(folder.path()).try_into().unwrap();
    let data = DataDir::to_read(folder.path());
    let mut whole = Replay::open(&data, &drill, None).unwrap();
    let mut behind = read_behind(&data, &drill);
    assert_eq!(behind.standing(), whole.standing());
    assert_eq!(behind.view(), whole.view());
    behind.cue(Cue::End);
    whole.cue(Cue::End);
    assert_eq!(behind.view(), whole.view());
}

#[test]
fn damage_behind_the_first_picture_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let drill = played(folder.path());
    let journal = folder.path().join(&drill).join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, text.replacen("\"rate\":30", "\"rate\":31", 1)).unwrap();
    let (data, drill) = (DataDir::to_read(folder.path()), drill.try_into().unwrap());
    let (behind, whole) = (read_behind(&data, &drill), Replay::open(&data, &drill, None).unwrap());
    assert!(behind.standing().as_str().contains("damaged"), "{}", behind.standing());
    assert_eq!((behind.standing(), behind.view()), (whole.standing(), whole.view()));
}
