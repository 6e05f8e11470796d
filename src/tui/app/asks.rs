//! What is asked of the drill: phases, acknowledgement, steps, answers, the clock.

use super::dialogue::{Confirm, Detail, Popup};
use super::form::{FormProblem, recorded};
use super::{App, Asked, Item, Request};
use crate::tui::keymap::{Answering, Asking, Do, Pacing};
use crate::tui::scene::{DrillScene, Message, Scene};
use firedrill_core::projection::Transport;
use firedrill_model::command::{ClockAsk, StepAsk};
use firedrill_model::phase::{BRISK_RATE, MAX_RATE};
use firedrill_model::{SafeText, shown};
use firedrill_model::{
    command::Intent,
    phase::{Pace, Phase},
};

/// The rates that *faster* and *slower* walk through.
const RATES: [u32; 6] = [1, 2, 5, 10, BRISK_RATE, MAX_RATE];

impl App {
    /// Says why something can't be done now, if so.
    pub(super) fn refuses(&mut self, act: Do, scene: &Scene<'_>) -> bool {
        let why = self.why_not(act, scene);
        if let Some(why) = &why {
            self.message = Some(Message::Refusal(SafeText::new(why)));
        }
        why.is_some()
    }

    pub(super) fn ask(&mut self, what: Asking, scene: &Scene<'_>) -> Vec<Request> {
        if self.refuses(Do::Ask(what), scene) {
            return Vec::new();
        }
        let Some(drill) = scene.drill() else { return Vec::new() };
        match what {
            Asking::Next => self.next_phase(drill),
            Asking::Retry => vec![Request::Retry],
            Asking::Acknowledge => self.acknowledge(drill),
            Asking::Judge(judgement) => self.judge(drill, judgement),
            Asking::Rate(rating) => {
                let objective = self.chosen_objective(drill);
                let rate = |objective| Intent::Rate { objective, rating: Some(rating), words: None };
                objective.map(|objective| Request::Ask(rate(objective))).into_iter().collect()
            }
            Asking::Unmark => self.unmark(drill),
            Asking::Bookmark => {
                let ask = drill.replay.map(Transport::bookmark_here);
                ask.map(Request::Ask).into_iter().collect()
            }
            Asking::StepDone => {
                let step = self.chosen_step(drill);
                step.map(|step| Request::Ask(Intent::Step(step, StepAsk::Done))).into_iter().collect()
            }
        }
    }

    /// The finding or message that is shown in full, or else the chosen one.
    pub(super) fn item_in_view(&self, drill: &DrillScene<'_>) -> Option<Item> {
        match &self.popup {
            Some(Popup::Detail { of: Detail::Finding(id), .. }) => Some(Item::Finding(id.clone())),
            Some(Popup::Detail { of: Detail::Message(id), .. }) => Some(Item::Message(id.clone())),
            _ => self.chosen_item(drill),
        }
    }

    fn acknowledge(&self, drill: &DrillScene<'_>) -> Vec<Request> {
        let finding = match self.item_in_view(drill) {
            Some(Item::Finding(id)) => Some(id),
            _ => None,
        };
        vec![Request::Ask(Intent::Acknowledge(finding))]
    }

    fn next_phase(&mut self, drill: &DrillScene<'_>) -> Vec<Request> {
        match drill.view.course.phase {
            phase @ (Phase::Experiment | Phase::Improve) => {
                self.popup = Some(Popup::Confirm(Confirm::Next(phase)));
                Vec::new()
            }
            Phase::Hypothesis => self.begin(drill),
            _ => vec![Request::Ask(Intent::NextPhase)],
        }
    }

    /// Sends off the form and goes on to the experiment.
    fn begin(&mut self, drill: &DrillScene<'_>) -> Vec<Request> {
        let mut requests = match self.said_in_form(drill) {
            Ok(requests) => requests,
            Err((field, why)) => {
                if let Some(form) = &mut self.form {
                    form.go(field);
                }
                self.message = Some(Message::Refusal(SafeText::new(&why)));
                return Vec::new();
            }
        };
        requests.push(Request::Ask(Intent::NextPhase));
        requests
    }

