//! An old drill as it was run: its scenario (from its folder, or where that is missing or can't be read here, the one that comes with this
//! program) and what its record folds to.

use super::desk_error::DeskError;
use crate::library;
use std::path::Path;
use std::sync::Arc;

use firedrill_core::projection::audience::{Viewer, fold};
use firedrill_core::projection::{Fold, with_messages};
use firedrill_model::Role;
use firedrill_model::SafeText;
use firedrill_model::id::SeatId;
use firedrill_model::scenario::Scenario;
use firedrill_record::journal::{Digest, Header};
use firedrill_record::store::Loaded;

/// The scenario, and what is to be said where it may not be the one that was run.
///
/// # Errors
/// When it is missing or not valid for this program, and none of that name comes with it.
pub(super) fn scenario_of(loaded: &Loaded) -> Result<(Scenario, Option<SafeText>), DeskError> {
    scenario_in(&loaded.folder, &loaded.header, loaded.scenario_toml.as_deref())
}

/// The same for what a folder, a header and the text of the scenario say.
///
/// # Errors
/// As for [`scenario_of`].
pub(super) fn scenario_in(
    folder: &Path,
    header: &Header,
    text: Option<&str>,
) -> Result<(Scenario, Option<SafeText>), DeskError> {
    let file = folder.join("scenario.toml");
    let shown = SafeText::one_line(&file.to_string_lossy());
    let fault = match text {
        None => DeskError::NoScenario { file: shown },
        Some(text) => match firedrill_authoring::recorded(text) {
            Ok(scenario) => return Ok((scenario, None)),
            Err(why) => DeskError::Scenario { why, file: shown },
        },
    };
    let (built_in, scenario) = built_in(header.scenario.as_str()).ok_or(fault)?;
    let same = Digest::of(built_in.as_bytes()) == header.scenario_sha256;
    let why = if text.is_none() { "is missing" } else { "can't be read here" };
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

/// The seat of somebody who trains alone.
pub(super) const SEAT: &str = "seat-1";

/// The seat of somebody who trains alone, and what it may receive.
pub(super) fn viewer() -> Result<(SeatId, Viewer), DeskError> {
    let seat = SeatId::new(SEAT)?;
    Ok((seat.clone(), Viewer::Seat(seat, Role::Responder)))
}

/// What a record says, folded: everything once the drill has reached Verify, before that what a responder may see. With what is to be said
/// of the scenario that it was folded with.
///
/// # Errors
/// When the scenario in the drill's folder is missing or not valid for this program, and none of that name comes with it.
pub fn view_of(loaded: &mut Loaded) -> Result<(Fold, Option<SafeText>), DeskError> {
    let (scenario, notice) = scenario_of(loaded)?;
    Ok((view_with(loaded, Arc::new(scenario))?, notice))
}

/// The same with a scenario that is known to be the record's.
pub(super) fn view_with(loaded: &mut Loaded, scenario: Arc<Scenario>) -> Result<Fold, DeskError> {
    with_messages(&mut loaded.entries, &scenario);
    let (_, viewer) = viewer()?;
    let mut view = fold(scenario, &loaded.entries, &viewer);
    view.unknown.clone_from(&loaded.unknown);
    if view.course.phase.is_open() {
        view.seed = loaded.header.seed;
    }
    Ok(view)
}
