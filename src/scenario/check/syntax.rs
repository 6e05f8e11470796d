//! Mistakes in TOML itself. The parser goes on after most of them; where a bracket or a quote is never closed, everything
//! behind it would be lost, so that one statement is set aside and the rest is read again.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scenario::problem::{Code, Mistake, shorten};

/// Statements that are set aside at most; fewer in a long file, which takes longer to read each time.
const MOST_ROUNDS: usize = 100;
const FEWEST_ROUNDS: usize = 20;
/// Bytes that are read at most, over all rounds, before the fewest rounds are enough.
const MOST_BYTES: usize = 16 << 20;
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
        let lost = errors.iter().filter(|error| loses_the_rest(error.message()));
        let Some((at, message)) = lost.filter_map(|error| Some((error.span()?.start, error.message()))).min() else {
            break;
        };
        if message.starts_with(NO_VALUE) {
            leave_out_line(&mut readable, at);
        } else {
            set_aside(&mut readable, &table, at);
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

/// Says whether the parser sees nothing, or something else, in what follows.
fn loses_the_rest(message: &str) -> bool {
    message.starts_with("unclosed") || message.contains("multi-line") || message.starts_with(NO_VALUE)
}

fn leave_out_line(readable: &mut Readable, at: usize) {
    let line = readable.line(at);
    note_key(readable, line.clone());
    let text = readable.slice(line.clone());
    let (indent, end) = (text.len() - text.trim_start().len(), text.trim_end().len());
    let said = shorten(text.trim(), TEXT_CHARS);
    let span = line.start + indent..line.start + end.max(indent);
    readable.note(span, format!("`{said}` is a key without a value"), "write `key = value`; # begins a remark");
    readable.blank(line);
}

/// Deals with what isn't closed at `at`.
fn set_aside(readable: &mut Readable, table: &Spanned<DeTable<'_>>, at: usize) {
    match opener(&readable.text, table.get_ref(), at) {
        Some(open) => {
            let sort = match readable.slice(open..readable.text.len()).chars().next() {
                Some('[') => "list",
                Some('{') => "table",
                _ => "text",
            };
            let line = readable.line(open);
            let end = next_statement(&readable.text, line.end);
            note_key(readable, line.clone());
            readable.note(open..open + 1, format!("the {sort} that begins here has no end"), "close it where it ends");
            readable.blank(line.start..end);
        }
        None => mend_header(readable, at),
    }
}

/// A section header without its last brackets gets them; one that can't be understood is set aside with its section.
fn mend_header(readable: &mut Readable, at: usize) {
    let line = readable.line(at);
    let header = readable.slice(line.clone()).split('#').next().unwrap_or_default().trim_end().to_owned();
    let name = header.trim_start().trim_start_matches('[').trim_end_matches(']').trim();
    let opened = header.trim_start().bytes().take_while(|b| *b == b'[').count();
    let closed = header.bytes().rev().take_while(|b| *b == b']').count();
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let end = line.start + header.len();
    if plain && (1..=2).contains(&opened) && closed < opened {
        let (open, close) = ("[".repeat(opened), "]".repeat(opened));
        readable.note(line.start..end, "this section header has no end", format!("write {open}{name}{close}"));
        readable.insert(end, &"]".repeat(opened - closed));
    } else {
        readable.note(line.start..end, "this line can't be read", "a section header is [name] or [[name]]");
        let end = next_header(&readable.text, line.end);
        readable.blank(line.start..end);
        readable.lost_section = true;
    }
}

/// Where the list, table or text begins that runs to `at`. The outermost one, since all of it is lost.
fn opener(text: &str, table: &DeTable<'_>, at: usize) -> Option<usize> {
    table.iter().filter_map(|(_, value)| opener_of(text, value, at)).min()
}

fn opener_of(text: &str, value: &Spanned<DeValue<'_>>, at: usize) -> Option<usize> {
    let span = value.span();
    let begins = text.get(span.clone())?;
    let inline =
        ["[", "{", "\"\"\"", "'''"].iter().any(|open| begins.starts_with(open)) && !is_header(text, span.start);
    if inline && span.start < at && span.end >= at {
        return Some(span.start);
    }
    match value.get_ref() {
        DeValue::Table(table) => opener(text, table, at),
        DeValue::Array(items) => items.iter().filter_map(|item| opener_of(text, item, at)).min(),
        _ => None,
    }
}

/// Says whether nothing stands before this place on its line.
fn is_header(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty())
}

/// The start of the next line that begins a statement, from the line end `from` on.
fn next_statement(text: &str, from: usize) -> usize {
    next_line(text, from, |line| {
        let key = line.split_once('=').map(|(key, _)| key.trim());
        let is_key = |key: &str| {
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        key.is_some_and(is_key) || is_header_line(line)
    })
}

fn next_header(text: &str, from: usize) -> usize {
    next_line(text, from, is_header_line)
}

fn is_header_line(line: &str) -> bool {
    let line = line.trim();
    let name = line.trim_start_matches('[').trim_end_matches(']');
    line.starts_with('[') && name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains([',', '"', '='])
}

fn next_line(text: &str, from: usize, is_wanted: impl Fn(&str) -> bool) -> usize {
    let mut start = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        if start > from && is_wanted(line) {
            return start;
        }
        start += line.len();
    }
    text.len()
}

/// Remembers the key of a line that can't be read.
fn note_key(readable: &mut Readable, line: Range<usize>) {
    let is_key = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let key: String = readable.slice(line).trim_start().chars().take_while(is_key).collect();
    let name = key.rsplit('.').next().unwrap_or_default().to_owned();
    readable.unread_keys.insert(name);
}

/// Says in other words than the parser's what is the matter.
fn explain(readable: &mut Readable, span: Range<usize>, message: &str) {
    let said = shorten(readable.slice(span.clone()).trim(), TEXT_CHARS);
    let (text, advice) = if message.starts_with("string values must be quoted") {
        if said.is_empty() {
            ("the value is missing".to_owned(), "write a value after the `=`".to_owned())
        } else {
            (format!("`{said}` needs quotes"), format!("write \"{said}\""))
        }
    } else if message.starts_with("duplicate key") {
        (format!("`{said}` stands here for the second time"), "keep one of the two".to_owned())
    } else if message.starts_with("invalid boolean") {
        (format!("`{said}` is not true or false"), "write true or false, in small letters".to_owned())
    } else if message.contains("escape") {
        (
            "a `\\` in a text begins a sign that TOML doesn't know".to_owned(),
            "write \\\\ for a `\\`, or put the text in single quotes".to_owned(),
        )
    } else if readable.slice(span.start..readable.text.len()).starts_with(is_forbidden) {
        let advice = "take it out; in a text in double quotes it can be written \\u and four digits";
        ("a control character can't stand here".to_owned(), advice.to_owned())
    } else if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        ("this text has no end".to_owned(), "close it with the quote that it begins with".to_owned())
    } else if message.starts_with("unexpected key or value") {
        ("something is left over after the value".to_owned(), "one `key = value` a line; # begins a remark".to_owned())
    } else {
        (format!("this is not TOML: {}", shorten(message, 160)), "see https://toml.io for how it is written".to_owned())
    };
    readable.note(span, text, advice);
}

/// Control characters that TOML doesn't allow in a file.
fn is_forbidden(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r')
}
