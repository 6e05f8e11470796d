//! Log records as they arrive, newest first, with a filter.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::{Look, marker, row};
use crate::domain::LogSource;
use crate::tui::app::{Pane, Popup, logs};
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::keymap::{Do, Open};
use crate::tui::theme::Meaning;
use crate::tui::widget::{list, text};

/// What stands behind the title.
pub(super) fn note(look: Look<'_>) -> String {
    let board = &look.view().board;
    let all = board.logs.len();
    let source = look.app.log_source.map_or("all sources", LogSource::label);
    let dropped =
        if board.logs_dropped > 0 { format!(", {} older left out", board.logs_dropped) } else { String::new() };
    format!("{source} · {all} records{dropped}")
}

fn short(source: LogSource) -> &'static str {
    match source {
        LogSource::Cloudtrail => "cloudtrail",
        LogSource::VpcFlow => "vpc flow",
        LogSource::ResolverQuery => "resolver",
        LogSource::ConfigCompliance => "config",
        LogSource::CloudtrailData => "data event",
    }
}

/// Draws the pane.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let typing = matches!(look.app.popup, Some(Popup::Filter));
    let filtered = typing || !look.app.log_filter.is_blank();
    let [head, body] = Layout::vertical([Constraint::Length(u16::from(filtered)), Constraint::Min(0)]).areas(area);
    let found = logs(look.app, look.view());
    if filtered {
        filter_line(canvas, head, look, typing, found.len());
    }
    if found.is_empty() {
        let words = if filtered || look.app.log_source.is_some() {
            "No record matches. Words must all be in it; a word with - before it must not."
        } else {
            "No record has arrived yet. Logs come minutes late."
        };
        let lines = text::paragraph(words, body.width.saturating_sub(2), canvas.style(Meaning::Faint));
        canvas.lines(body.inner(ratatui::layout::Margin::new(1, 0)), &lines, 0);
        return;
    }
    let chosen = look.app.row(look.drill, Pane::Logs);
    let shown = list::window(found.len(), chosen, usize::from(body.height));
    canvas.scrollbar(body, found.len(), shown.start);
    for (place, at) in body.rows().zip(shown) {
        let Some((_, record)) = found.get(at) else { continue };
        let line = Line::from(vec![
            canvas.span(marker(at == chosen && focused), Meaning::Plain),
            canvas.span(format!("{:>7}  ", look.clock(record.record.happened)), Meaning::Faint),
            canvas.span(format!("{:<11}", short(record.record.source)), Meaning::Faint),
            canvas.span(record.record.summary.to_string(), Meaning::Plain),
        ]);
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Logs, at));
    }
}

fn filter_line(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, typing: bool, found: usize) {
    let count = canvas.span(format!("{found} found "), Meaning::Faint);
    let rest = canvas.line_right(area, &Line::from(count));
    let label = canvas.span(" filter ", Meaning::Key);
    let room = rest.width.saturating_sub(8);
    let (shown, column) = look.app.log_filter.line_view(room);
    canvas.line(rest, &Line::from(vec![label, canvas.span(shown, Meaning::Strong)]));
    if typing {
        canvas.found.cursor = Some((rest.x + 8 + column.min(room), rest.y).into());
    }
    canvas.hit(area, Hit::Act(Do::Open(Open::Filter)));
}
