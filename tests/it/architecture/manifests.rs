//! What each crate may depend on. A dependency that nobody decided on fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

/// Crates of the workspace and what they may depend on. The binary, which joins everything, is the root package.
pub const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &["chrono", "once_cell", "schemars", "serde", "thiserror", "unicode-normalization"]),
    ("queueing", &["libm"]),
    ("account", &["firedrill-model", "firedrill-queueing", "chrono", "libm", "serde", "serde_json"]),
    ("core", &["firedrill-model", "chrono", "memchr", "serde"]),
    ("record", &["firedrill-model", "chrono", "memchr", "rustix", "serde", "serde_json", "sha2", "thiserror", "toml"]),
    (
        "report",
        &[
            "firedrill-authoring",
            "firedrill-core",
            "firedrill-model",
            "firedrill-record",
            "base64",
            "chrono",
            "libm",
            "minijinja",
            "serde",
            "serde_json",
            "unicode-width",
        ],
    ),
    ("aws-endpoint", &["chrono", "ciborium", "httparse", "quick-xml", "serde_json", "thiserror"]),
    (
        "aws",
        &[
            "aws-config",
            "aws-credential-types",
            "aws-sdk-cloudformation",
            "aws-sdk-cloudwatch",
            "aws-sdk-fis",
            "aws-sdk-guardduty",
            "aws-sdk-ssm",
            "aws-sdk-sts",
            "aws-sigv4",
            "aws-smithy-http-client",
            "aws-smithy-runtime",
            "aws-smithy-runtime-api",
            "aws-smithy-types",
            "chrono",
            "rustix",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "tokio",
        ],
    ),
    (
        "authoring",
        &["firedrill-model", "annotate-snippets", "chrono", "schemars", "serde", "serde_json", "strsim", "toml"],
    ),
];

/// Crates without a file, clock, thread, socket or random source.
pub const PURE: [&str; 4] = ["model", "core", "account", "queueing"];

/// Features of pure crates, with what each switches on. `schema` derives JSON Schemas, for a test and and for writing them.
const FEATURES: &[(&str, &str, &[&str])] = &[("model", "schema", &["dep:schemars"])];

/// What can't be had in a pure crate, whatever the table above says: beginnings of names.
const IMPURE: [&str; 14] = [
    "tokio",
    "futures",
    "ratatui",
    "crossterm",
    "aws-",
    "rustix",
    "getrandom",
    "rand",
    "reqwest",
    "hyper",
    "signal-hook",
    "etcetera",
    "tempfile",
    "libc",
];

/// Features by which a pure crate may have chrono: no clock, and no time zone of the machine.
const CHRONO: [&str; 2] = ["alloc", "serde"];

/// The manifest of the workspace, and that of each member by the name of its folder.
pub struct Manifests {
    /// At the top.
    pub root: Table,
    /// Below `crates/`.
    pub members: BTreeMap<String, Table>,
}

impl Manifests {
    /// Those of the program.
    pub fn real() -> Self {
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |folder: &Path| fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap();
        let folders = fs::read_dir(top.join("crates")).unwrap().map(|entry| entry.unwrap().path());
        let members = folders.map(|folder| (folder.file_name().unwrap().to_string_lossy().into_owned(), read(&folder)));
        Self { root: read(top), members: members.collect() }
    }

    /// The same with another manifest for one member.
    pub fn with(mut self, member: &str, manifest: &str) -> Self {
        self.members.insert(member.to_owned(), manifest.parse().unwrap());
        self
    }
}

/// Dependencies that no crate was allowed, and crates that nobody decided on.
pub fn breaches(manifests: &Manifests) -> Vec<String> {
    let mut found = Vec::new();
    for (name, manifest) in &manifests.members {
        let Some((_, allowed)) = ALLOWED.iter().find(|(member, _)| member == name) else {
            found.push(format!("{name}: what may it depend on?"));
            continue;
        };
        let is_pure = PURE.contains(&name.as_str());
        for (dependency, given) in dependencies(manifest) {
            let package = given.get("package").and_then(Value::as_str).unwrap_or(&dependency);
            if !allowed.contains(&package) || package != dependency {
                found.push(format!("{name}: {dependency} ({package})"));
            }
            if is_pure && IMPURE.iter().any(|beginning| package.starts_with(beginning)) {
                found.push(format!("{name} is pure: {package}"));
            }
            if is_pure && package == "chrono" {
                let features = chrono_features(&manifests.root, &given);
                let further = features.iter().filter(|feature| !CHRONO.contains(&feature.as_str()));
                found.extend(further.map(|feature| format!("{name} is pure: chrono with `{feature}`")));
            }
        }
        if is_pure {
            let build = manifest.get("build-dependencies").map(|_| "build-dependencies".to_owned());
            found.extend(
                build.into_iter().chain(features(manifest, name)).map(|what| format!("{name} is pure: {what}")),
            );
        }
    }
    found
}

/// Features of a pure crate that nobody decided on: what it can do must not hang on what others ask of it.
fn features(manifest: &Table, name: &str) -> Vec<String> {
    let all = manifest.get("features").and_then(Value::as_table).into_iter().flatten();
    let decided = |feature: &str, of: &Value| {
        let of: Vec<&str> = of.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        FEATURES.contains(&(name, feature, of.as_slice()))
    };
    all.filter(|(feature, of)| !decided(feature, of)).map(|(feature, _)| format!("the feature `{feature}`")).collect()
}

/// The dependencies of a crate, for whatever target, but not those of its tests.
fn dependencies(manifest: &Table) -> Vec<(String, Value)> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = targets.filter_map(|(_, target)| target.get("dependencies")).chain(manifest.get("dependencies"));
    let rows = tables.filter_map(Value::as_table).flatten();
    rows.map(|(name, given)| (name.clone(), given.clone())).collect()
}

/// Features of chrono in a member: those of the workspace, if it takes them from there, and its own.
fn chrono_features(root: &Table, given: &Value) -> Vec<String> {
    let shared = &root["workspace"]["dependencies"]["chrono"];
    let from_workspace = given.get("workspace").and_then(Value::as_bool) == Some(true);
    let base = if from_workspace { shared } else { given };
    let list = |of: &Value| of.get("features").and_then(Value::as_array).cloned().unwrap_or_default();
    let features = list(base).into_iter().chain(list(given));
    let mut features: Vec<String> = features.map(|feature| feature.as_str().unwrap().to_owned()).collect();
    if base.get("default-features").and_then(Value::as_bool) != Some(false) {
        features.push("default".to_owned());
    }
    features
}

/// Packages that don't take their Rust version, edition or lints from the workspace.
pub fn on_their_own(manifests: &Manifests) -> Vec<String> {
    let mut found = Vec::new();
    let root = ("the binary".to_owned(), &manifests.root);
    for (name, manifest) in manifests.members.iter().map(|(name, it)| (name.clone(), it)).chain([root]) {
        let shared = |value: Option<&Value>| value.and_then(|value| value.get("workspace")).and_then(Value::as_bool);
        for key in ["rust-version", "edition", "version", "license"] {
            if shared(manifest["package"].get(key)) != Some(true) {
                found.push(format!("{name}: {key}"));
            }
        }
        if shared(manifest.get("lints")) != Some(true) {
            found.push(format!("{name}: lints"));
        }
    }
    found
}

/// The oldest Rust that builds this.
pub fn rust_version(manifests: &Manifests) -> &str {
    manifests.root["workspace"]["package"]["rust-version"].as_str().unwrap()
}
