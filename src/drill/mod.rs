//! The state machine: commands in, events or a refusal out, and the fold of events into the state that its rules read.

pub mod command;
pub mod event;
pub mod phase;
pub mod refusal;

pub use command::{Command, Intent, Report};
pub use event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
pub use phase::{Pace, Phase};
pub use refusal::Refusal;
