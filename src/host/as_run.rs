//! The scenario that an old drill was run with: from its folder, or where that is missing or not valid here, the one that comes with this
//! program.

use super::desk::DeskError;
use crate::library;
use firedrill_model::SafeText;
use firedrill_model::scenario::Scenario;
use firedrill_record::journal::Digest;
use firedrill_record::store::Loaded;

/// The scenario, and what is to be said where it may not be the one that was run.
///
/// # Errors
/// When it is missing or not valid for this program, and none of that name comes with it.
pub(super) fn scenario_of(loaded: &Loaded) -> Result<(Scenario, Option<SafeText>), DeskError> {
    let file = loaded.folder.join("scenario.toml");
    let shown = SafeText::one_line(&file.to_string_lossy());
    let fault = match loaded.scenario_toml.as_deref() {
        None => DeskError::NoScenario { file: shown },
        Some(text) => match firedrill_authoring::recorded(text) {
            Ok(scenario) => return Ok((scenario, None)),
            Err(why) => DeskError::Scenario { why, file: shown },
        },
    };
    let (text, scenario) = built_in(loaded.header.scenario.as_str()).ok_or(fault)?;
    let same = Digest::of(text.as_bytes()) == loaded.header.scenario_sha256;
    let why = if loaded.scenario_toml.is_none() { "is missing" } else { "can't be read here" };
    let taken = if same {
        "it is taken from this program, where it is the one that was run"
    } else {
        "titles and limits are those of the scenario that comes with this program"
    };
    Ok((scenario, Some(SafeText::one_line(&format!("scenario.toml {why}: {taken}.")))))
}

fn built_in(name: &str) -> Option<(&'static str, Scenario)> {
    let text = library::find(name)?;
    Some((text, firedrill_authoring::check(name, text).ok()?))
}
