//! Small things that screens are made of. They know nothing of drills.

pub(super) mod chart;
pub(super) mod field;
pub(super) mod list;
pub(super) mod text;
