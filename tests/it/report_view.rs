//! What screens read of a view.

use std::sync::Arc;

use firedrill_core::projection::view::{Lane, Mark, View};
use firedrill_model::event::{EffectResult, InstanceCause, InstanceState, Obstacle, PeopleEvent, WorldEvent};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::{Action, TargetKind};
use firedrill_model::signal::Side;
use firedrill_model::{DrillTime, Span};

use crate::fixture::{self, MINER, NEWCOMER, Tape};

fn secs(secs: u64) -> DrillTime {
    DrillTime(secs * 1_000_000)
}

/// The fixture drill up to and without this part.
fn drill_up_to(parts: &[fn(&mut Tape)]) -> Tape {
    let mut tape = Tape::new();
    for part in parts {
        part(&mut tape);
    }
    tape
}

fn notified() -> Tape {
    drill_up_to(&[fixture::steady_state, fixture::hypothesis, fixture::fault_and_finding])
}

fn isolated() -> Tape {
    let mut tape = notified();
    fixture::validate_and_escalate(&mut tape);
    fixture::isolate(&mut tape);
    tape
}

fn action(view: &View, id: &str) -> Action {
    view.scenario.actions.iter().find(|action| action.id.as_str() == id).unwrap().clone()
}

fn targets(view: &View, id: &str) -> Vec<String> {
    view.targets(&action(view, id)).iter().map(ToString::to_string).collect()
}

#[test]
fn the_course_can_be_read() {
    let view = notified().view();
    assert_eq!(view.course.phase, Phase::Experiment);
    assert_eq!(view.remaining(secs(995)), Some(Span::from_secs(3_600 - 675)));
    assert_eq!(view.remaining(secs(9_000)), Some(Span::ZERO));
    assert_eq!(view.since_fault(secs(995)), Some(Span::from_secs(655)));
    assert_eq!(view.experiment_ended(), None);
    let whole = fixture::drill().view();
    assert_eq!(whole.since_fault(secs(9_000)), Some(Span::from_secs(1_560)), "the end of the experiment stops it");
    assert_eq!(View::new(Arc::new(fixture::scenario().brief())).remaining(secs(5)), None);
}

#[test]
fn the_hypothesis_reads_like_the_sentence_of_the_post() {
    assert_eq!(
        View::new(Arc::new(fixture::scenario().brief())).hypothesis_sentence().as_str(),
        "When an instance of Personalization starts mining cryptocurrency, Amazon GuardDuty will notify the security team \
         within 15 minutes, and Personalization latency p99 will remain at or under 50 ms."
    );
}

#[test]
fn the_step_that_is_asked_for_has_a_timer() {
    let mut tape = notified();
    tape.prompt("validate");
    let view = tape.view();
    let (row, step) = view.current_step().unwrap();
    assert_eq!(step.title.as_str(), "Validate the finding");
    assert_eq!(view.step_time(row, secs(1_055)), Some(Span::from_secs(60)));

    tape.at(1_100).step_done("validate", 1);
    let view = tape.view();
    assert!(view.current_step().is_none());
    let row = view.playbook.steps.first().unwrap();
    assert_eq!(view.step_time(row, secs(5_000)), Some(Span::from_secs(105)), "a step that is done keeps its time");
}

#[test]
fn three_answers_close_the_questions_and_none_does_too() {
    let question = |tape: &Tape| tape.view().playbook.question.as_ref().map(ToString::to_string);
    let answer = |tape: &mut Tape, confidence, knew_where, knew_whom| {
        let step = "validate".to_owned().try_into().unwrap();
        tape.people(PeopleEvent::Answered { step, confidence, knew_where, knew_whom, words: None });
    };
    let mut tape = notified();
    tape.step_done("validate", 1);
    assert_eq!(question(&tape).as_deref(), Some("validate"));
    answer(&mut tape, Some(3), None, None);
    answer(&mut tape, None, Some(true), None);
    assert_eq!(question(&tape).as_deref(), Some("validate"), "one is open still");
    answer(&mut tape, None, None, Some(false));
    assert_eq!(question(&tape), None);
    let answers = tape.view().playbook.steps.first().unwrap().answers.clone();
    assert_eq!((answers.confidence, answers.knew_where, answers.knew_whom), (Some(3), Some(true), Some(false)));

    let mut skipped = notified();
    skipped.step_done("validate", 1);
    answer(&mut skipped, None, None, None);
    assert_eq!(question(&skipped), None, "left open on purpose");
}

