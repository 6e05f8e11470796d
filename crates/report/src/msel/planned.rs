//! For when something was planned, in words and, where it hangs on nothing that people or chance decide, as a moment.

use super::later;
use firedrill_core::projection::View;
use firedrill_core::projection::view::Mark;
use firedrill_core::projection::wording::{length, list};
use firedrill_model::id::StageId;
use firedrill_model::{
    DrillTime, Joined, Shown, Span,
    scenario::{Begins, Scenario, Stage, Trigger, When},
    shown,
};

/// For when something was planned.
pub(super) struct Planned {
    pub words: Shown,
    pub at: Option<DrillTime>,
}

impl Planned {
    pub fn words(words: impl Into<Shown>) -> Self {
        Self { words: words.into(), at: None }
    }

    /// So long after something whose moment may be known.
    pub fn after(what: &'static str, by: Span, from: Option<DrillTime>) -> Self {
        Self { words: since(by, what), at: later(from, by) }
    }

    pub fn of_stage(view: &View, whole: &Scenario, stage: &Stage) -> Self {
        let Begins { after_fault, after_loss_of, after_start_of, at, delay } = &stage.begins;
        let title = |id: &StageId| {
            let stage = whole.stages.iter().find(|stage| stage.id == *id);
            stage.map_or_else(Shown::default, |stage| Shown::from(&stage.title))
        };
        if let Some(by) = after_fault {
            return Self::after("the fault", *by + *delay, fault(view));
        }
        if let Some(at) = at {
            return Self { words: shown!("{} into the drill", length(*at)), at: Some(DrillTime::ZERO + *at + *delay) };
        }
        match (after_start_of, after_loss_of) {
            (Some(id), _) => Self::words(since(*delay, &shown!("the start of: {}", title(id)))),
            (None, Some(id)) => Self::words(since(*delay, &shown!("somebody ended: {}", title(id)))),
            (None, None) => Self::words(""),
        }
    }

    pub fn of_message(view: &View, when: &When) -> Self {
        let mut conditions = Vec::new();
        if !when.action_done.is_empty() {
            let titles = when.action_done.iter().map(|aimed| shown!("'{}'", view.action_title(&aimed.act)));
            conditions.push(shown!("one of these is done: {}", titles.collect::<Vec<_>>().joined(", ")));
        }
        let mut say = |held: Option<bool>, yes: &'static str, no: &'static str| {
            if let Some(held) = held {
                conditions.push(if held { yes } else { no }.into());
            }
        };
        say(when.acknowledged, "a finding is acknowledged", "no finding is acknowledged");
        say(when.notified, "the team is notified", "the team is not notified");
        say(when.finding_seen, "somebody has seen a finding", "nobody has seen a finding");
        say(when.said, "somebody says so", "nobody says so");
        if let Some(trigger) = &when.after {
            conditions.push(since(when.plus, triggered(view, trigger)));
        }
        if let Some(signal) = &when.signal_out {
            conditions.push(shown!("{} is out of its limit", signal));
        }
        if let Some(resource) = &when.unavailable {
            conditions.push(shown!("{} can't be used", view.target_title(resource)));
        }
        let timed = when.after_fault.map(|by| Self::after("the fault", by, fault(view)));
        match (timed, conditions.is_empty()) {
            (Some(timed), true) => timed,
            (Some(timed), false) => Self::words(&shown!("{}, if {}", timed.words, list(&conditions))),
            (None, _) => Self::words(&shown!("when {}", list(&conditions))),
        }
    }
}

/// What is counted from, in words.
fn triggered(view: &View, trigger: &Trigger) -> Shown {
    match trigger {
        Trigger::Acknowledged => "the first acknowledgement".into(),
        Trigger::StageBegun(id) => shown!("the beginning of stage {}", id),
        Trigger::FindingOf(id) => shown!("a finding of {}", id),
        Trigger::FindingOfStage(id) => shown!("a finding of stage {}", id),
        Trigger::PagedBy(id) => shown!("a message by {}", id),
        Trigger::Given(id) => shown!("'{}' is given", view.action_title(id)),
        Trigger::Done(id) => shown!("'{}' is done", view.action_title(id)),
        Trigger::Refused(id) => shown!("'{}' turns out impossible", view.action_title(id)),
        Trigger::Message(id) => shown!("the message {}", id),
        Trigger::SignalOut(id) => shown!("{} leaves its limit", id),
        Trigger::SignalBack(id) => shown!("{} is back within its limit", id),
    }
}

fn fault(view: &View) -> Option<DrillTime> {
    view.marks.get(&Mark::FaultActive).map(|stamp| stamp.at)
}

fn since(by: Span, what: impl Into<Shown>) -> Shown {
    let what = what.into();
    if by == Span::ZERO { shown!("with {}", what) } else { shown!("{} after {}", length(by), what) }
}
