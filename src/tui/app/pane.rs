//! The panes, and which of them each phase shows.

use crate::drill::Phase;

/// A part of the screen that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    /// What responders read before they begin.
    Brief,
    /// The signals against their limits.
    Signals,
    /// Services, their instances and who calls whom.
    Services,
    /// What happened, newest first; in order from Verify on.
    Timeline,
    /// Findings and messages.
    Findings,
    /// The playbook with its timers.
    Playbook,
    /// Log records.
    Logs,
    /// The verdict, the impact and the durations.
    Verdict,
    /// Raw marks, steps.
    Marks,
    /// Guesses and predictions against what happened.
    Expected,
    /// What really happened, and the lesson.
    Truth,
    /// Harm, noise, automations, and what was marked as evidence.
    Evidence,
    /// The seven questions.
    Questions,
    /// What is to change.
    Improvements,
}

impl Pane {
    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Brief => "Situation",
            Self::Signals => "Signals",
            Self::Services => "Services",
            Self::Timeline => "Timeline",
            Self::Findings => "Findings",
            Self::Playbook => "Playbook",
            Self::Logs => "Logs",
            Self::Verdict => "Verdict",
            Self::Marks => "Marks and steps",
            Self::Expected => "Expected, and happened",
            Self::Truth => "What really happened",
            Self::Evidence => "Evidence and noise",
            Self::Questions => "Seven questions",
            Self::Improvements => "Improvements",
        }
    }

    /// Says whether one of its rows is chosen; the others are read and scrolled.
    #[must_use]
    pub fn is_list(self) -> bool {
        use Pane::{Findings, Improvements, Logs, Playbook, Questions, Services, Signals, Timeline};
        matches!(self, Findings | Improvements | Logs | Playbook | Questions | Services | Signals | Timeline)
    }
}

/// The panes of a phase, in the order of their numbers.
#[must_use]
pub fn panes(phase: Phase) -> &'static [Pane] {
    use Pane::{
        Brief, Evidence, Expected, Findings, Improvements, Logs, Marks, Playbook, Questions, Services, Signals,
        Timeline, Truth, Verdict,
    };
    match phase {
        Phase::SteadyState => &[Brief, Signals, Services, Timeline],
        Phase::Hypothesis => &[],
        Phase::Experiment => &[Findings, Signals, Playbook, Services, Logs, Timeline],
        Phase::Verify => &[Verdict, Questions, Expected, Truth, Evidence, Marks, Timeline],
        Phase::Improve | Phase::Closed => &[Improvements, Verdict, Questions, Truth, Timeline],
    }
}
