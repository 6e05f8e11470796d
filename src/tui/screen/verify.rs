//! Verify and after: the debrief, one screen a part. Here: what was expected and what happened, and what really went on.

pub(super) mod blocks;
mod noise;
mod path;
mod people;
mod questions;

pub(super) use questions::questions;

use ratatui::layout::{Constraint, Layout, Rect};

use super::room::Room;
use super::{Look, short};
use crate::tui::canvas::{Canvas, Line};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::{GuessRow, Verdict};
use firedrill_model::{Outcome, SafeText, Shown, Span, shown};

/// Places of the parts: one fills the screen; on wide screens the timeline stands beside it.
pub(super) fn places(area: Rect, room: Room, focused: Pane) -> Vec<(Pane, Rect)> {
    if room < Room::Wide || focused == Pane::Timeline {
        return vec![(focused, area)];
    }
    let [part, timeline] = Layout::horizontal([Constraint::Percentage(60), Constraint::Min(0)]).areas(area);
    vec![(focused, part), (Pane::Timeline, timeline)]
}

/// A pane that is read and scrolled.
pub(super) fn document(canvas: &mut Canvas<'_>, area: Rect, pane: Pane, look: Look<'_>) {
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let lines = match look.drill.debrief {
        None => vec![Line::from(canvas.span("The debrief is being put together.", Meaning::Faint))],
        Some(debrief) => {
            let mut sheet = Page { canvas, width: inside.width, lines: Vec::new() };
            match pane {
                Pane::Expected => expected(&mut sheet, debrief),
                Pane::Path => path::path(&mut sheet, debrief),
                Pane::Pipeline => path::pipelines(&mut sheet, debrief),
                Pane::People => people::people(&mut sheet, debrief),
                Pane::Evidence => noise::evidence(&mut sheet, &debrief.evidence),
                _ => truth(&mut sheet, debrief),
            }
            sheet.lines
        }
    };
    canvas.document(inside, Some(pane), &lines, look.app.scrolled(pane));
}

/// Lines that are being put together.
struct Page<'c, 'b> {
    canvas: &'c Canvas<'b>,
    width: u16,
    lines: Vec<Line>,
}

impl Page<'_, '_> {
    fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    fn text(&mut self, words: impl Into<Shown>, meaning: Meaning) {
        self.lines.extend(text::paragraph(words, self.width, self.canvas.style(meaning)));
    }

    fn labelled(
        &mut self,
        label: impl Into<Shown>,
        wide: usize,
        label_meaning: Meaning,
        words: impl Into<Shown>,
        meaning: Meaning,
    ) {
        let head = self.canvas.span(text::pad(label, wide), label_meaning);
        self.lines.extend(text::labelled(head, words, self.width, self.canvas.style(meaning)));
    }
}

pub(super) fn sign(verdict: Verdict) -> (&'static str, Meaning) {
    match verdict {
        Verdict::Held => ("✓", Meaning::Good),
        Verdict::Deviated => ("✗", Meaning::Bad),
        Verdict::NotMeasured => ("?", Meaning::Caution),
    }
}

/// Seconds as a clock shows them.
pub(super) fn clock(secs: f64) -> Shown {
    Span::from_secs_f64(secs).clock()
}

/// Expectations and guesses against what happened; then durations, what customers felt, and the marks.
fn expected(page: &mut Page<'_, '_>, debrief: &Debrief) {
    if debrief.state == "complete" && !debrief.head_words.is_empty() {
        page.text(&shown!("The drill is closed. Its record ends with: {}", debrief.head_words), Meaning::Faint);
        page.gap();
    }
    let (mark, meaning) = sign(debrief.verdict);
    page.text(&shown!("{} The hypothesis {}", mark, debrief.verdict.label()), meaning);
    page.text(&debrief.hypothesis, Meaning::Faint);
    page.gap();
    for part in &debrief.parts {
        let (mark, meaning) = sign(part.verdict);
        let found = shown!("{}: {}", part.verdict.label(), part.found);
        page.labelled(&shown!("{} {}", mark, part.part), 16, meaning, &found, Meaning::Plain);
    }
    if let Some(left) = &debrief.left {
        page.labelled("! adversary", 16, Meaning::Caution, left, Meaning::Plain);
    }
    page.gap();
    if debrief.guesses.is_empty() && debrief.predictions.is_empty() {
        page.text("Nobody guessed or predicted anything.", Meaning::Faint);
    }
    for row in &debrief.predictions {
        let words = shown!("{} expected {}; happened: {}", row.who, row.expected, row.happened);
        page.labelled(&row.about, 16, Meaning::Faint, &words, Meaning::Plain);
    }
    for row in &debrief.guesses {
        guess(page, row);
    }
    page.gap();
    durations(page, debrief);
    page.gap();
    marks(page, debrief);
}

