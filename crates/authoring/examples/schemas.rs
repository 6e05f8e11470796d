//! Writes the JSON Schemas of scenario and script files into `assets/`, from the Rust types.

use std::path::Path;
use std::{fs, io};

use firedrill_authoring::schema::{generate, print};

fn main() -> io::Result<()> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    fs::write(assets.join("scenario.schema.json"), print(&generate::scenario()))?;
    fs::write(assets.join("script.schema.json"), print(&generate::script()))
}
