//! The shapes of calls as CloudTrail records them: one table, whoever calls.
//!
//! Presence and form of fields as in recorded calls (Stratus Red Team, `docs/detonation-logs`; `tests/peers/cloudtrail-shapes.tsv` holds every path), where
//! a call is not among these, as in the CloudTrail or KMS guide's examples and botocore's models. They are not those of the API: EC2 has
//! `instancesSet.items`, RDS `dBSnapshotIdentifier`, IAM dates such as `Nov 24, 2026, 9:10:05 AM`, and what is only read answers null.

use serde_json::{Map, Value, json};

use super::{Caller, Office};
use firedrill_model::DrillTime;

/// A call as far as its shape depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made<'a> {
    /// As in an action of a policy.
    pub service: &'a str,
    /// For example `RunInstances`.
    pub name: &'a str,
    /// Whether it was refused: then there is no answer.
    pub refused: bool,
    /// When.
    pub at: DrillTime,
    /// Name and number of the call, for the ids in it.
    pub key: (&'a str, u64),
}

/// `requestParameters` and `responseElements` of a call, with what its real ones hold besides what was given.
pub(crate) fn complete(
    office: &Office,
    made: &Made<'_>,
    request: Option<Value>,
    answer: Option<Value>,
) -> (Option<Value>, Option<Value>) {
    let request = match (made.service, made.name) {
        ("ec2", "RunInstances") => Some(run_request(office, made, request)),
        ("kms", "Decrypt" | "GenerateDataKey") => Some(kms_request(office, request)),
        ("ssm", "SendCommand") => request.map(|request| with(request, json!({ "interactive": false }))),
        ("ssm", "DescribeInstanceInformation") => {
            request.or_else(|| Some(json!({ "filters": [{ "key": "PingStatus", "values": ["Online"] }] })))
        }
        ("ec2-instance-connect", "SendSSHPublicKey") => {
            request.map(|request| with(request, json!({ "sSHPublicKey": office.public_key(made.key) })))
        }
        ("ec2", "DeleteFlowLogs") => request.or_else(|| {
            let log = format!("fl-0{}", office.hex("flow-log", 85, 16));
            Some(json!({ "DeleteFlowLogsRequest": { "FlowLogId": { "content": log, "tag": 1 } } }))
        }),
        ("cloudtrail", "StopLogging" | "StartLogging" | "DeleteTrail" | "GetTrailStatus") => {
            request.or_else(|| Some(json!({ "name": "team-trail" })))
        }
        ("guardduty", "UpdateDetector" | "GetDetector" | "DeleteDetector") => {
            let whole =
                with(request.unwrap_or_else(|| json!({})), json!({ "detectorId": office.hex("guardduty", 7, 32) }));
            Some(if made.name == "UpdateDetector" { with(whole, json!({ "enable": false })) } else { whole })
        }
        ("config", "StopConfigurationRecorder") => {
            request.or_else(|| Some(json!({ "configurationRecorderName": "default" })))
        }
        _ => request,
    };
    if made.refused {
        // A role that can't be assumed: the record doesn't say which.
        return (request.filter(|_| (made.service, made.name) != ("sts", "AssumeRole")), None);
    }
    let asked = request.as_ref().unwrap_or(&Value::Null);
    let answer = match (made.service, made.name) {
        ("sts", "AssumeRole") => answer.or_else(|| assumed(office, made, asked)),
        ("ec2", "RunInstances") => answer.or_else(|| Some(run_answer(office, made, asked))),
        ("ssm", "SendCommand") => Some(command(office, made, asked)),
        ("ec2-instance-connect", "SendSSHPublicKey") => {
            Some(json!({ "requestId": office.uuid(made.key.0, made.key.1.wrapping_mul(4)), "success": true }))
        }
        ("iam", "CreateAccessKey") => Some(with(
            answer.unwrap_or_else(|| json!({})),
            json!({ "accessKey": { "createDate": office.long_stamp(made.at), "status": "Active" } }),
        )),
        ("rds", "DeleteDBSnapshot") => answer.or_else(|| Some(snapshot(office, asked, "deleted"))),
        ("rds", "DeleteDBInstance" | "ModifyDBInstance" | "RestoreDBInstanceFromDBSnapshot") => {
            let status = match made.name {
                "DeleteDBInstance" => "deleting",
                "ModifyDBInstance" => "available",
                _ => "creating",
            };
            answer.or_else(|| Some(database(office, asked, status)))
        }
        ("cloudtrail", "PutEventSelectors") => answer.or_else(|| Some(selectors(office, asked))),
        ("ec2", "DeleteFlowLogs") => answer.or_else(|| Some(deleted_flow_log(office, made))),
        ("servicequotas", "RequestServiceQuotaIncrease") => answer.or_else(|| Some(quota(office, made, asked))),
        ("ec2", "CreateVpc") => answer.or_else(|| Some(network(office, made, asked))),
        _ => answer,
    };
    (request, answer)
}

