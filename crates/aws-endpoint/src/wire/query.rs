//! AWS query and EC2's variant: a form in, XML out.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::scalar::scalar;
use super::{Call, Wire, find, xml};
use crate::ApiError;
use crate::http::{Request, Response, pairs};
use crate::shapes::Shape;

pub(super) fn read(request: &Request) -> Result<Option<Call>, ApiError> {
    let form = match request.header("content-type") {
        Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => {
            String::from_utf8_lossy(&request.body).into_owned()
        }
        _ => return Ok(None),
    };
    let fields: BTreeMap<String, String> = pairs(&form).into_iter().collect();
    let (Some(operation), version) = (fields.get("Action"), fields.get("Version")) else { return Ok(None) };
    let speaks = |protocol: &str| protocol == "query" || protocol == "ec2";
    let known = find(
        |model| {
            let all = model.metadata["protocols"].as_array().into_iter().flatten().filter_map(Value::as_str);
            all.chain([model.meta("protocol")]).any(speaks)
                && version.is_none_or(|version| model.meta("apiVersion") == version)
        },
        operation,
    );
    let Some((model, operation)) = known else {
        return Err(ApiError::new("InvalidAction", format!("{operation} is not answered here")));
    };
    let wire = if model.meta("protocol") == "ec2" { Wire::Ec2 } else { Wire::Query };
    let input = model.side(operation, "input").map(|shape| taken(&fields, "", shape, wire));
    Ok(Some(Call { model, operation, input: input.flatten().unwrap_or_else(|| json!({})), wire }))
}

/// What the form has below a prefix.
fn taken(fields: &BTreeMap<String, String>, prefix: &str, shape: Shape<'_>, wire: Wire) -> Option<Value> {
    let below = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    match shape.kind() {
        "structure" => {
            let known = shape.members().filter_map(|(name, member)| {
                let value = taken(fields, &below(&form_name(name, member, wire)), member, wire)?;
                Some((name.to_owned(), value))
            });
            let known: Map<String, Value> = known.collect();
            (prefix.is_empty() || !known.is_empty()).then_some(Value::Object(known))
        }
        "list" => {
            let inner = shape.inner("member")?;
            let list = if wire == Wire::Ec2 || shape.flattened() {
                prefix.to_owned()
            } else {
                format!("{prefix}.{}", inner.said("locationName").unwrap_or("member"))
            };
            let items: Vec<Value> =
                (1..).map_while(|index| taken(fields, &format!("{list}.{index}"), inner, wire)).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        "map" => {
            let (key, value) = (shape.inner("key")?, shape.inner("value")?);
            let entries = (1..).map_while(|index| {
                let at = format!("{prefix}.entry.{index}");
                let name = taken(fields, &format!("{at}.key"), key, wire)?;
                Some((name.as_str()?.to_owned(), taken(fields, &format!("{at}.value"), value, wire)?))
            });
            let entries: Map<String, Value> = entries.collect();
            (!entries.is_empty()).then_some(Value::Object(entries))
        }
        _ => fields.get(prefix).map(|text| scalar(text, shape)),
    }
}

/// EC2 capitalises the names of the wire, and has some of its own.
fn form_name(name: &str, member: Shape<'_>, wire: Wire) -> String {
    if let Some(name) = member.said("queryName") {
        return name.to_owned();
    }
    let name = member.wire_name(name);
    if wire != Wire::Ec2 {
        return name.to_owned();
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn written(call: &Call, output: &Value) -> Response {
    let shape = call.model.side(call.operation, "output");
    let inner = shape.map_or_else(String::new, |shape| xml::written(output, shape, call.wire == Wire::Ec2));
    let (name, space) = (call.operation, call.model.meta("xmlNamespace"));
    let body = if call.wire == Wire::Ec2 {
        format!("<{name}Response xmlns=\"{space}\"><requestId>emulated</requestId>{inner}</{name}Response>")
    } else {
        let wrapper = shape.and_then(|shape| shape.said("resultWrapper")).map(str::to_owned);
        let wrapper = wrapper.unwrap_or_else(|| format!("{name}Result"));
        let about = "<ResponseMetadata><RequestId>emulated</RequestId></ResponseMetadata>";
        format!("<{name}Response xmlns=\"{space}\"><{wrapper}>{inner}</{wrapper}>{about}</{name}Response>")
    };
    response(200, body)
}

fn response(status: u16, body: String) -> Response {
    Response { status, headers: vec![("content-type", "text/xml".into())], body: body.into_bytes() }
}

pub(super) fn refused(wire: Wire, error: &ApiError) -> Response {
    let (code, message) = (xml::escaped(&error.code), xml::escaped(&error.message));
    let inner = format!("<Code>{code}</Code><Message>{message}</Message>");
    let body = match wire {
        Wire::Ec2 => {
            format!("<Response><Errors><Error>{inner}</Error></Errors><RequestID>emulated</RequestID></Response>")
        }
        Wire::RestXml => format!("<Error>{inner}<RequestId>emulated</RequestId></Error>"),
        _ => format!(
            "<ErrorResponse><Error><Type>Sender</Type>{inner}</Error><RequestId>emulated</RequestId></ErrorResponse>"
        ),
    };
    response(error.status, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(form: &str) -> Request {
        let kind = ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned());
        Request { headers: vec![kind], body: form.as_bytes().to_vec(), ..Request::default() }
    }

    #[test]
    fn a_form_of_ec2_is_read_and_answered_in_its_own_names() {
        let form = "Action=DescribeSecurityGroupRules&Version=2016-11-15&Filter.1.Name=group-id&Filter.1.Value.1=sg-1";
        let call = read(&request(form)).ok().flatten();
        let input = call.as_ref().map(|call| call.input.clone());
        assert_eq!(input, Some(json!({ "Filters": [{ "Name": "group-id", "Values": ["sg-1"] }] })));
        let answer = json!({ "SecurityGroupRules": [{ "SecurityGroupRuleId": "sgr-1", "IsEgress": false, "Description": "a<b" }] });
        let text = call.map(|call| String::from_utf8_lossy(&written(&call, &answer).body).into_owned());
        let text = text.unwrap_or_default();
        for piece in
            ["<securityGroupRuleSet><item>", "<securityGroupRuleId>sgr-1<", "<isEgress>false<", "<description>a&lt;b<"]
        {
            assert!(text.contains(piece), "{piece}: {text}");
        }
    }

    #[test]
    fn a_form_of_query_has_members() {
        let form = "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=a&ActionNames.member.1=x&ActionNames.member.2=y";
        let call = read(&request(form)).ok().flatten();
        assert_eq!(call.map(|call| call.input), Some(json!({ "PolicySourceArn": "a", "ActionNames": ["x", "y"] })));
        assert!(read(&request("Action=NoSuchThing&Version=2010-05-08")).is_err());
    }
}
