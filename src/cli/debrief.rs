//! `firedrill debrief [DRILL]`: the after-action report.

use super::args::{Args, Debrief, Format, drill_id};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::domain::id::DrillId;
use crate::projection;
use crate::report;
use crate::runner::desk::Desk;
use crate::store::DataDir;

/// Prints the debrief, or writes it to a file.
///
/// # Errors
/// When there is no such drill, or it can't be read, or the report can't be written.
pub fn run(args: &Args, debrief: &Debrief) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = match &debrief.drill {
        Some(name) => drill_id(name).map_err(Failure::Usage)?,
        None => latest(&data)?,
    };
    let desk = Desk { data, alias: super::run::ALIAS.into(), pace: None };
    let report = render(&desk.debrief(&drill, debrief.names)?, debrief.format);
    match &debrief.output {
        None => output::result(&report)?,
        Some(path) => {
            let shown = place::shown(path);
            std::fs::write(path, report).map_err(|error| Failure::outside(&format!("write {shown}"), &error))?;
            output::aside(&format!("The debrief of {drill} is in {shown}."));
        }
    }
    Ok(Exit::Done)
}

fn render(debrief: &projection::Debrief, format: Format) -> String {
    match format {
        Format::Markdown => report::markdown::render(debrief),
        Format::Json => report::json::render(debrief),
        Format::Csv => report::timeline::csv(debrief),
        Format::Junit => report::junit::render(debrief),
    }
}

pub(super) fn latest(data: &DataDir) -> Result<DrillId, Failure> {
    let none = || {
        Failure::Usage(
            "there is no drill yet; `firedrill run SCENARIO` starts one, `firedrill list` shows the scenarios".into(),
        )
    };
    data.latest()?.ok_or_else(none)
}
