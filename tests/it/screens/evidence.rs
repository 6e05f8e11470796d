//! The evidence console and what else is said of findings and records, by keys.

use firedrill::tui::{App, Input, Request, Scene, Theme};
use firedrill_model::Judgement;
use firedrill_model::command::MAX_WORDS;
use firedrill_model::id::FindingId;
use firedrill_model::{command::Intent, phase::Phase};

use super::fixture::{self, Held, Moment};
use super::{app, frame, press, text};

const SIZE: (u16, u16) = (120, 36);

fn at(held: &Held) -> (Scene<'_>, App) {
    let scene = held.scene();
    let app = app(&scene, SIZE, Theme::sixteen());
    (scene, app)
}

fn asks(requests: &[Request]) -> Vec<&Intent> {
    let ask = |request: &'_ Request| matches!(request, Request::Ask(Intent::Attend(_)));
    let all = requests.iter().filter(|request| !ask(request));
    all.filter_map(|request| if let Request::Ask(intent) = request { Some(intent) } else { None }).collect()
}

#[test]
fn a_record_is_marked_with_what_it_shows_and_the_mark_is_taken_off() {
    let held = fixture::at(Moment::Noisy);
    let (scene, mut app) = at(&held);
    let second = held.view.board.logs.iter().rev().nth(1).unwrap().record.id.clone();
    let requests = press(&mut app, &scene, &["e", "Down", "e", "p", "o", "o", "l", "Enter"]);
    assert_eq!(asks(&requests), [&Intent::Mark { record: second, note: Some("pool".into()) }]);
    let requests = press(&mut app, &scene, &["u"]);
    assert!(asks(&requests).is_empty(), "it is not marked in this view, and the screen says so");
    assert!(text(&frame(&app, &scene, SIZE)).contains("the record is not marked"));
    let (marked, id) = (held.view.people.evidence[1].row.seq, held.view.people.evidence[1].row.record.id.clone());
    let shown = held.view.board.record(marked).map(|row| format!(">◆{:>7}", held.view.t(row.record.happened))).unwrap();
    let reached = |app: &App| text(&frame(app, &scene, SIZE)).contains(&shown);
    for _ in 0..held.view.board.logs.len() {
        if reached(&app) {
            break;
        }
        press(&mut app, &scene, &["Down"]);
    }
    assert!(reached(&app), "{shown} is in the list:\n{}", text(&frame(&app, &scene, SIZE)));
    assert_eq!(asks(&press(&mut app, &scene, &["u"])), [&Intent::Unmark(id)]);
}

#[test]
fn a_mark_without_a_remark_is_a_mark() {
    let held = fixture::at(Moment::Noisy);
    let (scene, mut app) = at(&held);
    let requests = press(&mut app, &scene, &["5", "Down", "Enter", "e", "Enter"]);
    assert!(matches!(asks(&requests)[..], [Intent::Mark { note: None, .. }]));
    assert!(text(&frame(&app, &scene, SIZE)).contains("Log record"), "back to the record that is read");
}

#[test]
fn what_is_copied_is_the_record_itself_and_bounded() {
    let held = fixture::strange(Moment::Noisy, &"漢".repeat(8_000));
    let (scene, mut app) = at(&held);
    match press(&mut app, &scene, &["5", "c"]).as_slice() {
        [Request::Copy(copied)] => {
            assert!(copied.len() <= 48 * 1024 && copied.chars().all(|c| c == '漢' || c == '…'));
        }
        other => panic!("{other:?}"),
    }
    assert!(text(&frame(&app, &scene, SIZE)).contains("clipboard"));
    press(&mut app, &scene, &["?"]);
    let drawn = text(&frame(&app, &scene, SIZE));
    assert!(drawn.contains("set-clipboard"), "{drawn}");
}

#[test]
fn findings_are_judged_once_a_key_and_listed_by_severity() {
    let held = fixture::at(Moment::Noisy);
    let (scene, mut app) = at(&held);
    let requests = press(&mut app, &scene, &["f", "x"]);
    let worst = FindingId::new("f-5").unwrap();
    let drawn = text(&frame(&app, &scene, SIZE));
    assert!(drawn.contains("severest first"), "{drawn}");
    assert_eq!(asks(&requests), [&Intent::Judge(worst, Judgement::Noise)]);
    assert!(press(&mut app, &scene, &["x", "x"]).is_empty(), "a key that is held says it once");
    press(&mut app, &scene, &["f", "f"]);
    let drawn = text(&frame(&app, &scene, SIZE));
    assert!(drawn.contains("newest first"), "{drawn}");
}

#[test]
fn what_is_judged_or_taken_on_is_not_open() {
    let held = fixture::at(Moment::Noisy);
    let (scene, mut app) = at(&held);
    press(&mut app, &scene, &["f", "f"]);
    let drawn = text(&frame(&app, &scene, SIZE));
    assert!(!drawn.contains("SSHBruteForce") && !drawn.contains("BucketBlockPublic"), "{drawn}");
    assert!(drawn.contains("PortProbe"), "{drawn}");
}

#[test]
fn d_held_down_ticks_off_one_step() {
    let held = fixture::at(Moment::Asked);
    let (scene, mut app) = at(&held);
    // Esc passes the question, then hides the newest line.
    assert_eq!(asks(&press(&mut app, &scene, &["Esc", "Esc"])).len(), 1);
    let requests = press(&mut app, &scene, &["3", "d", "d", "d"]);
    assert_eq!(asks(&requests).len(), 1);
    assert!(text(&frame(&app, &scene, SIZE)).contains("One key, one thing"));
    assert_eq!(asks(&press(&mut app, &scene, &["Down", "d"])).len(), 1);
}

