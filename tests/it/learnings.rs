//! What people can learn from a drill: surprises, objectives, the way of a finding, a path beside what was done, counts.

use firedrill_core::projection::debrief::pipeline::Reached;
use firedrill_core::projection::debrief::surprises::Surprise;
use firedrill_core::projection::debrief::{self, Debrief};
use firedrill_core::projection::improvements::{ClosedBy, Improvement};
use firedrill_model::event::{
    AdversaryState, EffectResult, EvidenceKind, InstanceCause, InstanceState, Obstacle, PeopleEvent, PhaseCause,
    Prediction, WorldEvent,
};
use firedrill_model::id::{ChannelId, DrillId, ObjectiveId, ScenarioId};
use firedrill_model::improvement::Which;
use firedrill_model::phase::Phase;
use firedrill_model::{Guess, Rating, SafeText, Span};

use crate::fixture::{self, MINER, Tape};

fn debrief_of(tape: &Tape) -> Debrief {
    debrief::build(&tape.view(), &tape.words, &fixture::drill_id(), &[])
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

fn pager() -> ChannelId {
    ChannelId::new("pager").unwrap()
}

fn made(tape: &mut Tape) -> &mut Tape {
    tape.world(WorldEvent::FindingCreated { finding: fixture::finding() })
}

fn told(tape: &mut Tape) -> &mut Tape {
    tape.world(WorldEvent::Notified { channel: pager(), finding: fixture::finding() })
}

fn take_on(tape: &mut Tape) -> &mut Tape {
    tape.people(PeopleEvent::Acknowledged { finding: Some(fixture::finding().id) })
}

fn ended(mut tape: Tape) -> Debrief {
    tape.phase(Phase::Verify, PhaseCause::Said);
    debrief_of(&tape)
}

fn surprise<'a>(debrief: &'a Debrief, kind: &str) -> Option<&'a Surprise> {
    debrief.surprises.iter().find(|row| row.kind == kind)
}

#[test]
fn a_drill_as_expected_surprises_nobody() {
    let mut tape = up_to_the_fault();
    take_on(told(made(&mut tape)).at(345)).samples(400, 31.0, 2.0, 0.0);
    tape.act(1, "standby", Some(MINER), Some(Guess::Stays)).samples(500, 31.0, 2.0, 0.0).done(1, vec![]);
    let debrief = ended(tape);
    let kinds: Vec<&str> = debrief.surprises.iter().map(|row| row.kind.as_str()).collect();
    assert!(kinds.is_empty(), "{:?}", debrief.surprises);
    assert!(!firedrill_report::markdown::render(&debrief).contains("What surprised us"));
}

#[test]
fn nothing_is_told_before_verify() {
    let mut tape = up_to_the_fault();
    made(&mut tape).samples(900, 80.0, 2.0, 0.0);
    let debrief = debrief_of(&tape);
    assert_eq!((&debrief.surprises[..], &debrief.objectives[..]), (&[][..], &[][..]));
    assert!(debrief.pipelines.is_empty() && debrief.side_by_side.is_empty());
    assert!(debrief.strengths.is_empty() && debrief.areas.is_empty());
    assert!(debrief.bars.iter().all(|bar| bar.kind != "stage" && bar.kind != "finding"), "{:?}", debrief.bars);
}

#[test]
fn the_guess_that_was_furthest_off_is_told_with_its_second() {
    let mut tape = up_to_the_fault();
    tape.act(1, "standby", Some(MINER), Some(Guess::Brief)).at(350).samples(400, 80.0, 2.0, 0.0).done(1, vec![]);
    tape.samples(500, 31.0, 2.0, 0.0);
    tape.act(2, "isolate", Some(MINER), Some(Guess::Stays)).at(510).samples(900, 80.0, 2.0, 0.0).done(2, vec![]);
    let debrief = ended(tape);
    let found = surprise(&debrief, "guess").unwrap();
    assert!((found.at - 500.0).abs() < 0.1, "{found:?}");
    assert_eq!(Some(found.seq), debrief.guesses.get(1).map(|row| row.seq));
    assert!(found.text.as_str().contains("went over 50 ms for 6 min 30 s"), "{found:?}");
}

