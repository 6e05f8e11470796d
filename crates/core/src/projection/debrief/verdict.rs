//! The verdict on each part of the hypothesis.

use super::material::Material;
use super::{PartVerdict, Verdict};
use crate::projection::signals::{Limit, Outside, Track, outside};
use crate::projection::view::Mark;
use crate::projection::wording;
use firedrill_model::id::{ChannelId, FindingId};
use firedrill_model::scenario::{Bound, HarmKind};
use firedrill_model::{DrillTime, Finding, Joined, SafeText, Shown, Span, shown};

/// The verdict on the whole: held only if every part was measured and held.
pub(super) fn overall(parts: &[PartVerdict]) -> Verdict {
    let any = |verdict| parts.iter().any(|part| part.verdict == verdict);
    match (any(Verdict::Deviated), any(Verdict::NotMeasured)) {
        (true, _) => Verdict::Deviated,
        (false, true) => Verdict::NotMeasured,
        (false, false) => Verdict::Held,
    }
}

pub(super) fn parts(from: &Material<'_>, evidence_lost: &[SafeText]) -> Vec<PartVerdict> {
    let hypothesis = &from.view.course.hypothesis;
    let judge = |found: &dyn Fn(DrillTime, DrillTime) -> Found| {
        from.experiment().map_or_else(|| unmeasured(from), |(fault, end)| found(fault, end))
    };
    let detector = from.view.detector_title(&hypothesis.detector);
    let within = wording::length(hypothesis.within);
    let mut parts = vec![
        part("detected", shown!("{} makes a finding", detector), judge(&|fault, end| detected(from, fault, end))),
        part(
            "notified",
            shown!("{} notifies {} within {}", detector, hypothesis.team, within),
            judge(&|fault, end| notified(from, fault, end)),
        ),
    ];
    for (place, bound) in hypothesis.bounds().iter().enumerate() {
        let name = if place == 0 { "signal".into() } else { shown!("signal:{}", bound.signal) };
        let expected = shown!("{} from the fault to the end of the experiment", bound_words(from, bound));
        parts.push(part(name, expected, judge(&|fault, end| signal_stayed(from, bound, fault, end))));
    }
    if let Some(limit) = hypothesis.contained_within {
        let within = wording::length(limit);
        let expected = if from.view.scenario.adversary {
            shown!("the adversary is contained within {} of the fault", within)
        } else {
            shown!("the fault is over within {}", within)
        };
        parts.push(part("contained", expected, judge(&|fault, end| contained(from, limit, fault, end))));
    }
    if hypothesis.no_data_taken {
        parts.push(part("no-data-taken", "no data is taken", judge(&|_, _| no_data_taken(from))));
    }
    if hypothesis.evidence_kept {
        parts.push(part("evidence-kept", "no evidence is lost", judge(&|_, _| evidence_kept(evidence_lost))));
    }
    parts
}

fn part(name: impl Into<Shown>, expected: impl Into<Shown>, (verdict, found): Found) -> PartVerdict {
    PartVerdict {
        part: name.into(),
        expected: SafeText::one_line(&expected.into()),
        verdict,
        found: SafeText::one_line(&found),
    }
}

