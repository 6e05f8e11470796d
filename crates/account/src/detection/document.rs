//! What stands in a finding: the document of its service, about what was seen last.

use super::{Sighting, SimWorld, Why};
use crate::agenda::Source;
use crate::evidence::{
    About, Bucket, Call, Caller, Compliance, Flow, Holder, Saw, Scan, Sight, config_finding, config_record,
    guardduty_finding, health_finding, opening, telling_name,
};
use crate::machine::Machine;
use crate::resources::is_among;
use firedrill_model::finding::severity_word;
use firedrill_model::id::TargetId;
use firedrill_model::safe_text::MAX_CHARS;
use firedrill_model::scenario::{Detector, Emission, FindingFormat, ResourceKind, ResourceRole};
use firedrill_model::{DrillTime, Finding, LogSource, RecordId, SafeText};

impl SimWorld {
    /// The document of a finding that was made and last changed at these moments.
    pub(super) fn document(
        &self,
        detector: &Detector,
        sighting: &Sighting,
        finding: &Finding,
        moments: (DrillTime, DrillTime),
    ) -> SafeText {
        let mut text = self.written(detector, sighting, finding, moments);
        if text.len() > MAX_CHARS {
            // A document that is cut could not be read: a shorter description leaves it whole.
            let description = SafeText::new(&finding.description.as_str().chars().take(200).collect::<String>());
            text = self.written(detector, sighting, &Finding { description, ..finding.clone() }, moments);
        }
        SafeText::one_line(&text)
    }

    fn written(
        &self,
        detector: &Detector,
        sighting: &Sighting,
        finding: &Finding,
        (created, updated): (DrillTime, DrillTime),
    ) -> String {
        match detector.format {
            FindingFormat::Config => {
                let compliance = self.compliance(detector, &sighting.resource, false, (sighting.since, created));
                config_finding(&self.office, &compliance)
            }
            FindingFormat::Health => {
                let resource = self.scenario.resources.iter().find(|other| other.id == finding.resource);
                let owner = resource.and_then(|resource| resource.owner.as_ref()).map_or("unknown", TargetId::as_str);
                health_finding(&self.office, finding, owner, updated)
            }
            FindingFormat::GuarddutyDns
            | FindingFormat::GuarddutyNetwork
            | FindingFormat::GuarddutyApi
            | FindingFormat::GuarddutyMalware => {
                let sight = self.sight(detector, sighting, finding, (created, updated));
                guardduty_finding(&self.office, finding, &sight)
            }
            // An alarm sees no stage: its document is written when it turns.
            FindingFormat::Alarm => String::new(),
        }
    }