#[test]
fn what_is_half_written_comes_back_when_one_stays() {
    for keys in [&["r", "i", "s", "o", "Enter", "Enter", "2", "q", "u", "i"][..], &["w", "h", "a", "l", "f"]] {
        let held = fixture::at(Moment::Found);
        let (scene, mut app) = at(&held);
        press(&mut app, &scene, keys);
        let before = text(&frame(&app, &scene, SIZE));
        press(&mut app, &scene, &["Ctrl-C"]);
        assert!(text(&frame(&app, &scene, SIZE)).contains("Leave the drill?"));
        press(&mut app, &scene, &["Esc"]);
        assert_eq!(text(&frame(&app, &scene, SIZE)), before);
    }
    let held = fixture::at(Moment::Verify);
    let (scene, mut app) = at(&held);
    press(&mut app, &scene, &["i", "s", "o", "Ctrl-C", "n", "o", "n"]);
    let requests = press(&mut app, &scene, &["Enter", "Enter", "Enter"]);
    assert!(matches!(asks(&requests)[..], [Intent::Improve { what, .. }] if what == "soon"), "{requests:?}");
}

#[test]
fn the_form_is_recorded_field_by_field_and_comes_back() {
    let mut held = fixture::at(Moment::Hypothesis);
    {
        let (scene, mut app) = at(&held);
        assert!(press(&mut app, &scene, &["Down", "Down"]).is_empty(), "nothing was changed");
        let requests = press(&mut app, &scene, &["1", "0", "m", "Down"]);
        let [Intent::Predict(prediction)] = asks(&requests)[..] else { panic!("{requests:?}") };
        assert_eq!(prediction.notified_within, Some("10m".parse().unwrap()));
        let prediction = prediction.clone();
        held.view.people.predictions.push((held.seat.clone(), prediction));
    }
    let (scene, mut app) = at(&held);
    assert!(text(&frame(&app, &scene, SIZE)).contains("10m"), "taken up again, it is there");
    assert!(press(&mut app, &scene, &["Down", "Down", "Down"]).is_empty(), "and is not said twice");
    let requests = press(&mut app, &scene, &["Up", "Up", "x", "Backspace", "Backspace", "Backspace", "Down"]);
    assert_eq!(asks(&requests).len(), 0, "a bound of nothing can't be read, so nothing is recorded");
    assert!(text(&frame(&app, &scene, SIZE)).contains("Not recorded yet"));
}

#[test]
fn leaving_the_form_records_what_was_typed_last() {
    let held = fixture::at(Moment::Hypothesis);
    for key in ["q", "w", "?"] {
        let (scene, mut app) = at(&held);
        let requests = press(&mut app, &scene, &["Down", "Down", "9", "m", key]);
        let [Intent::Predict(prediction)] = asks(&requests)[..] else { panic!("{key}: {requests:?}") };
        assert_eq!(prediction.notified_within, Some("9m".parse().unwrap()));
    }
}

#[test]
fn a_response_and_an_improvement_are_offered_where_the_rules_allow_them() {
    for (moment, key, words) in [(Moment::Hypothesis, "r", "Response"), (Moment::Verify, "i", "Improvement")] {
        let held = fixture::at(moment);
        let (scene, mut app) = at(&held);
        press(&mut app, &scene, &[key]);
        assert!(text(&frame(&app, &scene, SIZE)).contains(words), "{words}");
    }
}

#[test]
fn a_line_of_the_timeline_opens_in_full() {
    let held = fixture::at(Moment::Verify);
    let (scene, mut app) = at(&held);
    press(&mut app, &scene, &["0", "End", "Up", "Up", "Up", "Enter"]);
    let drawn = text(&frame(&app, &scene, SIZE));
    assert!(
        drawn.contains("What happened") && drawn.contains("two instances carry the load, so capacity first"),
        "{drawn}"
    );
}

#[test]
fn the_end_of_a_long_answer_is_reached() {
    let mut held = fixture::at(Moment::Verify);
    let debrief = held.debrief.as_mut().unwrap();
    debrief.questions[0].answers = vec![format!("{} THE-END", "word ".repeat(700)).as_str().into()];
    for size in [(80, 24), SIZE] {
        let (scene, mut app) = at(&held);
        app.handle(Input::Resize(size.0, size.1), &scene);
        press(&mut app, &scene, &["4"]);
        assert!(!text(&frame(&app, &scene, size)).contains("THE-END"));
        press(&mut app, &scene, &["PgDn"; 80]);
        let drawn = text(&frame(&app, &scene, size));
        assert!(drawn.contains("THE-END"), "{drawn}");
    }
}

#[test]
fn a_text_at_its_bound_says_so_and_keeps_what_fits() {
    let held = fixture::at(Moment::Found);
    let (scene, mut app) = at(&held);
    press(&mut app, &scene, &["w"]);
    app.handle(Input::Paste("x".repeat(MAX_WORDS + 7)), &scene);
    let drawn = text(&frame(&app, &scene, SIZE));
    assert!(drawn.contains("Full at 4000 characters: the last 7"), "{drawn}");
    let requests = press(&mut app, &scene, &["Enter"]);
    assert!(matches!(asks(&requests)[..], [Intent::Note(note)] if note.len() == MAX_WORDS));
}

#[test]
fn two_steps_that_one_response_ended_are_both_named() {
    let held = fixture::at(Moment::Asked);
    let (scene, app) = at(&held);
    assert_eq!(held.view.course.phase, Phase::Experiment);
    let drawn = text(&frame(&app, &scene, (80, 24)));
    assert!(drawn.contains("step 3 of 3"), "{drawn}");
}
