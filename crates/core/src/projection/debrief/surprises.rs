//! What surprised: computed from the record, one of each kind at most. Where the record shows no surprise, none is told.

use serde::Serialize;

use super::course::ConfidencePoint;
use super::material::{Material, drill_seconds};
use super::second_order::SideEffect;
use super::{GuessRow, GuessedSignal, guesses};
use crate::projection::view::{FindingRow, Mark, Stamp};
use crate::projection::wording;
use firedrill_model::id::DrillId;
use firedrill_model::{DrillTime, Finding, Guess, Joined, Outcome, SafeText, Shown, Span, shown};

/// A fall of confidence of fewer levels is no news.
const DIP: u8 = 2;
/// A shorter silence is none.
const SILENCE: Span = Span::from_secs(5 * 60);
/// What was taken on sooner did not lie.
const UNREAD: Span = Span::from_secs(2 * 60);

/// Something that surprised, and the second of the drill at which to look.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surprise {
    /// `guess`, `prediction`, `confidence`, `silence`, `unread`, `second-order` or `came-back`.
    pub kind: Shown,
    /// A few words for it.
    pub label: Shown,
    /// What the record shows.
    pub text: SafeText,
    /// Seconds since the drill began.
    pub at: f64,
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// As people see it: `T+12:25`.
    pub t: Shown,
    /// Number of the entry to jump to.
    pub seq: u64,
    /// The command that replays it: from the first whole second at which it has happened.
    pub jump: Shown,
    /// Its moment, to jump to from the screens.
    #[serde(skip)]
    pub moment: DrillTime,
}

/// A surprise that was found: where it is, and what it says.
type Found = (Stamp, Shown);

pub(super) fn surprises(
    from: &Material<'_>,
    drill: &DrillId,
    confidence: &[ConfidencePoint],
    effects: &[SideEffect],
) -> Vec<Surprise> {
    if !from.open || from.view.fault().is_none() {
        return Vec::new();
    }
    let found = [
        ("guess", "Furthest from its guess", guess(from)),
        ("prediction", "Later than predicted", prediction(from)),
        ("confidence", "Confidence fell", dip(from, confidence)),
        ("silence", "The longest silence", silence(from)),
        ("unread", "What lay unread the longest", unread(from)),
        ("second-order", "A response with a second-order effect", second_order(effects)),
        ("came-back", "It came back", came_back(effects)),
    ];
    let rows = found.into_iter().filter_map(|(kind, label, found)| {
        let (stamp, text) = found?;
        Some(Surprise {
            kind: kind.into(),
            label: label.into(),
            text: SafeText::one_line(&text),
            at: drill_seconds(stamp.at),
            since_fault: from.since_fault(stamp.at),
            seq: stamp.seq,
            t: from.view.t(stamp.at),
            jump: shown!("firedrill replay {} --at {}", drill, from.view.zero().t_at_last(stamp.at)),
            moment: stamp.at,
        })
    });
    rows.collect()
}

fn stamp_near(from: &Material<'_>, at: DrillTime) -> Stamp {
    from.view.stamp_at(at)
}

/// The guess that was furthest from what happened; of equal ones, the one after which the signal was outside for longer.
fn guess(from: &Material<'_>) -> Option<Found> {
    let rows = guesses::guesses(from).into_iter().filter(|row| gap(row) > 0);
    let widest = rows.max_by(|a, b| {
        gap(a).cmp(&gap(b)).then(a.seconds_outside.total_cmp(&b.seconds_outside)).then(b.seq.cmp(&a.seq))
    })?;
    let response = from.view.responses.values().find(|row| row.given.seq == widest.seq)?;
    let left = |signal: &&GuessedSignal| match signal.outcome {
        Outcome::Brief | Outcome::Long | Outcome::Undecided => true,
        Outcome::Stayed | Outcome::AlreadyOutside => false,
    };
    let did: Vec<Shown> =
        widest.signals.iter().filter(left).map(|signal| shown!("{} {}", signal.signal, signal.words)).collect();
    let did = if did.is_empty() { Shown::from("all stayed within them") } else { did.joined("; ") };
    let guess = wording::guess_of_signals(widest.guess);
    Some((response.given, shown!("Before '{}' the guess was that {}; {}.", widest.response, guess, did)))
}

/// How many answers a guess is away from what happened.
fn gap(row: &GuessRow) -> u8 {
    let guessed = match row.guess {
        Guess::Stays => 0,
        Guess::Brief => 1,
        Guess::Long => 2,
        Guess::NoIdea => return 0,
    };
    let happened: u8 = match row.outcome {
        Outcome::Stayed => 0,
        Outcome::Brief => 1,
        Outcome::Long => 2,
        Outcome::Undecided => return u8::from(guessed == 0),
        Outcome::AlreadyOutside => return 0,
    };
    happened.abs_diff(guessed)
}

