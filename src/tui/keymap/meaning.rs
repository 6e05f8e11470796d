//! Where keys work, and what they can mean.

use crate::tui::pane::Pane;
use crate::tui::widget::field::Edit;
use firedrill_core::projection::transport::Cue;
use firedrill_model::{Judgement, Rating};

/// Where a key works. Inner places are asked before outer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// Anywhere at all.
    Always,
    /// In the list of scenarios and drills.
    Lobby,
    /// In the history of all drills.
    History,
    /// In the list of what is to change, over all drills.
    Improving,
    /// In a drill, whatever the phase.
    Drill,
    /// While a drill is replayed.
    Replay,
    /// While the drill clock can run: steady state and experiment.
    Clock,
    /// In the form of the hypothesis.
    Form,
    /// While the three questions after a step are open.
    Question,
    /// While the first of them, the confidence, is asked.
    Confidence,
    /// In a pane that has the focus.
    Pane(Pane),
    /// In a dialogue on top of everything.
    Dialogue(Dialogue),
}

impl Where {
    /// What the place is called in help and README.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Always => "Anywhere",
            Self::Lobby => "Lobby",
            Self::History => "History",
            Self::Improving => "Improvements of all drills",
            Self::Drill => "In a drill",
            Self::Replay => "In a replay",
            Self::Clock => "While the clock runs",
            Self::Form => "Hypothesis form",
            Self::Question => "While a question is open",
            Self::Confidence => "While the confidence is asked",
            Self::Pane(pane) => pane.title(),
            Self::Dialogue(dialogue) => dialogue.label(),
        }
    }
}

/// Dialogues that take the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialogue {
    /// Keys of where you are.
    Help,
    /// Everything, with a filter.
    Palette,
    /// A question with yes and no.
    Confirm,
    /// A finding, a record, a message.
    Detail,
    /// A text in several lines.
    Editor,
    /// A response: choose which, choose the target, say why.
    Respond,
    /// A response: what will the signal do?
    Guess,
    /// An improvement: what, who, until when.
    Improvement,
    /// The filter of a list.
    Filter,
}

impl Dialogue {
    /// What the dialogue is called in help and README.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Help => "Help",
            Self::Palette => "Palette",
            Self::Confirm => "Asked to confirm",
            Self::Detail => "Shown in full",
            Self::Editor => "Writing",
            Self::Respond => "Giving a response",
            Self::Guess => "Guess before a response",
            Self::Improvement => "Writing an improvement",
            Self::Filter => "Filtering",
        }
    }

    /// Says whether letters are text here.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Palette | Self::Editor | Self::Respond | Self::Improvement | Self::Filter)
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do {
    /// Moves about on the screen.
    Move(Move),
    /// Opens something on the screen.
    Open(Open),
    /// Asks something of the drill.
    Ask(Asking),
    /// Changes the drill clock.
    Pace(Pacing),
    /// Asks something of the replay.
    Cue(Cue),
    /// Answers the open question.
    Answer(Answering),
    /// Something about the chosen improvement of the list over all drills.
    Improve(Improve),
    /// Something within a dialogue.
    Dialogue(InDialogue),
    /// Something about the program.
    Program(Program),
}

/// Moves about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the start.
    First,
    /// To the end.
    Last,
    /// To the next pane.
    NextPane,
    /// To the pane before.
    PreviousPane,
    /// To the pane with this number; a second time makes it large.
    Pane(u8),
    /// Makes the pane large, or small again.
    Zoom,
    /// One step back.
    Back,
}

/// Opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// What is selected.
    Selected,
    /// The keys of where you are.
    Help,
    /// Everything.
    Palette,
    /// The dialogue of responses.
    Respond,
    /// A note.
    Note,
    /// The filter of the list.
    Filter,
    /// The next order of the findings.
    Listing,
    /// The logs, large: the evidence console.
    Evidence,
    /// What the selected record shows: marks it.
    Mark,
    /// The next source of logs.
    Source,
    /// Why a step is left out.
    Skip,
    /// A line beside the three answers.
    Words,
    /// The question that was passed last.
    Question,
    /// An improvement.
    Improvement,
    /// The chosen drill once more, as a replay.
    Replay,
    /// Drills over time.
    History,
    /// What is to change, over all drills.
    Improvements,
    /// The moment to go to in a replay.
    Moment,
    /// The words to search for in a replay.
    Find,
    /// Whether to leave.
    Leave,
}

/// Asks of the drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Go on to the next phase.
    Next,
    /// Take the selected finding on.
    Acknowledge,
    /// The selected step is done.
    StepDone,
    /// What the selected finding is held for.
    Judge(Judgement),
    /// How the selected objective was met.
    Rate(Rating),
    /// Take the mark off the selected record.
    Unmark,
    /// A bookmark at the cursor of a replay, or none any more.
    Bookmark,
    /// Try to record again.
    Retry,
}

/// Changes the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// Stand still, or go on.
    Pause,
    /// Fast while nothing is asked of anyone.
    Brisk,
    /// Faster.
    Faster,
    /// Slower.
    Slower,
    /// On to the next thing that asks somebody.
    Skip,
}

/// Answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// How confident, 1 to 5.
    Confidence(u8),
    /// Yes.
    Yes,
    /// No.
    No,
    /// Back to the question before.
    Again,
    /// Pass it: the drill asks the next one.
    Pass,
}

/// What becomes of the chosen improvement, and which are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Improve {
    /// Who sees to it.
    Assign,
    /// Until when.
    Due,
    /// By which duration it is to be seen.
    Measure,
    /// It is done, or given up: how.
    Close,
    /// It is open again.
    Reopen,
    /// Lists the open ones, the closed ones, or all.
    List,
}

/// Within a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InDialogue {
    /// Go on, or do it.
    Accept,
    /// Choose the answer with this number.
    Choose(u8),
    /// The next field.
    NextField,
    /// The field before.
    PreviousField,
    /// A new line in a text.
    NewLine,
    /// Edit the text.
    Edit(Edit),
}

/// About the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Back to the shell for a while.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// The next earlier drill beside this one, or none.
    Beside,
    /// Hand what is shown to the terminal's clipboard.
    Copy,
}
