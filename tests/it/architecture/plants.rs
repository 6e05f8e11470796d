//! Each rule is seen to catch what it is there for: violations planted in source strings, and beside them what must pass.

use std::collections::BTreeSet;

use super::house::House;
use super::manifests::{self, Manifests};
use super::walls::{
    self, CLOCKS, COLOURS, FACES, FACES_FILES, FLOATS, FORMAT, KEYS, KEYS_ON_SCREENS, PURE, Wall, breaches,
};
use super::{modules, public};

/// A house of these files.
fn plant(files: &[(&str, &str)]) -> House {
    House::of(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
}

/// What stands around a plant, so that paths lead somewhere.
const AROUND: [(&str, &str); 4] = [
    ("src/lib.rs", "pub mod host; pub mod tui; pub mod cli; pub use host::desk::Desk as Shop;"),
    ("src/host/mod.rs", "pub mod desk;"),
    ("src/host/desk.rs", "pub struct Desk; pub fn open() {}"),
    ("src/tui/mod.rs", "pub mod screen; pub(super) use crate::host::desk as counter;"),
];

/// Walls, the file that a violation is planted in, and the violation.
const CAUGHT: &[(&Wall, &str, &str)] = &[
    (&PURE, "crates/model/src/x.rs", "use std::{fs, thread};"),
    (&PURE, "crates/model/src/x.rs", "use ::std::fs as files;"),
    (&PURE, "crates/model/src/x.rs", "extern crate std;"),
    (&PURE, "crates/model/src/x.rs", "extern crate std as alloc;"),
    (&PURE, "crates/core/src/x.rs", "fn f() { use std::env; }"),
    (&PURE, "crates/core/src/x.rs", "fn f() { let _ = format!(\"{:?}\", std::env::var(\"X\")); }"),
    (&PURE, "crates/core/src/x.rs", "macro_rules! m { () => { ::std::fs::read(\"x\") } }"),
    (&PURE, "crates/core/src/x.rs", "mod inner { fn f() -> r#std::io::Error { todo!() } }"),
    (&PURE, "crates/core/src/x.rs", "#[derive(std::fmt::Debug)] struct X;"),
    (&PURE, "crates/core/src/x.rs", "#[cfg(not(test))] use std::fs;"),
    (&PURE, "crates/core/src/x.rs", "#[cfg(test)] mod tests {} use std::fs;"),
    (&PURE, "crates/account/src/x.rs", "use hashbrown::HashMap as Map; type T = Map<u8, u8>;"),
    (&PURE, "crates/account/src/x.rs", "fn f() { let _ = chrono::Utc::now(); }"),
    (&PURE, "crates/account/src/x.rs", "use chrono::Utc as Zone; fn f() { let _ = Zone::now(); }"),
    (&PURE, "crates/queueing/src/x.rs", "fn f() { println!(\"x\"); }"),
    (&FLOATS, "crates/queueing/src/x.rs", "fn f(x: f64) -> f64 { x.log10() }"),
    (&FLOATS, "crates/account/src/x.rs", "fn f(x: f64) -> f64 { x.exp() }"),
    (&FLOATS, "crates/account/src/x.rs", "fn f(x: f64) -> f64 { f64::powf(x, 2.0) }"),
    (&FLOATS, "crates/report/src/x.rs", "fn f(x: f64) -> String { format!(\"{}\", x.sqrt()) }"),
    (&FLOATS, "crates/report/src/x.rs", "fn f(x: &[f64]) { x.iter().copied().map(f64::ln); }"),
    (&FACES, "src/tui/screen/x.rs", "use crate::{host::desk::Desk};"),
    (&FACES, "src/tui/screen/x.rs", "use super::super::super::host::desk;"),
    (&FACES, "src/tui/screen/x.rs", "fn f() { crate::host::desk::open(); }"),
    (&FACES, "src/tui/screen/x.rs", "use crate::Shop; fn f(shop: Shop) {}"),
    (&FACES, "src/tui/screen/x.rs", "use super::super::counter; fn f() { counter::open(); }"),
    (&FACES, "src/tui/screen/x.rs", "use crate::host as below; fn f() { below::desk::open(); }"),
    (&FACES, "src/tui/screen/x.rs", "use crate::*; fn f() { host::desk::open(); }"),
    (&FACES, "src/tui/screen/x.rs", "use firedrill_record::store::DataDir;"),
    (&FACES, "src/tui/screen/x.rs", "fn f() { std::process::Command::new(\"x\"); }"),
    (&FACES, "src/tui/screen/x.rs", "use std::env::var; fn f() { let _ = var(\"X\"); }"),
    (&FACES, "src/plain/x.rs", "use firedrill_core::rules::Drill;"),
    (&FACES_FILES, "src/tui/screen/x.rs", "use std::fs::File; fn f() { let _ = File::create(\"x\"); }"),
    (&FACES_FILES, "src/plain/x.rs", "fn f() { std::thread::yield_now(); }"),
    (&KEYS, "src/tui/screen/x.rs", "use crossterm::event::KeyCode::*;"),
    (&KEYS, "src/tui/app/x.rs", "fn f(chord: Chord) -> bool { chord == Chord::char('x') }"),
    (&KEYS_ON_SCREENS, "src/tui/screen/x.rs", "fn f(chord: Chord) -> bool { matches!(chord, Chord { .. }) }"),
    (&COLOURS, "src/tui/screen/x.rs", "fn f() -> Style { Style::new().red() }"),
    (&COLOURS, "src/tui/screen/x.rs", "fn f() -> Style { Style::new().fg(colour()) }"),
    (&COLOURS, "src/tui/screen/x.rs", "use ratatui::style::Color as C;"),
    (&COLOURS, "src/tui/widget/x.rs", "fn f() { out(vec![\"x\".on_red()]); }"),
    (&FORMAT, "src/cli/x.rs", "fn f() -> String { format!(\"{{\\\"n\\\":0,\\\"kind\\\":\\\"drill.opened\\\"}}\") }"),
    (&FORMAT, "src/cli/x.rs", "fn f() -> &'static str { r#\"{\"n\":0,\"kind\":\"drill.opened\"}\"# }"),
    (&FORMAT, "src/cli/x.rs", "fn f() -> Value { json!({ \"n\": 0, \"hash\": \"\" }) }"),
    (&FORMAT, "crates/report/src/x.rs", "const JOURNAL: &str = \"journal.jsonl\";"),
    (&FORMAT, "crates/report/src/x.rs", "use sha2::Digest;"),
    (&CLOCKS, "src/cli/x.rs", "use std::time::Instant as Moment; fn f() { Moment::now(); }"),
    (
        &CLOCKS,
        "src/host/x.rs",
        "fn f(times: &mut Vec<std::time::SystemTime>) { times.push(std::time::SystemTime::now()); }",
    ),
    (&CLOCKS, "crates/record/src/x.rs", "fn f() { let _ = chrono::Utc::now; }"),
];

/// The same for what is allowed, and looks alike.
const PASSED: &[(&Wall, &str, &str)] = &[
    (&PURE, "crates/model/src/x.rs", "//! `std::fs` is for others.\nuse core::fmt; use alloc::collections::BTreeMap;"),
    (&PURE, "crates/model/src/x.rs", "#[cfg(test)] mod tests { use std::fs; }"),
    (&PURE, "crates/model/src/x.rs", "struct X; impl X { #[cfg(test)] fn f() { std::env::args(); } }"),
    (&PURE, "crates/record/src/x.rs", "use std::fs;"),
    (&FLOATS, "crates/queueing/src/x.rs", "fn f(x: f64) -> f64 { libm::exp(x).abs() }"),
    (&FACES, "src/tui/screen/x.rs", "mod host {} use self::host; use super::super::screen;"),
    (&FACES, "src/cli/x.rs", "use crate::host::desk;"),
    (&KEYS, "src/tui/keymap.rs", "use crossterm::event::KeyCode;"),
    (&COLOURS, "src/tui/theme.rs", "use ratatui::style::Color;"),
    (&FORMAT, "src/cli/x.rs", "/// \"hash\"\nconst SCENARIO: &str = \"scenario.toml\";"),
    (&FORMAT, "crates/record/src/x.rs", "const JOURNAL: &str = \"journal.jsonl\";"),
    (&CLOCKS, "src/host/clock.rs", "fn f() { std::time::Instant::now(); }"),
];

fn around(path: &str, text: &str) -> House {
    let around = AROUND.into_iter().filter(|(other, _)| *other != path);
    plant(&around.chain([(path, text)]).collect::<Vec<_>>())
}

#[test]
fn each_wall_catches_what_is_planted_behind_it() {
    let missed: Vec<&str> = CAUGHT
        .iter()
        .filter(|(wall, path, text)| !breaches(&around(path, text), wall).iter().any(|told| told.starts_with(path)))
        .map(|(.., text)| *text)
        .collect();
    assert!(missed.is_empty(), "nobody would notice:\n{}", missed.join("\n"));
}

#[test]
fn each_wall_lets_by_what_is_allowed() {
    for (wall, path, text) in PASSED {
        let told = breaches(&around(path, text), wall).into_iter().filter(|told| told.starts_with(path));
        assert_eq!(told.collect::<Vec<_>>(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_name_of_a_scenario_is_seen_in_a_literal_only() {
    let named = "fn f(id: &str) -> bool { matches!(id, \"crypto-mining\") }";
    assert_eq!(walls::scenarios_named(&plant(&[("src/x.rs", named)])).len(), 1);
    assert!(walls::scenarios_named(&plant(&[("src/x.rs", "/// As in crypto-mining.\nfn f() {}")])).is_empty());
}

#[test]
fn a_circle_is_seen_through_re_exports_aliases_and_folders() {
    let top = ("crates/core/src/lib.rs", "mod a; mod b; mod c; pub use a::A; pub use b::*;");
    let lone = ("crates/core/src/c.rs", "use crate::A; mod inner { use super::A; }");
    let circles: [&[(&str, &str)]; 4] = [
        &[
            ("crates/core/src/a.rs", "use crate::b::B; pub struct A;"),
            ("crates/core/src/b.rs", "use crate::a::A; pub struct B;"),
        ],
        // Each names only its parent, which hands on what the other one defines.
        &[
            ("crates/core/src/a.rs", "use super::B; pub struct A;"),
            ("crates/core/src/b.rs", "use super::A; pub struct B;"),
        ],
        &[
            ("crates/core/src/a.rs", "pub struct A; fn f() { crate::b::x(); }"),
            ("crates/core/src/b.rs", "use crate as top; pub struct B(top::A); pub fn x() {}"),
        ],
        // No file leads back to itself, but the folder does.
        &[
            ("crates/core/src/a.rs", "mod one; mod two; pub struct A;"),
            ("crates/core/src/a/one.rs", "use crate::b::B;"),
            ("crates/core/src/a/two.rs", "pub struct Two;"),
            ("crates/core/src/b.rs", "use crate::a::two::Two; pub struct B;"),
        ],
    ];
    for files in circles {
        let house = plant(&[files, &[top, lone]].concat());
        assert_eq!(modules::circles(&modules::edges(&house)), ["firedrill_core: a, b"], "{files:?}");
    }
    let straight = [
        ("crates/core/src/a.rs", "mod one; pub struct A; use one::One;"),
        ("crates/core/src/a/one.rs", "use super::A; pub struct One;"),
        ("crates/core/src/b.rs", "use super::A; pub struct B;"),
    ];
    let house = plant(&[&straight[..], &[top, lone]].concat());
    assert_eq!(modules::circles(&modules::edges(&house)), Vec::<String>::new());
}

#[test]
fn what_nobody_names_is_seen_and_what_is_handed_out_is_not() {
    let shown = "mod a; pub use a::{Made, make, Unasked}; pub mod b;";
    let hidden =
        "pub struct Made { pub part: Part } pub struct Part; pub struct Unasked; pub fn make() -> Made { todo!() }
        pub struct Inside; impl Made { pub fn known(&self) {} pub fn unknown(&self) {} }";
    let house = plant(&[
        ("crates/core/src/lib.rs", shown),
        ("crates/core/src/a.rs", hidden),
        ("crates/core/src/b.rs", "pub fn lone() {} pub(crate) fn ours() {} #[cfg(test)] pub fn of_tests() {}"),
        ("src/x.rs", "fn f() { firedrill_core::make().known(); let unknown = 1; }"),
    ]);
    let others = BTreeSet::from(["nothing".to_owned()]);
    let unused = public::unused(&house, &others);
    assert_eq!(unused, ["firedrill_core::a::Unasked", "firedrill_core::b::lone"]);
    let others = BTreeSet::from(["Unasked".to_owned(), "lone".to_owned()]);
    assert_eq!(public::unused(&house, &others), Vec::<String>::new());
}

#[test]
fn a_dependency_that_nobody_decided_on_is_seen() {
    let planted = [
        ("model", "[dependencies]\ntokio.workspace = true", 2),
        ("core", "[dependencies]\nserde_json.workspace = true", 1),
        ("core", "[target.'cfg(unix)'.dependencies]\nrustix.workspace = true", 2),
        ("core", "[dependencies]\nserde = { package = \"aws-config\", version = \"1\" }", 2),
        ("core", "[dependencies]\nchrono = { workspace = true, features = [\"clock\"] }", 1),
        ("core", "[dependencies]\nchrono = \"0.4\"", 1),
        ("core", "[features]\nclock = [\"chrono/clock\"]", 1),
        ("model", "[features]\nschema = [\"dep:schemars\", \"chrono/clock\"]", 1),
        ("queueing", "[build-dependencies]\ncc = \"1\"", 1),
        ("report", "[dependencies]\nfiredrill-account.workspace = true", 1),
        ("seats", "[package]\nname = \"firedrill-seats\"", 1),
    ];
    for (member, manifest, times) in planted {
        let found = manifests::breaches(&Manifests::real().with(member, manifest));
        assert_eq!(found.iter().filter(|told| told.starts_with(member)).count(), times, "{manifest}: {found:?}");
    }
    let apart = "[package]\nrust-version = \"1.90\"\nedition.workspace = true\nversion.workspace = true\nlicense.workspace = true";
    assert_eq!(manifests::on_their_own(&Manifests::real().with("core", apart)), ["core: rust-version", "core: lints"]);
}
