//! `firedrill debrief [DRILL]`: the after-action report.

use super::args::{Args, ColorWhen, Debrief, Format, drill_id};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::domain::id::DrillId;
use crate::projection::wording;
use crate::report;
use crate::runner::cast::Style;
use crate::runner::desk::{Desk, Told};
use crate::store::DataDir;
use crate::tui::Theme;

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
    let report = render(args, debrief, &drill, &desk.told(&drill, debrief.names)?)?;
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

fn render(args: &Args, asked: &Debrief, drill: &DrillId, told: &Told) -> Result<String, Failure> {
    let debrief = &told.debrief;
    Ok(match asked.format {
        Format::Markdown => report::markdown::render(debrief),
        Format::Json => report::json::render(debrief),
        Format::Csv => report::timeline::csv(debrief),
        Format::Junit => report::junit::render(debrief),
        Format::Guardduty => guardduty(told),
        Format::Ocsf => report::ocsf::render(&told.view, drill),
        Format::Msel => report::msel::csv(&told.view, &told.words),
        Format::Navigator => report::navigator::of_drill(&told.view, drill),
        Format::Asciicast => told.cast(Style { size: asked.size, speed: asked.speed, theme: theme(args) })?,
    })
}

fn guardduty(told: &Told) -> String {
    let exported = report::guardduty::render(&told.view);
    if exported.left_out > 0 {
        let left_out = wording::count(exported.left_out, "finding is", "findings are");
        output::aside(&format!("{left_out} not GuardDuty's and left out; --format ocsf has all."));
    }
    exported.text
}

/// A recording is looked at elsewhere: it has colours unless somebody refuses them.
fn theme(args: &Args) -> Theme {
    let refused = args.color == ColorWhen::Never || (args.color == ColorWhen::Auto && place::no_color());
    if refused { Theme::mono() } else { Theme::sixteen() }
}

fn latest(data: &DataDir) -> Result<DrillId, Failure> {
    let none = || {
        Failure::Usage(
            "there is no drill yet; `firedrill run SCENARIO` starts one, `firedrill list` shows the scenarios".into(),
        )
    };
    data.latest()?.ok_or_else(none)
}
