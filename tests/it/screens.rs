//! The screens from outside: every one of them, at many sizes, with every key, with hostile text, with and without colour.

mod evidence;
mod fixture;
mod hostile;
mod past;
mod pictures;

use std::fmt::Write as _;
use std::sync::LazyLock;

use firedrill::tui::input::{Chord, Mouse};
use firedrill::tui::keymap::{TABLE, TYPING};
use firedrill::tui::{App, Input, Message, RecordingView, Request, Scene, Theme};
use firedrill_model::SafeText;
use fixture::Moment;
use pictures::{At, Picture, Stage, chord};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

/// What a fault in drawing shows instead of the picture.
const FAULT: &str = "The picture could not be drawn";

fn app(scene: &Scene<'_>, size: (u16, u16), theme: Theme) -> App {
    let mut app = App::new(theme);
    app.handle(Input::Resize(size.0, size.1), scene);
    app
}

fn press(app: &mut App, scene: &Scene<'_>, keys: &[&str]) -> Vec<Request> {
    let mut requests = Vec::new();
    for key in keys {
        let key = chord(key).unwrap_or_else(|| panic!("no such key: {key}"));
        requests.extend(app.handle(Input::Key(key), scene));
    }
    requests
}

fn frame(app: &App, scene: &Scene<'_>, (columns, rows): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| app.draw(frame, scene)).unwrap();
    terminal.backend().buffer().clone()
}

fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
                skip = unicode_width::UnicodeWidthStr::width(symbol).max(1);
            }
            skip -= 1;
        }
        writeln!(out, "{}", line.trim_end()).unwrap();
    }
    out
}

/// Draws a picture at a size.
fn shown(picture: &Picture, size: (u16, u16), theme: Theme) -> Buffer {
    static STAGE: LazyLock<Stage> = LazyLock::new(|| Stage::set(None));
    let scene = STAGE.scene(picture.at);
    let mut app = app(&scene, size, theme);
    press(&mut app, &scene, picture.keys);
    frame(&app, &scene, size)
}

#[test]
fn every_screen_and_overlay_as_it_was_looked_at() {
    for picture in pictures::all() {
        for size in [(80, 24), (120, 36)] {
            let name = format!("{}-{}x{}", picture.name, size.0, size.1);
            insta::assert_snapshot!(name, text(&shown(&picture, size, Theme::sixteen())));
        }
    }
}

/// Whatever is shown says so: each screen is one of these pictures, which [`Stage::scene`] knows all of.
#[test]
fn every_screen_says_at_its_head_and_foot_that_it_is_an_exercise() {
    for picture in pictures::all() {
        for size in [(60, 16), (80, 24), (120, 36), (200, 60)] {
            let drawn = text(&shown(&picture, size, Theme::sixteen()));
            let lines: Vec<&str> = drawn.lines().collect();
            let [head, foot] = [lines[0], lines[lines.len() - 1]];
            let kind = if size.0 < 100 { "EXERCISE sim" } else { "EXERCISE, simulated" };
            assert!(head.contains(kind) || head.contains("EXERCISE, simulated"), "{}:\n{drawn}", picture.name);
            // An answer to a key goes before it, where there is no room for both.
            let has_room = foot.chars().count() + 12 < usize::from(size.0);
            assert!(foot.contains("EXERCISE") || !has_room, "{} at {size:?}:\n{drawn}", picture.name);
        }
    }
}

#[test]
fn wide_screens_as_they_were_looked_at() {
    for name in ["console-question", "verify", "evidence", "history", "improvements"] {
        let picture = pictures::all().into_iter().find(|picture| picture.name == name).unwrap();
        insta::assert_snapshot!(format!("{name}-200x60"), text(&shown(&picture, (200, 60), Theme::sixteen())));
    }
}

