//! A mistake in a file: what, where, and what to do about it; shown in the style of compilers, in plain sentences, or as JSON.

mod plain;
mod rich;
mod source;

use std::ops::Range;

use serde::Serialize;

use firedrill_model::SafeText;

pub use plain::plain;
pub use rich::rich;
pub(super) use source::{Mistake, Source, shorten};

/// A mistake in a scenario or script file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Problem {
    /// What kind of mistake it is; stable, for programs.
    pub code: Code,
    /// What is the matter, in one sentence without a full stop.
    pub message: SafeText,
    /// The file's name as it was given.
    pub file: SafeText,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// Where it is in the file, in bytes.
    pub span: Range<usize>,
    /// The line, made safe to show; a very long one is cut around the mistake.
    pub source_line: SafeText,
    /// Where the mistake is in `source_line`, in bytes.
    pub mark: Range<usize>,
    /// What to do about it.
    pub advice: Option<SafeText>,
    /// What can be put in place of `span`, where that is clear.
    pub replacement: Option<SafeText>,
}

/// Kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The file as a whole can't be read: too large, too many mistakes, another format version.
    File,
    /// Not TOML.
    Syntax,
    /// A key that the format doesn't know, or that doesn't belong there.
    UnknownKey,
    /// A key that is needed.
    MissingKey,
    /// A value of another type, or a word, id or time that can't be read.
    BadValue,
    /// A figure, time, text or list outside its bounds.
    OutOfRange,
    /// A name that nothing has.
    UnknownName,
    /// A name that two things have.
    Duplicate,
    /// Things that rule each other out.
    Contradiction,
    /// Something that can never happen.
    Never,
    /// Something that a run of it showed.
    Run,
}

impl Code {
    /// The code as it is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Syntax => "syntax",
            Self::UnknownKey => "unknown-key",
            Self::MissingKey => "missing-key",
            Self::BadValue => "bad-value",
            Self::OutOfRange => "out-of-range",
            Self::UnknownName => "unknown-name",
            Self::Duplicate => "duplicate",
            Self::Contradiction => "contradiction",
            Self::Never => "never",
            Self::Run => "run",
        }
    }
}

/// A file that has no text to look at: a folder or a pipe in its place, or the disk says no.
#[must_use]
pub fn unreadable(file: &str, why: &str) -> Problem {
    let advice = "mend that first, and check again";
    Source::new(file, "").place(Mistake::new(Code::File, 0..0, why).advise(advice))
}

/// What is the matter, in a few words: the only mistake, or how many there are and the first.
#[must_use]
pub fn in_short(problems: &[Problem]) -> String {
    match problems {
        [only] => format!("1 mistake: {}", only.message),
        [first, ..] => format!("{} mistakes; the first, in line {}: {}", problems.len(), first.line, first.message),
        [] => "no mistakes".to_owned(),
    }
}

/// A mistake at a place (in bytes) of a small file that isn't a scenario.
#[must_use]
pub fn at(file: &str, text: &str, code: Code, span: Range<usize>, message: &str, advice: &str) -> Problem {
    Source::new(file, text).place(Mistake::new(code, span, message).advise(advice))
}

/// All problems as one JSON array.
#[must_use]
pub fn json(problems: &[Problem]) -> serde_json::Value {
    serde_json::to_value(problems).unwrap_or_default()
}
