//! Findings: made once, counted up while it goes on, and told again only now and then.

use alloc::collections::BTreeSet;

use super::super::chance::Purpose;
use super::{Due, Found, Sighting, SimWorld, UPDATE, aggregates, repeats};
use crate::records::Left;
use firedrill_model::event::WorldEvent;
use firedrill_model::id::{FindingId, TargetId};
use firedrill_model::scenario::{Detector, FindingFormat};
use firedrill_model::{DrillTime, Finding, SafeText};

/// Most findings of one drill; what comes after them is not told.
const MOST: usize = 400;

impl SimWorld {
    /// A detector has looked at a stage for long enough, or looks again.
    pub(crate) fn detected(&mut self, sighting: &Sighting, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(detector) = scenario.detectors.get(sighting.detector) else { return };
        // Whoever turns it on lets it look anew.
        if !self.reads(detector) {
            return;
        }
        match self.already(detector, sighting) {
            None => self.find(detector, sighting, at),
            Some(place) => self.find_again(place, sighting, at),
        }
        if aggregates(detector.format) && self.adversary.place(sighting.stage).is_some() {
            self.agenda.plan_in(at, UPDATE, Due::Detection(sighting.clone()));
        }
    }

    /// The finding that this belongs to, if there is one already.
    fn already(&self, detector: &Detector, sighting: &Sighting) -> Option<usize> {
        // All that one scan finds is one finding; the next scan makes another.
        let scan = detector.format == FindingFormat::GuarddutyMalware;
        self.detection.found.iter().position(|found| {
            let here = found.finding.detector == detector.id && found.place == sighting.resource;
            here && !found.closed && (!scan || found.from == sighting.from)
        })
    }

    fn find(&mut self, detector: &Detector, sighting: &Sighting, at: DrillTime) {
        let stages = BTreeSet::from([sighting.stage]);
        let (count, last) = self.sightings(detector, &stages, sighting.since);
        let resource = self.found_at(detector, sighting);
        let Some(mut finding) = self.new_finding(detector, resource, sighting.since) else { return };
        (finding.count, finding.last_seen) = (count, last);
        finding.document = self.document(detector, sighting, &finding, (at, at));
        if detector.format == FindingFormat::Config {
            self.log_compliance(detector, &sighting.resource, false, (sighting.since, at));
        }
        self.made(&finding, &sighting.resource, (stages, sighting.from), at);
    }

    /// A finding of a detector, without its document. None once a drill has more than enough of them.
    pub(super) fn new_finding(&self, detector: &Detector, resource: TargetId, since: DrillTime) -> Option<Finding> {
        let number = self.detection.found.len() + 1;
        let description = detector.description.as_str().replace("{resource}", resource.as_str());
        Some(Finding {
            id: FindingId::new(&format!("finding-{number}")).ok().filter(|_| number <= MOST)?,
            detector: detector.id.clone(),
            kind: detector.finding.clone(),
            severity: detector.severity,
            title: detector.title_of_finding.clone(),
            description: SafeText::new(&description),
            resource,
            first_seen: since,
            last_seen: since,
            count: 1,
            document: SafeText::default(),
        })
    }

    /// A finding was made: it is on its way, and whoever waited for it looks.
    pub(super) fn made(
        &mut self,
        finding: &Finding,
        place: &TargetId,
        (stages, from): (BTreeSet<usize>, DrillTime),
        at: DrillTime,
    ) {
        self.detection.found.push(Found {
            finding: finding.clone(),
            place: place.clone(),
            stages,
            from,
            created: at,
            updated: at,
            told: at,
            sent: 1,
            closed: false,
        });
        self.say(at, WorldEvent::FindingCreated { finding: finding.clone() });
        self.carry(finding, 0, at);
        self.begin_automations(finding, at);
        self.look_after(finding, place, at);
    }

    fn find_again(&mut self, place: usize, sighting: &Sighting, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(detector) = scenario.detectors.get(sighting.detector) else { return };
        let Some(found) = self.detection.found.get_mut(place) else { return };
        found.stages.insert(sighting.stage);
        let known = found.clone();
        let (count, last) = self.sightings(detector, &known.stages, sighting.since);
        if !aggregates(detector.format) || at.since(known.updated) < UPDATE || count <= known.finding.count {
            return;
        }
        let mut finding = Finding { count, last_seen: last, ..known.finding };
        finding.document = self.document(detector, sighting, &finding, (known.created, at));
        let again = at.since(known.told) >= repeats(detector);
        if let Some(found) = self.detection.found.get_mut(place) {
            found.finding = finding.clone();
            found.updated = at;
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

    /// How often stages were seen so far, and when last. A change of compliance, a scan or a message of AWS Health is seen once.
    fn sightings(&self, detector: &Detector, stages: &BTreeSet<usize>, since: DrillTime) -> (u64, DrillTime) {
        if !aggregates(detector.format) {
            return (1, since);
        }
        let left = stages.iter().map(|stage| self.evidence.left_by(*stage, self.telling_leaf(detector, *stage)));
        let read = |left: &Left| if detector.needs_log.is_some() { left.count - left.unseen } else { left.count };
        let (count, last) = left.fold((0, None), |(sum, last), left| (sum + read(&left), last.max(left.last)));
        (count.max(1), last.unwrap_or(since).max(since))
    }

    /// What a finding is about: where the stage is, or the instance behind a security group that a connection went to.
    fn found_at(&self, detector: &Detector, sighting: &Sighting) -> TargetId {
        let behind = (detector.format == FindingFormat::GuarddutyNetwork)
            .then(|| self.evidence.left_by(sighting.stage, self.telling_leaf(detector, sighting.stage)).machine)
            .flatten();
        behind.filter(|_| self.fleet.machine(&sighting.resource).is_none()).unwrap_or_else(|| sighting.resource.clone())
    }

    /// Says whether another stage still does at this place what a detector sees.
    fn still_fails(&self, detector: &Detector, on: &TargetId) -> bool {
        self.scenario
            .stages
            .iter()
            .enumerate()
            .any(|(other, plan)| detector.sees.contains(&plan.id) && self.adversary.place(other) == Some(on))
    }

    /// A stage has ended: a Config rule will see that the resource complies again.
    pub(crate) fn stage_gone(&mut self, stage: usize, on: &TargetId, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(plan) = scenario.stages.get(stage) else { return };
        let rules = scenario
            .detectors
            .iter()
            .filter(|detector| detector.format == FindingFormat::Config && detector.sees.contains(&plan.id));
        for detector in rules {
            if self.still_fails(detector, on) {
                continue;
            }
            let open =
                |found: &&mut Found| found.finding.detector == detector.id && found.place == *on && !found.closed;
            let Some(found) = self.detection.found.iter_mut().find(open) else { continue };
            found.closed = true;
            let times = self.detection.found.iter().filter(|found| found.closed).count() as u64;
            let look = format!("{}/{}", detector.id, plan.id);
            let later = self.chance.latency(&detector.latency, Purpose::Detect, &look, times);
            self.log_compliance(detector, on, true, (at, at + later));
        }
    }
}