#[test]
fn every_size_is_drawn() {
    let stage = Stage::set(None);
    let columns = [1, 2, 7, 59, 60, 61, 79, 80, 100, 110, 160, 220];
    let rows = [1, 2, 15, 16, 17, 24, 32, 36, 70];
    for picture in pictures::all() {
        let scene = stage.scene(picture.at);
        let mut app = app(&scene, (120, 36), Theme::sixteen());
        press(&mut app, &scene, picture.keys);
        for size in columns.into_iter().flat_map(|columns| rows.map(|rows| (columns, rows))) {
            app.handle(Input::Resize(size.0, size.1), &scene);
            let drawn = text(&frame(&app, &scene, size));
            assert!(!drawn.contains("could not be"), "{} at {size:?}:\n{drawn}", picture.name);
        }
    }
}

#[test]
fn too_small_a_screen_says_what_it_needs() {
    let held = fixture::at(Moment::Found);
    let drawn = text(&frame(&App::new(Theme::sixteen()), &held.scene(), (48, 12)));
    insta::assert_snapshot!("too-small", drawn);
}

#[test]
fn resizing_loses_neither_typed_text_nor_place() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    press(&mut app, &scene, &["r", "i", "s", "o", "Enter", "Enter", "2", "b", "e", "c"]);
    let before = text(&frame(&app, &scene, (120, 36)));
    for size in [(10, 3), (60, 16), (200, 60), (120, 36)] {
        app.handle(Input::Resize(size.0, size.1), &scene);
        frame(&app, &scene, size);
    }
    assert_eq!(text(&frame(&app, &scene, (120, 36))), before);
}

#[test]
fn every_key_of_the_table_is_answered_everywhere() {
    let stage = Stage::set(None);
    let keys: Vec<Chord> = TABLE
        .iter()
        .flat_map(|line| line.keys.iter().copied())
        .chain(TYPING.iter().map(|(key, _)| *key))
        .chain("xyzXYZ0 9/é漢".chars().map(Chord::char))
        .collect();
    for picture in pictures::all() {
        let scene = stage.scene(picture.at);
        let mut before = app(&scene, (120, 36), Theme::sixteen());
        press(&mut before, &scene, picture.keys);
        for first in &keys {
            let mut app = before.clone();
            app.handle(Input::Key(*first), &scene);
            let drawn = text(&frame(&app, &scene, (80, 24)));
            assert!(!drawn.contains("could not be"), "{} then {}:\n{drawn}", picture.name, first.label());
        }
    }
}

/// A long walk over the keys, from every moment and list, the same each time.
#[test]
fn long_walks_over_the_keys_end_nowhere_bad() {
    let keys: Vec<Chord> = TABLE.iter().flat_map(|line| line.keys.iter().copied()).collect();
    let set = Stage::set(None);
    let lists = [At::Lobby, At::History, At::Improvements];
    for at in Moment::ALL.map(At::Drill).into_iter().chain(lists) {
        let scene = set.scene(at);
        let mut app = app(&scene, (120, 36), Theme::sixteen());
        let mut state = 12_345_u64;
        for step in 0..600 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = keys[usize::try_from(state >> 33).unwrap() % keys.len()];
            app.handle(Input::Key(key), &scene);
            if step % 20 == 0 {
                assert!(!text(&frame(&app, &scene, (100, 30))).contains("could not be"), "{at:?}");
            }
        }
    }
}

#[test]
fn escape_leads_out_of_everything_and_never_leaves() {
    let stage = Stage::set(None);
    for picture in pictures::all() {
        let scene = stage.scene(picture.at);
        let mut app = app(&scene, (120, 36), Theme::sixteen());
        press(&mut app, &scene, picture.keys);
        let requests = press(&mut app, &scene, &["Esc"; 8]);
        assert!(!requests.contains(&Request::Quit), "{}", picture.name);
        let q = press(&mut app, &scene, &["q"]);
        let in_drill = matches!(picture.at, At::Drill(moment) if moment != Moment::Closed);
        assert_eq!(q.contains(&Request::Quit), !in_drill, "{}: q asks first in a drill", picture.name);
    }
}

