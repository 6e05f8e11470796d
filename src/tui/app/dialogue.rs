//! Dialogues: what is open on top of the screen, and what is being typed in it.

use crate::tui::keymap::{Dialogue, Where};
use crate::tui::widget::field::Field;
use firedrill_core::projection::View;
use firedrill_model::command::MAX_WORDS;
use firedrill_model::id::{ActionId, FindingId, InjectId, ObjectiveId, StepId, TargetId};
use firedrill_model::improvement::Which;
use firedrill_model::phase::Phase;
use firedrill_model::scenario::{Action, TargetKind};
use firedrill_model::{DrillTime, Guess, RecordId};

/// Longest texts, in characters.
pub(super) const NOTE: usize = MAX_WORDS;
pub(super) const REASON: usize = 300;

/// What is open on top of the screen.
#[derive(Debug, Clone)]
pub(crate) enum Popup {
    /// The keys of the places under it.
    Help { places: Vec<Where>, scroll: u16 },
    /// Everything that can be done.
    Palette { filter: Field, row: usize },
    /// Asks for a yes.
    Confirm(Confirm),
    /// A thing in full.
    Detail { of: Detail, scroll: u16 },
    /// A text in several lines.
    Editor(Editor),
    /// A response.
    Respond(Box<Respond>),
    /// An improvement.
    Improvement(Box<Improvement>),
    /// The filter of this list; its text is the app's.
    Filter(Filtered),
}

/// A list that has a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filtered {
    /// Findings and messages.
    Findings,
    /// Log records.
    Logs,
    /// Drills over time, and techniques.
    History,
    /// What is to change, over all drills.
    Improvements,
}

/// What a yes is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Confirm {
    /// Leaving while the drill is under way.
    Leave,
    /// Going on from this phase, although something is left behind.
    Next(Phase),
}

/// What is shown in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Detail {
    /// A finding.
    Finding(FindingId),
    /// A message.
    Message(InjectId),
    /// The record that this entry brought.
    Record(u64),
    /// A line of the timeline: its entry, and which of the entry's lines.
    Line(u64, usize),
}

/// What a text is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// A note.
    Note,
    /// A note on this moment, in a replay.
    Later(DrillTime),
    /// Why a step is left out.
    Skip(StepId),
    /// A line beside the three answers.
    Words(StepId),
    /// An answer to one of the seven questions.
    Review(u8),
    /// What was observed of an objective.
    Observation(ObjectiveId),
    /// What a record shows.
    Evidence(RecordId),
    /// A moment to go to in a replay.
    Moment,
    /// Words to search for in a replay.
    Find,
    /// Who sees to an improvement.
    Owner(Which),
    /// Until when it is to be done.
    Due(Which),
    /// By which duration it is to be seen.
    Measure(Which),
    /// How it was closed.
    How(Which),
}

/// A text that is being written.
#[derive(Debug, Clone)]
pub(crate) struct Editor {
    pub purpose: Purpose,
    pub field: Field,
}

/// How far a response has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Which,
    Target,
    Guess,
    Why,
}

/// A response that is being put together.
#[derive(Debug, Clone)]
pub(crate) struct Respond {
    pub filter: Field,
    pub stage: Stage,
    pub action: Option<ActionId>,
    pub target: Option<TargetId>,
    pub guess: Option<Guess>,
    /// The marked answer. None at first, so that no answer is suggested.
    pub guess_row: Option<usize>,
    pub why: Field,
    /// Responses that complete the step from which the dialogue was opened.
    pub suggested: Vec<ActionId>,
}

impl Respond {
    pub fn new(suggested: Vec<ActionId>) -> Self {
        Self {
            filter: Field::line(60),
            stage: Stage::Which,
            action: None,
            target: None,
            guess: None,
            guess_row: None,
            why: Field::line(REASON),
            suggested,
        }
    }

