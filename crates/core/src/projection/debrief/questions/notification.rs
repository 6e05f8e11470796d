//! Question 3: what the notification carried, and where people looked first.

use super::super::material::Material;
use super::super::second_order::changes_workload;
use crate::projection::view::{Answers, FindingRow, Response};
use crate::projection::wording;
use firedrill_model::DrillTime;
use firedrill_model::finding::severity_word;
use firedrill_model::scenario::{Category, Effect, NistPhase};

pub(super) fn information(from: &Material<'_>) -> Vec<String> {
    let Some(first) = from.view.board.findings.first() else {
        return no_finding(from);
    };
    let mut said = vec![came_by(from, first), carried(first)];
    said.extend(looked(from, first.seen.at));
    said.extend(said_of_detection(from));
    said
}

fn no_finding(from: &Material<'_>) -> Vec<String> {
    if from.view.fault().is_none() {
        return Vec::new();
    }
    vec!["Nobody saw a finding, so no notification carried anything.".to_owned()]
}

fn came_by(from: &Material<'_>, row: &FindingRow) -> String {
    row.via.as_ref().map_or_else(
        || "No notification came first: somebody looked and saw the finding.".to_owned(),
        |channel| format!("{} told the team of the first finding.", from.view.channel_title(channel)),
    )
}

fn carried(row: &FindingRow) -> String {
    let finding = &row.finding;
    let (kind, resource, severity) = (&finding.kind, &finding.resource, severity_word(finding.severity));
    let document =
        if finding.document.is_blank() { "no document with details" } else { "the whole finding as a document" };
    let seen = wording::count(usize::try_from(finding.count).unwrap_or(usize::MAX), "time", "times");
    format!(
        "The finding carried: the kind ({kind}), the severity ({severity}), the resource ({resource}), that it was seen {seen}, and {document}."
    )
}

/// What was read between the first sight of the finding and the first response that changed the workload.
fn looked(from: &Material<'_>, seen: DrillTime) -> Vec<String> {
    let after: Vec<&Response> = from.view.responses.values().filter(|row| row.given.at >= seen).collect();
    let change = after.iter().find(|row| changes_workload(from, row));
    let until = change.map_or(DrillTime(u64::MAX), |row| row.given.at);
    let before = after.iter().filter(|row| row.given.at < until && reads_log(from, row));
    let titles: Vec<String> = before.map(|row| format!("'{}'", from.view.action_title(&row.action))).collect();
    let Some(change) = change else {
        return vec!["After the finding, no response changed the workload.".to_owned()];
    };
    let time = wording::length(change.given.at.since(seen));
    let title = from.view.action_title(&change.action);
    let read = if titles.is_empty() {
        "No log was opened before that".to_owned()
    } else {
        format!("Before that was given: {}", wording::list(&titles))
    };
    vec![format!(
        "The first response that changed the workload, '{title}', came {time} after the finding was seen. {read}."
    )]
}

/// What people said after the steps of detection and analysis: whether they knew enough.
fn said_of_detection(from: &Material<'_>) -> Vec<String> {
    let rows = from.view.playbook.steps.iter().filter_map(|row| from.view.step(&row.id).map(|step| (row, step)));
    let detection = rows.filter(|(_, step)| step.phase == NistPhase::Detection);
    detection
        .filter_map(|(row, step)| answers(&row.answers).map(|said| format!("After '{}': {said}.", step.title)))
        .collect()
}

fn answers(answers: &Answers) -> Option<String> {
    let known = |what: &str, yes: bool| if yes { format!("{what} was known") } else { format!("{what} was not known") };
    let confident = answers.confidence.map(|figure| format!("confidence {figure} of 5"));
    let said = [
        confident,
        answers.knew_where.map(|yes| known("where to look", yes)),
        answers.knew_whom.map(|yes| known("whom to escalate to", yes)),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| wording::list(&said))
}

fn reads_log(from: &Material<'_>, response: &Response) -> bool {
    from.view.action(&response.action).is_some_and(|action| {
        action.category == Category::Investigate
            || action.effects.iter().any(|effect| matches!(effect, Effect::LookAtLog { .. }))
    })
}
