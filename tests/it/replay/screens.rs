//! Replay at the screens: how it looks, the mouse on the scrub bar, and notes from a debrief that was opened.

use std::path::Path;

use crossterm::event::KeyCode;
use firedrill::host::clock::WallClock;
use firedrill::host::desk::Desk;
use firedrill::host::replay::Replay;
use firedrill::host::shift::Shift;
use firedrill::tui::input::{Chord, Mouse};
use firedrill::tui::{App, DrillScene, Input, RecordingView, Request, Scene, Theme};
use firedrill_core::projection::{Transport, Viewer};
use firedrill_model::{Author, DrillTime, Span, WordBook};
use firedrill_model::{
    audience::audience_of,
    event::{Event, PeopleEvent},
};
use firedrill_record::store::DataDir;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{own, played};
use crate::fixture;

fn drawn(app: &App, scene: &Scene<'_>, (columns, rows): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| app.draw(frame, scene)).unwrap();
    terminal.backend().to_string()
}

/// The drill that was built by hand, with a note and a bookmark on it, while somebody writes another.
fn picture(size: (u16, u16), theme: Theme, keys: &str) -> String {
    let mut tape = fixture::drill();
    let about = |secs| DrillTime::ZERO + Span::from_secs(secs);
    let words = tape.seal("the volume was gone by now: who knew of the snapshot step?");
    let later = [
        PeopleEvent::NotedLater { about: about(1_335), words },
        PeopleEvent::Bookmarked { about: about(700), on: true },
    ];
    for event in later.map(Event::People) {
        let by = Author::Seat("replay".to_owned().try_into().unwrap());
        tape.push(by.clone(), audience_of(&event, &by), event);
    }
    let mut transport = Transport::new(fixture::scenario(), tape.entries.clone(), true, own());
    transport.seek(about(1_340));
    let scene = Scene::Drill(DrillScene {
        drill: &fixture::drill_id(),
        view: transport.view(),
        words: &tape.words,
        now: transport.now(),
        seat: &fixture::seat(),
        recording: &RecordingView::ReadOnly { why: "a replay; the record verifies".into() },
        debrief: None,
        replay: Some(&transport),
        ghost: None,
    });
    let mut app = App::new(theme);
    app.handle(Input::Resize(size.0, size.1), &scene);
    for key in keys.chars() {
        app.handle(Input::Key(Chord::char(key)), &scene);
    }
    drawn(&app, &scene, size)
}

#[test]
fn a_replay_as_it_was_looked_at() {
    for (size, moment, keys) in [
        ((80, 24), "", ""),
        ((120, 36), "", ""),
        ((200, 60), "", ""),
        ((120, 36), "-timeline", "66"),
        ((120, 36), "-note", "wwhy"),
        ((80, 24), "-refused", "r"),
    ] {
        let in_colour = picture(size, Theme::sixteen(), keys);
        assert_eq!(in_colour, picture(size, Theme::mono(), keys), "no colour is needed to read it");
        insta::assert_snapshot!(format!("replayed{moment}-{}x{}", size.0, size.1), in_colour);
    }
}

/// Somebody at the screens.
struct Person {
    shift: Shift,
    app: App,
}

const SIZE: (u16, u16) = (120, 36);

impl Person {
    fn sit(data: &Path) -> Self {
        let clock = WallClock::hands("2026-11-24T09:00:00Z".parse().unwrap());
        let desk = Desk { data: DataDir::open(data).unwrap(), alias: "otter".into(), pace: None };
        let shift = Shift::new(desk, Vec::new(), None, clock);
        let mut app = App::new(Theme::sixteen());
        app.handle(Input::Resize(SIZE.0, SIZE.1), &shift.scene());
        Self { shift, app }
    }

    fn ask(&mut self, request: Request) {
        self.shift.request(request, &mut self.app);
    }

    fn input(&mut self, input: Input) -> String {
        for request in self.app.handle(input, &self.shift.scene()) {
            self.shift.request(request, &mut self.app);
        }
        drawn(&self.app, &self.shift.scene(), SIZE)
    }

    fn press(&mut self, keys: &str) -> String {
        keys.chars().map(|key| self.input(Input::Key(Chord::char(key)))).last().unwrap()
    }

    fn enter(&mut self) -> String {
        self.input(Input::Key(Chord::key(KeyCode::Enter)))
    }

    fn now(&self) -> DrillTime {
        self.shift.scene().drill().unwrap().replay.unwrap().now()
    }
}

#[test]
fn from_a_surprise_into_the_replay_a_note_and_back() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let mut person = Person::sit(data.path());
    person.ask(Request::OpenDebrief(drill.clone().try_into().unwrap()));
    let first = person.shift.scene().drill().unwrap().debrief.unwrap().surprises[0].clone();
    person.press("2");
    let picture = person.enter();
    assert!(picture.contains(" REPLAY "), "{picture}");
    assert_eq!(person.now(), first.moment);
    assert!(person.shift.scene().drill().unwrap().view.next_seq > first.seq, "what surprised has happened there");
    person.press(" ");
    person.press("wso late");
    assert!(!person.shift.scene().drill().unwrap().replay.unwrap().is_playing(), "it stands still while one writes");
    let picture = person.enter();
    assert!(picture.contains("Noted on ") && picture.contains("\"so late\""), "{picture}");
    let picture = person.press("m");
    assert!(picture.contains("Bookmark set at"), "{picture}");
    let picture = person.press("m");
    assert!(picture.contains("One key, one thing"), "a key that is held sets no second one: {picture}");
    person.press("q");
    let scene = person.shift.scene();
    let debrief = scene.drill().unwrap().debrief.expect("back in the debrief");
    assert_eq!((debrief.later_notes.len(), debrief.bookmarks.len()), (1, 1));
    assert_eq!(debrief.later_notes[0].text.as_str(), "so late");
}

