//! Lines for the screen, of text that may be shown. They stand before the library's own, which take any text: only here does one become the other.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text;
use unicode_width::UnicodeWidthStr;

use firedrill_model::Shown;

/// A piece of text of one look.
#[derive(Debug, Clone, Default)]
pub(crate) struct Span {
    text: Shown,
    style: Style,
}

impl Span {
    /// Text with a look.
    pub fn styled(text: impl Into<Shown>, style: Style) -> Self {
        Self { text: text.into(), style }
    }

    /// Text without a look of its own.
    pub fn raw(text: impl Into<Shown>) -> Self {
        Self::styled(text, Style::new())
    }

    /// Its look.
    pub fn style(&self) -> Style {
        self.style
    }

    /// Adds to its end.
    pub fn push(&mut self, more: impl Into<Shown>) {
        self.text.push(more);
    }

    /// Cells that it takes.
    pub fn width(&self) -> usize {
        self.text.width()
    }
}

/// A line of such pieces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    spans: Vec<Span>,
}

impl Line {
    /// Text of one look.
    pub fn styled(text: impl Into<Shown>, style: Style) -> Self {
        Span::styled(text, style).into()
    }

    /// Cells that it takes.
    pub fn width(&self) -> usize {
        self.spans.iter().map(Span::width).sum()
    }

    /// As the library writes it.
    pub(super) fn drawn(&self) -> text::Line<'_> {
        let spans =
            self.spans.iter().map(|span| text::Span { content: Cow::Borrowed(span.text.as_str()), style: span.style });
        text::Line { spans: spans.collect(), ..text::Line::default() }
    }

    /// Writes it at the top left of `area`, which lies within the buffer, and cuts it at the right with `…`.
    #[expect(clippy::disallowed_methods, reason = "the one place where text goes to the screen; it is Shown")]
    pub fn write(&self, buffer: &mut Buffer, area: Rect) {
        buffer.set_line(area.x, area.y, &self.drawn(), area.width);
        if self.width() > usize::from(area.width) {
            let style = self.spans.last().map_or(Style::new(), |span| span.style);
            buffer.set_stringn(area.right() - 1, area.y, "…", 1, style);
        }
    }
}

impl<T: Into<Shown>> From<T> for Span {
    fn from(text: T) -> Self {
        Self::raw(text)
    }
}

impl From<Span> for Line {
    fn from(span: Span) -> Self {
        Self { spans: vec![span] }
    }
}

impl From<&'static str> for Line {
    fn from(literal: &'static str) -> Self {
        Self::from(Span::raw(literal))
    }
}

impl From<Shown> for Line {
    fn from(text: Shown) -> Self {
        Self::from(Span::raw(text))
    }
}

impl From<Vec<Span>> for Line {
    fn from(spans: Vec<Span>) -> Self {
        Self { spans }
    }
}
