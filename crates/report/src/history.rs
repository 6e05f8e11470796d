//! Drills over time: as a text table, in plain sentences, as CSV and as JSON. Never a mean: values side by side, and how they went.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::csv;
use firedrill_core::projection::History;
use firedrill_core::projection::history::{Group, MEASURES, Outline, TechniqueRow, Trend};
use firedrill_core::projection::wording;
use firedrill_model::{SafeText, Span};

/// Stands where a mark is missing.
const MISSING: &str = "-";

/// How a text is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Columns of the terminal.
    pub width: usize,
    /// In plain sentences, without columns and block characters.
    pub plain: bool,
}

/// The history as text.
#[must_use]
pub fn text(history: &History, layout: Layout) -> String {
    let mut parts: Vec<String> = history.groups.iter().map(|group| group_text(group, layout)).collect();
    if !history.techniques.is_empty() {
        parts.push(techniques(history, layout));
    }
    parts.join("\n\n")
}

fn group_text(group: &Group, layout: Layout) -> String {
    let team = group.team.as_ref().map_or_else(String::new, |team| format!(", {team}"));
    let drills = wording::count(group.drills.len(), "drill", "drills");
    let mut lines = wrap(&[format!("{}: {}{team} ({drills})", group.scenario, group.title)], layout.width, "");
    let name = group.drills.iter().map(|drill| drill.drill.as_str().len()).max().unwrap_or(0);
    // Name, five durations, the verdict, the confidence, and two columns between them.
    let needed = 2 + name + MEASURES.len() * 9 + 2 + 12 + 2 + 10;
    if layout.plain || layout.width < needed {
        lines.extend(group.drills.iter().flat_map(|drill| sentences(drill, layout)));
    } else {
        lines.push(table_row(name, "Drill", &MEASURES.map(|(short, _)| short.to_owned()), "Hypothesis", "Confidence"));
        lines.extend(group.drills.iter().map(|drill| {
            let measures = MEASURES.map(|(short, _)| clock(drill.seconds(short)));
            table_row(name, drill.drill.as_str(), &measures, drill.result(), &confidence(drill))
        }));
    }
    lines.extend(group.trends.iter().flat_map(|one| trend(one, layout)));
    lines.join("\n")
}

fn table_row(width: usize, name: &str, measures: &[String; 5], verdict: &str, confidence: &str) -> String {
    let measures = measures.iter().fold(String::new(), |line, cell| format!("{line}  {cell:>7}"));
    format!("  {name:<width$}{measures}  {verdict:<12}  {confidence}").trim_end().to_owned()
}

/// A drill in a few short lines, for narrow terminals and for reading aloud.
fn sentences(drill: &Outline, layout: Layout) -> Vec<String> {
    let mut facts = vec![format!("{}: {}", drill.drill, drill.result())];
    facts.extend(MEASURES.iter().filter_map(|(short, long)| {
        let value = drill.seconds(short)?;
        Some(if layout.plain {
            format!("{long} {}", wording::seconds(value))
        } else {
            format!("{short} {}", clock(Some(value)))
        })
    }));
    if !drill.confidence.is_empty() {
        facts.push(format!("confidence {}", confidence(drill)));
    }
    if layout.plain { vec![facts.join(", ") + "."] } else { wrap(&facts, layout.width, "  ") }
}

fn trend(trend: &Trend, layout: Layout) -> Vec<String> {
    let Some((first, last)) = trend.ends() else { return Vec::new() };
    let course = format!("{} -> {}", clock(Some(first)), clock(Some(last)));
    if layout.plain {
        let all: Vec<String> = trend.seconds.iter().map(|value| clock(*value)).collect();
        return vec![format!("Over time, {}, oldest first: {}.", trend.label, all.join(", "))];
    }
    // As many drills as there is room for, the newest ones.
    let signs: Vec<char> = trend.sparkline().chars().collect();
    let room = layout.width.saturating_sub(course.width() + 12).max(8);
    let shown: String = signs.get(signs.len().saturating_sub(room)..).unwrap_or_default().iter().collect();
    wrap(&[format!("{} {shown} {course}", trend.name)], layout.width, "  ")
}

