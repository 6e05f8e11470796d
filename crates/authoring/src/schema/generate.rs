//! The schemas, made of the Rust types.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use firedrill_model::scenario::Scenario;
use firedrill_model::script::Script;

/// The schema of scenario files, JSON Schema draft-07.
#[must_use]
pub fn scenario() -> Value {
    schema_of::<Scenario>()
}

/// The schema of script files, JSON Schema draft-07.
#[must_use]
pub fn script() -> Value {
    schema_of::<Script>()
}

fn schema_of<T: JsonSchema>() -> Value {
    // The transforms of draft-07 run before ours and move a reference that has siblings into `allOf`.
    SchemaSettings::draft07()
        .for_deserialize()
        .with_transform(RecursiveTransform(without_null))
        .with_transform(RecursiveTransform(close_tables))
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// TOML has no null: what may be left out is simply not required.
fn without_null(schema: &mut Schema) {
    let is_null = |choice: &Value| choice.get("type").and_then(Value::as_str) == Some("null");
    if schema.get("default") == Some(&Value::Null) {
        schema.remove("default");
    }
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name.as_str() != Some("null"));
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| !is_null(choice));
        if let [only] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            schema.insert("allOf".to_owned(), Value::Array(vec![only]));
        }
    }
}

/// Keys that the types don't know are mistakes, in an editor as well.
fn close_tables(schema: &mut Schema) {
    if schema.get("properties").is_some() {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{scenario_schema, script_schema};

    #[test]
    fn what_is_kept_is_what_the_types_say() {
        let how = "renew it: cargo run -p firedrill-authoring --features schema --example schemas";
        assert!(
            *scenario_schema() == super::scenario(),
            "assets/scenario.schema.json is not what the types say; {how}"
        );
        assert!(*script_schema() == super::script(), "assets/script.schema.json is not what the types say; {how}");
    }
}
