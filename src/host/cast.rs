//! A drill as an asciicast (version 2): the screens drawn from the record into a terminal recording that asciinema plays, with a marker for
//! each phase, finding, message and response, and one at the end that says how far the record can be trusted.
//!
//! Form: docs.asciinema.org/manual/asciicast/v2. Drill time is played faster; where the drill clock stood still, time on the wall counts,
//! and no pause is longer than [`LONGEST_PAUSE`]. Nothing is asked of any world: it is a fold like any other.

mod film;

use std::sync::Arc;

use serde_json::json;

use super::as_run::viewer;
use super::desk_error::DeskError;
use crate::tui::{DrillScene, RecordingView, Scene, Theme};
use film::Film;
use firedrill_core::projection::{Debrief, Fold, View, debrief, may_see};
use firedrill_model::event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
use firedrill_model::id::SeatId;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, WordBook};
use firedrill_record::store::Loaded;

/// Microseconds of a second.
const SECOND: u64 = 1_000_000;
/// No pause in a recording is longer, in microseconds.
pub const LONGEST_PAUSE: u64 = 2 * SECOND;
/// A new phase, and the last picture, stay so long, in microseconds.
const HOLD: u64 = 2 * SECOND;
/// Between two pictures that only time tells apart, in microseconds, at least.
const STEP: u64 = SECOND / 4;
/// Most pictures that only time tells apart: a longer drill has fewer in a second.
pub const MOST_STEPS: u64 = 4_000;
/// Most markers, each with a picture of its own.
pub const MOST_MARKERS: usize = 2_000;

/// How a recording is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Drill seconds in a second of the recording; at least 1.
    pub speed: u32,
    /// Colours.
    pub theme: Theme,
}

/// A drill as a recording. `words` may have names hidden; `told` is the debrief as it stands at the end.
///
/// # Errors
/// When a picture can't be drawn.
pub fn record(
    loaded: &Loaded,
    scenario: &Arc<Scenario>,
    words: &WordBook,
    told: &Debrief,
    style: Style,
) -> Result<String, DeskError> {
    let mut shot = Shot::new(loaded, scenario, words, told)?;
    let mut film = Film::new(style).map_err(DeskError::Picture)?;
    let length = length(&loaded.entries, style.speed);
    let step = STEP.max(length / MOST_STEPS);
    let (mut at, mut next) = (0, 0);
    let mut before: Option<&Entry> = None;
    for (index, entry) in loaded.entries.iter().enumerate() {
        let end = at + before.map_or(0, |before| pause(before, entry, style.speed));
        while next < end {
            shot.now = between(shot.now, entry.at, next.saturating_sub(at), end - at);
            film.picture(next, &shot.scene())?;
            (at, next) = (next.max(at), next + step);
        }
        at = end;
        next = next.max(at);
        shot.apply(entry, index + 1 == loaded.entries.len());
        before = Some(entry);
        if let Some(label) = shot.marker(entry) {
            film.marker(at, &label, &shot.scene())?;
        }
    }
    // How far the record can be trusted stands where a player lists the moments.
    film.last(at, told.trust.as_str(), &shot.scene())?;
    film.hold(at + HOLD);
    Ok(header(loaded, told, style) + &film.into_lines())
}

fn header(loaded: &Loaded, told: &Debrief, style: Style) -> String {
    let header = json!({
        "version": 2, "width": style.size.0, "height": style.size.1,
        "timestamp": loaded.header.epoch.timestamp(),
        "idle_time_limit": 2.0,
        "title": format!("[{}] {} ({})", told.exercise_label, told.title, told.drill),
        "env": { "TERM": "xterm-256color" },
    });
    format!("{header}\n")
}

/// How long the recording takes, in microseconds.
fn length(entries: &[Entry], speed: u32) -> u64 {
    let pairs = entries.iter().zip(entries.iter().skip(1));
    pairs.map(|(before, entry)| pause(before, entry, speed)).fold(0, u64::saturating_add)
}

