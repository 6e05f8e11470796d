//! Where things are: the data folder, scenarios by name or path.

use std::fs;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs};

use super::args::{Args, ColorWhen};
use super::exit::Failure;
use crate::domain::SafeText;
use crate::runner::desk::Offer;
use crate::scenario::library;
use crate::store::DataDir;

/// The largest scenario or script file, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// The data folder; made if it isn't there.
///
/// # Errors
/// When there is none, or it can't be written.
pub fn data_dir(args: &Args) -> Result<DataDir, Failure> {
    Ok(DataDir::open(&data_path(args)?)?)
}

/// The data folder, to read only: it may be missing.
///
/// # Errors
/// When there is no home folder.
pub fn data_to_read(args: &Args) -> Result<DataDir, Failure> {
    Ok(DataDir::to_read(&data_path(args)?))
}

fn data_path(args: &Args) -> Result<PathBuf, Failure> {
    if let Some(chosen) = &args.data_dir {
        return Ok(chosen.clone());
    }
    let names =
        AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "firedrill".into() };
    let strategy = etcetera::choose_app_strategy(names);
    strategy.map(|strategy| strategy.data_dir()).map_err(|_| {
        Failure::Usage("there is no home folder to keep drills in; name a folder with --data-dir DIR".into())
    })
}

/// Finds a scenario by name (built in, or own in the data folder) or by path.
///
/// # Errors
/// When there is none, with the nearest name.
pub fn scenario(args: &Args, wanted: &str) -> Result<Offer, Failure> {
    let own = own_folder(args).ok().map(|folder| folder.join(wanted).join("scenario.toml"));
    let path = Path::new(wanted);
    let path = if path.is_dir() { path.join("scenario.toml") } else { path.to_owned() };
    // A person's own scenario goes before a built-in one of the same name, and both before a file of that name here.
    let own = own.filter(|path| path.is_file() && crate::domain::id::is_valid(wanted));
    if let (None, Some(text)) = (&own, library::find(wanted)) {
        return Ok(Offer::new(wanted, None, text.to_owned()));
    }
    let found = own.or_else(|| path.is_file().then_some(path));
    match found {
        Some(path) => Ok(Offer::new(wanted, Some(shown(&path)), read(&path)?)),
        None => Err(no_such_scenario(args, wanted)),
    }
}

fn no_such_scenario(args: &Args, wanted: &str) -> Failure {
    let own = own_scenarios(args);
    let names = library::built_in().iter().map(|(id, _)| (*id).to_owned()).chain(own.into_iter().map(|(id, _)| id));
    let near = names.map(|name| (strsim::damerau_levenshtein(&name, wanted), name)).filter(|(far, _)| *far <= 3).min();
    let hint = near.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"));
    Failure::Usage(format!("there is no scenario `{}`{hint} (`firedrill list` shows them)", SafeText::one_line(wanted)))
}

/// The folder of a person's own scenarios.
///
/// # Errors
/// When there is no data folder.
pub fn own_folder(args: &Args) -> Result<PathBuf, Failure> {
    Ok(data_path(args)?.join("scenarios"))
}

/// A person's own scenarios: name of the folder, path of the file. Sorted.
#[must_use]
pub fn own_scenarios(args: &Args) -> Vec<(String, PathBuf)> {
    let Ok(folders) = own_folder(args).and_then(|folder| fs::read_dir(folder).map_err(|_| Failure::NobodyReads)) else {
        return Vec::new();
    };
    let mut found: Vec<(String, PathBuf)> = folders
        .filter_map(|folder| {
            let folder = folder.ok()?;
            let file = folder.path().join("scenario.toml");
            let name = folder.file_name().into_string().ok().filter(|name| crate::domain::id::is_valid(name))?;
            file.is_file().then_some((name, file))
        })
        .take(500)
        .collect();
    found.sort();
    found
}

/// Reads a scenario or script file.
///
/// # Errors
/// When it isn't a readable text file of a sensible size.
pub fn read(path: &Path) -> Result<String, Failure> {
    let say = |what: &str| Failure::Outside(format!("failed to read {}: {what}", shown(path)));
    let file = fs::File::open(path).map_err(|error| say(&error.to_string()))?;
    if file.metadata().map_err(|error| say(&error.to_string()))?.is_dir() {
        return Err(say("it is a folder; name the file in it"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| say(&error.to_string()))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(say("it is larger than 1 MiB; scenarios are small text files"));
    }
    String::from_utf8(bytes).map_err(|_| say("it is not UTF-8 text; save it as UTF-8"))
}

/// A path as it can be shown.
#[must_use]
pub fn shown(path: &Path) -> String {
    SafeText::one_line(&path.to_string_lossy()).to_string()
}

/// Says whether to use colour on standard output (or standard error).
#[must_use]
pub fn use_color(args: &Args, stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match args.color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => stream.is_terminal() && !refused,
    }
}