#[test]
fn no_idea_is_no_gap() {
    let mut tape = up_to_the_fault();
    tape.act(1, "standby", Some(MINER), Some(Guess::NoIdea)).at(350).samples(800, 80.0, 2.0, 0.0).done(1, vec![]);
    assert_eq!(surprise(&ended(tape), "guess"), None);
}

#[test]
fn what_came_later_than_predicted_is_told_and_what_came_sooner_is_not() {
    for (within, surprised) in [(30, true), (600, false)] {
        let mut tape = Tape::new();
        fixture::steady_state(&mut tape);
        tape.phase(Phase::Hypothesis, PhaseCause::Said).people(PeopleEvent::Predicted(Prediction {
            notified_within: Some(Span::from_secs(within)),
            contained_within: None,
            signal: None,
            confidence: None,
        }));
        tape.phase(Phase::Experiment, PhaseCause::Said).samples(340, 31.0, 2.0, 0.0).world(WorldEvent::FaultActive);
        told(made(tape.samples(400, 31.0, 2.0, 0.0)));
        let debrief = ended(tape);
        let found = surprise(&debrief, "prediction");
        assert_eq!(found.is_some(), surprised, "{found:?}");
        assert!(found.is_none_or(|row| row.text.as_str().contains("30 s longer")), "{found:?}");
    }
}

#[test]
fn confidence_that_fell_is_told_and_one_level_is_not() {
    for (second, surprised) in [(2, true), (4, false)] {
        let mut tape = up_to_the_fault();
        take_on(told(made(&mut tape)));
        tape.prompt("validate").prompt("notify").at(400).step_done("validate", 1).answer(
            "validate",
            5,
            (true, true),
            None,
        );
        tape.at(450).step_done("notify", 2).answer("notify", second, (true, true), None);
        let debrief = ended(tape);
        let found = surprise(&debrief, "confidence");
        assert_eq!(found.is_some(), surprised, "{found:?}");
        assert!(found.is_none_or(|row| (row.at - 450.0).abs() < 0.1), "{found:?}");
        let levels: Vec<u8> = debrief.confidence.iter().map(|point| point.confidence).collect();
        assert_eq!(levels, [5, second]);
    }
}

#[test]
fn a_long_silence_is_told_once_somebody_knew() {
    let mut quiet = up_to_the_fault();
    quiet.samples(1_200, 31.0, 2.0, 0.0);
    assert_eq!(surprise(&ended(quiet), "silence"), None, "nobody knew of anything");

    let mut silent = up_to_the_fault();
    take_on(told(made(&mut silent)).at(360)).prompt("validate").samples(900, 31.0, 2.0, 0.0);
    silent.act(1, "look-dns", None, None);
    let debrief = ended(silent);
    let found = surprise(&debrief, "silence").unwrap();
    assert!((found.at - 360.0).abs() < 0.1 && found.text.as_str().contains("For 9 min nobody"), "{found:?}");
}

#[test]
fn a_finding_that_lay_is_told_from_when_it_was_made() {
    let mut lay = up_to_the_fault();
    made(lay.at(400)).samples(900, 31.0, 2.0, 0.0);
    let debrief = ended(lay);
    let found = surprise(&debrief, "unread").unwrap();
    assert!(
        (found.at - 400.0).abs() < 0.1 && found.text.as_str().contains("nobody was told of it or saw it"),
        "{found:?}"
    );

    let mut taken = up_to_the_fault();
    take_on(told(made(taken.at(400))).at(460)).samples(900, 31.0, 2.0, 0.0);
    assert_eq!(surprise(&ended(taken), "unread"), None);
}

#[test]
fn a_response_with_which_evidence_went_is_the_surprise_among_its_effects() {
    let mut tape = up_to_the_fault();
    take_on(told(made(&mut tape))).samples(400, 31.0, 2.0, 0.0).act(1, "terminate", Some(MINER), None);
    tape.at(430).done(1, vec![]).instance_with(
        MINER,
        "personalization",
        InstanceState::Terminated,
        InstanceCause::Response(1),
        vec![EvidenceKind::Disk, EvidenceKind::Memory],
    );
    let debrief = ended(tape);
    let found = surprise(&debrief, "second-order").unwrap();
    assert!(found.text.as_str().starts_with("Evidence was lost"), "{found:?}");
    assert!((found.at - 430.0).abs() < 0.1, "{found:?}");
    assert!(debrief.areas.iter().any(|text| text.as_str().starts_with("Evidence was lost")), "{:?}", debrief.areas);
}

