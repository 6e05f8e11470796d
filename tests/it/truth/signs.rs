//! What tells of the incident, and since when people's time counts.

use firedrill_model::event::{PeopleEvent, WorldEvent};
use firedrill_model::{Guess, Outcome};

use super::{ended_as_shipped, herring_is_told, pager, play, seconds, up_to_the_fault};
use crate::fixture::{self, MINER};

/// A script that marks a record of the log of names that holds these words, and perhaps takes the mark back.
fn marks(words: &str, after: &str, and_back: bool) -> String {
    let back = "\n[[do]]\nafter = { phase = \"experiment\" }\nplus = \"9m\"\nunmark = \"pool\"\n";
    let back = if and_back { back } else { "" };
    format!(
        "format = 1\nscenario = \"crypto-mining\"\ntitle = \"Reads the log\"\nexpect = \"deviated\"\nseed = 1\n\
         [[do]]\nafter = {{ phase = \"experiment\" }}\nplus = \"{after}\"\n\
         mark = {{ record = \"{words}\", source = \"resolver-query\", note = \"Odd.\" }}\n{back}"
    )
}

#[test]
fn who_marks_a_record_of_the_adversary_has_detected_it() {
    let (_, _, debrief) = play("crypto-mining", &marks("pool.minexmr.example", "8m", false), 1);
    let first = debrief.detections.iter().find(|row| row.first).unwrap();
    assert_eq!(first.source, "a person");
    assert!(first.what.as_str().contains("otter, who marked a record of it"), "{}", first.what);
    let told = seconds(&debrief, "TTD").unwrap();
    assert!((told - 460.0).abs() < 0.2, "8 min after the experiment began, the fault 20 s after it: {told}");
    assert!(debrief.detections.iter().any(|row| row.source == "a detector"), "all are shown");
}

#[test]
fn a_mark_that_was_taken_back_or_is_of_something_else_detects_nothing() {
    for script in [marks("pool.minexmr.example", "8m", true), marks("rates.coin-index.example", "20m", false)] {
        let (_, _, debrief) = play("crypto-mining", &script, 1);
        assert!(debrief.detections.iter().all(|row| row.source != "a person"), "{:?}", debrief.detections);
        assert!(seconds(&debrief, "TTD").unwrap() > 500.0);
    }
}

#[test]
fn the_time_of_a_step_counts_from_the_first_sign_of_the_incident() {
    let mut tape = up_to_the_fault();
    herring_is_told(&mut tape);
    tape.prompt("validate").at(700).act(1, "look-dns", None, None).done(1, vec![]).step_done("validate", 1);
    tape.prompt("notify");
    tape.at(950).world(WorldEvent::FindingCreated { finding: fixture::finding() });
    tape.at(1_000).world(WorldEvent::Notified { channel: pager(), finding: fixture::finding() });
    tape.at(1_060).act(2, "escalate", None, None).done(2, vec![]).step_done("notify", 2);
    let debrief = ended_as_shipped(tape);
    let step = |id: &str| debrief.steps.iter().find(|row| row.id == id).unwrap();
    let (validate, notify) = (step("validate"), step("notify"));
    assert_eq!((validate.asked_at, validate.seconds), (Some(370.0), None), "done about the herring");
    assert_eq!((notify.asked_at, notify.counts_from, notify.seconds), (Some(700.0), Some(1_000.0), Some(60.0)));
}

#[test]
fn a_guess_is_held_against_every_signal_that_has_a_limit() {
    let mut tape = up_to_the_fault();
    tape.samples(500, 33.0, 2.0, 0.0).act(1, "standby", Some(MINER), Some(Guess::Stays));
    // The latency stays; requests fail for twenty seconds.
    tape.samples(600, 33.0, 2.0, 0.0).samples(620, 33.0, 2.0, 300.0).samples(900, 33.0, 2.0, 0.0);
    tape.people(PeopleEvent::Acknowledged { finding: None });
    let debrief = super::ended(tape);
    let row = &debrief.guesses[0];
    assert_eq!((row.outcome, row.agrees, row.seconds_outside), (Outcome::Brief, Some(false), 20.0));
    let limits = fixture::scenario().signals.iter().filter(|signal| signal.limit.is_some()).count();
    assert_eq!(row.signals.len(), limits);
    let of = |title: &str| row.signals.iter().find(|one| one.signal.as_str() == title).unwrap();
    assert_eq!(of("Personalization latency p99").agrees, Some(true));
    let errors = of("Website errors");
    assert_eq!((errors.agrees, errors.words.as_str()), (Some(false), "went over 0.5 % for 20 s"));
}
