//! Why something can't be done now. The palette greys it with the reason, the key shows the reason.

use super::{App, Asked, Detail, Item, Popup};
use crate::tui::keymap::{Answering, Asking, Do, Open, Program};
use crate::tui::pane::Pane;
use crate::tui::scene::{DrillScene, RecordingView, Scene};
use firedrill_model::{Judgement, Shown, shown};
use firedrill_model::{allowed::Matter, phase::Phase};

impl App {
    /// The reason, or nothing if it can be done.
    pub(crate) fn why_not(&self, act: Do, scene: &Scene<'_>) -> Option<Shown> {
        let Some(drill) = scene.drill() else { return self.why_not_in_list(act, scene) };
        if drill.replay.is_some() {
            match act {
                // What is noted later is added; nothing of what was is changed.
                Do::Cue(_) | Do::Ask(Asking::Bookmark) | Do::Open(Open::Note | Open::Moment | Open::Find) => {
                    return None;
                }
                Do::Ask(_)
                | Do::Answer(_)
                | Do::Open(
                    Open::Respond | Open::Mark | Open::Skip | Open::Words | Open::Question | Open::Improvement,
                ) => {
                    return Some("what was is not changed in a replay; w adds a note to it".into());
                }
                _ => {}
            }
        }
        match act {
            Do::Cue(_) => Some(not_replayed()),
            Do::Ask(what) => self.why_not_ask(what, drill),
            Do::Open(what) => self.why_not_open(what, drill),
            Do::Answer(what) => self.why_not_answer(what, drill),
            Do::Improve(_) => Some("this is for the list over all drills; leave the drill for it".into()),
            Do::Pace(_) => not_in(Matter::Clock, drill),
            Do::Program(Program::Copy) => self.copied(drill).is_none().then(|| "there is nothing here to copy".into()),
            Do::Move(_) | Do::Dialogue(_) | Do::Program(_) => None,
        }
    }

    fn why_not_ask(&self, what: Asking, drill: &DrillScene<'_>) -> Option<Shown> {
        let phase = drill.view.course.phase;
        match what {
            Asking::Retry => {
                let standing = matches!(drill.recording, RecordingView::NotRecording { .. });
                (!standing).then(|| "the drill is being recorded".into())
            }
            Asking::Bookmark => Some(not_replayed()),
            Asking::Next => match phase {
                Phase::Closed => Some("the drill is closed".into()),
                Phase::SteadyState if drill.view.course.gate_open_since.is_none() => {
                    Some("the steady state has not held for long enough yet; watch it until the gate opens".into())
                }
                _ => None,
            },
            Asking::Acknowledge => self.why_not_acknowledge(drill),
            Asking::StepDone => self.why_not_step(drill),
            Asking::Judge(judgement) => self.why_not_judge(judgement, drill),
            Asking::Rate(_) => not_in(Matter::Rating, drill).or_else(|| {
                let chosen = self.focused(phase) == Some(Pane::Objectives) && self.chosen_objective(drill).is_some();
                (!chosen).then(|| "no objective is selected".into())
            }),
            Asking::Unmark => self.why_not_mark(drill).or_else(|| {
                let id = &self.record_in_view(drill)?.record.id;
                let marked = drill.view.people.evidence.iter().any(|marked| marked.row.record.id == *id);
                (!marked).then(|| "the record is not marked".into())
            }),
        }
    }

    fn why_not_acknowledge(&self, drill: &DrillScene<'_>) -> Option<Shown> {
        if let Some(why) = not_in(Matter::Acknowledgement, drill) {
            return Some(why);
        }
        if matches!(self.popup, Some(Popup::Detail { of: Detail::Record(_) | Detail::Line(..), .. })) {
            return Some("this is no finding".into());
        }
        match self.item_in_view(drill) {
            Some(Item::Finding(id)) if drill.view.board.finding(&id)?.acknowledged.is_some() => {
                Some("the finding is acknowledged already".into())
            }
            _ => None,
        }
    }

    fn why_not_judge(&self, judgement: Judgement, drill: &DrillScene<'_>) -> Option<Shown> {
        if let Some(why) = not_in(Matter::Judgement, drill) {
            return Some(why);
        }
        if matches!(self.popup, Some(Popup::Detail { of: Detail::Record(_) | Detail::Line(..), .. })) {
            return Some("this is no finding".into());
        }
        match self.item_in_view(drill) {
            Some(Item::Finding(id)) => {
                let judged = drill.view.board.finding(&id)?.judged.as_ref();
                let same = judged.is_some_and(|(_, _, before)| *before == judgement);
                same.then(|| shown!("the finding counts as {} already", judgement.label()))
            }
            _ => Some("no finding is selected".into()),
        }
    }

    fn why_not_mark(&self, drill: &DrillScene<'_>) -> Option<Shown> {
        if let Some(why) = not_in(Matter::Evidence, drill) {
            return Some(why);
        }
        self.record_in_view(drill).is_none().then(|| "no log record is selected".into())
    }

    fn why_not_step(&self, drill: &DrillScene<'_>) -> Option<Shown> {
        if let Some(why) = not_in(Matter::Step, drill) {
            return Some(why);
        }
        let step = self.chosen_step(drill)?;
        let step = drill.view.playbook.steps.iter().find(|view| view.id == step)?;
        step.end.is_some().then(|| "the chosen step is finished already".into())
    }

    fn why_not_open(&self, what: Open, drill: &DrillScene<'_>) -> Option<Shown> {
        let phase = drill.view.course.phase;
        match what {
            Open::Respond => not_in(Matter::Response, drill),
            Open::Note => not_in(Matter::Note, drill),
            Open::Filter | Open::Source | Open::Evidence | Open::Listing if phase != Phase::Experiment => {
                Some("logs and findings are read in the experiment".into())
            }
            Open::Moment | Open::Find => Some(not_replayed()),
            Open::Replay => Some("drills to replay are in the lobby".into()),
            Open::History | Open::Improvements => Some("leave the drill first".into()),
            Open::Mark => self.why_not_mark(drill),
            Open::Skip => self.why_not_step(drill),
            Open::Question if self.reopened.is_some() => Some("the question is open".into()),
            Open::Question => drill.view.passed_question().is_none().then(|| "no question was passed".into()),
            Open::Words => self.asked(drill).is_none().then(no_question),
            Open::Improvement => not_in(Matter::Improvement, drill),
            _ => None,
        }
    }

    fn why_not_answer(&self, what: Answering, drill: &DrillScene<'_>) -> Option<Shown> {
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

fn not_replayed() -> Shown {
    "this drill is not replayed".into()
}

fn no_question() -> Shown {
    "no question is open".into()
}

/// Why something can't be asked in this phase, if it can't.
fn not_in(matter: Matter, drill: &DrillScene<'_>) -> Option<Shown> {
    let phase = drill.view.course.phase;
    let why = || {
        if phase == Phase::Closed {
            Shown::from("the drill is closed")
        } else {
            shown!("this is for the {}; this is {}", matter.phases_in_words(), phase.label())
        }
    };
    (!matter.allowed_in(phase)).then(why)
}
