//! The lists over all drills that a person at the screens has open: looked at anew whenever one comes to them, and written to.

use super::{Open, Shift, say};
use crate::host::desk::{DeskError, salts};
use crate::host::{improvements, overview, past};
use crate::tui::{App, Request};
use firedrill_model::SafeText;
use firedrill_model::improvement::Turn;

/// Records that are read in one go for a list, where they have no summary: some tenths of a second.
const AT_ONCE: usize = 15;

impl Shift {
    /// Opens a list over all drills: over the lobby, or in place of another such list.
    pub(super) fn open_list(&mut self, which: &Request, app: &mut App) {
        self.look_back(app);
        let next = if *which == Request::OpenHistory { self.history() } else { self.improvements() };
        if self.is_listing() {
            self.open = next;
        } else {
            self.open_over(next);
        }
    }

    fn is_listing(&self) -> bool {
        matches!(self.open, Open::History(_) | Open::Improvements(_))
    }

    /// Looks at all drills anew. Those without a summary are read bit by bit afterwards, so that the screen answers meanwhile.
    pub(super) fn look_back(&mut self, app: &mut App) {
        match past::look_back(&self.desk.data, AT_ONCE) {
            Ok(past) => self.past = past,
            Err(fault) => say(app, &format!("Failed to {fault}")),
        }
    }

    /// A list over all drills is open, and some of them are still to be read for it.
    pub(super) fn reads_on(&self) -> bool {
        self.is_listing() && self.past.unread() > 0
    }

    /// Reads on, if there is something to read. Says whether the list has changed.
    pub(super) fn read_on(&mut self) -> bool {
        if !self.reads_on() {
            return false;
        }
        self.past.read_on(&self.desk.data, AT_ONCE);
        self.open = self.list_like(&self.open);
        true
    }

    /// The same list as it is now.
    pub(super) fn list_like(&self, list: &Open) -> Open {
        if matches!(list, Open::History(_)) { self.history() } else { self.improvements() }
    }

    fn history(&self) -> Open {
        Open::History(Box::new(overview::history(&self.desk, &self.offers, &self.past, self.today())))
    }

    fn improvements(&self) -> Open {
        Open::Improvements(Box::new(overview::improvements(&self.desk, &self.past, self.today())))
    }

    /// Writes down what was asked about an improvement, and says whether it is in the ledger now.
    pub(super) fn write_down(&mut self, request: Request, app: &mut App) {
        let (data, utc) = (&self.desk.data, self.clock.utc());
        let (written, said) = match request {
            Request::AddImprovement { what, owner, due } => {
                (improvements::add(data, utc, (what, owner, due)), "Written down.")
            }
            Request::WriteDown(turn) => {
                let said = said_of(&turn);
                (salts().and_then(|salts| data.write_down(turn, utc, salts).map_err(DeskError::from)), said)
            }
            _ => return,
        };
        match written {
            Ok(_) => say(app, said),
            Err(error) => app.failed(SafeText::one_line(&format!("Not written down: failed to {error}"))),
        }
        if matches!(self.open, Open::Improvements(_)) {
            self.open = self.improvements();
        }
    }
}

/// What a line of the ledger did, in a sentence.
fn said_of(turn: &Turn<String>) -> &'static str {
    match turn {
        Turn::Added { .. } => "Written down.",
        Turn::Assigned { .. } => "Assigned.",
        Turn::Due { .. } => "The date is set.",
        Turn::Measured { .. } => "The debrief of the next drill of its scenario shows that duration.",
        Turn::Closed { .. } => "Closed.",
        Turn::Reopened { .. } => "Open again.",
        Turn::Erased { .. } => "Erased.",
    }
}
