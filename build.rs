//! Writes the table of built-in scenarios: every `scenarios/*/scenario.toml`, by name. Nothing else is embedded.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=scenarios");
    println!("cargo:rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut names = Vec::new();
    for folder in fs::read_dir(Path::new(&root).join("scenarios"))? {
        let folder = folder?;
        if folder.path().join("scenario.toml").is_file() {
            names.push(folder.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let mut table = String::from("&[\n");
    for name in names {
        let file = format!("/scenarios/{name}/scenario.toml");
        table.push_str(&format!("    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?}))),\n"));
    }
    table.push_str("]\n");
    fs::write(Path::new(&out).join("built_in.rs"), table)
}
