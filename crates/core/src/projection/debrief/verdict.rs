//! The verdict on each part of the hypothesis.

use super::material::Material;
use super::{PartVerdict, Verdict};
use crate::projection::signals::{Limit, Outside, Track, outside};
use crate::projection::wording;
use firedrill_model::id::{ChannelId, FindingId};
use firedrill_model::{DrillTime, Finding, SafeText, Span};

/// The verdict on the whole: held only if every part was measured and held.
pub(super) fn overall(parts: &[PartVerdict]) -> Verdict {
    let any = |verdict| parts.iter().any(|part| part.verdict == verdict);
    match (any(Verdict::Deviated), any(Verdict::NotMeasured)) {
        (true, _) => Verdict::Deviated,
        (false, true) => Verdict::NotMeasured,
        (false, false) => Verdict::Held,
    }
}

pub(super) fn parts(from: &Material<'_>) -> Vec<PartVerdict> {
    let hypothesis = &from.view.course.hypothesis;
    let detector = from.view.detector_title(&hypothesis.detector);
    let within = wording::length(hypothesis.within);
    let signal = bound_words(from);
    let told = match from.experiment() {
        Some((fault, end)) => [detected(from, fault, end), notified(from, fault, end), signal_stayed(from, fault, end)],
        None => [unmeasured(from), unmeasured(from), unmeasured(from)],
    };
    let expected = [
        ("detected", format!("{detector} makes a finding")),
        ("notified", format!("{detector} notifies {} within {within}", hypothesis.team)),
        ("signal", format!("{signal} from the fault to the end of the experiment")),
    ];
    let rows = expected.into_iter().zip(told);
    rows.map(|((part, expected), (verdict, found))| PartVerdict {
        part: part.to_owned(),
        expected: SafeText::one_line(&expected),
        verdict,
        found: SafeText::one_line(&found),
    })
    .collect()
}

type Found = (Verdict, String);

fn unmeasured(from: &Material<'_>) -> Found {
    let why = match (from.open, from.view.fault()) {
        (true, _) => "The fault did not become active in this drill.",
        (false, Some(_)) => "The experiment is not over yet.",
        (false, None) => "The experiment has not begun yet.",
    };
    (Verdict::NotMeasured, why.to_owned())
}

/// A finding of the hypothesis' detector, and no false alarm.
pub(super) fn is_wanted(from: &Material<'_>, finding: &Finding) -> bool {
    finding.detector == from.view.course.hypothesis.detector && !from.view.is_noise(finding)
}

fn detected(from: &Material<'_>, fault: DrillTime, end: DrillTime) -> Found {
    let detector = &from.view.course.hypothesis.detector;
    let title = from.view.detector_title(detector);
    let created = from.view.truth.created.iter();
    let own = created.filter(|(stamp, finding)| is_wanted(from, finding) && stamp.at >= fault && stamp.at <= end);
    match own.map(|(stamp, _)| stamp.at).min() {
        Some(at) => {
            let time = wording::length(at.since(fault));
            (Verdict::Held, format!("{title} made a finding {time} after the fault."))
        }
        None => absent(from, fault, end, &format!("{title} made no finding")),
    }
}

fn notified(from: &Material<'_>, fault: DrillTime, end: DrillTime) -> Found {
    let hypothesis = &from.view.course.hypothesis;
    let rows = from.view.board.findings.iter().filter(|row| is_wanted(from, &row.finding));
    let own: Vec<_> = rows.filter(|row| row.seen.at >= fault && row.seen.at <= end).collect();
    let told = own.iter().filter_map(|row| row.told).map(|stamp| stamp.at).filter(|at| *at <= end).min();
    if let Some(at) = told {
        let time = at.since(fault);
        let text = format!("The team was notified {} after the fault.", wording::length(time));
        if time <= hypothesis.within {
            return (Verdict::Held, text);
        }
        let late = wording::length(time - hypothesis.within);
        return (Verdict::Deviated, format!("{text} That is {late} later than expected."));
    }
    let looked = own.first().map_or_else(String::new, |row| {
        let time = wording::length(row.seen.at.since(fault));
        format!(" Somebody who looked saw the finding {time} after the fault.")
    });
    if let Some(channel) = lost_on(from, end) {
        let title = from.view.channel_title(channel);
        return (Verdict::Deviated, format!("Nobody was notified: {title} delivered nothing.{looked}"));
    }
    let (verdict, text) = absent(from, fault, end, "Nobody was notified");
    (verdict, text + &looked)
}

