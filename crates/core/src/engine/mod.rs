//! The engine: what a host feeds a drill with, and what it must do for it. No file, clock, thread or socket.
//!
//! ```text
//! Input --> Drive::step(input, now) --> [Output]        Drive::due(now): when to come again
//! ```
//!
//! A step first lets wall time pass at the drill's rate, then takes its input, then lets follow what follows. It appends at most
//! [`STEP_LIMIT`] entries or a little more; what is left is due at once, so that keys and signals get their turn in between.
//!
//! What a host must do, and nothing else:
//!
//! - write the entries of [`Output::Append`] in order, and say [`Input::Durable`] once they can't be lost any more;
//! - hand an entry to a seat only when [`Output::Deliver`] says so, and give a seat its log anew when [`Output::Open`] says so;
//! - hand [`Output::Perform`] to the pushed world it names, and put what that world reports in as [`Input::Observation`].
//!   Requests of class *revert* ([`Request::is_revert`](firedrill_model::Request::is_revert)) come without waiting for any disk and must not wait for one;
//! - answer the asker by [`Output::Accept`] and [`Output::Refuse`], which carry his ticket.
//!
//! Clocked worlds belong to the [`Drive`]; drill time stands while a request to one waits for its entry to be durable, so that a request
//! is always performed at its entry's own moment and playing a record again needs nothing else.

mod drive;
mod machine;
mod repeats;
mod resume;
mod seats;
mod waiting;

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use firedrill_model::command::Command;
use firedrill_model::event::{Entry, GapKind, Recovered};
use firedrill_model::id::{SeatId, WorldId};
use firedrill_model::request::WorldRequest;
use firedrill_model::world::{Capabilities, Contact, Owns};
use firedrill_model::{DrillTime, Refusal, Request, Role, Sealed, Span};
use firedrill_model::{Observation, Occurrence};

pub use drive::Drive;
pub use resume::{Left, Resumed};

/// Entries after which a step stops and asks to be called again.
pub const STEP_LIMIT: usize = 256;
/// Undurable entries beyond which the clock stands and people are refused.
pub(crate) const MOST_WAITING: usize = 1_000;
/// An undurable entry may be so old, in microseconds on the wall, before the clock stands and people are refused.
pub const LONGEST_WAIT: u64 = 1_000_000;
/// Reports of pushed worlds that are kept while nothing can be recorded; what comes on top is lost, counted and said.
pub const MOST_SPOOLED: usize = 10_000;
/// Events that may follow by themselves from one. More is a mistake in the rules.
pub(crate) const MOST_SETTLED: usize = 1_000;

/// The moment of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Microseconds of a clock that never runs backwards.
    pub wall: u64,
    /// UTC, for people; no rule reads it.
    pub utc: DateTime<Utc>,
}

/// Names a command among those of its host, so that the answer finds its asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What a host feeds a drill with.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Time has gone by.
    Tick,
    /// A seat asks for something.
    Command {
        /// Who.
        seat: SeatId,
        /// Names it in the answer.
        ticket: Ticket,
        /// What.
        command: Command,
    },
    /// A pushed world reports.
    Observation(Observation),
    /// All entries below this number are on disk.
    Durable(u64),
    /// Whether what happens can be written at all.
    Recording(bool),
    /// Somebody takes a seat.
    Join {
        /// Which.
        seat: SeatId,
        /// What for.
        role: Role,
        /// The alias, sealed.
        name: Sealed,
    },
    /// Somebody leaves a seat.
    Leave(SeatId),
    /// A seat is for something else from now on.
    Role(SeatId, Role),
    /// Time that is not drill time went by.
    Gap {
        /// Why.
        kind: GapKind,
        /// How long, on the wall.
        length: Span,
    },
    /// A world joins the drill.
    Attach {
        /// Which.
        world: WorldId,
        /// What it can do.
        can: Capabilities,
        /// What of the scenario it carries out.
        owns: Owns,
    },
    /// Something became of the connection to a pushed world.
    Contact(WorldId, Contact),
    /// The drill is taken up again; what had to be cut from its journal's end.
    Continue(Option<Recovered>),
    /// The host is about to end: what must be undone is undone.
    End,
}

/// What a host must do.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all outputs are entries, and each is moved into the host's log at once"
)]
pub enum Output {
    /// Write this entry after those before it. The words that the command named by the ticket brought belong to it.
    Append {
        /// The entry.
        entry: Entry,
        /// The command that it follows from directly.
        of: Option<Ticket>,
    },
    /// Hand the entry with this number to the seat. It is durable.
    Deliver {
        /// To whom.
        seat: SeatId,
        /// Number of the entry.
        seq: u64,
    },
    /// Hand the seat its log anew: everything below a number that it may see by now ([`Viewer`](crate::projection::Viewer)). What comes
    /// after that is delivered.
    Open {
        /// To whom.
        seat: SeatId,
        /// Number of the first entry that does not belong to it.
        below: u64,
    },
    /// Ask a pushed world.
    Perform(WorldRequest),
    /// The rules say no. Nothing was appended.
    Refuse {
        /// Who asked.
        seat: SeatId,
        /// What was asked.
        ticket: Ticket,
        /// Why not.
        refusal: Refusal,
    },
    /// It is done; the entries that tell of it were appended just before.
    Accept(Ticket),
}

/// A world that is carried along by the drill clock.
///
/// It must be deterministic: the same requests at the same moments bring the same occurrences in the same order, however the time in
/// between is cut up. A clone goes on as the original would: a drill is branched that way.
pub trait ClockedWorld: Clone {
    /// When something will happen next by itself.
    fn next_due(&self) -> Option<DrillTime>;

    /// Lets everything happen that is due up to and including `to`, which never goes back.
    fn advance(&mut self, to: DrillTime) -> Vec<Occurrence>;

    /// Takes on a request at the moment that it was advanced to. The first answers come at once.
    fn perform(&mut self, request: &Request, at: DrillTime) -> Vec<Occurrence>;
}
