//! The history: drills over time by team and scenario, how their figures went, and what was drilled of ATT&CK.

mod beside;

use ratatui::layout::{Constraint, Layout, Rect};

use super::listing::{self, Table};
use super::{marker, verify};
use crate::tui::app::{App, DrillRow, Filtered, Half};
use crate::tui::canvas::{Canvas, Hit, Line, Span};
use crate::tui::keymap::{Do, Move};
use crate::tui::scene::{HistoryView, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::debrief::outcome::Containment;
use firedrill_core::projection::history::{Group, MEASURES, Measure, Outline};
use firedrill_core::projection::wording;
use firedrill_model::{Shown, shown};

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, scene: &Scene<'_>, view: &HistoryView) {
    let all: usize = view.history.groups.iter().map(|group| group.drills.len()).sum();
    let mut right = wording::count(all, "drill", "drills");
    if !view.unreadable.is_empty() {
        right.push(shown!(", {} more can't be read", view.unreadable.len()));
    }
    if view.unread > 0 {
        right.push(shown!(", {} still being read", view.unread));
    }
    let body = listing::edges(canvas, app, scene, ("History", &right), &view.notices);
    let drills = app.drill_rows(view);
    match (body.width, body.height) {
        (160.., 26..) => {
            let [left, right] =
                Layout::horizontal([Constraint::Percentage(62), Constraint::Percentage(38)]).areas(body);
            let [upper, lower] = Layout::vertical([Constraint::Length(16), Constraint::Min(0)]).areas(right);
            self::drills(canvas, left, app, view, &drills);
            beside::chosen(canvas, upper, app, view, &drills);
            beside::techniques(canvas, lower, app, view, drills.len());
        }
        (110.., 26..) => {
            let [upper, lower] = Layout::vertical([Constraint::Percentage(55), Constraint::Percentage(45)]).areas(body);
            let [left, right] =
                Layout::horizontal([Constraint::Percentage(45), Constraint::Percentage(55)]).areas(lower);
            self::drills(canvas, upper, app, view, &drills);
            beside::chosen(canvas, left, app, view, &drills);
            beside::techniques(canvas, right, app, view, drills.len());
        }
        _ => {
            let below = if body.height < 16 { 0 } else { 8 };
            let [tabs, upper, lower] =
                Layout::vertical([Constraint::Length(1), Constraint::Min(0), Constraint::Length(below)]).areas(body);
            self::tabs(canvas, tabs, app, view);
            match app.lists.half {
                Half::Drills => self::drills(canvas, upper, app, view, &drills),
                Half::Techniques => beside::techniques(canvas, upper, app, view, drills.len()),
            }
            if below > 0 {
                beside::chosen(canvas, lower, app, view, &drills);
            }
        }
    }
}

/// The two lists by name, the one that is shown in brackets.
fn tabs(canvas: &mut Canvas<'_>, area: Rect, app: &App, view: &HistoryView) {
    let techniques = &view.history.techniques;
    let overdue = techniques.iter().filter(|row| row.overdue).count();
    let names = [
        (Half::Drills, Shown::from("Drills")),
        (Half::Techniques, shown!("Techniques: {}, {} overdue", techniques.len(), overdue)),
    ];
    let spans: Vec<Span> = names
        .into_iter()
        .map(|(half, name)| {
            if app.lists.half == half {
                canvas.span(shown!(" [{}]", name), Meaning::Strong)
            } else {
                canvas.span(shown!("  {} ", name), Meaning::Faint)
            }
        })
        .collect();
    canvas.line(area, &Line::from(spans));
    canvas.hit(area, Hit::Act(Do::Move(Move::NextPane)));
}

/// What stands in a line of the list.
enum Place<'a> {
    Gap,
    Group(&'a Group),
    Unreadable,
    Drill(usize, DrillRow<'a>),
}

/// The drills with a heading for each team and scenario.
fn places<'a>(rows: &[DrillRow<'a>]) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    let mut before: Option<Option<&Group>> = None;
    for (at, row) in rows.iter().enumerate() {
        let group = if let DrillRow::Told(group, _) = row { Some(*group) } else { None };
        let same = match (before, group) {
            (Some(Some(before)), Some(group)) => {
                (&before.team, &before.scenario, &before.content) == (&group.team, &group.scenario, &group.content)
            }
            (Some(None), None) => true,
            _ => false,
        };
        if !same {
            if before.is_some() {
                places.push(Place::Gap);
            }
            places.push(group.map_or(Place::Unreadable, Place::Group));
        }
        before = Some(group);
        places.push(Place::Drill(at, *row));
    }
    places
}

