//! Findings as OCSF 1.8.0 events, an array: Detection Finding (class 2004), and Compliance Finding (2003) for rules of AWS Config, with the
//! `cloud` profile. Fields as in the Open Cybersecurity Schema Framework (github.com/ocsf/ocsf-schema); the tests hold every event
//! against that schema.
//!
//! Each carries the finding as its service wrote it (`evidences[].data`), the label `drill` and the kind of its world, and its
//! message and title begin with `[EXERCISE, simulated]`: nobody who loads them may take a drill for an attack.
//! What the schema has no name for, how far the record can be trusted, stands under `unmapped`.

use serde_json::{Map, Value, json};

use super::foreign;
use firedrill_core::projection::found::Found;
use firedrill_core::projection::{Fold, View, wording};
use firedrill_model::finding::severity_word;
use firedrill_model::id::{DrillId, TargetId};
use firedrill_model::scenario::{DetectorName, FindingFormat, Stage};
use firedrill_model::{DrillTime, Finding, Judgement, SafeText, Shown};

/// The version of the schema.
const VERSION: &str = "1.8.0";
/// Class of a compliance finding.
const COMPLIANCE: u32 = 2003;

/// The findings that may be told. Moments are UTC milliseconds as the documents of the world have them.
#[must_use]
pub fn render(view: &Fold, drill: &DrillId, trust: &Shown) -> String {
    let events = view.found().iter().map(|found| event(view, drill, found, trust)).collect();
    foreign::pretty(&Value::Array(events))
}

/// Class, its name, and the name of the product that found it.
struct Class {
    uid: u32,
    name: &'static str,
    product: &'static str,
}

fn class(format: Option<FindingFormat>) -> Class {
    let detection = |product| Class { uid: 2004, name: "Detection Finding", product };
    match format {
        Some(FindingFormat::Config) => Class { uid: COMPLIANCE, name: "Compliance Finding", product: "AWS Config" },
        Some(FindingFormat::Health) => detection("AWS Health"),
        Some(FindingFormat::Alarm) => detection("Amazon CloudWatch"),
        Some(_) => detection("Amazon GuardDuty"),
        None => detection("unknown"),
    }
}

fn event(view: &Fold, drill: &DrillId, found: &Found<'_>, trust: &Shown) -> Value {
    let finding = found.finding;
    let detector = view.scenario.detectors.iter().find(|detector| detector.id == finding.detector);
    let class = class(detector.map(|detector| detector.format));
    let (activity, activity_name) = if finding.count > 1 { (2, "Update") } else { (1, "Create") };
    let (severity, severity_name) = severity(finding.severity);
    let (status, status_name) = status(found);
    let mut event = json!({
        "class_uid": class.uid, "class_name": class.name,
        "category_uid": 2, "category_name": "Findings",
        "activity_id": activity, "activity_name": activity_name,
        "type_uid": class.uid * 100 + activity, "type_name": format!("{}: {activity_name}", class.name),
        "severity_id": severity, "severity": severity_name,
        "status_id": status, "status": status_name,
        "time": in_documents(view, found.stamp.at),
        "start_time": in_documents(view, finding.first_seen), "end_time": in_documents(view, finding.last_seen),
        "count": finding.count,
        "message": marked(view, finding),
        "metadata": metadata(view, drill, finding, &class),
        "cloud": {
            "provider": "AWS", "region": view.scenario.account.region,
            "account": { "uid": view.scenario.account.id, "type_id": 10, "type": "AWS Account" },
        },
        "finding_info": info(view, found, detector),
        "unmapped": { "firedrill": { "trust": trust.as_str() } },
    });
    let Some(fields) = event.as_object_mut() else { return event };
    fields.insert("resources".into(), json!([resource(view, &finding.resource)]));
    if class.uid == COMPLIANCE {
        fields.insert("compliance".into(), compliance(finding));
    }
    if let Some(document) = foreign::read(&finding.document) {
        fields.insert("evidences".into(), json!([{ "data": document }]));
    }
    event
}