/// The prediction of a time that was passed by most; what never happened was passed by as long as the experiment went on.
fn prediction(from: &Material<'_>) -> Option<Found> {
    let (fault, end) = from.experiment()?;
    let said = from.view.people.predictions.iter().flat_map(|(_, prediction)| {
        let notified = prediction.notified_within.map(|span| (span, Mark::Notified, "notified"));
        let contained = prediction.contained_within.map(|span| (span, Mark::ContainmentEffective, "contained"));
        notified.into_iter().chain(contained)
    });
    let late = said.filter_map(|(span, mark, what)| {
        let stamp = from.mark(mark);
        let took = stamp.map_or(end, |stamp| stamp.at).since(fault);
        (took > span).then(|| (took - span, span, took, stamp, what))
    });
    let (over, span, took, stamp, what) = late.max_by_key(|(over, ..)| *over)?;
    let (span_words, over, took) = (wording::length(span), wording::length(over), wording::length(took));
    let text = if stamp.is_some() {
        shown!("'{}' was predicted within {} of the fault; it took {}, {} longer.", what, span_words, took, over)
    } else {
        shown!(
            "'{}' was predicted within {} of the fault; it had not happened when the experiment ended after {}.",
            what,
            span_words,
            took
        )
    };
    Some((stamp.unwrap_or_else(|| stamp_near(from, fault + span)), text))
}

/// The deepest fall below what had been said before, be it in one step or in several.
fn dip(from: &Material<'_>, points: &[ConfidencePoint]) -> Option<Found> {
    let falls = points.iter().enumerate().filter_map(|(at, after)| {
        // The nearest of the highest ones before.
        let before = points.iter().take(at).max_by_key(|point| (point.confidence, point.seq))?;
        let fall = before.confidence.checked_sub(after.confidence).filter(|fall| *fall >= DIP)?;
        Some((fall, before, after))
    });
    let (_, before, after) = falls.max_by_key(|(fall, _, after)| (*fall, core::cmp::Reverse(after.seq)))?;
    let text = shown!(
        "Confidence was {} of 5 after '{}' and {} of 5 after '{}'.",
        before.confidence,
        before.step,
        after.confidence,
        after.step
    );
    let mut answered = from.view.playbook.steps.iter().filter_map(|row| row.answered);
    Some((answered.find(|stamp| stamp.seq == after.seq)?, text))
}

/// The longest time, once the team knew of something, in which nobody did or said anything. What was under way is told with it. Only time
/// in which the drill clock kept to real time counts: what went by faster was not waited for by anybody.
fn silence(from: &Material<'_>) -> Option<Found> {
    let (_, end) = from.experiment()?;
    let known = from.view.first_known()?;
    let mut moments: Vec<(Stamp, bool)> =
        deeds(from).into_iter().filter(|(deed, _)| deed.at >= known.at && deed.at <= end).collect();
    moments.push((known, false));
    moments.sort_by_key(|(stamp, _)| (stamp.at, stamp.seq));
    let ends = moments.iter().skip(1).map(|(stamp, _)| stamp.at);
    // After the last deed the team may just have been done: a silence up to the end counts only while something was asked for.
    let open = from.view.playbook.steps.iter().any(|row| row.prompted.is_some() && row.end.is_none());
    let nothing_asked = from.view.playbook.steps.iter().all(|row| row.prompted.is_none());
    let ends = ends.chain((open || nothing_asked).then_some(end));
    let real = |from_: DrillTime, until: DrillTime| until.since(from_) - from.view.course.clock.fast(from_, until);
    // Whoever has a dialogue open reads or writes.
    let silent = moments.iter().zip(ends).filter(|((_, busy), _)| !busy).map(|((stamp, _), until)| (*stamp, until));
    let (from_, until) = silent.max_by_key(|(stamp, until)| real(stamp.at, *until))?;
    let length = real(from_.at, until);
    if length < SILENCE {
        return None;
    }
    let waiting = under_way(from, from_.at, until);
    let fast = until.since(from_.at) - length;
    let fast = if fast < Span::from_secs(1) {
        Shown::default()
    } else {
        shown!(" Another {} of the drill, which went by faster than real time, are not counted.", wording::length(fast))
    };
    Some((from_, shown!("For {} nobody did or said anything.{}{}", wording::length(length), fast, waiting)))
}

