//! The state machine: commands in, events or a refusal out ([`decide`]), what follows by itself (`settle`), and the fold
//! of events into the state that these rules read (`state`).

mod attached;
mod conditions;
pub mod decide;
mod observed;
mod seats;
mod settle;
mod skip;
pub mod standing;
mod state;
mod triggers;
mod worlds;

pub use state::Drill;
