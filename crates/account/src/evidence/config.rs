//! AWS Config: compliance change of a rule, as a log record and as a finding on `EventBridge`.

use serde::Serialize;

use super::{Office, to_json};
use firedrill_model::{DrillTime, LogRecord, LogSource, LogText, RecordId, SafeText};

/// What a rule found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compliance<'a> {
    /// Name of the rule.
    pub rule: &'a str,
    /// Id of the resource.
    pub resource: &'a str,
    /// Type of the resource, for example `AWS::EC2::SecurityGroup`.
    pub kind: &'a str,
    /// Whether it complies now.
    pub complies: bool,
    /// When the resource changed.
    pub changed: DrillTime,
    /// When the rule had looked.
    pub seen: DrillTime,
    /// In words.
    pub annotation: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    resource_id: &'a str,
    aws_region: &'a str,
    aws_account_id: &'a str,
    config_rule_name: &'a str,
    #[serde(rename = "configRuleARN")]
    config_rule_arn: String,
    record_version: &'a str,
    message_type: &'a str,
    new_evaluation_result: Evaluation<'a>,
    old_evaluation_result: Option<Evaluation<'a>>,
    notification_creation_time: String,
    resource_type: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Evaluation<'a> {
    evaluation_result_identifier: Identifier<'a>,
    compliance_type: &'a str,
    result_recorded_time: String,
    config_rule_invoked_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotation: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identifier<'a> {
    evaluation_result_qualifier: Qualifier<'a>,
    ordering_timestamp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Qualifier<'a> {
    config_rule_name: &'a str,
    resource_type: &'a str,
    resource_id: &'a str,
}

/// The compliance change as a log record.
pub(crate) fn record(office: &Office, compliance: &Compliance<'_>, id: RecordId) -> LogRecord {
    let word = word(compliance.complies);
    let summary = SafeText::one_line(&format!("{}: {} is {word}", compliance.rule, compliance.resource));
    let raw = SafeText::one_line(&to_json(&change(office, compliance)));
    LogRecord::new(id, LogSource::ConfigCompliance, compliance.seen, LogText::of(summary, raw))
}

/// The compliance change as a finding.
pub(crate) fn finding(office: &Office, compliance: &Compliance<'_>) -> String {
    to_json(&super::Envelope {
        version: "0",
        id: office.uuid(compliance.resource, 5),
        detail_type: "Config Rules Compliance Change",
        source: "aws.config",
        account: office.account_id(),
        time: office.stamp(compliance.seen),
        region: office.region(),
        resources: Vec::new(),
        detail: change(office, compliance),
    })
}

fn word(complies: bool) -> &'static str {
    if complies { "COMPLIANT" } else { "NON_COMPLIANT" }
}

fn change<'a>(office: &'a Office, compliance: &Compliance<'a>) -> Change<'a> {
    let evaluation = |complies: bool, at: DrillTime| Evaluation {
        evaluation_result_identifier: Identifier {
            evaluation_result_qualifier: Qualifier {
                config_rule_name: compliance.rule,
                resource_type: compliance.kind,
                resource_id: compliance.resource,
            },
            ordering_timestamp: office.fine_stamp(at),
        },
        compliance_type: word(complies),
        result_recorded_time: office.fine_stamp(compliance.seen),
        config_rule_invoked_time: office.fine_stamp(compliance.seen),
        annotation: (!complies).then_some(compliance.annotation),
    };
    let (account, region) = (office.account_id(), office.region());
    Change {
        resource_id: compliance.resource,
        aws_region: region,
        aws_account_id: account,
        config_rule_name: compliance.rule,
        config_rule_arn: format!(
            "arn:aws:config:{region}:{account}:config-rule/config-rule-{}",
            office.hex(compliance.rule, 6, 6)
        ),
        record_version: "1.0",
        message_type: "ComplianceChangeNotification",
        new_evaluation_result: evaluation(compliance.complies, compliance.changed),
        old_evaluation_result: Some(evaluation(!compliance.complies, DrillTime::ZERO)),
        notification_creation_time: office.fine_stamp(compliance.seen),
        resource_type: compliance.kind,
    }
}
