//! Why something can't be done now. The palette greys it with the reason, the key shows the reason.

use super::{App, Asked, Detail, Item, Popup};
use crate::drill::Phase;
use crate::tui::keymap::{Answering, Asking, Do, Open};
use crate::tui::scene::{DrillScene, RecordingView, Scene};

impl App {
    /// The reason, or nothing if it can be done.
    pub(in crate::tui) fn why_not(&self, act: Do, scene: &Scene<'_>) -> Option<String> {
        let Some(drill) = scene.drill() else {
            let anywhere = matches!(
                act,
                Do::Move(_)
                    | Do::Dialogue(_)
                    | Do::Program(_)
                    | Do::Open(Open::Selected | Open::Help | Open::Palette | Open::Leave)
            );
            return (!anywhere).then(|| "open a drill first".into());
        };
        match act {
            Do::Ask(what) => self.why_not_ask(what, drill),
            Do::Open(what) => self.why_not_open(what, drill),
            Do::Answer(what) => self.why_not_answer(what, drill),
            Do::Pace(_) => clock_stands(drill),
            Do::Move(_) | Do::Dialogue(_) | Do::Program(_) => None,
        }
    }

    fn why_not_ask(&self, what: Asking, drill: &DrillScene<'_>) -> Option<String> {
        let phase = drill.view.course.phase;
        match what {
            Asking::Retry => {
                let standing = matches!(drill.recording, RecordingView::NotRecording { .. });
                (!standing).then(|| "the drill is being recorded".into())
            }
            Asking::Next => match phase {
                Phase::Closed => Some("the drill is closed".into()),
                Phase::SteadyState if drill.view.course.gate_open_since.is_none() => {
                    Some("the steady state has not held for long enough yet; watch it until the gate opens".into())
                }
                _ => None,
            },
            Asking::Acknowledge => self.why_not_acknowledge(drill),
            Asking::StepDone => self.why_not_step(drill),
        }
    }

    fn why_not_acknowledge(&self, drill: &DrillScene<'_>) -> Option<String> {
        if drill.view.course.phase != Phase::Experiment {
            return Some("there is nothing to take on before the experiment or after it".into());
        }
        if matches!(self.popup, Some(Popup::Detail { of: Detail::Record(_), .. })) {
            return Some("a log record is no finding".into());
        }
        match self.item_in_view(drill) {
            Some(Item::Finding(id)) if drill.view.board.finding(&id)?.acknowledged.is_some() => {
                Some("the finding is acknowledged already".into())
            }
            _ => None,
        }
    }

    fn why_not_step(&self, drill: &DrillScene<'_>) -> Option<String> {
        if drill.view.course.phase != Phase::Experiment {
            return Some("the playbook is worked through in the experiment".into());
        }
        let step = self.chosen_step(drill)?;
        let step = drill.view.playbook.steps.iter().find(|view| view.id == step)?;
        step.end.is_some().then(|| "the chosen step is finished already".into())
    }

    fn why_not_open(&self, what: Open, drill: &DrillScene<'_>) -> Option<String> {
        let phase = drill.view.course.phase;
        match what {
            Open::Respond if !phase.clock_runs() => {
                Some("responses are given in the steady state and in the experiment".into())
            }
            Open::Note if phase == Phase::Closed => Some("the drill is closed".into()),
            Open::Filter | Open::Source if phase != Phase::Experiment => {
                Some("the logs are read in the experiment".into())
            }
            Open::Skip => self.why_not_step(drill),
            Open::Words => self.asked(drill).is_none().then(no_question),
            Open::Improvement if phase != Phase::Improve => {
                Some("improvements are written down in the phase Improve".into())
            }
            _ => None,
        }
    }

    fn why_not_answer(&self, what: Answering, drill: &DrillScene<'_>) -> Option<String> {
        let Some((_, asked)) = self.asked(drill) else { return Some(no_question()) };
        match (what, asked) {
            (Answering::Yes | Answering::No, Asked::Confidence) => Some("first: how confident, from 1 to 5?".into()),
            (Answering::Yes | Answering::No, Asked::Words) => Some("all three are answered; m adds a line".into()),
            (Answering::Confidence(_), asked) if asked != Asked::Confidence => {
                Some("the confidence is answered; Backspace goes back to it".into())
            }
            (Answering::Again, Asked::Confidence) => Some("this is the first question".into()),
            _ => None,
        }
    }
}

fn no_question() -> String {
    "no question is open".into()
}

fn clock_stands(drill: &DrillScene<'_>) -> Option<String> {
    let phase = drill.view.course.phase;
    (!phase.clock_runs()).then(|| format!("the drill clock stands still in the phase {}", phase.label()))
}
