//! What was expected and what was done: surprises, the path beside the responses, the way of the findings, people's answers.

use super::table::{NOTHING, clock, lines, maybe_clock, maybe_length, section, table};
use crate::escape;
use firedrill_core::projection::debrief::Debrief;
use firedrill_core::projection::debrief::people::{AgainstRow, DifferenceRow, YesNo};
use firedrill_core::projection::debrief::pipeline::{Pipeline, PipelineRow};
use firedrill_core::projection::debrief::side_by_side::SideRow;
use firedrill_model::SafeText;

pub(super) fn surprises(debrief: &Debrief) -> String {
    let line = |row: &firedrill_core::projection::debrief::surprises::Surprise| {
        let (label, text) = (escape::plain(&row.label), escape::inline(&row.text));
        format!("- **{label}**, at {} of the drill. {text} See it: `{}`", clock(row.at), row.jump)
    };
    section("What surprised us", &lines(debrief.surprises.iter().map(line)))
}

pub(super) fn side_by_side(debrief: &Debrief) -> String {
    if debrief.side_by_side.is_empty() {
        return String::new();
    }
    let cell = |text: Option<&SafeText>| text.map_or_else(String::new, escape::inline);
    let row = |row: &SideRow| {
        let at = row.at.map_or_else(String::new, clock);
        vec![cell(row.expected.as_ref()), at, cell(row.done.as_ref()), escape::plain(&row.how)]
    };
    let rows: Vec<Vec<String>> = debrief.side_by_side.iter().map(row).collect();
    let note = "One path that keeps the hypothesis, not the only one.";
    let table = table(&["A path that keeps it", "Drill time", "Done", "How"], &rows);
    section("A path beside what was done", &format!("{note}\n\n{table}"))
}

pub(super) fn pipelines(debrief: &Debrief) -> String {
    let all: Vec<String> = debrief.pipelines.iter().map(pipeline).collect();
    section("From the fault to a person", &all.join("\n"))
}

fn pipeline(one: &Pipeline) -> String {
    let on = if one.resource.is_blank() { String::new() } else { format!(" on {}", escape::inline(&one.resource)) };
    let of = if one.of_the_hypothesis { ", of the hypothesis' detector" } else { "" };
    let rows: Vec<Vec<String>> = one.rows.iter().map(stage).collect();
    let table = table(&["Stage", "What", "Since the fault", "Took", "Reached", "Remark"], &rows);
    format!("### {}{on}{of}\n\n{table}", escape::inline(&one.finding))
}

fn stage(row: &PipelineRow) -> Vec<String> {
    vec![
        escape::plain(&row.stage),
        escape::inline(&row.what),
        maybe_clock(row.since_fault),
        maybe_length(row.took),
        row.reached.label().to_owned(),
        escape::inline(&row.words),
    ]
}

/// What people said, counted over the drill.
pub(super) fn counted(debrief: &Debrief) -> String {
    let said = &debrief.people;
    if said.answered == 0 && said.differences.is_empty() {
        return String::new();
    }
    let levels = said.confidence.iter().zip(1..).filter(|(count, _)| **count > 0);
    let levels: Vec<String> = levels.map(|(count, level)| format!("{level} of 5: {count} times")).collect();
    let levels = if levels.is_empty() { NOTHING.to_owned() } else { levels.join(", ") };
    let known = |what: &str, said: YesNo| format!("- {what}: yes {} times, no {} times", said.yes, said.no);
    let mut content = lines(
        [
            format!("- Steps done: {}; answered about: {}", said.asked, said.answered),
            format!("- Confidence: {levels}"),
            known("Knew where to look", said.knew_where),
            known("Knew whom to escalate to", said.knew_whom),
        ]
        .into_iter(),
    );
    if !said.against.is_empty() {
        let rows: Vec<Vec<String>> = said.against.iter().map(against).collect();
        let head = ["Confidence", "Within the goal", "Over the goal", "Not timed"];
        content.push_str(&format!("\nConfidence against how the step went:\n\n{}", table(&head, &rows)));
    }
    if !said.differences.is_empty() {
        content.push_str(&format!("\nWhere predictions differ:\n\n{}", lines(said.differences.iter().map(difference))));
    }
    section("What people said, counted", &content)
}

fn against(row: &AgainstRow) -> Vec<String> {
    let figures = [row.within_goal, row.over_goal, row.not_timed].map(|figure| figure.to_string());
    std::iter::once(escape::plain(&row.confidence)).chain(figures).collect()
}

fn difference(row: &DifferenceRow) -> String {
    format!("- {}, {} people: {}", escape::plain(&row.about), row.people, escape::inline(&row.text))
}
