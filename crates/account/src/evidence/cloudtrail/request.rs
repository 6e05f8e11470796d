//! What was asked and what was answered, where it was not said who by.

use serde_json::{Value, json};

use super::shapes::{self, Made};
use super::{About, Call, Office};
use firedrill_model::SafeText;
use firedrill_model::scenario::Emission;

/// Puts the names of what a record is about into a text: `{resource}`, `{instance}`, `{address}`.
pub(super) fn fill(text: &str, about: &About<'_>, address: &str) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let instance = about.machine.map_or("-", |machine| machine.id.as_str());
    text.replace("{resource}", about.resource.unwrap_or("-"))
        .replace("{instance}", instance)
        .replace("{address}", address)
}

/// The same in all texts of a value.
fn fill_all(value: &mut Value, fill: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = fill(text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_all(item, fill)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill_all(field, fill)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `requestParameters` and `responseElements` of a call: as the scenario gives them, else as is usual for some calls.
pub(super) fn of(
    office: &Office,
    emission: &Emission,
    (service, name): (&str, &str),
    about: &About<'_>,
    address: &str,
) -> (Option<Value>, Option<Value>) {
    let given = |text: &Option<SafeText>| {
        let mut value: Value = serde_json::from_str(text.as_ref()?.as_str()).ok().filter(Value::is_object)?;
        fill_all(&mut value, &|text| fill(text, about, address));
        Some(value)
    };
    let (request, answer) = (given(&emission.request), given(&emission.answer));
    let (request, answer) = if request.is_some() || answer.is_some() {
        (request, answer)
    } else {
        rule(office, name, about).unwrap_or_else(|| (usual(service, name, about), None))
    };
    let refused = emission.error.is_some() || about.denied;
    shapes::complete(office, &Made { service, name, refused, at: about.at, key: about.key }, request, answer)
}

/// What some ordinary calls ask for.
fn usual(service: &str, name: &str, about: &About<'_>) -> Option<Value> {
    let machine = about.machine.map(|machine| machine.id.as_str());
    match (service, name, machine) {
        ("ec2", "DescribeInstances", None) => Some(json!({ "instancesSet": {}, "filterSet": {} })),
        ("ec2", "DescribeInstances", Some(id)) => {
            Some(json!({ "instancesSet": { "items": [{ "instanceId": id }] }, "filterSet": {} }))
        }
        ("ec2", "DescribeSecurityGroups", _) => Some(json!({
            "securityGroupSet": {}, "securityGroupIdSet": {}, "filterSet": {},
        })),
        _ => None,
    }
}

/// The rule that lets the world in, for the calls that make or remove one.
fn rule(office: &Office, call: &str, about: &About<'_>) -> Option<(Option<Value>, Option<Value>)> {
    let (group, port) = about.opening?;
    if !matches!(call, "AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupIngress") {
        return None;
    }
    let asked = ingress(group, port, "0.0.0.0/0");
    let answer = json!({
        "requestId": office.uuid(about.key.0, about.key.1.wrapping_mul(4)),
        "_return": true,
        "securityGroupRuleSet": { "items": [{
            "groupOwnerId": office.account_id(),
            "groupId": group,
            "securityGroupRuleId": format!("sgr-0{}", office.hex(group, 4, 16)),
            "isEgress": false,
            "ipProtocol": "tcp",
            "fromPort": port,
            "toPort": port,
            "cidrIpv4": "0.0.0.0/0",
        }] },
    });
    Some((Some(asked), Some(answer)))
}

/// A rule of a security group, as it is asked for.
pub(crate) fn ingress(group: &str, port: u16, from: &str) -> Value {
    json!({
        "groupId": group, "ipProtocol": "tcp", "fromPort": port, "toPort": port, "cidrIp": from, "ipPermissions": {},
    })
}

/// How an error is explained.
pub(super) fn message(office: &Office, error: &str, call: &Call<'_>, arn: Option<&str>) -> Option<String> {
    let (service, name) = (call.service, call.name);
    let why = |arn: &str| {
        let because = if call.denied {
            "with an explicit deny in an identity-based policy".to_owned()
        } else {
            format!("because no identity-based policy allows the {service}:{name} action")
        };
        format!("User: {arn} is not authorized to perform: {service}:{name} {because}")
    };
    match (error, arn) {
        ("AccessDenied" | "AccessDeniedException", Some(arn)) => Some(why(arn)),
        ("AccessDenied" | "AccessDeniedException", None) => Some("Access Denied".to_owned()),
        ("Client.UnauthorizedOperation", Some(arn)) => {
            Some(format!("You are not authorized to perform this operation. {}", why(arn)))
        }
        ("NoSuchKey", _) => Some("The specified key does not exist.".to_owned()),
        ("NoSuchBucket", _) => Some("The specified bucket does not exist".to_owned()),
        ("Client.VcpuLimitExceeded", _) => {
            let kind = call.request.as_ref().and_then(|request| request.get("instanceType")).and_then(Value::as_str);
            // Types with graphics processors have a quota of their own, which is 0 until somebody asks for more.
            let own = kind.is_some_and(|kind| ["g", "p", "vt"].iter().any(|family| kind.starts_with(family)));
            let limit = if own { 0 } else { office.standard_vcpus()? };
            Some(format!(
                "You have requested more vCPU capacity than your current vCPU limit of {limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
            ))
        }
        ("Client.DryRunOperation", _) => Some("Request would have succeeded, but DryRun flag is set.".to_owned()),
        _ => None,
    }
}

/// How much went over the line in an S3 call.
pub(super) fn transfer(office: &Office, call: &Call<'_>) -> Value {
    let about = About::plain(call.at, call.key);
    let out = match call.name {
        _ if call.error.is_some() => 0,
        "GetObject" => u64::from(office.number(&about, 6, 20_000, 4_000_000)),
        name if name.starts_with("List") => u64::from(office.number(&about, 6, 1_000, 200_000)),
        _ => 0,
    };
    let come_in = if call.name == "PutObject" { u64::from(office.number(&about, 7, 1_000, 400_000)) } else { 0 };
    let mut data = json!({
        "CipherSuite": "TLS_AES_128_GCM_SHA256",
        "bytesTransferredIn": come_in,
        "bytesTransferredOut": out,
        "x-amz-id-2": office.hex(call.key.0, call.part(2).1, 32),
    });
    if let Some(signed) = data.as_object_mut().filter(|_| !call.caller.is_anonymous()) {
        signed.insert("SignatureVersion".to_owned(), "SigV4".into());
        signed.insert("AuthenticationMethod".to_owned(), "AuthHeader".into());
    }
    data
}
