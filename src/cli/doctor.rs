//! `firedrill doctor`: looks over the whole data folder, and gives the one command that helps with each thing that it finds.
//!
//! It changes nothing, and advises deleting nothing that holds words.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{Args, Doctor};
use super::exit::{Exit, Failure, worded};
use super::{output, place};
use crate::host::clock::WallClock;
use crate::host::past;
use crate::host::settings::{SETTINGS, Settings};
use crate::host::trust::{self, Sealing, Trust};
use firedrill_core::projection::wording;
use firedrill_model::id::DrillId;
use firedrill_model::{Joined, SafeText, Shown, shown};
use firedrill_record::journal::Verdict;
use firedrill_record::store::{self, DataDir, DrillListing, Loaded, StoreFault};

/// Names of a data folder that are somebody's own, and no drills.
const OWN: [&str; 2] = [SETTINGS, "scenarios"];

/// Something that was found.
struct Finding {
    /// What it is about.
    about: Shown,
    /// What is the matter.
    what: Shown,
    /// The command that helps, or what a person has to do.
    help: Shown,
    /// It is only to be known: nothing is wrong.
    is_news: bool,
}

impl Finding {
    fn new(about: impl Into<Shown>, what: impl Into<Shown>, help: impl Into<Shown>) -> Self {
        Self { about: about.into(), what: what.into(), help: help.into(), is_news: false }
    }

    fn news(self) -> Self {
        Self { is_news: true, ..self }
    }

    fn line(&self) -> Shown {
        shown!("{} {}: {}\n    {}", if self.is_news { "-" } else { "!" }, self.about, self.what, self.help)
    }

    fn as_json(&self) -> Value {
        json!({ "about": self.about, "what": self.what, "help": self.help, "wrong": !self.is_news })
    }
}

/// Looks over the data folder.
///
/// # Errors
/// When the folder can't be read, or the result not be printed.
pub fn run(args: &Args, doctor: &Doctor) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drills = data.drills()?;
    let mut found = of_machine();
    found.extend(of_folder(&data, &drills)?);
    for listing in &drills {
        found.extend(of_drill(&data, listing));
    }
    found.extend(of_parts(&data, &drills));
    found.sort_by_key(|finding| finding.is_news);
    let wrong = found.iter().filter(|finding| !finding.is_news).count();
    if doctor.json {
        let rows: Vec<Value> = found.iter().map(Finding::as_json).collect();
        output::json(
            &json!({ "v": 1, "data": place::shown(data.path()), "drills": drills.len(), "wrong": wrong, "found": rows }),
        )?;
    } else {
        output::result(&as_text(&data, drills.len(), wrong, &found))?;
    }
    Ok(if wrong == 0 { Exit::Done } else { Exit::Negative })
}

fn as_text(data: &DataDir, drills: usize, wrong: usize, found: &[Finding]) -> Shown {
    let drills = wording::count(drills, "drill", "drills");
    let result = if wrong == 0 {
        "nothing is wrong".into()
    } else {
        shown!("{} to mend", wording::count(wrong, "thing", "things"))
    };
    let head = shown!("{} in {}: {}.", drills, place::shown(data.path()), result);
    std::iter::once(head).chain(found.iter().map(Finding::line)).collect::<Vec<Shown>>().joined("\n")
}

fn of_machine() -> Vec<Finding> {
    let mut found = Vec::new();
    if !WallClock::machine().is_set() {
        let help = "set it with `date`, or by a time server; no drill begins before";
        found.push(Finding::new("The clock of this machine", "it stands before 1970", help));
    }
    found
}

fn of_folder(data: &DataDir, drills: &[DrillListing]) -> Result<Vec<Finding>, StoreFault> {
    let mut found = Vec::new();
    if !data.path().is_dir() {
        return Ok(found);
    }
    let folder = place::quoted(&place::shown(data.path()));
    let open = data.open_to_others(drills);
    if let Some(first) = open.first() {
        let what = shown!(
            "{} can be read or changed by others, {} among them",
            wording::count(open.len(), "file or folder", "files and folders"),
            place::shown(first)
        );
        found.push(Finding::new("Rights", what, shown!("chmod -R go-rwx {}", folder)));
    }
    if let Err(fault) = Settings::of(data) {
        found.push(Finding::new(SETTINGS, fault.short(), "mend that line; until then nothing in the file counts"));
    }
    match data.ledger() {
        Ok(ledger) => found.extend(of_ledger(&ledger.verdict)),
        Err(fault) => found.push(Finding::new("List of improvements", said(&fault), "put back a copy")),
    }
    for name in data.foreign(drills, &OWN)? {
        let help = "it is left alone; if it isn't yours, look at it before you move it elsewhere";
        found.push(Finding::new(SafeText::one_line(&name), "it is no drill, and no file of the program", help).news());
    }
    Ok(found)
}

