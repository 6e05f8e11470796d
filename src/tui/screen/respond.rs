//! A response: which, at what, what it does, a guess, why.

use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, dialogue, marker, services, short, signals};
use crate::tui::app::{Respond, Stage};
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::keymap::{Do, InDialogue};
use crate::tui::theme::Meaning;
use crate::tui::widget::{list, text};
use firedrill_core::projection::wording;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::Action;
use firedrill_model::{Guess, Joined, SafeText, Shown, shown};

/// Rows that the question and its four answers need.
const LEAST_GUESS: u16 = 6;

/// Draws the dialogue over everything but the edges.
pub(super) fn draw(canvas: &mut Canvas<'_>, look: Look<'_>, respond: &Respond) {
    let area = canvas.area();
    let within = Rect { y: 2, height: area.height.saturating_sub(4), ..area };
    let title = match respond.stage {
        Stage::Which => "Response",
        Stage::Target => "Response: at what?",
        Stage::Guess => "Response: what do you expect?",
        Stage::Why => "Response: ready",
    };
    let inside = canvas.popup(within, 132, within.height, title);
    let wide = inside.width >= 96;
    if wide {
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(44), Constraint::Percentage(56)]).spacing(3).areas(inside);
        actions(canvas, left, look, respond);
        stages(canvas, right, look, respond);
    } else if respond.stage == Stage::Which {
        let [upper, lower] = Layout::vertical([Constraint::Min(0), Constraint::Length(6)]).spacing(1).areas(inside);
        actions(canvas, upper, look, respond);
        stages(canvas, lower, look, respond);
    } else {
        stages(canvas, inside, look, respond);
    }
}

/// The responses under their headings.
fn actions(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, respond: &Respond) {
    let here = respond.stage == Stage::Which;
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).spacing(1).areas(area);
    if here {
        dialogue::input(canvas, head, "filter ", &respond.filter);
    } else {
        canvas.line(head, &Line::from(canvas.span(shown!("filter {}", respond.filter.shown()), Meaning::Faint)));
    }
    let found = respond.actions(look.view());
    if found.is_empty() {
        canvas.line(body, &Line::from(canvas.span("No response has all these words.", Meaning::Faint)));
        return;
    }
    let chosen = respond.action(look.view()).map(|action| action.id.clone());
    let rows = headed(respond, &found);
    let at = rows.iter().position(|row| matches!(row, Row::Action(_, action) if Some(&action.id) == chosen.as_ref()));
    let shown = list::window(rows.len(), at.unwrap_or(0), usize::from(body.height));
    canvas.scrollbar(body, rows.len(), shown.start);
    for (place, row) in body.rows().zip(rows.get(shown).unwrap_or_default()) {
        match row {
            Row::Heading(words) => canvas.line(place, &Line::from(canvas.span(*words, Meaning::Faint))),
            Row::Gap => {}
            Row::Action(index, action) => {
                let is_chosen = Some(&action.id) == chosen.as_ref();
                let line = Line::from(vec![
                    canvas.span(marker(is_chosen), Meaning::Plain),
                    canvas.span(Shown::from(&action.title), Meaning::Plain),
                ]);
                super::row(canvas, place, &line, is_chosen, here);
                if here {
                    canvas.hit(place, Hit::Row(*index));
                }
            }
        }
    }
}

enum Row<'a> {
    Heading(&'static str),
    Gap,
    Action(usize, &'a Action),
}

fn headed<'a>(respond: &Respond, found: &[&'a Action]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut heading = "";
    for (index, action) in found.iter().enumerate() {
        let suggested = respond.suggested.contains(&action.id);
        let of = if suggested { "COMPLETES THE STEP" } else { action.category.label() };
        if of != heading {
            if !rows.is_empty() {
                rows.push(Row::Gap);
            }
            rows.push(Row::Heading(of));
            heading = of;
        }
        rows.push(Row::Action(index, action));
    }
    rows
}

