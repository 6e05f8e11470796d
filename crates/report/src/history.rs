//! Drills over time: as a text table, in plain sentences, as CSV and as JSON. Never a mean: values side by side, and how they went.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::csv;
use firedrill_core::projection::History;
use firedrill_core::projection::history::{Group, MEASURES, Measure, Outline, TechniqueRow, Took, Trend};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, SafeText, Shown, shown};

/// Stands where a mark is missing.
const MISSING: &str = "-";
/// What a star means.
const HURRIED: &str = "* the drill clock ran faster than real time while something was asked of somebody: no measure of people, in no trend";

/// How a text is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Columns of the terminal.
    pub width: usize,
    /// In plain sentences, without columns and block characters.
    pub plain: bool,
}

/// The history as text, between two lines that say that all of it is an exercise.
#[must_use]
pub fn text(history: &History, layout: Layout) -> Shown {
    let exercise = wrap(&[wording::exercises(&history.worlds())], layout.width, "").joined("\n");
    let mut parts = vec![exercise.clone()];
    parts.extend(history.groups.iter().map(|group| group_text(group, layout)));
    if !history.techniques.is_empty() {
        parts.push(techniques(history, layout));
    }
    parts.push(exercise);
    parts.joined("\n\n")
}

fn group_text(group: &Group, layout: Layout) -> Shown {
    let team = group.team.as_ref().map_or_else(Shown::default, |team| shown!(", {}", team));
    let drills = wording::count(group.drills.len(), "drill", "drills");
    let content = group.content.as_ref().map_or_else(Shown::default, |sum| shown!(", content {}", sum));
    let head = shown!("{}: {}{}{} ({})", group.scenario, group.title, content, team, drills);
    let mut lines = wrap(&[head], layout.width, "");
    let name = group.drills.iter().map(|drill| drill.drill.as_str().len()).max().unwrap_or(0);
    // Name, five durations, the verdict, the outcome, the confidence, and two columns between them.
    let needed = 2 + name + MEASURES.len() * 9 + 2 + 12 + 2 + 9 + 2 + 10;
    if layout.plain || layout.width < needed {
        lines.extend(group.drills.iter().flat_map(|drill| sentences(drill, layout)));
    } else {
        let heads = ("Hypothesis", "Incident", Shown::from("Confidence"));
        lines.push(table_row(name, "Drill", &MEASURES.map(|(short, _)| short.into()), heads));
        lines.extend(group.drills.iter().map(|drill| {
            let measures = MEASURES.map(|(short, _)| told(drill, short));
            table_row(name, &drill.drill, &measures, (drill.result(), drill.adversary(), confidence(drill)))
        }));
        if group.drills.iter().any(Outline::has_hurried) {
            lines.extend(wrap(&[HURRIED.into()], layout.width, "  "));
        }
    }
    lines.extend(group.trends.iter().flat_map(|one| trend(one, layout)));
    lines.joined("\n")
}

fn table_row(
    width: usize,
    name: impl Into<Shown>,
    measures: &[Shown; 5],
    (verdict, adversary, confidence): (&'static str, &'static str, Shown),
) -> Shown {
    let name = name.into();
    let measures = measures.iter().fold(Shown::default(), |line, cell| shown!("{}  {:>7}", line, cell));
    let row = shown!("  {:<width$}{}  {:<12}  {:<9}  {}", name, measures, verdict, adversary, confidence);
    row.part(..row.trim_end().len())
}

/// A drill in a few short lines, for narrow terminals and for reading aloud.
fn sentences(drill: &Outline, layout: Layout) -> Vec<Shown> {
    let mut facts = vec![shown!("{}: {}", drill.drill, drill.result())];
    facts.extend(drill.outcome.iter().map(Shown::from));
    facts.extend(MEASURES.iter().filter_map(|(short, long)| {
        let measure = drill.measure(short)?;
        let words = measure.words()?;
        Some(match (layout.plain, measure.seconds) {
            (true, Some(value)) => {
                let hurried = if measure.hurried { " (hurried, in no trend)" } else { "" };
                shown!("{} {}{}", long, wording::seconds(value), hurried)
            }
            (true, None) => shown!("{} {}", long, words),
            (false, _) => shown!("{} {}", short, words),
        })
    }));
    if !drill.confidence.is_empty() {
        facts.push(shown!("confidence {}", confidence(drill)));
    }
    if layout.plain { vec![facts.joined(", ") + "."] } else { wrap(&facts, layout.width, "  ") }
}

fn trend(trend: &Trend, layout: Layout) -> Vec<Shown> {
    let Some((first, last)) = trend.ends() else { return Vec::new() };
    let course = shown!("{} -> {}", first.words(), last.words());
    if layout.plain {
        let all: Vec<Shown> =
            trend.values.iter().map(|value| value.map_or_else(|| MISSING.into(), Took::words)).collect();
        return vec![shown!("Over time, {}, oldest first: {}.", trend.label, all.joined(", "))];
    }
    // As many drills as there is room for, the newest ones.
    let room = layout.width.saturating_sub(course.width() + 12).max(8);
    let shown = trend
        .sparkline()
        .rebuilt(room, |signs, room| signs.chars().skip(signs.chars().count().saturating_sub(room)).collect());
    wrap(&[shown!("{} {} {}", trend.name, shown, course)], layout.width, "  ")
}

