//! The debrief and its reports, from hand-made entries.

use std::sync::Arc;

use firedrill_core::projection::Fold;
use firedrill_core::projection::debrief::course::MAX_POINTS;
use firedrill_core::projection::debrief::{self, Debrief, MarkRow, Verdict};
use firedrill_model::event::{
    AdversaryState, DrillEvent, EffectResult, InstanceCause, Obstacle, PeopleEvent, PhaseCause, WorldEvent,
};
use firedrill_model::id::{ChannelId, DrillId};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Resource, ResourceKind};
use firedrill_model::signal::Side;
use firedrill_model::{DrillTime, Guess, Outcome, Span};

use crate::fixture::{self, MINER, NEWCOMER, Tape};

pub fn debrief_of(tape: &Tape) -> Debrief {
    debrief::build(&tape.view(), &tape.words, &fixture::drill_id(), &[])
}

fn part<'a>(debrief: &'a Debrief, name: &str) -> &'a debrief::PartVerdict {
    debrief.parts.iter().find(|part| part.part == name).unwrap()
}

fn mark<'a>(debrief: &'a Debrief, name: &str) -> &'a MarkRow {
    debrief.marks.iter().find(|mark| mark.mark == name).unwrap()
}

fn duration<'a>(debrief: &'a Debrief, name: &str) -> &'a debrief::DurationRow {
    debrief.durations.iter().find(|row| row.name == name).unwrap()
}

fn said(texts: &[firedrill_model::SafeText], words: &str) -> bool {
    texts.iter().any(|text| text.as_str().contains(words))
}

/// A drill up to the fault, at second 340.
fn up_to_the_fault() -> Tape {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    fixture::hypothesis(&mut tape);
    tape.phase(Phase::Experiment, PhaseCause::Said).samples(340, 31.0, 2.0, 0.0);
    tape.world(WorldEvent::FaultActive).stage("mining", MINER, true).adversary(AdversaryState::Active);
    tape
}

fn ended(mut tape: Tape) -> Debrief {
    tape.phase(Phase::Verify, PhaseCause::Said);
    debrief_of(&tape)
}

fn notify(tape: &mut Tape) -> &mut Tape {
    let channel = "pager".to_owned().try_into().unwrap();
    tape.world(WorldEvent::FindingCreated { finding: fixture::finding() });
    tape.world(WorldEvent::Notified { channel, finding: fixture::finding() })
}

#[test]
fn the_whole_report_as_markdown() {
    insta::assert_snapshot!(firedrill_report::markdown::render(&debrief_of(&fixture::drill())));
}

#[test]
fn the_whole_report_as_json() {
    let mut debrief = debrief_of(&fixture::drill());
    assert!(debrief.signals.iter().all(|signal| signal.points.len() > 100 && signal.points.len() <= MAX_POINTS));
    debrief.signals.iter_mut().for_each(|signal| signal.points.truncate(2));
    insta::assert_snapshot!(firedrill_report::json::render(&debrief));
}

#[test]
fn the_summary_holds_the_figures_that_scripts_ask_for() {
    let summary = firedrill_report::summary(&debrief_of(&fixture::drill()));
    assert_eq!(summary["v"], 1);
    assert_eq!(summary["drill"], "2026-11-24-brave-otter");
    assert_eq!(summary["verdict"], "deviated");
    assert_eq!(summary["parts"][2]["part"], "signal");
    assert_eq!(summary["parts"][2]["verdict"], "deviated");
    assert_eq!(summary["durations"]["ttd"], 610.0);
    assert_eq!(summary["impact"]["minutes_outside"], 5.67);
}

#[test]
fn a_drill_in_which_nothing_left_its_bound_holds() {
    let mut tape = up_to_the_fault();
    notify(tape.samples(900, 33.0, 2.0, 0.0));
    tape.samples(1_800, 33.0, 2.0, 0.0);
    let debrief = ended(tape);
    assert_eq!(debrief.verdict, Verdict::Held);
    assert!(debrief.parts.iter().all(|part| part.verdict == Verdict::Held), "{:?}", debrief.parts);
    assert!(debrief.impact.minutes_outside.abs() < f64::EPSILON);
}