impl PartVerdict {
    /// What kind of part it is: the name without the signal that it is about.
    #[must_use]
    pub fn kind(&self) -> &str {
        let name = self.part.as_str();
        name.split_once(':').map_or(name, |(kind, _)| kind)
    }
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

/// A finding of the hypothesis' detector about the incident: no false alarm, and none that a response caused.
pub(super) fn is_wanted(from: &Material<'_>, finding: &Finding) -> bool {
    finding.detector == from.view.course.hypothesis.detector && from.view.is_of_incident(finding)
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
    let detector = from.view.detector_title(&hypothesis.detector);
    let rows = from.view.board.findings.iter().filter(|row| is_wanted(from, &row.finding));
    let own: Vec<_> = rows.filter(|row| row.seen.at >= fault && row.seen.at <= end).collect();
    let told = own.iter().filter_map(|row| row.told).map(|stamp| stamp.at).filter(|at| *at <= end).min();
    if let Some(at) = told {
        let time = at.since(fault);
        let text = shown!("{} notified the team {} after the fault.", detector, wording::length(time));
        if time <= hypothesis.within {
            return (Verdict::Held, text);
        }
        let late = wording::length(time - hypothesis.within);
        return (Verdict::Deviated, shown!("{} That is {} later than expected.", text, late));
    }
    let looked = own.first().map_or_else(Shown::default, |row| {
        let time = wording::length(row.seen.at.since(fault));
        shown!(" Somebody who looked saw its finding {} after the fault.", time)
    });
    let otherwise = otherwise(from, fault) + &looked;
    let nobody = shown!("{} notified nobody", detector);
    if let Some(channel) = lost_on(from, end) {
        let title = from.view.channel_title(channel);
        return (Verdict::Deviated, shown!("{}: {} delivered nothing.{}", nobody, title, otherwise));
    }
    let nobody_listens = from.whole().next().is_some_and(|whole| whole.channels.is_empty());
    if nobody_listens {
        return (Verdict::NotMeasured, shown!("In this drill nothing measures when the team is notified.{}", looked));
    }
    let (verdict, text) = absent(from, fault, end, nobody);
    (verdict, text + &otherwise)
}

/// How the team was told in another way than by the hypothesis' detector; or that it wasn't.
fn otherwise(from: &Material<'_>, fault: DrillTime) -> Shown {
    let Some(told) = from.mark(Mark::Notified) else { return " The team was not told in any other way.".into() };
    let by = from.told_by(Mark::Notified, told).unwrap_or_else(|| "another way".into());
    shown!(" The team was told otherwise {} after the fault, by {}.", wording::length(told.at.since(fault)), by)
}

fn contained(from: &Material<'_>, within: Span, fault: DrillTime, end: DrillTime) -> Found {
    let adversary = from.view.scenario.adversary;
    let who = if adversary { "adversary" } else { "fault" };
    let ever = from.view.truth.stages.iter().any(|(_, id, _, active)| *active && !from.view.is_benign(id));
    match (from.view.board.adversary, from.mark(Mark::ContainmentEffective)) {
        (None, _) => (Verdict::NotMeasured, shown!("How the {} stood is not in the record.", who)),
        (Some(_), None) if !ever => (Verdict::NotMeasured, shown!("The {} did nothing that could be contained.", who)),
        (Some(_), Some(stamp)) => {
            let time = stamp.at.since(fault);
            let text = if adversary {
                shown!("The adversary was contained {} after the fault.", wording::length(time))
            } else {
                shown!("The fault was over after {}.", wording::length(time))
            };
            if time <= within {
                return (Verdict::Held, text);
            }
            let late = wording::length(time - within);
            (Verdict::Deviated, shown!("{} That is {} later than expected.", text, late))
        }
        (Some(_), None) => {
            let lasted = end.since(fault);
            let what = if adversary { "contained" } else { "over" };
            let text = shown!("The {} was not {} in the {} of the experiment", who, what, wording::length(lasted));
            if lasted >= within {
                (Verdict::Deviated, text + ".")
            } else {
                (Verdict::NotMeasured, shown!("{}, which ended before {} were over.", text, wording::length(within)))
            }
        }
    }
}

fn no_data_taken(from: &Material<'_>) -> Found {
    let taken = from.view.truth.harms.iter();
    let taken = taken.filter(|(_, harm)| harm.kind == HarmKind::DataTaken && !harm.refused);
    let taken: Vec<Shown> = taken.map(|(_, harm)| Shown::from(&harm.what).without_end(&['.'])).collect();
    match (taken.is_empty(), from.view.board.adversary) {
        (false, _) => (Verdict::Deviated, shown!("Data was taken: {}.", taken.joined("; "))),
        (true, Some(_)) => (Verdict::Held, "No data was taken.".into()),
        (true, None) => (Verdict::NotMeasured, "What happened to data is not in the record.".into()),
    }
}

fn evidence_kept(lost: &[SafeText]) -> Found {
    if lost.is_empty() {
        return (Verdict::Held, "No evidence was lost.".into());
    }
    (Verdict::Deviated, lost.iter().map(Shown::from).joined(" "))
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

fn signal_stayed(from: &Material<'_>, bound: &Bound, fault: DrillTime, end: DrillTime) -> Found {
    let limit = Limit { at: bound.at, side: bound.stays };
    let Some(track) = from.view.track(&bound.signal) else {
        return (Verdict::NotMeasured, shown!("The scenario has no signal '{}'.", bound.signal));
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
            (Verdict::Held, shown!("{} never went {} the bound; at its worst {}.", title, beyond, worst))
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
        "{} went {} {} {} after the fault, for {} in all; at its worst {}.",
        title,
        beyond,
        bound,
        after,
        total,
        worst
    )
}

/// The bound as a phrase: `Personalization latency p99 will remain at or under 50 ms`.
fn bound_words(from: &Material<'_>, bound: &Bound) -> Shown {
    let home = wording::at_home(bound.stays);
    from.view.track(&bound.signal).map_or_else(
        || shown!("{} will remain {} {}", bound.signal, home, bound.at),
        |track| shown!("{} will remain {} {}", track.signal.title, home, wording::limit(track.signal, bound.at)),
    )
}
