//! From a key to the frame that follows it, while the disk takes 100 ms a sync.
//!
//! `cargo bench --bench frame`. A key is pressed (a dialogue opens, which is recorded), the drill takes it, and the screen is drawn once.
//! With a writer beside it nobody who draws waits for the disk; `recorded_here` is the same drill whose host writes itself.

#![expect(clippy::expect_used, reason = "a measurement that can not start may stop")]

mod slow_disk;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use divan::Bencher;
use firedrill::host::session::{Session, Wake};
use firedrill::tui::{App, DrillScene, Input, RecordingView, Scene, Theme};
use firedrill_model::command::Ask;
use firedrill_model::id::SeatId;
use firedrill_model::{Role, Scenario};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn main() {
    divan::main();
}

fn session() -> Session {
    let text = include_str!("../scenarios/crypto-mining/scenario.toml");
    let scenario: Arc<Scenario> = Arc::new(firedrill_authoring::check("crypto-mining", text).expect("it is valid"));
    let person = (SeatId::new("seat-1").expect("an id"), Role::Responder, "otter");
    Session::begin(scenario, slow_disk::record(), person, DateTime::<Utc>::UNIX_EPOCH).expect("it begins")
}

/// Presses a key that is recorded, and draws the frame that follows.
fn key_to_frame(bencher: Bencher, mut session: Session) {
    let mut app = App::new(Theme::mono());
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("a buffer");
    let mut open = false;
    let size = Input::Resize(120, 36);
    app.handle(size, &scene(&session));
    bencher.bench_local(|| {
        open = !open;
        session.ask(Ask::Attend(open), DateTime::<Utc>::UNIX_EPOCH).expect("it is taken");
        terminal.draw(|frame| app.draw(frame, &scene(&session))).expect("a frame");
    });
}

fn scene(session: &Session) -> Scene<'_> {
    Scene::Drill(DrillScene {
        drill: session.name(),
        view: session.view(),
        words: session.words(),
        now: session.now(),
        seat: session.seat(),
        recording: &RecordingView::Recording,
        debrief: None,
        replay: None,
        ghost: None,
    })
}

#[divan::bench(sample_count = 50, sample_size = 1)]
fn recorded_beside(bencher: Bencher) {
    key_to_frame(bencher, session().recorded_beside(&(Arc::new(|| {}) as Wake)));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn recorded_here(bencher: Bencher) {
    key_to_frame(bencher, session());
}
