//! The ghost: an earlier drill beside this one. Its sign is a hollow diamond, so that it is told apart without colour.

use ratatui::layout::{Constraint, Layout, Rect};

use super::Look;
use crate::tui::canvas::{Canvas, Line, width};
use crate::tui::theme::Meaning;
use crate::tui::widget::{list, text};
use firedrill_core::projection::ghost::{Milestone, Row, newest};
use firedrill_core::projection::view::Mark;
use firedrill_core::projection::{Ghost, Transport};
use firedrill_model::phase::Phase;
use firedrill_model::{DrillTime, Shown, Span, shown};

/// The sign of everything that is the ghost's.
const SIGN: &str = "◇";

fn rows(look: Look<'_>, ghost: &Ghost) -> Vec<Row> {
    ghost.rows(look.view(), look.drill.now, look.drill.sight())
}

/// Time since the fault at the moment that is shown.
fn elapsed(look: Look<'_>) -> Span {
    look.view().since_fault(look.drill.now).unwrap_or_default()
}

/// One line: what there is to say now.
pub(super) fn strip(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, ghost: &Ghost) {
    let rows = rows(look, ghost);
    // Before there is news in a replay, what comes first.
    let row = newest(&rows, elapsed(look)).or(rows.first());
    let said = row.map(|row| ghost.sentence(row, look.view()));
    let (said, meaning) = match said {
        Some(said) => (Shown::from(said), Meaning::Plain),
        None if look.view().fault().is_none() => ("Nothing to compare before the fault.".into(), Meaning::Faint),
        None => ("Nothing to compare yet.".into(), Meaning::Faint),
    };
    let name = if area.width >= 110 { shown!("beside {}   ", ghost.drill()) } else { Shown::default() };
    let room = usize::from(area.width).saturating_sub(width(&name) + 4);
    let spans = vec![
        canvas.span(shown!(" {} ", SIGN), Meaning::Strong),
        canvas.span(name, Meaning::Faint),
        canvas.span(text::cut(said, room), meaning),
    ];
    canvas.line(area, &Line::from(spans));
}

/// Both drills side by side, under the timeline; gives what is left of the area.
pub(super) fn table(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) -> Rect {
    let Some(ghost) = look.drill.ghost else { return area };
    let rows = rows(look, ghost);
    if rows.is_empty() || area.height < 6 {
        return area;
    }
    let wanted = u16::try_from(rows.len() + 1).unwrap_or(u16::MAX).min(area.height / 2);
    let [rest, place] = Layout::vertical([Constraint::Min(0), Constraint::Length(wanted)]).areas(area);
    let mut places = place.rows();
    if let Some(head) = places.next() {
        let title = shown!(" {}  here    then  since the fault, beside {}", SIGN, ghost.drill());
        canvas.line(head, &Line::from(canvas.span(title, Meaning::Faint)));
    }
    let now = elapsed(look);
    let chosen = newest(&rows, now).and_then(|row| rows.iter().position(|other| other == row)).unwrap_or(0);
    let shown = list::window(rows.len(), chosen, usize::from(wanted.saturating_sub(1)));
    for (place, row) in places.zip(rows.get(shown).unwrap_or_default()) {
        let line = line(canvas, look, ghost, row, now);
        canvas.line(place, &line);
    }
    rest
}

fn line(canvas: &Canvas<'_>, look: Look<'_>, ghost: &Ghost, row: &Row, now: Span) -> Line {
    let clock = |at: Option<Span>| at.map_or_else(|| Shown::from("–"), Span::clock);
    let difference = match (row.here, row.then) {
        // The columns hold the rest.
        (None, Some(_)) if look.view().course.phase < Phase::Verify => Shown::from("not yet"),
        (None, Some(_)) => Shown::from("not this time"),
        _ => Shown::from(&ghost.difference(row, look.view())),
    };
    let meaning = if row.news(now).is_some() { Meaning::Plain } else { Meaning::Faint };
    Line::from(vec![
        canvas.span(shown!("{:>8}{:>8}  ", clock(row.here), clock(row.then)), Meaning::Faint),
        canvas.span(shown!("{}: ", row.label), meaning),
        canvas.span(difference, meaning),
    ])
}

/// Its moments on the scrub bar of a replay, counted from the fault of this drill. What lies behind the end is shown by an arrow.
pub(super) fn marks(canvas: &mut Canvas<'_>, row: Rect, (look, ghost): (Look<'_>, &Ghost), transport: &Transport) {
    let mut signs = vec![""; usize::from(row.width)];
    // At a cursor before the fault the view doesn't know when it will be; the bar does, as it shows the whole drill.
    let Some(fault) = transport.fault() else { return };
    let (end, last) = (transport.end(), usize::from(row.width.saturating_sub(1)));
    for (at, what) in ghost.all_moments(look.drill.sight()) {
        let at = fault + at;
        let beyond = at > end;
        let cell = if beyond { last } else { usize::from(cell(at, end, row.width)) };
        if let Some(place) = signs.get_mut(cell) {
            let sign = if beyond { "›" } else { sign(what) };
            *place = if rank(sign) > rank(place) { sign } else { *place };
        }
    }
    let text: Shown = signs.iter().map(|sign| if sign.is_empty() { " " } else { *sign }).collect();
    canvas.line(row, &Line::from(canvas.span(text, Meaning::Faint)));
    let margin = Rect { x: row.x.saturating_sub(1), width: 1, ..row };
    canvas.line(margin, &Line::from(canvas.span(SIGN, Meaning::Strong)));
}

/// The cell of a moment on a bar of `width` cells.
pub(super) fn cell(at: DrillTime, end: DrillTime, width: u16) -> u16 {
    let last = u64::from(width.saturating_sub(1));
    let place = u128::from(at.0.min(end.0)) * u128::from(last) / u128::from(end.0.max(1));
    u16::try_from(place).unwrap_or(u16::MAX).min(width.saturating_sub(1))
}

/// The same signs as those of the replayed drill above them.
fn sign(what: &Milestone) -> &'static str {
    match what {
        Milestone::Mark(Mark::FindingCreated | Mark::Notified) => "▲",
        Milestone::Mark(Mark::Acknowledged) | Milestone::Response(_) => "d",
        Milestone::Mark(_) => "◆",
        Milestone::Step(..) => "s",
    }
}

/// Where two fall on one cell, the higher one is shown.
fn rank(sign: &str) -> usize {
    ["", "s", "d", "◆", "▲", "›"].iter().position(|known| *known == sign).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_has_a_cell_on_the_bar() {
        for end in [0, 1, 10, u64::MAX] {
            for width in [1, 2, 80] {
                assert_eq!(cell(DrillTime(0), DrillTime(end), width), 0);
                assert!(cell(DrillTime(u64::MAX), DrillTime(end), width) < width);
            }
        }
        assert_eq!(cell(DrillTime(50), DrillTime(100), 101), 50);
    }
}
