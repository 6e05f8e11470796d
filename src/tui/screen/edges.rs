//! The edges of the screen: where am I, how fast does the clock run, which keys are there, what is new.

use ratatui::layout::Rect;

use super::Look;
use crate::tui::app::{App, Item};
use crate::tui::canvas::{Canvas, Hit, Line, Span, width};
use crate::tui::keymap::{self, Do, Move, Pacing};
use crate::tui::pane::Pane;
use crate::tui::scene::{Message, RecordingView, Scene};
use crate::tui::theme::{self, Meaning};
use crate::tui::widget::text;
use firedrill_core::projection::wording;
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::{Shown, shown};

/// The first line of a drill: scenario, mode, phase, clock, pace; at the right unread things and the seat.
pub(super) fn header(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let right = right_end(canvas, look, area.width < 100);
    let rest = canvas.line_right(area, &right);
    let (clock, meaning) = clock(look, area.width < 80);
    let phase = Shown::from(look.view().course.phase.label()).uppercase();
    let kind = look.drill.world_kind();
    let exercise = if area.width < 100 { wording::exercise_short(kind) } else { wording::exercise_label(kind) };
    let mut tail = vec![canvas.span(shown!(" [{}] ", exercise), Meaning::Caution), canvas.span(phase, Meaning::Strong)];
    tail.extend(clock.map(|clock| canvas.span(shown!("  {}", clock), Meaning::Strong)));
    tail.extend(pace(look).map(|pace| canvas.span(shown!("  {}", pace), meaning)));
    let taken: usize = tail.iter().map(Span::width).sum();
    let room = usize::from(rest.width).saturating_sub(taken + 3);
    let title = if room < 6 { Shown::default() } else { text::cut(&look.view().scenario.title, room) };
    let mut line = vec![canvas.span(" ", Meaning::Plain), canvas.span(title, Meaning::Focus)];
    line.append(&mut tail);
    canvas.line(rest, &Line::from(line));
}

/// The first line of a screen that is of no drill: its name, that what it tells of are exercises, and at the right as much as there is room for.
pub(super) fn title(canvas: &mut Canvas<'_>, area: Rect, scene: &Scene<'_>, name: Vec<Span>, right: impl Into<Shown>) {
    let worlds = scene.worlds();
    let mut kinds = worlds.iter();
    let label = match (kinds.next(), kinds.next()) {
        (Some(kind), None) if area.width < 80 => wording::exercise_short(*kind),
        _ => wording::exercises_label(&worlds),
    };
    let mut line = name;
    line.push(canvas.span(shown!("  [{}]  ", label), Meaning::Caution));
    let taken: usize = line.iter().map(Span::width).sum();
    let right = text::cut(right, usize::from(area.width).saturating_sub(taken + 1));
    let rest = canvas.line_right(area, &Line::from(canvas.span(shown!("{} ", right), Meaning::Faint)));
    canvas.line(rest, &Line::from(line));
}

fn right_end(canvas: &Canvas<'_>, look: Look<'_>, narrow: bool) -> Line {
    let unread = look.app.unread(look.drill).len();
    let mut spans = Vec::new();
    if unread > 0 {
        let unread = if narrow { shown!(" ▲ {} ", unread) } else { shown!(" ▲ {} unread ", unread) };
        spans.push(canvas.span(unread, Meaning::Caution));
    }
    let seat = look.view().people.seats.get(look.drill.seat);
    let name = seat.map(|(_, name)| look.drill.words.read(name)).unwrap_or_default();
    spans.push(canvas.span(shown!(" {} ", text::cut(name, 16)), Meaning::Faint));
    Line::from(spans)
}

/// The clock: T in the experiment, and how much of its time is left; before it, since the drill began.
fn clock(look: Look<'_>, narrow: bool) -> (Option<Shown>, Meaning) {
    let course = &look.view().course;
    let meaning = if course.rate == 0 { Meaning::Caution } else { Meaning::Faint };
    let now = look.clock(look.drill.now);
    let left = look.view().remaining(look.drill.now).filter(|_| look.drill.replay.is_none());
    let text = match (course.phase, left) {
        (Phase::Experiment, Some(left)) if !narrow => Some(shown!("{}, {} left", now, left.clock())),
        (Phase::Experiment | Phase::SteadyState, _) => Some(now),
        _ => None,
    };
    (text, meaning)
}

