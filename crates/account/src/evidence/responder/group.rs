//! The calls that AWS makes itself: for a group that launches and terminates, and for the credentials of an instance.

use serde_json::json;

use super::super::Office;
use super::{ApiCall, compute};
use crate::machine::Machine;

/// The type of the workload's instances. One of the size `large` has two virtual CPUs (`VCPUS_OF_ONE`).
const TYPE: &str = "m7i.large";

/// A group launches an instance.
pub(crate) fn launch(office: &Office, machine: &Machine, group: &str) -> ApiCall {
    let (id, subnet) = (machine.id.as_str(), office.subnet(machine.zone.as_str()));
    let template = json!({ "launchTemplateId": format!("lt-0{}", office.hex(group, 98, 16)), "version": "3" });
    let request = json!({
        "instanceType": TYPE,
        "instancesSet": { "items": [{ "imageId": "ami-0123456789abcdef0", "minCount": 1, "maxCount": 1 }] },
        "launchTemplate": template,
        "subnetId": subnet,
        "tagSpecificationSet": { "items": [{
            "resourceType": "instance", "tags": [{ "key": "aws:autoscaling:groupName", "value": group }],
        }] },
    });
    ApiCall::new("ec2", "RunInstances", request).answered(json!({
        "requestId": office.uuid(id, 99),
        "requesterId": office.account_id(),
        "reservationId": format!("r-0{}", office.hex(id, 100, 16)),
        "ownerId": office.account_id(),
        "groupSet": {},
        "instancesSet": { "items": [{
            "instanceId": id,
            "imageId": "ami-0123456789abcdef0",
            "instanceState": { "code": 0, "name": "pending" },
            "instanceType": TYPE,
            "placement": { "availabilityZone": machine.zone.as_str() },
            "privateIpAddress": machine.address.as_str(),
            "subnetId": subnet,
            "vpcId": office.vpc(),
        }] },
    }))
}

/// A group is refused a launch, because the quota of virtual CPUs is used up.
pub(crate) fn refused(office: &Office, group: &str, number: u64) -> ApiCall {
    let template = json!({ "launchTemplateId": format!("lt-0{}", office.hex(group, 98, 16)), "version": "3" });
    let request = json!({
        "clientToken": office.uuid(group, number.wrapping_add(1_000)),
        "instanceType": TYPE,
        "instancesSet": { "items": [{ "imageId": "ami-0123456789abcdef0", "minCount": 1, "maxCount": 1 }] },
        "launchTemplate": template,
        "tagSpecificationSet": { "items": [{
            "resourceType": "instance", "tags": [{ "key": "aws:autoscaling:groupName", "value": group }],
        }] },
    });
    ApiCall { error: Some("Client.VcpuLimitExceeded"), ..ApiCall::new("ec2", "RunInstances", request) }
}

/// A group terminates an instance.
pub(crate) fn termination(office: &Office, id: &str) -> ApiCall {
    compute::changed_state(office, id, "TerminateInstances", (32, "shutting-down"))
}

/// EC2 assumes the role of an instance, for the set that its metadata service hands out.
pub(crate) fn issue(office: &Office, id: &str, role: &str) -> ApiCall {
    let arn = format!("arn:aws:iam::{}:role/{role}", office.account_id());
    let request = json!({ "roleArn": arn, "roleSessionName": id, "durationSeconds": 21_600 });
    ApiCall::new("sts", "AssumeRole", request)
}