fn rate(tape: &mut Tape, objective: &str, rating: Option<Rating>, words: Option<&str>) {
    let words = words.map(|words| tape.seal(words));
    tape.people(PeopleEvent::ObjectiveRated { objective: ObjectiveId::new(objective).unwrap(), rating, words });
}

/// A drill in which nobody was told, with objectives rated and observed.
fn rated() -> Tape {
    let mut tape = up_to_the_fault();
    made(tape.at(460)).world(WorldEvent::NotificationLost { channel: pager(), finding: fixture::finding().id });
    tape.samples(1_300, 33.0, 2.0, 0.0).phase(Phase::Verify, PhaseCause::TimeUp);
    rate(&mut tape, "detect", Some(Rating::SomeChallenges), None);
    rate(&mut tape, "detect", Some(Rating::MajorChallenges), Some("The pager was silent."));
    rate(&mut tape, "detect", None, Some("GuardDuty had seen it."));
    tape
}

#[test]
fn a_rating_is_said_by_people_and_the_newer_word_stands() {
    let debrief = debrief_of(&rated());
    let row = debrief.objectives.iter().find(|row| row.id == "detect").unwrap();
    assert_eq!(row.rating, Some(Rating::MajorChallenges));
    let words: Vec<&str> =
        row.observations.iter().filter_map(|said| said.words.as_ref()).map(SafeText::as_str).collect();
    assert_eq!(words, ["The pager was silent.", "GuardDuty had seen it."]);
    assert!(row.from_the_record.iter().any(|text| text.as_str().starts_with("notified, deviated")), "{row:?}");
    let others = debrief.objectives.iter().filter(|row| row.id != "detect");
    assert!(
        others.clone().count() >= 2 && others.into_iter().all(|row| row.rating.is_none()),
        "nothing rates by itself"
    );
}

#[test]
fn the_report_of_a_drill_in_which_nobody_was_told() {
    insta::assert_snapshot!(firedrill_report::markdown::render(&debrief_of(&rated())));
}

#[test]
fn words_that_were_erased_are_gone_from_observations() {
    let tape = rated();
    let words = firedrill_model::WordBook::default();
    let debrief = debrief::build(&tape.view(), &words, &fixture::drill_id(), &[]);
    let said: Vec<String> = debrief
        .objectives
        .iter()
        .flat_map(|row| &row.observations)
        .filter_map(|row| row.words.as_ref().map(ToString::to_string))
        .collect();
    assert_eq!(said, ["[erased]", "[erased]"]);
}

#[test]
fn the_way_of_a_finding_ends_where_nobody_was_told() {
    let debrief = debrief_of(&rated());
    let [way] = &debrief.pipelines[..] else { panic!("{:?}", debrief.pipelines) };
    assert!(way.of_the_hypothesis);
    let reached = |stage: &str| way.rows.iter().find(|row| row.stage == stage).map(|row| row.reached);
    assert_eq!(reached("fault"), Some(Reached::Done));
    assert_eq!(reached("finding"), Some(Reached::Done));
    assert_eq!(reached("bus"), Some(Reached::Done), "the channel had it and lost it");
    assert_eq!(reached("channel"), Some(Reached::Broken));
    assert_eq!(reached("person"), Some(Reached::Missing));
    let finding = way.rows.iter().find(|row| row.stage == "finding").unwrap();
    assert_eq!((finding.since_fault, finding.took), (Some(120.0), Some(120.0)));
}

