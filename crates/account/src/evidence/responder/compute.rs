//! Instances, their groups, and what lets traffic through to them.

use serde_json::{Value, json};

use super::super::Office;
use super::{ApiCall, Known, data};
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

pub(super) fn open(known: &Known<'_>) -> ApiCall {
    answered_ec2(known, ApiCall::new("ec2", "AuthorizeSecurityGroupIngress", rule(known, "0.0.0.0/0")))
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

/// The id of the snapshot that is taken of an instance's volume.
fn snapshot_id(office: &Office, instance: &str) -> String {
    format!("snap-0{}", office.hex(instance, 71, 16))
}

/// A snapshot is shared with the account for forensics, which copies it.
pub(super) fn share_snapshot(known: &Known<'_>) -> ApiCall {
    data::share_volume(known.office, &snapshot_id(known.office, known.target))
}

/// Somebody deletes the snapshot that was taken of an instance.
pub(crate) fn deleted_snapshot(office: &Office, instance: &str) -> ApiCall {
    let request = office.uuid(instance, 101);
    ApiCall::new("ec2", "DeleteSnapshot", json!({ "snapshotId": snapshot_id(office, instance), "force": false }))
        .answered(json!({ "requestId": request, "_return": true }))
}

/// What somebody launched is terminated.
pub(super) fn end_launched(known: &Known<'_>) -> ApiCall {
    let asked: Vec<Value> = known.launched.iter().map(|id| json!({ "instanceId": id })).collect();
    let answered = known.launched.iter().map(|id| {
        json!({
            "instanceId": id,
            "currentState": { "code": 32, "name": "shutting-down" },
            "previousState": { "code": 16, "name": "running" },
        })
    });
    let answered: Vec<Value> = answered.collect();
    ApiCall::new("ec2", "TerminateInstances", json!({ "instancesSet": { "items": asked } })).answered(json!({
        "requestId": known.office.uuid(known.target, 102),
        "instancesSet": { "items": answered },
    }))
}

pub(super) fn snapshot(known: &Known<'_>) -> ApiCall {
    let (office, instance) = (known.office, known.target);
    let volume = office.volume(instance);
    let made = json!({
        "snapshotId": snapshot_id(office, instance),
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

/// A deployment of the release from before.
pub(super) fn roll_back(known: &Known<'_>) -> ApiCall {
    let id = format!("d-{}", known.office.base32(known.target, 86, 9));
    ApiCall::new(
        "codedeploy",
        "CreateDeployment",
        json!({
            "applicationName": known.target,
            "deploymentGroupName": known.target,
            "deploymentConfigName": "CodeDeployDefault.AllAtOnce",
            "description": "roll back to the release from before",
        }),
    )
    .answered(json!({ "deploymentId": id }))
}

/// Systems Manager runs a command; what it runs is left out of the record.
pub(super) fn command(known: &Known<'_>) -> ApiCall {
    let request = json!({
        "documentName": "AWS-RunShellScript",
        "instanceIds": [known.target],
        "interactive": false,
        "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS",
    });
    ApiCall::new("ssm", "SendCommand", request)
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
        InstanceChange::ExitStandby => vec![exit_standby(known)],
        InstanceChange::Deregister => vec![target(known, "DeregisterTargets")],
        InstanceChange::Register => vec![target(known, "RegisterTargets")],
        InstanceChange::Detach => vec![member(known, "DetachInstances", false)],
        InstanceChange::Stop => vec![state(known, "StopInstances", (64, "stopping"))],
        InstanceChange::Start => vec![state(known, "StartInstances", (0, "pending"))],
        InstanceChange::ProtectTermination => vec![attribute(known, "disableApiTermination", json!({ "value": true }))],
        InstanceChange::KeepVolume => vec![keep_volume(known)],
        InstanceChange::RenewProfile => profile(known),
        InstanceChange::RestartProcesses | InstanceChange::FreeDisk => vec![command(known)],
        InstanceChange::Terminate => vec![state(known, "TerminateInstances", (32, "shutting-down"))],
    }
}

fn attribute(known: &Known<'_>, name: &str, value: Value) -> ApiCall {
    let mut request = json!({ "instanceId": known.target });
    if let Some(fields) = request.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    answered_ec2(known, ApiCall::new("ec2", "ModifyInstanceAttribute", request))
}

fn keep_volume(known: &Known<'_>) -> ApiCall {
    let device = json!({ "items": [{ "deviceName": "/dev/xvda", "ebs": { "deleteOnTermination": false } }] });
    attribute(known, "blockDeviceMapping", device)
}

/// The profile is taken away and associated again.
fn profile(known: &Known<'_>) -> Vec<ApiCall> {
    let (office, instance) = (known.office, known.target);
    let association = |part: u64| format!("iip-assoc-0{}", office.hex(instance, part, 16));
    let arn = format!("arn:aws:iam::{}:instance-profile/{}", office.account_id(), known.role);
    let profile = json!({ "arn": arn, "id": office.iam_id("AIPA", known.role) });
    let answer = |name: &str, id: String, state: &str| {
        json!({ name: { "requestId": office.uuid(&id, 84), "iamInstanceProfileAssociation": {
            "associationId": id, "instanceId": instance, "iamInstanceProfile": profile, "state": state,
        } } })
    };
    let (old, new) = (association(85), association(86));
    vec![
        ApiCall::new(
            "ec2",
            "DisassociateIamInstanceProfile",
            json!({ "DisassociateIamInstanceProfileRequest": { "AssociationId": old } }),
        )
        .answered(answer("DisassociateIamInstanceProfileResponse", old.clone(), "disassociating")),
        ApiCall::new(
            "ec2",
            "AssociateIamInstanceProfile",
            json!({ "AssociateIamInstanceProfileRequest": {
                "InstanceId": instance, "IamInstanceProfile": { "Name": known.role },
            } }),
        )
        .answered(answer("AssociateIamInstanceProfileResponse", new, "associating")),
    ]
}

fn target(known: &Known<'_>, name: &'static str) -> ApiCall {
    let (office, service) = (known.office, known.group);
    let arn = format!(
        "arn:aws:elasticloadbalancing:{}:{}:targetgroup/{service}/{}",
        office.region(),
        office.account_id(),
        office.hex(service, 87, 16)
    );
    let request = json!({ "targetGroupArn": arn, "targets": [{ "id": known.target }] });
    ApiCall::new("elasticloadbalancing", name, request)
}

fn exit_standby(known: &Known<'_>) -> ApiCall {
    let request = json!({ "autoScalingGroupName": known.group, "instanceIds": [known.target] });
    ApiCall::new("autoscaling", "ExitStandby", request)
        .answered(activities(known, "Moving EC2 instance out of Standby"))
}

/// A process of a group is suspended or resumed.
pub(super) fn processes(known: &Known<'_>, name: &'static str, process: &str) -> ApiCall {
    let request = json!({ "autoScalingGroupName": known.target, "scalingProcesses": [process] });
    ApiCall::new("autoscaling", name, request)
}

/// A group replaces its members.
pub(super) fn refresh(known: &Known<'_>) -> ApiCall {
    let request = json!({ "autoScalingGroupName": known.target, "strategy": "Rolling" });
    ApiCall::new("autoscaling", "StartInstanceRefresh", request)
        .answered(json!({ "instanceRefreshId": known.office.uuid(known.target, 88) }))
}

/// What a group does about an instance, as it answers.
fn activities(known: &Known<'_>, what: &str) -> Value {
    json!({ "activities": [{
        "activityId": known.office.uuid(known.target, 89),
        "autoScalingGroupName": known.group,
        "description": format!("{what}: {}", known.target),
        "statusCode": "InProgress",
        "progress": 50,
    }] })
}

fn member(known: &Known<'_>, name: &'static str, fewer: bool) -> ApiCall {
    let request = json!({
        "autoScalingGroupName": known.group,
        "instanceIds": [known.target],
        "shouldDecrementDesiredCapacity": fewer,
    });
    let what = if fewer { "Moving EC2 instance to Standby" } else { "Detaching EC2 instance" };
    ApiCall::new("autoscaling", name, request).answered(activities(known, what))
}

fn state(known: &Known<'_>, name: &'static str, state: (u32, &str)) -> ApiCall {
    changed_state(known.office, known.target, name, state)
}

pub(super) fn changed_state(office: &Office, instance: &str, name: &'static str, (code, word): (u32, &str)) -> ApiCall {
    let mut request = json!({ "instancesSet": { "items": [{ "instanceId": instance }] } });
    if let (Some(fields), "StopInstances") = (request.as_object_mut(), name) {
        fields.insert("force".to_owned(), false.into());
    }
    let before = if name == "StartInstances" { (80, "stopped") } else { (16, "running") };
    ApiCall::new("ec2", name, request).answered(json!({
        "requestId": office.uuid(instance, 75),
        "instancesSet": { "items": [{
            "instanceId": instance,
            "currentState": { "code": code, "name": word },
            "previousState": { "code": before.0, "name": before.1 },
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
