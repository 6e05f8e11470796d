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
use firedrill_core::projection::wording;
use firedrill_model::{Joined, SafeText, Shown, Span, shown};

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
    if let Some(why) = &debrief.wrong_on_purpose {
        page.labelled("On purpose", 16, Meaning::Faint, &shown!("the hypothesis is wrong: {}", why), Meaning::Plain);
    }
    outcome(page, debrief);
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

/// What became of the incident, whatever the verdict says.
fn outcome(page: &mut Page<'_, '_>, debrief: &Debrief) {
    let Some(outcome) = &debrief.outcome else { return };
    page.gap();
    let (sign, meaning) = if outcome.is_at_work() { ("!", Meaning::Bad) } else { ("»", Meaning::Strong) };
    page.text(&shown!("{} The outcome: {}", sign, outcome.brief()), meaning);
    for (label, words) in outcome.rows() {
        page.labelled(label, 16, Meaning::Faint, words, Meaning::Plain);
    }
}

fn durations(page: &mut Page<'_, '_>, debrief: &Debrief) {
    for duration in &debrief.durations {
        let value = match (duration.seconds, duration.never) {
            (Some(seconds), _) => clock(seconds),
            (None, true) => "never".into(),
            (None, false) => "–".into(),
        };
        let mut rest = duration.missing.clone().unwrap_or_else(|| duration.definition.clone());
        if let Some(hurried) = duration.hurried {
            rest.push(shown!("; no measure of people: for {} the clock ran faster than real time", clock(hurried)));
        }
        page.labelled(&shown!("{:<9}{}", duration.name, value), 16, Meaning::Strong, rest, Meaning::Plain);
    }
    page.gap();
    let impact = &debrief.impact;
    let failed = impact.requests_words().unwrap_or_else(|| "No request of customers is in the record.".into());
    page.labelled("Customers", 16, Meaning::Faint, &failed, Meaning::Plain);
    for others in impact.others_words() {
        page.labelled("", 16, Meaning::Faint, &others, Meaning::Plain);
    }
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
    page.text("Marks: T, and what told", Meaning::Strong);
    for mark in &debrief.marks {
        let t = mark.t.clone().unwrap_or_else(|| "not reached".into());
        let by = mark.by.as_ref().map_or_else(Shown::default, Shown::from);
        let words = shown!("{:<12} {}", t, by);
        page.labelled(&mark.label, 26, Meaning::Faint, &words, Meaning::Plain);
    }
}

fn guess(page: &mut Page<'_, '_>, row: &GuessRow) {
    let (mark, meaning) = match row.agrees {
        Some(true) => ("✓ as guessed", Meaning::Good),
        Some(false) => ("✗ otherwise", Meaning::Bad),
        None => ("– not told", Meaning::Faint),
    };
    let words = shown!("{}: guessed {}; {}", row.response, short(row.guess), wording::outcome_of_signals(row.outcome));
    page.labelled(mark, 16, meaning, &words, Meaning::Plain);
    for one in &row.signals {
        let meaning = if one.agrees == Some(false) { Meaning::Caution } else { Meaning::Faint };
        page.labelled("", 16, Meaning::Faint, &shown!("{} {}", one.signal, one.words), meaning);
    }
}

fn truth(page: &mut Page<'_, '_>, debrief: &Debrief) {
    let flowing = |words: &SafeText| Shown::from(words).one_line();
    page.text(flowing(&debrief.truth), Meaning::Plain);
    page.gap();
    page.text("The lesson", Meaning::Strong);
    page.text(flowing(&debrief.lesson), Meaning::Plain);
    if !debrief.claims.is_empty() {
        let ids: Vec<Shown> = debrief.claims.iter().map(Shown::from).collect();
        page.text(shown!("It rests on these claims about AWS: {}.", ids.joined(", ")), Meaning::Faint);
    }
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
