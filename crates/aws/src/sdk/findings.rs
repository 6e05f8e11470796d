//! What detectors say: findings of `GuardDuty` with their own fields, evaluations of AWS Config.

use aws_sdk_guardduty::types::{Condition, FindingCriteria};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::raw::{How, Read};
use super::{Aws, Trouble, trouble};
use crate::kit::Kit;

/// A finding as its detector gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The source's own identity, with its update: the same again is the same.
    pub key: String,
    /// Id.
    pub id: String,
    /// Type, or rule.
    pub kind: String,
    /// `GuardDuty`'s scale.
    pub severity: f64,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// What it is about.
    pub resource: String,
    /// When the detector made it, by the detector's clock.
    pub made: DateTime<Utc>,
    /// When the thing was first seen.
    pub first: DateTime<Utc>,
    /// When it was last seen.
    pub last: DateTime<Utc>,
    /// How often.
    pub count: u64,
    /// The whole of it.
    pub document: String,
    /// It is about the drill's own target and of a type that the kit expects.
    pub ours: bool,
}

/// Findings a page; more are never fetched at once.
const PAGE: i32 = 50;
/// Pages that are read at most in one look: what comes on top is read in the next one.
const PAGES: usize = 4;

impl Aws {
    /// The detector of this region, if there is one.
    pub(super) async fn detector(&self) -> Result<Option<String>, Trouble> {
        let asked = self.guardduty.list_detectors().send().await;
        let answer = asked.map_err(|error| trouble::of("guardduty:ListDetectors", &error))?;
        Ok(answer.detector_ids.unwrap_or_default().into_iter().next())
    }

    /// Asks `GuardDuty` for sample findings of these types, and of no other.
    pub(super) async fn sample(&self, detector: &str, kinds: &[String]) -> Result<(), Trouble> {
        let call =
            self.guardduty.create_sample_findings().detector_id(detector).set_finding_types(Some(kinds.to_vec()));
        call.send().await.map(drop).map_err(|error| trouble::of("guardduty:CreateSampleFindings", &error))
    }

    /// What was found since a moment.
    pub(super) async fn found(
        &self,
        kit: &Kit,
        target: &str,
        detector: Option<&str>,
        since: DateTime<Utc>,
    ) -> Result<Vec<Found>, Trouble> {
        let mut found = match detector {
            Some(detector) => self.guardduty_found(detector, since).await?,
            None => Vec::new(),
        };
        if kit.finds.detector == "config" && !target.is_empty() {
            found.extend(self.evaluated(kit, target, since).await?);
        }
        for one in &mut found {
            let sample = kit.tier == 0 && one.title.starts_with("[SAMPLE]");
            one.ours = kit.finds.kinds.contains(&one.kind) && (sample || one.resource == target);
        }
        Ok(found)
    }

    async fn guardduty_found(&self, detector: &str, since: DateTime<Utc>) -> Result<Vec<Found>, Trouble> {
        let updated = Condition::builder().greater_than_or_equal(since.timestamp_millis()).build();
        let open = Condition::builder().equals("false").build();
        let criteria =
            FindingCriteria::builder().criterion("updatedAt", updated).criterion("service.archived", open).build();
        let (mut ids, mut next) = (Vec::new(), None);
        for _ in 0..PAGES {
            let call = self
                .guardduty
                .list_findings()
                .detector_id(detector)
                .finding_criteria(criteria.clone())
                .max_results(PAGE);
            let answer = call
                .set_next_token(next)
                .send()
                .await
                .map_err(|error| trouble::of("guardduty:ListFindings", &error))?;
            ids.extend(answer.finding_ids.unwrap_or_default());
            next = answer.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                break;
            }
        }
        let mut found = Vec::new();
        for page in ids.chunks(50) {
            let path = format!("/detector/{detector}/findings/get");
            let read = Read {
                call: "guardduty:GetFindings",
                service: "guardduty",
                region: None,
                how: How::Post(&path, json!({ "findingIds": page })),
            };
            let answer = self.read(read).await?.json();
            found.extend(answer["findings"].as_array().into_iter().flatten().filter_map(of_guardduty));
        }
        Ok(found)
    }

    async fn evaluated(&self, kit: &Kit, target: &str, since: DateTime<Utc>) -> Result<Vec<Found>, Trouble> {
        let input = json!({ "ResourceType": kit.finds.resource_type, "ResourceId": target, "ComplianceTypes": ["NON_COMPLIANT"] });
        let target_name = "StarlingDoveService.GetComplianceDetailsByResource";
        let read = Read {
            call: "config:GetComplianceDetailsByResource",
            service: "config",
            region: None,
            how: How::Json(target_name, input),
        };
        let answer = match self.read(read).await {
            Ok(answer) => answer.json(),
            // It says so of what it has not evaluated yet.
            Err(trouble) if trouble.is_gone() => return Ok(Vec::new()),
            Err(trouble) => return Err(trouble),
        };
        let results = answer["EvaluationResults"].as_array().into_iter().flatten();
        Ok(results.filter_map(of_config).filter(|one| one.made >= since).collect())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Number(seconds) => {
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
            let millis = (seconds.as_f64()? * 1000.0) as i64;
            DateTime::from_timestamp_millis(millis)
        }
        value => DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.to_utc()),
    }
}

