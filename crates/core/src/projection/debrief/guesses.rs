//! Guesses against outcomes.

use super::GuessRow;
use super::material::{Material, tenths};
use crate::projection::cause::WINDOW;
use crate::projection::signals::{Limit, Outside, Track, outside};
use crate::projection::view::Response;
use crate::projection::wording;
use firedrill_model::{DrillTime, Guess, Outcome, SafeText, Span, shown};

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
    let others = from.view.tracks().filter(|other| other.signal.id != hypothesis.signal);
    let others = others.filter_map(|other| left_as_well(&other, at, end));
    Some(GuessRow {
        signal: track.signal.title.clone(),
        others: others.collect(),
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

/// What another signal with a limit did in the window, if it left its limit there: `Website errors went over 0.5 % for 20 s`.
fn left_as_well(track: &Track<'_>, at: DrillTime, end: DrillTime) -> Option<SafeText> {
    let limit = track.limit?;
    let found = outside(&track.track.samples, limit, at, end);
    found.first.filter(|_| !found.at_start)?;
    let (beyond, bound) = (wording::beyond(limit.side), wording::limit(track.signal, limit.at));
    let still = if found.at_end { ", and was still there when the window ended" } else { "" };
    let text = shown!("{} went {} {} for {}{}", track.signal.title, beyond, bound, wording::length(found.total), still);
    Some(SafeText::one_line(&text))
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
        Outside { total, .. } if total >= LONG => Outcome::Long,
        Outside { at_end: true, .. } => Outcome::Undecided,
        Outside { .. } => Outcome::Brief,
    }
}

pub(super) fn agrees(guess: Guess, outcome: Outcome) -> Option<bool> {
    let expected = match guess {
        Guess::Stays => Outcome::Stayed,
        Guess::Brief => Outcome::Brief,
        Guess::Long => Outcome::Long,
        Guess::NoIdea => return None,
    };
    match outcome {
        Outcome::AlreadyOutside => None,
        // For how long isn't known; that it didn't stay is.
        Outcome::Undecided => (guess == Guess::Stays).then_some(false),
        Outcome::Stayed | Outcome::Brief | Outcome::Long => Some(outcome == expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(at_start: bool, outside: Option<u64>) -> Outside {
        let total = Span::from_secs(outside.unwrap_or_default());
        Outside { measured: true, at_start, first: outside.map(|_| DrillTime::ZERO), total, at_end: false, worst: None }
    }

    #[test]
    fn five_minutes_are_long() {
        assert_eq!(outcome(found(false, None)), Outcome::Stayed);
        assert_eq!(outcome(found(false, Some(299))), Outcome::Brief);
        assert_eq!(outcome(found(false, Some(300))), Outcome::Long);
        assert_eq!(outcome(found(true, Some(10))), Outcome::AlreadyOutside);
    }

    #[test]
    fn what_is_still_outside_at_the_end_is_undecided_unless_it_was_long_already() {
        let still = |secs| Outside { at_end: true, ..found(false, Some(secs)) };
        assert_eq!(outcome(still(299)), Outcome::Undecided);
        assert_eq!(outcome(still(300)), Outcome::Long);
        assert_eq!(agrees(Guess::Brief, Outcome::Undecided), None);
        assert_eq!(agrees(Guess::Stays, Outcome::Undecided), Some(false), "it did not stay");
    }

    #[test]
    fn no_idea_is_never_held_against_anyone() {
        assert_eq!(agrees(Guess::NoIdea, Outcome::Long), None);
        assert_eq!(agrees(Guess::Stays, Outcome::AlreadyOutside), None);
        assert_eq!(agrees(Guess::Stays, Outcome::Stayed), Some(true));
        assert_eq!(agrees(Guess::Brief, Outcome::Long), Some(false));
    }
}