    /// Records what the form says as soon as a field of it is left, so that it isn't lost with the program. What can't be read yet is
    /// said, and asked for again when the experiment begins.
    pub(super) fn keep_form(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        let Some(drill) = scene.drill().filter(|drill| drill.view.course.phase == Phase::Hypothesis) else {
            return Vec::new();
        };
        match self.said_in_form(drill) {
            Ok(requests) => requests,
            Err((_, why)) => {
                self.message = Some(Message::Notice(SafeText::new(&shown!("Not recorded yet: {}", why))));
                Vec::new()
            }
        }
    }

    /// What the form says and the record doesn't.
    fn said_in_form(&self, drill: &DrillScene<'_>) -> Result<Vec<Request>, FormProblem> {
        let mut requests = Vec::new();
        if let Some(form) = &self.form {
            let (hypothesis, prediction) = form.read(drill)?;
            if hypothesis != drill.view.course.hypothesis {
                requests.push(Request::Ask(Intent::SetHypothesis(hypothesis)));
            }
            if prediction != recorded(drill) {
                requests.push(Request::Ask(Intent::Predict(prediction)));
            }
        }
        Ok(requests)
    }

    pub(super) fn answer(&mut self, what: Answering, scene: &Scene<'_>) -> Vec<Request> {
        if self.refuses(Do::Answer(what), scene) {
            return Vec::new();
        }
        let Some(drill) = scene.drill() else { return Vec::new() };
        let Some((step, asked)) = self.asked(drill) else { return Vec::new() };
        let (mut confidence, mut knew_where, mut knew_whom) = (None, None, None);
        match (what, asked) {
            (Answering::Pass, _) => return self.pass(step),
            (Answering::Again, _) => {
                self.answer_again(drill);
                return Vec::new();
            }
            (Answering::Confidence(level), _) => confidence = Some(level),
            (Answering::Yes | Answering::No, Asked::Where) => knew_where = Some(what == Answering::Yes),
            (Answering::Yes | Answering::No, _) => knew_whom = Some(what == Answering::Yes),
        }
        self.back_to = None;
        let answer = StepAsk::Answer { confidence, knew_where, knew_whom, words: None };
        vec![Request::Ask(Intent::Step(step, answer))]
    }

    pub(super) fn pace(&mut self, what: Pacing, scene: &Scene<'_>) -> Vec<Request> {
        if self.refuses(Do::Pace(what), scene) {
            return Vec::new();
        }
        let Some(drill) = scene.drill() else { return Vec::new() };
        let course = &drill.view.course;
        let ask = match what {
            Pacing::Skip => return vec![Request::SkipAhead],
            Pacing::Pause => ClockAsk::Pause(course.rate > 0),
            Pacing::Brisk => ClockAsk::Pace(Pace::Brisk),
            Pacing::Faster => ClockAsk::Pace(Pace::Times(next_rate(course.pace, course.rate, true))),
            Pacing::Slower => ClockAsk::Pace(Pace::Times(next_rate(course.pace, course.rate, false))),
        };
        vec![Request::Ask(Intent::Clock(ask))]
    }
}

/// The rate above or below. Brisk counts as what it runs at now.
fn next_rate(pace: Pace, rate: u32, faster: bool) -> u32 {
    let now = match pace {
        Pace::Times(times) => times,
        Pace::Brisk => rate.max(1),
    };
    let next =
        if faster { RATES.iter().find(|rate| **rate > now) } else { RATES.iter().rev().find(|rate| **rate < now) };
    next.copied().unwrap_or(if faster { MAX_RATE } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faster_and_slower_walk_and_stop_at_the_ends() {
        assert_eq!(next_rate(Pace::Brisk, 30, true), MAX_RATE);
        assert_eq!(next_rate(Pace::Brisk, 1, true), 2);
        assert_eq!(next_rate(Pace::Times(1), 1, false), 1);
        assert_eq!(next_rate(Pace::Times(MAX_RATE), 0, true), MAX_RATE);
        assert_eq!(next_rate(Pace::Times(10), 0, false), 5);
    }
}
