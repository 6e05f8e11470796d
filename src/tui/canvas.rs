//! Where the screens are drawn: a buffer that can't be written outside its bounds, and beside it a map of what a click would hit.
//!
//! The map is made by the drawing itself, so that mouse and picture can't disagree: a click draws the screen once more, unseen, and asks it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::{Block, BorderType, Borders, Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::keymap::Do;
use super::pane::Pane;
use super::theme::{Meaning, Theme};
use firedrill_core::projection::transport::Cue;
use firedrill_model::{Shown, shown};

pub(super) use super::line::{Line, Span};

/// What lies under a place on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    /// A click does this.
    Act(Do),
    /// A click chooses this row of the list that takes the keys; on the chosen one it opens it.
    Row(usize),
    /// A click focuses the pane and chooses its row.
    PaneRow(Pane, usize),
    /// A click focuses the pane; the wheel scrolls it.
    Pane(Pane),
    /// A click goes to this field of a form.
    Field(usize),
    /// A click goes to this field of a form and chooses the answer with this number.
    Choice(usize, u8),
    /// Nothing, although something lies below.
    Nothing,
}

impl Hit {
    /// Says whether it is a place on a scrub bar.
    pub fn is_seek(&self) -> bool {
        matches!(self, Self::Act(Do::Cue(Cue::Seek(_))))
    }
}

/// What drawing found out on the way.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What lies where, later ones on top.
    pub hits: Vec<(Rect, Hit)>,
    /// For each document that was drawn: how far it can be scrolled, and how many lines it shows.
    pub documents: Vec<(Option<Pane>, u16, u16)>,
    /// Where the cursor of a text field is.
    pub cursor: Option<Position>,
}

impl Findings {
    /// What lies on top at a place.
    pub fn at(&self, column: u16, row: u16) -> Option<Hit> {
        let place = Position::new(column, row);
        self.hits.iter().rev().find(|(area, _)| area.contains(place)).map(|(_, hit)| *hit)
    }

    /// The place on the scrub bar in this row that is nearest to a column: a hand that drags may leave the bar.
    pub fn on_bar(&self, column: u16, row: u16) -> Option<Hit> {
        let bar = self.hits.iter().filter(|(area, hit)| area.y == row && hit.is_seek());
        bar.min_by_key(|(area, _)| area.x.abs_diff(column)).map(|(_, hit)| *hit)
    }

    /// The pane at a place, whatever lies on it, unless a dialogue hides it.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        let place = Position::new(column, row);
        let mut here = self.hits.iter().rev().filter(|(area, _)| area.contains(place));
        here.find_map(|(_, hit)| match hit {
            Hit::Pane(pane) | Hit::PaneRow(pane, _) => Some(Some(*pane)),
            Hit::Nothing => Some(None),
            _ => None,
        })?
    }
}

/// A buffer with bounds, a theme and the map.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// How meanings look.
    pub theme: Theme,
    /// What drawing found out.
    pub found: Findings,
}

impl<'a> Canvas<'a> {
    pub fn new(buffer: &'a mut Buffer, theme: Theme) -> Self {
        Self { buffer, theme, found: Findings::default() }
    }

    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    pub fn style(&self, meaning: Meaning) -> Style {
        self.theme.style(meaning)
    }

    /// A piece of text with the look of a meaning.
    pub fn span(&self, text: impl Into<Shown>, meaning: Meaning) -> Span {
        Span::styled(text, self.style(meaning))
    }

    /// Writes a line at the top left of `area` and cuts it at the right with `…`.
    pub fn line(&mut self, area: Rect, line: &Line) {
        let area = area.intersection(self.buffer.area);
        if area.is_empty() {
            return;
        }
        line.write(self.buffer, area);
    }

    /// Writes a line at the right edge of the first row of `area`. Returns what is left of the row.
    pub fn line_right(&mut self, area: Rect, line: &Line) -> Rect {
        let width = u16::try_from(line.width()).unwrap_or(u16::MAX).min(area.width);
        let place = Rect { x: area.right() - width, width, height: area.height.min(1), ..area };
        self.line(place, line);
        Rect { width: area.width - width, ..area }
    }

    /// Writes lines from `from` on, as many as fit.
    pub fn lines(&mut self, area: Rect, lines: &[Line], from: usize) {
        for (row, line) in area.rows().zip(lines.iter().skip(from)) {
            self.line(row, line);
        }
    }

    /// A document that scrolls: the lines, and a note of how much is hidden.
    pub fn document(&mut self, area: Rect, of: Option<Pane>, lines: &[Line], scroll: u16) {
        let total = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let limit = total.saturating_sub(area.height);
        self.found.documents.push((of, limit, area.height));
        let from = scroll.min(limit);
        self.lines(area, lines, usize::from(from));
        self.scrollbar(widened(area), usize::from(total), usize::from(from));
    }

    /// A bar to the right of `area`, where its frame is, if not everything is seen.
    pub fn scrollbar(&mut self, area: Rect, total: usize, from: usize) {
        let height = usize::from(area.height);
        if total <= height || height < 2 {
            return;
        }
        let thumb = (height * height / total).max(1);
        let start = from * (height - thumb) / (total - height);
        let style = self.style(Meaning::Faint);
        for (index, row) in area.rows().enumerate() {
            if (start..start + thumb).contains(&index) {
                self.line(Rect { x: area.right(), width: 1, ..row }, &Line::styled("█", style));
            }
        }
    }

    /// Gives a whole area a look, over what is drawn there.
    pub fn tint(&mut self, area: Rect, meaning: Meaning) {
        let area = area.intersection(self.buffer.area);
        let even = self.theme.style(meaning).remove_modifier(ratatui::style::Modifier::DIM);
        self.buffer.set_style(area, even);
    }

    /// Notes what a click in `area` does.
    pub fn hit(&mut self, area: Rect, hit: Hit) {
        self.found.hits.push((area, hit));
    }

    /// A frame with a title. Returns its inside.
    pub fn frame(&mut self, area: Rect, title: impl Into<Line>, focused: bool) -> Rect {
        let look = if focused { Meaning::Focus } else { Meaning::Frame };
        let kind = if focused { BorderType::Thick } else { BorderType::Plain };
        let title = title.into();
        let block = Block::new()
            .borders(Borders::ALL)
            .border_type(kind)
            .border_style(self.style(look))
            .title_top(title.drawn());
        let inside = block.inner(area);
        block.render(area.intersection(self.buffer.area), self.buffer);
        inside
    }

    /// A box over everything else in the middle of `within`. Returns its inside.
    pub fn popup(&mut self, within: Rect, width: u16, height: u16, title: impl Into<Shown>) -> Rect {
        // A narrow strip of what lies below would only look ragged.
        let width = if width.saturating_add(8) > within.width { within.width } else { width };
        let area = within.centered(
            ratatui::layout::Constraint::Length(width),
            ratatui::layout::Constraint::Length(height.min(within.height)),
        );
        self.hit(self.area(), Hit::Nothing);
        Clear.render(area.intersection(self.buffer.area), self.buffer);
        let title = Line::from(self.span(shown!(" {} ", title.into()), Meaning::Focus));
        let inside = self.frame(area, title, true);
        inside.inner(ratatui::layout::Margin::new(1, 0))
    }
}

/// An area with the cell between it and its frame: scroll bars stand on the frame.
pub(super) fn widened(area: Rect) -> Rect {
    Rect { width: area.width.saturating_add(1), ..area }
}

/// Cells that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}
