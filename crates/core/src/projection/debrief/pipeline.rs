//! The way of a finding, stage by stage: fault, log, finding, event bus, channels, a person. What took how long, and where it ended.

use alloc::collections::BTreeSet;

use serde::Serialize;

use super::material::{Material, drill_seconds, tenths};
use super::verdict::is_wanted;
use crate::projection::traces::Traces;
use crate::projection::view::{LogRow, Mark, Stamp};
use crate::projection::wording;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Basis, Channel, Detector, Latency, Stage};
use firedrill_model::{Finding, LogSource, SafeText, Shown, shown};

/// Most findings whose way is told.
const MAX_PIPELINES: usize = 12;

/// The way of one finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pipeline {
    /// Its kind; what was hoped for, if the hypothesis' detector made none.
    pub finding: SafeText,
    /// What it is about; empty if there was none.
    pub resource: SafeText,
    /// It is of the hypothesis' detector.
    pub of_the_hypothesis: bool,
    /// Stage by stage.
    pub rows: Vec<PipelineRow>,
}

/// How far a stage came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// It did what it is there for.
    Done,
    /// It is broken, and told nobody.
    Broken,
    /// It did not happen.
    Missing,
    /// The record doesn't tell.
    NotMeasured,
}

impl Reached {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Broken => "broken",
            Self::Missing => "missing",
            Self::NotMeasured => "not measured",
        }
    }
}

/// A stage on the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PipelineRow {
    /// `fault`, `stage`, `log`, `finding`, `bus`, `channel` or `person`.
    pub stage: Shown,
    /// For people: the log, the detector, the channel.
    pub what: SafeText,
    /// How far it came.
    pub reached: Reached,
    /// When, in seconds since the drill began.
    pub at: Option<f64>,
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// What it took in seconds, since the row before it that came to something: the stage of the adversary since the fault, the log since
    /// that, the finding since the log (since the stage, if no record of it had come yet), a channel since the finding, a person since the
    /// first that told. What came before the row that it follows took none of the time.
    pub took: Option<f64>,
    /// Number of the entry.
    pub seq: Option<u64>,
    /// What is to be said of it.
    pub words: SafeText,
}

pub(super) fn pipelines(from: &Material<'_>, left: &Traces<'_>) -> Vec<Pipeline> {
    let Some((fault, end)) = from.experiment().filter(|_| from.open) else { return Vec::new() };
    let created = from.view.truth.created.iter().filter(|(stamp, _)| (fault..=end).contains(&stamp.at));
    let mut real: Vec<&(Stamp, Finding)> = created.filter(|(_, finding)| from.view.is_of_incident(finding)).collect();
    // The hypothesis' own comes first; the others in the order in which they were made.
    real.sort_by_key(|(stamp, finding)| (!is_wanted(from, finding), stamp.seq));
    let mut all: Vec<Pipeline> =
        real.iter().take(MAX_PIPELINES).map(|(stamp, finding)| of_finding(from, left, *stamp, finding)).collect();
    if !all.first().is_some_and(|first| first.of_the_hypothesis) {
        all.insert(0, without_finding(from, left));
    }
    all
}

fn of_finding(from: &Material<'_>, left: &Traces<'_>, made: Stamp, finding: &Finding) -> Pipeline {
    let detector = from.whole().flat_map(|whole| &whole.detectors).find(|detector| detector.id == finding.detector);
    let mut rows = vec![fault_row(from)];
    rows.extend(stage_row(from, made, finding));
    rows.push(log_row(from, left, detector, Some((made, finding))));
    rows.push(finding_row(from, detector, made, finding));
    rows.push(bus_row(from, finding));
    let channels =
        from.whole().flat_map(|whole| &whole.channels).filter(|channel| channel.carries.contains(&finding.detector));
    rows.extend(channels.map(|channel| channel_row(from, channel, finding)));
    rows.push(person_row(from, finding));
    add_up(&mut rows);
    Pipeline {
        finding: finding.kind.clone(),
        resource: SafeText::one_line(&from.view.target_title(&finding.resource)),
        of_the_hypothesis: is_wanted(from, finding),
        rows,
    }
}

/// The way that the hypothesis' detector did not go.
fn without_finding(from: &Material<'_>, left: &Traces<'_>) -> Pipeline {
    let id = &from.view.course.hypothesis.detector;
    let detector = from.whole().flat_map(|whole| &whole.detectors).find(|detector| detector.id == *id);
    let title = from.view.detector_title(id);
    let row = |stage: &'static str, what: &str, words: &str| row(from, (stage, what), Reached::Missing, None, words);
    let rows = vec![
        fault_row(from),
        log_row(from, left, detector, None),
        row("finding", &title, "It made no finding."),
        row("bus", "Event bus", "There was nothing to carry."),
        row("person", "A person", "Nobody saw a finding of it."),
    ];
    let finding = detector.map_or_else(|| SafeText::one_line(&title), |detector| detector.finding.clone());
    Pipeline { finding, resource: SafeText::default(), of_the_hypothesis: true, rows }
}

