//! The real program in a real terminal: what it shows, how it is left, and that the terminal is as it was.

mod typed;

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use firedrill::host::clock::WallClock;
use firedrill::host::desk::Desk;
use firedrill::host::shift::Shift;
use firedrill::library;
use firedrill::tui::terminal::Screen;
use firedrill::tui::{App, Theme};
use firedrill_model::command::Intent;
use firedrill_record::store::DataDir;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// No wait is longer than this; on an idle machine all of them are over in a blink.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the program has written so far, as a terminal would show it.
struct Shown {
    screen: vt100::Parser,
    bytes: Vec<u8>,
    ended: bool,
}

/// A terminal with a program in it.
struct Terminal {
    shown: Arc<(Mutex<Shown>, Condvar)>,
    keys: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    data: tempfile::TempDir,
    /// The terminal's settings before the program began.
    before: String,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    fn start(args: &[&str], columns: u16, rows: u16) -> Self {
        let program = env!("CARGO_BIN_EXE_firedrill");
        Self::start_as(&[&[program], args].concat(), columns, rows, &[])
    }

    fn start_as(command: &[&str], columns: u16, rows: u16, env: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        // A terminal that says no size has one all the same.
        let (columns, rows) = if columns == 0 { (100, 30) } else { (columns, rows) };
        let before = format!("{:?}", pair.master.get_termios());
        let mut builder = CommandBuilder::new(command[0]);
        builder.args(&command[1..]);
        builder.env("TERM", "xterm-256color");
        builder.env("FIREDRILL_DATA_DIR", data.path());
        builder.env_remove("NO_COLOR");
        for (name, value) in env {
            builder.env(name, value);
        }
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let screen = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        let shown = Arc::new((Mutex::new(Shown { screen, bytes: Vec::new(), ended: false }), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let to = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut shown = to.0.lock().unwrap();
                shown.screen.process(&buffer[..read]);
                shown.bytes.extend_from_slice(&buffer[..read]);
                shown.ended = read == 0;
                to.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { shown, keys, master: pair.master, child, data, before }
    }

    /// Waits until the screen fulfils something.
    #[track_caller]
    fn wait(&self, what: &str, fulfilled: impl Fn(&Shown) -> bool) {
        self.wait_for_so_long(PATIENCE, what, fulfilled);
    }

    #[track_caller]
    fn wait_for_so_long(&self, patience: Duration, what: &str, fulfilled: impl Fn(&Shown) -> bool) {
        let clock = WallClock::machine();
        let mut shown = self.shown.0.lock().unwrap();
        while !fulfilled(&shown) {
            let left = patience.saturating_sub(clock.elapsed());
            assert!(
                !left.is_zero() && !shown.ended,
                "waited for {what}; the screen shows:\n{}",
                shown.screen.screen().contents()
            );
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
    }

    #[track_caller]
    fn wait_for(&self, text: &str) {
        self.wait(text, |shown| shown.screen.screen().contents().contains(text));
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Types a text and, once it is shown, Enter: what comes closer together, with an Enter among it, is a text that was pasted.
    #[track_caller]
    fn type_in(&mut self, text: &str) {
        self.press(text);
        self.wait_for(text);
        self.press("\r");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Waits for the end of the program and of its output. Returns the exit code.
    #[track_caller]
    fn end(&mut self) -> u32 {
        let code = self.child.wait().unwrap().exit_code();
        let clock = WallClock::machine();
        let mut shown = self.shown.0.lock().unwrap();
        while !shown.ended {
            let left = PATIENCE.saturating_sub(clock.elapsed());
            assert!(!left.is_zero(), "the output doesn't end");
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
        code
    }

    /// The terminal is as it was: same settings, own screen, cursor shown, mouse and paste reports off.
    #[track_caller]
    fn assert_restored(&self) {
        let after = format!("{:?}", self.master.get_termios());
        assert_eq!(after, self.before, "the terminal's settings");
        let shown = self.shown.0.lock().unwrap();
        let screen = shown.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "paste reports are off");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "mouse reports are off");
    }

    fn drill(&self) -> String {
        let mut names = std::fs::read_dir(self.data.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.next().unwrap().into_string().unwrap()
    }

    #[track_caller]
    fn assert_record_whole(&self) {
        assert_whole(self.data.path(), &self.drill());
    }
}

#[track_caller]
fn assert_whole(data: &Path, drill: &str) {
    let mut verify = Command::new(env!("CARGO_BIN_EXE_firedrill"));
    let output = verify.arg("--data-dir").arg(data).args(["verify", drill]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn from_the_lobby_into_a_drill_and_back() {
    let mut terminal = Terminal::start(&[], 120, 36);
    terminal.wait_for("nothing touches a real system");
    terminal.press("\r");
    terminal.wait_for("STEADY STATE");
    terminal.press("q");
    terminal.wait_for("?");
    terminal.press("y");
    terminal.wait_for("nothing touches a real system");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    terminal.assert_record_whole();
}

#[test]
fn the_history_and_what_is_to_change_are_reached_from_the_lobby() {
    let mut terminal = Terminal::start(&[], 120, 36);
    let script = crate::cli::root("scenarios/crypto-mining/holds.toml");
    let played = ["run", "crypto-mining", "--script", &script, "--headless"];
    assert_eq!(crate::cli::run(terminal.data.path(), &played).status.code(), Some(0));
    terminal.wait_for("nothing touches a real system");
    terminal.press("h");
    terminal.wait_for("How it went over time");
    terminal.wait_for("✓ held");
    terminal.press("/zzz");
    terminal.wait_for("No drill matches");
    terminal.press("\x1b");
    terminal.wait_for("✓ held");
    terminal.press("\r");
    terminal.wait_for("The hypothesis held");
    terminal.press("q");
    terminal.wait_for("How it went over time");
    terminal.press("i");
    terminal.wait_for("What is to change");
    terminal.press("i");
    terminal.wait_for("> What is to change");
    terminal.type_in("Call the second on duty");
    terminal.wait_for("> Who sees to it");
    terminal.press("\r");
    terminal.wait_for("> Until when");
    terminal.type_in("soon");
    terminal.wait_for("a date is expected");
    terminal.press("\x15");
    terminal.wait("an empty field", |shown| !shown.screen.screen().contents().contains("soon"));
    terminal.type_in("2027-02-28");
    terminal.wait_for("Written down.");
    terminal.wait_for("2027-02-28");
    terminal.press("q");
    terminal.wait_for("START A DRILL");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    let listed = crate::cli::run(terminal.data.path(), &["improve"]);
    assert!(crate::cli::text(&listed.stdout).contains("Call the second on duty"));
}

#[test]
fn a_drill_goes_through_its_phases_by_keys() {
    let mut terminal = Terminal::start(&["run", "crypto-mining", "--seed", "7", "--pace", "120"], 120, 36);
    terminal.wait_for("✓ open");
    terminal.press("g");
    terminal.wait_for("HYPOTHESIS");
    terminal.press("g");
    terminal.wait_for("EXPERIMENT");
    terminal.press("s");
    terminal.wait_for("BitcoinTool");
    terminal.press("a");
    terminal.wait_for("Acknowledged");
    terminal.press("g");
    terminal.wait("Verify", |shown| {
        shown.screen.screen().contents().contains("VERIFY") || shown.screen.screen().contents().contains("Enter")
    });
    terminal.press("\x03");
    terminal.press("\x03");
    terminal.end();
    terminal.assert_restored();
    terminal.assert_record_whole();
}

#[test]
fn signals_give_the_terminal_back_and_leave_the_record_whole() {
    for (name, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let mut terminal = Terminal::start(&["run", "open-ssh-port", "--pace", "120"], 80, 24);
        terminal.wait_for("STEADY STATE");
        terminal.signal(name);
        assert_eq!(terminal.end(), code, "SIG{name}");
        terminal.assert_restored();
        terminal.assert_record_whole();
    }
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_and_nothing_else() {
    let data = tempfile::tempdir().unwrap();
    let pair = native_pty_system().openpty(size(80, 24)).unwrap();
    let mut builder = CommandBuilder::new(env!("CARGO_BIN_EXE_firedrill"));
    builder.args(["run", "crypto-mining", "--pace", "120"]);
    builder.env("TERM", "xterm-256color");
    builder.env("FIREDRILL_DATA_DIR", data.path());
    let mut child = pair.slave.spawn_command(builder).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (mut screen, mut buffer) = (vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0), [0; 4096]);
    while !screen.screen().contents().contains("STEADY STATE") {
        let read = reader.read(&mut buffer).unwrap();
        assert!(read > 0, "{}", screen.screen().contents());
        screen.process(&buffer[..read]);
    }
    // Nothing holds the other end any more: the terminal was closed.
    drop(reader);
    drop(pair.master);
    assert_eq!(child.wait().unwrap().exit_code(), 129, "as by SIGHUP, not by a panic");
    let mut found = std::fs::read_dir(data.path()).unwrap().map(Result::unwrap);
    let drill = found.find(|entry| entry.path().join("journal.jsonl").exists()).unwrap();
    assert_whole(data.path(), &drill.file_name().into_string().unwrap());
}

#[test]
fn a_window_that_is_too_small_says_so_and_grows_again() {
    let mut terminal = Terminal::start(&["run", "crypto-mining"], 80, 24);
    terminal.wait_for("STEADY STATE");
    for (columns, rows) in [(40, 10), (20, 3), (1, 1), (59, 15)] {
        terminal.master.resize(size(columns, rows)).unwrap();
    }
    terminal.wait_for("60x16");
    terminal.master.resize(size(80, 24)).unwrap();
    terminal.shown.0.lock().unwrap().screen.screen_mut().set_size(24.try_into().unwrap(), 80.try_into().unwrap());
    terminal.wait_for("STEADY STATE");
    terminal.press("q");
    terminal.press("y");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn without_colour_no_colour_is_sent() {
    let program = env!("CARGO_BIN_EXE_firedrill");
    let mut terminal = Terminal::start_as(&[program, "run", "crypto-mining"], 80, 24, &[("NO_COLOR", "1")]);
    terminal.wait_for("STEADY STATE");
    terminal.press("qy");
    terminal.end();
    let shown = terminal.shown.0.lock().unwrap();
    let text = String::from_utf8_lossy(&shown.bytes).into_owned();
    for part in text.split("\x1b[").skip(1) {
        let sequence: String = part.chars().take_while(|c| c.is_ascii_digit() || *c == ';').collect();
        if part[sequence.len()..].starts_with('m') {
            let colours = sequence.split(';').filter(|code| {
                matches!(code.len(), 2 | 3) && (code.starts_with(['3', '4', '9']) || code.starts_with("10"))
            });
            // 39 and 49 give back the terminal's own colours.
            assert_eq!(colours.filter(|code| !["39", "49"].contains(code)).count(), 0, "{sequence}");
        }
    }
}

#[test]
fn a_full_file_is_said_on_the_screen_and_the_record_goes_on() {
    let program = env!("CARGO_BIN_EXE_firedrill");
    let line = format!("ulimit -f 64; exec {program} run crypto-mining --seed 7 --pace 120");
    let mut terminal = Terminal::start_as(&["bash", "-c", &line], 120, 36, &[]);
    terminal.wait_for("NOT RECORDING");
    terminal.wait("recording again", |shown| !shown.screen.screen().contents().contains("NOT RECORDING"));
    terminal.press("q");
    terminal.press("y");
    terminal.end();
    terminal.assert_restored();
    terminal.assert_record_whole();
    assert!(terminal.data.path().join(terminal.drill()).join("journal-2.jsonl").exists());
}

#[test]
fn plain_mode_writes_no_escape_no_box_and_no_braille() {
    let mut terminal = Terminal::start(&["--plain", "run", "crypto-mining", "--seed", "7"], 100, 40);
    terminal.wait_for("Type `help`");
    for line in [
        "help",
        "wait",
        "signals",
        "services",
        "next",
        "next",
        "wait",
        "wait",
        "open 1",
        "ack",
        "act terminate",
        "1",
        "1",
        "wait 5m",
        "steps",
        "timeline",
        "logs minexmr -sts",
        "mark 1 everyday traffic",
        "evidence",
        "unmark 1",
        "unmark 1",
        "judge 1 ours",
        "judge 1 maybe",
        "findings",
        "next",
        "debrief",
        "quit",
    ] {
        terminal.press(&format!("{line}\n"));
    }
    assert_eq!(terminal.end(), 0);
    let shown = terminal.shown.0.lock().unwrap();
    let text = String::from_utf8(shown.bytes.clone()).unwrap();
    for said in ["It shows: everyday traffic", "record", "is not marked as evidence", "judged as ours", "ours or noise"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("over 50 ms") && text.contains("# After-action report"), "{text}");
    let strange = |c: char| {
        (c.is_control() && !"\r\n".contains(c)) || matches!(c, '\u{2500}'..='\u{25FF}' | '\u{2800}'..='\u{28FF}')
    };
    assert_eq!(text.chars().find(|c| strange(*c)), None);
}

#[test]
fn a_replay_is_played_sought_through_noted_on_and_left() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/open-ssh-port/deviates.toml");
    let program = env!("CARGO_BIN_EXE_firedrill");
    let play = "\"$0\" run open-ssh-port --script \"$1\" --headless --seed 7; exec \"$0\" replay";
    let mut terminal = Terminal::start_as(&["sh", "-c", play, program, script.to_str().unwrap()], 120, 36, &[]);
    terminal.wait_for("REPLAY");
    terminal.press("+++ ");
    terminal.wait_for("▶ playing 8x");
    terminal.press(" ");
    terminal.wait_for("‖ paused 8x");
    terminal.press("t");
    terminal.wait_for("Go to a moment");
    terminal.type_in("T+1:00");
    terminal.wait_for("01:00 of");
    terminal.press("f");
    terminal.wait_for("02:16 of");
    terminal.press("w");
    terminal.wait_for("Note on T+02:16");
    terminal.type_in("why was nobody told?");
    terminal.wait_for("Noted on T+02:16");
    terminal.press("m");
    terminal.wait_for("Bookmark set at T+02:16");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    let drill = terminal.drill();
    let data = terminal.data.path();
    let mut loaded =
        firedrill_record::store::load(&DataDir::to_read(data), &drill.clone().try_into().unwrap()).unwrap();
    let (view, _) = firedrill::host::desk::view_of(&mut loaded).unwrap();
    let note = &view.people.later[0];
    assert_eq!(loaded.words.read(&note.words), "why was nobody told?");
    assert_eq!(view.people.bookmarks.iter().copied().collect::<Vec<_>>(), [note.stamp.at]);
    let verified = crate::cli::run(data, &["verify", &drill]);
    crate::cli::assert_code(&verified, 0);
}

#[test]
fn a_record_is_handed_to_the_terminals_clipboard_in_base64() {
    let mut terminal = Terminal::start(&["run", "crypto-mining", "--seed", "7", "--pace", "120"], 120, 36);
    terminal.wait_for("✓ open");
    terminal.press("g");
    terminal.wait_for("HYPOTHESIS");
    terminal.press("g");
    terminal.wait_for("EXPERIMENT");
    terminal.press("e");
    terminal.wait_for("Arrived");
    terminal.press("c");
    terminal.wait_for("clipboard");
    let sequence = b"\x1b]52;c;";
    let copied = |shown: &Shown| shown.bytes.windows(sequence.len()).any(|bytes| bytes == sequence);
    terminal.wait("OSC 52", copied);
    terminal.press("qy");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

/// The screens of a drill in whose thread something fails. Only does so in the terminal that the test below gives it.
#[test]
#[ignore = "run by the test below, in a terminal"]
fn the_thread_of_the_screens_fails() {
    let Some(folder) = std::env::var_os("FIREDRILL_DATA_DIR") else { return };
    let desk = Desk { data: DataDir::open(Path::new(&folder)).unwrap(), alias: "otter".into(), pace: None };
    let text = library::find("crypto-mining").unwrap();
    let checked = Arc::new(firedrill_authoring::check("scenario.toml", text).unwrap());
    let clock = WallClock::machine();
    let mut session = desk.begin(checked, text, Some(7), &clock).unwrap();
    session.ask(Intent::Note("before it failed".into()), clock.utc()).unwrap();
    let shift = Shift::new(desk, Vec::new(), Some(session), clock);
    let mut screen = Screen::enter().unwrap();
    let app = App::new(Theme::sixteen());
    screen.draw(|frame| app.draw(frame, &shift.scene())).unwrap();
    panic!("the thread of the screens fails");
}

#[test]
fn a_panic_at_the_screens_gives_the_terminal_back_and_leaves_the_record_whole() {
    let program = std::env::current_exe().unwrap();
    let test = "pty::the_thread_of_the_screens_fails";
    let command = [program.to_str().unwrap(), "--exact", test, "--ignored", "--nocapture", "--test-threads=1"];
    let mut terminal = Terminal::start_as(&command, 120, 36, &[]);
    assert_ne!(terminal.end(), 0);
    terminal.assert_restored();
    terminal.assert_record_whole();
    let shown = terminal.shown.0.lock().unwrap();
    let bytes = String::from_utf8_lossy(&shown.bytes).into_owned();
    let (drawn, said) = bytes.rsplit_once("\x1b[?1049l").unwrap();
    assert!(drawn.contains("\x1b[?1049h"), "the screens were shown");
    assert!(said.contains("the thread of the screens fails"), "what failed is said on the screen that is left: {said}");
}

/// How long a drill that is played alone waits for somebody, and what a busy machine needs on top.
const LONGER_THAN_AWAY: Duration = Duration::from_mins(6);

#[test]
#[ignore = "four minutes of real time: `cargo test --test it pty::plain_mode_pauses -- --ignored`"]
fn plain_mode_pauses_when_nobody_is_at_the_keys_and_says_when_and_why() {
    let mut terminal = Terminal::start(&["--plain", "run", "crypto-mining", "--seed", "7", "--pace", "1"], 100, 40);
    terminal.wait_for("Type `help`");
    terminal.press("wait 5m\n");
    terminal.wait_for("the gate is open");
    terminal.press("next\n");
    terminal.wait_for("starts the experiment");
    terminal.press("next\n");
    terminal.wait_for("Experiment begins");
    terminal.wait_for_so_long(LONGER_THAN_AWAY, "the pause", |shown| {
        String::from_utf8_lossy(&shown.bytes).contains("The drill pauses by itself: nobody was at the keys")
    });
    terminal.wait_for("Type `go` to go on.");
    let said = String::from_utf8_lossy(&terminal.shown.0.lock().unwrap().bytes).into_owned();
    let line = said.lines().find(|line| line.contains("pauses by itself")).unwrap().to_owned();
    assert!(line.starts_with('+') || line.starts_with("T+"), "when: {line}");
    terminal.press("go\nquit\n");
    assert_eq!(terminal.end(), 0);
}
