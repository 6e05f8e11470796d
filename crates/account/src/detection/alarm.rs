//! Alarms: a signal that is out of its limit for long enough, whoever caused it.

use alloc::collections::BTreeSet;

use super::super::chance::Purpose;
use super::{Due, SimWorld};
use crate::agenda::AlarmTurn;
use crate::evidence::{Crossing, alarm_finding};
use firedrill_model::event::WorldEvent;
use firedrill_model::id::{FindingId, TargetId};
use firedrill_model::scenario::{Detector, Signal};
use firedrill_model::{DrillTime, Finding, SafeText, Span};

/// How an alarm stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Alarm {
    /// Since when the signal is out of its limit.
    out_since: Option<DrillTime>,
    /// It is in alarm, and not all right.
    on: bool,
    /// Since when.
    since: DrillTime,
    /// The figure at the last turn.
    value: f64,
    /// How often it went off.
    times: u64,
    /// What was told of it last.
    finding: Option<FindingId>,
}

impl SimWorld {
    /// Looks at the figures of a sample, in the order of the scenario's signals.
    pub(crate) fn watch_alarms(&mut self, values: &[f64], at: DrillTime) {
        let scenario = self.scenario.clone();
        for (place, detector) in scenario.detectors.iter().enumerate() {
            let Some(watch) = &detector.watches else { continue };
            let signals = scenario.signals.iter().zip(values);
            let Some((signal, value)) = signals.into_iter().find(|(signal, _)| signal.id == watch.signal) else {
                continue;
            };
            self.watch(place, detector, (signal, *value, watch.lasting), at);
        }
    }

    fn watch(
        &mut self,
        place: usize,
        detector: &Detector,
        (signal, value, lasting): (&Signal, f64, Span),
        at: DrillTime,
    ) {
        let out = signal.limit.is_some_and(|limit| !signal.side.holds(value, limit));
        let alarm = self.detection.alarms.entry(place).or_default();
        alarm.out_since = if out { alarm.out_since.or(Some(at)) } else { None };
        let goes_off = !alarm.on && alarm.out_since.is_some_and(|since| at.since(since) >= lasting);
        let ends = alarm.on && !out;
        if !(goes_off || ends) {
            return;
        }
        let turn = AlarmTurn {
            detector: place,
            on: goes_off,
            from: if goes_off { alarm.out_since.unwrap_or(at) } else { at },
            at,
            values: (value, alarm.value),
            before: alarm.since,
        };
        (alarm.on, alarm.since, alarm.value) = (goes_off, at, value);
        alarm.times += u64::from(goes_off);
        let (key, times) = (format!("{}/alarm", detector.id), alarm.times);
        if self.chance.unit(Purpose::Miss, &key, times) < detector.misses {
            return;
        }
        // The same for both turns, so that the end is never told before the beginning.
        let latency = self.chance.latency(&detector.latency, Purpose::Detect, &key, times);
        self.agenda.plan_in(at, latency, Due::Alarm(turn));
    }

    /// The turn of an alarm is known: going off is told to people, the end only stands in the finding.
    pub(crate) fn alarm_turned(&mut self, turn: &AlarmTurn, at: DrillTime) {
        let scenario = self.scenario.clone();
        let Some(detector) = scenario.detectors.get(turn.detector) else { return };
        // An alarm whose actions are off turns all the same; nobody hears of it, and not later either.
        if !self.detection.is_on(&detector.id) {
            return;
        }
        let watched = detector.watches.as_ref().map(|watch| (&watch.signal, watch.lasting));
        let Some((signal, lasting)) = watched else { return };
        let Some(signal) = scenario.signals.iter().find(|other| other.id == *signal) else { return };
        let crossing = Crossing {
            detector,
            signal,
            lasting,
            alarm: turn.on,
            from: turn.from,
            at: turn.at,
            values: turn.values,
            before: turn.before,
        };
        if turn.on { self.alarm_on(detector, &crossing, at) } else { self.alarm_off(turn.detector, &crossing, at) }
    }

    fn alarm_on(&mut self, detector: &Detector, crossing: &Crossing<'_>, at: DrillTime) {
        let Some(place) = self.measured_at(crossing.signal) else { return };
        let Some(mut finding) = self.new_finding(detector, place.clone(), crossing.from) else { return };
        finding.last_seen = crossing.at;
        finding.document = SafeText::one_line(&alarm_finding(&self.office, &finding, crossing));
        let id = finding.id.clone();
        self.made(&finding, &place, (BTreeSet::new(), crossing.from), at);
        let by = self.scenario.detectors.iter().position(|other| other.id == detector.id);
        if let Some(alarm) = by.and_then(|by| self.detection.alarms.get_mut(&by)) {
            alarm.finding = Some(id);
        }
    }

    fn alarm_off(&mut self, detector: usize, crossing: &Crossing<'_>, at: DrillTime) {
        let Some(id) = self.detection.alarms.get_mut(&detector).and_then(|alarm| alarm.finding.take()) else { return };
        let Some(place) = self.detection.found.iter().position(|found| found.finding.id == id) else { return };
        let Some(found) = self.detection.found.get_mut(place) else { return };
        let finding = Finding { last_seen: crossing.at, ..found.finding.clone() };
        let document = SafeText::one_line(&alarm_finding(&self.office, &finding, crossing));
        let finding = Finding { document, ..finding };
        (found.finding, found.updated, found.closed) = (finding.clone(), at, true);
        self.say(at, WorldEvent::FindingCreated { finding });
    }

    /// What a signal is about: an instance, or the group of a service.
    fn measured_at(&self, signal: &Signal) -> Option<TargetId> {
        let service = self.scenario.services.iter().find(|service| service.id == signal.service);
        signal.instance.clone().or_else(|| service.map(|service| service.group.id.clone()))
    }
}
