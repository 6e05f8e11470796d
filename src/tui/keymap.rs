//! All keys, in one table: where they work, what they do, what they are called. Dispatch, the footer, the help, the palette and the
//! README's list of keys read it, so that none of them can say anything else than what happens.

mod meaning;

use crossterm::event::KeyCode;

use firedrill_core::projection::transport::{Cue, Stop};
use firedrill_model::{Judgement, Rating, Shown};

use super::input::Chord;
use super::pane::Pane;
pub use super::widget::field::Edit;

pub use meaning::{Answering, Asking, Dialogue, Do, Improve, InDialogue, Move, Open, Pacing, Program, Where};

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it works.
    pub at: Where,
    /// The keys, each of which does it. The first is the one that is shown.
    pub keys: &'static [Chord],
    /// What it does.
    pub act: Do,
    /// For the footer.
    pub short: &'static str,
    /// For help, palette and README.
    pub long: &'static str,
    /// Place in the footer, from 1; 0 leaves it out.
    pub rank: u8,
}

impl Binding {
    /// The key that is shown.
    #[must_use]
    pub fn key(&self) -> Shown {
        self.keys.first().map(|key| key.label()).unwrap_or_default()
    }
}

const fn on(at: Where, keys: &'static [Chord], act: Do, short: &'static str, long: &'static str, rank: u8) -> Binding {
    Binding { at, keys, act, short, long, rank }
}

const ENTER: Chord = Chord::key(KeyCode::Enter);
const ESC: Chord = Chord::key(KeyCode::Esc);
const UP: Chord = Chord::key(KeyCode::Up);
const DOWN: Chord = Chord::key(KeyCode::Down);
const LEFT: Chord = Chord::key(KeyCode::Left);
const RIGHT: Chord = Chord::key(KeyCode::Right);
const TAB: Chord = Chord::key(KeyCode::Tab);
const BACKTAB: Chord = Chord::key(KeyCode::BackTab);
const PGUP: Chord = Chord::key(KeyCode::PageUp);
const PGDN: Chord = Chord::key(KeyCode::PageDown);
const HOME: Chord = Chord::key(KeyCode::Home);
const END: Chord = Chord::key(KeyCode::End);
const BACKSPACE: Chord = Chord::key(KeyCode::Backspace);
const F1: Chord = Chord::key(KeyCode::F(1));
const ALT_ENTER: Chord = Chord::alt(KeyCode::Enter);

const fn c(c: char) -> Chord {
    Chord::char(c)
}

use InDialogue::{Accept, Choose, NewLine, NextField, PreviousField};
use Where::{Always, Clock, Confidence, Drill, Form, History, Improving, Lobby, Question, Replay};

const fn dlg(dialogue: Dialogue) -> Where {
    Where::Dialogue(dialogue)
}

const fn pane(pane: Pane) -> Where {
    Where::Pane(pane)
}

const fn go(to: Move) -> Do {
    Do::Move(to)
}

const fn within(what: InDialogue) -> Do {
    Do::Dialogue(what)
}

