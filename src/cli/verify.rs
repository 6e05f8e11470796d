//! `firedrill verify DRILL`: checks the chain of a drill's record and its seal, and says what that proves, and what it doesn't.

mod told;

use std::path::Path;

use serde_json::{Value, json};

use super::anchor::{self, Anchored};
use super::args::{Args, Verify};
use super::exit::{Exit, Failure, worded};
use super::{output, place};
use crate::host::desk::view_of;
use crate::host::past;
use crate::host::trust::{self, Trust};
use firedrill_core::projection::debrief::clock::{InterruptionRow, interruptions};
use firedrill_model::id::DrillId;
use firedrill_model::{Joined, SafeText, Shown, shown};
use firedrill_record::journal::Verdict;
use firedrill_record::store::{self, DataDir, Standing};
use told::{as_json, as_text};

/// Verifies a record and says what that proves, and what it doesn't.
///
/// # Errors
/// When there is no such drill, or the result can't be printed.
pub fn run(args: &Args, verify: &Verify) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let signers = verify.allowed_signers.clone().or_else(|| trust::allowed_signers(&data));
    if signers.is_none() && !verify.signer.is_empty() {
        return Err(Failure::Usage(
            "whose keys are whose is not known: name a file with --allowed-signers FILE, or in settings.toml".into(),
        ));
    }
    let Some(wanted) = &verify.drill else { return all(&data, verify, signers.as_deref()) };
    let drill = place::drill(&data, wanted)?;
    let mut loaded = store::load(&data, &drill)?;
    // A record whose scenario can't be read is verified all the same.
    let interruptions = view_of(&mut loaded).map(|(view, _)| interruptions(&view)).unwrap_or_default();
    let anchors = verify.anchor.iter().map(|path| anchor::check(&loaded, path)).collect::<Result<_, _>>()?;
    let trust = Trust::of(&loaded, signers.as_deref())?;
    let goes_on = store::may_go_on(&loaded, &drill).is_ok();
    let told = Told { drill, trust, interruptions, signers: verify.signer.clone(), anchors, goes_on };
    if verify.json {
        output::json(&as_json(&told))?;
    } else {
        output::result(&as_text(&told))?;
    }
    Ok(exit(told.standing()))
}

fn exit(standing: Standing) -> Exit {
    match standing {
        Standing::Whole => Exit::Done,
        Standing::AddedTo => Exit::AddedTo,
        Standing::Changed => Exit::Negative,
    }
}

struct Told {
    /// The drill by the name of its folder.
    drill: DrillId,
    trust: Trust,
    /// What kept its clock from going on with the one on the wall.
    interruptions: Vec<InterruptionRow>,
    /// Who must have signed it.
    signers: Vec<String>,
    anchors: Vec<Anchored>,
    /// Nothing at the record's end keeps it from being written on.
    goes_on: bool,
}

impl Told {
    fn standing(&self) -> Standing {
        let vouched = self.anchors.iter().all(|anchor| anchor.covers.is_some()) && self.not_signed_by().is_empty();
        if vouched { self.trust.standing() } else { Standing::Changed }
    }

    /// Why it doesn't verify, or what was added.
    fn amiss(&self) -> Vec<Shown> {
        let mut said = self.trust.amiss();
        said.extend(self.not_signed_by().iter().map(|who| shown!("{} did not sign it", who)));
        let other = self.anchors.iter().filter(|anchor| anchor.covers.is_none());
        said.extend(other.map(|anchor| shown!("{} is no anchor of it", anchor.from)));
        said
    }

    /// Those who must have signed it and didn't.
    fn not_signed_by(&self) -> Vec<SafeText> {
        let missing = self.signers.iter().filter(|who| !self.trust.is_signed_by(who));
        missing.map(|who| SafeText::one_line(who)).collect()
    }
}

/// Every drill, a line each; and what is kept beside their records.
fn all(data: &DataDir, verify: &Verify, signers: Option<&Path>) -> Result<Exit, Failure> {
    let mut worst = Standing::Whole;
    let (mut rows, mut lines): (Vec<Value>, Vec<Shown>) = (Vec::new(), Vec::new());
    for listing in data.drills()? {
        let drill = &listing.drill;
        let (standing, said) = match store::load(data, drill).and_then(|loaded| Trust::of(&loaded, signers)) {
            Ok(trust) => {
                let (signers, drill) = (verify.signer.clone(), drill.clone());
                let (interruptions, anchors, goes_on) = (Vec::new(), Vec::new(), false);
                let told = Told { drill, trust, interruptions, signers, anchors, goes_on };
                let unsigned = told.not_signed_by().into_iter().map(|who| shown!("; {} did not sign it", who));
                let unsigned: Vec<Shown> = unsigned.collect();
                (told.standing(), shown!("{}{}", told.trust.line(), unsigned.joined("")))
            }
            Err(fault) => (Standing::Changed, shown!("Failed to {}", worded(&fault))),
        };
        let summary = past::recompute(data, &listing);
        let cache = match summary {
            past::Summary::Absent | past::Summary::True => "",
            past::Summary::Wrong => "; its summary said something else, and was replaced",
        };
        worst = worst.max(standing);
        lines.push(shown!("{}: {}{}.", drill, said, cache));
        let wrong = summary == past::Summary::Wrong;
        rows.push(json!({ "drill": drill, "standing": word(standing), "said": said, "summary_was_wrong": wrong }));
    }
    let ledger = data.ledger()?.verdict;
    if ledger != Verdict::Whole {
        worst = Standing::Changed;
        lines.push(shown!("The list of improvements: {}.", chain(&ledger)));
    }
    if lines.is_empty() {
        lines.push("No drill yet.".into());
    }
    if verify.json {
        output::json(&json!({ "v": 1, "standing": word(worst), "drills": rows, "improvements": chain(&ledger) }))?;
    } else {
        output::result(&lines.joined("\n"))?;
    }
    Ok(exit(worst))
}

/// How a record stands, for programs.
fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Whole => "whole",
        Standing::AddedTo => "added-to",
        Standing::Changed => "changed",
    }
}

fn chain(verdict: &Verdict) -> Shown {
    match verdict {
        Verdict::Whole => "every line follows from the one before".into(),
        Verdict::Torn { .. } => "the last write didn't finish; everything before it verifies".into(),
        Verdict::Corrupt { file, line, why } => {
            shown!("line {} of {} doesn't verify: {}. Everything before it does", line, file, why)
        }
        Verdict::LineEnds { file } => SafeText::new(&store::line_ends(file)).into(),
        Verdict::Newer { format, program } => {
            shown!("it is in format {}, written by {}; this program can't tell", format, program)
        }
    }
}
