//! A pane in its frame: number, title, what stands behind it, and what is in it.

use ratatui::layout::Rect;

use super::room::Room;
use super::{Look, briefing, findings, improve, logs, playbook, services, signals, timeline, verify};
use crate::tui::app::Asked;
use crate::tui::canvas::{Canvas, Hit, Line, Span};
use crate::tui::pane::{Pane, panes};
use crate::tui::theme::Meaning;
use firedrill_model::phase::Phase;
use firedrill_model::{Shown, shown};

/// The number of a pane. Not shown while digits answer a question.
pub(super) fn number(look: Look<'_>, pane: Pane) -> Shown {
    if matches!(look.app.asked(look.drill), Some((_, Asked::Confidence))) {
        return Shown::default();
    }
    let at = panes(look.view().course.phase).iter().position(|of| *of == pane);
    // 0 is the tenth; behind it there is no digit left.
    at.filter(|at| *at < 10).map(|at| shown!("{} ", (at + 1) % 10)).unwrap_or_default()
}

/// A pane with its frame.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, pane: Pane, look: Look<'_>) {
    let focused = look.app.focused(look.view().course.phase) == Some(pane) && look.app.popup.is_none();
    let meaning = if focused { Meaning::Focus } else { Meaning::Strong };
    let mut title: Vec<Span> = vec![canvas.span(shown!(" {}{} ", number(look, pane), pane.title()), meaning)];
    if let Some(note) = note(look, pane) {
        title.push(canvas.span(shown!("{} ", note), Meaning::Faint));
    }
    canvas.hit(area, Hit::Pane(pane));
    let inside = canvas.frame(area, title, focused);
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
    let label = Line::from(canvas.span(shown!(" {}{} ", number(look, other), other.title()), Meaning::Faint));
    let top = Rect { height: area.height.min(1), width: area.width.saturating_sub(2), ..area };
    let rest = canvas.line_right(top, &label);
    canvas.hit(Rect { x: rest.right(), width: top.width - rest.width, ..top }, Hit::Pane(other));
}

/// What stands behind a title.
fn note(look: Look<'_>, pane: Pane) -> Option<Shown> {
    let view = look.view();
    match pane {
        Pane::Findings => {
            let unread = look.app.unread(look.drill).len();
            let order = look.app.listing.label();
            match (unread, view.board.findings.len() > 1) {
                (0, false) => None,
                (0, true) => Some(order.into()),
                (_, false) => Some(shown!("{} unread", unread)),
                (_, true) => Some(shown!("{} · {} unread", order, unread)),
            }
        }
        Pane::Playbook => {
            let ended = view.playbook.steps.iter().filter(|step| step.end.is_some()).count();
            Some(shown!("{} · {} of {}", view.scenario.playbook.title, ended, view.playbook.steps.len()))
        }
        Pane::Logs => Some(logs::note(look)),
        Pane::Timeline if view.course.phase < Phase::Verify => Some("newest first".into()),
        Pane::Truth if view.course.phase < Phase::Verify => None,
        _ => None,
    }
}
