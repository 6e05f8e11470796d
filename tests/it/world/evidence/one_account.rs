//! One account, one truth: every change leaves its record, whoever made it, and records refer to each other as real ones do.

use std::collections::{BTreeMap, BTreeSet};

use firedrill_model::event::{InstanceState, WorldEvent};
use firedrill_model::{DrillTime, LogSource, Span};
use serde_json::Value;

use super::validated::{SHAPES, of_trail};
use super::{MINED, OTHER, Play};

const ROLE: &str = "personalization-role";

/// Paths of a value with the kind of each leaf, as the table of real records writes them.
fn paths(value: &Value, path: &str, found: &mut Vec<(String, &'static str)>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(items) if items.is_empty() => "empty list",
        Value::Object(fields) if fields.is_empty() => "empty object",
        Value::Array(items) => return items.iter().for_each(|item| paths(item, &format!("{path}[]"), found)),
        Value::Object(fields) => {
            return fields.iter().for_each(|(name, value)| paths(value, &format!("{path}.{name}"), found));
        }
    };
    found.push((path.to_owned(), kind));
}

/// What is known of real calls: by source, name and error code, each path with the kinds seen.
fn shapes() -> BTreeMap<(&'static str, &'static str, &'static str), BTreeMap<&'static str, BTreeSet<&'static str>>> {
    let mut shapes: BTreeMap<_, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    for line in SHAPES.lines().filter(|line| !line.starts_with('#')) {
        let [source, name, error, path, kinds] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let call = shapes.entry((source, name, error)).or_default();
        call.entry(path).or_default().extend(kinds.split(", "));
    }
    shapes
}

/// Parameters that the recorded calls happened not to have, from botocore's models and AWS's documents.
const ALSO: [(&str, &str); 12] = [
    ("SendCommand", "responseElements.command.targets[]"),
    ("SendCommand", "responseElements.command.instanceIds"),
    ("ModifyInstanceAttribute", "requestParameters.groupSet.items[].groupId"),
    ("ModifyInstanceAttribute", "requestParameters.disableApiTermination.value"),
    ("ModifyInstanceAttribute", "requestParameters.blockDeviceMapping.items[].deviceName"),
    ("ModifyInstanceAttribute", "requestParameters.blockDeviceMapping.items[].ebs.deleteOnTermination"),
    ("ModifySnapshotAttribute", "requestParameters.createVolumePermission.remove.items[].userId"),
    ("ModifyDBSnapshotAttribute", "requestParameters.valuesToRemove[]"),
    ("ModifyDBSnapshotAttribute", "responseElements.dBSnapshotAttributes[].attributeValues"),
    ("PutEventSelectors", "requestParameters.eventSelectors[].dataResources[].values[]"),
    ("PutEventSelectors", "responseElements.eventSelectors[].dataResources[].values[]"),
    ("SendCommand", "requestParameters.targets[]"),
];