fn of_guardduty(finding: &Value) -> Option<Found> {
    let (resource, service) = (&finding["resource"], &finding["service"]);
    let named = [
        &resource["instanceDetails"]["instanceId"],
        &resource["s3BucketDetails"][0]["name"],
        &resource["accessKeyDetails"]["userName"],
    ];
    let named = named.into_iter().find_map(Value::as_str).unwrap_or("account");
    let (id, made) = (text(&finding["id"]), moment(&finding["createdAt"])?);
    Some(Found {
        key: format!("{id}/{}", text(&finding["updatedAt"])),
        id,
        kind: text(&finding["type"]),
        severity: finding["severity"].as_f64().unwrap_or_default(),
        title: text(&finding["title"]),
        description: text(&finding["description"]),
        resource: named.to_owned(),
        made,
        first: moment(&service["eventFirstSeen"]).unwrap_or(made),
        last: moment(&service["eventLastSeen"]).unwrap_or(made),
        count: service["count"].as_u64().unwrap_or(1),
        document: finding.to_string(),
        ours: false,
    })
}

/// A severity for what has none, in the middle of `GuardDuty`'s scale, as Security Hub gives it for this control.
const MEDIUM: f64 = 5.0;

fn of_config(result: &Value) -> Option<Found> {
    let qualifier = &result["EvaluationResultIdentifier"]["EvaluationResultQualifier"];
    let (rule, resource) = (text(&qualifier["ConfigRuleName"]), text(&qualifier["ResourceId"]));
    let made = moment(&result["ResultRecordedTime"])?;
    let first = moment(&result["EvaluationResultIdentifier"]["OrderingTimestamp"]).unwrap_or(made);
    Some(Found {
        key: format!("{rule}/{resource}/{}", made.timestamp_millis()),
        id: format!("{rule}-{resource}"),
        title: format!("{rule}: {resource} does not comply"),
        description: format!("AWS Config evaluated {resource} by the rule {rule} as not compliant."),
        kind: rule,
        severity: MEDIUM,
        resource,
        made,
        first,
        last: made,
        count: 1,
        document: result.to_string(),
        ours: false,
    })
}

/// Why something in the account is a drill's: a resource of its stack, or a finding about one. Nothing where it isn't.
///
/// # Errors
/// When it can't be asked.
pub async fn is_ours(aws: &Aws, kit: &Kit, made: &super::Made, what: &str) -> Result<Option<String>, Trouble> {
    let target = made.output("Target");
    let is_target = !target.is_empty() && what.split(['/', ':']).any(|part| part == target);
    if is_target {
        return Ok(Some("the drill's own resource".into()));
    }
    if what.contains(&made.stack) {
        return Ok(Some("a part of the drill's stack".into()));
    }
    let long_ago = super::now() - chrono::Duration::days(90);
    let detector = aws.detector().await?;
    let found = aws.found(kit, target, detector.as_deref(), long_ago).await?;
    let named = found.iter().find(|one| one.ours && (what == one.id || what.ends_with(&format!("finding/{}", one.id))));
    Ok(named.map(|one| format!("the finding {} about the drill's own resource", one.kind)))
}
