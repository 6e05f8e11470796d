//! Scenario files: what they say ([`model`]), what is wrong with them ([`check`]), and the ones that come with the program
//! ([`library`]). Script files, which play the people of a drill, are read and checked the same way ([`script`]).

pub mod library;
pub mod model;
pub mod problem;
pub mod script;

pub use model::Scenario;
pub use problem::Problem;

use problem::{Code, Mistake, Source};

/// Reads a scenario and finds all mistakes in it.
///
/// # Errors
/// Every mistake, by place.
pub fn check(file_name: &str, text: &str) -> Result<Scenario, Vec<Problem>> {
    let source = Source::new(file_name, text);
    toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        vec![source.place(Mistake::new(Code::Syntax, span, error.message()))]
    })
}
