//! The clocks of an incident in one line: what has been reached, what is running, what has not begun.

use ratatui::layout::Rect;

use super::Look;
use crate::tui::canvas::{Canvas, Line, Span};
use crate::tui::theme::Meaning;
use firedrill_core::projection::moment::Zero;
use firedrill_core::projection::view::Mark;
use firedrill_model::shown;

/// Name, word, from which mark to which.
const CLOCKS: [(&str, &str, Mark, Mark); 5] = [
    ("TTD", "detect", Mark::FaultActive, Mark::Detected),
    ("TTN", "notify", Mark::Detected, Mark::Notified),
    ("TTA", "acknowledge", Mark::Notified, Mark::Acknowledged),
    ("TTC", "contain", Mark::Notified, Mark::ContainmentEffective),
    ("TTR", "remediate", Mark::Detected, Mark::SteadyStateRestored),
];

/// All of them in one line.
pub(super) fn line(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let marks = &look.view().marks;
    let long = area.width >= 100;
    let seen = look.view().first_known().map(|stamp| stamp.at);
    // A clock that runs since the fault would tell when it was.
    let known = match look.drill.zero() {
        Zero::Fault(..) => true,
        Zero::Experiment(..) | Zero::Drill => false,
    };
    let mut spans: Vec<Span> = vec![canvas.span(" ", Meaning::Plain)];
    for (name, word, from, to) in CLOCKS {
        let began = marks.get(&from).filter(|_| known || from != Mark::FaultActive);
        let (text, meaning) = match (began, marks.get(&to)) {
            // When it was detected is known in Verify only; until then, it was no later than something reached the team.
            (Some(from), None) if to == Mark::Detected && seen.is_some() => {
                (shown!("≤{} ✓", seen.unwrap_or(from.at).since(from.at).clock()), Meaning::Good)
            }
            (Some(from), Some(to)) => (shown!("{} ✓", to.at.since(from.at).clock()), Meaning::Good),
            (Some(from), None) => (shown!("{} …", look.ago(from.at)), Meaning::Strong),
            (None, Some(_)) => ("✓".into(), Meaning::Good),
            (None, None) => ("–".into(), Meaning::Faint),
        };
        let label = if long { shown!("{} {} ", word, name) } else { shown!("{} ", name) };
        spans.push(canvas.span(label, Meaning::Faint));
        spans.push(canvas.span(text, meaning));
        spans.push(canvas.span(if long { "    " } else { "  " }, Meaning::Plain));
    }
    if known && marks.contains_key(&Mark::FaultActive) && !marks.contains_key(&Mark::Notified) {
        let within = look.view().course.hypothesis.within;
        let since = look.drill.now.since(look.drill.zero().at());
        let (words, meaning) =
            if since > within { ("not told within", Meaning::Caution) } else { ("told within", Meaning::Faint) };
        let mark = if since > within { "" } else { "?" };
        spans.push(canvas.span(shown!("{} {}{}", words, within, mark), meaning));
    }
    canvas.line(area, &Line::from(spans));
}
