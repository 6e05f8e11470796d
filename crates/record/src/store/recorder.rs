//! What a host holds of the record of a drill that is running: it seals, appends and hands over, and is told what is durable.
//!
//! Who draws holds a [`Recorder::thread`] and never waits for a disk: all but [`drain`](Recorder::drain), [`finish`](Recorder::finish)
//! and dropping it return at once. Who draws nothing holds a [`Recorder::inline`], which writes when it is asked to: the groups of its
//! journal, and so its bytes, are the same in each run.
//!
//! ```text
//! append, append, flush --> [ group ] [ group ] --> the writer takes all that waits --> one write, one sync
//!                                                                                          |
//! poll <-- Stored { next } / Failed { fault } / Recording(state) <-- wake <---------------+
//! ```
//!
//! Nothing is lost while the program runs: what can't be stored waits, in its order, and each later attempt tries all of it in a new file.
//! What waits is not bounded here. The host is told how much it is ([`waiting`](Recorder::waiting)) and what is oldest
//! ([`oldest_waiting`](Recorder::oldest_waiting)), and holds the drill's clock before that is too much.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::fault::StoreFault;
use super::keeper::{Keeper, RecordState};
use super::record::Record;
use super::sealer::{NewWord, Sealer};
use super::writer::{Heard, Known, Order, Report, Round, Wake, Writer};
use crate::journal::{Digest, Header, spoken};
use firedrill_model::event::Entry;
use firedrill_model::id::SeatId;
use firedrill_model::{Sealed, Shown, WordBook};

/// News of the record, in the order in which it happened.
#[derive(Debug)]
pub enum RecordNews {
    /// All entries below `next` are durable now: they may be shown, and acted on.
    Stored {
        /// Number of the first entry that isn't.
        next: u64,
    },
    /// An attempt to store what waits failed. All of it is kept.
    Failed {
        /// Why.
        fault: StoreFault,
    },
    /// Whether and where what happens is stored has changed. Stands after the failure and before the entries that go with it.
    Recording(RecordState),
    /// The summary was not written. The record isn't touched by that.
    SummaryFailed {
        /// Why.
        fault: StoreFault,
    },
}

/// The record of a running drill, as its host has it. Dropping it stores what was appended, or gives up after [`Recorder::PATIENCE`].
pub struct Recorder {
    sealer: Sealer,
    header: Header,
    folder: PathBuf,
    /// Number of the next entry to append.
    next: u64,
    /// Whether entries were appended since the last flush.
    owed: bool,
    known: Known,
    news: Vec<RecordNews>,
    hands: Hands,
    /// Nothing was heard of the writer for as long as somebody waited last.
    hangs: bool,
}

/// Who writes.
enum Hands {
    /// The caller.
    Own { keeper: Box<Keeper>, wake: Option<Wake> },
    /// A thread, and the group that it gets next.
    Thread { writer: Writer, group: Vec<(Entry, Vec<NewWord>)> },
    /// Nobody any more: the thread ended by a mistake.
    Gone,
}

impl Recorder {
    /// How long the end of the program waits for a disk from which nothing is heard.
    pub const PATIENCE: Duration = Duration::from_secs(10);

    /// Writes in the caller's own thread, at [`flush`](Self::flush).
    #[must_use]
    pub fn inline(record: Record) -> Self {
        let Record { sealer, keeper } = record;
        Self::of(sealer, keeper, |keeper| Hands::Own { keeper, wake: None })
    }

    /// Writes in a thread of its own. `wake` is called on that thread whenever [`poll`](Self::poll) has something to give; it must return
    /// at once. Where the system gives no thread the caller's own writes, and wakes.
    #[must_use]
    pub fn thread(record: Record, wake: Box<dyn Fn() + Send>) -> Self {
        let Record { sealer, keeper } = record;
        Self::of(sealer, keeper, |keeper| match Writer::start(keeper, wake) {
            Ok(writer) => Hands::Thread { writer, group: Vec::new() },
            Err((keeper, wake, _)) => Hands::Own { keeper, wake: Some(wake) },
        })
    }

