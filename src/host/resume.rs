//! Takes up a drill where it was cut off: reads what is left of it, and hands it to the engine.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use firedrill_core::engine::Input;
use firedrill_core::projection::with_messages;
use firedrill_model::SafeText;
use firedrill_model::Span;
use firedrill_model::event::{DrillEvent, Entry, Event, GapKind, Recovered};
use firedrill_model::id::DrillId;
use firedrill_model::id::SeatId;
use firedrill_model::phase::Phase;
use firedrill_record::store::{Loaded, Record, StoreFault};

use super::log::Earliest;
use super::session::Session;

/// Why a drill can't be taken up again. Its debrief can still be read.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// The scenario as it was run can't be read. It is not judged by today's checks: what was begun once goes on.
    #[error("read the scenario in the drill's folder: {0}")]
    Scenario(SafeText),
    /// It is over.
    #[error("it is closed, and nothing more is added to its record; `firedrill debrief` reads it")]
    Closed,
    /// It was in an AWS account: what went on there can't be taken up, only undone.
    #[error(
        "it was live; `firedrill recover {0}` undoes what it left in the account, `firedrill debrief {0}` reads it"
    )]
    Live(DrillId),
    /// The journal has no seat in it.
    #[error("the journal ends before anybody took a seat; start a new drill")]
    NoSeat,
    /// The record can't be written.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// What the header of a live drill's record says.
pub const LIVE: &str = "live";

/// Takes up a drill.
///
/// # Errors
/// See [`ResumeError`]. Nothing is lost by any of them.
pub fn resume(
    record: Record,
    mut loaded: Loaded,
    recovered: Option<Recovered>,
    utc: DateTime<Utc>,
) -> Result<Session, ResumeError> {
    if loaded.header.world.as_str() == LIVE {
        return Err(ResumeError::Live(loaded.header.drill.clone()));
    }
    let text = loaded.scenario_toml.as_deref().unwrap_or_default();
    let scenario = Arc::new(firedrill_authoring::recorded(text).map_err(ResumeError::Scenario)?);
    with_messages(&mut loaded.entries, &scenario);
    let seat = seat_of(&loaded.entries).ok_or(ResumeError::NoSeat)?;
    let closes = |entry: &Entry| match &entry.event {
        Event::Drill(event) => event.begins() == Some(Phase::Closed),
        Event::People(_) | Event::World(_) => false,
    };
    if loaded.entries.iter().any(closes) {
        return Err(ResumeError::Closed);
    }
    let away = away(loaded.entries.last(), utc);
    let left = Earliest { entries: loaded.entries, next_seq: loaded.next, recovered };
    let mut session = Session::take_up(scenario, record, (seat, left), utc)?;
    if let Some((kind, length)) = away {
        session.take_in(Input::Gap { kind, length }, utc)?;
    }
    Ok(session)
}

/// How long the program was closed, by the clock on the wall; or that this was set back meanwhile.
fn away(last: Option<&Entry>, utc: DateTime<Utc>) -> Option<(GapKind, Span)> {
    let length = utc - last?.utc;
    let (kind, length) = match length.to_std() {
        Ok(length) => (GapKind::Closed, length),
        Err(_) => (GapKind::ClockSet, length.abs().to_std().ok()?),
    };
    let micros = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
    Some((kind, Span(micros))).filter(|(_, length)| *length >= Span::from_secs(1))
}

/// The seat of whoever sat at the terminal: the first one, or whose it was handed over to.
#[must_use]
pub fn seat_of(entries: &[Entry]) -> Option<SeatId> {
    let (mut seat, mut left) = (None, false);
    for entry in entries {
        match &entry.event {
            Event::Drill(DrillEvent::SeatTaken { seat: taken, .. }) if seat.is_none() || left => {
                (seat, left) = (Some(taken.clone()), false);
            }
            Event::Drill(DrillEvent::SeatLeft { seat: free }) => left |= seat.as_ref() == Some(free),
            Event::Drill(_) | Event::People(_) | Event::World(_) => {}
        }
    }
    seat
}

/// A sentence for people on what was cut from the journal.
#[must_use]
pub fn recovered_notice(recovered: &Recovered) -> SafeText {
    SafeText::new(&format!(
        "The journal ended in the middle of a line: {} bytes were set aside in {} and cut.",
        recovered.bytes, recovered.kept_in
    ))
}
