//! A record that is read by a thread of its own, beside the first picture of its replay. Nothing is said to verify before it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::time::Duration;

use super::as_run::scenario_in;
use super::desk_error::DeskError;
use super::opened::Opened;
use firedrill_model::SafeText;
use firedrill_model::id::DrillId;
use firedrill_model::scenario::Scenario;
use firedrill_record::journal::Header;
use firedrill_record::store::{DataDir, Reading};

/// A record that is being read.
#[derive(Debug)]
pub(super) struct Behind {
    pub header: Header,
    pub scenario: Arc<Scenario>,
    from: Receiver<Result<Opened, DeskError>>,
    /// Entries so far.
    read: Arc<AtomicU64>,
}

/// What became of a record within the time that was given.
pub(super) enum Begun {
    /// It was read.
    Read(Box<Opened>),
    /// It is being read.
    Behind(Box<Behind>),
}

impl Behind {
    /// Reads a drill, and waits so long for all of it. Only a record that is whole, in one file, is left to be read behind.
    ///
    /// # Errors
    /// As for [`Opened::of`].
    pub fn begin(data: &DataDir, drill: &DrillId, patience: Duration) -> Result<Begun, DeskError> {
        let Some(reading) = Reading::begin(data, drill) else {
            return Ok(Begun::Read(Box::new(Opened::as_far_as_it_goes(data, drill)?)));
        };
        let (scenario, notice) = scenario_in(reading.folder(), reading.header(), reading.scenario_toml())?;
        let (scenario, header) = (Arc::new(scenario), reading.header().clone());
        let (to, from) = sync_channel(1);
        let read = Arc::new(AtomicU64::new(0));
        let (run, so_far, data, drill) = (Arc::clone(&scenario), Arc::clone(&read), data.clone(), drill.clone());
        std::thread::spawn(move || {
            let opened = match Opened::whole(reading, run, notice, &so_far) {
                Ok(Some(opened)) => Ok(opened),
                Ok(None) => Opened::as_far_as_it_goes(&data, &drill),
                Err(fault) => Err(fault),
            };
            // Nobody waits any more if this can't be sent: the replay was left.
            let _ = to.send(opened);
        });
        match from.recv_timeout(patience) {
            Ok(opened) => Ok(Begun::Read(Box::new(opened?))),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Ok(Begun::Behind(Box::new(Self { header, scenario, from, read })))
            }
        }
    }

    /// The record, once it is read. Nothing yet: it goes on.
    pub fn arrived(&self) -> Option<Result<Opened, SafeText>> {
        let said = |fault: &str| Some(Err(SafeText::one_line(fault)));
        match self.from.try_recv() {
            Ok(Ok(opened)) => Some(Ok(opened)),
            Ok(Err(fault)) => said(&format!("it can't be read: failed to {fault}")),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => said("it can't be read: the part of the program that reads has ended"),
        }
    }

    /// How far it has come.
    pub fn progress(&self) -> SafeText {
        let read = self.read.load(Ordering::Relaxed);
        SafeText::one_line(&format!("the record is being read and checked, {read} entries so far"))
    }
}
