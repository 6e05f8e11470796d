//! The course of the drill: phases, gate, pace, hypothesis.

use super::View;
use super::apply::{MAX_ROWS, push_bounded};
use super::happened::{Deed, DrillTurn};
use super::view::{Interruption, Lane, Stamp};
use super::wording;
use firedrill_model::event::{DrillEvent, Erasure, GapKind, ModelChange, PaceCause, PhaseCause, Recovered};
use firedrill_model::id::WorldId;
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::{Bound, Hypothesis};
use firedrill_model::world::{Contact, WorldKind};
use firedrill_model::{Joined, Shown, Span, shown};

impl View {
    pub(super) fn apply_course(&mut self, stamp: Stamp, event: &DrillEvent) {
        match event {
            DrillEvent::Opened { title, .. } => {
                self.line(stamp, Lane::Drill, DrillTurn::Began(title.clone()));
            }
            DrillEvent::PhaseEntered { phase, because } => self.enter(stamp, *phase, *because),
            DrillEvent::GateOpened { since } => {
                self.course.gate_open_since = Some(*since);
                self.line(stamp, Lane::Drill, DrillTurn::GateOpened);
            }
            DrillEvent::GateClosed { signal, value } => {
                self.course.gate_open_since = None;
                self.line(stamp, Lane::Drill, DrillTurn::GateClosed(signal.clone(), *value));
            }
            DrillEvent::SteadyAgain { since } => {
                self.mark_steady(stamp, *since);
                self.line(stamp, Lane::Drill, DrillTurn::SteadyAgain(stamp.at.since(*since)));
            }
            DrillEvent::PaceChanged { pace, rate, because } => self.change_pace(stamp, *pace, *rate, *because),
            DrillEvent::HypothesisSet { hypothesis } => self.set_hypothesis(stamp, hypothesis),
            DrillEvent::Resumed { recovered, model } => self.resume(stamp, recovered.as_ref(), *model),
            DrillEvent::SeatLeft { seat } => self.line(stamp, Lane::People, Deed::SeatLeft(seat.clone())),
            DrillEvent::RoleChanged { seat, role } => self.change_role(stamp, seat, *role),
            DrillEvent::WorldContact { world, contact } => self.contact(stamp, world, *contact),
            DrillEvent::Gap { kind, length } => self.gap(stamp, *kind, *length),
            DrillEvent::Erased(erasure) => self.erase(stamp, erasure),
            DrillEvent::ObservationsLost { world, count } => {
                self.hidden_line(stamp, Lane::World, DrillTurn::ObservationsLost(world.clone(), *count));
            }
            // What takes part from the beginning is no news.
            DrillEvent::WorldAttached { world, can, .. } => {
                self.course.worlds.insert(WorldKind::of(world, *can));
            }
            // The others have folds of their own.
            DrillEvent::SeatTaken { .. } | DrillEvent::StepPrompted { .. } | DrillEvent::InjectDelivered { .. } => {}
        }
    }

    fn enter(&mut self, stamp: Stamp, phase: Phase, because: PhaseCause) {
        if phase > Phase::Experiment {
            self.playbook.close_questions();
        }
        self.course.phase = phase;
        push_bounded(&mut self.course.phases, (phase, because, stamp), &mut self.dropped.other);
        self.line(stamp, Lane::Drill, DrillTurn::PhaseBegan(phase, because));
    }

    fn change_pace(&mut self, stamp: Stamp, pace: Pace, rate: u32, because: PaceCause) {
        let was_paused = self.course.rate == 0;
        self.course.pace = pace;
        self.course.rate = rate;
        self.course.away = (because == PaceCause::Away).then_some(stamp);
        let turn = match because {
            PaceCause::Chosen => DrillTurn::PaceChosen(pace),
            PaceCause::Skipped => DrillTurn::SkipBegan,
            PaceCause::Away => DrillTurn::PausedByItself,
            PaceCause::Paused if rate == 0 => self.pause(stamp),
            PaceCause::Paused if was_paused => self.go_on(stamp),
            // Brisk changes its rate all the time; that is no news to anyone.
            PaceCause::Paused | PaceCause::Asked | PaceCause::Idle => return,
        };
        self.line(stamp, Lane::Drill, turn);
    }

