//! What every dialogue is made of: its room, and a text field of one line.

use ratatui::layout::Rect;

use crate::tui::canvas::{Canvas, Line, width};
use crate::tui::theme::Meaning;
use crate::tui::widget::field::Field;
use firedrill_model::Shown;

/// Room for a dialogue: all but the edges.
pub(super) fn within(canvas: &Canvas<'_>) -> Rect {
    let area = canvas.area();
    Rect { y: 2, height: area.height.saturating_sub(4), ..area }
}

/// A text field of one line with its cursor.
pub(super) fn input(canvas: &mut Canvas<'_>, area: Rect, label: impl Into<Shown>, field: &Field) {
    let label = label.into();
    let indent = u16::try_from(width(&label)).unwrap_or(0);
    let room = area.width.saturating_sub(indent);
    let (shown, column) = field.line_view(room);
    canvas.line(area, &Line::from(vec![canvas.span(label, Meaning::Key), canvas.span(shown, Meaning::Strong)]));
    if !area.is_empty() {
        canvas.found.cursor = Some((area.x + indent + column.min(room.saturating_sub(1)), area.y).into());
    }
}