#[test]
fn control_c_asks_once_and_leaves_the_second_time() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    assert!(!press(&mut app, &scene, &["w", "h", "Ctrl-C"]).contains(&Request::Quit));
    assert!(press(&mut app, &scene, &["Ctrl-C"]).contains(&Request::Quit));
    // Staying finds the draft where it was.
    let mut app = self::app(&scene, (120, 36), Theme::sixteen());
    press(&mut app, &scene, &["w", "d", "r", "a", "f", "t", "Ctrl-C", "Esc", "w"]);
    assert!(text(&frame(&app, &scene, (120, 36))).contains("draft"));
}

/// Characters that must never reach a terminal, or that change how others are shown.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{061C}' | '\u{00AD}' | '\u{E0000}'..='\u{E0FFF}' | '\u{FE00}'..='\u{FE0F}')
}

#[test]
fn hostile_text_reaches_no_cell() {
    let corpus = hostile::corpus();
    assert!(corpus.len() >= 100);
    let pictures = pictures::all();
    for (at, raw) in corpus.iter().enumerate() {
        let stage = Stage::set(Some(raw));
        // Each text goes through every screen at one size, and the sizes take turns.
        let size = [(60, 16), (80, 24), (120, 36), (200, 60)][at % 4];
        for picture in &pictures {
            let scene = stage.scene(picture.at);
            let mut app = app(&scene, size, Theme::sixteen());
            press(&mut app, &scene, picture.keys);
            app.handle(Input::Paste(raw.clone()), &scene);
            let drawn = text(&frame(&app, &scene, size));
            let bad = drawn.chars().find(|c| *c != '\n' && is_forbidden(*c));
            assert_eq!(bad, None, "{} with {raw:?} at {size:?}", picture.name);
            assert!(!drawn.contains(FAULT), "{} with {raw:?}:\n{drawn}", picture.name);
        }
    }
}

#[test]
fn what_was_hidden_in_a_finding_is_seen() {
    let held = fixture::strange(Moment::Found, "i-0\x1b[2Ja\u{202E}exe.gpj");
    let scene = held.scene();
    let drawn = text(&frame(&app(&scene, (120, 36), Theme::sixteen()), &scene, (120, 36)));
    assert!(drawn.contains("␛[2J"), "{drawn}");
    assert!(drawn.contains("⟨U+202E⟩"), "{drawn}");
}

#[test]
fn without_colour_the_same_words_are_there_and_nothing_is_coloured() {
    for picture in pictures::all() {
        let (colour, mono) = (shown(&picture, (120, 36), Theme::sixteen()), shown(&picture, (120, 36), Theme::mono()));
        assert_eq!(text(&colour), text(&mono), "{}", picture.name);
        let coloured = mono.content().iter().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
        assert!(!coloured, "{}", picture.name);
    }
}

#[test]
fn only_sixteen_colours_are_used() {
    for picture in pictures::all() {
        let drawn = shown(&picture, (120, 36), Theme::sixteen());
        let beyond = |colour: Color| matches!(colour, Color::Rgb(..) | Color::Indexed(_));
        assert!(!drawn.content().iter().any(|cell| beyond(cell.fg) || beyond(cell.bg)), "{}", picture.name);
    }
}

#[test]
fn without_colour_the_chosen_row_and_the_focus_are_still_seen() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::mono());
    let first = frame(&app, &scene, (120, 36));
    press(&mut app, &scene, &["Down"]);
    let second = frame(&app, &scene, (120, 36));
    let marked = |buffer: &Buffer| text(buffer).lines().position(|line| line.starts_with("┃>"));
    assert_ne!(marked(&first), marked(&second), "the marker moves");
    let reversed =
        |buffer: &Buffer| buffer.content().iter().position(|cell| cell.modifier.contains(Modifier::REVERSED));
    assert_ne!(reversed(&first), reversed(&second), "the reversed row moves");
    press(&mut app, &scene, &["Tab"]);
    let third = text(&frame(&app, &scene, (120, 36)));
    assert_ne!(third, text(&second), "the thick frame moves");
}

