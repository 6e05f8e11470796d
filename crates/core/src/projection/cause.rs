//! What a finding is about: the incident, something harmless, or what a response or an automation did to the workload.
//!
//! A detector that sees stages is about those. An alarm sees figures only; it is held for the last thing before the figure left its limit
//! that moves the workload: the fault and what the adversary does to machines, what is harmless and takes their time, or a response.

use super::View;
use super::view::Mark;
use firedrill_model::event::{AutomationOutcome, EffectResult, InstanceCause, InstanceState, ResourceCause};
use firedrill_model::id::{StageId, TargetId};
use firedrill_model::scenario::FindingFormat;
use firedrill_model::{DrillTime, Finding, Span};

/// What was done longer before is no cause of what came; and so long is the outcome of a response read.
pub(crate) const WINDOW: Span = Span::from_secs(15 * 60);

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The incident.
    Incident,
    /// A stage that is harmless.
    Benign(StageId),
    /// What this response did to the workload.
    Response(u32),
    /// What an automation did to it.
    Automation(Option<TargetId>),
}

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
        let detector = self.scenario.detectors.iter().find(|one| one.id == finding.detector);
        if detector.is_some_and(|one| one.format == FindingFormat::Alarm) {
            self.cause_of_crossing(finding.first_seen)
        } else {
            Cause::Incident
        }
    }

    /// What moved the workload last before a figure left its limit at `at`.
    fn cause_of_crossing(&self, at: DrillTime) -> Cause {
        let own = self.incident_moves().chain(self.benign_moves());
        let others = self.instance_moves().chain(self.role_moves()).chain(self.resource_moves());
        // What was done long before is no cause.
        let others = others.filter(|(moved, _)| at.since(*moved) <= WINDOW);
        let before = own.chain(others).filter(|(moved, _)| *moved <= at);
        before.max_by_key(|(moved, _)| *moved).map_or(Cause::Incident, |(_, cause)| cause)
    }

    fn incident_moves(&self) -> impl Iterator<Item = (DrillTime, Cause)> {
        let stages = self.truth.stages.iter().filter(|(_, id, _, active)| {
            *active && self.stage(id).is_some_and(|stage| stage.benign.is_none() && stage.moves_the_workload())
        });
        let stages = stages.map(|(stamp, ..)| stamp.at);
        let destroyed = self.board.resource_turns.iter();
        let destroyed = destroyed.filter(|(_, turn)| !turn.usable && turn.because == ResourceCause::Destroyed);
        let fault = self.marks.get(&Mark::FaultActive).map(|stamp| stamp.at);
        let all = stages.chain(destroyed.map(|(stamp, _)| stamp.at)).chain(fault);
        all.map(|at| (at, Cause::Incident))
    }

    fn benign_moves(&self) -> impl Iterator<Item = (DrillTime, Cause)> {
        let begun = self.truth.stages.iter().filter(|(_, id, _, active)| {
            *active && self.stage(id).is_some_and(|stage| stage.benign.is_some() && stage.moves_the_workload())
        });
        begun.map(|(stamp, id, ..)| (stamp.at, Cause::Benign(id.clone())))
    }

    fn instance_moves(&self) -> impl Iterator<Item = (DrillTime, Cause)> {
        let gone = self.board.instance_turns.iter().filter(|(_, turn)| turn.state != InstanceState::InService);
        gone.filter_map(|(stamp, turn)| {
            let cause = match turn.because {
                InstanceCause::Response(run) => Cause::Response(run),
                InstanceCause::Automation => self.automation_at(stamp.at),
                InstanceCause::Fault => Cause::Incident,
                // What a group does follows from what was done before.
                InstanceCause::Initial
                | InstanceCause::Group
                | InstanceCause::HealthCheck
                | InstanceCause::ModelChanged => return None,
            };
            Some((stamp.at, cause))
        })
    }

    fn role_moves(&self) -> impl Iterator<Item = (DrillTime, Cause)> {
        let out = self.board.role_turns.iter().filter(|(_, _, usable)| !usable);
        out.map(|(stamp, ..)| (stamp.at, self.revoked_at(stamp.at)))
    }

    /// Who ended sessions at a moment.
    fn revoked_at(&self, at: DrillTime) -> Cause {
        let revokes = |result: &EffectResult| matches!(result, EffectResult::SessionsRevoked { .. });
        let done = self.responses.iter().filter_map(|(run, row)| row.done.as_ref().map(|done| (*run, done)));
        let mut fitting = done.filter(|(_, (stamp, results))| stamp.at == at && results.iter().any(revokes));
        fitting.next().map_or_else(|| self.automation_at(at), |(run, _)| Cause::Response(run))
    }

    fn automation_at(&self, at: DrillTime) -> Cause {
        let ran = self.board.automations.iter().rev().find(|(stamp, run)| {
            stamp.at <= at
                && match run.outcome {
                    AutomationOutcome::Ran { .. } => true,
                    AutomationOutcome::Failed => false,
                }
        });
        Cause::Automation(ran.map(|(_, run)| run.automation.clone()))
    }

    fn resource_moves(&self) -> impl Iterator<Item = (DrillTime, Cause)> {
        let out = self.board.resource_turns.iter().filter(|(_, turn)| !turn.usable);
        out.filter_map(|(stamp, turn)| {
            let cause = match &turn.because {
                ResourceCause::Response(run) => Cause::Response(*run),
                ResourceCause::Automation(id) => Cause::Automation(Some(id.clone())),
                ResourceCause::Fault => Cause::Incident,
                ResourceCause::Destroyed | ResourceCause::ModelChanged => return None,
            };
            Some((stamp.at, cause))
        })
    }
}
