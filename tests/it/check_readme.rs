//! The page for authors names every word of the two formats, none that there isn't, and its examples are without mistakes.

use std::collections::BTreeSet;

use firedrill_authoring::{check, schema};
use serde_json::Value;

const README: &str = include_str!("../../scenarios/README.md");

/// All keys, and all words that stand for a choice.
fn vocabulary(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            let keys = map.get("properties").and_then(Value::as_object);
            found.extend(keys.into_iter().flatten().map(|(key, _)| key.clone()));
            found.extend(map.get("const").and_then(Value::as_str).map(str::to_owned));
            let words = map.get("enum").and_then(Value::as_array);
            found.extend(words.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
            map.values().for_each(|part| vocabulary(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| vocabulary(part, found)),
        _ => {}
    }
}

/// The first cells of all tables: what the page explains.
fn explained() -> Vec<String> {
    let rows = README.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| Some(row.split_once("` |")?.0.to_owned())).collect()
}

fn blocks() -> Vec<&'static str> {
    let blocks = README.split("```toml\n").skip(1);
    blocks.filter_map(|block| Some(block.split_once("```")?.0)).collect()
}

#[test]
fn the_page_for_authors_explains_every_word_of_both_formats() {
    let mut words = BTreeSet::new();
    vocabulary(schema::scenario_schema(), &mut words);
    vocabulary(schema::script_schema(), &mut words);
    assert!(words.len() > 150, "the schemas were read");
    let explained = explained();
    let is_explained = |word: &String| {
        let (quoted, key) = (format!("\"{word}\""), format!("{{ {word} = "));
        // An effect is explained as it is written: `{ do = "tell", whom = "..." }`.
        let written = |cell: &String| {
            cell.starts_with("{ ")
                && (cell.contains(&quoted) || cell.contains(&key) || cell.contains(&format!(", {word} = ")))
        };
        explained.iter().any(|cell| cell == word || written(cell))
    };
    let missing: Vec<&String> = words.iter().filter(|word| !is_explained(word)).collect();
    assert!(missing.is_empty(), "not in a table of scenarios/README.md: {missing:?}");
    let foreign: Vec<&String> =
        explained.iter().filter(|cell| !cell.starts_with('{') && !words.contains(*cell)).collect();
    assert!(foreign.is_empty(), "explained, and not in the formats: {foreign:?}");
}

#[test]
fn the_page_for_authors_has_a_whole_scenario_and_a_whole_script() {
    let blocks = blocks();
    let [scenario, script] = blocks.as_slice() else { panic!("two examples, not {}", blocks.len()) };
    let scenario = check("README.md", scenario).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(firedrill_authoring::script::check("README.md", script, &scenario).err(), None);
}

/// Where the one table stands in the page.
const GLANCE: (&str, &str) = ("<!-- glance -->\n", "<!-- end of glance -->\n");

/// A schema with what it refers to; its own words win.
fn resolved(schema: &Value, whole: &Value) -> Value {
    let parts = schema.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/definitions/"));
    let target = name.map(|name| whole["definitions"][name].clone());
    let mut out = serde_json::Map::new();
    for part in parts.iter().map(|part| resolved(part, whole)).chain(target).chain([schema.clone()]) {
        out.extend(part.as_object().unwrap().clone());
    }
    Value::Object(out)
}

/// How a value of this shape is written.
fn example(schema: &Value, whole: &Value) -> String {
    let schema = resolved(schema, whole);
    let word =
        |choice: &Value| choice["const"].as_str().or(choice["enum"][0].as_str()).map(|word| format!("\"{word}\""));
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        return choices.iter().find_map(word).unwrap_or_else(|| "...".to_owned());
    }
    if let Some(word) = word(&schema) {
        return word;
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("boolean"), _) => "true".to_owned(),
        (Some("integer" | "number"), _) => "1".to_owned(),
        (Some("array"), _) => format!("[{}]", example(&schema["items"], whole)),
        (_, Some("span")) => "\"5m\"".to_owned(),
        _ => "\"...\"".to_owned(),
    }
}

fn row(kind: &str, written: &str, meaning: &Value) -> String {
    let meaning = meaning.as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|");
    assert!(!meaning.is_empty(), "{written} has no doc comment");
    format!("| {kind} | `{written}` | {meaning} |\n")
}

/// The keys of a table, each as it is written.
fn keys(kind: &str, name: &str, whole: &Value) -> String {
    let properties = whole["definitions"][name]["properties"].as_object().unwrap();
    let written = |(key, value): (&String, &Value)| {
        let value = resolved(value, whole);
        row(kind, &format!("{key} = {}", example(&value, whole)), &value["description"])
    };
    properties.iter().map(written).collect()
}

/// The forms of a value: words, tables with one key, or tables with a tag.
fn forms(kind: &str, name: &str, whole: &Value) -> String {
    let form = |choice: &Value| {
        let words = choice["const"].as_str().map(|word| vec![word.to_owned()]);
        let words = words
            .or_else(|| Some(choice["enum"].as_array()?.iter().map(|one| one.as_str().unwrap().to_owned()).collect()));
        if let Some(words) = words {
            return words.iter().map(|word| row(kind, word, &choice["description"])).collect::<String>();
        }
        let properties = choice["properties"].as_object().unwrap();
        assert!(!properties.is_empty(), "{name}");
        let tagged = properties.contains_key("do");
        let mut parts: Vec<String> =
            properties.iter().map(|(key, value)| format!("{key} = {}", example(value, whole))).collect();
        parts.sort_by_key(|part| tagged && !part.starts_with("do = "));
        row(kind, &format!("{{ {} }}", parts.join(", ")), &choice["description"])
    };
    whole["definitions"][name]["oneOf"].as_array().unwrap().iter().map(form).collect()
}

/// All triggers, conditions and effects, made from the types.
fn glance() -> String {
    let (scenario, script) = (schema::scenario_schema(), schema::script_schema());
    [
        "| kind | written | meaning |\n|---|---|---|\n".to_owned(),
        keys("**trigger** of a stage, `begins`", "Begins", scenario),
        keys("**trigger** in a script, `after`", "After", script),
        forms("**trigger** in a script, `after = { happened = ... }`", "Happened", script),
        forms("**condition** of a stage, `needs`, `needs-at-start`", "Foothold", scenario),
        keys("**condition** of a step or message, `done-when`, `when`", "When", scenario),
        forms("**trigger** of a condition, `after`, and in a script, `trigger`", "Trigger", scenario),
        forms("**effect** of a response or automation", "Effect", scenario),
        forms("**effect** `instance`, its `change`", "InstanceChange", scenario),
        forms("**effect** of the adversary, `harm`", "HarmKind", scenario),
    ]
    .concat()
}

#[test]
fn one_table_has_all_triggers_conditions_and_effects_as_the_types_have_them() {
    let (before, rest) = README.split_once(GLANCE.0).expect("the table is marked");
    let (table, after) = rest.split_once(GLANCE.1).expect("and so is its end");
    let made = glance();
    if std::env::var_os("UPDATE_README").is_some() {
        let page = [before, GLANCE.0, &made, GLANCE.1, after].concat();
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/README.md"), page).unwrap();
        return;
    }
    assert!(
        table == made,
        "the table is not what the types say; make it anew: UPDATE_README=1 cargo test --test it one_table_has_all"
    );
    assert!(made.lines().count() > 60, "it is made from the types");
}