/// From one entry to the next, in microseconds of the recording.
fn pause(before: &Entry, entry: &Entry, speed: u32) -> u64 {
    let drill = entry.at.since(before.at).0 / u64::from(speed.max(1));
    if drill > 0 {
        return drill;
    }
    // What was noted later is no part of the film; the last picture tells it.
    if entry.event.about().is_some() {
        return 0;
    }
    let wall = entry.utc.signed_duration_since(before.utc).num_microseconds().unwrap_or(0);
    let begins = matches!(before.event, Event::Drill(DrillEvent::PhaseEntered { .. }));
    u64::try_from(wall).unwrap_or(0).min(LONGEST_PAUSE).max(if begins { HOLD } else { 0 })
}

/// The drill clock `part` of `whole` on the way.
fn between(from: DrillTime, to: DrillTime, part: u64, whole: u64) -> DrillTime {
    let gap = u128::from(to.since(from).0) * u128::from(part) / u128::from(whole.max(1));
    DrillTime(from.0.saturating_add(u64::try_from(gap).unwrap_or(u64::MAX)).min(to.0.max(from.0)))
}

/// What is shown at one moment.
struct Shot<'a> {
    loaded: &'a Loaded,
    words: &'a WordBook,
    told: &'a Debrief,
    seat: SeatId,
    viewer: firedrill_core::projection::Viewer,
    /// What the seat sees before Verify.
    own: Fold,
    /// Everything.
    all: Fold,
    debrief: Option<Debrief>,
    now: DrillTime,
    recording: RecordingView,
}

impl<'a> Shot<'a> {
    fn new(
        loaded: &'a Loaded,
        scenario: &Arc<Scenario>,
        words: &'a WordBook,
        told: &'a Debrief,
    ) -> Result<Self, DeskError> {
        let (seat, viewer) = viewer()?;
        Ok(Self {
            loaded,
            words,
            told,
            seat,
            own: viewer.fold(Arc::clone(scenario)),
            viewer,
            all: Fold::open(Arc::clone(scenario)),
            debrief: None,
            now: DrillTime::ZERO,
            recording: RecordingView::Recording,
        })
    }

    fn apply(&mut self, entry: &Entry, last: bool) {
        self.all.apply(entry);
        self.now = self.now.max(entry.at);
        if self.all.is_open() {
            let drill = &self.loaded.header.drill;
            // The end of the chain is known at the end only, and so are the earlier drills that it is held against.
            let debrief = || debrief::build(&self.all, self.words, drill, &self.loaded.notices);
            self.debrief = Some(if last { self.told.clone() } else { debrief() });
        } else if may_see(&self.viewer, entry) {
            self.own.apply(entry);
        }
    }

    fn view(&self) -> &View {
        if self.all.is_open() { &self.all } else { &self.own }
    }

    fn scene(&self) -> Scene<'_> {
        Scene::Drill(DrillScene {
            drill: &self.loaded.header.drill,
            view: self.view(),
            words: self.words,
            now: self.now,
            seat: &self.seat,
            recording: &self.recording,
            replay: None,
            ghost: None,
            debrief: self.debrief.as_ref(),
        })
    }

    /// What a marker says: the line that the entry brought to the timeline, if it is one to jump to.
    fn marker(&self, entry: &Entry) -> Option<String> {
        let wanted = match &entry.event {
            Event::Drill(DrillEvent::PhaseEntered { .. } | DrillEvent::InjectDelivered { .. }) => true,
            Event::People(people) => matches!(
                people,
                PeopleEvent::Acted { .. } | PeopleEvent::Acknowledged { .. } | PeopleEvent::StepDone { .. }
            ),
            Event::World(world) => matches!(world, WorldEvent::FaultActive | WorldEvent::Notified { .. }),
            Event::Drill(_) => false,
        };
        if let (true, Event::Drill(DrillEvent::PhaseEntered { phase, .. })) = (wanted, &entry.event) {
            return Some(phase.label().to_owned());
        }
        let view = self.view();
        let lines = view.timeline.iter().rev().take_while(|line| line.stamp.seq == entry.seq);
        lines.filter(|_| wanted).find(|line| !line.hidden).map(|line| line.text(view).to_string())
    }
}
