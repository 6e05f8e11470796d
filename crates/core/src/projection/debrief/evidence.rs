//! Noise and evidence: what findings were held for and what they were, red herrings, harm, automations, and which records were marked.
//!
//! Which stage left a record isn't recorded, so that nobody can read it off the record before Verify. It is told from what the scenario
//! says that each stage leaves: names, addresses, calls. A record that everyday traffic leaves as well belongs to nobody.

use serde::Serialize;

use super::herrings;
pub use super::herrings::HerringRow;
use super::material::{MAX_EACH, Material, happened};
use crate::projection::moves::Cause;
use crate::projection::traces::Traces;
use crate::projection::view::{EvidenceRow, FindingRow};
use crate::projection::wording;
use firedrill_model::event::AutomationOutcome;
use firedrill_model::id::{StageId, TargetId};

use firedrill_model::{Finding, Joined, Judgement, SafeText, Shown, shown};

/// Noise and evidence. What tells the ground truth is empty before Verify.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Evidence {
    /// The findings that the team saw, each with what it was held for.
    pub findings: Vec<JudgedRow>,
    /// What only looked like the incident.
    pub red_herrings: Vec<HerringRow>,
    /// Harm that was done, or refused.
    pub harms: Vec<HarmRow>,
    /// Automations that ran or failed.
    pub automations: Vec<AutomationRow>,
    /// Records that were marked as evidence.
    pub marked: Vec<MarkedRow>,
    /// The adversary's stages, each with the records that it left and how many of them were marked.
    pub traces: Vec<TraceRow>,
    /// No adversary was behind the incident: the stages are those of a fault.
    #[serde(skip)]
    pub faults_only: bool,
}

impl Evidence {
    /// What left the records: an adversary, or a fault that nobody is behind.
    #[must_use]
    pub fn left_by(&self) -> &'static str {
        if self.faults_only { "the fault" } else { "the adversary" }
    }
}

/// A finding, and what it was held for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JudgedRow {
    /// For example `CryptoCurrency:EC2/BitcoinTool.B!DNS`.
    pub finding: SafeText,
    /// What it is about.
    pub resource: SafeText,
    /// When the team saw it, seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Whether it was taken on.
    pub acknowledged: bool,
    /// What it was held for in the end.
    pub judged: Option<Judgement>,
    /// What it was; empty if the record can't tell, and before Verify.
    pub was: Option<Judgement>,
    /// What it saw, or why it was harmless.
    pub because: Option<SafeText>,
}

/// Harm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HarmRow {
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// `data taken` or `destroyed`.
    pub kind: Shown,
    /// To what.
    pub resource: SafeText,
    /// What happened.
    pub what: SafeText,
    /// It was protected: nothing is lost.
    pub refused: bool,
}

impl Evidence {
    /// What was taken or destroyed, as sentences that need no more around them. What was refused is not among it.
    pub fn losses(&self) -> impl Iterator<Item = Shown> {
        self.harms
            .iter()
            .filter(|row| !row.refused)
            .map(|row| shown!("Harm, {}: {}", row.kind, wording::sentence(&row.what)))
    }
}

/// A run of an automation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AutomationRow {
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Its title.
    pub automation: SafeText,
    /// At what.
    pub resource: SafeText,
    /// Whether it worked. One that failed told nobody.
    pub worked: bool,
    /// What it brought, or why it failed.
    pub brought: SafeText,
}

/// A record that was marked as evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkedRow {
    /// When it was marked, seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// The seat's alias.
    pub who: SafeText,
    /// Which log.
    pub source: Shown,
    /// When the logged thing happened, seconds since the drill began.
    pub happened: f64,
    /// One line.
    pub summary: SafeText,
    /// What it shows, in the team's words.
    pub note: Option<SafeText>,
    /// The record in its source's own format.
    pub record: SafeText,
    /// What left it; empty if everyday traffic did, or the record can't tell, and before Verify.
    pub left_by: Option<SafeText>,
    /// Whether what left it was harmless.
    pub benign: Option<bool>,
}

/// What a stage of the adversary left.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TraceRow {
    /// The stage.
    pub stage: SafeText,
    /// Records of it that arrived.
    pub records: u64,
    /// Those of them that were marked.
    pub marked: u64,
    /// In which logs they are.
    pub logs: Vec<Shown>,
}

pub(super) fn evidence(from: &Material<'_>, left: &Traces<'_>) -> Evidence {
    let view = from.view;
    let mut all = Evidence {
        findings: view.board.findings.iter().take(MAX_EACH).map(|row| judged(from, row)).collect(),
        automations: automations(from),
        faults_only: !view.scenario.adversary,
        ..Evidence::default()
    };
    all.marked = view.people.evidence.iter().take(MAX_EACH).map(|row| marked(from, left, row)).collect();
    if from.open {
        all.red_herrings = herrings::red_herrings(from, left);
        all.harms = harms(from);
        all.traces = traces(from, left);
    }
    all
}

fn title(from: &Material<'_>, id: &TargetId) -> SafeText {
    SafeText::one_line(&from.view.target_title(id))
}

fn judged(from: &Material<'_>, row: &FindingRow) -> JudgedRow {
    let (was, because) = if from.open { truth_of(from, &row.finding) } else { (None, None) };
    JudgedRow {
        finding: row.finding.kind.clone(),
        resource: title(from, &row.finding.resource),
        since_fault: from.since_fault(row.seen.at),
        acknowledged: row.acknowledged.is_some(),
        judged: row.judged.as_ref().map(|(_, _, judgement)| *judgement),
        was,
        because,
    }
}

