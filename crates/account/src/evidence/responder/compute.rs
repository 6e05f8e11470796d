//! Instances, their groups, and what lets traffic through to them.

use serde_json::{Value, json};

use super::{ApiCall, Known};
use crate::evidence::cloudtrail::ingress;
use firedrill_model::event::EffectResult;
use firedrill_model::scenario::InstanceChange;

/// Where admins come from.
const TRUSTED: &str = "10.0.0.0/8";

/// None where the result tells of no capacity.
pub(super) fn capacity(result: &EffectResult, known: &Known<'_>) -> Option<ApiCall> {
    let EffectResult::Capacity { desired } = result else { return None };
    let request = json!({ "autoScalingGroupName": known.target, "desiredCapacity": desired, "honorCooldown": false });
    Some(ApiCall::new("autoscaling", "SetDesiredCapacity", request))
}

pub(super) fn close(known: &Known<'_>) -> ApiCall {
    answered_ec2(known, ApiCall::new("ec2", "RevokeSecurityGroupIngress", rule(known, "0.0.0.0/0")))
}

pub(super) fn open_to_trusted(known: &Known<'_>) -> ApiCall {
    answered_ec2(known, ApiCall::new("ec2", "AuthorizeSecurityGroupIngress", rule(known, TRUSTED)))
}

fn rule(known: &Known<'_>, from: &str) -> Value {
    ingress(known.target, known.port, from)
}

/// As EC2 answers a change that brought nothing new.
fn answered_ec2(known: &Known<'_>, call: ApiCall) -> ApiCall {
    let request = known.office.uuid(known.target, 70);
    call.answered(json!({ "requestId": request, "_return": true }))
}

pub(super) fn snapshot(known: &Known<'_>) -> ApiCall {
    let (office, instance) = (known.office, known.target);
    let volume = office.volume(instance);
    let made = json!({
        "snapshotId": format!("snap-0{}", office.hex(instance, 71, 16)),
        "volumeId": volume,
        "volumeSize": 30,
        "state": "pending",
        "ownerId": office.account_id(),
    });
    ApiCall::new(
        "ec2",
        "CreateSnapshots",
        json!({ "CreateSnapshotsRequest": {
            "InstanceSpecification": { "InstanceId": instance, "ExcludeBootVolume": false },
            "Description": "Evidence, incident response",
        } }),
    )
    .answered(json!({ "CreateSnapshotsResponse": {
        "requestId": office.uuid(instance, 72), "snapshotSet": { "item": made },
    } }))
}

/// Systems Manager runs a command; what it runs is left out of the record.
pub(super) fn command(known: &Known<'_>) -> ApiCall {
    let request = json!({
        "documentName": "AWS-RunShellScript",
        "instanceIds": [known.target],
        "interactive": false,
        "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS",
    });
    ApiCall::new("ssm", "SendCommand", request).answered(json!({ "command": {
        "commandId": known.office.uuid(known.target, 73),
        "documentName": "AWS-RunShellScript",
        "instanceIds": [known.target],
        "status": "Pending",
        "statusDetails": "Pending",
        "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS",
    } }))
}

pub(super) fn change_of(change: InstanceChange, known: &Known<'_>) -> Vec<ApiCall> {
    let (instance, office) = (known.target, known.office);
    let swap = |name: &str| {
        let group = format!("sg-0{}", office.hex(name, 74, 16));
        let request = json!({ "instanceId": instance, "groupSet": { "items": [{ "groupId": group }] } });
        answered_ec2(known, ApiCall::new("ec2", "ModifyInstanceAttribute", request))
    };
    match change {
        InstanceChange::Isolate => vec![swap("isolation")],
        InstanceChange::IsolateAndCut => vec![swap("allow-all"), swap("isolation")],
        InstanceChange::Standby => vec![member(known, "EnterStandby", true)],
        InstanceChange::Detach => vec![member(known, "DetachInstances", false)],
        InstanceChange::Stop => vec![state(known, "StopInstances", (64, "stopping"))],
        InstanceChange::Terminate => vec![state(known, "TerminateInstances", (32, "shutting-down"))],
    }
}

fn member(known: &Known<'_>, name: &'static str, fewer: bool) -> ApiCall {
    let request = json!({
        "autoScalingGroupName": known.group,
        "instanceIds": [known.target],
        "shouldDecrementDesiredCapacity": fewer,
    });
    ApiCall::new("autoscaling", name, request)
}

fn state(known: &Known<'_>, name: &'static str, (code, word): (u32, &str)) -> ApiCall {
    let instance = known.target;
    let mut request = json!({ "instancesSet": { "items": [{ "instanceId": instance }] } });
    if let (Some(fields), "StopInstances") = (request.as_object_mut(), name) {
        fields.insert("force".to_owned(), false.into());
    }
    ApiCall::new("ec2", name, request).answered(json!({
        "requestId": known.office.uuid(instance, 75),
        "instancesSet": { "items": [{
            "instanceId": instance,
            "currentState": { "code": code, "name": word },
            "previousState": { "code": 16, "name": "running" },
        }] },
    }))
}

pub(super) fn deny(known: &Known<'_>, egress: bool) -> ApiCall {
    let request = json!({
        "networkAclId": known.target,
        "ruleNumber": 1,
        "egress": egress,
        "ruleAction": "deny",
        "aclProtocol": "-1",
        "cidrBlock": "0.0.0.0/0",
        "icmpTypeCode": {},
        "portRange": {},
    });
    answered_ec2(known, ApiCall::new("ec2", "CreateNetworkAclEntry", request))
}

pub(super) fn allow(known: &Known<'_>, egress: bool) -> ApiCall {
    let request = json!({ "networkAclId": known.target, "ruleNumber": 1, "egress": egress });
    answered_ec2(known, ApiCall::new("ec2", "DeleteNetworkAclEntry", request))
}
