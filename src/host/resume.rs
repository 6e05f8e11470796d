//! Takes up a drill where it was cut off.
//!
//! The state machine and the views are folds, so they come from the journal. The world is played again from scenario, seed and
//! the recorded requests; what it does must be what the journal says it did, and what it did beyond the journal's end was
//! seen by nobody and is recorded now.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::session::Session;
use firedrill_account::SimWorld;
use firedrill_model::event::Recovered;
use firedrill_model::request::{Observation, request_for};
use firedrill_model::scenario::Scenario;
use firedrill_model::{Author, SafeText};
use firedrill_model::{
    event::{DrillEvent, Entry, Event},
    phase::Phase,
};
use firedrill_record::store::{Loaded, Record, StoreFault};

/// Why a drill can't be taken up again. Its debrief can still be read.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// The scenario as it was run isn't valid for this program.
    #[error("the scenario in the drill's folder has {0} mistakes for this version; `firedrill check` on it lists them")]
    Scenario(usize),
    /// It is over.
    #[error("it is closed, and nothing more is added to its record; `firedrill debrief` reads it")]
    Closed,
    /// The journal has no seat in it.
    #[error("the journal ends before anybody took a seat; start a new drill")]
    NoSeat,
    /// This program's world would not have done what the journal says.
    #[error(
        "entry {0} of the journal is not what this version of the simulated world does; `firedrill debrief` still reads the drill"
    )]
    OtherWorld(u64),
    /// The record can't be written.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Takes up a drill.
///
/// # Errors
/// See [`ResumeError`]. Nothing is lost by any of them.
pub fn resume(
    record: Record,
    loaded: Loaded,
    recovered: Option<Recovered>,
    utc: DateTime<Utc>,
) -> Result<Session, ResumeError> {
    let checked = firedrill_authoring::check("scenario.toml", loaded.scenario_toml.as_deref().unwrap_or_default());
    let scenario = Arc::new(checked.map_err(|problems| ResumeError::Scenario(problems.len()))?);
    let seat = loaded.entries.iter().find_map(|entry| match &entry.event {
        Event::Drill(DrillEvent::SeatTaken { seat, role, .. }) => Some((seat.clone(), *role)),
        _ => None,
    });
    let (seat, role) = seat.ok_or(ResumeError::NoSeat)?;
    let closes =
        |entry: &Entry| matches!(entry.event, Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Closed, .. }));
    if loaded.entries.iter().any(closes) {
        return Err(ResumeError::Closed);
    }
    let (world, left_over) = play_again(&scenario, &loaded)?;
    let mut session = Session::new(scenario, record, world, seat, role);
    session.restore(loaded.entries);
    session.take(&Author::Drill, vec![Event::Drill(DrillEvent::Resumed { recovered })], utc);
    session.settle(utc);
    session.take_observations(left_over, utc)?;
    session.settle(utc);
    session.publish()?;
    Ok(session)
}

/// Plays the world again and holds it against the journal. Returns what it did beyond the journal's end.
fn play_again(scenario: &Arc<Scenario>, loaded: &Loaded) -> Result<(SimWorld, Vec<Observation>), ResumeError> {
    let mut world = SimWorld::new(Arc::clone(scenario), loaded.header.seed, loaded.header.epoch);
    let mut ahead: VecDeque<Observation> = VecDeque::new();
    for entry in &loaded.entries {
        let request = request_for(&entry.event);
        let from_world = matches!(entry.by, Author::World);
        if request.is_some() || (from_world && ahead.is_empty()) {
            ahead.extend(world.advance(entry.at));
        }
        if from_world && !matches(ahead.pop_front().as_ref(), entry) {
            return Err(ResumeError::OtherWorld(entry.seq));
        }
        if let Some(request) = request {
            ahead.extend(world.perform(&request, entry.at));
        }
    }
    if let Some(last) = loaded.entries.last() {
        ahead.extend(world.advance(last.at));
    }
    Ok((world, ahead.into()))
}

fn matches(observation: Option<&Observation>, entry: &Entry) -> bool {
    observation.is_some_and(|seen| Event::World(seen.event.clone()) == entry.event)
}

/// A sentence for people on what was cut from the journal.
#[must_use]
pub fn recovered_notice(recovered: &Recovered) -> SafeText {
    SafeText::new(&format!(
        "The journal ended in the middle of a line: {} bytes were set aside in {} and cut.",
        recovered.bytes, recovered.kept_in
    ))
}
