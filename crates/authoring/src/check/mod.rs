//! Finds all mistakes of a file at once, in three layers: its syntax, the shape of its values, and what they mean together.

mod meaning;
mod misfit;
mod report;
mod scalar;
mod shape;
mod stand_in;
mod suggest;
mod syntax;
mod walk;
mod wording;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use super::problem::{Code, Mistake, Problem, Source, shorten};
use super::schema;
use firedrill_model::SafeText;
use firedrill_model::scenario::Scenario;
use firedrill_model::script::Script;
use report::Report;
use shape::Shape;
use walk::Walker;

/// Bytes of the largest file that is read.
pub const MAX_BYTES: usize = 1 << 20;

/// Problems that are shown of one file at most; one more says how many there are.
const MOST_SHOWN: usize = 100;

static SCRIPT: LazyLock<Shape> = LazyLock::new(|| Shape::of_schema(schema::script_schema()));
static SCENARIO: LazyLock<Shape> = LazyLock::new(|| Shape::of_schema(schema::scenario_schema()));

/// The text of a file that was read whole, or of which one byte more than [`MAX_BYTES`] was read.
///
/// # Errors
/// The mistake, if it isn't text in UTF-8 of a sensible size.
pub fn text_of(file_name: &str, mut bytes: Vec<u8>) -> Result<String, Box<Problem>> {
    if bytes.len() > MAX_BYTES {
        let message = "the file has more than 1 MiB";
        let mistake = Mistake::new(Code::File, 0..0, message).advise("scenarios and scripts are small text files");
        return Err(Source::new(file_name, "").place(mistake).into());
    }
    // Some editors put a mark before the text.
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let message = if is_utf16 { "the file is written in UTF-16" } else { "here is a byte that is no UTF-8 text" };
        let mistake = Mistake::new(Code::File, at..at, message);
        Source::new(file_name, &text).place(mistake.advise("save the file as UTF-8")).into()
    })
}

/// Reads a scenario and finds all mistakes in it.
///
/// # Errors
/// Every mistake, by place.
pub fn check(file_name: &str, text: &str) -> Result<Scenario, Vec<Problem>> {
    read(file_name, text, &SCENARIO, meaning::scenario)
}

/// Reads the scenario of a drill that was begun: what it says, judged by no check. What was begun once can be taken up and told by every
/// later program, however strict that is with new scenarios.
///
/// # Errors
/// In a line, why it can't be read at all.
pub fn recorded(text: &str) -> Result<Scenario, SafeText> {
    toml::from_str(text).map_err(|error| {
        let line =
            error.span().map_or(1, |span| text.get(..span.start).map_or(1, |before| before.lines().count().max(1)));
        SafeText::one_line(&format!("line {line}: {}", error.message()))
    })
}

/// Reads a script for `scenario` and finds all mistakes in it.
pub(super) fn check_script(file_name: &str, text: &str, scenario: &Scenario) -> Result<Script, Vec<Problem>> {
    read(file_name, text, &SCRIPT, |script, report, _| meaning::script(script, scenario, report))
}

/// Says something about the value at `path` (`stage/0/begins`) of a scenario without mistakes: what only a run of it shows.
#[must_use]
pub fn remark(file_name: &str, text: &str, path: &str, code: Code, message: &str, advice: &str) -> Problem {
    remark_on(&SCENARIO, (file_name, text), path, code, message, advice)
}

/// The same for a script.
#[must_use]
pub fn script_remark(file_name: &str, text: &str, path: &str, code: Code, message: &str, advice: &str) -> Problem {
    remark_on(&SCRIPT, (file_name, text), path, code, message, advice)
}

fn remark_on(
    shape: &Shape,
    (file_name, text): (&str, &str),
    path: &str,
    code: Code,
    message: &str,
    advice: &str,
) -> Problem {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut report = Report::new(text);
    Walker::new(&mut report, &BTreeSet::new(), shape).file(&table);
    Source::new(file_name, text).place(Mistake::new(code, report.span(path), message).advise(advice))
}

