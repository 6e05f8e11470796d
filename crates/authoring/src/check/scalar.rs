//! Single values: text, ids, times, figures, words.

use std::ops::Range;

use serde_json::Value as Json;
use toml::de::DeValue;

use super::shape::Shape;
use super::{misfit, suggest};
use crate::problem::{Code, Mistake, shorten};
use firedrill_model::id;
use firedrill_model::time::{Span, SpanError};

/// Characters of a text that a message repeats.
const TEXT_CHARS: usize = 40;

/// What doesn't fit, and what was most likely meant.
pub type Misfit = Box<(Mistake, Option<Json>)>;

/// The value, if it fits the shape.
pub fn read(shape: &Shape, value: &DeValue<'_>, span: &Range<usize>) -> Result<Json, Misfit> {
    let result = match (shape, value) {
        (Shape::Text { longest, one_line }, DeValue::String(text)) => read_text(text, *longest, *one_line, span),
        (Shape::Id | Shape::IdOr(_), DeValue::String(text)) => read_id(text, span),
        (Shape::Span { shortest, longest }, DeValue::String(text)) => read_span(text, *shortest, *longest, span),
        (Shape::Span { .. }, DeValue::Integer(_) | DeValue::Float(_)) => Err(span_without_unit(value, span)),
        (Shape::Words(words) | Shape::Either { words, .. }, DeValue::String(text)) => {
            return read_word(text, words, span);
        }
        (Shape::Whole { min, max }, DeValue::Integer(_)) => read_whole(value, *min, *max, span),
        (Shape::Number { min, max }, DeValue::Integer(_) | DeValue::Float(_)) => read_number(value, *min, *max, span),
        (Shape::Flag, DeValue::Boolean(yes)) => Ok(Json::from(*yes)),
        _ => Err(misfit::of_kind(shape, value, span)),
    };
    result.map_err(|mistake| Box::new((mistake, None)))
}

fn read_text(text: &str, longest: usize, one_line: bool, span: &Range<usize>) -> Result<Json, Mistake> {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        Err(Mistake::new(Code::BadValue, span.clone(), "this text is empty")
            .advise("say something, or leave the key out if it isn't needed"))
    } else if chars > longest {
        let message = format!("this text has {chars} characters");
        Err(Mistake::new(Code::OutOfRange, span.clone(), message).advise(format!("{longest} is the most here")))
    } else if one_line && text.contains('\n') {
        Err(Mistake::new(Code::BadValue, span.clone(), "this text has several lines").advise("say it in one line"))
    } else {
        Ok(Json::from(text))
    }
}

fn read_id(text: &str, span: &Range<usize>) -> Result<Json, Mistake> {
    if id::is_valid(text) {
        return Ok(Json::from(text));
    }
    let message = format!("`{}` can't be a short name", shorten(text, TEXT_CHARS));
    let mistake = Mistake::new(Code::BadValue, span.clone(), message);
    if let Some(stranger) = text.chars().find(|c| c.is_alphabetic() && !c.is_ascii()) {
        // Some look like plain ones, so that a better name can't be guessed.
        let advice = format!("`{stranger}` is U+{:04X}; write it with plain letters a to z", u32::from(stranger));
        return Err(mistake.advise(advice));
    }
    let better = slug(text);
    let rule = "a short name is 1 to 64 letters, digits, `-`, `_` or `.`, and starts with a letter or digit";
    Err(if id::is_valid(&better) {
        mistake.advise(format!("{rule}: for example `{better}`")).replace(format!("\"{better}\""))
    } else {
        mistake.advise(rule)
    })
}

/// The text as an id would be written.
fn slug(text: &str) -> String {
    let fitting = text.chars().take(id::MAX_LEN).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let joined: String = fitting.collect();
    joined.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
}

