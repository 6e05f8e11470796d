//! The guard: a process of its own that undoes a live drill when the program that runs it is gone.

use std::io::{BufRead, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use firedrill_aws::sdk::Tries;

use super::recover::undone;
use super::say::failed;
use crate::cli::args::{Account, Args, Recover};
use crate::cli::exit::{Exit, Failure};

/// What the program says when everything is undone and the guard may go.
const DONE: &str = "done";

/// Waits until the program says that it is done, or is gone. In the latter case undoes what it left.
///
/// # Errors
/// When it can't be undone.
pub fn guard(args: &Args, asked: &Recover) -> Result<Exit, Failure> {
    // A session of its own: what ends the terminal doesn't end the guard. It fails where it is so already.
    let _ = rustix::process::setsid();
    let mut line = String::new();
    // A pipe that can't be read is one whose other end is gone.
    let _ = std::io::stdin().lock().read_line(&mut line);
    if line.trim() == DONE {
        return Ok(Exit::Done);
    }
    let tries = Tries { most: 200, pause: Duration::from_secs(15), ..Tries::default() };
    undone(args, asked, tries).map(|_| Exit::Done)
}

/// A guard that waits.
#[derive(Debug)]
pub struct Guard(Child);

impl Guard {
    /// Starts one for a drill.
    ///
    /// # Errors
    /// When no process can be started.
    pub fn start(args: &Args, drill: &str, region: &str, account: &Account) -> Result<Self, Failure> {
        let unstarted = |error: std::io::Error| failed("start the guard process", &error);
        let mut command = Command::new(std::env::current_exe().map_err(unstarted)?);
        if let Some(folder) = &args.data_dir {
            command.arg("--data-dir").arg(folder);
        }
        command.args([
            "guard",
            drill,
            "--region",
            region,
            "--prefix",
            &account.prefix,
            "--role-path",
            &account.role_path,
        ]);
        command.args(["--boundary", &account.boundary, "--subnet", &account.subnet]);
        if let Some(key) = &account.tag_key {
            command.args(["--tag-key", key]);
        }
        let quiet = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self(quiet.spawn().map_err(unstarted)?))
    }

    /// Lets it go: everything is undone.
    pub fn done(mut self) {
        if let Some(mut to) = self.0.stdin.take() {
            // A guard that is gone has nothing left to do.
            let _ = writeln!(to, "{DONE}");
        }
        let _ = self.0.wait();
    }
}