    /// Hands the writing to a thread of its own, if it isn't there already. Where none can be had, whoever calls goes on writing, and `wake`
    /// is called all the same.
    #[must_use]
    pub fn beside(mut self, wake: Box<dyn Fn() + Send>) -> Self {
        self.hands = match std::mem::replace(&mut self.hands, Hands::Gone) {
            Hands::Own { keeper, .. } => match Writer::start(keeper, wake) {
                Ok(writer) => Hands::Thread { writer, group: Vec::new() },
                Err((keeper, wake, _)) => Hands::Own { keeper, wake: Some(wake) },
            },
            other @ (Hands::Thread { .. } | Hands::Gone) => other,
        };
        self
    }

    fn of(sealer: Sealer, keeper: Keeper, hands: impl FnOnce(Box<Keeper>) -> Hands) -> Self {
        Self {
            sealer,
            header: keeper.header().clone(),
            folder: keeper.folder().to_owned(),
            next: keeper.next(),
            owed: keeper.waiting() > 0,
            known: Known::of(&keeper),
            news: Vec::new(),
            hands: hands(Box::new(keeper)),
            hangs: false,
        }
    }

    /// Seals a text. It is stored with the entry that refers to it, before it.
    pub fn seal(&mut self, text: &str) -> Sealed {
        self.sealer.seal(text)
    }

    /// Seals the alias of a seat, which is stored apart from other texts.
    pub fn name(&mut self, seat: &SeatId, alias: &str) -> Sealed {
        self.sealer.name(seat, alias)
    }

    /// Forgets what was sealed and is in no entry: the rules refused what it belonged to.
    pub fn discard(&mut self) {
        self.sealer.discard();
    }

    /// Takes an entry, with what was sealed for it, into the group that the next [`flush`](Self::flush) hands over.
    ///
    /// # Panics
    /// When the entry's number isn't the next one: such a record could never be read again.
    pub fn append(&mut self, entry: &Entry) {
        assert_eq!(entry.seq, self.next, "entries are numbered without gaps");
        let words = self.sealer.claim(entry);
        match &mut self.hands {
            Hands::Own { keeper, .. } => keeper.append(entry, &words),
            Hands::Thread { group, .. } => group.push((entry.clone(), words)),
            Hands::Gone => {}
        }
        self.next += 1;
        self.owed = true;
    }

    /// Hands over what was appended. While the record can't be written, that is an attempt too.
    pub fn flush(&mut self) {
        if std::mem::take(&mut self.owed) {
            let group = match &mut self.hands {
                Hands::Thread { group, .. } => std::mem::take(group),
                Hands::Own { .. } | Hands::Gone => Vec::new(),
            };
            self.order(Order::Group(group));
        }
    }

    /// Has what waits tried again, after a failure.
    pub fn retry(&mut self) {
        self.flush();
        if self.waiting() > 0 {
            self.order(Order::Retry);
        }
    }

    /// Has the place of writing looked at: what is written to files that were moved or deleted is found by nobody.
    pub fn look(&mut self) {
        self.flush();
        self.order(Order::Retry);
    }

    /// Stores the summary, a cache that readers may do without, once all that was appended is stored. Left out if it can't be.
    pub fn write_summary(&mut self, json: String) {
        self.flush();
        self.order(Order::Summary(json));
    }

    fn order(&mut self, order: Order) {
        match &mut self.hands {
            Hands::Own { keeper, wake } => {
                let mut round = Round::default();
                round.take(order, keeper);
                let report = round.store(keeper);
                if let Some(wake) = wake {
                    wake();
                }
                self.take_in(report);
            }
            Hands::Thread { writer, .. } => {
                // What the thread said before it ended comes first; then `poll` finds its end.
                let _ = writer.send(order);
            }
            Hands::Gone => {}
        }
    }

