//! Who notices and who is told: detectors make findings, channels carry them to people or lose them.
//!
//! A detector makes one finding for each place where it sees something. What goes on raises its count, at most every fifteen minutes
//! (the shortest period that GuardDuty offers), and is told again only after the period that the account has chosen (six hours by
//! default). A malware scan and an alarm don't aggregate: each scan that finds something, and each time that an alarm goes off,
//! makes a finding of its own.
//!
//! Read on in `look` (who looks when), `find` (findings and their repeats), `alarm`, `document` (what stands in a finding).

mod alarm;
mod document;
mod find;
mod look;

use alloc::collections::{BTreeMap, BTreeSet};

use super::SimWorld;
use super::agenda::{Due, Sighting, Why};
use super::chance::Purpose;
use firedrill_model::event::WorldEvent;
use firedrill_model::id::{ChannelId, DetectorId, FindingId, TargetId};
use firedrill_model::scenario::{Channel, Detector, FindingFormat, Repeats};
use firedrill_model::{DrillTime, Finding, Span};

use alarm::Alarm;

/// Between two updates of a finding.
const UPDATE: Span = Span::from_secs(15 * 60);

/// What was found and how it is told.
#[derive(Debug, Clone, Default)]
pub(super) struct Detection {
    /// In the order in which they were made.
    found: Vec<Found>,
    /// Channels that tell nobody.
    broken: Vec<ChannelId>,
    /// Detectors that are stopped.
    off: BTreeSet<DetectorId>,
    /// Alarms, by the place of their detector.
    alarms: BTreeMap<usize, Alarm>,
    /// When a scan was asked for last, by instance.
    asked: BTreeMap<TargetId, DrillTime>,
    /// Since when each stage that began goes on.
    began: BTreeMap<usize, DrillTime>,
    /// When a finding set off a scan last, by detector and instance.
    set_off: BTreeMap<(usize, TargetId), DrillTime>,
    /// Somebody has taken the incident on.
    taken_on: bool,
}

/// A finding that was made.
#[derive(Debug, Clone)]
struct Found {
    finding: Finding,
    /// Where the detector looked.
    place: TargetId,
    /// The stages that it saw there.
    stages: BTreeSet<usize>,
    /// When the detector began to look.
    from: DrillTime,
    created: DrillTime,
    updated: DrillTime,
    told: DrillTime,
    /// How often it was sent on its way.
    sent: u64,
    /// What it is about is over for the detector: what comes after it is a new finding.
    closed: bool,
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

    /// From now on a channel tells nobody.
    pub(super) fn mute(&mut self, channel: &ChannelId) {
        self.broken.push(channel.clone());
    }

    /// Says whether a detector looks.
    pub(super) fn is_on(&self, detector: &DetectorId) -> bool {
        !self.off.contains(detector)
    }

    /// From now on a detector finds nothing.
    pub(super) fn turn_off(&mut self, detector: &DetectorId) {
        self.off.insert(detector.clone());
    }

    /// From now on a detector looks.
    pub(super) fn turn_on(&mut self, detector: &DetectorId) {
        self.off.remove(detector);
    }

    /// Somebody takes the incident on.
    pub(super) fn take_on(&mut self) {
        self.taken_on = true;
    }

    /// From now on a channel tells somebody.
    pub(super) fn repair(&mut self, channel: &ChannelId) {
        self.broken.retain(|broken| broken != channel);
    }
}

/// After how long a finding that goes on is told again.
fn repeats(detector: &Detector) -> Span {
    match detector.repeats.unwrap_or(Repeats::SixHours) {
        Repeats::FifteenMinutes => Span::from_secs(15 * 60),
        Repeats::Hour => Span::from_secs(3600),
        Repeats::SixHours => Span::from_secs(6 * 3600),
    }
}

/// Says whether findings of a format are counted up while what they are about goes on.
fn aggregates(format: FindingFormat) -> bool {
    match format {
        FindingFormat::GuarddutyDns | FindingFormat::GuarddutyNetwork | FindingFormat::GuarddutyApi => true,
        FindingFormat::GuarddutyMalware | FindingFormat::Config | FindingFormat::Health | FindingFormat::Alarm => false,
    }
}

impl SimWorld {
    /// Sends a finding through the channels that carry it, for the first time or again.
    fn carry(&mut self, finding: &Finding, sent: u64, at: DrillTime) {
        let scenario = self.scenario.clone();
        let carrying = scenario.channels.iter().filter(|channel| {
            let enough = channel.at_least.is_none_or(|least| finding.severity >= least);
            enough && channel.carries.contains(&finding.detector)
        });
        for channel in carrying {
            let way = format!("{}/{}/{}", channel.id, finding.detector, finding.resource);
            let latency = self.chance.latency(&channel.latency, Purpose::Carry, &way, sent);
            self.agenda.plan_in(at, latency, Due::Message(channel.id.clone(), finding.id.clone()));
        }
    }

    /// A message is at the end of its way: a person gets it, or nobody does.
    pub(super) fn delivered(&mut self, channel: &ChannelId, id: &FindingId, at: DrillTime) {
        let found = self.detection.found.iter().find(|found| found.finding.id == *id);
        let Some(finding) = found.map(|found| found.finding.clone()) else { return };
        let waits = |known: &Channel| known.id == *channel && known.unless_acknowledged;
        if self.detection.taken_on && self.scenario.channels.iter().any(waits) {
            return;
        }
        if self.detection.arrives(channel) {
            self.say(at, WorldEvent::Notified { channel: channel.clone(), finding });
        } else {
            self.say(at, WorldEvent::NotificationLost { channel: channel.clone(), finding: finding.id });
        }
    }
}
