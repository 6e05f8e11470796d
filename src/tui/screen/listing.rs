//! What the screens over all drills share: their edges, and the list with its filter.

use ratatui::layout::{Constraint, Layout, Margin, Rect};

use super::{edges, logs, row};
use crate::tui::app::{App, Filtered};
use crate::tui::canvas::{Canvas, Hit, Line, widened};
use crate::tui::scene::Scene;
use crate::tui::theme::Meaning;
use crate::tui::widget::field::Field;
use crate::tui::widget::{list, text};
use firedrill_model::{SafeText, Shown, shown};

/// Draws the first line, the notices, the keys and the lowest line. Returns what is left for the lists.
pub(super) fn edges(
    canvas: &mut Canvas<'_>,
    app: &App,
    scene: &Scene<'_>,
    (title, right): (&'static str, &Shown),
    notices: &[SafeText],
) -> Rect {
    let area = canvas.area();
    let wide = area.width.saturating_sub(2);
    let said = notices
        .iter()
        .flat_map(|notice| text::paragraph(&shown!("! {}", notice), wide, canvas.style(Meaning::Caution)));
    let said: Vec<Line> = said.take(usize::from(area.height / 8)).collect();
    let rows = u16::try_from(said.len()).unwrap_or(0);
    let [head, body, below, keys, message] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(rows),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    let name = vec![canvas.span(" Firedrill  ", Meaning::Focus), canvas.span(title, Meaning::Strong)];
    edges::title(canvas, head, scene, name, right.clone());
    canvas.lines(below.inner(Margin::new(1, 0)), &said, 0);
    edges::keys(canvas, keys, app, scene);
    edges::message(canvas, message, app, scene);
    body
}

/// A list in a frame: what stands above its rows, and its filter.
pub(super) struct Table<'a> {
    pub title: Line,
    pub focused: bool,
    /// Column titles.
    pub head: Shown,
    pub filter: (&'a Field, Filtered),
    /// Rows that the filter found.
    pub found: usize,
    /// What is said where there is no row.
    pub empty: &'static str,
}

/// Draws a list of `total` lines of which the one at `chosen` is in view. `line` gives a line, and its row if it can be chosen.
pub(super) fn table(
    canvas: &mut Canvas<'_>,
    area: Rect,
    app: &App,
    table: Table<'_>,
    (total, chosen): (usize, usize),
    line: impl Fn(&Canvas<'_>, usize, u16) -> (Line, Option<usize>),
) {
    let focused = table.focused && app.popup.is_none();
    let inside = canvas.frame(area, table.title, table.focused).inner(Margin::new(1, 0));
    let (filter, of) = table.filter;
    let typing = app.types_filter(of);
    let filtered = typing || !filter.is_blank();
    let [above, head, body] = Layout::vertical([
        Constraint::Length(u16::from(filtered)),
        Constraint::Length(u16::from(total > 0)),
        Constraint::Min(0),
    ])
    .areas(inside);
    if filtered {
        logs::filter_line(canvas, above, filter, typing && table.focused, table.found);
    }
    canvas.line(head, &Line::from(canvas.span(table.head, Meaning::Faint)));
    if total == 0 {
        let lines = text::paragraph(table.empty, body.width, canvas.style(Meaning::Faint));
        canvas.lines(body, &lines, 0);
        return;
    }
    let shown = list::window(total, chosen, usize::from(body.height));
    canvas.scrollbar(widened(body), total, shown.start);
    for (place, at) in body.rows().zip(shown) {
        let (content, index) = line(canvas, at, place.width);
        row(canvas, place, &content, at == chosen && index.is_some(), focused);
        if let Some(index) = index {
            canvas.hit(place, Hit::Row(index));
        }
    }
}
