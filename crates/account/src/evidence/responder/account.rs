//! Credentials, names, logs, scans, and where findings are looked up.

use serde_json::{Value, json};

use super::{ApiCall, Known};
use firedrill_model::scenario::{FindingFormat, ResourceKind};
use firedrill_model::{LogSource, SafeText};

pub(super) fn trust_nobody(known: &Known<'_>) -> ApiCall {
    let request = json!({ "roleName": known.target, "policyDocument": trust(known.is_instance_role) });
    ApiCall::new("iam", "UpdateAssumeRolePolicy", request)
}

pub(super) fn key_status(known: &Known<'_>, status: &str) -> ApiCall {
    key(known, "UpdateAccessKey", json!({ "status": status }))
}

pub(super) fn delete_key(known: &Known<'_>) -> ApiCall {
    key(known, "DeleteAccessKey", json!({}))
}

pub(super) fn repair_function(known: &Known<'_>) -> ApiCall {
    ApiCall::new("lambda", "UpdateFunctionConfiguration20150331v2", json!({ "functionName": known.target }))
}

pub(super) fn enable_rule(known: &Known<'_>) -> ApiCall {
    ApiCall::new("events", "EnableRule", json!({ "name": known.target }))
}

/// Sessions that began before this moment may do nothing any more.
pub(super) fn revoke(known: &Known<'_>) -> ApiCall {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Deny",
            "Action": ["*"],
            "Resource": ["*"],
            "Condition": { "DateLessThan": { "aws:TokenIssueTime": known.office.fine_stamp(known.at) } },
        }],
    });
    let (name, who) = match known.kind {
        Some(ResourceKind::User) => ("PutUserPolicy", "userName"),
        _ => ("PutRolePolicy", "roleName"),
    };
    let request =
        json!({ who: known.target, "policyName": "AWSRevokeOlderSessions", "policyDocument": document.to_string() });
    ApiCall::new("iam", name, request)
}

/// Whoever calls from outside the network of the team may do nothing with the role. Calls that AWS services make for it go on.
pub(super) fn deny_outside(known: &Known<'_>) -> ApiCall {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Deny",
            "Action": ["*"],
            "Resource": ["*"],
            "Condition": {
                "StringNotEqualsIfExists": { "aws:SourceVpc": known.office.vpc() },
                "NotIpAddressIfExists": { "aws:SourceIp": [format!("{}/32", known.office.egress())] },
                "BoolIfExists": { "aws:ViaAWSService": "false" },
            },
        }],
    });
    let request = json!({ "roleName": known.target, "policyName": "DenyOutsideOurNetwork", "policyDocument": document.to_string() });
    ApiCall::new("iam", "PutRolePolicy", request)
}

