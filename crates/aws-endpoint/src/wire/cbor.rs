//! Smithy RPC v2 CBOR, which Amazon `CloudWatch`'s newer clients speak.

use ciborium::Value as Cbor;
use serde_json::{Map, Value};

use super::{Call, Wire, find};
use crate::ApiError;
use crate::http::{Request, Response};
use crate::shapes::Shape;

pub(super) fn read(request: &Request) -> Result<Option<Call>, ApiError> {
    let mut parts = request.path.trim_start_matches('/').split('/');
    let (Some("service"), Some(service), Some("operation"), Some(operation)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Ok(None);
    };
    let Some((model, operation)) = find(|model| model.meta("targetPrefix") == service, operation) else {
        return Err(ApiError::new("UnknownOperationException", format!("{service}.{operation}")));
    };
    let body = if request.body.is_empty() {
        Cbor::Map(Vec::new())
    } else {
        let read = ciborium::from_reader(request.body.as_slice());
        read.map_err(|error| ApiError::new("SerializationException", error.to_string()))?
    };
    Ok(Some(Call { model, operation, input: inside(&body), wire: Wire::Cbor }))
}

fn inside(value: &Cbor) -> Value {
    match value {
        Cbor::Integer(number) => i64::try_from(*number).map_or(Value::Null, Value::from),
        Cbor::Float(number) => Value::from(*number),
        Cbor::Text(text) => text.clone().into(),
        Cbor::Bool(yes) => (*yes).into(),
        Cbor::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        Cbor::Tag(_, inner) => inside(inner),
        Cbor::Array(items) => items.iter().map(inside).collect(),
        Cbor::Map(entries) => {
            let text = |key: &Cbor| key.as_text().map(str::to_owned);
            Value::Object(
                entries.iter().filter_map(|(key, value)| Some((text(key)?, inside(value)))).collect::<Map<_, _>>(),
            )
        }
        _ => Value::Null,
    }
}

pub(super) fn written(call: &Call, output: &Value) -> Response {
    let shape = call.model.side(call.operation, "output");
    let body = shape.map_or_else(|| Cbor::Map(Vec::new()), |shape| outside(output, shape));
    response(200, &body, None)
}

/// Epoch seconds carry this tag.
const EPOCH: u64 = 1;

fn outside(value: &Value, shape: Shape<'_>) -> Cbor {
    match (shape.kind(), value) {
        ("structure", Value::Object(fields)) => {
            let known = shape.members().filter_map(|(name, member)| {
                let value = fields.get(name).filter(|value| !value.is_null())?;
                Some((Cbor::Text(name.to_owned()), outside(value, member)))
            });
            Cbor::Map(known.collect())
        }
        ("list", Value::Array(items)) => {
            let inner = shape.inner("member");
            Cbor::Array(items.iter().filter_map(|item| Some(outside(item, inner?))).collect())
        }
        ("map", Value::Object(entries)) => {
            let inner = shape.inner("value");
            let pair = |(key, value): (&String, &Value)| Some((Cbor::Text(key.clone()), outside(value, inner?)));
            Cbor::Map(entries.iter().filter_map(pair).collect())
        }
        ("timestamp", value) => Cbor::Tag(EPOCH, Cbor::Float(value.as_f64().unwrap_or_default()).into()),
        ("double" | "float", value) => Cbor::Float(value.as_f64().unwrap_or_default()),
        ("integer" | "long", value) => Cbor::Integer(value.as_i64().unwrap_or_default().into()),
        ("boolean", value) => Cbor::Bool(value.as_bool().unwrap_or_default()),
        (_, value) => Cbor::Text(value.as_str().unwrap_or_default().to_owned()),
    }
}

fn response(status: u16, body: &Cbor, error: Option<&str>) -> Response {
    let mut bytes = Vec::new();
    // A vector takes everything.
    let _ = ciborium::into_writer(body, &mut bytes);
    let mut headers =
        vec![("content-type", "application/cbor".to_owned()), ("smithy-protocol", "rpc-v2-cbor".to_owned())];
    headers.extend(error.map(|code| ("x-amzn-errortype", code.to_owned())));
    Response { status, headers, body: bytes }
}

pub(super) fn refused(error: &ApiError) -> Response {
    let text = |text: &str| Cbor::Text(text.to_owned());
    let body = Cbor::Map(vec![(text("__type"), text(&error.code)), (text("message"), text(&error.message))]);
    response(error.status, &body, Some(&error.code))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_moments_have_the_types_of_their_shapes() {
        let path = "/service/GraniteServiceVersion20100801/operation/GetMetricData".to_owned();
        let call = read(&Request { path, ..Request::default() }).ok().flatten();
        let answer = json!({ "MetricDataResults": [{ "Id": "a", "Timestamps": [60.0], "Values": [1] }] });
        let body = call.map(|call| written(&call, &answer).body).unwrap_or_default();
        let read: Cbor = ciborium::from_reader(body.as_slice()).unwrap_or(Cbor::Null);
        let result =
            read.as_map().and_then(|map| map.first()).and_then(|(_, list)| list.as_array()?.first()?.as_map().cloned());
        let of = |name: &str| {
            result
                .as_ref()
                .and_then(|map| map.iter().find(|(key, _)| key.as_text() == Some(name)))
                .map(|(_, value)| value.clone())
        };
        assert_eq!(of("Timestamps"), Some(Cbor::Array(vec![Cbor::Tag(EPOCH, Box::new(Cbor::Float(60.0)))])));
        assert_eq!(of("Values"), Some(Cbor::Array(vec![Cbor::Float(1.0)])));
    }
}
