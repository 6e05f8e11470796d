//! Beside the drills: the chosen one and how the figures of its scenario went, and the techniques.

use ratatui::layout::{Margin, Rect};
use unicode_width::UnicodeWidthStr;

use crate::tui::app::{App, DrillRow, Filtered, Half};
use crate::tui::canvas::{Canvas, Line};
use crate::tui::scene::HistoryView;
use crate::tui::screen::listing::{self, Table};
use crate::tui::screen::{marker, verify};
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::history::{Group, Outline, TechniqueRow, Trend};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Shown, shown};

/// What is chosen, without cuts; of a drill also how the figures went.
pub(super) fn chosen(canvas: &mut Canvas<'_>, area: Rect, app: &App, view: &HistoryView, rows: &[DrillRow<'_>]) {
    let row = rows.get(app.history_row(Half::Drills, rows.len()));
    let techniques = app.technique_rows(view);
    let technique = techniques.get(app.history_row(Half::Techniques, techniques.len()));
    let title = match (app.lists.half, row) {
        (Half::Techniques, _) => " The technique ",
        (Half::Drills, Some(DrillRow::Unreadable(..))) => " Can't be read ",
        (Half::Drills, _) => " How it went over time ",
    };
    let title = Line::from(canvas.span(title, Meaning::Strong));
    let inside = canvas.frame(area, title, false).inner(Margin::new(1, 0));
    let lines = match (app.lists.half, row, technique) {
        (Half::Techniques, _, Some(row)) => {
            let mut lines =
                text::paragraph(&shown!("{} {}", row.id, row.name), inside.width, canvas.style(Meaning::Strong));
            let state = row.state();
            let state = state.part(..1).uppercase() + state.part(1..);
            lines.extend(text::paragraph(&shown!("{}.", state), inside.width, canvas.style(Meaning::Plain)));
            lines
        }
        (Half::Drills, Some(DrillRow::Told(group, drill)), _) => of_drill(canvas, view, (group, drill), inside),
        (Half::Drills, Some(DrillRow::Unreadable(id, why)), _) => {
            let mut lines = text::paragraph(&shown!("{}: {}.", id, why), inside.width, canvas.style(Meaning::Caution));
            lines.extend(text::paragraph(
                "It hides no other drill, and nothing was changed.",
                inside.width,
                canvas.style(Meaning::Faint),
            ));
            lines
        }
        _ => Vec::new(),
    };
    canvas.lines(inside, &lines, 0);
}

fn of_drill(canvas: &Canvas<'_>, view: &HistoryView, (group, drill): (&Group, &Outline), area: Rect) -> Vec<Line> {
    let width = area.width;
    let mut lines = Vec::new();
    if let Some(problem) = view.troubled.get(&drill.drill) {
        lines.extend(text::paragraph(&shown!("! {}", problem), width, canvas.style(Meaning::Caution)));
    }
    let began = drill.began.format("%Y-%m-%d %H:%M UTC");
    let mut facts = shown!("{}, {}, began {}", drill.drill, drill.phase.label(), began);
    if let Some(outcome) = &drill.outcome {
        facts.push(shown!(". Hypothesis {}, {}", drill.result(), outcome));
    }
    if !drill.improvements.is_empty() {
        facts.push(shown!(", {}", wording::count(drill.improvements.len(), "improvement", "improvements")));
    }
    if area.height < 10 {
        lines.push(Line::from(canvas.span(facts, Meaning::Faint)));
    } else {
        lines.extend(text::paragraph(&facts, width, canvas.style(Meaning::Faint)));
    }
    if group.trends.is_empty() {
        let words = "A course needs two drills of the scenario that are over.";
        lines.extend(text::paragraph(words, width, canvas.style(Meaning::Faint)));
    }
    lines.extend(group.trends.iter().filter_map(|one| trend(canvas, one, usize::from(width))));
    if area.height >= 10 && !drill.techniques.is_empty() {
        let all: Vec<Shown> = drill.techniques.iter().map(|one| shown!("{} {}", one.id, one.name)).collect();
        lines.push(Line::default());
        lines.extend(text::paragraph(all.joined(", "), width, canvas.style(Meaning::Faint)));
    }
    lines
}

/// The course of a figure: a sign for each drill, as many of the newest as there is room for, and its ends.
fn trend(canvas: &Canvas<'_>, trend: &Trend, width: usize) -> Option<Line> {
    let (first, last) = trend.ends()?;
    let label =
        if width >= 60 { text::pad(&shown!("{} {}", trend.name, trend.label), 24) } else { shown!("{} ", trend.name) };
    let course = shown!("  {} -> {}", first.words(), last.words());
    let signs = trend.sparkline();
    let room = width.saturating_sub(label.width() + course.width());
    let shown =
        signs.rebuilt(room, |signs, room| signs.chars().skip(signs.chars().count().saturating_sub(room)).collect());
    Some(Line::from(vec![
        canvas.span(label, Meaning::Faint),
        canvas.span(shown, Meaning::Figure),
        canvas.span(course, Meaning::Plain),
    ]))
}

/// The techniques, the overdue first. `from` is where their rows count on from the drills.
pub(super) fn techniques(canvas: &mut Canvas<'_>, area: Rect, app: &App, view: &HistoryView, from: usize) {
    let rows = app.technique_rows(view);
    let chosen = app.history_row(Half::Techniques, rows.len());
    let focused = app.lists.half == Half::Techniques;
    let days = wording::count(usize::try_from(view.history.overdue_days).unwrap_or(usize::MAX), "day", "days");
    let title = shown!(" ATT&CK techniques, ! is overdue after {} ", days);
    let name = usize::from(area.width.saturating_sub(4)).saturating_sub(FIXED).max(8);
    let table = Table {
        title: Line::from(canvas.span(title, if focused { Meaning::Focus } else { Meaning::Strong })),
        focused,
        head: shown!("    {:<10}{} {:>6}  {:<14} Drills", "Id", text::pad("Name", name), "Ago", "Last result"),
        filter: (&app.lists.history_filter, Filtered::History),
        found: rows.len(),
        empty: "No technique matches.",
    };
    listing::table(canvas, area, app, table, (rows.len(), chosen), |canvas, at, _| match rows.get(at) {
        Some(row) => (technique(canvas, row, name, at == chosen), Some(from + at)),
        None => (Line::default(), None),
    });
}

/// Columns beside a technique's name.
const FIXED: usize = 2 + 2 + 10 + 7 + 2 + 14 + 7;

fn technique(canvas: &Canvas<'_>, row: &TechniqueRow, name: usize, chosen: bool) -> Line {
    let (ago, result, meaning) = match &row.last {
        None => (Shown::from("never"), Shown::from("-"), Meaning::Faint),
        Some(last) => {
            let (sign, meaning) = verify::sign(last.verdict);
            let ago = if last.days_ago <= 0 { Shown::from("today") } else { shown!("{} d", last.days_ago) };
            (ago, shown!("{} {}", sign, last.verdict.label()), meaning)
        }
    };
    Line::from(vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(if row.overdue { "! " } else { "  " }, Meaning::Caution),
        canvas.span(text::pad(&row.id, 10), Meaning::Plain),
        canvas.span(text::pad(&row.name, name), Meaning::Plain),
        canvas.span(shown!(" {:>6}", ago), Meaning::Plain),
        canvas.span(shown!("  {}", text::pad(&result, 14)), meaning),
        canvas.span(shown!(" {:>6}", row.drills), Meaning::Faint),
    ])
}
