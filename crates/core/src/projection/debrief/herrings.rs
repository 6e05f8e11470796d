//! What only looked like the incident, and whether somebody followed it.

use serde::Serialize;

use super::doors::responded_at;
use super::material::Material;
use super::material::{MAX_EACH, happened};
use crate::projection::traces::Traces;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::Stage;
use firedrill_model::{DrillTime, Judgement, SafeText, Shown, shown};

pub(super) fn red_herrings(from: &Material<'_>, left: &Traces<'_>) -> Vec<HerringRow> {
    let benign = happened(from).into_iter().filter_map(|(stage, on, at)| {
        let why = stage.benign.clone()?;
        let what = SafeText::one_line(&shown!("{} ({})", stage.title, from.view.target_title(on)));
        let by = followed(from, left, (stage, on, at));
        let (chased, chased_by) = (Some(by.is_some()), by.map(|by| SafeText::one_line(&by)));
        Some(HerringRow { what, why, since_fault: from.since_fault(at), chased, chased_by })
    });
    let messages = from.view.board.messages.iter().filter_map(|row| {
        let inject = from.whole().flat_map(|whole| &whole.injects).find(|inject| inject.id == row.inject)?;
        let why = inject.misleads.clone()?;
        let what = SafeText::one_line(&shown!("{} ({}): {}", inject.from, inject.via, inject.text));
        let since_fault = from.since_fault(row.stamp.at);
        Some(HerringRow { what, why, since_fault, chased: None, chased_by: None })
    });
    benign.chain(messages).take(MAX_EACH).collect()
}

/// Something that only looked like the incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HerringRow {
    /// What it was.
    pub what: SafeText,
    /// Why it was harmless, or how it misleads.
    pub why: SafeText,
    /// When it began or arrived, seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Whether somebody followed it; empty where the record can't tell, as for a message.
    pub chased: Option<bool>,
    /// By what it shows.
    pub chased_by: Option<SafeText>,
}

/// By what somebody followed something harmless: a judgement, a response where nothing else went on, or a mark.
fn followed(from: &Material<'_>, left: &Traces<'_>, (stage, on, at): (&Stage, &TargetId, DrillTime)) -> Option<Shown> {
    judged_ours(from, stage).or_else(|| responded(from, stage, on, at)).or_else(|| marked(from, left, stage))
}

fn judged_ours(from: &Material<'_>, stage: &Stage) -> Option<Shown> {
    let ours = |row: &&crate::projection::view::FindingRow| {
        row.judged.as_ref().is_some_and(|(_, _, judgement)| *judgement == Judgement::Ours)
            && from.view.is_noise(&row.finding)
            && from.view.behind(&row.finding).iter().any(|known| known.id == stage.id)
    };
    let row = from.view.board.findings.iter().find(ours)?;
    Some(shown!("{} was held for ours", row.finding.kind))
}

/// A response at anything that the stage touches, where nothing else went on.
fn responded(from: &Material<'_>, stage: &Stage, on: &TargetId, at: DrillTime) -> Option<Shown> {
    let row = responded_at(from, stage, at)?;
    let title = from.view.action_title(&row.action);
    Some(match row.target.as_ref().filter(|target| *target != on) {
        None => shown!("'{}' was given there", title),
        Some(target) => shown!("'{}' was given at {}, which belongs to it", title, from.view.target_title(target)),
    })
}

fn marked(from: &Material<'_>, left: &Traces<'_>, stage: &Stage) -> Option<Shown> {
    let of_it = |record| left.stage_of(record).is_some_and(|known| known.id == stage.id);
    let number = from.view.people.evidence.iter().filter(|row| of_it(&row.row.record)).count();
    (number > 0).then(|| Shown::from("a record of it was marked as evidence"))
}
