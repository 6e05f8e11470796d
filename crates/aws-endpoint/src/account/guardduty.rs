//! `GuardDuty`: one detector and its findings.

use serde_json::{Value, json};

use super::{Account, text, texts};
use crate::wire::iso;
use crate::{Answer, ApiError};

/// A finding was made, or seen again.
pub(super) fn found(account: &mut Account, (kind, severity): (&str, f64), resource: &Value, at: f64) {
    let Some(detector) = account.detector.clone() else { return };
    let (now, known) =
        (account.now(), account.findings.iter().find(|(_, one)| one["Type"] == kind && one["Resource"] == *resource));
    if let Some(id) = known.map(|(id, _)| id.clone()) {
        if let Some(finding) = account.findings.get_mut(&id) {
            finding["UpdatedAt"] = iso(now).into();
            finding["Service"]["Count"] = (finding["Service"]["Count"].as_i64().unwrap_or(1) + 1).into();
            finding["Service"]["EventLastSeen"] = iso(at).into();
        }
        return;
    }
    let id = account.fresh("").repeat(2);
    let id: String = id.chars().take(32).collect();
    let arn = account.arn("guardduty", &format!("detector/{detector}/finding/{id}"));
    let finding = json!({
        "SchemaVersion": "2.0", "AccountId": account.id, "Region": account.region, "Partition": "aws", "Id": id, "Arn": arn,
        "Type": kind, "Severity": severity, "CreatedAt": iso(now), "UpdatedAt": iso(now),
        "Title": format!("{kind} at a resource of this account."), "Description": "Made by the emulated detector.",
        "Resource": resource,
        "Service": { "ServiceName": "guardduty", "DetectorId": detector, "Count": 1, "Archived": false,
            "EventFirstSeen": iso(at), "EventLastSeen": iso(at) },
    });
    account.findings.insert(id, finding);
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    if operation == "ListDetectors" {
        return Some(Ok(json!({ "DetectorIds": account.detector.iter().collect::<Vec<_>>() })));
    }
    if account.detector.as_deref() != input["DetectorId"].as_str() {
        return Some(Err(ApiError::new(
            "BadRequestException",
            "The request is rejected because the input detectorId is not owned by the current account.",
        )));
    }
    Some(match operation {
        "GetDetector" => Ok(
            json!({ "Status": "ENABLED", "FindingPublishingFrequency": "SIX_HOURS", "ServiceRole": "guardduty", "CreatedAt": iso(account.now()) }),
        ),
        "ListFindings" => Ok(json!({ "FindingIds": listed(account, input) })),
        "GetFindings" => {
            let ids = texts(&input["FindingIds"]);
            let known = ids.iter().filter_map(|id| account.findings.get(id));
            Ok(json!({ "Findings": known.collect::<Vec<_>>() }))
        }
        "CreateSampleFindings" => {
            for kind in texts(&input["FindingTypes"]) {
                let at = account.now();
                let resource = if kind.contains("IAMUser") {
                    json!({ "ResourceType": "AccessKey", "AccessKeyDetails": { "AccessKeyId": "GeneratedFindingAccessKeyId", "UserName": "GeneratedFindingUserName" } })
                } else {
                    json!({ "ResourceType": "Instance", "InstanceDetails": { "InstanceId": "i-99999999" } })
                };
                found(account, (&kind, 5.0), &resource, at);
                if let Some(finding) = account.findings.values_mut().find(|one| one["Type"] == *kind) {
                    finding["Title"] = format!("[SAMPLE] {kind}").into();
                    finding["Service"]["AdditionalInfo"] = json!({ "Value": "{\"sample\":true}", "Type": "default" });
                }
            }
            Ok(json!({}))
        }
        _ => return None,
    })
}

fn listed(account: &Account, input: &Value) -> Vec<String> {
    let criteria = input["FindingCriteria"]["Criterion"].as_object().cloned().unwrap_or_default();
    let passes = |finding: &Value| {
        criteria.iter().all(|(field, wanted)| match field.as_str() {
            "updatedAt" => {
                let at =
                    chrono::DateTime::parse_from_rfc3339(text(finding, "UpdatedAt")).map(|at| at.timestamp_millis());
                let from = wanted["GreaterThanOrEqual"].as_i64().or(wanted["Gte"].as_i64()).unwrap_or(i64::MIN);
                at.is_ok_and(|at| at >= from)
            }
            "severity" => {
                let from = wanted["GreaterThanOrEqual"].as_f64().or(wanted["Gte"].as_f64()).unwrap_or(f64::MIN);
                finding["Severity"].as_f64().is_some_and(|severity| severity >= from)
            }
            "service.archived" => {
                texts(&wanted["Equals"]).iter().any(|wanted| wanted == &finding["Service"]["Archived"].to_string())
            }
            "type" => texts(&wanted["Equals"]).iter().any(|wanted| finding["Type"] == wanted.as_str()),
            _ => true,
        })
    };
    account.findings.iter().filter(|(_, finding)| passes(finding)).map(|(id, _)| id.clone()).collect()
}