#[test]
fn a_finding_waits_until_it_is_taken_on() {
    let mut tape = notified();
    assert_eq!(tape.view().unacknowledged().count(), 1);
    tape.people(PeopleEvent::Acknowledged { finding: Some(fixture::finding().id) });
    assert_eq!(tape.view().unacknowledged().count(), 0);
}

#[test]
fn a_signal_is_said_in_words() {
    let latency = "latency".to_owned().try_into().unwrap();
    let said = |view: &View| view.signal_words(&latency).to_string();
    assert_eq!(said(&View::new(Arc::new(fixture::scenario().brief()))), "no figure yet");
    assert_eq!(said(&notified().view()), "33 ms, at or under 50 ms, steady");
    let mut tape = notified();
    tape.sample(61.0, 1.0, 0.0);
    assert_eq!(said(&tape.view()), "61 ms, now over 50 ms, rising");
    tape.samples(1_125, 61.0, 1.0, 0.0).sample(72.0, 1.0, 0.0);
    assert_eq!(said(&tape.view()), "72 ms, over 50 ms for 2 min 10 s, rising");
    assert_eq!(tape.view().signal_words(&"cpu-1".to_owned().try_into().unwrap()).as_str(), "55 %, steady");
}

#[test]
fn the_bound_of_the_hypothesis_is_the_limit_of_its_signal() {
    let view = notified().view();
    let track = view.track(&"latency".to_owned().try_into().unwrap()).unwrap();
    let limit = track.limit.unwrap();
    assert_eq!((limit.at, limit.side), (50.0, Side::Below));
    assert_eq!(view.tracks().count(), view.scenario.signals.len());
    let cpu = view.track(&"cpu-1".to_owned().try_into().unwrap()).unwrap();
    assert!(cpu.limit.is_none() && cpu.track.last() == Some(55.0));
}

#[test]
fn a_crossing_is_announced_with_the_figure_of_its_moment() {
    let mut tape = notified();
    tape.at(1_110).sample(71.0, 2.0, 0.0).at(1_120).sample(80.0, 2.0, 0.0);
    let view = tape.view();
    let words = view.newest_crossing().unwrap().words;
    assert_eq!(
        words.as_str(),
        "Personalization latency p99 over 50 ms (71 ms); Website latency p99 over 150 ms (162 ms)."
    );
}

#[test]
fn crossings_of_limits_have_lines_and_samples_have_none() {
    let mut tape = notified();
    let before = tape.view().timeline.len();
    tape.samples(1_100, 33.0, 2.0, 0.0);
    assert_eq!(tape.view().timeline.len(), before);
    tape.sample(33.0, 1.0, 0.0).at(1_110).sample(33.0, 1.0, 0.0).at(1_120).sample(33.0, 2.0, 0.0);
    let view = tape.view();
    let lines: Vec<firedrill_model::SafeText> =
        view.timeline.iter().skip(before).map(|line| line.text(&view)).collect();
    let expected = ["Personalization in service: under 2 (1)", "Personalization in service: back at or over 2 (2)"];
    assert_eq!(lines, expected.map(firedrill_model::SafeText::from));
}

#[test]
fn time_outside_counts_from_the_fault_to_the_end() {
    let view = fixture::drill().view();
    let latency = view.track(&"latency".to_owned().try_into().unwrap()).unwrap();
    assert_eq!(latency.track.outside_total, Span::from_secs(340));
    assert_eq!(latency.track.outside_since, None);
}

#[test]
fn targets_put_first_what_a_finding_names_and_what_is_in_service() {
    let view = drill_up_to(&[fixture::steady_state]).view();
    assert_eq!(targets(&view, "isolate").len(), 6);
    assert_eq!(targets(&view, "isolate").first().unwrap(), "i-0c0a1b2c3d4e50001", "the order of the scenario");

    let view = isolated().view();
    let ordered = targets(&view, "isolate");
    assert!(!ordered.contains(&MINER.to_owned()), "it is terminated");
    assert_eq!(
        ordered.get(..2).unwrap(),
        ["i-0a1b2c3d4e5f60002", NEWCOMER],
        "those beside it come first, the booting one after the other"
    );

    let view = notified().view();
    assert_eq!(targets(&view, "isolate").first().unwrap(), MINER, "the finding names it");
}

