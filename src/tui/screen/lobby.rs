//! The lobby: what this is, scenarios to start, drills to take up again.

use ratatui::layout::{Constraint, Layout, Margin, Rect};

use super::{edges, marker, row};
use crate::tui::app::App;
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::keymap::{Do, Open};
use crate::tui::scene::{DrillCard, LobbyView, ScenarioCard, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widget::{list, text};
use firedrill_model::phase::Phase;
use firedrill_model::{SafeText, Shown, shown};

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, scene: &Scene<'_>, lobby: &LobbyView) {
    let area = canvas.area();
    let roomy = u16::from(area.height >= 24);
    let [head, intro, body, keys, message] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(2 + roomy),
        Constraint::Min(0),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    let version = concat!(" ", env!("CARGO_PKG_VERSION"));
    let name = vec![canvas.span(" Firedrill", Meaning::Focus), canvas.span(version, Meaning::Faint)];
    edges::title(canvas, head, scene, name, "no account, no network needed");
    let what = if area.width < 80 {
        " Break something on purpose, respond, learn."
    } else {
        " Rehearse security incidents: break something on purpose, respond, learn."
    };
    let words = [(what, Meaning::Strong), (" All of it is simulated; nothing touches a real system.", Meaning::Plain)];
    for (place, (words, meaning)) in intro.rows().skip(usize::from(roomy)).zip(words) {
        canvas.line(place, &Line::from(canvas.span(words, meaning)));
    }
    let body = Rect { y: body.y + roomy, height: body.height.saturating_sub(roomy), ..body };
    if area.width >= 100 {
        let [left, right] = Layout::horizontal([Constraint::Percentage(56), Constraint::Percentage(44)]).areas(body);
        cards(canvas, left, app, lobby);
        about(canvas, right, app, lobby);
    } else {
        let [upper, lower] =
            Layout::vertical([Constraint::Min(0), Constraint::Length((body.height / 2).min(9).saturating_sub(1))])
                .areas(body);
        cards(canvas, upper, app, lobby);
        about(canvas, lower, app, lobby);
    }
    edges::keys(canvas, keys, app, scene);
    edges::message(canvas, message, app, scene);
}