#[test]
fn calls_that_were_recorded_have_the_shape_of_the_recorded_ones() {
    let shapes = shapes();
    let (mut checked, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for record in of_trail() {
        let name = record["eventName"].as_str().unwrap();
        let error = record["errorCode"].as_str().unwrap_or("-");
        let key = (record["eventSource"].as_str().unwrap(), name, error);
        let Some(known) = shapes.get(&key) else { continue };
        for part in ["requestParameters", "responseElements"] {
            let mut found = Vec::new();
            paths(&record[part], part, &mut found);
            for (path, kind) in found {
                let also = ALSO.iter().any(|(call, more)| *call == name && path.starts_with(more));
                match known.get(path.as_str()) {
                    Some(kinds) if kinds.contains(kind) || kinds.iter().any(|one| one.starts_with("empty")) => {}
                    _ if also => {}
                    other => {
                        wrong.insert(format!("{name}: {path} is {kind}, recorded: {other:?}"));
                    }
                }
            }
        }
        let answers = known.keys().any(|path| path.starts_with("responseElements."));
        assert_eq!(record["responseElements"].is_object(), answers, "{name}: {}", record["responseElements"]);
        checked.insert(name.to_owned());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked.len() >= 12, "{checked:?}");
}

#[test]
fn an_assumed_role_is_followed_by_the_id_of_its_key() {
    for (name, role, session) in
        [("exposed-database", "db-admin-role", "maintenance"), ("lateral-movement", "reporting-reader", "nightly")]
    {
        let mut play = Play::new(name, 3);
        play.until(300).fire().until(3_900);
        let assumed = play.json(LogSource::Cloudtrail, &format!("\"roleSessionName\":\"{session}\""));
        let made = assumed.iter().find(|record| record["errorCode"].is_null()).expect("it was assumed");
        let key = made["responseElements"]["credentials"]["accessKeyId"].as_str().expect("with a key");
        let used = play.json(LogSource::Cloudtrail, &format!("assumed-role/{role}/{session}"));
        assert!(!used.is_empty(), "{name}: the session does something");
        let with_it = used.iter().filter(|record| record["userIdentity"]["accessKeyId"] == key);
        assert!(with_it.count() > 0, "{name}: {key} was used, not {}", used[0]["userIdentity"]);
        let id = made["responseElements"]["assumedRoleUser"]["assumedRoleId"].as_str().unwrap();
        assert!(used.iter().any(|record| record["userIdentity"]["principalId"] == id), "{name}: {id}");
    }
}

#[test]
fn launches_in_the_trail_are_those_that_happened() {
    let mut play = Play::new("crypto-mining", 3);
    play.until(300).fire().until(400).act("terminate", MINED).until(600).act("isolate", OTHER).until(3_900);
    let by_groups = |name: &str| -> Vec<Value> {
        let all = play.json(LogSource::Cloudtrail, &format!("\"eventName\":\"{name}\""));
        all.into_iter().filter(|record| record["userIdentity"]["invokedBy"] == "autoscaling.amazonaws.com").collect()
    };
    let ids = |records: &[Value]| -> BTreeSet<String> {
        let id = |record: &Value| {
            record["responseElements"]["instancesSet"]["items"][0]["instanceId"].as_str().unwrap().to_owned()
        };
        records.iter().map(id).collect()
    };
    let launched: BTreeSet<String> = play.launched().iter().map(|event| event.instance.to_string()).collect();
    assert!(launched.len() >= 2);
    assert_eq!(ids(&by_groups("RunInstances")), launched);
    let ended = by_groups("TerminateInstances");
    assert!(ids(&ended).contains(OTHER), "the group ended it");
    assert!(!ids(&ended).contains(MINED), "the team ended that one");
    let issued = play.json(LogSource::Cloudtrail, "\"invokedBy\":\"ec2.amazonaws.com\"");
    assert_eq!(issued.len(), launched.len(), "each new one has got credentials");
    let quiet = {
        let mut quiet = Play::new("crypto-mining", 3);
        quiet.until(3_900);
        quiet.json(LogSource::Cloudtrail, "\"eventName\":\"RunInstances\"").len()
    };
    assert_eq!(quiet, 0, "nothing was launched");
}

#[test]
fn the_form_of_an_address_tells_nobody_from_anybody() {
    for record in of_trail() {
        let address = record["sourceIPAddress"].as_str().unwrap();
        let private = address.parse().is_ok_and(|address: std::net::Ipv4Addr| address.is_private());
        assert_eq!(private, record["vpcEndpointId"].is_string(), "{record}");
    }
}

#[test]
fn ids_have_the_letters_of_their_kind() {
    let base32 = |id: &str| id.bytes().all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte));
    let mut seen = 0;
    for record in of_trail() {
        let identity = &record["userIdentity"];
        if let Some(key) = identity["accessKeyId"].as_str().filter(|key| key.starts_with("ASIA")) {
            assert!(key.len() == 20 && base32(&key[4..]), "{key}");
            seen += 1;
        }
        if let Some((id, _)) = identity["principalId"].as_str().and_then(|id| id.split_once(':')) {
            assert!(id.starts_with("AROA") && id.len() == 21 && base32(&id[4..]), "{id}");
        }
    }
    assert!(seen > 100);
}

#[test]
fn what_is_decrypted_names_its_key_and_is_read_only() {
    let mut play = Play::new("exposed-database", 3);
    play.until(1_200);
    let records = play.json(LogSource::Cloudtrail, "\"eventName\":\"Decrypt\"");
    assert!(records.len() > 10);
    for record in records {
        assert_eq!(record["readOnly"], true);
        assert!(record["responseElements"].is_null());
        assert_eq!(record["resources"][0]["ARN"], record["requestParameters"]["keyId"]);
        assert_eq!(record["requestParameters"]["encryptionAlgorithm"], "SYMMETRIC_DEFAULT");
    }
}

