//! Facts that a world stands by after it was joined anew: they are set, and count as nothing that happened now. No mark, no notification.

use super::View;
use super::happened::WorldTurn;
use super::view::{Lane, Stamp};
use firedrill_model::event::{ActionEvent, ActionState, Fact, ResourceEvent};
use firedrill_model::id::TargetId;

impl View {
    pub(super) fn restate(&mut self, stamp: Stamp, fact: &Fact) {
        match fact {
            Fact::Adversary(state) => self.board.adversary = Some(*state),
            Fact::Instance(turn) => {
                self.set_instance(stamp, turn);
            }
            Fact::Resource(turn) => self.set_resource(turn),
            Fact::Role { role, usable } => self.set_role(role, *usable),
            Fact::Response(event) => self.restate_response(stamp, event),
            // The team knows it; when and how it was told, this record can't say.
            Fact::Told { finding, .. } => {
                self.see_finding(stamp, None, finding);
            }
            // Marks are of what happened, and a stage's time is what was recorded of it.
            Fact::FaultActive | Fact::Stage { .. } | Fact::Destroying(..) | Fact::Sight { .. } => {}
        }
    }

    pub(super) fn set_resource(&mut self, turn: &ResourceEvent) {
        if turn.usable {
            self.board.resources_out.remove(&turn.resource);
        } else if self.board.resources_out.len() < super::apply::MAX_ROWS {
            self.board.resources_out.insert(turn.resource.clone(), turn.because.clone());
        }
    }

    pub(super) fn set_role(&mut self, role: &TargetId, usable: bool) {
        if usable {
            self.board.roles_out.remove(role);
        } else if self.board.roles_out.len() < super::apply::MAX_ROWS {
            self.board.roles_out.insert(role.clone());
        }
    }

    fn restate_response(&mut self, stamp: Stamp, event: &ActionEvent) {
        match &event.state {
            ActionState::Started { until } => {
                if let Some(response) = self.responses.get_mut(&event.run) {
                    response.until = Some(*until);
                }
            }
            ActionState::Done { results } => {
                if let Some(response) = self.responses.get_mut(&event.run) {
                    response.done.get_or_insert_with(|| (stamp, results.clone()));
                }
            }
            ActionState::Unknown { .. } => self.response_unknown(stamp, event.run),
        }
    }

    /// A response ended, and nobody can say how.
    pub(super) fn response_unknown(&mut self, stamp: Stamp, run: u32) {
        let Some(response) = self.responses.get_mut(&run) else { return };
        response.done.get_or_insert_with(|| (stamp, Vec::new()));
        self.line(stamp, Lane::World, WorldTurn::ResponseUnknown(run));
    }
}
