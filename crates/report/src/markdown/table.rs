//! Tables, lists and the small words that stand in their cells.

use crate::escape;
use firedrill_core::projection::moment::t_since;
use firedrill_core::projection::wording;
use firedrill_model::{Joined, SafeText, Shown, shown};

/// What stands where nothing is known.
pub(super) const NOTHING: &str = "-";

/// A table. Cells must be escaped already.
pub(super) fn table(head: &[&'static str], rows: &[Vec<Shown>]) -> Shown {
    let mut text = shown!("| {} |\n|{}\n", head.joined(" | "), Shown::repeated(" --- |", head.len()));
    for row in rows {
        text.push(shown!("| {} |\n", row.joined(" | ")));
    }
    text
}

/// A section with a heading, or nothing where there is no content.
pub(super) fn section(heading: &'static str, content: impl Into<Shown>) -> Shown {
    let content = content.into();
    if content.trim().is_empty() { Shown::default() } else { shown!("## {}\n\n{}", heading, content) }
}

/// A list of escaped lines.
pub(super) fn bullets(lines: &[SafeText]) -> Shown {
    self::lines(lines.iter().map(|line| shown!("- {}", escape::inline(line))))
}

/// Lines that are Markdown already, each with its end.
pub(super) fn lines(lines: impl Iterator<Item = Shown>) -> Shown {
    lines.fold(Shown::default(), |text, line| text + &line + "\n")
}

/// Seconds since the fault as T, or a dash.
pub(super) fn maybe_clock(secs: Option<f64>) -> Shown {
    secs.map_or_else(|| NOTHING.into(), t_since)
}

/// A length in words, or a dash.
pub(super) fn maybe_length(secs: Option<f64>) -> Shown {
    secs.map_or_else(|| NOTHING.into(), wording::seconds)
}

/// Escaped text, or a dash.
pub(super) fn maybe_text(text: Option<&SafeText>) -> Shown {
    text.filter(|text| !text.is_blank()).map_or_else(|| NOTHING.into(), escape::inline)
}

/// Yes, no, or a dash.
pub(super) fn maybe_yes(yes: Option<bool>) -> Shown {
    match yes {
        Some(true) => "yes",
        Some(false) => "no",
        None => NOTHING,
    }
    .into()
}
