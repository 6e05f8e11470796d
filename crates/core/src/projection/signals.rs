//! Samples of the signals, their limits, and how long they were outside.

use super::View;
use super::happened::{Changed, Crossed, WorldTurn};
pub use super::limit::Limit;
use super::view::{Lane, Mark, Rows, SignalTrack, Stamp};
use super::wording;
use firedrill_model::event::Sample;
use firedrill_model::id::{ActionId, ServiceId, SignalId};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::{Action, Signal};
use firedrill_model::{DrillTime, Joined, SafeText, Shown, Span, shown};

/// Most samples kept of a signal: some 55 hours of drill time at one in ten seconds. The oldest make room.
pub const MAX_SAMPLES: usize = 20_000;
/// Over how much time a trend is read.
const TREND: Span = Span::from_secs(60);
/// From which share of its value on a change is called a trend.
const TREND_SHARE: f64 = 0.05;

/// A signal with its limit and its course.
#[derive(Debug, Clone, Copy)]
pub struct Track<'a> {
    /// As the scenario names it.
    pub signal: &'a Signal,
    /// The limit that counts: for a signal of the hypothesis its bound, else the team's own.
    pub limit: Option<Limit>,
    /// Its samples.
    pub track: &'a SignalTrack,
}

/// A moment at which signals left their limits, or came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    /// When.
    pub stamp: Stamp,
    /// At least one left its limit.
    pub is_out: bool,
    /// Which did what, and what the team had changed before.
    pub words: Shown,
}

/// What a signal did in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outside {
    /// Says whether any sample tells of the window.
    pub measured: bool,
    /// Was outside when the window began.
    pub at_start: bool,
    /// When it was first outside in the window.
    pub first: Option<DrillTime>,
    /// For how long in all.
    pub total: Span,
    /// Was outside when the window ended.
    pub at_end: bool,
    /// The worst value, inside or outside.
    pub worst: Option<f64>,
}

/// Reads what a signal did from `from` up to and without `to`. A sample counts until the next one; samples are in order of time.
#[must_use]
pub fn outside(samples: &Rows<(DrillTime, f64)>, limit: Limit, from: DrillTime, to: DrillTime) -> Outside {
    let mut found = Outside::default();
    let start = samples.partition_point(|(at, _)| *at <= from).saturating_sub(1);
    for (index, (at, value)) in samples.iter().enumerate().skip(start) {
        let until = samples.get(index + 1).map_or(DrillTime(u64::MAX), |(next, _)| *next);
        if *at >= to {
            break;
        }
        if until <= from {
            continue;
        }
        found.measured = true;
        found.at_end = !limit.holds(*value);
        found.worst = Some(found.worst.map_or(*value, |worst| limit.worse(worst, *value)));
        if !limit.holds(*value) {
            let begins = (*at).max(from);
            found.at_start |= *at <= from;
            found.first.get_or_insert(begins);
            found.total = found.total + until.min(to).since(begins);
        }
    }
    found
}

impl View {
    pub(super) fn sample(&mut self, stamp: Stamp, sample: &Sample) {
        self.remember_moment(stamp);
        let share = self.share_since_fault(stamp);
        for (index, value) in sample.values.iter().enumerate() {
            if value.is_finite() {
                self.sample_one(stamp, index, *value);
            }
        }
        if self.fault_is_in_play() {
            self.serve(sample, share);
        }
    }

    /// Counts requests from outside, service by service.
    fn serve(&mut self, sample: &Sample, share: f64) {
        let counts =
            |requests: f64, failed: f64| [requests, failed].iter().all(|count| count.is_finite() && *count >= 0.0);
        let board = &mut self.board;
        if sample.by_service.is_empty() && counts(sample.requests, sample.failed) {
            board.together.0 += sample.requests * share;
            board.together.1 += sample.failed * share;
        }
        let is_known = |id: &ServiceId| self.scenario.services.iter().any(|service| service.id == *id);
        for one in sample.by_service.iter().filter(|one| is_known(&one.service) && counts(one.requests, one.failed)) {
            let served = board.served.entry(one.service.clone()).or_default();
            served.0 += one.requests * share;
            served.1 += one.failed * share;
        }
    }

    /// Which share of the time since the last sample lies behind the fault: a sample counts the requests of all of it.
    fn share_since_fault(&self, stamp: Stamp) -> f64 {
        let last =
            self.board.signals.first().and_then(|track| track.samples.last()).map_or(DrillTime::ZERO, |(at, _)| *at);
        let fault = self.marks.get(&Mark::FaultActive).map_or(stamp.at, |fault| fault.at);
        let whole = stamp.at.since(last).as_secs_f64();
        if whole > 0.0 { stamp.at.since(last.max(fault)).as_secs_f64() / whole } else { 0.0 }
    }

