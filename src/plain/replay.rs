//! The words of a replay in plain mode, and what is said of it.

use super::say;
use firedrill_core::projection::moment::read_t;
use firedrill_core::projection::transport::{Cue, Stop};
use firedrill_core::projection::{Transport, wording};
use firedrill_model::id::DrillId;
use firedrill_model::{DrillTime, SafeText, Shown, WordBook, shown};

/// A typed line, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplayLine {
    /// Nothing was typed.
    Nothing,
    /// Something asked of the replay.
    Cue(Cue),
    /// Look as this one.
    View(String),
    /// Search the timeline.
    Find(String),
    /// A note on the moment at the cursor.
    Note(String),
    /// A bookmark there, or none any more.
    Bookmark,
    /// The earlier drill beside this one.
    Ghost,
    /// What is seen at the cursor.
    Status,
    /// The words that work here.
    Help,
    /// Leave.
    Quit,
    /// A sentence on what is wrong with the line.
    Wrong(Shown),
}

/// The words that work in a replay.
#[must_use]
pub fn help() -> Vec<Shown> {
    [
        "play, pause: let time go by, or stop it",
        "faster, slower: from 0.5 to 64 times real time",
        "step, back: one entry on, or one back",
        "next KIND, previous KIND: to a finding, decision, step, message, note or bookmark",
        "seek T: to a moment counted from the fault, T+12:30, 12m30s, or T-5:00 before it",
        "start, end: before the first entry, after the last",
        "find WORDS: search the timeline, from here on and then from the start",
        "view everything, view seat-1: whose view it is",
        "note TEXT: a note on this moment, added at the end of the record",
        "bookmark: a bookmark at this moment, or none any more",
        "ghost: the earlier drill beside this one, side by side",
        "status: where the cursor is",
        "quit: leave",
    ]
    .map(Shown::from)
    .to_vec()
}

/// Reads a line.
#[must_use]
pub fn parse(line: &str) -> ReplayLine {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match word {
        "" => ReplayLine::Nothing,
        "play" => ReplayLine::Cue(Cue::Play(true)),
        "pause" => ReplayLine::Cue(Cue::Play(false)),
        "faster" | "slower" => ReplayLine::Cue(Cue::Speed(word == "faster")),
        "step" => ReplayLine::Cue(Cue::Step(true)),
        "back" => ReplayLine::Cue(Cue::Step(false)),
        "start" => ReplayLine::Cue(Cue::Start),
        "end" => ReplayLine::Cue(Cue::End),
        "next" | "previous" => {
            Stop::ALL.into_iter().find(|stop| stop.label() == rest || shown!("{}s", stop.label()) == rest).map_or_else(
                || ReplayLine::Wrong(shown!("Say {} {}.", SafeText::one_line(word), Stop::in_words())),
                |stop| ReplayLine::Cue(Cue::Jump(stop, word == "next")),
            )
        }
        "seek" => match read_t(rest) {
            Ok(at) => ReplayLine::Cue(Cue::Seek(at)),
            Err(why) => ReplayLine::Wrong(shown!("Not a time: {}.", why)),
        },
        "find" if rest.is_empty() => ReplayLine::Wrong("Say find and the words to search for.".into()),
        "find" => ReplayLine::Find(rest.to_owned()),
        "note" if rest.is_empty() => ReplayLine::Wrong("Say note and the text.".into()),
        "note" => ReplayLine::Note(rest.to_owned()),
        "bookmark" => ReplayLine::Bookmark,
        "view" => ReplayLine::View(rest.to_owned()),
        "ghost" => ReplayLine::Ghost,
        "status" => ReplayLine::Status,
        "help" => ReplayLine::Help,
        "quit" => ReplayLine::Quit,
        _ => ReplayLine::Wrong("This word is not known in a replay; `help` lists those that are.".into()),
    }
}

/// The words before a replay begins.
#[must_use]
pub fn greeting(transport: &Transport, drill: &DrillId, standing: &SafeText) -> Vec<Shown> {
    vec![
        shown!("Replay of {}: {}.", drill, transport.view().scenario.title),
        wording::exercise(transport.world_kind()).into(),
        shown!("The record: {}. {} entries.", standing, transport.count()),
        "Type `help` for the words that work here, `play` to begin.".into(),
    ]
}

/// Where the cursor is.
#[must_use]
pub fn status(transport: &Transport) -> Vec<Shown> {
    let clock = |at: DrillTime| transport.zero().t(at);
    let state = if transport.is_playing() { "playing" } else { "paused" };
    let mut lines = vec![shown!(
        "{} of {}, entry {} of {}, {} at {}, view: {}.",
        clock(transport.now()),
        clock(transport.end()),
        transport.cursor(),
        transport.count(),
        state,
        transport.speed(),
        transport.viewer_words()
    )];
    let view = transport.view();
    lines.push(shown!("Phase: {}. Findings: {}.", view.course.phase.label(), view.board.findings.len()));
    lines
}

/// The lines of the timeline from entry number `from` on, as far as the cursor and the viewer allow.
#[must_use]
pub fn news(transport: &Transport, words: &WordBook, from: u64) -> Vec<Shown> {
    let view = transport.view();
    let lines = view.timeline.iter().filter(|line| line.stamp.seq >= from);
    lines.map(|line| say::timeline_line(view, line, transport.zero(), words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_or_answered() {
        assert_eq!(parse("next finding"), ReplayLine::Cue(Cue::Jump(Stop::Finding, true)));
        assert_eq!(parse(" previous  steps "), ReplayLine::Cue(Cue::Jump(Stop::Step, false)));
        assert_eq!(parse("seek 0:10"), ReplayLine::Cue(Cue::Seek(read_t("T+0:10").unwrap())));
        assert_eq!(parse("view seat-1"), ReplayLine::View("seat-1".into()));
        assert_eq!(parse("note why  so late?"), ReplayLine::Note("why  so late?".into()));
        assert_eq!(parse("next bookmark"), ReplayLine::Cue(Cue::Jump(Stop::Bookmark, true)));
        for wrong in ["seek", "next", "next year", "find", "note ", "ack 1"] {
            assert!(matches!(parse(wrong), ReplayLine::Wrong(_)), "{wrong}");
        }
    }
}