    fn set_hypothesis(&mut self, stamp: Stamp, hypothesis: &Hypothesis) {
        self.course.hypothesis = hypothesis.clone();
        self.line(stamp, Lane::Drill, DrillTurn::HypothesisSet(Box::new(hypothesis.clone())));
    }

    fn resume(&mut self, stamp: Stamp, recovered: Option<&Recovered>, model: Option<ModelChange>) {
        self.course.resumed = self.course.resumed.saturating_add(1);
        let cut = recovered.map(|cut| (cut.bytes, cut.kept_in.clone()));
        self.line(stamp, Lane::Drill, DrillTurn::TakenUp(cut));
        if model.is_some() {
            self.line(stamp, Lane::Drill, DrillTurn::OtherModel);
        }
    }

    fn contact(&mut self, stamp: Stamp, world: &WorldId, contact: Contact) {
        self.line(stamp, Lane::World, DrillTurn::WorldContact(world.clone(), contact));
    }

    fn erase(&mut self, stamp: Stamp, erasure: &Erasure) {
        for text in &erasure.texts {
            if self.people.erased.len() < MAX_ROWS {
                self.people.erased.insert(*text, stamp);
            }
        }
        self.line(stamp, Lane::Drill, DrillTurn::Erased(erasure.texts.len(), erasure.reason));
    }

    fn gap(&mut self, stamp: Stamp, kind: GapKind, length: Span) {
        self.interrupted(stamp, Interruption::Gap(kind, length));
        self.line(stamp, Lane::Drill, DrillTurn::Gap(kind, length));
    }

    /// The hypothesis as a sentence, in the form of the post.
    #[must_use]
    pub fn hypothesis_sentence(&self) -> firedrill_model::SafeText {
        self.sentence_of(&self.course.hypothesis)
    }

    /// A hypothesis as a sentence.
    pub(super) fn sentence_of(&self, hypothesis: &Hypothesis) -> firedrill_model::SafeText {
        let (system, within) = (self.detector_title(&hypothesis.detector), in_minutes(hypothesis.within));
        let (when, team) = (&hypothesis.when, &hypothesis.team);
        let told = shown!("{} will notify {} within {}", system, team, within);
        let mut parts: Vec<Shown> = core::iter::once(told).chain(self.bounds_words(hypothesis)).collect();
        if let Some(within) = hypothesis.contained_within {
            let what =
                if self.scenario.adversary { "the adversary will be contained" } else { "the fault will be over" };
            parts.push(shown!("{} within {}", what, in_minutes(within)));
        }
        if hypothesis.no_data_taken {
            parts.push("no data will be taken".into());
        }
        if hypothesis.evidence_kept {
            parts.push("no evidence will be lost".into());
        }
        let (last, first) =
            parts.split_last().map_or((Shown::default(), &[][..]), |(last, first)| (last.clone(), first));
        firedrill_model::SafeText::one_line(&shown!("When {}, {}, and {}.", when, first.joined(", "), last))
    }

    /// `Website errors will remain at or under 0.5 %`, of each signal.
    fn bounds_words(&self, hypothesis: &Hypothesis) -> Vec<Shown> {
        let words = |bound: &Bound| {
            let (title, at) = self.signal_by_id(&bound.signal).map_or_else(
                || ((&bound.signal).into(), shown!("{}", bound.at)),
                |(_, found)| (Shown::from(&found.title), wording::limit(found, bound.at)),
            );
            shown!("{} will remain {} {}", title, wording::at_home(bound.stays), at)
        };
        hypothesis.bounds().iter().map(words).collect()
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
