//! `firedrill plan SCENARIO --live`.

use std::fs;

use firedrill_aws::plan::files;

use super::account::{kit, settings, surveyed, wait};
use super::say::{failed, say};
use crate::cli::args::{Args, Plan};
use crate::cli::exit::{Exit, Failure};
use crate::cli::{output, place};

/// Says what a live drill would do. Nothing is changed.
///
/// # Errors
/// Without credentials, or when the files can't be written.
pub fn plan(_args: &Args, asked: &Plan) -> Result<Exit, Failure> {
    let kit = kit(&asked.scenario)?;
    let (_, _, plan) = wait(surveyed(&kit, &asked.account))??;
    if let Some(folder) = &asked.output {
        fs::create_dir_all(folder).map_err(|error| failed("make the folder", &error))?;
        for (name, text) in files(&kit, &settings(&asked.account), &plan) {
            fs::write(folder.join(&name), text).map_err(|error| failed(&format!("write {name}"), &error))?;
        }
        say(&format!("Everything that would be created is in {}.", place::shown(folder)));
    }
    if asked.json {
        output::json(&plan.json())?;
    } else {
        output::document(&plan.text())?;
    }
    Ok(if plan.found.refusals.is_empty() { Exit::Done } else { Exit::Negative })
}
