//! The panes, and which of them each phase shows.

use firedrill_model::phase::Phase;

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
    /// Hypothesis, predictions and guesses against what happened; durations, impact, marks.
    Expected,
    /// What surprised.
    Surprises,
    /// Objectives, strengths, areas for improvement, corrective actions.
    Objectives,
    /// A path beside what was done, orders, red herrings.
    Path,
    /// The way of the findings, stage by stage.
    Pipeline,
    /// Steps against their timers, and what people said of them.
    People,
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
            Self::Expected => "Expected, and happened",
            Self::Surprises => "What surprised us",
            Self::Objectives => "Objectives and plan",
            Self::Path => "A path, and what was done",
            Self::Pipeline => "From the fault to a person",
            Self::People => "Steps and people",
            Self::Truth => "What really happened",
            Self::Evidence => "Evidence and noise",
            Self::Questions => "Seven questions",
            Self::Improvements => "Improvements",
        }
    }

    /// Says whether one of its rows is chosen; the others are read and scrolled.
    #[must_use]
    pub fn is_list(self) -> bool {
        use Pane::{
            Findings, Improvements, Logs, Objectives, Playbook, Questions, Services, Signals, Surprises, Timeline,
        };
        let lists = matches!(self, Findings | Improvements | Logs | Playbook | Services | Signals | Timeline);
        lists || matches!(self, Objectives | Questions | Surprises)
    }

    /// Says whether pages scroll a text below or within its rows.
    #[must_use]
    pub fn pages_scroll(self) -> bool {
        matches!(self, Self::Objectives | Self::Questions | Self::Surprises)
    }
}

/// The panes of a phase, in the order of their numbers.
#[must_use]
pub fn panes(phase: Phase) -> &'static [Pane] {
    use Pane::{
        Brief, Evidence, Expected, Findings, Improvements, Logs, Objectives, Path, People, Pipeline, Playbook,
        Questions, Services, Signals, Surprises, Timeline, Truth,
    };
    match phase {
        Phase::SteadyState => &[Brief, Signals, Services, Timeline],
        Phase::Hypothesis => &[],
        Phase::Experiment => &[Findings, Signals, Playbook, Services, Logs, Timeline],
        Phase::Verify => {
            &[Expected, Surprises, Objectives, Questions, Path, Pipeline, People, Evidence, Truth, Timeline]
        }
        Phase::Improve => &[
            Improvements,
            Expected,
            Surprises,
            Objectives,
            Questions,
            Path,
            Pipeline,
            People,
            Evidence,
            Truth,
            Timeline,
        ],
        // An old drill that is looked at opens on what can be learned from it.
        Phase::Closed => &[
            Expected,
            Surprises,
            Objectives,
            Questions,
            Path,
            Pipeline,
            People,
            Evidence,
            Truth,
            Improvements,
            Timeline,
        ],
    }
}
