//! `firedrill export logs DRILL`: what a team's own tools can read.

use std::fs;
use std::path::PathBuf;

use super::args::{ALIAS, Args, Export, ExportWhat};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::host::desk::Desk;
use firedrill_core::projection::{Debrief, wording};
use firedrill_model::id::DrillId;
use firedrill_model::{Joined, shown};
use firedrill_record::store;
use firedrill_report::logs;

/// Writes files of a drill into a folder.
///
/// # Errors
/// When there is no such drill, it can't be read, there is nothing in it, a file is there already, or it can't be written.
pub fn run(args: &Args, export: &Export) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = match &export.drill {
        Some(name) => place::drill(&data, name)?,
        None => place::latest_drill(&data)?,
    };
    let loaded = store::load(&data, &drill)?;
    match export.what {
        ExportWhat::Logs => {
            let desk = Desk { data, alias: ALIAS.into(), pace: None };
            let about = about(&desk.told(&drill, false)?.debrief);
            write(&drill, &logs::files(&loaded.entries), &about, export)
        }
    }
}

/// What beside the logs says what they are: raw records say nothing of an exercise, nor of the record that they are from.
const ABOUT: &str = "EXERCISE.txt";

fn about(debrief: &Debrief) -> String {
    let Debrief { exercise, title, drill, head_words, trust, .. } = debrief;
    format!(
        "{exercise}\n\n{title}, drill {drill}: the records that had arrived in its logs, each log in its own format.\nThe drill's record ends with: {head_words}\n{trust}.\n\n{exercise}\n"
    )
}

fn write(drill: &DrillId, files: &[logs::LogFile], about: &str, export: &Export) -> Result<Exit, Failure> {
    if files.is_empty() {
        return Err(Failure::Usage(shown!("no log record has arrived in {}; take one that went on for longer", drill)));
    }
    let folder = export.output.clone().unwrap_or_else(|| PathBuf::from(format!("{drill}-logs")));
    let shown = place::shown(&folder);
    let all = files.iter().map(|file| file.name).chain([ABOUT]);
    let taken = all.map(|name| folder.join(name)).find(|path| path.symlink_metadata().is_ok());
    if let Some(taken) = taken {
        let taken = place::shown(&taken);
        return Err(Failure::Usage(shown!("{} is there already; name another folder with --output", taken)));
    }
    fs::create_dir_all(&folder).map_err(|error| Failure::outside(&shown!("make the folder {}", shown), &error))?;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        let named = place::shown(&path);
        fs::write(&path, text).map_err(|error| Failure::outside(&shown!("write {}", named), &error))?;
        Ok::<_, Failure>(named)
    };
    let mut lines = Vec::new();
    for file in files {
        let named = write(file.name, &file.text)?;
        lines.push(shown!("{}: {}", named, wording::count(file.records, "record", "records")));
    }
    lines.push(shown!("{}: what these files are", write(ABOUT, about)?));
    output::result(&lines.joined("\n"))?;
    Ok(Exit::Done)
}
