//! A template's mistake: what, where, and what to do about it.

use std::error::Error as _;
use std::ops::Range;

use minijinja::{Error, ErrorKind};

use super::{BUILT_IN, Template, text_of};
use firedrill_authoring::Problem;
use firedrill_authoring::problem::{self, Code};

const TOO_MUCH: &str = "the template goes on for too long, or makes too much";
const LOOK_FOR: &str = "look for loops within loops, and for texts and lists that grow";

/// That a template takes too much time or memory, wherever that is in it.
pub(super) fn too_much(template: &Template) -> Problem {
    problem::at(&template.file, &template.text, Code::OutOfRange, 0..0, TOO_MUCH, LOOK_FOR)
}

/// That there is no room to render it at all.
pub(super) fn no_room(template: &Template) -> Problem {
    let message = "there is not enough address space here to render a template";
    problem::at(&template.file, &template.text, Code::OutOfRange, 0..0, message, "raise the limit (ulimit -v)")
}

/// The mistake at the place where it is, be it in a template that was taken in.
pub(super) fn of(error: &Error, template: &Template) -> Problem {
    let error = innermost(error);
    let name = error.name().unwrap_or(&template.file);
    let (file, text) = if name == template.file {
        (name, template.text.as_str())
    } else {
        text_of(name).map_or((template.file.as_str(), template.text.as_str()), |text| (name, text))
    };
    let span = span(error, text);
    let (code, message, advice) = words(error, text.get(span.clone()).unwrap_or_default());
    problem::at(file, text, code, span, &message, &advice)
}

/// An error in a block or in a template that was taken in stands behind the error of whoever asked for it.
fn innermost(error: &Error) -> &Error {
    let mut error = error;
    while let Some(inner) = error.source().and_then(|source| source.downcast_ref::<Error>()) {
        error = inner;
    }
    error
}

/// Where it is in bytes; the whole line where no more is known.
fn span(error: &Error, text: &str) -> Range<usize> {
    if let Some(span) = error.range().filter(|span| span.start < span.end && text.get(span.clone()).is_some()) {
        return span;
    }
    let line = error.line().unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let length = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    start..start + length
}

fn words(error: &Error, what: &str) -> (Code, String, String) {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => (
            Code::UnknownName,
            if what.is_empty() { "a value is not there".to_owned() } else { format!("there is no `{what}` here") },
            "what a template is handed is described in assets/report/README.md; `firedrill debrief --format json` shows it".into(),
        ),
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            let advice = format!("a template can read no file; it can take in {}", known.join(", "));
            (Code::UnknownName, format!("there is no such template: {detail}"), advice)
        }
        ErrorKind::OutOfFuel => (Code::OutOfRange, TOO_MUCH.to_owned(), LOOK_FOR.to_owned()),
        ErrorKind::SyntaxError | ErrorKind::BadEscape | ErrorKind::InvalidDelimiter => (
            Code::Syntax,
            sentence(&error.kind().to_string(), detail),
            "the language is Jinja's; `firedrill debrief --print-template` prints an example".to_owned(),
        ),
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => (
            Code::UnknownName,
            sentence(&error.kind().to_string(), detail),
            "assets/report/README.md lists what there is beside Jinja's own".to_owned(),
        ),
        kind => (
            Code::BadValue,
            sentence(&kind.to_string(), detail),
            "look at what stands there in `firedrill debrief --format json`".to_owned(),
        ),
    }
}

fn sentence(kind: &str, detail: &str) -> String {
    if detail.is_empty() { kind.to_owned() } else { format!("{kind}: {detail}") }
}
