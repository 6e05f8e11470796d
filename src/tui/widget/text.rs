//! Lines wrapped by us, over graphemes: the library's wrapping stops the program on some text that people can type.

use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::tui::line::{Line, Span};
use firedrill_model::Shown;

/// Wraps at spaces where there are some, inside words where not. Line ends of the text are kept; no line is wider than `width`.
pub(crate) fn wrap(text: impl Into<Shown>, width: u16) -> Vec<Shown> {
    text.into().parted(usize::from(width), wrapped)
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    if width == 0 {
        return Vec::new();
    }
    text.split('\n').flat_map(|line| wrap_line(line, width)).collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut used = 0;
    for word in line.split_word_bounds_by_space() {
        let wide = word.width();
        if used + word.trim_end().width() <= width {
            current.push_str(word);
            used += wide;
            continue;
        }
        if used > 0 {
            lines.push(std::mem::take(&mut current));
            used = 0;
        }
        for grapheme in word.graphemes(true) {
            let wide = grapheme.width();
            if used + wide > width && used > 0 {
                lines.push(std::mem::take(&mut current));
                used = 0;
            }
            if wide <= width {
                current.push_str(grapheme);
                used += wide;
            }
        }
    }
    lines.push(current);
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Splits into words, each with the spaces behind it.
trait Words {
    fn split_word_bounds_by_space(&self) -> impl Iterator<Item = &str>;
}

impl Words for str {
    fn split_word_bounds_by_space(&self) -> impl Iterator<Item = &str> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let word = rest.find(|c: char| c != ' ')?;
            let end = rest[word..].find(' ').map_or(rest.len(), |at| word + at);
            let gap = rest[end..].find(|c: char| c != ' ').map_or(rest.len(), |at| end + at);
            let (head, tail) = rest.split_at(gap);
            rest = tail;
            Some(head)
        })
    }
}

/// Wraps a text into lines of one look.
pub(crate) fn paragraph(text: impl Into<Shown>, width: u16, style: Style) -> Vec<Line> {
    wrap(text, width).into_iter().map(|line| Line::styled(line, style)).collect()
}

/// Wraps a text behind a label; further lines are indented to where the text began.
pub(crate) fn labelled(label: Span, text: impl Into<Shown>, width: u16, style: Style) -> Vec<Line> {
    let indent = u16::try_from(label.width()).unwrap_or(u16::MAX);
    let room = width.saturating_sub(indent).max(1);
    let mut head = Some(label);
    let mut lines = Vec::new();
    for part in wrap(text, room) {
        let head = head.take().unwrap_or_else(|| Span::raw(Shown::repeated(" ", usize::from(indent))));
        lines.push(Line::from(vec![head, Span::styled(part, style)]));
    }
    lines
}

/// Cuts a text to `width` cells, with `…` where something is missing.
pub(crate) fn cut(text: impl Into<Shown>, width: usize) -> Shown {
    let text = text.into();
    if text.width() <= width { text } else { text.rebuilt(width, cut_off) }
}

fn cut_off(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if used + wide + 1 > width {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if width > 0 {
        out.push('…');
    }
    out
}

/// Cuts or fills a text to exactly `width` cells.
pub(crate) fn pad(text: impl Into<Shown>, width: usize) -> Shown {
    text.into().rebuilt(width, padded)
}

fn padded(text: &str, width: usize) -> String {
    let mut out = cut_off(text, width);
    let used = out.width();
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wraps_at_spaces_and_inside_long_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(wrap("  indented text", 10), ["  indented", "text"]);
        assert_eq!(wrap("漢字かな", 5), ["漢字", "かな"]);
        assert!(wrap("anything", 0).is_empty());
    }

    #[test]
    fn cuts_at_graphemes() {
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(cut("漢字", 3), "漢…");
        assert_eq!(pad("ab", 4), "ab  ");
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(text in "[ a-z漢\u{301}🇩P𰟵\n]{0,60}", width in 2u16..40) {
            let lines = wrapped(&text, usize::from(width));
            prop_assert!(lines.iter().all(|line| line.width() <= usize::from(width)));
            let squeeze = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
        }

        #[test]
        fn padding_is_exact(text in any::<String>(), width in 0usize..40) {
            let safe = firedrill_model::SafeText::one_line(&text);
            prop_assert_eq!(pad(&safe, width).width(), width);
        }
    }
}
