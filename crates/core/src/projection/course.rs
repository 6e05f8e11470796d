//! The course of the drill: phases, gate, pace, hypothesis.

use super::View;
use super::apply::push_bounded;
use super::view::{Lane, Mark, Stamp};
use super::wording;
use firedrill_model::Span;
use firedrill_model::event::{DrillEvent, GapKind, ModelChange, PaceCause, PhaseCause, Recovered};
use firedrill_model::id::WorldId;
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::Hypothesis;
use firedrill_model::world::Contact;

impl View {
    pub(super) fn apply_course(&mut self, stamp: Stamp, event: &DrillEvent) {
        match event {
            DrillEvent::Opened { title, .. } => {
                self.line(stamp, Lane::Drill, &format!("The drill begins: {title}"));
            }
            DrillEvent::PhaseEntered { phase, because } => self.enter(stamp, *phase, *because),
            DrillEvent::GateOpened { since } => {
                self.course.gate_open_since = Some(*since);
                self.line(stamp, Lane::Drill, "The steady state has held: the gate is open");
            }
            DrillEvent::GateClosed { signal, value } => {
                self.course.gate_open_since = None;
                let said = self.said_figure(signal, *value);
                self.line(stamp, Lane::Drill, &format!("{said} is outside the steady state: the gate is closed"));
            }
            DrillEvent::SteadyAgain { since } => {
                if self.fault_is_in_play() {
                    self.marks.insert(Mark::SteadyStateRestored, stamp);
                }
                let held = wording::length(stamp.at.since(*since));
                self.line(
                    stamp,
                    Lane::Drill,
                    &format!("The steady state is back: all signals within their limits for {held}"),
                );
            }
            DrillEvent::PaceChanged { pace, rate, because } => self.change_pace(stamp, *pace, *rate, *because),
            DrillEvent::HypothesisSet { hypothesis } => self.set_hypothesis(stamp, hypothesis),
            DrillEvent::Resumed { recovered, model } => self.resume(stamp, recovered.as_ref(), *model),
            DrillEvent::SeatLeft { seat } => self.line(stamp, Lane::People, &format!("{seat} is left")),
            DrillEvent::RoleChanged { seat, role } => self.change_role(stamp, seat, *role),
            DrillEvent::WorldContact { world, contact } => self.contact(stamp, world, *contact),
            DrillEvent::Gap { kind, length } => self.gap(stamp, *kind, *length),
            DrillEvent::ObservationsLost { world, count } => {
                let text = format!(
                    "{count} reports of {world} are lost: nothing could be recorded, and more came than can be kept"
                );
                self.hidden_line(stamp, Lane::World, &text);
            }
            // What takes part from the beginning is no news; the others have folds of their own.
            DrillEvent::WorldAttached { .. }
            | DrillEvent::SeatTaken { .. }
            | DrillEvent::StepPrompted { .. }
            | DrillEvent::InjectDelivered { .. } => {}
        }
    }

    fn enter(&mut self, stamp: Stamp, phase: Phase, because: PhaseCause) {
        if phase > Phase::Experiment {
            self.playbook.close_questions();
        }
        self.course.phase = phase;
        push_bounded(&mut self.course.phases, (phase, because, stamp), &mut self.dropped.other);
        let text = match (phase, because) {
            (Phase::Closed, _) => "The drill is closed".to_owned(),
            (phase, PhaseCause::TimeUp) => format!("{} begins: the scenario's time is up", phase.label()),
            (phase, PhaseCause::AllDone) => {
                format!("{} begins: all is done and the steady state is back", phase.label())
            }
            (phase, PhaseCause::Start | PhaseCause::Said) => format!("{} begins", phase.label()),
        };
        self.line(stamp, Lane::Drill, &text);
    }

    fn change_pace(&mut self, stamp: Stamp, pace: Pace, rate: u32, because: PaceCause) {
        let was_paused = self.course.rate == 0;
        self.course.pace = pace;
        self.course.rate = rate;
        let text = match (because, pace) {
            (PaceCause::Chosen, Pace::Brisk) => "Pace: brisk".to_owned(),
            (PaceCause::Chosen, Pace::Times(1)) => "Pace: real time".to_owned(),
            (PaceCause::Chosen, Pace::Times(times)) => format!("Pace: {times} times real time"),
            (PaceCause::Skipped, _) => "Skipped ahead".to_owned(),
            (PaceCause::Paused, _) if rate == 0 => "The drill is paused".to_owned(),
            (PaceCause::Paused, _) if was_paused => "The drill goes on".to_owned(),
            // Brisk changes its rate all the time; that is no news to anyone.
            (PaceCause::Paused | PaceCause::Asked | PaceCause::Idle, _) => return,
        };
        self.line(stamp, Lane::Drill, &text);
    }

    fn set_hypothesis(&mut self, stamp: Stamp, hypothesis: &Hypothesis) {
        self.course.hypothesis = hypothesis.clone();
        let sentence = self.hypothesis_sentence();
        self.line(stamp, Lane::Drill, &format!("The hypothesis: {sentence}"));
    }

    fn resume(&mut self, stamp: Stamp, recovered: Option<&Recovered>, model: Option<ModelChange>) {
        self.course.resumed = self.course.resumed.saturating_add(1);
        let text = recovered.map_or_else(
            || "The record is taken up again".to_owned(),
            |cut| {
                let size = cut.bytes;
                format!("The record is taken up again; {size} unfinished bytes at its end are kept in {}", cut.kept_in)
            },
        );
        self.line(stamp, Lane::Drill, &text);
        if model.is_some() {
            let text =
                "The workload goes on by another model than before: figures on both sides of this can't be compared";
            self.line(stamp, Lane::Drill, text);
        }
    }

    fn contact(&mut self, stamp: Stamp, world: &WorldId, contact: Contact) {
        let text = match contact {
            Contact::Silent => format!("Nothing is heard from {world}"),
            Contact::Lost => format!("{world} can't be reached"),
            Contact::Back => format!("{world} can be reached again"),
        };
        self.line(stamp, Lane::World, &text);
    }

    fn gap(&mut self, stamp: Stamp, kind: GapKind, length: Span) {
        let length = wording::length(length);
        let text = match kind {
            GapKind::Asleep => {
                format!("The drill stood still for {length}: the machine slept, or the program was stopped")
            }
            GapKind::Closed => format!("The drill stood still for {length}: the program was closed"),
            GapKind::ClockSet => format!("The clock on the wall was set, by {length}"),
        };
        self.line(stamp, Lane::Drill, &text);
    }

    /// The hypothesis as a sentence, in the form of the post.
    #[must_use]
    pub fn hypothesis_sentence(&self) -> firedrill_model::SafeText {
        let Hypothesis { when, detector, team, within, signal, stays, at } = &self.course.hypothesis;
        let (title, bound) = self.signal_by_id(signal).map_or_else(
            || (signal.to_string(), format!("{at}")),
            |(_, found)| (found.title.to_string(), wording::limit(found, *at)),
        );
        let (system, within) = (self.detector_title(detector), in_minutes(*within));
        let home = wording::at_home(*stays);
        firedrill_model::SafeText::one_line(&format!(
            "When {when}, {system} will notify {team} within {within}, and {title} will remain {home} {bound}."
        ))
    }
}

/// Whole minutes as people say them in a sentence, other lengths as they are.
fn in_minutes(span: Span) -> String {
    let minute = 60_000_000;
    match (span.0 / minute, span.0 % minute) {
        (1, 0) => "1 minute".to_owned(),
        (minutes, 0) if minutes > 0 => format!("{minutes} minutes"),
        _ => wording::length(span),
    }
}