fn pace(look: Look<'_>) -> Option<Shown> {
    let course = &look.view().course;
    if !course.phase.clock_runs() {
        return None;
    }
    Some(match (course.pace, course.rate) {
        (_, 0) => "‖ PAUSED".into(),
        (Pace::Brisk, rate) => shown!("▶ brisk ×{}", rate),
        (Pace::Times(_), rate) => shown!("▶ ×{}", rate),
    })
}

/// The phases, with the present one marked.
pub(super) fn phases(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let now = look.view().course.phase;
    let short = area.width < 80;
    let mut spans = vec![canvas.span(" ", Meaning::Plain)];
    for phase in Phase::ALL.into_iter().take_while(|phase| *phase != Phase::Closed) {
        let (sign, meaning) = match phase.cmp(&now) {
            std::cmp::Ordering::Less => ("✓ ", Meaning::Good),
            std::cmp::Ordering::Equal => ("▶ ", Meaning::Strong),
            std::cmp::Ordering::Greater => ("○ ", Meaning::Faint),
        };
        let gap = if short { " " } else { "   " };
        spans.push(canvas.span(shown!("{}{}{}", sign, phase.label(), gap), meaning));
    }
    canvas.line(area, &Line::from(spans));
}

/// A line across the screen while the record isn't as it should be. Nothing if it is.
pub(super) fn recording(look: Look<'_>) -> Option<(Shown, Meaning)> {
    match look.drill.recording {
        RecordingView::Recording => None,
        RecordingView::Elsewhere { folder, why } => {
            Some((shown!(" The record goes on in {}: {}", folder, why), Meaning::Caution))
        }
        RecordingView::NotRecording { why } => {
            Some((shown!(" NOT RECORDING: {}. What happens now is lost on exit. R tries again.", why), Meaning::Alert))
        }
        RecordingView::ReadOnly { why } => Some((shown!(" Read only: {}", why), Meaning::Caution)),
    }
}

/// The keys of where you are. Each can be clicked.
pub(super) fn keys(canvas: &mut Canvas<'_>, area: Rect, app: &App, scene: &Scene<'_>) {
    let mut lines = keymap::footer(&app.places(scene));
    lines.retain(|line| app.why_not(line.act, scene).is_none());
    let (last, first): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.rank >= 11);
    let narrow = area.width < 80;
    let word = |line: &keymap::Binding| if narrow && line.rank >= 12 { "" } else { line.short };
    let size =
        |line: &&keymap::Binding| width(&line.key()) + width(word(line)) + if word(line).is_empty() { 3 } else { 5 };
    let kept: usize = last.iter().map(size).sum();
    let mut room = usize::from(area.width).saturating_sub(kept + 1);
    let mut x = area.x + 1;
    let mut put = |canvas: &mut Canvas<'_>, line: &keymap::Binding, wide: usize| {
        let wide = u16::try_from(wide).unwrap_or(u16::MAX);
        let place = Rect { x, width: wide.min(area.right().saturating_sub(x)), ..area };
        let spans = vec![
            canvas.span("[", Meaning::Faint),
            canvas.span(line.key(), Meaning::Key),
            canvas.span("] ", Meaning::Faint),
            canvas.span(word(line), Meaning::Plain),
        ];
        canvas.line(place, &Line::from(spans));
        canvas.hit(place, Hit::Act(line.act));
        x = x.saturating_add(wide);
    };
    for line in &first {
        let wide = size(line);
        if wide <= room {
            room -= wide;
            put(canvas, line, wide);
        }
    }
    for line in &last {
        put(canvas, line, size(line));
    }
}

