//! What the screens say when a hand slips, a moment passes, or nobody is there.

use std::time::Duration;

use crossterm::event::KeyCode;
use firedrill::host::session::Session;
use firedrill::plain::{Plain, Seen};
use firedrill::tui::input::Chord;
use firedrill::tui::{App, Input, Request, Theme};
use firedrill_model::command::{ClockAsk, Intent};
use firedrill_model::event::{DrillEvent, Event, PaceCause, PeopleEvent};
use firedrill_model::phase::Phase;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::seat::Seat;

/// In the experiment, told of the finding, which is acknowledged.
fn told(size: (u16, u16)) -> Seat {
    let mut seat = Seat::take("crypto-mining", size);
    seat.wind(Duration::from_secs(11));
    seat.press("gg");
    seat.wind(Duration::from_secs(10));
    seat.press("s");
    seat.press("a");
    assert_eq!(seat.phase(), Phase::Experiment);
    seat
}

fn events(seat: &Seat) -> Vec<Event> {
    seat.shift.session().unwrap().entries().iter().map(|entry| entry.event.clone()).collect()
}

fn answers(seat: &Seat) -> Vec<PeopleEvent> {
    let all = events(seat).into_iter();
    let said = all.filter_map(|event| if let Event::People(event) = event { Some(event) } else { None });
    said.filter(|event| matches!(event, PeopleEvent::Answered { .. })).collect()
}

fn esc(seat: &mut Seat) {
    seat.input(Chord::key(KeyCode::Esc));
}

#[test]
fn esc_passes_a_question_and_one_key_brings_it_back() {
    let mut seat = told((120, 36));
    seat.respond("resolver", false, None);
    seat.wind(Duration::from_secs(95));
    seat.sees("Question 1 of 3");
    esc(&mut seat);
    seat.sees("Question passed. p brings it back.");
    assert!(!seat.picture().contains("Question 1 of 3"));
    let [PeopleEvent::Answered { step, confidence: None, knew_where: None, knew_whom: None, words: None }] =
        &answers(&seat)[..]
    else {
        panic!("it is passed as plain mode passes it: {:?}", answers(&seat));
    };
    let passed = step.clone();
    // The next step asks again: nothing stays hidden.
    seat.respond("snapshot", true, None);
    seat.wind(Duration::from_secs(200));
    seat.sees("Question 1 of 3");
    esc(&mut seat);
    // What was passed last comes back, and is answered after all.
    seat.press("p");
    seat.sees("Question 1 of 3");
    seat.press("4yn");
    assert!(!seat.picture().contains("Question "));
    let last = answers(&seat).split_off(2);
    assert_eq!(last.len(), 3, "three answers in three keys: {last:?}");
    assert!(matches!(&last[0], PeopleEvent::Answered { step, confidence: Some(4), .. } if *step != passed));
}

#[test]
fn a_text_that_is_pasted_where_no_field_is_open_does_nothing() {
    let mut seat = told((120, 36));
    let before = events(&seat).len();
    seat.give(Input::Paste("revoke sessions\nq\ny\n".into()));
    seat.sees("nothing was done with it");
    assert_eq!(events(&seat).len(), before);
}

#[test]
fn esc_and_a_key_read_in_one_go_are_two_keys() {
    let mut seat = told((120, 36));
    seat.press("w");
    seat.press("half a note");
    seat.input(Chord::alt(KeyCode::Char('q')));
    seat.sees("Leave");
    esc(&mut seat);
    // Alt and Enter is a key of its own where a text has lines.
    seat.press("w");
    seat.input(Chord::alt(KeyCode::Enter));
    seat.press("more");
    seat.enter();
    let noted = events(&seat).iter().filter(|event| matches!(event, Event::People(PeopleEvent::Noted { .. }))).count();
    assert_eq!(noted, 1);
}

#[test]
fn a_key_with_nothing_on_it_is_answered() {
    let mut seat = told((120, 36));
    for (key, said) in [
        ('W', "Is Caps Lock on? w is: Write a note"),
        ('\u{444}', "Latin"),
        ('9', "no pane 9"),
        ('~', "shows the keys"),
    ] {
        seat.press(&key.to_string());
        seat.sees(said);
    }
}

#[test]
fn a_signal_that_goes_over_is_told_with_what_was_done_before() {
    for size in [(120, 36), (80, 24)] {
        let mut seat = told(size);
        seat.respond("terminate", true, Some('1'));
        seat.wind(Duration::from_secs(45));
        seat.sees("after 'Terminate the instance");
        seat.sees("over 50 ms");
        let lines = |seat: &Seat| {
            let view = seat.shift.session().unwrap().view();
            view.timeline.iter().filter(|line| line.text(view).as_str().contains("over 50 ms (")).count()
        };
        assert_eq!(lines(&seat), 1, "once");
        // The first one passes a question.
        esc(&mut seat);
        esc(&mut seat);
        seat.press("4yn");
        assert!(!seat.picture().contains(" ! "), "Esc hides it");
    }
}

