//! The scenarios that come with the program: one for each folder under `scenarios/`, found when the program is built.

/// Id and TOML text of each built-in scenario, by id.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// All built-in scenarios: id and TOML text, ordered by id.
#[must_use]
pub fn built_in() -> &'static [(&'static str, &'static str)] {
    BUILT_IN
}

/// The TOML text of the built-in scenario `id`.
#[must_use]
pub fn find(id: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(name, _)| *name == id).map(|(_, text)| *text)
}
