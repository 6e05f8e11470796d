//! What a person at the screens has open: the lobby, a drill, or an old drill to look at. No terminal in here, so that a test
//! can sit at the screens as well.

mod lists;
mod time;

use std::time::Duration;

use chrono::NaiveDate;

use super::Ended;
use super::afterwards::AfterwardsError;
use super::beside::{self, This};
use super::clock::{WallClock, Watch};
use super::desk::{Desk, Offer, debrief_of, keep_summary};
use super::lobby;
use super::past::Past;
use super::replay::{READS, Replay};
use super::session::{AskError, Session, Wake};
use crate::tui::{App, DrillScene, HistoryView, ImprovementsView, LobbyView, Message, RecordingView, Request, Scene};
use firedrill_authoring::problem;
use firedrill_core::projection::{Debrief, Fold, Ghost};
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::phase::Phase;
use firedrill_model::{DrillTime, SafeText, WordBook};
use firedrill_record::store::RecordState;

/// The screen is drawn at most ten times a second by itself.
const SHORTEST_GLANCE: Duration = Duration::from_millis(100);

/// What a person at the screens has open.
pub struct Shift {
    desk: Desk,
    offers: Vec<Offer>,
    clock: WallClock,
    /// Where the clock on the wall was looked at last.
    watch: Watch,
    /// When somebody was last at the keys, on the monotonic clock.
    touched: Duration,
    open: Open,
    /// What comes back when what is open is left, the innermost last. With nothing beneath, leaving leaves the screens.
    beneath: Vec<Open>,
    lobby: LobbyView,
    /// What the lists over all drills are made of.
    past: Past,
    recording: RecordingView,
    /// The debrief of the drill that is run or replayed, and up to which entry it tells.
    debrief: Option<(u64, Debrief)>,
    /// An earlier drill of the same scenario, beside what is open.
    ghost: Option<Ghost>,
    /// Records are written by a thread of their own, which calls this.
    wake: Option<Wake>,
}

enum Open {
    Lobby,
    History(Box<HistoryView>),
    Improvements(Box<ImprovementsView>),
    Running(Box<Session>),
    Looking(Box<Looked>),
    Replaying(Box<Replay>),
}

/// An old drill, read only.
struct Looked {
    drill: DrillId,
    seat: SeatId,
    view: Fold,
    words: WordBook,
    debrief: Debrief,
}

/// What the loop has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Stay,
    /// Leave the screens.
    Leave(Ended),
    /// Give the terminal back for a while.
    Suspend,
    /// Draw everything anew.
    Redraw,
}

impl Shift {
    /// Opens a drill, or the lobby.
    #[must_use]
    pub fn new(desk: Desk, offers: Vec<Offer>, session: Option<Session>, clock: WallClock) -> Self {
        let lobby = lobby::look(&desk, &offers, clock.utc().date_naive());
        Self::before(lobby, desk, offers, session, clock)
    }

    fn before(lobby: LobbyView, desk: Desk, offers: Vec<Offer>, session: Option<Session>, clock: WallClock) -> Self {
        let open = session.map_or(Open::Lobby, |session| Open::Running(session.into()));
        let (watch, touched) = (Watch::new(&clock), clock.elapsed());
        let recording = RecordingView::Recording;
        let (beneath, debrief, ghost) = (Vec::new(), None, None);
        let mut shift = Self {
            desk,
            offers,
            clock,
            watch,
            touched,
            open,
            beneath,
            lobby,
            past: Past::default(),
            recording,
            debrief,
            ghost,
            wake: None,
        };
        shift.refresh();
        shift
    }

    /// From now on whoever draws never waits for a disk: records are written by a thread of their own.
    pub fn record_beside(&mut self, wake: Wake) {
        self.open = match std::mem::replace(&mut self.open, Open::Lobby) {
            Open::Running(session) => Open::Running(Box::new(session.recorded_beside(&wake))),
            other => other,
        };
        self.wake = Some(wake);
    }

    /// Opens a replay alone: leaving it leaves the program.
    #[must_use]
    pub fn replaying(desk: Desk, replay: Replay, clock: WallClock, app: &mut App) -> Self {
        // Nobody comes to the lobby from here, and looking at it would read each record that has no summary.
        let mut shift = Self::before(LobbyView::default(), desk, Vec::new(), None, clock);
        shift.open_replay(replay, app);
        shift.beneath.clear();
        shift
    }