#[test]
fn each_kind_of_target_has_its_things() {
    let view = notified().view();
    assert_eq!(targets(&view, "scale-out"), ["asg-personalization", "asg-collection", "asg-website"]);
    assert_eq!(targets(&view, "rotate-credentials"), ["personalization-role"]);
    assert_eq!(targets(&view, "look-dns"), Vec::<String>::new());
    let channel = Action { target: TargetKind::Channel, ..action(&view, "escalate") };
    assert_eq!(view.targets(&channel).first().unwrap().as_str(), "pager");
    let group = Action { target: TargetKind::SecurityGroup, ..channel };
    assert!(view.targets(&group).is_empty());
}

#[test]
fn a_finding_that_was_looked_up_and_then_told_keeps_both_moments() {
    let mut tape = drill_up_to(&[fixture::steady_state, fixture::hypothesis]);
    tape.phase(Phase::Experiment, firedrill_model::event::PhaseCause::Said).world(WorldEvent::FaultActive);
    let findings = vec![fixture::finding()];
    tape.at(400).act(1, "look-findings", None, None).at(420).done(1, vec![EffectResult::Findings { findings }]);
    let mut again = fixture::finding();
    again.count = 40;
    tape.at(500).world(WorldEvent::Notified { channel: "pager".to_owned().try_into().unwrap(), finding: again });
    let view = tape.view();
    let row = view.board.findings.first().unwrap();
    assert_eq!((row.seen.at, row.told.map(|told| told.at)), (secs(420), Some(secs(500))));
    assert_eq!((row.via.as_ref(), row.finding.count), (None, 40));
    assert_eq!(view.board.findings.len(), 1);
}

#[test]
fn responses_are_under_way_until_they_are_done() {
    let mut tape = notified();
    tape.act(1, "isolate", Some(MINER), None);
    assert_eq!(tape.view().under_way().map(|(run, _)| run).collect::<Vec<_>>(), [1]);
    tape.done(1, vec![EffectResult::Impossible { because: Obstacle::InstanceTerminated }]);
    let view = tape.view();
    assert_eq!(view.under_way().count(), 0);
    assert!(!view.responses.get(&1).unwrap().succeeded());
    let last = view.timeline.last().unwrap();
    assert_eq!(last.lane, Lane::World);
    let text = last.text(&view);
    assert!(text.as_str().ends_with("not possible: the instance is terminated"), "{text}");
}

#[test]
fn instances_and_roles_are_known_as_they_stand() {
    let view = isolated().view();
    let miner = view.board.instances.get(&fixture::target_id(MINER)).unwrap();
    assert_eq!((miner.state, miner.because), (InstanceState::Terminated, InstanceCause::HealthCheck));
    assert!(miner.isolated);
    assert_eq!(view.board.instance_turns.len(), 3);
    let mut tape = isolated();
    let role = fixture::target_id("personalization-role");
    tape.world(WorldEvent::Role { role: role.clone(), usable: false });
    assert!(tape.view().board.roles_out.contains(&role));
    tape.world(WorldEvent::Role { role: role.clone(), usable: true });
    assert!(tape.view().board.roles_out.is_empty());
}

#[test]
fn what_is_told_before_the_fault_makes_no_mark() {
    let mut tape = drill_up_to(&[fixture::steady_state]);
    tape.act(1, "escalate", None, None).done(1, vec![EffectResult::Told]);
    tape.people(PeopleEvent::Acknowledged { finding: None });
    assert!(tape.view().marks.is_empty());
}

#[test]
fn the_lines_of_ground_truth_are_marked_as_such() {
    let view = fixture::drill().view();
    let hidden =
        |words: &str| view.timeline.iter().find(|line| line.text(&view).as_str().contains(words)).unwrap().hidden;
    assert!(hidden("A miner starts"));
    assert!(hidden("Amazon GuardDuty made a finding"));
    assert!(hidden("The adversary is contained"));
    assert!(!hidden("told the team"));
    assert!(hidden("The fault is active"), "when the fault was is told in Verify");
    assert!(view.timeline.iter().filter(|line| line.lane == Lane::Adversary).all(|line| line.hidden));
    assert!(view.marks.contains_key(&Mark::FirstSignal));
}

#[test]
fn no_line_of_ours_blames_anybody() {
    let view = fixture::drill().view();
    // What a scripted message says is the scenario's.
    let ours = view.timeline.iter().filter(|line| line.lane != Lane::Inject);
    for line in ours {
        let text = line.text(&view).as_str().to_lowercase();
        let blames = ["failed to", "should have", "wrong", "mistake", "forgot"].iter().any(|word| text.contains(word));
        assert!(!blames, "{text}");
    }
}
