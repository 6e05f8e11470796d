//! `firedrill check FILE...`: every mistake in scenarios and scripts.

use std::path::{Path, PathBuf};

use super::args::{Args, Check};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::domain::SafeText;
use crate::scenario::problem::{self, Problem};
use crate::scenario::{self, Scenario, library, script};

/// Checks all files and prints what is wrong with them.
///
/// # Errors
/// When a file can't be read, or the result not be printed.
pub fn run(args: &Args, check: &Check) -> Result<Exit, Failure> {
    let (mut problems, mut clean, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for path in files(&check.files)? {
        match place::read(&path).and_then(|text| check_file(&path, &text)) {
            Ok(Ok(())) => clean.push(place::shown(&path)),
            Ok(Err(found)) => problems.extend(found),
            Err(failure) => unread.push(failure),
        }
    }
    if !(clean.is_empty() && problems.is_empty()) {
        output::result(&render(args, check, &problems, &clean))?;
    }
    // What could be checked has been told; now what couldn't.
    match Failure::all(unread) {
        Some(failure) => Err(failure),
        None if problems.is_empty() => Ok(Exit::Done),
        None => Ok(Exit::Negative),
    }
}

fn render(args: &Args, check: &Check, problems: &[Problem], clean: &[String]) -> String {
    if check.json {
        return format!("{:#}", problem::json(problems));
    }
    let color = place::use_color(args, &std::io::stdout());
    let shown = |one: &Problem| if args.plain { problem::plain(one) } else { problem::rich(one, color) };
    let mut parts: Vec<String> = problems.iter().map(shown).collect();
    parts.extend(clean.iter().map(|file| format!("{file}: no mistakes")));
    if !problems.is_empty() {
        let plural = if problems.len() == 1 { "" } else { "s" };
        parts.push(format!("{} mistake{plural}", problems.len()));
    }
    parts.join("\n")
}

/// Mistakes as they are shown before something that can't be done with them.
#[must_use]
pub fn rendered(args: &Args, problems: &[Problem]) -> String {
    let color = place::use_color(args, &std::io::stderr());
    let shown = |one: &Problem| if args.plain { problem::plain(one) } else { problem::rich(one, color) };
    problems.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// The files that are named, and those in the folders that are named.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path)
            .map_err(|error| Failure::outside(&format!("read {}", place::shown(path)), &error))?;
        let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        inside.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
        inside.sort();
        if inside.is_empty() {
            return Err(Failure::Outside(format!(
                "failed to check {}: there is no .toml file in it",
                place::shown(path)
            )));
        }
        files.extend(inside);
    }
    Ok(files)
}

fn check_file(path: &Path, text: &str) -> Result<Result<(), Vec<Problem>>, Failure> {
    let name = place::shown(path);
    let Some(wanted) = script::scenario_named_in(text) else {
        return Ok(scenario::check(&name, text).map(|_| ()));
    };
    let scenario = scenario_of(path, wanted.as_str())?;
    Ok(script::check(&name, text, &scenario).map(|_| ()))
}

/// The scenario beside a script, or the built-in one of that name.
fn scenario_of(script: &Path, wanted: &str) -> Result<Scenario, Failure> {
    let beside = script.with_file_name("scenario.toml");
    let (name, text) = match library::find(wanted) {
        _ if beside.is_file() => (place::shown(&beside), place::read(&beside)?),
        Some(text) => (wanted.to_owned(), text.to_owned()),
        None => {
            let wanted = SafeText::one_line(wanted);
            let script = place::shown(script);
            return Err(Failure::Outside(format!(
                "failed to check {script}: the scenario `{wanted}` is neither built in nor beside the script as scenario.toml"
            )));
        }
    };
    let mistakes = |problems: Vec<Problem>| {
        Failure::Outside(format!(
            "failed to check the script: its scenario has {} mistakes; `firedrill check {name}` lists them",
            problems.len()
        ))
    };
    scenario::check(&name, &text).map_err(mistakes)
}