    fn sight<'a>(
        &'a self,
        detector: &'a Detector,
        sighting: &'a Sighting,
        finding: &'a Finding,
        (created, updated): (DrillTime, DrillTime),
    ) -> Sight<'a> {
        let by_default = match detector.format {
            FindingFormat::GuarddutyDns | FindingFormat::GuarddutyMalware => true,
            FindingFormat::GuarddutyNetwork
            | FindingFormat::GuarddutyApi
            | FindingFormat::Config
            | FindingFormat::Health
            | FindingFormat::Alarm => false,
        };
        let saw = self.saw(detector, sighting);
        let machine = self.fleet.machine(&finding.resource).or(match &saw {
            Saw::Flow(flow) | Saw::Probe(flow) => Some(flow.machine),
            _ => None,
        });
        let bucket = self.scenario.resources.iter().find(|other| other.id == finding.resource);
        let bucket = bucket.filter(|resource| resource.kind == ResourceKind::Bucket);
        Sight {
            actor: detector.role.map_or(by_default, |role| role == ResourceRole::Actor),
            holder: machine.map(|machine| self.holder(machine)),
            bucket: bucket
                .map(|bucket| Bucket { name: bucket.id.to_string(), public: self.resources.lets_world_in(&bucket.id) }),
            saw,
            created,
            updated,
        }
    }

    fn holder<'a>(&'a self, machine: &'a Machine) -> Holder<'a> {
        let service = self.scenario.services.get(machine.service);
        let groups = self.scenario.resources.iter().filter(|resource| {
            resource.kind == ResourceKind::SecurityGroup && resource.used_by.contains(&machine.serves_for)
        });
        Holder {
            machine,
            role: service.and_then(|service| service.role.as_ref()).map(TargetId::as_str),
            groups: groups.map(|group| group.id.as_str()).collect(),
            from_start: service.is_some_and(|service| service.instances.iter().any(|other| other.id == machine.id)),
        }
    }

    /// Of the records that a stage leaves, those that a detector goes by.
    pub(super) fn telling_leaf(&self, detector: &Detector, stage: usize) -> usize {
        let wanted = |leaf: &Emission| match detector.format {
            FindingFormat::GuarddutyDns => leaf.source == LogSource::ResolverQuery,
            FindingFormat::GuarddutyNetwork => leaf.source == LogSource::VpcFlow,
            FindingFormat::GuarddutyApi => is_of_calls(leaf.source),
            FindingFormat::GuarddutyMalware | FindingFormat::Config | FindingFormat::Health | FindingFormat::Alarm => {
                true
            }
        };
        let plan = self.scenario.stages.get(stage);
        plan.and_then(|plan| plan.leaves.iter().position(wanted)).unwrap_or(0)
    }

    /// What a detector saw of a stage last: the same as stands in the newest of its records.
    fn saw<'a>(&'a self, detector: &'a Detector, sighting: &'a Sighting) -> Saw<'a> {
        if detector.format == FindingFormat::GuarddutyMalware {
            let trigger = match &sighting.why {
                Why::After(finding) => Some(finding.to_string()),
                Why::Watching | Why::Asked => None,
            };
            let severity = severity_word(detector.severity);
            return Saw::Scan(Scan { threats: &detector.threats, began: sighting.from, trigger, severity });
        }
        let leaf = self.telling_leaf(detector, sighting.stage);
        let plan = self.scenario.stages.get(sighting.stage);
        let Some(emission) = plan.and_then(|plan| plan.leaves.get(leaf)) else { return Saw::Nothing };
        let left = self.evidence.left_by(sighting.stage, leaf);
        let key = self.evidence.name(Source::Stage(sighting.stage, leaf));
        let machine = left.machine.as_ref().or(Some(&sighting.resource)).and_then(|id| self.fleet.machine(id));
        let about = About {
            connects: &[],
            at: left.last.unwrap_or(sighting.since),
            key: (key, left.count.saturating_sub(1)),
            machine,
            resource: Some(sighting.resource.as_str()),
            opening: opening(&self.scenario),
            blocked: self.resources.blocked(),
            denied: false,
        };
        match detector.format {
            FindingFormat::GuarddutyDns => telling_name(&self.office, emission, &about).map_or(Saw::Nothing, |name| {
                let blocked = is_among(about.blocked, &name);
                Saw::Name(name, blocked)
            }),
            FindingFormat::GuarddutyNetwork => match Flow::of(&self.office, emission, &about) {
                Some(flow) if detector.finding.as_str().contains("PortProbe") => Saw::Probe(flow),
                Some(flow) => Saw::Flow(flow),
                None => Saw::Nothing,
            },
            FindingFormat::GuarddutyApi
            | FindingFormat::GuarddutyMalware
            | FindingFormat::Config
            | FindingFormat::Health
            | FindingFormat::Alarm => {
                Saw::Call(Box::new(self.named_key(Call::of(&self.office, emission, &about), sighting)))
            }
        }
    }

    /// A call with a key that is the place of the stage shows that key.
    fn named_key<'a>(&self, call: Call<'a>, sighting: &'a Sighting) -> Call<'a> {
        let resource = self.scenario.resources.iter().find(|other| other.id == sighting.resource);
        match resource.filter(|resource| resource.kind == ResourceKind::AccessKey) {
            Some(_) => Call { caller: Caller::with_key(call.caller, sighting.resource.as_str()), ..call },
            None => call,
        }
    }

    fn compliance<'a>(
        &'a self,
        detector: &'a Detector,
        resource: &'a TargetId,
        complies: bool,
        (changed, seen): (DrillTime, DrillTime),
    ) -> Compliance<'a> {
        let kind = self.scenario.resources.iter().find(|other| other.id == *resource).map(|other| other.kind);
        Compliance {
            rule: detector.finding.as_str(),
            resource: resource.as_str(),
            kind: match kind {
                // AWS Config watches users; their keys belong to them.
                Some(ResourceKind::AccessKey) => ResourceKind::User.type_name(),
                Some(kind) => kind.type_name(),
                None => "AWS::EC2::Instance",
            },
            complies,
            changed,
            seen,
            annotation: detector.title_of_finding.as_str(),
        }
    }

    /// A compliance change goes to the log of AWS Config. `(changed, seen)`: when the resource changed, when the rule had looked.
    pub(super) fn log_compliance(
        &mut self,
        detector: &Detector,
        resource: &TargetId,
        complies: bool,
        (changed, seen): (DrillTime, DrillTime),
    ) {
        let key = format!("{}/{resource}", detector.id);
        let times = self.detection.found.iter().filter(|found| found.finding.detector == detector.id).count() as u64;
        let count = u64::from(complies) + 2 * times;
        let id = RecordId::of(&format!("detector/{key}"), count);
        let record = config_record(&self.office, &self.compliance(detector, resource, complies, (changed, seen)), id);
        self.send_record(record, (&key, count), seen);
    }
}

/// Says whether calls of APIs are recorded in a log.
fn is_of_calls(log: LogSource) -> bool {
    match log {
        LogSource::Cloudtrail | LogSource::CloudtrailData => true,
        LogSource::VpcFlow | LogSource::ResolverQuery | LogSource::ConfigCompliance => false,
    }
}
