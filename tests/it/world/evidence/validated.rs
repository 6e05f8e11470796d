//! Every document of every built-in scenario, held against what others say of its format: AWS's own models, recorded events, and jq.
//!
//! `tests/peers/aws_models.py` says where the recorded files are from.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::IpAddr;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use firedrill::library;
use firedrill_model::LogSource;
use firedrill_model::event::WorldEvent;
use serde_json::Value;

use super::Play;

/// All that the built-in scenarios bring: records by log, and documents of findings.
#[derive(Default)]
struct Written {
    records: Vec<(LogSource, String)>,
    findings: Vec<String>,
}

/// Each scenario once in peace and once with every response at every target.
fn written() -> &'static Written {
    static WRITTEN: OnceLock<Written> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let mut written = Written::default();
        for (name, _) in library::built_in() {
            for busy in [false, true] {
                let mut play = Play::new(name, 11);
                play.until(120).fire().until(900);
                if busy {
                    everything(&mut play);
                }
                play.until(3_600);
                take(&play, &mut written);
            }
        }
        written
    })
}

/// Gives every response at every target of the scenario, half a minute apart.
fn everything(play: &mut Play) {
    let scenario = play.scenario.clone();
    let instances = scenario.services.iter().flat_map(|service| service.instances.iter().map(|one| one.id.to_string()));
    let groups = scenario.services.iter().map(|service| service.group.id.to_string());
    let resources = scenario.resources.iter().map(|resource| resource.id.to_string());
    let targets: Vec<String> = instances.chain(groups).chain(resources).collect();
    let mut at = 900;
    for action in &scenario.actions {
        for target in &targets {
            play.act(action.id.as_str(), target);
        }
        at += 30;
        play.until(at);
    }
}

fn take(play: &Play, written: &mut Written) {
    for seen in &play.seen {
        match &seen.event {
            WorldEvent::Logged { record } => written.records.push((record.source, record.raw().to_string())),
            WorldEvent::FindingCreated { finding } => written.findings.push(finding.document.to_string()),
            _ => {}
        }
    }
}

fn recorded(name: &str) -> Value {
    let path = format!("{}/tests/peers/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("it is recorded")).expect("JSON")
}

pub fn of_trail() -> impl Iterator<Item = Value> {
    let trail =
        |(source, _): &&(LogSource, String)| matches!(source, LogSource::Cloudtrail | LogSource::CloudtrailData);
    written()
        .records
        .iter()
        .filter(trail)
        .map(|(_, raw)| serde_json::from_str(raw).unwrap_or_else(|why| panic!("{why}: {raw}")))
}

/// Holds a value against a schema of the kind that `aws_models.py` writes; says what doesn't fit.
fn misfit(value: &Value, schema: &Value, root: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return misfit(value, &root["$defs"][name], root, at);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = |kind: &&str| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => value.is_number(),
    };
    if !types.iter().any(fits) {
        return Some(format!("{at} is no {types:?}: {value}"));
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        return Some(format!("{at} is none of {words:?}: {value}"));
    }
    if let Some(items) = value.as_array() {
        return items.iter().find_map(|item| misfit(item, &schema["items"], root, &format!("{at}[]")));
    }
    let fields = value.as_object()?;
    let known = schema["properties"].as_object()?;
    let missing = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .find(|key| !fields.contains_key(*key));
    if let Some(key) = missing {
        return Some(format!("{at} has no {key}"));
    }
    fields.iter().find_map(|(key, field)| match known.get(key) {
        Some(schema) => misfit(field, schema, root, &format!("{at}.{key}")),
        None if schema["additionalProperties"] == true => None,
        None => Some(format!("{at} has a field that AWS's model doesn't: {key}")),
    })
}

