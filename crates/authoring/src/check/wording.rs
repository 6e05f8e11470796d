//! Places and examples in messages, in the words of the format.

use super::shape::Shape;

/// The path of a key below `path`.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// The place as an author knows it, without numbers: ` in service.group`; nothing for the file itself.
pub fn within(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" in {}", name_of(path)) }
}

/// The same in backticks, for a sentence.
pub fn name_of(path: &str) -> String {
    format!("`{}`", dotted(path))
}

/// A path as an author writes it: `service.group`, without numbers.
pub fn dotted(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| part.parse::<usize>().is_err()).collect();
    parts.join(".")
}

/// How a missing key could be written.
pub fn example(name: &str, shape: &Shape, path: &str) -> String {
    let value = match shape {
        Shape::Text { .. } => "\"...\"".to_owned(),
        Shape::Id | Shape::IdOr(_) => "\"a-short-name\"".to_owned(),
        Shape::Span { .. } => "\"15m\"".to_owned(),
        Shape::Whole { min, max } => 1.clamp(*min, *max).to_string(),
        Shape::Number { min, max } => format!("{:.1}", 1.0_f64.clamp(*min, *max)),
        Shape::Flag => "true".to_owned(),
        Shape::Words(words) | Shape::Either { words, .. } => {
            format!("\"{}\"", words.first().map(String::as_str).unwrap_or_default())
        }
        Shape::List { item, .. } if matches!(**item, Shape::Table(_)) => {
            return format!("a section `[[{}]]`", dotted(&join(path, name)));
        }
        Shape::Table(_) if path.is_empty() => return format!("a section `[{name}]`"),
        Shape::List { .. } => "[\"...\"]".to_owned(),
        Shape::Table(_) | Shape::Tagged { .. } | Shape::Unknown => "{ ... }".to_owned(),
    };
    format!("`{name} = {value}`")
}