/// The channel on which a finding of the hypothesis' detector was lost.
fn lost_on<'a>(from: &Material<'a>, end: DrillTime) -> Option<&'a ChannelId> {
    let truth = &from.view.truth;
    let of_another = |id: &FindingId| truth.created.iter().any(|(_, made)| made.id == *id && !is_wanted(from, made));
    let lost = truth.lost.iter().find(|(stamp, _, finding)| stamp.at <= end && !of_another(finding));
    lost.map(|(_, channel, _)| channel)
}

/// What did not happen deviates only if the experiment lasted for as long as it was given time.
fn absent(from: &Material<'_>, fault: DrillTime, end: DrillTime, what: &str) -> Found {
    let lasted = end.since(fault);
    let time = wording::length(lasted);
    if lasted >= from.view.course.hypothesis.within {
        (Verdict::Deviated, format!("{what} in the {time} of the experiment."))
    } else {
        let given = wording::length(from.view.course.hypothesis.within);
        (
            Verdict::NotMeasured,
            format!("{what}, but the experiment ended {time} after the fault, before {given} were over."),
        )
    }
}

fn signal_stayed(from: &Material<'_>, fault: DrillTime, end: DrillTime) -> Found {
    let hypothesis = &from.view.course.hypothesis;
    let limit = Limit { at: hypothesis.at, side: hypothesis.stays };
    let Some(track) = from.view.track(&hypothesis.signal) else {
        return (Verdict::NotMeasured, format!("The scenario has no signal '{}'.", hypothesis.signal));
    };
    let found = signal_after(&track, limit, fault, end);
    let complete = track.track.samples.first().is_some_and(|(first, _)| *first <= fault + SAMPLE_GAP);
    match (found.measured, found.first) {
        (false, _) => (Verdict::NotMeasured, "There are no samples between the fault and the end.".to_owned()),
        (true, Some(first)) => (Verdict::Deviated, left(&track, limit, found, first.since(fault))),
        (true, None) if !complete => {
            (Verdict::NotMeasured, "The samples right after the fault are not in the record.".to_owned())
        }
        (true, None) => {
            let worst = found.worst.map_or_else(String::new, |worst| wording::figure(track.signal, worst));
            let (title, beyond) = (&track.signal.title, wording::beyond(limit.side));
            (Verdict::Held, format!("{title} was never {beyond} its bound; at its worst it was {worst}."))
        }
    }
}

/// A first sample later than this after the fault leaves a gap about which nothing can be said.
const SAMPLE_GAP: Span = Span::from_secs(60);

/// What the hypothesis' signal did from the fault to the end, the sample at the very end included.
pub(super) fn signal_after(track: &Track<'_>, limit: Limit, fault: DrillTime, end: DrillTime) -> Outside {
    outside(&track.track.samples, limit, fault, end + Span(1))
}

fn left(track: &Track<'_>, limit: Limit, found: Outside, after: Span) -> String {
    let (beyond, bound) = (wording::beyond(limit.side), wording::limit(track.signal, limit.at));
    let (after, total) = (wording::length(after), wording::length(found.total));
    let worst = found.worst.map_or_else(String::new, |worst| wording::figure(track.signal, worst));
    let title = &track.signal.title;
    format!(
        "{title} went {beyond} {bound} {after} after the fault and was there for {total} in all; at its worst {worst}."
    )
}

/// The bound as a phrase: `Personalization latency p99 stays at or under 50 ms`.
pub(super) fn bound_words(from: &Material<'_>) -> String {
    let hypothesis = &from.view.course.hypothesis;
    let home = wording::at_home(hypothesis.stays);
    from.view.track(&hypothesis.signal).map_or_else(
        || format!("{} stays {home} {}", hypothesis.signal, hypothesis.at),
        |track| {
            let bound = wording::limit(track.signal, hypothesis.at);
            format!("{} stays {home} {bound}", track.signal.title)
        },
    )
}
