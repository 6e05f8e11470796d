//! Services that are only read: `EventBridge`, AWS Config, Security Hub, Organizations.

use serde_json::{Value, json};

use super::{Account, text};
use crate::{Answer, ApiError};

/// The rule of AWS Config that sees open ports.
const RULE: &str = "restricted-ssh";

pub(super) fn call(account: &mut Account, (service, operation): (&str, &str), input: &Value) -> Option<Answer> {
    Some(match (service, operation) {
        ("events", "ListRules") => {
            let rules = account
                .rules
                .iter()
                .map(|(name, pattern, _)| json!({ "Name": name, "EventPattern": pattern, "State": "ENABLED" }));
            Ok(json!({ "Rules": rules.collect::<Vec<_>>() }))
        }
        ("events", "ListTargetsByRule") => {
            let targets = account
                .rules
                .iter()
                .filter(|(name, ..)| name == text(input, "Rule"))
                .flat_map(|(_, _, targets)| targets);
            Ok(
                json!({ "Targets": targets.enumerate().map(|(index, arn)| json!({ "Id": index.to_string(), "Arn": arn })).collect::<Vec<_>>() }),
            )
        }
        ("config", "DescribeConfigurationRecorderStatus") => {
            let status = if account.config { json!([{ "name": "default", "recording": true }]) } else { json!([]) };
            Ok(json!({ "ConfigurationRecordersStatus": status }))
        }
        ("config", "DescribeConfigRules") => {
            let rules = if account.config {
                json!([{ "ConfigRuleName": RULE, "ConfigRuleState": "ACTIVE", "Source": { "Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED" } }])
            } else {
                json!([])
            };
            Ok(json!({ "ConfigRules": rules }))
        }
        ("config", "DescribeRemediationConfigurations") => {
            let known = account.remediations.iter().map(|(rule, document)| {
                json!({ "ConfigRuleName": rule, "TargetType": "SSM_DOCUMENT", "TargetId": document, "Automatic": true })
            });
            Ok(json!({ "RemediationConfigurations": known.collect::<Vec<_>>() }))
        }
        ("config", "GetComplianceDetailsByResource") => Ok(json!({ "EvaluationResults": evaluations(account, input) })),
        ("securityhub", "DescribeHub") => {
            Err(ApiError::new("InvalidAccessException", "Account is not subscribed to AWS Security Hub")
                .with_status(401))
        }
        ("organizations", "DescribeOrganization") => match &account.manager {
            Some(manager) => Ok(json!({ "Organization": { "Id": "o-example", "MasterAccountId": manager } })),
            None => Err(ApiError::new(
                "AWSOrganizationsNotInUseException",
                "Your account is not a member of an organization.",
            )),
        },
        _ => return None,
    })
}

/// AWS Config evaluates a security group.
pub(super) fn evaluate(account: &mut Account, group: &str, at: f64) {
    let open = account
        .groups
        .get(group)
        .is_some_and(|group| group.rules.iter().any(|rule| rule.cidr == "0.0.0.0/0" && rule.from == 22));
    let (now, key) = (account.now(), format!("config:{group}"));
    let kind = if open { "NON_COMPLIANT" } else { "COMPLIANT" };
    let result = json!({ "ComplianceType": kind, "ResultRecordedTime": now, "ConfigRuleInvokedTime": at,
        "EvaluationResultIdentifier": { "EvaluationResultQualifier": { "ConfigRuleName": RULE, "ResourceType": "AWS::EC2::SecurityGroup", "ResourceId": group }, "OrderingTimestamp": at } });
    account.evaluations.insert(key, result);
}

fn evaluations<'a>(account: &'a Account, input: &Value) -> Vec<&'a Value> {
    let wanted = super::texts(&input["ComplianceTypes"]);
    let known = account.evaluations.get(&format!("config:{}", text(input, "ResourceId"))).into_iter();
    known.filter(|one| wanted.is_empty() || wanted.iter().any(|kind| one["ComplianceType"] == kind.as_str())).collect()
}
