//! What is said about scenario and script files, good and broken.

mod difference;

use std::fs;
use std::path::{Path, PathBuf};

use firedrill::library;
use firedrill_authoring::{Problem, check};
use firedrill_model::Scenario;

fn folder(path: &str) -> Vec<PathBuf> {
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The lines `# expect: LINE CODE WORDS` at the head of a file.
fn expectations(text: &str) -> Vec<(usize, String, String)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("# expect: "));
    let read = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let line = parts.next().unwrap().parse().unwrap();
        (line, parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned())
    };
    lines.map(read).collect()
}

fn differences(file: &Path, found: &[Problem], wanted: &[(usize, String, String)]) -> Vec<String> {
    let name = file.file_name().unwrap().to_string_lossy();
    let said = |problem: &Problem| format!("{} {} {}", problem.line, problem.code.word(), problem.message);
    let fits = |problem: &Problem, (line, code, words): &(usize, String, String)| {
        problem.line == *line && problem.code.word() == code && problem.message.as_str().contains(words.as_str())
    };
    let missing = wanted.iter().filter(|want| !found.iter().any(|problem| fits(problem, want)));
    let extra = found.iter().filter(|problem| !wanted.iter().any(|want| fits(problem, want)));
    missing
        .map(|(line, code, words)| format!("{name}: not found: {line} {code} {words}"))
        .chain(extra.map(|problem| format!("{name}: not expected: {}", said(problem))))
        .collect()
}

fn hold_against_expectations(path: &str, good: &str, check: impl Fn(&str) -> Vec<Problem>) {
    let mut wrong = Vec::new();
    for file in folder(path) {
        let text = fs::read_to_string(&file).unwrap();
        let (text, wanted) = if file.extension().is_some_and(|end| end == "diff") {
            difference::applied(good, &text)
        } else {
            let wanted = expectations(&text);
            (text, wanted)
        };
        assert!(!wanted.is_empty(), "{} says nothing of what is expected", file.display());
        let found = check(&text);
        wrong.extend(differences(&file, &found, &wanted));
        assert!(found.is_sorted_by_key(|problem| problem.line), "{}: by place", file.display());
        assert!(found.iter().all(|problem| problem.advice.is_some()), "{}: each with advice", file.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_mistake_of_a_scenario_is_found_where_it_is_and_nothing_else() {
    assert!(folder("tests/bad-scenarios").len() >= 30);
    let good = include_str!("../good-scenario.toml");
    hold_against_expectations("tests/bad-scenarios", good, |text| check("it.toml", text).err().unwrap_or_default());
}

#[test]
fn every_mistake_of_a_script_is_found_where_it_is_and_nothing_else() {
    assert!(folder("tests/bad-scripts").len() >= 20);
    let scenario = good_scenario();
    let good = include_str!("../good-script.toml");
    hold_against_expectations("tests/bad-scripts", good, |text| {
        firedrill_authoring::script::check("it.toml", text, &scenario).err().unwrap_or_default()
    });
}

fn good_scenario() -> Scenario {
    let text = include_str!("../good-scenario.toml");
    check("good-scenario.toml", text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn the_files_that_the_broken_ones_are_made_of_are_whole() {
    let script = include_str!("../good-script.toml");
    assert_eq!(firedrill_authoring::script::check("good-script.toml", script, &good_scenario()).err(), None);
}

#[test]
fn built_in_scenarios_are_without_mistakes_and_named_like_their_folders() {
    assert!(!library::built_in().is_empty());
    for (id, text) in library::built_in() {
        let scenario = check(id, text).unwrap_or_else(|problems| panic!("{id}: {problems:#?}"));
        assert_eq!(scenario.id.as_str(), *id);
        assert_eq!(library::find(id), Some(*text));
    }
    assert!(library::built_in().is_sorted(), "ordered by id, so that none is there twice");
    let folders = folder("scenarios").into_iter().filter(|path| path.join("scenario.toml").is_file());
    assert_eq!(folders.count(), library::built_in().len(), "every folder is built in");
}

#[test]
fn scripts_beside_built_in_scenarios_are_without_mistakes() {
    for (id, text) in library::built_in() {
        let scenario = check(id, text).unwrap();
        let files = folder(&format!("scenarios/{id}")).into_iter();
        let is_script = |path: &PathBuf| {
            path.extension().is_some_and(|ending| ending == "toml") && !path.ends_with("scenario.toml")
        };
        for file in files.filter(is_script) {
            let problems = firedrill_authoring::script::check(
                &file.to_string_lossy(),
                &fs::read_to_string(&file).unwrap(),
                &scenario,
            )
            .err();
            assert_eq!(problems, None);
        }
    }
}

/// A section that is misspelled counts with those that it is meant for, up to as many as there may be, and no further.
#[test]
fn a_misspelled_section_that_stands_there_often_costs_no_more_than_one_that_is_not() {
    let text = format!("{}{}", include_str!("../good-scenario.toml"), "\n[[servce]]".repeat(60_000));
    let problems = check("it.toml", &text).unwrap_err();
    let said = |words: &str| problems.iter().any(|problem| problem.message.as_str().contains(words));
    assert!(said("unknown key `servce`") && said("`service` has 60002 entries"), "{:?}", problems.first());
    assert!(problems.len() <= 101);
}
