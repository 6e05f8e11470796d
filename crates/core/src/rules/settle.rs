//! What follows by itself from what has happened: gates, prompts, steps that count as done, messages, the end of the
//! experiment, the pace. Asked after every entry until nothing more follows.

use super::state::{Drill, StepState};
use firedrill_model::DrillTime;
use firedrill_model::event::{DrillEvent, Event, PaceCause, PeopleEvent, PhaseCause};
use firedrill_model::phase::{BRISK_RATE, Pace, Phase};
use firedrill_model::refusal::Asked;

impl Drill {
    /// The events that follow from the state at drill time `now`, which is at or after the newest entry. Empty when all
    /// is settled. Each call yields the events of one rule, so that the next rule sees them applied.
    #[must_use]
    pub fn settle(&self, now: DrillTime) -> Vec<Event> {
        if !self.opened {
            return Vec::new();
        }
        let rules =
            [Self::gate, Self::steps_done, Self::prompt, Self::messages, Self::steady_again, Self::end, Self::pace];
        rules.iter().find_map(|rule| rule(self, now)).map(|event| vec![event]).unwrap_or_default()
    }

    /// When, after `now`, the clock alone will make something follow: a message, or the end of the experiment.
    #[must_use]
    pub fn next_due(&self, now: DrillTime) -> Option<DrillTime> {
        if self.phase != Phase::Experiment {
            return None;
        }
        let end = self.experiment_at.map(|began| began + self.scenario.length);
        let messages = self.scenario.injects.iter().filter(|inject| !self.injects.contains(&inject.id));
        let steps = self.steps.iter().zip(&self.scenario.playbook.steps).filter(|(state, _)| !state.ended);
        let conditions = messages.map(|inject| &inject.when).chain(steps.map(|(_, step)| &step.done_when));
        conditions.filter_map(|when| self.comes_due(when)).chain(end).filter(|due| *due > now).min()
    }

    fn gate(&self, now: DrillTime) -> Option<Event> {
        if self.phase != Phase::SteadyState {
            return None;
        }
        match (self.health.gate_open, self.health.good_since) {
            (false, Some(since)) if now.since(since) >= self.scenario.steady_state.hold => {
                Some(Event::Drill(DrillEvent::GateOpened { since }))
            }
            (true, None) => {
                let (index, value) = self.health.left?;
                let signal = self.scenario.signals.get(index)?.id.clone();
                Some(Event::Drill(DrillEvent::GateClosed { signal, value }))
            }
            _ => None,
        }
    }

    fn steps_done(&self, now: DrillTime) -> Option<Event> {
        if self.phase != Phase::Experiment {
            return None;
        }
        self.steps.iter().zip(&self.scenario.playbook.steps).find_map(|(state, step)| {
            if state.ended || !self.holds(&step.done_when, now) {
                return None;
            }
            let run = self.completing_run(step);
            Some(Event::People(PeopleEvent::StepDone { step: state.id.clone(), run }))
        })
    }

    fn prompt(&self, _now: DrillTime) -> Option<Event> {
        if self.phase != Phase::Experiment || !self.incident_known() {
            return None;
        }
        let step = self.current_step().filter(|step| !step.prompted)?;
        Some(Event::Drill(DrillEvent::StepPrompted { step: step.id.clone() }))
    }

    /// The team knows that something is going on: from then on the playbook asks.
    fn incident_known(&self) -> bool {
        let incident = &self.incident;
        !incident.findings.is_empty() || incident.taken_on || incident.responded || !self.injects.is_empty()
    }

    fn current_step(&self) -> Option<&StepState> {
        self.steps.iter().find(|step| !step.ended)
    }

    fn messages(&self, now: DrillTime) -> Option<Event> {
        if self.phase != Phase::Experiment || self.fault_at.is_none() {
            return None;
        }
        let mut waiting = self.scenario.injects.iter().filter(|inject| !self.injects.contains(&inject.id));
        let inject = waiting.find(|inject| self.holds(&inject.when, now))?;
        let (inject, message) = (inject.id.clone(), Some(inject.message()));
        Some(Event::Drill(DrillEvent::InjectDelivered { inject, message }))
    }

    /// The steady state is back when all signals have been at home, and the adversary quiet, for the scenario's time.
    fn steady_again(&self, now: DrillTime) -> Option<Event> {
        if self.phase != Phase::Experiment || self.health.steady_again {
            return None;
        }
        let since = self.health.good_since?.max(self.health.quiet_since?);
        let held = now.since(since) >= self.scenario.steady_state.hold;
        held.then_some(Event::Drill(DrillEvent::SteadyAgain { since }))
    }

    /// When the experiment ends at the latest.
    #[must_use]
    pub(crate) fn latest_end(&self) -> Option<DrillTime> {
        let began = self.experiment_at.filter(|_| self.phase == Phase::Experiment)?;
        Some(began + self.scenario.length)
    }

    fn end(&self, now: DrillTime) -> Option<Event> {
        let began = self.experiment_at.filter(|_| self.phase == Phase::Experiment)?;
        let all_done = self.steps.iter().all(|step| step.ended)
            && self.health.steady_again
            && self.questions.is_empty()
            && self.attending.is_empty()
            && self.runs.values().all(|run| run.done.is_some());
        let because = if now.since(began) >= self.scenario.length {
            PhaseCause::TimeUp
        } else if all_done {
            PhaseCause::AllDone
        } else {
            return None;
        };
        Some(Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Verify, because }))
    }

    fn pace(&self, _now: DrillTime) -> Option<Event> {
        if !self.phase.clock_runs() || self.clock.paused {
            return None;
        }
        let asked = self.is_asked();
        let rate = self.rate_of(self.clock.pace);
        let because = match (self.clock.pace, asked) {
            (Pace::Times(_), _) => PaceCause::Chosen,
            (Pace::Brisk, true) => PaceCause::Asked,
            (Pace::Brisk, false) => PaceCause::Idle,
        };
        let event = DrillEvent::PaceChanged { pace: self.clock.pace, rate, because };
        (self.clock.rate != Some(rate)).then_some(Event::Drill(event))
    }

    /// What a pace means now, in drill seconds a second.
    pub(super) fn rate_of(&self, pace: Pace) -> u32 {
        if self.unhurried_world().is_some() {
            return 1;
        }
        match pace {
            Pace::Times(times) => times,
            Pace::Brisk => {
                if self.is_asked() {
                    1
                } else {
                    BRISK_RATE
                }
            }
        }
    }

    /// Says whether a person has something to do now, so that *brisk* keeps to real time.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        !self.attending.is_empty() || self.asked().is_some()
    }

    /// What a person is asked now.
    pub(super) fn asked(&self) -> Option<Asked> {
        match self.phase {
            Phase::SteadyState => self.health.gate_open.then_some(Asked::Gate),
            Phase::Experiment => {
                let under_way = self.runs.values().any(|run| run.done.is_none());
                let prompted = self.current_step().is_some_and(|step| step.prompted);
                if self.incident.findings.values().any(|acknowledged| !acknowledged) {
                    Some(Asked::Finding)
                } else if !self.injects.is_empty() && !self.incident.taken_on {
                    Some(Asked::Message)
                } else if !self.questions.is_empty() {
                    Some(Asked::Questions)
                } else {
                    (prompted && !under_way).then_some(Asked::Step)
                }
            }
            Phase::Hypothesis | Phase::Verify | Phase::Improve | Phase::Closed => Some(Asked::Phase),
        }
    }
}
