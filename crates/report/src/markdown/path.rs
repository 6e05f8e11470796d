//! What was expected and what was done: surprises, the path beside the responses, the way of the findings, people's answers.

use super::table::{NOTHING, lines, maybe_clock, maybe_length, section, table};
use crate::escape;
use firedrill_core::projection::debrief::Debrief;
use firedrill_core::projection::debrief::people::{AgainstRow, DifferenceRow, YesNo};
use firedrill_core::projection::debrief::pipeline::{Pipeline, PipelineRow};
use firedrill_core::projection::debrief::side_by_side::SideRow;
use firedrill_model::{Joined, SafeText, Shown, shown};

pub(super) fn surprises(debrief: &Debrief) -> Shown {
    let line = |row: &firedrill_core::projection::debrief::surprises::Surprise| {
        let (label, text) = (escape::plain(&row.label), escape::inline(&row.text));
        shown!("- **{}**, at {}. {} See it: `{}`", label, escape::plain(&row.t), text, row.jump)
    };
    section("What surprised us", lines(debrief.surprises.iter().map(line)))
}

pub(super) fn side_by_side(debrief: &Debrief) -> Shown {
    if debrief.side_by_side.is_empty() {
        return Shown::default();
    }
    let cell = |text: Option<&SafeText>| text.map_or_else(Shown::default, escape::inline);
    let row = |row: &SideRow| {
        let at = row.t.as_ref().map_or_else(Shown::default, escape::plain);
        vec![cell(row.expected.as_ref()), at, cell(row.done.as_ref()), escape::plain(&row.how)]
    };
    let rows: Vec<Vec<Shown>> = debrief.side_by_side.iter().map(row).collect();
    let note = "One path that keeps the hypothesis, not the only one.";
    let table = table(&["A path that keeps it", "T", "Done", "How"], &rows);
    section("A path beside what was done", &shown!("{}\n\n{}", note, table))
}

pub(super) fn pipelines(debrief: &Debrief) -> Shown {
    let all: Vec<Shown> = debrief.pipelines.iter().map(pipeline).collect();
    section("From the fault to a person", all.joined("\n"))
}

fn pipeline(one: &Pipeline) -> Shown {
    let on = if one.resource.is_blank() { Shown::default() } else { shown!(" on {}", escape::inline(&one.resource)) };
    let of = if one.of_the_hypothesis { ", of the hypothesis' detector" } else { "" };
    let rows: Vec<Vec<Shown>> = one.rows.iter().map(stage).collect();
    let table = table(&["Stage", "What", "T", "Took", "Reached", "Remark"], &rows);
    shown!("### {}{}{}\n\n{}", escape::inline(&one.finding), on, of, table)
}

fn stage(row: &PipelineRow) -> Vec<Shown> {
    vec![
        escape::plain(&row.stage),
        escape::inline(&row.what),
        maybe_clock(row.since_fault),
        maybe_length(row.took),
        row.reached.label().into(),
        escape::inline(&row.words),
    ]
}

/// What people said, counted over the drill.
pub(super) fn counted(debrief: &Debrief) -> Shown {
    let said = &debrief.people;
    if said.answered == 0 && said.differences.is_empty() {
        return Shown::default();
    }
    let levels = said.confidence.iter().zip(1..).filter(|(count, _)| **count > 0);
    let levels: Vec<Shown> = levels.map(|(count, level)| shown!("{} of 5: {} times", level, count)).collect();
    let levels = if levels.is_empty() { NOTHING.into() } else { levels.joined(", ") };
    let known = |what: &'static str, said: YesNo| shown!("- {}: yes {} times, no {} times", what, said.yes, said.no);
    let mut content = lines(
        [
            shown!("- Steps done: {}; answered about: {}", said.asked, said.answered),
            shown!("- Confidence: {}", levels),
            known("Knew where to look", said.knew_where),
            known("Knew whom to escalate to", said.knew_whom),
        ]
        .into_iter(),
    );
    if !said.against.is_empty() {
        let rows: Vec<Vec<Shown>> = said.against.iter().map(against).collect();
        let head = ["Confidence", "Within the goal", "Over the goal", "Not timed"];
        content.push(shown!("\nConfidence against how the step went:\n\n{}", table(&head, &rows)));
    }
    if !said.differences.is_empty() {
        content.push(shown!("\nWhere predictions differ:\n\n{}", lines(said.differences.iter().map(difference))));
    }
    section("What people said, counted", &content)
}

fn against(row: &AgainstRow) -> Vec<Shown> {
    let figures = [row.within_goal, row.over_goal, row.not_timed].map(Shown::from);
    std::iter::once(escape::plain(&row.confidence)).chain(figures).collect()
}

fn difference(row: &DifferenceRow) -> Shown {
    shown!("- {}, {} people: {}", escape::plain(&row.about), row.people, escape::inline(&row.text))
}
