//! GuardDuty finding, as `EventBridge` carries it.
//!
//! Fields as in the GuardDuty API (`GetFindings`) with the names that `EventBridge` gives them, which begin in lower case. The tests
//! hold every finding against the API's own model.

mod action;
mod malware;
mod resource;

use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use action::Saw;
pub(crate) use malware::Scan;
pub(crate) use resource::{Bucket, Holder};

use super::{Envelope, Office, to_json};
use firedrill_model::{DrillTime, Finding};

/// What GuardDuty knows beside the finding itself.
#[derive(Debug, Clone)]
pub(crate) struct Sight<'a> {
    /// The resource does it; otherwise somebody does it to the resource.
    pub actor: bool,
    /// The instance and its surroundings, if one is concerned.
    pub holder: Option<Holder<'a>>,
    /// The bucket, if the finding is about one.
    pub bucket: Option<Bucket>,
    /// What it saw last.
    pub saw: Saw<'a>,
    /// When the finding was made.
    pub created: DrillTime,
    /// When it was last changed.
    pub updated: DrillTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    schema_version: &'a str,
    account_id: &'a str,
    region: &'a str,
    partition: &'a str,
    id: &'a str,
    arn: String,
    #[serde(rename = "type")]
    kind: &'a str,
    resource: Value,
    service: Service<'a>,
    severity: f64,
    created_at: String,
    updated_at: String,
    title: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    service_name: &'a str,
    detector_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ebs_volume_scan_details: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature_name: Option<&'a str>,
    resource_role: &'a str,
    additional_info: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Value>,
    event_first_seen: String,
    event_last_seen: String,
    archived: bool,
    count: u64,
}

/// The document of a finding.
pub(crate) fn finding(office: &Office, finding: &Finding, sight: &Sight<'_>) -> String {
    let (account, region) = (office.account_id(), office.region());
    let detector = office.hex("guardduty", 7, 32);
    let id = id(office, finding.id.as_str());
    let scan = match &sight.saw {
        Saw::Scan(scan) => Some(scan),
        _ => None,
    };
    let detail = Detail {
        schema_version: "2.0",
        account_id: account,
        region,
        partition: "aws",
        id: &id,
        arn: format!("arn:aws:guardduty:{region}:{account}:detector/{detector}/finding/{id}"),
        kind: finding.kind.as_str(),
        resource: resource::of(office, finding, sight),
        service: Service {
            service_name: "guardduty",
            detector_id: &detector,
            action: action::of(office, sight),
            ebs_volume_scan_details: scan.map(|scan| malware::details(office, finding, sight, scan)),
            feature_name: scan.is_some().then_some("EbsVolumeScan"),
            resource_role: if sight.actor { "ACTOR" } else { "TARGET" },
            additional_info: additional(finding, sight),
            evidence: evidence(finding, sight),
            event_first_seen: office.stamp(finding.first_seen),
            event_last_seen: office.stamp(finding.last_seen),
            archived: false,
            count: finding.count,
        },
        severity: finding.severity,
        created_at: office.fine_stamp(sight.created),
        updated_at: office.fine_stamp(sight.updated),
        title: finding.title.as_str(),
        description: finding.description.as_str(),
    };
    to_json(&Envelope {
        version: "0",
        id: office.uuid(finding.id.as_str(), finding.count.wrapping_add(9)),
        detail_type: "GuardDuty Finding",
        source: "aws.guardduty",
        account,
        time: office.stamp(sight.updated),
        region,
        resources: Vec::new(),
        detail,
    })
}

/// GuardDuty's own id of a finding.
pub(super) fn id(office: &Office, finding: &str) -> String {
    office.hex(finding, 8, 32)
}

/// The list on which a name or address stands, for findings that go by one.
fn threat_list(finding: &Finding) -> Option<&'static str> {
    const BY_LIST: [&str; 5] = ["Bitcoin", "C&C", "Malicious", "DropPoint", "Blackhole"];
    BY_LIST.iter().any(|word| finding.kind.as_str().contains(word)).then_some("ProofPoint")
}

/// `additionalInfo`: what else belongs to this type of finding, once as fields and once as text.
fn additional(finding: &Finding, sight: &Sight<'_>) -> Value {
    let mut info = serde_json::Map::new();
    if let Some(list) = threat_list(finding).filter(|_| !matches!(sight.saw, Saw::Scan(_))) {
        info.insert("threatListName".into(), list.into());
    }
    if let (true, Saw::Flow(flow)) = (finding.kind.as_str().contains("Portscan"), &sight.saw) {
        info.insert("portsScannedSample".into(), json!([flow.port]));
    }
    let text = Value::Object(info.clone()).to_string();
    info.insert("value".into(), text.into());
    info.insert("type".into(), "default".into());
    Value::Object(info)
}

fn evidence(finding: &Finding, sight: &Sight<'_>) -> Option<Value> {
    if let Saw::Scan(scan) = &sight.saw {
        return Some(malware::evidence(scan));
    }
    let list = threat_list(finding)?;
    Some(json!({ "threatIntelligenceDetails": [{ "threatListName": list, "threatNames": [] }] }))
}
