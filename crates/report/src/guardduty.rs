//! The findings that are `GuardDuty`'s, in its own JSON: an array of findings as its console exports them and its API names their
//! fields (`GetFindings`, lower case first).
//!
//! Each says of itself that it is a sample (`service.additionalInfo.sample`), as those do that `GuardDuty` makes for trying things
//! out, and its title begins with `[EXERCISE, simulated]`: nobody who loads them may take a drill for an attack. Beside that stands how far
//! the record can be trusted (`service.additionalInfo.firedrill_trust`).

use serde_json::{Value, json};

use super::foreign;
use firedrill_core::projection::{View, wording};
use firedrill_model::Shown;

/// Findings in a form of another program, and how many had to be left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The text.
    pub text: String,
    /// Findings that don't fit into the form.
    pub left_out: usize,
}

/// The findings that may be told.
#[must_use]
pub fn render(view: &View, trust: &Shown) -> Exported {
    let all = view.found();
    let exercise = wording::exercise_label(view.world_kind());
    let read = |document| own(foreign::read(document)?, exercise, trust);
    let findings: Vec<Value> = all.iter().filter_map(|found| read(&found.finding.document)).collect();
    let left_out = all.len() - findings.len();
    Exported { text: foreign::pretty(&Value::Array(findings)), left_out }
}

/// The finding within what the event bus carries, if `GuardDuty` sent it.
fn own(event: Value, exercise: &str, trust: &Shown) -> Option<Value> {
    let Value::Object(mut event) = event else { return None };
    if event.get("source")? != "aws.guardduty" {
        return None;
    }
    let mut finding = event.remove("detail")?;
    if let Some(title) = finding.get_mut("title") {
        let marked = title.as_str().map(|text| format!("[{exercise}] {text}"));
        *title = marked.map_or(Value::Null, Value::String);
    }
    let info = finding.get_mut("service")?.as_object_mut()?.entry("additionalInfo").or_insert_with(|| json!({}));
    let info = info.as_object_mut()?;
    info.insert("sample".to_owned(), true.into());
    info.insert("firedrill_trust".to_owned(), trust.as_str().into());
    Some(finding)
}
