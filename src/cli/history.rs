//! `firedrill history`: drills over time, and which techniques are overdue.

use serde_json::{Value, json};

use super::args::{Args, History, HistoryFormat};
use super::exit::{Exit, Failure};
use super::{list, output, place};
use crate::host::clock::WallClock;
use crate::host::overview;
use crate::host::past::{self, Past};
use crate::host::retention;
use crate::host::settings::{Settings, SettingsFault};
use firedrill_core::projection::history::{self, Outline};
use firedrill_model::SafeText;
use firedrill_model::id::DrillId;
use firedrill_model::shown;
use firedrill_record::store::DataDir;
use firedrill_report::{history as report, navigator};

/// Columns where there is no terminal to ask: room for the table beside the longest name that a drill is given, so that no name that
/// happens to be drawn turns the table into sentences.
const WIDTH: usize = 120;

/// Prints the history.
///
/// # Errors
/// When the data folder can't be read, its settings have mistakes, or the result can't be printed.
pub fn run(args: &Args, what: &History) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let settings = settings(args, &data)?;
    // Whatever the form, what is printed is what the records say: a summary that somebody made to fit its checksum counts for nothing here.
    let past = past::look_into(&data)?;
    let mut drills: Vec<Outline> = past.outlines().cloned().collect();
    if let Some(scenario) = &what.scenario {
        drills.retain(|drill| drill.scenario.as_str() == scenario);
        if drills.is_empty() {
            let scenario = SafeText::one_line(scenario);
            return Err(Failure::Usage(shown!(
                "there is no drill of `{}` yet; `firedrill history` shows all",
                scenario
            )));
        }
    }
    let today = WallClock::machine().utc().date_naive();
    let offered = if what.scenario.is_none() { overview::techniques(&list::all(args)) } else { Vec::new() };
    let proposed = retention::to_erase(&data, &drills, settings.retention_days, today);
    let nothing = past.drills.is_empty();
    let history = history::history(drills, &offered, today, settings.overdue_days);
    match what.format() {
        HistoryFormat::Json => output::json(&as_json(&history, &past, &proposed))?,
        HistoryFormat::Csv => output::document(&report::csv(&history))?,
        HistoryFormat::Navigator => output::document(&navigator::of_history(&history))?,
        HistoryFormat::Text if nothing => output::result(&"No drill yet; `firedrill run SCENARIO` starts one.".into())?,
        HistoryFormat::Text => output::result(&report::text(&history, layout(args)))?,
    }
    for (drill, why) in past.troubled() {
        output::aside(&shown!("{}: {}", drill, why));
    }
    if let Some(line) = retention::proposal(&proposed, settings.retention_days) {
        output::aside(line);
    }
    Ok(Exit::Done)
}

/// The settings, or what is wrong with them, drawn like any other mistake in a file.
pub(super) fn settings(args: &Args, data: &DataDir) -> Result<Settings, Failure> {
    Settings::of(data).map_err(|fault| match fault {
        SettingsFault::Store(fault) => fault.into(),
        SettingsFault::Mistakes(problems) => Failure::Mistakes(output::rendered(args, &problems)),
    })
}

fn layout(args: &Args) -> report::Layout {
    report::Layout { width: output::columns().unwrap_or(WIDTH), plain: args.plain }
}

fn as_json(history: &history::History, past: &Past, proposed: &[DrillId]) -> Value {
    let mut value = report::json(history);
    let troubled = past.troubled().map(|(drill, why)| json!({ "drill": drill, "why": why }));
    value["troubled"] = troubled.collect();
    value["erasing_proposed"] = json!(proposed);
    value
}
