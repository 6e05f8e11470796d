//! A whole drill at the screens, by keys, on a clock that the test winds: the program but for its terminal.

use std::time::Duration;

use crossterm::event::KeyCode;
use firedrill::host::clock::WallClock;
use firedrill::host::desk::{Desk, Offer, debrief_of};
use firedrill::host::shift::{Flow, Shift};
use firedrill::tui::input::Chord;
use firedrill::tui::{App, Input, Scene, Theme};
use firedrill_core::projection::debrief::Verdict;
use firedrill_model::Judgement;
use firedrill_model::phase::Phase;
use firedrill_record::store::DataDir;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Somebody at the screens.
pub struct Seat {
    pub shift: Shift,
    pub app: App,
    terminal: Terminal<TestBackend>,
    pub flow: Flow,
    _data: tempfile::TempDir,
}

impl Seat {
    pub fn take(scenario: &str, (columns, rows): (u16, u16)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let clock = WallClock::hands("2026-11-24T09:00:00Z".parse().unwrap());
        let desk = Desk { data: DataDir::open(data.path()).unwrap(), alias: "otter".into(), pace: None };
        let offer = Offer::built_in(scenario).unwrap();
        let checked = offer.scenario().unwrap();
        let session = desk.begin(checked, &offer.text, Some(7), &clock).unwrap();
        let shift = Shift::new(desk, vec![offer], Some(session), clock);
        let mut app = App::new(Theme::sixteen());
        app.handle(Input::Resize(columns, rows), &shift.scene());
        let terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        Self { shift, app, terminal, flow: Flow::Stay, _data: data }
    }

    pub fn input(&mut self, chord: Chord) {
        self.give(Input::Key(chord));
    }

    pub fn give(&mut self, input: Input) {
        for request in self.app.handle(input, &self.shift.scene()) {
            self.flow = self.shift.request(request, &mut self.app);
        }
        self.app.catch_up(&self.shift.scene());
        self.picture();
    }

    pub fn press(&mut self, keys: &str) {
        keys.chars().for_each(|key| self.input(Chord::char(key)));
    }

    pub fn enter(&mut self) {
        self.input(Chord::key(KeyCode::Enter));
    }

    /// Time goes by on the wall, a quarter of a second at a time.
    pub fn wind(&mut self, time: Duration) {
        for _ in 0..time.as_millis() / 250 {
            self.shift.clock().wind(Duration::from_millis(250));
            self.shift.pass_time();
        }
        self.app.catch_up(&self.shift.scene());
        self.picture();
    }

    /// Gives a response: what to type to find it, how often Enter until it is given.
    pub fn respond(&mut self, filter: &str, target: bool, guess: Option<char>) {
        self.press("r");
        self.press(filter);
        self.enter();
        if target {
            self.enter();
        }
        if let Some(guess) = guess {
            self.press(&guess.to_string());
        }
        self.enter();
    }

    fn answer(&mut self, keys: &str) {
        self.press(keys);
    }

    pub fn picture(&mut self) -> String {
        let (app, scene) = (&self.app, self.shift.scene());
        self.terminal.draw(|frame| app.draw(frame, &scene)).unwrap();
        let Scene::Drill(drill) = scene else { return self.terminal.backend().to_string() };
        // The name of the drill is drawn by chance.
        let name = drill.drill.as_str();
        self.terminal.backend().to_string().replace(name, &"~".repeat(name.len()))
    }

    #[track_caller]
    pub fn sees(&mut self, text: &str) {
        let picture = self.picture();
        assert!(picture.contains(text), "'{text}' is not on the screen:\n{picture}");
    }

    pub fn phase(&self) -> Phase {
        self.shift.session().unwrap().drill().phase()
    }
}

fn terminated_at_once(size: (u16, u16)) {
    let mut seat = Seat::take("crypto-mining", size);
    let name = |moment: &str| format!("{moment}-{}x{}", size.0, size.1);
    seat.wind(Duration::from_secs(5));
    insta::assert_snapshot!(name("1-steady-state"), seat.picture());
    seat.wind(Duration::from_secs(6));
    seat.press("g");
    insta::assert_snapshot!(name("2-hypothesis"), seat.picture());
    seat.press("g");
    assert_eq!(seat.phase(), Phase::Experiment);
    seat.wind(Duration::from_secs(10));
    insta::assert_snapshot!(name("3-nobody-was-told"), seat.picture());
    seat.press("s");
    insta::assert_snapshot!(name("4-the-pager-rang"), seat.picture());
    seat.press("a");
    seat.respond("resolver", false, None);
    seat.wind(Duration::from_secs(10));
    insta::assert_snapshot!(name("5-the-three-questions"), seat.picture());
    seat.answer("4yn");
    seat.input(Chord::key(KeyCode::Esc));
    seat.press("r");
    seat.press("terminate");
    seat.enter();
    seat.enter();
    insta::assert_snapshot!(name("6-before-it-a-guess"), seat.picture());
    seat.press("1");
    seat.enter();
    seat.wind(Duration::from_secs(40));
    insta::assert_snapshot!(name("7-the-other-instance-carries-all"), seat.picture());
    seat.sees("over");
    seat.press("g");
    seat.enter();
    assert_eq!(seat.phase(), Phase::Verify);
    insta::assert_snapshot!(name("8-verify"), seat.picture());
    seat.press("g");
    assert_eq!(seat.phase(), Phase::Improve);
    insta::assert_snapshot!(name("9-improve"), seat.picture());
    seat.press("g");
    seat.enter();
    assert_eq!(seat.phase(), Phase::Closed);
    let debrief = debrief_of(seat.shift.session().unwrap());
    assert_eq!(debrief.verdict, Verdict::Deviated);
    assert_eq!(debrief.guesses[0].agrees, Some(false), "the guess was that it stays");
    assert_eq!(debrief.steps[0].confidence, Some(4));
    assert_eq!((debrief.steps[0].knew_where, debrief.steps[0].knew_whom), (Some(true), Some(false)));
    seat.press("q");
    assert!(matches!(seat.flow, Flow::Leave(_)), "a closed drill is left without a question");
}

