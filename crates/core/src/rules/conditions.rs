//! Conditions of steps and messages: whether they hold, and what of a response counts for them.

use firedrill_model::DrillTime;
use firedrill_model::id::{SignalId, TargetId};
use firedrill_model::scenario::{Aim, Aimed, Step, When};

use super::Drill;
use super::state::Run;

impl Drill {
    /// The first response of the experiment that completed one of the step's actions; of several that it takes, the last.
    pub(super) fn completing_run(&self, step: &Step) -> Option<u32> {
        let all = step.done_when.action_done.iter().filter(|aimed| self.is_done(aimed));
        all.filter_map(|aimed| {
            let mut fitting = self.runs.iter().filter(|(_, run)| self.completes(aimed, run)).map(|(number, _)| *number);
            if matches!(aimed.at, Aim::AllOf(_)) { fitting.next_back() } else { fitting.next() }
        })
        .min()
    }

    /// Says whether a response was done where it is to be aimed at. Of where a stage takes place the team may know nothing: what counts
    /// there is what counts without an aim, so that a tick gives no truth away.
    fn is_done(&self, aimed: &Aimed) -> bool {
        let done_at = |target: &TargetId| {
            self.runs.values().any(|run| self.completes(aimed, run) && run.target.as_ref() == Some(target))
        };
        match &aimed.at {
            Aim::AllOf(ids) => !ids.is_empty() && ids.iter().all(done_at),
            Aim::Anything | Aim::WhereStage(_) | Aim::FromFinding | Aim::AnyOf(_) => {
                self.runs.values().any(|run| self.completes(aimed, run))
            }
        }
    }

    /// Says whether a response counts for the playbook: it was completed during the experiment, brought something, and was done to what it
    /// is to be aimed at, or else to what a finding is about. Elsewhere it is allowed and has its effect, but the step is still open.
    fn completes(&self, aimed: &Aimed, run: &Run) -> bool {
        let in_time = run.done.zip(self.experiment_at).is_some_and(|(done, began)| done >= began);
        let target = run.target.as_ref();
        let aimed_well = match &aimed.at {
            Aim::Anything | Aim::WhereStage(_) => target.is_none_or(|target| self.concerns(target)),
            Aim::FromFinding => target.is_some_and(|target| self.incident.named.contains(target)),
            Aim::AnyOf(ids) | Aim::AllOf(ids) => target.is_some_and(|target| ids.contains(target)),
        };
        run.action == aimed.act && run.brought && in_time && aimed_well
    }

    /// Says whether a finding that the team has seen is about a target: an instance, or a group that has it. Other targets are
    /// few, and always count. Only what the team knows is asked, so that a tick gives no truth away.
    fn concerns(&self, target: &TargetId) -> bool {
        let named = &self.incident.named;
        if let Some(service) = self.scenario.services.iter().find(|service| service.group.id == *target) {
            return named.iter().any(|id| self.instances.get(id) == Some(&service.id));
        }
        !self.instances.contains_key(target) || named.contains(target)
    }

    /// Says whether a signal was out of its limit at the last sample.
    fn is_out(&self, signal: &SignalId) -> bool {
        let place = self.scenario.signals.iter().position(|other| other.id == *signal);
        place.is_some_and(|place| self.health.out.contains(&place))
    }

    /// When the clock alone makes a condition come true, as far as it can tell now: so long after the fault, or after something that has
    /// happened.
    pub(super) fn comes_due(&self, when: &When) -> Option<DrillTime> {
        let since_fault = when.after_fault.map(|span| self.fault_at.map(|fault| fault + span));
        let since_that = when.after.as_ref().map(|trigger| self.first(trigger).map(|first| first + when.plus));
        match (since_fault, since_that) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => one,
            (Some(one), Some(other)) => Some(one?.max(other?)),
        }
    }

    /// Evaluates a scenario's condition. One that names nothing, or asks for a person's word, never holds by itself.
    pub(super) fn holds(&self, when: &When, now: DrillTime) -> bool {
        let incident = &self.incident;
        let mut named = 0;
        let mut all = true;
        let mut ask = |condition: Option<bool>| {
            if let Some(holds) = condition {
                named += 1;
                all &= holds;
            }
        };
        ask(when.after_fault.map(|span| self.fault_at.is_some_and(|fault| now >= fault + span)));
        let since = |first: DrillTime| now >= first + when.plus;
        ask(when.after.as_ref().map(|trigger| self.first(trigger).is_some_and(since)));
        let done = || when.action_done.iter().any(|aimed| self.is_done(aimed));
        ask((!when.action_done.is_empty()).then(done));
        ask(when.acknowledged.map(|wanted| wanted == incident.taken_on));
        ask(when.notified.map(|wanted| wanted == incident.notified));
        ask(when.finding_seen.map(|wanted| wanted != incident.findings.is_empty()));
        ask(when.signal_out.as_ref().map(|id| self.is_out(id)));
        ask(when.unavailable.as_ref().map(|id| self.health.unusable.contains(id)));
        ask(when.said.map(|_| false));
        named > 0 && all
    }
}