/// What it does, and what is asked at this stage.
fn stages(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, respond: &Respond) {
    let Some(action) = respond.action(look.view()) else { return };
    let target = respond.target(look.view());
    let about = about(canvas, look, action, target.as_ref(), area.width);
    let rows = u16::try_from(about.len()).unwrap_or(u16::MAX);
    let least = match respond.stage {
        Stage::Which => 0,
        Stage::Target | Stage::Why => 7,
        Stage::Guess => 9 + u16::try_from(limited(look)).unwrap_or(0),
    };
    let top = rows.min(area.height.saturating_sub(least));
    let [upper, lower] = Layout::vertical([Constraint::Length(top), Constraint::Min(0)]).spacing(1).areas(area);
    canvas.lines(upper, &about, 0);
    match respond.stage {
        Stage::Which => {}
        Stage::Target => targets(canvas, lower, look, respond),
        Stage::Guess => {
            // What is asked about is seen while it is asked: the dialogue lies over the signals.
            let shown = signals::with_limits(canvas, look, lower.width);
            let rows = u16::try_from(shown.len()).unwrap_or(u16::MAX).min(lower.height.saturating_sub(LEAST_GUESS));
            let [now, asked] = Layout::vertical([Constraint::Length(rows), Constraint::Min(0)]).areas(lower);
            canvas.lines(now, &shown, 0);
            guesses(canvas, asked, respond);
        }
        Stage::Why => why(canvas, lower, look, respond, action, target.as_ref()),
    }
}

/// How many signals have a limit.
fn limited(look: Look<'_>) -> usize {
    look.view().scenario.signals.iter().filter(|signal| signal.limit.is_some()).count()
}

fn about(canvas: &Canvas<'_>, look: Look<'_>, action: &Action, target: Option<&TargetId>, width: u16) -> Vec<Line> {
    let mut lines = text::paragraph(&action.title, width, canvas.style(Meaning::Strong));
    lines.extend(text::paragraph(&action.detail, width, canvas.style(Meaning::Plain)));
    let takes = shown!("Takes about {}.", action.takes.typical);
    lines.extend(text::paragraph(&takes, width, canvas.style(Meaning::Faint)));
    if let Some(step) = step_of(look, action) {
        lines.extend(text::paragraph(&step, width, canvas.style(Meaning::Faint)));
    }
    if let Some(aws) = &action.aws {
        lines.push(Line::default());
        lines.push(Line::from(canvas.span("On a real account one would type", Meaning::Faint)));
        let filled = match target {
            Some(target) => SafeText::one_line(&aws.as_str().replace("$TARGET", target.as_str())),
            None => SafeText::one_line(aws.as_str()),
        };
        lines.extend(text::paragraph(filled, width, canvas.style(Meaning::Figure)));
    }
    lines
}

/// Which step of the playbook it completes.
fn step_of(look: Look<'_>, action: &Action) -> Option<Shown> {
    let steps = look.view().scenario.playbook.steps.iter().enumerate();
    let found = steps.filter(|(_, step)| step.done_when.action_done.iter().any(|aimed| aimed.act == action.id));
    let names: Vec<Shown> = found.map(|(at, step)| shown!("{} {}", at + 1, step.title)).collect();
    (!names.is_empty()).then(|| shown!("Playbook: {}.", names.joined(", ")))
}

fn targets(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, respond: &Respond) {
    let all = respond.targets(look.view());
    let chosen = respond.target(look.view());
    canvas.line(area, &Line::from(canvas.span("At what?", Meaning::Strong)));
    let body = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
    let at = all.iter().position(|id| Some(id) == chosen.as_ref()).unwrap_or(0);
    let shown = list::window(all.len(), at, usize::from(body.height));
    for (place, index) in body.rows().zip(shown) {
        let Some(id) = all.get(index) else { continue };
        let is_chosen = Some(id) == chosen.as_ref();
        let line = Line::from(vec![
            canvas.span(marker(is_chosen), Meaning::Plain),
            canvas.span(text::pad(id, 24), Meaning::Plain),
            canvas.span(what(look, id), Meaning::Faint),
        ]);
        super::row(canvas, place, &line, is_chosen, true);
        canvas.hit(place, Hit::Row(index));
    }
}

