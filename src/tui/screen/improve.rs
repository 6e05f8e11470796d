//! Improve, and after: what is to change, beside what was learned.

use ratatui::layout::{Constraint, Layout, Margin, Rect};

use super::{Look, marker, row};
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::{list, text};
use firedrill_core::projection::improvements::EarlierRow;
use firedrill_model::phase::Phase;
use firedrill_model::{Shown, shown};
use firedrill_report::improvements as report;

/// The list of improvements; once the drill is closed, also where to go from here.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let closed = look.view().course.phase == Phase::Closed;
    let mut foot = chosen_in_full(canvas, look, area.width.saturating_sub(2));
    foot.extend(from_earlier(canvas, look, area.width.saturating_sub(2)));
    foot.extend(after(canvas, look, area.width.saturating_sub(2), closed));
    let listed = u16::try_from(look.view().people.improvements.len()).unwrap_or(u16::MAX).clamp(1, area.height / 2 + 1);
    let rows = u16::try_from(foot.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(listed));
    let [upper, lower] = Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).areas(area);
    canvas.lines(lower.inner(Margin::new(1, 0)), &foot, 0);
    let all = &look.view().people.improvements;
    if all.is_empty() {
        let words = if closed {
            "None was written down."
        } else {
            "None yet. What would have halved a clock? Which guess surprised you?"
        };
        let lines = text::paragraph(words, upper.width.saturating_sub(2), canvas.style(Meaning::Faint));
        canvas.lines(upper.inner(Margin::new(1, 0)), &lines, 0);
        return;
    }
    let chosen = look.app.row(look.drill, Pane::Improvements);
    let shown = list::window(all.len(), chosen, usize::from(upper.height));
    canvas.scrollbar(upper, all.len(), shown.start);
    for (place, at) in upper.rows().zip(shown) {
        let Some(improvement) = all.get(at) else { continue };
        let words = look.drill.words;
        let what = words.read(&improvement.what).one_line();
        let owner = improvement.owner.as_ref().map_or_else(|| "no owner".into(), |owner| words.read(owner));
        let due = improvement.due.as_ref().map_or_else(|| "no date".into(), |due| Shown::from(&due));
        let room = usize::from(place.width).saturating_sub(34);
        let line = Line::from(vec![
            canvas.span(marker(at == chosen), Meaning::Plain),
            canvas.span(shown!("{:>2} ", at + 1), Meaning::Faint),
            canvas.span(text::pad(&what, room), Meaning::Plain),
            canvas.span(shown!("  {}", text::pad(owner, 15)), Meaning::Faint),
            canvas.span(shown!(" {}", text::pad(due, 10)), Meaning::Faint),
        ]);
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Improvements, at));
    }
}

/// The chosen improvement without cuts.
fn chosen_in_full(canvas: &Canvas<'_>, look: Look<'_>, width: u16) -> Vec<Line> {
    let row = look.app.row(look.drill, Pane::Improvements);
    let Some(improvement) = look.view().people.improvements.get(row) else { return Vec::new() };
    let mut lines = text::paragraph(look.drill.words.read(&improvement.what), width, canvas.style(Meaning::Plain));
    lines.truncate(4);
    lines.push(Line::default());
    lines
}

/// Most improvements of earlier drills that are shown, of the open and of the closed ones.
const MOST_EARLIER: usize = 3;

/// What earlier drills of the scenario left to change, and whether it showed in this one.
fn from_earlier(canvas: &Canvas<'_>, look: Look<'_>, width: u16) -> Vec<Line> {
    let rows = look.drill.debrief.map_or(&[][..], |debrief| &debrief.earlier);
    let (open, closed): (Vec<&EarlierRow>, Vec<&EarlierRow>) =
        rows.iter().partition(|row| row.improvement.closed.is_none());
    let mut lines = Vec::new();
    for (heading, rows) in [("Still open from earlier drills", open), ("Closed since earlier drills", closed)] {
        // The newest first.
        for (at, row) in rows.iter().rev().take(MOST_EARLIER).enumerate() {
            if at == 0 {
                lines.push(Line::from(canvas.span(heading, Meaning::Faint)));
            }
            let words = shown!("{}: {}", row.improvement.id, row.improvement.what);
            lines.extend(text::paragraph(&words, width, canvas.style(Meaning::Plain)));
            if !row.showed.is_empty() {
                let label = canvas.span("  ", Meaning::Plain);
                lines.extend(text::labelled(label, report::showed(row), width, canvas.style(Meaning::Figure)));
            }
        }
        if rows.len() > MOST_EARLIER {
            let more = shown!("{} more: i in the lobby", rows.len() - MOST_EARLIER);
            lines.push(Line::from(canvas.span(more, Meaning::Faint)));
        }
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}

fn after(canvas: &Canvas<'_>, look: Look<'_>, width: u16, closed: bool) -> Vec<Line> {
    if !closed {
        let words = "i writes one down: what, who, until when. g closes the drill.";
        return text::paragraph(words, width, canvas.style(Meaning::Faint));
    }
    let mut lines = vec![Line::from(canvas.span("The drill is closed. Thank you.", Meaning::Strong))];
    let command = |what: &'static str| shown!("firedrill {} {}", what, look.drill.drill);
    for (words, what) in [("the report", "debrief"), ("its record", "verify")] {
        let label = canvas.span(text::pad(words, 12), Meaning::Faint);
        lines.extend(text::labelled(label, command(what), width, canvas.style(Meaning::Plain)));
    }
    if let Some(debrief) = look.drill.debrief.filter(|debrief| !debrief.head_words.is_empty()) {
        let label = canvas.span(text::pad("in words", 12), Meaning::Faint);
        lines.extend(text::labelled(label, &debrief.head_words, width, canvas.style(Meaning::Plain)));
    }
    lines
}
