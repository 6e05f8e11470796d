//! Lists whose rows have a text below each: what surprised, and the objectives with strengths, areas and the plan behind them.

use ratatui::layout::Rect;

use super::Page;
use crate::tui::app::BEHIND;
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::pane::Pane;
use crate::tui::screen::{Look, marker};
use crate::tui::theme::Meaning;
use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::ImprovementLine;
use firedrill_core::projection::debrief::objectives::ObjectiveRow;
use firedrill_model::{Shown, shown};

/// How far the text stands below its head.
const INDENT: usize = 4;

/// A row with its text.
struct Block {
    head: Line,
    /// Lines that are wrapped already.
    body: Vec<Line>,
}

/// Draws a list of blocks; the chosen one is in sight, and pages scroll what is longer than the pane.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, pane: Pane, look: Look<'_>, focused: bool) {
    let Some(debrief) = look.drill.debrief else { return };
    let inside = Rect { width: area.width.saturating_sub(1), ..area };
    let chosen = look.app.row(look.drill, pane);
    let blocks = match pane {
        Pane::Surprises => surprises(canvas, inside.width, debrief, chosen),
        _ => objectives(canvas, inside.width, debrief, chosen),
    };
    if blocks.is_empty() {
        let words = "  The record shows nothing that surprised.";
        canvas.line(area, &Line::from(canvas.span(words, Meaning::Faint)));
        return;
    }
    let (lines, heads) = in_a_row(blocks);
    let height = usize::from(inside.height);
    let top = heads.get(chosen).copied().unwrap_or(0);
    let end = heads.get(chosen + 1).copied().unwrap_or(lines.len());
    // All of the chosen block, as long as its head stays in sight.
    let first = end.saturating_sub(height).min(top);
    let scroll = look.app.scrolled(pane);
    let rest = lines.get(first..).unwrap_or_default();
    let hidden = usize::from(scroll).min(rest.len().saturating_sub(height));
    canvas.document(inside, Some(pane), rest, scroll);
    for (at, head) in heads.iter().enumerate() {
        let Some(row) = head.checked_sub(first + hidden).filter(|row| *row < height) else { continue };
        let place = Rect { y: inside.y + u16::try_from(row).unwrap_or(0), height: 1, ..inside };
        if at == chosen && focused {
            canvas.tint(place, Meaning::Selected);
        }
        canvas.hit(place, Hit::PaneRow(pane, at));
    }
}

/// All lines, and at which of them each block begins.
fn in_a_row(blocks: Vec<Block>) -> (Vec<Line>, Vec<usize>) {
    let (mut lines, mut heads) = (Vec::new(), Vec::new());
    for block in blocks {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        heads.push(lines.len());
        lines.push(block.head);
        lines.extend(block.body);
    }
    (lines, heads)
}

fn head(canvas: &Canvas<'_>, chosen: bool, sign: impl Into<Shown>, words: impl Into<Shown>) -> Line {
    let sign = sign.into();
    let mut spans = vec![canvas.span(marker(chosen), Meaning::Plain)];
    if !sign.is_empty() {
        spans.push(canvas.span(shown!("{}  ", sign), Meaning::Figure));
    }
    spans.push(canvas.span(words, Meaning::Strong));
    Line::from(spans)
}

/// Texts below a head, each behind its label.
fn body(canvas: &mut Canvas<'_>, width: u16, texts: &[(&'static str, Shown, Meaning)]) -> Vec<Line> {
    let mut page = Page { canvas, width, lines: Vec::new() };
    for (label, words, meaning) in texts {
        let label = shown!("{:INDENT$}{}", "", label);
        let wide = label.chars().count();
        page.labelled(&label, wide, Meaning::Faint, words, *meaning);
    }
    page.lines
}

fn surprises(canvas: &mut Canvas<'_>, width: u16, debrief: &Debrief, chosen: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, row) in debrief.surprises.iter().enumerate() {
        let head = head(canvas, at == chosen, shown!("{:>7}", row.t), &row.label);
        let body = body(canvas, width, &[("", Shown::from(&row.text), Meaning::Plain)]);
        blocks.push(Block { head, body });
    }
    blocks
}

/// Objectives, then what they are read with: strengths, areas for improvement, corrective actions.
fn objectives(canvas: &mut Canvas<'_>, width: u16, debrief: &Debrief, chosen: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, row) in debrief.objectives.iter().enumerate() {
        let sign = row.rating.map_or("-", |rating| rating.letter());
        let head = head(canvas, at == chosen, sign, &row.title);
        let body = body(canvas, width, &objective(row));
        blocks.push(Block { head, body });
    }
    let behind: [_; BEHIND] = [
        ("Strengths that the record shows", texts(&debrief.strengths, "+ ")),
        ("Areas for improvement that the record shows", texts(&debrief.areas, "- ")),
        ("Corrective actions", debrief.improvements.iter().map(|line| ("- ", action(line), Meaning::Plain)).collect()),
    ];
    for (words, texts) in behind {
        let head = head(canvas, blocks.len() == chosen, "", words);
        let none = [("", Shown::from("None in the record."), Meaning::Faint)];
        let body = body(canvas, width, if texts.is_empty() { &none } else { &texts });
        blocks.push(Block { head, body });
    }
    blocks
}

fn texts(all: &[firedrill_model::SafeText], label: &'static str) -> Vec<(&'static str, Shown, Meaning)> {
    all.iter().map(|text| (label, Shown::from(&text), Meaning::Plain)).collect()
}

fn objective(row: &ObjectiveRow) -> Vec<(&'static str, Shown, Meaning)> {
    let rating = row.rating.map_or_else(|| Shown::from("not rated"), |rating| rating.label().into());
    let meaning = if row.rating.is_some() { Meaning::Plain } else { Meaning::Faint };
    let first = [("", Shown::from(&row.capability), Meaning::Faint), ("rating ", rating, meaning)];
    let record = row.from_the_record.iter().map(|text| ("record ", Shown::from(&text), Meaning::Plain));
    let said = row.observations.iter().filter_map(|said| {
        let words = said.words.as_ref()?;
        Some(("team   ", shown!("{}: {}", said.who, words), Meaning::Strong))
    });
    first.into_iter().chain(record).chain(said).collect()
}

fn action(line: &ImprovementLine) -> Shown {
    let owner = line.owner.as_ref().map_or_else(|| "no owner".into(), |owner| Shown::from(&owner));
    let due = line.due.as_ref().map_or_else(|| "no date".into(), |due| Shown::from(&due));
    let state = line.closed.as_ref().map_or_else(|| Shown::from("open"), |closed| shown!("closed on {}", closed.on));
    shown!("{} ({}, {}, {})", line.what, owner, due, state)
}
