//! Statements that hide what follows them: set aside, or mended where it is clear what was meant.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Readable, TEXT_CHARS, note_key};
use crate::problem::shorten;

/// Names in a row, and brackets in one another, that the parser certainly takes.
const DEEPEST: usize = 40;

/// A line that is neither a section header nor `key = value` is left out.
pub fn leave_out_line(readable: &mut Readable, at: usize) {
    let line = readable.line(at);
    note_key(readable, line.clone());
    let text = readable.slice(line.clone());
    let (indent, end) = (text.len() - text.trim_start().len(), text.trim_end().len());
    let said = shorten(text.trim(), TEXT_CHARS);
    let span = line.start + indent..line.start + end.max(indent);
    readable.note(span, format!("`{said}` is a key without a value"), "write `key = value`; # begins a remark");
    readable.blank(line);
}

/// A statement so deep that the parser gives up on it, or on all that follows, is left out. Says whether there was one.
pub fn leave_out_deepest(readable: &mut Readable) -> bool {
    let Some((start, what)) = too_deep(&readable.text) else { return false };
    let line = readable.line(start);
    let advice = "nothing in a scenario or script lies within more than a few of them";
    note_key(readable, line.clone());
    readable.note(line.clone(), format!("the {what} here are nested too deeply"), advice);
    let end = if what == NAMES { line.end } else { next_statement(&readable.text, line.end) };
    readable.blank(line.start..end);
    true
}

const NAMES: &str = "names";
const BRACKETS: &str = "brackets";

/// The line of the first statement with too many names in a row or brackets in one another, and which of the two.
fn too_deep(text: &str) -> Option<(usize, &'static str)> {
    let (mut depth, mut statement) = (0_usize, 0);
    for start in line_starts(text) {
        let line = text.get(start..)?.lines().next().unwrap_or_default();
        let key = line.split(['=', '"', '\'', '#']).next().unwrap_or_default();
        if depth == 0 || is_header_line(line) {
            (depth, statement) = (0, start);
            if key.matches('.').count() > DEEPEST {
                return Some((start, NAMES));
            }
        }
        // Every other part is within quotes.
        for sign in line.split('"').step_by(2).flat_map(str::chars).take_while(|sign| *sign != '#') {
            match sign {
                '[' | '{' => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some((statement, BRACKETS));
            }
        }
    }
    None
}

/// Deals with what isn't closed at `at`.
pub fn set_aside(readable: &mut Readable, table: &Spanned<DeTable<'_>>, at: usize) {
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
        None if leave_out_deepest(readable) => {}
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

/// Of several sections of one name, one has single brackets by mistake. It gets the others' brackets.
pub fn mend_brackets(readable: &mut Readable, at: usize) -> bool {
    let header = |line: Range<usize>| {
        let text = readable.slice(line.clone());
        let (open, rest) = text.trim().split_at_checked(text.trim().bytes().take_while(|b| *b == b'[').count())?;
        let name = rest.strip_suffix("]".repeat(open.len()).as_str())?.trim();
        let indent = text.len() - text.trim_start().len();
        let span = line.start + indent..line.start + text.trim_end().len();
        Some((open.len(), name.to_owned(), span))
    };
    let Some((brackets, name, span)) = header(readable.line(at)) else { return false };
    let others = line_starts(&readable.text).filter_map(|start| header(readable.line(start)));
    let mut others = others.filter(|(other, same, _)| *other != brackets && *same == name);
    let (Some((_, _, other)), 1 | 2) = (others.next(), brackets) else { return false };
    drop(others);
    let single = if brackets == 1 { span } else { other };
    readable.note(
        single.clone(),
        format!("there are several sections `{name}`"),
        format!("write [[{name}]], as for the others"),
    );
    readable.insert(single.end, "]");
    readable.insert(single.start, "[");
    true
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1))
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
