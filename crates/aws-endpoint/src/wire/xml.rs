//! XML by shapes.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

use super::scalar::scalar;
use super::time;
use crate::ApiError;
use crate::shapes::Shape;

/// Writes a value's inside.
pub(super) fn written(value: &Value, shape: Shape<'_>, ec2: bool) -> String {
    match (shape.kind(), value) {
        ("structure", Value::Object(fields)) => {
            let known = shape.members().filter_map(|(name, member)| {
                let value = fields.get(name).filter(|value| !value.is_null())?;
                Some(element(member.wire_name(name), value, member, ec2))
            });
            known.collect()
        }
        ("list", Value::Array(items)) => {
            let Some(inner) = shape.inner("member") else { return String::new() };
            let name = inner.said("locationName").unwrap_or(if ec2 { "item" } else { "member" });
            items
                .iter()
                .fold(String::new(), |all, item| all + &format!("<{name}>{}</{name}>", written(item, inner, ec2)))
        }
        ("map", Value::Object(entries)) => {
            let Some(inner) = shape.inner("value") else { return String::new() };
            let entry = |(key, value): (&String, &Value)| {
                let value = written(value, inner, ec2);
                format!("<entry><key>{}</key><value>{value}</value></entry>", escaped(key))
            };
            entries.iter().map(entry).collect()
        }
        ("timestamp", Value::Number(seconds)) => time::iso(seconds.as_f64().unwrap_or_default()),
        (_, Value::String(text)) => escaped(text),
        (_, value) => escaped(&value.to_string()),
    }
}

fn element(name: &str, value: &Value, shape: Shape<'_>, ec2: bool) -> String {
    if shape.kind() == "list" && shape.flattened() {
        let inner = shape.inner("member");
        let items = value.as_array().into_iter().flatten();
        return items.filter_map(|item| Some(format!("<{name}>{}</{name}>", written(item, inner?, ec2)))).collect();
    }
    format!("<{name}>{}</{name}>", written(value, shape, ec2))
}

/// Text as it may stand in XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Reads the fields of a document's root: flat structures, which is all that is sent here.
pub(super) fn read(bytes: &[u8], shape: Shape<'_>) -> Result<Value, ApiError> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    let mut fields = Map::new();
    let mut open: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => open.push(tag.local_name().as_ref().to_owned()),
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Text(said)) => {
                let said = said.to_string();
                let member = open.last().filter(|_| open.len() == 2);
                let member =
                    member.and_then(|name| shape.members().find(|(known, inner)| inner.wire_name(known) == name));
                if let Some((name, member)) = member {
                    fields.insert(name.to_owned(), scalar(said.trim(), member));
                }
            }
            Ok(Event::Eof) => return Ok(Value::Object(fields)),
            Ok(_) => {}
            Err(error) => return Err(ApiError::new("MalformedXML", error.to_string())),
        }
    }
}
