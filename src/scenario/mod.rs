//! Scenario files: what they say ([`model`]), what is wrong with them, and the ones that come with the program.

pub mod model;

pub use model::Scenario;
