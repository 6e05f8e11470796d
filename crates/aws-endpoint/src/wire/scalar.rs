//! Texts of paths, queries, forms and elements as what their shapes say.

use serde_json::Value;

use crate::shapes::Shape;

/// A text of a path, a query or an element as what its shape says.
pub(super) fn scalar(text: &str, shape: Shape<'_>) -> Value {
    match shape.kind() {
        "integer" | "long" => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        "double" | "float" => text.parse::<f64>().map_or_else(|_| text.into(), Value::from),
        "boolean" => Value::Bool(text == "true"),
        "timestamp" => super::time::read(text).map_or_else(|| text.into(), Value::from),
        _ => text.into(),
    }
}
