//! What `firedrill new` writes: a whole commented scenario with three scripts, its sources, and the schemas for editors. The files
//! lie in `assets/template`.

use super::schema;
use firedrill_model::id::ScenarioId;

/// The name that the template's scenario has before it gets its own.
const NAME: &str = "my-scenario";

const FILES: [(&str, &str); 5] = [
    ("scenario.toml", include_str!("../../../assets/template/scenario.toml")),
    ("holds.toml", include_str!("../../../assets/template/holds.toml")),
    ("deviates.toml", include_str!("../../../assets/template/deviates.toml")),
    ("nothing.toml", include_str!("../../../assets/template/nothing.toml")),
    ("sources.md", include_str!("../../../assets/template/sources.md")),
];

/// Name and text of each file of a new scenario.
#[must_use]
pub fn files(id: &ScenarioId) -> Vec<(&'static str, String)> {
    let written = FILES.iter().map(|(file, text)| (*file, text.replace(NAME, id.as_str())));
    let schemas =
        [("scenario.schema.json", schema::scenario_schema()), ("script.schema.json", schema::script_schema())];
    written.chain(schemas.map(|(file, schema)| (file, schema::print(schema)))).collect()
}
