//! In which phases something can be asked. The rules refuse by it, and the screens grey out by it: kept once, so that they agree.

use super::command::Ask;
use super::phase::Phase::{self, Closed, Experiment, Hypothesis, Improve, SteadyState, Verify};
use super::seat::Role;
use crate::{Joined, Shown, shown};

/// What is asked for, without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Going on to the next phase.
    NextPhase,
    /// The sentence of the hypothesis.
    Hypothesis,
    /// What somebody expects.
    Prediction,
    /// Taking a finding on.
    Acknowledgement,
    /// Saying whether a finding belongs to the incident.
    Judgement,
    /// Marking a record as evidence.
    Evidence,
    /// A response.
    Response,
    /// A scripted message, fired by hand.
    Inject,
    /// A step of the playbook.
    Step,
    /// A note.
    Note,
    /// A dialogue that is open or closed.
    Attention,
    /// The drill clock.
    Clock,
    /// An answer to one of the seven questions.
    Review,
    /// A rating of an objective.
    Rating,
    /// An improvement.
    Improvement,
    /// Undoing what the drill broke.
    Abort,
    /// A note or a bookmark on a moment of a drill that is over.
    Later,
}

impl Matter {
    /// The phases in which it can be asked for.
    #[must_use]
    pub fn phases(self) -> &'static [Phase] {
        match self {
            // A stop also before the experiment, should something have been broken too early.
            Self::NextPhase | Self::Note | Self::Attention | Self::Abort => {
                &[SteadyState, Hypothesis, Experiment, Verify, Improve]
            }
            Self::Hypothesis | Self::Prediction => &[SteadyState, Hypothesis],
            Self::Response => &[SteadyState, Hypothesis, Experiment],
            Self::Clock => &[SteadyState, Experiment],
            Self::Acknowledgement | Self::Judgement | Self::Evidence | Self::Inject | Self::Step => &[Experiment],
            Self::Review | Self::Rating | Self::Improvement => &[Verify, Improve],
            Self::Later => &[Verify, Improve, Closed],
        }
    }

    /// Says whether a seat of this role may ask for it. `led`: somebody facilitates the drill, and leads it alone; in a drill that nobody
    /// leads the responders lead themselves. Whoever sees that real harm is near stops it.
    #[must_use]
    pub fn is_for(self, role: Role, led: bool) -> bool {
        match role {
            Role::Facilitator => true,
            Role::Responder => !led || !self.leads(),
            Role::Observer => self.stops(),
        }
    }

    /// Says whether it leads the drill instead of taking part in it.
    fn leads(self) -> bool {
        match self {
            Self::NextPhase | Self::Hypothesis | Self::Inject | Self::Clock => true,
            Self::Prediction
            | Self::Acknowledgement
            | Self::Judgement
            | Self::Evidence
            | Self::Response
            | Self::Step
            | Self::Note
            | Self::Attention
            | Self::Review
            | Self::Rating
            | Self::Improvement
            | Self::Abort
            | Self::Later => false,
        }
    }

    /// Says whether it only takes back.
    fn stops(self) -> bool {
        match self {
            Self::Abort => true,
            Self::NextPhase
            | Self::Hypothesis
            | Self::Inject
            | Self::Clock
            | Self::Prediction
            | Self::Acknowledgement
            | Self::Judgement
            | Self::Evidence
            | Self::Response
            | Self::Step
            | Self::Note
            | Self::Attention
            | Self::Review
            | Self::Rating
            | Self::Improvement
            | Self::Later => false,
        }
    }

    /// Says whether it can be asked for in this phase.
    #[must_use]
    pub fn allowed_in(self, phase: Phase) -> bool {
        self.phases().contains(&phase)
    }

    /// The phases in words: `the steady state, the hypothesis and the experiment`.
    #[must_use]
    pub fn phases_in_words(self) -> Shown {
        let names: Vec<Shown> = self.phases().iter().map(|phase| Shown::from(phase.label()).lowercase()).collect();
        match names.as_slice() {
            [] => Shown::default(),
            [one] => one.clone(),
            [most @ .., last] => shown!("{} and {}", most.joined(", "), last),
        }
    }
}

impl<W> Ask<W> {
    /// What is asked for.
    #[must_use]
    pub fn matter(&self) -> Matter {
        match self {
            Self::NextPhase => Matter::NextPhase,
            Self::SetHypothesis(..) => Matter::Hypothesis,
            Self::Predict(..) => Matter::Prediction,
            Self::Acknowledge(..) => Matter::Acknowledgement,
            Self::Judge(..) => Matter::Judgement,
            Self::Mark { .. } | Self::Unmark(..) => Matter::Evidence,
            Self::Act { .. } => Matter::Response,
            Self::Inject(..) => Matter::Inject,
            Self::Step(..) => Matter::Step,
            Self::Note(..) => Matter::Note,
            Self::Attend(..) => Matter::Attention,
            Self::Clock(..) => Matter::Clock,
            Self::Review(..) => Matter::Review,
            Self::Rate { .. } => Matter::Rating,
            Self::Improve { .. } => Matter::Improvement,
            Self::Abort => Matter::Abort,
            Self::Later(..) => Matter::Later,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_read_as_a_list() {
        assert_eq!(Matter::Step.phases_in_words(), "experiment");
        assert_eq!(Matter::Response.phases_in_words(), "steady state, hypothesis and experiment");
    }

    #[test]
    fn only_later_observations_are_taken_of_a_closed_drill() {
        assert!(Matter::Later.allowed_in(Phase::Closed));
        for matter in [Matter::NextPhase, Matter::Note, Matter::Attention, Matter::Improvement] {
            assert!(!matter.allowed_in(Phase::Closed));
        }
    }
}