fn read_span(text: &str, shortest: Span, longest: Span, span: &Range<usize>) -> Result<Json, Mistake> {
    let (code, message, advice) = match text.parse::<Span>() {
        Ok(length) if length < shortest && length == Span::ZERO => (
            Code::OutOfRange,
            "this time is zero".to_owned(),
            format!("the shortest that makes sense here is {shortest}"),
        ),
        Ok(length) if length < shortest => (
            Code::OutOfRange,
            format!("{length} is too short"),
            format!("the shortest that makes sense here is {shortest}"),
        ),
        Ok(length) if length > longest => {
            (Code::OutOfRange, format!("{length} is too long"), format!("{longest} is the longest here"))
        }
        Ok(length) => return Ok(Json::from(length.to_string())),
        Err(SpanError::TooLong(_)) => {
            let shown = shorten(text, TEXT_CHARS);
            (Code::OutOfRange, format!("`{shown}` is too long"), format!("{longest} is the longest here"))
        }
        Err(SpanError::NoUnit(figure)) => {
            (Code::BadValue, format!("`{figure}` has no unit"), format!("did you mean \"{figure}s\" or \"{figure}m\"?"))
        }
        Err(SpanError::Empty | SpanError::NotATime(_)) => {
            let advice = match as_time(text) {
                Some(time) => format!("did you mean \"{time}\"?"),
                None => "write for example \"90s\", \"15m\" or \"1h30m\", without blanks".to_owned(),
            };
            (Code::BadValue, format!("`{}` is not a time", shorten(text, TEXT_CHARS)), advice)
        }
    };
    Err(Mistake::new(code, span.clone(), message).advise(advice))
}

/// What was meant by `30 min`, `1H` or `5 minutes`.
fn as_time(text: &str) -> Option<Span> {
    const LONG: [(&str, &str); 12] = [
        ("seconds", "s"),
        ("second", "s"),
        ("secs", "s"),
        ("sec", "s"),
        ("minutes", "m"),
        ("minute", "m"),
        ("mins", "m"),
        ("min", "m"),
        ("hours", "h"),
        ("hour", "h"),
        ("days", "d"),
        ("day", "d"),
    ];
    if text.len() > TEXT_CHARS {
        return None;
    }
    let joined = text.split_whitespace().collect::<String>().to_lowercase();
    LONG.iter().fold(joined, |text, (long, short)| text.replace(long, short)).parse().ok()
}

fn span_without_unit(value: &DeValue<'_>, span: &Range<usize>) -> Mistake {
    let figure = figure_text(value);
    Mistake::new(Code::BadValue, span.clone(), format!("`{figure}` is a figure, and a time is needed"))
        .advise(format!("write it in quotes with a unit: \"{figure}s\" or \"{figure}m\""))
}

fn read_word(text: &str, words: &[String], span: &Range<usize>) -> Result<Json, Misfit> {
    if words.iter().any(|word| word == text) {
        return Ok(Json::from(text));
    }
    let mistake = Mistake::new(Code::BadValue, span.clone(), format!("unknown word `{}`", shorten(text, TEXT_CHARS)));
    Err(Box::new(match suggest::closest(text, words.iter().map(String::as_str)) {
        Some(meant) => {
            let mistake = mistake.advise(format!("did you mean `{meant}`?")).replace(format!("\"{meant}\""));
            (mistake, Some(Json::from(meant)))
        }
        None => (mistake.advise(format!("use {}", suggest::list(words))), None),
    }))
}

fn read_whole(value: &DeValue<'_>, min: i64, max: i64, span: &Range<usize>) -> Result<Json, Mistake> {
    let figure = match value {
        DeValue::Integer(figure) => i64::from_str_radix(figure.as_str(), figure.radix()).ok(),
        _ => None,
    };
    match figure {
        Some(figure) if (min..=max).contains(&figure) => Ok(Json::from(figure)),
        _ => Err(outside(value, (min, max), span)),
    }
}

fn read_number(value: &DeValue<'_>, min: f64, max: f64, span: &Range<usize>) -> Result<Json, Mistake> {
    let figure = match value {
        DeValue::Integer(figure) if figure.radix() == 10 => figure.as_str().parse::<f64>().ok(),
        DeValue::Float(figure) => figure.as_str().parse::<f64>().ok(),
        _ => None,
    };
    match figure {
        Some(figure) if figure.is_finite() && (min..=max).contains(&figure) => Ok(Json::from(figure)),
        _ => Err(outside(value, (min, max), span)),
    }
}

fn outside<T: std::fmt::Display + PartialEq>(value: &DeValue<'_>, (min, max): (T, T), span: &Range<usize>) -> Mistake {
    let advice = if min == max { format!("write {min}") } else { format!("anything from {min} to {max}") };
    Mistake::new(Code::OutOfRange, span.clone(), format!("`{}` is out of range", figure_text(value))).advise(advice)
}

fn figure_text(value: &DeValue<'_>) -> String {
    let text = match value {
        DeValue::Integer(figure) => figure.to_string(),
        DeValue::Float(figure) => figure.to_string(),
        _ => String::new(),
    };
    shorten(&text, TEXT_CHARS)
}