fn drills(canvas: &mut Canvas<'_>, area: Rect, app: &App, view: &HistoryView, rows: &[DrillRow<'_>]) {
    let places = places(rows);
    let chosen = app.history_row(Half::Drills, rows.len());
    let at = places.iter().position(|place| matches!(place, Place::Drill(at, _) if *at == chosen)).unwrap_or(0);
    let nothing = view.history.groups.is_empty() && view.unreadable.is_empty();
    let columns = Columns::of(area.width.saturating_sub(4));
    let focused = app.lists.half == Half::Drills;
    let table = Table {
        title: Line::from(canvas.span(" Drills ", if focused { Meaning::Focus } else { Meaning::Strong })),
        focused,
        head: columns.head(),
        filter: (&app.lists.history_filter, Filtered::History),
        found: rows.len(),
        empty: if nothing {
            "No drill yet. The first one begins in the lobby; it will stand here, and every later one beside it."
        } else {
            "No drill matches. Words must all be in its name, scenario, team, result or techniques."
        },
    };
    listing::table(canvas, area, app, table, (places.len(), at), |canvas, at, _| match places.get(at) {
        None | Some(Place::Gap) => (Line::default(), None),
        Some(Place::Unreadable) => (Line::from(canvas.span("Can't be read", Meaning::Caution)), None),
        Some(Place::Group(group)) => (heading(canvas, group), None),
        Some(Place::Drill(index, DrillRow::Unreadable(id, why))) => {
            let name = shown!("{}! {}: ", marker(*index == chosen), id);
            (Line::from(vec![canvas.span(name, Meaning::Caution), canvas.span(*why, Meaning::Plain)]), Some(*index))
        }
        Some(Place::Drill(index, DrillRow::Told(_, drill))) => {
            let damaged = view.troubled.contains_key(&drill.drill);
            (columns.line(canvas, drill, *index == chosen, damaged), Some(*index))
        }
    });
}

fn heading(canvas: &Canvas<'_>, group: &Group) -> Line {
    let team = group.team.as_ref().map_or_else(Shown::default, |team| shown!(" · {}", team));
    let content = group.content.as_ref().map_or_else(Shown::default, |sum| shown!(" · content {}", sum));
    let number = wording::count(group.drills.len(), "drill", "drills");
    Line::from(vec![
        canvas.span(Shown::from(&group.scenario), Meaning::Strong),
        canvas.span(shown!("  {}{}{} ({})", group.title, content, team, number), Meaning::Faint),
    ])
}

/// How wide the columns are.
struct Columns {
    name: usize,
    clock: usize,
    roomy: bool,
}

impl Columns {
    fn of(width: u16) -> Self {
        let width = usize::from(width);
        let roomy = width >= 96;
        let clock = if roomy { 9 } else { 6 };
        let taken = 2 + MEASURES.len() * clock + if roomy { 16 + 11 + 12 } else { 15 + 4 };
        Self { name: width.saturating_sub(taken).clamp(8, 34), clock, roomy }
    }

    /// The cells of the five durations.
    fn clocks(&self, cell: impl Fn(&'static str) -> Shown) -> Shown {
        let width = self.clock;
        MEASURES.iter().fold(Shown::default(), |line, (short, _)| shown!("{}{:>width$}", line, cell(short)))
    }

    fn head(&self) -> Shown {
        let clocks = self.clocks(Shown::from);
        let (hypothesis, confidence) =
            if self.roomy { ("  Hypothesis    ", "  Incident   Confidence") } else { (" Hypothesis    ", "Conf") };
        shown!("  {}{}{}{}", text::pad("Drill", self.name), clocks, hypothesis, confidence)
    }

    fn line(&self, canvas: &Canvas<'_>, drill: &Outline, chosen: bool, damaged: bool) -> Line {
        let name = if damaged { shown!("! {}", drill.drill) } else { Shown::from(&drill.drill) };
        let look = if damaged { Meaning::Caution } else { Meaning::Plain };
        let clocks = self.clocks(|short| self.clock(drill.measure(short)));
        let (sign, meaning) = if drill.is_over() { verify::sign(drill.verdict) } else { ("▶", Meaning::Caution) };
        let adversary = drill.adversary();
        // Where there is no room for a column, the one thing that a verdict must not hide stands behind it.
        let at_work = if !self.roomy && drill.containment == Some(Containment::AtWork) { " !" } else { "" };
        let verdict = shown!("{} {}{}", sign, drill.result(), at_work);
        let range = drill.confidence_range().unwrap_or_else(|| Shown::from("-"));
        let (gap, confidence) = match (self.roomy, drill.confidence.len()) {
            (false, _) => (" ", shown!("{:>4}", range)),
            (true, 0) => ("  ", shown!("  {:<9}  {}", adversary, range)),
            (true, number) => ("  ", shown!("  {:<9}  {} ({})", adversary, range, number)),
        };
        Line::from(vec![
            canvas.span(marker(chosen), Meaning::Plain),
            canvas.span(text::pad(&name, self.name), look),
            canvas.span(clocks, Meaning::Plain),
            canvas.span(shown!("{}{}", gap, text::pad(&verdict, 14)), meaning),
            canvas.span(confidence, Meaning::Faint),
        ])
    }

    /// A duration; where there is little room, hours without seconds.
    fn clock(&self, measure: Option<&Measure>) -> Shown {
        match measure.and_then(|one| one.seconds) {
            None => measure.and_then(Measure::words).unwrap_or_else(|| Shown::from("-")),
            Some(seconds) if seconds >= 3600.0 && !self.roomy => {
                let whole = verify::clock(seconds);
                let short = whole
                    .rebuilt(0, |whole, _| whole.rsplit_once(':').map_or(whole, |(short, _)| short).replace(':', "h"));
                shown!("{}m", short)
            }
            Some(_) => measure.and_then(Measure::words).unwrap_or_default(),
        }
    }
}