#[test]
fn a_bound_is_broken_by_one_sample_also_by_the_very_last() {
    let mut tape = up_to_the_fault();
    notify(tape.samples(900, 33.0, 2.0, 0.0)).sample(50.1, 2.0, 0.0);
    assert_eq!(part(&ended(tape), "signal").verdict, Verdict::Deviated);
}

#[test]
fn the_limit_itself_is_within_the_bound() {
    let mut tape = up_to_the_fault();
    notify(tape.samples(900, 50.0, 2.0, 0.0));
    assert_eq!(part(&ended(tape), "signal").verdict, Verdict::Held);
}

#[test]
fn what_a_signal_does_before_the_fault_is_no_deviation() {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    tape.samples(330, 80.0, 2.0, 0.0).phase(Phase::Experiment, PhaseCause::Said).samples(340, 31.0, 2.0, 0.0);
    tape.world(WorldEvent::FaultActive).samples(400, 31.0, 2.0, 0.0);
    let debrief = ended(tape);
    assert_eq!(part(&debrief, "signal").verdict, Verdict::Held);
    assert!(debrief.impact.minutes_outside.abs() < f64::EPSILON);
}

#[test]
fn told_too_late_deviates_and_says_by_how_much() {
    let mut tape = up_to_the_fault();
    notify(tape.samples(1_300, 33.0, 2.0, 0.0));
    let debrief = ended(tape);
    assert_eq!(part(&debrief, "detected").verdict, Verdict::Held);
    let told = part(&debrief, "notified");
    assert_eq!(told.verdict, Verdict::Deviated);
    assert!(told.found.as_str().contains("16 min after the fault"), "{}", told.found);
    assert!(told.found.as_str().contains("1 min later than expected"), "{}", told.found);
}

#[test]
fn told_at_the_last_moment_is_in_time() {
    let mut tape = up_to_the_fault();
    notify(tape.samples(340 + 900, 33.0, 2.0, 0.0));
    assert_eq!(part(&ended(tape), "notified").verdict, Verdict::Held);
}

#[test]
fn detected_is_not_notified() {
    let mut tape = up_to_the_fault();
    let finding = fixture::finding();
    tape.samples(460, 33.0, 2.0, 0.0).world(WorldEvent::FindingCreated { finding: finding.clone() });
    let channel = "pager".to_owned().try_into().unwrap();
    tape.world(WorldEvent::NotificationLost { channel, finding: finding.id.clone() });
    tape.samples(600, 33.0, 2.0, 0.0).act(1, "look-findings", None, None);
    tape.samples(620, 33.0, 2.0, 0.0).done(1, vec![EffectResult::Findings { findings: vec![finding] }]);
    let debrief = ended(tape);
    assert_eq!(part(&debrief, "detected").verdict, Verdict::Held);
    let told = part(&debrief, "notified");
    assert_eq!(told.verdict, Verdict::Deviated);
    assert!(told.found.as_str().contains("Somebody who looked saw its finding"), "{}", told.found);
    assert_eq!(duration(&debrief, "TTN").seconds, None);
    assert_eq!(duration(&debrief, "TTN").missing.as_deref(), Some("'Team notified' is not in the record"));
}

#[test]
fn an_experiment_that_ended_early_measures_no_absence() {
    let mut tape = up_to_the_fault();
    tape.samples(600, 33.0, 2.0, 0.0);
    let debrief = ended(tape);
    assert_eq!(part(&debrief, "detected").verdict, Verdict::NotMeasured);
    assert_eq!(part(&debrief, "notified").verdict, Verdict::NotMeasured);
    assert_eq!(part(&debrief, "signal").verdict, Verdict::Held);
    assert!(firedrill_report::markdown::render(&debrief).contains("2 of its 3 parts could not be measured"));
}

