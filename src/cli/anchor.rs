//! `firedrill anchor DRILL`: a text that names a record by its hashes, to be kept where nobody who holds the record can reach it.

use std::io::Read;
use std::path::Path;

use super::args::{Anchor, Args};
use super::exit::{Exit, Failure};
use super::{output, place};
use firedrill_model::{SafeText, Shown, shown};
use firedrill_record::store::{self, Loaded};

/// Most bytes of what an anchor is looked for in.
const MOST_BYTES: u64 = 1024 * 1024;

/// Prints the anchor of a record as it is now.
///
/// # Errors
/// When there is no such drill, its record doesn't verify, or the anchor can't be written.
pub fn run(args: &Args, anchor: &Anchor) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = place::drill(&data, &anchor.drill)?;
    let loaded = store::load(&data, &drill)?;
    if !store::verify(&loaded).holds() {
        return Err(Failure::Outside(shown!(
            "failed to anchor {}: its record does not verify; `firedrill verify {}` says why",
            drill,
            drill
        )));
    }
    let statement = loaded.statement()?;
    match &anchor.output {
        Some(path) => {
            let fault = |error| Failure::outside(&shown!("write {}", place::shown(path)), &error);
            std::fs::write(path, statement).map_err(fault)?;
            output::result(&shown!(
                "The anchor of {} is in {}; `firedrill verify {} --anchor {}` checks it.",
                drill,
                place::shown(path),
                drill,
                place::quoted(&place::shown(path))
            ))?;
        }
        None => output::document(&statement)?,
    }
    Ok(Exit::Done)
}

/// What came of holding an anchor against a record.
pub(super) struct Anchored {
    /// Where it is from.
    pub from: SafeText,
    /// How many entries it covers, where it is of this record.
    pub covers: Option<u64>,
}

impl Anchored {
    /// As a line of `verify`.
    pub fn line(&self) -> Shown {
        match self.covers {
            Some(covers) => shown!("  Anchor: {} names this record, as it was with {} entries.", self.from, covers),
            None => {
                shown!("  Anchor: {} names another record, or this one as it was before it was rewritten.", self.from)
            }
        }
    }
}

/// Looks for an anchor in a file and holds it against the record.
pub(super) fn check(loaded: &Loaded, path: &Path) -> Result<Anchored, Failure> {
    let from = if path == Path::new("-") { "standard input".into() } else { place::shown(path) };
    let text = text_of(path).map_err(|error| Failure::outside(&shown!("read {}", from), &error))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let claimed = text.lines().filter_map(|line| line.trim().strip_prefix("entries: ")?.parse::<u64>().ok());
    let mut covers = None;
    let mut found = false;
    for entries in claimed {
        found = true;
        let is_its = entries <= loaded.next && contains(&text, &loaded.statement_at(entries)?);
        covers = covers.or(is_its.then_some(entries));
    }
    if !found {
        return Err(Failure::Usage(shown!("there is no anchor in {}; `firedrill anchor DRILL` prints one", from)));
    }
    Ok(Anchored { from, covers })
}

/// Says whether the lines of an anchor stand in a text one after the other, however they are indented.
fn contains(text: &str, anchor: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let wanted: Vec<&str> = anchor.lines().map(str::trim).collect();
    lines.windows(wanted.len()).any(|window| window == wanted)
}

fn text_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(MOST_BYTES).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
