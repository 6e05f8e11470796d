//! The README tells the truth about the keys, the verbs and the scenarios.

use std::fs;
use std::path::Path;

use firedrill::library;
use firedrill::tui::keymap;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

#[test]
fn the_table_of_keys_is_the_programs_own() {
    assert!(readme().contains(&keymap::markdown()), "paste this into the README:\n{}", keymap::markdown());
}

#[test]
fn every_scenario_that_comes_with_the_program_is_named() {
    for (id, _) in library::built_in() {
        assert!(readme().contains(&format!("| `{id}` |")), "{id}");
    }
}
