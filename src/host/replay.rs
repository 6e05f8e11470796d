//! An old drill, opened to be replayed: read from its record, folded at a cursor. Nothing of it is changed, and no world is asked. What is
//! noted while it is replayed goes to the end of the record.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::afterwards::{self, AfterwardsError};
use super::as_run::{SEAT, viewer};
use super::behind::{Begun, Behind};
use super::beside::This;
use super::desk_error::DeskError;
use super::opened::Opened;
use firedrill_core::projection::Viewer;
use firedrill_core::projection::moment::T;
use firedrill_core::projection::transport::Cue;
use firedrill_core::projection::{Debrief, Transport, View, debrief};
use firedrill_model::command::LaterAsk;
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::{DrillTime, SafeText, WordBook};
use firedrill_model::{command::Intent, event::Entry, refusal::Refusal};
use firedrill_record::journal::Verdict;
use firedrill_record::store::{DataDir, Loaded};

/// An old drill at a cursor.
#[derive(Debug)]
pub struct Replay {
    drill: DrillId,
    seat: SeatId,
    words: WordBook,
    /// How the record stands, in a few words.
    standing: SafeText,
    notices: Vec<SafeText>,
    transport: Transport,
    this: This,
    /// The drill has reached Verify.
    over: bool,
    /// Number of the first entry that was not read.
    next: u64,
    written: bool,
    /// The record, while it is being read behind the first picture.
    behind: Option<Box<Behind>>,
    /// Where to go once it is read.
    goal: Goal,
}

/// A place in a replay that was asked for before it could be reached.
#[derive(Debug, Clone, Copy)]
enum Goal {
    Start,
    T(T),
    Moment(DrillTime),
}

/// For how long the first picture waits for the record: all but very long ones are read by then.
const PATIENCE: Duration = Duration::from_millis(200);
/// What is said to somebody who asks for more of a record than is there yet.
pub const READS: &str = "The record is still being read; in a moment that can be asked for.";

impl Replay {
    /// Reads a drill, also one that is damaged (then what is whole of it) or still under way (then without the ground truth, which
    /// nobody who takes part may see yet).
    ///
    /// # Errors
    /// When there is no such drill, nothing of it can be read, or its scenario isn't valid for this program.
    pub fn open(data: &DataDir, drill: &DrillId, at: Option<T>) -> Result<Self, DeskError> {
        Self::of(drill, Opened::of(data, drill)?, at.map_or(Goal::Start, Goal::T))
    }

    /// The same, but the first picture waits only a moment for a long record: its beginning is there, and the rest is read, checked and
    /// folded behind it. [`read_on`](Self::read_on) takes it in once it is there.
    ///
    /// # Errors
    /// As for [`open`](Self::open); what is found while it is read is told by [`standing`](Self::standing).
    pub fn begin(data: &DataDir, drill: &DrillId, at: Option<T>) -> Result<Self, DeskError> {
        Self::begin_within(data, drill, at, PATIENCE)
    }

    /// The same, with the time that the first picture may wait.
    ///
    /// # Errors
    /// As for [`begin`](Self::begin).
    pub fn begin_within(data: &DataDir, drill: &DrillId, at: Option<T>, patience: Duration) -> Result<Self, DeskError> {
        let goal = at.map_or(Goal::Start, Goal::T);
        let behind = match Behind::begin(data, drill, patience)? {
            Begun::Read(opened) => return Self::of(drill, *opened, goal),
            Begun::Behind(behind) => behind,
        };
        let (seat, viewer) = viewer()?;
        let transport = Transport::new(Arc::clone(&behind.scenario), Vec::new(), false, viewer);
        Ok(Self {
            drill: drill.clone(),
            seat,
            words: WordBook::default(),
            standing: behind.progress(),
            notices: Vec::new(),
            transport,
            this: This::of(&behind.header, &behind.scenario),
            over: false,
            next: 0,
            written: false,
            behind: Some(behind),
            goal,
        })
    }

    fn of(drill: &DrillId, opened: Opened, goal: Goal) -> Result<Self, DeskError> {
        let Opened { loaded, scenario, notice, transport, over } = opened;
        let standing = standing(&loaded);
        let this = This::of(&loaded.header, &scenario);
        let (drill, words) = (drill.clone(), loaded.words);
        let notices = notice.into_iter().chain(loaded.notices).collect();
        let (seat, next) = (SeatId::new(SEAT)?, loaded.next);
        let (written, behind) = (false, None);
        let mut replay =
            Self { drill, seat, words, standing, notices, transport, this, over, next, written, behind, goal };
        match goal {
            Goal::Start => replay.transport.go(0),
            Goal::T(at) => {
                replay.transport.cue(Cue::Seek(at));
            }
            Goal::Moment(at) => replay.transport.seek(at),
        }
        replay.follow_seat();
        Ok(replay)
    }