#[test]
fn findings_of_guardduty_fit_the_model_of_its_api() {
    let schema = recorded("guardduty_finding.schema.json");
    let mut seen = 0;
    for document in &written().findings {
        let event: Value = serde_json::from_str(document).unwrap_or_else(|why| panic!("{why}: {document}"));
        if event["source"] == "aws.guardduty" {
            assert_eq!(misfit(&event["detail"], &schema, &schema, "detail"), None, "{document}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = recorded("guardduty_finding.schema.json");
    let good = written().findings.iter().find(|document| document.contains("aws.guardduty")).expect("there is one");
    let spoilt = |path: &str, value: Value| {
        let mut event: Value = serde_json::from_str(good).unwrap();
        *event["detail"].pointer_mut(path).expect("it is there") = value;
        misfit(&event["detail"], &schema, &schema, "detail")
    };
    assert!(spoilt("/service/count", "many".into()).is_some());
    assert!(spoilt("/service/action", serde_json::json!({ "kind": "x" })).is_some());
    assert!(spoilt("/resource/instanceDetails/networkInterfaces", serde_json::json!({})).is_some());
}

#[test]
fn events_have_the_envelope_of_the_bus() {
    let fields = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"];
    let expected: BTreeSet<&str> = fields.into();
    for document in &written().findings {
        let event: Value = serde_json::from_str(document).unwrap_or_else(|why| panic!("{why}: {document}"));
        let event = event.as_object().expect("an object");
        let keys: BTreeSet<&str> = event.keys().map(String::as_str).collect();
        assert_eq!(keys, expected, "{document}");
        assert!(event["time"].as_str().is_some_and(|time| time.parse::<chrono::DateTime<chrono::Utc>>().is_ok()));
        let id = event["id"].as_str().expect("a text");
        assert!(id.len() == 36 && id.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{id}");
    }
}

#[test]
fn records_of_cloudtrail_have_the_fields_of_recorded_ones() {
    let recorded = recorded("cloudtrail_record.json");
    let fits = |fields: &serde_json::Map<String, Value>, told: &Value, left_out: &[&str]| {
        for key in told["always"].as_array().unwrap().iter().filter_map(Value::as_str) {
            assert!(fields.contains_key(key) || left_out.contains(&key), "{key} is missing in {fields:?}");
        }
        // Documented (CloudTrail user guide, record contents), and not in the recorded ones.
        let also = ["vpcEndpointId", "vpcEndpointAccountId", "invokedBy"];
        for (key, field) in fields.iter().filter(|(key, _)| !also.contains(&key.as_str())) {
            let kind = match field {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "number",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            let types = told["types"][key].as_array().unwrap_or_else(|| panic!("no recorded event has {key}"));
            assert!(types.iter().any(|one| one == kind), "{key} is {kind}, recorded ones have {types:?}");
        }
    };
    let mut seen = 0;
    for record in of_trail() {
        let identity = record["userIdentity"].as_object().expect("an object");
        let kind = identity["type"].as_str().expect("a text");
        // A service calls inside of AWS, over no connection of its own.
        fits(
            record.as_object().unwrap(),
            &recorded["record"],
            if kind == "AWSService" || identity.contains_key("invokedBy") { &["tlsDetails"] } else { &[] },
        );
        if recorded["userIdentity"].get(kind).is_some() {
            fits(identity, &recorded["userIdentity"][kind], &[]);
        } else {
            assert!(["AWSService", "AWSAccount", "Root"].contains(&kind), "{kind}");
        }
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

/// Paths in real records of calls, and the kinds of value seen there (Stratus Red Team, `docs/detonation-logs`; Apache-2.0).
pub const SHAPES: &str = include_str!("../../../peers/cloudtrail-shapes.tsv");

/// Calls that CloudTrail names otherwise than the API: with a version, by their old name, or made at the sign-in page, or by an agent.
fn is_otherwise_named(service: &str, name: &str) -> bool {
    match service {
        "lambda" => name.ends_with("20150331v2") || name.ends_with("20150331"),
        "s3" => {
            ["PublicAccessBlock", "ObjectLockConfiguration"].iter().any(|end| name.ends_with(&format!("Bucket{end}")))
        }
        "signin" => name == "ConsoleLogin",
        // Calls of the agent on instances, which no library offers.
        "ssm" => ["UpdateInstanceInformation", "UpdateInstanceAssociationStatus"].contains(&name),
        _ => false,
    }
}

#[test]
fn calls_are_calls_of_their_services_with_their_parameters() {
    let recorded = recorded("aws_calls.json");
    let (names, parameters) = (&recorded["names"], &recorded["parameters"]);
    let (mut checked, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for record in of_trail() {
        let source = record["eventSource"].as_str().unwrap().trim_end_matches(".amazonaws.com");
        let service = if source == "monitoring" { "cloudwatch" } else { source };
        let name = record["eventName"].as_str().unwrap();
        let known = names[service].as_str().unwrap_or_default().split(' ').any(|known| known == name);
        if !known && !is_otherwise_named(service, name) {
            unknown.insert(format!("{service}:{name}"));
        }
        let Some(members) = parameters[format!("{service}:{name}")].as_array() else { continue };
        let by_team = record["userIdentity"]["arn"].as_str().is_some_and(|arn| arn.contains("incident-response"));
        for key in
            record["requestParameters"].as_object().into_iter().flat_map(serde_json::Map::keys).filter(|_| by_team)
        {
            let fits = |member: &Value| member.as_str().is_some_and(|member| member.eq_ignore_ascii_case(key));
            let recorded = SHAPES.contains(&format!("{source}.amazonaws.com\t{name}\t-\trequestParameters.{key}\t"));
            assert!(recorded || members.iter().any(fits), "{service}:{name} has no parameter {key}");
            checked.insert(name.to_owned());
        }
    }
    assert!(unknown.is_empty(), "no such calls (services are listed in tests/peers/aws_models.py): {unknown:?}");
    assert!(checked.len() >= 4, "{checked:?}");
}

type Fits<'f> = &'f dyn Fn(&str) -> bool;

#[test]
fn flow_logs_have_the_fourteen_documented_fields() {
    let number = |text: &str| text.parse::<u64>().is_ok();
    let address = |text: &str| text.parse::<IpAddr>().is_ok();
    let fields: [(&str, Fits<'_>); 14] = [
        ("version", &|text| text == "2"),
        ("account-id", &|text| text.len() == 12 && number(text)),
        ("interface-id", &|text| {
            text.strip_prefix("eni-").is_some_and(|id| id.len() == 17 && id.bytes().all(|b| b.is_ascii_hexdigit()))
        }),
        ("srcaddr", &address),
        ("dstaddr", &address),
        ("srcport", &|text| text.parse::<u16>().is_ok()),
        ("dstport", &|text| text.parse::<u16>().is_ok()),
        ("protocol", &|text| text.parse::<u8>().is_ok()),
        ("packets", &number),
        ("bytes", &number),
        ("start", &|text| text.len() == 10 && number(text)),
        ("end", &|text| text.len() == 10 && number(text)),
        ("action", &|text| text == "ACCEPT" || text == "REJECT"),
        ("log-status", &|text| text == "OK"),
    ];
    for (_, raw) in written().records.iter().filter(|(source, _)| *source == LogSource::VpcFlow) {
        let parts: Vec<&str> = raw.split(' ').collect();
        assert_eq!(parts.len(), fields.len(), "{raw}");
        for (part, (name, fits)) in parts.iter().zip(fields) {
            assert!(fits(part), "{name} in {raw}");
        }
    }
}

#[test]
fn jq_reads_all_that_is_json() {
    let records = written().records.iter().filter(|(source, _)| *source != LogSource::VpcFlow).map(|(_, raw)| raw);
    let all: Vec<&String> = records.chain(&written().findings).collect();
    let jq = Command::new("jq").args(["-c", "type"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut jq) = jq else {
        eprintln!("jq is not installed: skipped");
        return;
    };
    let mut input = jq.stdin.take().expect("a pipe");
    let lines: String = all.iter().map(|line| format!("{line}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = jq.wait_with_output().expect("jq ends");
    writer.join().expect("no panic").expect("jq takes it all");
    assert!(output.status.success());
    let objects = String::from_utf8(output.stdout).expect("text").lines().filter(|line| *line == "\"object\"").count();
    assert_eq!(objects, all.len());
}
