//! Nobody at the keys: a drill that is played alone stands still, instead of running out unseen.

use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_model::command::{Ask, ClockAsk};

use super::Shift;
use crate::host::clock::AWAY;
use crate::host::session::Session;

impl Shift {
    /// Somebody is at the keys.
    pub fn touch(&mut self) {
        self.touched = self.clock.elapsed();
    }
}

/// Pauses the drill, once nobody has touched a key for long enough.
pub(super) fn pause(session: &mut Session, untouched: Duration, utc: DateTime<Utc>) {
    if untouched >= AWAY && session.drill().rate() > 0 {
        // A world that can't be held goes on, and a record that can't be written has stopped the clock already.
        let _ = session.ask(Ask::Clock(ClockAsk::Away), utc);
    }
}
