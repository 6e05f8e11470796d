//! Results go to standard output, everything else to standard error.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use super::args::{Args, ColorWhen};
use super::exit::{Exit, Failure};
use crate::host::queue::exit_code_of;
use firedrill_authoring::problem::{self, Problem};
use firedrill_model::{Shown, shown};
use serde_json::Value;

/// Prints a result in words.
///
/// # Errors
/// When it can't be written. A reader that has gone away is no mistake.
pub fn result(text: &Shown) -> Result<(), Failure> {
    document(text.as_str())
}

/// Prints a result for programs, which escapes what stands in it.
///
/// # Errors
/// When it can't be written. A reader that has gone away is no mistake.
pub fn json(value: &Value) -> Result<(), Failure> {
    document(&format!("{value:#}"))
}

/// Prints a whole document: a report, a schema, a page of the manual. Its renderer has made harmless what stands in it.
///
/// # Errors
/// When it can't be written. A reader that has gone away is no mistake.
pub fn document(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    out.write_all(text.as_bytes()).and_then(|()| out.write_all(end.as_bytes())).and_then(|()| out.flush()).map_err(
        |error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::outside(&"print the result".into(), &error),
        },
    )
}

/// Says something beside the result. Where nobody can hear it, nothing is lost.
pub fn aside(text: impl Into<Shown>) {
    say(text.into().as_str());
}

fn say(text: &str) {
    let mut err = io::stderr().lock();
    let _ = writeln!(err, "{text}");
}

/// Prints what clap says, and its exit code.
pub fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The exit code of a verb; its error is printed.
pub fn finish(result: Result<Exit, Failure>) -> ExitCode {
    match result {
        Ok(Exit::Done) | Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Ok(Exit::Negative) => ExitCode::from(1),
        Ok(Exit::AddedTo) => ExitCode::from(4),
        Ok(Exit::Signal(signal)) => ExitCode::from(exit_code_of(signal)),
        Err(Failure::Usage(message)) => {
            aside(&shown!("firedrill: {}", message));
            ExitCode::from(2)
        }
        Err(Failure::Mistakes(rendered)) => {
            say(&rendered);
            ExitCode::from(2)
        }
        Err(Failure::Outside(message)) => {
            aside(&shown!("firedrill: {}", message));
            ExitCode::from(3)
        }
    }
}

/// Mistakes as they are shown before something that can't be done with them.
#[must_use]
pub fn rendered(args: &Args, problems: &[Problem]) -> String {
    let color = use_color(args, &std::io::stderr());
    problems.iter().map(|one| mistake(args, one, color)).collect::<Vec<_>>().join("\n")
}

/// A mistake as it is shown.
#[must_use]
pub fn mistake(args: &Args, one: &Problem, color: bool) -> String {
    if args.plain { problem::plain(one) } else { problem::rich(one, color) }
}

/// Says whether to use colour on standard output (or standard error).
#[must_use]
pub fn use_color(args: &Args, stream: &impl IsTerminal) -> bool {
    match args.color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => stream.is_terminal() && !no_color(),
    }
}

/// Says whether the environment asks for no colour.
#[must_use]
pub fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Columns of the terminal on standard output; none where that is no terminal.
#[must_use]
pub fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}
