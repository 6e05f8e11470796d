//! Where the panes of a drill stand: three columns on wide screens, two at home, one pane with tabs on small ones. The debrief shows one part
//! at a time, with tabs, on all of them.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::{
    Look, briefing, clocks, console, edges, findings, ghost, hypothesis, improve, logs, playbook, question, replay,
    services,
};
use super::{signals, timeline, verify};
use crate::tui::app::{Asked, Pane, panes};
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::scene::Scene;
use crate::tui::theme::Meaning;
use firedrill_model::phase::Phase;

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// One pane, little around it.
    Compact,
    /// One pane with strips around it.
    Medium,
    /// Two columns.
    Full,
    /// Three columns.
    Wide,
}

impl Room {
    fn of(area: Rect) -> Self {
        match (area.width, area.height) {
            (160.., 32..) => Self::Wide,
            (110.., 32..) => Self::Full,
            (80.., 24..) => Self::Medium,
            _ => Self::Compact,
        }
    }
}

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
        draw_pane(canvas, place, pane, look);
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
    draw_pane(canvas, pane, focused, look);
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
        let label = format!("{}{title}", number(look, *pane));
        let label = if wide { format!(" {label} ") } else { label };
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

/// The number of a pane. Not shown while digits answer a question.
fn number(look: Look<'_>, pane: Pane) -> String {
    if matches!(look.app.asked(look.drill), Some((_, Asked::Confidence))) {
        return String::new();
    }
    let at = panes(look.view().course.phase).iter().position(|of| *of == pane);
    // 0 is the tenth; behind it there is no digit left.
    at.filter(|at| *at < 10).map(|at| format!("{} ", (at + 1) % 10)).unwrap_or_default()
}

/// A pane with its frame.
pub(super) fn draw_pane(canvas: &mut Canvas<'_>, area: Rect, pane: Pane, look: Look<'_>) {
    let focused = look.app.focused(look.view().course.phase) == Some(pane) && look.app.popup.is_none();
    let meaning = if focused { Meaning::Focus } else { Meaning::Strong };
    let mut title: Vec<Span<'static>> = vec![canvas.span(format!(" {}{} ", number(look, pane), pane.title()), meaning)];
    if let Some(note) = note(look, pane) {
        title.push(canvas.span(format!("{note} "), Meaning::Faint));
    }
    canvas.hit(area, Hit::Pane(pane));
    let inside = canvas.frame(area, Line::from(title), focused);
    behind(canvas, area, pane, look);
    match pane {
        Pane::Brief => briefing::brief(canvas, inside, look),
        Pane::Signals => signals::draw(canvas, inside, look, focused),
        Pane::Services => services::draw(canvas, inside, look, focused),
        Pane::Timeline => timeline::draw(canvas, inside, look, focused),
        Pane::Findings => findings::draw(canvas, inside, look, focused),
        Pane::Playbook => playbook::draw(canvas, inside, look, focused),
        Pane::Logs => logs::draw(canvas, inside, look, focused),
        Pane::Expected | Pane::Path | Pane::Pipeline | Pane::People | Pane::Truth | Pane::Evidence => {
            verify::document(canvas, inside, pane, look);
        }
        Pane::Surprises | Pane::Objectives => verify::blocks::draw(canvas, inside, pane, look, focused),
        Pane::Questions => verify::questions(canvas, inside, look, focused),
        Pane::Improvements => improve::draw(canvas, inside, look, focused),
    }
}

/// The pane that shares its place with this one: its title at the right of the frame brings it to the front.
fn behind(canvas: &mut Canvas<'_>, area: Rect, pane: Pane, look: Look<'_>) {
    let other = match (look.view().course.phase, pane) {
        (Phase::Experiment, Pane::Timeline) => Pane::Logs,
        (Phase::Experiment, Pane::Logs) => Pane::Timeline,
        _ => return,
    };
    if Room::of(canvas.area()) != Room::Full || look.app.zoom {
        return;
    }
    let label = Line::from(canvas.span(format!(" {}{} ", number(look, other), other.title()), Meaning::Faint));
    let top = Rect { height: area.height.min(1), width: area.width.saturating_sub(2), ..area };
    let rest = canvas.line_right(top, &label);
    canvas.hit(Rect { x: rest.right(), width: top.width - rest.width, ..top }, Hit::Pane(other));
}

/// What stands behind a title.
fn note(look: Look<'_>, pane: Pane) -> Option<String> {
    let view = look.view();
    match pane {
        Pane::Findings => {
            let unread = look.app.unread(look.drill).len();
            let order = look.app.listing.label();
            match (unread, view.board.findings.len() > 1) {
                (0, false) => None,
                (0, true) => Some(order.into()),
                (_, false) => Some(format!("{unread} unread")),
                (_, true) => Some(format!("{order} · {unread} unread")),
            }
        }
        Pane::Playbook => {
            let ended = view.playbook.steps.iter().filter(|step| step.end.is_some()).count();
            Some(format!("{} · {ended} of {}", view.scenario.playbook.title, view.playbook.steps.len()))
        }
        Pane::Logs => Some(logs::note(look)),
        Pane::Timeline if view.course.phase < Phase::Verify => Some("newest first".into()),
        Pane::Truth if view.course.phase < Phase::Verify => None,
        _ => None,
    }
}
