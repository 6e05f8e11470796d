//! Verify: what happened held against what was expected, and the seven questions.

mod noise;

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::layout::Room;
use super::{Look, hypothesis, marker, row};
use crate::domain::{Outcome, Span};
use crate::projection::Debrief;
use crate::projection::debrief::{DurationRow, GuessRow, QuestionRow, StepRow, Verdict};
use crate::tui::app::Pane;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::theme::Meaning;
use crate::tui::widget::text;

/// Places of the panes.
pub(super) fn places(area: Rect, room: Room, focused: Option<Pane>) -> Vec<(Pane, Rect)> {
    if room == Room::Wide {
        let [left, middle, right] =
            Layout::horizontal([Constraint::Percentage(34), Constraint::Percentage(34), Constraint::Percentage(32)])
                .areas(area);
        let [verdict, marks] = Layout::vertical([Constraint::Percentage(54), Constraint::Min(0)]).areas(left);
        let [questions, expected] = Layout::vertical([Constraint::Percentage(58), Constraint::Min(0)]).areas(middle);
        let [truth, evidence, timeline] =
            Layout::vertical([Constraint::Percentage(34), Constraint::Percentage(36), Constraint::Min(0)]).areas(right);
        return vec![
            (Pane::Verdict, verdict),
            (Pane::Marks, marks),
            (Pane::Questions, questions),
            (Pane::Expected, expected),
            (Pane::Truth, truth),
            (Pane::Evidence, evidence),
            (Pane::Timeline, timeline),
        ];
    }
    let [left, right] = Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(area);
    let [verdict, lower] = Layout::vertical([Constraint::Percentage(66), Constraint::Min(6)]).areas(left);
    let shared = if focused == Some(Pane::Marks) { Pane::Marks } else { Pane::Expected };
    let truth_or = if focused == Some(Pane::Evidence) { Pane::Evidence } else { Pane::Truth };
    let [questions, truth, timeline] =
        Layout::vertical([Constraint::Percentage(50), Constraint::Percentage(28), Constraint::Min(6)]).areas(right);
    vec![
        (Pane::Verdict, verdict),
        (shared, lower),
        (Pane::Questions, questions),
        (truth_or, truth),
        (Pane::Timeline, timeline),
    ]
}