#[test]
fn a_notification_of_another_detector_that_was_lost_says_nothing_of_this_one() {
    let mut tape = up_to_the_fault();
    let mut other = fixture::finding();
    other.detector = "another".to_owned().try_into().unwrap();
    tape.at(400).world(WorldEvent::FindingCreated { finding: other.clone() });
    let channel = "pager".to_owned().try_into().unwrap();
    tape.world(WorldEvent::NotificationLost { channel, finding: other.id }).samples(460, 33.0, 2.0, 0.0);
    assert_eq!(part(&ended(tape), "notified").verdict, Verdict::NotMeasured);
}

#[test]
fn without_an_experiment_nothing_is_measured() {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    tape.phase(Phase::Verify, PhaseCause::Said);
    let debrief = debrief_of(&tape);
    assert_eq!(debrief.verdict, Verdict::NotMeasured);
    assert!(debrief.durations.iter().all(|row| row.seconds.is_none() && row.missing.is_some()));
    assert!(debrief.questions.iter().all(|row| !row.from_the_record.is_empty()), "no question stays empty");
}

#[test]
fn before_verify_a_debrief_keeps_the_ground_truth() {
    let mut tape = up_to_the_fault();
    notify(tape.samples(900, 33.0, 2.0, 0.0));
    tape.adversary(AdversaryState::Contained);
    let debrief = debrief_of(&tape);
    assert_eq!(debrief.state, "experiment");
    assert_eq!(debrief.verdict, Verdict::NotMeasured);
    assert!(debrief.truth.is_blank() && debrief.lesson.is_blank() && debrief.ideal_path.is_empty());
    assert_eq!(mark(&debrief, "containment_effective").at, None);
    assert_eq!(mark(&debrief, "finding_created").at, None);
    assert!(mark(&debrief, "notified").at.is_some());
    assert!(debrief.happened.iter().all(|row| row.lane != "adversary"));
    assert!(debrief.orders.is_empty() && debrief.sources.is_empty() && debrief.techniques.is_empty());
    let markdown = firedrill_report::markdown::render(&debrief);
    assert!(markdown.contains("what really went on is told from Verify on"));
    for secret in ["A miner", "made a finding", "typically 10 min", "Evidence before containment"] {
        assert!(!markdown.contains(secret), "{secret}");
    }
}

#[test]
fn containment_counts_from_the_last_time_that_it_lasted() {
    let mut tape = up_to_the_fault();
    tape.at(600).adversary(AdversaryState::Contained);
    tape.at(700).adversary(AdversaryState::Active).stage("mining-elsewhere", NEWCOMER, true);
    tape.at(800).adversary(AdversaryState::Contained).at(900).adversary(AdversaryState::Eradicated);
    let debrief = ended(tape);
    assert_eq!(mark(&debrief, "containment_effective").at, Some(800.0));
    assert_eq!(mark(&debrief, "eradicated").at, Some(900.0));
    assert_eq!(duration(&debrief, "exposure").seconds, Some(460.0));
    assert!(said(&debrief.second_order, "came back on i-0ffffffffffff0001"), "{:?}", debrief.second_order);
}

#[test]
fn an_adversary_that_is_active_at_the_end_is_not_contained() {
    let mut tape = up_to_the_fault();
    tape.at(600).adversary(AdversaryState::Eradicated).at(700).adversary(AdversaryState::Active);
    tape.phase(Phase::Verify, PhaseCause::Said).adversary(AdversaryState::Contained);
    let debrief = debrief_of(&tape);
    assert_eq!(mark(&debrief, "containment_effective").at, None, "what comes after the end doesn't count");
    assert_eq!(mark(&debrief, "eradicated").at, None);
}

#[test]
fn a_duration_whose_marks_came_the_other_way_round_has_no_value() {
    let mut tape = up_to_the_fault();
    tape.at(400).people(PeopleEvent::Acknowledged { finding: None });
    notify(tape.at(900));
    let debrief = ended(tape);
    assert_eq!(mark(&debrief, "acknowledged").at, Some(400.0));
    let missing = duration(&debrief, "TTA").missing.clone();
    assert_eq!(missing.as_deref(), Some("'Acknowledged' came before 'Team notified'"));
}

