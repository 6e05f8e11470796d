//! Scenario and script files: what is wrong with them ([`check()`]), their schemas ([`schema`]), and a new one to begin with
//! ([`template`]). What they say is in the model.

pub mod check;
pub mod problem;
pub mod schema;
pub mod script;
pub mod template;

pub use check::{check, recorded};
pub use problem::Problem;
pub use schema::scenario_schema as json_schema;
