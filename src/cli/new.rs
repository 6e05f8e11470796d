//! `firedrill new NAME`: a commented scenario of one's own, which passes `check` and runs.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{Args, New};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::library;
use firedrill_authoring::template;
use firedrill_model::SafeText;
use firedrill_model::id::ScenarioId;
use firedrill_model::{Shown, shown};

/// Writes the folder of a new scenario, and says what to do next.
///
/// # Errors
/// When the name can't be one, something of that name is there already, or the disk says no.
pub fn run(args: &Args, new: &New) -> Result<Exit, Failure> {
    let id = name_of(&new.name)?;
    let (folder, asked_as) = where_to(args, &new.name, &id)?;
    make(&folder)?;
    for (file, text) in template::files(&id) {
        write(&folder.join(file), &text).inspect_err(|_| take_back(&folder, &id))?;
    }
    output::result(&next_steps(&folder, &asked_as))?;
    Ok(Exit::Done)
}

fn name_of(path: &Path) -> Result<ScenarioId, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    ScenarioId::new(&name).map_err(|_| {
        Failure::Usage(shown!("`{}` can't be the name of a scenario: 1 to 64 letters, digits, `-`, `_` or `.`, beginning with a letter or digit", SafeText::one_line(&path.to_string_lossy())))
    })
}

/// The new folder, and how `run` and `check` are asked for it: a bare name goes to the own scenarios, anything else is a path.
fn where_to(args: &Args, path: &Path, id: &ScenarioId) -> Result<(PathBuf, SafeText), Failure> {
    if path.components().count() > 1 || path.is_absolute() || path.to_string_lossy().contains('/') {
        let shown = place::shown(path);
        return Ok((
            path.to_owned(),
            if path.is_absolute() || shown.as_str().starts_with('.') { shown } else { shown!("./{}", shown).into() },
        ));
    }
    if library::find(id.as_str()).is_some() {
        return Err(Failure::Usage(shown!(
            "`{}` is the name of a scenario that comes with the program; choose another, or name a path: ./{}",
            id,
            id
        )));
    }
    place::data_dir(args)?;
    let folder = place::own_folder(args)?.join(id.as_str());
    // In another data folder than the usual one it is found by its path from everywhere.
    let asked_as = if args.data_dir.is_some() { place::shown(&folder) } else { SafeText::one_line(id.as_str()) };
    Ok((folder, asked_as))
}

/// Makes the folder, and those around it. What is there already is never touched.
fn make(folder: &Path) -> Result<(), Failure> {
    let fault = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::Usage(shown!(
            "{} is there already and is left as it is; choose another name",
            place::shown(folder)
        )),
        _ => Failure::outside(&shown!("make the folder {}", place::shown(folder)), &error),
    };
    if let Some(around) = folder.parent().filter(|around| !around.as_os_str().is_empty()) {
        fs::create_dir_all(around)
            .map_err(|error| Failure::outside(&shown!("make the folder {}", place::shown(around)), &error))?;
    }
    fs::create_dir(folder).map_err(fault)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    let written = options.write(true).create_new(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::outside(&shown!("write {}", place::shown(path)), &error))
}

/// Leaves no half of a scenario behind. What can't be taken away any more is in the folder that the error names.
fn take_back(folder: &Path, id: &ScenarioId) {
    for (file, _) in template::files(id) {
        let _ = fs::remove_file(folder.join(file));
    }
    let _ = fs::remove_dir(folder);
}

fn next_steps(folder: &Path, asked_as: &SafeText) -> Shown {
    let folder = place::shown(folder);
    let (there, name) = (place::quoted(&folder), place::quoted(asked_as));
    let script = place::quoted(&shown!("{}/holds.toml", folder).into());
    shown!(
        "A new scenario is in {}:
  scenario.toml     the drill, with a comment at each part: change it piece by piece
  holds.toml        a script whose run keeps the hypothesis; deviates.toml and nothing.toml don't
  sources.md        where each figure is from
  *.schema.json     for editors that complete and explain keys (Taplo, Even Better TOML)

Next:
  firedrill run {}
  firedrill run {} --script {} --headless
  firedrill check {}

The guide for authors, with every word of the format, is scenarios/README.md.",
        folder,
        name,
        name,
        script,
        there
    )
}