#[test]
fn the_first_signal_is_placed_on_both_clocks() {
    let mut tape = up_to_the_fault();
    tape.samples(400, 31.0, 2.0, 0.0).wait(100);
    notify(tape.samples(900, 31.0, 2.0, 0.0));
    let debrief = ended(tape);
    let first = mark(&debrief, "first_signal");
    assert_eq!((first.at, first.since_fault), (Some(345.0), Some(5.0)));
    assert_eq!(first.t.as_deref(), Some("T+00:05"));
    assert_eq!(
        first.utc.as_deref(),
        Some("2026-11-24T09:05:45.000Z"),
        "the epoch and the drill clock, as documents have it"
    );
    let recorded = first.recorded_at.as_deref();
    assert_eq!(recorded, Some("2026-11-24T09:08:15.000Z"), "on the wall, between the samples of 05:40 and 05:50");
}

#[test]
fn a_signal_outside_its_limit_can_be_the_first_trace() {
    let mut tape = up_to_the_fault();
    let mut finding = fixture::finding();
    finding.first_seen = DrillTime(500_000_000);
    tape.samples(400, 31.0, 2.0, 0.0).sample(61.0, 2.0, 0.0);
    tape.at(900).world(WorldEvent::FindingCreated { finding });
    assert_eq!(mark(&ended(tape), "first_signal").at, Some(400.0));
}

#[test]
fn a_guess_is_read_up_to_the_next_one() {
    let mut tape = up_to_the_fault();
    tape.samples(500, 33.0, 2.0, 0.0).act(1, "standby", Some(MINER), Some(Guess::Brief));
    tape.samples(520, 33.0, 2.0, 0.0).samples(640, 70.0, 1.0, 0.0);
    tape.samples(700, 33.0, 2.0, 0.0).act(2, "stop", Some(MINER), Some(Guess::Stays));
    tape.samples(760, 33.0, 2.0, 0.0).samples(800, 70.0, 1.0, 0.0).act(3, "terminate", Some(MINER), Some(Guess::Long));
    tape.samples(2_400, 70.0, 1.0, 0.0);
    let debrief = ended(tape);
    let rows: Vec<_> =
        debrief.guesses.iter().map(|row| (row.outcome, row.window, row.seconds_outside, row.agrees)).collect();
    assert_eq!(
        rows,
        [
            (Outcome::Brief, 200.0, 120.0, Some(true)),
            (Outcome::Undecided, 100.0, 40.0, Some(false)),
            (Outcome::AlreadyOutside, 900.0, 900.0, None),
        ]
    );
}

#[test]
fn a_guess_at_the_end_is_read_up_to_the_end() {
    let mut tape = up_to_the_fault();
    tape.samples(500, 33.0, 2.0, 0.0).act(1, "standby", Some(MINER), Some(Guess::NoIdea)).samples(560, 33.0, 2.0, 0.0);
    let debrief = ended(tape);
    let row = debrief.guesses.first().unwrap();
    assert_eq!((row.window, row.outcome, row.agrees), (60.0, Outcome::Stayed, None));
}

fn order_kept(acts: &[(u64, &str, &str, bool)]) -> Option<bool> {
    order(acts).kept
}

fn order(acts: &[(u64, &str, &str, bool)]) -> debrief::OrderRow {
    let mut tape = up_to_the_fault();
    for (run, (at, action, target, possible)) in (1..).zip(acts) {
        tape.at(*at).act(run, action, Some(target), None);
        let result = if *possible {
            EffectResult::Told
        } else {
            EffectResult::Impossible { because: Obstacle::InstanceTerminated }
        };
        tape.at(at + 5).done(run, vec![result]);
    }
    ended(tape).orders.remove(0)
}

