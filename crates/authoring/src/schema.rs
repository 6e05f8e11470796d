//! The JSON Schema of scenario and script files. Editors complete and check with it, and so does [`super::check()`].
//!
//! It is made of the Rust types (`generate`, with the feature `schema`) and kept in `assets/`; the program reads what is kept.

#[cfg(feature = "schema")]
pub mod generate;

use std::sync::LazyLock;

use serde_json::Value;

static SCENARIO: LazyLock<Value> = LazyLock::new(|| kept(include_str!("../../../assets/scenario.schema.json")));
static SCRIPT: LazyLock<Value> = LazyLock::new(|| kept(include_str!("../../../assets/script.schema.json")));

/// The schema of scenario files, JSON Schema draft-07.
#[must_use]
pub fn scenario_schema() -> &'static Value {
    &SCENARIO
}

/// The schema of script files, JSON Schema draft-07.
#[must_use]
pub fn script_schema() -> &'static Value {
    &SCRIPT
}

/// A schema as it stands in a file: indented, with a line end behind it.
#[must_use]
pub fn print(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// What is kept is part of the program; that it can be read is a test of `generate`.
fn kept(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
