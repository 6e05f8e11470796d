//! How the drill clock went against the one on the wall: stretches of which it is no measure of people, because it ran faster than real
//! time or was skipped over; and whether somebody was asked for something meanwhile.

use super::View;
use super::apply::push_bounded;
use super::audience::{Viewer, is_for};
use super::happened::DrillTurn;
use super::landmark::{SKIP_LIMIT, is_landmark};
use super::view::{Interruption, Lane, Skip, Stamp, Stretch};
use firedrill_model::event::{DrillEvent, Entry, Event, PaceCause};
use firedrill_model::phase::Phase;
use firedrill_model::{Author, DrillTime, Span};

impl View {
    /// The time that has gone by up to an entry, before that counts.
    pub(super) fn let_pass(&mut self, entry: &Entry) {
        let from = self.course.clock.told;
        let mut to = entry.at;
        if entry.event.about().is_some() || to <= from {
            return;
        }
        self.course.clock.told = to;
        let skip = self.course.clock.skip.clone();
        if let Some(skip) = &skip {
            to = to.min(skip.limit);
        }
        if !self.course.phase.clock_runs() || (self.course.rate <= 1 && skip.is_none()) {
            return;
        }
        self.went_fast(Stretch { from, to, asked: self.is_anything_asked() });
        if skip.is_some_and(|skip| entry.at > skip.limit) {
            self.end_skip(Stamp { at: to, utc: entry.utc, seq: entry.seq });
        }
    }

    fn went_fast(&mut self, stretch: Stretch) {
        let clock = &mut self.course.clock;
        if let Some(last) = clock.fast.last_mut()
            && last.to == stretch.from
            && last.asked == stretch.asked
        {
            last.to = stretch.to;
            return;
        }
        push_bounded(&mut clock.fast, stretch, &mut self.dropped.other);
    }

    /// Something is asked of somebody: what the rules slow the clock down for.
    fn is_anything_asked(&self) -> bool {
        if self.course.phase != Phase::Experiment {
            return false;
        }
        let prompted = || self.playbook.steps.iter().any(|row| row.prompted.is_some() && row.end.is_none());
        !self.people.attending.is_empty()
            || self.unacknowledged().next().is_some()
            || (!self.board.messages.is_empty() && self.board.taken_on.is_none())
            || self.playbook.question.is_some()
            || (prompted() && self.under_way().next().is_none())
    }

    /// Begins a skip, or ends one where something came at which its seat would want to stop: by the same rules as the drill's.
    pub(super) fn follow_skip(&mut self, entry: &Entry) {
        if let Event::Drill(event) = &entry.event {
            self.begin_skip(entry, event);
        }
        let Some(skip) = &self.course.clock.skip else { return };
        let role = self.people.seats.get(&skip.seat).map(|(role, _)| *role);
        let viewer = role.map(|role| Viewer::Seat(skip.seat.clone(), role));
        let seen = viewer.is_some_and(|viewer| is_for(&viewer, &entry.to)) && is_landmark(&entry.event);
        if seen || self.is_steady() != skip.steady || !self.course.phase.clock_runs() {
            self.end_skip(Stamp { at: entry.at, utc: entry.utc, seq: entry.seq });
        }
    }

    fn begin_skip(&mut self, entry: &Entry, event: &DrillEvent) {
        match event {
            DrillEvent::PaceChanged { because: PaceCause::Skipped, .. } => {}
            DrillEvent::Resumed { .. } => return self.course.clock.skip = None,
            _ => return,
        }
        let Author::Seat(seat) = &entry.by else { return };
        let began = self.phase_began(Phase::Experiment).filter(|_| self.course.phase == Phase::Experiment);
        let end = began.map(|began| DrillTime((began.at + self.scenario.length).0.saturating_sub(1)));
        let limit = end.unwrap_or(DrillTime(u64::MAX)).min(entry.at + SKIP_LIMIT);
        let (seat, began, steady) = (seat.clone(), entry.at, self.is_steady());
        self.course.clock.skip = Some(Skip { seat, began, limit, steady });
    }

    fn end_skip(&mut self, stamp: Stamp) {
        let Some(skip) = self.course.clock.skip.take() else { return };
        let length = stamp.at.since(skip.began);
        self.interrupted(stamp, Interruption::Skipped(length));
        self.line(stamp, Lane::Drill, DrillTurn::SkipEnded(length));
    }

    /// Keeps what interrupted the clock.
    pub(super) fn interrupted(&mut self, stamp: Stamp, what: Interruption) {
        push_bounded(&mut self.course.clock.interruptions, (stamp, what), &mut self.dropped.other);
    }

    /// All signals of the steady state are within their limits, by their newest figures.
    fn is_steady(&self) -> bool {
        let pairs = self.scenario.signals.iter().zip(&self.board.signals);
        let counts = |id| self.scenario.steady_state.signals.contains(id);
        let measured = self.board.signals.iter().any(|track| !track.samples.is_empty());
        measured
            && pairs
                .filter(|(one, _)| counts(&one.id))
                .all(|(one, track)| track.last().is_none_or(|v| one.is_within(v)))
    }

    /// Stops the clock; gives the line for the timeline.
    pub(super) fn pause(&mut self, stamp: Stamp) -> DrillTurn {
        self.course.clock.paused.get_or_insert(stamp);
        DrillTurn::Paused
    }

    /// Lets the clock run again; gives the line for the timeline.
    pub(super) fn go_on(&mut self, stamp: Stamp) -> DrillTurn {
        let length = self.course.clock.paused.take().map(|paused| stamp.utc - paused.utc);
        let length = length.and_then(|length| length.num_microseconds()).and_then(|micros| u64::try_from(micros).ok());
        let length = length.map(Span);
        if let Some(length) = length {
            self.interrupted(stamp, Interruption::Paused(length));
        }
        DrillTurn::WentOn(length)
    }
}
