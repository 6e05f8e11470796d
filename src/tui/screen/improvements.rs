//! What is to change, over all drills: the list, and the chosen one without cuts.

use ratatui::layout::{Constraint, Layout, Margin, Rect};

use super::listing::{self, Table};
use super::marker;
use crate::tui::app::{App, Filtered, Standing};
use crate::tui::canvas::{Canvas, Hit, Line, Span};
use crate::tui::keymap::{Do, Improve};
use crate::tui::scene::{ImprovementsView, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::improvements::Improvement;
use firedrill_core::projection::wording;
use firedrill_model::{Shown, shown};
use firedrill_report::improvements as report;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, scene: &Scene<'_>, view: &ImprovementsView) {
    let mut right = report::count(&view.improvements, view.today).unwrap_or_else(|| Shown::from("none is open"));
    if view.unread > 0 {
        right.push(shown!(", {} still being read", wording::count(view.unread, "drill", "drills")));
    }
    let body = listing::edges(canvas, app, scene, ("Improvements", &right), &view.notices);
    let below = if body.height < 12 { 0 } else { 7 };
    let [tabs, upper, lower] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(0), Constraint::Length(below)]).areas(body);
    self::tabs(canvas, tabs, app);
    listed(canvas, upper, app, view);
    if below > 0 {
        in_full(canvas, lower, app, view);
    }
}

/// Which improvements are listed, in brackets.
fn tabs(canvas: &mut Canvas<'_>, area: Rect, app: &App) {
    let spans: Vec<Span> = Standing::EACH
        .into_iter()
        .map(|shown| {
            if app.lists.shown == shown {
                canvas.span(shown!(" [{}]", shown.label()), Meaning::Strong)
            } else {
                canvas.span(shown!("  {} ", shown.label()), Meaning::Faint)
            }
        })
        .collect();
    canvas.line(area, &Line::from(spans));
    canvas.hit(area, Hit::Act(Do::Improve(Improve::List)));
}

fn listed(canvas: &mut Canvas<'_>, area: Rect, app: &App, view: &ImprovementsView) {
    let rows = app.improvement_rows(view);
    let chosen = app.improvement_row(rows.len());
    let columns = Columns::of(area.width.saturating_sub(4));
    let table = Table {
        title: Line::from(canvas.span(" What is to change ", Meaning::Focus)),
        focused: true,
        head: columns.head(),
        filter: (&app.lists.improvement_filter, Filtered::Improvements),
        found: rows.len(),
        empty: match (app.lists.improvement_filter.is_blank(), app.lists.shown) {
            (false, _) => "None matches. Words must all be in it.",
            (true, Standing::Open) => "Nothing is open. i writes down what is to change; so does a drill, in Improve.",
            (true, Standing::Closed) => "None was closed yet.",
            (true, Standing::All) => {
                "None was written down yet. i writes down what is to change; so does a drill, in Improve."
            }
        },
    };
    listing::table(canvas, area, app, table, (rows.len(), chosen), |canvas, at, _| match rows.get(at) {
        Some(one) => (columns.line(canvas, one, view, at == chosen), Some(at)),
        None => (Line::default(), None),
    });
}

/// How wide the columns are.
struct Columns {
    id: usize,
    what: usize,
    owner: usize,
}

/// Columns of the state, with its sign, and of the date.
const STATE: usize = 10;
const DATE: usize = 11;

impl Columns {
    fn of(width: u16) -> Self {
        let width = usize::from(width);
        let (id, owner) = if width >= 96 { (24, 18) } else { (15, 11) };
        let what = width.saturating_sub(2 + STATE + id + 1 + 1 + owner + 1 + DATE).max(8);
        Self { id, what, owner }
    }

    fn head(&self) -> Shown {
        let (id, what, owner) =
            (text::pad("Name", self.id), text::pad("What is to change", self.what), text::pad("Owner", self.owner));
        shown!("  {:<STATE$}{} {} {} Due", "State", id, what, owner)
    }

    fn line(&self, canvas: &Canvas<'_>, one: &Improvement, view: &ImprovementsView, chosen: bool) -> Line {
        let (state, meaning) = match (&one.closed, one.is_overdue(view.today)) {
            (Some(_), _) => ("✓ closed", Meaning::Good),
            (None, true) => ("! overdue", Meaning::Caution),
            (None, false) => ("○ open", Meaning::Plain),
        };
        let or_none =
            |text: &Option<firedrill_model::SafeText>| text.as_ref().map_or_else(|| Shown::from("-"), Shown::from);
        Line::from(vec![
            canvas.span(marker(chosen), Meaning::Plain),
            canvas.span(shown!("{:<STATE$}", state), meaning),
            canvas.span(shown!("{} ", text::pad(&one.id, self.id)), Meaning::Faint),
            canvas.span(shown!("{} ", text::pad(&one.what, self.what)), Meaning::Plain),
            canvas.span(shown!("{} ", text::pad(or_none(&one.owner), self.owner)), Meaning::Faint),
            canvas.span(text::pad(or_none(&one.due), DATE - 1), Meaning::Faint),
        ])
    }
}

/// The chosen one: what is to change, and how it stands.
fn in_full(canvas: &mut Canvas<'_>, area: Rect, app: &App, view: &ImprovementsView) {
    let one = app.chosen_improvement(view);
    let title = one.map_or_else(Shown::default, |one| shown!(" {} ", one.id));
    let title = Line::from(canvas.span(text::cut(&title, usize::from(area.width / 2)), Meaning::Strong));
    let inside = canvas.frame(area, title, false).inner(Margin::new(1, 0));
    let Some(one) = one else { return };
    let mut lines = text::paragraph(&one.what, inside.width, canvas.style(Meaning::Plain));
    let stands = text::paragraph(report::stands(one, view.today), inside.width, canvas.style(Meaning::Faint));
    lines.truncate(usize::from(inside.height).saturating_sub(stands.len()).max(1));
    lines.extend(stands);
    canvas.lines(inside, &lines, 0);
}
