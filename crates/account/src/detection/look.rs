//! Who looks when: at the start of a stage, after somebody else's finding, when asked, or once a log is on.

use super::super::chance::Purpose;
use super::{Due, Sighting, SimWorld, Why};
use firedrill_model::event::{InstanceState, Obstacle};
use firedrill_model::id::{DetectorId, TargetId};
use firedrill_model::scenario::{Detector, FindingFormat, Scenario};
use firedrill_model::{DrillTime, Finding, LogSource, Span};

/// A scan that somebody asks for can begin an hour after the one before (GuardDuty user guide, on-demand malware scan).
const BETWEEN_SCANS: Span = Span::from_secs(3600);
/// A scan that a finding sets off happens once a day for each instance (GuardDuty user guide, GuardDuty-initiated malware scan).
const BETWEEN_SET_OFF: Span = Span::from_secs(24 * 3600);

impl SimWorld {
    /// A stage has begun: the detectors that can see it look, unless they miss it.
    pub(crate) fn stage_seen(&mut self, stage: usize, on: &TargetId, at: DrillTime) {
        let scenario = self.scenario.clone();
        self.detection.began.insert(stage, at);
        for place in watching(&scenario, stage) {
            let Some(detector) = scenario.detectors.get(place) else { continue };
            if self.reads(detector) && self.has_reason(detector, on) {
                self.look(place, stage, (on, at, at), Why::Watching);
            }
        }
    }

    /// Says whether a detector is on, and so is the log that it reads.
    pub(super) fn reads(&self, detector: &Detector) -> bool {
        self.detection.is_on(&detector.id) && detector.needs_log.is_none_or(|log| self.evidence.records(log))
    }

    /// Says whether a detector looks at this place already: always, or because of an earlier finding. A scan has looked by then.
    fn has_reason(&self, detector: &Detector, on: &TargetId) -> bool {
        let after = &detector.after_finding_of;
        let found = || {
            self.detection.found.iter().any(|found| {
                after.contains(&found.finding.detector) && (found.place == *on || found.finding.resource == *on)
            })
        };
        after.is_empty() || (detector.format != FindingFormat::GuarddutyMalware && found())
    }

    /// Plans what a detector will find. `(on, since, from)`: where, since when the stage goes on, since when the detector looks.
    fn look(&mut self, place: usize, stage: usize, (on, since, from): (&TargetId, DrillTime, DrillTime), why: Why) {
        let scenario = self.scenario.clone();
        let (Some(detector), Some(plan)) = (scenario.detectors.get(place), scenario.stages.get(stage)) else { return };
        let look = format!("{}/{}", detector.id, plan.id);
        // A look for another reason is another chance; an asked one is so each time.
        let count = match &why {
            Why::Watching if since == from => 0,
            Why::Watching | Why::After(_) => 2,
            Why::Asked => 3 + from.0,
        };
        if self.chance.unit(Purpose::Miss, &look, count) < detector.misses {
            return;
        }
        let latency = self.chance.latency(&detector.latency, Purpose::Detect, &look, count);
        let sighting = Sighting { detector: place, stage, resource: on.clone(), since, from, why };
        self.agenda.plan_in(from, latency, Due::Detection(sighting));
    }

    /// Where a stage goes on and since when, if it does.
    fn going_on(&self, stage: usize) -> Option<(TargetId, DrillTime)> {
        let on = self.adversary.place(stage)?.clone();
        Some((on, *self.detection.began.get(&stage)?))
    }

    /// A detector looks at all stages that go on at one of these places.
    fn look_at(&mut self, place: usize, at_places: &[&TargetId], why: &Why, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(detector) = scenario.detectors.get(place) else { return };
        for (stage, plan) in scenario.stages.iter().enumerate().filter(|(_, plan)| detector.sees.contains(&plan.id)) {
            let _ = plan;
            if let Some((on, since)) = self.going_on(stage)
                && at_places.contains(&&on)
            {
                self.look(place, stage, (&on, since, at), why.clone());
            }
        }
    }

    /// Something was found: the detectors that wait for that look there now.
    pub(super) fn look_after(&mut self, finding: &Finding, found_at: &TargetId, at: DrillTime) {
        let scenario = self.scenario.clone();
        for (place, detector) in scenario.detectors.iter().enumerate() {
            if detector.on_demand || !detector.after_finding_of.contains(&finding.detector) || !self.reads(detector) {
                continue;
            }
            if detector.format == FindingFormat::GuarddutyMalware {
                let key = (place, finding.resource.clone());
                let last = self.detection.set_off.get(&key);
                if last.is_some_and(|last| at.since(*last) < BETWEEN_SET_OFF) {
                    continue;
                }
                self.detection.set_off.insert(key, at);
            }
            self.look_at(place, &[found_at, &finding.resource], &Why::After(finding.id.clone()), at);
        }
    }

    /// A log is on from now on: the detectors that read it see what goes on.
    pub(crate) fn log_turned_on(&mut self, log: LogSource, at: DrillTime) {
        self.evidence.turn_on(log);
        let scenario = self.scenario.clone();
        for detector in scenario.detectors.iter().filter(|detector| detector.needs_log == Some(log)) {
            self.look_anew(&detector.id, at);
        }
    }

    /// A detector sees from now on what goes on, unless it waits to be asked.
    pub(crate) fn look_anew(&mut self, id: &DetectorId, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(place) = scenario.detectors.iter().position(|detector| detector.id == *id) else { return };
        let Some(detector) = scenario.detectors.get(place) else { return };
        if detector.on_demand || !self.reads(detector) {
            return;
        }
        for (stage, plan) in scenario.stages.iter().enumerate() {
            if let Some((on, since)) = self.going_on(stage)
                && detector.sees.contains(&plan.id)
                && self.has_reason(detector, &on)
            {
                self.look(place, stage, (&on, since, at), Why::Watching);
            }
        }
    }

    /// Says why a scan can't begin now, if so.
    pub(crate) fn can_scan(&self, detector: &DetectorId, instance: &TargetId, at: DrillTime) -> Result<(), Obstacle> {
        if !self.detection.is_on(detector) {
            return Err(Obstacle::DetectorStopped);
        }
        let machine = self.fleet.machine(instance).ok_or(Obstacle::NoSuchInstance)?;
        if machine.state == InstanceState::Terminated {
            return Err(Obstacle::VolumeGone);
        }
        // The hour counts from the last scan, whoever began it.
        let set_off = self.detection.set_off.iter().filter(|((_, resource), _)| resource == instance);
        let last = set_off.map(|(_, last)| *last).chain(self.detection.asked.get(instance).copied()).max();
        match last {
            Some(last) if at.since(last) < BETWEEN_SCANS => Err(Obstacle::ScannedLately),
            Some(_) | None => Ok(()),
        }
    }

    /// A scan of an instance begins.
    pub(crate) fn scan(&mut self, detector: &DetectorId, instance: &TargetId, at: DrillTime) {
        self.detection.asked.insert(instance.clone(), at);
        let place = self.scenario.detectors.iter().position(|other| other.id == *detector);
        if let Some(place) = place {
            self.look_at(place, &[instance], &Why::Asked, at);
        }
    }
}

/// Places of the detectors that look by themselves at a stage.
fn watching(scenario: &Scenario, stage: usize) -> Vec<usize> {
    let Some(plan) = scenario.stages.get(stage) else { return Vec::new() };
    let detectors = scenario.detectors.iter().enumerate();
    detectors
        .filter(|(_, detector)| !detector.on_demand && detector.sees.contains(&plan.id))
        .map(|(place, _)| place)
        .collect()
}