/// When people did or said something; true where a dialogue was opened, so that somebody was at it from then on.
fn deeds(from: &Material<'_>) -> Vec<(Stamp, bool)> {
    let view = from.view;
    let findings = view.board.findings.iter();
    let findings = findings.flat_map(|row| row.acknowledged.into_iter().chain(row.judged.as_ref().map(|said| said.0)));
    let responses = view.responses.values().map(|row| row.given);
    let notes = view.people.notes.iter().map(|(stamp, ..)| *stamp);
    let evidence = view.people.evidence.iter().map(|row| row.stamp);
    let steps = view.playbook.steps.iter();
    let steps = steps.flat_map(|row| row.answered.into_iter().chain(row.end.as_ref().map(|end| end.stamp)));
    let taken = view.board.taken_on;
    let said = findings.chain(responses).chain(notes).chain(evidence).chain(steps).chain(taken);
    said.map(|stamp| (stamp, false)).chain(view.people.attention.iter().copied()).collect()
}

fn under_way(from: &Material<'_>, begin: DrillTime, end: DrillTime) -> Shown {
    let during = from.view.responses.values().filter(|row| {
        row.given.at <= begin && row.done.as_ref().map_or(end, |(done, _)| done.at).since(begin) > Span::ZERO
    });
    let titles: Vec<Shown> =
        during.map(|row| shown!("'{}'", from.view.response_words(&row.action, row.target.as_ref()))).collect();
    if titles.is_empty() { Shown::default() } else { shown!(" Under way meanwhile: {}.", wording::list(&titles)) }
}

/// The finding of the incident that lay the longest until somebody took it on, or the incident, or acted where it was made; or up to the
/// end. What was no sign of the incident counts for nothing.
fn unread(from: &Material<'_>) -> Option<Found> {
    let (_, end) = from.experiment()?;
    let made = from.view.truth.created.iter();
    let made = made.filter(|(stamp, finding)| stamp.at <= end && from.view.is_of_incident(finding));
    let rows = made.map(|(stamp, finding)| {
        let row = from.view.board.finding(&finding.id);
        let taken = cared_for(from, *stamp, finding, row).filter(|at| *at <= end);
        (taken.unwrap_or(end).since(stamp.at), *stamp, finding, row, taken)
    });
    let (lay, stamp, finding, row, taken) =
        rows.max_by_key(|(lay, stamp, ..)| (*lay, core::cmp::Reverse(stamp.seq)))?;
    if lay < UNREAD {
        return None;
    }
    let time = wording::length(lay);
    let what = shown!("{} on {}", finding.kind, from.view.target_title(&finding.resource));
    let text = match (row, taken) {
        (None, None) => {
            shown!("{} was made, and nobody was told of it or saw it in the {} that were left.", what, time)
        }
        (None, Some(_)) => {
            shown!("{} was made, and nobody was told of it or saw it; the incident was taken on {} later.", what, time)
        }
        (Some(row), taken) => {
            let until = if taken.is_some() { "somebody took it on or acted on it" } else { "the experiment ended" };
            shown!("{} lay for {} until {}. {}", what, time, until, reached_team(from, stamp, row))
        }
    };
    Some((stamp, text))
}

/// When somebody first took a finding on, or the incident once it was known, or acted at the thing that it is about.
fn cared_for(from: &Material<'_>, made: Stamp, finding: &Finding, row: Option<&FindingRow>) -> Option<DrillTime> {
    let own = row.and_then(|row| row.acknowledged).map(|stamp| stamp.at);
    let incident = from.mark(Mark::Acknowledged).map(|stamp| stamp.at.max(made.at));
    let there = from.view.responses.values().filter(|one| one.target.as_ref() == Some(&finding.resource));
    let there = there.map(|one| one.given.at).filter(|at| *at >= made.at);
    own.into_iter().chain(incident).chain(there).min()
}

/// How a finding reached the team: by a channel, or by somebody who looked.
fn reached_team(from: &Material<'_>, made: Stamp, row: &FindingRow) -> Shown {
    let after = wording::length(row.seen.at.since(made.at));
    if let Some(channel) = &row.via {
        shown!("{} told of it {} after it was made.", from.view.channel_title(channel), after)
    } else {
        shown!("Somebody who looked saw it {} after it was made.", after)
    }
}

/// The first response after which something else happened; one with which evidence went stands before the others.
fn second_order(effects: &[SideEffect]) -> Option<Found> {
    let after = effects.iter().filter(|effect| effect.run.is_some());
    let first = after.min_by_key(|effect| (!effect.lost, effect.stamp.at, effect.stamp.seq))?;
    Some((first.stamp, Shown::from(&first.text)))
}

fn came_back(effects: &[SideEffect]) -> Option<Found> {
    let back = effects.iter().filter(|effect| effect.back);
    let first = back.min_by_key(|effect| effect.stamp.seq)?;
    Some((first.stamp, Shown::from(&first.text)))
}
