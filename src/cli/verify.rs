//! `firedrill verify DRILL`: checks the chain of a drill's record.

use super::args::{Args, Verify, drill_id};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::store;

/// Verifies a record and says what that proves.
///
/// # Errors
/// When there is no such drill, or the result can't be printed.
pub fn run(args: &Args, verify: &Verify) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = drill_id(&verify.drill).map_err(Failure::Usage)?;
    let report = store::verify(&data, &drill)?;
    let text = if verify.json {
        serde_json::to_string_pretty(&report).map_err(|error| Failure::outside("write JSON", &error))?
    } else {
        report.to_string()
    };
    output::result(&text)?;
    Ok(if report.verifies() { Exit::Done } else { Exit::Negative })
}
