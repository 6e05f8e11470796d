//! The house keeps its shape: what each crate and folder may name, what each crate may depend on, which modules go round in a circle,
//! and how long a file may be (the invariants of `src/lib.rs`).
//!
//! The code is read as a parser reads it: `use` trees are taken apart, `self`, `super`, other names and re-exports followed, and the
//! arguments of macros looked through. Each rule is seen to catch violations in `plants`.

mod house;
mod manifests;
mod modules;
mod plants;
mod public;
mod walls;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use house::{HOUSE, House, sources};
use manifests::Manifests;
use walls::{Wall, breaches};

static CODE: LazyLock<House> = LazyLock::new(House::real);

fn stands(wall: &Wall) {
    let found = breaches(&CODE, wall);
    assert!(found.is_empty(), "{}\n{}", wall.why, found.join("\n"));
}

#[test]
fn pure_crates_name_nothing_of_std() {
    stands(&walls::PURE);
}

#[test]
fn no_figure_differs_between_platforms() {
    stands(&walls::FLOATS);
}

#[test]
fn drawing_never_changes_the_truth() {
    stands(&walls::FACES);
    stands(&walls::FACES_FILES);
}

#[test]
fn keys_are_named_in_one_table_and_colours_in_another() {
    stands(&walls::KEYS);
    stands(&walls::KEYS_ON_SCREENS);
    stands(&walls::COLOURS);
}

#[test]
fn only_the_journal_names_its_format() {
    stands(&walls::FORMAT);
}

#[test]
fn one_place_reads_the_clocks() {
    stands(&walls::CLOCKS);
}

#[test]
fn no_scenario_is_named_in_the_code() {
    let found = walls::scenarios_named(&CODE);
    assert!(found.is_empty(), "a further scenario is a matter of writing a folder\n{}", found.join("\n"));
}

#[test]
fn modules_form_no_circle() {
    assert_eq!(modules::circles(&modules::edges(&CODE)), [""; 0]);
}

#[test]
fn each_crate_depends_on_what_was_decided() {
    let found = manifests::breaches(&Manifests::real());
    assert!(found.is_empty(), "decide on it in manifests.rs, or do without:\n{}", found.join("\n"));
}

#[test]
fn each_pure_crate_is_checked_alone() {
    let run = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/run")).unwrap();
    let line = run.lines().find_map(|line| line.strip_prefix("for crate in ")?.strip_suffix("; do"));
    let mut checked: Vec<&str> = line.unwrap().split_whitespace().collect();
    let mut pure = manifests::PURE;
    checked.sort_unstable();
    pure.sort_unstable();
    assert_eq!(checked, pure);
    assert!(run.contains("cargo check --package \"firedrill-$crate\" --locked"));
    let folders = walls::PURE.within.iter().map(|folder| folder.split('/').nth(1).unwrap());
    assert!(folders.clone().all(|folder| pure.contains(&folder)) && folders.count() == pure.len());
}

#[test]
fn one_rust_version_stands_everywhere() {
    let manifests = Manifests::real();
    assert_eq!(manifests::on_their_own(&manifests), Vec::<String>::new());
    let version = manifests::rust_version(&manifests);
    for file in ["README.md", ".ci/run"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let said = text.lines().filter(|line| line.contains("Rust") && line.contains(" or newer"));
        let said: Vec<&str> = said.collect();
        assert!(!said.is_empty() && said.iter().all(|line| line.contains(version)), "{file}: {said:?}");
    }
}

/// What a crate shows and nobody outside it names, each for a reason. This list only gets shorter.
const UNUSED: &[&str] = &[
    "firedrill_core::rules::decide::MAX_PEOPLE_ENTRIES",
    "firedrill_core::rules::decide::MAX_RESPONSES",
    // Named by what `shown!` becomes where it stands.
    "firedrill_model::shown::is_sound",
    "firedrill_model::shown::Shown::of_pieces",
    "firedrill_model::shown::pieces::Showable",
    "firedrill_model::shown::pieces::showable",
    // The host's part of a record with a writer of its own.
    "firedrill_record::store::recorder::Recorder::oldest_waiting",
];

#[test]
fn what_a_crate_shows_is_named_outside_it() {
    assert_eq!(
        public::unused(&CODE, &public::others()),
        UNUSED,
        "make it pub(crate), and rustc says whether it is dead"
    );
}

#[test]
fn files_fit_in_the_head() {
    let mut long: Vec<String> = Vec::new();
    for (path, text) in HOUSE.iter().flat_map(|folder| sources(folder)) {
        let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
        let lines = code.lines().count();
        if lines > 500 {
            long.push(format!("{path}: {lines}"));
        }
    }
    assert!(long.is_empty(), "over 500 lines:\n{}", long.join("\n"));
}
