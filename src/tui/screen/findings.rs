//! Findings and messages, newest first.

use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, logs, marker, row};
use crate::tui::app::{Filtered, Item, items};
use crate::tui::canvas::{Canvas, Hit, Line, Span};
use crate::tui::pane::Pane;
use crate::tui::theme::{self, Meaning};
use crate::tui::widget::{list, text};
use firedrill_model::phase::Phase;
use firedrill_model::{Judgement, Shown, shown};

/// Draws the pane: two rows for each thing.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let typing = look.app.types_filter(Filtered::Findings);
    let filtered = typing || !look.app.finding_filter.is_blank();
    let all = look.app.listed(look.drill);
    let [head, area] = Layout::vertical([Constraint::Length(u16::from(filtered)), Constraint::Min(0)]).areas(area);
    if filtered {
        logs::filter_line(canvas, head, &look.app.finding_filter, typing, all.len());
    }
    if all.is_empty() {
        let words = match look.view().course.phase {
            _ if !items(look.view()).is_empty() => "Nothing is listed here: f lists more, / changes the filter.",
            Phase::Experiment => {
                "Nobody has told you anything yet, and you have looked at nothing.\n\nr looks where detectors write. The signals may say more."
            }
            _ => "Nothing.",
        };
        let lines = text::paragraph(words, area.width.saturating_sub(2), canvas.style(Meaning::Faint));
        canvas.lines(area.inner(ratatui::layout::Margin::new(1, 0)), &lines, 0);
        return;
    }
    let chosen = look.app.row(look.drill, Pane::Findings);
    let tall = if area.height >= 4 { 2 } else { 1 };
    let shown = list::window(all.len(), chosen, usize::from(area.height / tall));
    canvas.scrollbar(area, all.len() * usize::from(tall), shown.start * usize::from(tall));
    let mut y = area.y;
    for at in shown {
        let Some(item) = all.get(at) else { continue };
        let (first, second) = match item {
            Item::Finding(id) => finding(canvas, look, id, area.width, at == chosen && focused),
            Item::Message(id) => message(canvas, look, id, area.width, at == chosen && focused),
        };
        let place = Rect { y, height: 1, ..area };
        row(canvas, place, &first, at == chosen, focused);
        if tall == 2 {
            canvas.line(Rect { y: y + 1, height: 1, ..area }, &second);
        }
        canvas.hit(Rect { height: tall, ..place }, Hit::PaneRow(Pane::Findings, at));
        y = y.saturating_add(tall);
    }
}

type Two = (Line, Line);

fn finding(canvas: &Canvas<'_>, look: Look<'_>, id: &firedrill_model::id::FindingId, width: u16, chosen: bool) -> Two {
    let Some(row) = look.view().board.finding(id) else { return (Line::default(), Line::default()) };
    let (sign, word, meaning) = theme::severity(row.finding.severity);
    let item = Item::Finding(id.clone());
    let (state, state_meaning) = match (&row.judged, row.acknowledged) {
        (Some((_, _, Judgement::Noise)), _) => ("noise", Meaning::Faint),
        (Some((_, _, Judgement::Ours)), None) => ("ours", Meaning::Strong),
        (_, Some(_)) => ("ack", Meaning::Good),
        (None, None) if look.app.has_read(look.drill, &item) => ("read", Meaning::Plain),
        (None, None) => ("NEW", Meaning::Strong),
    };
    let room = usize::from(width).saturating_sub(17 + state.len().max(4));
    let first = Line::from(vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(shown!("{:>6} ", look.clock(row.seen.at)), Meaning::Faint),
        canvas.span(shown!("{} {:<4} ", sign, word), meaning),
        canvas.span(text::pad(&row.finding.kind, room), Meaning::Strong),
        canvas.span(shown!(" {:>4}", state), state_meaning),
    ]);
    let times = if row.finding.count > 1 { shown!(" ×{}", row.finding.count) } else { Shown::default() };
    let second = shown!("         {}: {}{}", row.finding.resource, row.finding.title, times);
    (first, Line::from(canvas.span(second, Meaning::Faint)))
}

fn message(canvas: &Canvas<'_>, look: Look<'_>, id: &firedrill_model::id::InjectId, width: u16, chosen: bool) -> Two {
    let view = look.view();
    let row = view.board.message(id);
    let Some(inject) = row.and_then(|row| row.message.as_ref()) else {
        return (Line::default(), Line::default());
    };
    let at = row.map(|row| look.clock(row.stamp.at));
    let read = look.app.has_read(look.drill, &Item::Message(id.clone()));
    let (state, meaning) = if read { ("read", Meaning::Plain) } else { ("NEW", Meaning::Strong) };
    let room = usize::from(width).saturating_sub(21);
    let from = shown!("{} ({})", inject.from, inject.via);
    let first: Vec<Span> = vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(shown!("{:>6} ", at.unwrap_or_default()), Meaning::Faint),
        canvas.span("» MSG  ", Meaning::Strong),
        canvas.span(text::pad(&from, room), Meaning::Strong),
        canvas.span(shown!(" {:>4}", state), meaning),
    ];
    let second = shown!("         {}", inject.text);
    (Line::from(first), Line::from(canvas.span(second, Meaning::Faint)))
}
