//! Texts that are being written, each with what it is for.

use ratatui::layout::Rect;

use super::dialogue::{input, within};
use super::marker;
use crate::tui::app::{Editor, Improvement, Purpose};
use crate::tui::canvas::{Canvas, Hit, Line, width};
use crate::tui::scene::{DrillScene, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widget::field::Field;
use crate::tui::widget::text;
use firedrill_core::projection::history::MEASURES;
use firedrill_model::id::StepId;
use firedrill_model::{Joined, SafeText, Shown, shown};

/// What a text is for: a title and a hint.
type Heading = (Shown, Shown);

/// Draws the box in which a text is written.
pub(super) fn draw(canvas: &mut Canvas<'_>, editor: &Editor, scene: &Scene<'_>) {
    let (title, hint) = match scene {
        Scene::Drill(drill) => of_drill(&editor.purpose, drill),
        _ => of_list(&editor.purpose, scene),
    };
    let inside = canvas.popup(within(canvas), 80, 14, &title);
    let hints = text::paragraph(&hint, inside.width, canvas.style(Meaning::Faint));
    let used = u16::try_from(hints.len()).unwrap_or(u16::MAX).saturating_add(1);
    canvas.lines(inside, &hints, 0);
    let body = Rect { y: inside.y.saturating_add(used), height: inside.height.saturating_sub(used), ..inside };
    let body = bound(canvas, body, &editor.field);
    let (rows, (row, column)) = editor.field.layout(body.width);
    let top = row.saturating_sub(body.height.saturating_sub(1));
    let lines: Vec<Line> = rows.into_iter().map(|row| Line::from(canvas.span(row, Meaning::Plain))).collect();
    canvas.lines(body, &lines, usize::from(top));
    if !body.is_empty() {
        canvas.found.cursor = Some((body.x + column.min(body.width - 1), body.y + (row - top)).into());
    }
}

fn of_drill(purpose: &Purpose, drill: &DrillScene<'_>) -> Heading {
    let step_title = |id: &StepId| {
        let steps = &drill.view.scenario.playbook.steps;
        steps.iter().find(|step| step.id == *id).map_or_else(Shown::default, |step| Shown::from(&step.title))
    };
    let heading = |title: &'static str, hint: &'static str| (Shown::from(title), Shown::from(hint));
    match purpose {
        Purpose::Moment => {
            heading("Go to a moment", "Counted from the fault, as everywhere: T+12:30; before it T-5:00.")
        }
        Purpose::Find => heading("Search the timeline", "Words of a line, from here on and then from the start."),
        Purpose::Note => heading("Note", "What was decided, what is odd, what to come back to."),
        Purpose::Later(at) => (
            shown!("Note on {}", drill.zero().t(*at)),
            "What is seen now that wasn't seen then? It is added at the end of the record; nothing of what was is changed.".into(),
        ),
        Purpose::Skip(step) => (
            shown!("Leave out: {}", text::cut(step_title(step), 40)),
            "Why? May stay empty. Leaving a step out is a choice like any other.".into(),
        ),
        Purpose::Words(step) => {
            (shown!("About: {}", text::cut(step_title(step), 40)), "A line beside your three answers.".into())
        }
        Purpose::Observation(objective) => {
            let objectives = drill.debrief.map(|debrief| debrief.objectives.as_slice()).unwrap_or_default();
            let row = objectives.iter().find(|row| row.id == objective.as_str());
            let title = row.map_or_else(|| objective.into(), |row| Shown::from(&row.title));
            (
                shown!("Observed: {}", text::cut(title, 60)),
                "What was observed? It is said of the objective, never of a person.".into(),
            )
        }
        Purpose::Evidence(_) => heading(
            "Mark as evidence",
            "What does the record show? May stay empty. It is told in the debrief beside the record.",
        ),
        Purpose::Review(number) => {
            let questions = drill.debrief.map(|debrief| debrief.questions.as_slice()).unwrap_or_default();
            let question = questions.iter().find(|question| question.number == *number);
            (
                shown!("Question {} of {}", number, questions.len()),
                question.map_or(Shown::default(), |q| q.question.into()),
            )
        }
        Purpose::Owner(_) | Purpose::Due(_) | Purpose::Measure(_) | Purpose::How(_) => Heading::default(),
    }
}

fn of_list(purpose: &Purpose, scene: &Scene<'_>) -> Heading {
    let all = if let Scene::Improvements(view) = scene { view.improvements.as_slice() } else { &[] };
    let (Purpose::Owner(which) | Purpose::Due(which) | Purpose::Measure(which) | Purpose::How(which)) = purpose else {
        return Heading::default();
    };
    let one = all.iter().find(|one| one.which == *which);
    let now = |value: Option<&SafeText>| value.map_or_else(Shown::default, |value| shown!(" It is now: {}.", value));
    let (what, hint) = match purpose {
        Purpose::Owner(_) => {
            ("Who sees to it", shown!("A person, a role or a team.{}", now(one.and_then(|one| one.owner.as_ref()))))
        }
        Purpose::Due(_) => {
            ("Until when", shown!("For example 2026-12-05.{}", now(one.and_then(|one| one.due.as_ref()))))
        }
        Purpose::Measure(_) => {
            let all: Vec<Shown> = MEASURES.iter().map(|(short, long)| shown!("{} ({})", short, long)).collect();
            ("To be seen by", shown!("{}. The debrief of the next drill shows that one.", all.joined(", ")))
        }
        _ => ("Close", Shown::from("How? What was changed, or why it was given up.")),
    };
    (shown!("{}: {}", what, one.map_or_else(Shown::default, |one| Shown::from(&one.id))), hint)
}

/// Says in the last row of `area` how near a text is to its bound, once it is near. Returns what is left of the area.
pub(super) fn bound(canvas: &mut Canvas<'_>, area: Rect, field: &Field) -> Rect {
    let Some((words, full)) = field.bound() else { return area };
    if area.height < 2 {
        return area;
    }
    let last = Rect { y: area.bottom() - 1, height: 1, ..area };
    let meaning = if full { Meaning::Caution } else { Meaning::Faint };
    canvas.line(last, &Line::from(canvas.span(words, meaning)));
    Rect { height: area.height - 1, ..area }
}

/// An improvement that is being written: what, who, until when.
pub(super) fn improvement(canvas: &mut Canvas<'_>, improvement: &Improvement) {
    const LABELS: [(&str, &str); 3] = [
        ("What is to change   ", "in the system: people, process, tools"),
        ("Who sees to it      ", "may stay empty"),
        ("Until when          ", "for example 2026-12-05, may stay empty"),
    ];
    let inside = canvas.popup(within(canvas), 84, 12, "Improvement");
    let mut y = inside.y.saturating_add(1);
    for (at, ((label, hint), field)) in LABELS.iter().zip(&improvement.fields).enumerate() {
        let fits = u16::from(y < inside.bottom());
        let place = Rect { y: y.min(inside.bottom()), height: fits, ..inside };
        let here = improvement.at == at;
        let label = shown!("{}{}", marker(here), label);
        if here {
            input(canvas, place, &label, field);
        } else {
            let indent = u16::try_from(width(&label)).unwrap_or(0);
            let (shown, _) = field.line_view(place.width.saturating_sub(indent));
            canvas
                .line(place, &Line::from(vec![canvas.span(label, Meaning::Faint), canvas.span(shown, Meaning::Plain)]));
        }
        canvas.hit(place, Hit::Field(at));
        let below = Rect {
            y: place.y.saturating_add(1).min(inside.bottom()),
            height: u16::from(y + 1 < inside.bottom()),
            ..inside
        };
        canvas.line(below, &Line::from(canvas.span(shown!("{:22}{}", "", hint), Meaning::Faint)));
        y = y.saturating_add(3);
    }
    let full = improvement.fields.iter().find_map(|field| field.bound().filter(|(_, full)| *full));
    if let Some((words, _)) = full.filter(|_| improvement.problem.is_none()) {
        let place = Rect { y: inside.bottom().saturating_sub(1), height: u16::from(!inside.is_empty()), ..inside };
        canvas.line(place, &Line::from(canvas.span(words, Meaning::Caution)));
    }
    if let Some(problem) = improvement.problem {
        let place = Rect { y: inside.bottom().saturating_sub(1), height: u16::from(!inside.is_empty()), ..inside };
        canvas.line(place, &Line::from(canvas.span(shown!("Not yet: {}.", problem), Meaning::Caution)));
    }
}
