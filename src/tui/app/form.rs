//! The form of the hypothesis: two blanks that the team may change, and what the responder expects alone.

use crate::tui::scene::DrillScene;
use crate::tui::widget::field::Edit;
use crate::tui::widget::field::Field;
use firedrill_model::event::Prediction;
use firedrill_model::scenario::Hypothesis;
use firedrill_model::{Guess, SafeText, Shown, Span};

/// The fields, from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormField {
    /// Notified within, of the sentence.
    Within,
    /// The bound, of the sentence.
    Bound,
    /// Own expectation: notified within.
    Notified,
    /// Own expectation: contained within.
    Contained,
    /// Own expectation: what the signal does.
    Guess,
    /// How confident.
    Confidence,
    /// Begin the experiment.
    Begin,
}

impl FormField {
    /// All of them in order.
    pub const ALL: [Self; 7] =
        [Self::Within, Self::Bound, Self::Notified, Self::Contained, Self::Guess, Self::Confidence, Self::Begin];
}

/// What is being filled in.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub at: usize,
    /// Within, bound, notified, contained.
    pub texts: [Field; 4],
    pub guess: Option<Guess>,
    pub confidence: Option<u8>,
}

/// A field that can't be read, and why.
pub(crate) type FormProblem = (FormField, Shown);

impl Form {
    /// The form with what is recorded so far.
    pub fn new(drill: &DrillScene<'_>) -> Self {
        let hypothesis = &drill.view.course.hypothesis;
        let text = |text: Shown| Field::line(12).with(&text);
        let expected = recorded(drill);
        let length = |span: Option<Span>| text(span.map_or_else(Shown::default, std::convert::Into::into));
        Self {
            at: 0,
            texts: [
                text(hypothesis.within.into()),
                text(hypothesis.at.into()),
                length(expected.notified_within),
                length(expected.contained_within),
            ],
            guess: expected.signal,
            confidence: expected.confidence,
        }
    }

    pub fn field(&self) -> FormField {
        FormField::ALL.get(self.at).copied().unwrap_or(FormField::Begin)
    }

    pub fn go(&mut self, field: FormField) {
        self.at = FormField::ALL.iter().position(|of| *of == field).unwrap_or(0);
    }

    /// Takes a character, if the field that has the cursor can use it.
    pub fn types(&mut self, c: char) -> bool {
        let fits = match self.field() {
            FormField::Bound => c.is_ascii_digit() || c == '.',
            FormField::Within | FormField::Notified | FormField::Contained => c.is_ascii_digit() || "dhms".contains(c),
            FormField::Guess | FormField::Confidence => {
                return c.to_digit(10).and_then(|n| u8::try_from(n).ok()).is_some_and(|n| self.choose(n));
            }
            FormField::Begin => false,
        };
        if fits && let Some(field) = self.texts.get_mut(self.at) {
            field.insert(c.encode_utf8(&mut [0; 4]));
        }
        fits
    }

    /// Chooses the answer with this number. False if there is none.
    pub fn choose(&mut self, number: u8) -> bool {
        match self.field() {
            FormField::Guess => {
                let guess = number.checked_sub(1).and_then(|at| Guess::ALL.get(usize::from(at)));
                self.guess = guess.copied().or(self.guess);
                guess.is_some()
            }
            FormField::Confidence if (1..=5).contains(&number) => {
                self.confidence = Some(number);
                true
            }
            _ => false,
        }
    }

    pub fn edit(&mut self, edit: Edit) {
        match (self.field(), edit) {
            (FormField::Guess, Edit::Left | Edit::Right) => {
                let at = self.guess.and_then(|guess| Guess::ALL.iter().position(|of| *of == guess));
                self.guess = Guess::ALL.get(stepped(at, edit, Guess::ALL.len())).copied();
            }
            (FormField::Confidence, Edit::Left | Edit::Right) => {
                let at = self.confidence.map(|n| usize::from(n) - 1);
                self.confidence = u8::try_from(stepped(at, edit, 5) + 1).ok();
            }
            (FormField::Guess, Edit::Backspace | Edit::Delete | Edit::Clear) => self.guess = None,
            (FormField::Confidence, Edit::Backspace | Edit::Delete | Edit::Clear) => self.confidence = None,
            _ => {
                if let Some(field) = self.texts.get_mut(self.at) {
                    field.edit(edit);
                }
            }
        }
    }

    /// What was filled in.
    ///
    /// # Errors
    /// The first field that can't be read, and why.
    pub fn read(&self, drill: &DrillScene<'_>) -> Result<(Hypothesis, Prediction), FormProblem> {
        let [within, bound, notified, contained] = &self.texts;
        let mut hypothesis = drill.view.course.hypothesis.clone();
        hypothesis.within = span(within).map_err(|why| (FormField::Within, why))?;
        hypothesis.at = number(bound).map_err(|why| (FormField::Bound, why))?;
        let prediction = Prediction {
            notified_within: optional(notified).map_err(|why| (FormField::Notified, why))?,
            contained_within: optional(contained).map_err(|why| (FormField::Contained, why))?,
            signal: self.guess,
            confidence: self.confidence,
        };
        Ok((hypothesis, prediction))
    }
}

/// What this seat has said that it expects.
pub(super) fn recorded(drill: &DrillScene<'_>) -> Prediction {
    let own = drill.view.people.predictions.iter().rev().find(|(seat, _)| seat == drill.seat);
    own.map_or_else(
        || Prediction { notified_within: None, contained_within: None, signal: None, confidence: None },
        |(_, prediction)| prediction.clone(),
    )
}

fn stepped(at: Option<usize>, edit: Edit, total: usize) -> usize {
    match (at, edit) {
        (None, Edit::Right) => 0,
        (None, _) => total - 1,
        (Some(at), Edit::Right) => (at + 1).min(total - 1),
        (Some(at), _) => at.saturating_sub(1),
    }
}

fn span(field: &Field) -> Result<Span, Shown> {
    field.text().trim().parse::<Span>().map_err(|why| SafeText::one_line(&why.to_string()).into())
}

fn optional(field: &Field) -> Result<Option<Span>, Shown> {
    if field.is_blank() { Ok(None) } else { span(field).map(Some) }
}

fn number(field: &Field) -> Result<f64, Shown> {
    let read = field.text().trim().parse::<f64>().ok().filter(|n| n.is_finite());
    read.ok_or_else(|| "a figure is expected; for example 50".into())
}
