//! Sight that is lost: logs, detectors and channels that somebody stopped, and what is seen all the same.
//!
//! Rules (CloudTrail user guide, event history and turning off logging; GuardDuty user guide, foundational data sources and suspending):
//! what a stopped trail doesn't record is in the account's event history all the same, management events only. GuardDuty has streams of
//! its own, so that neither a stopped trail nor flow or query logs that are off take anything from it. It has one detector in a region,
//! as AWS Config has one recorder: who stops one stops all that is of it. None of them says so by itself, except to who looks at its
//! status. A call that stops a log is recorded by it still.

use super::SimWorld;
use super::agenda::Due;
use firedrill_model::event::WorldEvent;
use firedrill_model::id::DetectorId;
use firedrill_model::scenario::{Detector, Sight};
use firedrill_model::{DrillTime, LogSource};

impl SimWorld {
    /// Says whether a log records, a detector looks, a channel tells somebody.
    pub(super) fn works(&self, what: &Sight) -> bool {
        match what {
            Sight::Log(log) => self.evidence.records(*log),
            Sight::Detector(id) => self.detection.is_on(id),
            Sight::Channel(id) => self.detection.arrives(id),
        }
    }

    /// Somebody stops it at this moment: after all that this moment still leaves.
    pub(super) fn plan_stop(&mut self, what: &Sight, at: DrillTime) {
        self.agenda.plan(at, Due::Stop(what.clone()));
    }

    /// It is stopped, and doesn't say so.
    pub(super) fn stop(&mut self, what: &Sight, at: DrillTime) {
        if !self.works(what) {
            return;
        }
        match what {
            Sight::Log(log) => self.evidence.turn_off(*log),
            Sight::Detector(id) => {
                for other in self.of_same_service(id) {
                    self.detection.turn_off(&other);
                }
            }
            Sight::Channel(id) => self.detection.mute(id),
        }
        self.stopped.insert(what.clone());
        self.say(at, WorldEvent::Sight { what: what.clone(), works: false });
    }

    /// It works from now on. That is said of what was stopped in the course of the drill.
    pub(super) fn works_again(&mut self, what: &Sight, at: DrillTime) {
        if self.stopped.remove(what) {
            self.say(at, WorldEvent::Sight { what: what.clone(), works: true });
        }
    }

    /// A detector is turned on, and with it all of its service: they see what goes on, and nothing of what was over by now.
    pub(super) fn detector_turned_on(&mut self, id: &DetectorId, at: DrillTime) {
        for other in self.of_same_service(id) {
            self.detection.turn_on(&other);
            self.look_anew(&other, at);
            self.works_again(&Sight::Detector(other), at);
        }
    }

    /// The event history is read: what CloudTrail has of management events, whether or not a trail recorded them.
    pub(super) fn read_history(&mut self, log: LogSource, at: DrillTime) {
        if log == LogSource::Cloudtrail {
            for record in self.evidence.take_history(at) {
                self.record_arrived(record, at);
            }
        }
    }

    /// A detector and all of its service.
    fn of_same_service(&self, id: &DetectorId) -> Vec<DetectorId> {
        let detectors = &self.scenario.detectors;
        let one = detectors.iter().find(|detector| detector.id == *id);
        let same = |other: &&Detector| one.is_some_and(|one| one.stops_with(other));
        detectors.iter().filter(same).map(|other| other.id.clone()).collect()
    }
}
