//! The transport of a replay: where the cursor is, how fast it goes, whose view it is, and the scrub bar.

use ratatui::layout::Rect;

use super::{Look, ghost};
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::keymap::Do;
use crate::tui::theme::Meaning;
use firedrill_core::projection::Transport;
use firedrill_core::projection::transport::{Cue, Tick};
use firedrill_model::{DrillTime, Shown, shown};

/// Rows that the transport takes: two on small screens, without the signs above the bar; one more where a ghost has signs, too.
pub(super) fn rows(area: Rect, look: Look<'_>) -> u16 {
    if area.height >= 24 { 3 + u16::from(look.drill.ghost.is_some()) } else { 2 }
}

/// Draws it.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, transport: &Transport) {
    let mut rows = area.rows();
    if let Some(row) = rows.next() {
        status(canvas, row, transport);
    }
    let bar = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    if area.height >= 3
        && let Some(row) = rows.next()
    {
        ticks(canvas, Rect { y: row.y, height: 1, ..bar }, transport);
    }
    if area.height >= 4
        && let (Some(ghost), Some(row)) = (look.drill.ghost, rows.next())
    {
        ghost::marks(canvas, Rect { y: row.y, height: 1, ..bar }, (look, ghost), transport);
    }
    if let Some(row) = rows.next() {
        scrub(canvas, Rect { y: row.y, height: 1, ..bar }, transport);
    }
}

/// `REPLAY ‖ paused 1x  T+12:30 of T+52:00  entry 120 of 4,000   view: everything`.
fn status(canvas: &mut Canvas<'_>, row: Rect, transport: &Transport) {
    let playing = if transport.is_playing() { "▶ playing" } else { "‖ paused" };
    let clock = |at: DrillTime| transport.zero().t(at);
    let right = Line::from(canvas.span(shown!(" view: {} ", transport.viewer_words()), Meaning::Strong));
    let rest = canvas.line_right(row, &right);
    let mut spans = vec![
        canvas.span(" REPLAY ", Meaning::Focus),
        canvas.span(shown!("{} {}  ", playing, transport.speed()), Meaning::Strong),
        canvas.span(shown!("{} of {}", clock(transport.now()), clock(transport.end())), Meaning::Plain),
    ];
    if row.width >= 76 {
        let said = shown!("  entry {} of {}", transport.cursor(), transport.count());
        spans.push(canvas.span(said, Meaning::Faint));
    }
    canvas.line(rest, &Line::from(spans));
}

fn ticks(canvas: &mut Canvas<'_>, row: Rect, transport: &Transport) {
    let mut signs: Vec<Option<Tick>> = vec![None; usize::from(row.width)];
    for (at, tick) in transport.ticks() {
        if let Some(place) = signs.get_mut(usize::from(ghost::cell(*at, transport.end(), row.width))) {
            *place = (*place).max(Some(*tick));
        }
    }
    let text: Shown = signs.iter().map(|sign| sign.map_or(" ", Tick::sign)).collect();
    canvas.line(row, &Line::from(canvas.span(text, Meaning::Caution)));
}

fn scrub(canvas: &mut Canvas<'_>, row: Rect, transport: &Transport) {
    let (end, width) = (transport.end(), row.width);
    let here = ghost::cell(transport.now(), end, width);
    let sign = |x: u16| match x.cmp(&here) {
        std::cmp::Ordering::Less => "━",
        std::cmp::Ordering::Equal => "●",
        std::cmp::Ordering::Greater => "─",
    };
    let done: Shown = (0..width).map(sign).collect();
    canvas.line(row, &Line::from(canvas.span(done, Meaning::Focus)));
    let last = u128::from(width.saturating_sub(1).max(1));
    for x in 0..width {
        let at = u64::try_from(u128::from(end.0) * u128::from(x) / last).unwrap_or(end.0);
        let place = Rect { x: row.x + x, width: 1, ..row };
        canvas.hit(place, Hit::Act(Do::Cue(Cue::Seek(transport.zero().typed(DrillTime(at))))));
    }
}
