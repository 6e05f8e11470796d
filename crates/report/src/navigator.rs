//! A layer for the ATT&CK Navigator: the techniques of a drill by how far each was seen, or those of all drills by their last result.
//!
//! Form 4.5 of layers, as github.com/mitre-attack/attack-navigator describes it. Colours are told apart by colour-blind eyes
//! (`RdYlBu` of `ColorBrewer`), and every technique says in words what its colour means.

use serde_json::{Value, json};

use super::foreign;
use firedrill_core::projection::debrief::Verdict;
use firedrill_core::projection::found::{Coverage, Reach};
use firedrill_core::projection::history::TechniqueRow;
use firedrill_core::projection::{Fold, History, wording};
use firedrill_model::Shown;
use firedrill_model::id::DrillId;

/// One rung: score, colour, what it means.
type Rung = (u8, &'static str, &'static str);

const GREY: &str = "#d9d9d9";
const RED: &str = "#d7191c";
const ORANGE: &str = "#fdae61";
const PALE: &str = "#abd9e9";
const BLUE: &str = "#2c7bb6";

/// The techniques of a drill, with how far its record can be trusted. Without any before Verify: they tell what happens.
#[must_use]
pub fn of_drill(view: &Fold, drill: &DrillId, trust: &Shown) -> String {
    let rungs = [Reach::NotUsed, Reach::NotFound, Reach::NobodyTold, Reach::Looked, Reach::Told].map(rung);
    let techniques = view.coverage();
    let known = techniques.iter().filter(|row| is_technique(row.id.as_str()));
    layer(
        wording::exercise_label(view.world_kind()),
        &format!("{} ({drill})", view.scenario.title),
        &format!("How far each technique of the drill was seen. {}", wording::exercise(view.world_kind())),
        &known.map(covered).collect::<Vec<Value>>(),
        &rungs,
        &[
            ("drill", drill.to_string()),
            ("scenario", view.scenario.id.to_string()),
            ("trust", trust.as_str().to_owned()),
        ],
    )
}

fn rung(reach: Reach) -> Rung {
    let (score, colour) = match reach {
        Reach::NotUsed => (0, GREY),
        Reach::NotFound => (0, RED),
        Reach::NobodyTold => (50, ORANGE),
        Reach::Looked => (75, PALE),
        Reach::Told => (100, BLUE),
    };
    (score, colour, reach.words())
}

fn covered(row: &Coverage) -> Value {
    let (score, colour, words) = rung(row.reach);
    let mut technique = json!({
        "techniqueID": row.id, "color": colour, "enabled": true, "comment": format!("{}: {words}", row.name),
        "metadata": pairs("stage", &row.stages).chain(pairs("finding", &row.findings)).collect::<Vec<Value>>(),
    });
    if let (Some(fields), true) = (technique.as_object_mut(), row.reach != Reach::NotUsed) {
        fields.insert("score".into(), score.into());
    }
    technique
}

fn pairs<'a>(name: &'a str, values: &'a [firedrill_model::SafeText]) -> impl Iterator<Item = Value> + 'a {
    values.iter().map(move |value| json!({ "name": name, "value": value }))
}

const HELD: Rung = (100, BLUE, "drilled last: the hypothesis held");
const UNMEASURED: Rung = (75, PALE, "drilled last: not measured");
const DEVIATED: Rung = (50, ORANGE, "drilled last: the hypothesis deviated");
const NEVER: Rung = (0, GREY, "never drilled");

/// The techniques of all drills: with what result each was drilled last, and which are overdue.
#[must_use]
pub fn of_history(history: &History) -> String {
    let known = history.techniques.iter().filter(|row| is_technique(row.id.as_str()));
    let worlds = history.worlds();
    layer(
        wording::exercises_label(&worlds),
        "Drills so far",
        &format!("With what result each technique was drilled last. {}", wording::exercises(&worlds)),
        &known.map(|row| drilled(row, history.overdue_days)).collect::<Vec<Value>>(),
        &[HELD, UNMEASURED, DEVIATED, NEVER],
        &[("overdue after days", history.overdue_days.to_string())],
    )
}

fn drilled(row: &TechniqueRow, overdue_days: u32) -> Value {
    let (score, colour, words) = match row.last.as_ref().map(|last| last.verdict) {
        Some(Verdict::Held) => HELD,
        Some(Verdict::NotMeasured) => UNMEASURED,
        Some(Verdict::Deviated) => DEVIATED,
        None => NEVER,
    };
    let mut facts = vec![json!({ "name": "drills", "value": row.drills.to_string() })];
    if let Some(last) = &row.last {
        facts.push(json!({ "name": "last", "value": format!("{} ({})", last.day, last.drill) }));
    }
    let overdue = if row.overdue && row.last.is_some() {
        format!("; overdue: more than {overdue_days} days ago")
    } else {
        String::new()
    };
    json!({
        "techniqueID": row.id, "score": score, "color": colour, "enabled": true,
        "comment": format!("{}: {words}{overdue}", row.name), "metadata": facts,
    })
}

/// A layer. That it tells of an exercise stands in its name, which the Navigator shows on its tab, in its description, and in its metadata.
fn layer(
    exercise: &str,
    name: &str,
    description: &str,
    techniques: &[Value],
    rungs: &[Rung],
    facts: &[(&str, String)],
) -> String {
    let legend = rungs.iter().map(|(_, colour, words)| json!({ "label": words, "color": colour }));
    let facts = facts.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    let facts = facts.chain([json!({ "name": "exercise", "value": exercise })]);
    foreign::pretty(&json!({
        "name": format!("[{exercise}] Firedrill: {name}"),
        "versions": { "navigator": "5.1.0", "layer": "4.5" },
        "domain": "enterprise-attack",
        "description": description,
        "sorting": 3,
        "layout": { "layout": "side", "showID": true, "showName": true, "expandedSubtechniques": "annotated" },
        "hideDisabled": false,
        "techniques": techniques,
        "gradient": { "colors": [RED, ORANGE, PALE, BLUE], "minValue": 0, "maxValue": 100 },
        "legendItems": legend.collect::<Vec<Value>>(),
        "metadata": facts.collect::<Vec<Value>>(),
        "selectTechniquesAcrossTactics": true,
        "selectSubtechniquesWithParent": false,
    }))
}

/// `T1578` or `T1578.002`: the Navigator knows no others.
fn is_technique(id: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(number) = id.strip_prefix('T') else { return false };
    let (main, sub) = number.split_once('.').map_or((number, None), |(main, sub)| (main, Some(sub)));
    digits(main, 4) && sub.is_none_or(|sub| digits(sub, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_techniques_are_techniques() {
        assert!(is_technique("T1496") && is_technique("T1578.002"));
        for other in ["", "T", "T149", "T14966", "T1496.", "T1496.02", "TA0001", "t1496", "T1496.0022", "T١٤٩٦"] {
            assert!(!is_technique(other), "{other}");
        }
    }
}