/// The lowest line: a refusal or notice, else what signals did, else the newest unread thing. That all of it is an exercise stands there in
/// any case.
pub(super) fn message(canvas: &mut Canvas<'_>, area: Rect, app: &App, scene: &Scene<'_>) {
    let kinds = scene.worlds();
    let Some((words, meaning, hit)) = said(app, scene, area.width < 100) else {
        let exercise = shown!(" {}", wording::exercises(&kinds));
        canvas.line(area, &Line::from(canvas.span(exercise, Meaning::Faint)));
        return;
    };
    let labels = [wording::exercises_label(&kinds), "EXERCISE"].map(|label| shown!(" {} ", label));
    let room = usize::from(area.width).saturating_sub(width(&words));
    let fitting = labels.iter().find(|label| width(label) <= room);
    // What is told here only is told to its end: the head is marked as well. What stands in a list too, without a click of its own, makes room.
    let label = fitting.or(labels.last().filter(|_| hit.is_none() && area.width >= 80));
    let exercise = label.map(|label| Line::from(canvas.span(label.clone(), Meaning::Faint))).unwrap_or_default();
    let rest = canvas.line_right(area, &exercise);
    canvas.line(rest, &Line::from(canvas.span(text::cut(words, usize::from(rest.width)), meaning)));
    if let Some(act) = hit {
        canvas.hit(area, Hit::Act(act));
    }
}

/// What the lowest line says, if there is something to say, and what a click on it does.
fn said(app: &App, scene: &Scene<'_>, narrow: bool) -> Option<(Shown, Meaning, Option<Do>)> {
    match &app.message {
        Some(Message::Notice(text)) => return Some((shown!(" {}", text), Meaning::Plain, Some(Do::Move(Move::Back)))),
        Some(Message::Refusal(text)) => {
            let end = if text.as_str().ends_with(['.', '?']) { "" } else { "." };
            return Some((shown!(" Not now: {}{}", text, end), Meaning::Caution, Some(Do::Move(Move::Back))));
        }
        None => {}
    }
    let drill = scene.drill()?;
    let look = Look { app, drill };
    if let Some(since) = drill.view.course.away {
        let key = keymap::key_of(Do::Pace(Pacing::Pause));
        let at = look.clock(since.at);
        let long = if narrow { "" } else { " for some minutes" };
        let words = shown!(" Paused at {}: nobody was at the keys{}. {} goes on.", at, long, key);
        return Some((words, Meaning::Caution, Some(Do::Pace(Pacing::Pause))));
    }
    if let Some(turn) = app.crossing(drill) {
        let (sign, meaning) = if turn.is_out { ("!", Meaning::Alert) } else { ("✓", Meaning::Good) };
        let at = if narrow { Shown::default() } else { shown!("{} ", look.clock(turn.stamp.at)) };
        return Some((shown!(" {} {}{}", sign, at, turn.words), meaning, Some(Do::Move(Move::Back))));
    }
    let item = app.news(drill).filter(|_| app.popup.is_none())?;
    let (words, meaning) = news(look, &item, narrow);
    Some((words, meaning, None))
}

fn news(look: Look<'_>, item: &Item, narrow: bool) -> (Shown, Meaning) {
    let chosen = look.app.chosen_item(look.drill);
    let focused = look.app.focused(look.view().course.phase) == Some(Pane::Findings) && chosen.as_ref() == Some(item);
    let how = match (focused, narrow) {
        (true, false) => "Enter opens it, Esc hides this.",
        (false, false) => "It is in Findings, Esc hides this.",
        (true, true) => "Enter opens it.",
        (false, true) => "It is in Findings.",
    };
    match item {
        Item::Finding(id) => {
            let row = look.view().board.finding(id);
            let (sign, word, meaning) = theme::severity(row.map_or(0.0, |row| row.finding.severity));
            let kind = row.map(|row| Shown::from(&row.finding.kind)).unwrap_or_default();
            (shown!(" {} New {} finding: {}. {}", sign, word, kind, how), meaning)
        }
        Item::Message(id) => {
            let inject = look.view().board.message(id).and_then(|row| row.message.as_ref());
            let from = inject.map(|inject| Shown::from(&inject.from)).unwrap_or_default();
            (shown!(" » New message from {}. {}", from, how), Meaning::Strong)
        }
    }
}
