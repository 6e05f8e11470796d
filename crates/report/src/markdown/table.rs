//! Tables, lists and the small words that stand in their cells.

use crate::escape;
use firedrill_core::projection::wording;
use firedrill_model::{SafeText, Span};

/// What stands where nothing is known.
pub(super) const NOTHING: &str = "-";

/// A table. Cells must be escaped already.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    text
}

/// A section with a heading, or nothing where there is no content.
pub(super) fn section(heading: &str, content: &str) -> String {
    if content.trim().is_empty() { String::new() } else { format!("## {heading}\n\n{content}") }
}

/// A list of escaped lines.
pub(super) fn bullets(lines: &[SafeText]) -> String {
    self::lines(lines.iter().map(|line| format!("- {}", escape::inline(line))))
}

/// Lines that are Markdown already, each with its end.
pub(super) fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

/// A moment of drill time as a clock shows it.
pub(super) fn clock(secs: f64) -> String {
    Span::from_secs_f64(secs).clock()
}

/// The same, or a dash.
pub(super) fn maybe_clock(secs: Option<f64>) -> String {
    secs.map_or_else(|| NOTHING.to_owned(), clock)
}

/// A length in words, or a dash.
pub(super) fn maybe_length(secs: Option<f64>) -> String {
    secs.map_or_else(|| NOTHING.to_owned(), wording::seconds)
}

/// Escaped text, or a dash.
pub(super) fn maybe_text(text: Option<&SafeText>) -> String {
    text.filter(|text| !text.is_blank()).map_or_else(|| NOTHING.to_owned(), escape::inline)
}

/// Yes, no, or a dash.
pub(super) fn maybe_yes(yes: Option<bool>) -> String {
    match yes {
        Some(true) => "yes",
        Some(false) => "no",
        None => NOTHING,
    }
    .to_owned()
}
