//! `firedrill completions SHELL` and `firedrill man`: what shells and `man` want to know, from the same table as the help.

use clap::CommandFactory;

use super::args::{Args, Completions};
use super::exit::{Exit, Failure};
use super::output;

/// Prints completions for a shell.
///
/// # Errors
/// When they can't be printed.
pub fn completions(asked: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut Args::command(), "firedrill", &mut script);
    output::document(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

/// Prints the manual page.
///
/// # Errors
/// When it can't be printed.
pub fn page() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(Args::command());
    man.render(&mut page).map_err(|error| Failure::outside(&"make the manual page".into(), &error))?;
    output::document(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}
