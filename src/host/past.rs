//! What was drilled before: an outline of each drill, from its summary where that is true of the record, else from the record.
//! One drill that can't be read is told and hides no other.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use serde::{Deserialize, Serialize};

use super::as_run::scenario_of;
use super::as_run::view_with;
use super::desk_error::DeskError;
use firedrill_core::projection::debrief;
use firedrill_core::projection::history::Outline;
use firedrill_model::event::{DrillEvent, Entry, Event};
use firedrill_model::id::DrillId;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Phase, SafeText};
use firedrill_record::journal::{Digest, Verdict};
use firedrill_record::store::{self, DataDir, DrillListing, JournalStamp, Loaded, StoreFault};

/// Scenarios that are remembered while a list is read.
const MOST_SCENARIOS: usize = 64;
/// Version of the kept summary. A summary of another one is made anew.
const VERSION: u32 = 4;
/// The program that makes summaries: another version may read a record otherwise.
const PROGRAM: &str = concat!("firedrill ", env!("CARGO_PKG_VERSION"));

/// All drills of a data folder, newest first, with what can be told of each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    /// The drills.
    pub drills: Vec<(DrillListing, Told)>,
}

impl Past {
    /// The outlines, newest first.
    pub fn outlines(&self) -> impl Iterator<Item = &Outline> {
        self.drills.iter().filter_map(|(_, told)| told.outline.as_ref())
    }

    /// What is the matter with drills whose record isn't whole.
    pub fn troubled(&self) -> impl Iterator<Item = (&DrillId, &SafeText)> {
        self.drills.iter().filter_map(|(listing, told)| Some((&listing.drill, told.problem.as_ref()?)))
    }

    /// How many drills have no summary that is true of them, and were not read yet.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.drills.iter().filter(|(_, told)| told.waits).count()
    }

    /// Reads up to `most` more of those in full, the newest first.
    pub fn read_on(&mut self, data: &DataDir, most: usize) {
        let mut known = Scenarios::default();
        for (listing, told) in self.drills.iter_mut().filter(|(_, told)| told.waits).take(most) {
            *told = from_record(data, listing, &mut known);
        }
    }

    /// Reads the records of those in full whose summary was taken at its word and of which it is wanted.
    pub fn read_again(&mut self, data: &DataDir, wanted: impl Fn(&Outline) -> bool) {
        let mut known = Scenarios::default();
        let is_wanted = |told: &Told| !told.made_anew && told.outline.as_ref().is_some_and(&wanted);
        for (listing, told) in self.drills.iter_mut().filter(|(_, told)| is_wanted(told)) {
            *told = from_record(data, listing, &mut known);
        }
    }

    /// How many records had to be read in full.
    #[must_use]
    pub fn made_anew(&self) -> usize {
        self.drills.iter().filter(|(_, told)| told.made_anew).count()
    }
}

/// Scenarios that were read along the way: many drills are of the same one, and checking it costs more than to fold a small record.
#[derive(Default)]
struct Scenarios(BTreeMap<String, Arc<Scenario>>);

impl Scenarios {
    fn of(&mut self, loaded: &Loaded) -> Result<Arc<Scenario>, DeskError> {
        // One that was changed since, or is missing, is another matter for each drill.
        if !loaded.scenario_matches {
            return Ok(Arc::new(scenario_of(loaded)?.0));
        }
        let digest = loaded.header.scenario_sha256.hex();
        if let Some(scenario) = self.0.get(&digest) {
            return Ok(Arc::clone(scenario));
        }
        if self.0.len() >= MOST_SCENARIOS {
            self.0.clear();
        }
        let scenario = Arc::new(scenario_of(loaded)?.0);
        self.0.insert(digest, Arc::clone(&scenario));
        Ok(scenario)
    }
}

/// What is kept of a drill beside its record.
#[derive(Serialize, Deserialize)]
struct Kept {
    v: u32,
    program: String,
    /// What the outline was made of.
    journal: JournalStamp,
    outline: Outline,
}

