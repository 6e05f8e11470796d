//! The verdict on each part of the hypothesis.

use super::material::Material;
use super::{PartVerdict, Verdict};
use crate::projection::signals::{Limit, Outside, Track, outside};
use crate::projection::wording;
use firedrill_model::id::{ChannelId, FindingId};
use firedrill_model::{DrillTime, Finding, SafeText, Shown, Span, shown};

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
        ("detected", shown!("{} makes a finding", detector)),
        ("notified", shown!("{} notifies {} within {}", detector, hypothesis.team, within)),
        ("signal", shown!("{} from the fault to the end of the experiment", signal)),
    ];
    let rows = expected.into_iter().zip(told);
    rows.map(|((part, expected), (verdict, found))| PartVerdict {
        part: part.into(),
        expected: SafeText::one_line(&expected),
        verdict,
        found: SafeText::one_line(&found),
    })
    .collect()
}

type Found = (Verdict, Shown);

fn unmeasured(from: &Material<'_>) -> Found {
    let why = match (from.open, from.view.fault()) {
        (true, _) => "The fault did not become active in this drill.",
        (false, Some(_)) => "The experiment is not over yet.",
        (false, None) => "The experiment has not begun yet.",
    };
    (Verdict::NotMeasured, why.into())
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
            (Verdict::Held, shown!("{} made a finding {} after the fault.", title, time))
        }
        None => absent(from, fault, end, shown!("{} made no finding", title)),
    }
}

fn notified(from: &Material<'_>, fault: DrillTime, end: DrillTime) -> Found {
    let hypothesis = &from.view.course.hypothesis;
    let rows = from.view.board.findings.iter().filter(|row| is_wanted(from, &row.finding));
    let own: Vec<_> = rows.filter(|row| row.seen.at >= fault && row.seen.at <= end).collect();
    let told = own.iter().filter_map(|row| row.told).map(|stamp| stamp.at).filter(|at| *at <= end).min();
    if let Some(at) = told {
        let time = at.since(fault);
        let text = shown!("The team was notified {} after the fault.", wording::length(time));
        if time <= hypothesis.within {
            return (Verdict::Held, text);
        }
        let late = wording::length(time - hypothesis.within);
        return (Verdict::Deviated, shown!("{} That is {} later than expected.", text, late));
    }
    let looked = own.first().map_or_else(Shown::default, |row| {
        let time = wording::length(row.seen.at.since(fault));
        shown!(" Somebody who looked saw the finding {} after the fault.", time)
    });
    if let Some(channel) = lost_on(from, end) {
        let title = from.view.channel_title(channel);
        return (Verdict::Deviated, shown!("Nobody was notified: {} delivered nothing.{}", title, looked));
    }
    let nobody_listens = from.whole().next().is_some_and(|whole| whole.channels.is_empty());
    if nobody_listens {
        return (Verdict::NotMeasured, shown!("In this drill nothing measures when the team is notified.{}", looked));
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
fn absent(from: &Material<'_>, fault: DrillTime, end: DrillTime, what: impl Into<Shown>) -> Found {
    let what = what.into();
    let lasted = end.since(fault);
    let time = wording::length(lasted);
    if lasted >= from.view.course.hypothesis.within {
        (Verdict::Deviated, shown!("{} in the {} of the experiment.", what, time))
    } else {
        let given = wording::length(from.view.course.hypothesis.within);
        (
            Verdict::NotMeasured,
            shown!("{}, but the experiment ended {} after the fault, before {} were over.", what, time, given),
        )
    }
}

fn signal_stayed(from: &Material<'_>, fault: DrillTime, end: DrillTime) -> Found {
    let hypothesis = &from.view.course.hypothesis;
    let limit = Limit { at: hypothesis.at, side: hypothesis.stays };
    let Some(track) = from.view.track(&hypothesis.signal) else {
        return (Verdict::NotMeasured, shown!("The scenario has no signal '{}'.", hypothesis.signal));
    };
    let found = signal_after(&track, limit, fault, end);
    let complete = track.track.samples.first().is_some_and(|(first, _)| *first <= fault + SAMPLE_GAP);
    match (found.measured, found.first) {
        (false, _) => (Verdict::NotMeasured, Shown::from("There are no samples between the fault and the end.")),
        (true, Some(first)) => (Verdict::Deviated, left(&track, limit, found, first.since(fault))),
        (true, None) if !complete => {
            (Verdict::NotMeasured, Shown::from("The samples right after the fault are not in the record."))
        }
        (true, None) => {
            let worst = found.worst.map_or_else(Shown::default, |worst| wording::figure(track.signal, worst));
            let (title, beyond) = (&track.signal.title, wording::beyond(limit.side));
            (Verdict::Held, shown!("{} was never {} its bound; at its worst it was {}.", title, beyond, worst))
        }
    }
}

/// A first sample later than this after the fault leaves a gap about which nothing can be said.
const SAMPLE_GAP: Span = Span::from_secs(60);

/// What the hypothesis' signal did from the fault to the end, the sample at the very end included.
pub(super) fn signal_after(track: &Track<'_>, limit: Limit, fault: DrillTime, end: DrillTime) -> Outside {
    outside(&track.track.samples, limit, fault, end + Span(1))
}

fn left(track: &Track<'_>, limit: Limit, found: Outside, after: Span) -> Shown {
    let (beyond, bound) = (wording::beyond(limit.side), wording::limit(track.signal, limit.at));
    let (after, total) = (wording::length(after), wording::length(found.total));
    let worst = found.worst.map_or_else(Shown::default, |worst| wording::figure(track.signal, worst));
    let title = &track.signal.title;
    shown!(
        "{} went {} {} {} after the fault and was there for {} in all; at its worst {}.",
        title,
        beyond,
        bound,
        after,
        total,
        worst
    )
}

/// The bound as a phrase: `Personalization latency p99 stays at or under 50 ms`.
pub(super) fn bound_words(from: &Material<'_>) -> Shown {
    let hypothesis = &from.view.course.hypothesis;
    let home = wording::at_home(hypothesis.stays);
    from.view.track(&hypothesis.signal).map_or_else(
        || shown!("{} stays {} {}", hypothesis.signal, home, hypothesis.at),
        |track| {
            let bound = wording::limit(track.signal, hypothesis.at);
            shown!("{} stays {} {}", track.signal.title, home, bound)
        },
    )
}