#[test]
fn the_way_of_a_finding_to_a_person_has_what_each_stage_took() {
    let mut tape = up_to_the_fault();
    made(tape.at(460));
    told(tape.at(500));
    take_on(tape.at(530));
    let debrief = ended(tape);
    let row = |stage: &str| debrief.pipelines[0].rows.iter().find(|row| row.stage == stage).unwrap();
    assert_eq!((row("channel").reached, row("channel").took), (Reached::Done, Some(40.0)));
    assert_eq!((row("person").reached, row("person").took), (Reached::Done, Some(30.0)));
}

#[test]
fn without_a_finding_the_way_says_where_it_ended() {
    let mut tape = up_to_the_fault();
    tape.samples(1_300, 33.0, 2.0, 0.0);
    let debrief = ended(tape);
    let rows = &debrief.pipelines[0].rows;
    assert!(rows.iter().any(|row| row.stage == "finding" && row.reached == Reached::Missing), "{rows:?}");
}

#[test]
fn the_path_stands_beside_what_was_done() {
    let mut tape = up_to_the_fault();
    tape.act(1, "isolate", Some(MINER), None).at(400).done(1, vec![]);
    tape.act(2, "look-dns", None, None).at(450).done(2, vec![]).act(3, "escalate", None, None).at(470);
    let impossible = EffectResult::Impossible { because: Obstacle::NoSuchChannel };
    tape.done(3, vec![impossible]);
    let debrief = ended(tape);
    let done: Vec<_> = debrief.side_by_side.iter().filter(|row| row.done.is_some()).collect();
    let how: Vec<&str> = done.iter().map(|row| row.how.as_str()).collect();
    assert_eq!(how, ["beside the path", "as on the path", "not possible; in another order, or again"]);
    let path = debrief.side_by_side.iter().filter(|row| row.expected.is_some()).count();
    assert_eq!(path, debrief.ideal_path.len(), "every response of the path stands there once");
}

#[test]
fn people_are_counted_and_no_mean_is_made() {
    let debrief = debrief_of(&fixture::drill());
    let said = &debrief.people;
    assert_eq!(u32::try_from(debrief.confidence.len()).unwrap(), said.confidence.iter().sum::<u32>());
    let against: u32 = said.against.iter().map(|row| row.within_goal + row.over_goal + row.not_timed).sum();
    assert_eq!(against, said.confidence.iter().sum::<u32>(), "each is held against its step once");
    let markdown = firedrill_report::markdown::render(&debrief);
    for word in ["average", "mean of", "rank", "score"] {
        assert!(!markdown.to_lowercase().contains(word), "{word}");
    }
}

#[test]
fn steps_have_their_function_of_the_framework() {
    let debrief = debrief_of(&fixture::drill());
    let csf = |id: &str| debrief.steps.iter().find(|row| row.id == id).map(|row| row.csf.as_str());
    assert_eq!((csf("validate"), csf("isolate"), csf("confirm")), (Some("DE"), Some("RS"), Some("RC")));
}

#[test]
fn what_became_of_an_improvement_stands_in_the_plan() {
    let mut debrief = debrief_of(&fixture::drill());
    let drill: DrillId = fixture::drill_id();
    let entry = debrief.improvements[0].entry.unwrap();
    let of = |which, what: &str, closed| Improvement {
        id: "".into(),
        which,
        what: what.into(),
        owner: None,
        due: None,
        measure: None,
        drill: Some(drill.clone()),
        scenario: Some(ScenarioId::new("crypto-mining").unwrap()),
        since: fixture::epoch(),
        closed,
    };
    let closed = ClosedBy { on: fixture::epoch().date_naive(), how: "the playbook says so now".into() };
    let all = [
        of(Which::InDrill { drill: drill.clone(), entry }, "Scale out first", Some(closed)),
        of(Which::Added(3), "Added the day after", None),
    ];
    let before = debrief.improvements.len();
    debrief.follow_up(&drill, &all);
    assert_eq!(debrief.improvements.len(), before + 1);
    let markdown = firedrill_report::markdown::render(&debrief);
    assert!(markdown.contains("the playbook says so now") && markdown.contains("Added the day after"), "{markdown}");
    debrief.follow_up(&DrillId::new("2026-01-01-other-drill").unwrap(), &all);
    assert_eq!(debrief.improvements.len(), before + 1, "what is of another drill stays there");
}
