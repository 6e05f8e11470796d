//! From bytes of a file to a line, a column and a piece of text that is safe to show.

use std::ops::Range;

use super::{Code, Problem};
use firedrill_model::SafeText;

/// Characters of a line that are kept before the mistake, within it, and after it.
const KEEP: (usize, usize, usize) = (50, 60, 40);

/// A file's name and text, with its line starts.
pub(crate) struct Source<'a> {
    file: SafeText,
    text: &'a str,
    line_starts: Vec<usize>,
}

/// A mistake before it is placed in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub code: Code,
    pub span: Range<usize>,
    pub message: String,
    pub advice: Option<String>,
    pub replacement: Option<String>,
}

impl Mistake {
    pub fn new(code: Code, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), advice: None, replacement: None }
    }

    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub fn replace(mut self, with: impl Into<String>) -> Self {
        self.replacement = Some(with.into());
        self
    }
}

impl<'a> Source<'a> {
    pub fn new(file: &str, text: &'a str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file: SafeText::one_line(file), text, line_starts }
    }

    /// The number of the line that holds this byte, from 1.
    pub fn line_of(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).max(1)
    }

    /// The end of the text, without blank lines.
    pub fn end(&self) -> usize {
        self.text.trim_end().len()
    }

    /// The line that holds this byte, without its end, and where it starts.
    fn line_at(&self, byte: usize) -> (usize, &'a str) {
        let start = self.line_starts.get(self.line_of(byte) - 1).copied().unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        (start, line.strip_suffix('\r').unwrap_or(line))
    }

    fn boundary_below(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        (0..=byte).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }

    /// The problem that a person is shown.
    pub fn place(&self, mistake: Mistake) -> Problem {
        let start = self.boundary_below(mistake.span.start);
        let end = self.boundary_below(mistake.span.end).max(start);
        let (line_start, line) = self.line_at(start);
        let before = self.text.get(line_start..start).unwrap_or_default();
        let before = if before.len() > line.len() { line } else { before };
        let rest = line.get(before.len()..).unwrap_or_default();
        let marked = rest.get(..(end - start).min(rest.len())).unwrap_or(rest);
        let after = rest.get(marked.len()..).unwrap_or_default();
        let (source_line, mark) = show_line(before, marked, after);
        Problem {
            code: mistake.code,
            message: SafeText::one_line(&mistake.message),
            file: self.file.clone(),
            line: self.line_of(start),
            column: before.chars().count() + 1,
            span: start..end,
            source_line,
            mark,
            advice: mistake.advice.map(|text| SafeText::one_line(&text)),
            replacement: mistake.replacement.map(|text| SafeText::one_line(&text)),
        }
    }
}

/// Cleans the three parts of a line one by one, so that the mark stays under the mistake whatever was made visible.
fn show_line(before: &str, marked: &str, after: &str) -> (SafeText, Range<usize>) {
    let skipped = before.chars().count().saturating_sub(KEEP.0);
    let mut text = if skipped > 0 { String::from("… ") } else { String::new() };
    let kept: String = before.chars().skip(skipped).collect();
    text.push_str(SafeText::one_line(&kept).as_str());
    let from = text.len();
    text.push_str(&shorten(marked, KEEP.1));
    let to = text.len();
    text.push_str(&shorten(after, KEEP.2));
    let text = SafeText::one_line(&text);
    let shown = text.as_str();
    let fits = shown.is_char_boundary(from) && shown.is_char_boundary(to);
    let mark = if fits { from..to } else { 0..shown.len() };
    (text, mark)
}

/// The text on one line, safe, with an ellipsis where it was longer than `most` characters.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    let cut: String = text.chars().take(most).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{more}", SafeText::one_line(&cut))
}