fn durations(page: &mut Page<'_, '_>, debrief: &Debrief) {
    for duration in &debrief.durations {
        let value = duration.seconds.map_or_else(|| "–".into(), clock);
        let rest = duration.missing.as_ref().unwrap_or(&duration.definition);
        page.labelled(&shown!("{:<9}{}", duration.name, value), 16, Meaning::Strong, rest, Meaning::Plain);
    }
    page.gap();
    let impact = &debrief.impact;
    let failed = shown!("{:.0} of {:.0} requests failed since the fault", impact.failed, impact.requests);
    page.labelled("Customers", 16, Meaning::Faint, &failed, Meaning::Plain);
    let worst = impact.worst.as_ref().map(|worst| shown!("; worst {}", worst)).unwrap_or_default();
    let outside = shown!("{} outside {} for {:.1} min{}", impact.signal, impact.bound, impact.minutes_outside, worst);
    page.labelled("", 16, Meaning::Faint, &outside, Meaning::Plain);
    for loss in debrief.evidence.losses() {
        page.labelled("", 16, Meaning::Faint, &loss, Meaning::Bad);
    }
    for effect in &debrief.second_order {
        page.labelled("Side effect", 16, Meaning::Faint, effect, Meaning::Caution);
    }
}

fn marks(page: &mut Page<'_, '_>, debrief: &Debrief) {
    page.text("Marks, since the fault", Meaning::Strong);
    for mark in &debrief.marks {
        let value =
            mark.since_fault.map_or_else(|| mark.at.map_or_else(|| "not reached".into(), |_| "before".into()), clock);
        let utc = mark
            .utc
            .as_ref()
            .map_or_else(Shown::default, |utc| utc.part(utc.find('T').map_or(utc.len(), |at| at + 1)..));
        let words = shown!("{:<12} {}", value, utc);
        page.labelled(&mark.label, 26, Meaning::Faint, &words, Meaning::Plain);
    }
}

fn guess(page: &mut Page<'_, '_>, row: &GuessRow) {
    let (mark, meaning) = match row.agrees {
        Some(true) => ("✓ as guessed", Meaning::Good),
        Some(false) => ("✗ otherwise", Meaning::Bad),
        None => ("– not told", Meaning::Faint),
    };
    let outcome = match row.outcome {
        Outcome::Stayed => "stayed within".into(),
        Outcome::Brief | Outcome::Long => shown!("outside for {}", clock(row.seconds_outside)),
        Outcome::AlreadyOutside => "was outside already".into(),
    };
    let words = shown!("{}: guessed {}, {}", row.response, short(row.guess), outcome);
    page.labelled(mark, 16, meaning, &words, Meaning::Plain);
}

fn truth(page: &mut Page<'_, '_>, debrief: &Debrief) {
    let flowing = |words: &SafeText| Shown::from(words).one_line();
    page.text(flowing(&debrief.truth), Meaning::Plain);
    page.gap();
    page.text("The lesson", Meaning::Strong);
    page.text(flowing(&debrief.lesson), Meaning::Plain);
    if !debrief.ideal_path.is_empty() {
        page.gap();
        page.text("A path that keeps the hypothesis", Meaning::Strong);
        for (at, step) in debrief.ideal_path.iter().enumerate() {
            page.labelled(&shown!("{:>2} ", at + 1), 4, Meaning::Faint, step, Meaning::Plain);
        }
    }
    page.gap();
    for technique in &debrief.techniques {
        page.labelled("ATT&CK", 8, Meaning::Faint, technique, Meaning::Plain);
    }
    for source in &debrief.sources {
        page.labelled("Source", 8, Meaning::Faint, source, Meaning::Faint);
    }
    for notice in &debrief.notices {
        page.labelled("Record", 8, Meaning::Caution, notice, Meaning::Plain);
    }
}
