//! Values of another kind than is needed.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::shape::{Shape, Table};
use super::suggest;
use super::wording::dotted;
use crate::problem::{Code, Mistake, shorten};

/// Characters of a text that a message repeats.
const TEXT_CHARS: usize = 40;

/// A value of another kind than `shape`.
pub fn of_kind(shape: &Shape, value: &DeValue<'_>, span: &Range<usize>) -> Mistake {
    let (needed, advice) = match shape {
        Shape::Text { .. } => ("a text", "put it in quotes".to_owned()),
        Shape::Id | Shape::IdOr(_) => ("a short name", "put it in quotes, for example \"web-1\"".to_owned()),
        Shape::Span { .. } => ("a time", "write for example \"90s\", \"15m\" or \"1h30m\"".to_owned()),
        Shape::Whole { min, .. } => ("a whole number", whole(value, *min)),
        Shape::Number { min, max } => {
            let within = 0.5_f64.clamp(*min, *max);
            ("a number", unquoted(value, &format!("write a figure without quotes, for example {within:?}")))
        }
        Shape::Flag => ("true or false", "write true or false, without quotes".to_owned()),
        Shape::Words(words) => ("a word", format!("use {}", suggest::list(words))),
        Shape::Either { words, .. } => ("a word or a table", format!("use {}", suggest::list(words))),
        Shape::List { item, .. } => ("a list", as_list(item)),
        Shape::Table(table) => ("a table", as_table(table)),
        Shape::Tagged { tag, variants } => ("a table", as_tagged(tag, variants, value)),
        Shape::Unknown => ("something else", "see how other files do it".to_owned()),
    };
    mistake(span, kind_of(value), needed, advice)
}

fn mistake(span: &Range<usize>, found: &str, needed: &str, advice: String) -> Mistake {
    Mistake::new(Code::BadValue, span.clone(), format!("{found} stands where {needed} is needed")).advise(advice)
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The figure that stands in quotes, if it is one; else other advice.
fn unquoted(value: &DeValue<'_>, otherwise: &str) -> String {
    match value {
        DeValue::String(text) if text.len() < 20 && text.parse::<f64>().is_ok_and(f64::is_finite) => {
            format!("write it without quotes: {text}")
        }
        _ => otherwise.to_owned(),
    }
}

/// How a whole number is written: the one that was meant, if that is clear.
fn whole(value: &DeValue<'_>, least: i64) -> String {
    match value {
        DeValue::Float(figure) if figure.as_str().parse::<f64>().is_ok_and(|figure| figure.fract() == 0.0) => {
            let whole = figure.as_str().split('.').next().unwrap_or_default();
            if whole.parse::<i64>().is_ok() { format!("write {whole}") } else { "write it without a point".to_owned() }
        }
        DeValue::Float(_) => "write one without a point".to_owned(),
        _ => unquoted(value, &format!("write a figure without quotes, for example {}", least.max(1))),
    }
}

/// How a list is written: of tables, or of what stands there.
fn as_list(item: &Shape) -> String {
    match item {
        Shape::Table(table) => {
            let one = as_table(table);
            format!("write it as [{}]", one.trim_start_matches("write it as "))
        }
        _ => "put it in square brackets".to_owned(),
    }
}

/// How a table is written: with what it needs, or with any of its keys.
fn as_table(table: &Table) -> String {
    let required: Vec<String> =
        table.keys.iter().filter(|(_, key)| key.required).map(|(name, _)| format!("{name} = ...")).collect();
    if required.is_empty() {
        let names: Vec<String> = table.keys.keys().cloned().collect();
        return format!("write it as {{ key = ... }} with {}", suggest::list(&names));
    }
    format!("write it as {{ {} }}", required.join(", "))
}

/// How a table with a tag is written: as the one that was meant, if its word is there.
fn as_tagged(tag: &str, variants: &[(String, Table)], value: &DeValue<'_>) -> String {
    let words = variants.iter().map(|(word, _)| word.as_str());
    let said = match value {
        DeValue::String(text) => words.clone().find(|word| word == text).or_else(|| suggest::closest(text, words)),
        _ => None,
    };
    let rest = |word: &str| {
        let table = variants.iter().find(|(other, _)| other == word).map(|(_, table)| table);
        let keys = table.into_iter().flat_map(|table| table.keys.keys());
        keys.map(|key| format!(", {key} = ...")).collect::<Vec<_>>().concat()
    };
    match said {
        Some(word) => format!("write it as {{ {tag} = \"{word}\"{} }}", rest(word)),
        None => format!("write it as {{ {tag} = \"...\" }}"),
    }
}

/// Says whether a value stands for a list of one.
pub fn is_one_of(item: &Shape, value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(_) => {
            matches!(item, Shape::Table(_) | Shape::IdOr(_) | Shape::Tagged { .. } | Shape::Either { .. })
        }
        DeValue::String(_) => {
            matches!(
                item,
                Shape::Text { .. }
                    | Shape::Id
                    | Shape::IdOr(_)
                    | Shape::Span { .. }
                    | Shape::Words(_)
                    | Shape::Either { .. }
            )
        }
        _ => false,
    }
}

/// One thing where a list of them is needed. `said` is how it is written.
pub fn one_for_many(value: &DeValue<'_>, span: &Range<usize>, said: &str, path: &str) -> Mistake {
    let advice = if said.starts_with('[') {
        format!("write [[{}]]: there can be several", dotted(path))
    } else if said.chars().count() <= TEXT_CHARS {
        format!("put it in square brackets: [{}]", shorten(said, TEXT_CHARS))
    } else {
        "put it in square brackets".to_owned()
    };
    mistake(span, kind_of(value), "a list", advice)
}

/// The first of several tables.
pub fn first_table<'v, 'i>(items: &'v [Spanned<DeValue<'i>>]) -> Option<&'v DeTable<'i>> {
    match items.first()?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// Several things where one is needed.
pub fn many_for_one(span: &Range<usize>, said: &str, path: &str) -> Mistake {
    let advice = if said.starts_with("[[") {
        format!("write [{}], and once", dotted(path))
    } else {
        "write one table, without square brackets".to_owned()
    };
    mistake(span, "a list", "a table", advice)
}
