//! Guesses against outcomes. A guess is about every signal that has a limit: that all stay within them, or that one or more leave them, and for
//! how long. Each signal is held against it, and together they are what the one was that was furthest off.

use super::material::{Material, tenths};
use super::{GuessRow, GuessedSignal};
use crate::projection::cause::WINDOW;
use crate::projection::signals::{Outside, Track, outside};
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
    let at = response.given.at;
    let end = window_end(from, at, given);
    let signals: Vec<GuessedSignal> =
        from.view.tracks().filter_map(|track| self::signal(&track, guess, at, end)).collect();
    let outcome = of_all(signals.iter().map(|signal| signal.outcome))?;
    Some(GuessRow {
        response: SafeText::one_line(&from.view.response_words(&response.action, response.target.as_ref())),
        since_fault: from.since_fault(at),
        seq: response.given.seq,
        guess,
        outcome,
        window: tenths(end.since(at).as_secs_f64()),
        seconds_outside: signals.iter().fold(0.0, |most, signal| signal.seconds_outside.max(most)),
        agrees: agrees(guess, outcome),
        signals,
    })
}

/// What a signal with a limit did in the window, if any sample tells of it.
fn signal(track: &Track<'_>, guess: Guess, at: DrillTime, end: DrillTime) -> Option<GuessedSignal> {
    let limit = track.limit?;
    let found = outside(&track.track.samples, limit, at, end);
    let outcome = Some(found).filter(|found| found.measured).map(outcome)?;
    let (bound, beyond) = (wording::limit(track.signal, limit.at), wording::beyond(limit.side));
    let total = wording::length(found.total);
    let words = match outcome {
        Outcome::Stayed => shown!("stayed {} {}", wording::at_home(limit.side), bound),
        Outcome::Brief | Outcome::Long if !found.at_end => shown!("went {} {} for {}", beyond, bound, total),
        Outcome::Brief | Outcome::Long | Outcome::Undecided => {
            shown!("went {} {} for {}, and was still there when the window ended", beyond, bound, total)
        }
        Outcome::AlreadyOutside => shown!("was {} {} already", beyond, bound),
    };
    Some(GuessedSignal {
        signal: track.signal.title.clone(),
        outcome,
        seconds_outside: tenths(found.total.as_secs_f64()),
        agrees: bears_out(guess, outcome),
        words: SafeText::one_line(&words),
    })
}

/// What all signals did together: what the one did that was furthest off. Nothing without any.
fn of_all(outcomes: impl Iterator<Item = Outcome>) -> Option<Outcome> {
    // What is still outside at the end of the window may yet be so for long.
    let how_far = |outcome: &Outcome| match outcome {
        Outcome::Stayed => 0,
        Outcome::AlreadyOutside => 1,
        Outcome::Brief => 2,
        Outcome::Undecided => 3,
        Outcome::Long => 4,
    };
    outcomes.max_by_key(how_far)
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

/// Whether one signal did as guessed. That it stayed says nothing where the guess is that one or more of them leave their limits.
fn bears_out(guess: Guess, outcome: Outcome) -> Option<bool> {
    match (guess, outcome) {
        (Guess::Stays, _) | (Guess::Brief, Outcome::Brief | Outcome::Long) | (Guess::Long, Outcome::Long) => {
            agrees(guess, outcome)
        }
        (Guess::NoIdea, _)
        | (Guess::Brief, Outcome::Stayed | Outcome::AlreadyOutside | Outcome::Undecided)
        | (Guess::Long, Outcome::Stayed | Outcome::AlreadyOutside | Outcome::Undecided | Outcome::Brief) => None,
    }
}

/// Whether a guess agrees with what the signals did together.
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
    fn signals_together_are_what_the_one_furthest_off_was() {
        use Outcome::{AlreadyOutside, Brief, Long, Stayed, Undecided};
        assert_eq!(of_all([].into_iter()), None);
        assert_eq!(of_all([Stayed, Stayed].into_iter()), Some(Stayed));
        assert_eq!(of_all([Stayed, AlreadyOutside].into_iter()), Some(AlreadyOutside), "that all stay can't be told");
        assert_eq!(of_all([Brief, Stayed, AlreadyOutside].into_iter()), Some(Brief));
        assert_eq!(of_all([Undecided, Brief].into_iter()), Some(Undecided), "it may yet be long");
        assert_eq!(of_all([Undecided, Long, Brief].into_iter()), Some(Long));
    }

    #[test]
    fn a_signal_that_stayed_does_not_gainsay_that_another_leaves() {
        assert_eq!(bears_out(Guess::Brief, Outcome::Stayed), None);
        assert_eq!(bears_out(Guess::Brief, Outcome::Brief), Some(true));
        assert_eq!(bears_out(Guess::Brief, Outcome::Long), Some(false));
        assert_eq!(bears_out(Guess::Long, Outcome::Brief), None);
        assert_eq!(bears_out(Guess::Stays, Outcome::Undecided), Some(false));
        assert_eq!(bears_out(Guess::NoIdea, Outcome::Long), None);
    }

    #[test]
    fn no_idea_is_never_held_against_anyone() {
        assert_eq!(agrees(Guess::NoIdea, Outcome::Long), None);
        assert_eq!(agrees(Guess::Stays, Outcome::AlreadyOutside), None);
        assert_eq!(agrees(Guess::Stays, Outcome::Stayed), Some(true));
        assert_eq!(agrees(Guess::Brief, Outcome::Long), Some(false));
    }
}
