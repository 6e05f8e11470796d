//! The parser's errors in other words.

use std::ops::Range;

use super::{Readable, TEXT_CHARS, TWICE};
use crate::problem::shorten;
use firedrill_model::Span;

/// Says in other words than the parser's what is the matter.
pub fn explain(readable: &mut Readable, span: Range<usize>, message: &str) {
    let said = shorten(readable.slice(span.clone()).trim(), TEXT_CHARS);
    let rest = readable.slice(span.start..readable.text.len());
    let before = readable.slice(readable.line(span.start).start..span.start);
    let in_text = ['"', '\''].iter().any(|quote| before.matches(*quote).count() % 2 == 1);
    let line = readable.line(span.start);
    if let Some(comma) = decimal_comma(readable.slice(line.clone())).map(|at| line.start + at) {
        readable.note(comma..comma + 1, "a number with a comma can't be read", "write it with a point, as in 0.5");
        return;
    }
    let (text, advice) = from_signs(rest, &readable.text)
        .or_else(|| from_key(rest, message))
        .unwrap_or_else(|| from_message(message, &said, in_text));
    readable.note(span, text, advice);
}

/// What the signs themselves tell: some that can't stand anywhere, and another language.
fn from_signs(rest: &str, whole: &str) -> Option<(String, String)> {
    if rest.starts_with(is_forbidden) {
        Some((
            "a control character can't stand here".to_owned(),
            "take it out; in a text in double quotes it can be written \\u and four digits".to_owned(),
        ))
    } else if let Some(sign) = rest.chars().next().filter(|c| only_looks_blank(*c)) {
        Some((
            format!("here is a {}, which only looks like a blank, or like nothing", code_point(sign)),
            "take it out, or put a blank there".to_owned(),
        ))
    } else if whole.trim_start().starts_with('{') {
        Some((
            "this is not TOML; it looks like JSON".to_owned(),
            "`firedrill new NAME` writes a scenario to begin with".to_owned(),
        ))
    } else {
        None
    }
}

/// Where a number has a comma, as many languages write it.
fn decimal_comma(line: &str) -> Option<usize> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    line.match_indices(',').find_map(|(at, _)| {
        let (before, after) = (line.get(..at)?, line.get(at + 1..)?);
        let in_list = before.matches('[').count() > before.matches(']').count() && !before.contains('{');
        let in_text = before.matches('"').count() % 2 == 1;
        (digit(before.chars().last()) && digit(after.chars().next()) && !in_list && !in_text).then_some(at)
    })
}

/// A key with letters that need quotes.
fn from_key(rest: &str, message: &str) -> Option<(String, String)> {
    let letter = rest.chars().next().filter(|c| !c.is_ascii())?;
    message.starts_with("invalid unquoted key").then(|| {
        (format!("`{letter}` can't stand in a key"), "keys are written with the letters a to z, `-` and `_`".to_owned())
    })
}

/// What the parser's message means; `in_text`: a text was open before the place.
fn from_message(message: &str, said: &str, in_text: bool) -> (String, String) {
    match message {
        m if m.starts_with("carriage return") => (
            "the lines end with a carriage return alone".to_owned(),
            "save the file with line ends LF or CRLF".to_owned(),
        ),
        m if m.contains("recurse") => (
            "the brackets here are nested too deeply".to_owned(),
            "nothing in a scenario or script lies within more than a few of them".to_owned(),
        ),
        m if m.contains("leading zero") => (
            "a number can't begin with a zero here".to_owned(),
            "take the zero out, or put a text in quotes".to_owned(),
        ),
        m if m.starts_with("string values must be quoted") => without_quotes(said),
        m if m.starts_with(TWICE) => {
            (format!("`{said}` stands here for the second time"), "keep one of the two".to_owned())
        }
        m if m.starts_with("invalid boolean") => {
            (format!("`{said}` is not true or false"), "write true or false, in small letters".to_owned())
        }
        m if m.contains("escape") => (
            "a `\\` in a text begins a sign that TOML doesn't know".to_owned(),
            "write \\\\ for a `\\`, or put the text in single quotes".to_owned(),
        ),
        m if m.starts_with("invalid basic string") || (in_text && m.starts_with("invalid literal string")) => {
            ("this text has no end".to_owned(), "close it with the quote that it begins with".to_owned())
        }
        m if m.starts_with("unexpected key or value") => (
            "something is left over after the value".to_owned(),
            "one `key = value` a line; # begins a remark".to_owned(),
        ),
        m if m.starts_with("missing comma") => {
            ("a comma is missing".to_owned(), "put one between what belongs together; texts stand in quotes".to_owned())
        }
        m if m.starts_with("extra comma") => ("a comma too many".to_owned(), "take it out".to_owned()),
        m => (
            format!("this is not TOML: {}", shorten(m, 160)),
            "one `key = value` a line, texts in quotes, numbers with a point; see https://toml.io".to_owned(),
        ),
    }
}

/// A value without quotes that is no number either.
fn without_quotes(said: &str) -> (String, String) {
    const CURLY: [char; 6] = ['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{201a}'];
    let straight = said.trim_matches(CURLY);
    if said.is_empty() {
        ("the value is missing".to_owned(), "write a value after the `=`".to_owned())
    } else if straight.len() < said.len() {
        (format!("`{said}` is in curly quotes"), format!("write \"{straight}\", with straight ones"))
    } else if said.chars().any(|c| c.is_numeric() && !c.is_ascii()) {
        (format!("`{said}` is not written with the digits 0 to 9"), "write it with ordinary digits".to_owned())
    } else if said.starts_with(|c: char| c.is_ascii_digit()) && said.parse::<Span>().is_err() {
        (
            format!("`{said}` is not a number"),
            "a number is written 0.5 or 30; a text or a time stands in quotes".to_owned(),
        )
    } else {
        (format!("`{said}` needs quotes"), format!("write \"{said}\""))
    }
}

/// Signs that nobody sees, or takes for a blank.
fn only_looks_blank(c: char) -> bool {
    !c.is_ascii() && c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Control characters that TOML doesn't allow in a file.
fn is_forbidden(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r')
}
