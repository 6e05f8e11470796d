//! The state machine: commands in, events or a refusal out ([`decide`]), what follows by itself (`settle`), and the fold
//! of events into the state that these rules read (`state`).

mod attached;
pub mod decide;
mod observed;
mod seats;
mod settle;
mod skip;
pub mod standing;
mod state;
mod worlds;

pub use state::Drill;
