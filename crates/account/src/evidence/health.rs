//! AWS Health event about credentials that were found in public, as `EventBridge` carries it.
//!
//! Fields as in a received event and in AWS's own sample (`aws/aws-health-tools`, `AWS_RISK_CREDENTIALS_EXPOSED`).

use serde_json::json;

use super::{Envelope, Office, to_json};
use firedrill_model::{DrillTime, Finding, Span};

const CODE: &str = "AWS_RISK_CREDENTIALS_EXPOSED";
/// Such an event stays open for two weeks.
const OPEN_FOR: Span = Span::from_secs(14 * 24 * 3600);

/// The document of a finding about an access key of `owner`.
pub(crate) fn finding(office: &Office, finding: &Finding, owner: &str, made: DrillTime) -> String {
    let key = finding.resource.as_str();
    let account = office.account_id();
    let name = office.hex(finding.id.as_str(), 12, 16);
    let changed = office.http_stamp(made);
    let detail = json!({
        "eventArn": format!("arn:aws:health:us-east-1::event/RISK/{CODE}/{CODE}-{name}"),
        "service": "RISK",
        "eventTypeCode": CODE,
        "eventTypeCategory": "issue",
        "eventScopeCode": "ACCOUNT_SPECIFIC",
        "communicationId": office.hex(finding.id.as_str(), 13, 32),
        "startTime": office.http_stamp(finding.first_seen),
        "endTime": office.http_stamp(finding.first_seen + OPEN_FOR),
        "lastUpdatedTime": changed,
        "statusCode": "open",
        "eventRegion": "us-east-1",
        "eventDescription": [{ "language": "en_US", "latestDescription": finding.description.as_str() }],
        "eventMetadata": { "accountId": account, "publicKey": key, "userName": owner, "truncated": "false" },
        "affectedEntities": [{ "entityValue": key, "lastUpdatedTime": changed }],
        "affectedAccount": account,
        "page": "1",
        "totalPages": "1",
    });
    to_json(&Envelope {
        version: "0",
        id: office.uuid(finding.id.as_str(), finding.count.wrapping_add(9)),
        detail_type: "AWS Health Event",
        source: "aws.health",
        account,
        time: office.stamp(made),
        region: "us-east-1",
        resources: vec![key.to_owned()],
        detail,
    })
}
