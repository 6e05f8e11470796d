//! Finds all mistakes of a file at once, in three layers: its syntax, the shape of its values, and what they mean together.

mod report;
mod scalar;
mod shape;
mod suggest;
mod syntax;
mod walk;

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

use super::model::Scenario;
use super::problem::{Code, Mistake, Problem, Source};
use super::schema;
use super::script::Script;
use report::Report;
use shape::Shape;
use walk::Walker;

/// Bytes of the largest file that is read.
pub const MAX_BYTES: usize = 1 << 20;

static SCRIPT: LazyLock<Shape> = LazyLock::new(|| Shape::of_schema(&schema::script_schema()));
static SCENARIO: LazyLock<Shape> = LazyLock::new(|| Shape::of_schema(&schema::scenario_schema()));

/// Reads a scenario and finds all mistakes in it.
///
/// # Errors
/// Every mistake, by place.
pub fn check(file_name: &str, text: &str) -> Result<Scenario, Vec<Problem>> {
    read(file_name, text, &SCENARIO, |_: &Scenario, _: &mut Report| {})
}

/// Reads a script for `scenario` and finds all mistakes in it.
pub(super) fn check_script(file_name: &str, text: &str, _scenario: &Scenario) -> Result<Script, Vec<Problem>> {
    read(file_name, text, &SCRIPT, |_: &Script, _: &mut Report| {})
}

/// The three layers, one after the other; each goes on with what the one before could read.
fn read<T: DeserializeOwned>(
    file_name: &str,
    text: &str,
    shape: &Shape,
    meaning: impl FnOnce(&T, &mut Report),
) -> Result<T, Vec<Problem>> {
    let source = Source::new(file_name, text);
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes", text.len());
        let advice = format!("{MAX_BYTES} is the most that the program reads");
        return Err(vec![source.place(Mistake::new(Code::File, 0..0, message).advise(advice))]);
    }
    let readable = syntax::make_readable(text);
    let (table, _) = toml::de::DeTable::parse_recoverable(&readable.text);
    let mut report = Report::default();
    let json = Walker::new(&mut report, &readable.unread_keys).file(shape, &table);
    let value = match serde_json::from_value::<T>(json) {
        Ok(value) => {
            meaning(&value, &mut report);
            Some(value)
        }
        Err(error) => {
            if report.is_clean() && readable.mistakes.is_empty() {
                report.add(Mistake::new(Code::File, 0..0, format!("the file can't be read: {error}")));
            }
            None
        }
    };
    let problems = collect(&source, readable, report);
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems),
    }
}

/// All problems by place. A line that can't be read is named once.
fn collect(source: &Source<'_>, readable: syntax::Readable, report: Report) -> Vec<Problem> {
    let (found, left_out) = report.into_mistakes();
    let broken: Vec<usize> = readable.mistakes.iter().map(|mistake| source.line_of(mistake.span.start)).collect();
    let found = found.into_iter().map(|mut mistake| {
        mistake.span = readable.original(mistake.span.start)..readable.original(mistake.span.end);
        mistake
    });
    let found = found.filter(|mistake| !broken.contains(&source.line_of(mistake.span.start)) || mistake.span.end == 0);
    let mut all: Vec<Mistake> = readable.mistakes.iter().cloned().chain(found).collect();
    all.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
    all.dedup();
    let mut problems: Vec<Problem> = all.into_iter().map(|mistake| source.place(mistake)).collect();
    if left_out > 0 {
        let message = format!("there are {left_out} more mistakes");
        problems
            .push(source.place(Mistake::new(Code::File, 0..0, message).advise("mend these first, and check again")));
    }
    problems
}
