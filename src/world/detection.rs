//! Who notices and who is told: detectors make findings, channels carry them to people or lose them.
//!
//! A detector makes one finding for each resource. What goes on raises its count, at most every fifteen minutes (the shortest
//! period that GuardDuty offers), and is told again only after six hours (GuardDuty's default for repeats).

use super::SimWorld;
use super::agenda::{Due, Sighting};
use super::chance::Purpose;
use super::evidence::{Compliance, Sight, config_finding, config_record, guardduty_finding};
use crate::domain::id::{ChannelId, DetectorId, FindingId, TargetId};
use crate::domain::{DrillTime, Finding, SafeText, Span};
use crate::drill::event::WorldEvent;
use crate::scenario::model::{Detector, FindingFormat, ResourceKind};

/// Between two updates of a finding.
const UPDATE: Span = Span::from_secs(15 * 60);
/// Between two notifications of one finding.
const REPEAT: Span = Span::from_secs(6 * 3600);

/// What was found and how it is told.
#[derive(Debug, Clone, Default)]
pub(super) struct Detection {
    /// In the order in which they were made.
    found: Vec<Found>,
    /// Channels that tell nobody.
    broken: Vec<ChannelId>,
}

#[derive(Debug, Clone)]
struct Found {
    finding: Finding,
    created: DrillTime,
    told: DrillTime,
    /// How often it was sent on its way.
    sent: u64,
}

impl Detection {
    pub(super) fn new(broken: Vec<ChannelId>) -> Self {
        Self { broken, ..Self::default() }
    }

    /// The findings of a detector.
    pub(super) fn findings(&self, detector: &DetectorId) -> Vec<Finding> {
        self.found.iter().map(|found| &found.finding).filter(|finding| finding.detector == *detector).cloned().collect()
    }

    /// Says whether a channel tells somebody.
    pub(super) fn arrives(&self, channel: &ChannelId) -> bool {
        !self.broken.contains(channel)
    }

    /// From now on a channel tells somebody.
    pub(super) fn repair(&mut self, channel: &ChannelId) {
        self.broken.retain(|broken| broken != channel);
    }
}

impl SimWorld {
    /// A stage has begun: the detectors that can see it look, unless they miss it.
    pub(super) fn stage_seen(&mut self, stage: usize, on: &TargetId, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        for (place, detector) in scenario.detectors.iter().enumerate() {
            if !detector.sees.contains(&plan.id) {
                continue;
            }
            let look = format!("{}/{}", detector.id, plan.id);
            if self.chance.unit(Purpose::Miss, &look, 0) < detector.misses {
                continue;
            }
            let latency = self.chance.latency(&detector.latency, Purpose::Detect, &look, 0);
            let sighting = Sighting { detector: place, stage, resource: on.clone(), since: at };
            self.agenda.plan_in(at, latency, Due::Detection(sighting));
        }
    }

    /// A stage has ended: a Config rule will see that the resource complies again.
    pub(super) fn stage_gone(&mut self, stage: usize, on: &TargetId, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        let rules = scenario
            .detectors
            .iter()
            .filter(|detector| detector.format == FindingFormat::Config && detector.sees.contains(&plan.id));
        for detector in rules {
            let found = self
                .detection
                .found
                .iter()
                .any(|found| found.finding.detector == detector.id && found.finding.resource == *on);
            if found {
                let look = format!("{}/{}", detector.id, plan.id);
                let later = self.chance.latency(&detector.latency, Purpose::Detect, &look, 1);
                self.log_compliance(detector, on, true, at, at + later);
            }
        }
    }

    /// A detector has seen a stage for long enough, or looks again.
    pub(super) fn detected(&mut self, sighting: &Sighting, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(detector) = scenario.detectors.get(sighting.detector) else { return };
        let known = self
            .detection
            .found
            .iter()
            .position(|found| found.finding.detector == detector.id && found.finding.resource == sighting.resource);
        match known {
            None => self.find(detector, sighting, at),
            Some(place) => self.find_again(place, sighting, at),
        }
        // Config says once that a resource doesn't comply; GuardDuty goes on counting.
        if detector.format == FindingFormat::GuarddutyDns && self.adversary.place(sighting.stage).is_some() {
            self.agenda.plan_in(at, UPDATE, Due::Detection(sighting.clone()));
        }
    }

    fn find(&mut self, detector: &Detector, sighting: &Sighting, at: DrillTime) {
        let number = self.detection.found.len() + 1;
        let Ok(id) = FindingId::new(&format!("finding-{number}")) else { return };
        let (count, last) = self.sightings(detector, sighting);
        let description = detector.description.as_str().replace("{resource}", sighting.resource.as_str());
        let mut finding = Finding {
            id,
            detector: detector.id.clone(),
            kind: detector.finding.clone(),
            severity: detector.severity,
            title: detector.title_of_finding.clone(),
            description: SafeText::new(&description),
            resource: sighting.resource.clone(),
            first_seen: sighting.since,
            last_seen: last,
            count,
            document: SafeText::default(),
        };
        finding.document = self.document(detector, sighting, &finding, at, at);
        if detector.format == FindingFormat::Config {
            self.log_compliance(detector, &sighting.resource, false, sighting.since, at);
        }
        self.detection.found.push(Found { finding: finding.clone(), created: at, told: at, sent: 1 });
        self.say(at, WorldEvent::FindingCreated { finding: finding.clone() });
        self.carry(&finding, 0, at);
    }