/// The table. Within a place no key stands twice.
///
/// Digits: they focus panes, and answer the question of confidence while it is open, which the question's own box says; the panes then show no
/// numbers. `y` and `n` do nothing else in a drill.
#[rustfmt::skip]
pub static TABLE: &[Binding] = &[
    // Anywhere.
    on(Always, &[Chord::ctrl('c')], Do::Open(Open::Leave), "leave", "Leave; asks once while a drill is under way, a second time leaves", 0),
    on(Always, &[F1], Do::Open(Open::Help), "help", "Show the keys of where you are", 0),
    on(Always, &[Chord::ctrl('l')], Do::Program(Program::Redraw), "redraw", "Redraw the whole screen", 0),
    on(Always, &[Chord::ctrl('z')], Do::Program(Program::Suspend), "suspend", "Back to the shell for a while; fg comes back", 0),

    // Lobby.
    on(Lobby, &[ENTER], Do::Open(Open::Selected), "choose", "Start the scenario, take up the drill, or open its debrief", 1),
    on(Lobby, &[c('h')], Do::Open(Open::History), "history", "The history: drills over time, techniques, and what is overdue", 2),
    on(Lobby, &[c('i')], Do::Open(Open::Improvements), "improve", "What is to change, over all drills", 3),
    on(Lobby, &[c('r')], Do::Open(Open::Replay), "replay", "Replay the chosen drill", 4),
    on(Lobby, &[UP, c('k')], go(Move::Up), "up", "One up", 0),
    on(Lobby, &[DOWN, c('j')], go(Move::Down), "down", "One down", 5),
    on(Lobby, &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(Lobby, &[PGDN], go(Move::PageDown), "page down", "One page down", 0),
    on(Lobby, &[HOME], go(Move::First), "first", "To the first", 0),
    on(Lobby, &[END], go(Move::Last), "last", "To the last", 0),
    on(Lobby, &[c('?')], Do::Open(Open::Help), "help", "Show the keys of where you are", 11),
    on(Lobby, &[c(':')], Do::Open(Open::Palette), "commands", "Everything you can do, with a filter", 12),
    on(Lobby, &[c('q')], Do::Open(Open::Leave), "leave", "Leave", 13),

    // The history.
    on(History, &[ENTER], Do::Open(Open::Selected), "open", "Open the drill's debrief, or take it up; of a technique, its last drill", 1),
    on(History, &[c('/')], Do::Open(Open::Filter), "filter", "Filter drills and techniques as you type", 2),
    on(History, &[TAB, BACKTAB, RIGHT, LEFT], go(Move::NextPane), "other list", "From the drills to the techniques, and back", 3),
    on(History, &[c('r')], Do::Open(Open::Replay), "replay", "Replay the chosen drill", 4),
    on(History, &[c('i')], Do::Open(Open::Improvements), "improve", "What is to change, over all drills", 5),
    on(History, &[UP, c('k')], go(Move::Up), "up", "One up", 0),
    on(History, &[DOWN, c('j')], go(Move::Down), "down", "One down", 0),
    on(History, &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(History, &[PGDN], go(Move::PageDown), "page down", "One page down", 0),
    on(History, &[HOME], go(Move::First), "first", "To the first", 0),
    on(History, &[END], go(Move::Last), "last", "To the last", 0),
    on(History, &[ESC], go(Move::Back), "back", "Clear the filter; without one, back to the lobby", 0),
    on(History, &[c('?')], Do::Open(Open::Help), "help", "Show the keys of where you are", 11),
    on(History, &[c(':')], Do::Open(Open::Palette), "commands", "Everything you can do, with a filter", 12),
    on(History, &[c('q')], Do::Open(Open::Leave), "back", "Back to the lobby", 13),

    // What is to change, over all drills.
    on(Improving, &[c('i'), c('+')], Do::Open(Open::Improvement), "add", "Write down an improvement", 1),
    on(Improving, &[c('a')], Do::Improve(Improve::Assign), "assign", "Say who sees to the chosen one", 2),
    on(Improving, &[c('d')], Do::Improve(Improve::Due), "due", "Say until when", 3),
    on(Improving, &[c('c')], Do::Improve(Improve::Close), "close", "Close it, with a word on how", 4),
    on(Improving, &[c('f')], Do::Improve(Improve::List), "list", "List the open ones, the closed ones, or all", 5),
    on(Improving, &[c('/')], Do::Open(Open::Filter), "filter", "Filter the list as you type", 6),
    on(Improving, &[ENTER], Do::Open(Open::Selected), "its drill", "Open the debrief of the drill that it is from", 7),
    on(Improving, &[c('m')], Do::Improve(Improve::Measure), "measure", "Say by which duration it is to be seen, for example TTN", 8),
    on(Improving, &[c('o')], Do::Improve(Improve::Reopen), "reopen", "Open a closed one again", 8),
    on(Improving, &[c('h')], Do::Open(Open::History), "history", "The history: drills over time, techniques, and what is overdue", 8),
    on(Improving, &[UP, c('k')], go(Move::Up), "up", "One up", 0),
    on(Improving, &[DOWN, c('j')], go(Move::Down), "down", "One down", 0),
    on(Improving, &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(Improving, &[PGDN], go(Move::PageDown), "page down", "One page down", 0),
    on(Improving, &[HOME], go(Move::First), "first", "To the first", 0),
    on(Improving, &[END], go(Move::Last), "last", "To the last", 0),
    on(Improving, &[ESC], go(Move::Back), "back", "Clear the filter; without one, back to the lobby", 0),
    on(Improving, &[c('?')], Do::Open(Open::Help), "help", "Show the keys of where you are", 11),
    on(Improving, &[c(':')], Do::Open(Open::Palette), "commands", "Everything you can do, with a filter", 12),
    on(Improving, &[c('q')], Do::Open(Open::Leave), "back", "Back to the lobby", 13),

    // In a drill.
    on(Drill, &[c('g')], Do::Ask(Asking::Next), "go on", "Go on to the next phase", 5),
    on(Drill, &[c('r')], Do::Open(Open::Respond), "respond", "Give a response: anything the scenario offers, at any time", 2),
    on(Drill, &[c('a')], Do::Ask(Asking::Acknowledge), "acknowledge", "Take the selected finding on, or the matter itself", 3),
    on(Drill, &[c('w')], Do::Open(Open::Note), "note", "Write a note", 6),
    on(Drill, &[c('e')], Do::Open(Open::Evidence), "evidence", "The evidence console: search the logs, open, copy and mark records", 6),
    on(Drill, &[c('i')], Do::Open(Open::Improvement), "improvement", "Write down an improvement", 6),
    on(Drill, &[ENTER], Do::Open(Open::Selected), "open", "Open what is selected", 1),
    on(Drill, &[TAB, RIGHT], go(Move::NextPane), "next pane", "To the next pane", 7),
    on(Drill, &[BACKTAB, LEFT], go(Move::PreviousPane), "pane before", "To the pane before", 0),
    on(Drill, &[c('1')], go(Move::Pane(1)), "pane 1", "To pane 1; again makes it large", 0),
    on(Drill, &[c('2')], go(Move::Pane(2)), "pane 2", "To pane 2; again makes it large", 0),
    on(Drill, &[c('3')], go(Move::Pane(3)), "pane 3", "To pane 3; again makes it large", 0),
    on(Drill, &[c('4')], go(Move::Pane(4)), "pane 4", "To pane 4; again makes it large", 0),
    on(Drill, &[c('5')], go(Move::Pane(5)), "pane 5", "To pane 5; again makes it large", 0),
    on(Drill, &[c('6')], go(Move::Pane(6)), "pane 6", "To pane 6; again makes it large", 0),
    on(Drill, &[c('7')], go(Move::Pane(7)), "pane 7", "To pane 7; again makes it large", 0),
    on(Drill, &[c('8')], go(Move::Pane(8)), "pane 8", "To pane 8; again makes it large", 0),
    on(Drill, &[c('9')], go(Move::Pane(9)), "pane 9", "To pane 9; again makes it large", 0),
    on(Drill, &[c('0')], go(Move::Pane(10)), "pane 10", "To pane 10; again makes it large", 0),
    on(Drill, &[c('z')], go(Move::Zoom), "large", "Make the pane large, or small again", 0),
    on(Drill, &[UP, c('k')], go(Move::Up), "up", "One up", 0),
    on(Drill, &[DOWN, c('j')], go(Move::Down), "down", "One down", 0),
    on(Drill, &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(Drill, &[PGDN], go(Move::PageDown), "page down", "One page down", 0),
    on(Drill, &[HOME], go(Move::First), "first", "To the start", 0),
    on(Drill, &[END], go(Move::Last), "last", "To the end", 0),
    on(Drill, &[ESC], go(Move::Back), "back", "One step back; hides the newest line", 0),
    on(Drill, &[c('p')], Do::Open(Open::Question), "question", "Bring back the question that was passed last", 9),
    on(Drill, &[c('G')], Do::Program(Program::Beside), "ghost", "An earlier drill of the same scenario beside this one: the latest, the one before, and at last none", 0),
    on(Drill, &[c('R')], Do::Ask(Asking::Retry), "record again", "Try to record again, when the record stands still", 0),
    on(Drill, &[c('?')], Do::Open(Open::Help), "help", "Show the keys of where you are", 11),
    on(Drill, &[c(':')], Do::Open(Open::Palette), "commands", "Everything you can do, with a filter", 12),
    on(Drill, &[c('q')], Do::Open(Open::Leave), "leave", "Leave; asks once while the drill is under way", 13),

    // A replay. Its keys come before those of the drill and its panes.
    on(Replay, &[c(' ')], Do::Cue(Cue::Toggle), "play", "Play, or pause", 1),
    on(Replay, &[RIGHT], Do::Cue(Cue::By(10)), "10 s on", "Ten seconds on", 0),
    on(Replay, &[LEFT], Do::Cue(Cue::By(-10)), "10 s back", "Ten seconds back", 0),
    on(Replay, &[c('.')], Do::Cue(Cue::Step(true)), "on", "One entry on", 3),
    on(Replay, &[c(',')], Do::Cue(Cue::Step(false)), "back", "One entry back", 3),
    on(Replay, &[c('+'), c('=')], Do::Cue(Cue::Speed(true)), "faster", "Play faster, up to 64 times real time", 6),
    on(Replay, &[c('-')], Do::Cue(Cue::Speed(false)), "slower", "Play slower, down to half of real time", 6),
    on(Replay, &[c('f')], Do::Cue(Cue::Jump(Stop::Finding, true)), "finding", "To the next finding", 3),
    on(Replay, &[c('F')], Do::Cue(Cue::Jump(Stop::Finding, false)), "finding before", "To the finding before", 0),
    on(Replay, &[c('d')], Do::Cue(Cue::Jump(Stop::Decision, true)), "decision", "To the next decision: a response, an acknowledgement, a judgement", 4),
    on(Replay, &[c('D')], Do::Cue(Cue::Jump(Stop::Decision, false)), "decision before", "To the decision before", 0),
    on(Replay, &[c('s')], Do::Cue(Cue::Jump(Stop::Step, true)), "step", "To where a step is next asked for, done or left out", 4),
    on(Replay, &[c('S')], Do::Cue(Cue::Jump(Stop::Step, false)), "step before", "The same, before", 0),
    on(Replay, &[c('i')], Do::Cue(Cue::Jump(Stop::Inject, true)), "message", "To the next message", 0),
    on(Replay, &[c('I')], Do::Cue(Cue::Jump(Stop::Inject, false)), "message before", "To the message before", 0),
    on(Replay, &[c('n')], Do::Cue(Cue::Jump(Stop::Note, true)), "note", "To the next note", 0),
    on(Replay, &[c('N')], Do::Cue(Cue::Jump(Stop::Note, false)), "note before", "To the note before", 0),
    on(Replay, &[c('b')], Do::Cue(Cue::Jump(Stop::Bookmark, true)), "bookmark", "To the next bookmark", 0),
    on(Replay, &[c('B')], Do::Cue(Cue::Jump(Stop::Bookmark, false)), "bookmark before", "To the bookmark before", 0),
    on(Replay, &[c('w')], Do::Open(Open::Note), "note", "Write a note on this moment; it is added at the end of the record, and shown here", 3),
    on(Replay, &[c('m')], Do::Ask(Asking::Bookmark), "bookmark", "Put a bookmark at this moment, or take the one there off", 7),
    on(Replay, &[c('t')], Do::Open(Open::Moment), "go to", "Go to a moment: type it", 5),
    on(Replay, &[c('/')], Do::Open(Open::Find), "search", "Search the timeline, from here on and then from the start", 5),
    on(Replay, &[c('v')], Do::Cue(Cue::NextViewer), "whose view", "Look as the next: everything, or what one seat saw", 2),
    on(Replay, &[c('0')], Do::Cue(Cue::Start), "start", "Before the first entry", 0),
    on(Replay, &[c('$')], Do::Cue(Cue::End), "end", "After the last entry", 0),

    // The clock.
    on(Clock, &[c(' ')], Do::Pace(Pacing::Pause), "pause", "Stop the drill clock, or let it go on", 8),
    on(Clock, &[c('s')], Do::Pace(Pacing::Skip), "skip ahead", "Skip to the next thing that asks something of you", 4),
    on(Clock, &[c('+'), c('=')], Do::Pace(Pacing::Faster), "faster", "Let the drill clock run faster", 0),
    on(Clock, &[c('-')], Do::Pace(Pacing::Slower), "slower", "Let the drill clock run slower", 0),
    on(Clock, &[c('b')], Do::Pace(Pacing::Brisk), "brisk", "Fast while nothing is asked of you, real time when something is", 0),

    // The form of the hypothesis. Figures are typed into its fields; letters that no field takes work as anywhere in a drill.
    on(Form, &[DOWN, TAB], within(NextField), "next field", "To the next field", 3),
    on(Form, &[UP, BACKTAB], within(PreviousField), "field before", "To the field before", 0),
    on(Form, &[c('g')], Do::Ask(Asking::Next), "go on", "Begin the experiment", 2),
    on(Form, &[ENTER], within(Accept), "next", "To the next field; on the last line, begin the experiment", 1),
    on(Form, &[LEFT], within(InDialogue::Edit(Edit::Left)), "left", "One to the left: in a text, or to the answer before", 0),
    on(Form, &[RIGHT], within(InDialogue::Edit(Edit::Right)), "right", "One to the right: in a text, or to the next answer", 0),
    on(Form, &[HOME], within(InDialogue::Edit(Edit::Start)), "start", "To the start of the text", 0),
    on(Form, &[END], within(InDialogue::Edit(Edit::End)), "end", "To the end of the text", 0),
    on(Form, &[BACKSPACE], within(InDialogue::Edit(Edit::Backspace)), "delete", "Delete before the cursor, or take the answer back", 0),
    on(Form, &[Chord::key(KeyCode::Delete)], within(InDialogue::Edit(Edit::Delete)), "delete", "Delete under the cursor", 0),
    on(Form, &[Chord::ctrl('u')], within(InDialogue::Edit(Edit::Clear)), "clear", "Delete everything before the cursor", 0),

    // The three questions. They never take the focus.
    on(Confidence, &[c('1')], Do::Answer(Answering::Confidence(1)), "lost", "Confidence: lost", 0),
    on(Confidence, &[c('2')], Do::Answer(Answering::Confidence(2)), "unsure", "Confidence: unsure", 0),
    on(Confidence, &[c('3')], Do::Answer(Answering::Confidence(3)), "fair", "Confidence: fair", 0),
    on(Confidence, &[c('4')], Do::Answer(Answering::Confidence(4)), "sure", "Confidence: sure", 0),
    on(Confidence, &[c('5')], Do::Answer(Answering::Confidence(5)), "certain", "Confidence: certain", 0),
    on(Question, &[c('y')], Do::Answer(Answering::Yes), "yes", "Yes", 0),
    on(Question, &[c('n')], Do::Answer(Answering::No), "no", "No", 0),
    on(Question, &[ESC], Do::Answer(Answering::Pass), "pass", "Pass the question, as plain mode's `pass`; p brings it back", 0),
    on(Question, &[BACKSPACE], Do::Answer(Answering::Again), "again", "Back to the previous question, to change its answer", 0),
    on(Question, &[c('m')], Do::Open(Open::Words), "a line", "Add a line of text to the answers", 0),

    // Panes.
    on(pane(Pane::Playbook), &[c('d')], Do::Ask(Asking::StepDone), "step done", "Say that the selected step is done", 1),
    on(pane(Pane::Playbook), &[c('x')], Do::Open(Open::Skip), "leave out", "Leave the selected step out, and say why", 2),
    on(pane(Pane::Findings), &[c('f')], Do::Open(Open::Listing), "order", "Newest first, severest first, or only what is open", 8),
    on(pane(Pane::Findings), &[c('/')], Do::Open(Open::Filter), "filter", "Filter the findings as you type", 9),
    on(pane(Pane::Findings), &[c('o')], Do::Ask(Asking::Judge(Judgement::Ours)), "ours", "Judge the finding: it belongs to the incident", 7),
    on(pane(Pane::Findings), &[c('x')], Do::Ask(Asking::Judge(Judgement::Noise)), "noise", "Judge the finding: benign, noise beside the incident", 7),
    on(pane(Pane::Logs), &[c('/')], Do::Open(Open::Filter), "filter", "Filter the logs as you type", 1),
    on(pane(Pane::Logs), &[c('o')], Do::Open(Open::Source), "source", "Show the next source of logs only", 2),
    on(pane(Pane::Logs), &[c('e')], Do::Open(Open::Mark), "mark", "Mark the record as evidence, or change its note", 3),
    on(pane(Pane::Logs), &[c('u')], Do::Ask(Asking::Unmark), "unmark", "Take the mark off the record", 5),
    on(pane(Pane::Logs), &[c('c')], Do::Program(Program::Copy), "copy", "Copy the record to the terminal's clipboard", 4),
    on(pane(Pane::Surprises), &[ENTER], Do::Open(Open::Selected), "replay", "The replay at the second of the selected surprise", 1),
    on(pane(Pane::Objectives), &[ENTER], Do::Open(Open::Selected), "observed", "Write what was observed of the selected objective", 1),
    on(pane(Pane::Objectives), &[c('p')], Do::Ask(Asking::Rate(Rating::Performed)), "performed", "Rate the objective: performed without challenges", 2),
    on(pane(Pane::Objectives), &[c('s')], Do::Ask(Asking::Rate(Rating::SomeChallenges)), "some", "Rate the objective: performed with some challenges", 3),
    on(pane(Pane::Objectives), &[c('m')], Do::Ask(Asking::Rate(Rating::MajorChallenges)), "major", "Rate the objective: performed with major challenges", 4),
    on(pane(Pane::Objectives), &[c('u')], Do::Ask(Asking::Rate(Rating::Unable)), "unable", "Rate the objective: unable to be performed", 5),
    on(pane(Pane::Improvements), &[c('i'), c('+')], Do::Open(Open::Improvement), "add", "Write down an improvement", 1),

    // Dialogues.
    on(dlg(Dialogue::Help), &[ESC, c('?'), c('q'), ENTER], go(Move::Back), "close", "Close", 1),
    on(dlg(Dialogue::Help), &[UP, c('k')], go(Move::Up), "up", "One line up", 0),
    on(dlg(Dialogue::Help), &[DOWN, c('j')], go(Move::Down), "down", "One line down", 2),
    on(dlg(Dialogue::Help), &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(dlg(Dialogue::Help), &[PGDN, c(' ')], go(Move::PageDown), "page down", "One page down", 0),
    on(dlg(Dialogue::Help), &[HOME], go(Move::First), "first", "To the start", 0),
    on(dlg(Dialogue::Help), &[END], go(Move::Last), "last", "To the end", 0),
    on(dlg(Dialogue::Help), &[c(':')], Do::Open(Open::Palette), "commands", "Everything you can do, with a filter", 3),

    on(dlg(Dialogue::Palette), &[ENTER], within(Accept), "do it", "Do the selected thing", 1),
    on(dlg(Dialogue::Palette), &[UP, Chord::ctrl('p')], go(Move::Up), "up", "One up", 0),
    on(dlg(Dialogue::Palette), &[DOWN, Chord::ctrl('n'), TAB], go(Move::Down), "down", "One down", 2),
    on(dlg(Dialogue::Palette), &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(dlg(Dialogue::Palette), &[PGDN], go(Move::PageDown), "page down", "One page down", 0),
    on(dlg(Dialogue::Palette), &[ESC], go(Move::Back), "close", "Close", 3),

    on(dlg(Dialogue::Confirm), &[ENTER, c('y')], within(Accept), "yes", "Yes, do it", 1),
    on(dlg(Dialogue::Confirm), &[ESC, c('n')], go(Move::Back), "no", "No, stay", 2),

    on(dlg(Dialogue::Detail), &[ESC, c('q'), ENTER], go(Move::Back), "back", "Back to the console", 1),
    on(dlg(Dialogue::Detail), &[c('a')], Do::Ask(Asking::Acknowledge), "acknowledge", "Take it on", 2),
    on(dlg(Dialogue::Detail), &[c('r')], Do::Open(Open::Respond), "respond", "Give a response", 3),
    on(dlg(Dialogue::Detail), &[c('e')], Do::Open(Open::Mark), "mark", "Mark the record as evidence, or change its note", 2),
    on(dlg(Dialogue::Detail), &[c('u')], Do::Ask(Asking::Unmark), "unmark", "Take the mark off the record", 3),
    on(dlg(Dialogue::Detail), &[c('o')], Do::Ask(Asking::Judge(Judgement::Ours)), "ours", "Judge the finding: it belongs to the incident", 3),
    on(dlg(Dialogue::Detail), &[c('x')], Do::Ask(Asking::Judge(Judgement::Noise)), "noise", "Judge the finding: benign, noise beside the incident", 3),
    on(dlg(Dialogue::Detail), &[c('c')], Do::Program(Program::Copy), "copy", "Copy it to the terminal's clipboard", 4),
    on(dlg(Dialogue::Detail), &[UP, c('k')], go(Move::Up), "up", "One line up", 0),
    on(dlg(Dialogue::Detail), &[DOWN, c('j')], go(Move::Down), "scroll", "One line down", 4),
    on(dlg(Dialogue::Detail), &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(dlg(Dialogue::Detail), &[PGDN, c(' ')], go(Move::PageDown), "page down", "One page down", 0),
    on(dlg(Dialogue::Detail), &[HOME], go(Move::First), "first", "To the start", 0),
    on(dlg(Dialogue::Detail), &[END], go(Move::Last), "last", "To the end", 0),
    on(dlg(Dialogue::Detail), &[LEFT], go(Move::PreviousPane), "newer", "The one before in the list", 0),
    on(dlg(Dialogue::Detail), &[RIGHT], go(Move::NextPane), "next", "The next one in the list", 5),

    on(dlg(Dialogue::Editor), &[ENTER], within(Accept), "save", "Save", 1),
    on(dlg(Dialogue::Editor), &[ALT_ENTER, Chord::ctrl('j')], within(NewLine), "new line", "Start a new line", 2),
    on(dlg(Dialogue::Editor), &[ESC], go(Move::Back), "back", "Back without saving; the draft is kept", 3),

    on(dlg(Dialogue::Respond), &[ENTER], within(Accept), "go on", "Choose; at the end, do it", 1),
    on(dlg(Dialogue::Respond), &[UP, Chord::ctrl('p')], go(Move::Up), "up", "One up", 0),
    on(dlg(Dialogue::Respond), &[DOWN, Chord::ctrl('n')], go(Move::Down), "down", "One down", 2),
    on(dlg(Dialogue::Respond), &[PGUP], go(Move::PageUp), "page up", "One page up", 0),
    on(dlg(Dialogue::Respond), &[PGDN], go(Move::PageDown), "page down", "One page down", 0),
    on(dlg(Dialogue::Respond), &[ESC], go(Move::Back), "back", "One step back", 3),

    on(dlg(Dialogue::Guess), &[c('1')], within(Choose(1)), "stays", "All signals stay within their limits", 1),
    on(dlg(Dialogue::Guess), &[c('2')], within(Choose(2)), "less than 5 min", "One or more leave their limits for less than five minutes", 2),
    on(dlg(Dialogue::Guess), &[c('3')], within(Choose(3)), "5 min or longer", "One or more leave their limits for five minutes or longer", 3),
    on(dlg(Dialogue::Guess), &[c('4')], within(Choose(4)), "no idea", "No idea, which is worth as much", 4),
    on(dlg(Dialogue::Guess), &[UP, c('k')], go(Move::Up), "up", "One up", 0),
    on(dlg(Dialogue::Guess), &[DOWN, c('j')], go(Move::Down), "down", "One down", 0),
    on(dlg(Dialogue::Guess), &[ENTER], within(Accept), "choose", "Choose the marked answer", 0),
    on(dlg(Dialogue::Guess), &[c('s'), TAB], within(NextField), "no guess", "Go on without a guess", 5),
    on(dlg(Dialogue::Guess), &[ESC], go(Move::Back), "back", "One step back", 6),

    on(dlg(Dialogue::Improvement), &[ENTER], within(Accept), "next", "To the next field; on the last one, save", 1),
    on(dlg(Dialogue::Improvement), &[DOWN, TAB], within(NextField), "next field", "To the next field", 2),
    on(dlg(Dialogue::Improvement), &[UP, BACKTAB], within(PreviousField), "field before", "To the field before", 0),
    on(dlg(Dialogue::Improvement), &[ESC], go(Move::Back), "back", "Back without saving; the draft is kept", 3),

    on(dlg(Dialogue::Filter), &[ENTER], within(Accept), "keep", "Keep the filter and go back to the list", 1),
    on(dlg(Dialogue::Filter), &[ESC], go(Move::Back), "clear", "Clear the filter", 2),
];

/// Keys that edit text, wherever text is typed.
#[rustfmt::skip]
pub const TYPING: &[(Chord, Edit)] = &[
    (LEFT, Edit::Left),
    (RIGHT, Edit::Right),
    (HOME, Edit::Start),
    (Chord::ctrl('a'), Edit::Start),
    (END, Edit::End),
    (Chord::ctrl('e'), Edit::End),
    (BACKSPACE, Edit::Backspace),
    (Chord::ctrl('h'), Edit::Backspace),
    (Chord::key(KeyCode::Delete), Edit::Delete),
    (Chord::ctrl('w'), Edit::Word),
    (Chord::ctrl('u'), Edit::Clear),
];

/// What a key does in these places, the innermost first.
#[must_use]
pub fn find(places: &[Where], chord: Chord) -> Option<&'static Binding> {
    TABLE.get(row(places, chord)?)
}

/// Where in the table the line stands that a key calls in these places.
fn row(places: &[Where], chord: Chord) -> Option<usize> {
    places.iter().find_map(|place| TABLE.iter().position(|line| line.at == *place && line.keys.contains(&chord)))
}

/// How the first key that does this is written, wherever it works.
#[must_use]
pub fn key_of(act: Do) -> Shown {
    let line = TABLE.iter().find(|line| line.act == act);
    line.and_then(|line| line.keys.first()).map(|key| key.label()).unwrap_or_default()
}

/// The lines of the table that work in these places, without those that an inner place hides.
#[must_use]
pub fn reachable(places: &[Where]) -> Vec<&'static Binding> {
    let in_place = places.iter().flat_map(|place| TABLE.iter().enumerate().filter(move |(_, line)| line.at == *place));
    let is_called = |at: usize, line: &Binding| line.keys.iter().any(|key| row(places, *key) == Some(at));
    in_place.filter(|(at, line)| is_called(*at, line)).map(|(_, line)| line).collect()
}

/// The lines for the footer, in order.
#[must_use]
pub fn footer(places: &[Where]) -> Vec<&'static Binding> {
    let mut lines: Vec<_> = reachable(places).into_iter().filter(|line| line.rank > 0).collect();
    let depth = |line: &Binding| places.iter().position(|place| *place == line.at).unwrap_or(usize::MAX);
    // The first keys of a pane come before everything else, its further ones among the others.
    let first = |line: &Binding| matches!(line.at, Where::Pane(_)) && line.rank < 6;
    lines.sort_by_key(|line| (!first(line), line.rank, depth(line)));
    lines
}

/// The whole table as Markdown, for the README.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| where | keys | what it does |\n|---|---|---|\n");
    for line in TABLE {
        let keys: Vec<String> = line.keys.iter().map(|key| format!("`{}`", key.label())).collect();
        out.push_str(&format!("| {} | {} | {} |\n", line.at.label(), keys.join(" "), line.long));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_stands_twice_in_a_place() {
        for (index, line) in TABLE.iter().enumerate() {
            for key in line.keys {
                let twin = TABLE
                    .iter()
                    .enumerate()
                    .find(|(other, l)| *other != index && l.at == line.at && l.keys.contains(key));
                assert!(twin.is_none(), "{} stands twice in {:?}", key.label(), line.at);
            }
        }
    }

    #[test]
    fn a_line_is_reachable_where_no_inner_place_takes_all_its_keys() {
        let lines = reachable(&[Where::Replay, Where::Drill, Where::Always]);
        let says = |at: Where, long: &str| lines.iter().any(|line| line.at == at && line.long.starts_with(long));
        assert!(says(Where::Replay, "Play, or pause") && says(Where::Drill, "Go on") && says(Where::Always, "Leave"));
        assert!(!says(Where::Drill, "Write a note"), "`w` writes the note of a replay");
        assert!(says(Where::Drill, "To the next pane"), "TAB is left, though not the arrow");
    }

    #[test]
    fn letters_are_free_where_text_is_typed() {
        for line in TABLE {
            if let Where::Dialogue(dialogue) = line.at
                && dialogue.takes_text()
            {
                assert!(line.keys.iter().all(|key| key.typed().is_none()), "{:?}", line.at);
                let edits = line.keys.iter().any(|key| TYPING.iter().any(|(chord, _)| chord == key));
                assert!(!edits, "{:?} hides a key that edits text", line.at);
            }
        }
    }

    #[test]
    fn every_dialogue_can_be_left_with_escape() {
        for line in TABLE {
            if matches!(line.at, Where::Dialogue(_)) {
                assert!(find(&[line.at], ESC).is_some_and(|found| found.act == go(Move::Back)), "{:?}", line.at);
            }
        }
    }

    #[test]
    fn the_markdown_names_every_line_and_keeps_the_table_whole() {
        let text = markdown();
        assert_eq!(text.lines().count(), TABLE.len() + 2);
        for row in text.lines() {
            assert_eq!(row.matches('|').count(), 4, "{row}");
        }
    }
}
