//! What a value may look like: the JSON Schema, read once into a form that is easy to walk.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use firedrill_model::Span;
use firedrill_model::safe_text::MAX_CHARS;

/// Bounds of figures that the schema doesn't bound.
const WIDEST: f64 = 1e12;
/// Most items of a list that the schema doesn't bound.
const LONGEST_LIST: usize = 1_000;

/// What a value may look like.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Any text.
    Text { longest: usize, one_line: bool },
    /// A short name.
    Id,
    /// A length of time.
    Span { shortest: Span, longest: Span },
    /// A whole number.
    Whole { min: i64, max: i64 },
    /// A number.
    Number { min: f64, max: f64 },
    /// Yes or no.
    Flag,
    /// One of these words.
    Words(Vec<String>),
    /// A list.
    List { item: Box<Shape>, fewest: usize, most: usize },
    /// A table.
    Table(Table),
    /// A table whose key `tag` says which other keys it has.
    Tagged { tag: String, variants: Vec<(String, Table)> },
    /// One of these words, or a table with one of these keys.
    Either { words: Vec<String>, tables: Table },
    /// A short name, or a table with these keys, of which `required` ones must be there and at most one other.
    IdOr(Table),
    /// Something that this reader of schemas doesn't know. A test sees to it that there is none.
    Unknown,
}

/// A table's keys.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// By name.
    pub keys: BTreeMap<String, Key>,
}

/// A key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// What its value may look like.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}

impl Shape {
    /// Reads a whole schema.
    pub fn of_schema(schema: &Value) -> Self {
        let nothing = Map::new();
        let definitions = schema.get("definitions").and_then(Value::as_object).unwrap_or(&nothing);
        read(schema, definitions)
    }

    /// The shape of the value at `path`.
    fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').filter(|part| !part.is_empty()).try_fold(self, |shape, part| match shape {
            Self::Table(table) => table.keys.get(part).map(|key| &key.shape),
            Self::List { item, .. } => Some(&**item),
            _ => None,
        })
    }

    /// The path of the table, around or directly below the one at `path`, that knows the key `name`; of these around, one in
    /// which it isn't said yet.
    pub fn owner_of(&self, path: &str, name: &str, is_said: impl Fn(&str) -> bool) -> Option<String> {
        let has = |shape: Option<&Self>| matches!(shape, Some(Self::Table(table)) if table.keys.contains_key(name));
        let around = path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or_default());
        let mut around: Vec<&str> = std::iter::once("").chain(around).filter(|around| *around != path).collect();
        around.reverse();
        let is_free =
            |around: &str| !is_said(&if around.is_empty() { name.to_owned() } else { format!("{around}/{name}") });
        if let Some(owner) = around.into_iter().find(|around| has(self.at(around)) && is_free(around)) {
            return Some(owner.to_owned());
        }
        let Some(Self::Table(table)) = self.at(path) else { return None };
        let below = table.keys.iter().find(|(_, key)| has(Some(&key.shape)));
        below.map(|(key, _)| if path.is_empty() { key.clone() } else { format!("{path}/{key}") })
    }
}

type Definitions = Map<String, Value>;

/// A schema with what it refers to; its own words win.
fn resolve(schema: &Value, definitions: &Definitions) -> Map<String, Value> {
    let mut own = schema.as_object().cloned().unwrap_or_default();
    let parts = own.remove("allOf").and_then(|all| all.as_array().cloned()).unwrap_or_default();
    let reference = own.remove("$ref").and_then(|name| name.as_str().map(str::to_owned));
    let target = reference.as_deref().and_then(|name| definitions.get(name.trim_start_matches("#/definitions/")));
    let mut whole = Map::new();
    for part in parts.iter().chain(target) {
        whole.extend(resolve(part, definitions));
    }
    whole.extend(own);
    whole
}

