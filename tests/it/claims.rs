//! The table of claims about AWS: each names its kind, its page, its day, and tests that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use firedrill_model::SafeText;

fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                functions(&path, found);
            }
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let tests = text.split("#[test]").skip(1);
            let names =
                tests.filter_map(|rest| rest.split_once("fn ")?.1.split_once('(').map(|(name, _)| name.to_owned()));
            found.extend(names);
        }
    }
}

#[test]
fn every_claim_names_its_page_its_day_and_tests_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("scenarios/claims.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let claims = table["claim"].as_array().unwrap();
    assert!(claims.len() >= 20);
    let mut tests = BTreeSet::new();
    functions(&root.join("tests/it"), &mut tests);
    functions(&root.join("crates"), &mut tests);
    let mut ids = BTreeSet::new();
    for claim in claims {
        let of = |key: &str| claim[key].as_str().unwrap_or_else(|| panic!("{key} of {claim}"));
        assert!(ids.insert(of("id")), "{} is there twice", of("id"));
        assert!(of("says").ends_with('.'), "{}", of("id"));
        assert!(of("date").parse::<chrono::NaiveDate>().is_ok(), "{}", of("id"));
        match of("kind") {
            "modelled" => assert!(of("page").starts_with("https://docs.aws.amazon.com/"), "{}", of("id")),
            "emulated" | "assumed" => assert!(of("page").len() > 40, "{} says against what, or why", of("id")),
            other => panic!("{}: nothing was {other} by this release", of("id")),
        }
        let named = claim["tests"].as_array().unwrap();
        assert!(!named.is_empty(), "{}", of("id"));
        for test in named.iter().map(|test| test.as_str().unwrap()) {
            assert!(tests.contains(test), "{}: there is no test {test}", of("id"));
        }
    }
    // What lessons rest on is there, and each lesson about AWS's answers says so.
    for (name, text) in firedrill::library::built_in() {
        let scenario = firedrill_authoring::check(name, text).unwrap();
        let named = scenario.debrief.claims.iter().map(SafeText::as_str);
        let unknown: Vec<&str> = named.filter(|id| !ids.contains(id)).collect();
        assert!(unknown.is_empty(), "{name}: no claims {unknown:?}");
        assert!(!scenario.debrief.claims.is_empty(), "{name}: its lesson rests on none");
    }
    // What sources.md refers to is there.
    for folder in fs::read_dir(root.join("scenarios")).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(sources) = fs::read_to_string(folder.join("sources.md")) else { continue };
        for named in sources.split("`claims.toml`: ").skip(1) {
            let list = named.split([' ', '|']).next().unwrap();
            let known = ids.contains(list.trim_end_matches(','));
            assert!(known, "{}: no claim {list}", folder.display());
        }
    }
}
