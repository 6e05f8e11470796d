//! Earlier drills of the same scenario, to be put beside one as its ghost.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use firedrill_core::projection::Ghost;
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::scenario::Scenario;
use firedrill_model::{
    event::{DrillEvent, Event},
    phase::Phase,
};
use firedrill_record::journal::{Digest, Header, Verdict};
use firedrill_record::store::{self, DataDir, Loaded, StoreFault};

/// Records that are read at most to find one that is closed.
const MOST_READ: usize = 30;

/// The word for the latest closed drill before.
pub const LAST: &str = "last";

/// The drill that another is put beside.
#[derive(Debug, Clone)]
pub struct This {
    /// Its scenario.
    pub scenario: Arc<Scenario>,
    /// What the scenario's file was.
    pub version: Digest,
    /// Its name; nothing before it has begun.
    pub drill: Option<DrillId>,
    /// When it began.
    pub epoch: DateTime<Utc>,
}

/// Why there is no ghost.
#[derive(Debug, thiserror::Error)]
pub enum NoGhost {
    /// No earlier drill of the scenario is closed.
    #[error("there is no earlier drill of {0} that is closed; leave out --ghost this time")]
    NoneYet(ScenarioId),
    /// A drill of something else.
    #[error("{drill} is a drill of {of}, not of {wanted}; `firedrill history {wanted}` lists those that fit")]
    OtherScenario {
        /// Which drill was asked for.
        drill: DrillId,
        /// What it is of.
        of: ScenarioId,
        /// What it should be of.
        wanted: ScenarioId,
    },
    /// A drill can't be beside itself.
    #[error("{0} is the drill itself; name an earlier one")]
    Itself(DrillId),
    /// Files.
    #[error("failed to {0}")]
    Store(#[from] StoreFault),
}

impl This {
    /// A drill that has a record.
    #[must_use]
    pub fn of(header: &Header, scenario: &Arc<Scenario>) -> Self {
        let (version, drill) = (header.scenario_sha256, Some(header.drill.clone()));
        Self { scenario: Arc::clone(scenario), version, drill, epoch: header.epoch }
    }

    /// A drill that is to begin now.
    #[must_use]
    pub fn to_begin(scenario: &Arc<Scenario>, text: &str, utc: DateTime<Utc>) -> Self {
        Self { scenario: Arc::clone(scenario), version: Digest::of(text.as_bytes()), drill: None, epoch: utc }
    }

    fn ghost(&self, loaded: &Loaded, is_last: bool) -> Ghost {
        let ghost = Ghost::new(&self.scenario, &loaded.entries, loaded.header.drill.clone(), is_last);
        let ghost = match &loaded.verdict {
            Verdict::Corrupt { .. } => ghost.with_note("Its record is damaged: what is whole of it is compared."),
            Verdict::Torn { .. } => ghost.with_note("Its last write didn't finish: what is whole of it is compared."),
            Verdict::LineEnds { .. } => {
                ghost.with_note("The line ends of its record were changed on the way; nothing else was.")
            }
            Verdict::Whole | Verdict::Newer { .. } => ghost,
        };
        if loaded.header.scenario_sha256 == self.version {
            return ghost;
        }
        ghost.with_note("It was run with another version of the scenario: what both have is compared.")
    }
}

/// Puts the latest closed drill of the scenario beside another.
///
/// # Errors
/// When there is none yet, or the data folder can't be read.
pub fn last(data: &DataDir, this: &This) -> Result<Ghost, NoGhost> {
    next(data, this, None)?.ok_or_else(|| NoGhost::NoneYet(this.scenario.id.clone()))
}

/// Puts the drill with this name beside another.
///
/// # Errors
/// When there is no such drill, it can't be read, or it is of another scenario.
pub fn named(data: &DataDir, this: &This, name: &DrillId) -> Result<Ghost, NoGhost> {
    if this.drill.as_ref() == Some(name) {
        return Err(NoGhost::Itself(name.clone()));
    }
    let loaded = store::load(data, name)?;
    if loaded.header.scenario != this.scenario.id {
        let (of, wanted) = (loaded.header.scenario, this.scenario.id.clone());
        return Err(NoGhost::OtherScenario { drill: name.clone(), of, wanted });
    }
    let last = latest(data, this)?.is_some_and(|last| last.header.drill == *name);
    Ok(this.ghost(&loaded, last))
}

/// The closed drill before `after`, or the latest one; nothing where there is none left.
///
/// # Errors
/// When the data folder can't be read. A drill that can't be read is passed over.
pub fn next(data: &DataDir, this: &This, after: Option<&DrillId>) -> Result<Option<Ghost>, NoGhost> {
    let is_last = after.is_none();
    Ok(closed(data, this, after)?.map(|loaded| this.ghost(&loaded, is_last)))
}

fn latest(data: &DataDir, this: &This) -> Result<Option<Loaded>, NoGhost> {
    closed(data, this, None)
}

fn closed(data: &DataDir, this: &This, after: Option<&DrillId>) -> Result<Option<Loaded>, NoGhost> {
    let drills = data.drills()?;
    let start = after.and_then(|name| drills.iter().position(|listing| listing.drill == *name)).map_or(0, |at| at + 1);
    let earlier = drills.into_iter().skip(start).filter(|listing| {
        let header = listing.header.as_ref();
        let fits = header.is_some_and(|header| header.scenario == this.scenario.id && header.epoch <= this.epoch);
        fits && this.drill.as_ref() != Some(&listing.drill)
    });
    let read = earlier.take(MOST_READ).filter_map(|listing| store::load(data, &listing.drill).ok());
    Ok(read.into_iter().find(is_closed))
}

fn is_closed(loaded: &Loaded) -> bool {
    loaded
        .entries
        .iter()
        .rev()
        .any(|entry| matches!(entry.event, Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Closed, .. })))
}
