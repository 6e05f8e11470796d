//! What was undone: by a program that puts back what people have changed, and by an adversary that deletes what they have kept.

use super::{SideEffect, when};
use crate::projection::debrief::material::Material;
use crate::projection::view::Stamp;
use crate::projection::wording;
use firedrill_model::event::{AutomationEvent, AutomationOutcome};
use firedrill_model::scenario::HarmKind;
use firedrill_model::{Joined, Shown, shown};

/// What ran at even intervals and changed something back, and what had changed it before.
pub(super) fn undone(from: &Material<'_>) -> Vec<SideEffect> {
    let runs = from.view.board.automations.iter().filter(|(_, run)| run.finding.is_none());
    runs.filter_map(|(stamp, run)| put_back(from, *stamp, run)).collect()
}

fn put_back(from: &Material<'_>, stamp: Stamp, run: &AutomationEvent) -> Option<SideEffect> {
    let AutomationOutcome::Ran { results } = &run.outcome else { return None };
    let brought = results.iter().map(|result| from.view.result_words(result)).joined("; ");
    let title = from.view.target_title(&run.automation);
    let when = when(from, stamp);
    let before = last_change(from, stamp, run);
    let changed =
        before.as_ref().map_or_else(Shown::default, |(_, words)| shown!(" It had been changed by {}.", words));
    let text = shown!("'{}' ran by itself {}: {}.{}", title, when, brought, changed);
    Some(SideEffect::new(&text, stamp, before.and_then(|(run, _)| run)))
}

/// The response or the automation that worked last at the same place, and the number of the response.
fn last_change(from: &Material<'_>, before: Stamp, run: &AutomationEvent) -> Option<(Option<u32>, Shown)> {
    let responses = from.view.responses.iter().filter_map(|(number, row)| {
        let there = row.target.as_ref() == Some(&run.resource) && row.succeeded();
        let stamp = row.done.as_ref().filter(|_| there)?.0;
        let words = from.view.response_words(&row.action, row.target.as_ref());
        Some((stamp.seq, Some(*number), shown!("'{}'", words)))
    });
    let others = from.view.board.automations.iter().filter(|(_, other)| {
        other.automation != run.automation
            && other.resource == run.resource
            && match other.outcome {
                AutomationOutcome::Ran { .. } => true,
                AutomationOutcome::Failed => false,
            }
    });
    let others = others.map(|(stamp, other)| {
        (stamp.seq, None, shown!("'{}', which ran by itself as well", from.view.target_title(&other.automation)))
    });
    let earlier = responses.chain(others).filter(|(seq, ..)| *seq < before.seq);
    earlier.max_by_key(|(seq, ..)| *seq).map(|(_, number, words)| (number, words))
}

/// Snapshots that were taken as evidence, and deleted in this account.
pub(super) fn evidence_deleted(from: &Material<'_>) -> Vec<SideEffect> {
    let harms = from.view.truth.harms.iter().filter(|(_, harm)| harm.kind == HarmKind::EvidenceDeleted && from.open);
    let said = harms.map(|(stamp, harm)| {
        let (what, when) = (wording::sentence(&harm.what), when(from, *stamp));
        if harm.refused {
            let text = shown!(
                "{} ({}, {}) The copy in the account for forensics was out of reach.",
                what,
                harm.resource,
                when
            );
            SideEffect::new(&text, *stamp, None)
        } else {
            let text = shown!(
                "Evidence was lost: {} ({}, {}) Nothing had been copied out of the account.",
                what,
                harm.resource,
                when
            );
            SideEffect::losing(&text, *stamp, None)
        }
    });
    said.collect()
}