#[test]
fn a_deny_names_its_moment_and_those_who_have_what_it_denies_are_refused() {
    let mut play = Play::new("leaked-credentials", 3);
    play.until(300).act("revoke-sessions", "order-mail-role").until(1_500);
    let put = &play.json(LogSource::Cloudtrail, "AWSRevokeOlderSessions")[0];
    let policy: Value = serde_json::from_str(put["requestParameters"]["policyDocument"].as_str().unwrap()).unwrap();
    let moment = policy["Statement"][0]["Condition"]["DateLessThan"]["aws:TokenIssueTime"].as_str().unwrap();
    let moment: chrono::DateTime<chrono::Utc> = moment.parse().expect("a moment");
    let put: chrono::DateTime<chrono::Utc> = put["eventTime"].as_str().unwrap().parse().unwrap();
    assert!((moment - put).num_seconds().abs() <= 1);
    let decrypts = play.json(LogSource::Cloudtrail, "\"eventName\":\"Decrypt\"");
    let refused = |record: &&Value| record["errorCode"] == "AccessDenied";
    let after = |record: &&Value| {
        record["eventTime"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap()
            > put + chrono::Duration::seconds(20)
    };
    assert!(decrypts.iter().filter(after).all(|record| refused(&record)), "with an explicit deny");
    assert!(decrypts.iter().filter(|record| !after(record)).filter(refused).count() < 3, "and not before");
}

#[test]
fn what_is_taken_away_from_a_share_is_whom_it_names() {
    let mut play = Play::new("exposed-database", 3);
    play.until(60).fire().until(300).act("remove-share", "orders-2026-11-24").until(1_200);
    let records = play.json(LogSource::Cloudtrail, "valuesToRemove");
    assert_eq!(records[0]["requestParameters"]["valuesToRemove"], serde_json::json!(["444455556666"]));
}

#[test]
fn who_is_gone_calls_nobody() {
    let mut play = Play::new("crypto-mining", 3);
    play.until(100).act("terminate", OTHER).until(3_600);
    let gone = play.seen.iter().find_map(|seen| match &seen.event {
        WorldEvent::Instance(event) if event.instance.as_str() == OTHER && event.state == InstanceState::Terminated => {
            Some(seen.at)
        }
        _ => None,
    });
    let gone = gone.expect("it is terminated");
    let calls = |play: &Play| {
        let happened = |seen: &&firedrill_model::Occurrence| {
            matches!(&seen.event, WorldEvent::Logged { record }
                if record.source == LogSource::Cloudtrail && record.happened > gone + Span::from_secs(1)
                    && record.raw().as_str().contains(&format!("assumed-role/{ROLE}/{OTHER}")))
        };
        play.seen.iter().filter(happened).count()
    };
    assert_eq!(calls(&play), 0);
    let mut alive = Play::new("crypto-mining", 3);
    alive.until(3_600);
    assert!(calls(&alive) > 0);
    assert!(gone > DrillTime::ZERO);
}

/// As a responder goes from one log to the next: an address in a flow log, the name that was answered with it, the instance that asked, its
/// session in CloudTrail, the key of that, and from where else that key was used.
#[test]
fn from_a_flow_one_gets_to_the_name_the_instance_its_key_and_who_else_has_that() {
    let mut play = Play::new("crypto-mining", 3);
    play.until(300).fire().until(2_400);
    let flows = play.raw(LogSource::VpcFlow);
    let flow = flows.iter().find(|raw| raw.split(' ').nth(6) == Some("3333")).expect("a flow to the pool");
    let fields: Vec<&str> = flow.split(' ').collect();
    let (inside, pool) = (fields[3], fields[4]);
    let queries = play.json(LogSource::ResolverQuery, pool);
    let query = queries.iter().find(|query| query["answers"][0]["Rdata"] == pool).expect("a name with this address");
    assert!(
        ["crypto.guarddutyc2activityb.com.", "pool.minexmr.example."].contains(&query["query_name"].as_str().unwrap())
    );
    assert_eq!(query["srcaddr"], inside, "who asked is who connected");
    let instance = query["srcids"]["instance"].as_str().unwrap();
    assert_eq!(instance, MINED);
    let calls = play.json(LogSource::Cloudtrail, &format!("{ROLE}/{instance}"));
    let keys: BTreeSet<&str> = calls.iter().map(|call| call["userIdentity"]["accessKeyId"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), 1, "one set of credentials: {keys:?}");
    let from: BTreeSet<&str> = calls.iter().map(|call| call["sourceIPAddress"].as_str().unwrap()).collect();
    assert!(from.len() == 2 && from.contains("203.0.113.9"), "from inside, and from somewhere else: {from:?}");
    let names: BTreeSet<String> = play
        .json(LogSource::ResolverQuery, "s3.us-east-1.amazonaws.com.")
        .iter()
        .map(|query| query["answers"][0]["Rdata"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 1, "a name has one address: {names:?}");
}