#[test]
fn an_order_is_kept_by_what_was_done_first() {
    let evidence = [(400, "snapshot-volume", MINER, true), (410, "capture-memory", MINER, true)];
    let [snapshot, memory] = evidence;
    assert_eq!(order_kept(&[snapshot, memory, (500, "isolate", MINER, true)]), Some(true));
    assert_eq!(order_kept(&[snapshot, (405, "isolate", MINER, true), memory]), Some(false));
    assert_eq!(order_kept(&[snapshot, memory]), None, "none of the later ones was given");
    assert_eq!(order_kept(&[(400, "terminate", MINER, false)]), None, "what was not possible was not done");
    let elsewhere = (400, "snapshot-volume", NEWCOMER, true);
    assert_eq!(order_kept(&[elsewhere, memory, (500, "isolate", MINER, true)]), Some(false), "another instance");
}

#[test]
fn an_order_that_was_not_kept_says_what_came_before_what() {
    let told = |acts: &[(u64, &str, &str, bool)]| order(acts).early.map(|text| text.to_string());
    let [snapshot, memory] = [(400, "snapshot-volume", MINER, true), (410, "capture-memory", MINER, true)];
    let isolate = |at| (at, "isolate", MINER, true);
    assert_eq!(told(&[snapshot, memory, isolate(500)]), None);
    let early = told(&[isolate(390), snapshot, (420, "terminate", MINER, true)]).unwrap();
    assert!(early.starts_with("'Isolate"), "{early}");
    assert!(early.contains(" came before 'Snapshot") && early.contains(" and without 'Capture the memory"), "{early}");
    assert!(early.ends_with("So did 1 later response."), "{early}");
}

#[test]
fn effects_of_responses_are_told() {
    let debrief = debrief_of(&fixture::drill());
    for words in [
        "Personalization latency p99 went over 50 ms at once and stayed there for 5 min 40 s",
        "the volume and memory of i-0a1b2c3d4e5f60001 went when it was terminated, by its group",
        "which found it unhealthy",
        "Personalization had no credentials for 30 s",
        "connections of i-0a1b2c3d4e5f60001 that were being tracked went on",
    ] {
        assert!(said(&debrief.second_order, words), "{words}: {:?}", debrief.second_order);
    }
}

#[test]
fn a_response_after_which_all_stayed_well_has_no_effect_to_tell() {
    let mut tape = up_to_the_fault();
    tape.samples(500, 33.0, 2.0, 0.0).act(1, "standby", Some(MINER), None).done(1, vec![]);
    tape.samples(900, 33.0, 2.0, 0.0);
    assert_eq!(ended(tape).second_order, []);
}

#[test]
fn the_seven_questions_are_the_ones_of_the_post() {
    let post = include_str!("fixture/questions.txt");
    let questions = debrief_of(&fixture::drill()).questions;
    let quoted: Vec<&str> = questions.iter().map(|row| row.question).collect();
    assert_eq!(quoted, post.lines().collect::<Vec<_>>());
}

#[test]
fn questions_say_what_the_record_says() {
    let debrief = debrief_of(&fixture::drill());
    let to = |number: usize| &debrief.questions.get(number - 1).unwrap().from_the_record;
    assert!(said(to(1), "Team notified after 10 min 55 s"));
    assert!(said(to(2), "Of 1 147 500 requests of customers (Website), 4 560 failed"));
    assert!(said(to(3), "the resource (i-0a1b2c3d4e5f60001)"));
    assert!(said(to(3), "Before that was given: 'Read the resolver query log'"));
    assert!(said(to(4), "half of that is 5 min 05 s"));
    assert!(said(
        to(4),
        "Without these stages it would have been half or less: 3 min 20 s until 'Steady state restored'"
    ));
    assert!(said(to(5), "Data collection and Website"));
    assert!(said(to(6), "Left out: 'Snapshot the volume' and 'Take the memory'"));
    assert!(said(to(6), "Whom to escalate to was not known: 'Validate the finding'"));
    assert!(said(
        to(7),
        "In the step 'Validate the finding' people only looked and confirmed, by the response 'Read the resolver query log'"
    ));
    assert!(!said(to(7), "Isolate"));
}

