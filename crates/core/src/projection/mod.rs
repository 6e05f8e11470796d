//! Folds over the journal: everything that anyone sees is one of these.
//!
//! [`View::apply`] takes any sequence of entries, also from a damaged or foreign journal: ids that the scenario doesn't know
//! are kept or passed over, nothing panics, and everything that grows has a bound.

pub mod aliases;
mod apply;
pub mod audience;
mod board;
mod cause;
mod clock;
mod course;
pub mod debrief;
mod fold;
pub mod found;
pub mod ghost;
pub mod happened;
pub mod history;
mod improvement;
pub mod improvements;
mod incident;
pub(crate) mod landmark;
mod lane;
mod later;
mod limit;
mod marks;
pub mod moment;
mod moves;
mod names;
mod pace;
mod people;
mod playbook;
mod read;
mod resources;
mod responses;
mod restated;
mod rows;
pub mod search;
mod sentences;
mod sign;
pub mod signals;
mod stamp;
mod targets;
pub mod timeline;
mod took;
mod traces;
pub mod transport;
mod truth;
pub mod view;
pub mod wording;

pub use audience::{Viewer, fold, may_see};
pub use debrief::Debrief;
pub use fold::{Fold, with_messages};
pub use ghost::Ghost;
pub use history::History;
pub use rows::Rows;
pub use transport::Transport;
pub use view::View;