/// A pane that is read and scrolled.
pub(super) fn document(canvas: &mut Canvas<'_>, area: Rect, pane: Pane, look: Look<'_>) {
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let lines = match look.drill.debrief {
        None => vec![Line::from(canvas.span("The debrief is being put together.", Meaning::Faint))],
        Some(debrief) => {
            let mut sheet = Page { canvas, width: inside.width, lines: Vec::new() };
            match pane {
                Pane::Verdict => verdict(&mut sheet, debrief),
                Pane::Marks => marks(&mut sheet, debrief),
                Pane::Expected => expected(&mut sheet, debrief),
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
    lines: Vec<Line<'static>>,
}

impl Page<'_, '_> {
    fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    fn text(&mut self, words: &str, meaning: Meaning) {
        self.lines.extend(text::paragraph(words, self.width, self.canvas.style(meaning)));
    }

    fn labelled(&mut self, label: &str, wide: usize, label_meaning: Meaning, words: &str, meaning: Meaning) {
        let head = self.canvas.span(text::pad(label, wide), label_meaning);
        self.lines.extend(text::labelled(head, words, self.width, self.canvas.style(meaning)));
    }
}

fn sign(verdict: Verdict) -> (&'static str, Meaning) {
    match verdict {
        Verdict::Held => ("✓", Meaning::Good),
        Verdict::Deviated => ("✗", Meaning::Bad),
        Verdict::NotMeasured => ("?", Meaning::Caution),
    }
}

/// Seconds as a clock shows them.
fn clock(secs: f64) -> String {
    Span::from_secs_f64(secs).clock()
}

fn verdict(page: &mut Page<'_, '_>, debrief: &Debrief) {
    let (mark, meaning) = sign(debrief.verdict);
    page.text(&format!("{mark} The hypothesis {}", debrief.verdict.label()), meaning);
    page.text(debrief.hypothesis.as_str(), Meaning::Faint);
    page.gap();
    for part in &debrief.parts {
        let (mark, meaning) = sign(part.verdict);
        let found = format!("{}: {}", part.verdict.label(), part.found);
        page.labelled(&format!("{mark} {}", part.part), 12, meaning, &found, Meaning::Plain);
    }
    page.gap();
    for duration in &debrief.durations {
        self::duration(page, duration);
    }
    page.gap();
    let impact = &debrief.impact;
    let failed = format!("{:.0} of {:.0} requests failed since the fault", impact.failed, impact.requests);
    page.labelled("Customers", 12, Meaning::Faint, &failed, Meaning::Plain);
    let worst = impact.worst.as_ref().map(|worst| format!("; worst {worst}")).unwrap_or_default();
    let outside = format!("{} outside {} for {:.1} min{worst}", impact.signal, impact.bound, impact.minutes_outside);
    page.labelled("", 12, Meaning::Faint, &outside, Meaning::Plain);
    for effect in &debrief.second_order {
        page.labelled("Side effect", 12, Meaning::Faint, effect.as_str(), Meaning::Caution);
    }
}

fn duration(page: &mut Page<'_, '_>, row: &DurationRow) {
    let value = row.seconds.map_or_else(|| "–".into(), clock);
    let rest = row.missing.as_ref().unwrap_or(&row.definition);
    page.labelled(&format!("{:<9}{value}", row.name), 16, Meaning::Strong, rest, Meaning::Plain);
}

fn marks(page: &mut Page<'_, '_>, debrief: &Debrief) {
    page.text("Marks, since the fault", Meaning::Strong);
    for mark in &debrief.marks {
        let value =
            mark.since_fault.map_or_else(|| mark.at.map_or_else(|| "not reached".into(), |_| "before".into()), clock);
        let utc = mark.utc.as_deref().and_then(|utc| utc.split_once('T')).map_or("", |(_, time)| time);
        let words = format!("{value:<12} {utc}");
        page.labelled(&mark.label, 26, Meaning::Faint, &words, Meaning::Plain);
    }
    page.gap();
    page.text("Playbook", Meaning::Strong);
    for step in &debrief.steps {
        self::step(page, step);
    }
}

fn step(page: &mut Page<'_, '_>, step: &StepRow) {
    let time = step.seconds.map(|secs| format!(" in {} (goal {})", clock(secs), clock(step.goal))).unwrap_or_default();
    page.labelled(step.title.as_str(), 26, Meaning::Plain, &format!("{}{time}", step.state), Meaning::Plain);
    let knew = |knew: Option<bool>, what: &str| {
        knew.map(|yes| format!(", {} {what}", if yes { "knew" } else { "did not know" })).unwrap_or_default()
    };
    if let Some(confidence) = step.confidence {
        let words = format!(
            "confidence {confidence} of 5{}{}",
            knew(step.knew_where, "where to look"),
            knew(step.knew_whom, "whom to escalate to")
        );
        page.labelled("", 26, Meaning::Plain, &words, Meaning::Faint);
    }
    for words in step.words.iter().chain(&step.why_skipped) {
        page.labelled("", 26, Meaning::Plain, &format!("\"{words}\""), Meaning::Faint);
    }
}

fn expected(page: &mut Page<'_, '_>, debrief: &Debrief) {
    if debrief.guesses.is_empty() && debrief.predictions.is_empty() {
        page.text("Nobody guessed or predicted anything.", Meaning::Faint);
    }
    for row in &debrief.guesses {
        guess(page, row);
    }
    for row in &debrief.predictions {
        let words = format!("{} expected {}; happened: {}", row.who, row.expected, row.happened);
        page.labelled(&row.about, 16, Meaning::Faint, &words, Meaning::Plain);
    }
    for order in &debrief.orders {
        let (mark, meaning) = match order.kept {
            Some(true) => ("✓ order kept", Meaning::Good),
            Some(false) => ("✗ other order", Meaning::Bad),
            None => ("– order open", Meaning::Faint),
        };
        page.labelled(mark, 16, meaning, &format!("{}. {}", order.order, order.why), Meaning::Plain);
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
        Outcome::Brief | Outcome::Long => format!("outside for {}", clock(row.seconds_outside)),
        Outcome::AlreadyOutside => "was outside already".into(),
    };
    let words = format!("{}: guessed {}, {outcome}", row.response, hypothesis::short(row.guess));
    page.labelled(mark, 16, meaning, &words, Meaning::Plain);
}

fn truth(page: &mut Page<'_, '_>, debrief: &Debrief) {
    let flowing = |words: &str| words.replace('\n', " ");
    page.text(&flowing(debrief.truth.as_str()), Meaning::Plain);
    page.gap();
    page.text("The lesson", Meaning::Strong);
    page.text(&flowing(debrief.lesson.as_str()), Meaning::Plain);
    if !debrief.ideal_path.is_empty() {
        page.gap();
        page.text("A path that keeps the hypothesis", Meaning::Strong);
        for (at, step) in debrief.ideal_path.iter().enumerate() {
            page.labelled(&format!("{:>2} ", at + 1), 4, Meaning::Faint, step.as_str(), Meaning::Plain);
        }
    }
    page.gap();
    for technique in &debrief.techniques {
        page.labelled("ATT&CK", 8, Meaning::Faint, technique.as_str(), Meaning::Plain);
    }
    for source in &debrief.sources {
        page.labelled("Source", 8, Meaning::Faint, source.as_str(), Meaning::Faint);
    }
    for notice in &debrief.notices {
        page.labelled("Record", 8, Meaning::Caution, notice.as_str(), Meaning::Plain);
    }
}

/// The seven questions: a list, and the chosen one below with what the record says and what the team says.
pub(super) fn questions(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let Some(debrief) = look.drill.debrief else { return };
    let chosen = look.app.row(look.drill, Pane::Questions);
    let total = u16::try_from(debrief.questions.len()).unwrap_or(u16::MAX);
    let rows = if area.height >= total + 4 && !look.app.zoom { total } else { 1 };
    let [upper, lower] = Layout::vertical([Constraint::Length(rows), Constraint::Min(0)]).spacing(1).areas(area);
    let first = if rows == total { 0 } else { chosen };
    for (place, (at, question)) in upper.rows().zip(debrief.questions.iter().enumerate().skip(first)) {
        let line = question_line(canvas, question, at == chosen, place.width);
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Questions, at));
    }
    if let Some(question) = debrief.questions.get(chosen) {
        let inside = Rect { x: lower.x + 2, width: lower.width.saturating_sub(3), ..lower };
        let mut page = Page { canvas, width: inside.width, lines: Vec::new() };
        page.text(question.question, Meaning::Strong);
        for words in &question.from_the_record {
            page.labelled("record ", 7, Meaning::Faint, words.as_str(), Meaning::Plain);
        }
        for words in &question.answers {
            page.labelled("team   ", 7, Meaning::Key, words.as_str(), Meaning::Strong);
        }
        if question.answers.is_empty() {
            page.text("Enter writes the team's answer.", Meaning::Faint);
        }
        let lines = page.lines;
        let scroll = look.app.scrolled(Pane::Questions);
        canvas.document(inside, Some(Pane::Questions), &lines, scroll);
        let height = usize::from(inside.height);
        if height > 0 && lines.len() > height && usize::from(scroll) < lines.len() - height {
            let last = Rect { y: inside.bottom() - 1, height: 1, ..inside };
            canvas.line_right(last, &Line::from(canvas.span(" … PgDn shows more ", Meaning::Faint)));
        }
    }
}

fn question_line(canvas: &Canvas<'_>, question: &QuestionRow, chosen: bool, width: u16) -> Line<'static> {
    let answered = match question.answers.len() {
        0 => "-".into(),
        1 => "✓ 1 answer".into(),
        n => format!("✓ {n} answers"),
    };
    let room = usize::from(width).saturating_sub(18);
    let meaning = if question.answers.is_empty() { Meaning::Faint } else { Meaning::Good };
    Line::from(vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(format!("{} ", question.number), Meaning::Faint),
        canvas.span(text::pad(question.question, room), Meaning::Plain),
        canvas.span(format!(" {answered}"), meaning),
    ])
}