    /// The responses that the filter lets through: suggested ones first, then by heading.
    pub fn actions<'a>(&self, view: &'a View) -> Vec<&'a Action> {
        let words: Vec<String> = self.filter.text().split_whitespace().map(str::to_lowercase).collect();
        let fits = |action: &Action| {
            let text = format!("{} {} {} {}", action.title, action.id, action.category.label(), action.detail);
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut found: Vec<&Action> = view.scenario.actions.iter().filter(|action| fits(action)).collect();
        found.sort_by_key(|action| (!self.suggested.contains(&action.id), action.category));
        found
    }

    /// The chosen response, or the first one.
    pub fn action<'a>(&self, view: &'a View) -> Option<&'a Action> {
        let all = self.actions(view);
        let chosen = all.iter().find(|action| Some(&action.id) == self.action.as_ref());
        chosen.or_else(|| all.first()).copied()
    }

    /// What the response can be aimed at.
    pub fn targets(&self, view: &View) -> Vec<TargetId> {
        match self.action(view) {
            Some(action) if action.target != TargetKind::None => view.targets(action),
            _ => Vec::new(),
        }
    }

    /// The chosen target; by default what the newest finding is about, else the first.
    pub fn target(&self, view: &View) -> Option<TargetId> {
        let all = self.targets(view);
        let of_finding = view.board.findings.last().map(|row| &row.finding.resource);
        let wanted = self.target.as_ref().or(of_finding);
        wanted.filter(|target| all.contains(target)).or_else(|| all.first()).cloned()
    }

    /// Says whether a guess is asked for: before a change to the system, while the experiment runs.
    pub fn asks_guess(&self, view: &View) -> bool {
        view.course.phase == Phase::Experiment && self.action(view).is_some_and(Action::changes_the_system)
    }

    /// The stages that this response goes through.
    pub fn stages(&self, view: &View) -> Vec<Stage> {
        let mut stages = vec![Stage::Which];
        if !self.targets(view).is_empty() {
            stages.push(Stage::Target);
        }
        if self.asks_guess(view) {
            stages.push(Stage::Guess);
        }
        stages.push(Stage::Why);
        stages
    }
}

/// An improvement that is being written.
#[derive(Debug, Clone)]
pub(crate) struct Improvement {
    /// What, who, until when.
    pub fields: [Field; 3],
    pub at: usize,
    /// What is the matter with the date.
    pub problem: Option<&'static str>,
}

impl Improvement {
    pub fn new() -> Self {
        Self { fields: [Field::line(REASON), Field::line(60), Field::line(10)], at: 0, problem: None }
    }
}

impl Popup {
    /// Which part of the key table it reads.
    pub fn dialogue(&self) -> Dialogue {
        match self {
            Self::Help { .. } => Dialogue::Help,
            Self::Palette { .. } => Dialogue::Palette,
            Self::Confirm(_) => Dialogue::Confirm,
            Self::Detail { .. } => Dialogue::Detail,
            Self::Editor(_) => Dialogue::Editor,
            Self::Respond(respond) if respond.stage == Stage::Guess => Dialogue::Guess,
            Self::Respond(_) => Dialogue::Respond,
            Self::Improvement(_) => Dialogue::Improvement,
            Self::Filter(_) => Dialogue::Filter,
        }
    }

    /// Says whether a person who has it open is busy with the drill.
    pub fn takes_time(&self) -> bool {
        matches!(self, Self::Detail { .. } | Self::Editor(_) | Self::Respond(_) | Self::Filter(_))
    }

    /// Says whether it comes back when what was opened over it is closed.
    pub fn comes_back(&self) -> bool {
        !matches!(self, Self::Help { .. } | Self::Palette { .. } | Self::Confirm(_))
    }

    /// Says whether it makes no sense any more once the phase has changed.
    pub fn belongs_to_phase(&self) -> bool {
        match self {
            Self::Respond(_) | Self::Confirm(Confirm::Next(_)) | Self::Filter(_) | Self::Improvement(_) => true,
            Self::Editor(editor) => matches!(editor.purpose, Purpose::Evidence(_) | Purpose::Skip(_)),
            _ => false,
        }
    }

    /// The text that takes the letters, if one does.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self {
            Self::Palette { filter, .. } => Some(filter),
            Self::Editor(editor) => Some(&mut editor.field),
            Self::Respond(respond) => match respond.stage {
                Stage::Which => Some(&mut respond.filter),
                Stage::Why => Some(&mut respond.why),
                Stage::Target | Stage::Guess => None,
            },
            Self::Improvement(improvement) => improvement.fields.get_mut(improvement.at),
            Self::Help { .. } | Self::Confirm(_) | Self::Detail { .. } | Self::Filter(_) => None,
        }
    }
}