    fn take_in(&mut self, report: Report) {
        let Report { fault, summary_fault, known, .. } = report;
        self.hangs = false;
        self.news.extend(fault.map(|fault| RecordNews::Failed { fault }));
        if known.state != self.known.state {
            self.news.push(RecordNews::Recording(known.state.clone()));
        }
        if known.next > self.known.next {
            self.news.push(RecordNews::Stored { next: known.next });
        }
        self.news.extend(summary_fault.map(|fault| RecordNews::SummaryFailed { fault }));
        self.known = known;
    }

    /// The thread is gone, and with it what it was handed. That is a mistake in the program, and the host is told.
    fn lose(&mut self) {
        let fault = StoreFault::WriterEnded;
        self.known.state = RecordState::NotRecording { why: fault.short() };
        self.news.extend([RecordNews::Failed { fault }, RecordNews::Recording(self.known.state.clone())]);
        self.hands = Hands::Gone;
    }

    /// News since the last call. What the record says of itself ([`state`](Self::state), [`waiting`](Self::waiting),
    /// [`head`](Self::head)) is as of the last news: for a thread as of this call, in the caller's own thread as of the last attempt.
    pub fn poll(&mut self) -> Vec<RecordNews> {
        while let Hands::Thread { writer, .. } = &mut self.hands {
            match writer.report() {
                Ok(Some(report)) => self.take_in(report),
                Ok(None) => break,
                Err(_) => self.lose(),
            }
        }
        std::mem::take(&mut self.news)
    }

    /// Hands over what was appended, and waits until all that was handed over is durable or failed. Gives up when nothing is heard of the
    /// writer for `patience`. Says whether all is durable. The news is kept for [`poll`](Self::poll).
    pub fn drain(&mut self, patience: Duration) -> bool {
        self.flush();
        while let Hands::Thread { writer, .. } = &mut self.hands {
            match writer.wait(patience) {
                Ok(report) => self.take_in(report),
                Err(Heard::All) => break,
                Err(Heard::Nothing) => {
                    self.hangs = true;
                    return false;
                }
                Err(Heard::Ended) => self.lose(),
            }
        }
        self.waiting() == 0
    }

    /// The same at the end of the program: what failed is tried once more, in a new file, then in a private folder.
    pub fn finish(&mut self, patience: Duration) -> bool {
        let stored = self.drain(patience);
        if stored || self.hangs {
            return stored;
        }
        self.retry();
        self.drain(patience)
    }

    /// Number of the next entry to append.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Entries that were appended and are not known to be durable.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.next.saturating_sub(self.known.next)
    }

    /// Number of the oldest of them.
    #[must_use]
    pub fn oldest_waiting(&self) -> Option<u64> {
        (self.waiting() > 0).then_some(self.known.next)
    }

    /// Whether what happens is being stored, and where.
    #[must_use]
    pub fn state(&self) -> &RecordState {
        &self.known.state
    }

    /// Texts and names of the drill that entries refer to, also of those that are not durable yet.
    #[must_use]
    pub fn words(&self) -> &WordBook {
        self.sealer.words()
    }

    /// The header of the drill's first file.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The drill's folder; empty for a record in memory.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Hash of the last line that is known to be durable.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.known.head
    }

    /// The same as twelve words that a person can read out.
    #[must_use]
    pub fn head_words(&self) -> Shown {
        spoken::head_words(&self.known.head)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("next", &self.next).field("known", &self.known).finish_non_exhaustive()
    }
}

impl Drop for Recorder {
    /// Stores what was appended, as [`finish`](Self::finish) does. A disk that hangs holds this up for [`Self::PATIENCE`], and not a second
    /// time if somebody waited for it before; the thread then goes on by itself for as long as the program does.
    fn drop(&mut self) {
        self.finish(if self.hangs { Duration::ZERO } else { Self::PATIENCE });
        if let Hands::Thread { writer, .. } = &mut self.hands {
            writer.close();
        }
    }
}