fn techniques(history: &History, layout: Layout) -> Shown {
    let days = wording::count(usize::try_from(history.overdue_days).unwrap_or(usize::MAX), "day", "days");
    let mut lines = wrap(&[shown!("ATT&CK techniques (overdue after {}):", days)], layout.width, "");
    lines.extend(history.techniques.iter().flat_map(|row| technique(row, layout)));
    lines.joined("\n")
}

fn technique(row: &TechniqueRow, layout: Layout) -> Vec<Shown> {
    wrap(&[shown!("{} {}:", row.id, row.name), row.state()], layout.width, "  ")
}

/// Joins parts with spaces, on a new line where they don't fit; a part that is too long by itself is broken at its spaces.
fn wrap(parts: &[Shown], width: usize, indent: &'static str) -> Vec<Shown> {
    let room = width.max(20).saturating_sub(indent.len() + 2);
    let mut lines: Vec<Shown> = Vec::new();
    for part in parts {
        let words = if part.width() > room {
            part.parted(0, |text, _| text.split(' ').map(str::to_owned).collect())
        } else {
            vec![part.clone()]
        };
        for word in words {
            match lines.last_mut() {
                Some(line) if line.width() + 1 + word.width() <= room => {
                    line.push(" ");
                    line.push(word);
                }
                _ => lines.push(word),
            }
        }
    }
    let hanging = shown!("{}  ", indent);
    lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { shown!("{}{}", indent, line) } else { shown!("{}{}", hanging, line) })
        .collect()
}

fn told(drill: &Outline, measure: &str) -> Shown {
    drill.measure(measure).and_then(Measure::words).unwrap_or_else(|| MISSING.into())
}

/// From the lowest to the highest answer, and how many there were: `3-5 (4)`.
fn confidence(drill: &Outline) -> Shown {
    let range = drill.confidence_range();
    range.map_or_else(|| MISSING.into(), |range| shown!("{} ({})", range, drill.confidence.len()))
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
        "outcome",
        "ttd",
        "ttn",
        "tta",
        "ttc",
        "ttr",
        "confidence_lowest",
        "confidence_highest",
        "confidence_answers",
        "techniques",
        "hurried",
        "never",
        "exercise",
    ];
    let mut text = csv::row(head);
    for (group, drill) in history.groups.iter().flat_map(|group| group.drills.iter().map(move |drill| (group, drill))) {
        let figure = |value: Option<&u8>| value.map_or_else(Shown::default, Shown::from);
        let mut cells = vec![
            Shown::from(&drill.drill),
            drill.began.format("%Y-%m-%dT%H:%M:%SZ").into(),
            group.team.as_ref().map_or_else(Shown::default, Shown::from),
            Shown::from(&drill.scenario),
            Shown::from(&drill.title),
            drill.phase.label().into(),
            drill.result().into(),
            drill.outcome.as_ref().map_or_else(Shown::default, Shown::from),
        ];
        let seconds = |short: &str| drill.measure(short).and_then(|one| one.seconds);
        cells
            .extend(MEASURES.map(|(short, _)| seconds(short).map_or_else(Shown::default, |value| shown!("{}", value))));
        cells.extend([figure(drill.confidence.iter().min()), figure(drill.confidence.iter().max())]);
        cells.push(Shown::from(&drill.confidence.len()));
        cells.push(drill.techniques.iter().map(|one| &one.id).joined(" "));
        let which =
            |is: fn(&Measure) -> bool| drill.measures.iter().filter(|one| is(one)).map(|one| &one.name).joined(" ");
        cells.extend([which(|one| one.hurried), which(|one| one.never), wording::exercise_label(drill.world).into()]);
        text.push_str(&csv::row(&cells));
    }
    text
}

/// The history as JSON: `"v": 1`. Times are in seconds of drill time, `null` where a mark is missing. What people wrote is not in it.
#[must_use]
pub fn json(history: &History) -> Value {
    let drill = |drill: &Outline| {
        let which = |is: fn(&Measure) -> bool| -> Vec<&SafeText> {
            drill.measures.iter().filter(|one| is(one)).map(|one| &one.name).collect()
        };
        let measures: serde_json::Map<String, Value> =
            drill.measures.iter().map(|one| (one.name.as_str().to_lowercase(), json!(one.seconds))).collect();
        json!({
            "drill": drill.drill, "began": drill.began, "world": drill.world, "phase": drill.phase, "over": drill.is_over(),
            "verdict": drill.verdict, "outcome": drill.outcome, "containment": drill.containment,
            "durations": measures, "never": which(|one| one.never), "hurried": which(|one| one.hurried),
            "confidence": drill.confidence,
            "techniques": drill.techniques.iter().map(|one| &one.id).collect::<Vec<_>>(),
            "improvements": drill.improvements.len(),
        })
    };
    let group = |group: &Group| {
        json!({
            "team": group.team, "scenario": group.scenario, "content": group.content, "title": group.title,
            "drills": group.drills.iter().map(drill).collect::<Vec<_>>(),
        })
    };
    json!({
        "v": 1,
        "exercise": wording::exercises(&history.worlds()),
        "groups": history.groups.iter().map(group).collect::<Vec<_>>(),
        "techniques": history.techniques,
        "overdue_days": history.overdue_days,
    })
}
