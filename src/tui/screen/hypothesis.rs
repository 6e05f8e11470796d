//! The hypothesis as a form: the sentence with two blanks, and what the responder expects alone.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, frame};
use crate::tui::app::{Form, FormField};
use crate::tui::canvas::{Canvas, Hit, Line, Span, width};
use crate::tui::keymap::{Asking, Do};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_model::signal::Side;
use firedrill_model::{Guess, Shown, shown};

/// Width of the labels.
const LABEL: usize = 24;
/// Width of a text field.
const TEXT: usize = 12;

/// Draws the screen.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let form = look.app.form.clone().unwrap_or_else(|| Form::new(look.drill));
    if area.width >= 110 {
        let [left, right] = Layout::horizontal([Constraint::Percentage(58), Constraint::Percentage(42)]).areas(area);
        self::form(canvas, left, look, &form);
        let [signals, services] = Layout::vertical([Constraint::Percentage(60), Constraint::Min(8)]).areas(right);
        frame::draw(canvas, signals, Pane::Signals, look);
        frame::draw(canvas, services, Pane::Services, look);
    } else {
        self::form(canvas, area, look, &form);
    }
}

fn form(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, form: &Form) {
    let title = Line::from(canvas.span(" Hypothesis ", Meaning::Focus));
    let inside = canvas.frame(area, title, true).inner(ratatui::layout::Margin::new(1, 0));
    let roomy = inside.height >= 22;
    // Drawn once unseen, to know where the field with the cursor is: a small screen scrolls to it.
    let mut unseen = Buffer::empty(Rect::new(0, 0, inside.width, 60));
    let mut trial = Canvas::new(&mut unseen, canvas.theme);
    let mut pen = Pen { area: trial.area(), row: 0, skip: 0, roomy, here: 0 };
    fields(&mut trial, &mut pen, look, form);
    let skip = (pen.here + 2).saturating_sub(inside.height);
    fields(canvas, &mut Pen { area: inside, row: 0, skip, roomy, here: 0 }, look, form);
}

fn fields(canvas: &mut Canvas<'_>, pen: &mut Pen, look: Look<'_>, form: &Form) {
    sentence(canvas, pen, look, form);
    pen.gap();
    expectations(canvas, pen, look, form);
    pen.gap();
    pen.marks(form.field() == FormField::Begin);
    let begin =
        if form.field() == FormField::Begin { "▶ [ Begin the experiment ]" } else { "  [ Begin the experiment ]" };
    let place = pen.next();
    let meaning = if form.field() == FormField::Begin { Meaning::Selected } else { Meaning::Key };
    let button = Rect { width: place.width.min(26), ..place };
    canvas.line(place, &Line::from(vec![canvas.span(begin, meaning), canvas.span("   or g", Meaning::Faint)]));
    canvas.hit(button, Hit::Act(Do::Ask(Asking::Next)));
}

/// Where the next line goes.
struct Pen {
    area: Rect,
    /// Row of the form, counted from its top.
    row: u16,
    /// Rows that are scrolled away.
    skip: u16,
    roomy: bool,
    /// Row of the field that has the cursor.
    here: u16,
}

impl Pen {
    fn next(&mut self) -> Rect {
        let row = self.row.checked_sub(self.skip).filter(|row| *row < self.area.height);
        self.row = self.row.saturating_add(1);
        match row {
            Some(row) => Rect { y: self.area.y + row, height: 1, ..self.area },
            None => Rect { height: 0, ..self.area },
        }
    }

    fn gap(&mut self) {
        if self.roomy {
            self.row = self.row.saturating_add(1);
        }
    }

    /// The next line belongs to the field that has the cursor, if so.
    fn marks(&mut self, here: bool) {
        if here {
            self.here = self.row;
        }
    }
}

fn sentence(canvas: &mut Canvas<'_>, pen: &mut Pen, look: Look<'_>, form: &Form) {
    let scenario = &look.view().scenario;
    let hypothesis = &look.view().course.hypothesis;
    let detector = scenario.detectors.iter().find(|detector| detector.id == hypothesis.detector);
    let detector = detector.map_or_else(|| Shown::from(&hypothesis.detector), |detector| Shown::from(&detector.title));
    let signal = scenario.signals.iter().find(|signal| signal.id == hypothesis.signal);
    let signal_title = signal.map_or_else(|| Shown::from(&hypothesis.signal), |signal| Shown::from(&signal.title));
    let unit = signal.map_or("", |signal| signal.measure.unit());
    let side = if hypothesis.stays == Side::Below { "at or below" } else { "at or above" };
    heading(canvas, pen, "What the experiment puts to the test. Both figures may change.");
    fact(canvas, pen, "When", &hypothesis.when);
    fact(canvas, pen, "then", &shown!("{} notifies {}", detector, hypothesis.team));
    field(canvas, pen, form, FormField::Within, "within", "after the fault");
    fact(canvas, pen, "and", signal_title);
    field(canvas, pen, form, FormField::Bound, &shown!("stays {}", side), unit);
}