#[test]
fn verdicts_and_severities_have_words() {
    let drawn = |name: &str| {
        let picture = pictures::all().into_iter().find(|picture| picture.name == name).unwrap();
        text(&shown(&picture, (120, 36), Theme::mono()))
    };
    assert!(drawn("console-found").contains("▲ HIGH"));
    let verify = drawn("verify");
    assert!(verify.contains("✗ The hypothesis deviated") && verify.contains("held: after"));
    assert!(drawn("console-question").contains("▲ over"));
}

#[test]
fn a_record_that_stands_still_is_told_across_the_screen() {
    let mut held = fixture::at(Moment::Found);
    held.recording = RecordingView::NotRecording { why: SafeText::new("no space left on the device") };
    let scene = held.scene();
    let mut app = app(&scene, (80, 24), Theme::mono());
    let drawn = frame(&app, &scene, (80, 24));
    assert!(text(&drawn).contains("NOT RECORDING: no space left on the device"));
    assert!(drawn.content().iter().any(|cell| cell.modifier.contains(Modifier::REVERSED)));
    assert_eq!(press(&mut app, &scene, &["R"]), [Request::Retry]);
}

#[test]
fn a_refusal_is_shown_and_what_was_typed_comes_back() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    press(&mut app, &scene, &["w", "w", "h", "o", "Enter"]);
    assert!(!text(&frame(&app, &scene, (120, 36))).contains("who"));
    app.refused(SafeText::new("the drill can't take more of these (notes); the record is bounded"));
    let drawn = text(&frame(&app, &scene, (120, 36)));
    assert!(drawn.contains("who") && drawn.contains("can't take more of these"), "{drawn}");
    app.say(Message::Notice(SafeText::new("something else")));
    assert!(text(&frame(&app, &scene, (120, 36))).contains("something else"));
}

/// Clicks on the first place where the words stand. False if they are not on the screen.
fn click(app: &mut App, scene: &Scene<'_>, words: &str) -> Option<Vec<Request>> {
    let drawn = text(&frame(app, scene, (120, 36)));
    let (row, line) = drawn.lines().enumerate().find(|(_, line)| line.contains(words))?;
    let column = unicode_width::UnicodeWidthStr::width(line.split(words).next()?);
    let (column, row) = (u16::try_from(column + 1).ok()?, u16::try_from(row).ok()?);
    Some(app.handle(Input::Mouse(Mouse::Click, column, row), scene))
}

fn clicks(app: &mut App, scene: &Scene<'_>, all: &[&str]) -> Vec<Request> {
    all.iter().flat_map(|words| click(app, scene, words).unwrap_or_else(|| panic!("'{words}' is not there"))).collect()
}

#[test]
fn the_mouse_alone_starts_goes_on_and_answers() {
    let lobby = fixture::lobby(None);
    let scene = Scene::Lobby(&lobby);
    let mut here = app(&scene, (120, 36), Theme::sixteen());
    assert_eq!(clicks(&mut here, &scene, &["A rule that", "A rule that"]), [Request::Start(1)]);

    let held = fixture::at(Moment::GateOpen);
    let scene = held.scene();
    let mut here = app(&scene, (120, 36), Theme::sixteen());
    assert!(format!("{:?}", clicks(&mut here, &scene, &["the steady state has held"])).contains("NextPhase"));

    let held = fixture::at(Moment::Hypothesis);
    let scene = held.scene();
    let mut here = app(&scene, (120, 36), Theme::sixteen());
    let asked = format!("{:?}", clicks(&mut here, &scene, &["2 leaves <", "( ) 5", "Begin the experiment"]));
    assert!(asked.contains("signal: Some(Brief), confidence: Some(5)") && asked.contains("NextPhase"), "{asked}");

    let held = fixture::at(Moment::Asked);
    let scene = held.scene();
    let mut here = app(&scene, (120, 36), Theme::sixteen());
    assert!(format!("{:?}", clicks(&mut here, &scene, &["4 sure"])).contains("confidence: Some(4)"));
}

