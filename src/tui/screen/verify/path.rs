//! Verify: a path beside what was done, orders and red herrings; and the way of the findings, stage by stage.

use super::Page;
use crate::tui::canvas::Line;
use crate::tui::screen::bar;
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::OrderRow;
use firedrill_core::projection::debrief::doors::Door;
use firedrill_core::projection::debrief::evidence::HerringRow;
use firedrill_core::projection::debrief::pipeline::{Pipeline, PipelineRow, Reached};
use firedrill_core::projection::debrief::side_by_side::SideRow;
use firedrill_core::projection::moment::t_since;
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Shown, shown};

/// Columns of the time between both sides.
const TIME: usize = 12;

pub(super) fn path(page: &mut Page<'_, '_>, debrief: &Debrief) {
    side_by_side(page, debrief);
    doors(page, debrief);
    for order in &debrief.orders {
        self::order(page, order);
    }
    if !debrief.evidence.red_herrings.is_empty() {
        page.gap();
        page.text("What only looked like it, and whether somebody followed it", Meaning::Strong);
    }
    for row in &debrief.evidence.red_herrings {
        herring(page, row);
    }
}

fn side_by_side(page: &mut Page<'_, '_>, debrief: &Debrief) {
    if debrief.side_by_side.is_empty() {
        page.text("The scenario names no path to hold the responses against.", Meaning::Faint);
        return;
    }
    let half = (usize::from(page.width).saturating_sub(TIME)) / 2;
    let heads = [text::pad("A path that keeps it", half), text::pad("", TIME), Shown::from("Done")];
    page.text(heads.joined(""), Meaning::Strong);
    for row in &debrief.side_by_side {
        side(page, row, half);
    }
    page.text("One path that keeps the hypothesis, not the only one.", Meaning::Faint);
    page.gap();
}

/// A row: both cells are wrapped, and lines stand beside each other.
fn side(page: &mut Page<'_, '_>, row: &SideRow, half: usize) {
    let width = u16::try_from(half.saturating_sub(1)).unwrap_or(u16::MAX).max(8);
    let left = row.expected.as_ref().map_or_else(Shown::default, |words| Shown::from(&words));
    let right = match (&row.done, row.how.as_str()) {
        (Some(words), "as on the path") => Shown::from(&words),
        (Some(words), _) => shown!("{} ({})", words, row.how),
        (None, _) => row.how.clone(),
    };
    let (left, right) = (text::wrap(left, width), text::wrap(&right, width));
    let time = row.t.clone().unwrap_or_default();
    let (sign, meaning) = match (&row.expected, &row.done) {
        (Some(_), Some(_)) => ("✓", Meaning::Good),
        (Some(_), None) => ("–", Meaning::Caution),
        _ => ("+", Meaning::Plain),
    };
    for at in 0..left.len().max(right.len()) {
        let cell = |lines: &[Shown]| lines.get(at).cloned().unwrap_or_default();
        let middle = if at == 0 { shown!("{} {:>9} ", sign, time) } else { Shown::default() };
        let spans = vec![
            page.canvas.span(text::pad(cell(&left), half), Meaning::Plain),
            page.canvas.span(text::pad(&middle, TIME), meaning),
            page.canvas.span(cell(&right), if row.done.is_some() { Meaning::Plain } else { Meaning::Faint }),
        ];
        page.lines.push(Line::from(spans));
    }
}

/// What each response was done to.
fn doors(page: &mut Page<'_, '_>, debrief: &Debrief) {
    if debrief.doors.is_empty() {
        return;
    }
    page.text("What responses were done to", Meaning::Strong);
    for row in &debrief.doors {
        let (sign, meaning) = match row.door {
            Door::Right => ("✓", Meaning::Good),
            Door::Harmless => ("–", Meaning::Caution),
            Door::Wrong => ("✗", Meaning::Bad),
        };
        page.text(shown!("{} {}: {}", sign, row.door.label(), row.response), meaning);
        // What a right one brought stands among the effects.
        if row.door != Door::Right {
            page.text(
                shown!("  {} {}", row.why, row.cost.iter().map(Shown::from).collect::<Vec<_>>().joined(" ")),
                Meaning::Faint,
            );
        }
    }
    page.gap();
}

fn order(page: &mut Page<'_, '_>, order: &OrderRow) {
    let (mark, meaning) = match order.kept {
        Some(true) => ("✓ order kept", Meaning::Good),
        Some(false) => ("✗ other order", Meaning::Bad),
        None => ("– order open", Meaning::Faint),
    };
    page.labelled(mark, 15, meaning, &shown!("{}. {}", order.order, order.why), Meaning::Plain);
    if let Some(early) = &order.early {
        page.labelled("  done", 15, Meaning::Faint, early, Meaning::Plain);
    }
    for came in &order.came_of_it {
        page.labelled("  came after", 15, Meaning::Faint, came, Meaning::Caution);
    }
}

fn herring(page: &mut Page<'_, '_>, row: &HerringRow) {
    let (sign, meaning) = match row.chased {
        Some(true) => ("✗ followed", Meaning::Caution),
        Some(false) => ("✓ left alone", Meaning::Good),
        None => ("? can't tell", Meaning::Faint),
    };
    page.labelled(sign, 15, meaning, &row.what, Meaning::Plain);
    let by = row.chased_by.as_ref().map_or_else(Shown::default, |by| shown!(" Followed: {}.", by));
    page.labelled("", 15, Meaning::Faint, &shown!("{}{}", row.why, by), Meaning::Faint);
}

pub(super) fn pipelines(page: &mut Page<'_, '_>, debrief: &Debrief) {
    if debrief.pipelines.is_empty() {
        page.text("There was no fault whose way could be told.", Meaning::Faint);
    }
    for one in &debrief.pipelines {
        if !page.lines.is_empty() {
            page.gap();
        }
        pipeline(page, one);
    }
}

fn pipeline(page: &mut Page<'_, '_>, one: &Pipeline) {
    let on = if one.resource.is_blank() { Shown::default() } else { shown!(" on {}", one.resource) };
    let of = if one.of_the_hypothesis { ", the hypothesis' own" } else { "" };
    page.text(&shown!("{}{}{}", one.finding, on, of), Meaning::Strong);
    let longest = one.rows.iter().filter_map(|row| row.took).fold(0.0_f64, f64::max);
    for row in &one.rows {
        stage(page, row, longest);
    }
}

fn stage(page: &mut Page<'_, '_>, row: &PipelineRow, longest: f64) {
    let (sign, meaning) = match row.reached {
        Reached::Done => ("✓", Meaning::Good),
        Reached::Broken => ("✗", Meaning::Bad),
        Reached::Missing => ("–", Meaning::Bad),
        Reached::NotMeasured => ("?", Meaning::Caution),
    };
    let since = row.since_fault.map_or_else(|| row.reached.label().into(), t_since);
    let drawn = row.took.filter(|took| longest > 0.0 && *took >= 0.0);
    let took = drawn
        .map_or_else(Shown::default, |took| shown!("{} took {}, ", bar(took / longest, 10), wording::seconds(took)));
    let label = shown!("{} {:<8}{:>12}  ", sign, row.stage, since);
    page.labelled(&label, 24, meaning, &shown!("{}{}", took, row.what), Meaning::Plain);
    if !row.words.is_blank() {
        page.labelled("", 24, Meaning::Faint, &row.words, Meaning::Faint);
    }
}