/// Looks at all drills, and reads at most `most` records in full: those without a summary that is true of them, the newest first.
///
/// # Errors
/// When the data folder itself can't be read.
pub fn look_back(data: &DataDir, most: usize) -> Result<Past, StoreFault> {
    let told = |listing: DrillListing| {
        let problem = listing.problem.clone();
        let told = match kept(&listing) {
            Some(outline) => Told::from_summary(outline, problem),
            // Without a first line that can be read there is nothing to tell, however much may stand behind it.
            None => Told { waits: listing.header.is_some(), ..Told::nothing(problem) },
        };
        (listing, told)
    };
    let mut past = Past { drills: data.drills()?.into_iter().map(told).collect() };
    past.read_on(data, most);
    Ok(past)
}

/// Looks at all drills and reads each record in full, whatever its summary says: for figures that leave the machine.
///
/// # Errors
/// When the data folder itself can't be read.
pub fn look_into(data: &DataDir) -> Result<Past, StoreFault> {
    let listings = data.drills()?;
    let told = |listing: &DrillListing, known: &mut Scenarios| match listing.header {
        Some(_) => from_record(data, listing, known),
        None => Told::nothing(listing.problem.clone()),
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = listings.len().div_ceil(threads).max(1);
    let all: Vec<Told> = thread::scope(|scope| {
        let read = |share: &'_ [DrillListing]| {
            let mut known = Scenarios::default();
            share.iter().map(|listing| told(listing, &mut known)).collect::<Vec<Told>>()
        };
        let shares: Vec<_> = listings.chunks(share).map(|share| scope.spawn(move || read(share))).collect();
        shares.into_iter().flat_map(|share| share.join().unwrap_or_default()).collect()
    });
    Ok(Past { drills: listings.into_iter().zip(all).collect() })
}

/// How the summary of a drill stood to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summary {
    /// There is none, or none that claims to be of this record by this program.
    Absent,
    /// It is what the record says.
    True,
    /// It said something else, and was made anew.
    Wrong,
}

/// Makes the summary of a drill from its record, and says how the one that was kept stood to that.
#[must_use]
pub fn recompute(data: &DataDir, listing: &DrillListing) -> Summary {
    let before = kept(listing);
    let now = from_record(data, listing, &mut Scenarios::default()).outline;
    match (before, now) {
        (None, _) => Summary::Absent,
        (Some(before), Some(now)) if same(&before, &now) => Summary::True,
        (Some(_), _) => Summary::Wrong,
    }
}

/// Says whether a drill has a summary that claims to be true of its record and isn't. Nothing is written.
#[must_use]
pub fn is_stale(data: &DataDir, listing: &DrillListing) -> bool {
    let Some(before) = kept(listing) else { return false };
    let now = store::load(data, &listing.drill)
        .ok()
        .and_then(|mut loaded| made_of(&mut loaded, &mut Scenarios::default()).ok());
    !now.is_some_and(|now| same(&before, &now))
}

/// Whether two outlines say the same as they are kept.
fn same(one: &Outline, other: &Outline) -> bool {
    serde_json::to_string(one).ok() == serde_json::to_string(other).ok()
}

/// What can be told of a drill.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its outline, if it can be told at all.
    pub outline: Option<Outline>,
    /// The phase it is in and its drill time, as far as known.
    pub stands: (Phase, DrillTime),
    /// What is the matter with its record.
    pub problem: Option<SafeText>,
    /// It was read in full, because there was no summary that is true of it.
    pub made_anew: bool,
    /// It was not read yet, although there is no summary that is true of it.
    pub waits: bool,
}

impl Told {
    fn from_summary(outline: Outline, problem: Option<SafeText>) -> Self {
        let stands = (outline.phase, outline.reached);
        Self { outline: Some(outline), stands, ..Self::nothing(problem) }
    }

    fn nothing(problem: Option<SafeText>) -> Self {
        let stands = (Phase::SteadyState, DrillTime::ZERO);
        Self { outline: None, stands, problem, made_anew: false, waits: false }
    }
}