#[test]
fn the_mouse_alone_gives_a_response() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut here = app(&scene, (120, 36), Theme::sixteen());
    let steps = [
        "] respond",
        "Move the instance to standby",
        "] go on",
        "60002     Personalization",
        "] go on",
        "leave them, for less",
        "do it:",
    ];
    let asked = format!("{:?}", clicks(&mut here, &scene, &steps));
    assert!(asked.contains("standby") && asked.contains("60002") && asked.contains("Some(Brief)"), "{asked}");
}

#[test]
fn a_response_is_given_by_keys_with_guess_and_reason() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    let asked =
        press(&mut app, &scene, &["r", "s", "t", "a", "n", "d", "b", "y", "Enter", "Enter", "3", "o", "k", "Enter"]);
    let all = format!("{asked:?}");
    assert!(all.starts_with("[Ask(Attend(true)), Ask(Act"), "{all}");
    assert!(
        all.contains("i-0a1b2c3d4e5f60001") && all.contains("Some(Long)") && all.contains("why: Some(\"ok\")"),
        "{all}"
    );
    assert!(all.ends_with("Ask(Attend(false))]"), "{all}");
}

#[test]
fn no_answer_to_the_guess_is_suggested() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    let asked = press(&mut app, &scene, &["r", "s", "t", "a", "n", "d", "b", "y", "Enter", "Enter", "Enter", "Enter"]);
    assert!(!format!("{asked:?}").contains("Act"), "Enter alone gives no guess");
}

#[test]
fn the_three_questions_take_one_key_each_from_anywhere() {
    let mut held = fixture::at(Moment::Asked);
    let mut here = app(&held.scene(), (120, 36), Theme::sixteen());
    press(&mut here, &held.scene(), &["Tab", "Tab"]);
    assert!(format!("{:?}", press(&mut here, &held.scene(), &["4"])).contains("confidence: Some(4)"));
    held.view.playbook.steps[2].answers.confidence = Some(4);
    assert!(format!("{:?}", press(&mut here, &held.scene(), &["y"])).contains("knew_where: Some(true)"));
    held.view.playbook.steps[2].answers.knew_where = Some(true);
    assert!(format!("{:?}", press(&mut here, &held.scene(), &["n"])).contains("knew_whom: Some(false)"));
    // The digits focus panes again once the confidence is answered.
    assert!(press(&mut here, &held.scene(), &["6"]).is_empty());
    assert!(text(&frame(&here, &held.scene(), (120, 36))).contains("6 Timeline"));
}

#[test]
fn a_question_that_is_left_stays_away_and_digits_focus_panes() {
    let held = fixture::at(Moment::Asked);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    press(&mut app, &scene, &["Esc", "Esc", "5"]);
    let drawn = text(&frame(&app, &scene, (120, 36)));
    assert!(!drawn.contains("Question") && drawn.contains("5 Logs"), "{drawn}");
}

#[test]
fn the_chosen_finding_stays_chosen_when_a_new_one_arrives() {
    let mut held = fixture::at(Moment::Found);
    let mut here = app(&held.scene(), (120, 36), Theme::sixteen());
    press(&mut here, &held.scene(), &["Down"]);
    let mut newer = held.view.board.findings[0].clone();
    newer.finding.id = "f-2".to_owned().try_into().unwrap();
    newer.seen.seq = 399;
    held.view.board.findings.push(newer);
    let asked = press(&mut here, &held.scene(), &["a"]);
    assert!(format!("{asked:?}").contains("f-1"), "{asked:?}");
}

#[test]
fn the_form_refuses_what_it_can_not_read_and_says_why() {
    let held = fixture::at(Moment::Hypothesis);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    assert!(press(&mut app, &scene, &["End", "Backspace", "g"]).is_empty());
    assert!(text(&frame(&app, &scene, (120, 36))).contains("did you mean 15s or 15m?"));
    let asked = format!("{:?}", press(&mut app, &scene, &["m", "Down", "0", "g"]));
    assert!(
        asked.contains("SetHypothesis") && asked.contains("at: 500.0") && asked.ends_with("Ask(NextPhase)]"),
        "{asked}"
    );
}

