//! What the screens are drawn from. Plain references to the truth; nothing here can change it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use firedrill_core::projection::ghost::Sight;
use firedrill_core::projection::improvements::Improvement;
use firedrill_core::projection::moment::Zero;
use firedrill_core::projection::{Debrief, Ghost, History, Transport, View};
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::phase::Phase;
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, SafeText, Span, WordBook};

/// What there is to draw.
#[derive(Debug, Clone, Copy)]
pub enum Scene<'a> {
    /// No drill is open.
    Lobby(&'a LobbyView),
    /// Drills over time.
    History(&'a HistoryView),
    /// What is to change, over all drills.
    Improvements(&'a ImprovementsView),
    /// A drill.
    Drill(DrillScene<'a>),
}

impl<'a> Scene<'a> {
    /// The drill, if one is open.
    #[must_use]
    pub fn drill(&self) -> Option<&DrillScene<'a>> {
        match self {
            Self::Drill(drill) => Some(drill),
            Self::Lobby(_) | Self::History(_) | Self::Improvements(_) => None,
        }
    }

    /// In what kinds of worlds the drills are that it tells of.
    #[must_use]
    pub fn worlds(&self) -> BTreeSet<WorldKind> {
        match self {
            Self::Lobby(lobby) => lobby.worlds.clone(),
            Self::History(view) => view.history.worlds(),
            Self::Improvements(view) => view.worlds.clone(),
            Self::Drill(drill) => BTreeSet::from([drill.world_kind()]),
        }
    }
}

/// A drill as this seat sees it.
#[derive(Debug, Clone, Copy)]
pub struct DrillScene<'a> {
    /// Its name.
    pub drill: &'a DrillId,
    /// What the seat may see.
    pub view: &'a View,
    /// Names and free text.
    pub words: &'a WordBook,
    /// The drill clock now. It may be later than the newest entry of the view.
    pub now: DrillTime,
    /// Whose screen this is.
    pub seat: &'a SeatId,
    /// How the record stands.
    pub recording: &'a RecordingView,
    /// The debrief, from Verify on.
    pub debrief: Option<&'a Debrief>,
    /// The transport, while the drill is replayed.
    pub replay: Option<&'a Transport>,
    /// An earlier drill of the same scenario beside it.
    pub ghost: Option<&'a Ghost>,
}

impl DrillScene<'_> {
    /// How much of a ghost may be seen beside it.
    #[must_use]
    pub fn sight(&self) -> Sight {
        Sight::beside(self.view, self.replay.map(Transport::viewer))
    }

    /// In what kind of world it is.
    #[must_use]
    pub fn world_kind(&self) -> WorldKind {
        self.replay.map_or_else(|| self.view.world_kind(), Transport::world_kind)
    }

    /// From where T is counted: the fault. Before that may be told, the beginning of the experiment or of the drill.
    #[must_use]
    pub fn zero(&self) -> Zero {
        self.replay.map_or_else(|| self.view.zero(), Transport::zero)
    }
}

/// How the record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordingView {
    /// Everything is on disk.
    Recording,
    /// Everything is on disk, but not where it should be.
    Elsewhere {
        /// Where it is.
        folder: SafeText,
        /// Why.
        why: SafeText,
    },
    /// Nothing more reaches the disk.
    NotRecording {
        /// Why.
        why: SafeText,
    },
    /// The drill is only looked at.
    ReadOnly {
        /// Why, for example that the record is damaged at a line, or that it is closed.
        why: SafeText,
    },
}

/// What the lobby lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LobbyView {
    /// Scenarios, built in first. One is started by its place here: an own one may have the name of another.
    pub scenarios: Vec<ScenarioCard>,
    /// Drills, newest first.
    pub drills: Vec<DrillCard>,
    /// In what kinds of worlds they are, and those that can be begun here.
    pub worlds: BTreeSet<WorldKind>,
    /// Where drills are kept.
    pub folder: SafeText,
    /// Things worth saying, for example that the data folder can't be written.
    pub notices: Vec<SafeText>,
}

/// A scenario to start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScenarioCard {
    /// What it is called.
    pub name: SafeText,
    /// One line.
    pub title: SafeText,
    /// What one learns.
    pub summary: SafeText,
    /// How long the experiment lasts at most, in drill time.
    pub length: Span,
    /// 1 to 5.
    pub difficulty: u8,
    /// What it is about, `T1496 Resource Hijacking`.
    pub techniques: Vec<SafeText>,
    /// Path of an own scenario; built in without one.
    pub own: Option<SafeText>,
    /// An own scenario with the name of a built-in one: by that name it is run instead.
    pub hides_built_in: bool,
    /// What is the matter with it, if it has mistakes. Then it can't be started, and nothing else of it is known.
    pub mistakes: Option<SafeText>,
}

/// A drill to take up again or to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillCard {
    /// Its name.
    pub id: DrillId,
    /// The scenario's title.
    pub title: SafeText,
    /// When it began, as people write it.
    pub began: SafeText,
    /// The phase it is in.
    pub phase: Phase,
    /// Drill time of the newest entry.
    pub reached: Span,
    /// What is the matter with its record, if something is.
    pub problem: Option<SafeText>,
    /// Another program records it now, and which.
    pub open_elsewhere: Option<SafeText>,
}

/// Drills over time, and what is worth saying beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryView {
    /// The drills, side by side, and what was drilled of ATT&CK.
    pub history: History,
    /// What is the matter with the records of some of them.
    pub troubled: BTreeMap<DrillId, SafeText>,
    /// Drills of which nothing can be told, and why.
    pub unreadable: Vec<(DrillId, SafeText)>,
    /// Drills that are still to be read, because they have no summary.
    pub unread: usize,
    /// Things worth saying, for example what is proposed to be erased.
    pub notices: Vec<SafeText>,
}

/// What is to change, over all drills.
#[derive(Debug, Clone, PartialEq)]
pub struct ImprovementsView {
    /// The improvements, oldest first.
    pub improvements: Vec<Improvement>,
    /// The day in UTC: what is due before it is overdue.
    pub today: NaiveDate,
    /// Drills that are still to be read for theirs, because they have no summary.
    pub unread: usize,
    /// In what kinds of worlds the drills were.
    pub worlds: BTreeSet<WorldKind>,
    /// Things worth saying, for example that the ledger is damaged.
    pub notices: Vec<SafeText>,
}

/// A line for the person at this screen, under everything else. It stays until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Something worth knowing.
    Notice(SafeText),
    /// The rules said no, and what to do instead.
    Refusal(SafeText),
}
