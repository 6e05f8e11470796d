//! Scenario files: what they say ([`model`]), what is wrong with them ([`check()`]), and the ones that come with the program
//! ([`library`]), and a new one to begin with ([`template`]). Script files, which play the people of a drill, are read and checked the
//! same way ([`script`]).

pub mod check;
pub mod library;
pub mod model;
pub mod problem;
pub mod schema;
pub mod script;
pub mod template;

pub use check::check;
pub use model::Scenario;
pub use problem::Problem;
pub use schema::scenario_schema as json_schema;
