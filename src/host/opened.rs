//! A record as it is opened to be replayed: read through and folded along the way where it is whole, else as far as it can be read.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::as_run::{scenario_in, viewer};
use super::desk_error::DeskError;
use firedrill_core::projection::audience::opens_everything;
use firedrill_core::projection::transport::{Opening, Tape};
use firedrill_core::projection::{Transport, with_messages};
use firedrill_model::event::Entry;
use firedrill_model::id::DrillId;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, SafeText};
use firedrill_record::journal::{Packed, Verdict};
use firedrill_record::store::{self, DataDir, Loaded, Reading};

/// A record, opened. Its entries are in the transport.
#[derive(Debug)]
pub(super) struct Opened {
    pub loaded: Loaded,
    pub scenario: Arc<Scenario>,
    /// What is to be said of the scenario.
    pub notice: Option<SafeText>,
    pub transport: Transport,
    /// The drill has reached Verify.
    pub over: bool,
}

impl Opened {
    /// # Errors
    /// When there is no such drill, nothing of it can be read, or its scenario isn't valid for this program.
    pub fn of(data: &DataDir, drill: &DrillId) -> Result<Self, DeskError> {
        let read = Reading::begin(data, drill).and_then(|reading| Self::at_once(reading).transpose());
        read.unwrap_or_else(|| Self::as_far_as_it_goes(data, drill))
    }

    fn at_once(reading: Reading) -> Result<Option<Self>, DeskError> {
        let (scenario, notice) = scenario_in(reading.folder(), reading.header(), reading.scenario_toml())?;
        Self::whole(reading, Arc::new(scenario), notice, &AtomicU64::new(0))
    }

    /// Reads a record that is whole, and holds its entries packed. Nothing where it isn't. `so_far` counts its
    /// entries meanwhile.
    pub(super) fn whole(
        reading: Reading,
        scenario: Arc<Scenario>,
        notice: Option<SafeText>,
        so_far: &AtomicU64,
    ) -> Result<Option<Self>, DeskError> {
        let (mut opening, mut over) = (Opening::new(Arc::clone(&scenario)), false);
        let read = reading.through(&mut |entry, cost| {
            over |= opens_everything(entry);
            so_far.store(entry.seq, Ordering::Relaxed);
            opening.take(entry, cost);
        });
        let Some((loaded, packed)) = read else { return Ok(None) };
        let transport = opening.done(Arc::new(PackedTape(packed)), over, viewer()?.1);
        Ok(Some(Self { loaded, scenario, notice, transport, over }))
    }

    pub(super) fn as_far_as_it_goes(data: &DataDir, drill: &DrillId) -> Result<Self, DeskError> {
        let mut loaded = store::load(data, drill)?;
        let (scenario, notice) = scenario_in(&loaded.folder, &loaded.header, loaded.scenario_toml.as_deref())?;
        with_messages(&mut loaded.entries, &scenario);
        let over = loaded.entries.iter().any(opens_everything);
        let open = over || matches!(loaded.verdict, Verdict::Corrupt { .. });
        let scenario = Arc::new(scenario);
        let entries = std::mem::take(&mut loaded.entries);
        let transport = Transport::new(Arc::clone(&scenario), entries, open, viewer()?.1);
        Ok(Self { loaded, scenario, notice, transport, over })
    }
}

/// The packed entries of a record, as a replay reads them.
#[derive(Debug)]
struct PackedTape(Packed);

impl Tape for PackedTape {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn moment(&self, place: usize) -> DrillTime {
        self.0.moment(place)
    }

    fn cost(&self, place: usize) -> u32 {
        self.0.cost(place)
    }

    fn read(&self, places: Range<usize>, tell: &mut dyn FnMut(&Entry) -> bool) {
        self.0.read(places, tell);
    }
}
