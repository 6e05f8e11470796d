//! Where things are: the data folder, scenarios by name or path.

use std::fs;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs};
use rustix::fs::OFlags;

use super::args::Args;
use super::exit::Failure;
use super::output;
use crate::host::beside::LAST;
use crate::host::desk::Offer;
use crate::library;
use firedrill_authoring::check;
use firedrill_authoring::problem::{self, Code, Problem};
use firedrill_model::SafeText;
use firedrill_model::id::{self, DrillId, ScenarioId};
use firedrill_model::{Shown, shown};
use firedrill_record::store::DataDir;

/// Own scenarios that are listed at most.
const MOST_OWN: usize = 500;

/// What the file of a scenario is called in its folder.
pub const SCENARIO: &str = "scenario.toml";

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

/// The drill that is called so: by its whole name, by the end of it (`brave-otter`), or by `last`, the newest one.
///
/// # Errors
/// When there is none, or several are called so.
pub fn drill(data: &DataDir, wanted: &str) -> Result<DrillId, Failure> {
    if wanted == LAST {
        return latest_drill(data);
    }
    let no_name =
        |_| Failure::Usage(shown!("`{}` is not the name of a drill; the lobby lists them", SafeText::one_line(wanted)));
    Ok(data.named(&DrillId::new(wanted).map_err(no_name)?)?)
}