/// What stands in a row of the list.
enum Row<'a> {
    Heading(&'static str),
    Gap,
    Scenario(usize, &'a ScenarioCard),
    Drill(usize, &'a DrillCard),
    Notice(&'a SafeText),
}

fn rows(lobby: &LobbyView) -> Vec<Row<'_>> {
    let mut rows = vec![Row::Heading("START A DRILL")];
    rows.extend(lobby.scenarios.iter().enumerate().map(|(at, card)| Row::Scenario(at, card)));
    if !lobby.drills.is_empty() {
        rows.extend([Row::Gap, Row::Heading("YOUR DRILLS")]);
        let from = lobby.scenarios.len();
        rows.extend(lobby.drills.iter().enumerate().map(|(at, card)| Row::Drill(from + at, card)));
    }
    if !lobby.notices.is_empty() {
        rows.push(Row::Gap);
        rows.extend(lobby.notices.iter().map(Row::Notice));
    }
    rows
}

fn cards(canvas: &mut Canvas<'_>, area: Rect, app: &App, lobby: &LobbyView) {
    let title = Line::from(canvas.span(" Choose ", Meaning::Focus));
    let inside = canvas.frame(area, title, app.popup.is_none()).inner(Margin::new(1, 0));
    let all = rows(lobby);
    let chosen = app.chosen.lobby;
    let at = all.iter().position(|row| index(row) == Some(chosen)).unwrap_or(0);
    let shown = list::window(all.len(), at, usize::from(inside.height));
    canvas.scrollbar(inside, all.len(), shown.start);
    for (place, card) in inside.rows().zip(all.get(shown).unwrap_or_default()) {
        let is_chosen = index(card) == Some(chosen);
        let line = line(canvas, card, is_chosen, place.width);
        row(canvas, place, &line, is_chosen, app.popup.is_none());
        if let Some(index) = index(card) {
            canvas.hit(place, Hit::Row(index));
        }
    }
}

fn index(row: &Row<'_>) -> Option<usize> {
    match row {
        Row::Scenario(at, _) | Row::Drill(at, _) => Some(*at),
        _ => None,
    }
}

fn line(canvas: &Canvas<'_>, row: &Row<'_>, chosen: bool, width: u16) -> Line {
    let width = usize::from(width);
    match row {
        Row::Heading(words) => Line::from(canvas.span(*words, Meaning::Faint)),
        Row::Gap => Line::default(),
        Row::Notice(words) => Line::from(canvas.span(shown!("! {}", words), Meaning::Caution)),
        Row::Scenario(_, card) => {
            let own = match (card.own.is_some(), card.hides_built_in) {
                (false, _) => "",
                (true, false) => "own",
                (true, true) => "own*",
            };
            let title = text::pad(&card.title, width.saturating_sub(13));
            let right = match card.mistakes {
                Some(_) => canvas.span(shown!("{:>4} {:>5} ", own, "!"), Meaning::Caution),
                None => canvas.span(shown!("{:>4} {:>5} ", own, card.length), Meaning::Faint),
            };
            Line::from(vec![canvas.span(marker(chosen), Meaning::Plain), canvas.span(title, Meaning::Strong), right])
        }
        Row::Drill(_, card) => {
            let (state, meaning) = match (&card.problem, card.phase) {
                (Some(_), _) => ("damaged".into(), Meaning::Caution),
                (None, Phase::Closed) => ("closed".into(), Meaning::Faint),
                (None, phase) => (shown!("in {}", phase.label()), Meaning::Good),
            };
            let name = width.saturating_sub(20).min(24);
            Line::from(vec![
                canvas.span(marker(chosen), Meaning::Plain),
                canvas.span(text::pad(&card.id, name), Meaning::Plain),
                canvas.span(shown!(" {}", text::pad(&state, 16)), meaning),
                canvas.span(Shown::from(&card.title), Meaning::Faint),
            ])
        }
    }
}

fn about(canvas: &mut Canvas<'_>, area: Rect, app: &App, lobby: &LobbyView) {
    let chosen = app.chosen.lobby;
    let scenario = lobby.scenarios.get(chosen);
    let drill = chosen.checked_sub(lobby.scenarios.len()).and_then(|at| lobby.drills.get(at));
    let title = if scenario.is_some() { " The scenario " } else { " The drill " };
    let title = Line::from(canvas.span(title, Meaning::Strong));
    let inside = canvas.frame(area, title, false).inner(Margin::new(1, 0));
    let mut lines = Vec::new();
    match (scenario, drill) {
        (Some(card), _) => of_scenario(canvas, &mut lines, card, inside.width),
        (None, Some(card)) => of_drill(canvas, &mut lines, card, inside.width),
        (None, None) => lines.push(Line::from(canvas.span("There is nothing to choose.", Meaning::Faint))),
    }
    lines.push(Line::default());
    let folder = canvas.span("Drills are kept in ", Meaning::Faint);
    if !lobby.folder.is_blank() {
        lines.extend(text::labelled(folder, &lobby.folder, inside.width, canvas.style(Meaning::Faint)));
    }
    canvas.lines(inside, &lines, 0);
    canvas.hit(inside, Hit::Act(Do::Open(Open::Selected)));
}

fn labelled(canvas: &Canvas<'_>, lines: &mut Vec<Line>, label: impl Into<Shown>, value: impl Into<Shown>, width: u16) {
    let head = canvas.span(text::pad(label, 12), Meaning::Faint);
    lines.extend(text::labelled(head, value, width, canvas.style(Meaning::Plain)));
}

fn of_scenario(canvas: &Canvas<'_>, lines: &mut Vec<Line>, card: &ScenarioCard, width: u16) {
    lines.extend(text::paragraph(&card.title, width, canvas.style(Meaning::Strong)));
    hides(canvas, lines, card, width);
    lines.push(Line::default());
    if let Some(mistakes) = &card.mistakes {
        let path = card.own.as_ref().unwrap_or(&card.name);
        lines.extend(text::paragraph(&shown!("It has {}", mistakes), width, canvas.style(Meaning::Caution)));
        lines.push(Line::default());
        labelled(canvas, lines, "See them", &shown!("firedrill check {}", path), width);
        return;
    }
    let flowing = Shown::from(&card.summary).one_line();
    lines.extend(text::paragraph(&flowing, width, canvas.style(Meaning::Plain)));
    lines.push(Line::default());
    labelled(canvas, lines, "Length", &shown!("{} at most, on the drill's clock", card.length), width);
    labelled(canvas, lines, "Difficulty", &shown!("{} of 5", card.difficulty), width);
    labelled(canvas, lines, "You", "a responder; the program plays the rest", width);
    if let Some(path) = &card.own {
        labelled(canvas, lines, "File", path, width);
    }
    lines.push(Line::default());
    lines.push(Line::from(vec![canvas.span("[Enter]", Meaning::Key), canvas.span(" starts it", Meaning::Plain)]));
}

/// That an own scenario has the name of a built-in one, and what that means.
fn hides(canvas: &Canvas<'_>, lines: &mut Vec<Line>, card: &ScenarioCard, width: u16) {
    if card.hides_built_in {
        let said = shown!("`firedrill run {}` runs this one, instead of the built-in one of this name.", card.name);
        let head = canvas.span("own* ", Meaning::Caution);
        lines.extend(text::labelled(head, said, width, canvas.style(Meaning::Caution)));
    }
}

fn of_drill(canvas: &Canvas<'_>, lines: &mut Vec<Line>, card: &DrillCard, width: u16) {
    lines.extend(text::paragraph(&card.id, width, canvas.style(Meaning::Strong)));
    lines.push(Line::default());
    labelled(canvas, lines, "Scenario", &card.title, width);
    labelled(canvas, lines, "Began", &card.began, width);
    labelled(canvas, lines, "Phase", card.phase.label(), width);
    labelled(canvas, lines, "Clock", card.reached.clock(), width);
    if let Some(problem) = &card.problem {
        lines.push(Line::default());
        lines.extend(text::paragraph(problem, width, canvas.style(Meaning::Caution)));
    }
    if let Some(who) = &card.open_elsewhere {
        lines.push(Line::default());
        let said = shown!("It is open elsewhere: {} records it now.", who);
        lines.extend(text::paragraph(&said, width, canvas.style(Meaning::Caution)));
    }
    let does = if card.phase == Phase::Closed || card.problem.is_some() || card.open_elsewhere.is_some() {
        " opens its debrief"
    } else {
        " takes it up where it is"
    };
    lines.push(Line::default());
    lines.push(Line::from(vec![canvas.span("[Enter]", Meaning::Key), canvas.span(does, Meaning::Plain)]));
}
