//! The live console: where its panes stand, and the strips that small screens get instead of them.

use ratatui::layout::{Constraint, Layout, Rect};

use super::room::Room;
use super::{Look, playbook, question, signals};
use crate::tui::app::due_step;
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use firedrill_model::phase::Phase;

/// Rows of the box with the question.
const QUESTION: u16 = 7;

/// Places of the panes; draws the question where it is open.
pub(super) fn places(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, room: Room) -> Vec<(Pane, Rect)> {
    let asked = u16::from(look.app.asked(look.drill).is_some()) * QUESTION;
    let steps = u16::try_from(look.view().playbook.steps.len()).unwrap_or(u16::MAX).saturating_add(6);
    if room == Room::Wide {
        let [left, middle, right] =
            Layout::horizontal([Constraint::Percentage(36), Constraint::Percentage(33), Constraint::Percentage(31)])
                .areas(area);
        let [findings, playbook, timeline] =
            Layout::vertical([Constraint::Percentage(34), Constraint::Length(steps), Constraint::Min(6)]).areas(left);
        let [signals, services, box_] =
            Layout::vertical([Constraint::Min(16), Constraint::Length(18), Constraint::Length(asked)]).areas(middle);
        put_question(canvas, box_, look);
        return vec![
            (Pane::Findings, findings),
            (Pane::Playbook, playbook),
            (Pane::Signals, signals),
            (Pane::Services, services),
            (Pane::Logs, right),
            (Pane::Timeline, timeline),
        ];
    }
    let [left, right] = Layout::horizontal([Constraint::Percentage(49), Constraint::Percentage(51)]).areas(area);
    let rest = area.height.saturating_sub(steps.min(15));
    let [findings, playbook, lower] =
        Layout::vertical([Constraint::Length(rest / 2), Constraint::Length(steps.min(15)), Constraint::Min(6)])
            .areas(left);
    let services_rows =
        u16::try_from(look.view().board.instances.len()).unwrap_or(u16::MAX).saturating_add(2).clamp(6, 10);
    let [signals, services, box_] =
        Layout::vertical([Constraint::Min(10), Constraint::Length(services_rows), Constraint::Length(asked)])
            .areas(right);
    put_question(canvas, box_, look);
    let shared = match look.app.focused(Phase::Experiment) {
        Some(Pane::Logs) => Pane::Logs,
        _ => Pane::Timeline,
    };
    vec![
        (Pane::Findings, findings),
        (Pane::Playbook, playbook),
        (shared, lower),
        (Pane::Signals, signals),
        (Pane::Services, services),
    ]
}

fn put_question(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    if !area.is_empty() {
        question::draw(canvas, area, look);
    }
}

/// Two lines under the one pane of a small screen: the signals that count, and the step that is due.
pub(super) fn strips(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let mut rows = area.rows();
    if let Some(row) = rows.next() {
        let line = signals::strip(canvas, look, row.width);
        canvas.line(row, &line);
        canvas.hit(row, Hit::Pane(Pane::Signals));
    }
    if let Some(row) = rows.next() {
        let due = due_step(look.view());
        let step = look.view().playbook.steps.iter().enumerate().find(|(_, step)| Some(&step.id) == due.as_ref());
        let line = match step {
            Some((at, step)) => playbook::line(canvas, look, at, step, row.width, "  "),
            None => Line::from(canvas.span("  No step of the playbook is due.", Meaning::Faint)),
        };
        canvas.line(row, &line);
        canvas.hit(row, Hit::Pane(Pane::Playbook));
    }
}
