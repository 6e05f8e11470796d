//! What an earlier life of a drill left in its record, for the script that played it to go on from.

use super::session::Session;
use firedrill_model::Author;
use firedrill_model::event::{DrillEvent, Entry, Event, WorldEvent};
use firedrill_model::phase::Pace;

/// The entries that an earlier life of the drill left: without those that tell of its being taken up, which no script brings.
pub(super) fn left_by_it(session: &Session) -> Vec<&Entry> {
    let tells_of_it = |entry: &&Entry| match &entry.event {
        Event::Drill(DrillEvent::Resumed { .. } | DrillEvent::Gap { .. })
        | Event::World(WorldEvent::Restated { .. }) => true,
        Event::Drill(_) | Event::People(_) | Event::World(_) => false,
    };
    let entries: Vec<&Entry> = session.entries_from(0).collect();
    let last = entries.iter().rposition(|entry| matches!(entry.event, Event::Drill(DrillEvent::Resumed { .. })));
    let mut left: Vec<&Entry> = entries.into_iter().take(last.unwrap_or(usize::MAX)).collect();
    left.retain(|entry| !tells_of_it(entry));
    left
}

/// The pace that a person set, if the entry tells of that.
pub(super) fn pace_asked_for(entry: &Entry) -> Option<Pace> {
    match (&entry.by, &entry.event) {
        (Author::Seat(..), Event::Drill(DrillEvent::PaceChanged { pace, .. })) => Some(*pace),
        _ => None,
    }
}

/// Whether two entries are of the same drill: what people wrote has salts of its own in each life.
pub(super) fn same(one: &Entry, other: &Entry) -> bool {
    let same_event = match (&one.event, &other.event) {
        (Event::World(one), Event::World(other)) => one == other,
        (Event::People(_), Event::People(_)) | (Event::Drill(_), Event::Drill(_)) => true,
        _ => false,
    };
    same_event && (one.at, &one.by) == (other.at, &other.by)
}