/// What a target is, in a few words.
fn what(look: Look<'_>, id: &TargetId) -> Shown {
    let view = look.view();
    let finding = view.board.findings.iter().any(|row| row.finding.resource == *id);
    let named = if finding { ", named in a finding" } else { "" };
    let title = |service: &firedrill_model::id::ServiceId| {
        view.scenario.services.iter().find(|of| of.id == *service).map_or(Shown::default(), |of| Shown::from(&of.title))
    };
    if let Some(instance) = view.board.instances.get(id) {
        return shown!(
            "{} in {}, {}{}",
            title(&instance.service),
            instance.zone,
            services::state(instance.state).1,
            named
        );
    }
    if let Some(resource) = view.scenario.resources.iter().find(|resource| resource.id == *id) {
        let out = if view.board.resources_out.contains_key(id) || view.board.roles_out.contains(id) {
            ", its users are out"
        } else {
            ""
        };
        return shown!("{}: {}{}{}", wording::resource_kind(resource.kind), resource.title, out, named);
    }
    if let Some(service) = view.scenario.services.iter().find(|service| service.group.id == *id) {
        return shown!("group of {}", service.title);
    }
    let channel = view.scenario.channels.iter().find(|channel| channel.id.as_str() == id.as_str());
    channel.map_or_else(|| view.target_title(id), |channel| Shown::from(&channel.title))
}

fn guesses(canvas: &mut Canvas<'_>, area: Rect, respond: &Respond) {
    let head = text::paragraph("After this, what will these signals do?", area.width, canvas.style(Meaning::Strong));
    canvas.lines(area, &head, 0);
    let used = u16::try_from(head.len()).unwrap_or(0);
    let body = Rect { y: area.y.saturating_add(used), height: area.height.saturating_sub(used), ..area };
    let mut rows = body.rows();
    for ((index, guess), place) in Guess::ALL.iter().enumerate().zip(rows.by_ref()) {
        let is_chosen = respond.guess_row == Some(index);
        let line = Line::from(vec![
            canvas.span(marker(is_chosen), Meaning::Plain),
            canvas.span(shown!("{} ", index + 1), Meaning::Key),
            canvas.span(long(*guess), Meaning::Plain),
        ]);
        super::row(canvas, place, &line, is_chosen, true);
        let number = u8::try_from(index + 1).unwrap_or(1);
        canvas.hit(place, Hit::Act(Do::Dialogue(InDialogue::Choose(number))));
    }
    rows.next();
    let note = "One key. Your guess is held against what happens, in the debrief only.";
    for (place, line) in rows.zip(text::paragraph(note, area.width, canvas.style(Meaning::Faint))) {
        canvas.line(place, &line);
    }
}

fn long(guess: Guess) -> &'static str {
    match guess {
        Guess::Stays => "all stay within their limits",
        Guess::Brief => "one or more leave them, for less than 5 minutes",
        Guess::Long => "one or more leave them, for 5 minutes or longer",
        Guess::NoIdea => "no idea, which is worth as much",
    }
}

fn why(
    canvas: &mut Canvas<'_>,
    area: Rect,
    look: Look<'_>,
    respond: &Respond,
    action: &Action,
    target: Option<&TargetId>,
) {
    let mut rows = area.rows();
    let mut put = |canvas: &mut Canvas<'_>, line: Line| {
        if let Some(place) = rows.next() {
            canvas.line(place, &line);
        }
    };
    if let Some(target) = target {
        let words = shown!("{}  {}", target, what(look, target));
        put(canvas, super::pair(canvas, "At", 10, &words, Meaning::Strong));
    }
    if respond.asks_guess(look.view()) {
        let words = respond.guess.map_or("no guess", short);
        put(canvas, super::pair(canvas, "Guess", 10, words, Meaning::Strong));
    }
    put(canvas, Line::default());
    put(canvas, Line::from(canvas.span("Why? May stay empty; goes into the record.", Meaning::Faint)));
    if let Some(place) = rows.next() {
        dialogue::input(canvas, place, "> ", &respond.why);
    }
    if let Some(place) = rows.next() {
        let (words, full) = respond.why.bound().unwrap_or_default();
        let meaning = if full { Meaning::Caution } else { Meaning::Faint };
        canvas.line(place, &Line::from(canvas.span(words, meaning)));
    }
    if let Some(place) = rows.next() {
        let line = Line::from(vec![
            canvas.span("[Enter] ", Meaning::Key),
            canvas.span(shown!("do it: {}", action.title), Meaning::Strong),
        ]);
        canvas.line(place, &line);
        canvas.hit(place, Hit::Act(Do::Dialogue(InDialogue::Accept)));
    }
}