#[test]
fn a_replay_that_has_come_to_verify_has_its_debrief() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let mut person = Person::sit(data.path());
    person.ask(Request::Replay { drill: drill.try_into().unwrap(), at: DrillTime(400_000_000) });
    assert!(person.shift.scene().drill().unwrap().debrief.is_none());
    let picture = person.press("$");
    assert!(picture.contains("The hypothesis ") && !picture.contains("being put together"), "{picture}");
    person.press("0");
    assert!(person.shift.scene().drill().unwrap().debrief.is_none(), "nothing of it is told before");
    person.press("+++++ ");
    while person.shift.scene().drill().unwrap().replay.unwrap().is_playing() {
        person.shift.clock().wind(std::time::Duration::from_mins(1));
        person.shift.pass_time();
    }
    assert!(person.shift.scene().drill().unwrap().debrief.is_some(), "also where it was played up to there");
}

#[test]
fn what_is_refused_in_a_replay_keeps_what_was_typed() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let mut person = Person::sit(data.path());
    person.ask(Request::Replay { drill: drill.clone().try_into().unwrap(), at: DrillTime(400_000_000) });
    let picture = person.press("r");
    assert!(picture.contains("Not now: what was is not changed in a replay; w adds a note to it."), "{picture}");
    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, whole.replacen("\"rate\":30", "\"rate\":31", 1)).unwrap();
    person.press("wa long text");
    let picture = person.enter();
    assert!(picture.contains("is damaged") && picture.contains("a long text"), "{picture}");
}

#[test]
fn the_mouse_drags_the_cursor_along_the_scrub_bar() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let mut person = Person::sit(data.path());
    person.ask(Request::Replay { drill: drill.try_into().unwrap(), at: DrillTime::ZERO });
    let picture = person.input(Input::Resize(SIZE.0, SIZE.1));
    let row = u16::try_from(picture.lines().position(|line| line.contains('●')).unwrap()).unwrap();
    let at = |mouse, column, row| Input::Mouse(mouse, column, row);
    person.input(at(Mouse::Drag, 60, row));
    assert_eq!(person.now(), DrillTime::ZERO, "nothing was taken hold of");
    person.input(at(Mouse::Click, 30, row));
    let clicked = person.now();
    assert!(clicked > DrillTime::ZERO);
    person.input(at(Mouse::Drag, 60, row - 4));
    let dragged = person.now();
    assert!(dragged > clicked, "a hand may leave the bar");
    person.input(at(Mouse::Drag, 119, row));
    assert_eq!(person.now(), person.shift.scene().drill().unwrap().replay.unwrap().end());
    person.input(at(Mouse::Drag, 0, row));
    assert_eq!(person.now(), DrillTime::ZERO);
    person.input(at(Mouse::Click, 30, 4));
    person.input(at(Mouse::Drag, 60, row));
    assert_eq!(person.now(), DrillTime::ZERO, "it was let go");
}

#[test]
fn a_lobby_without_drills_offers_no_replay() {
    let data = tempfile::tempdir().unwrap();
    let mut person = Person::sit(data.path());
    let picture = person.input(Input::Resize(SIZE.0, SIZE.1));
    assert!(!picture.contains("[r] replay"), "{picture}");
    let picture = person.press("r");
    assert!(picture.contains("there is no drill to replay yet"), "{picture}");
    played(data.path());
    let picture = Person::sit(data.path()).input(Input::Resize(SIZE.0, SIZE.1));
    assert!(picture.contains("[r] replay"), "{picture}");
}

/// A live view may hold the ground truth, a facilitator's does: the screen doesn't list it before Verify. A replay of everything does.
#[test]
fn only_a_replay_of_everything_lists_the_ground_truth_before_verify() {
    let entries = fixture::drill().entries;
    let mut transport = Transport::new(fixture::scenario(), entries, true, own());
    transport.seek(DrillTime::ZERO + Span::from_secs(600));
    assert_eq!(*transport.viewer(), Viewer::Everything);
    let show = |replay| {
        let words = WordBook::default();
        let scene = Scene::Drill(DrillScene {
            drill: &fixture::drill_id(),
            view: transport.view(),
            words: &words,
            now: transport.now(),
            seat: &fixture::seat(),
            recording: &RecordingView::Recording,
            debrief: None,
            replay,
            ghost: None,
        });
        let mut app = App::new(Theme::mono());
        app.handle(Input::Resize(SIZE.0, SIZE.1), &scene);
        app.handle(Input::Key(Chord::key(KeyCode::Esc)), &scene);
        app.handle(Input::Key(Chord::char('6')), &scene);
        drawn(&app, &scene, SIZE)
    };
    let truth = "The adversary is active";
    assert!(show(Some(&transport)).contains(truth));
    assert!(!show(None).contains(truth));
}

#[test]
fn a_note_on_a_drill_that_is_not_over_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let drill = played(data.path());
    let journal = data.path().join(&drill).join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, whole.split_inclusive('\n').take(60).collect::<String>()).unwrap();
    let folder = DataDir::open(data.path()).unwrap();
    let replay = Replay::open(&folder, &drill.try_into().unwrap(), None).unwrap();
    assert_eq!(replay.transport().viewers().len(), 1, "nor is the ground truth shown");
    let mut person = Person::sit(data.path());
    person.shift.open_replay(replay, &mut person.app);
    person.press("wearly");
    let picture = person.enter();
    assert!(picture.contains("the drill isn't over yet") && picture.contains("early"), "{picture}");
}
