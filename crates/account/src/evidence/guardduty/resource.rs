//! What a finding is about: an instance, a key, a bucket.

use serde_json::{Value, json};

use super::{Office, Saw, Sight, malware};
use crate::machine::Machine;
use firedrill_model::Finding;

/// An instance and its surroundings.
#[derive(Debug, Clone)]
pub(crate) struct Holder<'a> {
    /// The instance.
    pub machine: &'a Machine,
    /// The role whose credentials it has.
    pub role: Option<&'a str>,
    /// Its security groups.
    pub groups: Vec<&'a str>,
    /// It was there before the drill began.
    pub from_start: bool,
}

/// A bucket.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    /// Its name.
    pub name: String,
    /// The world is let in.
    pub public: bool,
}

/// The resource of a finding. An API call is made with a key; a finding about a bucket shows both.
pub(super) fn of(office: &Office, finding: &Finding, sight: &Sight<'_>) -> Value {
    let mut resource = serde_json::Map::new();
    let kind = match &sight.saw {
        Saw::Call(call) => {
            let key = serde_json::to_value(call.caller.key_details(office, sight.updated)).unwrap_or_default();
            resource.insert("accessKeyDetails".into(), key);
            if sight.bucket.is_some() { "S3Bucket" } else { "AccessKey" }
        }
        _ if sight.bucket.is_some() => "S3Bucket",
        _ => "Instance",
    };
    if let Some(bucket) = &sight.bucket {
        resource.insert("s3BucketDetails".into(), json!([bucket_details(office, bucket)]));
    }
    if let Some(holder) = &sight.holder {
        resource.insert("instanceDetails".into(), instance(office, holder));
        if let Saw::Scan(_) = &sight.saw {
            resource.insert("ebsVolumeDetails".into(), malware::volumes(office, finding, holder.machine));
        }
    } else if kind == "Instance" {
        resource.insert("instanceDetails".into(), json!({ "instanceId": finding.resource.as_str() }));
    }
    resource.insert("resourceType".into(), kind.into());
    Value::Object(resource)
}

fn instance(office: &Office, holder: &Holder<'_>) -> Value {
    let (account, machine) = (office.account_id(), holder.machine);
    let groups: Vec<Value> =
        holder.groups.iter().map(|group| json!({ "groupId": group, "groupName": group })).collect();
    let host = format!("ip-{}.ec2.internal", machine.address.as_str().replace('.', "-"));
    let address = machine.address.as_str();
    let mut details = json!({
        "instanceId": machine.id.as_str(),
        "instanceType": "c6i.xlarge",
        "instanceState": if machine.runs() { "running" } else { "stopped" },
        "availabilityZone": machine.zone.as_str(),
        "imageId": format!("ami-0{}", office.hex("image", 11, 16)),
        "imageDescription": "Amazon Linux 2023 with the team's agent",
        "productCodes": [],
        "networkInterfaces": [{
            "ipv6Addresses": [],
            "networkInterfaceId": office.interface(machine),
            "privateDnsName": host,
            "privateIpAddress": address,
            "privateIpAddresses": [{ "privateDnsName": host, "privateIpAddress": address }],
            "securityGroups": groups,
            "subnetId": office.subnet(machine.zone.as_str()),
            "vpcId": office.vpc(),
        }],
        "tags": [{ "key": "service", "value": machine.serves_for.as_str() }],
    });
    let Some(fields) = details.as_object_mut() else { return details };
    if let Some(role) = holder.role {
        let id = office.iam_id("AIPA", role);
        let profile = json!({ "arn": format!("arn:aws:iam::{account}:instance-profile/{role}"), "id": id });
        fields.insert("iamInstanceProfile".to_owned(), profile);
    }
    if holder.from_start {
        fields.insert("launchTime".to_owned(), office.days_before(machine.id.as_str()).into());
    }
    details
}

fn bucket_details(office: &Office, bucket: &Bucket) -> Value {
    let name = bucket.name.as_str();
    let block = json!({
        "ignorePublicAcls": !bucket.public,
        "restrictPublicBuckets": !bucket.public,
        "blockPublicAcls": !bucket.public,
        "blockPublicPolicy": !bucket.public,
    });
    let open = json!({ "ignorePublicAcls": false, "restrictPublicBuckets": false, "blockPublicAcls": false, "blockPublicPolicy": false });
    json!({
        "arn": format!("arn:aws:s3:::{name}"),
        "name": name,
        "type": "Destination",
        "createdAt": office.seconds_before(name),
        "owner": { "id": format!("{}{}", office.hex(office.account_id(), 30, 32), office.hex(office.account_id(), 31, 32)) },
        "tags": [],
        "defaultServerSideEncryption": { "encryptionType": "AES256" },
        "publicAccess": {
            "permissionConfiguration": {
                "bucketLevelPermissions": {
                    "accessControlList": { "allowsPublicReadAccess": false, "allowsPublicWriteAccess": false },
                    "bucketPolicy": { "allowsPublicReadAccess": bucket.public, "allowsPublicWriteAccess": false },
                    "blockPublicAccess": block,
                },
                "accountLevelPermissions": { "blockPublicAccess": open },
            },
            "effectivePermission": if bucket.public { "PUBLIC" } else { "NOT_PUBLIC" },
        },
    })
}