#[test]
fn steps_that_took_longer_than_their_goal_are_named() {
    let mut tape = up_to_the_fault();
    tape.world(WorldEvent::Notified { channel: ChannelId::new("pager").unwrap(), finding: fixture::finding() });
    tape.prompt("notify").samples(700, 33.0, 2.0, 0.0).act(1, "escalate", None, None);
    tape.samples(760, 33.0, 2.0, 0.0).done(1, vec![EffectResult::Told]).step_done("notify", 1);
    let debrief = ended(tape);
    let improve = &debrief.questions.get(5).unwrap().from_the_record;
    assert!(said(improve, "'Notify and escalate' took 7 min, with a goal of 3 min"), "{improve:?}");
    assert_eq!(mark(&debrief, "escalated").since_fault, Some(420.0));
}

#[test]
fn erased_words_show_as_erased() {
    let mut tape = fixture::drill();
    tape.words = firedrill_model::WordBook::default();
    let debrief = debrief_of(&tape);
    assert_eq!(debrief.notes.first().unwrap().text.as_str(), "[erased]");
    assert_eq!(debrief.notes.first().unwrap().who.as_str(), "[erased]");
    assert!(firedrill_report::markdown::render(&debrief).contains("\\[erased\\]"));
}

#[test]
fn what_is_odd_about_the_record_is_said() {
    let mut tape = fixture::drill();
    tape.drill(DrillEvent::Resumed { recovered: None, model: None });
    let mut view = tape.view();
    view.unknown.insert("people.waved".to_owned(), 3);
    let notices = ["41 bytes at the end were cut.".into()];
    let drill = DrillId::new("odd-heron").unwrap();
    let debrief = debrief::build(&view, &tape.words, &drill, &notices);
    for words in ["41 bytes", "taken up again once", "people.waved, 3 of them"] {
        assert!(said(&debrief.notices, words), "{words}: {:?}", debrief.notices);
    }
}

#[test]
fn the_teams_own_bound_is_the_one_that_counts() {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    let mut hypothesis = fixture::scenario().hypothesis.clone();
    (hypothesis.at, hypothesis.within) = (80.0, Span::from_secs(600));
    tape.drill(DrillEvent::HypothesisSet { hypothesis });
    tape.phase(Phase::Experiment, PhaseCause::Said).samples(340, 31.0, 2.0, 0.0).world(WorldEvent::FaultActive);
    notify(tape.samples(960, 72.0, 2.0, 0.0));
    let debrief = ended(tape);
    assert_eq!(part(&debrief, "signal").verdict, Verdict::Held);
    assert_eq!(part(&debrief, "notified").verdict, Verdict::Deviated);
    assert!(debrief.hypothesis.as_str().contains("within 10 minutes"), "{}", debrief.hypothesis);
    assert!(debrief.hypothesis.as_str().contains("at or under 80 ms"), "{}", debrief.hypothesis);
}

#[test]
fn a_signal_that_must_stay_above_deviates_below() {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    let mut hypothesis = fixture::scenario().hypothesis.clone();
    hypothesis.signal = "in-service".to_owned().try_into().unwrap();
    (hypothesis.at, hypothesis.stays) = (2.0, Side::Above);
    tape.drill(DrillEvent::HypothesisSet { hypothesis });
    tape.phase(Phase::Experiment, PhaseCause::Said).samples(340, 31.0, 2.0, 0.0).world(WorldEvent::FaultActive);
    tape.samples(400, 31.0, 2.0, 0.0).samples(460, 31.0, 1.0, 0.0).samples(500, 31.0, 2.0, 0.0);
    let debrief = ended(tape);
    let found = &part(&debrief, "signal").found;
    assert!(found.as_str().contains("went under 2 1 min after the fault, for 1 min in all"), "{found}");
    assert_eq!(debrief.impact.worst.as_ref().unwrap().as_str(), "1");
}

