//! Question 4: the time to detect and the time to remediate, cut where something ended, and the parts without which each would have been half.

use super::super::durations::label;
use super::super::material::Material;
use super::super::pipeline::{Pipeline, said_of};
use crate::projection::view::{Mark, StepHow};
use crate::projection::wording;
use firedrill_model::{DrillTime, Joined, Shown, Span, shown};

/// A part of the whole time: what it ended with, and how long it was.
struct Part {
    until: Shown,
    took: Span,
}

pub(super) fn halved(from: &Material<'_>, pipelines: &[Pipeline]) -> Vec<Shown> {
    let mut said = half(from, "detect", (Mark::FaultActive, Mark::Detected), &detection(from, pipelines));
    said.extend(detector_latency(from));
    let remediate = (Mark::Detected, Mark::SteadyStateRestored);
    said.extend(half(from, "remediate", remediate, &response(from)));
    said.extend(nobody_told(from));
    said
}

/// The moments on the way to the first sign, if that was a finding: what it saw began, and the first record of that was delivered.
fn detection(from: &Material<'_>, pipelines: &[Pipeline]) -> Vec<(DrillTime, Shown)> {
    let Some(made) = from.mark(Mark::Detected).filter(|_| from.open) else { return Vec::new() };
    let finding = from.view.truth.created.iter().find(|(stamp, _)| stamp.seq == made.seq);
    let behind = finding.map_or_else(Vec::new, |(_, finding)| from.view.behind(finding));
    let stages = from.view.truth.stages.iter().filter(|(_, _, _, active)| *active);
    let begun = stages.filter_map(|(stamp, id, _, _)| {
        let stage = behind.iter().find(|stage| stage.id == *id && stage.benign.is_none())?;
        Some((stamp.at, shown!("'{}' began", stage.title)))
    });
    let own = pipelines.iter().find(|one| one.rows.iter().any(|row| row.seq == Some(made.seq)));
    let log = own.and_then(|one| one.rows.iter().find(|row| row.stage == "log"));
    let log = log.and_then(|row| Some((row.at?, shown!("the first record of it was in the {}", row.what))));
    let log = log.map(|(at, words)| (DrillTime::ZERO + Span::from_secs_f64(at), words));
    begun.chain(log).collect()
}

/// The moments on the way from the first sign to the steady state: told, taken on, each step, contained.
fn response(from: &Material<'_>) -> Vec<(DrillTime, Shown)> {
    let named = [
        (Mark::Notified, "the team was told"),
        (Mark::Acknowledged, "it was taken on (a person)"),
        (Mark::ContainmentEffective, "it was contained"),
    ];
    let marks = named.into_iter().filter_map(|(mark, words)| from.mark(mark).map(|at| (at.at, Shown::from(words))));
    let steps = from.view.playbook.steps.iter().filter_map(|row| {
        let end = row.end.as_ref()?;
        let how = match end.how {
            StepHow::Done(_) => "done",
            StepHow::Skipped(_) => "left out",
        };
        Some((end.stamp.at, shown!("'{}' was {}", from.view.step_title(&row.id), how)))
    });
    marks.chain(steps).collect()
}

fn half(
    from: &Material<'_>,
    what: &'static str,
    (first, last): (Mark, Mark),
    moments: &[(DrillTime, Shown)],
) -> Vec<Shown> {
    let (first_label, last_label) = (label(first), label(last));
    let Some((begin, end)) = from.mark(first).zip(from.mark(last)).filter(|(begin, end)| begin.at <= end.at) else {
        return vec![shown!("Time to {}, from '{}' to '{}': not in the record.", what, first_label, last_label)];
    };
    let total = end.at.since(begin.at);
    let (whole, goal) = (wording::length(total), wording::length(Span(total.0 / 2)));
    let mut said = vec![shown!(
        "Time to {} ('{}' to '{}') was {}; half of that is {}.",
        what,
        first_label,
        last_label,
        whole,
        goal
    )];
    let parts = parts((begin.at, end.at), moments, last_label);
    said.extend(without(&parts, total));
    said
}