    fn sample_one(&mut self, stamp: Stamp, index: usize, value: f64) {
        let limit = self.limit(index);
        let fault = self.marks.get(&Mark::FaultActive).filter(|_| self.course.phase < Phase::Verify).copied();
        let Some(track) = self.board.signals.get_mut(index) else { return };
        let newest = track.samples.last().map(|(at, _)| *at);
        if newest.is_some_and(|newest| stamp.at < newest) {
            return;
        }
        let before = track.outside_since;
        if let (Some(_), Some(last), Some(fault)) = (before, newest, fault) {
            track.outside_total = track.outside_total + stamp.at.since(last.max(fault.at));
        }
        if track.samples.len() >= MAX_SAMPLES {
            track.samples.cut_front(MAX_SAMPLES / 4);
            self.dropped.samples += (MAX_SAMPLES / 4) as u64;
        }
        track.samples.push((stamp.at, value));
        let outside = limit.is_some_and(|limit| !limit.holds(value));
        track.outside_since = outside.then(|| before.unwrap_or(stamp.at));
        if outside {
            self.mark_signal(stamp.at);
        }
        if outside != before.is_some() {
            self.crossing_line(stamp, index, value, outside);
        }
    }

    fn crossing_line(&mut self, stamp: Stamp, index: usize, value: f64, outside: bool) {
        let Some(limit) = self.limit(index) else { return };
        let crossed = Crossed { signal: index, value, limit, outside, after: self.changed_before(stamp.at) };
        if let Some(track) = self.board.signals.get_mut(index) {
            track.turned = Some((stamp, crossed.clone()));
        }
        self.line(stamp, Lane::World, WorldTurn::Crossed(Box::new(crossed)));
    }

    /// What the team had changed last before a moment of the experiment, and how long before.
    fn changed_before(&self, at: DrillTime) -> Option<Changed> {
        let changes = |id: &ActionId| {
            let action = self.scenario.actions.iter().find(|action| action.id == *id);
            action.is_some_and(Action::changes_the_system)
        };
        let mut given = self.responses.values().rev().filter(|response| changes(&response.action));
        let response = given.next().filter(|_| self.course.phase == Phase::Experiment)?;
        let ago = response.done.as_ref().map(|(done, _)| at.since(done.at));
        Some(Changed { action: response.action.clone(), ago })
    }

    /// The newest moment at which a signal left its limit or came back, and what to say of all that did so then.
    #[must_use]
    pub fn newest_crossing(&self) -> Option<Crossing> {
        let turned = || self.board.signals.iter().filter_map(|track| track.turned.as_ref());
        let newest = turned().map(|(stamp, _)| *stamp).max_by_key(|stamp| stamp.seq)?;
        let now = || turned().filter(|(stamp, _)| *stamp == newest).map(|(_, crossed)| crossed);
        let (out, back): (Vec<&Crossed>, Vec<&Crossed>) = now().partition(|crossed| crossed.outside);
        let is_out = !out.is_empty();
        let all: Vec<Shown> = out.into_iter().chain(back).map(|crossed| self.crossed_in_brief(crossed)).collect();
        let after = now().find_map(|crossed| crossed.after.as_ref());
        let after = after.map_or_else(Shown::default, |change| shown!("{}: ", self.changed_words(change)));
        let words = shown!("{}{}.", after, all.joined("; "));
        Some(Crossing { stamp: newest, is_out, words })
    }

    fn remember_moment(&mut self, stamp: Stamp) {
        if self.moments.last().is_some_and(|last| stamp.at < last.at) {
            return;
        }
        if self.moments.len() >= MAX_SAMPLES {
            // The very first stays: it is the beginning of the drill.
            let first = self.moments.first().copied();
            self.moments.cut_front(MAX_SAMPLES / 4 - 1);
            if let Some(first) = first {
                self.moments.replace_first(first);
            }
        }
        self.moments.push(stamp);
    }

    /// The limit of a signal by its place in the scenario: for a signal of the hypothesis its bound, else the team's own.
    #[must_use]
    pub fn limit(&self, index: usize) -> Option<Limit> {
        let signal = self.scenario.signals.get(index)?;
        let hypothesis = &self.course.hypothesis;
        if signal.id == hypothesis.signal {
            return Some(Limit { at: hypothesis.at, side: hypothesis.stays });
        }
        if let Some(bound) = hypothesis.also.iter().find(|bound| bound.signal == signal.id) {
            return Some(Limit { at: bound.at, side: bound.stays });
        }
        signal.limit.map(|at| Limit { at, side: signal.side })
    }