/// The newest drill.
///
/// # Errors
/// When there is none yet.
pub fn latest_drill(data: &DataDir) -> Result<DrillId, Failure> {
    if let Some(drill) = data.latest()? {
        return Ok(drill);
    }
    Err(Failure::Usage(if data.drills()?.is_empty() {
        "there is no drill yet; `firedrill run SCENARIO` starts one, `firedrill list` shows the scenarios".into()
    } else {
        "no drill of this data folder can be read; `firedrill doctor` says what is the matter with each".into()
    }))
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
/// When there is none, with the nearest name, or it can't be read.
pub fn scenario(args: &Args, wanted: &str) -> Result<Offer, Failure> {
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    let own = own_folder(args).ok().map(|folder| folder.join(wanted).join(SCENARIO));
    let named = Path::new(wanted);
    // What lies in a folder may be a stranger's: a link in its place is not followed.
    let is_folder = named.is_dir();
    let path = if is_folder { named.join(SCENARIO) } else { named.to_owned() };
    // A person's own scenario goes before a built-in one of the same name, and both before a file of that name here.
    let own = own.filter(|path| id::is_valid(wanted) && is_there(path));
    match (&own, Offer::built_in(wanted)) {
        (None, Some(offer)) => return Ok(offer),
        (Some(own), Some(_)) => output::aside(shown!(
            "`{}` is your own scenario, {}, and not the built-in one of that name.",
            SafeText::one_line(wanted),
            shown(own)
        )),
        _ => {}
    }
    let found = own.map(|path| (path, true)).or_else(|| is_there(&path).then_some((path, is_folder)));
    match found {
        Some((path, found)) => {
            let text = read(&path, found).map_err(|unread| unread.into_failure(args))?;
            Ok(called_as_its_folder(&path, Offer::new(wanted, Some(shown(&path).to_string()), text)))
        }
        None if is_folder => {
            let folder = shown(named);
            Err(Failure::Usage(shown!("there is no scenario in the folder {}: it has no {}", folder, SCENARIO)))
        }
        None => Err(no_such_scenario(args, wanted)),
    }
}

/// An id is its folder's name: a scenario that calls itself otherwise would be another one in every list and record.
#[must_use]
pub fn called_as_its_folder(path: &Path, offer: Offer) -> Offer {
    let name = offer.own.clone().unwrap_or_default();
    let problem = offer.scenario().ok().and_then(|scenario| misnamed(path, &name, &offer.text, &scenario.id));
    match problem {
        Some(problem) => offer.with_mistake(problem),
        None => offer,
    }
}

/// What is wrong with the id of a scenario that lies at `path` as `scenario.toml`, if its folder is called otherwise.
#[must_use]
pub fn misnamed(path: &Path, file: &str, text: &str, id: &ScenarioId) -> Option<Problem> {
    let full = path.canonicalize().ok()?;
    let folder = full.parent()?.file_name()?.to_string_lossy().into_owned();
    let counts = path.ends_with(SCENARIO) && id::is_valid(&folder) && folder != id.as_str();
    let (message, advice) = (
        format!("the id is `{id}`, and the folder is called `{folder}`"),
        format!("an id is its folder's name: write \"{folder}\", or rename the folder"),
    );
    counts.then(|| check::remark(file, text, "id", Code::Contradiction, &message, &advice))
}

fn no_such_scenario(args: &Args, wanted: &str) -> Failure {
    let own = own_scenarios(args);
    let names = library::built_in().iter().map(|(id, _)| (*id).to_owned()).chain(own.into_iter().map(|(id, _)| id));
    let near = names.map(|name| (strsim::damerau_levenshtein(&name, wanted), name)).filter(|(far, _)| *far <= 3).min();
    let hint = near.map_or_else(Shown::default, |(_, name)| shown!("; did you mean `{}`?", SafeText::one_line(&name)));
    Failure::Usage(shown!(
        "there is no scenario `{}`{} (`firedrill list` shows them)",
        SafeText::one_line(wanted),
        hint
    ))
}

/// The folder of a person's own scenarios.
///
/// # Errors
/// When there is no data folder.
pub fn own_folder(args: &Args) -> Result<PathBuf, Failure> {
    Ok(data_path(args)?.join("scenarios"))
}

/// A person's own scenarios: name of the folder, path of the file. Sorted. What can't be read is among them, so that nobody looks in
/// vain for it.
#[must_use]
pub fn own_scenarios(args: &Args) -> Vec<(String, PathBuf)> {
    let Ok(folders) = own_folder(args).and_then(|folder| fs::read_dir(folder).map_err(|_| Failure::NobodyReads)) else {
        return Vec::new();
    };
    let is_meant = |file: &Path| match file.symlink_metadata() {
        Ok(_) => true,
        Err(error) => error.kind() == std::io::ErrorKind::PermissionDenied,
    };
    let named = |folder: PathBuf| {
        let file = folder.join(SCENARIO);
        let name = folder.file_name()?.to_string_lossy().into_owned();
        is_meant(&file).then_some((name, file))
    };
    let mut found: Vec<(String, PathBuf)> =
        folders.filter_map(|folder| named(folder.ok()?.path())).take(MOST_OWN).collect();
    found.sort();
    found
}

/// Why a scenario or script file has no text to check.
#[derive(Debug)]
pub enum Unread {
    /// The disk says no, or it is no file.
    Failure(Failure),
    /// It can be read, and is no text of a sensible size.
    Mistake(Box<Problem>),
}

impl Unread {
    /// As the end of a verb that needs the text.
    #[must_use]
    pub fn into_failure(self, args: &Args) -> Failure {
        match self {
            Self::Failure(failure) => failure,
            Self::Mistake(problem) => Failure::Mistakes(output::rendered(args, &[*problem])),
        }
    }

    /// As a mistake in the file.
    #[must_use]
    pub fn into_problem(self, path: &Path) -> Problem {
        match self {
            Self::Failure(Failure::Outside(why) | Failure::Usage(why)) => {
                problem::unreadable(shown(path).as_str(), why.as_str())
            }
            Self::Failure(_) => problem::unreadable(shown(path).as_str(), "it can't be read"),
            Self::Mistake(problem) => *problem,
        }
    }
}

/// Reads a scenario or script file. Only a regular file is opened for reading: a pipe in its place would make the program wait for
/// ever. `found` says that nobody named it; then a link in its place is not followed.
///
/// # Errors
/// When it isn't a readable text file of a sensible size.
pub fn read(path: &Path, found: bool) -> Result<String, Unread> {
    let say = |what: &str| {
        Unread::Failure(Failure::Outside(shown!("failed to read {}: {}", shown(path), SafeText::new(what))))
    };
    let fault = |error: std::io::Error| say(&error.to_string());
    if found && path.symlink_metadata().map_err(fault)?.is_symlink() {
        return Err(say("it is a link; name the file that it leads to"));
    }
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = fs::OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(fault)?;
    let kind = file.metadata().map_err(fault)?;
    if kind.is_dir() {
        return Err(say("it is a folder; name the file in it"));
    }
    if !kind.is_file() {
        return Err(say("it is no regular file"));
    }
    let mut bytes = Vec::new();
    file.take(check::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(fault)?;
    check::text_of(shown(path).as_str(), bytes).map_err(Unread::Mistake)
}

/// A path as it can be shown.
#[must_use]
pub fn shown(path: &Path) -> SafeText {
    SafeText::one_line(&path.to_string_lossy())
}

/// The same for a line that is typed into a shell.
#[must_use]
pub fn quoted(path: &SafeText) -> SafeText {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%~".contains(c);
    if path.as_str().chars().all(is_plain) {
        path.clone()
    } else {
        SafeText::one_line(&format!("'{}'", path.as_str().replace('\'', "'\\''")))
    }
}
