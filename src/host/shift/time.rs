//! How time goes by at the screens. With nobody at the keys, a drill that is played alone stands still instead of running out unseen.

use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_model::Span;
use firedrill_model::command::{Ask, ClockAsk};

use super::{Open, SHORTEST_GLANCE, Shift};
use crate::host::clock::{AWAY, RETRY};
use crate::host::pass::pass;
use crate::host::session::Session;
use crate::tui::App;

impl Shift {
    /// How long nothing will change by itself; for ever without one.
    #[must_use]
    pub fn patience(&self, app: &App) -> Option<Duration> {
        if let Open::Replaying(replay) = &self.open {
            if replay.is_reading() {
                return Some(SHORTEST_GLANCE);
            }
            let next = replay.transport().next_change()?;
            return Some(Duration::from_micros(next.0).max(SHORTEST_GLANCE));
        }
        if self.reads_on() {
            return Some(SHORTEST_GLANCE);
        }
        let session = self.session()?;
        if !session.is_recording() {
            return Some(RETRY);
        }
        let rate = u64::from(session.drill().rate());
        let redraw = app.next_redraw(&self.scene()).filter(|_| rate > 0);
        let redraw = redraw.map(|at| Duration::from_micros(at.since(session.now()).0.div_ceil(rate)));
        let wait = [redraw, session.due_in(self.clock.utc())].into_iter().flatten().min()?;
        Some(wait.max(SHORTEST_GLANCE))
    }

    /// Lets the time go by that went by on the wall. Says whether anything changed that can be seen.
    pub fn pass_time(&mut self) -> bool {
        let running = matches!(&self.open, Open::Running(session) if session.drill().rate() > 0);
        let passed = self.watch.look(&self.clock, running);
        if let Open::Replaying(replay) = &mut self.open {
            if replay.read_on() {
                self.refresh();
                return true;
            }
            let micros = u64::try_from(passed.time.as_micros()).unwrap_or(u64::MAX);
            let changed = replay.transport_mut().elapse(Span(micros));
            if changed {
                self.refresh();
            }
            return changed;
        }
        let utc = self.clock.utc();
        let Open::Running(session) = &mut self.open else { return self.read_on() };
        let before = (session.now().0 / 1_000_000, session.view().next_seq, session.is_recording());
        // What can't be written is kept and tried again; the screen says so.
        let _ = if session.is_recording() { pass(session, &passed, utc) } else { session.retry(utc) };
        pause(session, self.clock.elapsed().saturating_sub(self.touched), utc);
        let changed = before != (session.now().0 / 1_000_000, session.view().next_seq, session.is_recording());
        if changed {
            self.refresh();
        }
        changed
    }

    /// Somebody is at the keys.
    pub fn touch(&mut self) {
        self.touched = self.clock.elapsed();
    }
}

/// Pauses the drill, once nobody has touched a key for long enough.
fn pause(session: &mut Session, untouched: Duration, utc: DateTime<Utc>) {
    if untouched >= AWAY && session.drill().rate() > 0 {
        // A world that can't be held goes on, and a record that can't be written has stopped the clock already.
        let _ = session.ask(Ask::Clock(ClockAsk::Away), utc);
    }
}
