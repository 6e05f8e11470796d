//! What people and the world ask of the drill. The state machine answers with events or a refusal.

use crate::event::Prediction;
use crate::id::{ActionId, FindingId, InjectId, ObjectiveId, StepId, TargetId};
use crate::phase::Pace;
use crate::scenario::Hypothesis;
use crate::{DrillTime, Guess, Judgement, Rating, RecordId, SafeText, Sealed};

/// The longest text that a person can give, in characters.
pub const MAX_WORDS: usize = 4_000;

/// Something asked of the drill. `W` is how free text is carried: a person's side says it in plain words
/// ([`Intent`]), the state machine only ever sees a seal ([`Command`]).
#[derive(Debug, Clone, PartialEq)]
pub enum Ask<W> {
    /// Go on to the next phase.
    NextPhase,
    /// Set the hypothesis.
    SetHypothesis(Hypothesis),
    /// Say what one expects.
    Predict(Prediction),
    /// Take a finding on; without one, the matter itself (somebody phoned).
    Acknowledge(Option<FindingId>),
    /// Say whether a finding belongs to the incident. Saying it anew replaces what was said.
    Judge(FindingId, Judgement),
    /// Mark a log record as evidence, or say anew what it shows.
    Mark {
        /// Which record.
        record: RecordId,
        /// What it shows.
        note: Option<W>,
    },
    /// Take the mark off a record.
    Unmark(RecordId),
    /// Give a response.
    Act {
        /// Which.
        action: ActionId,
        /// At what.
        target: Option<TargetId>,
        /// What is expected of the signals that have a limit.
        guess: Option<Guess>,
        /// Why.
        why: Option<W>,
    },
    /// Let a scripted message arrive now, whatever its own time is.
    Inject(InjectId),
    /// Something about a step of the playbook.
    Step(StepId, StepAsk<W>),
    /// Write a note.
    Note(W),
    /// A dialogue was opened (true) or closed.
    Attend(bool),
    /// Something about the clock.
    Clock(ClockAsk),
    /// Answer one of the seven questions (1 to 7).
    Review(u8, W),
    /// Say how an objective was met, what was observed, or both.
    Rate {
        /// Which objective.
        objective: ObjectiveId,
        /// How it was met.
        rating: Option<Rating>,
        /// What was observed.
        words: Option<W>,
    },
    /// Write down an improvement.
    Improve {
        /// What is to change.
        what: W,
        /// Who sees to it.
        owner: Option<W>,
        /// Until when, `YYYY-MM-DD`.
        due: Option<SafeText>,
    },
    /// Undo all that the drill broke, at once.
    Abort,
    /// Something on this moment of the drill, once it is over.
    Later(DrillTime, LaterAsk<W>),
}

/// Something on a moment of a drill that is over.
#[derive(Debug, Clone, PartialEq)]
pub enum LaterAsk<W> {
    /// A note on it.
    Note(W),
    /// A bookmark there (true), or none any more.
    Bookmark(bool),
}

/// Something about a step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepAsk<W> {
    /// It is done.
    Done,
    /// It is left out.
    Skip(Option<W>),
    /// Answers to the three questions; may come in parts.
    Answer {
        /// How confident, 1 to 5.
        confidence: Option<u8>,
        /// Knew where to look.
        knew_where: Option<bool>,
        /// Knew whom to escalate to.
        knew_whom: Option<bool>,
        /// A line of text.
        words: Option<W>,
    },
}

/// Something about the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockAsk {
    /// Choose a pace.
    Pace(Pace),
    /// Stand still (true) or go on.
    Pause(bool),
    /// Stand still, because nobody is at the keys of a drill that is played alone. The host asks for it.
    Away,
    /// Skip ahead; the runner then advances the clock.
    Skip,
}

/// What a person asks, in plain words.
pub type Intent = Ask<String>;
/// The same, its words sealed.
pub type Command = Ask<Sealed>;
