//! Mistakes in TOML itself. The parser goes on after most of them; where a bracket or a quote is never closed, everything
//! behind it would be lost, so that one statement is set aside and the rest is read again.

mod explain;
mod mend;

use std::collections::BTreeSet;
use std::ops::Range;

use explain::explain;
use mend::{leave_out_deepest, leave_out_line, mend_brackets, set_aside};
use toml::de::DeTable;

use crate::problem::{Code, Mistake};

/// Statements that are set aside at most; fewer in a long file, which takes longer to read each time.
const MOST_ROUNDS: usize = 100;
const FEWEST_ROUNDS: usize = 20;
/// Bytes that are read at most, over all rounds, before the fewest rounds are enough.
const MOST_BYTES: usize = 16 << 20;
/// Of things that stand there twice, these are looked at for wrong brackets, in each round.
const MOST_TWICE: usize = 10;
/// Errors of the parser that are looked at.
const MOST_ERRORS: usize = 2_000;
/// Characters of a text that a message repeats.
const TEXT_CHARS: usize = 40;

/// A file's text in which every statement can be read, or be left out.
pub struct Readable {
    /// The text. What couldn't be read is blank.
    pub text: String,
    /// What is the matter with the file's syntax; places are these of the file.
    pub mistakes: Vec<Mistake>,
    /// Keys of statements that couldn't be read.
    pub unread_keys: BTreeSet<String>,
    /// Whether a whole section was set aside.
    pub lost_section: bool,
    /// Whether so much is wrong that the rest was not looked at.
    pub gave_up: bool,
    /// Brackets put in: where, and how many bytes.
    inserted: Vec<(usize, usize)>,
}

impl Readable {
    /// The place in the file of a place in `text`.
    pub fn original(&self, at: usize) -> usize {
        let before = self.inserted.iter().filter(|(place, _)| *place < at);
        at.saturating_sub(before.map(|(_, length)| length).sum())
    }

    fn line(&self, at: usize) -> Range<usize> {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = self.text.get(start..).unwrap_or_default();
        start..start + rest.find('\n').unwrap_or(rest.len())
    }

    fn slice(&self, span: Range<usize>) -> &str {
        self.text.get(span).unwrap_or_default()
    }

    fn blank(&mut self, span: Range<usize>) {
        let blank: String = self.slice(span.clone()).bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
        if blank.len() == span.len() {
            self.text.replace_range(span, &blank);
        }
    }

    fn insert(&mut self, at: usize, brackets: &str) {
        for (place, _) in &mut self.inserted {
            *place += if *place >= at { brackets.len() } else { 0 };
        }
        self.text.insert_str(at, brackets);
        self.inserted.push((at, brackets.len()));
    }

    fn note(&mut self, span: Range<usize>, message: impl Into<String>, advice: impl Into<String>) {
        let span = self.original(span.start)..self.original(span.end);
        self.mistakes.push(Mistake::new(Code::Syntax, span, message).advise(advice));
    }
}

/// Finds what is wrong with the file's syntax and makes the rest readable.
pub fn make_readable(text: &str) -> Readable {
    let mut readable = Readable {
        text: text.to_owned(),
        mistakes: Vec::new(),
        unread_keys: BTreeSet::new(),
        lost_section: false,
        gave_up: false,
        inserted: Vec::new(),
    };
    let rounds = (MOST_BYTES / text.len().max(1)).clamp(FEWEST_ROUNDS, MOST_ROUNDS);
    for round in 0..=rounds {
        let whole = readable.text.clone();
        let (table, errors) = DeTable::parse_recoverable(&whole);
        if errors.iter().any(|error| error.span().is_none()) && leave_out_deepest(&mut readable) && round < rounds {
            continue;
        }
        let places = errors.iter().filter_map(|error| Some((error.span()?.start, error.message())));
        let lost = places.clone().filter(|(_, message)| loses_the_rest(message)).min();
        let twice = places.filter(|(_, message)| message.starts_with(TWICE)).map(|(at, _)| at).take(MOST_TWICE);
        match lost {
            Some((at, message)) if message.starts_with(NO_VALUE) => leave_out_line(&mut readable, at),
            Some((at, _)) => set_aside(&mut readable, &table, at),
            None if !twice.into_iter().any(|at| mend_brackets(&mut readable, at)) => break,
            None => {}
        }
        readable.gave_up = readable.text == whole || round == rounds;
        if readable.gave_up {
            return readable;
        }
    }
    let whole = readable.text.clone();
    let (_, errors) = DeTable::parse_recoverable(&whole);
    let mut errors: Vec<_> = errors.iter().filter_map(|error| Some((error.span()?, error.message()))).collect();
    errors.sort_by_key(|(span, _)| span.start);
    let mut last_line = None;
    for (span, message) in errors.into_iter().take(MOST_ERRORS) {
        let line = readable.line(span.start);
        if last_line.replace(line.clone()) != Some(line.clone()) {
            note_key(&mut readable, line);
            explain(&mut readable, span, message);
        }
    }
    readable
}

/// How the parser says that a line is neither a section header nor `key = value`.
const NO_VALUE: &str = "key with no value";

/// How the parser says that a key or section is there already.
const TWICE: &str = "duplicate key";

/// Says whether the parser sees nothing, or something else, in what follows.
fn loses_the_rest(message: &str) -> bool {
    message.starts_with("unclosed") || message.contains("multi-line") || message.starts_with(NO_VALUE)
}

/// Remembers the key of a line that can't be read.
fn note_key(readable: &mut Readable, line: Range<usize>) {
    let is_key = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let key: String = readable.slice(line).trim_start().chars().take_while(is_key).collect();
    let name = key.rsplit('.').next().unwrap_or_default().to_owned();
    readable.unread_keys.insert(name);
}
