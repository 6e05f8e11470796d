//! Where the panes of a drill stand: three columns on wide screens, two at home, one pane with tabs on small ones. The debrief shows one part
//! at a time, with tabs, on all of them.

use ratatui::layout::{Constraint, Layout, Rect};

use super::room::Room;
use super::{Look, briefing, clocks, console, edges, frame, ghost, hypothesis, question, replay, verify};
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::pane::{Pane, panes};
use crate::tui::scene::Scene;
use crate::tui::theme::Meaning;
use firedrill_model::phase::Phase;
use firedrill_model::shown;

/// Draws a drill: edges, panes, question.
pub(super) fn draw(canvas: &mut Canvas<'_>, look: Look<'_>, scene: &Scene<'_>) {
    let area = canvas.area();
    let room = Room::of(area);
    let banner = edges::recording(look);
    let second = u16::from(room > Room::Compact);
    let transport = look.drill.replay.map_or(0, |_| replay::rows(area, look));
    let ghost = look.drill.ghost;
    let [header, strip, banner_row, beside, body, scrub, keys, message] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(second),
        Constraint::Length(u16::from(banner.is_some())),
        Constraint::Length(u16::from(ghost.is_some())),
        Constraint::Min(0),
        Constraint::Length(transport),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    edges::header(canvas, header, look);
    if second > 0 {
        match look.view().course.phase {
            Phase::Experiment => clocks::line(canvas, strip, look),
            _ => edges::phases(canvas, strip, look),
        }
    }
    if let Some((text, meaning)) = banner {
        canvas.line(banner_row, &Line::from(canvas.span(text, meaning)));
        canvas.tint(banner_row, meaning);
    }
    if let Some(ghost) = ghost {
        ghost::strip(canvas, beside, look, ghost);
    }
    self::body(canvas, body, look, room);
    if let Some(transport) = look.drill.replay {
        replay::draw(canvas, scrub, look, transport);
    }
    edges::keys(canvas, keys, look.app, scene);
    edges::message(canvas, message, look.app, scene);
}

fn body(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, room: Room) {
    let phase = look.view().course.phase;
    if phase == Phase::Hypothesis {
        hypothesis::draw(canvas, area, look);
        return;
    }
    let area = if phase == Phase::SteadyState { gate_strip(canvas, area, look) } else { area };
    let tight = room < Room::Full || look.app.zoom;
    if tight {
        let area = question_strip(canvas, area, look);
        single(canvas, area, look, room);
        return;
    }
    let places = match (phase, look.app.focused(phase)) {
        (Phase::SteadyState, _) => briefing::places(area),
        (Phase::Experiment, _) => console::places(canvas, area, look, room),
        (_, None) => Vec::new(),
        (_, Some(focused)) => {
            let [line, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
            self::tabs(canvas, line, look, focused);
            verify::places(rest, room, focused)
        }
    };
    for (pane, place) in places {
        frame::draw(canvas, place, pane, look);
    }
}

fn gate_strip(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) -> Rect {
    let [rest, strip] = Layout::vertical([Constraint::Min(0), Constraint::Length(3)]).areas(area);
    briefing::gate(canvas, strip, look);
    rest
}

fn question_strip(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) -> Rect {
    if look.app.asked(look.drill).is_none() {
        return area;
    }
    let [rest, strip] = Layout::vertical([Constraint::Min(0), Constraint::Length(5)]).areas(area);
    question::draw(canvas, strip, look);
    rest
}

/// One pane with a line of tabs above it.
fn single(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, room: Room) {
    let phase = look.view().course.phase;
    let Some(focused) = look.app.focused(phase) else { return };
    let strips = u16::from(room == Room::Medium && phase == Phase::Experiment && !look.app.zoom) * 2;
    let [tabs, pane, strip] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(0), Constraint::Length(strips)]).areas(area);
    self::tabs(canvas, tabs, look, focused);
    frame::draw(canvas, pane, focused, look);
    if strips > 0 {
        console::strips(canvas, strip, look);
    }
}

fn tabs(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: Pane) {
    let all = panes(look.view().course.phase);
    let needed = |title: fn(Pane) -> &'static str, beside: usize| -> usize {
        all.iter().map(|pane| crate::tui::canvas::width(title(*pane)) + beside).sum()
    };
    let wide = area.width >= 80 && needed(short_title, 5) <= usize::from(area.width);
    // Where not even the short titles fit, there are shorter ones, and in the end numbers.
    let title: fn(Pane) -> &'static str = match usize::from(area.width) {
        _ if wide => short_title,
        room if look.view().course.phase < Phase::Verify || needed(short_title, 3) <= room => short_title,
        room if needed(tiny_title, 3) <= room => tiny_title,
        _ => |_| "",
    };
    let mut x = area.x + u16::from(wide);
    for pane in all {
        let title = if *pane == focused && title(*pane).is_empty() { tiny_title(*pane) } else { title(*pane) };
        let label = shown!("{}{}", frame::number(look, *pane), title);
        let label = if wide { shown!(" {} ", label) } else { label };
        let wide = u16::try_from(crate::tui::canvas::width(&label)).unwrap_or(u16::MAX);
        let place = Rect { x, width: wide.min(area.right().saturating_sub(x)), ..area };
        let meaning = if *pane == focused { Meaning::Selected } else { Meaning::Faint };
        canvas.line(place, &Line::from(canvas.span(label, meaning)));
        canvas.hit(place, Hit::Pane(*pane));
        x = x.saturating_add(wide + 1);
    }
}

/// For a line of tabs that is short of room.
fn tiny_title(pane: Pane) -> &'static str {
    match pane {
        Pane::Expected => "Exp",
        Pane::Surprises => "Surp",
        Pane::Objectives => "Obj",
        Pane::Questions => "Quest",
        Pane::Pipeline => "Pipe",
        Pane::Evidence => "Evid",
        Pane::Timeline => "Time",
        Pane::Improvements => "Impr",
        other => short_title(other),
    }
}

fn short_title(pane: Pane) -> &'static str {
    match pane {
        Pane::Expected => "Expected",
        Pane::Surprises => "Surprises",
        Pane::Objectives => "Objectives",
        Pane::Path => "Path",
        Pane::Pipeline => "Pipeline",
        Pane::People => "People",
        Pane::Improvements => "Improve",
        Pane::Truth => "Truth",
        Pane::Evidence => "Evidence",
        Pane::Questions => "Questions",
        other => other.title(),
    }
}
