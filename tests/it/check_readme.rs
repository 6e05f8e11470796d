//! The page for authors names every word of the two formats, none that there isn't, and its examples are without mistakes.

use std::collections::BTreeSet;

use firedrill::scenario::{check, schema, script};
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
    vocabulary(&schema::scenario_schema(), &mut words);
    vocabulary(&schema::script_schema(), &mut words);
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
    assert_eq!(script::check("README.md", script, &scenario).err(), None);
}
