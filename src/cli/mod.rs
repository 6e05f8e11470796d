//! The command line: one file for each verb. A verb reads its arguments, does one thing, and says how it went.

mod anchor;
mod args;
mod check;
mod debrief;
mod doctor;
mod erase;
mod exit;
mod export;
mod history;
mod improve;
mod list;
mod live;
mod manual;
mod new;
mod output;
mod own_template;
mod place;
mod replay;
mod run;
mod schema;
mod seal;
mod verify;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Parser;

pub use args::Args;
pub use exit::{Exit, Failure};

/// Runs the program: parses the arguments, runs one verb, prints the error if there is one. Returns the exit code.
#[must_use]
pub fn main() -> std::process::ExitCode {
    survive_full_files();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return output::usage(&error),
    };
    let result = dispatch(&args);
    output::finish(result)
}

/// A limit on the size of files would end the program in the middle of a line; with a handler in place the write comes back
/// with an error instead, and the record goes on in another file.
fn survive_full_files() {
    let seen = Arc::new(AtomicBool::new(false));
    // Without a handler the program works as well, up to that limit.
    let _ = signal_hook::flag::register(SIGXFSZ, seen);
}

/// "File size limit exceeded", the same number on Linux and macOS.
const SIGXFSZ: i32 = 25;

fn dispatch(args: &Args) -> Result<Exit, Failure> {
    use args::Verb;
    match &args.verb {
        None => run::lobby(args),
        Some(Verb::List(list)) => list::run(args, list),
        Some(Verb::Check(check)) => check::run(args, check),
        Some(Verb::New(new)) => new::run(args, new),
        Some(Verb::Schema(schema)) => schema::run(schema),
        Some(Verb::Run(run)) if run.live.live => live::run(args, run),
        Some(Verb::Run(run)) => run::run(args, run),
        Some(Verb::Plan(plan)) => live::plan(args, plan),
        Some(Verb::Setup(setup)) => live::setup(setup),
        Some(Verb::Teardown(setup)) => live::teardown(setup),
        Some(Verb::Recover(recover)) => live::recover(args, recover),
        Some(Verb::Ours(ours)) => live::ours(ours),
        Some(Verb::Guard(recover)) => live::guard(args, recover),
        Some(Verb::Debrief(debrief)) => debrief::run(args, debrief),
        Some(Verb::Export(export)) => export::run(args, export),
        Some(Verb::Replay(replay)) => replay::run(args, replay),
        Some(Verb::History(history)) => history::run(args, history),
        Some(Verb::Improve(improve)) => improve::run(args, improve),
        Some(Verb::Erase(erase)) => erase::run(args, erase),
        Some(Verb::Seal(seal)) => seal::run(args, seal),
        Some(Verb::Verify(verify)) => verify::run(args, verify),
        Some(Verb::Anchor(anchor)) => anchor::run(args, anchor),
        Some(Verb::Doctor(doctor)) => doctor::run(args, doctor),
        Some(Verb::Completions(completions)) => manual::completions(completions),
        Some(Verb::Man) => manual::page(),
    }
}
