//! What a finding is about: the incident, something harmless, or what a response or an automation did to the workload.
//!
//! A detector that sees stages is about those. An alarm sees figures only. The record doesn't say what carried a figure over its limit, so that
//! it is told from what was done to the workload ([`moves`](super::moves)):
//!
//! 1. Only what still has its effect counts, and only where it reaches the service that is measured: it, what it calls, and what calls it.
//! 2. The newest of that is held for the cause, if it came not long before. What was there earlier had been borne within the limit.
//! 3. What began together with it can't be told apart from it. Of several responses the last one is named; where the incident, something
//!    harmless and a response come together, the cause is [`Cause::Unknown`].
//! 4. Where nothing came shortly before, and different things still have their effect, it is unknown as well.
//! 5. Where nothing at all is known to have moved the workload, the alarm is held for the incident once the fault is active.

use super::View;
use super::moves::{Cause, Move};
use firedrill_model::id::{ServiceId, TargetId};
use firedrill_model::scenario::FindingFormat;
use firedrill_model::{DrillTime, Finding, Span};

/// So long is the outcome of a response read.
pub(crate) const WINDOW: Span = Span::from_secs(15 * 60);
/// What is over has its effect for so long: a queue drains, and a sample comes every ten seconds.
const LINGERS: Span = Span::from_secs(60);
/// What was done longer ago had time to show: health checks, open connections and queues take minutes at most.
const SHOWS_WITHIN: Span = Span::from_secs(5 * 60);
/// What began closer together than this can't be told apart: six samples.
const TOGETHER: Span = Span::from_secs(60);

impl View {
    /// Says whether a finding is about the incident. Where the ground truth is hidden, every finding may be.
    #[must_use]
    pub(crate) fn is_of_incident(&self, finding: &Finding) -> bool {
        self.cause_of(finding) == Cause::Incident
    }

    /// What a finding is about. Where the ground truth is hidden, it may be the incident.
    #[must_use]
    pub(crate) fn cause_of(&self, finding: &Finding) -> Cause {
        if !self.truth.open {
            return Cause::Incident;
        }
        let stages = self.behind(finding);
        if let Some(first) = stages.first() {
            let benign = stages.iter().all(|stage| stage.benign.is_some());
            return if benign { Cause::Benign(first.id.clone()) } else { Cause::Incident };
        }
        if self.is_alarm(finding) {
            self.cause_of_crossing(finding.first_seen, &finding.resource)
        } else {
            Cause::Incident
        }
    }

    /// Says whether an alarm made a finding. Each time that it goes off it makes another one, so that each has a cause of its own.
    #[must_use]
    pub(crate) fn is_alarm(&self, finding: &Finding) -> bool {
        let detector = self.scenario.detectors.iter().find(|one| one.id == finding.detector);
        detector.is_some_and(|one| one.format == FindingFormat::Alarm)
    }

    /// What carried a figure of `place` (an instance, or the group of a service) over its limit at `at`.
    fn cause_of_crossing(&self, at: DrillTime, place: &TargetId) -> Cause {
        self.moved_last(at, &self.around(place)).unwrap_or_else(|| {
            let active = self.fault().is_some_and(|fault| fault.at <= at);
            if active { Cause::Incident } else { Cause::Unknown }
        })
    }

    /// What carried a figure of a service over its limit at `at`, where something is known to have moved the workload and the ground truth
    /// is open.
    #[must_use]
    pub(crate) fn cause_at(&self, at: DrillTime, service: &ServiceId) -> Option<Cause> {
        let near = self.around_service(service.clone());
        self.moved_last(at, &near).filter(|_| self.truth.open)
    }

    /// Whose the newest move was that reaches one of these services, if any is known.
    fn moved_last(&self, at: DrillTime, near: &[ServiceId]) -> Option<Cause> {
        let has_effect =
            |one: &Move| one.from <= at && one.until.is_none_or(|until| at <= until || at.since(until) <= LINGERS);
        let all: Vec<Move> = self.moves().into_iter().filter(has_effect).collect();
        let reaches = |one: &&Move| one.services.is_empty() || one.services.iter().any(|id| near.contains(id));
        let reaching: Vec<&Move> = all.iter().filter(reaches).collect();
        let pool = if reaching.is_empty() { all.iter().collect() } else { reaching };
        let last = pool.iter().max_by_key(|one| one.from)?;
        let is_new = at.since(last.from) <= SHOWS_WITHIN;
        let rivals = pool.iter().filter(|one| !is_new || last.from.since(one.from) < TOGETHER);
        let rivals: Vec<&Cause> = rivals.map(|one| &one.cause).collect();
        let one_kind =
            rivals.iter().all(|cause| **cause == last.cause) || rivals.iter().all(|cause| cause.is_of_team());
        Some(if one_kind { last.cause.clone() } else { Cause::Unknown })
    }

    /// The service that is measured at a place, those that it calls, and those that call it, over any number of steps.
    fn around(&self, place: &TargetId) -> Vec<ServiceId> {
        let services = &self.scenario.services;
        let of_group = services.iter().find(|service| service.group.id == *place).map(|service| service.id.clone());
        let of_instance = || self.board.instances.get(place).map(|row| row.service.clone());
        let Some(own) = of_group.or_else(of_instance) else {
            return services.iter().map(|service| service.id.clone()).collect();
        };
        self.around_service(own)
    }

    /// A service, those that it calls, and those that call it, over any number of steps.
    fn around_service(&self, own: ServiceId) -> Vec<ServiceId> {
        let services = &self.scenario.services;
        let calls = |from: &ServiceId, to: &ServiceId| {
            services.iter().any(|one| one.id == *from && one.calls.iter().any(|call| call.service == *to))
        };
        let called = self.reached(&own, &calls);
        let callers = self.reached(&own, &|from: &ServiceId, to: &ServiceId| calls(to, from));
        [vec![own], called, callers].concat()
    }

    /// Services that are reached from one by steps of a kind.
    fn reached(&self, from: &ServiceId, step: &impl Fn(&ServiceId, &ServiceId) -> bool) -> Vec<ServiceId> {
        let mut found: Vec<ServiceId> = Vec::new();
        let mut next = vec![from.clone()];
        while let Some(here) = next.pop() {
            for service in self.scenario.services.iter().filter(|service| step(&here, &service.id)) {
                if !found.contains(&service.id) {
                    found.push(service.id.clone());
                    next.push(service.id.clone());
                }
            }
        }
        found
    }
}
