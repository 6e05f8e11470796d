//! Who calls whom, as a small diagram: services in columns from the callers to the called.

use super::Look;
use crate::tui::canvas::{Canvas, Line, Span};
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_model::event::InstanceState;
use firedrill_model::id::ServiceId;
use firedrill_model::scenario::Service;
use firedrill_model::{Shown, shown};

/// Rows of a box: frame, title, instances, frame.
const BOX: usize = 4;
/// Cells between two columns.
const GAP: usize = 5;

/// The diagram, if it fits into `width` and `height`; a list of calls, if that fits; else nothing.
pub(super) fn lines(canvas: &Canvas<'_>, look: Look<'_>, width: u16, height: u16) -> Vec<Line> {
    let services = &look.view().scenario.services;
    let columns = columns(services);
    let tallest = columns.iter().map(Vec::len).max().unwrap_or(0);
    let wide = (usize::from(width).saturating_sub(2) + GAP) / columns.len().max(1);
    let box_width = wide.saturating_sub(GAP).min(28);
    let fits = box_width >= 16 && tallest * BOX <= usize::from(height);
    if fits && every_call_is_drawn(services, &columns) {
        return diagram(canvas, look, &columns, box_width, tallest * BOX);
    }
    let calls = list(canvas, services);
    if calls.len() <= usize::from(height) { calls } else { Vec::new() }
}

/// Services by how far they are from a caller that nobody calls.
fn columns(services: &[Service]) -> Vec<Vec<&Service>> {
    let mut depth = vec![0_usize; services.len()];
    let index = |id: &ServiceId| services.iter().position(|service| service.id == *id);
    // As many rounds as there are services settle every depth, and end even where calls form a circle.
    for _ in 0..services.len() {
        for (at, service) in services.iter().enumerate() {
            let below = depth.get(at).copied().unwrap_or(0) + 1;
            for called in service.calls.iter().filter_map(|call| index(&call.service)) {
                if let Some(depth) = depth.get_mut(called) {
                    *depth = (*depth).max(below).min(services.len());
                }
            }
        }
    }
    let deepest = depth.iter().copied().max().unwrap_or(0);
    (0..=deepest)
        .map(|at| services.iter().zip(&depth).filter(|(_, depth)| **depth == at).map(|(service, _)| service).collect())
        .filter(|column: &Vec<_>| !column.is_empty())
        .collect()
}

/// One line joins a whole column with the next: true only where each service of a column calls all of the next and nothing else.
fn every_call_is_drawn(services: &[Service], columns: &[Vec<&Service>]) -> bool {
    let next = |column: usize| columns.get(column + 1).map(Vec::as_slice).unwrap_or_default();
    let drawn = columns.iter().enumerate().all(|(at, column)| {
        column.iter().all(|service| {
            let called = |other: &&Service| service.calls.iter().any(|call| call.service == other.id);
            service.calls.len() == next(at).len() && next(at).iter().all(called)
        })
    });
    drawn && !services.is_empty()
}

fn diagram(
    canvas: &Canvas<'_>,
    look: Look<'_>,
    columns: &[Vec<&Service>],
    box_width: usize,
    height: usize,
) -> Vec<Line> {
    let mut rows: Vec<Vec<Span>> = (0..height).map(|_| vec![canvas.span(" ", Meaning::Plain)]).collect();
    for (at, column) in columns.iter().enumerate() {
        let top = (height - column.len() * BOX) / 2;
        for (y, row) in rows.iter_mut().enumerate() {
            let cell = y.checked_sub(top).filter(|y| *y < column.len() * BOX);
            let service = cell.and_then(|y| column.get(y / BOX)).copied();
            row.extend(match (service, cell) {
                (Some(service), Some(y)) => box_row(canvas, look, service, y % BOX, box_width),
                _ => vec![canvas.span(Shown::repeated(" ", box_width), Meaning::Plain)],
            });
            if let Some(next) = columns.get(at + 1) {
                let gap = gap_row(y, &mids(column.len(), height), &mids(next.len(), height));
                row.push(canvas.span(gap, Meaning::Faint));
            }
        }
    }
    rows.into_iter().map(Line::from).collect()
}

