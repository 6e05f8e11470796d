//! Guesses against outcomes.

use super::GuessRow;
use super::material::{Material, tenths};
use crate::projection::signals::{Limit, Outside, outside};
use crate::projection::view::Response;
use firedrill_model::{DrillTime, Guess, Outcome, SafeText, Span};

/// The longest window after a response in which its outcome is read.
pub(super) const WINDOW: Span = Span::from_secs(15 * 60);
/// From this time on, being outside counts as long.
pub(super) const LONG: Span = Span::from_secs(5 * 60);

/// One row for each response with a guess, read until the next one that changes the system. Without any sample of its window a guess can't be held against anything, and is left out.
pub(super) fn guesses(from: &Material<'_>) -> Vec<GuessRow> {
    // What turned out impossible did nothing that a guess could be held against.
    let had = from.view.responses.values().filter(|row| row.done.is_none() || row.succeeded());
    let guessed: Vec<_> = had.filter_map(|row| row.guess.map(|guess| (row, guess))).collect();
    // Looking and telling change nothing, so they don't end the window of what was done before.
    let changes = |row: &Response| {
        from.view.action(&row.action).is_none_or(firedrill_model::scenario::Action::changes_the_system)
    };
    let given: Vec<DrillTime> = guessed.iter().filter(|(row, _)| changes(row)).map(|(row, _)| row.given.at).collect();
    let rows = guessed.iter().filter_map(|(row, guess)| self::row(from, row, *guess, &given));
    rows.collect()
}

fn row(from: &Material<'_>, response: &Response, guess: Guess, given: &[DrillTime]) -> Option<GuessRow> {
    let hypothesis = &from.view.course.hypothesis;
    let limit = Limit { at: hypothesis.at, side: hypothesis.stays };
    let track = from.view.track(&hypothesis.signal)?;
    let at = response.given.at;
    let end = window_end(from, at, given);
    let found = outside(&track.track.samples, limit, at, end);
    if !found.measured {
        return None;
    }
    let outcome = outcome(found);
    Some(GuessRow {
        response: SafeText::one_line(&from.view.response_words(&response.action, response.target.as_ref())),
        since_fault: from.since_fault(at),
        seq: response.given.seq,
        guess,
        outcome,
        window: tenths(end.since(at).as_secs_f64()),
        seconds_outside: tenths(found.total.as_secs_f64()),
        agrees: agrees(guess, outcome),
    })
}

/// Until the next of `others`, fifteen minutes, or the end of the experiment, whichever comes first.
pub(super) fn window_end(from: &Material<'_>, at: DrillTime, others: &[DrillTime]) -> DrillTime {
    let next = others.iter().copied().filter(|other| *other > at).min();
    let end = if from.end() > at { from.end() } else { from.view.now };
    next.unwrap_or(end).min(end).min(at + WINDOW)
}

pub(super) fn outcome(found: Outside) -> Outcome {
    match found {
        Outside { at_start: true, .. } => Outcome::AlreadyOutside,
        Outside { first: None, .. } => Outcome::Stayed,
        Outside { total, .. } if total < LONG => Outcome::Brief,
        Outside { .. } => Outcome::Long,
    }
}

pub(super) fn agrees(guess: Guess, outcome: Outcome) -> Option<bool> {
    let expected = match guess {
        Guess::Stays => Outcome::Stayed,
        Guess::Brief => Outcome::Brief,
        Guess::Long => Outcome::Long,
        Guess::NoIdea => return None,
    };
    (outcome != Outcome::AlreadyOutside).then_some(outcome == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(at_start: bool, outside: Option<u64>) -> Outside {
        let total = Span::from_secs(outside.unwrap_or_default());
        Outside { measured: true, at_start, first: outside.map(|_| DrillTime::ZERO), total, worst: None }
    }

    #[test]
    fn five_minutes_are_long() {
        assert_eq!(outcome(found(false, None)), Outcome::Stayed);
        assert_eq!(outcome(found(false, Some(299))), Outcome::Brief);
        assert_eq!(outcome(found(false, Some(300))), Outcome::Long);
        assert_eq!(outcome(found(true, Some(10))), Outcome::AlreadyOutside);
    }

    #[test]
    fn no_idea_is_never_held_against_anyone() {
        assert_eq!(agrees(Guess::NoIdea, Outcome::Long), None);
        assert_eq!(agrees(Guess::Stays, Outcome::AlreadyOutside), None);
        assert_eq!(agrees(Guess::Stays, Outcome::Stayed), Some(true));
        assert_eq!(agrees(Guess::Brief, Outcome::Long), Some(false));
    }
}
