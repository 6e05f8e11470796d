//! What is said of two drills side by side.

use super::{Ghost, Milestone, Row};
use crate::projection::View;
use crate::projection::debrief;
use firedrill_model::phase::Phase;
use firedrill_model::{SafeText, Shown, Span, shown};

/// Closer than this is called the same time: what people do is known to a second.
const SAME: Span = Span::from_secs(1);

/// What a milestone is called.
pub(super) fn label(what: &Milestone, view: &View) -> SafeText {
    match what {
        Milestone::Mark(mark) => debrief::mark_label(*mark).into(),
        Milestone::Step(step, true) => SafeText::one_line(&shown!("Step '{}' done", view.step_title(step))),
        Milestone::Step(step, false) => SafeText::one_line(&shown!("Step '{}' left out", view.step_title(step))),
        Milestone::Response(action) => SafeText::one_line(&shown!("Response '{}'", view.action_title(action))),
    }
}

impl Ghost {
    /// `Acknowledged: 2:10 earlier than last time`.
    #[must_use]
    pub fn sentence(&self, row: &Row, view: &View) -> SafeText {
        SafeText::one_line(&shown!("{}: {}", row.label, self.difference(row, view)))
    }

    /// `2:10 earlier than last time`.
    #[must_use]
    pub fn difference(&self, row: &Row, view: &View) -> SafeText {
        let then = &self.then;
        let over = view.course.phase >= Phase::Verify;
        SafeText::one_line(&match (row.here, row.then) {
            (Some(here), Some(at)) => match apart(here, at) {
                Some((gap, true)) => shown!("{} earlier than {}", gap, then),
                Some((gap, false)) => shown!("{} later than {}", gap, then),
                None => shown!("at the same time as {}", then),
            },
            (Some(_), None) if row.untold => shown!("{} it had not happened by now", then),
            (Some(_), None) => shown!("{} it did not happen", then),
            (None, Some(at)) if over => shown!("did not happen; {} at {}", then, at.clock()),
            (None, Some(at)) => shown!("has not happened yet; {} at {}", then, at.clock()),
            (None, None) => Shown::default(),
        })
    }

    /// What there is to say before anything can be compared.
    #[must_use]
    pub fn opening(&self) -> SafeText {
        let mut said = shown!("Beside this drill: {}, counted from the fault.", self.drill);
        if !self.began {
            said.push(" Its fault never became active, so there is nothing to compare.");
        }
        for note in &self.notes {
            said.push(" ");
            said.push(note);
        }
        SafeText::one_line(&said)
    }
}

/// How far apart two moments are, and whether the first is the earlier. Nothing: at the same time.
fn apart(here: Span, then: Span) -> Option<(Shown, bool)> {
    let gap = Span(here.0.abs_diff(then.0));
    let text = gap.clock();
    (gap >= SAME).then(|| (text.part(usize::from(text.starts_with('0'))..), here < then))
}