    /// Says whether the record is still being read behind the first picture.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.behind.is_some()
    }

    /// Takes in what was read behind the first picture. Says whether anything changed that can be seen.
    pub fn read_on(&mut self) -> bool {
        let Some(behind) = &self.behind else { return false };
        let arrived = behind.arrived().map(|opened| {
            opened.and_then(|opened| {
                Self::of(&self.drill, opened, self.goal)
                    .map_err(|fault| SafeText::one_line(&format!("it can't be read: failed to {fault}")))
            })
        });
        match arrived {
            None => self.standing = behind.progress(),
            Some(Ok(whole)) => *self = whole,
            Some(Err(said)) => (self.standing, self.behind) = (said, None),
        }
        true
    }

    /// Goes to a moment of the drill clock: where somebody was.
    pub fn go_to(&mut self, at: DrillTime) {
        self.goal = Goal::Moment(at);
        self.transport.seek(at);
        self.follow_seat();
    }

    /// The drill.
    #[must_use]
    pub fn drill(&self) -> &DrillId {
        &self.drill
    }

    /// The seat that is looked from.
    #[must_use]
    pub fn seat(&self) -> &SeatId {
        &self.seat
    }

    /// Texts and names of the drill.
    #[must_use]
    pub fn words(&self) -> &WordBook {
        &self.words
    }

    /// How the record stands: verified, or what is the matter with it.
    #[must_use]
    pub fn standing(&self) -> &SafeText {
        &self.standing
    }

    /// What is odd about the record.
    #[must_use]
    pub fn notices(&self) -> &[SafeText] {
        &self.notices
    }

    /// What an earlier drill has to be of, to be beside it.
    #[must_use]
    pub fn this(&self) -> &This {
        &self.this
    }

    /// The cursor, to read.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The cursor, to move.
    pub fn transport_mut(&mut self) -> &mut Transport {
        &mut self.transport
    }

    /// What is seen at the cursor.
    #[must_use]
    pub fn view(&self) -> &View {
        self.transport.view()
    }

    /// The debrief as it was at the cursor, from Verify on.
    #[must_use]
    pub fn debrief(&self) -> Debrief {
        debrief::build(self.transport.folded(), &self.words, &self.drill, &[])
    }

    /// Does what was asked; something: that is to be said.
    pub fn cue(&mut self, cue: Cue) -> Option<SafeText> {
        if self.is_reading() {
            return Some(READS.into());
        }
        let said = self.transport.cue(cue);
        self.follow_seat();
        said
    }

    /// To the next line of the timeline that holds these words, its remark included; gives the line.
    pub fn search(&mut self, words: &str) -> Option<SafeText> {
        self.transport.search(words, &self.words)
    }

    /// Looks from the seat with this name, or at `everything`.
    ///
    /// # Errors
    /// A sentence that names those whose view there is.
    pub fn look_as(&mut self, name: &str) -> Result<(), SafeText> {
        let all = self.transport.viewers();
        let found = all.iter().find(|viewer| Transport::name_of(viewer).as_str() == name.trim());
        let Some(viewer) = found.cloned() else {
            let names: Vec<String> = all.iter().map(|viewer| Transport::name_of(viewer).to_string()).collect();
            return Err(SafeText::one_line(&format!("The views are: {}.", names.join(", "))));
        };
        self.transport.look_as(viewer);
        self.follow_seat();
        Ok(())
    }

    /// Writes a note or a bookmark to the end of the record, and takes it in at its moment. Gives what is to be said of it.
    ///
    /// # Errors
    /// When the drill isn't over, somebody records it now, its record is damaged, or the disk says no.
    pub fn write(&mut self, data: &DataDir, what: Intent, utc: DateTime<Utc>) -> Result<SafeText, AfterwardsError> {
        if !self.over {
            return Err(Refusal::NotOver.into());
        }
        let said = self.said_of(&what);
        let (entries, words) = afterwards::write(data, &self.drill, what, self.next, utc)?;
        self.observe(entries, words);
        let sealed = data.seal_of(&self.drill).is_ok_and(|seal| seal.is_some());
        let sealed = if sealed { " The seal covers the record as it was before." } else { "" };
        Ok(SafeText::one_line(&format!("{said}{sealed}")))
    }

    /// Takes in what was written meanwhile: later observations at their moments. The texts are those of the whole record.
    pub fn observe(&mut self, entries: Vec<Entry>, words: WordBook) {
        self.words = words;
        self.written = true;
        for entry in entries {
            self.next = self.next.max(entry.seq.saturating_add(1));
            self.transport.observe(&entry);
        }
    }

    /// Number of the first entry that was not read.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Says whether anything was written while it was open.
    #[must_use]
    pub fn has_written(&self) -> bool {
        self.written
    }

    /// What is to be said of a later observation once it is written.
    #[must_use]
    pub fn said_of(&self, what: &Intent) -> String {
        let Intent::Later(at, what) = what else { return String::new() };
        let at = self.transport.zero().t(*at);
        match what {
            LaterAsk::Bookmark(true) => format!("Bookmark set at {at}; b goes to the next one."),
            LaterAsk::Bookmark(false) => format!("Bookmark at {at} taken off."),
            LaterAsk::Note(_) if matches!(self.transport.viewer(), Viewer::Seat(..)) => {
                format!("Noted on {at}. What was noted later is seen in the view of everything, and from Verify on.")
            }
            LaterAsk::Note(_) => format!("Noted on {at}, at the end of the record."),
        }
    }

    fn follow_seat(&mut self) {
        if let Viewer::Seat(seat, _) = self.transport.viewer() {
            self.seat = seat.clone();
        }
    }
}

fn standing(loaded: &Loaded) -> SafeText {
    let said = match &loaded.verdict {
        Verdict::Corrupt { file, line, .. } => format!("damaged at line {line} of {file}: what is whole is shown"),
        Verdict::Torn { .. } => "its last write didn't finish: what is whole is shown".to_owned(),
        Verdict::LineEnds { .. } => "its line ends were changed on the way; nothing else was".to_owned(),
        Verdict::Newer { program, .. } => format!("written by {program}, which is newer"),
        Verdict::Whole if loaded.scenario_toml.is_none() => "the record verifies, its scenario is missing".to_owned(),
        Verdict::Whole if !loaded.scenario_matches => "the record verifies, its scenario was changed since".to_owned(),
        Verdict::Whole if !loaded.words_proof.altered.is_empty() => {
            "the record verifies, some texts were altered since".to_owned()
        }
        Verdict::Whole => "a replay; the record verifies".to_owned(),
    };
    SafeText::one_line(&said)
}
