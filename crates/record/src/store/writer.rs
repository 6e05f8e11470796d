//! A thread that stores what it is handed, so that nobody else waits for a disk. It reads no clock and decides nothing: each round it
//! takes all that waits, stores it in one go, and reports.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::fault::StoreFault;
use super::keeper::{Keeper, RecordState};
use super::sealer::NewWord;
use crate::journal::Digest;
use firedrill_model::event::Entry;

/// Most entries of one round that it looks further for what waits. Without a bound, who hands over faster than this thread reads would
/// keep it from ever storing anything.
const ROUND: u64 = 4_096;

/// Called after each report, on the writer's thread.
pub(super) type Wake = Box<dyn Fn() + Send>;

/// What is asked of the writer. Whatever it is, the writer then tries to store all that waits.
#[derive(Debug)]
pub(super) enum Order {
    /// Entries in their order, each with the texts that it refers to.
    Group(Vec<(Entry, Vec<NewWord>)>),
    /// Nothing further.
    Retry,
    /// The summary, once all is stored.
    Summary(String),
}

/// What of a record is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// All entries below this number are durable.
    pub next: u64,
    /// Hash of the last durable line.
    pub head: Digest,
    pub state: RecordState,
}

impl Known {
    pub fn of(keeper: &Keeper) -> Self {
        Self { next: keeper.tip.next, head: keeper.tip.head, state: keeper.state().clone() }
    }
}

/// What came of a round.
#[derive(Debug)]
pub(super) struct Report {
    /// How many orders it answers.
    pub orders: u64,
    /// Why the entries that wait are not stored.
    pub fault: Option<StoreFault>,
    /// Why the summary isn't.
    pub summary_fault: Option<StoreFault>,
    pub known: Known,
}

/// The orders of one round.
#[derive(Debug, Default)]
pub(super) struct Round {
    orders: u64,
    summary: Option<String>,
}

impl Round {
    /// Takes an order in; nothing is written yet.
    pub fn take(&mut self, order: Order, keeper: &mut Keeper) {
        self.orders += 1;
        match order {
            Order::Group(group) => group.iter().for_each(|(entry, words)| keeper.append(entry, words)),
            Order::Retry => {}
            Order::Summary(json) => self.summary = Some(json),
        }
    }

    /// Stores all that waits, with one write and one sync of the journal.
    pub fn store(self, keeper: &mut Keeper) -> Report {
        let fault = keeper.commit().err();
        // A summary of more than is stored would be true of no record.
        let summary = self.summary.filter(|_| keeper.waiting() == 0);
        let summary_fault = summary.and_then(|json| keeper.write_summary(&json).err());
        Report { orders: self.orders, fault, summary_fault, known: Known::of(keeper) }
    }
}

fn run(keeper: &mut Keeper, orders: &Receiver<Order>, reports: &Sender<Report>, wake: &Wake) {
    while let Ok(order) = orders.recv() {
        let mut round = Round::default();
        round.take(order, keeper);
        while keeper.waiting() < ROUND
            && let Ok(order) = orders.try_recv()
        {
            round.take(order, keeper);
        }
        // Who asked may have given up waiting. What was handed over is stored all the same.
        let _ = reports.send(round.store(keeper));
        wake();
    }
}

/// How waiting for reports ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Every order is answered.
    All,
    /// Nothing was heard for as long as was to be waited.
    Nothing,
    /// The thread has ended, which it does of its own accord only by a mistake.
    Ended,
}

/// The host's end of the thread.
#[derive(Debug)]
pub(super) struct Writer {
    /// None once it was told to end.
    orders: Option<Sender<Order>>,
    reports: Receiver<Report>,
    thread: Option<JoinHandle<()>>,
    /// Orders that no report has answered.
    unanswered: u64,
}

impl Writer {
    /// Starts the thread. Where the system gives none, the record comes back.
    pub fn start(keeper: Box<Keeper>, wake: Wake) -> Result<Self, (Box<Keeper>, Wake, io::Error)> {
        let (orders, to_do) = channel();
        let (report, reports) = channel();
        // Handed over once the thread is there: what a thread that never was has taken would be gone.
        let (give, given) = channel::<(Box<Keeper>, Wake)>();
        let started = thread::Builder::new().name("record".to_owned()).spawn(move || {
            if let Ok((mut keeper, wake)) = given.recv() {
                run(&mut keeper, &to_do, &report, &wake);
            }
        });
        match started {
            Ok(thread) => {
                // It waits for just that.
                let _ = give.send((keeper, wake));
                Ok(Self { orders: Some(orders), reports, thread: Some(thread), unanswered: 0 })
            }
            Err(fault) => Err((keeper, wake, fault)),
        }
    }

    /// Hands an order over, without waiting. Says whether there is a thread to take it.
    pub fn send(&mut self, order: Order) -> bool {
        self.unanswered += 1;
        self.orders.as_ref().is_some_and(|orders| orders.send(order).is_ok())
    }

    /// A report that is there.
    pub fn report(&mut self) -> Result<Option<Report>, Heard> {
        match self.reports.try_recv() {
            Ok(report) => Ok(Some(self.answered(report))),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(Heard::Ended),
        }
    }

    /// The next report, or how waiting for it ended.
    pub fn wait(&mut self, patience: Duration) -> Result<Report, Heard> {
        if self.unanswered == 0 {
            return Err(Heard::All);
        }
        match self.reports.recv_timeout(patience) {
            Ok(report) => Ok(self.answered(report)),
            Err(RecvTimeoutError::Timeout) => Err(Heard::Nothing),
            Err(RecvTimeoutError::Disconnected) => Err(Heard::Ended),
        }
    }

    fn answered(&mut self, report: Report) -> Report {
        self.unanswered = self.unanswered.saturating_sub(report.orders);
        report
    }

    /// Lets the thread end after what it was handed. Waits for that only where it has nothing left to do: its files are closed then, and
    /// the drill's lock is given back.
    pub fn close(&mut self) {
        self.orders = None;
        if self.unanswered == 0
            && let Some(thread) = self.thread.take()
        {
            // That it ended by a mistake was told when its reports ended.
            let _ = thread.join();
        }
    }
}
