//! What is said of two drills side by side.

use super::{Ghost, Milestone, Row};
use crate::projection::View;
use crate::projection::debrief;
use firedrill_model::phase::Phase;
use firedrill_model::{SafeText, Span};

/// Closer than this is called the same time: what people do is known to a second.
const SAME: Span = Span::from_secs(1);

/// What a milestone is called.
pub(super) fn label(what: &Milestone, view: &View) -> SafeText {
    match what {
        Milestone::Mark(mark) => debrief::mark_label(*mark).into(),
        Milestone::Step(step, true) => SafeText::one_line(&format!("Step '{}' done", view.step_title(step))),
        Milestone::Step(step, false) => SafeText::one_line(&format!("Step '{}' left out", view.step_title(step))),
        Milestone::Response(action) => SafeText::one_line(&format!("Response '{}'", view.action_title(action))),
    }
}

impl Ghost {
    /// `Acknowledged: 2:10 earlier than last time`.
    #[must_use]
    pub fn sentence(&self, row: &Row, view: &View) -> SafeText {
        SafeText::one_line(&format!("{}: {}", row.label, self.difference(row, view)))
    }

    /// `2:10 earlier than last time`.
    #[must_use]
    pub fn difference(&self, row: &Row, view: &View) -> SafeText {
        let then = &self.then;
        let over = view.course.phase >= Phase::Verify;
        SafeText::one_line(&match (row.here, row.then) {
            (Some(here), Some(at)) => match apart(here, at) {
                Some((gap, true)) => format!("{gap} earlier than {then}"),
                Some((gap, false)) => format!("{gap} later than {then}"),
                None => format!("at the same time as {then}"),
            },
            (Some(_), None) if row.untold => format!("{then} it had not happened by now"),
            (Some(_), None) => format!("{then} it did not happen"),
            (None, Some(at)) if over => format!("did not happen; {then} at {}", at.clock()),
            (None, Some(at)) => format!("has not happened yet; {then} at {}", at.clock()),
            (None, None) => String::new(),
        })
    }

    /// What there is to say before anything can be compared.
    #[must_use]
    pub fn opening(&self) -> SafeText {
        let mut said = format!("Beside this drill: {}, counted from the fault.", self.drill);
        if !self.began {
            said.push_str(" Its fault never became active, so there is nothing to compare.");
        }
        for note in &self.notes {
            said.push(' ');
            said.push_str(note.as_str());
        }
        SafeText::one_line(&said)
    }
}

/// How far apart two moments are, and whether the first is the earlier. Nothing: at the same time.
fn apart(here: Span, then: Span) -> Option<(String, bool)> {
    let gap = Span(here.0.abs_diff(then.0));
    let text = gap.clock();
    (gap >= SAME).then(|| (text.strip_prefix('0').unwrap_or(&text).to_owned(), here < then))
}