/// The rows at which the boxes of a column are joined.
fn mids(boxes: usize, height: usize) -> Vec<usize> {
    let top = (height - boxes * BOX) / 2;
    (0..boxes).map(|at| top + at * BOX + 1).collect()
}

fn gap_row(y: usize, from: &[usize], to: &[usize]) -> Shown {
    let leaves = from.contains(&y);
    let arrives = to.contains(&y);
    let all = from.iter().chain(to);
    let (top, end) = all.fold((usize::MAX, 0), |(low, high), at| (low.min(*at), high.max(*at)));
    let inside = (top..=end).contains(&y);
    let (up, down) = (inside && y > top, inside && y < end);
    let joint = match (leaves, arrives, up, down) {
        (_, _, false, false) if leaves || arrives => "─",
        (true, true, true, true) => "┼",
        (true, true, false, true) => "┬",
        (true, true, true, false) => "┴",
        (true, false, true, true) => "┤",
        (true, false, false, true) => "┐",
        (true, false, true, false) => "┘",
        (false, true, true, true) => "├",
        (false, true, false, true) => "┌",
        (false, true, true, false) => "└",
        (false, false, true, true) => "│",
        _ => " ",
    };
    let before = if leaves { "──" } else { "  " };
    let after = if arrives { "─▶" } else { "  " };
    shown!("{}{}{}", before, joint, after)
}

fn box_row(canvas: &Canvas<'_>, look: Look<'_>, service: &Service, y: usize, width: usize) -> Vec<Span> {
    let inner = width.saturating_sub(4);
    let side = |canvas: &Canvas<'_>, text: &'static str| canvas.span(text, Meaning::Frame);
    let edge = |from: &'static str, to: &'static str| shown!("{}{}{}", from, Shown::repeated("─", width - 2), to);
    match y {
        0 => vec![canvas.span(edge("┌", "┐"), Meaning::Frame)],
        1 => {
            vec![side(canvas, "│ "), canvas.span(text::pad(&service.title, inner), Meaning::Strong), side(canvas, " │")]
        }
        2 => {
            let (words, meaning) = in_service(look, service);
            vec![side(canvas, "│ "), canvas.span(text::pad(&words, inner), meaning), side(canvas, " │")]
        }
        _ => vec![canvas.span(edge("└", "┘"), Meaning::Frame)],
    }
}

fn in_service(look: Look<'_>, service: &Service) -> (Shown, Meaning) {
    let all = look.view().board.instances.values().filter(|row| row.service == service.id);
    let up = all.filter(|row| row.state == InstanceState::InService).count();
    let wanted = service.instances.len();
    let meaning = if up < wanted { Meaning::Bad } else { Meaning::Good };
    let sign = if up < wanted { "▼ " } else { "" };
    (shown!("{}{} of {} in service", sign, up, wanted), meaning)
}

fn list(canvas: &Canvas<'_>, services: &[Service]) -> Vec<Line> {
    let title = |id: &ServiceId| {
        let found = services.iter().find(|service| service.id == *id);
        found.map_or_else(|| Shown::from(id), |service| Shown::from(&service.title))
    };
    let calls = services.iter().flat_map(|service| service.calls.iter().map(move |call| (service, &call.service)));
    calls
        .map(|(from, to)| {
            Line::from(vec![
                canvas.span(shown!("  {}", from.title), Meaning::Plain),
                canvas.span(" ──▶ ", Meaning::Faint),
                canvas.span(title(to), Meaning::Plain),
            ])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::gap_row;

    #[test]
    fn two_callers_and_one_called_are_joined() {
        let (from, to) = ([1, 5], [3]);
        let drawn: Vec<firedrill_model::Shown> = (0..7).map(|y| gap_row(y, &from, &to)).collect();
        assert_eq!(drawn, ["     ", "──┐  ", "  │  ", "  ├─▶", "  │  ", "──┘  ", "     "]);
    }

    #[test]
    fn one_caller_and_one_called_are_a_straight_line() {
        assert_eq!(gap_row(1, &[1], &[1]), "────▶");
    }
}