    fn find_again(&mut self, place: usize, sighting: &Sighting, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(detector) = scenario.detectors.get(sighting.detector) else { return };
        let Some(known) = self.detection.found.get(place).cloned() else { return };
        let (count, last) = self.sightings(detector, sighting);
        if count <= known.finding.count {
            return;
        }
        let mut finding = Finding { count, last_seen: last, ..known.finding };
        finding.document = self.document(detector, sighting, &finding, known.created, at);
        let again = at.since(known.told) >= REPEAT;
        if let Some(found) = self.detection.found.get_mut(place) {
            found.finding = finding.clone();
            if again {
                found.told = at;
                found.sent += 1;
            }
        }
        self.say(at, WorldEvent::FindingCreated { finding: finding.clone() });
        if again {
            self.carry(&finding, known.sent, at);
        }
    }

    /// How often a stage was seen so far, and when last. A change of compliance is seen once.
    fn sightings(&self, detector: &Detector, sighting: &Sighting) -> (u64, DrillTime) {
        if detector.format == FindingFormat::Config {
            return (1, sighting.since);
        }
        let (count, last) = self.evidence.left_by(sighting.stage);
        (count.max(1), last.unwrap_or(sighting.since).max(sighting.since))
    }

    fn document(
        &self,
        detector: &Detector,
        sighting: &Sighting,
        finding: &Finding,
        created: DrillTime,
        updated: DrillTime,
    ) -> SafeText {
        let machine = self.fleet.machine(&sighting.resource);
        let text = match detector.format {
            FindingFormat::GuarddutyDns => {
                let service = machine.and_then(|machine| self.scenario.services.get(machine.service));
                let role = service.and_then(|service| service.role.as_ref()).map(TargetId::as_str);
                let domain = self.telling_domain(sighting.stage).unwrap_or_default();
                let sight = Sight { machine, role, domain: domain.as_str(), created, updated };
                guardduty_finding(&self.office, finding, &sight)
            }
            // The checker refuses the formats that nothing writes yet, so that this is Config's.
            _ => config_finding(
                &self.office,
                &self.compliance(detector, &sighting.resource, false, sighting.since, created),
            ),
        };
        SafeText::one_line(&text)
    }

    fn compliance<'a>(
        &'a self,
        detector: &'a Detector,
        resource: &'a TargetId,
        complies: bool,
        changed: DrillTime,
        seen: DrillTime,
    ) -> Compliance<'a> {
        let kind = self.scenario.resources.iter().find(|other| other.id == *resource).map(|other| other.kind);
        Compliance {
            rule: detector.finding.as_str(),
            resource: resource.as_str(),
            kind: match kind {
                Some(ResourceKind::SecurityGroup) => "AWS::EC2::SecurityGroup",
                Some(ResourceKind::Role) => "AWS::IAM::Role",
                Some(ResourceKind::User | ResourceKind::AccessKey) => "AWS::IAM::User",
                Some(ResourceKind::NetworkAcl) => "AWS::EC2::NetworkAcl",
                Some(ResourceKind::Bucket) => "AWS::S3::Bucket",
                Some(ResourceKind::Database) => "AWS::RDS::DBInstance",
                Some(ResourceKind::Snapshot) => "AWS::RDS::DBSnapshot",
                None => "AWS::EC2::Instance",
            },
            complies,
            changed,
            seen,
            annotation: detector.title_of_finding.as_str(),
        }
    }

    fn log_compliance(
        &mut self,
        detector: &Detector,
        resource: &TargetId,
        complies: bool,
        changed: DrillTime,
        seen: DrillTime,
    ) {
        let record = config_record(&self.office, &self.compliance(detector, resource, complies, changed, seen));
        let key = format!("{}/{resource}", detector.id);
        self.send_record(record, (&key, u64::from(complies)), seen);
    }

    /// Sends a finding through the channels that carry it, for the first time or again.
    fn carry(&mut self, finding: &Finding, sent: u64, at: DrillTime) {
        let scenario = self.scenario.clone();
        for channel in scenario.channels.iter().filter(|channel| channel.carries.contains(&finding.detector)) {
            let way = format!("{}/{}/{}", channel.id, finding.detector, finding.resource);
            let latency = self.chance.latency(&channel.latency, Purpose::Carry, &way, sent);
            self.agenda.plan_in(at, latency, Due::Message(channel.id.clone(), finding.id.clone()));
        }
    }

    /// A message is at the end of its way: a person gets it, or nobody does.
    pub(super) fn delivered(&mut self, channel: &ChannelId, id: &FindingId, at: DrillTime) {
        let found = self.detection.found.iter().find(|found| found.finding.id == *id);
        let Some(finding) = found.map(|found| found.finding.clone()) else { return };
        if self.detection.arrives(channel) {
            self.say(at, WorldEvent::Notified { channel: channel.clone(), finding });
        } else {
            self.say(at, WorldEvent::NotificationLost { channel: channel.clone(), finding: finding.id });
        }
    }
}
