//! What tells of the incident, and whether what people and channels did was about it. A red herring, or an alarm that a response caused,
//! is a matter of its own and moves no mark.
//!
//! Where the ground truth is hidden nobody can tell them apart: there everything that arrives counts.

use super::View;
use super::apply::push_bounded;
use super::traces::Traces;
use super::view::{Mark, SignOf, SignRow, Stamp};
use firedrill_model::id::{FindingId, InjectId};
use firedrill_model::scenario::{Scenario, SignSource};
use firedrill_model::{Author, Finding, LogRecord, RecordId};

impl View {
    /// Takes in a sign of the incident. The first counts as the detection; of each kind the first is kept.
    pub(super) fn sign(&mut self, stamp: Stamp, source: SignSource, of: SignOf) {
        if !self.fault_is_in_play() || self.signs.iter().any(|known| known.of == of) {
            return;
        }
        push_bounded(&mut self.signs, SignRow { stamp, source, of }, &mut self.dropped.other);
        self.mark_first(Mark::Detected, stamp);
    }

    /// A finding that detector made: a sign, if it is about the incident.
    pub(super) fn finding_as_sign(&mut self, stamp: Stamp, finding: &Finding) {
        if self.is_of_incident(finding) {
            self.mark_first(Mark::FindingCreated, stamp);
            self.sign(stamp, SignSource::Detector, SignOf::Finding(finding.detector.clone()));
        }
    }

    /// A message that arrived. Its scenario says whether it tells of the incident; to a seat it tells, whatever it is.
    pub(super) fn message_as_sign(&mut self, stamp: Stamp, inject: &InjectId, whole: Option<&Scenario>) {
        let Some(scenario) = whole else { return self.mark_first(Mark::Notified, stamp) };
        let known = scenario.injects.iter().find(|known| known.id == *inject);
        if let Some(source) = known.and_then(|known| known.sign_from) {
            self.sign(stamp, source, SignOf::Message(inject.clone()));
            self.mark_first(Mark::Notified, stamp);
        }
    }

    /// Somebody marked a record as evidence: who reads a log and marks what the adversary left there has detected it. Where the ground truth
    /// is hidden nobody can tell whose record it is.
    pub(super) fn marked_as_sign(&mut self, stamp: Stamp, record: &LogRecord, whole: Option<&Scenario>) {
        let Some(whole) = whole.filter(|_| self.fault_is_in_play()) else { return };
        let of_incident = Traces::of(self, whole).stage_of(record).is_some_and(|stage| stage.benign.is_none());
        if of_incident {
            self.sign(stamp, SignSource::Person, SignOf::Marked(record.id.clone()));
        }
    }

    /// A mark was taken back: who did so no longer holds the record for telling.
    pub(super) fn no_sign_any_more(&mut self, record: &RecordId) {
        let of = SignOf::Marked(record.clone());
        if !self.fault_is_in_play() || self.signs.iter().all(|sign| sign.of != of) {
            return;
        }
        self.signs.retain(|sign| sign.of != of);
        match self.signs.first() {
            Some(first) => self.marks.insert(Mark::Detected, first.stamp),
            None => self.marks.remove(&Mark::Detected),
        };
    }

    /// Somebody took something on: a mark, if it is the incident.
    pub(super) fn taken_on(&mut self, stamp: Stamp, by: &Author, finding: Option<&FindingId>) {
        self.board.taken_on.get_or_insert(stamp);
        let row = finding.and_then(|id| self.board.finding(id));
        let counts = match (row, finding) {
            (Some(row), _) => self.is_of_incident(&row.finding),
            (None, Some(_)) => false,
            // The matter itself: what the team knows of tells which one.
            (None, None) => self.knows_of_incident() || !self.knows_of_anything(),
        };
        if !counts {
            return;
        }
        if let (Author::Seat(seat), false, None) = (by, self.knows_of_incident(), finding) {
            self.sign(stamp, SignSource::Person, SignOf::Noticed(seat.clone()));
        }
        self.mark_first(Mark::Acknowledged, stamp);
    }

    /// When the first sign of the incident reached the team, if one did.
    pub(super) fn incident_known(&self) -> Option<Stamp> {
        let seen = self.board.findings.iter().filter(|row| self.is_of_incident(&row.finding)).map(|row| row.seen);
        let told = self.marks.get(&Mark::Notified).copied();
        let signs = self.signs.iter().filter(|sign| sign.of.is_to_people()).map(|sign| sign.stamp);
        seen.chain(told).chain(signs).min_by_key(|stamp| stamp.seq)
    }

    /// A sign of the incident has reached the team.
    pub(super) fn knows_of_incident(&self) -> bool {
        self.incident_known().is_some()
    }

    /// Anything has reached the team: a finding or a message.
    fn knows_of_anything(&self) -> bool {
        !self.board.findings.is_empty() || !self.board.messages.is_empty()
    }

    /// When the first sign of anything reached the team, or somebody took the matter on: until then nobody in it knows when the fault was.
    #[must_use]
    pub fn first_known(&self) -> Option<Stamp> {
        let findings = self.board.findings.iter().map(|row| row.seen);
        let messages = self.board.messages.iter().map(|row| row.stamp);
        let fault = self.fault()?;
        let all = findings.chain(messages).chain(self.board.taken_on);
        all.filter(|stamp| stamp.at >= fault.at).min_by_key(|stamp| stamp.seq)
    }
}
