//! Resources that their users can't use, automations that ran, the harm that was done, and the sight that was lost.

use super::View;
use super::apply::push_bounded;
use super::happened::{Notice, Unseen, WorldTurn};
use super::view::{Lane, Stamp};
use firedrill_model::event::{AutomationEvent, AutomationOutcome, HarmEvent, ResourceEvent};
use firedrill_model::scenario::Sight;

impl View {
    pub(super) fn resource_turn(&mut self, stamp: Stamp, turn: &ResourceEvent) {
        self.set_resource(turn);
        push_bounded(&mut self.board.resource_turns, (stamp, turn.clone()), &mut self.dropped.other);
        let what = WorldTurn::Resource(turn.resource.clone(), turn.usable, turn.because.clone());
        self.line(stamp, Lane::World, what);
    }

    pub(super) fn automation_ran(&mut self, stamp: Stamp, run: &AutomationEvent) {
        push_bounded(&mut self.board.automations, (stamp, run.clone()), &mut self.dropped.other);
        let (automation, resource) = (run.automation.clone(), run.resource.clone());
        match &run.outcome {
            AutomationOutcome::Ran { .. } => {
                self.line(stamp, Lane::World, WorldTurn::AutomationRan(automation, resource));
            }
            AutomationOutcome::Failed => {
                self.hidden_line(stamp, Lane::World, WorldTurn::AutomationFailed(automation, resource));
            }
        }
    }

    pub(super) fn harmed(&mut self, stamp: Stamp, harm: &HarmEvent) {
        push_bounded(&mut self.truth.harms, (stamp, harm.clone()), &mut self.dropped.other);
        let what = Unseen::Harmed(harm.resource.clone(), harm.kind, harm.what.clone(), harm.refused);
        self.hidden_line(stamp, Lane::Adversary, what);
    }

    pub(super) fn destroying(&mut self, stamp: Stamp, active: bool) {
        push_bounded(&mut self.truth.destroying, (stamp, active), &mut self.dropped.other);
        self.hidden_line(stamp, Lane::Adversary, Unseen::Destroying(active));
    }

    pub(super) fn sight_turn(&mut self, stamp: Stamp, what: &Sight, works: bool) {
        push_bounded(&mut self.truth.sights, (stamp, what.clone(), works), &mut self.dropped.other);
        self.hidden_line(stamp, Lane::Detection, Notice::Sight(what.clone(), works));
    }
}
