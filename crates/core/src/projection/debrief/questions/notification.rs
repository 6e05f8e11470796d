//! Question 3: what the notification carried, and where people looked first.

use super::super::material::Material;
use super::super::second_order::changes_workload;
use crate::projection::view::{Answers, FindingRow, Response};
use crate::projection::wording;
use firedrill_model::finding::severity_word;
use firedrill_model::scenario::{Category, Effect, NistPhase};
use firedrill_model::{DrillTime, Shown, shown};

pub(super) fn information(from: &Material<'_>) -> Vec<Shown> {
    // An alarm that a response caused told of no incident.
    let mut findings = from.view.board.findings.iter();
    let Some(first) = findings.find(|row| from.view.is_of_incident(&row.finding)) else {
        return no_finding(from);
    };
    let mut said = vec![came_by(from, first), carried(first)];
    said.extend(looked(from, first.seen.at));
    said.extend(said_of_detection(from));
    said
}

fn no_finding(from: &Material<'_>) -> Vec<Shown> {
    if from.view.fault().is_none() {
        return Vec::new();
    }
    let words = if from.view.board.findings.is_empty() {
        "Nobody saw a finding, so no notification carried anything."
    } else {
        "Nobody saw a finding of the incident, so no notification carried anything of it."
    };
    vec![words.into()]
}

fn came_by(from: &Material<'_>, row: &FindingRow) -> Shown {
    row.via.as_ref().map_or_else(
        || Shown::from("No notification came first: somebody looked and saw the finding."),
        |channel| shown!("{} told the team of the first finding of the incident.", from.view.channel_title(channel)),
    )
}

fn carried(row: &FindingRow) -> Shown {
    let finding = &row.finding;
    let (kind, resource, severity) = (&finding.kind, &finding.resource, severity_word(finding.severity));
    let document =
        if finding.document.is_blank() { "no document with details" } else { "the whole finding as a document" };
    let seen = wording::count(usize::try_from(finding.count).unwrap_or(usize::MAX), "time", "times");
    shown!(
        "The finding carried: the kind ({}), the severity ({}), the resource ({}), that it was seen {}, and {}.",
        kind,
        severity,
        resource,
        seen,
        document
    )
}

/// What was read before the first response that changed the workload, and whether that came before the finding was seen or after.
fn looked(from: &Material<'_>, seen: DrillTime) -> Vec<Shown> {
    let all = || from.view.responses.values();
    let Some(change) = all().find(|row| changes_workload(from, row)) else {
        return vec![Shown::from("No response changed the workload.")];
    };
    let before = all().filter(|row| row.given.seq < change.given.seq && reads_log(from, row));
    let titles: Vec<Shown> = before.map(|row| shown!("'{}'", from.view.action_title(&row.action))).collect();
    let time = if change.given.at >= seen {
        shown!("{} after", wording::length(change.given.at.since(seen)))
    } else {
        shown!("{} before", wording::length(seen.since(change.given.at)))
    };
    let title = from.view.action_title(&change.action);
    let read = if titles.is_empty() {
        Shown::from("No log was opened before that")
    } else {
        shown!("Before that was given: {}", wording::list(&titles))
    };
    vec![shown!(
        "The first response that changed the workload, '{}', came {} the finding was seen. {}.",
        title,
        time,
        read
    )]
}

/// What people said after the steps of detection and analysis: whether they knew enough.
fn said_of_detection(from: &Material<'_>) -> Vec<Shown> {
    let rows = from.view.playbook.steps.iter().filter_map(|row| from.view.step(&row.id).map(|step| (row, step)));
    let detection = rows.filter(|(_, step)| step.phase == NistPhase::Detection);
    detection
        .filter_map(|(row, step)| answers(&row.answers).map(|said| shown!("After '{}': {}.", step.title, said)))
        .collect()
}

fn answers(answers: &Answers) -> Option<Shown> {
    let known = |what: &'static str, yes: bool| {
        if yes { shown!("{} was known", what) } else { shown!("{} was not known", what) }
    };
    let confident = answers.confidence.map(|figure| shown!("confidence {} of 5", figure));
    let said = [
        confident,
        answers.knew_where.map(|yes| known("where to look", yes)),
        answers.knew_whom.map(|yes| known("whom to escalate to", yes)),
    ];
    let said: Vec<Shown> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| wording::list(&said))
}

fn reads_log(from: &Material<'_>, response: &Response) -> bool {
    from.view.action(&response.action).is_some_and(|action| {
        action.category == Category::Investigate
            || action.effects.iter().any(|effect| matches!(effect, Effect::LookAtLog { .. }))
    })
}
