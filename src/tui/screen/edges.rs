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
    let right = right_end(canvas, look);
    let rest = canvas.line_right(area, &right);
    let (clock, meaning) = clock(look, area.width < 80);
    let phase = Shown::from(look.view().course.phase.label()).uppercase();
    let kind = look.view().world_kind();
    let exercise: Shown = if area.width < 100 { "EXERCISE".into() } else { wording::exercise_label(kind).into() };
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

fn right_end(canvas: &Canvas<'_>, look: Look<'_>) -> Line {
    let unread = look.app.unread(look.drill).len();
    let mut spans = Vec::new();
    if unread > 0 {
        spans.push(canvas.span(shown!(" ▲ {} unread ", unread), Meaning::Caution));
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

/// The lowest line: a refusal or notice, else what signals did, else the newest unread thing.
pub(super) fn message(canvas: &mut Canvas<'_>, area: Rect, app: &App, scene: &Scene<'_>) {
    if let Some(message) = &app.message {
        let (text, meaning) = match message {
            Message::Notice(text) => (shown!(" {}", text), Meaning::Plain),
            Message::Refusal(text) => {
                let end = if text.as_str().ends_with(['.', '?']) { "" } else { "." };
                (shown!(" Not now: {}{}", text, end), Meaning::Caution)
            }
        };
        canvas.line(area, &Line::from(canvas.span(text, meaning)));
        canvas.hit(area, Hit::Act(Do::Move(Move::Back)));
        return;
    }
    let Some(drill) = scene.drill() else { return };
    if let Some(since) = drill.view.course.away {
        let at = Look { app, drill }.clock(since.at);
        let key = keymap::key_of(Do::Pace(Pacing::Pause));
        let words = shown!(" Paused at T+{}: nobody was at the keys for some minutes. {} goes on.", at, key);
        canvas.line(area, &Line::from(canvas.span(words, Meaning::Caution)));
        canvas.hit(area, Hit::Act(Do::Pace(Pacing::Pause)));
        return;
    }
    if let Some(turn) = app.crossing(drill) {
        let (sign, meaning) = if turn.is_out { ("!", Meaning::Alert) } else { ("✓", Meaning::Good) };
        let at = Look { app, drill }.clock(turn.stamp.at);
        let at = if area.width < 100 { Shown::default() } else { shown!("T+{} ", at) };
        let words = text::cut(shown!(" {} {}{}", sign, at, turn.words), usize::from(area.width));
        canvas.line(area, &Line::from(canvas.span(words, meaning)));
        canvas.hit(area, Hit::Act(Do::Move(Move::Back)));
        return;
    }
    if let Some(item) = app.news(drill).filter(|_| app.popup.is_none()) {
        let (text, meaning) = news(Look { app, drill }, &item, area.width < 100);
        canvas.line(area, &Line::from(canvas.span(text, meaning)));
    } else {
        let exercise = wording::exercise(drill.view.world_kind());
        canvas.line(area, &Line::from(canvas.span(shown!(" {}", exercise), Meaning::Faint)));
    }
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