fn techniques(history: &History, layout: Layout) -> String {
    let days = wording::count(usize::try_from(history.overdue_days).unwrap_or(usize::MAX), "day", "days");
    let mut lines = wrap(&[format!("ATT&CK techniques (overdue after {days}):")], layout.width, "");
    lines.extend(history.techniques.iter().flat_map(|row| technique(row, layout)));
    lines.join("\n")
}

fn technique(row: &TechniqueRow, layout: Layout) -> Vec<String> {
    wrap(&[format!("{} {}:", row.id, row.name), row.state()], layout.width, "  ")
}

/// Joins parts with spaces, on a new line where they don't fit; a part that is too long by itself is broken at its spaces.
fn wrap(parts: &[String], width: usize, indent: &str) -> Vec<String> {
    let room = width.max(20).saturating_sub(indent.len() + 2);
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let words: Vec<&str> = if part.width() > room { part.split(' ').collect() } else { vec![part.as_str()] };
        for word in words {
            match lines.last_mut() {
                Some(line) if line.width() + 1 + word.width() <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
    }
    let hanging = format!("{indent}  ");
    lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { format!("{indent}{line}") } else { format!("{hanging}{line}") })
        .collect()
}

fn clock(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| MISSING.to_owned(), |seconds| Span::from_secs_f64(seconds).clock())
}

/// From the lowest to the highest answer, and how many there were: `3-5 (4)`.
fn confidence(drill: &Outline) -> String {
    let range = drill.confidence_range();
    range.map_or_else(|| MISSING.to_owned(), |range| format!("{range} ({})", drill.confidence.len()))
}

/// A line for each drill, oldest first within its team and scenario. Times are in seconds of drill time.
#[must_use]
pub fn csv(history: &History) -> String {
    let head = [
        "drill",
        "began",
        "team",
        "scenario",
        "title",
        "state",
        "verdict",
        "ttd",
        "ttn",
        "tta",
        "ttc",
        "ttr",
        "confidence_lowest",
        "confidence_highest",
        "confidence_answers",
        "techniques",
    ];
    let mut text = csv::row(head);
    for (group, drill) in history.groups.iter().flat_map(|group| group.drills.iter().map(move |drill| (group, drill))) {
        let figure = |value: Option<&u8>| value.map_or_else(String::new, ToString::to_string);
        let mut cells = vec![
            drill.drill.to_string(),
            drill.began.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            group.team.as_ref().map_or_else(String::new, SafeText::to_string),
            drill.scenario.to_string(),
            drill.title.to_string(),
            drill.phase.label().to_owned(),
            drill.result().to_owned(),
        ];
        cells.extend(
            MEASURES.map(|(short, _)| drill.seconds(short).map_or_else(String::new, |value| format!("{value}"))),
        );
        cells.extend([figure(drill.confidence.iter().min()), figure(drill.confidence.iter().max())]);
        cells.push(drill.confidence.len().to_string());
        cells.push(drill.techniques.iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(" "));
        text.push_str(&csv::row(cells.iter().map(String::as_str)));
    }
    text
}

/// The history as JSON: `"v": 1`. Times are in seconds of drill time, `null` where a mark is missing. What people wrote is not in it.
#[must_use]
pub fn json(history: &History) -> Value {
    let drill = |drill: &Outline| {
        let measures: serde_json::Map<String, Value> =
            drill.measures.iter().map(|one| (one.name.to_lowercase(), json!(one.seconds))).collect();
        json!({
            "drill": drill.drill, "began": drill.began, "phase": drill.phase, "over": drill.is_over(),
            "verdict": drill.verdict, "durations": measures, "confidence": drill.confidence,
            "techniques": drill.techniques.iter().map(|one| &one.id).collect::<Vec<_>>(),
            "improvements": drill.improvements.len(),
        })
    };
    let group = |group: &Group| {
        json!({
            "team": group.team, "scenario": group.scenario, "title": group.title,
            "drills": group.drills.iter().map(drill).collect::<Vec<_>>(),
        })
    };
    json!({
        "v": 1,
        "groups": history.groups.iter().map(group).collect::<Vec<_>>(),
        "techniques": history.techniques,
        "overdue_days": history.overdue_days,
    })
}
