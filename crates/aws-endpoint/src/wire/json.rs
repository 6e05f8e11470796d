//! awsJson 1.0 and 1.1: a POST with the operation in a header.

use serde_json::{Map, Value, json};

use super::{Call, Wire, find};
use crate::ApiError;
use crate::http::{Request, Response};
use crate::shapes::Shape;

pub(super) fn read(request: &Request) -> Result<Option<Call>, ApiError> {
    let Some((target, operation)) = request.header("x-amz-target").and_then(|target| target.split_once('.')) else {
        return Ok(None);
    };
    let Some((model, operation)) = find(|model| model.meta("targetPrefix") == target, operation) else {
        return Err(ApiError::new("UnknownOperationException", format!("{target}.{operation}")));
    };
    let input = body(&request.body)?;
    Ok(Some(Call { model, operation, input, wire: Wire::Json }))
}

/// A body as JSON; an empty one is an empty object.
pub(super) fn body(bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(bytes).map_err(|error| ApiError::new("SerializationException", error.to_string()))
}

pub(super) fn written(call: &Call, output: &Value) -> Response {
    let shape = call.model.side(call.operation, "output");
    let body = shape.map_or_else(|| json!({}), |shape| renamed(output, shape));
    response(call.model.meta("jsonVersion"), &body)
}

fn response(version: &str, body: &Value) -> Response {
    let kind = if version.is_empty() { "application/json".into() } else { format!("application/x-amz-json-{version}") };
    Response { status: 200, headers: vec![("content-type", kind)], body: body.to_string().into_bytes() }
}

/// Only what the shape knows, by the names of the wire.
pub(super) fn renamed(value: &Value, shape: Shape<'_>) -> Value {
    match (shape.kind(), value) {
        ("structure", Value::Object(fields)) => {
            let known = shape.members().filter_map(|(name, member)| {
                let value = fields.get(name).filter(|value| !value.is_null())?;
                Some((member.wire_name(name).to_owned(), renamed(value, member)))
            });
            Value::Object(known.collect::<Map<_, _>>())
        }
        ("list", Value::Array(items)) => {
            let inner = shape.inner("member");
            items.iter().map(|item| inner.map_or_else(|| item.clone(), |inner| renamed(item, inner))).collect()
        }
        ("map", Value::Object(entries)) => {
            let inner = shape.inner("value");
            let renamed = |value: &Value| inner.map_or_else(|| value.clone(), |inner| renamed(value, inner));
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), renamed(value))).collect())
        }
        ("timestamp", Value::Number(seconds)) if shape.body["timestampFormat"] == "iso8601" => {
            super::time::iso(seconds.as_f64().unwrap_or_default()).into()
        }
        _ => value.clone(),
    }
}

/// From the names of the wire to those of the members.
pub(super) fn named(value: &Value, shape: Shape<'_>) -> Value {
    match (shape.kind(), value) {
        ("structure", Value::Object(fields)) => {
            let known = shape.members().filter_map(|(name, member)| {
                let value = fields.get(member.wire_name(name)).filter(|value| !value.is_null())?;
                Some((name.to_owned(), named(value, member)))
            });
            Value::Object(known.collect::<Map<_, _>>())
        }
        ("list", Value::Array(items)) => {
            let inner = shape.inner("member");
            items.iter().map(|item| inner.map_or_else(|| item.clone(), |inner| named(item, inner))).collect()
        }
        ("map", Value::Object(entries)) => {
            let inner = shape.inner("value");
            let named = |value: &Value| inner.map_or_else(|| value.clone(), |inner| named(value, inner));
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), named(value))).collect())
        }
        _ => value.clone(),
    }
}

pub(super) fn refused(error: &ApiError) -> Response {
    let body = json!({ "__type": error.code, "message": error.message, "Message": error.message });
    let headers = vec![("content-type", "application/json".into()), ("x-amzn-errortype", error.code.clone())];
    Response { status: error.status, headers, body: body.to_string().into_bytes() }
}
