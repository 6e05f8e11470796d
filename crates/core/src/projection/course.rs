//! The course of the drill: phases, gate, pace, hypothesis.

use super::View;
use super::apply::push_bounded;
use super::view::{Lane, Mark, Stamp};
use super::wording;
use firedrill_model::event::{DrillEvent, GapKind, ModelChange, PaceCause, PhaseCause, Recovered};
use firedrill_model::id::WorldId;
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::Hypothesis;
use firedrill_model::world::Contact;
use firedrill_model::{Shown, Span, shown};

impl View {
    pub(super) fn apply_course(&mut self, stamp: Stamp, event: &DrillEvent) {
        match event {
            DrillEvent::Opened { title, .. } => {
                self.line(stamp, Lane::Drill, &shown!("The drill begins: {}", title));
            }
            DrillEvent::PhaseEntered { phase, because } => self.enter(stamp, *phase, *because),
            DrillEvent::GateOpened { since } => {
                self.course.gate_open_since = Some(*since);
                self.line(stamp, Lane::Drill, "The steady state has held: the gate is open");
            }
            DrillEvent::GateClosed { signal, value } => {
                self.course.gate_open_since = None;
                let said = self.said_figure(signal, *value);
                self.line(stamp, Lane::Drill, &shown!("{} is outside the steady state: the gate is closed", said));
            }
            DrillEvent::SteadyAgain { since } => {
                if self.fault_is_in_play() {
                    self.marks.insert(Mark::SteadyStateRestored, stamp);
                }
                let held = wording::length(stamp.at.since(*since));
                self.line(
                    stamp,
                    Lane::Drill,
                    &shown!("The steady state is back: all signals within their limits for {}", held),
                );
            }
            DrillEvent::PaceChanged { pace, rate, because } => self.change_pace(stamp, *pace, *rate, *because),
            DrillEvent::HypothesisSet { hypothesis } => self.set_hypothesis(stamp, hypothesis),
            DrillEvent::Resumed { recovered, model } => self.resume(stamp, recovered.as_ref(), *model),
            DrillEvent::SeatLeft { seat } => self.line(stamp, Lane::People, &shown!("{} is left", seat)),
            DrillEvent::RoleChanged { seat, role } => self.change_role(stamp, seat, *role),
            DrillEvent::WorldContact { world, contact } => self.contact(stamp, world, *contact),
            DrillEvent::Gap { kind, length } => self.gap(stamp, *kind, *length),
            DrillEvent::ObservationsLost { world, count } => {
                let text = shown!(
                    "{} reports of {} are lost: nothing could be recorded, and more came than can be kept",
                    count,
                    world
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
            (Phase::Closed, _) => Shown::from("The drill is closed"),
            (phase, PhaseCause::TimeUp) => shown!("{} begins: the scenario's time is up", phase.label()),
            (phase, PhaseCause::AllDone) => {
                shown!("{} begins: all is done and the steady state is back", phase.label())
            }
            (phase, PhaseCause::Start | PhaseCause::Said) => shown!("{} begins", phase.label()),
        };
        self.line(stamp, Lane::Drill, &text);
    }

    fn change_pace(&mut self, stamp: Stamp, pace: Pace, rate: u32, because: PaceCause) {
        let was_paused = self.course.rate == 0;
        self.course.pace = pace;
        self.course.rate = rate;
        self.course.away = (because == PaceCause::Away).then_some(stamp);
        let text = match (because, pace) {
            (PaceCause::Chosen, Pace::Brisk) => Shown::from("Pace: brisk"),
            (PaceCause::Chosen, Pace::Times(1)) => Shown::from("Pace: real time"),
            (PaceCause::Chosen, Pace::Times(times)) => shown!("Pace: {} times real time", times),
            (PaceCause::Skipped, _) => Shown::from("Skipped ahead"),
            (PaceCause::Away, _) => Shown::from("The drill pauses by itself: nobody was at the keys"),
            (PaceCause::Paused, _) if rate == 0 => Shown::from("The drill is paused"),
            (PaceCause::Paused, _) if was_paused => Shown::from("The drill goes on"),
            // Brisk changes its rate all the time; that is no news to anyone.
            (PaceCause::Paused | PaceCause::Asked | PaceCause::Idle, _) => return,
        };
        self.line(stamp, Lane::Drill, &text);
    }

    fn set_hypothesis(&mut self, stamp: Stamp, hypothesis: &Hypothesis) {
        self.course.hypothesis = hypothesis.clone();
        let sentence = self.hypothesis_sentence();
        self.line(stamp, Lane::Drill, &shown!("The hypothesis: {}", sentence));
    }

    fn resume(&mut self, stamp: Stamp, recovered: Option<&Recovered>, model: Option<ModelChange>) {
        self.course.resumed = self.course.resumed.saturating_add(1);
        let text = recovered.map_or_else(
            || Shown::from("The record is taken up again"),
            |cut| {
                let size = cut.bytes;
                shown!("The record is taken up again; {} unfinished bytes at its end are kept in {}", size, cut.kept_in)
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
            Contact::Silent => shown!("Nothing is heard from {}", world),
            Contact::Lost => shown!("{} can't be reached", world),
            Contact::Back => shown!("{} can be reached again", world),
        };
        self.line(stamp, Lane::World, &text);
    }

    fn gap(&mut self, stamp: Stamp, kind: GapKind, length: Span) {
        let length = wording::length(length);
        let text = match kind {
            GapKind::Asleep => {
                shown!("The drill stood still for {}: the machine slept, or the program was stopped", length)
            }
            GapKind::Closed => shown!("The drill stood still for {}: the program was closed", length),
            GapKind::ClockSet => shown!("The clock on the wall was set, by {}", length),
        };
        self.line(stamp, Lane::Drill, &text);
    }

    /// The hypothesis as a sentence, in the form of the post.
    #[must_use]
    pub fn hypothesis_sentence(&self) -> firedrill_model::SafeText {
        let Hypothesis { when, detector, team, within, signal, stays, at } = &self.course.hypothesis;
        let (title, bound) = self.signal_by_id(signal).map_or_else(
            || (signal.into(), shown!("{}", at)),
            |(_, found)| (Shown::from(&found.title), wording::limit(found, *at)),
        );
        let (system, within) = (self.detector_title(detector), in_minutes(*within));
        let home = wording::at_home(*stays);
        firedrill_model::SafeText::one_line(&shown!(
            "When {}, {} will notify {} within {}, and {} will remain {} {}.",
            when,
            system,
            team,
            within,
            title,
            home,
            bound
        ))
    }
}

/// Whole minutes as people say them in a sentence, other lengths as they are.
fn in_minutes(span: Span) -> Shown {
    let minute = 60_000_000;
    match (span.0 / minute, span.0 % minute) {
        (1, 0) => Shown::from("1 minute"),
        (minutes, 0) if minutes > 0 => shown!("{} minutes", minutes),
        _ => wording::length(span),
    }
}
