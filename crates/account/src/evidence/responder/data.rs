//! Buckets, databases and snapshots.

use serde_json::{Value, json};

use super::super::Office;
use super::{ApiCall, Known};
use firedrill_model::SafeText;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::ResourceKind;

pub(super) fn isolate(known: &Known<'_>) -> ApiCall {
    let group = format!("sg-0{}", known.office.hex("isolation", 74, 16));
    database(known, json!({ "vpcSecurityGroupIds": [group] }))
}

pub(super) fn release(known: &Known<'_>) -> ApiCall {
    database(known, json!({ "vpcSecurityGroupIds": [known.security_group] }))
}

pub(super) fn make_private(known: &Known<'_>) -> ApiCall {
    database(known, json!({ "publiclyAccessible": false }))
}

pub(super) fn restore(known: &Known<'_>, from: &TargetId) -> ApiCall {
    let request = json!({ "dBInstanceIdentifier": known.target, "dBSnapshotIdentifier": from.as_str() });
    ApiCall::new("rds", "RestoreDBInstanceFromDBSnapshot", request)
}

pub(super) fn public_access(known: &Known<'_>, block: bool) -> ApiCall {
    let (bucket, region) = (known.target, known.office.region());
    let request = json!({
        "bucketName": bucket,
        "Host": format!("{bucket}.s3.{region}.amazonaws.com"),
        "publicAccessBlock": "",
        "PublicAccessBlockConfiguration": {
            "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
            "BlockPublicAcls": block,
            "IgnorePublicAcls": block,
            "BlockPublicPolicy": block,
            "RestrictPublicBuckets": block,
        },
    });
    ApiCall::new("s3", "PutBucketPublicAccessBlock", request)
}

/// Snapshots of volumes have ids that begin so; those of databases have names.
fn is_of_volume(known: &Known<'_>) -> bool {
    known.target.starts_with("snap-")
}

pub(super) fn unshare(known: &Known<'_>) -> ApiCall {
    let target = known.target;
    if is_of_volume(known) {
        let request = json!({
            "snapshotId": target,
            "attributeType": "CREATE_VOLUME_PERMISSION",
            "createVolumePermission": { "remove": { "items": volume_permissions(known) } },
        });
        return ApiCall::new("ec2", "ModifySnapshotAttribute", request)
            .answered(json!({ "requestId": known.office.uuid(target, 76), "_return": true }));
    }
    let all = [SafeText::from("all")];
    let shared = if known.shared_with.is_empty() { &all } else { known.shared_with };
    let shared: Vec<&str> = shared.iter().map(SafeText::as_str).collect();
    let request = json!({ "dBSnapshotIdentifier": target, "attributeName": "restore", "valuesToRemove": shared });
    ApiCall::new("rds", "ModifyDBSnapshotAttribute", request).answered(json!({
        "dBSnapshotIdentifier": target,
        "dBSnapshotAttributes": [{ "attributeName": "restore", "attributeValues": [] }],
    }))
}

/// Whom the share names: the accounts, or everybody.
fn volume_permissions(known: &Known<'_>) -> Vec<Value> {
    if known.shared_with.is_empty() {
        return vec![json!({ "group": "all" })];
    }
    known.shared_with.iter().map(|account| json!({ "userId": account.as_str() })).collect()
}

/// The account for forensics, which copies what is shared with it and keeps the copy.
const FORENSICS: &str = "777788889999";

/// A snapshot is shared with the account for forensics. What that does then stands in its own trail.
pub(super) fn share_for_copy(known: &Known<'_>) -> ApiCall {
    let target = known.target;
    if is_of_volume(known) {
        return share_volume(known.office, target);
    }
    let request = json!({ "dBSnapshotIdentifier": target, "attributeName": "restore", "valuesToAdd": [FORENSICS] });
    let all: Vec<&str> = known.shared_with.iter().map(SafeText::as_str).chain([FORENSICS]).collect();
    ApiCall::new("rds", "ModifyDBSnapshotAttribute", request).answered(json!({
        "dBSnapshotIdentifier": target,
        "dBSnapshotAttributes": [{ "attributeName": "restore", "attributeValues": all }],
    }))
}

/// The same for the snapshot of a volume.
pub(super) fn share_volume(office: &Office, snapshot: &str) -> ApiCall {
    let request = json!({
        "snapshotId": snapshot,
        "attributeType": "CREATE_VOLUME_PERMISSION",
        "createVolumePermission": { "add": { "items": [{ "userId": FORENSICS }] } },
    });
    ApiCall::new("ec2", "ModifySnapshotAttribute", request)
        .answered(json!({ "requestId": office.uuid(snapshot, 78), "_return": true }))
}

fn database(known: &Known<'_>, change: Value) -> ApiCall {
    let mut request = json!({ "dBInstanceIdentifier": known.target, "applyImmediately": true });
    if let (Some(fields), Value::Object(change)) = (request.as_object_mut(), change) {
        fields.extend(change);
    }
    ApiCall::new("rds", "ModifyDBInstance", request)
}

/// Deletion is refused: by the database itself, by a bucket's policy, by a lock, or by a policy of the organisation.
pub(super) fn protect(known: &Known<'_>) -> ApiCall {
    let target = known.target;
    match known.kind {
        Some(ResourceKind::Database) => database(known, json!({ "deletionProtection": true })),
        Some(ResourceKind::Bucket) => {
            let statement = json!({
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:DeleteBucket", "s3:DeleteObject", "s3:DeleteObjectVersion"],
                "Resource": [format!("arn:aws:s3:::{target}"), format!("arn:aws:s3:::{target}/*")],
            });
            let request = json!({
                "bucketName": target,
                "Host": format!("{target}.s3.{}.amazonaws.com", known.office.region()),
                "policy": "",
                "bucketPolicy": { "Version": "2012-10-17", "Statement": [statement] },
            });
            ApiCall::new("s3", "PutBucketPolicy", request)
        }
        _ if is_of_volume(known) => {
            let request = json!({ "LockSnapshotRequest": {
                "SnapshotId": target, "LockMode": "governance", "LockDuration": 30,
            } });
            ApiCall::new("ec2", "LockSnapshot", request)
        }
        _ => {
            let policy = format!("p-{}", known.office.hex("deny-deletes", 79, 8));
            let request = json!({ "policyId": policy, "targetId": known.office.account_id() });
            ApiCall::new("organizations", "AttachPolicy", request)
        }
    }
}
