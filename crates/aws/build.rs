//! Writes the table of what is shipped: every folder of `assets/aws/` with its JSON files. Nothing else is embedded.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let assets = Path::new(&root).join("../../assets/aws");
    println!("cargo:rerun-if-changed={}", assets.display());
    println!("cargo:rerun-if-changed=build.rs");
    let mut table = String::from("&[\n");
    for folder in names(&assets)? {
        table.push_str(&format!("    ({folder:?}, &[\n"));
        for file in names(&assets.join(&folder))? {
            let Some(name) = file.strip_suffix(".json") else { continue };
            let path = format!("/../../assets/aws/{folder}/{file}");
            table.push_str(&format!(
                "        ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),\n"
            ));
        }
        table.push_str("    ]),\n");
    }
    table.push_str("]\n");
    fs::write(Path::new(&out).join("shipped.rs"), table)
}

/// What is in a folder, by name.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}
