//! Folds over the journal: everything that anyone sees is one of these.

pub mod debrief;
mod targets;
pub mod view;

pub use debrief::Debrief;
pub use view::View;
