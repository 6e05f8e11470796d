//! Documents in JSON that the program did not write as data: read, made safe text by text, written anew.

use serde_json::{Map, Value};

use firedrill_model::SafeText;

/// A document whose texts and names are all safe to show; nothing if it is no JSON.
pub(super) fn read(document: &SafeText) -> Option<Value> {
    serde_json::from_str(document.as_str()).ok().map(safe)
}

/// JSON can hold hidden and control characters in escaped form, which reading brings back.
fn safe(value: Value) -> Value {
    let shown = |text: &str| SafeText::new(text).to_string();
    match value {
        Value::String(text) => Value::String(shown(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(safe).collect()),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, field)| (shown(&name), safe(field)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        other => other,
    }
}

/// JSON as people read it, with a line end behind it.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_hidden_in_escapes_is_made_visible() {
        let read = read(&r#"{"a\u001b":["\u009b31m","\u202e",1,null]}"#.into()).unwrap();
        assert_eq!(read.to_string(), r#"{"a␛":["\\x9b31m","⟨U+202E⟩",1,null]}"#);
        assert_eq!(super::read(&"no document".into()), None);
    }
}
