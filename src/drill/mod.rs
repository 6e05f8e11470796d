//! The state machine: commands in, events or a refusal out ([`decide`]), what follows by itself ([`settle`]), and the fold
//! of events into the state that these rules read ([`state`]).

mod audience;
pub mod command;
pub mod decide;
pub mod event;
pub mod phase;
pub mod refusal;
mod settle;
mod state;

pub use audience::audience_of;
pub use command::{Command, Intent, Report};
pub use event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
pub use phase::{Pace, Phase};
pub use refusal::Refusal;
pub use state::Drill;
