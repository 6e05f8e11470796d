//! What screens ask of a view. Pure: `now` is the moment on the drill clock that the screen shows.

use alloc::collections::BTreeSet;

use super::View;
use super::view::{FindingRow, Mark, Response, Stamp, StepView};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Step;
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, Span};

/// The kind that a drill goes by: what is live is live, whatever else takes part.
fn foremost(worlds: &BTreeSet<WorldKind>) -> WorldKind {
    if worlds.contains(&WorldKind::Live) {
        WorldKind::Live
    } else if worlds.contains(&WorldKind::Tabletop) && !worlds.contains(&WorldKind::Simulated) {
        WorldKind::Tabletop
    } else {
        WorldKind::Simulated
    }
}

impl View {
    /// When the phase began, if it did.
    #[must_use]
    pub(crate) fn phase_began(&self, phase: Phase) -> Option<Stamp> {
        self.course.phases.iter().find(|(entered, _, _)| *entered == phase).map(|(_, _, stamp)| *stamp)
    }

    /// When the experiment ended, if it did: the beginning of the first phase after it.
    #[must_use]
    pub fn experiment_ended(&self) -> Option<Stamp> {
        self.course.phases.iter().find(|(entered, _, _)| *entered > Phase::Experiment).map(|(_, _, stamp)| *stamp)
    }

    /// In what kind of world the drill is. Records of older programs don't say, and knew the simulated one only.
    #[must_use]
    pub fn world_kind(&self) -> WorldKind {
        foremost(&self.course.worlds)
    }

    /// When the fault became active.
    #[must_use]
    pub fn fault(&self) -> Option<Stamp> {
        self.marks.get(&Mark::FaultActive).copied()
    }

    /// What is left of the experiment's length; nothing before it begins.
    #[must_use]
    pub fn remaining(&self, now: DrillTime) -> Option<Span> {
        let began = self.phase_began(Phase::Experiment)?;
        Some(self.scenario.length - now.since(began.at))
    }

    /// Time since the fault, up to the end of the experiment.
    #[must_use]
    pub fn since_fault(&self, now: DrillTime) -> Option<Span> {
        let end = self.experiment_ended().map_or(now, |end| end.at.min(now));
        self.fault().map(|fault| end.since(fault.at))
    }

    /// The step that is asked for now: the first one prompted that has not ended.
    #[must_use]
    pub fn current_step(&self) -> Option<(&StepView, &Step)> {
        let row = self.playbook.steps.iter().find(|row| row.prompted.is_some() && row.end.is_none())?;
        self.step(&row.id).map(|step| (row, step))
    }

    /// Since when the time of a step counts: since it was asked for, and not before the first sign of the incident had reached the team. The
    /// playbook asks from the first sign of anything on, so that it doesn't tell a red herring from the incident; where the ground truth is
    /// open, what people did about a red herring is no time that they took for the incident.
    #[must_use]
    pub(crate) fn step_clock(&self, row: &StepView) -> Option<Stamp> {
        let asked = row.prompted?;
        if !self.truth.open {
            return Some(asked);
        }
        self.incident_known().map(|known| if known.at > asked.at { known } else { asked })
    }

    /// How long a step has been asked for, or took; nothing where it ended before its time counted.
    #[must_use]
    pub fn step_time(&self, row: &StepView, now: DrillTime) -> Option<Span> {
        let end = row.end.as_ref().map_or(now, |end| end.stamp.at);
        self.step_clock(row).filter(|clock| clock.at <= end).map(|clock| end.since(clock.at))
    }

    /// Findings that nobody has taken on yet, oldest first.
    pub fn unacknowledged(&self) -> impl Iterator<Item = &FindingRow> {
        self.board.findings.iter().filter(|row| row.acknowledged.is_none())
    }

    /// Responses that are not done yet, with their numbers.
    pub fn under_way(&self) -> impl Iterator<Item = (u32, &Response)> {
        let open = self.responses.iter().filter(|(_, response)| response.done.is_none());
        open.map(|(run, response)| (*run, response))
    }
}
