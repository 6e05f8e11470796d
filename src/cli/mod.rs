//! The command line: one file for each verb. A verb reads its arguments, does one thing, and says how it went.

mod args;
mod check;
mod debrief;
mod exit;
mod list;
mod output;
mod place;
mod run;
mod verify;

use clap::Parser;

pub use args::Args;
pub use exit::{Exit, Failure};

/// Runs the program: parses the arguments, runs one verb, prints the error if there is one. Returns the exit code.
#[must_use]
pub fn main() -> std::process::ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return output::usage(&error),
    };
    let result = dispatch(&args);
    output::finish(result)
}

fn dispatch(args: &Args) -> Result<Exit, Failure> {
    use args::Verb;
    match &args.verb {
        None => run::lobby(args),
        Some(Verb::List(list)) => list::run(args, list),
        Some(Verb::Check(check)) => check::run(args, check),
        Some(Verb::Run(run)) => run::run(args, run),
        Some(Verb::Debrief(debrief)) => debrief::run(args, debrief),
        Some(Verb::Verify(verify)) => verify::run(args, verify),
    }
}