fn read(schema: &Value, definitions: &Definitions) -> Shape {
    let schema = resolve(schema, definitions);
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        return read_choices(choices, definitions);
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => read_text(&schema),
        Some("integer") => Shape::Whole {
            min: schema.get("minimum").and_then(Value::as_i64).unwrap_or(i64::MIN),
            max: schema.get("maximum").and_then(Value::as_i64).unwrap_or(i64::MAX),
        },
        Some("number") => Shape::Number {
            min: schema.get("minimum").and_then(Value::as_f64).unwrap_or(-WIDEST),
            max: schema.get("maximum").and_then(Value::as_f64).unwrap_or(WIDEST),
        },
        Some("boolean") => Shape::Flag,
        Some("array") => Shape::List {
            item: Box::new(schema.get("items").map_or(Shape::Unknown, |items| read(items, definitions))),
            fewest: count(&schema, "minItems").unwrap_or(0),
            most: count(&schema, "maxItems").unwrap_or(LONGEST_LIST),
        },
        Some("object") => Shape::Table(read_table(&schema, definitions)),
        _ => Shape::Unknown,
    }
}

fn count(schema: &Map<String, Value>, key: &str) -> Option<usize> {
    schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
}

fn read_text(schema: &Map<String, Value>) -> Shape {
    let span = |key: &str, other: Span| {
        schema.get(key).and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or(other)
    };
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return Shape::Words(words.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    match schema.get("format").and_then(Value::as_str) {
        Some("id") => Shape::Id,
        Some("span") => Shape::Span { shortest: span("x-shortest", Span::ZERO), longest: span("x-longest", Span::MAX) },
        _ => Shape::Text {
            longest: count(schema, "maxLength").unwrap_or(MAX_CHARS),
            one_line: schema.get("x-one-line").and_then(Value::as_bool).unwrap_or(false),
        },
    }
}

fn read_table(schema: &Map<String, Value>, definitions: &Definitions) -> Table {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    let keys = properties.into_iter().flatten().map(|(name, value)| {
        let key = Key { shape: read(value, definitions), required: required.contains(&name.as_str()) };
        (name.clone(), key)
    });
    Table { keys: keys.collect() }
}

/// Several forms of a value, as serde writes its enums: words only, tables with a tag, or words beside tables of one key.
fn read_choices(choices: &[Value], definitions: &Definitions) -> Shape {
    let mut words = Vec::new();
    let mut tagged = Vec::new();
    let mut tag = None;
    let mut tables = Table::default();
    let mut or_id = false;
    for choice in choices {
        let choice = resolve(choice, definitions);
        if choice.get("format").and_then(Value::as_str) == Some("id") {
            or_id = true;
            continue;
        }
        if let Some(word) = choice.get("const").and_then(Value::as_str) {
            words.push(word.to_owned());
        } else if let Some(Value::Array(several)) = choice.get("enum") {
            words.extend(several.iter().filter_map(Value::as_str).map(str::to_owned));
        } else if let Some((key, word)) = find_tag(&choice) {
            let mut table = read_table(&choice, definitions);
            table.keys.remove(&key);
            tag = Some(key);
            tagged.push((word, table));
        } else {
            tables.keys.extend(read_table(&choice, definitions).keys);
        }
    }
    match tag {
        Some(tag) => Shape::Tagged { tag, variants: tagged },
        None if or_id => Shape::IdOr(tables),
        None if tables.keys.is_empty() => Shape::Words(words),
        None => Shape::Either { words, tables },
    }
}

/// The key whose value is fixed, and that value.
fn find_tag(choice: &Map<String, Value>) -> Option<(String, String)> {
    let properties = choice.get("properties")?.as_object()?;
    properties.iter().find_map(|(key, value)| Some((key.clone(), value.get("const")?.as_str()?.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds_unknown(shape: &Shape) -> bool {
        let in_table = |table: &Table| table.keys.values().any(|key| holds_unknown(&key.shape));
        match shape {
            Shape::Unknown => true,
            Shape::List { item, .. } => holds_unknown(item),
            Shape::Table(table) | Shape::IdOr(table) | Shape::Either { tables: table, .. } => {
                table.keys.is_empty() || in_table(table)
            }
            Shape::Tagged { variants, .. } => variants.iter().any(|(_, table)| in_table(table)),
            Shape::Words(words) => words.is_empty(),
            _ => false,
        }
    }

    #[test]
    fn every_part_of_both_schemas_is_understood() {
        for schema in [super::super::super::schema::scenario_schema(), super::super::super::schema::script_schema()] {
            assert!(!holds_unknown(&Shape::of_schema(schema)));
        }
    }
}
