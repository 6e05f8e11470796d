//! restJson1 and restXml: method, path and query name the operation and carry parts of its input.

use serde_json::{Map, Value, json};

use super::scalar::scalar;
use super::{Call, Wire, json, xml};
use crate::ApiError;
use crate::http::{Request, Response, decoded, pairs};
use crate::shapes::{MODELS, Model};

pub(super) fn read(request: &Request) -> Result<Option<Call>, ApiError> {
    let query = pairs(&request.query);
    for model in MODELS.values() {
        let wire = match model.meta("protocol") {
            "rest-json" => Wire::RestJson,
            "rest-xml" => Wire::RestXml,
            _ => continue,
        };
        // The path of one service can be another's as well (`/tags/...`): where the signature names a service, that is the one.
        if signed_for(request).is_some_and(|service| service != signing_name(model)) {
            continue;
        }
        for (operation, described) in &model.operations {
            let http = &described["http"];
            let Some(uri) = http["requestUri"].as_str().filter(|_| http["method"] == request.method) else { continue };
            let Some(labels) = labels(uri, &request.path, &query) else { continue };
            let input = input(model, operation, (request, labels, &query), wire)?;
            return Ok(Some(Call { model, operation, input, wire }));
        }
    }
    Ok(None)
}

fn signing_name(model: &Model) -> &str {
    let name = model.meta("signingName");
    if name.is_empty() { model.meta("endpointPrefix") } else { name }
}

/// The service that a request is signed for.
fn signed_for(request: &Request) -> Option<&str> {
    let credential = request.header("authorization")?.split("Credential=").nth(1)?;
    credential.split('/').nth(3)
}

type Labels = Vec<(String, String)>;

/// The labels of a path, if it fits the pattern.
fn labels(uri: &str, path: &str, query: &[(String, String)]) -> Option<Labels> {
    let (pattern, flag) = uri.split_once('?').unwrap_or((uri, ""));
    if !flag.is_empty() && !query.iter().any(|(name, _)| name == flag) {
        return None;
    }
    let (wanted, given): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let greedy = wanted.last().is_some_and(|last| last.ends_with("+}"));
    if wanted.len() != given.len() && !(greedy && given.len() > wanted.len()) {
        return None;
    }
    let mut labels = Vec::new();
    for (index, part) in wanted.iter().enumerate() {
        let here = if part.ends_with("+}") { given[index..].join("/") } else { given[index].to_owned() };
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(label) if !here.is_empty() => {
                labels.push((label.trim_end_matches('+').to_owned(), decoded(&here, false)));
            }
            None if *part == here => {}
            _ => return None,
        }
    }
    Some(labels)
}

fn input(
    model: &Model,
    operation: &str,
    (request, labels, query): (&Request, Labels, &[(String, String)]),
    wire: Wire,
) -> Result<Value, ApiError> {
    let Some(shape) = model.side(operation, "input") else { return Ok(json!({})) };
    let mut fields = Map::new();
    let body = match shape.body["payload"].as_str() {
        Some(payload) => {
            let member = shape.members().find(|(name, _)| *name == payload);
            let value = match member {
                Some((_, member)) if wire == Wire::RestXml => xml::read(&request.body, member)?,
                _ => json::body(&request.body)?,
            };
            fields.insert(payload.to_owned(), value);
            None
        }
        None if wire == Wire::RestJson => Some(json::body(&request.body)?),
        None => None,
    };
    if let Some(Value::Object(body)) = body.map(|body| json::named(&body, shape)) {
        fields.extend(body);
    }
    for (name, member) in shape.members() {
        let wire_name = member.wire_name(name);
        let text = match member.said("location") {
            Some("uri") => labels.iter().find(|(label, _)| label == wire_name).map(|(_, value)| value.as_str()),
            Some("querystring") => query.iter().find(|(label, _)| label == wire_name).map(|(_, value)| value.as_str()),
            Some("header") => request.header(&wire_name.to_lowercase()),
            _ => continue,
        };
        if let Some(text) = text {
            fields.insert(name.to_owned(), scalar(text, member));
        }
    }
    Ok(Value::Object(fields))
}

pub(super) fn written(call: &Call, output: &Value) -> Response {
    let shape = call.model.side(call.operation, "output");
    let payload = shape.and_then(|shape| shape.body["payload"].as_str());
    let (value, shape) = match (payload, shape) {
        (Some(payload), Some(outer)) => {
            let member = outer.members().find(|(name, _)| *name == payload).map(|(_, member)| member);
            (&output[payload], member)
        }
        (_, shape) => (output, shape),
    };
    let (kind, body) = match (call.wire, shape) {
        (Wire::RestXml, Some(shape)) => {
            let name = payload.unwrap_or(call.operation);
            ("application/xml", format!("<{name}>{}</{name}>", xml::written(value, shape, false)))
        }
        (Wire::RestXml, None) => ("application/xml", String::new()),
        (_, Some(shape)) => ("application/json", json::renamed(value, shape).to_string()),
        (_, None) => ("application/json", "{}".to_owned()),
    };
    Response { status: 200, headers: vec![("content-type", kind.to_owned())], body: body.into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_operation_and_labels() {
        let request = |method: &str, path: &str| Request {
            method: method.to_owned(),
            path: path.to_owned(),
            ..Request::default()
        };
        let call = read(&request("GET", "/experiments/EXP1")).unwrap_or_default_for_test();
        assert_eq!((call.operation, &call.input["id"]), ("GetExperiment", &json!("EXP1")));
        let call = read(&request("DELETE", "/experiments/EXP1")).unwrap_or_default_for_test();
        assert_eq!(call.operation, "StopExperiment");
        let mut bucket = request("GET", "/bucket-1");
        assert!(read(&bucket).is_ok_and(|call| call.is_none()));
        bucket.query = "publicAccessBlock".to_owned();
        let call = read(&bucket).unwrap_or_default_for_test();
        assert_eq!((call.operation, &call.input["Bucket"]), ("GetPublicAccessBlock", &json!("bucket-1")));
    }

    trait ForTest {
        fn unwrap_or_default_for_test(self) -> Call;
    }

    impl ForTest for Result<Option<Call>, ApiError> {
        fn unwrap_or_default_for_test(self) -> Call {
            self.unwrap().unwrap()
        }
    }
}