/// Cuts the time between two moments at those within it.
fn parts((begin, end): (DrillTime, DrillTime), moments: &[(DrillTime, Shown)], last: &'static str) -> Vec<Part> {
    let within = moments.iter().filter(|(at, _)| *at > begin && *at < end);
    let mut cuts: Vec<(DrillTime, Shown)> = within.cloned().collect();
    cuts.sort_by_key(|(at, _)| *at);
    cuts.push((end, shown!("'{}'", last)));
    let mut before = begin;
    let mut parts: Vec<Part> = Vec::new();
    for (at, until) in cuts {
        match parts.last_mut() {
            // What ended in the same second ended one part.
            Some(part) if at.since(before) < Span::from_secs(1) => part.until = shown!("{} and {}", part.until, until),
            _ => parts.push(Part { until, took: at.since(before) }),
        }
        before = at;
    }
    parts
}

/// The longest parts that together make up half of the whole.
fn without(parts: &[Part], total: Span) -> Option<Shown> {
    if total == Span::ZERO {
        return None;
    }
    let mut longest: Vec<&Part> = parts.iter().collect();
    longest.sort_by_key(|part| core::cmp::Reverse(part.took));
    let (mut sum, mut names) = (Span::ZERO, Vec::new());
    for part in longest {
        if sum.0.saturating_mul(2) >= total.0 {
            break;
        }
        sum = sum + part.took;
        names.push(shown!("{} until {}", wording::length(part.took), part.until));
    }
    let (stages, together) = match names.len() {
        1 => ("this stage", Shown::default()),
        _ => ("these stages", shown!(" (together {})", wording::length(sum))),
    };
    Some(shown!("Without {} it would have been half or less: {}{}.", stages, names.joined("; "), together))
}

/// The figure that the scenario gave the detector, so that nobody takes it for a measurement of theirs.
fn detector_latency(from: &Material<'_>) -> Option<Shown> {
    let id = &from.view.course.hypothesis.detector;
    let detector = from.whole().flat_map(|whole| &whole.detectors).find(|detector| detector.id == *id)?;
    Some(shown!("{}: {}", detector.title, said_of(&detector.latency)))
}

/// A channel that delivered nothing for a while, or at all: the stage before everything else.
fn nobody_told(from: &Material<'_>) -> Option<Shown> {
    let (stamp, channel, _) = from.view.truth.lost.first().filter(|_| from.open)?;
    let title = from.view.channel_title(channel);
    let since = from.view.fault().filter(|fault| stamp.at >= fault.at).map(|fault| stamp.at.since(fault.at))?;
    Some(shown!("{} should have told the team {} after the fault, and told nobody.", title, wording::length(since)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> DrillTime {
        DrillTime(secs * 1_000_000)
    }

    #[test]
    fn the_parts_add_up_to_the_whole_and_the_longest_make_half_of_it() {
        let moments = [(at(100), "a".into()), (at(400), "b".into()), (at(2_000), "outside".into())];
        let parts = parts((at(0), at(1_000)), &moments, "end");
        let took: Vec<u64> = parts.iter().map(|part| part.took.0 / 1_000_000).collect();
        assert_eq!(took, [100, 300, 600]);
        let said = without(&parts, Span::from_secs(1_000)).unwrap();
        assert_eq!(said, "Without this stage it would have been half or less: 10 min until 'end'.");
    }

    #[test]
    fn several_parts_are_named_where_one_is_not_enough() {
        let moments = [(at(300), "a".into()), (at(700), "b".into())];
        let said = without(&parts((at(0), at(1_000)), &moments, "end"), Span::from_secs(1_000)).unwrap();
        assert!(said.contains("these stages") && said.contains("6 min 40 s until b; 5 min until a"), "{said}");
        assert_eq!(without(&[], Span::ZERO), None);
    }
}