    /// The drill that is run, if one is, also beneath a replay.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        std::iter::once(&self.open).chain(&self.beneath).find_map(|open| match open {
            Open::Running(session) => Some(session.as_ref()),
            _ => None,
        })
    }

    /// The drill that is run, to bring it to an end.
    pub fn session_mut(&mut self) -> Option<&mut Session> {
        std::iter::once(&mut self.open).chain(&mut self.beneath).find_map(|open| match open {
            Open::Running(session) => Some(session.as_mut()),
            _ => None,
        })
    }

    /// The clock that the drill runs on.
    pub fn clock(&mut self) -> &mut WallClock {
        &mut self.clock
    }

    /// What there is to draw.
    #[must_use]
    pub fn scene(&self) -> Scene<'_> {
        match &self.open {
            Open::Lobby => Scene::Lobby(&self.lobby),
            Open::History(view) => Scene::History(view),
            Open::Improvements(view) => Scene::Improvements(view),
            Open::Running(session) => Scene::Drill(DrillScene {
                drill: session.name(),
                view: session.view(),
                words: session.words(),
                now: session.now(),
                seat: session.seat(),
                recording: &self.recording,
                debrief: self.debrief.as_ref().map(|(_, debrief)| debrief),
                replay: None,
                ghost: self.ghost.as_ref(),
            }),
            Open::Looking(looked) => Scene::Drill(DrillScene {
                drill: &looked.drill,
                view: &looked.view,
                words: &looked.words,
                now: looked.view.now,
                seat: &looked.seat,
                recording: &self.recording,
                debrief: Some(&looked.debrief),
                replay: None,
                ghost: self.ghost.as_ref(),
            }),
            Open::Replaying(replay) => Scene::Drill(DrillScene {
                drill: replay.drill(),
                view: replay.view(),
                words: replay.words(),
                now: replay.transport().now(),
                seat: replay.seat(),
                recording: &self.recording,
                debrief: self.debrief.as_ref().map(|(_, debrief)| debrief),
                replay: Some(replay.transport()),
                ghost: self.ghost.as_ref(),
            }),
        }
    }

    /// Does what a person asked for at the screens.
    pub fn request(&mut self, request: Request, app: &mut App) -> Flow {
        self.touch();
        let flow = match request {
            Request::Quit => self.leave(app),
            Request::Back if !self.beneath.is_empty() => self.leave(app),
            Request::Suspend => Flow::Suspend,
            Request::Redraw => Flow::Redraw,
            other => {
                self.answer(other, app);
                Flow::Stay
            }
        };
        self.refresh();
        flow
    }

    fn answer(&mut self, request: Request, app: &mut App) {
        match request {
            Request::Start(scenario) => self.start(scenario, app),
            Request::Resume(drill) => match self.desk.resume(&drill, &self.clock) {
                Ok(session) => self.run(session),
                Err(error) => say(app, &format!("This drill can't be taken up now. Failed to {error}.")),
            },
            Request::OpenDebrief(drill) => self.look_at(drill, app),
            Request::Replay { drill, at } => self.replay(&drill, at, app),
            Request::Beside => self.next_beside(app),
            Request::OpenHistory | Request::OpenImprovements => self.open_list(&request, app),
            Request::AddImprovement { .. } | Request::WriteDown(_) => self.write_down(request, app),
            Request::Cue(_) | Request::Find(_) => self.cue(request, app),
            Request::Ask(_) | Request::SkipAhead | Request::Retry => self.ask(request, app),
            // The loop that has a terminal has done it, or there is nothing to do.
            Request::Copy(_) | Request::Back | Request::Quit | Request::Suspend | Request::Redraw => {}
        }
    }

    fn today(&self) -> NaiveDate {
        self.clock.utc().date_naive()
    }

    /// Opens something over what is open, which comes back when it is left.
    fn open_over(&mut self, next: Open) {
        self.watch = Watch::new(&self.clock);
        self.debrief = None;
        let before = std::mem::replace(&mut self.open, next);
        self.beneath.push(before);
    }

    fn ask(&mut self, request: Request, app: &mut App) {
        let utc = self.clock.utc();
        if matches!(self.open, Open::Replaying(_)) {
            return self.write_later(request, app);
        }
        let Open::Running(session) = &mut self.open else {
            return say(app, "This drill is only looked at; nothing is added to it here.");
        };
        let result = match request {
            Request::Ask(intent) => session.ask(intent, utc),
            Request::SkipAhead => session.skip_ahead(utc),
            _ => session.retry(utc).map_err(AskError::from),
        };
        match result {
            Ok(()) => {}
            Err(AskError::Refused(refusal)) => app.refused(SafeText::one_line(&refusal.to_string())),
            Err(AskError::NotRecorded(fault)) => say(app, &format!("Not recorded: failed to {fault}")),
        }
    }

    /// Writes a note or a bookmark while a drill is replayed: into the drill that is run, if it is that one, else to the end of its record.
    fn write_later(&mut self, request: Request, app: &mut App) {
        let (Open::Replaying(replay), Request::Ask(what)) = (&mut self.open, request) else { return };
        if replay.is_reading() {
            return say(app, READS);
        }
        let utc = self.clock.utc();
        if let Some(Open::Running(session)) = self.beneath.last_mut() {
            let said = replay.said_of(&what);
            match session.ask(what, utc) {
                Ok(()) => {
                    replay.observe(session.entries_from(replay.next()).cloned().collect(), session.words().clone());
                    say(app, &said);
                }
                Err(AskError::Refused(refusal)) => app.refused(SafeText::one_line(&refusal.to_string())),
                Err(AskError::NotRecorded(fault)) => say(app, &format!("Not recorded: failed to {fault}")),
            }
            return;
        }
        match replay.write(&self.desk.data, what, utc) {
            Ok(said) => app.say(Message::Notice(said)),
            Err(AfterwardsError::Refused(refusal)) => app.refused(SafeText::one_line(&refusal.to_string())),
            Err(AfterwardsError::Desk(error)) => {
                app.refused(SafeText::one_line(&format!("nothing is written; failed to {error}")));
            }
        }
    }

    fn start(&mut self, place: usize, app: &mut App) {
        let Some(offer) = self.offers.get(place) else {
            return say(app, "This scenario is not there any more.");
        };
        match offer.scenario() {
            Err(problems) => say(app, &format!("This scenario has {}.", problem::in_short(&problems))),
            Ok(scenario) => match self.desk.begin(scenario, &offer.text, None, &self.clock) {
                Ok(session) => self.run(session),
                Err(error) => say(app, &format!("The drill can't begin. Failed to {error}.")),
            },
        }
    }

    /// Puts an earlier drill beside what is open, and says so.
    pub fn put_beside(&mut self, ghost: Option<Ghost>, app: &mut App) {
        if let Some(ghost) = &ghost {
            app.say(Message::Notice(ghost.opening()));
        }
        self.ghost = ghost;
    }

    /// The next earlier drill beside what is open; after the oldest, none.
    fn next_beside(&mut self, app: &mut App) {
        let this = match &self.open {
            Open::Running(session) => This::of(session.record().header(), session.scenario()),
            Open::Replaying(replay) => replay.this().clone(),
            _ => return say(app, "Start a drill or replay one first."),
        };
        let before = self.ghost.as_ref().map(|ghost| ghost.drill().clone());
        match beside::next(&self.desk.data, &this, before.as_ref()) {
            Ok(Some(ghost)) => self.put_beside(Some(ghost), app),
            Ok(None) if before.is_some() => {
                self.ghost = None;
                say(app, "No earlier drill is beside this one now.");
            }
            Ok(None) => say(app, "There is no earlier drill of this scenario that is closed."),
            Err(error) => say(app, &format!("There is no earlier drill to see: {error}.")),
        }
    }

    fn run(&mut self, session: Session) {
        self.ghost = None;
        let session = match &self.wake {
            Some(wake) => session.recorded_beside(wake),
            None => session,
        };
        self.open_over(Open::Running(Box::new(session)));
    }

    fn look_at(&mut self, drill: DrillId, app: &mut App) {
        match self.desk.look(&drill) {
            Ok((view, words, debrief, seat)) => {
                self.ghost = None;
                self.open_over(Open::Looking(Box::new(Looked { drill, seat, view, words, debrief })));
            }
            Err(error) => say(app, &format!("This drill can't be read. Failed to {error}.")),
        }
    }

    /// An old drill with what was noted of it meanwhile.
    fn looked_anew(&self, open: Open) -> Open {
        let Open::Looking(old) = open else { return open };
        match self.desk.look(&old.drill) {
            Ok((view, words, debrief, seat)) => {
                Open::Looking(Box::new(Looked { drill: old.drill, seat, view, words, debrief }))
            }
            Err(_) => Open::Looking(old),
        }
    }

    /// Opens the replay of a drill at a moment.
    fn replay(&mut self, drill: &DrillId, at: DrillTime, app: &mut App) {
        match Replay::begin(&self.desk.data, drill, None) {
            Ok(mut replay) => {
                if at > DrillTime::ZERO {
                    replay.go_to(at);
                }
                self.open_replay(replay, app);
            }
            Err(error) => say(app, &format!("This drill can't be replayed. Failed to {error}.")),
        }
    }

    /// Shows a replay.
    pub fn open_replay(&mut self, replay: Replay, app: &mut App) {
        if let Some(notice) = replay.notices().first() {
            app.say(Message::Notice(notice.clone()));
        }
        if !matches!(self.open, Open::Running(_) | Open::Looking(_)) {
            self.ghost = None;
        }
        self.open_over(Open::Replaying(Box::new(replay)));
        self.refresh();
    }

    fn cue(&mut self, request: Request, app: &mut App) {
        let Open::Replaying(replay) = &mut self.open else { return };
        let said = match request {
            _ if replay.is_reading() => Some(READS.into()),
            Request::Cue(cue) => replay.cue(cue),
            Request::Find(words) => Some(match replay.search(&words) {
                Some(line) => line,
                None => "No line of the timeline holds these words.".into(),
            }),
            _ => None,
        };
        if let Some(said) = said {
            app.say(Message::Notice(said));
        }
    }

    /// Leaves what is open: back to what is beneath, which is looked at anew. With nothing beneath, out of the screens.
    fn leave(&mut self, app: &mut App) -> Flow {
        let utc = self.clock.utc();
        let ended = match &mut self.open {
            Open::Running(session) => {
                // What can't be stored by now is told where the drill is brought to its end. The summary is a cache: without it, the
                // next list folds the journal.
                let _ = session.finish(utc);
                let _ = keep_summary(session);
                if session.drill().phase() == Phase::Closed { Ended::Closed } else { Ended::Left }
            }
            _ => Ended::Left,
        };
        let Some(beneath) = self.beneath.pop() else { return Flow::Leave(ended) };
        self.watch = Watch::new(&self.clock);
        self.open = match beneath {
            Open::Lobby => {
                self.lobby = lobby::look(&self.desk, &self.offers, self.today());
                Open::Lobby
            }
            list @ (Open::History(_) | Open::Improvements(_)) => {
                self.look_back(app);
                self.list_like(&list)
            }
            drill => {
                let written = matches!(&self.open, Open::Replaying(replay) if replay.has_written());
                self.open = if written { self.looked_anew(drill) } else { drill };
                self.debrief = None;
                return Flow::Redraw;
            }
        };
        self.debrief = None;
        self.ghost = None;
        Flow::Redraw
    }

    /// Brings up to date what is derived from the session.
    fn refresh(&mut self) {
        self.recording = match &self.open {
            Open::Lobby | Open::History(_) | Open::Improvements(_) => RecordingView::Recording,
            Open::Looking(_) => RecordingView::ReadOnly { why: "an old drill".into() },
            Open::Replaying(replay) => RecordingView::ReadOnly { why: replay.standing().clone() },
            Open::Running(session) => match session.record().state() {
                RecordState::Recording => RecordingView::Recording,
                RecordState::Elsewhere { folder, why } => {
                    RecordingView::Elsewhere { folder: SafeText::one_line(&folder.to_string_lossy()), why: why.clone() }
                }
                RecordState::NotRecording { why } => RecordingView::NotRecording { why: why.clone() },
            },
        };
        let (upto, view) = match &self.open {
            Open::Running(session) => (session.record().next(), session.view()),
            Open::Replaying(replay) => (replay.view().next_seq, replay.view()),
            Open::Lobby | Open::History(_) | Open::Improvements(_) | Open::Looking(_) => return,
        };
        if view.course.phase < Phase::Verify {
            self.debrief = None;
        } else if self.debrief.as_ref().is_none_or(|(told, _)| *told != upto) {
            self.debrief = match &self.open {
                Open::Running(session) => Some((upto, debrief_of(session))),
                Open::Replaying(replay) => Some((upto, replay.debrief())),
                Open::Lobby | Open::History(_) | Open::Improvements(_) | Open::Looking(_) => None,
            };
        }
    }
}

fn say(app: &mut App, text: &str) {
    app.say(Message::Notice(SafeText::one_line(text)));
}