fn row(
    from: &Material<'_>,
    (stage, what): (&'static str, &str),
    reached: Reached,
    stamp: Option<Stamp>,
    words: &str,
) -> PipelineRow {
    PipelineRow {
        stage: stage.into(),
        what: SafeText::one_line(what),
        reached,
        at: stamp.map(|stamp| drill_seconds(stamp.at)),
        since_fault: stamp.and_then(|stamp| from.since_fault(stamp.at)),
        took: None,
        seq: stamp.map(|stamp| stamp.seq),
        words: SafeText::one_line(words),
    }
}

/// Says of each row what it took: since the row before that it follows from. So the rows on one way add up to the time since the fault. A
/// log whose record came after the finding is not on the way.
fn add_up(rows: &mut [PipelineRow]) {
    let made = rows.iter().find(|row| row.stage == "finding").and_then(|row| row.at);
    let (mut way, mut told): (Option<f64>, Option<f64>) = (None, None);
    for row in rows {
        let Some(at) = row.at.filter(|_| row.reached == Reached::Done) else { continue };
        let stage = row.stage.as_str();
        if stage == "log" && made.is_some_and(|made| at > made) {
            continue;
        }
        let since = if stage == "person" { told.or(way) } else { way };
        row.took = since.filter(|since| *since <= at).map(|since| tenths(at - since));
        if stage == "channel" {
            // Channels tell side by side: each since the finding.
            told = Some(told.map_or(at, |told| told.min(at)));
        } else {
            way = Some(way.map_or(at, |way| way.max(at)));
        }
    }
}

/// The adversary's stage that a finding is about: the newest that had begun when it was made.
fn stage_row(from: &Material<'_>, made: Stamp, finding: &Finding) -> Option<PipelineRow> {
    let behind = from.view.behind(finding);
    let begun = from.view.truth.stages.iter().filter(|(stamp, id, _, active)| {
        *active && stamp.at <= made.at && behind.iter().any(|stage| stage.id == *id && stage.benign.is_none())
    });
    let at_resource = |on: &TargetId| *on == finding.resource;
    let (stamp, id, ..) = begun.max_by_key(|(stamp, _, on, _)| (at_resource(on), stamp.seq))?;
    let title = from.view.stage(id).map_or_else(|| id.into(), |stage| Shown::from(&stage.title));
    Some(row(from, ("stage", &title), Reached::Done, Some(*stamp), "It began."))
}

fn fault_row(from: &Material<'_>) -> PipelineRow {
    row(from, ("fault", "Fault"), Reached::Done, from.view.fault(), "It became active.")
}

fn log_row(
    from: &Material<'_>,
    left: &Traces<'_>,
    detector: Option<&Detector>,
    finding: Option<(Stamp, &Finding)>,
) -> PipelineRow {
    let behind = finding.map_or_else(
        || from.whole().flat_map(|whole| &whole.stages).filter(|stage| sees(detector, &stage.id)).collect(),
        |(_, finding)| from.view.behind(finding),
    );
    let leaves = behind.iter().any(|stage| stage.benign.is_none() && !stage.leaves.is_empty());
    if !leaves {
        let words = "What it goes by is no log of this scenario.";
        return row(from, ("log", "Log"), Reached::NotMeasured, None, words);
    }
    let ours =
        |row: &&LogRow| left.stage_of(&row.record).is_some_and(|stage| behind.iter().any(|known| known.id == stage.id));
    let Some(first) = from.view.board.logs.iter().find(ours) else {
        return without_record(from, &behind);
    };
    let stamp = Stamp { seq: first.seq, ..from.view.stamp_at(first.delivered) };
    let what = first.record.source.label();
    let late = wording::length(first.delivered.since(first.record.happened));
    // A detector reads at the source: it needs nothing of what a log store has.
    let after = finding.is_some_and(|(made, _)| first.delivered > made.at);
    let when = if after { ", after the finding had been made" } else { "" };
    let words = shown!("Its first record was there {} after it happened{}: {}", late, when, first.record.summary());
    row(from, ("log", what), Reached::Done, Some(stamp), &words)
}

/// Records of the log had come in, and none of them can be told to be of it; or none had come in at all.
fn without_record(from: &Material<'_>, behind: &[&Stage]) -> PipelineRow {
    let sources: BTreeSet<LogSource> = behind.iter().flat_map(|stage| &stage.leaves).map(|one| one.source).collect();
    let names: Vec<Shown> = sources.iter().map(|source| source.label().into()).collect();
    let came = from.view.board.logs.iter().any(|row| sources.contains(&row.record.source));
    let (reached, words) = if came {
        (Reached::NotMeasured, "None of the records that had arrived can be told to be of it.")
    } else {
        (Reached::Missing, "No record had arrived there.")
    };
    row(from, ("log", &wording::list(&names)), reached, None, words)
}

fn sees(detector: Option<&Detector>, stage: &firedrill_model::id::StageId) -> bool {
    detector.is_some_and(|detector| detector.sees.contains(stage))
}

fn finding_row(from: &Material<'_>, detector: Option<&Detector>, made: Stamp, finding: &Finding) -> PipelineRow {
    let title = from.view.detector_title(&finding.detector);
    let words = detector.map_or_else(Shown::default, |detector| said_of(&detector.latency));
    row(from, ("finding", &title), Reached::Done, Some(made), &words)
}

/// A latency of the scenario, so that nobody takes it for a measurement of theirs.
pub(super) fn said_of(latency: &Latency) -> Shown {
    let basis = match latency.basis {
        Basis::Documented => "documented",
        Basis::Measured => "measured",
        Basis::Assumed => "assumed",
    };
    let (typical, source) = (wording::length(latency.typical), Shown::from(&latency.source).without_end(&['.']));
    shown!("The scenario's own latency: typically {}, {} ({}).", typical, basis, source)
}

/// The bus has no time of its own in the record: what came out of it says that it carried the finding.
fn bus_row(from: &Material<'_>, finding: &Finding) -> PipelineRow {
    let (told, lost) = (&from.view.board.told, &from.view.truth.lost);
    let out = told.iter().chain(lost).any(|(_, _, of)| *of == finding.id)
        || from.view.board.automations.iter().any(|(_, run)| run.finding.as_ref() == Some(&finding.id));
    let carried =
        from.whole().flat_map(|whole| &whole.channels).any(|channel| channel.carries.contains(&finding.detector));
    let (reached, words) = match (out, carried) {
        (true, _) => (Reached::Done, "It carried the finding; its time is part of what the channel took."),
        (false, true) => (Reached::NotMeasured, "Nothing had come out of it when the experiment ended."),
        (false, false) => (Reached::Missing, "No channel carries findings of this detector."),
    };
    row(from, ("bus", "Event bus"), reached, None, words)
}

fn channel_row(from: &Material<'_>, channel: &Channel, finding: &Finding) -> PipelineRow {
    let of = |rows: &[(Stamp, _, _)]| -> Option<Stamp> {
        let mut own = rows
            .iter()
            .filter(|(_, by, of): &&(Stamp, firedrill_model::id::ChannelId, _)| *by == channel.id && *of == finding.id);
        own.next().map(|(stamp, ..)| *stamp)
    };
    let (told, lost) = (of(&from.view.board.told), of(&from.view.truth.lost));
    let title = channel.title.as_str();
    let why = channel
        .broken
        .as_ref()
        .map_or_else(|| "nothing was delivered".into(), |why| Shown::from(why).without_end(&['.']));
    match (told, lost) {
        (Some(stamp), lost) => {
            let words = lost.map_or_else(
                || said_of(&channel.latency),
                |_| shown!("At first it told nobody: {}. It told the team later.", why),
            );
            row(from, ("channel", title), Reached::Done, Some(stamp), &words)
        }
        (None, Some(stamp)) => {
            row(from, ("channel", title), Reached::Broken, Some(stamp), &shown!("It told nobody: {}.", why))
        }
        (None, None) => {
            let words = match channel.at_least.filter(|least| finding.severity < *least) {
                Some(least) => shown!("It carries findings of severity {} or more.", least),
                None => Shown::from("Nothing had come through when the experiment ended."),
            };
            row(from, ("channel", title), Reached::Missing, None, &words)
        }
    }
}

fn person_row(from: &Material<'_>, finding: &Finding) -> PipelineRow {
    let who = ("person", "A person");
    let Some(seen) = from.view.board.finding(&finding.id) else {
        return row(from, who, Reached::Missing, None, "Nobody was told of it, and nobody saw it.");
    };
    let how = match &seen.via {
        Some(channel) => shown!("{} told of it", from.view.channel_title(channel)),
        None => "Somebody looked and saw it".into(),
    };
    let incident = from.mark(Mark::Acknowledged).filter(|taken| taken.at >= seen.seen.at);
    match (seen.acknowledged, incident) {
        (Some(taken), _) => row(from, who, Reached::Done, Some(taken), &shown!("{}; it was taken on.", how)),
        (None, Some(taken)) => {
            let words = shown!("{}; the incident was taken on, though not this finding.", how);
            row(from, who, Reached::Done, Some(taken), &words)
        }
        (None, None) => row(from, who, Reached::Missing, None, &shown!("{}; nobody took it on.", how)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(stage: &'static str, at: f64) -> PipelineRow {
        PipelineRow {
            stage: stage.into(),
            what: "".into(),
            reached: Reached::Done,
            at: Some(at),
            since_fault: Some(at),
            took: None,
            seq: None,
            words: "".into(),
        }
    }

    #[test]
    fn the_rows_of_a_way_add_up() {
        let mut rows = vec![
            done("fault", 0.0),
            done("stage", 1_170.0),
            // Delivered once the finding had been made: it is not on the way.
            done("log", 2_000.0),
            done("finding", 1_852.0),
            done("channel", 1_900.0),
            done("channel", 1_890.0),
            done("person", 1_920.0),
        ];
        add_up(&mut rows);
        let took: Vec<Option<f64>> = rows.iter().map(|row| row.took).collect();
        assert_eq!(took, [None, Some(1_170.0), None, Some(682.0), Some(48.0), Some(38.0), Some(30.0)]);
    }
}
