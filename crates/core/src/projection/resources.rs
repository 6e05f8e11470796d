//! Resources that their users can't use, automations that ran, the harm that was done, and the sight that was lost.

use super::View;
use super::apply::push_bounded;
use super::view::{Lane, Stamp};
use super::wording;
use firedrill_model::event::{AutomationEvent, AutomationOutcome, HarmEvent, ResourceCause, ResourceEvent};
use firedrill_model::scenario::Sight;
use firedrill_model::{Joined, Shown, shown};

impl View {
    pub(super) fn resource_turn(&mut self, stamp: Stamp, turn: &ResourceEvent) {
        self.set_resource(turn);
        push_bounded(&mut self.board.resource_turns, (stamp, turn.clone()), &mut self.dropped.other);
        let title = self.target_title(&turn.resource);
        let state = match (turn.usable, &turn.because) {
            (true, _) => "its users can use it again",
            (false, ResourceCause::Destroyed) => "it is gone, its users are out",
            (false, _) => "its users are out",
        };
        let text = shown!("{}: {}", title, state);
        self.line(stamp, Lane::World, &text);
    }

    pub(super) fn automation_ran(&mut self, stamp: Stamp, run: &AutomationEvent) {
        push_bounded(&mut self.board.automations, (stamp, run.clone()), &mut self.dropped.other);
        let (title, target) = (self.target_title(&run.automation), self.target_title(&run.resource));
        match &run.outcome {
            AutomationOutcome::Ran { results } => {
                let said: Vec<Shown> = results.iter().map(|result| self.result_words(result)).collect();
                let text = shown!("{} ran by itself at {}: {}", title, target, said.joined("; "));
                self.line(stamp, Lane::World, &text);
            }
            AutomationOutcome::Failed => {
                let text = shown!("{} failed at {}, without a word", title, target);
                self.hidden_line(stamp, Lane::World, &text);
            }
        }
    }

    pub(super) fn harmed(&mut self, stamp: Stamp, harm: &HarmEvent) {
        push_bounded(&mut self.truth.harms, (stamp, harm.clone()), &mut self.dropped.other);
        let (kind, title) = (wording::harm(harm.kind), self.target_title(&harm.resource));
        let refused = if harm.refused { " Refused: it was protected." } else { "" };
        let text = shown!("Harm ({}, {}): {}{}", kind, title, harm.what, refused);
        self.hidden_line(stamp, Lane::Adversary, &text);
    }

    pub(super) fn destroying(&mut self, stamp: Stamp, active: bool) {
        push_bounded(&mut self.truth.destroying, (stamp, active), &mut self.dropped.other);
        let text = if active { "Destruction is under way" } else { "Destruction is under way no longer" };
        self.hidden_line(stamp, Lane::Adversary, text);
    }

    pub(super) fn sight_turn(&mut self, stamp: Stamp, what: &Sight, works: bool) {
        push_bounded(&mut self.truth.sights, (stamp, what.clone(), works), &mut self.dropped.other);
        let text = shown!("{} {}", self.sight_title(what), if works { "works again" } else { "is stopped" });
        self.hidden_line(stamp, Lane::Detection, &text);
    }
}
