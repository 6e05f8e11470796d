//! Steady state: the situation, what normal looks like, and the gate before the experiment.

use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, bar, share};
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::keymap::{Asking, Do};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::View;
use firedrill_model::{DrillTime, Joined, Shown, Span, shown};

/// Places of the panes.
pub(super) fn places(area: Rect) -> Vec<(Pane, Rect)> {
    let [left, right] = Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(area);
    let [brief, timeline] =
        Layout::vertical([Constraint::Min(14), Constraint::Length((left.height / 5).max(5))]).areas(left);
    let [signals, services] = Layout::vertical([Constraint::Min(11), Constraint::Length(18)]).areas(right);
    vec![(Pane::Brief, brief), (Pane::Signals, signals), (Pane::Services, services), (Pane::Timeline, timeline)]
}

/// What responders read before they begin.
pub(super) fn brief(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let plain = canvas.style(Meaning::Plain);
    let mut lines = Vec::new();
    // The file wraps its lines for an editor: a paragraph is what stands between empty lines.
    let brief = Shown::from(&look.view().scenario.brief);
    for paragraph in brief.parted(0, |text, _| text.split("\n\n").map(str::to_owned).collect()) {
        let flowing = paragraph.parted(0, |text, _| text.split('\n').map(|line| line.trim().to_owned()).collect());
        let flowing = flowing.joined(" ");
        lines.extend(text::paragraph(&flowing, inside.width, plain));
        lines.push(Line::default());
    }
    lines.push(Line::from(canvas.span("What to do now", Meaning::Strong)));
    let now = "Watch the signals and learn what normal looks like. The gate opens when they have held for long enough; then g goes on to the hypothesis.";
    lines.extend(text::paragraph(now, inside.width, plain));
    canvas.document(inside, Some(Pane::Brief), &lines, look.app.scrolled(Pane::Brief));
}

/// The gate's progress.
pub(super) fn gate(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let view = look.view();
    let needed = view.scenario.steady_state.hold;
    let title = Line::from(canvas.span(" Gate to the experiment ", Meaning::Strong));
    let inside = canvas.frame(area, title, false).inner(ratatui::layout::Margin::new(1, 0));
    let held = holds_since(view).map_or(Span::ZERO, |since| look.drill.now.since(since));
    let line = if view.course.gate_open_since.is_some() {
        canvas.hit(inside, Hit::Act(Do::Ask(Asking::Next)));
        Line::from(vec![
            canvas.span("✓ open  ", Meaning::Good),
            canvas.span(shown!("the steady state has held for {}.  ", held.clock()), Meaning::Plain),
            canvas.span("g", Meaning::Key),
            canvas.span(" goes on to the hypothesis", Meaning::Plain),
        ])
    } else {
        Line::from(vec![
            canvas.span("closed  ", Meaning::Caution),
            canvas.span(shown!("{}  ", bar(share(held, needed), 20)), Meaning::Figure),
            canvas.span(shown!("the steady state has held for {} of {}", held.clock(), needed.clock()), Meaning::Plain),
        ])
    };
    canvas.line(inside, &line);
}

/// Since when all signals of the steady state are within their limits, as far as the samples show.
fn holds_since(view: &View) -> Option<DrillTime> {
    if let Some(since) = view.course.gate_open_since {
        return Some(since);
    }
    let signals = &view.scenario.signals;
    let mut since = DrillTime::ZERO;
    for (signal, track) in signals.iter().zip(&view.board.signals) {
        let Some(limit) = signal.limit.filter(|_| view.scenario.steady_state.signals.contains(&signal.id)) else {
            continue;
        };
        let outside = track.samples.iter().rposition(|(_, value)| !signal.side.holds(*value, limit));
        let first = track.samples.get(outside.map_or(0, |at| at + 1))?;
        since = since.max(first.0);
    }
    Some(since)
}