#[test]
fn a_guess_is_asked_with_the_signals_in_sight() {
    for size in [(120, 36), (80, 24)] {
        let mut seat = told(size);
        seat.press("r");
        seat.press("terminate");
        seat.enter();
        seat.enter();
        let picture = seat.picture();
        let view = seat.shift.session().unwrap().view();
        for signal in view.scenario.signals.iter().filter(|signal| signal.limit.is_some()) {
            let title: String = signal.title.as_str().chars().take(20).collect();
            assert!(picture.contains(&title), "{title} is hidden:\n{picture}");
        }
        seat.sees("all stay within their limits");
        seat.sees("4 ");
    }
}

#[test]
fn a_response_whose_moment_has_passed_closes_and_says_so() {
    let mut seat = told((120, 36));
    seat.press("r");
    seat.press("terminate");
    seat.enter();
    seat.enter();
    seat.sees("what do you expect?");
    let now = seat.shift.clock().utc();
    // Somebody at another seat, or the scenario's time, ends the experiment.
    seat.shift.session_mut().unwrap().ask(Intent::NextPhase, now).unwrap();
    seat.app.catch_up(&seat.shift.scene());
    seat.sees("Experiment is over, Verify has begun: the response that was being chosen was not given.");
    assert!(!seat.picture().contains("what do you expect?"));
}

#[test]
fn a_key_for_a_dialogue_that_closes_in_that_moment_does_nothing_else() {
    let mut seat = told((120, 36));
    seat.press("r");
    seat.press("terminate");
    seat.enter();
    let now = seat.shift.clock().utc();
    seat.shift.session_mut().unwrap().ask(Intent::NextPhase, now).unwrap();
    let asked = seat.app.handle(Input::Key(Chord::key(KeyCode::Enter)), &seat.shift.scene());
    assert!(asked.iter().all(|request| matches!(request, Request::Ask(Intent::Attend(_)))), "{asked:?}");
    seat.sees("was not given");
}

#[test]
fn a_drill_that_is_played_alone_pauses_when_nobody_is_there() {
    let mut seat = told((120, 36));
    seat.wind(Duration::from_secs(200));
    assert!(seat.shift.session().unwrap().drill().rate() > 0, "a finding may be read for a while");
    seat.wind(Duration::from_mins(1));
    let session = seat.shift.session().unwrap();
    assert_eq!(session.drill().rate(), 0);
    let stood = session.now();
    seat.sees("Paused at T+");
    seat.sees("nobody was at the keys");
    seat.wind(Duration::from_mins(30));
    assert_eq!(seat.shift.session().unwrap().now(), stood);
    let paused = |event: &Event| {
        matches!(event, Event::Drill(DrillEvent::PaceChanged { rate: 0, because: PaceCause::Away, .. }))
    };
    assert_eq!(events(&seat).iter().filter(|event| paused(event)).count(), 1, "a fact of the record, once");
    seat.press(" ");
    assert!(seat.shift.session().unwrap().drill().rate() > 0);
    assert!(!seat.picture().contains("Paused at"));
}

#[test]
fn nothing_of_one_drill_shows_in_the_next() {
    let mut seat = told((120, 36));
    seat.press("3");
    seat.press("jjz");
    seat.press("wa half note");
    esc(&mut seat);
    let next = Seat::take("crypto-mining", (120, 36));
    let picture = |app: &App| {
        let mut terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
        let scene = next.shift.scene();
        terminal.draw(|frame| app.draw(frame, &scene)).unwrap();
        terminal.backend().to_string()
    };
    let mut fresh = App::new(Theme::sixteen());
    fresh.handle(Input::Resize(120, 36), &next.shift.scene());
    esc(&mut seat);
    seat.app.catch_up(&next.shift.scene());
    assert_eq!(picture(&seat.app), picture(&fresh));
    seat.app.handle(Input::Key(Chord::char('w')), &next.shift.scene());
    fresh.handle(Input::Key(Chord::char('w')), &next.shift.scene());
    assert_eq!(picture(&seat.app), picture(&fresh), "nor a draft");
}

#[test]
fn plain_mode_says_when_and_why_it_paused_and_how_to_go_on() {
    let mut seat = told((120, 36));
    let now = seat.shift.clock().utc();
    let session = seat.shift.session_mut().unwrap();
    let mut plain = Plain::default();
    let _ = plain.news(seen(session));
    session.ask(Intent::Clock(ClockAsk::Away), now).unwrap();
    let said: Vec<String> = plain.news(seen(session)).iter().map(ToString::to_string).collect();
    let when = session.view().t(session.now()).to_string();
    assert!(said[0].starts_with(&when) && said[0].contains("nobody was at the keys"), "{said:?}");
    assert_eq!(said.last().map(String::as_str), Some("Type `go` to go on."));
    assert!(plain.news(seen(session)).is_empty(), "once");
}

fn seen(session: &Session) -> Seen<'_> {
    let (view, words, now) = (session.view(), session.words(), session.now());
    Seen { view, messages: &[], words, now, earlier: session.earlier(), ghost: None }
}
