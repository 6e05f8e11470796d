//! `firedrill schema`: the JSON Schema of scenarios or scripts.

use super::args::{Schema, SchemaOf};
use super::exit::{Exit, Failure};
use super::output;
use firedrill_authoring::schema;

/// Prints the schema.
///
/// # Errors
/// When it can't be printed.
pub fn run(asked: &Schema) -> Result<Exit, Failure> {
    let schema = match asked.of {
        SchemaOf::Scenario => schema::scenario_schema(),
        SchemaOf::Script => schema::script_schema(),
    };
    output::document(&schema::print(schema))?;
    Ok(Exit::Done)
}
