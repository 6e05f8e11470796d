//! What may be named where. Each wall is a list of words; a path is looked at as it is written and as what it leads to.

use std::fs;
use std::path::Path;

use super::house::{House, Module, Names};

/// A wall: nothing in these folders, but for some files, may name these things.
pub struct Wall {
    /// The invariant it keeps.
    pub why: &'static str,
    /// Beginnings of the paths of files.
    pub within: &'static [&'static str],
    /// Files and folders inside them that may.
    pub but: &'static [&'static str],
    /// Paths that may not be named, nor anything in them.
    pub never: &'static [&'static str],
    /// Pieces of paths that may stand nowhere in one.
    pub nowhere: &'static [&'static str],
    /// Methods that may not be called.
    pub uncalled: &'static [&'static str],
    /// What no literal may hold.
    pub unsaid: &'static [&'static str],
}

/// A wall around nothing, for those below to build on.
const NONE: Wall = Wall { why: "", within: &[], but: &[], never: &[], nowhere: &[], uncalled: &[], unsaid: &[] };

/// Crates whose manifests have no clock, file, thread or socket. That nothing of `std` is named in them bars the rest.
pub const PURE: Wall = Wall {
    why: "invariant 1: a pure crate is handed the time, and knows no order but a sorted one",
    within: &["crates/model/src/", "crates/core/src/", "crates/account/src/", "crates/queueing/src/"],
    never: &["std", "print", "println", "eprint", "eprintln", "dbg", "thread_local"],
    nowhere: &["Instant", "SystemTime", "Utc::now", "Local", "HashMap", "HashSet"],
    uncalled: &["elapsed"],
    ..NONE
};

/// Methods of `f32` and `f64` that the standard library leaves to each platform, and `sqrt` beside them.
pub const FLOATS: Wall = Wall {
    why: "invariant 2: the same figures on every platform; call libm",
    within: &["src/", "crates/"],
    nowhere: &[
        "f64::ln",
        "f64::log",
        "f64::log2",
        "f64::log10",
        "f64::ln_1p",
        "f64::exp",
        "f64::exp2",
        "f64::exp_m1",
        "f64::powf",
        "f64::powi",
        "f64::sqrt",
        "f64::cbrt",
        "f64::hypot",
        "f64::sin",
        "f64::cos",
        "f64::tan",
        "f64::asin",
        "f64::acos",
        "f64::atan",
        "f64::atan2",
        "f64::sinh",
        "f64::cosh",
        "f64::tanh",
        "f64::mul_add",
    ],
    uncalled: &[
        "ln", "log", "log2", "log10", "ln_1p", "exp", "exp2", "exp_m1", "powf", "powi", "sqrt", "cbrt", "hypot", "sin",
        "cos", "tan", "asin", "acos", "atan", "atan2", "sin_cos", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
        "mul_add",
    ],
    ..NONE
};

/// Drawing and reading lines aloud.
pub const FACES: Wall = Wall {
    why: "invariant 6: a face reads projections and asks; it holds no truth",
    within: &["src/tui/", "src/plain/"],
    never: &[
        "firedrill::host",
        "firedrill::cli",
        "firedrill_record",
        "firedrill_account",
        "firedrill_core::rules",
        "firedrill_core::engine",
        "std::env",
        "std::process",
        "std::net",
        "tokio",
    ],
    ..NONE
};

/// Files and threads, which one file among the faces needs: the one that owns the terminal.
pub const FACES_FILES: Wall = Wall {
    why: "invariant 6: only what owns the terminal touches a file or asks for a thread",
    within: &["src/tui/", "src/plain/"],
    but: &["src/tui/terminal.rs"],
    never: &["std::fs", "std::thread", "std::os", "rustix"],
    ..NONE
};

/// Keys.
pub const KEYS: Wall = Wall {
    why: "invariant 6: keys are named in one table",
    within: &["src/"],
    but: &["src/tui/keymap.rs", "src/tui/keymap/", "src/tui/input.rs"],
    nowhere: &["KeyCode", "KeyEvent", "KeyModifiers", "Chord::char", "Chord::key", "Chord::ctrl", "Chord::alt"],
    ..NONE
};

/// Keys once more: a screen is told what a key means.
pub const KEYS_ON_SCREENS: Wall = Wall {
    why: "invariant 6: a screen is told what a key means, never which it was",
    within: &["src/tui/screen/", "src/tui/widget/", "src/plain/"],
    nowhere: &["Chord"],
    ..NONE
};