/// Tells of one drill from its record, and keeps a summary.
fn from_record(data: &DataDir, listing: &DrillListing, known: &mut Scenarios) -> Told {
    let mut loaded = match store::load(data, &listing.drill) {
        Ok(loaded) => loaded,
        Err(fault) => return Told::nothing(listing.problem.clone().or_else(|| Some(fault.short()))),
    };
    if loaded.header.drill != listing.drill {
        let problem = format!("it is a copy of {}: its record calls itself so", loaded.header.drill);
        let problem = Some(SafeText::one_line(&problem));
        return Told { stands: where_it_stands(&loaded), made_anew: true, ..Told::nothing(problem) };
    }
    let damage = match &loaded.verdict {
        Verdict::Corrupt { file, line, .. } => {
            Some(SafeText::one_line(&format!("line {line} of {file} is damaged; what stands before it can be read")))
        }
        _ => None,
    };
    let problem = damage.or_else(|| listing.problem.clone());
    match made_of(&mut loaded, known) {
        Ok(outline) => {
            if problem.is_none() {
                keep(data, listing, &outline);
            }
            Told { made_anew: true, ..Told::from_summary(outline, problem) }
        }
        Err(error) => {
            let problem = problem.or_else(|| Some(SafeText::one_line(&format!("failed to {error}"))));
            Told { stands: where_it_stands(&loaded), made_anew: true, ..Told::nothing(problem) }
        }
    }
}

/// The kept outline, if it was made by this program of what the record is now.
fn kept(listing: &DrillListing) -> Option<Outline> {
    let kept: Kept = serde_json::from_str(listing.summary.as_deref()?).ok()?;
    let true_of_it = kept.v == VERSION
        && kept.program == PROGRAM
        && Some(kept.journal) == listing.stamp()
        && kept.outline.drill == listing.drill;
    true_of_it.then_some(kept.outline)
}

/// Keeps an outline for the next time. It is a cache: where it can't be written, the next list reads the record again.
fn keep(data: &DataDir, listing: &DrillListing, outline: &Outline) {
    if let Some(text) = listing.stamp().and_then(|stamp| as_kept(stamp, outline)) {
        let _ = data.write_summary(&listing.drill, &text);
    }
}

/// The text of a summary.
pub(super) fn as_kept(journal: JournalStamp, outline: &Outline) -> Option<String> {
    let kept = Kept { v: VERSION, program: PROGRAM.to_owned(), journal, outline: outline.clone() };
    serde_json::to_string(&kept).ok()
}

fn made_of(loaded: &mut Loaded, known: &mut Scenarios) -> Result<Outline, DeskError> {
    let scenario = known.of(loaded)?;
    let content = content_of(&scenario);
    let view = view_with(loaded, scenario)?;
    let drill = &loaded.header.drill;
    let debrief = debrief::build(&view, &loaded.words, drill, &[]);
    Ok(Outline::of(&view, &debrief, drill, (loaded.header.epoch, loaded.header.team.clone(), content)))
}

/// A short sum of what a scenario says: comments and the order of its keys make no difference.
pub(super) fn content_of(scenario: &Scenario) -> SafeText {
    let bytes = serde_json::to_vec(scenario).unwrap_or_default();
    SafeText::one_line(Digest::of(&bytes).hex().get(..8).unwrap_or_default())
}

/// Phase and drill time from the entries themselves, for a drill whose scenario this program can't read.
fn where_it_stands(loaded: &Loaded) -> (Phase, DrillTime) {
    let phase = |entry: &Entry| match &entry.event {
        Event::Drill(DrillEvent::PhaseEntered { phase, .. }) => Some(*phase),
        _ => None,
    };
    let at = loaded.entries.last().map_or(DrillTime::ZERO, |entry| entry.at);
    (loaded.entries.iter().rev().find_map(phase).unwrap_or(Phase::SteadyState), at)
}
