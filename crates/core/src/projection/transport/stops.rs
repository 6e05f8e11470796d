//! What one jumps to in a replay, and what stands on its scrub bar.

use firedrill_model::event::{ActionState, EffectResult};
use firedrill_model::event::{DrillEvent, Event, PeopleEvent, WorldEvent};
use firedrill_model::{Joined, Shown, shown};

/// A kind of entry that one jumps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Somebody is told of a finding, or sees it by looking; with the ground truth also where it was made.
    Finding,
    /// A person acts, takes a finding on or judges it.
    Decision,
    /// A step of the playbook is asked for, done or left out.
    Step,
    /// A scripted message.
    Inject,
    /// A note, of the drill or added later.
    Note,
    /// A bookmark.
    Bookmark,
}

impl Stop {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Finding, Self::Decision, Self::Step, Self::Inject, Self::Note, Self::Bookmark];

    /// All of them in words: `finding, decision, step, message, note or bookmark`.
    #[must_use]
    pub fn in_words() -> Shown {
        let [first @ .., last] = Self::ALL.map(Self::label);
        shown!("{} or {}", first.joined(", "), last)
    }

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Decision => "decision",
            Self::Step => "step",
            Self::Inject => "message",
            Self::Note => "note",
            Self::Bookmark => "bookmark",
        }
    }

    /// The sign on the scrub bar that stands for it.
    pub(super) fn tick(self) -> Tick {
        match self {
            Self::Finding => Tick::Finding,
            Self::Decision => Tick::Decision,
            Self::Step => Tick::Step,
            Self::Inject => Tick::Inject,
            Self::Note => Tick::Note,
            Self::Bookmark => Tick::Bookmark,
        }
    }

    /// Says whether an event is one.
    #[must_use]
    pub fn is_at(self, event: &Event) -> bool {
        match event {
            Event::Drill(DrillEvent::StepPrompted { .. }) => self == Self::Step,
            Event::Drill(DrillEvent::InjectDelivered { .. }) => self == Self::Inject,
            Event::People(event) => self.is_said(event),
            Event::World(WorldEvent::FindingCreated { .. } | WorldEvent::Notified { .. }) => self == Self::Finding,
            Event::World(WorldEvent::Action(action)) => self == Self::Finding && found(&action.state),
            _ => false,
        }
    }

    fn is_said(self, event: &PeopleEvent) -> bool {
        match event {
            PeopleEvent::Acted { .. } | PeopleEvent::Acknowledged { .. } | PeopleEvent::Judged { .. } => {
                self == Self::Decision
            }
            PeopleEvent::StepDone { .. } | PeopleEvent::StepSkipped { .. } => self == Self::Step,
            PeopleEvent::Noted { .. } | PeopleEvent::NotedLater { .. } => self == Self::Note,
            PeopleEvent::Bookmarked { on, .. } => *on && self == Self::Bookmark,
            _ => false,
        }
    }
}

fn found(state: &ActionState) -> bool {
    let ActionState::Done { results } = state else { return false };
    results.iter().any(|result| matches!(result, EffectResult::Findings { findings } if !findings.is_empty()))
}

/// A sign on the scrub bar. Where two fall on one cell, the later one of this list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tick {
    /// A step.
    Step,
    /// A note.
    Note,
    /// A message.
    Inject,
    /// A decision.
    Decision,
    /// A finding.
    Finding,
    /// A phase begins.
    Phase,
    /// The fault.
    Fault,
    /// A bookmark.
    Bookmark,
}

impl Tick {
    /// Its sign, which tells without colour.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Step => "s",
            Self::Note => "n",
            Self::Inject => "»",
            Self::Decision => "d",
            Self::Finding => "▲",
            Self::Phase => "|",
            Self::Fault => "!",
            Self::Bookmark => "b",
        }
    }

    /// The sign of an event, if it has one.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::World(WorldEvent::FaultActive) => Some(Self::Fault),
            Event::Drill(DrillEvent::PhaseEntered { .. }) => Some(Self::Phase),
            other => Stop::ALL.into_iter().find(|stop| stop.is_at(other)).map(Stop::tick),
        }
    }
}