/// The title of a finding, behind that it tells of an exercise.
fn marked(view: &View, finding: &Finding) -> String {
    format!("[{}] {}", wording::exercise_label(view.world_kind()), finding.title)
}

fn metadata(view: &View, drill: &DrillId, finding: &Finding, class: &Class) -> Value {
    json!({
        "version": VERSION, "profiles": ["cloud"],
        "product": { "name": class.product, "vendor_name": "AWS" },
        "uid": format!("{drill}/{}", finding.id),
        "event_code": finding.kind,
        "tenant_uid": view.scenario.account.id,
        "labels": ["exercise", "drill", "firedrill", format!("world:{}", wording::world(view.world_kind())), format!("drill:{drill}"), format!("scenario:{}", view.scenario.id)],
    })
}

fn info(view: &Fold, found: &Found<'_>, detector: Option<&DetectorName>) -> Value {
    let finding = found.finding;
    let mut info = json!({
        "uid": finding.id, "title": marked(view, finding), "desc": finding.description, "types": [finding.kind],
        "created_time": in_documents(view, found.stamp.at),
        "first_seen_time": in_documents(view, finding.first_seen),
        "last_seen_time": in_documents(view, finding.last_seen),
        "analytic": {
            "name": finding.kind, "type_id": 1, "type": "Rule",
            "desc": detector.map_or(finding.detector.as_str(), |detector| detector.title.as_str()),
        },
    });
    let attacks: Vec<Value> = found.stages.iter().filter_map(|stage| attack(view, stage)).collect();
    if let (Some(fields), false) = (info.as_object_mut(), attacks.is_empty()) {
        fields.insert("attacks".into(), attacks.into());
    }
    info
}

/// The technique of a stage; a sub-technique goes with its parent.
fn attack(view: &Fold, stage: &Stage) -> Option<Value> {
    let id = stage.technique.as_ref()?;
    let technique = view.whole()?.techniques.iter().find(|technique| technique.id == *id);
    let name = technique.map(|technique| &technique.name);
    let part = |uid: &str, name: Option<&SafeText>| {
        let mut part = Map::from_iter([("uid".to_owned(), uid.into())]);
        if let Some(name) = name {
            part.insert("name".into(), name.as_str().into());
        }
        Value::Object(part)
    };
    Some(match id.as_str().split_once('.') {
        Some((parent, _)) => json!({ "technique": part(parent, None), "sub_technique": part(id.as_str(), name) }),
        None => json!({ "technique": part(id.as_str(), name) }),
    })
}

/// What a finding is about. Its type is the one that `CloudFormation` uses.
fn resource(view: &View, id: &TargetId) -> Value {
    let kind = view.scenario.resource(id).map(|resource| resource.kind.type_name());
    let instance = || view.board.instances.contains_key(id).then_some("AWS::EC2::Instance");
    let mut resource = json!({
        "uid": id, "name": view.target_title(id), "cloud_partition": "aws", "region": view.scenario.account.region,
    });
    if let (Some(fields), Some(kind)) = (resource.as_object_mut(), kind.or_else(instance)) {
        fields.insert("type".into(), kind.into());
    }
    resource
}

fn compliance(finding: &Finding) -> Value {
    json!({ "control": finding.kind, "desc": finding.description, "status_id": 3, "status": "Fail" })
}

/// `GuardDuty`'s scale in OCSF's.
fn severity(severity: f64) -> (u32, &'static str) {
    match severity_word(severity) {
        "CRITICAL" => (5, "Critical"),
        "HIGH" => (4, "High"),
        "MEDIUM" => (3, "Medium"),
        _ => (2, "Low"),
    }
}

fn status(found: &Found<'_>) -> (u32, &'static str) {
    match found.row {
        Some(row) if row.judged.as_ref().is_some_and(|(_, _, judged)| *judged == Judgement::Noise) => (3, "Suppressed"),
        Some(row) if row.acknowledged.is_some() => (2, "In Progress"),
        _ => (1, "New"),
    }
}

fn in_documents(view: &View, at: DrillTime) -> i64 {
    view.drill_utc(at).timestamp_millis()
}