#[test]
fn a_termination_by_a_response_names_it() {
    let mut tape = up_to_the_fault();
    tape.samples(500, 33.0, 2.0, 0.0).act(1, "terminate", Some(MINER), None).at(530).done(1, vec![]);
    let lost = vec![firedrill_model::event::EvidenceKind::Memory];
    let state = firedrill_model::event::InstanceState::Terminated;
    tape.instance_with(MINER, "personalization", state, InstanceCause::Response(1), lost);
    let debrief = ended(tape);
    assert!(
        said(
            &debrief.second_order,
            "the memory of i-0a1b2c3d4e5f60001 went when it was terminated, after 'Terminate the instance"
        ),
        "{:?}",
        debrief.second_order
    );
}

#[test]
fn a_step_completed_by_what_was_not_possible_says_so() {
    let mut tape = up_to_the_fault();
    tape.prompt("snapshot").at(400).act(1, "snapshot-volume", Some(MINER), None);
    let gone = EffectResult::Impossible { because: Obstacle::InstanceTerminated };
    tape.at(430).done(1, vec![gone]).step_done("snapshot", 1);
    let debrief = ended(tape);
    let step = debrief.steps.iter().find(|step| step.title.as_str() == "Snapshot the volume").unwrap();
    assert_eq!(step.by.as_ref().unwrap().as_str(), "Snapshot the volume (i-0a1b2c3d4e5f60001), which was not possible");
}

#[test]
fn a_step_done_before_it_was_asked_for_has_no_time() {
    let mut tape = up_to_the_fault();
    tape.at(400).act(1, "escalate", None, None).at(460).done(1, vec![EffectResult::Told]).step_done("notify", 1);
    let debrief = ended(tape);
    let step = debrief.steps.iter().find(|step| step.title.as_str() == "Notify and escalate").unwrap();
    assert_eq!((step.state.as_str(), step.seconds), ("done", None));
    assert!(firedrill_report::markdown::render(&debrief).contains("done before it was asked for"));
}

/// The scenario with two security groups, of which the adversary uses the first.
fn scenario_with_groups() -> Scenario {
    let mut scenario = Scenario::clone(&fixture::scenario());
    let group = |id: &str, title: &str, used_by: &[&str]| Resource {
        id: fixture::target_id(id),
        kind: ResourceKind::SecurityGroup,
        title: title.into(),
        used_by: used_by.iter().map(|id| (*id).to_owned().try_into().unwrap()).collect(),
        fails: 1.0,
        new_connections: 0.05,
        public: false,
        zone: None,
        shared_with: Vec::new(),
        owner: None,
    };
    scenario.resources.push(group("sg-1", "Group of Website", &["website", "collection"]));
    scenario.resources.push(group("sg-2", "Group of Personalization", &["personalization"]));
    scenario
}

#[test]
fn what_is_set_up_alike_is_named() {
    let mut tape = Tape::new();
    fixture::steady_state(&mut tape);
    tape.phase(Phase::Experiment, PhaseCause::Said).world(WorldEvent::FaultActive).stage("mining", "sg-1", true);
    let channel = "pager".to_owned().try_into().unwrap();
    tape.world(WorldEvent::NotificationLost { channel, finding: fixture::finding().id });
    tape.at(2_000).phase(Phase::Verify, PhaseCause::Said);
    let mut view = Fold::open(Arc::new(scenario_with_groups()));
    for entry in &tape.entries {
        view.apply(entry);
    }
    let debrief = debrief::build(&view, &tape.words, &fixture::drill_id(), &[]);
    let alike = &debrief.questions.get(4).unwrap().from_the_record;
    assert!(said(alike, "Of the same kind as Group of Website: Group of Personalization."), "{alike:?}");
    assert!(said(
        alike,
        "Pager of the security team delivered nothing. It is the way to people for: Amazon GuardDuty."
    ));
    assert!(said(alike, "Website was hit"));
    assert!(!said(alike, "of its capacity"), "no instance was hit");
    assert_eq!(part(&debrief, "notified").verdict, Verdict::Deviated);
}
