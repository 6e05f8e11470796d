//! Writing on a drill that is over: a note or a bookmark on a moment of it goes to the end of its record. Nothing that was is altered.

use chrono::{DateTime, Utc};

use super::as_run::scenario_of;
use super::desk_error::DeskError;
use super::salts::salts;
use super::seal::{seal_words, words_of};
use firedrill_core::rules::Drill;
use firedrill_model::command::MAX_WORDS;
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::{Author, WordBook};
use firedrill_model::{
    audience::audience_of,
    command::Intent,
    event::{DrillEvent, Entry, Event},
    refusal::Refusal,
};
use firedrill_record::store::{DataDir, Record, StoreFault};

/// Who writes from a replay: nobody has to have sat in the drill for it.
const SEAT: &str = "replay";

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AfterwardsError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record can't be read or written.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<StoreFault> for AfterwardsError {
    fn from(fault: StoreFault) -> Self {
        Self::Desk(fault.into())
    }
}

/// Writes it, and gives what the record holds from entry number `from` on, with the drill's texts. `what` must be a later observation.
///
/// # Errors
/// When the rules refuse it, somebody records the drill now, its record is damaged, or the disk says no.
pub fn write(
    data: &DataDir,
    drill: &DrillId,
    what: Intent,
    from: u64,
    utc: DateTime<Utc>,
) -> Result<(Vec<Entry>, WordBook), AfterwardsError> {
    if words_of(&what).iter().any(|text| text.chars().count() > MAX_WORDS) {
        return Err(Refusal::TooLong.into());
    }
    let (mut record, mut loaded, recovered) = Record::resume(data, drill, salts()?)?;
    let (scenario, _) = scenario_of(&loaded)?;
    let mut state = Drill::new(scenario.into());
    for entry in &loaded.entries {
        state.apply(entry);
    }
    let at = state.now();
    let mut take = |record: &mut Record, by: &Author, event: Event| {
        let entry =
            Entry { seq: record.next(), at, utc, by: by.clone(), to: audience_of(&event, by), source: None, event };
        record.append(&entry);
        loaded.entries.push(entry);
    };
    // What was cut from the end is said first, as when a drill is taken up again.
    if recovered.is_some() {
        take(&mut record, &Author::Drill, Event::Drill(DrillEvent::Resumed { recovered, model: None }));
        record.commit()?;
    }
    let seat = SeatId::new(SEAT).map_err(DeskError::from)?;
    let command = seal_words(what, &mut |text| record.seal(text));
    for event in state.decide(&seat, &command)? {
        take(&mut record, &Author::Seat(seat.clone()), event);
    }
    record.commit()?;
    loaded.entries.retain(|entry| entry.seq >= from);
    Ok((loaded.entries, record.words().clone()))
}
