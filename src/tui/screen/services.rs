//! Services: who calls whom where there is room for it, and every instance with its state.

use std::collections::BTreeSet;

use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, marker, row, topology};
use crate::tui::app::instances;
use crate::tui::canvas::{Canvas, Hit, Line, width as text_width};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::{list, text};
use firedrill_core::projection::view::InstanceRow;
use firedrill_model::event::{InstanceState, ResourceCause};
use firedrill_model::id::TargetId;
use firedrill_model::{Shown, shown};

/// Draws the pane.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let out = out_of_use(canvas, look);
    let rows = u16::try_from(out.len()).unwrap_or(u16::MAX).min(area.height / 3);
    let [area, strip] = Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).areas(area);
    canvas.lines(strip, &out, 0);
    let ids = instances(look.view());
    let needed = u16::try_from(ids.len()).unwrap_or(u16::MAX).saturating_add(1);
    let diagram = topology::lines(canvas, look, area.width, area.height.saturating_sub(needed));
    let rows = u16::try_from(diagram.len()).unwrap_or(u16::MAX);
    let [top, lower] =
        Layout::vertical([Constraint::Length(rows), Constraint::Min(0)]).spacing(u16::from(rows > 0)).areas(area);
    canvas.lines(top, &diagram, 0);
    if ids.is_empty() {
        canvas.line(lower, &Line::from(canvas.span("  No instance is known yet.", Meaning::Faint)));
    }
    let chosen = look.app.row(look.drill, Pane::Services);
    let shown = list::window(ids.len(), chosen, usize::from(lower.height));
    canvas.scrollbar(lower, ids.len(), shown.start);
    let first = shown.start;
    for (place, at) in lower.rows().zip(shown) {
        let Some(id) = ids.get(at) else { continue };
        let Some(instance) = look.view().board.instances.get(id) else { continue };
        let before = at.checked_sub(1).and_then(|at| ids.get(at)).and_then(|id| look.view().board.instances.get(id));
        let heads = at == first || before.is_none_or(|before| before.service != instance.service);
        let line = line(canvas, look, id, instance, heads, place.width, at == chosen && focused);
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Services, at));
    }
}

/// Resources whose users can't use them now, a line each.
fn out_of_use(canvas: &Canvas<'_>, look: Look<'_>) -> Vec<Line> {
    let board = &look.view().board;
    let gone = |id: &TargetId| matches!(board.resources_out.get(id), Some(ResourceCause::Destroyed));
    let all: BTreeSet<&TargetId> = board.resources_out.keys().chain(&board.roles_out).collect();
    let line = |id: &TargetId| {
        let words = if gone(id) { "is gone, its users are out" } else { "its users are out" };
        Line::from(canvas.span(shown!("  ▲ {}: {}", look.view().target_title(id), words), Meaning::Bad))
    };
    all.into_iter().map(line).collect()
}

fn line(
    canvas: &Canvas<'_>,
    look: Look<'_>,
    id: &TargetId,
    instance: &InstanceRow,
    heads: bool,
    width: u16,
    chosen: bool,
) -> Line {
    let service = look.view().scenario.services.iter().find(|service| service.id == instance.service);
    let title = if heads {
        service.map_or_else(|| (&instance.service).into(), |service| Shown::from(&service.title))
    } else {
        Shown::default()
    };
    let longest = look.view().scenario.services.iter().map(|service| text_width(service.title.as_str())).max();
    let room = longest.unwrap_or(0).clamp(8, usize::from(width.saturating_sub(38).clamp(8, 30)));
    let (sign, word, meaning) = state(instance.state);
    let age = if instance.state == InstanceState::InService {
        Shown::default()
    } else {
        shown!(" {}", look.ago(instance.since))
    };
    let isolated = if instance.isolated { " isolated" } else { "" };
    let words = shown!("{} {}{}", sign, word, isolated);
    let left = usize::from(width).saturating_sub(room + 26);
    let age = if text_width(&words) + text_width(&age) > left { Shown::default() } else { age };
    let words = shown!("{}{}", words, age);
    let zone = &instance.zone;
    let zone = Shown::from(zone).part(zone.as_str().rfind('-').map_or(0, |dash| dash + 1)..);
    Line::from(vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(text::pad(title, room), Meaning::Plain),
        canvas.span(shown!(" {} ", text::pad(id, 19)), Meaning::Faint),
        canvas.span(shown!("{} ", text::pad(zone, 2)), Meaning::Faint),
        canvas.span(words, meaning),
    ])
}

/// Sign, word and meaning of a state.
pub(super) fn state(state: InstanceState) -> (&'static str, &'static str, Meaning) {
    match state {
        InstanceState::InService => ("●", "in service", Meaning::Good),
        InstanceState::Booting => ("◌", "booting", Meaning::Caution),
        InstanceState::Unhealthy => ("▲", "unhealthy", Meaning::Bad),
        InstanceState::Deregistered => ("○", "no traffic", Meaning::Caution),
        InstanceState::Standby => ("○", "standby", Meaning::Caution),
        InstanceState::Detached => ("○", "detached", Meaning::Caution),
        InstanceState::Stopped => ("■", "stopped", Meaning::Caution),
        InstanceState::Terminated => ("×", "terminated", Meaning::Faint),
    }
}
