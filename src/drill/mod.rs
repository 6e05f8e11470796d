//! The state machine: commands in, events or a refusal out ([`decide`]), what follows by itself (`settle`), and the fold
//! of events into the state that these rules read (`state`).

pub mod allowed;
mod audience;
pub mod command;
pub mod decide;
pub mod event;
pub mod refusal;
mod settle;
mod state;

pub use crate::domain::phase::{self, Pace, Phase};
pub use allowed::Matter;
pub use audience::audience_of;
pub use command::{Command, Intent, Report};
pub use event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
pub use refusal::Refusal;
pub use state::Drill;