#[test]
fn a_whole_drill_at_120x36() {
    terminated_at_once((120, 36));
}

#[test]
fn a_whole_drill_at_80x24() {
    terminated_at_once((80, 24));
}

#[test]
fn nobody_is_told_of_the_open_port() {
    let mut seat = Seat::take("open-ssh-port", (120, 36));
    seat.wind(Duration::from_secs(15));
    seat.press("gg");
    assert_eq!(seat.phase(), Phase::Experiment);
    // Ten minutes of drill time at the brisk pace: AWS Config has found it, and nobody knows.
    seat.wind(Duration::from_secs(20));
    assert!(seat.shift.session().unwrap().view().board.findings.is_empty());
    seat.wind(Duration::from_secs(20));
    assert!(!seat.shift.session().unwrap().view().board.messages.is_empty(), "a colleague asks");
    seat.press("g");
    seat.enter();
    let debrief = debrief_of(seat.shift.session().unwrap());
    let verdict = |name: &str| debrief.parts.iter().find(|part| part.part == name).unwrap().verdict;
    assert_eq!((verdict("detected"), verdict("notified")), (Verdict::Held, Verdict::Deviated));
}

#[test]
fn leaving_a_drill_that_is_under_way_is_asked_once() {
    let mut seat = Seat::take("crypto-mining", (80, 24));
    seat.press("q");
    assert_eq!(seat.flow, Flow::Stay, "it is asked first");
    seat.press("y");
    assert!(matches!(seat.flow, Flow::Leave(_)));
}

#[test]
fn an_idle_drill_asks_for_no_time() {
    let mut seat = Seat::take("crypto-mining", (80, 24));
    assert!(seat.shift.patience(&seat.app).is_some(), "the clock runs");
    seat.wind(Duration::from_secs(11));
    seat.press("g");
    assert_eq!(seat.shift.patience(&seat.app), None, "nothing changes by itself while the form is filled in");
}

#[test]
fn what_is_marked_and_judged_is_held_against_the_truth_in_verify() {
    let mut seat = Seat::take("crypto-mining", (120, 36));
    seat.wind(Duration::from_secs(11));
    seat.press("gg");
    seat.wind(Duration::from_secs(10));
    seat.press("s");
    seat.press("o");
    seat.press("e/minexmr");
    seat.enter();
    seat.sees("found");
    seat.press("epool");
    seat.enter();
    seat.sees("Marked as evidence: 1");
    // Everyday traffic beside it: marked, and taken back.
    seat.press("/");
    seat.input(Chord::key(KeyCode::Esc));
    seat.press("/-minexmr");
    seat.enter();
    seat.press("e");
    seat.enter();
    seat.sees("Marked as evidence: 2");
    seat.press("u");
    seat.sees("Marked as evidence: 1");
    let open = &debrief_of(seat.shift.session().unwrap()).evidence;
    assert_eq!((&open.marked[0].left_by, open.findings[0].was), (&None, None), "the truth is told in Verify");
    seat.press("g");
    seat.enter();
    assert_eq!(seat.phase(), Phase::Verify);
    let evidence = debrief_of(seat.shift.session().unwrap()).evidence;
    let marked = &evidence.marked[..];
    assert_eq!(marked.len(), 1);
    assert_eq!((marked[0].note.as_ref().unwrap().as_str(), marked[0].benign), ("pool", Some(false)));
    assert!(evidence.traces.iter().any(|trace| trace.marked == 1 && trace.records >= 1), "{:?}", evidence.traces);
    let finding = &evidence.findings[0];
    assert_eq!((finding.judged, finding.was), (Some(Judgement::Ours), Some(Judgement::Ours)));
    seat.press("8");
    seat.sees("✓ as judged");
}

#[test]
fn a_note_from_the_replay_of_the_drill_that_is_run_goes_into_that_drill() {
    let mut seat = Seat::take("crypto-mining", (120, 36));
    seat.wind(Duration::from_secs(11));
    seat.press("gg");
    seat.wind(Duration::from_secs(10));
    seat.press("s");
    seat.press("a");
    seat.respond("terminate", true, Some('1'));
    seat.wind(Duration::from_secs(40));
    seat.press("g");
    seat.enter();
    assert_eq!(seat.phase(), Phase::Verify);
    seat.press("2");
    seat.enter();
    seat.sees(" REPLAY ");
    seat.press("wlate");
    seat.enter();
    seat.sees("Noted on ");
    seat.sees("Note, added later");
    seat.press("m");
    seat.sees("Bookmark set at");
    seat.press("q");
    assert_eq!(seat.phase(), Phase::Verify, "back in the drill");
    let session = seat.shift.session().unwrap();
    let debrief = debrief_of(session);
    assert_eq!((debrief.later_notes[0].text.as_str(), debrief.bookmarks.len()), ("late", 1));
    assert!(debrief.later_notes[0].at < session.now().since(firedrill_model::DrillTime::ZERO).as_secs_f64());
    let scene = seat.shift.scene();
    assert_eq!(scene.drill().unwrap().debrief.unwrap().later_notes.len(), 1, "the debrief on the screen tells it");
    seat.press("g");
    assert_eq!(seat.phase(), Phase::Improve, "and the drill goes on");
}