/// Colours.
pub const COLOURS: Wall = Wall {
    why: "invariant 6: colours are named in one table",
    within: &["src/"],
    but: &["src/tui/theme.rs"],
    nowhere: &["Color", "Stylize"],
    uncalled: &[
        "fg",
        "bg",
        "underline_color",
        "black",
        "red",
        "green",
        "yellow",
        "blue",
        "magenta",
        "cyan",
        "white",
        "gray",
        "dark_gray",
        "light_red",
        "light_green",
        "light_yellow",
        "light_blue",
        "light_magenta",
        "light_cyan",
        "on_black",
        "on_red",
        "on_green",
        "on_yellow",
        "on_blue",
        "on_magenta",
        "on_cyan",
        "on_white",
        "on_gray",
        "on_dark_gray",
        "bold",
        "dim",
        "reversed",
    ],
    ..NONE
};

/// The record's format.
pub const FORMAT: Wall = Wall {
    why: "invariant 8: the format and the files of the record are named in crates/record only",
    within: &["src/", "crates/"],
    // The undo ledger is a file of its own, and names in an account are digests; neither is of the record.
    but: &["crates/record/", "crates/aws/src/ledger.rs", "crates/aws/src/names.rs"],
    never: &["sha2"],
    nowhere: &["journal::chained", "journal::ledger_line", "journal::ledger_header"],
    unsaid: &[
        "\"hash\"",
        "\\\"hash\\\"",
        "\\\"prev\\\"",
        "\\\"kind\\\":",
        "\"kind\":",
        ".jsonl",
        "summary.json",
        "seal.txt",
        "people.toml",
    ],
    ..NONE
};

/// Clocks.
pub const CLOCKS: Wall = Wall {
    why: "invariant 2: one place reads the clocks",
    within: &["src/", "crates/"],
    // AWS and its emulation know no drill clock: what they say has the wall's time, and no rule reads it.
    but: &["src/host/clock.rs", "crates/aws/src/sdk/", "crates/aws-endpoint/"],
    nowhere: &["Instant::now", "SystemTime::now", "Utc::now", "Local::now", "Instant::elapsed", "clock_gettime"],
    ..NONE
};

/// What passes no wall, as `file:line: what`.
pub fn breaches(house: &House, wall: &Wall) -> Vec<String> {
    let mut found = Vec::new();
    let (never, nowhere) = (split(wall.never), split(wall.nowhere));
    let inside = |module: &&Module| {
        let starts = |folders: &[&str]| folders.iter().any(|folder| module.file.starts_with(folder));
        starts(wall.within) && !starts(wall.but)
    };
    for module in house.modules.values().filter(inside) {
        let mut tell = |line: &usize, what: &str| found.push(format!("{}:{line}: {what}", module.file));
        for named in &module.named {
            if [&named.written, &named.defined].into_iter().any(|path| is_barred(path, &never, &nowhere)) {
                tell(&named.line, &named.defined.join("::"));
            }
        }
        for (method, line) in module.methods.iter().filter(|(method, _)| wall.uncalled.contains(&method.as_str())) {
            tell(line, &format!(".{method}()"));
        }
        for (literal, line) in &module.literals {
            if wall.unsaid.iter().any(|word| literal.contains(word)) {
                tell(line, literal);
            }
        }
    }
    found
}

/// Paths, each as its segments.
type Split = Vec<Vec<&'static str>>;

fn split(paths: &[&'static str]) -> Split {
    paths.iter().map(|path| path.split("::").collect()).collect()
}

fn is_barred(path: &Names, never: &Split, nowhere: &Split) -> bool {
    let same = |part: &[String], barred: &Vec<&str>| part.iter().zip(barred).all(|(name, barred)| name == barred);
    never.iter().any(|barred| path.len() >= barred.len() && same(path, barred))
        || nowhere.iter().any(|barred| path.windows(barred.len()).any(|part| same(part, barred)))
}

/// The literals that hold the name of a scenario that comes with the program.
pub fn scenarios_named(house: &House) -> Vec<String> {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap();
    let folders = folders.map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    let names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.len() >= 2);
    let mut found = Vec::new();
    for module in house.modules.values() {
        let telling = module.literals.iter().filter(|(literal, _)| names.iter().any(|name| literal.contains(name)));
        found.extend(telling.map(|(literal, line)| format!("{}:{line}: {literal}", module.file)));
    }
    found
}