/// The three layers, one after the other; each goes on with what the one before could read.
fn read<T: DeserializeOwned>(
    file_name: &str,
    text: &str,
    shape: &Shape,
    meaning: impl FnOnce(&T, &mut Report<'_>, bool),
) -> Result<T, Vec<Problem>> {
    let source = Source::new(file_name, text);
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes", text.len());
        let advice = format!("{MAX_BYTES} is the most that the program reads");
        return Err(vec![source.place(Mistake::new(Code::File, 0..0, message).advise(advice))]);
    }
    let readable = syntax::make_readable(text);
    let (table, _) = DeTable::parse_recoverable(&readable.text);
    if let Some(mistake) = other_format(table.get_ref()) {
        return Err(vec![source.place(mistake)]);
    }
    if table.get_ref().is_empty() && readable.mistakes.is_empty() {
        let mistake = Mistake::new(Code::File, 0..0, "the file says nothing");
        return Err(vec![source.place(mistake.advise("`firedrill new NAME` writes a scenario to begin with"))]);
    }
    let mut report = Report::new(&readable.text);
    let mut value = None;
    // What is no TOML at all is not called an empty scenario, too.
    let is_empty = table.get_ref().is_empty() && !readable.mistakes.is_empty();
    if !readable.gave_up && !is_empty {
        let json = Walker::new(&mut report, &readable.unread_keys, shape).file(&table);
        match serde_json::from_value::<T>(json) {
            Ok(read) => {
                meaning(&read, &mut report, readable.lost_section);
                value = Some(read);
            }
            Err(error) if report.is_clean() && readable.mistakes.is_empty() => {
                let mistake = Mistake::new(Code::File, 0..0, format!("the file can't be read: {error}"));
                report.add(mistake.advise("compare it with a scenario that comes with the program"));
            }
            Err(_) => {}
        }
    }
    let found = report.into_mistakes();
    let problems = collect(&source, &readable, found);
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems),
    }
}

/// All problems by place. A line that can't be read is named once.
fn collect(source: &Source<'_>, readable: &syntax::Readable, found: Vec<Mistake>) -> Vec<Problem> {
    let line_of = |mistake: &Mistake| source.line_of(mistake.span.start);
    let broken: BTreeSet<usize> = readable.mistakes.iter().map(line_of).collect();
    let found = found.into_iter().map(|mut mistake| {
        mistake.span = readable.original(mistake.span.start)..readable.original(mistake.span.end);
        mistake
    });
    let found = found.filter(|mistake| !broken.contains(&line_of(mistake)) || mistake.span.end == 0);
    let mut all: Vec<Mistake> = readable.mistakes.iter().cloned().chain(found).collect();
    all.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
    all.dedup();
    let left_out = all.len().saturating_sub(MOST_SHOWN);
    let shown = all.into_iter().take(MOST_SHOWN);
    let mut problems: Vec<Problem> = shown.map(|mistake| source.place(mistake)).collect();
    if left_out > 0 || readable.gave_up {
        let many = if left_out > 0 {
            format!("{left_out} more mistakes were found")
        } else {
            "the rest was not looked at".to_owned()
        };
        let end = source.end();
        let mistake = Mistake::new(Code::File, end..end, many);
        problems.push(source.place(mistake.advise("mend the others first, and check again")));
    }
    problems
}

/// A file of another format version is not looked at any further: its other mistakes would be none.
fn other_format(table: &DeTable<'_>) -> Option<Mistake> {
    let value = table.get("format")?;
    let DeValue::Integer(figure) = value.get_ref() else { return None };
    let is_other = i64::from_str_radix(figure.as_str(), figure.radix()).is_ok_and(|figure| figure > 1);
    let message = format!("this file is of format {}", shorten(figure.as_str(), 20));
    let advice = "this program reads format 1; a newer one may read it";
    is_other.then(|| Mistake::new(Code::File, value.span(), message).advise(advice))
}