fn of_ledger(verdict: &Verdict) -> Option<Finding> {
    let about = "List of improvements";
    match verdict {
        Verdict::Whole => None,
        Verdict::Torn { .. } => {
            let help = "firedrill improve add WHAT: the next line that is written mends that";
            Some(Finding::new(about, "its last write didn't finish; what stands before counts", help))
        }
        Verdict::LineEnds { file } => Some(Finding::new(
            about,
            shown!("the line ends of {} were changed on the way", file),
            "put back the original",
        )),
        Verdict::Corrupt { line, why, .. } => {
            Some(Finding::new(about, shown!("line {} is damaged: {}", line, why), "put back a copy of the list"))
        }
        Verdict::Newer { program, .. } => Some(Finding::new(
            about,
            shown!("{} wrote it, which is newer", program),
            "use that program, or a later one",
        )),
    }
}

/// What a fault says, as a sentence.
fn said(fault: &StoreFault) -> Shown {
    shown!("failed to {}", worded(fault))
}

fn of_drill(data: &DataDir, listing: &DrillListing) -> Vec<Finding> {
    let drill = &listing.drill;
    match store::load(data, drill) {
        Ok(loaded) => of_record(data, listing, &loaded),
        Err(fault) => vec![unreadable(drill, &fault)],
    }
}

/// A drill of which nothing can be read.
fn unreadable(drill: &DrillId, fault: &StoreFault) -> Finding {
    match fault {
        StoreFault::NeverBegan { folder, .. } => {
            let folder = place::quoted(&place::shown(folder));
            let what = "it never began: nothing was said or written in it";
            Finding::new(drill, what, shown!("rm -r {}", folder)).news()
        }
        StoreFault::Newer { program, .. } => {
            Finding::new(drill, shown!("{} wrote it, which is newer", program), "use that program, or a later one")
                .news()
        }
        StoreFault::NoSuchDrill { .. } => {
            Finding::new(drill, "there is no journal in it", "put back a copy of its journal, if it was a drill")
        }
        other => Finding::new(drill, said(other), "put back a copy of its folder; delete nothing of it"),
    }
}

fn of_record(data: &DataDir, listing: &DrillListing, loaded: &Loaded) -> Vec<Finding> {
    let drill = &listing.drill;
    let verify = || shown!("firedrill verify {}", drill);
    let finding = |what: Shown, help: Shown| Finding::new(drill, what, help);
    let end = store::may_go_on(loaded, drill);
    let mut found: Vec<Finding> = of_verdict(drill, loaded, end.is_ok()).into_iter().collect();
    found.extend(end.as_ref().err().and_then(|fault| of_end(drill, fault)));
    let proof = store::verify(loaded);
    if proof.is_added_to() {
        found.push(finding("it was added to; nothing of that is in any report".into(), verify()));
    }
    if !proof.words.missing.is_empty() {
        let missing = proof.words.missing.len();
        let count = wording::count(missing, "text or name is", "texts or names are");
        let they = if missing == 1 { "it was" } else { "they were" };
        found.push(finding(shown!("{} missing, and no entry says that {} erased", count, they), verify()));
    }
    if !proof.words.altered.is_empty() {
        let count = wording::count(proof.words.altered.len(), "text was", "texts were");
        found.push(finding(shown!("{} altered", count), verify()));
    }
    if proof.words.half_erased > 0 {
        found.push(finding("erasing was cut off".into(), shown!("firedrill erase {} --finish", drill)));
    }
    if !loaded.scenario_matches {
        let what = "its scenario.toml is missing, or is not the one that was run";
        found.push(finding(what.into(), "put back a copy of scenario.toml".into()));
    }
    found.extend(of_seal(data, loaded, drill));
    found.extend(of_name(data, listing, loaded, found.is_empty()));
    found.extend(of_use(listing, loaded, end.is_ok()));
    if past::is_stale(data, listing) {
        let what = "its summary is not what the record says".into();
        found.push(finding(what, "firedrill verify --all".into()));
    }
    found
}

