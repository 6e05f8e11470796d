//! Verify: the seven questions.

use ratatui::layout::{Constraint, Layout, Rect};

use super::Page;
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::pane::Pane;
use crate::tui::screen::{Look, marker, row};
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::debrief::QuestionRow;
use firedrill_model::shown;

/// The seven questions: a list, and the chosen one below with what the record says and what the team says.
pub(crate) fn questions(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let Some(debrief) = look.drill.debrief else { return };
    let chosen = look.app.row(look.drill, Pane::Questions);
    let total = u16::try_from(debrief.questions.len()).unwrap_or(u16::MAX);
    let rows = if area.height >= total + 4 { total } else { 1 };
    let [upper, lower] = Layout::vertical([Constraint::Length(rows), Constraint::Min(0)]).spacing(1).areas(area);
    let first = if rows == total { 0 } else { chosen };
    for (place, (at, question)) in upper.rows().zip(debrief.questions.iter().enumerate().skip(first)) {
        let line = question_line(canvas, question, at == chosen, place.width);
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Questions, at));
    }
    if let Some(question) = debrief.questions.get(chosen) {
        let inside = Rect { x: lower.x + 2, width: lower.width.saturating_sub(3), ..lower };
        let mut page = Page { canvas, width: inside.width, lines: Vec::new() };
        page.text(question.question, Meaning::Strong);
        for words in &question.from_the_record {
            page.labelled("record ", 7, Meaning::Faint, words, Meaning::Plain);
        }
        for words in &question.answers {
            page.labelled("team   ", 7, Meaning::Key, words, Meaning::Strong);
        }
        if question.answers.is_empty() {
            page.text("Enter writes the team's answer.", Meaning::Faint);
        }
        let lines = page.lines;
        let scroll = look.app.scrolled(Pane::Questions);
        canvas.document(inside, Some(Pane::Questions), &lines, scroll);
        let height = usize::from(inside.height);
        if height > 0 && lines.len() > height && usize::from(scroll) < lines.len() - height {
            let last = Rect { y: inside.bottom() - 1, height: 1, ..inside };
            canvas.line_right(last, &Line::from(canvas.span(" … PgDn shows more ", Meaning::Faint)));
        }
    }
}

fn question_line(canvas: &Canvas<'_>, question: &QuestionRow, chosen: bool, width: u16) -> Line {
    let answered = match question.answers.len() {
        0 => "-".into(),
        1 => "✓ 1 answer".into(),
        n => shown!("✓ {} answers", n),
    };
    let room = usize::from(width).saturating_sub(18);
    let meaning = if question.answers.is_empty() { Meaning::Faint } else { Meaning::Good };
    Line::from(vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(shown!("{} ", question.number), Meaning::Faint),
        canvas.span(text::pad(question.question, room), Meaning::Plain),
        canvas.span(shown!(" {}", answered), meaning),
    ])
}