#[test]
fn the_end_of_the_experiment_is_asked_for_once() {
    let held = fixture::at(Moment::Found);
    let scene = held.scene();
    let mut app = app(&scene, (120, 36), Theme::sixteen());
    assert!(press(&mut app, &scene, &["g"]).is_empty());
    assert_eq!(format!("{:?}", press(&mut app, &scene, &["Enter"])), "[Ask(NextPhase)]");
}

#[test]
fn review_and_improvement_are_written_with_keys() {
    let held = fixture::at(Moment::Verify);
    let mut here = app(&held.scene(), (120, 36), Theme::sixteen());
    let asked = press(&mut here, &held.scene(), &["4", "Down", "Enter", "a", "Alt-Enter", "b", "Enter"]);
    assert_eq!(format!("{asked:?}"), "[Ask(Review(2, \"a\\nb\"))]");
    let held = fixture::at(Moment::Improve);
    let keys = ["i", "w", "Enter", "m", "e", "Enter", "2", "0", "2", "6", "-", "1", "3", "-", "0", "1", "Enter"];
    assert!(press(&mut here, &held.scene(), &keys).is_empty());
    assert!(text(&frame(&here, &held.scene(), (120, 36))).contains("a date is expected"));
    let asked = press(&mut here, &held.scene(), &["Ctrl-u", "Enter"]);
    assert!(format!("{asked:?}").contains("what: \"w\", owner: Some(\"me\"), due: None"), "{asked:?}");
}

#[test]
fn objectives_are_rated_and_observed_and_a_surprise_leads_to_its_second() {
    let held = fixture::at(Moment::Verify);
    let mut here = app(&held.scene(), (80, 24), Theme::sixteen());
    let asked = press(&mut here, &held.scene(), &["3", "Down", "m"]);
    let rated =
        "[Ask(Rate { objective: ObjectiveId(\"keep-the-service\"), rating: Some(MajorChallenges), words: None })]";
    assert_eq!(format!("{asked:?}"), rated);
    let asked = press(&mut here, &held.scene(), &["Up", "Enter", "l", "a", "t", "e", "Enter"]);
    let observed = "[Ask(Rate { objective: ObjectiveId(\"notice\"), rating: None, words: Some(\"late\") })]";
    assert_eq!(format!("{asked:?}"), observed);
    assert!(press(&mut here, &held.scene(), &["End", "p"]).is_empty(), "what stands behind them is no objective");
    assert!(text(&frame(&here, &held.scene(), (80, 24))).contains("no objective is selected"));
    let asked = press(&mut here, &held.scene(), &["2", "Down", "Enter"]);
    let replay = "[Replay { drill: DrillId(\"2026-11-24-brave-otter\"), at: DrillTime(1600000000) }]";
    assert_eq!(format!("{asked:?}"), replay);
}

#[test]
fn the_picture_changes_by_itself_only_while_the_clock_runs() {
    for moment in Moment::ALL {
        let held = fixture::at(moment);
        let next = App::new(Theme::sixteen()).next_redraw(&held.scene());
        assert_eq!(next.is_some(), held.view.course.phase.clock_runs(), "{moment:?}");
        assert!(next.is_none_or(|next| next > held.now && next.since(held.now).0 <= 1_000_000));
    }
    let mut held = fixture::at(Moment::Found);
    held.view.course.rate = 0;
    assert_eq!(App::new(Theme::sixteen()).next_redraw(&held.scene()), None, "paused");
}

#[test]
fn the_ground_truth_is_on_no_screen_before_verify() {
    for picture in pictures::all() {
        let late = [Moment::Verify, Moment::Improve, Moment::Closed];
        if matches!(picture.at, At::Drill(moment) if !late.contains(&moment)) {
            let drawn = text(&shown(&picture, (200, 60), Theme::sixteen()));
            assert!(!drawn.contains("A miner runs"), "{}", picture.name);
        }
    }
}
