//! Log records as they arrive, newest first, with a filter. Large, it is the evidence console: the list, the chosen record beside it,
//! and what is marked.

use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, detail, marker, row};
use crate::tui::app::{Filtered, SOURCES};
use crate::tui::canvas::{Canvas, Hit, Line, Span, width};
use crate::tui::keymap::{Do, Open};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::{field::Field, list, text};
use firedrill_core::projection::view::LogRow;
use firedrill_model::{LogSource, Shown, shown};

/// What stands behind the title.
pub(super) fn note(look: Look<'_>) -> Shown {
    let board = &look.view().board;
    let all = board.logs.len();
    let source = look.app.log_source.map_or("all sources", LogSource::label);
    let dropped =
        if board.logs_dropped > 0 { shown!(", {} older left out", board.logs_dropped) } else { Shown::default() };
    shown!("{} · {} records{}", source, all, dropped)
}

fn short(source: LogSource) -> &'static str {
    match source {
        LogSource::Cloudtrail => "cloudtrail",
        LogSource::CloudtrailData => "s3 data",
        LogSource::VpcFlow => "vpc flow",
        LogSource::ResolverQuery => "resolver",
        LogSource::ConfigCompliance => "config",
    }
}

/// Draws the pane.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    if !look.app.zoom || area.height < 12 {
        return listed(canvas, area, look, focused);
    }
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    sources(canvas, head, look);
    let marked = u16::try_from(look.view().people.evidence.len()).unwrap_or(u16::MAX);
    if area.width < 100 {
        let rows = marked.saturating_add(1).min(body.height / 3);
        let [upper, lower] = Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).areas(body);
        listed(canvas, upper, look, focused);
        evidence(canvas, lower, look);
        return;
    }
    let [left, right] =
        Layout::horizontal([Constraint::Percentage(54), Constraint::Percentage(46)]).spacing(2).areas(body);
    listed(canvas, left, look, focused);
    let rows = marked.saturating_mul(2).saturating_add(1).min(right.height / 2);
    let [upper, lower] = Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).spacing(1).areas(right);
    if let Some(record) = look.app.chosen_record(look.drill) {
        let lines = detail::record_lines(canvas, look, record, upper.width);
        let shown = lines.len().min(usize::from(upper.height));
        canvas.lines(upper, lines.get(..shown).unwrap_or_default(), 0);
        if lines.len() > shown && upper.height > 0 {
            let last = Rect { y: upper.bottom() - 1, height: 1, ..upper };
            canvas.line_right(last, &Line::from(canvas.span(" … Enter opens it ", Meaning::Faint)));
        }
    }
    evidence(canvas, lower, look);
}

/// The sources in a line, the chosen one marked.
fn sources(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let all = std::iter::once(None).chain(SOURCES.into_iter().map(Some));
    let mut x = area.x.saturating_add(1);
    for source in all {
        let chosen = look.app.log_source == source;
        let (open, close) = if chosen { ("[", "]") } else { (" ", " ") };
        let label = shown!("{}{}{}", open, source.map_or("all", short), close);
        let wide = u16::try_from(width(&label)).unwrap_or(u16::MAX);
        let place = Rect { x, width: wide.min(area.right().saturating_sub(x)), ..area };
        canvas.line(place, &Line::from(canvas.span(label, if chosen { Meaning::Strong } else { Meaning::Faint })));
        x = x.saturating_add(wide);
    }
    canvas.hit(area, Hit::Act(Do::Open(Open::Source)));
}

/// What is marked as evidence, in the order in which it was marked.
fn evidence(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let marked = &look.view().people.evidence;
    let words = match marked.len() {
        0 => Shown::from("Nothing is marked as evidence yet; e marks the chosen record."),
        n => shown!("Marked as evidence: {}", n),
    };
    let mut lines = vec![Line::from(canvas.span(words, Meaning::Strong))];
    for row in marked.iter().rev() {
        let record = &row.row.record;
        lines.push(Line::from(vec![
            canvas.span(shown!("{:>7}  ", look.clock(record.happened)), Meaning::Faint),
            canvas.span(Shown::from(record.summary()), Meaning::Plain),
        ]));
        let note = row.note.as_ref().map(|note| look.drill.words.read(note).one_line());
        if let Some(note) = note.filter(|_| area.width >= 50) {
            lines.push(Line::from(canvas.span(shown!("         \"{}\"", note), Meaning::Figure)));
        }
    }
    canvas.lines(area, &lines, 0);
}

/// The list with its filter.
fn listed(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let typing = look.app.types_filter(Filtered::Logs);
    let filtered = typing || !look.app.log_filter.is_blank();
    let [head, body] = Layout::vertical([Constraint::Length(u16::from(filtered)), Constraint::Min(0)]).areas(area);
    let total = look.app.row_count(look.drill, Pane::Logs);
    if filtered {
        filter_line(canvas, head, &look.app.log_filter, typing, total);
    }
    if total == 0 {
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
    let shown = list::window(total, chosen, usize::from(body.height));
    canvas.scrollbar(body, total, shown.start);
    for (place, at) in body.rows().zip(shown) {
        let Some(record) = look.app.record_at(look.drill, at) else { continue };
        let line = Line::from(spans(canvas, look, record, at == chosen && focused));
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Logs, at));
    }
}

fn spans(canvas: &Canvas<'_>, look: Look<'_>, row: &LogRow, chosen: bool) -> Vec<Span> {
    let is_marked = look.view().people.evidence.iter().any(|marked| marked.row.record.id == row.record.id);
    let sign = match (chosen, is_marked) {
        (true, true) => "◆",
        (false, true) => " ◆",
        (true, false) => " ",
        (false, false) => "  ",
    };
    vec![
        canvas.span(marker(chosen).trim_end_matches(' '), Meaning::Plain),
        canvas.span(sign, Meaning::Caution),
        canvas.span(shown!("{:>7}  ", look.clock(row.record.happened)), Meaning::Faint),
        canvas.span(shown!("{:<11}", short(row.record.source)), Meaning::Faint),
        canvas.span(Shown::from(row.record.summary()), Meaning::Plain),
    ]
}

/// The line of a filter: what is typed, and how much it finds.
pub(super) fn filter_line(canvas: &mut Canvas<'_>, area: Rect, filter: &Field, typing: bool, found: usize) {
    let count = canvas.span(shown!("{} found ", found), Meaning::Faint);
    let rest = canvas.line_right(area, &Line::from(count));
    let label = canvas.span(" filter ", Meaning::Key);
    let room = rest.width.saturating_sub(8);
    let (shown, column) = filter.line_view(room);
    canvas.line(rest, &Line::from(vec![label, canvas.span(shown, Meaning::Strong)]));
    if typing {
        canvas.found.cursor = Some((rest.x + 8 + column.min(room), rest.y).into());
    }
    canvas.hit(area, Hit::Act(Do::Open(Open::Filter)));
}