/// The key that encrypts what the workload keeps.
pub(super) fn kms_key(office: &Office) -> String {
    format!("arn:aws:kms:{}:{}:key/{}", office.region(), office.account_id(), office.uuid("kms-key", 92))
}

/// What is missing is put in from `more`, objects in objects.
fn with(mut value: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (value.as_object_mut(), more) {
        for (name, new) in more {
            let whole = match fields.remove(&name) {
                Some(there) if there.is_object() => with(there, new),
                Some(there) => there,
                None => new,
            };
            fields.insert(name, whole);
        }
    }
    value
}

/// CloudTrail has image and counts in a list of their own.
fn run_request(office: &Office, made: &Made<'_>, given: Option<Value>) -> Value {
    let mut fields: Map<String, Value> = given.and_then(|given| given.as_object().cloned()).unwrap_or_default();
    if !fields.contains_key("instancesSet") {
        let mut one = Map::new();
        for (name, usual) in
            [("imageId", json!("ami-0123456789abcdef0")), ("minCount", json!(1)), ("maxCount", json!(1))]
        {
            one.insert(name.to_owned(), fields.remove(name).unwrap_or(usual));
        }
        fields.insert("instancesSet".to_owned(), json!({ "items": [one] }));
    }
    with(
        Value::Object(fields),
        json!({
            "blockDeviceMapping": {},
            "clientToken": office.uuid(made.key.0, made.key.1.wrapping_mul(4).wrapping_add(2)),
            "disableApiStop": false,
            "disableApiTermination": false,
            "monitoring": { "enabled": false },
        }),
    )
}

/// The id of an instance that was launched by a call, by its place among those.
pub(crate) fn launched_id(office: &Office, (name, number): (&str, u64), place: u64) -> String {
    format!("i-0{}", office.hex(name, number.wrapping_mul(32).wrapping_add(place), 16))
}

/// How many instances a launch asks for.
pub(crate) fn launches(asked: &Value) -> u64 {
    let count = asked.pointer("/instancesSet/items/0/maxCount").or_else(|| asked.get("maxCount"));
    count.and_then(Value::as_u64).unwrap_or(1).clamp(1, 20)
}

fn run_answer(office: &Office, made: &Made<'_>, asked: &Value) -> Value {
    let one = asked.pointer("/instancesSet/items/0").unwrap_or(&Value::Null);
    let count = launches(asked);
    let (name, number) = made.key;
    let started = |place: u64| {
        json!({
            "instanceId": launched_id(office, made.key, place),
            "imageId": one.get("imageId").cloned().unwrap_or(Value::Null),
            "instanceState": { "code": 0, "name": "pending" },
            "instanceType": asked.get("instanceType").cloned().unwrap_or(Value::Null),
            "launchTime": office.utc(made.at).timestamp_millis(),
        })
    };
    json!({
        "requestId": office.uuid(name, number.wrapping_mul(4)),
        "reservationId": format!("r-0{}", office.hex(name, number.wrapping_mul(32).wrapping_add(31), 16)),
        "ownerId": office.account_id(),
        "groupSet": {},
        "instancesSet": { "items": (0..count).map(started).collect::<Vec<_>>() },
    })
}

