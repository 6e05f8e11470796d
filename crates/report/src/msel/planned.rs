//! For when something was planned, in words and, where it hangs on nothing that people or chance decide, as a moment.

use super::later;
use firedrill_core::projection::View;
use firedrill_core::projection::view::Mark;
use firedrill_core::projection::wording::{length, list};
use firedrill_model::id::StageId;
use firedrill_model::scenario::{Begins, Scenario, Stage, When};
use firedrill_model::{DrillTime, Span};

/// For when something was planned.
pub(super) struct Planned {
    pub words: String,
    pub at: Option<DrillTime>,
}

impl Planned {
    pub fn words(words: &str) -> Self {
        Self { words: words.to_owned(), at: None }
    }

    /// So long after something whose moment may be known.
    pub fn after(what: &str, by: Span, from: Option<DrillTime>) -> Self {
        Self { words: since(by, what), at: later(from, by) }
    }

    pub fn of_stage(view: &View, whole: &Scenario, stage: &Stage) -> Self {
        let Begins { after_fault, after_loss_of, after_start_of, at, delay } = &stage.begins;
        let title =
            |id: &StageId| whole.stages.iter().find(|stage| stage.id == *id).map_or("", |stage| stage.title.as_str());
        if let Some(by) = after_fault {
            return Self::after("the fault", *by + *delay, fault(view));
        }
        if let Some(at) = at {
            return Self { words: format!("{} into the drill", length(*at)), at: Some(DrillTime::ZERO + *at + *delay) };
        }
        match (after_start_of, after_loss_of) {
            (Some(id), _) => Self::words(&since(*delay, &format!("the start of: {}", title(id)))),
            (None, Some(id)) => Self::words(&since(*delay, &format!("somebody ended: {}", title(id)))),
            (None, None) => Self::words(""),
        }
    }

    pub fn of_message(view: &View, when: &When) -> Self {
        let mut conditions = Vec::new();
        if !when.action_done.is_empty() {
            let titles = when.action_done.iter().map(|id| format!("'{}'", view.action_title(id)));
            conditions.push(format!("one of these is done: {}", titles.collect::<Vec<_>>().join(", ")));
        }
        let mut say = |held: Option<bool>, yes: &str, no: &str| {
            if let Some(held) = held {
                conditions.push(if held { yes } else { no }.to_owned());
            }
        };
        say(when.acknowledged, "a finding is acknowledged", "no finding is acknowledged");
        say(when.notified, "the team is notified", "the team is not notified");
        say(when.finding_seen, "somebody has seen a finding", "nobody has seen a finding");
        say(when.said, "somebody says so", "nobody says so");
        if let Some(signal) = &when.signal_out {
            conditions.push(format!("{signal} is out of its limit"));
        }
        if let Some(resource) = &when.unavailable {
            conditions.push(format!("{} can't be used", view.target_title(resource)));
        }
        let timed = when.after_fault.map(|by| Self::after("the fault", by, fault(view)));
        match (timed, conditions.is_empty()) {
            (Some(timed), true) => timed,
            (Some(timed), false) => Self::words(&format!("{}, if {}", timed.words, list(&conditions))),
            (None, _) => Self::words(&format!("when {}", list(&conditions))),
        }
    }
}

fn fault(view: &View) -> Option<DrillTime> {
    view.marks.get(&Mark::FaultActive).map(|stamp| stamp.at)
}

fn since(by: Span, what: &str) -> String {
    if by == Span::ZERO { format!("with {what}") } else { format!("{} after {what}", length(by)) }
}
