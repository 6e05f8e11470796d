//! `firedrill check FILE...`: every mistake in scenarios and scripts, and in what their runs do.

mod bench;
mod files;

use super::args::{Args, Check};
use super::exit::{Exit, Failure};
use super::output;
use bench::Bench;
use firedrill_authoring::problem::{self, Problem};
use firedrill_model::{Shown, shown};

/// Checks all files and prints what is wrong with them.
///
/// # Errors
/// When a file can't be read, or the result not be printed.
pub fn run(args: &Args, check: &Check) -> Result<Exit, Failure> {
    let found = files::of(&check.files)?;
    let mut bench = Bench::default();
    for file in &found {
        bench.check(file);
    }
    let Bench { problems, clean, warnings, set_aside, unread, .. } = bench;
    let told: Vec<Shown> = clean.iter().map(|file| shown!("{}: no mistakes", file)).chain(warnings).collect();
    if check.json {
        output::json(&problem::json(&problems))?;
    } else if !(told.is_empty() && problems.is_empty() && set_aside.is_empty()) {
        output::document(&render(args, &problems, &told, &set_aside))?;
    }
    // What could be checked has been told; now what couldn't.
    match Failure::all(unread) {
        Some(failure) => Err(failure),
        None if problems.is_empty() => Ok(Exit::Done),
        None => Ok(Exit::Negative),
    }
}

fn render(args: &Args, problems: &[Problem], told: &[Shown], set_aside: &[Shown]) -> String {
    let color = output::use_color(args, &std::io::stdout());
    let mut parts: Vec<String> = problems.iter().map(|one| output::mistake(args, one, color)).collect();
    parts.extend(told.iter().chain(set_aside).map(Shown::to_string));
    if !problems.is_empty() {
        let plural = if problems.len() == 1 { "" } else { "s" };
        parts.push(format!("{} mistake{plural}", problems.len()));
    }
    parts.join("\n")
}