/// A folder that is not called as its record calls itself. Where nothing else is the matter, it can be renamed.
fn of_name(data: &DataDir, listing: &DrillListing, loaded: &Loaded, is_whole: bool) -> Option<Finding> {
    let (drill, name) = (&listing.drill, &loaded.header.drill);
    let to = data.folder(name);
    let help = if is_whole && !to.exists() {
        let from = place::quoted(&place::shown(&listing.folder));
        shown!("mv -n {} {}", from, place::quoted(&place::shown(&to)))
    } else {
        shown!("firedrill verify {}", drill)
    };
    let what = shown!("its record calls itself {}: the folder was renamed, or is a copy", name);
    (name != drill).then(|| Finding::new(drill, what, help))
}

/// What of the end of a record keeps anything from being written on it. What was added is told where the proof is.
fn of_end(drill: &DrillId, fault: &StoreFault) -> Option<Finding> {
    match fault {
        StoreFault::EndGone { witness, .. } => {
            let what = shown!("it was closed, as its {} says, and entries of its record are gone", *witness);
            Some(Finding::new(drill, what, "put back a copy of its journal"))
        }
        StoreFault::SealUnreadable { .. } => {
            let what = shown!("its {} was changed, and no longer says how many entries it covers", store::STATEMENT);
            Some(Finding::new(drill, what, shown!("put back a copy of {}", store::STATEMENT)))
        }
        StoreFault::AddedTo { .. } => None,
        other => Some(Finding::new(drill, said(other), shown!("firedrill verify {}", drill))),
    }
}

fn of_verdict(drill: &DrillId, loaded: &Loaded, goes_on: bool) -> Option<Finding> {
    let verify = shown!("firedrill verify {}", drill);
    match &loaded.verdict {
        Verdict::Whole | Verdict::Newer { .. } => None,
        Verdict::Torn { file, .. } => {
            let help = match (goes_on, loaded.closed_with) {
                (false, _) => verify,
                (true, None) => shown!("firedrill run --resume {}", drill),
                (true, Some(_)) => shown!("firedrill replay {}: the next note or bookmark mends it", drill),
            };
            Some(Finding::new(drill, shown!("the last write to {} didn't finish", file), help))
        }
        Verdict::LineEnds { file } => {
            Some(Finding::new(drill, shown!("the line ends of {} were changed on the way", file), verify))
        }
        Verdict::Corrupt { file, line, .. } => Some(Finding::new(
            drill,
            shown!("line {} of {} is damaged; what stands before can be read", line, file),
            verify,
        )),
    }
}

fn of_seal(data: &DataDir, loaded: &Loaded, drill: &DrillId) -> Option<Finding> {
    let trust = Trust::of(loaded, trust::allowed_signers(data).as_deref()).ok()?;
    let verify = shown!("firedrill verify {}", drill);
    match &trust.seal {
        Sealing::OfAnother => {
            Some(Finding::new(drill, "its seal is of another record, or of another state of this one", verify))
        }
        Sealing::OfThis(seal) if seal.has_a_bad_signature() => {
            Some(Finding::new(drill, "a signature beside its seal is not one of it", verify))
        }
        Sealing::OfThis(seal) if seal.signatures.is_empty() => {
            let what = shown!("it has a {} without a signature, which vouches for nothing", store::STATEMENT);
            Some(Finding::new(drill, what, shown!("firedrill seal {}", drill)).news())
        }
        Sealing::OfThis(_) | Sealing::None => None,
    }
}

/// Whether it is being recorded, or waits to be taken up.
fn of_use(listing: &DrillListing, loaded: &Loaded, goes_on: bool) -> Option<Finding> {
    let drill = &listing.drill;
    if let Some(open) = listing.open_by {
        let who = open.process.map_or_else(|| "another program".into(), |process| shown!("process {}", process));
        return Some(
            Finding::new(drill, shown!("it is open elsewhere: {} records it now", who), "end it there first").news(),
        );
    }
    let waits = loaded.closed_with.is_none() && loaded.verdict == Verdict::Whole && goes_on;
    waits.then(|| Finding::new(drill, "it is not over", shown!("firedrill run --resume {}", drill)).news())
}

fn of_parts(data: &DataDir, drills: &[DrillListing]) -> Vec<Finding> {
    let part = |(folder, drill): (PathBuf, Option<DrillId>)| {
        let about = place::shown(&folder);
        if let Some(drill) = drill {
            let what = shown!("it holds a part of {}, whose own folder took no more", drill);
            return Finding::new(about, what, shown!("firedrill run --resume {}", drill));
        }
        let what = "it holds a part of a drill that is not in this data folder";
        Finding::new(about, what, "name the drill's data folder with --data-dir; delete nothing of it").news()
    };
    data.parts_elsewhere(drills).into_iter().map(part).collect()
}