/// A trust policy that lets nobody assume the role, but EC2 for the instances that have it: without it they would get no new
/// credentials when theirs expire.
fn trust(is_instance_role: bool) -> String {
    let statement = if is_instance_role {
        json!({ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" })
    } else {
        json!({ "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole" })
    };
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

fn key(known: &Known<'_>, name: &'static str, change: Value) -> ApiCall {
    let mut request = json!({ "accessKeyId": known.target, "userName": known.owner });
    if let (Some(fields), Value::Object(change)) = (request.as_object_mut(), change) {
        fields.extend(change);
    }
    ApiCall::new("iam", name, request)
}

pub(super) fn new_key(known: &Known<'_>) -> ApiCall {
    let made = format!("AKIA{}", known.office.base32(known.target, 80, 16));
    ApiCall::new("iam", "CreateAccessKey", json!({ "userName": known.owner })).answered(json!({
        "accessKey": { "accessKeyId": made, "status": "Active", "userName": known.owner },
    }))
}

pub(super) fn block(known: &Known<'_>, domains: &[SafeText]) -> ApiCall {
    let list = format!("rslvr-fdl-{}", known.office.hex("firewall", 81, 16));
    let names: Vec<&str> = domains.iter().map(SafeText::as_str).take(20).collect();
    let request = json!({ "firewallDomainListId": list, "operation": "ADD", "domains": names });
    ApiCall::new("route53resolver", "UpdateFirewallDomains", request)
        .answered(json!({ "id": list, "status": "UPDATING" }))
}

pub(super) fn turn_on(known: &Known<'_>, log: LogSource) -> ApiCall {
    let vpc = known.office.vpc();
    match log {
        LogSource::CloudtrailData => ApiCall::new(
            "cloudtrail",
            "PutEventSelectors",
            json!({ "trailName": "team-trail", "eventSelectors": [{
                "readWriteType": "All",
                "includeManagementEvents": true,
                "dataResources": [{ "type": "AWS::S3::Object", "values": ["arn:aws:s3"] }],
                "excludeManagementEventSources": [],
            }] }),
        ),
        LogSource::Cloudtrail => ApiCall::new("cloudtrail", "StartLogging", json!({ "name": "team-trail" })),
        LogSource::VpcFlow => ApiCall::new(
            "ec2",
            "CreateFlowLogs",
            json!({ "CreateFlowLogsRequest": {
                "ResourceId": { "tag": 1, "content": vpc },
                "ResourceType": "VPC",
                "TrafficType": "ALL",
                "LogDestinationType": "cloud-watch-logs",
                "MaxAggregationInterval": 60,
            } }),
        ),
        LogSource::ResolverQuery => ApiCall::new(
            "route53resolver",
            "AssociateResolverQueryLogConfig",
            json!({ "resolverQueryLogConfigId": format!("rqlc-{}", known.office.hex("rqlc", 82, 16)), "resourceId": vpc }),
        ),
        LogSource::ConfigCompliance => {
            ApiCall::new("config", "StartConfigurationRecorder", json!({ "configurationRecorderName": "default" }))
        }
    }
}

pub(super) fn scan(known: &Known<'_>) -> ApiCall {
    let (region, account) = (known.office.region(), known.office.account_id());
    let arn = format!("arn:aws:ec2:{region}:{account}:instance/{}", known.target);
    ApiCall::new("guardduty", "StartMalwareScan", json!({ "resourceArn": arn }))
        .answered(json!({ "scanId": known.office.hex(known.target, 83, 32) }))
}

pub(super) fn look(known: &Known<'_>) -> Option<ApiCall> {
    Some(match known.format? {
        FindingFormat::Config => ApiCall::new(
            "config",
            "GetComplianceDetailsByConfigRule",
            json!({ "configRuleName": known.rule, "limit": 100 }),
        ),
        FindingFormat::Health => {
            ApiCall::new("health", "DescribeEvents", json!({ "filter": { "services": ["RISK"] } }))
        }
        FindingFormat::Alarm => ApiCall::new("cloudwatch", "DescribeAlarms", json!({ "alarmNames": [known.rule] })),
        FindingFormat::GuarddutyDns
        | FindingFormat::GuarddutyNetwork
        | FindingFormat::GuarddutyApi
        | FindingFormat::GuarddutyMalware => ApiCall::new(
            "guardduty",
            "ListFindings",
            json!({ "detectorId": known.office.hex("guardduty", 7, 32), "maxResults": 50 }),
        ),
    })
}

pub(super) fn read(log: LogSource) -> ApiCall {
    let query = |group: &str| {
        ApiCall::new("logs", "StartQuery", json!({ "logGroupName": group, "limit": 10_000, "queryLanguage": "CWLI" }))
    };
    match log {
        LogSource::Cloudtrail => ApiCall::new("cloudtrail", "LookupEvents", json!({ "maxResults": 50 })),
        LogSource::CloudtrailData => query("cloudtrail-data-events"),
        LogSource::VpcFlow => query("vpc-flow-logs"),
        LogSource::ResolverQuery => query("resolver-query-logs"),
        LogSource::ConfigCompliance => {
            ApiCall::new("config", "DescribeComplianceByConfigRule", json!({ "complianceTypes": ["NON_COMPLIANT"] }))
        }
    }
}
