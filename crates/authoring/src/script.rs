//! Script files: reading one, and telling it from a scenario.

use firedrill_model::{SafeText, Scenario, Script};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Problem;

/// Reads a script for `scenario` and finds all mistakes in it.
///
/// # Errors
/// Every mistake, by place.
pub fn check(file_name: &str, text: &str, scenario: &Scenario) -> Result<Script, Vec<Problem>> {
    super::check::check_script(file_name, text, scenario)
}

/// The id of the scenario that a text names as a script does; none for a scenario file, which names itself by `id`. Reads texts
/// with mistakes, too.
#[must_use]
pub fn scenario_named_in(text: &str) -> Option<SafeText> {
    if text.len() > super::check::MAX_BYTES {
        return None;
    }
    let (table, _) = DeTable::parse_recoverable(text);
    let table = table.get_ref();
    match table.get("scenario").map(Spanned::get_ref) {
        Some(DeValue::String(named)) if !table.contains_key("id") => Some(SafeText::one_line(named)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_told_from_a_scenario_also_when_it_is_broken() {
        assert_eq!(
            scenario_named_in("format = 1\nscenario = \"small\"\nseed = x y\n").as_ref().map(SafeText::as_str),
            Some("small")
        );
        assert_eq!(scenario_named_in("id = \"small\"\nscenario = \"other\"\n"), None);
        assert_eq!(scenario_named_in("scenario = 3"), None);
    }
}
