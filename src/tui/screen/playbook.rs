//! The playbook: each step with its timer against its goal, and what to look for in the chosen one.

use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, bar, row, share};
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::{list, text};
use firedrill_core::projection::view::{StepHow, StepView};
use firedrill_model::{Shown, shown};

/// Draws the pane.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let steps = &look.view().playbook.steps;
    let chosen = look.app.row(look.drill, Pane::Playbook);
    let total = u16::try_from(steps.len()).unwrap_or(u16::MAX);
    let detail = if area.height > 6 { area.height.saturating_sub(total).clamp(3, 8) } else { 0 };
    let [upper, lower] = Layout::vertical([Constraint::Min(0), Constraint::Length(detail)]).areas(area);
    let shown = list::window(steps.len(), chosen, usize::from(upper.height));
    canvas.scrollbar(upper, steps.len(), shown.start);
    for (place, at) in upper.rows().zip(shown) {
        let Some(step) = steps.get(at) else { continue };
        let line = line(canvas, look, at, step, place.width, super::marker(at == chosen));
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Playbook, at));
    }
    if let (Some(step), true) = (look.view().scenario.playbook.steps.get(chosen), detail > 0) {
        let mut lines = text::paragraph(&step.detail, lower.width.saturating_sub(4), canvas.style(Meaning::Plain));
        lines.truncate(usize::from(lower.height.saturating_sub(2)));
        lines.push(Line::from(canvas.span("Enter lists the responses that complete it.", Meaning::Faint)));
        let inside = Rect { x: lower.x + 2, width: lower.width.saturating_sub(3), ..lower };
        let inside = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
        canvas.lines(inside, &lines, 0);
    }
}

/// One step.
pub(super) fn line(
    canvas: &Canvas<'_>,
    look: Look<'_>,
    at: usize,
    step: &StepView,
    width: u16,
    marker: &'static str,
) -> Line {
    let model = look.view().scenario.playbook.steps.iter().find(|model| model.id == step.id);
    let title = model.map_or_else(|| Shown::from(&step.id), |model| Shown::from(&model.title));
    let goal = model.map(|model| model.goal).unwrap_or_default();
    let (sign, meaning) = match (&step.end, &step.prompted) {
        (Some(end), _) if matches!(end.how, StepHow::Done(_)) => ("✓", Meaning::Good),
        (Some(_), _) => ("–", Meaning::Faint),
        (None, Some(_)) => ("▶", Meaning::Strong),
        (None, None) => ("○", Meaning::Faint),
    };
    let taken = look.view().step_time(step, look.drill.now);
    let skipped = step.end.as_ref().is_some_and(|end| matches!(end.how, StepHow::Skipped(_)));
    let (time, time_meaning) = match taken {
        _ if skipped => ("left out".into(), Meaning::Faint),
        Some(taken) if taken > goal => (shown!("{} of {} late", taken.clock(), goal.clock()), Meaning::Caution),
        Some(taken) => (shown!("{} of {}", taken.clock(), goal.clock()), meaning),
        None if step.end.is_some() => ("done".into(), Meaning::Good),
        None => (shown!("goal {}", goal.clock()), Meaning::Faint),
    };
    let runs = step.end.is_none() && taken.is_some() && width >= 64;
    let gauge = taken.filter(|_| runs).map(|taken| bar(share(taken, goal), 8)).unwrap_or_default();
    let room = usize::from(width).saturating_sub(if width >= 64 { 37 } else { 28 });
    Line::from(vec![
        canvas.span(marker, Meaning::Plain),
        canvas.span(shown!("{} {:<2}", sign, at + 1), meaning),
        canvas.span(text::pad(title, room), if step.prompted.is_some() { Meaning::Plain } else { Meaning::Faint }),
        canvas.span(shown!(" {:<20} ", time), time_meaning),
        canvas.span(gauge, time_meaning),
    ])
}