fn expectations(canvas: &mut Canvas<'_>, pen: &mut Pen, look: Look<'_>, form: &Form) {
    let hypothesis = &look.view().course.hypothesis;
    let signal = look.view().scenario.signals.iter().find(|signal| signal.id == hypothesis.signal);
    let signal = signal.map_or_else(|| Shown::from("the signal"), |signal| Shown::from(&signal.title));
    heading(canvas, pen, "What do you expect? May stay empty. Times as 90s, 10m, 1h30m.");
    field(canvas, pen, form, FormField::Notified, "The team is told within", "after the fault");
    field(canvas, pen, form, FormField::Contained, "It is contained within", "after the fault");
    fact(canvas, pen, "While we respond,", signal);
    let guesses = Guess::ALL.map(|guess| (expected(guess), form.guess == Some(guess)));
    choice(canvas, pen, form, FormField::Guess, "", &guesses);
    let levels = ["1", "2", "3", "4", "5"];
    let mut chosen = 1_u8..;
    let levels = levels.map(|level| (level, form.confidence == chosen.next()));
    choice(canvas, pen, form, FormField::Confidence, "My confidence", &levels);
}

fn heading(canvas: &mut Canvas<'_>, pen: &mut Pen, words: impl Into<Shown>) {
    for line in text::paragraph(words, pen.area.width, canvas.style(Meaning::Strong)) {
        let place = pen.next();
        canvas.line(place, &line);
    }
    pen.gap();
}

fn label(canvas: &Canvas<'_>, form: Option<(&Form, FormField)>, words: impl Into<Shown>) -> Vec<Span> {
    let here = form.is_some_and(|(form, field)| form.field() == field);
    vec![
        canvas.span(super::marker(here), Meaning::Focus),
        canvas.span(text::pad(words, LABEL), if here { Meaning::Strong } else { Meaning::Faint }),
    ]
}

fn fact(canvas: &mut Canvas<'_>, pen: &mut Pen, words: impl Into<Shown>, value: impl Into<Shown>) {
    let head = shown!("{}{}", super::marker(false), text::pad(words, LABEL));
    let lines = text::labelled(canvas.span(head, Meaning::Faint), value, pen.area.width, canvas.style(Meaning::Plain));
    for line in lines {
        let place = pen.next();
        canvas.line(place, &line);
    }
}

fn field(
    canvas: &mut Canvas<'_>,
    pen: &mut Pen,
    form: &Form,
    of: FormField,
    words: impl Into<Shown>,
    hint: &'static str,
) {
    let at = FormField::ALL.iter().position(|field| *field == of).unwrap_or(0);
    let here = form.field() == of;
    pen.marks(here);
    let place = pen.next();
    let (shown, column) = form.texts.get(at).map(|text| text.line_view(13)).unwrap_or_default();
    let mut spans = label(canvas, Some((form, of)), words);
    spans.push(canvas.span("[ ", Meaning::Faint));
    spans.push(canvas.span(text::pad(&shown, TEXT), if here { Meaning::Focus } else { Meaning::Strong }));
    spans.push(canvas.span(shown!(" ] {}", hint), Meaning::Faint));
    canvas.line(place, &Line::from(spans));
    canvas.hit(place, Hit::Field(at));
    if here && !place.is_empty() {
        let x = place.x.saturating_add(u16::try_from(LABEL + 4).unwrap_or(0)).saturating_add(column);
        canvas.found.cursor = Some((x.min(place.right()), place.y).into());
    }
}

fn choice(
    canvas: &mut Canvas<'_>,
    pen: &mut Pen,
    form: &Form,
    of: FormField,
    words: &'static str,
    all: &[(&'static str, bool)],
) {
    let at = FormField::ALL.iter().position(|field| *field == of).unwrap_or(0);
    pen.marks(form.field() == of);
    let place = pen.next();
    canvas.hit(place, Hit::Field(at));
    // Long answers need the room of the label.
    let indent = if words.is_empty() { 2 } else { LABEL + 2 };
    let spans = if words.is_empty() {
        vec![canvas.span(super::marker(form.field() == of), Meaning::Focus)]
    } else {
        label(canvas, Some((form, of)), words)
    };
    canvas.line(place, &Line::from(spans));
    let start = place.x.saturating_add(u16::try_from(indent).unwrap_or(0));
    let (mut x, mut place) = (start, place);
    for ((word, chosen), number) in all.iter().zip(1_u8..) {
        let number_word = if word.len() == 1 { Shown::default() } else { shown!("{} ", number) };
        let shown = shown!("{} {}{}", if *chosen { "(o)" } else { "( )" }, number_word, word);
        let wide = u16::try_from(width(&shown)).unwrap_or(u16::MAX);
        if x > start && x.saturating_add(wide) > place.right() {
            place = pen.next();
            x = start;
        }
        let spot = Rect { x, width: wide.min(place.right().saturating_sub(x)), ..place };
        canvas.line(spot, &Line::from(canvas.span(shown, if *chosen { Meaning::Strong } else { Meaning::Plain })));
        canvas.hit(spot, Hit::Choice(at, number));
        x = x.saturating_add(wide + 2);
    }
}

/// What is expected of the hypothesis' signal, where there is little room.
fn expected(guess: Guess) -> &'static str {
    match guess {
        Guess::Stays => "stays within",
        Guess::Brief => "leaves < 5 min",
        Guess::Long => "leaves longer",
        Guess::NoIdea => "no idea",
    }
}