/// The session that was made, with the id of its key: by it, what the session does is found.
fn assumed(office: &Office, made: &Made<'_>, asked: &Value) -> Option<Value> {
    let arn = asked.get("roleArn")?.as_str()?;
    let session = asked.get("roleSessionName")?.as_str()?;
    let (account, role) = arn.strip_prefix("arn:aws:iam::")?.split_once(":role/")?;
    let role = role.rsplit('/').next().unwrap_or(role);
    let lasts = asked.get("durationSeconds").and_then(Value::as_i64).unwrap_or(3_600);
    let caller = Caller::named(&format!("{role}/{session}"));
    let expires = office.utc(made.at) + chrono::Duration::seconds(lasts);
    Some(json!({
        "credentials": {
            "accessKeyId": caller.access_key(office, made.at),
            "sessionToken": office.token(made.key),
            "expiration": super::super::office::long_form(expires),
        },
        "assumedRoleUser": {
            "assumedRoleId": caller.principal(office),
            "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        },
    }))
}

fn kms_request(office: &Office, given: Option<Value>) -> Value {
    with(
        given.unwrap_or_else(|| json!({})),
        json!({ "encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": kms_key(office) }),
    )
}

/// What Systems Manager answers about a command that it will run.
fn command(office: &Office, made: &Made<'_>, asked: &Value) -> Value {
    let (name, number) = made.key;
    let of = |field: &str, usual: Value| asked.get(field).cloned().unwrap_or(usual);
    json!({ "command": {
        "alarmConfiguration": { "alarms": [], "ignorePollAlarmFailure": false },
        "clientName": "",
        "clientSourceId": "",
        "cloudWatchOutputConfig": { "cloudWatchLogGroupName": "", "cloudWatchOutputEnabled": false },
        "commandId": office.uuid(name, number.wrapping_mul(4).wrapping_add(3)),
        "comment": "",
        "completedCount": 0,
        "deliveryTimedOutCount": 0,
        "documentName": of("documentName", json!("AWS-RunShellScript")),
        "documentVersion": "$DEFAULT",
        "errorCount": 0,
        "expiresAfter": super::super::office::long_form(office.utc(made.at) + chrono::Duration::hours(2)),
        "hasCancelCommandSignature": false,
        "hasSendCommandSignature": false,
        "instanceIds": of("instanceIds", json!([])),
        "interactive": false,
        "maxConcurrency": "50",
        "maxErrors": "0",
        "notificationConfig": { "notificationArn": "", "notificationEvents": [], "notificationType": "" },
        "outputS3BucketName": "",
        "outputS3KeyPrefix": "",
        "outputS3Region": office.region(),
        "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS",
        "requestedDateTime": office.long_stamp(made.at),
        "serviceRole": "",
        "status": "Pending",
        "statusDetails": "Pending",
        "targetCount": 1,
        "targets": of("targets", json!([])),
        "timeoutSeconds": 3_600,
        "triggeredAlarms": [],
    } })
}

fn snapshot(office: &Office, asked: &Value, status: &str) -> Value {
    let id = asked.get("dBSnapshotIdentifier").and_then(Value::as_str).unwrap_or_default();
    json!({
        "dBSnapshotIdentifier": id,
        "dBSnapshotArn": format!("arn:aws:rds:{}:{}:snapshot:{id}", office.region(), office.account_id()),
        "snapshotType": "manual",
        "engine": "postgres",
        "encrypted": true,
        "kmsKeyId": kms_key(office),
        "status": status,
    })
}

fn database(office: &Office, asked: &Value, status: &str) -> Value {
    let id = asked.get("dBInstanceIdentifier").and_then(Value::as_str).unwrap_or_default();
    json!({
        "dBInstanceIdentifier": id,
        "dBInstanceArn": format!("arn:aws:rds:{}:{}:db:{id}", office.region(), office.account_id()),
        "dBInstanceStatus": status,
        "engine": "postgres",
        "storageEncrypted": true,
        "kmsKeyId": kms_key(office),
        "deletionProtection": asked.get("deletionProtection").cloned().unwrap_or(json!(false)),
        "publiclyAccessible": asked.get("publiclyAccessible").cloned().unwrap_or(json!(false)),
        "pendingModifiedValues": {},
    })
}

/// As recorded (Stratus Red Team, `aws.defense-evasion.vpc-remove-flow-logs`).
fn deleted_flow_log(office: &Office, made: &Made<'_>) -> Value {
    json!({ "DeleteFlowLogsResponse": {
        "requestId": office.uuid(made.key.0, made.key.1.wrapping_mul(4)),
        "unsuccessful": "",
        "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
    } })
}

fn selectors(office: &Office, asked: &Value) -> Value {
    let trail = asked.get("trailName").and_then(Value::as_str).unwrap_or("team-trail");
    json!({
        "trailARN": format!("arn:aws:cloudtrail:{}:{}:trail/{trail}", office.region(), office.account_id()),
        "eventSelectors": asked.get("eventSelectors").cloned().unwrap_or(json!([])),
    })
}

fn quota(office: &Office, made: &Made<'_>, asked: &Value) -> Value {
    json!({ "requestedQuota": with(asked.clone(), json!({
        "id": office.hex(made.key.0, made.key.1.wrapping_add(93), 32),
        "status": "PENDING",
        "created": office.long_stamp(made.at),
        "requester": "{}",
    })) })
}

fn network(office: &Office, made: &Made<'_>, asked: &Value) -> Value {
    let (name, number) = made.key;
    json!({
        "requestId": office.uuid(name, number.wrapping_mul(4)),
        "vpc": {
            "vpcId": format!("vpc-0{}", office.hex(name, number.wrapping_add(94), 16)),
            "cidrBlock": asked.get("cidrBlock").cloned().unwrap_or(Value::Null),
            "state": "pending",
            "ownerId": office.account_id(),
            "isDefault": false,
        },
    })
}
