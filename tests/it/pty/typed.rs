//! What keys say when no hand typed them, and what is said of a terminal that has no size.

use super::{Terminal, size};

/// In the experiment of a drill.
fn in_the_experiment() -> Terminal {
    let mut terminal = Terminal::start(&["run", "crypto-mining", "--seed", "7", "--pace", "120"], 120, 36);
    terminal.wait_for("✓ open");
    terminal.press("g");
    terminal.wait_for("HYPOTHESIS");
    terminal.press("g");
    terminal.wait_for("EXPERIMENT");
    terminal
}

/// What people did, as the record has it.
fn deeds(terminal: &Terminal) -> Vec<String> {
    let journal = terminal.data.path().join(terminal.drill()).join("journal.jsonl");
    let text = std::fs::read_to_string(journal).unwrap();
    text.lines().filter(|line| line.contains("\"kind\":\"people.")).map(str::to_owned).collect()
}

/// Four lines, as a paste without marks arrives: keys, line ends as carriage returns, in one write.
const PASTED: &str =
    "Findings so far:\rrevoke sessions of the role\rask the network team\rquit waiting, go on to isolate\r";

#[test]
fn a_paste_without_marks_is_one_text_in_the_open_field() {
    let mut terminal = in_the_experiment();
    terminal.press("w");
    terminal.wait_for("Note");
    terminal.press(PASTED);
    terminal.wait_for("ask the network team");
    let written = deeds(&terminal);
    assert!(!written.iter().any(|line| line.contains("people.noted") || line.contains("people.acted")), "{written:?}");
    terminal.press("\r");
    terminal.wait("the note", |_| deeds(&terminal).iter().any(|line| line.contains("people.noted")));
    assert!(!deeds(&terminal).iter().any(|line| line.contains("people.acted")));
    terminal.signal("TERM");
    terminal.end();
}

#[test]
fn a_paste_without_marks_and_without_a_field_does_nothing() {
    let mut terminal = in_the_experiment();
    let before = deeds(&terminal);
    terminal.press(PASTED);
    terminal.wait_for("nothing was done with it");
    assert_eq!(deeds(&terminal), before);
    // Esc and a key in one go are two keys, also where the key is another Esc or an arrow.
    terminal.press("w");
    terminal.wait_for("Note");
    terminal.press("\x1bq");
    terminal.wait_for("Leave");
    terminal.press("\x1b");
    terminal.wait("the question to close", |shown| !shown.screen.screen().contents().contains("Leave"));
    terminal.press("r");
    terminal.wait_for("filter");
    terminal.press("terminate");
    terminal.wait_for("terminate");
    terminal.press("\r");
    terminal.wait_for("at what?");
    terminal.press("\x1b\x1b");
    terminal.wait("both steps back", |shown| !shown.screen.screen().contents().contains("filter"));
    terminal.press("q");
    terminal.wait_for("Leave");
    terminal.press("y");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_terminal_without_a_size_is_told_and_asked_again() {
    let mut terminal = Terminal::start(&["run", "crypto-mining", "--seed", "7"], 0, 0);
    terminal.wait("words", |shown| String::from_utf8_lossy(&shown.bytes).contains("stty"));
    terminal.master.resize(size(100, 30)).unwrap();
    terminal.wait_for("STEADY STATE");
    terminal.signal("TERM");
    terminal.end();
    terminal.assert_restored();
}