/// What a finding was: noise if everything that its detector can have seen there was benign.
fn truth_of(from: &Material<'_>, finding: &Finding) -> (Option<Judgement>, Option<SafeText>) {
    let stages = from.view.behind(finding);
    let ours = stages.iter().find(|stage| stage.benign.is_none());
    match (ours, stages.first()) {
        (Some(stage), _) => (Some(Judgement::Ours), Some(stage.title.clone())),
        (None, Some(stage)) => (Some(Judgement::Noise), stage.benign.clone()),
        (None, None) if from.view.is_alarm(finding) => of_alarm(from, finding),
        (None, None) => (None, None),
    }
}

/// What an alarm was about: it sees no stage, only what was done to the workload. What a response did is neither the incident nor noise.
fn of_alarm(from: &Material<'_>, finding: &Finding) -> (Option<Judgement>, Option<SafeText>) {
    let said = |words: &str| Some(SafeText::one_line(words));
    match from.view.cause_of(finding) {
        Cause::Incident => (Some(Judgement::Ours), said("what the incident did to the workload")),
        Cause::Benign(stage) => {
            (Some(Judgement::Noise), from.view.stage(&stage).and_then(|stage| stage.benign.clone()))
        }
        Cause::Response(run) => {
            let response = from.view.responses.get(&run);
            let words = response.map(|row| from.view.response_words(&row.action, row.target.as_ref()));
            (None, words.and_then(|words| said(&shown!("what '{}' did to the workload", words))))
        }
        Cause::Automation(id) => {
            let title = id.map_or_else(|| Shown::from("an automation"), |id| from.view.target_title(&id));
            (None, said(&shown!("what {} did to the workload by itself", title)))
        }
        Cause::Unknown => (None, said("not known: several things moved the workload at that time")),
    }
}

pub(super) fn harms(from: &Material<'_>) -> Vec<HarmRow> {
    let row = |(stamp, harm): &(crate::projection::view::Stamp, firedrill_model::event::HarmEvent)| HarmRow {
        since_fault: from.since_fault(stamp.at),
        kind: wording::harm(harm.kind).into(),
        resource: title(from, &harm.resource),
        what: harm.what.clone(),
        refused: harm.refused,
    };
    from.view.truth.harms.iter().take(MAX_EACH).map(row).collect()
}

pub(super) fn automations(from: &Material<'_>) -> Vec<AutomationRow> {
    let told = |worked: bool| worked || from.open;
    let runs = from.view.board.automations.iter().map(|(stamp, run)| {
        let model = from.whole().flat_map(|whole| &whole.automations).find(|one| one.id == run.automation);
        let brought = match &run.outcome {
            AutomationOutcome::Ran { results } => {
                results.iter().map(|result| from.view.result_words(result)).collect::<Vec<_>>().joined("; ")
            }
            AutomationOutcome::Failed => {
                model.and_then(|model| model.broken.as_ref()).map_or_else(Shown::default, Shown::from)
            }
        };
        AutomationRow {
            since_fault: from.since_fault(stamp.at),
            automation: title(from, &run.automation),
            resource: title(from, &run.resource),
            worked: matches!(run.outcome, AutomationOutcome::Ran { .. }),
            brought: SafeText::one_line(&brought),
        }
    });
    runs.filter(|row| told(row.worked)).take(MAX_EACH).collect()
}

fn marked(from: &Material<'_>, left: &Traces<'_>, row: &EvidenceRow) -> MarkedRow {
    let record = &row.row.record;
    let stage = left.stage_of(record);
    MarkedRow {
        since_fault: from.since_fault(row.stamp.at),
        who: from.alias(&row.seat),
        source: record.source.label().into(),
        happened: super::material::drill_seconds(record.happened),
        summary: record.summary().clone(),
        note: row.note.as_ref().map(|note| from.text(note)),
        record: record.raw().clone(),
        left_by: stage.map(|stage| stage.title.clone()),
        benign: stage.map(|stage| stage.benign.is_some()),
    }
}

fn traces(from: &Material<'_>, left: &Traces<'_>) -> Vec<TraceRow> {
    let mut rows: Vec<(&StageId, TraceRow)> = Vec::new();
    for (stage, _, _) in happened(from) {
        if stage.benign.is_none() && !stage.leaves.is_empty() && rows.iter().all(|(id, _)| **id != stage.id) {
            let row = TraceRow { stage: stage.title.clone(), records: 0, marked: 0, logs: Vec::new() };
            rows.push((&stage.id, row));
        }
    }
    for row in &from.view.board.logs {
        let Some(stage) = left.stage_of(&row.record) else { continue };
        let Some((_, trace)) = rows.iter_mut().find(|(id, _)| **id == stage.id) else { continue };
        trace.records += 1;
        trace.marked += u64::from(from.view.people.evidence.iter().any(|marked| marked.row.record.id == row.record.id));
        let log = row.record.source.label();
        if trace.logs.iter().all(|known| known != log) {
            trace.logs.push(log.into());
        }
    }
    rows.into_iter().map(|(_, row)| row).take(MAX_EACH).collect()
}