    /// All signals with their limits, in the order of the scenario.
    pub fn tracks(&self) -> impl Iterator<Item = Track<'_>> {
        let pairs = self.scenario.signals.iter().zip(&self.board.signals).enumerate();
        pairs.map(|(index, (signal, track))| Track { signal, limit: self.limit(index), track })
    }

    /// One signal.
    #[must_use]
    pub fn track(&self, id: &SignalId) -> Option<Track<'_>> {
        self.tracks().find(|track| track.signal.id == *id)
    }

    /// A signal and its place in the scenario.
    pub(super) fn signal_by_id(&self, id: &SignalId) -> Option<(usize, &Signal)> {
        self.scenario.signals.iter().enumerate().find(|(_, signal)| signal.id == *id)
    }

    /// A signal and a figure of it: `Website errors (0.70 %)`.
    pub(super) fn said_figure(&self, id: &SignalId, value: f64) -> Shown {
        self.signal_by_id(id).map_or_else(
            || shown!("{} ({})", id, value),
            |(_, signal)| shown!("{} ({})", signal.title, wording::figure(signal, value)),
        )
    }

    /// How a signal stands, in words: `61 ms, over 50 ms for 2 min 10 s, rising`.
    #[must_use]
    pub fn signal_words(&self, id: &SignalId) -> SafeText {
        let Some(track) = self.track(id) else { return "unknown here".into() };
        let Some((at, value)) = track.track.samples.last().copied() else { return "no figure yet".into() };
        let mut text = wording::figure(track.signal, value);
        if let Some(limit) = track.limit {
            let bound = wording::limit(track.signal, limit.at);
            match track.track.outside_since {
                Some(since) if at > since => {
                    let time = wording::length(at.since(since));
                    text.push(shown!(", {} {} for {}", wording::beyond(limit.side), bound, time));
                }
                Some(_) => text.push(shown!(", now {} {}", wording::beyond(limit.side), bound)),
                None => text.push(shown!(", {} {}", wording::at_home(limit.side), bound)),
            }
        }
        if let Some(trend) = trend(&track.track.samples) {
            text.push(shown!(", {}", trend));
        }
        SafeText::one_line(&text)
    }
}

/// The direction over the last minute; nothing while there is less than a minute to go by.
fn trend(samples: &Rows<(DrillTime, f64)>) -> Option<&'static str> {
    let (now, value) = samples.last()?;
    let then = samples.iter().rev().find(|(at, _)| now.since(*at) >= TREND)?.1;
    let change = value - then;
    let scale = value.abs().max(then.abs());
    Some(match change {
        change if change > scale * TREND_SHARE => "rising",
        change if change < -scale * TREND_SHARE => "falling",
        _ => "steady",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use firedrill_model::signal::Side;

    const BELOW_50: Limit = Limit { at: 50.0, side: Side::Below };

    fn samples(values: &[(u64, f64)]) -> Rows<(DrillTime, f64)> {
        values.iter().map(|(secs, value)| (DrillTime(secs * 1_000_000), *value)).collect()
    }

    fn read(values: &[(u64, f64)], from: u64, to: u64) -> Outside {
        outside(&samples(values), BELOW_50, DrillTime(from * 1_000_000), DrillTime(to * 1_000_000))
    }

    #[test]
    fn a_sample_counts_until_the_next_one() {
        let found = read(&[(0, 40.0), (10, 60.0), (20, 70.0), (30, 40.0)], 0, 60);
        assert_eq!(found.total, Span::from_secs(20));
        assert_eq!(found.first, Some(DrillTime(10_000_000)));
        assert_eq!(found.worst, Some(70.0));
        assert!(!found.at_start);
    }

    #[test]
    fn the_window_cuts_what_lies_outside_of_it() {
        let found = read(&[(0, 60.0), (100, 40.0)], 30, 60);
        assert_eq!(found.total, Span::from_secs(30));
        assert!(found.at_start, "it was outside already");
        assert_eq!(found.first, Some(DrillTime(30_000_000)));
        let before = read(&[(100, 60.0)], 30, 60);
        assert_eq!(before, Outside::default(), "no sample tells of this window");
    }

    #[test]
    fn the_limit_itself_is_at_home() {
        assert_eq!(read(&[(0, 50.0)], 0, 10).first, None);
        let above = Limit { at: 2.0, side: Side::Above };
        let found = outside(&samples(&[(0, 2.0), (10, 1.0)]), above, DrillTime::ZERO, DrillTime(20_000_000));
        assert_eq!((found.total, found.worst), (Span::from_secs(10), Some(1.0)));
    }

    #[test]
    fn a_trend_needs_a_minute() {
        assert_eq!(trend(&samples(&[(0, 40.0), (50, 60.0)])), None);
        assert_eq!(trend(&samples(&[(0, 40.0), (60, 60.0)])), Some("rising"));
        assert_eq!(trend(&samples(&[(0, 60.0), (60, 40.0)])), Some("falling"));
        assert_eq!(trend(&samples(&[(0, 60.0), (60, 61.0)])), Some("steady"));
        assert_eq!(trend(&samples(&[(0, 0.0), (60, 0.0)])), Some("steady"));
    }
}
